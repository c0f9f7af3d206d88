"""Limits, orders and output of the day (2.1 to 2.6).

Every sum has one owner and a fixed order; nothing is random and nothing is allocated.
"""

from __future__ import annotations

import numpy as np

from keian.crisis._arrays import (
    BACKUP_REFILL,
    CAPITAL,
    GOOD,
    INPUT,
    LANES,
    NONE,
    ORIGIN,
    SERVICE,
    TINY,
    WORKFORCE,
    Forcing,
    Lanes,
    State,
    Static,
    Work,
)
from keian.crisis._kernels_base import kernel


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
            rate = max(0.0, s.use_avail[e, z] - fx.good_side[h, t, z])
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
