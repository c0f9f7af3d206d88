"""What is noted of a day: firms watched between and after the passes, and the sums of the blocks."""

from __future__ import annotations

import numpy as np
from numba import njit

from keian.crisis._arrays_firms import (
    BOUND_BY,
    DEMANDED,
    EXTRA,
    FACTOR,
    FILL,
    FILLED,
    LEAST_STOCK,
    LIMIT,
    MISS,
    SHARE,
    F,
    FirmRecord,
    FirmState,
    FirmStatic,
    FirmWork,
)

entry = njit(error_model="numpy", cache=True, nogil=True)
kernel = njit(  # type: ignore[call-overload]  # the type stubs lack the two wrapper options
    error_model="numpy", cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)


@kernel
def note_firm(i: int, st: FirmStatic, s: FirmState, row: F) -> None:
    """Note what a watched firm has before the day is settled: limit, least stock, its product."""
    row[FACTOR], row[LIMIT] = s.factor[i], s.limit[i]
    row[LEAST_STOCK], row[BOUND_BY] = np.nan, np.nan
    extra = 0.0
    for r in range(s.desk.shape[0]):
        extra += s.desk[r, i, EXTRA]
    row[DEMANDED] = max(0.0, 1.0 + extra / st.x0[i] + st.final[i] * (s.wanted[i] - 1.0))
    cap, least = s.factor[i] * st.room[i], np.inf
    for k in range(st.slot_start[i], st.slot_start[i + 1]):
        beta = st.beta[st.kind[k]]
        bound = cap + beta * (s.stock[k] - cap)
        if beta > 0.0 and bound < least:
            least = bound
            row[LEAST_STOCK], row[BOUND_BY] = s.stock[k], st.slot_product[k]


@kernel
def close_firm(i: int, st: FirmStatic, s: FirmState, row: F) -> None:
    """Note what a watched firm made of the day: output, cause, how it fills its producers."""
    row[SHARE] = s.share[i]
    row[FILLED] = 1.0 - s.desk[0, i, MISS] if st.allocation == FILL else np.nan


@entry
def note_before(t: int, st: FirmStatic, s: FirmState, rec: FirmRecord) -> None:
    """Note watched firms between the two passes."""
    for n in range(rec.watch.size):
        note_firm(rec.watch[n], st, s, rec.firms[t, n])


@entry
def close_day(t: int, st: FirmStatic, s: FirmState, wk: FirmWork, rec: FirmRecord) -> None:
    """Add up the blocks in their order and note watched firms."""
    for b in range(wk.flows.shape[0]):
        rec.cells[t] += wk.sums[b]
        rec.sent[t] += wk.flows[b, 0]
        if t > 0:
            rec.arrived[t - 1] += wk.flows[b, 1]
    for n in range(rec.watch.size):
        close_firm(rec.watch[n], st, s, rec.firms[t, n])
