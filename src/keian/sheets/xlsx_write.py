"""Writes workbooks row by row: numbers to the last digit, text as text and never as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from keian.core import InputError, Problem

MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
NARROW, WIDE, LONGEST_WIDTH = 9, 40, 12
SAMPLE = 50  # rows that decide the width of a column


class ExactWorksheet(Worksheet):  # type: ignore[misc] # xlsxwriter ships no types
    """A worksheet whose numbers have all 17 digits; the library writes 16."""

    def _xml_number_element(
        self, number: float, attributes: Sequence[tuple[str, Any]] = ()
    ) -> None:
        attr = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{attr}><v>{float(number)!r}</v></c>")


class WorkbookWriter:
    """A workbook that is written sheet after sheet; use it in a `with` statement.

    Parameters
    ----------
    path
        File to write.
    """

    def __init__(self, path: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }
        self.book: Any = xlsxwriter.Workbook(str(path), options)
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = self.book.add_format({"num_format": "@"})

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the workbook, also after a failure: the library keeps parts in the file system."""
        self.book.close()

    def write_sheet(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        hidden: bool = False,
    ) -> None:
        """Write one sheet with a frozen header.

        Raises
        ------
        InputError
            More rows, columns or letters than a workbook can hold.
        """
        sheet = self.book.add_worksheet(name, worksheet_class=ExactWorksheet)
        if len(header) > MOST_COLUMNS:
            raise _too_large(name, f"{len(header)} columns")
        sheet.freeze_panes(1, 1)
        for place, title in enumerate(header):
            sheet.set_column(
                place, place, min(WIDE, max(NARROW, len(title) // 2 + LONGEST_WIDTH // 2))
            )
        for place, title in enumerate(header):
            sheet.write_string(0, place, title, self.bold)
        for number, row in enumerate(rows, 1):
            if number >= MOST_ROWS:
                raise _too_large(name, f"more than {MOST_ROWS} rows")
            self._write_row(sheet, name, number, row)
        if hidden:
            sheet.hide()

    def _write_row(self, sheet: Any, name: str, number: int, row: Sequence[Any]) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        for place, cell in enumerate(row):
            if cell is None or cell != cell:  # noqa: PLR0124 - a missing number is not equal to itself
                continue
            if isinstance(cell, bool):
                sheet.write_boolean(number, place, cell)
            elif isinstance(cell, str):
                if len(cell) > LONGEST_TEXT:
                    raise _too_large(name, f"a text of {len(cell)} letters")
                sheet.write_string(number, place, cell, self.text)
            else:
                sheet.write_number(number, place, cell)


def _too_large(name: str, found: str) -> InputError:
    wanted = (
        f"at most {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns, {LONGEST_TEXT:,} letters a cell"
    )
    return InputError([Problem(f"sheet {name}", found, wanted, "write CSV: --format csv")])


@contextmanager
def finish_file(path: Path) -> Iterator[Path]:
    """Give a place beside a file to write to; the file appears when nothing has failed."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
