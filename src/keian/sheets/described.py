"""Checks that the sheet of columns is as it was exported: it describes, and nothing reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keian.sheets.books import Book, RawSheet
from keian.sheets.cells import Fault, is_empty
from keian.sheets.headers import find_sheet, find_unit, name_head, normalise
from keian.sheets.layout import list_sheets
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings, show_place

COLUMNS = "columns"
NAMING = ("sheet", "key")
CHECKED = ("unit", "kind")  # what a person may hope to change by writing it here


def check_described(book: Book, parsed: Parsed, findings: Findings) -> None:
    """Find units and kinds in the sheet of columns that are others than those of the columns."""
    wanted = _list_wanted()
    for raw in book.sheets:
        sheet = find_sheet(raw.name)
        if sheet is None or sheet.id != COLUMNS:
            continue
        for number, title, place, found, right in _list_edited(raw, wanted):
            where = show_place(raw.file, raw.name, number, title, place + 1)
            fix = "put it back: this sheet only describes"
            fix += f"; the unit of a good stands in {parsed.call_sheet('goods')}, convert its figures with it"
            findings.add(
                where,
                Fault(
                    repr(found) if found else "nothing", repr(right) if right else "nothing", fix
                ),
                "",
            )


def _list_wanted() -> dict[tuple[str, str], dict[str, str]]:
    """Give what must stand in the row of each column of each sheet."""
    return {
        (sheet.id, head.key): {"unit": find_unit(head), "kind": head.kind}
        for sheet in list_sheets()
        for head in sheet.heads
    }


def _list_edited(
    raw: RawSheet, wanted: dict[tuple[str, str], dict[str, str]]
) -> Iterator[tuple[int, str, int, str, str]]:
    """Give row, title, place, text and wanted text of each cell that is another."""
    rows = raw.read_rows()
    first = next(rows, None)
    if first is None:
        return
    titles = [_text(cell) for cell in first[1]]
    names = {
        normalise(name): key
        for key in (*NAMING, *CHECKED)
        for name in (key, name_head(key, "en"), name_head(key, "ja"))
    }
    at = {names[normalise(t)]: k for k, t in enumerate(titles) if normalise(t) in names}
    if not {*NAMING, *CHECKED} <= at.keys():
        return
    for number, row in rows:
        cells = {key: _text(row[k]) if k < len(row) else "" for key, k in at.items()}
        sheet = find_sheet(cells["sheet"])
        right = wanted.get((sheet.id, cells["key"])) if sheet else None
        for key in CHECKED if right else ():
            if right and cells[key] != right[key]:
                yield number, titles[at[key]], at[key], cells[key], right[key]


def _text(cell: Any) -> str:  # noqa: ANN401 - any cell
    return "" if is_empty(cell) else str(cell).strip()
