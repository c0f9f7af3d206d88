"""Arrays of the firm-day kernel: shapes are written behind each name.

N firms, M links in the order of clients, K positions (a firm and a product it buys), B blocks of
firms, C cells (a product and a region), W watched firms, T days. V is float32 or float64. Amounts
are shares of the firm's or the position's baseline unless a unit is given.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

LAST = -(2**31)  # bit of `sup`: last link of its position
PLACE = 2**31 - 1  # the other bits: number of the supplier

MISS, MISS_AGAIN, EXTRA, AGAIN = range(4)  # columns of `desk`
NEVER, IMPORTANT, CRITICAL, UNSTOCKED = range(4)  # kinds of a position
FILL, LEVEL, CLASSES = range(3)  # rules of allocation
EXPECTED, REALISED = range(2)  # rules of orders
ON_CAPACITY, ON_FINAL = range(2)  # kinds of events
NONE, DEMAND, CAPACITY, INPUT, OUTSIDE = range(5)  # binding causes; the last beside a world only
(
    OUTPUT, VALUE_ADDED, FINAL_WANT, FINAL_GOT, VITAL_WANT, VITAL_GOT, LOST_DEMAND, LOST_CAPACITY,
    LOST_INPUT, MEASURES,
) = range(10)  # fmt: skip
(
    SHARE, DEMANDED, LIMIT, FACTOR, FILLED, LEAST_STOCK, CAUSE, BOUND_BY, WATCHED,
) = range(9)  # fmt: skip
(
    PUSHED_1, PUSHED_3, MISSED_1, MISSED_3, SEEN, AT_CAP, AT_PLAN, AT_USED, AT_HELD, AT_BETA,
    AT_STOCKED, CAME, BOUND, ROWS,
) = range(14)  # rows of a block's buffer  # fmt: skip
CAP, LEAST, PLAN, USED, HELD, HANDS = range(6)  # rows of a chunk's table of firms
READY = 3.0  # days of stock that are topped up for use before restocking
TINY = 1e-12
FULL = 1.0 - 1e-12
NEARLY = 1.0 - 1e-6  # single precision: nearer than this is the same
REST = 0.995  # a firm above this share of its baseline has no cause to record
ENOUGH = 1e30  # a level or class that nobody reaches: everybody gets all
CLASS_COUNT = 3
MOST_SWEEPS = 12  # of Newton's method before the ratios are sorted

V = npt.NDArray[Any]
F = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Shorts = npt.NDArray[np.uint16]


class FirmStatic(NamedTuple):
    """Topology, coefficients and rules; the same for all days."""

    sup: Ints  # (M,) supplier, with the bit LAST
    w: V  # (M,) share of the link in its position
    link_start: Ints  # (N + 1,) links of a firm
    slot_start: Ints  # (N + 1,) positions of a firm
    slot_product: Ints  # (K,) product bought
    volume: V  # (K,) baseline purchases, money per day
    owner: Shorts  # (K,) firm of a position, counted from the first of its chunk
    kind: Bytes  # (K,) NEVER, IMPORTANT, CRITICAL, UNSTOCKED
    slot_class: Bytes  # (K,) priority class of the client; empty unless CLASSES
    beta: F  # (4,) by kind: weight of the stock in the limit
    stocked: F  # (4,) by kind: 1 or 0
    x0: V  # (N,) baseline output, money per day
    v: V  # (N,) value added per output
    final: V  # (N,) share of output sold to final users at baseline
    vital: V  # (N,) vital share of that
    room: V  # (N,) 1 + headroom above nominal capacity
    cover: V  # (N,) n, days of stock beyond the working day
    cell: Ints  # (N,) product and region; firms of a cell lie together
    cell_start: Ints  # (C + 1,) firms of a cell
    chunk_firm: Ints  # (chunks + 1,) firms of a chunk
    block_chunk: Ints  # (B + 1,) chunks of a block
    pull_start: Longs  # (N + 1,) clients of a supplier; empty under FILL
    pull_slot: Ints  # (M,) position of the client
    pull_value: V  # (M,) baseline sales over the link, money per day
    allocation: int
    orders: int
    kappa: float  # 1, 2 or inf
    tau: float  # days
    smooth: float  # days


class FirmForcing(NamedTuple):
    """Events: what each hits, how deep, on which days."""

    hit: Ints  # (U,) firms that any event hits
    start: Ints  # (E + 1,) entries of an event
    firm: Ints
    depth: F  # share lost at full force, by entry
    kind: Ints  # (E,) ON_CAPACITY or ON_FINAL
    course: F  # (E, T) share of full force


class FirmState(NamedTuple):
    """What changes from day to day; overwritten."""

    stock: V  # (K,) days of baseline use, the working day included
    first: V  # (K,) class-1 order of yesterday over baseline purchases
    again: V  # (K,) class-3 order of yesterday, the same
    share: V  # (N,) output over baseline, yesterday
    limit: V  # (N,) input limit of today over baseline output
    expected: V  # (N,) expected demand over baseline
    factor: V  # (N,) capacity factor
    wanted: V  # (N,) final demand factor
    desk: V  # (B, N, 4) what a supplier gives and is asked for, a copy per block: see MISS to AGAIN


class FirmWork(NamedTuple):
    """Room for one day."""

    rows: V  # (B, ROWS, most positions of a chunk)
    hands: V  # (B, HANDS, most firms of a chunk)
    ratios: F  # (B, 2, most clients of a supplier + 1)
    sums: F  # (B, C, MEASURES)
    flows: F  # (B, 2) money: sent to firms, arrived at firms


class FirmRecord(NamedTuple):
    """What a run leaves behind."""

    cells: F  # (T, C, MEASURES) money per day
    sent: F  # (T,) money per day, sold to firms
    arrived: F  # (T,) the same as firms book it; NaN on the last day, which arrives after the end
    watch: Ints  # (W,) firms recorded in full
    firms: F  # (T, W, WATCHED)
