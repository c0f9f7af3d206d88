# size: one compiled unit, because the compiler's cache does not see changes in other files
"""One day of the crisis model for one run; numbers are those of the method page.

Limits, orders and output (2.1 to 2.6), deliveries, passages and stocks (2.6 to 2.8), critical
goods (2.4, 2.7, 2.8), the record (2.10), and the order of the day. Long loops run over the clients
of a product, write one array each and have no branch, so that the processor takes several clients
at once; what only a few clients meet is corrected afterwards. Only whole stages take the bundles of
arrays: handing one over costs as much as a hundred clients, so inner functions take rows. Every sum has one owner and a fixed
order; nothing is random and nothing is allocated in the day loop. The slow readable twin is
`tests/naive.py`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from keian.crisis._arrays import (
    BACKUP_REFILL,
    CAPITAL,
    DEMAND,
    ENOUGH,
    FILL,
    FIRST,
    FULL,
    GOOD,
    INPUT,
    LAST_CLASS,
    LEAST_FLOW,
    LEAST_MISS,
    LEVEL,
    MOST_SWEEPS,
    NO_SPARE,
    NONE,
    ORIGIN,
    REOPENED,
    REROUTED,
    REST,
    RESTOCK,
    SERVICE,
    TINY,
    TO_ORDINARY,
    TO_REROUTED,
    TO_RESTOCK,
    TO_UNITS,
    TO_VITAL,
    WORKFORCE,
    Bytes,
    Drawn,
    F,
    Forcing,
    Ints,
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

# long sums: several partial sums at once, in an order that the processor fixes
summing = njit(  # type: ignore[call-overload]  # as above
    error_model="numpy", cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True,
    fastmath={"reassoc", "contract"},
)  # fmt: skip


@kernel
def add(out: F, x: F) -> None:
    """Add one row to another."""
    for w in range(out.size):
        out[w] += x[w]


@kernel
def subtract(out: F, x: F) -> None:
    """Subtract one row from another."""
    for w in range(out.size):
        out[w] -= x[w]


@kernel
def add_product(out: F, x: F, y: F) -> None:
    """Add the product of two rows to a third."""
    for w in range(out.size):
        out[w] += x[w] * y[w]


@kernel
def add_scaled(out: F, factor: float, x: F, start: int) -> None:
    """Add a multiple of what stands in x from `start` on to a row."""
    first = np.uint64(start)  # no sign: the row stays contiguous
    for w in range(np.uint64(out.size)):
        out[w] += factor * x[first + w]


@kernel
def order_building(k: int, p: int, t: int, fx: Forcing, s: State) -> float:
    """What is ordered of a product to build one plant again today (2.9b)."""
    rate, left = fx.build_rate[k], fx.build_cost[k] * s.build_left[k, p]
    return float(fx.build_part[k, t] * fx.build_mix[k, p] * min(rate, left))


@kernel
def want_building(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Capital that is not built yet, and what is ordered to build it (2.9b)."""
    if fx.build_unit.size > 0:
        s.build[:] = 0.0
    for k in range(fx.build_unit.size):
        i, left = fx.build_unit[k], 0.0
        for p in range(st.b.shape[0]):
            if fx.build_mix[k, p] > 0.0:
                left += fx.build_mix[k, p] * s.build_left[k, p]
                s.build[p, st.unit_region[i]] += order_building(k, p, t, fx, s)
        s.capital[i] *= 1.0 - fx.build_loss[k, t] * left


@kernel
def build(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Build with what came (2.9b)."""
    for k in range(fx.build_unit.size):
        r = st.unit_region[fx.build_unit[k]]
        for p in range(st.b.shape[0]):
            if fx.build_mix[k, p] > 0.0:
                came = order_building(k, p, t, fx, s) * s.built[p, r]
                less = came / (fx.build_cost[k] * fx.build_mix[k, p])
                s.build_left[k, p] = max(0.0, s.build_left[k, p] - less)


@kernel
def set_factors(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Set every exogenous factor of the day (2.1)."""
    for k in range(fx.capital_unit.size):
        s.capital[fx.capital_unit[k]] = fx.capital[k, t]
    want_building(t, st, fx, s)
    for k in range(fx.work_unit.size):
        s.work[fx.work_unit[k]] = fx.work[k, t]
    for k in range(fx.demand_cell.size):
        c = fx.demand_cell[k]
        s.demand[c // s.demand.shape[1], c % s.demand.shape[1]] = fx.demand[k, t]
    for k in range(fx.outage_service.size):
        v = fx.outage_service[k]
        s.outage[v] = fx.outage[k, t]
        if st.outage_unit[v] >= 0:
            s.running[st.outage_unit[v]] = 1.0
    for k in range(fx.outage_service.size):  # several services may come from one unit
        v = fx.outage_service[k]
        i = st.outage_unit[v]
        if i >= 0 and s.outage[v] > 0.0:
            if s.running[i] == 1.0 or s.outage[v] > s.outage[s.outage_bind[i]]:
                s.outage_bind[i] = v
            s.running[i] *= 1.0 - s.outage[v]
    for k in range(fx.backup_use.size):
        d = fx.backup_use[k]
        added = fx.backup[k, t] - (fx.backup[k, t - 1] if t > 0 else 0.0)
        s.backup_max[d] += added
        s.backup_left[d] = max(0.0, s.backup_left[d] + added)


@kernel
def let_all(a: int, z: int, w: int, t: int, come: float, part: F, open_: F) -> float:
    """What passages a to z let through of a client's flow, one after the other."""
    for k in range(a, z):
        come *= 1.0 - part[k, w] * (1.0 - open_[k, t])
    return float(come)


@kernel
def pass_orders(accept: F, share: F, b: F, part: F, queue: F, open_: float, yard: float) -> None:
    """Take out of the orders of a flow what a passage and its waiting room refuse (2.7b)."""
    for w in range(accept.size):
        route = 1.0 - part[w] * (1.0 - open_)
        base = share[w] * b[w]
        room = max(0.0, yard - queue[w] / max(base, LEAST_FLOW)) if base > 0.0 else 0.0
        accept[w] *= min(1.0, route + min(1.0 - route, room))


@kernel
def add_detour(lag: F, share: F, part: F, days: float) -> None:
    """Add the days of a longer way to the mean days on the way."""
    for w in range(lag.size):
        lag[w] += share[w] * np.rint(part[w] * days)


@kernel
def accept_orders(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Share of orders that origins and passages accept today, and the days of the way (2.7)."""
    n_regions, n_clients = st.unit_start.size - 1, st.b.shape[1]
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1]:
            continue
        u0, u1 = st.unit_start[cell % n_regions], st.unit_start[cell % n_regions + 1]
        wide, b, lag = u1 - u0, st.b[p, u0:u1], s.lag[p, u0:u1]
        lag[:] = st.lag_mean[p, u0:u1]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            at = st.s_ptr[p] + fx.group_sup[g] * n_clients + u0
            share, accept = st.s_t[at : at + wide], s.accept[g, :wide]
            accept[:] = fx.source_open[g, t]
            s.refusing[g] = 1 if fx.source_open[g, t] != 1.0 else 0
            for a in range(fx.pass_ptr[g], fx.pass_ptr[g + 1]):
                part = fx.pass_part[a, :wide]
                if fx.pass_open[a, t] != 1.0:
                    s.refusing[g] = 1
                    open_, queue = fx.pass_open[a, t], s.queue[a, :wide]
                    pass_orders(accept, share, b, part, queue, open_, fx.pass_yard[a])
                if fx.pass_extra[a, t] > 0:
                    add_detour(lag, share, part, float(fx.pass_extra[a, t]))


@kernel
def add_lost(lost: F, share: F, origin: F, phi: float) -> None:
    """Add what a lost origin takes from the exposed part of each client's input (2.4e)."""
    for w in range(lost.size):
        lost[w] += min(1.0, phi * share[w]) * (1.0 - min(1.0, origin[w]))


@kernel
def bind_origins(st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """What lost origins leave of each unit's capacity (2.4e)."""
    n_regions, n_clients = st.unit_start.size - 1, st.b.shape[1]
    s.origin_factor[:] = 1.0
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1] or st.stocked[p] == 0:
            continue
        u0 = st.unit_start[cell % n_regions]
        wide = st.unit_start[cell % n_regions + 1] - u0
        lost = wk.parts[0, :wide]
        lost[:] = 0.0
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            at = st.s_ptr[p] + fx.group_sup[g] * n_clients + u0
            add_lost(lost, st.s_t[at : at + wide], s.origin[g, :wide], dr.phi)
        for w in range(wide):
            left = 1.0 - dr.beta[p, u0 + w] * min(1.0, lost[w])
            if left < s.origin_factor[u0 + w]:
                s.origin_factor[u0 + w] = left
                s.origin_bind[u0 + w] = p


@kernel
def limit_by_good(x0: float, exposed: float, avail: float, side: float) -> float:
    """Input limit that a critical good sets to its user (2.4c); none where it has all it needs."""
    rate = max(0.0, min(1.0, avail) - side)
    return float(x0 * (1.0 - exposed * (1.0 - rate))) if rate < 1.0 else np.inf


@kernel
def have_capacity(own: float, service: float, sigma: float) -> float:
    """Capacity of a unit, share of normal: it orders services for more than it needs (2.2a)."""
    ordered = min(1.0, own * (1.0 + sigma))
    return float(min(own, service * ordered))


@kernel
def limit_unit(i: int, t: int, st: Static, dr: Drawn, fx: Forcing, s: State) -> None:
    """Capacity K and input limit X of one unit, with what binds them (2.2a, 2.3a)."""
    s.K[i] = st.x0[i] * have_capacity(s.capital[i] * s.work[i], s.service_factor[i], dr.sigma)
    full = s.K[i] * (1.0 + dr.sigma)
    s.X[i] = full
    s.cause[i] = NONE
    s.cause_capacity[i] = CAPITAL
    own = s.capital[i] * s.work[i]
    if s.K[i] < st.x0[i] * own:
        s.cause_capacity[i] = SERVICE
    elif s.work[i] < s.capital[i]:
        s.cause_capacity[i] = WORKFORCE
    for p in range(st.b.shape[0]):
        limit = dr.keep[p, i] * full + dr.reach[p, i] * s.S[p, i]
        if dr.reach[p, i] > 0.0 and limit < s.X[i]:
            s.X[i] = limit
            s.cause[i] = INPUT
            s.cause_index[i] = p
    limit = full * s.origin_factor[i]
    if limit < s.X[i]:
        s.X[i] = limit
        s.cause[i] = ORIGIN
        s.cause_index[i] = s.origin_bind[i]
    for k in range(st.unit_use_ptr[i], st.unit_use_ptr[i + 1]):
        e = st.unit_use[k]
        exposed, side = dr.use_exposed[e] * fx.use_factor[e, t], fx.good_side[st.use_good[e], t]
        limit = limit_by_good(st.x0[i], exposed, s.use_avail[e], side)
        if limit < s.X[i]:
            s.X[i] = limit
            s.cause[i] = GOOD
            s.cause_index[i] = e


@kernel
def limit_product(full: F, keep: F, reach: F, stock: F, limit: F) -> None:
    """Limit every unit by its stock of one product (2.3a)."""
    for i in range(limit.size):
        limit[i] = min(limit[i], keep[i] * full[i] + reach[i] * stock[i])


@kernel
def limit_units(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Capacity and input limit of every unit: `limit_unit` for all of them, without causes."""
    for i in range(st.x0.size):
        own = s.capital[i] * s.work[i]
        s.K[i] = st.x0[i] * have_capacity(own, s.service_factor[i], dr.sigma)
    for i in range(st.x0.size):
        wk.full[i] = s.K[i] * (1.0 + dr.sigma)
    for i in range(st.x0.size):
        s.X[i] = min(wk.full[i], wk.full[i] * s.origin_factor[i])
    for p in range(st.b.shape[0]):
        if st.stocked[p] == 1:
            limit_product(wk.full, dr.keep[p], dr.reach[p], s.S[p], s.X)
    for e in range(st.use_good.size):
        i = st.use_unit[e]
        if i < 0:
            continue
        exposed, side = dr.use_exposed[e] * fx.use_factor[e, t], fx.good_side[st.use_good[e], t]
        s.X[i] = min(s.X[i], limit_by_good(st.x0[i], exposed, s.use_avail[e], side))


@kernel
def serve(t: int, st: Static, dr: Drawn, fx: Forcing, s: State) -> None:
    """Service levels of the day and what they leave of each user's capacity (2.2b)."""
    for v in range(st.service_provider.size):
        i = st.service_provider[v]
        level = 1.0
        if i >= 0 and s.D1[i] > 0.0:
            limit_unit(i, t, st, dr, fx, s)
            able = min(s.K[i] * max(1.0, s.D1[i] / st.x0[i]), s.X[i])
            level = min(1.0, able / s.D1[i])
        s.level[v] = level * (1.0 - s.outage[v])
    s.service_factor[:] = 1.0
    for v in range(st.service_provider.size):
        for d in range(st.service_ptr[v], st.service_ptr[v + 1]):
            i = st.service_unit[d]
            above = 0.0
            for tier in range(st.service_tier[d]):
                above += st.tier_share[v, tier]
            share = st.tier_share[v, st.service_tier[d]]
            got = s.level[v]
            if share > 0.0:
                got = min(1.0, max(0.0, (got - above) / share))
            if got < 1.0 - TINY:
                used = min(s.backup_left[d], 1.0 - got)
                s.backup_left[d] -= used
                got += used
            else:
                s.backup_left[d] = min(s.backup_max[d], s.backup_left[d] + BACKUP_REFILL)
            got = max(dr.service_floor[d], got)
            if got < s.service_factor[i]:
                s.service_factor[i] = got
                s.service_bind[i] = v


@kernel
def count_gap(out: F, b: F, lag: F, held: F, plan: F, stock: F, moving: F, tau: float) -> None:
    """What is missing to the normal position, or over it, for each day of restocking (2.5c)."""
    for j in range(out.size):
        gap = (held[j] + lag[j] * plan[j]) * b[j] - (stock[j] + moving[j])
        out[j] = gap * (1.0 / max(tau, 0.5 * lag[j]))


@kernel
def count_urgent(out: F, b: F, lag: F, held: F, plan: F, stock: F, moving: F) -> None:
    """What is missing to the working stock, for each day in which it is refilled (2.5d)."""
    for j in range(out.size):
        gap = (min(held[j], 3.0) + lag[j] * plan[j]) * b[j] - (stock[j] + moving[j])
        out[j] = max(0.0, gap) * (1.0 / max(2.0, 0.5 * lag[j]))


@kernel
def order_first(order: F, b: F, plan: F, gap: F, urgent: F) -> None:
    """Orders of class 1 of all units for a product that is stocked (2.5e)."""
    for j in range(order.size):
        order[j] = max(0.0, b[j] * plan[j] + min(0.0, gap[j]) + urgent[j])


@kernel
def order_restock(order: F, gap: F, urgent: F) -> None:
    """Restocking orders of all units for a product that is stocked (2.5f)."""
    for j in range(order.size):
        order[j] = max(0.0, gap[j] - urgent[j])


@kernel
def order_service(order: F, st: Static, dr: Drawn, s: State, p: int) -> None:
    """Orders of all units for an essential service: they follow capital and workforce (2.5)."""
    for j in range(st.x0.size):
        if st.x0[j] > 0.0:
            able = s.capital[j] * s.work[j] * (1.0 + dr.sigma)
            order[j] = st.b[p, j] * min(s.e[j] / st.x0[j], able)


@kernel
def reroute(
    a: int, z: int, rate: float, most: float, b: F, missed: F, wanted: F, weight: F, order: F
) -> None:
    """Clients a to z look elsewhere for what a supplier did not deliver (2.5g)."""
    for j in range(a, z):
        wanted[j] += (min(missed[j], most * b[j]) - wanted[j]) * rate
        want = min(wanted[j], missed[j])
        order[j] = want / weight[j] if weight[j] > TINY else 0.0


@kernel
def place_orders(st: Static, dr: Drawn, s: State, wk: Work) -> None:
    """Orders of class 1, rerouted and restocking (2.5b to 2.5g), and their sums by supplier."""
    n_units, tau, gap, urgent = st.x0.size, st.tau, wk.parts[0], wk.parts[1]
    for i in range(n_units):
        if st.x0[i] > 0.0:
            s.plan[i] = min(s.e[i], s.K[i] * (1.0 + dr.sigma)) * (1.0 / st.x0[i])
    for p in range(st.b.shape[0]):
        order = s.order[p]
        for j in range(n_units, st.b.shape[1]):
            order[FIRST, j] = st.b[p, j] * s.demand[p, st.client_region[j]]
            if (j - n_units) % 2 == 1:
                order[FIRST, j] += s.build[p, st.client_region[j]]
        b, lag, held, stock, moving = st.b[p, :n_units], s.lag[p], dr.held[p], s.S[p], s.M[p]
        if st.stocked[p] == 1:
            count_gap(gap, b, lag, held, s.plan, stock, moving, tau)
            count_urgent(urgent, b, lag, held, s.plan, stock, moving)
            order_first(order[FIRST, :n_units], b, s.plan, gap, urgent)
            order_restock(order[RESTOCK, :n_units], gap, urgent)
        else:
            order_service(order[FIRST], st, dr, s, p)
        rate = 1.0 / st.reroute_days[p]
        for r in range(st.unit_start.size - 1):
            if s.missing[p, r] == 1:
                u0, u1 = st.unit_start[r], st.unit_start[r + 1]
                f0 = n_units + 2 * r
                for final in range(2):
                    a = f0 if final == 1 else u0
                    z = f0 + 2 if final == 1 else u1
                    reroute(a, z, rate, st.mu[p], st.b[p], s.U[p], s.R2[p], s.W[p], order[REROUTED])
        # at once, while the orders of the product are at hand
        k0, ns = st.sup_ptr[p], st.sup_ptr[p + 1] - st.sup_ptr[p]
        sum_orders(st.s_ptr[p], ns, st.s_t, order, wk.seen)
        for k in range(ns):
            for c in range(3):
                wk.dem[st.sup_unit[k0 + k], c] = wk.seen[c, k]
        if dr.new_links == 1 and s.missing[p].max() == 1:
            for k in range(ns):
                again = sum_linked(st.s_ptr[p] + k * st.b.shape[1], dr.again_t, order[REROUTED])
                wk.dem[st.sup_unit[k0 + k], REROUTED] = again


@summing
def sum_linked(at: int, share: F, order: F) -> float:
    """Sum the rerouted orders on a supplier where new links are allowed (2.5h)."""
    row, total = np.uint64(at), 0.0  # no sign: the row stays contiguous
    for j in range(np.uint64(order.size)):
        total += share[row + j] * order[j]
    return float(total)


@summing
def sum_orders(at: int, ns: int, share: F, orders: F, seen: F) -> None:
    """Orders of all clients on each supplier of a product, the three classes in one pass.

    Two suppliers at a time, because the orders are read again for each pass.
    """
    n, row = np.uint64(orders.shape[1]), np.uint64(at)  # no sign: rows stay contiguous
    pairs = ns - ns % 2
    for k in range(0, pairs, 2):
        f1, s1, r1, f2, s2, r2 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(n):
            one, two = share[row + j], share[row + n + j]
            first, restock, rerouted = orders[FIRST, j], orders[RESTOCK, j], orders[REROUTED, j]
            f1 += one * first
            s1 += one * restock
            r1 += one * rerouted
            f2 += two * first
            s2 += two * restock
            r2 += two * rerouted
        seen[FIRST, k], seen[RESTOCK, k], seen[REROUTED, k] = f1, s1, r1
        seen[FIRST, k + 1], seen[RESTOCK, k + 1], seen[REROUTED, k + 1] = f2, s2, r2
        row += n + n
    if pairs < ns:
        f1, s1, r1 = 0.0, 0.0, 0.0
        for j in range(n):
            f1 += share[row + j] * orders[FIRST, j]
            s1 += share[row + j] * orders[RESTOCK, j]
            r1 += share[row + j] * orders[REROUTED, j]
        seen[FIRST, pairs], seen[RESTOCK, pairs], seen[REROUTED, pairs] = f1, s1, r1


@summing
def sum_refused(share: F, accept: F, order: F) -> float:
    """Sum the orders that are refused to a supplier."""
    refused = 0.0
    for w in range(order.size):
        refused += share[w] * (1.0 - accept[w]) * order[w]
    return float(refused)


@kernel
def refuse_orders(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Take out the orders that origins and passages refuse (2.7)."""
    n_units, n_regions, n_clients = st.x0.size, st.unit_start.size - 1, st.b.shape[1]
    for cell in range(fx.group_ptr.size - 1):
        p, r = cell // n_regions, cell % n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1]:
            continue
        u0, u1 = st.unit_start[r], st.unit_start[r + 1]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            i, row = fx.group_unit[g], st.s_ptr[p] + fx.group_sup[g] * n_clients
            if s.refusing[g] == 1:
                accept = s.accept[g, : u1 - u0]
                for c in range(3):
                    share = (dr.again_t if c == REROUTED else st.s_t)[row + u0 : row + u1]
                    wk.dem[i, c] -= sum_refused(share, accept, s.order[p, c, u0:u1])
            a, z, source = fx.pass_ptr[g], fx.pass_ptr[g + 1], fx.source_arrive[g, t]
            for f in range(2):
                j = n_units + 2 * r + f
                come = let_all(a, z, f, t, source, fx.pass_part_final, fx.pass_arrive)
                if come != 1.0:
                    no, again = st.s_t[row + j] * (1.0 - come), dr.again_t[row + j] * (1.0 - come)
                    wk.dem[i, FIRST] -= no * s.order[p, FIRST, j]
                    wk.dem[i, REROUTED] -= again * s.order[p, REROUTED, j]


@kernel
def sum_served(i: int, t: int, st: Static, fx: Forcing, s: State) -> tuple[float, float]:
    """Accepted orders on a supplier of those it serves first, and of ordinary final users (2.6).

    First come vital final users, and providers of essential services: while the makers of their
    inputs stand still for want of the service, neither would come back.
    """
    p, n_units = st.unit_product[i], st.x0.size
    k0, order = st.sup_ptr[p], s.order[p, FIRST]
    k = 0
    while st.sup_unit[k0 + k] != i:
        k += 1
    at = st.s_ptr[p] + k * st.b.shape[1]
    vital, ordinary = 0.0, 0.0
    for r in range(st.unit_start.size - 1):
        j, come, come_ordinary = n_units + 2 * r, 1.0, 1.0
        g = fx.group_of[p, k, r]
        if g >= 0:
            a, z, source = fx.pass_ptr[g], fx.pass_ptr[g + 1], fx.source_arrive[g, t]
            come = let_all(a, z, 0, t, source, fx.pass_part_final, fx.pass_arrive)
            come_ordinary = let_all(a, z, 1, t, source, fx.pass_part_final, fx.pass_arrive)
        vital += st.s_t[at + j] * come * order[j]
        ordinary += st.s_t[at + j + 1] * come_ordinary * order[j + 1]
    for j in st.providers:
        g = fx.group_of[p, k, st.unit_region[j]]
        come = s.accept[g, j - st.unit_start[st.unit_region[j]]] if g >= 0 else 1.0
        vital += st.s_t[at + j] * come * order[j]
    return vital, ordinary


@kernel
def fill_class_one(goods: float, inputs: float, final: float, kappa: float) -> tuple[float, float]:
    """Fill of producers f and of ordinary final demand f^kappa with I f + F f^kappa = T (2.6c)."""
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
def ask_row(asked: F, usual: F, order: F, b: F, share: F, first: Bytes) -> None:
    """What a row of clients asks over what it normally buys; who is served first does not count."""
    for w in range(asked.size):
        asked[w] = order[w] / max(b[w], LEAST_FLOW)
        usual[w] = share[w] * b[w] * (1 - first[w])


@kernel
def list_asked(i: int, t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """List the clients of a supplier: units, then ordinary final users by region (2.6d, 2.6e)."""
    p, n_units = st.unit_product[i], st.x0.size
    k0, order, b, asked = st.sup_ptr[p], s.order[p, FIRST], st.b[p], wk.asked
    k = 0
    while st.sup_unit[k0 + k] != i:
        k += 1
    at = st.s_ptr[p] + k * st.b.shape[1]
    share, ratio, usual = st.s_t[at : at + n_units], asked[0, :n_units], asked[1, :n_units]
    ask_row(ratio, usual, order[:n_units], b[:n_units], share, st.is_provider)
    for r in range(st.unit_start.size - 1):
        g, u0, j, come = fx.group_of[p, k, r], st.unit_start[r], n_units + 2 * r + 1, 1.0
        if g >= 0:
            for w in range(st.unit_start[r + 1] - u0):
                asked[0, u0 + w] *= s.accept[g, w]
            a, z, source = fx.pass_ptr[g], fx.pass_ptr[g + 1], fx.source_arrive[g, t]
            come = let_all(a, z, 1, t, source, fx.pass_part_final, fx.pass_arrive)
        asked[0, n_units + r] = come * order[j] / max(b[j], LEAST_FLOW)
        asked[1, n_units + r] = st.s_t[at + j] * b[j]


@summing
def fill_to(asked: F, level: float) -> tuple[float, float]:
    """What clients take who ask for no more than a level, and what the others normally buy."""
    taken, open_ = 0.0, 0.0
    for c in range(asked.shape[1]):
        served = asked[0, c] <= level
        taken += asked[1, c] * (asked[0, c] if served else 0.0)
        open_ += 0.0 if served else asked[1, c]
    return taken, open_


@kernel
def find_level(asked: F, left: float) -> float:
    """Level at which clients who get the lesser of it and what they ask take up what is left (2.6d).

    Newton's method from below on a concave line of as many pieces as clients: every sweep ends on a
    later piece. Where that takes long, the clients are sorted once.
    """
    level = 0.0
    for _ in range(MOST_SWEEPS):
        taken, open_ = fill_to(asked, level)
        new = (left - taken) / open_ if open_ > 0.0 else level
        if new <= level:
            return level
        level = new
    order = np.argsort(asked[0])
    taken, open_ = 0.0, asked[1].sum()
    for m in range(order.size):
        c = order[m]
        if taken + asked[0, c] * open_ >= left:
            return float((left - taken) / open_)
        taken += asked[1, c] * asked[0, c]
        open_ -= asked[1, c]
    return ENOUGH


@kernel
def find_class(asked: F, rank: Bytes, left: float) -> float:
    """Priority class that what is left reaches, and the fill of that class (2.6e)."""
    for turn in range(LAST_CLASS + 1):
        wanted = 0.0
        for c in range(asked.shape[1]):
            mine = rank[c] if c < rank.size else LAST_CLASS
            wanted += asked[0, c] * asked[1, c] if mine == turn else 0.0
        if left < wanted and wanted > 0.0:
            return float(turn + max(0.0, left) / wanted)
        left -= wanted
    return ENOUGH


@kernel
def fill_client(allocation: int, level: float, asked: float, rank: int) -> float:
    """Fill of a client by the level or the class that its supplier reaches (2.6d, 2.6e)."""
    if allocation == LEVEL:
        return level / asked if asked > level else 1.0
    return float(min(1.0, max(0.0, level - rank)))


@kernel
def produce(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Output and its allocation to the classes of orders (2.6a to 2.6e); demand learned (2.5a)."""
    for i in range(st.x0.size):
        x0 = st.x0[i]
        if x0 <= 0.0:
            continue
        want = max(0.0, wk.dem[i, FIRST])
        rerouted = s.spare[i] * max(0.0, wk.dem[i, REROUTED])
        restock = max(0.0, wk.dem[i, RESTOCK])
        able = min(s.K[i] * max(1.0, want / x0), s.X[i])
        first = min(able, want) if able < want * FULL else want
        rest = min(max(0.0, s.X[i] - first), rerouted + restock)
        running = s.running[i]
        s.x[i] = running * (first + rest)
        f, to_vital, o, level = 1.0, 1.0, 1.0, ENOUGH
        if first < want:
            vital, ordinary = sum_served(i, t, st, fx, s)
            vital = min(max(0.0, vital), want)
            ordinary = min(max(0.0, ordinary), want - vital)
            inputs = want - vital - ordinary
            first_of_all = vital + dr.producers_least * inputs
            to_vital = first / first_of_all if first < first_of_all else 1.0
            left = first - to_vital * vital
            if dr.allocation == FILL:
                f, o = fill_class_one(left, inputs, ordinary, dr.kappa)
                if f < dr.producers_least * to_vital:
                    f = dr.producers_least * to_vital
                    o = max(0.0, left - f * inputs) / ordinary if ordinary > 0.0 else 0.0
            else:
                list_asked(i, t, st, fx, s, wk)
                if dr.allocation == LEVEL:
                    level = find_level(wk.asked, left)
                else:
                    level = find_class(wk.asked, st.rank, left)
        wk.level[i] = level
        # who is cut off by an outage gets nothing, whoever he is
        f, to_vital, o = running * f, running * to_vital, running * o
        wk.fill[i, TO_UNITS] = f
        wk.fill[i, TO_VITAL] = to_vital
        wk.fill[i, TO_ORDINARY] = o
        again = min(1.0, rest / rerouted) if rerouted > TINY * x0 else 0.0
        rest = rest - again * rerouted
        wk.fill[i, TO_REROUTED] = running * again * s.spare[i]
        wk.fill[i, TO_RESTOCK] = running
        if restock > TINY * x0 and rest < restock * FULL:
            wk.fill[i, TO_RESTOCK] = running * max(0.0, rest / restock)
        wk.short[i] = 0
        if min(f, min(to_vital, min(o, wk.fill[i, TO_RESTOCK]))) < 1.0 or level < ENOUGH:
            wk.short[i] = 1
        # overtime does not replace lost capacity: who is short has nothing to spare for others
        willing = running * max(0.0, 1.0 - (want - first) / (NO_SPARE * x0))
        s.spare[i] = willing * max(0.0, s.X[i] - want) / x0
        s.D1[i] = want
        s.e[i] += (want - s.e[i]) / st.smooth


@kernel
def find_losers(st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Mark the products of which somebody may get another amount than ordered."""
    n_regions = st.unit_start.size - 1
    for p in range(st.b.shape[0]):
        wk.lost[p] = 0
        if fx.group_ptr[p * n_regions] < fx.group_ptr[(p + 1) * n_regions]:
            wk.lost[p] = 1
        for r in range(n_regions):
            if s.missing[p, r] == 1:
                wk.lost[p] = 1
        for k in range(st.sup_ptr[p], st.sup_ptr[p + 1]):
            if wk.short[st.sup_unit[k]] == 1:
                wk.lost[p] = 1


@kernel
def deliver(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Deliveries to units enter the pipeline with their lag (2.6, 2.7).

    All that is ordered first, split by the normal shares of the lags; then what single suppliers
    leave unfilled, or deliver on top, is corrected.
    """
    slots = s.ring.shape[0]
    wk.sent[:] = 0.0
    find_losers(st, fx, s, wk)
    for p in range(st.b.shape[0]):
        first, restock, more = s.order[p, FIRST], s.order[p, RESTOCK], wk.more
        for w in range(more.size):
            more[w] = first[w] + restock[w]
        if st.one_lag[p] == 1:
            add(s.ring[t % slots, p], more)
        for c in range(st.lag_days.size):
            if st.class_used[p, c] == 1 and st.one_lag[p] == 0:
                add_product(s.ring[(t + st.lag_days[c]) % slots, p], st.class_share[p, c], more)
        add(s.M[p], more)
        add(wk.sent, more)
        s.U[p] = 0.0
        if wk.lost[p] == 1:
            correct_product(t, p, st, s, wk, dr.again_t, dr.new_links)
            if dr.new_links == 1:
                send_linked(t, p, st, dr, s, wk)
            cell = p * (st.unit_start.size - 1)
            if fx.group_ptr[cell] < fx.group_ptr[cell + st.unit_start.size - 1]:
                leave_groups(t, p, st, dr, fx, s, wk)
            favour_providers(t, p, st, fx, s, wk)
            if dr.allocation != FILL:
                hold_to_level(t, p, st, dr, fx, s, wk)


@kernel
def take_one(out: F, share: F, first: F, fill: float) -> None:
    """What a supplier sends of the first orders."""
    for w in range(out.size):
        out[w] = share[w] * first[w] * fill


@kernel
def take_more(out: F, one: F, share: F, rerouted: F, restock: F, again: float, fill: float) -> None:
    """What a supplier sends of all orders."""
    for w in range(out.size):
        out[w] = one[w] + share[w] * (rerouted[w] * again + restock[w] * fill)


@kernel
def take_links(out: F, share: F, links: F, open_: F, rerouted: F, again: float) -> None:
    """What a supplier sends on top where new links are allowed (2.5h)."""
    for w in range(out.size):
        out[w] += (links[w] - share[w]) * open_[w] * (rerouted[w] * again)


@kernel
def correct_product(
    t: int, p: int, st: Static, s: State, wk: Work, again_t: F, new_links: int
) -> None:
    """Correct the deliveries of a product: what is left unfilled, and what is rerouted."""
    k0, ns, at = st.sup_ptr[p], st.sup_ptr[p + 1] - st.sup_ptr[p], st.s_ptr[p]
    n_units, n_regions, slots = st.x0.size, st.unit_start.size - 1, s.ring.shape[0]
    orders, ring, parts, less = s.order[p], s.ring, wk.parts, wk.more
    missing = s.missing[p].max() == 1
    no, no_restock, again = wk.seen[0], wk.seen[1], wk.seen[2]
    parts[:] = 0.0
    for k in range(ns):
        fill = wk.fill[st.sup_unit[k0 + k]]
        no[k], no_restock[k] = 1.0 - fill[TO_UNITS], 1.0 - fill[TO_RESTOCK]
        again[k] = fill[TO_REROUTED] if missing else 0.0
        row = at + k * st.b.shape[1]
        if no[k] > 0.0:
            add_scaled(parts[0], no[k], st.s_t, row)
        if no_restock[k] > 0.0:
            add_scaled(parts[1], no_restock[k], st.s_t, row)
        if again[k] > 0.0:
            add_scaled(parts[2], again[k], again_t, row)
    fill_row(s.U[p, :n_units], parts[0], orders[FIRST])
    count_less(less, s.U[p], parts[1], orders[RESTOCK], parts[2], orders[REROUTED])
    subtract(s.M[p], less)
    subtract(wk.sent, less)
    if st.one_lag[p] == 1 and new_links == 0:
        subtract(ring[t % slots, p], less)
    else:
        for k in range(ns):
            row = at + k * st.b.shape[1]
            origin = st.unit_region[st.sup_unit[k0 + k]]
            for r in range(n_regions):
                if no[k] > 0.0 or no_restock[k] > 0.0 or s.missing[p, r] == 1:
                    slot = (t + st.lag_days[st.lag_class[p, origin, r]]) % slots
                    take_back(
                        st.unit_start[r], st.unit_start[r + 1], row, st.s_t, orders,
                        no[k], no_restock[k], again[k], slot, p, ring,
                    )  # fmt: skip


@kernel
def send_linked(t: int, p: int, st: Static, dr: Drawn, s: State, wk: Work) -> None:
    """Move rerouted deliveries from the usual shares to those with new links (2.5h)."""
    at, slots = st.s_ptr[p], s.ring.shape[0]
    for k in range(st.sup_ptr[p + 1] - st.sup_ptr[p]):
        row, again = at + k * st.b.shape[1], wk.seen[2, k]
        origin = st.unit_region[st.sup_unit[st.sup_ptr[p] + k]]
        for r in range(st.unit_start.size - 1):
            slot = (t + st.lag_days[st.lag_class[p, origin, r]]) % slots
            for j in range(st.unit_start[r], st.unit_start[r + 1]):
                new = dr.again_t[row + j] - st.s_t[row + j]
                s.ring[slot, p, j] += new * (again * s.order[p, REROUTED, j])


@kernel
def leave_groups(t: int, p: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Take out what flow groups carry: they sail by themselves."""
    n_regions, slots, at = st.unit_start.size - 1, s.ring.shape[0], st.s_ptr[p]
    orders, ring, parts = s.order[p], s.ring, wk.parts
    no, no_restock, again = wk.seen[0], wk.seen[1], wk.seen[2]
    for cell in range(p * n_regions, (p + 1) * n_regions):
        r = cell % n_regions
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            k = fx.group_sup[g]
            slot = (t + st.lag_days[st.lag_class[p, st.unit_region[fx.group_unit[g]], r]]) % slots
            u0, u1 = st.unit_start[r], st.unit_start[r + 1]
            share = st.s_t[at + k * st.b.shape[1] + u0 : at + k * st.b.shape[1] + u1]
            one, more = parts[0, : u1 - u0], parts[1, : u1 - u0]
            take_one(one, share, orders[FIRST, u0:u1], 1.0 - no[k])
            add(s.U[p, u0:u1], one)
            rerouted, restock = orders[REROUTED, u0:u1], orders[RESTOCK, u0:u1]
            take_more(more, one, share, rerouted, restock, again[k], 1.0 - no_restock[k])
            if dr.new_links == 1:
                row = at + k * st.b.shape[1]
                for j in range(u0, u1):
                    new = dr.again_t[row + j] - st.s_t[row + j]
                    more[j - u0] += new * (again[k] * orders[REROUTED, j])
            subtract(ring[slot, p, u0:u1], more)
            subtract(s.M[p, u0:u1], more)
            subtract(wk.sent[u0:u1], more)


@kernel
def fill_row(out: F, x: F, y: F) -> None:
    """Set a row to the product of two."""
    for w in range(out.size):
        out[w] = x[w] * y[w]


@kernel
def count_less(less: F, first: F, part: F, restock: F, again: F, rerouted: F) -> None:
    """What all suppliers leave unfilled of each order, less what is rerouted to them."""
    for w in range(less.size):
        less[w] = first[w] + part[w] * restock[w] - again[w] * rerouted[w]


@kernel
def take_back(
    u0: int, u1: int, at: int, share: F, orders: F, no: float, no_restock: float, again: float,
    slot: int, p: int, ring: F,
) -> None:  # fmt: skip
    """Correct the arrivals of clients u0 to u1 on one day."""
    a, z, start = np.uint64(u0), np.uint64(u1), np.uint64(at)  # no sign: rows stay contiguous
    for j in range(a, z):
        want = no * orders[FIRST, j] + no_restock * orders[RESTOCK, j]
        ring[slot, p, j] -= share[start + j] * (want - again * orders[REROUTED, j])


@kernel
def favour_providers(t: int, p: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Providers of essential services are filled like vital demand (2.6)."""
    ns = st.sup_ptr[p + 1] - st.sup_ptr[p]
    for k in range(ns):
        i = st.sup_unit[st.sup_ptr[p] + k]
        # less where rounding fills producers of whom none but providers order anything
        better = wk.fill[i, TO_VITAL] - wk.fill[i, TO_UNITS]
        if better == 0.0:
            continue
        for j in st.providers:
            r = st.unit_region[j]
            if fx.group_of[p, k, r] < 0:
                slot = (t + st.lag_days[st.lag_class[p, st.unit_region[i], r]]) % s.ring.shape[0]
                back = st.s_t[st.s_ptr[p] + k * st.b.shape[1] + j] * better * s.order[p, FIRST, j]
                s.ring[slot, p, j] += back
                s.M[p, j] += back
                s.U[p, j] -= back
                wk.sent[j] += back


@kernel
def cut_row(
    less: F, share: F, order: F, b: F, rank: Bytes, first: Bytes, allocation: int, level: float
) -> None:
    """What of the orders of a row of clients is above the level or class of their supplier."""
    if allocation == LEVEL:
        for w in range(less.size):
            less[w] = share[w] * max(0.0, order[w] - level * b[w]) * (1 - first[w])
    else:
        for w in range(less.size):
            left = 1.0 - min(1.0, max(0.0, level - rank[w]))
            less[w] = share[w] * order[w] * left * (1 - first[w])


@kernel
def hold_to_level(
    t: int, p: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work
) -> None:  # fmt: skip
    """Take from clients what is above the level or class of their supplier (2.6d, 2.6e)."""
    order, b, n_clients, less = s.order[p, FIRST], st.b[p], st.b.shape[1], wk.more
    for k in range(st.sup_ptr[p + 1] - st.sup_ptr[p]):
        i = st.sup_unit[st.sup_ptr[p] + k]
        at, level, running = st.s_ptr[p] + k * n_clients, wk.level[i], s.running[i]
        if level == ENOUGH:
            continue
        n = less.size
        share, first = st.s_t[at : at + n], st.is_provider
        cut_row(less, share, order[:n], b[:n], st.rank, first, dr.allocation, level)
        for r in range(st.unit_start.size - 1):
            if fx.group_of[p, k, r] >= 0:
                continue
            a, z = st.unit_start[r], st.unit_start[r + 1]
            slot = (t + st.lag_days[st.lag_class[p, st.unit_region[i], r]]) % s.ring.shape[0]
            add_scaled(s.ring[slot, p, a:z], -running, less, a)
            add_scaled(s.M[p, a:z], -running, less, a)
            add_scaled(s.U[p, a:z], running, less, a)
            add_scaled(wk.sent[a:z], -running, less, a)


@kernel
def deliver_final(
    t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work, rec: Record
) -> float:
    """Deliveries to final users, who hold no stock (2.6); return all of them."""
    n_units = st.x0.size
    total = 0.0
    for p in range(st.b.shape[0]):
        k0, ns = st.sup_ptr[p], st.sup_ptr[p + 1] - st.sup_ptr[p]
        for j in range(n_units, st.b.shape[1]):
            want, again = s.order[p, FIRST, j], s.order[p, REROUTED, j]
            r, kind = st.client_region[j], (j - n_units) % 2
            one, two = want, 0.0
            if wk.lost[p] == 1 and st.b[p, j] > 0.0:
                one = 0.0
                for k in range(ns):
                    at, i = st.s_ptr[p] + k * st.b.shape[1] + j, st.sup_unit[k0 + k]
                    share = st.s_t[at]
                    g, come, fill = fx.group_of[p, k, r], 1.0, wk.fill[i, TO_VITAL + kind]
                    if g >= 0:
                        a, z, source = fx.pass_ptr[g], fx.pass_ptr[g + 1], fx.source_arrive[g, t]
                        come = let_all(a, z, kind, t, source, fx.pass_part_final, fx.pass_arrive)
                    if kind == 1 and wk.level[i] < ENOUGH:
                        asked = come * want / st.b[p, j]
                        fill *= fill_client(dr.allocation, wk.level[i], asked, LAST_CLASS)
                    one += share * come * want * fill
                    if dr.new_links == 1:
                        share = dr.again_t[at]
                    two += share * come * again * wk.fill[i, TO_REROUTED]
                s.U[p, j] = max(0.0, want - one)
            total += one + two
            got = min(want, one + two)
            if kind == 1 and s.build[p, r] > 0.0:
                # what is built with is one order among the final ones, and counted apart
                s.built[p, r] = got / want
                rec.build_want[t] += s.build[p, r]
                rec.build_got[t] += s.build[p, r] * s.built[p, r]
                got -= s.build[p, r] * s.built[p, r]
                want -= s.build[p, r]
            rec.world_unmet[t] += want - got
            if r == rec.home:
                rec.final_want[t] += want
                rec.final_got[t] += got
                if kind == 0:
                    rec.vital_want[t] += want
                    rec.vital_got[t] += got
                    rec.vital_product[t, p] = got / want if want > 0.0 else 1.0
    return total


@kernel
def ship_groups(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Shipments of flow groups on their way to their first passage (2.7)."""
    n_regions, n_clients = st.unit_start.size - 1, st.b.shape[1]
    up_slots = s.pass_ring.shape[0]
    for cell in range(fx.group_ptr.size - 1):
        p, r = cell // n_regions, cell % n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1]:
            continue
        u0, u1 = st.unit_start[r], st.unit_start[r + 1]
        wide = u1 - u0
        first, restock = s.order[p, FIRST, u0:u1], s.order[p, RESTOCK, u0:u1]
        one, more, open_ = wk.parts[0, :wide], wk.parts[1, :wide], wk.parts[2, :wide]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            fill, a = wk.fill[fx.group_unit[g]], fx.pass_ptr[g]
            at = st.s_ptr[p] + fx.group_sup[g] * n_clients + u0
            fill_row(open_, st.s_t[at : at + wide], s.accept[g, :wide])
            take_one(one, open_, first, fill[TO_UNITS])
            if fill[TO_VITAL] != fill[TO_UNITS]:
                for j in st.providers:
                    if st.unit_region[j] == r:
                        one[j - u0] = open_[j - u0] * first[j - u0] * fill[TO_VITAL]
            level = wk.level[fx.group_unit[g]]
            for j in range(u0, u1 if level < ENOUGH else u0):
                if st.b[p, j] > 0.0 and st.is_provider[j] == 0:
                    asked = s.accept[g, j - u0] * first[j - u0] / st.b[p, j]
                    one[j - u0] *= fill_client(dr.allocation, level, asked, st.rank[j])
            rerouted, again = s.order[p, REROUTED, u0:u1], fill[TO_REROUTED]
            take_more(more, one, open_, rerouted, restock, again, fill[TO_RESTOCK])
            if dr.new_links == 1:
                share, links = st.s_t[at : at + wide], dr.again_t[at : at + wide]
                take_links(more, share, links, s.accept[g, :wide], rerouted, again)
            subtract(s.U[p, u0:u1], one)
            add(wk.sent[u0:u1], more)
            if a < fx.pass_ptr[g + 1]:
                add(s.pass_ring[(t + fx.pass_up[a]) % up_slots, a, :wide], more)
                add(s.trapped[a, :wide], more)
            else:
                lag = st.lag_days[st.lag_class[p, st.unit_region[fx.group_unit[g]], r]]
                add(s.ring[(t + lag) % s.ring.shape[0], p, u0:u1], more)
                add(s.M[p, u0:u1], more)


@kernel
def let_through(come: float, queue: float, route: float, base: float, rate: float) -> float:
    """What passes: the open share, and once reopened a part on top while a queue clears (2.7a)."""
    if route >= 1.0 and queue <= 0.0:
        return come
    clear = 1.0 + rate if route >= REOPENED else 1.0
    return min(queue + come, route * max(come, base) * clear)


@kernel
def let_row(go: F, come: F, queue: F, part: F, share: F, b: F, open_: float, rate: float) -> None:
    """What a passage lets through for each client."""
    for w in range(go.size):
        route = 1.0 - part[w] * (1.0 - open_)
        clear = 1.0 + rate if route >= REOPENED else 1.0
        some = min(queue[w] + come[w], route * max(come[w], share[w] * b[w]) * clear)
        go[w] = come[w] if route >= 1.0 and queue[w] <= 0.0 else some


@kernel
def wait_on(out: F, come: F, go: F) -> None:
    """What came and did not go stays."""
    for w in range(out.size):
        out[w] = out[w] + come[w] - go[w]


@kernel
def count_open(opened: F, part: F, open_: float) -> None:
    """Close a way by one more passage."""
    for w in range(opened.size):
        opened[w] *= 1.0 - part[w] * (1.0 - open_)


@kernel
def move_on(ring: F, slot: int, k: int, start: int, go: F, part: F, days: int) -> None:
    """Send on what passed, each client's ships by their own mean days of detour."""
    if days == 0:
        add(ring[slot % ring.shape[0], k, start : start + go.size], go)
        return
    for w in range(go.size):
        ring[(slot + int(np.rint(part[w] * days))) % ring.shape[0], k, start + w] += go[w]


@kernel
def pass_groups(t: int, st: Static, fx: Forcing, s: State, wk: Work) -> None:
    """Passages let through what is open; the rest queues and clears at a finite rate (2.7)."""
    n_regions, n_clients = st.unit_start.size - 1, st.b.shape[1]
    now = t % s.pass_ring.shape[0]
    for cell in range(fx.group_ptr.size - 1):
        p, r = cell // n_regions, cell % n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1]:
            continue
        u0, u1 = st.unit_start[r], st.unit_start[r + 1]
        wide, b, moving = u1 - u0, st.b[p, u0:u1], s.M[p, u0:u1]
        go, opened, count = wk.parts[0, :wide], wk.parts[1, :wide], wk.parts[2, :wide]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            first, last = fx.pass_ptr[g], fx.pass_ptr[g + 1] - 1
            lag = st.lag_days[st.lag_class[p, st.unit_region[fx.group_unit[g]], r]]
            at = st.s_ptr[p] + fx.group_sup[g] * n_clients + u0
            share = st.s_t[at : at + wide]
            for a in range(first, last + 1):
                come, queue, part = s.pass_ring[now, a, :wide], s.queue[a, :wide], fx.pass_part[a]
                let_row(go, come, queue, part, share, b, fx.pass_open[a, t], st.queue_rate)
                wait_on(queue, come, go)
                come[:] = 0.0
                subtract(s.trapped[a, :wide], go)
                if a < last:
                    slot = t - fx.pass_up[a] + fx.pass_up[a + 1]
                    move_on(s.pass_ring, slot, a + 1, 0, go, part, fx.pass_extra[a, t])
                    add(s.trapped[a + 1, :wide], go)
                else:
                    slot = t - fx.pass_up[a] + lag
                    move_on(s.ring, slot, p, u0, go, part, fx.pass_extra[a, t])
                    add(moving, go)
            # what waits counts as far as all passages before it are open
            opened[:] = 1.0
            count[:] = 0.0
            for a in range(last, first - 1, -1):
                count_open(opened, fx.pass_part[a, :wide], fx.pass_open[a, t])
                add_product(count, opened, s.trapped[a, :wide])
            wait_on(moving, count, s.counted[g, :wide])
            s.counted[g, :wide] = count


@kernel
def weigh_spare(t: int, p: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Spare capacity that each client can reach today, weighted by its shares (2.5)."""
    k0, ns, at = st.sup_ptr[p], st.sup_ptr[p + 1] - st.sup_ptr[p], st.s_ptr[p]
    n_units, n_clients, n_regions = st.x0.size, st.b.shape[1], st.unit_start.size - 1
    block = dr.again_t[at : at + ns * n_clients].reshape(ns, n_clients)
    spare = wk.seen[0]
    s.W[p] = 0.0
    for k in range(ns):
        spare[k] = s.spare[st.sup_unit[k0 + k]]
        if spare[k] > 0.0:
            add_scaled(s.W[p], spare[k], dr.again_t, at + k * n_clients)
    for cell in range(p * n_regions, (p + 1) * n_regions):
        u0, f0 = st.unit_start[cell % n_regions], n_units + 2 * (cell % n_regions)
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            k = fx.group_sup[g]
            for w in range(st.unit_start[cell % n_regions + 1] - u0):
                s.W[p, u0 + w] -= block[k, u0 + w] * (1.0 - s.accept[g, w]) * spare[k]
            a, z, source = fx.pass_ptr[g], fx.pass_ptr[g + 1], fx.source_arrive[g, t]
            for f in range(2):
                come = let_all(a, z, f, t, source, fx.pass_part_final, fx.pass_arrive)
                s.W[p, f0 + f] -= block[k, f0 + f] * (1.0 - come) * spare[k]


@kernel
def somebody_misses(a: int, z: int, b: F, missed: F, wanted: F) -> bool:
    """Whether any of the clients a to z misses enough of a product to look elsewhere."""
    for j in range(a, z):
        least = LEAST_MISS * b[j]
        if least > 0.0 and max(missed[j], wanted[j]) > least:
            return True
    return False


@kernel
def see_missing(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Mark the products somebody misses: only these can have rerouted orders tomorrow."""
    n_units = st.x0.size
    for p in range(st.b.shape[0]):
        if st.mu[p] <= 0.0 or wk.lost[p] == 0:
            continue
        b, missed, wanted = st.b[p], s.U[p], s.R2[p]
        for r in range(st.unit_start.size - 1):
            u0, u1 = st.unit_start[r], st.unit_start[r + 1]
            f0 = n_units + 2 * r
            found = somebody_misses(u0, u1, b, missed, wanted)
            if found or somebody_misses(f0, f0 + 2, b, missed, wanted):
                s.missing[p, r] = 1
            elif s.missing[p, r] == 1:
                s.missing[p, r] = 0
                for final in range(2):
                    a = f0 if final == 1 else u0
                    z = f0 + 2 if final == 1 else u1
                    s.order[p, REROUTED, a:z] = 0.0
                    s.R2[p, a:z] = 0.0
        if s.missing[p].max() == 1:
            weigh_spare(t, p, st, dr, fx, s, wk)


@kernel
def use_product(stock: F, come: F, per_x: F, x: F) -> None:
    """Use one product and take in what arrives (2.8a); rounding leaves no stock below nought."""
    for i in range(stock.size):
        stock[i] = max(0.0, stock[i] + (come[i] - min(stock[i], per_x[i] * x[i])))


@kernel
def use_inputs(t: int, st: Static, s: State) -> None:
    """Use inputs and take in arrivals; stocks never turn negative (2.8)."""
    slot = t % s.ring.shape[0]
    for p in range(st.b.shape[0]):
        if st.stocked[p] == 1:
            use_product(s.S[p], s.ring[slot, p], st.per_x[p], s.x)
        subtract(s.M[p], s.ring[slot, p])
    s.ring[slot] = 0.0


@kernel
def cover_origin(origin: F, rate: F, held: F, come: F) -> None:
    """Use the cover by one origin and take in what it sends (2.4d)."""
    for w in range(origin.size):
        left = origin[w] - min(1.0, origin[w]) * rate[w] + come[w] * max(1.0, rate[w])
        origin[w] = min(max(0.0, left), held[w])


@kernel
def cover_origins(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work) -> None:
    """Cover by origin: an open origin supplies whatever is used (2.4)."""
    n_regions = st.unit_start.size - 1
    for i in range(st.x0.size):
        wk.parts[0, i] = s.x[i] / st.x0[i] if st.x0[i] > 0.0 else 0.0
    for cell in range(fx.group_ptr.size - 1):
        p = cell // n_regions
        if fx.group_ptr[cell] == fx.group_ptr[cell + 1]:
            continue
        u0, u1 = st.unit_start[cell % n_regions], st.unit_start[cell % n_regions + 1]
        wide, rate, held = u1 - u0, wk.parts[0, u0:u1], dr.held[p, u0:u1]
        come = wk.parts[1, :wide]
        for g in range(fx.group_ptr[cell], fx.group_ptr[cell + 1]):
            come[:] = fx.source_arrive[g, t]
            for a in range(fx.pass_ptr[g], fx.pass_ptr[g + 1]):
                if fx.pass_arrive[a, t] != 1.0:
                    count_open(come, fx.pass_part[a, :wide], fx.pass_arrive[a, t])
            cover_origin(s.origin[g, :wide], rate, held, come)


@kernel
def home_rate(x: float, most: float, x0: float) -> float:
    """What a home maker of a good makes, or could make where only demand is missing (2.4)."""
    return float(max(min(1.0, most / x0), x / x0))


@kernel
def open_goods(t: int, st: Static, dr: Drawn, fx: Forcing, s: State) -> None:
    """What each user can use of each good today, stretching when a closure is seen (2.4a, 2.4b)."""
    s.good_still[:] = fx.good_extra[:, t]
    s.good_seen[:] = fx.good_extra[:, t]
    for c in range(st.line_good.size):
        i = st.line_unit[c]
        rate = dr.line_share[c]
        if i >= 0:
            rate *= home_rate(s.x[i], min(s.K[i], s.X[i]), st.x0[i])
        s.good_still[st.line_good[c]] += rate * fx.line_source[c, t] * fx.line_open[c, t]
        s.good_seen[st.line_good[c]] += rate * fx.line_seen[c, t]
    s.good_reach[:] = s.good_moving
    for k in range(st.pool_good.size):
        s.pool[k] *= 1.0 - fx.pool_loss[k, t]
        # users count on every stock that stands behind them, released or not
        s.good_reach[st.pool_good[k]] += s.pool[k]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        need = fx.good_need[h, t] * fx.use_factor[e, t]  # a substitute needs none of the good
        rate = min(need * (1.0 + dr.sigma), s.user_stock[e])
        if s.good_seen[h] < 1.0 - 1e-9:
            left = (s.user_stock[e] + s.good_reach[h]) / dr.stretch[h]
            rate = min(rate, max(dr.use_floor[e], s.good_seen[h] + left))
        s.use_avail[e] = rate / need if need > TINY else 1.0 + dr.sigma


@kernel
def request_goods(t: int, st: Static, dr: Drawn, fx: Forcing, s: State) -> None:
    """Users take what their output needs and ask for what they would use, and more to fill up (2.8b).

    What they would use follows expected demand and capacity: a starved user does not ask for less.
    """
    s.good_want[:] = 0.0
    s.good_ask[:] = 0.0
    s.good_gap[:] = 0.0
    for k in range(st.pool_good.size):
        if dr.pool_auto[k] == 1:
            s.good_gap[st.pool_good[k]] += dr.pool_start[k] - s.pool[k]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        i = st.use_unit[e]
        need = fx.good_need[h, t] * fx.use_factor[e, t]
        made, plan = 1.0, 1.0  # households use what they always use
        if i >= 0:
            made = s.x[i] / st.x0[i]
            plan = min(s.e[i], s.K[i] * (1.0 + dr.sigma)) / st.x0[i]
        used = min(s.user_stock[e], need * min(s.use_avail[e], made))
        want = need * plan
        s.user_stock[e] -= used
        gap = dr.use_cover[e] + 1.0 - s.user_stock[e] - want
        ask = dr.use_weight[e] * max(0.0, want + gap / dr.restock[h])
        s.use_request[e] = ask
        s.good_want[h] += dr.use_weight[e] * want
        s.good_ask[h] += ask
        s.good_gap[h] += dr.use_weight[e] * gap


@kernel
def share_goods(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, rec: Record) -> None:
    """Inflow, then pools, to the users who ask; what is left refills tanks (2.8)."""
    for h in range(st.good_parent.size):
        rec.inflow[t, h] = s.good_in[h]
        s.good_fill[h] = min(s.good_in[h], s.good_ask[h])
    for k in range(st.pool_good.size):
        h = st.pool_good[k]
        short = s.good_ask[h] - s.good_fill[h]
        draw = min(short, min(fx.pool_draw[k, t], s.pool[k]))
        left = s.good_in[h] - s.good_fill[h]
        if short <= 0.0:
            draw = 0.0
        s.pool[k] -= draw
        s.good_fill[h] += draw
        s.good_in[h] += draw
        rec.drawn[t, k] = draw
        if dr.pool_auto[k] == 1 and left > 0.0 and short <= 0.0:
            put = min(left, max(0.0, dr.pool_start[k] - s.pool[k]))
            s.pool[k] += put
            s.good_in[h] -= put
        rec.pool[t, k] = s.pool[k]
    for h in range(st.good_parent.size):
        s.surplus[h] += s.good_in[h] - s.good_fill[h]
    for e in range(st.use_good.size):
        h = st.use_good[e]
        if s.good_ask[h] > 0.0:
            got = s.good_fill[h] * s.use_request[e] / s.good_ask[h]
            s.user_stock[e] += got / dr.use_weight[e]


@kernel
def order_goods(st: Static, dr: Drawn, s: State) -> None:
    """How much to import: what users would use plus the gap in stocks and on the water."""
    for h in range(st.good_parent.size):
        water = s.good_water[h] * s.good_want[h] - s.good_moving[h]
        want = s.good_want[h] + (s.good_gap[h] + water) / dr.restock[h] - s.good_home[h]
        imported = s.good_import[h]
        if imported <= TINY:
            s.good_order[h] = 0.0
            continue
        # the world market sells a little more than normal, counted on all of national use,
        # unless the good, or what it is made from, is short on the way
        gate = s.good_still[h]
        if st.good_from[h] >= 0:
            gate = min(gate, s.good_still[st.good_from[h]])
        most = 1.0 + dr.catch_up[h] * min(1.0, max(0.0, gate)) / imported
        s.good_order[h] = min(most, max(0.0, want / imported))


@kernel
def move_goods(t: int, st: Static, dr: Drawn, fx: Forcing, s: State) -> None:
    """Goods on the water: ships leave, wait at passages, arrive (2.7)."""
    slots = s.line_ring.shape[0]
    s.good_in[:] = fx.good_extra[:, t]
    s.good_home[:] = 0.0
    s.good_moving[:] = 0.0
    s.good_water[:] = 0.0
    for c in range(st.line_good.size):
        h, i, share = st.line_good[c], st.line_unit[c], dr.line_share[c]
        if i >= 0:
            rate = home_rate(s.x[i], min(s.K[i], s.X[i]), st.x0[i])
            s.good_in[h] += share * fx.line_source[c, t] * rate
            s.good_home[h] += share * fx.line_source[c, t] * rate
            continue
        if share <= 0.0:
            continue
        first, last = fx.strait_ptr[c], fx.strait_ptr[c + 1] - 1
        go, days = share * s.good_order[h] * fx.line_source[c, t], dr.line_lag[c]
        for a in range(first, last + 1):
            room = max(0.0, fx.strait_yard[a] - s.strait_queue[a] / share)
            route = fx.strait_open[a, t]
            go *= min(1.0, route + min(1.0 - route, room))
            days += fx.strait_extra[a, t]
        way = 0  # days to go minus days gone since the origin
        for a in range(first, last + 1):
            s.strait_ring[(t + way + fx.strait_up[a]) % slots, a] += go
            s.strait_trapped[a] += go
            come = s.strait_ring[t % slots, a]
            s.strait_ring[t % slots, a] = 0.0
            go = let_through(come, s.strait_queue[a], fx.strait_open[a, t], share, st.queue_rate)
            s.strait_queue[a] = s.strait_queue[a] + come - go
            s.strait_trapped[a] -= go
            way = fx.strait_extra[a, t] - fx.strait_up[a]
        s.line_ring[(t + way + dr.line_lag[c]) % slots, c] += go
        land = s.line_ring[t % slots, c]
        s.line_ring[t % slots, c] = 0.0
        s.line_moving[c] += go - land
        s.good_in[h] += land
        s.good_water[h] += share * days
        s.good_moving[h] += s.line_moving[c]
        open_ = 1.0
        for a in range(last, first - 1, -1):
            open_ *= fx.strait_open[a, t]
            s.good_moving[h] += open_ * s.strait_trapped[a]


@kernel
def note_causes(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, rec: Record) -> None:
    """Find what limits the recorded units, while stocks are those of the morning."""
    for k in range(rec.rec_unit.size):
        i = rec.rec_unit[k]
        if st.x0[i] > 0.0 and min(s.K[i], s.X[i]) < st.x0[i]:
            limit_unit(i, t, st, dr, fx, s)
        else:
            s.cause[i] = NONE
            s.cause_capacity[i] = CAPITAL


@kernel
def note_units(t: int, final: float, st: Static, s: State, wk: Work, rec: Record) -> None:
    """Record output, value added, binding causes and the balance of the day (2.10)."""
    made, sent, normal = 0.0, final, 0.0
    for i in range(st.x0.size):
        r = st.unit_region[i]
        rec.output[t, r] += s.x[i]
        rec.value_added[t, r] += st.v[i] * s.x[i]
        normal += st.x0[i]
        made += s.x[i]
        sent += wk.sent[i]
    rec.residual[t] = abs(made - sent) / normal
    for k in range(rec.rec_unit.size):
        i = rec.rec_unit[k]
        if st.x0[i] <= 0.0:
            continue
        ratio = s.x[i] / st.x0[i]
        rec.unit[t, k] = ratio
        cause, index = NONE, 0
        if ratio < REST:
            cause = DEMAND
            if s.running[i] < min(1.0, min(s.K[i], s.X[i]) / max(s.D1[i], TINY)):
                cause, index = SERVICE, s.outage_bind[i]
            elif min(s.K[i], s.X[i]) < s.D1[i] * (1.0 - 1e-9):
                cause, index = s.cause[i], s.cause_index[i]
                if s.K[i] <= s.X[i] or cause == NONE:
                    cause, index = s.cause_capacity[i], s.service_bind[i]
        rec.cause[t, k] = cause
        rec.cause_index[t, k] = index


@kernel
def note_goods(t: int, st: Static, dr: Drawn, fx: Forcing, s: State, rec: Record) -> None:
    """Record cover within reach, inflow and the rate of use of goods, and service levels."""
    rec.level[t] = s.level
    for k in range(st.pool_good.size):
        # what a pool cannot deliver in a day of normal use does not count as cover
        rec.cover[t, st.pool_good[k]] += s.pool[k] * min(1.0, fx.pool_draw[k, t])
    for e in range(st.use_good.size):
        h = st.use_good[e]
        rec.cover[t, h] += dr.use_weight[e] * max(0.0, s.user_stock[e] - 1.0)
        rec.avail[t, h] += dr.use_weight[e] * min(1.0, s.use_avail[e])


@kernel
def play_morning(
    t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work, rec: Record
) -> None:
    """What every unit can make of what the day gives (2.2 to 2.4)."""
    open_goods(t, st, dr, fx, s)
    accept_orders(t, st, fx, s)
    bind_origins(st, dr, fx, s, wk)
    serve(t, st, dr, fx, s)
    limit_units(t, st, dr, fx, s, wk)
    note_causes(t, st, dr, fx, s, rec)


@kernel
def play_evening(
    t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work, rec: Record
) -> None:
    """Order, make, deliver, use and record (2.5 to 2.10)."""
    place_orders(st, dr, s, wk)
    refuse_orders(t, st, dr, fx, s, wk)
    produce(t, st, dr, fx, s, wk)
    deliver(t, st, dr, fx, s, wk)
    final = deliver_final(t, st, dr, fx, s, wk, rec)
    build(t, st, fx, s)
    ship_groups(t, st, dr, fx, s, wk)
    pass_groups(t, st, fx, s, wk)
    see_missing(t, st, dr, fx, s, wk)
    use_inputs(t, st, s)
    cover_origins(t, st, dr, fx, s, wk)
    request_goods(t, st, dr, fx, s)
    order_goods(st, dr, s)
    move_goods(t, st, dr, fx, s)
    share_goods(t, st, dr, fx, s, rec)
    note_units(t, final, st, s, wk, rec)
    note_goods(t, st, dr, fx, s, rec)


@entry
def run_days(
    days: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work, rec: Record
) -> None:
    """Advance a run by `days` days and fill `rec`."""
    for t in range(days):
        set_factors(t, st, fx, s)
        play_morning(t, st, dr, fx, s, wk, rec)
        play_evening(t, st, dr, fx, s, wk, rec)


# The same day in three calls, for who has something to say in between (crisis/refined.py).


@entry
def run_factors(t: int, st: Static, fx: Forcing, s: State) -> None:
    """Set what the day gives."""
    set_factors(t, st, fx, s)


@entry
def run_morning(
    t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work, rec: Record
) -> None:
    """Play the first half of a day."""
    play_morning(t, st, dr, fx, s, wk, rec)


@entry
def run_evening(
    t: int, st: Static, dr: Drawn, fx: Forcing, s: State, wk: Work, rec: Record
) -> None:
    """Play the second half of a day."""
    play_evening(t, st, dr, fx, s, wk, rec)


@entry
def limit_with(
    unit: Ints, capital: F, t: int, st: Static, dr: Drawn, fx: Forcing, s: State, limit: F
) -> None:
    """Input limit that units would have this morning with other capital; the state stays (4.3)."""
    for k in range(unit.size):
        i = unit[k]
        kept, most, able = s.capital[i], s.K[i], s.X[i]
        cause, index, of_capacity = s.cause[i], s.cause_index[i], s.cause_capacity[i]
        s.capital[i] = capital[k]
        limit_unit(i, t, st, dr, fx, s)
        limit[k] = s.X[i]
        s.capital[i], s.K[i], s.X[i] = kept, most, able
        s.cause[i], s.cause_index[i], s.cause_capacity[i] = cause, index, of_capacity
