"""Opens what a person gives: a workbook, a folder of CSV files, or one CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

from keian.core import InputError, Problem
from keian.core.path_guard import refuse_link
from keian.sheets.csv_files import CsvSheet
from keian.sheets.headers import find_sheet
from keian.sheets.xlsx_read import XlsxBook

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})
LOCK = "~$"  # what a spreadsheet program puts beside an open workbook
MOST_NAMED = 5


class RawSheet(Protocol):
    """A sheet as it stands in a file: rows with their numbers, then what it hides."""

    @property
    def name(self) -> str:
        """Title of the sheet."""

    @property
    def file(self) -> str:
        """Name of the file."""

    @property
    def hidden(self) -> bool:
        """Whether a spreadsheet program shows it."""

    def read_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Give the rows with their number, from 1."""

    def list_marks(self) -> list[Problem]:
        """List what is hidden or joined, once the rows are read."""


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets of one import, the file they come from and its day."""

    path: Path
    day: date
    sheets: tuple[RawSheet, ...]


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open a workbook, a folder of CSV files or one CSV file, and close it again.

    Raises
    ------
    InputError
        There is no such file, or it is none of them.
    """
    refuse_link(path)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
        if not files:
            wanted, fix = "CSV files, one a sheet", "name the workbook itself, or another folder"
            raise InputError([Problem(str(path), "no CSV file", wanted, fix)])
        _refuse_mixed(path, files)
        yield Book(path, max(map(_find_day, files)), tuple(map(_take_csv, files)))
    elif not path.is_file():
        fix = "check the path"
        raise InputError([Problem(str(path), "no such file", "a workbook or a folder", fix)])
    elif path.suffix.lower() == ".csv":
        yield Book(path, _find_day(path), (_take_csv(path),))
    elif path.suffix.lower() in WORKBOOKS:
        book = XlsxBook(path)
        try:
            yield Book(path, _find_day(path), tuple(book.sheets))
        finally:
            book.close()
    else:
        wanted, fix = "an .xlsx workbook, a .csv file or a folder of them", "save it as .xlsx"
        raise InputError([Problem(str(path), f"a file {path.suffix or path.name}", wanted, fix)])


def _refuse_mixed(folder: Path, files: list[Path]) -> None:
    """Refuse a folder that holds the same tables twice: as CSV and in a workbook.

    Which of the two a person edited nobody can tell.
    """
    known = {sheet.id for file in files if (sheet := find_sheet(file.stem))}
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in WORKBOOKS or path.name.startswith(LOCK):
            continue
        try:
            named = _name_known(path, known)
        except InputError as error:
            problems += error.problems
            continue
        if named:
            found = f"tables that stand in CSV files too: {', '.join(named[:MOST_NAMED])}"
            fix = "name the workbook itself, or move it out of the folder"
            problems.append(Problem(path.name, found, "each table once", fix))
    if problems:
        raise InputError(problems)


def _name_known(path: Path, known: set[str]) -> list[str]:
    """Name the sheets of a workbook that are among some."""
    book = XlsxBook(path)
    book.close()
    found = [(sheet.name, find_sheet(sheet.name)) for sheet in book.sheets]
    return [name for name, sheet in found if sheet is not None and sheet.id in known]


def _take_csv(path: Path) -> CsvSheet:
    return CsvSheet(path.stem, path.name, path)


def _find_day(path: Path) -> date:
    """Find the day a file was written."""
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
