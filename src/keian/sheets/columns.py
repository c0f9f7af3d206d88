"""Reads tables and matrices column by column: numbers go into arrays as they come."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from keian.sheets.cells import LARGEST, Fault, fold, is_empty, read_cell
from keian.sheets.contents import Matrix
from keian.sheets.flatten import Head
from keian.sheets.places import Findings, show_place

if TYPE_CHECKING:
    import pandas as pd

    from keian.sheets.layout import Sheet

CHUNK_ROWS = 4096
NUMBERS = frozenset({int, float})
PLAIN_NUMBER = frozenset("0123456789.+-eE")
CELL = Head("", "number", needed=True)
FLOW = Head("", "number", needed=True, low=0.0)  # of one unit to another
Rows = Iterator[tuple[int, list[Any]]]


class _Column:
    """One column while it is read: numbers in an array, words as references to one copy each."""

    def __init__(self, head: Head, place: int, title: str) -> None:
        self.head, self.place, self.title = head, place, title
        self.numbers = array("d")
        self.words: list[str | None] = []
        self.known: dict[str, str] = {}

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return self.head.kind in {"number", "whole"}

    def take(self, chunk: Sequence[tuple[int, list[Any]]]) -> list[tuple[int, Fault]]:
        """Take the cells of some rows; faults by row number."""
        at = self.place
        cells = [row[at] if at < len(row) else None for _, row in chunk]
        if self.is_number and self._take_plain(cells):
            return []
        faults = []
        for (number, _), cell in zip(chunk, cells, strict=True):
            value = read_cell(cell, self.head)
            if isinstance(value, Fault):
                faults.append((number, value))
                value = None
            if self.is_number:
                self.numbers.append(np.nan if value is None else float(value))
            else:
                self.words.append(None if value is None else self._share(value))
        return faults

    def _take_plain(self, cells: list[Any]) -> bool:
        """Take cells that are numbers already and inside the ends of the column."""
        if not set(map(type, cells)) <= NUMBERS:
            return False
        values = np.array(cells, dtype=np.float64)
        low = -LARGEST if self.head.low is None else max(-LARGEST, self.head.low)
        high = LARGEST if self.head.high is None else min(LARGEST, self.head.high)
        if not (np.isfinite(values).all() and values.min() >= low and values.max() <= high):
            return False
        if self.head.kind == "whole" and (values != np.floor(values)).any():
            return False
        self.numbers.frombytes(values.tobytes())
        return True

    def _share(self, word: Any) -> str:  # noqa: ANN401 - a word, or true and false of a table
        text = word if isinstance(word, str) else str(word)
        return self.known.setdefault(text, text)

    def close(self) -> pd.Series[Any]:
        """Give the whole column."""
        import pandas as pd

        if not self.is_number:
            return pd.Series(self.words, dtype=object)
        values = np.frombuffer(self.numbers, dtype=np.float64) if self.numbers else np.zeros(0)
        if self.head.kind == "whole" and not np.isnan(values).any():
            return pd.Series(values.astype(np.int64))
        return pd.Series(values)


def read_frame_rows(
    sheet: Sheet,
    where: tuple[str, str, Sequence[str]],
    places: Sequence[tuple[int, Head]],
    rows: Rows,
    findings: Findings,
) -> tuple[pd.DataFrame, list[int]]:
    """Read the rows of a table.

    Parameters
    ----------
    sheet
        What the table holds.
    where
        File, title of the sheet and titles of its columns, for messages.
    places
        Place of each column, counted from 0.
    rows
        Rows below the header with their numbers.
    findings
        Takes the faults.

    Returns
    -------
    The table, with its missing columns empty, and the number of each row.
    """
    import pandas as pd

    file, name, titles = where
    columns = [_Column(head, at, titles[at]) for at, head in places]
    numbers = array("q")
    while chunk := list(islice(rows, CHUNK_ROWS)):
        numbers.extend(number for number, _ in chunk)
        for column in columns:
            for number, fault in column.take(chunk):
                place = show_place(file, name, number, column.title, column.place + 1)
                findings.add(place, fault, f"{file}, sheet {name}, column {column.title}")
    read = {column.head.key: column.close() for column in columns}
    for head in sheet.heads:
        if head.key not in read:
            read[head.key] = pd.Series([None] * len(numbers), dtype=object)
    return pd.DataFrame({head.key: read[head.key] for head in sheet.heads}), list(numbers)


def read_matrix_rows(
    where: tuple[str, str],
    header: int,
    titles: Sequence[str],
    rows: Rows,
    findings: Findings,
    cell: Head = CELL,
) -> tuple[Matrix, list[int]] | None:
    """Read a matrix: ids in the first row and the first column, numbers in every other cell.

    Parameters
    ----------
    where
        File and title of the sheet.
    header
        Row number of the header.
    cell
        What a cell may hold.

    Returns
    -------
    The matrix and the numbers of its rows; None where ids across are missing or twice.
    """
    file, sheet = where
    across = [fold(title) for title in titles[1:]]
    while across and not across[-1]:
        across.pop()
    bad = False
    for at, name in enumerate(across, 2):
        if not name or across.index(name) != at - 2:
            place = show_place(file, sheet, header, name or "without title", at)
            found = "a column twice" if name else "no id"
            findings.add(place, Fault(found, "each id once", "correct the ids across"))
            bad = True
    names: list[str] = []
    numbers: list[int] = []
    lines: list[np.ndarray[Any, np.dtype[np.float64]]] = []
    for number, row in rows:
        name = "" if not row or is_empty(row[0]) else fold(str(row[0]))
        if not name:
            place = show_place(file, sheet, number, titles[0], 1)
            fault = Fault("no id", "each id once", "write the id")
            findings.add(place, fault, f"{file}, sheet {sheet}, column {titles[0]}")
        names.append(name)
        numbers.append(number)
        cells = row[1 : len(across) + 1]
        cells += [None] * (len(across) - len(cells))
        line = _take_line(cells)
        if line is None or (cell.low is not None and (line < cell.low).any()):
            line = _take_cells(cells, (file, sheet, number), across, findings, cell)
        lines.append(line)
    if bad:
        return None
    values = np.array(lines) if lines else np.zeros((0, len(across)))
    return Matrix(tuple(names), tuple(across), values), numbers


def _take_line(cells: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Take a row of plain numbers at once; None where one needs a closer look."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        if not set("".join(cells)) <= PLAIN_NUMBER:
            return None
        try:
            values = np.array(list(map(float, cells)))
        except ValueError:
            return None
    elif kinds <= NUMBERS:
        values = np.array(cells, dtype=np.float64)
    else:
        return None
    return values if bool((np.abs(values) <= LARGEST).all()) else None


def _take_cells(
    cells: list[Any],
    where: tuple[str, str, int],
    across: Sequence[str],
    findings: Findings,
    head: Head,
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Take a row cell by cell, with its faults."""
    file, sheet, number = where
    values = np.zeros(len(cells))
    for at, cell in enumerate(cells):
        value = read_cell(cell, head)
        if isinstance(value, Fault):
            if value.found == "nothing":
                value = Fault("nothing", "a number", "write the flow, 0 where there is none")
            place = show_place(file, sheet, number, across[at], at + 2)
            findings.add(place, value, f"{file}, sheet {sheet}")
        else:
            values[at] = value
    return values
