"""Doubts about figures and names that are taken as they stand: each is told once, with its place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

from keian.core import KeianWarning, Problem
from keian.sheets.books import Book
from keian.sheets.contents import Cells
from keian.sheets.csv_files import CsvSheet
from keian.sheets.layout import list_sheets
from keian.sheets.messages import tell_problems
from keian.sheets.parse import Parsed

LARGE = 20.0  # a change by more than this may be one of the unit
MOST_STOCK_DAYS = 3650.0  # days of use; ten years
LONGEST_NAME = 80  # letters; longer ones break tables and charts
MOST_TOLD = 50
NAMES = ("names.en", "names.ja", "name_en", "name_ja")


def list_doubts(parsed: Parsed) -> list[Problem]:
    """List stocks that last for more than ten years and names that are very long."""
    return [*_doubt_stocks(parsed), *_doubt_names(parsed)]


def doubt_leap(where: str, old: str | None, new: str) -> Problem:
    """Doubt a change so large that the unit may be another."""
    change = f"{old} -> {new}" if old is not None else f"{new} now"
    found = f"a change by more than {LARGE:.0f}-fold: {change}"
    return Problem(where, found, "a figure in the same unit", "check the unit; nothing if it is so")


def doubt_commas(book: Book) -> list[Problem]:
    """Say of which files decimals with a comma were read as such."""
    found = "decimals with a comma, cells with a semicolon between them"
    wanted, fix = "a point before decimals", "read as decimals; nothing if it is so"
    return [
        Problem(sheet.file, found, wanted, fix)
        for sheet in book.sheets
        if isinstance(sheet, CsvSheet) and sheet.writes_commas()
    ]


def lack_baseline(file: str, parsed: Parsed) -> Problem:
    """Doubt a book without what its figures were when they went out."""
    found = f"no sheet {parsed.call_sheet('baseline')!r}"
    wanted = "what figures were when they were written out"
    fix = "check the sources of changed figures: they cannot be told from others"
    return Problem(file, found, wanted, fix)


def warn_of(doubts: Sequence[Problem], lang: str) -> tuple[Problem, ...]:
    """Warn of each doubt once, in a language; a great many are counted."""
    told = tell_problems(doubts, lang)
    for doubt in told[:MOST_TOLD]:
        warnings.warn(_write(doubt, lang), KeianWarning, stacklevel=4)
    rest = len(told) - MOST_TOLD
    if rest > 0:
        text = (
            f"ほか{rest}件（manifest.json に一覧）"
            if lang == "ja"
            else f"{rest} more, listed in manifest.json"
        )
        warnings.warn(text, KeianWarning, stacklevel=4)
    return tuple(told)


def _write(doubt: Problem, lang: str) -> str:
    """Write a doubt on one line."""
    if lang == "ja":
        return f"{doubt.where}：{doubt.found}。本来は{doubt.wanted}。{doubt.fix}"
    return f"{doubt.where}: {doubt.found}; expected {doubt.wanted}; {doubt.fix}"


def _doubt_stocks(parsed: Parsed) -> Iterator[Problem]:
    """Doubt stocks of more than ten years, given in days or in units and use per day."""
    for number, cells in zip(
        parsed.numbers.get("pools", ()), parsed.contents.rows.get("pools", ()), strict=True
    ):
        for key, days in (
            ("quantity_days.mode", _read_days(cells)),
            ("quantity.stock", _calc_days(cells)),
        ):
            if days is not None and days > MOST_STOCK_DAYS:
                found = f"a stock that lasts for {days:.6g} days"
                wanted = f"at most {MOST_STOCK_DAYS:,.0f} days of use"
                fix = "check the unit; nothing if it is so"
                yield Problem(parsed.show("pools", number, key), found, wanted, fix)


def _read_days(cells: Cells) -> float | None:
    """Read the greatest number of days that is given."""
    ends = (cells.get(f"quantity_days.{part}") for part in ("low", "mode", "high"))
    return max((end for end in ends if end is not None), default=None)


def _calc_days(cells: Cells) -> float | None:
    """Calculate the days that a stock in units lasts at the usual use."""
    stock, per_day = cells.get("quantity.stock"), cells.get("quantity.per_day.mode")
    if stock is None or not per_day:
        return None
    factor, part = (cells.get(f"quantity.{key}") for key in ("factor", "part"))
    return float(
        stock * (1.0 if factor is None else factor) * (1.0 if part is None else part) / per_day
    )


def _doubt_names(parsed: Parsed) -> Iterator[Problem]:
    """Doubt names that no table or chart can show whole."""
    for sheet in list_sheets():
        keys = [key for key in NAMES if sheet.find_head(key)]
        for key in keys:
            for place, name in enumerate(_list_cells(parsed, sheet.id, key)):
                if isinstance(name, str) and len(name) > LONGEST_NAME:
                    where = parsed.show(sheet.id, parsed.numbers[sheet.id][place], key)
                    found = f"a name of {len(name)} letters"
                    wanted = f"a name of at most {LONGEST_NAME} letters"
                    yield Problem(where, found, wanted, "shorten it, if you can")


def _list_cells(parsed: Parsed, sheet: str, key: str) -> list[object]:
    frame = parsed.contents.frames.get(sheet)
    if frame is not None:
        return list(frame[key]) if key in frame.columns else []
    return [cells.get(key) for cells in parsed.contents.rows.get(sheet, [])]
