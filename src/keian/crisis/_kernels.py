# size: one compiled unit, because the compiler's cache does not see changes in other files
"""One day of the crisis model, for LANES runs at once; numbers are those of the method page.

Limits, orders and output (2.1 to 2.6), deliveries, passages and stocks (2.6 to 2.8), critical
goods (2.4, 2.7, 2.8), the record (2.10), and the order of the day. Every sum has one owner and a
fixed order; nothing is random and nothing is allocated in the day loop. The slow readable twin is
`tests/naive.py`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from keian.crisis._arrays import (
    BACKUP_REFILL,
    CAPITAL,
    DEMAND,
    GOOD,
    INPUT,
    LANES,
    LEAST_MISS,
    NONE,
    ORIGIN,
    REST,
    SERVICE,
    TINY,
    WORKFORCE,
    Forcing,
    Lanes,
    Record,
    State,
    Static,
    Work,
)

# the door from Python
entry = njit(error_model="numpy", cache=True, nogil=True)
# called from other kernels only: leaving out the wrappers saves most of the compile time
kernel = njit(  # type: ignore[call-overload]  # the type stubs lack the two wrapper options
    error_model="numpy", cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)


@kernel
def set_factors(t: int, fx: Forcing, s: State) -> None:
    """Set every exogenous factor of the day (2.1)."""
    for k in range(fx.capital_unit.size):
        s.capital[fx.capital_unit[k]] = fx.capital[k, t]
    for k in range(fx.work_unit.size):
        s.work[fx.work_unit[k]] = fx.work[k, t]
    for k in range(fx.demand_cell.size):
        c = fx.demand_cell[k]
        s.demand[c // s.demand.shape[1], c % s.demand.shape[1]] = fx.demand[k, t]
    for k in range(fx.outage_service.size):
        s.outage[fx.outage_service[k]] = fx.outage[k, t]
    for k in range(fx.backup_use.size):
        d = fx.backup_use[k]
        for z in range(LANES):
            added = fx.backup[k, t, z] - (fx.backup[k, t - 1, z] if t > 0 else 0.0)
            s.backup_max[d, z] += added
            s.backup_left[d, z] = max(0.0, s.backup_left[d, z] + added)


@kernel
def accept_orders(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Share of orders that origins and passages accept today (2.7)."""
    n_regions = st.unit_start.size - 1
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        u0 = st.unit_start[cell % n_regions]
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            for w in range(st.unit_start[cell % n_regions + 1] - u0):
                j = u0 + w
                base = st.s[st.s_ptr[p] + j * ns + fx.group_sup[g]] * st.b[p, j]
                for z in range(LANES):
                    route = 1.0 - fx.group_part[g, w] * (1.0 - fx.route_open[g, t, z])
                    source = 1.0 - fx.group_part[g, w] * (1.0 - fx.source_open[g, t, z])
                    room = 0.0
                    if base > 0.0:
                        room = max(0.0, fx.group_yard[g, z] - s.queue[g, w, z] / base)
                    s.accept[g, w, z] = source * min(1.0, route + min(1.0 - route, room))


@kernel
def bind_origins(st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """What lost origins leave of each unit's capacity (2.4, origin exposure)."""
    n_regions = st.unit_start.size - 1
    s.origin_factor[:] = 1.0
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1] or st.stocked[p] == 0:
            continue
        u0 = st.unit_start[cell % n_regions]
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        for w in range(st.unit_start[cell % n_regions + 1] - u0):
            j = u0 + w
            at = st.s_ptr[p] + j * ns
            for z in range(LANES):
                beta = st.beta_rated[p, j]
                beta += ln.critical_all[z] * (st.beta_all[p, j] - beta)
                if beta == 0.0:
                    continue
                lost = 0.0
                for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
                    share = min(1.0, ln.phi[z] * st.s[at + fx.group_sup[g]])
                    lost += share * (1.0 - min(1.0, s.origin[g, w, z]))
                left = 1.0 - beta * min(1.0, lost)
                if left < s.origin_factor[j, z]:
                    s.origin_factor[j, z] = left
                    s.origin_bind[j, z] = p


@kernel
def limit_unit(i: int, t: int, st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """Capacity K and input limit X of one unit, with what binds them (2.2, 2.3)."""
    x0 = st.x0[i]
    for z in range(LANES):
        factor = s.capital[i, z] * s.work[i, z] * s.service_factor[i, z]
        s.K[i, z] = x0 * factor
        s.X[i, z] = x0 * factor * (1.0 + ln.sigma[z])
        s.cause[i, z] = NONE
        s.cause_capacity[i, z] = CAPITAL
        if s.work[i, z] < s.capital[i, z] and s.work[i, z] <= s.service_factor[i, z]:
            s.cause_capacity[i, z] = WORKFORCE
        elif s.service_factor[i, z] < s.capital[i, z]:
            s.cause_capacity[i, z] = SERVICE
    for p in range(st.b.shape[0]):
        rated = st.beta_rated[p, i]
        every = st.beta_all[p, i]
        if every == 0.0 or st.b[p, i] <= 0.0:
            continue
        per_day = x0 / st.b[p, i]
        for z in range(LANES):
            beta = rated + ln.critical_all[z] * (every - rated)
            full = s.K[i, z] * (1.0 + ln.sigma[z])
            limit = (1.0 - beta) * full + beta * per_day * s.S[p, i, z]
            if limit < s.X[i, z]:
                s.X[i, z] = limit
                s.cause[i, z] = INPUT
                s.cause_index[i, z] = p
    for z in range(LANES):
        limit = s.K[i, z] * (1.0 + ln.sigma[z]) * s.origin_factor[i, z]
        if limit < s.X[i, z]:
            s.X[i, z] = limit
            s.cause[i, z] = ORIGIN
            s.cause_index[i, z] = s.origin_bind[i, z]
    for k in range(st.unit_use_ptr[i], st.unit_use_ptr[i + 1]):
        e = st.unit_use[k]
        h = st.use_good[e]
        for z in range(LANES):
            exposed = ln.use_exposed[e, z] * fx.use_factor[e, t, z]
            rate = max(0.0, min(1.0, s.use_avail[e, z]) - fx.good_side[h, t, z])
            if rate >= 1.0:
                continue
            limit = x0 * (1.0 - exposed * (1.0 - rate))
            if limit < s.X[i, z]:
                s.X[i, z] = limit
                s.cause[i, z] = GOOD
                s.cause_index[i, z] = e


@kernel
def serve(t: int, st: Static, ln: Lanes, fx: Forcing, s: State) -> None:
    """Service levels of the day and what they leave of each user's capacity (2.2)."""
    for v in range(st.service_provider.size):
        i = st.service_provider[v]
        if i >= 0:
            limit_unit(i, t, st, ln, fx, s)
        for z in range(LANES):
            level = 1.0
            if i >= 0 and s.D1[i, z] > 0.0:
                want = s.D1[i, z]
                able = min(s.K[i, z] * max(1.0, want / st.x0[i]), s.X[i, z])
                level = min(1.0, able / want)
            s.level[v, z] = level * (1.0 - s.outage[v, z])
    s.service_factor[:] = 1.0
    for v in range(st.service_provider.size):
        for d in range(st.service_ptr[v], st.service_ptr[v + 1]):
            i = st.service_unit[d]
            above = 0.0
            for tier in range(st.service_tier[d]):
                above += st.tier_share[v, tier]
            share = st.tier_share[v, st.service_tier[d]]
            for z in range(LANES):
                got = s.level[v, z]
                if share > 0.0:
                    got = min(1.0, max(0.0, (got - above) / share))
                if got < 1.0 - TINY:
                    used = min(s.backup_left[d, z], 1.0 - got)
                    s.backup_left[d, z] -= used
                    got += used
                else:
                    s.backup_left[d, z] = min(
                        s.backup_max[d, z], s.backup_left[d, z] + BACKUP_REFILL
                    )
                got = max(ln.service_floor[d, z], got)
                if got < s.service_factor[i, z]:
                    s.service_factor[i, z] = got
                    s.service_bind[i, z] = v


@kernel
def place_orders(st: Static, ln: Lanes, s: State) -> None:
    """Orders of class 1, rerouted and restocking (2.5)."""
    n_units = st.x0.size
    for p in range(st.b.shape[0]):
        for j in range(st.b.shape[1]):
            b = st.b[p, j]
            if b <= 0.0:
                continue
            if j >= n_units:
                for z in range(LANES):
                    s.order[p, 0, j, z] = b * s.demand[p, st.client_region[j], z]
            elif st.stocked[p] == 0:
                for z in range(LANES):
                    able = s.capital[j, z] * s.work[j, z] * (1.0 + ln.sigma[z])
                    s.order[p, 0, j, z] = b * min(s.e[j, z] / st.x0[j], able)
            else:
                lag = st.lag_mean[p, j]
                slow = 1.0 / max(st.tau, 0.5 * lag)
                fast = 1.0 / max(2.0, 0.5 * lag)
                per_x = 1.0 / st.x0[j]
                for z in range(LANES):
                    q = min(s.e[j, z], s.K[j, z] * (1.0 + ln.sigma[z])) * per_x
                    held = st.cover[p, j] * ln.cover_scale[z] + 1.0
                    position = s.S[p, j, z] + s.M[p, j, z]
                    gap = (held + lag * q) * b - position
                    top_up = max(0.0, (min(held, 3.0) + lag * q) * b - position) * fast
                    s.order[p, 0, j, z] = max(0.0, b * q + min(0.0, gap) * slow + top_up)
                    s.order[p, 2, j, z] = max(0.0, gap * slow - top_up)
            mu = st.mu[p]
            if mu > 0.0 and s.missing[p, st.client_region[j]] == 1:
                rate = 1.0 / st.reroute_days[p]
                for z in range(LANES):
                    if s.misses[p, st.client_region[j], z] == 0:
                        continue  # lanes do not feel each other
                    missed = s.U[p, j, z]
                    s.R2[p, j, z] += (min(missed, mu * b) - s.R2[p, j, z]) * rate
                    want = min(s.R2[p, j, z], missed)
                    s.order[p, 1, j, z] = want / s.W[p, j, z] if s.W[p, j, z] > TINY else 0.0


@kernel
def collect_orders(t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Orders as the suppliers see them, by class (2.5): one matrix product per product."""
    n_units = st.x0.size
    n_clients = st.b.shape[1]
    for p in range(st.b.shape[0]):
        k0 = st.sup_ptr[p]
        ns = st.sup_ptr[p + 1] - k0
        at = st.s_ptr[p]
        block = st.s_t[at : at + ns * n_clients].reshape(ns, n_clients)
        for c in range(3):
            if c == 0 or (c == 1 and s.missing[p].max() == 1) or (c == 2 and st.stocked[p] == 1):
                np.dot(block, s.order[p, c], wk.gather_t[c, :ns])
            else:
                wk.gather_t[c, :ns] = 0.0
        for k in range(ns):
            i = st.sup_unit[k0 + k]
            for z in range(LANES):
                wk.dem[i, 0, z] = wk.gather_t[0, k, z]
                wk.dem[i, 1, z] = wk.gather_t[1, k, z]
                wk.dem[i, 2, z] = wk.gather_t[2, k, z]
                wk.vital[i, z] = 0.0
                wk.ordinary[i, z] = 0.0
            for j in range(n_units, n_clients, 2):
                w0 = st.s[at + j * ns + k]
                w1 = st.s[at + (j + 1) * ns + k]
                for z in range(LANES):
                    wk.vital[i, z] += w0 * s.order[p, 0, j, z]
                    wk.ordinary[i, z] += w1 * s.order[p, 0, j + 1, z]
    refuse_orders(t, st, fx, s, wk)


@kernel
def refuse_orders(t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Take out the orders that origins and passages refuse."""
    n_units = st.x0.size
    n_regions = st.unit_start.size - 1
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        r = cell % n_regions
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            i = fx.group_unit[g]
            for w in range(st.unit_start[r + 1] - st.unit_start[r]):
                j = st.unit_start[r] + w
                share = st.s[st.s_ptr[p] + j * ns + fx.group_sup[g]]
                for z in range(LANES):
                    no = share * (1.0 - s.accept[g, w, z])
                    wk.dem[i, 0, z] -= no * s.order[p, 0, j, z]
                    wk.dem[i, 1, z] -= no * s.order[p, 1, j, z]
                    wk.dem[i, 2, z] -= no * s.order[p, 2, j, z]
            for f in range(2):
                j = n_units + 2 * r + f
                share = st.s[st.s_ptr[p] + j * ns + fx.group_sup[g]]
                for z in range(LANES):
                    no = share * fx.group_part_final[g, f] * (1.0 - fx.arrive_open[g, t, z])
                    wk.dem[i, 0, z] -= no * s.order[p, 0, j, z]
                    wk.dem[i, 1, z] -= no * s.order[p, 1, j, z]
                    if f == 0:
                        wk.vital[i, z] -= no * s.order[p, 0, j, z]
                    else:
                        wk.ordinary[i, z] -= no * s.order[p, 0, j, z]


@kernel
def fill_class_one(goods: float, inputs: float, final: float, kappa: float) -> tuple[float, float]:
    """Fill of producers f and of ordinary final demand f^kappa with I f + F f^kappa = T (2.6)."""
    if goods >= inputs + final:
        return 1.0, 1.0
    if goods <= 0.0:
        return 0.0, 0.0
    if kappa == 1.0:
        f = goods / (inputs + final)
        return f, f
    if kappa == 2.0:
        f = 2.0 * goods / (inputs + np.sqrt(inputs * inputs + 4.0 * final * goods))
        return f, f * f
    if goods <= inputs:
        return goods / inputs, 0.0
    return 1.0, (goods - inputs) / final


@kernel
def produce(st: Static, ln: Lanes, s: State, wk: Work) -> None:
    """Output and its allocation to the classes of orders (2.6)."""
    for i in range(st.x0.size):
        x0 = st.x0[i]
        if x0 <= 0.0:
            continue
        for z in range(LANES):
            want = max(0.0, wk.dem[i, 0, z])
            rerouted = s.spare[i, z] * max(0.0, wk.dem[i, 1, z])
            restock = max(0.0, wk.dem[i, 2, z])
            able = min(s.K[i, z] * max(1.0, want / x0), s.X[i, z])
            first = min(able, want)
            rest = min(max(0.0, s.X[i, z] - first), rerouted + restock)
            s.x[i, z] = first + rest
            vital = min(max(0.0, wk.vital[i, z]), want)
            ordinary = min(max(0.0, wk.ordinary[i, z]), want - vital)
            inputs = want - vital - ordinary
            to_vital = 1.0
            if first < vital:
                to_vital = first / vital
            f, o = fill_class_one(first - to_vital * vital, inputs, ordinary, ln.kappa[z])
            wk.fill[i, 0, z] = f
            wk.fill[i, 1, z] = to_vital
            wk.fill[i, 2, z] = o
            again = min(1.0, rest / rerouted) if rerouted > TINY * x0 else 0.0
            rest = rest - again * rerouted
            wk.fill[i, 3, z] = again * s.spare[i, z]
            wk.fill[i, 4, z] = min(1.0, max(0.0, rest / restock)) if restock > TINY * x0 else 1.0
            s.spare[i, z] = max(0.0, s.X[i, z] - want) / x0
            s.D1[i, z] = want
            s.e[i, z] += (want - s.e[i, z]) / st.smooth


@kernel
def gather_fills(p: int, r: int, fx: Forcing, st: Static, wk: Work) -> int:
    """Fills of the suppliers of p by lag class, as the matrix that a region's clients multiply."""
    k0 = st.sup_ptr[p]
    ns = st.sup_ptr[p + 1] - k0
    classes = int(st.lag_classes[p, r])
    width = classes * 3 * LANES
    cell = p * (st.unit_start.size - 1) + r
    wk.gather[: ns * width] = 0.0
    for k in range(ns):
        i = st.sup_unit[k0 + k]
        c0 = k * width + st.lag_class[p, st.unit_region[i], r] * 3 * LANES
        for z in range(LANES):
            wk.gather[c0 + z] = wk.fill[i, 0, z]
            wk.gather[c0 + LANES + z] = wk.fill[i, 3, z]
            wk.gather[c0 + 2 * LANES + z] = wk.fill[i, 4, z]
    for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
        c0 = fx.group_sup[g] * width
        wk.gather[c0 : c0 + width] = 0.0
    return width


@kernel
def find_short(st: Static, wk: Work) -> None:
    """Mark the suppliers that leave any order unfilled: deliveries of the others equal orders."""
    for i in range(st.x0.size):
        wk.short[i] = 0
        if st.x0[i] <= 0.0:
            continue
        for z in range(LANES):
            low = min(wk.fill[i, 0, z], min(wk.fill[i, 1, z], wk.fill[i, 2, z]))
            if min(low, wk.fill[i, 4, z]) < 1.0:
                wk.short[i] = 1


@kernel
def deliver_all(t: int, p: int, r: int, st: Static, s: State, wk: Work) -> None:
    """Deliver what is ordered, split by the normal shares of lag classes."""
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
def take_back(t: int, p: int, k: int, r: int, kept: float, st: Static, s: State, wk: Work) -> None:
    """Take out of a region's deliveries what a supplier leaves unfilled.

    `kept` is 1 for a short supplier and 0 for one whose flow passes as a group: nothing of it
    is delivered here.
    """
    i = st.sup_unit[st.sup_ptr[p] + k]
    ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
    slot = (t + st.lag_days[st.lag_class[p, st.unit_region[i], r]]) % s.ring.shape[0]
    for j in range(st.unit_start[r], st.unit_start[r + 1]):
        share = st.s[st.s_ptr[p] + j * ns + k]
        if share == 0.0:
            continue
        for z in range(LANES):
            one = share * (1.0 - kept * wk.fill[i, 0, z]) * s.order[p, 0, j, z]
            less = one + share * (1.0 - kept * wk.fill[i, 4, z]) * s.order[p, 2, j, z]
            s.U[p, j, z] += one
            s.ring[slot, p, j, z] -= less
            s.M[p, j, z] -= less
            wk.delivered[z] -= less


@kernel
def deliver(t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Deliveries to units enter the pipeline with their lag (2.6, 2.7)."""
    slots = s.ring.shape[0]
    wk.delivered[:] = 0.0
    find_short(st, wk)
    for p in range(st.b.shape[0]):
        ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
        n_regions = st.unit_start.size - 1
        short = 0
        for k in range(ns):
            short += wk.short[st.sup_unit[st.sup_ptr[p] + k]]
        few = 2 * short <= ns + 1  # more than that is cheaper as a whole
        for r in range(n_regions):
            cell = p * n_regions + r
            if few and s.missing[p, r] == 0:
                deliver_all(t, p, r, st, s, wk)
                for k in range(ns):
                    grouped = False
                    for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
                        grouped = grouped or fx.group_sup[g] == k
                    if grouped:
                        take_back(t, p, k, r, 0.0, st, s, wk)
                    elif wk.short[st.sup_unit[st.sup_ptr[p] + k]] == 1:
                        take_back(t, p, k, r, 1.0, st, s, wk)
                continue
            u0 = st.unit_start[r]
            nu = st.unit_start[r + 1] - u0
            width = gather_fills(p, r, fx, st, wk)
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
def weigh_spare(t: int, p: int, j: int, st: Static, fx: Forcing, s: State) -> None:
    """Spare capacity that a client can reach today, weighted by its shares (2.5)."""
    ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
    at = st.s_ptr[p] + j * ns
    r = st.client_region[j]
    n_units = st.x0.size
    cell = p * (st.unit_start.size - 1) + r
    for z in range(LANES):
        s.W[p, j, z] = 0.0
    for k in range(ns):
        i = st.sup_unit[st.sup_ptr[p] + k]
        for z in range(LANES):
            s.W[p, j, z] += st.s[at + k] * s.spare[i, z]
    for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
        share = st.s[at + fx.group_sup[g]]
        for z in range(LANES):
            if j < n_units:
                shut = 1.0 - s.accept[g, j - st.unit_start[r], z]
            else:
                part = fx.group_part_final[g, (j - n_units) % 2]
                shut = part * (1.0 - fx.arrive_open[g, t, z])
            s.W[p, j, z] -= share * shut * s.spare[fx.group_unit[g], z]


@kernel
def see_missing(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Mark the products somebody misses: only these can have rerouted orders tomorrow."""
    for p in range(st.b.shape[0]):
        if st.mu[p] <= 0.0:
            continue
        s.missing[p] = 0
        s.misses[p] = 0
        for j in range(st.b.shape[1]):
            r = st.client_region[j]
            least = LEAST_MISS * st.b[p, j]
            if least <= 0.0:
                continue
            for z in range(LANES):
                if s.U[p, j, z] > least or s.R2[p, j, z] > least:
                    s.misses[p, r, z] = 1
                    s.missing[p, r] = 1
        for j in range(st.b.shape[1]):
            r = st.client_region[j]
            for z in range(LANES):
                if s.misses[p, r, z] == 0:
                    s.order[p, 1, j, z] = 0.0
                    s.R2[p, j, z] = 0.0
            if s.missing[p, r] == 1:
                weigh_spare(t, p, j, st, fx, s)


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


@kernel
def home_rate(i: int, z: int, st: Static, s: State) -> float:
    """What a home maker of a good makes, or could make where only demand is missing (2.4)."""
    able = min(1.0, min(s.K[i, z], s.X[i, z]) / st.x0[i])
    return float(max(able, s.x[i, z] / st.x0[i]))


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
                come *= home_rate(i, z, st, s)
            s.good_still[h, z] += come
    s.good_reach[:] = s.good_moving
    for k in range(st.pool_good.size):
        for z in range(LANES):
            s.pool[k, z] *= 1.0 - fx.pool_loss[k, t, z]
            # users count on every stock that stands behind them, released or not
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
            # the world market sells a little more than normal, counted on all of national use,
            # unless the good, or what it is made from, is short on the way
            gate = s.good_still[h, z]
            if st.good_from[h] >= 0:
                gate = min(gate, s.good_still[st.good_from[h], z])
            most = 1.0 + ln.catch_up[h, z] * min(1.0, max(0.0, gate)) / imported
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
                made = share * source * home_rate(i, z, st, s)
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
            # what a pool cannot deliver in a day of normal use does not count as cover
            rec.cover[t, st.pool_good[k], z] += s.pool[k, z] * min(1.0, fx.pool_draw[k, t, z])
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
        see_missing(t, st, fx, s)
        use_inputs(t, st, s)
        cover_origins(t, st, ln, fx, s)
        request_goods(t, st, ln, fx, s)
        order_goods(st, ln, s)
        move_goods(t, st, ln, fx, s)
        share_goods(t, st, ln, fx, s, rec)
        note_units(t, st, s, wk, rec)
        note_goods(t, st, ln, fx, s, rec)
