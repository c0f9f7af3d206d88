"""Sheets of the workbook: label at the head and on paper, tables with titles, native charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter

from keian.core import load_levels

Cell = str | float | int | None
WIDTHS = (9, 60)
HEAD_ROW = 1  # notes and tables begin below the label
CHART_PX = (720, 420)
DECIMALS = 3
CHART_GAP = 1  # columns between a table and its chart
LONGEST_TEXT = 32_767
PALE = "#eef1f4"


def round_shown(value: float) -> float:
    """Round to what the sheet shows: three decimals, below one three significant digits.

    The data files beside the workbook hold every digit.

    Examples
    --------
    >>> round_shown(182.9999999999999), round_shown(0.000123456), round_shown(1.23456)
    (183.0, 0.000123, 1.235)
    """
    return round(value, DECIMALS) if abs(value) >= 1 else float(f"{value:.{DECIMALS}g}")


class Book:
    """A workbook while it is written; use it in a `with` statement."""

    def __init__(self, path: Path, label: str, subject: str, made: datetime) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self.book: Any = xlsxwriter.Workbook(str(path), options)
        # The day of the review and not of writing: the same review gives the same bytes.
        self.book.set_properties({"title": label, "subject": subject, "created": made})
        level = load_levels().get(label.split("//", maxsplit=1)[0])
        colours = {"font_color": level.foreground, "bg_color": level.background} if level else {}
        self.label = label
        self.formats = {
            "label": self.book.add_format({"bold": True, **colours}),
            "title": self.book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bg_color": PALE}
            ),
            "text": self.book.add_format({"text_wrap": True, "valign": "top"}),
            "note": self.book.add_format({"italic": True}),
            "number": self.book.add_format({"valign": "top", "num_format": "#,##0.0##"}),
            "small": self.book.add_format({"valign": "top", "num_format": "0.0########"}),
            "whole": self.book.add_format({"valign": "top", "num_format": "#,##0"}),
        }

    def __enter__(self) -> Self:
        """Return the book."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the file."""
        self.book.close()

    def add_sheet(self, name: str, titles: Sequence[str]) -> SheetPart:
        """Add a sheet with the label at its head and on every printed page."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, self.label, self.formats["label"])
        sheet.set_header(f'&C&"-,Bold"{self.label.replace("&", "&&")}')
        sheet.set_footer("&C&P / &N")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return SheetPart(self, sheet, titles)


class SheetPart:
    """One sheet: notes, then a table, then further tables below it; charts to the right."""

    def __init__(self, book: Book, sheet: Any, titles: Sequence[str]) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        self.book, self.sheet = book, sheet
        self.titles = titles
        self.row = HEAD_ROW
        self.head: int | None = None
        self.width = len(titles)
        for place, title in enumerate(titles):
            least, most = WIDTHS
            self.sheet.set_column(place, place, min(most, max(least, 2 * len(title))))

    def add_note(self, text: str) -> None:
        """Add a line above the table."""
        self.sheet.write_string(self.row, 0, text[:LONGEST_TEXT], self.book.formats["note"])
        self.row += 1

    def start_table(self, titles: Sequence[str], *, gap: int = 0) -> None:
        """Start a table below what stands there."""
        self.row += gap
        self.head = self.row
        self.titles = titles
        self.width = max(self.width, len(titles))
        for place, title in enumerate(titles):
            self.sheet.write_string(self.row, place, title, self.book.formats["title"])
        self.row += 1

    def add_row(self, cells: Sequence[Cell]) -> int:
        """Add a row and return its number; missing cells stay empty."""
        if self.head is None:
            self.start_table(self.titles)
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self.row += 1
        return self.row - 1

    def _write(self, place: int, cell: Cell) -> None:
        if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
            return
        if isinstance(cell, str):
            text = cell[:LONGEST_TEXT]
            self.sheet.write_string(self.row, place, text, self.book.formats["text"])
        elif math.isinf(cell):
            self.sheet.write_string(self.row, place, "inf" if cell > 0 else "-inf")
        else:
            shown = round_shown(float(cell))
            kind = "whole" if shown.is_integer() else "number" if abs(shown) >= 1 else "small"
            self.sheet.write_number(self.row, place, shown, self.book.formats[kind])

    def add_bars(
        self, title: str, *, names: int, values: int, rows: tuple[int, int] | None = None
    ) -> None:
        """Add a bar chart of one column of the table, first row on top."""
        if self.head is None:
            return
        first, last = rows or (self.head + 1, self.row - 1)
        chart = self.book.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [self.sheet.name, first, names, last, names],
                "values": [self.sheet.name, first, values, last, values],
                "name": title,
            }
        )
        chart.set_y_axis({"reverse": True})
        self._place(chart, title, legend=False)

    def add_lines(self, title: str, *, across: int, count: int) -> None:
        """Add a line chart of the columns behind `across`."""
        if self.head is None:
            return
        chart = self.book.book.add_chart({"type": "scatter", "subtype": "straight"})
        for place in range(across + 1, across + 1 + count):
            chart.add_series(
                {
                    "name": [self.sheet.name, self.head, place],
                    "categories": [self.sheet.name, self.head + 1, across, self.row - 1, across],
                    "values": [self.sheet.name, self.head + 1, place, self.row - 1, place],
                }
            )
        self._place(chart, title, legend=True)

    def _place(self, chart: Any, title: str, *, legend: bool) -> None:  # noqa: ANN401 - xlsxwriter ships no types
        """Put a chart to the right of the tables, at the height of the last one."""
        chart.set_title({"name": title, "overlay": False})
        chart.set_size(dict(zip(("width", "height"), CHART_PX, strict=True)))
        chart.set_legend({"position": "bottom"} if legend else {"none": True})
        self.sheet.insert_chart(self.head or 0, self.width + CHART_GAP, chart)
