"""The state before day 0: a year like any other, with the pipelines full."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keian.crisis._arrays import LANES, F, Forcing, Lanes, Record, State, Static, Work


def _zeros(*shape: int) -> F:
    return np.zeros((*shape, LANES))


def _start_table(st: Static, ln: Lanes, fx: Forcing) -> dict[str, F]:
    """Stocks and pipelines of the table at baseline."""
    n, (n_products, n_clients) = st.x0.size, st.b.shape
    b = st.b[:, :n, None]
    longest = int(st.lag_days.max()) + int(fx.extra_lag.max(initial=0))
    held = st.cover[:, :n, None] * ln.cover_scale + 1.0
    stock = np.where(st.stocked[:, None, None] == 1, held * b, 0.0)
    ring = _zeros(longest + 1, n_products, n)
    n_regions = st.unit_start.size - 1
    for p in range(n_products):
        rows = st.sup_unit[st.sup_ptr[p] : st.sup_ptr[p + 1]]
        share = st.s[st.s_ptr[p] : st.s_ptr[p + 1]].reshape(n_clients, rows.size)[:n]
        for r in range(n_regions):
            u0, u1 = st.unit_start[r], st.unit_start[r + 1]
            groups = range(fx.group_ptr[p * n_regions + r], fx.group_ptr[p * n_regions + r + 1])
            up = {int(fx.group_sup[g]): int(fx.group_up[g]) for g in groups}
            for k, i in enumerate(rows):
                lag = int(st.lag_days[st.lag_class[p, st.unit_region[i], r]])
                flow = (share[u0:u1, k] * st.b[p, u0:u1])[:, None]
                ring[: lag - up.get(k, 0), p, u0:u1] += flow
    return {
        "S": stock,
        "M": np.repeat((st.lag_mean * st.b)[:, :n, None], LANES, axis=2),
        "ring": ring,
    }


def _start_groups(st: Static, ln: Lanes, fx: Forcing) -> dict[str, F]:
    """What is between origins and passages at baseline."""
    n_regions = st.unit_start.size - 1
    width = int(np.diff(st.unit_start).max())
    groups = fx.group_sup.size
    slots = int(fx.group_up.max(initial=0)) + 1
    up_ring, trapped = _zeros(slots, groups, width), _zeros(groups, width)
    origin = _zeros(groups, width)
    for cell in range(fx.group_ptr.size - 1):
        p, r = divmod(cell, n_regions)
        u0, u1 = st.unit_start[r], st.unit_start[r + 1]
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        share = st.s[st.s_ptr[p] : st.s_ptr[p + 1]].reshape(-1, ns)
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            flow = (share[u0:u1, fx.group_sup[g]] * st.b[p, u0:u1])[:, None]
            up_ring[: fx.group_up[g], g, : u1 - u0] = flow
            trapped[g, : u1 - u0] = flow * fx.group_up[g]
            origin[g, : u1 - u0] = st.cover[p, u0:u1, None] * ln.cover_scale + 1.0
    return {
        "up_ring": up_ring,
        "queue": np.zeros_like(trapped),
        "trapped": trapped,
        "counted": trapped.copy(),
        "origin": origin,
        "accept": np.ones_like(trapped),
    }


def _start_goods(st: Static, ln: Lanes, fx: Forcing) -> dict[str, F]:
    """Users' stocks, pools and ships of the goods at baseline."""
    lines, goods = st.line_good.size, st.good_parent.size
    imported = st.line_unit < 0
    longest = int(ln.line_up.max(initial=0))
    longest = max(longest, int((ln.line_down[:, None] + fx.line_extra).max(initial=0)))
    line_ring, line_up_ring = _zeros(longest + 1, lines), _zeros(longest + 1, lines)
    for c in np.flatnonzero(imported):
        for z in range(LANES):
            line_ring[: ln.line_down[c, z], c, z] = ln.line_share[c, z]
            line_up_ring[: ln.line_up[c, z], c, z] = ln.line_share[c, z]
    shares = ln.line_share * imported[:, None]
    moving, trapped = shares * ln.line_down, shares * ln.line_up
    water, bought = _zeros(goods), _zeros(goods)
    np.add.at(water, st.line_good, moving + trapped)
    np.add.at(bought, st.line_good, shares)
    home = _zeros(goods)
    np.add.at(home, st.line_good, ln.line_share * ~imported[:, None])
    return {
        "user_stock": ln.use_cover + 1.0,
        "pool": ln.pool_start.copy(),
        "line_ring": line_ring,
        "line_up_ring": line_up_ring,
        "line_queue": _zeros(lines),
        "line_trapped": trapped,
        "line_moving": moving,
        "good_moving": water.copy(),
        "good_water": water,
        "good_import": bought,
        "good_home": home,
    }


def make_state(st: Static, ln: Lanes, fx: Forcing) -> State:
    """Make the state of a baseline day.

    Returns
    -------
    State with all pipelines full, so that a run without events stays at the baseline.
    """
    n, (n_products, n_clients) = st.x0.size, st.b.shape
    goods, uses = st.good_parent.size, st.use_good.size
    services = st.service_provider.size
    base = np.repeat(st.x0[:, None], LANES, axis=1)
    orders = np.zeros((n_products, 3, n_clients, LANES))
    spare = np.where(st.x0[:, None] > 0, ln.sigma[None, :], 0.0)
    has = (st.b > 0)[:, :, None]
    ones = np.ones
    fields: dict[str, object] = {
        "order": orders,
        "R2": _zeros(n_products, n_clients),
        "U": _zeros(n_products, n_clients),
        "missing": np.zeros((n_products, st.unit_start.size - 1), np.int8),
        "misses": np.zeros((n_products, st.unit_start.size - 1, LANES), np.int8),
        "W": np.where(has, ln.sigma, 0.0) * ones((n_products, n_clients, LANES)),
        "e": base.copy(),
        "D1": base.copy(),
        "x": base.copy(),
        "K": base.copy(),
        "X": base * (1.0 + ln.sigma),
        "spare": spare * ones((n, LANES)),
        "capital": ones((n, LANES)),
        "work": ones((n, LANES)),
        "demand": ones((n_products, st.unit_start.size - 1, LANES)),
        "outage": _zeros(services),
        "level": ones((services, LANES)),
        "service_factor": ones((n, LANES)),
        "service_bind": np.zeros((n, LANES), np.int32),
        "backup_left": ln.service_backup.copy(),
        "backup_max": ln.service_backup.copy(),
        "good_order": ones((goods, LANES)),
        "good_want": ones((goods, LANES)),
        "use_avail": ones((uses, LANES)),
        "use_request": _zeros(uses),
        "origin_factor": ones((n, LANES)),
        "origin_bind": np.zeros((n, LANES), np.int32),
        "cause": np.zeros((n, LANES), np.int8),
        "cause_index": np.zeros((n, LANES), np.int32),
        "cause_capacity": np.zeros((n, LANES), np.int8),
    }
    for name in ("good_still", "good_reach", "good_in", "good_ask", "good_fill", "good_gap"):
        fields[name] = _zeros(goods)
    fields["surplus"] = _zeros(goods)
    fields |= _start_table(st, ln, fx) | _start_groups(st, ln, fx) | _start_goods(st, ln, fx)
    return State(**fields)  # type: ignore[arg-type]  # one dict of arrays


def make_work(st: Static) -> Work:
    """Make the scratch space of one thread."""
    suppliers = int(np.diff(st.sup_ptr).max())
    width = int(st.lag_classes.max()) * 3 * LANES
    widest = int(np.diff(st.unit_start).max())
    n = st.x0.size
    return Work(
        gather=np.zeros(suppliers * width),
        gather_t=np.zeros((3, suppliers, LANES)),
        out=np.zeros(widest * width),
        dem=_zeros(n, 3),
        vital=_zeros(n),
        ordinary=_zeros(n),
        short=np.zeros(n, np.int8),
        fill=_zeros(n, 5),
        delivered=np.zeros(LANES),
        total=np.zeros(LANES),
    )


def make_record(st: Static, days: int, rec_unit: npt.NDArray[np.int64], home: int) -> Record:
    """Make an empty record of `days` days."""
    regions = st.unit_start.size - 1
    services, goods, pools = st.service_provider.size, st.good_parent.size, st.pool_good.size
    units = rec_unit.size
    return Record(
        output=_zeros(days, regions),
        value_added=_zeros(days, regions),
        vital_want=_zeros(days),
        vital_got=_zeros(days),
        final_want=_zeros(days),
        final_got=_zeros(days),
        world_unmet=_zeros(days),
        level=_zeros(days, services),
        cover=_zeros(days, goods),
        inflow=_zeros(days, goods),
        avail=_zeros(days, goods),
        pool=_zeros(days, pools),
        drawn=_zeros(days, pools),
        unit=np.ones((days, units, LANES), np.float32),
        cause=np.zeros((days, units, LANES), np.int8),
        cause_index=np.zeros((days, units, LANES), np.int16),
        vital_product=np.ones((days, st.b.shape[0], LANES), np.float32),
        got=np.zeros(LANES),
        residual=_zeros(days),
        rec_unit=np.asarray(rec_unit, np.int32),
        home=home,
    )
