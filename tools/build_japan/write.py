"""Write tables so that the same input gives the same bytes."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Cell = str | float | int | None


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV: UTF-8, line feeds, shortest exact floats, missing as empty.

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


def _format(cell: Cell) -> str:
    """Format one cell; a float keeps all its digits."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else repr(float(cell))
    return str(cell)
