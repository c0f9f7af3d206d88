"""Sketches of tables: one short line per row or column that shows whether any number changed.

A digest would change with the last digit that a spreadsheet program drops. A sketch sums the
logarithms of the amounts with a weight for each place, so that a relative change of one amount moves
it by that much whatever its size, and dropped digits move it by nearly nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from keian.sheets.layout import Sheet

if TYPE_CHECKING:
    from keian.economy.nouns import FloatArray
    from keian.sheets.contents import Contents, Matrix

SAME = 1e-6  # a sum of relative changes; smaller ones are digits that a program dropped
WORDS_OF_CRC = 2**32
NUMBER_KINDS = "if"


def sketch_table(sheet: Sheet, contents: Contents) -> Iterator[tuple[str, str]]:
    """Give the sketch of each row of a matrix, or of each column of a table, by its name."""
    if sheet.id in contents.matrices:
        yield from _sketch_matrix(contents.matrices[sheet.id])
        return
    frame = contents.frames[sheet.id]
    keys = [key for key in sheet.keys if key in frame.columns]
    if keys:
        columns = [[str(cell) for cell in frame[key]] for key in keys]
        names: Sequence[str] = ["/".join(row) for row in zip(*columns, strict=True)]
    else:
        names = [str(row) for row in range(len(frame))]
    weights = _weigh(names)
    order = np.argsort(np.array(names, dtype=object), kind="stable") if keys else None
    for head in sheet.heads:
        column = frame[head.key]
        if head.kind in {"number", "whole"}:
            yield head.key, _sketch(column.to_numpy(dtype=np.float64, na_value=np.nan), weights)
        else:
            yield head.key, _digest(column.tolist(), order)


def is_same(old: str, new: str) -> bool:
    """Tell whether two sketches are of the same amounts, up to dropped digits.

    Examples
    --------
    >>> is_same("12.5 0 0 1", "12.5000000001 0 0 1"), is_same("12.5 0 0 1", "12.5 1 0 1")
    (True, False)
    """
    if old == new:
        return True
    before, after = old.split(" "), new.split(" ")
    if before[1:] != after[1:] or len(before) == 1:
        return False
    try:
        return abs(float(before[0]) - float(after[0])) <= SAME
    except ValueError:
        return False


def _sketch_matrix(matrix: Matrix) -> Iterator[tuple[str, str]]:
    weights = _weigh(matrix.columns)
    for name, line in zip(matrix.rows, matrix.values, strict=True):
        yield name, _sketch(line, weights)


def _weigh(names: Sequence[str]) -> FloatArray:
    """Give each name a weight from 1 to 2."""
    return np.array([1.0 + crc32(name.encode()) / WORDS_OF_CRC for name in names])


def _sketch(values: FloatArray, weights: FloatArray) -> str:
    """Sum the logarithms of the amounts; count zeros, missing and negative ones beside it."""
    there = np.isfinite(values) & (values != 0)
    total = float((weights[there] * np.log(np.abs(values[there]))).sum())
    zeros, missing = int((values == 0).sum()), int(np.isnan(values).sum())
    return f"{total!r} {zeros} {missing} {int((values < 0).sum())}"


def _digest(cells: list[Any], order: Any) -> str:  # noqa: ANN401 - places in a sorted order, or None
    """Digest the words of a column in the order of its rows' names."""
    texts = ["" if cell is None or cell != cell else str(cell) for cell in cells]  # noqa: PLR0124 - a missing text may be NaN
    ordered = texts if order is None else [texts[place] for place in order]
    return hashlib.sha256("\n".join(ordered).encode()).hexdigest()
