"""Cascade of one firm's failure through a network of links (ESRI); checked against a worked case."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

F = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@njit(error_model="numpy", cache=True, nogil=True)
def cascade_down(
    start: Longs, supplier: Longs, weight: F, kind: Longs, sector: Longs, sales: F,
    market: Longs, replace: bool, first: F, epsilon: float, level: F, lost: F,
) -> None:  # fmt: skip
    """Fill `level` with the downstream state; links of a client are start[j] to start[j + 1]."""
    n = first.size
    level[:] = first
    nxt = first.copy()
    sigma = np.ones(n)
    total = np.zeros(n)
    while True:
        if replace:
            total[:] = 0.0
            for i in range(n):
                total[market[i]] += sales[i] * level[i]
            for i in range(n):
                t = total[market[i]]
                sigma[i] = min(1.0, sales[i] / t) if t > 0 else 1.0
        fall = 0.0
        for j in range(n):
            plain, worst = 0.0, 0.0
            for k in range(start[j], start[j + 1]):
                i = supplier[k]
                part = weight[k] * sigma[i] * (1.0 - level[i])
                if kind[k] == 2:
                    lost[sector[i]] += part
                elif kind[k] == 1:
                    plain += part
            for k in range(start[j], start[j + 1]):
                worst = max(worst, lost[sector[supplier[k]]])
            for k in range(start[j], start[j + 1]):
                lost[sector[supplier[k]]] = 0.0
            nxt[j] = max(0.0, min(level[j], min(first[j], 1.0 - max(plain, worst))))
            fall = max(fall, level[j] - nxt[j])
        level[:] = nxt
        if fall <= epsilon:
            return


@njit(error_model="numpy", cache=True, nogil=True)
def cascade_up(start: Longs, client: Longs, weight: F, first: F, epsilon: float, level: F) -> None:
    """Fill `level` with the upstream state; links of a supplier are start[i] to start[i + 1]."""
    n = first.size
    level[:] = first
    nxt = first.copy()
    while True:
        fall = 0.0
        for i in range(n):
            gone = 0.0
            for k in range(start[i], start[i + 1]):
                gone += weight[k] * (1.0 - level[client[k]])
            nxt[i] = max(0.0, min(level[i], min(first[i], 1.0 - gone)))
            fall = max(fall, level[i] - nxt[i])
        level[:] = nxt
        if fall <= epsilon:
            return
