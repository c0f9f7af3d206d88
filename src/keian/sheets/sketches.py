"""Sketches of tables: one short line per row or column that shows whether any number changed.

A digest would change with the last digit that a spreadsheet program drops. A sketch sums the
logarithms of the amounts with a weight for each place, so that a relative change of one amount moves
it by that much whatever its size, and dropped digits move it by nearly nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from keian.sheets.digits import Line
from keian.sheets.layout import Sheet

if TYPE_CHECKING:
    import pandas as pd

    from keian.economy.nouns import FloatArray
    from keian.sheets.contents import Contents

SAME = 1e-6  # a sum of relative changes; smaller ones are digits that a program dropped
WORDS_OF_CRC = 2**32
NUMBERS = frozenset({"number", "whole"})
Places = np.ndarray[tuple[int], np.dtype[np.intp]]


def sketch_table(sheet: Sheet, contents: Contents) -> Iterator[tuple[str, str]]:
    """Give the sketch of each row of a matrix, or of each column of a table, by its name."""
    for line in list_lines(sheet, contents):
        yield line.name, _sketch(line.values, line.weights)
    if sheet.id in contents.frames:
        frame = contents.frames[sheet.id]
        names, order = _name_rows(sheet, frame)
        for head in sheet.heads:
            if head.kind not in NUMBERS:
                yield head.key, _digest(frame[head.key].tolist(), order if names else None)


def list_lines(sheet: Sheet, contents: Contents) -> Iterator[Line]:
    """Give the numbers of each row of a matrix, or of each column of numbers of a table."""
    if sheet.id in contents.matrices:
        matrix = contents.matrices[sheet.id]
        weights, order = _weigh(matrix.columns), _order(matrix.columns)
        for name, values in zip(matrix.rows, matrix.values, strict=True):
            yield Line(name, values, weights, order)
        return
    frame = contents.frames[sheet.id]
    names, order = _name_rows(sheet, frame)
    weights = _weigh(names or [str(row) for row in range(len(frame))])
    for head in sheet.heads:
        if head.kind in NUMBERS:
            values = frame[head.key].to_numpy(dtype=np.float64, na_value=np.nan)
            yield Line(head.key, values, weights, order)


def put_lines(sheet: Sheet, contents: Contents, values: Mapping[str, FloatArray]) -> None:
    """Put numbers in the place of those of the rows of a matrix or the columns of a table."""
    if sheet.id in contents.matrices:
        matrix = contents.matrices[sheet.id]
        for place, name in enumerate(matrix.rows):
            if name in values:
                matrix.values[place] = values[name]
        return
    whole = {head.key for head in sheet.heads if head.kind == "whole"}
    contents.frames[sheet.id] = contents.frames[sheet.id].assign(
        **{key: column for key, column in values.items() if key not in whole}
    )


def _name_rows(sheet: Sheet, frame: pd.DataFrame) -> tuple[list[str], Places]:
    """Name the rows of a table by its keys, with their order; without keys their place stays."""
    keys = [key for key in sheet.keys if key in frame.columns]
    if not keys:
        return [], np.arange(len(frame))
    columns = [[str(cell) for cell in frame[key]] for key in keys]
    names = ["/".join(row) for row in zip(*columns, strict=True)]
    return names, _order(names)


def _order(names: Sequence[str]) -> Places:
    return np.argsort(np.array(names, dtype=object), kind="stable")


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
