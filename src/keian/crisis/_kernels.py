"""One day of the crisis model, for LANES runs at once; numbers are those of the method page.

The slow readable twin is `tests/naive.py`.
"""

from __future__ import annotations

from keian.crisis._arrays import (
    DEMAND,
    LANES,
    NONE,
    REST,
    TINY,
    Forcing,
    Lanes,
    Record,
    State,
    Static,
    Work,
)
from keian.crisis._kernels_base import entry, kernel
from keian.crisis._kernels_flows import (
    cover_origins,
    deliver,
    deliver_final,
    pass_groups,
    see_missing,
    ship_groups,
    use_inputs,
)
from keian.crisis._kernels_goods import (
    move_goods,
    open_goods,
    order_goods,
    request_goods,
    share_goods,
)
from keian.crisis._kernels_orders import (
    accept_orders,
    bind_origins,
    collect_orders,
    limit_unit,
    place_orders,
    produce,
    serve,
    set_factors,
)


@kernel
def note_units(t: int, st: Static, s: State, wk: Work, rec: Record) -> None:
    """Record output, value added, binding causes and the balance of the day (2.10)."""
    wk.total[:] = 0.0
    for i in range(st.x0.size):
        r = st.unit_region[i]
        for z in range(LANES):
            rec.output[t, r, z] += s.x[i, z]
            rec.value_added[t, r, z] += st.v[i] * s.x[i, z]
            wk.total[z] += s.x[i, z]
    for z in range(LANES):
        rec.residual[t, z] = abs(wk.total[z] - wk.delivered[z]) / max(TINY, wk.total[z])
    for k in range(rec.rec_unit.size):
        i = rec.rec_unit[k]
        if st.x0[i] <= 0.0:
            continue
        for z in range(LANES):
            ratio = s.x[i, z] / st.x0[i]
            rec.unit[t, k, z] = ratio
            cause, index = NONE, 0
            if ratio < REST:
                cause = DEMAND
                able = min(s.K[i, z], s.X[i, z])
                if able < s.D1[i, z] * (1.0 - 1e-9):
                    cause, index = s.cause[i, z], s.cause_index[i, z]
                    if s.K[i, z] <= s.X[i, z] or cause == NONE:
                        cause, index = s.cause_capacity[i, z], s.service_bind[i, z]
            rec.cause[t, k, z] = cause
            rec.cause_index[t, k, z] = index


@kernel
def note_goods(t: int, st: Static, ln: Lanes, fx: Forcing, s: State, rec: Record) -> None:
    """Record cover within reach, inflow and the rate of use of goods, and service levels."""
    rec.level[t] = s.level
    for k in range(st.pool_good.size):
        for z in range(LANES):
            if fx.pool_draw[k, t, z] > 0.0:
                rec.cover[t, st.pool_good[k], z] += s.pool[k, z]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        for z in range(LANES):
            weight = ln.use_weight[e, z]
            rec.cover[t, h, z] += weight * max(0.0, s.user_stock[e, z] - 1.0)
            rec.avail[t, h, z] += weight * min(1.0, s.use_avail[e, z])


@entry
def run_days(
    days: int, st: Static, ln: Lanes, fx: Forcing, s: State, wk: Work, rec: Record
) -> None:
    """Advance LANES runs by `days` days and fill `rec`."""
    for t in range(days):
        set_factors(t, fx, s)
        open_goods(t, st, ln, fx, s)
        accept_orders(t, st, fx, s)
        bind_origins(st, ln, fx, s)
        serve(t, st, ln, fx, s)
        for i in range(st.x0.size):
            if st.x0[i] > 0.0:
                limit_unit(i, t, st, ln, fx, s)
        place_orders(st, ln, s)
        collect_orders(t, st, fx, s, wk)
        produce(st, ln, s, wk)
        deliver(t, st, fx, s, wk)
        deliver_final(t, st, fx, s, wk, rec)
        ship_groups(t, st, fx, s, wk)
        pass_groups(t, st, fx, s)
        see_missing(st, s)
        use_inputs(t, st, s)
        cover_origins(t, st, ln, fx, s)
        request_goods(t, st, ln, fx, s)
        order_goods(st, ln, s)
        move_goods(t, st, ln, fx, s)
        share_goods(t, st, ln, fx, s, rec)
        note_units(t, st, s, wk, rec)
        note_goods(t, st, ln, fx, s, rec)
