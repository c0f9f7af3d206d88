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
LANES = 8  # firms that fail side by side upstream: one vector of doubles


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
def _spread(changes: int, net: CascadeNet, work: CascadeWork, replace: bool, quiet: float) -> int:
    """Renew what is gone (18) and list the clients it concerns; returns their number."""
    count = 0
    if not replace:
        for c in range(changes):
            i = work.changed[c]
            work.gone[i] = 1.0 - work.low[i]
            count = _ask_clients(i, count, net, work)
        return count
    markets = 0
    for c in range(changes):
        g = net.market[work.changed[c]]
        if not work.is_dirty[g]:
            work.is_dirty[g] = True
            work.dirty[markets] = g
            markets += 1
    for d in range(markets):
        g = work.dirty[d]
        work.is_dirty[g] = False
        total = 0.0
        for m in range(net.member_start[g], net.member_start[g + 1]):
            total += net.sales[net.member[m]] * work.low[net.member[m]]
        for m in range(net.member_start[g], net.member_start[g + 1]):
            i = net.member[m]
            if work.low[i] < 1.0:
                share = min(1.0, net.sales[i] / total) if total > 0 else 1.0
                gone = share * (1.0 - work.low[i])
                if gone > work.gone[i] + quiet or gone < work.gone[i] - quiet:
                    work.gone[i] = gone
                    count = _ask_clients(i, count, net, work)
    return count


@njit(error_model="numpy", cache=True, nogil=True)
def _calc_level(j: int, net: CascadeNet, gone: F) -> float:
    """Calculate what the inputs of a client allow (19)."""
    plain, worst, lost = 0.0, 0.0, 0.0
    for k in range(net.start[j], net.middle[j]):
        plain += net.down[k] * gone[net.supplier[k]]
    before = -1
    for k in range(net.middle[j], net.start[j + 1]):
        if net.kind_of[k] != before:
            worst = max(worst, lost)
            lost = 0.0
            before = net.kind_of[k]
        lost += net.down[k] * gone[net.supplier[k]]
    return max(0.0, 1.0 - max(plain, max(worst, lost)))


@njit(error_model="numpy", cache=True, nogil=True)
def _settle(count: int, level: F, work: CascadeWork, quiet: float) -> tuple[int, float]:
    """Take over the levels of the listed firms.

    Returns how many fell by more than `quiet` since they were last passed on, and the greatest
    fall of all.
    """
    changes, fall = 0, 0.0
    for a in range(count):
        j = work.asked[a]
        work.is_asked[j] = False
        if work.nxt[j] < level[j]:
            fall = max(fall, level[j] - work.nxt[j])
            level[j] = work.nxt[j]
            if work.told[j] - level[j] > quiet:
                work.told[j] = level[j]
                work.changed[changes] = j
                changes += 1
    return changes, fall


@njit(error_model="numpy", cache=True, nogil=True)
def _cascade_down(
    firm: int,
    net: CascadeNet,
    work: CascadeWork,
    replace: bool,
    epsilon: float,
    quiet: float,
) -> None:
    """Fill `work.low` with the downstream state after the failure of a firm."""
    work.low[:] = 1.0
    work.gone[:] = 0.0
    work.low[firm] = 0.0
    work.told[:] = 1.0
    work.changed[0] = firm
    changes = 1
    while changes:
        count = _spread(changes, net, work, replace, quiet)
        for a in range(count):
            work.nxt[work.asked[a]] = _calc_level(work.asked[a], net, work.gone)
        changes, fall = _settle(count, work.low, work, quiet)
        if fall <= epsilon:
            return


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
            # one name for each lane: the sums stay in one vector register
            a, b, c, d, e, f, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for k in range(net.up_start[i], net.up_start[i + 1]):
                part, j = net.up[k], net.up_client[k]
                a += part * fallen[j, 0]
                b += part * fallen[j, 1]
                c += part * fallen[j, 2]
                d += part * fallen[j, 3]
                e += part * fallen[j, 4]
                f += part * fallen[j, 5]
                g += part * fallen[j, 6]
                h += part * fallen[j, 7]
            work.lost[0], work.lost[1], work.lost[2], work.lost[3] = a, b, c, d
            work.lost[4], work.lost[5], work.lost[6], work.lost[7] = e, f, g, h
            for lane in range(LANES):
                now = fallen[i, lane]
                later = max(now, min(1.0, work.lost[lane])) if work.busy[lane] else now
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
        for lane in range(lanes):
            _cascade_down(start + lane, net, work, replace, epsilon, quiet)
            low, high, both = 0.0, 0.0, 0.0
            for j in range(net.worth.size):
                up, down = fallen[j, lane], 1.0 - work.low[j]
                low += net.worth[j] * down
                high += net.worth[j] * up
                both += net.worth[j] * max(down, up)
            found[0, start + lane] = low
            found[1, start + lane] = high
            found[2, start + lane] = both
