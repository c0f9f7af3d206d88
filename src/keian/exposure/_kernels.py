"""Cascade of one firm's failure through a network of links (ESRI); twin: tests/naive_exposure.py.

Equations (17) to (21) of docs/method/exposure.md. Every step computes only firms whose suppliers or
clients changed in the step before; all others would come out as they were.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from keian.exposure._arrays import CascadeNet, CascadeWork

F = npt.NDArray[np.float64]


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
def _spread(changes: int, net: CascadeNet, work: CascadeWork, replace: bool) -> int:
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
                if gone != work.gone[i]:
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
def _settle(count: int, level: F, work: CascadeWork) -> tuple[int, float]:
    """Take over the levels of the listed firms; returns how many fell and the greatest fall."""
    changes, fall = 0, 0.0
    for a in range(count):
        j = work.asked[a]
        work.is_asked[j] = False
        if work.nxt[j] < level[j]:
            fall = max(fall, level[j] - work.nxt[j])
            level[j] = work.nxt[j]
            work.changed[changes] = j
            changes += 1
    return changes, fall


@njit(error_model="numpy", cache=True, nogil=True)
def _cascade_down(
    firm: int, net: CascadeNet, work: CascadeWork, replace: bool, epsilon: float
) -> None:
    """Fill `work.low` with the downstream state after the failure of a firm."""
    work.low[:] = 1.0
    work.gone[:] = 0.0
    work.low[firm] = 0.0
    work.changed[0] = firm
    changes = 1
    while changes:
        count = _spread(changes, net, work, replace)
        for a in range(count):
            work.nxt[work.asked[a]] = _calc_level(work.asked[a], net, work.gone)
        changes, fall = _settle(count, work.low, work)
        if fall <= epsilon:
            return


@njit(error_model="numpy", cache=True, nogil=True)
def _cascade_up(firm: int, net: CascadeNet, work: CascadeWork, epsilon: float) -> None:
    """Fill `work.high` with the upstream state (20) after the failure of a firm."""
    work.high[:] = 1.0
    work.high[firm] = 0.0
    work.changed[0] = firm
    changes = 1
    while changes:
        count = 0
        for c in range(changes):
            j = work.changed[c]
            for k in range(net.in_start[j], net.in_start[j + 1]):
                i = net.in_supplier[k]
                if not work.is_asked[i]:
                    work.is_asked[i] = True
                    work.asked[count] = i
                    count += 1
        for a in range(count):
            i = work.asked[a]
            lost = 0.0
            for k in range(net.up_start[i], net.up_start[i + 1]):
                lost += net.up[k] * (1.0 - work.high[net.up_client[k]])
            work.nxt[i] = max(0.0, 1.0 - lost)
        changes, fall = _settle(count, work.high, work)
        if fall <= epsilon:
            return


@njit(error_model="numpy", cache=True, nogil=True)
def fail_each(
    first: int, end: int, net: CascadeNet, work: CascadeWork, replace: bool, epsilon: float,
    found: F,
) -> None:  # fmt: skip
    """Fill `found` (3, N) for the firms from `first` to `end` with the sums of (21)."""
    for firm in range(first, end):
        _cascade_down(firm, net, work, replace, epsilon)
        _cascade_up(firm, net, work, epsilon)
        low, high, both = 0.0, 0.0, 0.0
        for j in range(net.worth.size):
            low += net.worth[j] * (1.0 - work.low[j])
            high += net.worth[j] * (1.0 - work.high[j])
            both += net.worth[j] * (1.0 - min(work.low[j], work.high[j]))
        found[0, firm] = low
        found[1, firm] = high
        found[2, firm] = both
