"""One day of firms and links; numbers are those of docs/method/firms.md.

A day has two passes. The first goes once over all links in the order of clients, chunk by chunk:
what arrived from suppliers, the client's stocks and limits, its orders. A supplier's answer of
yesterday and the demand of today lie side by side at its `desk`, so that both meet in one cache
line; loops over links have no branch, so that many reads are under way at once. The second goes
over firms: output, its allocation, the record. Demand is kept as its difference from the baseline
and deliveries as what is missing, so that a quiet economy is exactly at rest in single precision
too. Every sum has one owner and a fixed order: the number of blocks is part of a run's identity,
the number of threads is not. The slow readable twin is `tests/naive_firms.py`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from keian.crisis._arrays_firms import (
    AGAIN,
    AT_BETA,
    AT_CAP,
    AT_HELD,
    AT_PLAN,
    AT_STOCKED,
    AT_USED,
    BOUND,
    CAME,
    CAP,
    CAPACITY,
    CLASS_COUNT,
    DEMAND,
    ENOUGH,
    EXPECTED,
    EXTRA,
    FILL,
    FINAL_GOT,
    FINAL_WANT,
    FULL,
    HELD,
    INPUT,
    LEAST,
    LEVEL,
    LOST_DEMAND,
    MISS,
    MISS_AGAIN,
    MISSED_1,
    MISSED_3,
    MOST_SWEEPS,
    NEARLY,
    NONE,
    ON_CAPACITY,
    OUTPUT,
    PLACE,
    PLAN,
    PUSHED_1,
    PUSHED_3,
    READY,
    REST,
    SEEN,
    TINY,
    USED,
    VALUE_ADDED,
    VITAL_GOT,
    VITAL_WANT,
    Bytes,
    F,
    FirmForcing,
    FirmState,
    FirmStatic,
    FirmWork,
    Ints,
    Shorts,
    V,
)

entry = njit(error_model="numpy", cache=True, nogil=True)
kernel = njit(  # type: ignore[call-overload]  # the type stubs lack the two wrapper options
    error_model="numpy", cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)


@kernel
def set_factors(t: int, fx: FirmForcing, s: FirmState) -> None:
    """Set capacity and final demand of every firm that an event hits (2.1)."""
    for u in range(fx.hit.size):
        s.factor[fx.hit[u]] = 1.0
        s.wanted[fx.hit[u]] = 1.0
    for a in range(fx.kind.size):
        force = fx.course[a, t]
        if force == 0.0:
            continue
        for k in range(fx.start[a], fx.start[a + 1]):
            left = 1.0 - fx.depth[k] * force
            if fx.kind[a] == ON_CAPACITY:
                s.factor[fx.firm[k]] *= left
            else:
                s.wanted[fx.firm[k]] *= left


@kernel
def touch(e0: int, e1: int, sup: Ints, desk: V) -> float:
    """Read every desk of a chunk once, in a loop so short that many reads are under way at once.

    What follows finds the desks in the second-level cache: a third of the time of reading them there.
    """
    zero = desk.dtype.type(0.0)
    p, q, r, s = zero, zero, zero, zero  # four sums: one would wait for itself
    middle = e0 + (e1 - e0) // 4 * 4
    for e in range(np.uint64(e0), np.uint64(middle), np.uint64(4)):
        p += desk[np.uint64(sup[e] & PLACE), MISS]
        q += desk[np.uint64(sup[e + np.uint64(1)] & PLACE), MISS]
        r += desk[np.uint64(sup[e + np.uint64(2)] & PLACE), MISS]
        s += desk[np.uint64(sup[e + np.uint64(3)] & PLACE), MISS]
    for e in range(np.uint64(middle), np.uint64(e1)):
        p += desk[np.uint64(sup[e] & PLACE), MISS]
    return float(p + q + r + s)


@kernel
def receive_rest(
    e0: int, e1: int, k0: int, first: float, again: float, sup: Ints, w: V, desk: V, rows: V,
) -> None:  # fmt: skip
    """Share of each position's orders that did not come, from a started sum on."""
    k = np.uint64(k0)
    zero = w.dtype.type(0.0)
    for e in range(np.uint64(e0), np.uint64(e1)):
        j = np.uint64(sup[e] & PLACE)
        first += w[e] * desk[j, MISS]
        again += w[e] * desk[j, MISS_AGAIN]
        rows[MISSED_1, k] = first
        rows[MISSED_3, k] = again
        last = sup[e] < 0
        first = zero if last else first
        again = zero if last else again
        k += np.uint64(last)


@kernel
def receive_fill(e0: int, m0: int, e1: int, half: int, sup: Ints, w: V, desk: V, rows: V) -> None:
    """Share of each position's orders that did not come, suppliers filling in proportion (2.6).

    A sum waits for its own last step, so the halves of a chunk (from e0, from m0, where position
    `half` begins) are summed side by side.
    """
    zero = w.dtype.type(0.0)
    k, h = np.uint64(0), np.uint64(half)
    first, again, other, more = zero, zero, zero, zero
    shift = np.uint64(m0 - e0)
    both = min(m0 - e0, e1 - m0)
    for e in range(np.uint64(e0), np.uint64(e0 + both)):
        j, g = np.uint64(sup[e] & PLACE), np.uint64(sup[e + shift] & PLACE)
        first += w[e] * desk[j, MISS]
        again += w[e] * desk[j, MISS_AGAIN]
        other += w[e + shift] * desk[g, MISS]
        more += w[e + shift] * desk[g, MISS_AGAIN]
        rows[MISSED_1, k] = first
        rows[MISSED_3, k] = again
        rows[MISSED_1, h] = other
        rows[MISSED_3, h] = more
        last, end = sup[e] < 0, sup[e + shift] < 0
        first = zero if last else first
        again = zero if last else again
        other = zero if end else other
        more = zero if end else more
        k += np.uint64(last)
        h += np.uint64(end)
    receive_rest(e0 + both, m0, k, first, again, sup, w, desk, rows)
    receive_rest(m0 + both, e1, h, other, more, sup, w, desk, rows)


@kernel
def receive_level(
    e0: int, e1: int, k0: int, sup: Ints, w: V, desk: V, first_order: V, rows: V
) -> None:
    """Share of each position's orders that did not come, suppliers filling up to a level (2.8)."""
    k = np.uint64(0)
    zero = np.uint64(k0)
    first, again = 0.0, 0.0
    for e in range(np.uint64(e0), np.uint64(e1)):
        j = np.uint64(sup[e] & PLACE)
        order = first_order[zero + k]
        cut = max(0.0, order - desk[j, MISS])
        first += w[e] * cut
        again += w[e] * desk[j, MISS_AGAIN]
        rows[MISSED_1, k] = first / order if order > 0.0 else 0.0
        rows[MISSED_3, k] = again
        last = sup[e] < 0
        first = 0.0 if last else first
        again = 0.0 if last else again
        k += np.uint64(last)


@kernel
def receive_classes(
    e0: int, e1: int, k0: int, sup: Ints, w: V, desk: V, slot_class: V, rows: V
) -> None:
    """Share of each position's orders that did not come, suppliers filling class by class (2.9)."""
    k = np.uint64(0)
    zero = np.uint64(k0)
    first, again = 0.0, 0.0
    for e in range(np.uint64(e0), np.uint64(e1)):
        j = np.uint64(sup[e] & PLACE)
        filled = min(1.0, max(0.0, desk[j, MISS] - slot_class[zero + k]))
        first += w[e] * (1.0 - filled)
        again += w[e] * desk[j, MISS_AGAIN]
        rows[MISSED_1, k] = first
        rows[MISSED_3, k] = again
        last = sup[e] < 0
        first = 0.0 if last else first
        again = 0.0 if last else again
        k += np.uint64(last)


@kernel
def push(e0: int, e1: int, sup: Ints, w: V, desk: V, rows: V) -> None:
    """Lay orders on the suppliers' desks: class 1 as its difference from the baseline (2.5)."""
    k = np.uint64(0)
    for e in range(np.uint64(e0), np.uint64(e1)):
        j = np.uint64(sup[e] & PLACE)
        desk[j, EXTRA] += w[e] * rows[PUSHED_1, k]
        desk[j, AGAIN] += w[e] * rows[PUSHED_3, k]
        k += np.uint64(sup[e] < 0)


@kernel
def plan_firms(i0: int, i1: int, st: FirmStatic, s: FirmState, hands: V) -> None:
    """Write what the positions of a chunk need of their firms into a small table (2.2, 2.3)."""
    for m in range(np.uint64(i1 - i0)):
        i = np.uint64(i0) + m
        cap = s.factor[i] * st.room[i]
        hands[CAP, m] = cap
        hands[LEAST, m] = cap
        hands[PLAN, m] = min(s.expected[i], cap)
        hands[USED, m] = s.share[i]
        hands[HELD, m] = st.cover[i] + 1.0


@kernel
def spread_firms(
    owner: Shorts, kind: Bytes, k0: int, count: int, hands: V, rows: V, st: FirmStatic
) -> None:
    """Copy what the positions of a chunk need of their firms beside them, so that later loops run straight."""
    for m in range(np.uint64(count)):
        k = np.uint64(k0) + m
        i, code = np.uint64(owner[k]), np.uint64(kind[k])
        rows[AT_CAP, m] = hands[CAP, i]
        rows[AT_PLAN, m] = hands[PLAN, i]
        rows[AT_USED, m] = hands[USED, i]
        rows[AT_HELD, m] = hands[HELD, i]
        rows[AT_BETA, m] = st.beta[code]
        rows[AT_STOCKED, m] = st.stocked[code]


@kernel
def add_up(came: V, first: V, missed: V) -> None:
    """What came of orders of one class."""
    one = came.dtype.type(1.0)
    for m in range(np.uint64(came.size)):
        came[m] += first[m] * (one - missed[m])


@kernel
def keep_stock(stock: V, came: V, used: V, stocked: V) -> None:
    """Stocks after arrivals and use (2.12)."""
    zero = stock.dtype.type(0.0)
    for m in range(np.uint64(stock.size)):
        old = stock[m]
        taken = min(old, used[m])
        now = old + stocked[m] * (came[m] - taken)
        stock[m] = max(zero, now)


@kernel
def bind_stock(bound: V, stock: V, cap: V, beta: V) -> None:
    """Output that each stock allows (2.2)."""
    for m in range(np.uint64(bound.size)):
        bound[m] = cap[m] + beta[m] * (stock[m] - cap[m])


@kernel
def order_first(first: V, stock: V, held: V, plan: V, stocked: V, rate: float) -> None:
    """Orders of class 1 (2.4)."""
    zero, half, ready = first.dtype.type(0.0), first.dtype.type(0.5), first.dtype.type(READY)
    speed = first.dtype.type(rate)
    for m in range(np.uint64(first.size)):
        gap = held[m] - stock[m]
        over = min(zero, gap)
        near = (min(ready, held[m])) - stock[m]
        top = half * (max(zero, near))
        asked = plan[m] + stocked[m] * (over * speed + top)
        first[m] = max(zero, asked)


@kernel
def order_again(again: V, stock: V, held: V, stocked: V, rate: float) -> None:
    """Orders of class 3 (2.5)."""
    zero, half, ready = again.dtype.type(0.0), again.dtype.type(0.5), again.dtype.type(READY)
    speed = again.dtype.type(rate)
    for m in range(np.uint64(again.size)):
        near = (min(ready, held[m])) - stock[m]
        top = half * (max(zero, near))
        more = stocked[m] * ((held[m] - stock[m]) * speed - top)
        again[m] = max(zero, more)


@kernel
def price(out: V, volume: V, order: V, baseline: float) -> None:
    """Orders as money beyond a baseline."""
    usual = out.dtype.type(baseline)
    for m in range(np.uint64(out.size)):
        out[m] = volume[m] * (order[m] - usual)


@kernel
def order_expected(k0: int, k1: int, st: FirmStatic, s: FirmState, rows: V, hands: V) -> float:
    """Stocks, limits and orders of the positions of a chunk, orders following demand (2.2 to 2.5)."""
    n, rate = k1 - k0, 1.0 / st.tau
    spread_firms(st.owner, st.kind, k0, n, hands, rows, st)
    first, again, stock = s.first[k0:k1], s.again[k0:k1], s.stock[k0:k1]
    volume, came, bound = st.volume[k0:k1], rows[CAME, :n], rows[BOUND, :n]
    held, stocked = rows[AT_HELD, :n], rows[AT_STOCKED, :n]
    came[:] = 0.0
    add_up(came, first, rows[MISSED_1, :n])
    add_up(came, again, rows[MISSED_3, :n])
    keep_stock(stock, came, rows[AT_USED, :n], stocked)
    bind_stock(bound, stock, rows[AT_CAP, :n], rows[AT_BETA, :n])
    order_first(first, stock, held, rows[AT_PLAN, :n], stocked, rate)
    order_again(again, stock, held, stocked, rate)
    price(rows[PUSHED_1, :n], volume, first, 1.0)
    price(rows[PUSHED_3, :n], volume, again, 0.0)
    arrived = 0.0
    for m in range(np.uint64(n)):
        i = np.uint64(st.owner[np.uint64(k0) + m])
        hands[LEAST, i] = min(hands[LEAST, i], bound[m])
        arrived += volume[m] * came[m]
    return arrived


@kernel
def order_realised(k0: int, k1: int, st: FirmStatic, s: FirmState, rows: V, hands: V) -> float:
    """Stocks, limits and orders of the positions of a chunk, orders following output (2.10)."""
    arrived, rate = 0.0, 1.0 / st.tau
    for m in range(np.uint64(k1 - k0)):
        k = np.uint64(k0) + m
        i, volume, old = np.uint64(st.owner[k]), st.volume[k], s.stock[k]
        used, held = hands[USED, i], hands[HELD, i] - 1.0
        came = s.first[k] * (1.0 - rows[MISSED_1, m])
        arrived += volume * came
        now = max(0.0, old + (came - min(used, old)))
        s.stock[k] = now
        hands[LEAST, i] = min(hands[LEAST, i], now)
        first = max(0.0, used + (used * held - now) * rate)
        s.first[k] = first
        rows[PUSHED_1, m] = volume * (first - 1.0)
        rows[PUSHED_3, m] = 0.0
    return arrived


@entry
def pass_links(b: int, st: FirmStatic, s: FirmState, wk: FirmWork) -> None:
    """First pass of the day over the clients of a block."""
    desk, rows, hands = s.desk[b], wk.rows[b], wk.hands[b]
    arrived = 0.0
    for c in range(st.block_chunk[b], st.block_chunk[b + 1]):
        i0, i1 = st.chunk_firm[c], st.chunk_firm[c + 1]
        e0, e1, k0 = st.link_start[i0], st.link_start[i1], st.slot_start[i0]
        rows[SEEN, 0] = touch(e0, e1, st.sup, desk)
        if st.allocation == FILL:
            mid = (i0 + i1) // 2
            m0, half = st.link_start[mid], st.slot_start[mid] - k0
            receive_fill(e0, m0, e1, half, st.sup, st.w, desk, rows)
        elif st.allocation == LEVEL:
            receive_level(e0, e1, k0, st.sup, st.w, desk, s.first, rows)
        else:
            receive_classes(e0, e1, k0, st.sup, st.w, desk, st.slot_class, rows)
        plan_firms(i0, i1, st, s, hands)
        if st.orders == EXPECTED:
            arrived += order_expected(k0, st.slot_start[i1], st, s, rows, hands)
        else:
            arrived += order_realised(k0, st.slot_start[i1], st, s, rows, hands)
        s.limit[i0:i1] = hands[LEAST, : i1 - i0]
        push(e0, e1, st.sup, st.w, desk, rows)
    wk.flows[b, 1] = arrived


@kernel
def fill_producers(left: float, orders: float, final: float, kappa: float) -> tuple[float, float]:
    """Fills of producers and ordinary final users from what is left for both (2.7)."""
    if left >= (orders + final) * FULL:
        return 1.0, 1.0
    if left <= 0.0:
        return 0.0, 0.0
    if kappa == 1.0:
        return left / (orders + final), left / (orders + final)
    if kappa == 2.0:
        f = 2.0 * left / (orders + np.sqrt(orders * orders + 4.0 * final * left))
        return f, f * f
    if left < orders:
        return left / orders, 0.0
    return 1.0, (left - orders) / final


@kernel
def find_level(ratios: F, n: int, left: float) -> float:
    """Level at which clients who get the lesser of it and their ratio take up what is left (2.8).

    Newton's method from below on a concave line of n + 1 pieces: every sweep ends on a later piece.
    Where that takes long, the ratios are sorted once.
    """
    level = 0.0
    for _ in range(MOST_SWEEPS):
        taken, open_ = 0.0, 0.0
        for k in range(n):
            served = ratios[0, k] <= level
            taken += ratios[1, k] * (ratios[0, k] if served else 0.0)
            open_ += 0.0 if served else ratios[1, k]
        if open_ <= 0.0:
            return level
        new = (left - taken) / open_
        if new <= level:
            return level
        level = new
    order = np.argsort(ratios[0, :n])
    taken, open_ = 0.0, ratios[1, :n].sum()
    for m in range(n):
        k = order[m]
        if taken + ratios[0, k] * open_ >= left:
            return float((left - taken) / open_)
        taken += ratios[1, k] * ratios[0, k]
        open_ -= ratios[1, k]
    return ENOUGH


@kernel
def share_by_level(
    left: float, final: float, wanted: float, per: float, slots: Ints, values: V, first: V, ratios: F,
) -> tuple[float, float]:  # fmt: skip
    """Level for the clients of a short supplier, and what ordinary final users get (2.8)."""
    n = slots.size
    for p in range(n):
        ratios[0, p] = first[slots[p]]
        ratios[1, p] = values[p] * per
    if final > 0.0:
        ratios[0, n], ratios[1, n] = wanted, final / wanted
        n += 1
    level = find_level(ratios, n, left)
    return level, (min(1.0, level / wanted) if final > 0.0 else 1.0)


@kernel
def share_by_class(
    left: float, final: float, per: float, slots: Ints, values: V, first: V, ranks: Bytes, sums: F,
) -> tuple[float, float]:  # fmt: skip
    """Class that a short supplier reaches, with the fill of that class, and final users' (2.9)."""
    sums[:CLASS_COUNT] = 0.0
    for p in range(slots.size):
        sums[ranks[slots[p]]] += values[p] * per * first[slots[p]]
    sums[1] += final
    reached = ENOUGH
    for c in range(CLASS_COUNT):
        if left < sums[c] * FULL:
            reached = c + left / sums[c]
            break
        left -= sums[c]
    return reached, min(1.0, max(0.0, reached - 1.0))


@kernel
def find_cause(share: float, demand: float, limit: float, cap: float) -> int:
    """What binds a firm below its baseline (2.11)."""
    if share >= REST:
        return NONE
    if share >= demand * NEARLY:
        return DEMAND
    return INPUT if limit < cap * NEARLY else CAPACITY


@kernel
def gather_desks(desk: V, j0: int, j1: int) -> None:
    """Add the orders on the copies of each desk to the first copy, in their order."""
    for r in range(1, desk.shape[0]):
        for j in range(np.uint64(j0), np.uint64(j1)):
            desk[0, j, EXTRA] += desk[r, j, EXTRA]
            desk[0, j, AGAIN] += desk[r, j, AGAIN]


@kernel
def answer_desks(desk: V, j0: int, j1: int) -> None:
    """Copy the answers to the other copies of each desk and take the orders away."""
    for r in range(1, desk.shape[0]):
        for j in range(np.uint64(j0), np.uint64(j1)):
            desk[r, j, MISS] = desk[0, j, MISS]
            desk[r, j, MISS_AGAIN] = desk[0, j, MISS_AGAIN]
            desk[r, j, EXTRA] = 0.0
            desk[r, j, AGAIN] = 0.0


@kernel
def settle_cell(b: int, j0: int, j1: int, st: FirmStatic, s: FirmState, wk: FirmWork) -> None:
    """Output, allocation and sums of firms of one cell (2.6 to 2.11)."""
    desk, row = s.desk[0], wk.sums[b, st.cell[j0]]
    output, added, wanted, served, vital_wanted, vital_served = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    everybody = 0.0 if st.allocation == FILL else ENOUGH
    learning, one = 1.0 / st.smooth, np.uint64(1)
    for j in range(np.uint64(j0), np.uint64(j1)):
        x0, factor = st.x0[j], s.factor[j]
        per = 1.0 / x0
        extra, restock = desk[j, EXTRA] * per, max(0.0, desk[j, AGAIN] * per)
        final = st.final[j] * s.wanted[j]
        demand = max(0.0, 1.0 + (extra + (final - st.final[j])))
        limit = min(factor * st.room[j], s.limit[j])
        first = min(factor * max(1.0, demand), min(limit, demand))
        rest = max(0.0, min(limit - first, restock))
        answer, again, to_vital, to_final = everybody, 0.0, 1.0, 1.0
        if first < demand * FULL:
            cared = final * st.vital[j]
            to_vital = first / cared if first < cared else 1.0
            left, free = max(0.0, first - to_vital * cared), final - cared
            if st.allocation == FILL:
                f, to_final = fill_producers(left, max(0.0, demand - final), free, st.kappa)
                answer = 1.0 - f
            elif st.allocation == LEVEL:
                a, z = st.pull_start[j], st.pull_start[j + one]
                slots, values = st.pull_slot[a:z], st.pull_value[a:z]
                answer, to_final = share_by_level(
                    left, free, s.wanted[j], per, slots, values, s.first, wk.ratios[b]
                )
            else:
                a, z = st.pull_start[j], st.pull_start[j + one]
                slots, values = st.pull_slot[a:z], st.pull_value[a:z]
                answer, to_final = share_by_class(
                    left, free, per, slots, values, s.first, st.slot_class, wk.ratios[b, 0]
                )
        if rest < restock * FULL and restock > TINY:
            again = 1.0 - rest / restock
        desk[j, MISS], desk[j, MISS_AGAIN] = answer, again
        desk[j, EXTRA], desk[j, AGAIN] = 0.0, 0.0
        share = first + rest
        s.share[j] = share
        s.expected[j] += (demand - s.expected[j]) * learning
        vital = x0 * (final * st.vital[j])
        other = x0 * final - vital
        output += x0 * share
        added += x0 * share * st.v[j]
        wanted += vital + other
        served += vital * to_vital + other * to_final
        vital_wanted += vital
        vital_served += vital * to_vital
        if share < REST:
            cause = find_cause(share, demand, s.limit[j], factor * st.room[j])
            row[LOST_DEMAND - 1 + cause] += x0 * (1.0 - share)
    row[OUTPUT] += output
    row[VALUE_ADDED] += added
    row[FINAL_WANT] += wanted
    row[FINAL_GOT] += served
    row[VITAL_WANT] += vital_wanted
    row[VITAL_GOT] += vital_served


@entry
def settle_firms(b: int, st: FirmStatic, s: FirmState, wk: FirmWork) -> None:
    """Second pass of the day over the firms of a block, cell by cell."""
    wk.sums[b] = 0.0
    j = st.chunk_firm[st.block_chunk[b]]
    end = st.chunk_firm[st.block_chunk[b + 1]]
    while j < end:
        stop = min(end, st.cell_start[st.cell[j] + 1])
        gather_desks(s.desk, j, stop)
        settle_cell(b, j, stop, st, s, wk)
        answer_desks(s.desk, j, stop)
        j = stop
    sent = 0.0
    for c in range(wk.sums.shape[1]):
        sent += wk.sums[b, c, OUTPUT] - wk.sums[b, c, FINAL_GOT]
    wk.flows[b, 0] = sent


@entry
def begin_day(t: int, fx: FirmForcing, s: FirmState) -> None:
    """Set what is given from outside for the day."""
    set_factors(t, fx, s)
