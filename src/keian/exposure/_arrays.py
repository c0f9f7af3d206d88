"""Arrays of the cascade of one firm's failure, in the order in which the kernel reads them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

F = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Places = npt.NDArray[np.uint32]


class CascadeNet(NamedTuple):
    """A network for cascades; links both ways. N firms, K links that matter, M links, G markets.

    group_of : (N + 1,) groups of inputs of client j are group_of[j] to group_of[j + 1]: all that are
        not essential together, then each essential sector.
    group_start : (R + 1,) links of each group.   supplier, down : (K,) who sells, and the weight.
    out_start, out_client : (N + 1,), (K,) the same links by supplier.
    up_start, up_client, up : (N + 1,), (M,), (M,) all sales by supplier.
    sales, worth : (N,).   market : (N,).   member_start, member : (G + 1,), (N,) firms by market.
    """

    group_of: Longs
    group_start: Longs
    supplier: Places
    down: F
    out_start: Longs
    out_client: Longs
    up_start: Longs
    up_client: Places
    up: F
    sales: F
    worth: F
    market: Longs
    member_start: Longs
    member: Places


class CascadeWork(NamedTuple):
    """Room for one thread; nothing is allocated while a cascade runs.

    low, gone, told : (N, 8) levels downstream, fallen part that is not replaced, and levels that
        neighbours were told of last; a lane for each failing firm.
    changed, asked : (N,) lists.   is_asked : (N,) marks.
    dirty : (G,) list of markets.   is_dirty : (G,) marks.
    fallen, fallen_next : (N, 8) what fell upstream, a lane for each failing firm.
    lost, news, fall, busy : (8,) by lane.
    """

    low: F
    gone: F
    told: F
    changed: Longs
    asked: Longs
    is_asked: npt.NDArray[np.bool_]
    dirty: Longs
    is_dirty: npt.NDArray[np.bool_]
    fallen: F
    fallen_next: F
    lost: F
    news: F
    fall: F
    busy: npt.NDArray[np.bool_]
