"""Deliveries, passages, stocks and origins of the day (2.6 to 2.8)."""

from __future__ import annotations

import numpy as np

from keian.crisis._arrays import (
    LANES,
    TINY,
    Forcing,
    Lanes,
    Record,
    State,
    Static,
    Work,
)
from keian.crisis._kernels_base import kernel


@kernel
def gather_fills(p: int, r: int, fx: Forcing, st: Static, s: State, wk: Work) -> int:
    """Fills of the suppliers of p by lag class, as the matrix that a region's clients multiply."""
    k0 = st.sup_ptr[p]
    ns = st.sup_ptr[p + 1] - k0
    classes = st.lag_classes[p, r]
    width = classes * 3 * LANES + LANES
    cell = p * (st.unit_start.size - 1) + r
    wk.gather[: ns * width] = 0.0
    for k in range(ns):
        i = st.sup_unit[k0 + k]
        c0 = k * width + st.lag_class[p, st.unit_region[i], r] * 3 * LANES
        c1 = (k + 1) * width - LANES
        for z in range(LANES):
            wk.gather[c0 + z] = wk.fill[i, 0, z]
            wk.gather[c0 + LANES + z] = wk.fill[i, 3, z]
            wk.gather[c0 + 2 * LANES + z] = wk.fill[i, 4, z]
            wk.gather[c1 + z] = s.spare[i, z]
    for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
        c0 = fx.group_sup[g] * width
        wk.gather[c0 : c0 + width] = 0.0
    return width


@kernel
def fills_all(p: int, st: Static, wk: Work) -> bool:
    """Whether every supplier of p fills every order, so that deliveries equal orders."""
    for k in range(st.sup_ptr[p], st.sup_ptr[p + 1]):
        i = st.sup_unit[k]
        for z in range(LANES):
            low = min(wk.fill[i, 0, z], min(wk.fill[i, 1, z], wk.fill[i, 2, z]))
            if min(low, wk.fill[i, 4, z]) < 1.0:
                return False
    return True


@kernel
def deliver_all(t: int, p: int, r: int, st: Static, s: State, wk: Work) -> None:
    """Deliver a product nobody is short of: orders, split by the normal shares of lag classes."""
    slots = s.ring.shape[0]
    for j in range(st.unit_start[r], st.unit_start[r + 1]):
        if st.b[p, j] <= 0.0:
            continue
        for c in range(st.lag_classes[p, r]):
            share = st.class_share[p, j, c]
            if share == 0.0:
                continue
            slot = (t + st.lag_days[c]) % slots
            for z in range(LANES):
                more = share * (s.order[p, 0, j, z] + s.order[p, 2, j, z])
                s.ring[slot, p, j, z] += more
                s.M[p, j, z] += more
                wk.delivered[z] += more
        for z in range(LANES):
            s.U[p, j, z] = 0.0


@kernel
def deliver(t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Deliveries to units enter the pipeline with their lag (2.6, 2.7)."""
    slots = s.ring.shape[0]
    wk.delivered[:] = 0.0
    for p in range(st.b.shape[0]):
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        n_regions = st.unit_start.size - 1
        all_filled = fills_all(p, st, wk)
        for r in range(n_regions):
            cell = p * n_regions + r
            quiet = s.missing[p, r] == 0 and fx.group_ptr[cell] == fx.group_ptr[cell + 1]
            if all_filled and quiet:
                deliver_all(t, p, r, st, s, wk)
                continue
            u0 = st.unit_start[r]
            nu = st.unit_start[r + 1] - u0
            width = gather_fills(p, r, fx, st, s, wk)
            at = st.s_ptr[p] + u0 * ns
            mine = st.s[at : at + nu * ns].reshape(nu, ns)
            left = wk.gather[: ns * width].reshape(ns, width)
            got = wk.out[: nu * width].reshape(nu, width)
            np.dot(mine, left, got)
            for w in range(nu):
                j = u0 + w
                if st.b[p, j] <= 0.0:
                    continue
                for z in range(LANES):
                    s.U[p, j, z] = s.order[p, 0, j, z]
                    s.W[p, j, z] = got[w, width - LANES + z]
                for c in range(st.lag_classes[p, r]):
                    slot = (t + st.lag_days[c]) % slots
                    q = c * 3 * LANES
                    for z in range(LANES):
                        one = s.order[p, 0, j, z] * got[w, q + z]
                        more = one + s.order[p, 1, j, z] * got[w, q + LANES + z]
                        more += s.order[p, 2, j, z] * got[w, q + 2 * LANES + z]
                        s.U[p, j, z] -= one
                        s.ring[slot, p, j, z] += more
                        s.M[p, j, z] += more
                        wk.delivered[z] += more


@kernel
def note_final(t: int, p: int, j: int, st: Static, s: State, rec: Record) -> None:
    """Record what a final user wanted and got."""
    n_units = st.x0.size
    for z in range(LANES):
        want = s.order[p, 0, j, z]
        got = min(want, rec.got[z])
        rec.world_unmet[t, z] += want - got
        if st.client_region[j] == rec.home:
            rec.final_want[t, z] += want
            rec.final_got[t, z] += got
            if (j - n_units) % 2 == 0:
                rec.vital_want[t, z] += want
                rec.vital_got[t, z] += got
                rec.vital_product[t, p, z] = got / want if want > 0.0 else 1.0


@kernel
def deliver_final(t: int, st: Static, fx: Forcing, s: State, wk: Work, rec: Record) -> None:
    """Deliveries to final users, who hold no stock (2.6)."""
    n_units = st.x0.size
    n_regions = st.unit_start.size - 1
    for p in range(st.b.shape[0]):
        k0 = st.sup_ptr[p]
        ns = st.sup_ptr[p + 1] - k0
        for j in range(n_units, st.b.shape[1]):
            b = st.b[p, j]
            if b <= 0.0:
                continue
            r = st.client_region[j]
            kind = 1 + (j - n_units) % 2
            cell = p * n_regions + r
            for z in range(LANES):
                s.W[p, j, z] = 0.0
                s.U[p, j, z] = 0.0  # first what arrives, turned into what is missing below
                rec.got[z] = 0.0
            for k in range(ns):
                share = st.s[st.s_ptr[p] + j * ns + k]
                if share == 0.0:
                    continue
                i = st.sup_unit[k0 + k]
                group = -1
                for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
                    if fx.group_sup[g] == k:
                        group = g
                for z in range(LANES):
                    open_ = 1.0
                    if group >= 0:
                        part = fx.group_part_final[group, kind - 1]
                        open_ = 1.0 - part * (1.0 - fx.arrive_open[group, t, z])
                    one = share * open_ * s.order[p, 0, j, z] * wk.fill[i, kind, z]
                    two = share * open_ * s.order[p, 1, j, z] * wk.fill[i, 3, z]
                    s.U[p, j, z] += one
                    s.W[p, j, z] += share * open_ * s.spare[i, z]
                    rec.got[z] += one + two
            for z in range(LANES):
                s.U[p, j, z] = max(0.0, s.order[p, 0, j, z] - s.U[p, j, z])
                wk.delivered[z] += rec.got[z]
            note_final(t, p, j, st, s, rec)


@kernel
def ship_groups(t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Shipments of flow groups on their way to a passage (2.7)."""
    n_regions = st.unit_start.size - 1
    slots = s.up_ring.shape[0]
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        u0 = st.unit_start[cell % n_regions]
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            i = fx.group_unit[g]
            slot = (t + fx.group_up[g]) % slots
            for w in range(st.unit_start[cell % n_regions + 1] - u0):
                j = u0 + w
                share = st.s[st.s_ptr[p] + j * ns + fx.group_sup[g]]
                if share == 0.0 or st.b[p, j] <= 0.0:
                    continue
                for z in range(LANES):
                    open_ = share * s.accept[g, w, z]
                    one = open_ * s.order[p, 0, j, z] * wk.fill[i, 0, z]
                    more = one + open_ * s.order[p, 1, j, z] * wk.fill[i, 3, z]
                    more += open_ * s.order[p, 2, j, z] * wk.fill[i, 4, z]
                    s.U[p, j, z] -= one
                    s.W[p, j, z] += open_ * s.spare[i, z]
                    s.up_ring[slot, g, w, z] += more
                    s.trapped[g, w, z] += more
                    wk.delivered[z] += more


@kernel
def pass_groups(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Passages let through what is open; the rest queues and clears at a finite rate (2.7)."""
    n_regions = st.unit_start.size - 1
    slots = s.ring.shape[0]
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        r = cell % n_regions
        u0 = st.unit_start[r]
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            i = fx.group_unit[g]
            lag = st.lag_days[st.lag_class[p, st.unit_region[i], r]]
            up = t % s.up_ring.shape[0]
            for w in range(st.unit_start[r + 1] - u0):
                j = u0 + w
                base = st.s[st.s_ptr[p] + j * ns + fx.group_sup[g]] * st.b[p, j]
                if base <= 0.0:
                    continue
                for z in range(LANES):
                    come = s.up_ring[up, g, w, z]
                    s.up_ring[up, g, w, z] = 0.0
                    waiting = s.queue[g, w, z] + come
                    route = 1.0 - fx.group_part[g, w] * (1.0 - fx.route_open[g, t, z])
                    room = route * max(come, base) * (1.0 + st.queue_rate * route)
                    go = min(waiting, room)
                    if route >= 1.0 and s.queue[g, w, z] <= 0.0:
                        go = waiting
                    s.queue[g, w, z] = waiting - go
                    s.trapped[g, w, z] -= go
                    down = max(0, lag - fx.group_up[g]) + fx.extra_lag[g, t, z]
                    s.ring[(t + down) % slots, p, j, z] += go
                    count = route * s.trapped[g, w, z]
                    s.M[p, j, z] += go + count - s.counted[g, w, z]
                    s.counted[g, w, z] = count


@kernel
def see_missing(st: Static, s: State) -> None:
    """Mark the products somebody misses: only these can have rerouted orders tomorrow."""
    for p in range(st.b.shape[0]):
        if st.mu[p] <= 0.0:
            continue
        s.missing[p] = 0
        for j in range(st.b.shape[1]):
            r = st.client_region[j]
            if s.missing[p, r] == 1:
                continue
            least = TINY * st.b[p, j]
            for z in range(LANES):
                if s.U[p, j, z] > least or s.R2[p, j, z] > least:
                    s.missing[p, r] = 1
                    break
        for j in range(st.b.shape[1]):
            if s.missing[p, st.client_region[j]] == 0:
                s.order[p, 1, j] = 0.0
                s.R2[p, j] = 0.0


@kernel
def use_inputs(t: int, st: Static, s: State) -> None:
    """Use inputs and take in arrivals; stocks never turn negative (2.8)."""
    slot = t % s.ring.shape[0]
    for p in range(st.b.shape[0]):
        for i in range(st.x0.size):
            if st.b[p, i] <= 0.0:
                continue
            need = st.b[p, i] / st.x0[i]
            for z in range(LANES):
                come = s.ring[slot, p, i, z]
                s.ring[slot, p, i, z] = 0.0
                s.M[p, i, z] -= come
                if st.stocked[p] == 1:
                    s.S[p, i, z] += come - min(s.S[p, i, z], need * s.x[i, z])


@kernel
def cover_origins(t: int, st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """Cover by origin: an open origin supplies whatever is used (2.4)."""
    n_regions = st.unit_start.size - 1
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        u0 = st.unit_start[cell % n_regions]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            for w in range(st.unit_start[cell % n_regions + 1] - u0):
                j = u0 + w
                if st.x0[j] <= 0.0:
                    continue
                for z in range(LANES):
                    rate = s.x[j, z] / st.x0[j]
                    held = s.origin[g, w, z]
                    come = 1.0 - fx.group_part[g, w] * (1.0 - fx.arrive_open[g, t, z])
                    held += come * max(1.0, rate) - min(1.0, held) * rate
                    cap = st.cover[p, j] * ln.cover_scale[z] + 1.0
                    s.origin[g, w, z] = min(max(0.0, held), cap)
