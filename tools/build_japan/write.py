"""Write tables so that the same input gives the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Cell = str | float | int | None
Array = npt.NDArray[np.float64]
DIGITS = 15


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV: UTF-8, line feeds, floats of up to 15 digits, missing as empty.

    Parameters
    ----------
    path
        File to write; its folder is made.
    columns
        Column names.
    rows
        Cells in the order of the columns.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_format(cell) for cell in row] for row in rows)


def settle_digits(values: Array) -> Array:
    """Round to the digits that every spreadsheet program keeps, so that a plain save changes nothing.

    Programs keep 15 digits, or print 16; a double with more would come back as its neighbour.

    Examples
    --------
    >>> settle_digits(np.array([19.873807459730763, 0.0, 0.1])).tolist()
    [19.8738074597308, 0.0, 0.1]
    """
    words = np.char.mod(f"%.{DIGITS}g", np.asarray(values, dtype=np.float64))
    return np.asarray(words.astype(np.float64))


def _format(cell: Cell) -> str:
    """Format one cell."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        cell = float(settle_digits(np.array(cell)))
        return str(int(cell)) if cell == int(cell) else repr(float(cell))
    return str(cell)
