"""Cascade of one firm's failure through a network of links (ESRI); twin: tests/naive_exposure.py.

Equations (17) to (21) of docs/method/exposure.md. Downstream a step computes only firms whose
suppliers changed in the step before; all others would come out as they were.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from keian.exposure._arrays import CascadeNet, CascadeWork

F = npt.NDArray[np.float64]
LANES = 8  # firms that fail side by side: one vector of doubles
SHORT = 16  # a list is short below this part of all firms


@njit(error_model="numpy", cache=True, nogil=True)
def _ask_clients(firm: int, count: int, net: CascadeNet, work: CascadeWork) -> int:
    """Put the clients of a firm on the list; returns its length."""
    for k in range(net.out_start[firm], net.out_start[firm + 1]):
        j = net.out_client[k]
        if not work.is_asked[j]:
            work.is_asked[j] = True
            work.asked[count] = j
            count += 1
    return count


@njit(error_model="numpy", cache=True, nogil=True)
def _list_markets(changes: int, net: CascadeNet, work: CascadeWork) -> int:
    """List the markets of the firms that changed; returns their number."""
    markets = 0
    for c in range(changes):
        g = net.market[work.changed[c]]
        if not work.is_dirty[g]:
            work.is_dirty[g] = True
            work.dirty[markets] = g
            markets += 1
    for d in range(markets):
        work.is_dirty[work.dirty[d]] = False
    return markets


@njit(error_model="numpy", cache=True, nogil=True)
def _sum_market(g: int, net: CascadeNet, low: F, left: F) -> None:
    """Fill `left` with what a market still sells, by lane."""
    a, b, c, d, e, f, p, q = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for m in range(net.member_start[g], net.member_start[g + 1]):
        i = net.member[m]
        sold = net.sales[i]
        a += sold * low[i, 0]
        b += sold * low[i, 1]
        c += sold * low[i, 2]
        d += sold * low[i, 3]
        e += sold * low[i, 4]
        f += sold * low[i, 5]
        p += sold * low[i, 6]
        q += sold * low[i, 7]
    left[0], left[1], left[2], left[3] = a, b, c, d
    left[4], left[5], left[6], left[7] = e, f, p, q


@njit(error_model="numpy", cache=True, nogil=True)
def _spread(changes: int, net: CascadeNet, work: CascadeWork, replace: bool, quiet: float) -> int:
    """Renew what is gone (18) and list the clients it concerns; returns their number."""
    count, low, gone, left = 0, work.low, work.gone, work.lost
    if not replace:
        for c in range(changes):
            i = work.changed[c]
            for lane in range(LANES):
                gone[i, lane] = 1.0 - low[i, lane]
            count = _ask_clients(i, count, net, work)
        return count
    for d in range(_list_markets(changes, net, work)):
        g = work.dirty[d]
        _sum_market(g, net, low, left)
        for m in range(net.member_start[g], net.member_start[g + 1]):
            i = net.member[m]
            sold, move = net.sales[i], 0.0
            for lane in range(LANES):
                share = min(1.0, sold / left[lane]) if left[lane] > 0 else 1.0
                work.news[lane] = share * (1.0 - low[i, lane])
                move = max(move, abs(work.news[lane] - gone[i, lane]))
            if move > quiet:
                gone[i] = work.news
                count = _ask_clients(i, count, net, work)
    return count


@njit(error_model="numpy", cache=True, nogil=True)
def _calc_lost(j: int, net: CascadeNet, gone: F, lost: F) -> None:
    """Fill `lost` with what a client cannot make for want of inputs (19), by lane.

    The graver of its groups counts: all inputs that are not essential together, and each essential one.
    """
    lost[:] = 0.0
    for group in range(net.group_of[j], net.group_of[j + 1]):
        # one name for each lane: the sums stay in one vector register
        a, b, c, d, e, f, p, q = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for k in range(net.group_start[group], net.group_start[group + 1]):
            part, i = net.down[k], net.supplier[k]
            a += part * gone[i, 0]
            b += part * gone[i, 1]
            c += part * gone[i, 2]
            d += part * gone[i, 3]
            e += part * gone[i, 4]
            f += part * gone[i, 5]
            p += part * gone[i, 6]
            q += part * gone[i, 7]
        lost[0], lost[1] = max(lost[0], a), max(lost[1], b)
        lost[2], lost[3] = max(lost[2], c), max(lost[3], d)
        lost[4], lost[5] = max(lost[4], e), max(lost[5], f)
        lost[6], lost[7] = max(lost[6], p), max(lost[7], q)


@njit(error_model="numpy", cache=True, nogil=True)
def _sort_asked(count: int, work: CascadeWork) -> None:
    """Put the list into the order of memory: a long one by its marks, which is quicker."""
    if count * SHORT < work.is_asked.size:
        work.asked[:count].sort()
        return
    place = 0
    for j in range(work.is_asked.size):
        if work.is_asked[j]:
            work.asked[place] = j
            place += 1


@njit(error_model="numpy", cache=True, nogil=True)
def _settle(count: int, net: CascadeNet, work: CascadeWork, quiet: float) -> int:
    """Lower the levels of the listed firms and note the greatest fall of each lane.

    Returns how many fell by more than `quiet` since they were last passed on.
    """
    changes, low, told, lost = 0, work.low, work.told, work.lost
    _sort_asked(count, work)
    for a in range(count):
        j = work.asked[a]
        work.is_asked[j] = False
        _calc_lost(j, net, work.gone, lost)
        untold = 0.0
        for lane in range(LANES):
            now = low[j, lane]
            later = min(now, max(0.0, 1.0 - work.busy[lane] * lost[lane]))
            work.fall[lane] = max(work.fall[lane], now - later)
            untold = max(untold, told[j, lane] - later)
            low[j, lane] = later
        if untold > quiet:
            told[j] = low[j]
            work.changed[changes] = j
            changes += 1
    return changes


@njit(error_model="numpy", cache=True, nogil=True)
def _cascade_down(
    first: int,
    end: int,
    net: CascadeNet,
    work: CascadeWork,
    replace: bool,
    epsilon: float,
    quiet: float,
) -> None:
    """Fill `work.low` with the states after the failures of the firms from `first` to `end`.

    Each has a lane; a firm is computed when in any of them a supplier changed. A lane rests once it
    is done.
    """
    lanes = end - first
    work.low[:] = 1.0
    work.told[:] = 1.0
    work.gone[:] = 0.0
    work.busy[:] = False
    for lane in range(lanes):
        work.low[first + lane, lane] = 0.0
        work.told[first + lane, lane] = 0.0
        work.changed[lane] = first + lane
        work.busy[lane] = True
    changes = lanes
    while changes:
        count = _spread(changes, net, work, replace, quiet)
        work.fall[:] = 0.0
        changes = _settle(count, net, work, quiet)
        left = 0
        for lane in range(lanes):
            work.busy[lane] = work.busy[lane] and work.fall[lane] > epsilon
            left += work.busy[lane]
        if not left:
            return


@njit(error_model="numpy", cache=True, nogil=True)
def _sum_sales(i: int, net: CascadeNet, fallen: F, lost: F) -> None:
    """Fill `lost` with the sales of a supplier to what has fallen, by lane."""
    a, b, c, d, e, f, p, q = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(net.up_start[i], net.up_start[i + 1]):
        part, j = net.up[k], net.up_client[k]
        a += part * fallen[j, 0]
        b += part * fallen[j, 1]
        c += part * fallen[j, 2]
        d += part * fallen[j, 3]
        e += part * fallen[j, 4]
        f += part * fallen[j, 5]
        p += part * fallen[j, 6]
        q += part * fallen[j, 7]
    lost[0], lost[1], lost[2], lost[3] = a, b, c, d
    lost[4], lost[5], lost[6], lost[7] = e, f, p, q


@njit(error_model="numpy", cache=True, nogil=True)
def _cascade_up(first: int, end: int, net: CascadeNet, work: CascadeWork, epsilon: float) -> F:
    """Let the firms from `first` to `end` fail, one in each lane; returns what falls upstream (20).

    Nearly every supplier falls a little, so all are computed, with a lane for each failing firm:
    a link is read once for all lanes. A lane rests once it is done, so it is as if it were alone.
    """
    fallen, nxt, lanes = work.fallen, work.fallen_next, end - first
    fallen[:] = 0.0
    work.busy[:] = False
    for lane in range(lanes):
        fallen[first + lane, lane] = 1.0
        work.busy[lane] = True
    left = lanes
    while left:
        work.fall[:] = 0.0
        for i in range(net.worth.size):
            _sum_sales(i, net, fallen, work.lost)
            for lane in range(LANES):
                now = fallen[i, lane]
                later = max(now, min(1.0, work.busy[lane] * work.lost[lane]))
                work.fall[lane] = max(work.fall[lane], later - now)
                nxt[i, lane] = later
        fallen, nxt = nxt, fallen
        left = 0
        for lane in range(lanes):
            work.busy[lane] = work.busy[lane] and work.fall[lane] > epsilon
            left += work.busy[lane]
    return fallen


@njit(error_model="numpy", cache=True, nogil=True)
def fail_each(
    first: int, end: int, net: CascadeNet, work: CascadeWork, replace: bool, epsilon: float,
    quiet: float, found: F,
) -> None:  # fmt: skip
    """Fill `found` (3, N) for the firms from `first` to `end` with the sums of (21)."""
    for start in range(first, end, LANES):
        lanes = min(LANES, end - start)
        fallen = _cascade_up(start, start + lanes, net, work, epsilon)
        _cascade_down(start, start + lanes, net, work, replace, epsilon, quiet)
        for lane in range(lanes):
            low, high, both = 0.0, 0.0, 0.0
            for j in range(net.worth.size):
                up, down = fallen[j, lane], 1.0 - work.low[j, lane]
                low += net.worth[j] * down
                high += net.worth[j] * up
                both += net.worth[j] * max(down, up)
            found[0, start + lane] = low
            found[1, start + lane] = high
            found[2, start + lane] = both
