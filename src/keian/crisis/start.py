"""The state before day 0: a year like any other, with the pipelines full."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.crisis._arrays import Drawn, F, Forcing, Record, State, Static, Work


def _start_table(st: Static, dr: Drawn, fx: Forcing) -> dict[str, F]:
    """Stocks and pipelines of the table at baseline."""
    n = st.x0.size
    b = st.b[:, :n]
    slots = int(st.lag_days.max()) + _longest(fx.pass_ptr, fx.pass_extra) + 1
    ring = np.zeros((slots, *b.shape))
    for c, lag in enumerate(st.lag_days):
        if lag > 0:
            ring[:lag] += st.class_share[:, c] * b
    return {
        "S": np.where(st.stocked[:, None] == 1, dr.held * b, 0.0),
        "M": st.lag_mean[:, :n] * b,
        "lag": st.lag_mean[:, :n].copy(),
        "ring": ring,
    }


def _longest(ptr: npt.NDArray[np.int32], extra: npt.NDArray[np.int32]) -> int:
    """Most days of detour that the passages of one way can add together."""
    days = extra.max(axis=1, initial=0)
    return max((int(days[a:z].sum()) for a, z in pairwise(ptr)), default=0)


def _start_groups(st: Static, dr: Drawn, fx: Forcing, ring: F) -> dict[str, npt.NDArray[Any]]:
    """What is between origins and passages at baseline; it leaves the common pipeline."""
    n_regions = st.unit_start.size - 1
    groups, passages, width = fx.group_sup.size, fx.pass_up.size, fx.pass_part.shape[1]
    slots = int(fx.pass_up.max(initial=0)) + int(fx.pass_extra.max(initial=0)) + 1
    pass_ring, trapped = np.zeros((slots, passages, width)), np.zeros((passages, width))
    origin, counted = np.zeros((groups, width)), np.zeros((groups, width))
    for cell in range(fx.group_ptr.size - 1):
        p, r = divmod(cell, n_regions)
        u0, u1 = st.unit_start[r], st.unit_start[r + 1]
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        share = st.s_t[st.s_ptr[p] : st.s_ptr[p + 1]].reshape(ns, -1).T
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            flow = share[u0:u1, fx.group_sup[g]] * st.b[p, u0:u1]
            lag = int(st.lag_days[st.lag_class[p, st.unit_region[fx.group_unit[g]], r]])
            before = 0
            for a in range(fx.pass_ptr[g], fx.pass_ptr[g + 1]):
                way = int(fx.pass_up[a]) - before
                pass_ring[:way, a, : u1 - u0] = flow
                trapped[a, : u1 - u0] = flow * way
                before = int(fx.pass_up[a])
            ring[lag - before : lag, p, u0:u1] -= flow
            counted[g, : u1 - u0] = flow * before
            origin[g, : u1 - u0] = dr.held[p, u0:u1]
    return {
        "pass_ring": pass_ring,
        "queue": np.zeros_like(trapped),
        "trapped": trapped,
        "counted": counted,
        "origin": origin,
        "accept": np.ones_like(origin),
        "refusing": np.zeros(groups, np.int8),
    }


def _start_goods(st: Static, dr: Drawn, fx: Forcing) -> dict[str, F]:
    """Users' stocks, pools and ships of the goods at baseline."""
    lines, goods, straits = st.line_good.size, st.good_parent.size, fx.strait_up.size
    imported = st.line_unit < 0
    shares = np.where(imported, dr.line_share, 0.0)
    slots = int(dr.line_lag.max(initial=0)) + _longest(fx.strait_ptr, fx.strait_extra) + 1
    line_ring, strait_ring = np.zeros((slots, lines)), np.zeros((slots, straits))
    moving, trapped = np.zeros(lines), np.zeros(straits)
    for c in np.flatnonzero(imported):
        before = 0
        for a in range(fx.strait_ptr[c], fx.strait_ptr[c + 1]):
            way = int(fx.strait_up[a]) - before
            strait_ring[:way, a] = shares[c]
            trapped[a] = shares[c] * way
            before = int(fx.strait_up[a])
        line_ring[: dr.line_lag[c] - before, c] = shares[c]
        moving[c] = shares[c] * (dr.line_lag[c] - before)
    water, bought, home = np.zeros(goods), np.zeros(goods), np.zeros(goods)
    np.add.at(water, st.line_good, shares * dr.line_lag)
    np.add.at(bought, st.line_good, shares)
    np.add.at(home, st.line_good, dr.line_share - shares)
    return {
        "user_stock": dr.use_cover + 1.0,
        "pool": dr.pool_start.copy(),
        "line_ring": line_ring,
        "line_moving": moving,
        "strait_ring": strait_ring,
        "strait_queue": np.zeros(straits),
        "strait_trapped": trapped,
        "good_moving": water.copy(),
        "good_water": water,
        "good_import": bought,
        "good_home": home,
    }


def make_state(st: Static, dr: Drawn, fx: Forcing) -> State:
    """Make the state of a baseline day.

    Returns
    -------
    State with all pipelines full, so that a run without events stays at the baseline.
    """
    n, (n_products, n_clients) = st.x0.size, st.b.shape
    n_regions = st.unit_start.size - 1
    goods, uses = st.good_parent.size, st.use_good.size
    there = (st.x0 > 0).astype(np.float64)
    fields: dict[str, object] = {
        "order": np.zeros((n_products, 3, n_clients)),
        "missing": np.zeros((n_products, n_regions), np.int8),
        "demand": np.ones((n_products, n_regions)),
        "build_left": (fx.build_mix > 0.0).astype(np.float64),
        "build": np.zeros((n_products, n_regions)),
        "built": np.ones((n_products, n_regions)),
        "X": st.x0 * (1.0 + dr.sigma),
        "spare": there * dr.sigma,
        "plan": there,
        "outage": np.zeros(st.service_provider.size),
        "running": np.ones(n),
        "outage_bind": np.zeros(n, np.int32),
        "level": np.ones(st.service_provider.size),
        "backup_left": dr.service_backup.copy(),
        "backup_max": dr.service_backup.copy(),
        "good_order": np.ones(goods),
        "good_want": np.ones(goods),
        "use_avail": np.ones(uses),
        "use_request": np.zeros(uses),
        "service_bind": np.zeros(n, np.int32),
        "origin_bind": np.zeros(n, np.int32),
        "cause": np.zeros(n, np.int8),
        "cause_index": np.zeros(n, np.int32),
        "cause_capacity": np.zeros(n, np.int8),
    }
    fields |= {name: np.zeros((n_products, n_clients)) for name in ("R2", "U", "W")}
    fields |= {name: st.x0.copy() for name in ("e", "D1", "x", "K")}
    fields |= {name: np.ones(n) for name in ("capital", "work", "service_factor", "origin_factor")}
    for name in (
        "good_still",
        "good_seen",
        "good_reach",
        "good_in",
        "good_ask",
        "good_fill",
        "good_gap",
    ):
        fields[name] = np.zeros(goods)
    fields["surplus"] = np.zeros(goods)
    table = _start_table(st, dr, fx)
    fields |= table | _start_groups(st, dr, fx, table["ring"]) | _start_goods(st, dr, fx)
    return State(**fields)  # type: ignore[arg-type]  # one dict of arrays


def make_work(st: Static) -> Work:
    """Make the scratch space of a run."""
    suppliers = int(np.diff(st.sup_ptr).max())
    n, n_products = st.x0.size, st.b.shape[0]
    return Work(
        full=np.zeros(n),
        seen=np.zeros((3, suppliers)),
        dem=np.zeros((n, 3)),
        fill=np.zeros((n, 5)),
        level=np.zeros(n),
        asked=np.zeros((2, n + st.unit_start.size - 1)),
        short=np.zeros(n, np.int8),
        lost=np.zeros(n_products, np.int8),
        sent=np.zeros(n),
        more=np.zeros(n),
        parts=np.zeros((3, n)),
    )


def make_record(st: Static, days: int, rec_unit: npt.NDArray[np.int64], home: int) -> Record:
    """Make an empty record of `days` days; a unit without output is missing in it."""
    regions = st.unit_start.size - 1
    services, goods, pools = st.service_provider.size, st.good_parent.size, st.pool_good.size
    unit = np.ones((days, rec_unit.size), np.float32)
    unit[:, st.x0[rec_unit] <= 0] = np.nan
    names = (
        "vital_want",
        "vital_got",
        "final_want",
        "final_got",
        "world_unmet",
        "residual",
        "build_want",
        "build_got",
    )
    return Record(
        output=np.zeros((days, regions)),
        value_added=np.zeros((days, regions)),
        level=np.zeros((days, services)),
        cover=np.zeros((days, goods)),
        inflow=np.zeros((days, goods)),
        avail=np.zeros((days, goods)),
        pool=np.zeros((days, pools)),
        drawn=np.zeros((days, pools)),
        unit=unit,
        cause=np.zeros(unit.shape, np.int8),
        cause_index=np.zeros(unit.shape, np.int16),
        vital_product=np.ones((days, st.b.shape[0]), np.float32),
        rec_unit=np.asarray(rec_unit, np.int32),
        home=home,
        **{name: np.zeros(days) for name in names},
    )
