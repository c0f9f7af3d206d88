"""Critical goods: what users can use, ask for and get; ships on their way (2.4, 2.7, 2.8)."""

from __future__ import annotations

from keian.crisis._arrays import (
    LANES,
    TINY,
    Forcing,
    Lanes,
    Record,
    State,
    Static,
)
from keian.crisis._kernels_base import kernel


@kernel
def open_goods(t: int, st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """What each user can use of each good today, stretching when a closure is seen (2.4)."""
    s.good_still[:] = fx.good_extra[:, t]
    for c in range(st.line_good.size):
        h = st.line_good[c]
        i = st.line_unit[c]
        for z in range(LANES):
            come = ln.line_share[c, z] * fx.line_source[c, t, z] * fx.line_route[c, t, z]
            if i >= 0:
                come *= s.x[i, z] / st.x0[i]
            s.good_still[h, z] += come
    s.good_reach[:] = s.good_moving
    for k in range(st.pool_good.size):
        for z in range(LANES):
            s.pool[k, z] *= 1.0 - fx.pool_loss[k, t, z]
            if fx.pool_draw[k, t, z] > 0.0:
                s.good_reach[st.pool_good[k], z] += s.pool[k, z]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        for z in range(LANES):
            need = fx.good_need[h, t, z]
            rate = min(need * (1.0 + ln.sigma[z]), s.user_stock[e, z])
            if s.good_still[h, z] < 1.0 - 1e-9:
                left = (s.user_stock[e, z] + s.good_reach[h, z]) / ln.stretch[h, z]
                rate = min(rate, max(ln.use_floor[e, z], s.good_still[h, z] + left))
            s.use_avail[e, z] = rate / need


@kernel
def request_goods(t: int, st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """Users take what their output needs and ask for what they would use, and to be filled up.

    What they would use follows expected demand and capacity: a starved user does not ask for less.
    """
    s.good_want[:] = 0.0
    s.good_ask[:] = 0.0
    s.good_gap[:] = 0.0
    for k in range(st.pool_good.size):
        if ln.pool_auto[k] == 1:
            for z in range(LANES):
                s.good_gap[st.pool_good[k], z] += ln.pool_start[k, z] - s.pool[k, z]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        i = st.use_unit[e]
        for z in range(LANES):
            need = fx.good_need[h, t, z]
            made = s.x[i, z] / st.x0[i]
            used = min(s.user_stock[e, z], need * min(s.use_avail[e, z], made))
            plan = min(s.e[i, z], s.K[i, z] * (1.0 + ln.sigma[z])) / st.x0[i]
            want = need * plan
            s.user_stock[e, z] -= used
            gap = ln.use_cover[e, z] + 1.0 - s.user_stock[e, z] - want
            ask = ln.use_weight[e, z] * max(0.0, want + gap / ln.restock[h, z])
            s.use_request[e, z] = ask
            s.good_want[h, z] += ln.use_weight[e, z] * want
            s.good_ask[h, z] += ask
            s.good_gap[h, z] += ln.use_weight[e, z] * gap


@kernel
def share_goods(t: int, st: Static, ln: Lanes, fx: Forcing, s: State, rec: Record) -> None:
    """Inflow, then pools, to the users who ask; what is left refills tanks (2.8)."""
    for h in range(st.good_parent.size):
        for z in range(LANES):
            rec.inflow[t, h, z] = s.good_in[h, z]
            s.good_fill[h, z] = min(s.good_in[h, z], s.good_ask[h, z])
    for k in range(st.pool_good.size):
        h = st.pool_good[k]
        for z in range(LANES):
            short = s.good_ask[h, z] - s.good_fill[h, z]
            draw = min(short, min(fx.pool_draw[k, t, z], s.pool[k, z]))
            left = s.good_in[h, z] - s.good_fill[h, z]
            if short <= 0.0:
                draw = 0.0
            s.pool[k, z] -= draw
            s.good_fill[h, z] += draw
            s.good_in[h, z] += draw
            rec.drawn[t, k, z] = draw
            if ln.pool_auto[k] == 1 and left > 0.0 and short <= 0.0:
                put = min(left, max(0.0, ln.pool_start[k, z] - s.pool[k, z]))
                s.pool[k, z] += put
                s.good_in[h, z] -= put
            rec.pool[t, k, z] = s.pool[k, z]
    for h in range(st.good_parent.size):
        for z in range(LANES):
            s.surplus[h, z] += s.good_in[h, z] - s.good_fill[h, z]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        for z in range(LANES):
            if s.good_ask[h, z] > 0.0:
                got = s.good_fill[h, z] * s.use_request[e, z] / s.good_ask[h, z]
                s.user_stock[e, z] += got / ln.use_weight[e, z]


@kernel
def order_goods(st: Static, ln: Lanes, s: State) -> None:
    """How much to import: what users would use plus the gap in stocks and on the water."""
    for h in range(st.good_parent.size):
        for z in range(LANES):
            water = s.good_water[h, z] * s.good_want[h, z] - s.good_moving[h, z]
            gap = s.good_gap[h, z] + water
            want = s.good_want[h, z] + gap / ln.restock[h, z] - s.good_home[h, z]
            imported = s.good_import[h, z]
            if imported <= TINY:
                s.good_order[h, z] = 0.0
                continue
            # the world market sells a little more than normal, counted on all of national use
            most = 1.0 + ln.catch_up[h, z] / imported
            s.good_order[h, z] = min(most, max(0.0, want / imported))


@kernel
def move_goods(t: int, st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """Goods on the water: ships leave, wait at passages, arrive (2.7)."""
    slots = s.line_ring.shape[0]
    s.good_in[:] = fx.good_extra[:, t]
    s.good_home[:] = 0.0
    s.good_moving[:] = 0.0
    for c in range(st.line_good.size):
        h = st.line_good[c]
        i = st.line_unit[c]
        for z in range(LANES):
            share = ln.line_share[c, z]
            source = fx.line_source[c, t, z]
            route = fx.line_route[c, t, z]
            if i >= 0:
                made = share * source * s.x[i, z] / st.x0[i]
                s.good_in[h, z] += made
                s.good_home[h, z] += made
                continue
            if share <= 0.0:
                continue
            room = max(0.0, ln.line_yard[c, z] - s.line_queue[c, z] / share)
            leave = share * s.good_order[h, z] * source * min(1.0, route + min(1.0 - route, room))
            s.line_up_ring[(t + ln.line_up[c, z]) % slots, c, z] += leave
            s.line_trapped[c, z] += leave
            come = s.line_up_ring[t % slots, c, z]
            s.line_up_ring[t % slots, c, z] = 0.0
            waiting = s.line_queue[c, z] + come
            go = min(waiting, route * max(come, share) * (1.0 + st.queue_rate * route))
            if route >= 1.0 and s.line_queue[c, z] <= 0.0:
                go = waiting
            s.line_queue[c, z] = waiting - go
            s.line_trapped[c, z] -= go
            s.line_ring[(t + ln.line_down[c, z] + fx.line_extra[c, t, z]) % slots, c, z] += go
            s.line_moving[c, z] += go
            land = s.line_ring[t % slots, c, z]
            s.line_ring[t % slots, c, z] = 0.0
            s.line_moving[c, z] -= land
            s.good_in[h, z] += land
            s.good_moving[h, z] += s.line_moving[c, z] + route * s.line_trapped[c, z]
