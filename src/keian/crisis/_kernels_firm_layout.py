"""Before the first day: links cut into positions and chunks, and turned to the side of suppliers."""

from __future__ import annotations

import numpy as np
from numba import njit

from keian.crisis._arrays_firms import PLACE, F, Ints, Longs, V

entry = njit(error_model="numpy", cache=True, nogil=True)


@entry
def cut_positions(
    link_start: Ints, supplier: Ints, value: V, product: Ints, sup: Ints, w: V
) -> tuple[Ints, Ints, F]:
    """Cut links into positions; fills `sup` and `w`, returns starts, products, yearly volumes."""
    n = link_start.size - 1
    start = np.empty(n + 1, np.int32)
    count = 0
    for i in range(n):
        start[i] = count
        for e in range(link_start[i], link_start[i + 1]):
            end = e + 1 == link_start[i + 1] or product[supplier[e + 1]] != product[supplier[e]]
            count += end
            sup[e] = supplier[e] | (np.int32(-2147483648) if end else np.int32(0))
    start[n] = count
    bought, volume = np.empty(count, np.int32), np.zeros(count, np.float64)
    k, a = 0, 0
    for e in range(supplier.size):
        volume[k] += value[e]
        if sup[e] < 0:
            for m in range(a, e + 1):
                w[m] = value[m] / volume[k]
            bought[k] = product[supplier[e]]
            k, a = k + 1, e + 1
    return start, bought, volume


@entry
def cut_chunks(link_start: Ints, firms: int, links: int) -> Ints:
    """Cut firms into chunks of at most so many firms and, unless a firm has more, so many links."""
    n = link_start.size - 1
    ends = np.empty(n + 1, np.int32)
    ends[0] = 0
    count, a = 0, 0
    for i in range(1, n + 1):
        full = i - a >= firms or i == n
        if full or link_start[i + 1] - link_start[a] > links:
            count += 1
            ends[count] = i
            a = i
    return ends[: count + 1].copy()


@entry
def turn_links(n: int, sup: Ints, w: V, volume: V, pull_slot: Ints, pull_value: V) -> Longs:
    """List the clients of every supplier: position and baseline sales; returns the starts."""
    start = np.zeros(n + 1, np.int64)
    for e in range(sup.size):
        start[(sup[e] & PLACE) + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    at = start[:-1].copy()
    k = 0
    for e in range(sup.size):
        j = sup[e] & PLACE
        pull_slot[at[j]], pull_value[at[j]] = k, w[e] * volume[k]
        at[j] += 1
        k += sup[e] < 0
    return start
