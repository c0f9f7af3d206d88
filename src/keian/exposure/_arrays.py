"""Arrays of the cascade of one firm's failure, in the order in which the kernel reads them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

F = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


class CascadeNet(NamedTuple):
    """A network for cascades; links both ways. N firms, K links that matter, M links, G markets.

    start, middle : (N + 1,), (N,) inputs of client j are start[j] to start[j + 1]; other ones come
        first, essential ones from middle[j] on, in the order of their sector.
    supplier, kind_of : (K,) who sells, and the sector of what is sold.   down : (K,) weight.
    out_start, out_client : (N + 1,), (K,) the same links by supplier.
    up_start, up_client, up : (N + 1,), (M,), (M,) all sales by supplier.
    sales, worth : (N,).   market : (N,).   member_start, member : (G + 1,), (N,) firms by market.
    """

    start: Longs
    middle: Longs
    supplier: Longs
    kind_of: Longs
    down: F
    out_start: Longs
    out_client: Longs
    up_start: Longs
    up_client: Longs
    up: F
    sales: F
    worth: F
    market: Longs
    member_start: Longs
    member: Longs


class CascadeWork(NamedTuple):
    """Room for one thread; nothing is allocated while a cascade runs.

    low : (N,) levels downstream.   gone : (N,) fallen part that is not replaced.
    nxt : (N,) levels of the next step.   told : (N,) levels that neighbours were told of last.   changed, asked : (N,) lists.   is_asked : (N,) marks.
    dirty : (G,) list of markets.   is_dirty : (G,) marks.
    fallen, fallen_next : (N, 8) what fell upstream, a lane for each failing firm.
    lost, fall, busy : (8,) by lane.
    """

    low: F
    gone: F
    nxt: F
    told: F
    changed: Longs
    asked: Longs
    is_asked: npt.NDArray[np.bool_]
    dirty: Longs
    is_dirty: npt.NDArray[np.bool_]
    fallen: F
    fallen_next: F
    lost: F
    fall: F
    busy: npt.NDArray[np.bool_]
