"""Last digits of the cells of tables, so that a plain save by another program changes no figure.

Spreadsheet programs write 15 or 16 digits of a number, a double needs 17. Beside the sketch of each
row or column the hidden sheet `baseline` keeps three bytes a cell: the last byte of the number, by
which the number that lies nearest is found again, and its size, by which a changed cell is told from
its neighbours.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from keian.economy.nouns import FloatArray

DIGITS = "digits"  # what a row of the baseline holds that has no sketch
MARK = "~"  # no program takes text that begins so for a number or a formula
CELLS_A_ROW = 8_000  # 32,001 letters; a cell of a workbook holds 32,767
BYTE = 256
# Fifteen digits fix a number to half a unit of the last: 5e-15 of it or 45 steps between doubles.
MOST_STEPS = 48
SIZES_A_DOUBLING = 256  # a size is exact to 0.14 %
NO_SIZE = -32768
Digits = np.ndarray[tuple[int], np.dtype[np.void]]
CELL = np.dtype([("last", "u1"), ("size", "<i2")])


@dataclass(frozen=True, slots=True)
class Line:
    """Numbers of one row of a matrix or one column of a table, in the order of their names.

    Attributes
    ----------
    name : name of the row or column.
    values : (n,) float, NaN where missing.
    weights : (n,) float, weight of each cell in a sketch.
    order : (n,) int, places of the cells in the order of their names.
    """

    name: str
    values: FloatArray
    weights: FloatArray
    order: np.ndarray[tuple[int], np.dtype[np.intp]]


def write_digits(line: Line) -> Iterator[tuple[str, str]]:
    """Give the last digits of a line piece by piece: what the piece is called, and its text."""
    values = line.values[line.order]
    if bool((np.isnan(values) | (values == 0)).all()):
        return
    packed = np.zeros(len(values), CELL)
    packed["last"] = _view(values) % BYTE
    packed["size"] = _size(values)
    for number, start in enumerate(range(0, len(values), CELLS_A_ROW), 1):
        piece = packed[start : start + CELLS_A_ROW].tobytes()
        yield f"{DIGITS}.{number}", f"{MARK}{b64encode(piece).decode('ascii')}"


def read_digits(texts: Sequence[str], count: int) -> Digits | None:
    """Read last digits back; None where they are not of so many cells, or no such text."""
    try:
        raw = b"".join(b64decode(text.removeprefix(MARK), validate=True) for text in texts)
    except (binascii.Error, ValueError):
        return None
    return np.frombuffer(raw, CELL) if len(raw) == count * CELL.itemsize and count else None


def put_back(line: Line, kept: Digits) -> FloatArray:
    """Give the numbers with the digits that a program dropped.

    Each becomes the nearest double that ends in the byte kept, where that lies within what fifteen
    digits leave open; any other stays as it was read.

    Parameters
    ----------
    line
        What was read.
    kept
        (n,) what `read_digits` gave, in the order of the names.
    """
    values = line.values[line.order]
    bits = _view(values)
    steps = (kept["last"].astype(np.int64) - bits % BYTE + BYTE // 2) % BYTE - BYTE // 2
    near = np.isfinite(values) & (values != 0) & (np.abs(steps) <= MOST_STEPS)
    found = line.values.copy()
    found[line.order] = np.where(near, (bits + np.where(near, steps, 0)).view(np.float64), values)
    return found


def list_leaps(line: Line, kept: Digits, most: float) -> list[int]:
    """List the places of the cells that became more than so many times greater or smaller."""
    sizes = _size(line.values[line.order]).astype(np.int64)
    before = kept["size"].astype(np.int64)
    there = (sizes != NO_SIZE) & (before != NO_SIZE)
    leaps = there & (np.abs(sizes - before) > np.log2(most) * SIZES_A_DOUBLING)
    return sorted(int(line.order[place]) for place in leaps.nonzero()[0])


def _view(values: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.ascontiguousarray(values, dtype=np.float64).view(np.int64)


def _size(values: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Give the logarithm of the amounts; a number of its own for what has none."""
    there = np.isfinite(values) & (values != 0)
    logs = np.log2(np.abs(np.where(there, values, 1.0))) * SIZES_A_DOUBLING
    largest = np.iinfo(np.int16).max
    sizes = np.clip(np.rint(logs), -largest, largest).astype(np.int16)
    return np.where(there, sizes, np.int16(NO_SIZE))
