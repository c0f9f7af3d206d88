"""Cells of a sheet with their places, from .xlsx, .xlsb or .csv."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from keian.core import InputError, Problem
from keian.core.path_guard import refuse_link
from keian.official.nouns import Floats
from keian.sheets.cells import Odd
from keian.sheets.xlsx_read import MOST_FILE_BYTES, MOST_UNPACKED_BYTES, XlsxBook, name_column

MOST_TOLD = 20
PLAIN = re.compile(r"[+\-−▲△]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+)?")
MINUS = str.maketrans({"−": "-", "▲": "-", "△": "-", ",": None})
# A dash says that there is none; other marks (x, …) say that a figure is withheld or unknown.
NOTHING = frozenset({"", "-", "−", "ー", "―", "‐", "－"})


@dataclass(slots=True)
class Faults:
    """Problems met while a file is read; long lists are cut, with their count."""

    problems: list[Problem] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, problem: Problem, *, of: str = "") -> None:
        """Add a problem; from the twentieth of one class on, they are counted only."""
        self.counts[of] = self.counts.get(of, 0) + 1
        if of and self.counts[of] > MOST_TOLD:
            self.more[of] = self.more.get(of, 0) + 1
        else:
            self.problems.append(problem)

    def refuse(self) -> None:
        """Raise everything that was met."""
        told = list(self.problems)
        for of, count in self.more.items():
            told.append(Problem(of, f"{count} more of the same", "none", "mend the first ones"))
        if told:
            raise InputError(told)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet; rows may differ in length."""

    file: str
    sheet: str
    rows: list[list[Any]]

    @property
    def width(self) -> int:
        """Columns of the longest row."""
        return max((len(row) for row in self.rows), default=0)

    def cell(self, row: int, column: int) -> Any:  # noqa: ANN401 - a plain value or an `Odd`
        """Give a cell; None where there is none."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[column] if 0 <= column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """Give a cell as text without spaces at its ends; a whole number without its point."""
        found = self.cell(row, column)
        if found is None or isinstance(found, Odd):
            return ""
        if isinstance(found, float) and found.is_integer():
            return str(int(found))
        return str(found).strip()

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Name a place as a person finds it."""
        letters = "" if column is None else name_column(column + 1)
        at = (
            "" if row is None and column is None else f", {letters}{'' if row is None else row + 1}"
        )
        return f"{self.file}{f', sheet {self.sheet}' if self.sheet else ''}{at}"


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """Read a sheet.

    Parameters
    ----------
    path
        Workbook (.xlsx, .xlsb) or .csv file.
    sheet
        Pattern of the sheet's name; the first sheet if left out.

    Raises
    ------
    InputError
        No such file or sheet, a broken file, or a format that is not read.
    """
    refuse_link(path)
    if not path.is_file():
        raise InputError([Problem(str(path), "no file", "a table", "name a file that is there")])
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path, sheet)
    if path.suffix.lower() == ".xlsb":
        return _read_xlsb(path, sheet)
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    fix = "save it as .xlsx in a spreadsheet program"
    raise InputError(
        [Problem(path.name, f"{path.suffix or 'no suffix'}", ".xlsx, .xlsb, .csv", fix)]
    )


def _read_xlsx(path: Path, sheet: str | None) -> Grid:
    book = XlsxBook(path)
    try:
        names = [found.name for found in book.sheets]
        chosen = book.sheets[_choose(path, names, sheet)]
        rows: list[list[Any]] = []
        for number, cells in chosen.read_rows():
            rows.extend([] for _ in range(number - 1 - len(rows)))
            rows.append(list(cells))
        return Grid(path.name, chosen.name, rows)
    finally:
        book.close()


def _choose(path: Path, names: Sequence[str], sheet: str | None) -> int:
    """Choose a sheet by the pattern of its name, else the first."""
    at = [at for at, name in enumerate(names) if sheet is None or re.search(sheet, name)]
    if not at:
        wanted = f"a sheet named like {sheet}"
        told = f"sheets {', '.join(names[:MOST_TOLD])}"
        raise InputError([Problem(path.name, told, wanted, "take the workbook as published")])
    return at[0]


def _read_xlsb(path: Path, sheet: str | None) -> Grid:
    """Read a binary workbook; only calamine reads these safely and fast."""
    _check_archive(path)
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        fix = "install the extra: pip install 'keian[io]', or save the workbook as .xlsx"
        problem = Problem(path.name, "a binary workbook, and no python-calamine", "both", fix)
        raise InputError([problem]) from None
    try:
        with path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
        name = book.sheet_names[_choose(path, book.sheet_names, sheet)]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(path, str(error)) from None
    return Grid(path.name, name, [[None if cell == "" else cell for cell in row] for row in rows])


def _check_archive(path: Path) -> None:
    """Refuse what is no archive, and what unpacks to far more than a table does."""
    try:
        with ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (BadZipFile, OSError) as error:
        raise _broken(path, str(error)) from None
    if path.stat().st_size > MOST_FILE_BYTES or unpacked > MOST_UNPACKED_BYTES:
        wanted = f"at most {MOST_UNPACKED_BYTES:,} bytes unpacked"
        raise InputError([Problem(path.name, f"{unpacked:,} bytes unpacked", wanted, "split it")])


def _broken(path: Path, found: str) -> InputError:
    fix = "download it again: the download may have broken off"
    return InputError([Problem(path.name, f"a broken file ({found})", "a whole file", fix)])


def _read_csv(path: Path) -> Grid:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows: list[list[Any]] = [[c or None for c in row] for row in csv.reader(stream)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _broken(path, str(error)) from None
    return Grid(path.name, "", rows)


def read_numbers(
    grid: Grid, rows: Sequence[int], columns: Sequence[int], faults: Faults, *, blank_zero: bool
) -> tuple[Floats, int]:
    """Read the numbers where rows and columns cross.

    Parameters
    ----------
    faults
        Takes each cell that is no number, with its place.
    blank_zero
        Whether an empty cell, or a dash, means zero, as Japanese statistics print it.

    Returns
    -------
    Numbers (r, c), NaN where a cell is at fault; and how many empty cells were read as zero.
    """
    numbers = np.zeros((len(rows), len(columns)))
    blanks = 0
    for i, row in enumerate(rows):
        cells = grid.rows[row] if row < len(grid.rows) else []
        for j, column in enumerate(columns):
            cell = cells[column] if column < len(cells) else None
            if type(cell) is float or type(cell) is int:
                numbers[i, j] = cell
                continue
            number = read_number(cell)
            if number is None and blank_zero and _is_blank(cell):
                blanks += 1
            elif number is None:
                _tell_cell(grid, (row, column), cell, faults)
                numbers[i, j] = np.nan
            else:
                numbers[i, j] = number
    return numbers, blanks


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip() in NOTHING)


def read_number(cell: object) -> float | None:
    """Read a cell as a number; None where it is none.

    Examples
    --------
    >>> read_number("1,234.5"), read_number("▲3"), read_number("n.a."), read_number(True)
    (1234.5, -3.0, None, None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    if isinstance(cell, str) and PLAIN.fullmatch(cell.strip()):
        return float(cell.strip().translate(MINUS))
    return None


def _tell_cell(grid: Grid, at: tuple[int, int], cell: object, faults: Faults) -> None:
    """Tell a cell that is no number."""
    if isinstance(cell, Odd):
        found, fix = cell.found, cell.fix
    elif cell is None:
        found, fix = "nothing", "take the file as published; the download may have broken off"
    else:
        found, fix = repr(str(cell)[:30]), "write the number as published"
    where = f"cells of {grid.file}"
    faults.add(Problem(grid.place(*at), found, "a number", fix), of=where)
