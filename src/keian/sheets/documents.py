"""Checks every row against the form of its document, once ids stand in place of names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from keian.core.validation_words import explain
from keian.sheets.cells import WANTED, Fault
from keian.sheets.contents import Cells
from keian.sheets.flatten import Head, unflatten
from keian.sheets.headers import name_head
from keian.sheets.layout import Sheet, list_sheets
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings
from keian.sheets.seals import list_rows, name_row

# What forms say of a text, in words for people who see a sheet.
PATTERNS = MappingProxyType(
    {
        "text of the form ^[A-Za-z0-9]": "letters, digits and . _ - without blanks",
        "text of the form ^https": "a link that begins with https://",
        "text of the form ^[0-9a-f]": "64 digits 0-9 a-f",
    }
)
FIXES = MappingProxyType({"write `value`, or drop dist": "leave the distribution empty"})
EITHER = re.compile(r"give either (?P<one>[a-z_0-9]+) or (?P<other>[a-z_0-9]+)")


def check_documents(parsed: Parsed, findings: Findings) -> None:
    """Check every row of every sheet of documents against its form, and that none stands twice."""
    for sheet in list_sheets():
        seen: dict[str, int] = {}
        for place, cells in enumerate(list_rows(sheet, parsed.contents)):
            number = parsed.numbers[sheet.id][place]
            row = Row(sheet, number, parsed)
            _check_one(row, cells, parsed.faulty[sheet.id][place], findings)
            name = name_row(sheet, cells) if sheet.keys else ""
            if name and name in seen:
                found = f"{name!r} as in row {seen[name]}"
                fault = Fault(found, "each row once", "rename or remove one")
                findings.add(row.show(sheet.keys[-1]), fault)
            seen.setdefault(name, number)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet, to say where its faults are."""

    sheet: Sheet
    number: int
    parsed: Parsed

    def show(self, key: str) -> str:
        """Write where a cell of the row is."""
        return self.parsed.show(self.sheet.id, self.number, key)

    def call(self, key: str) -> str:
        """Call a field, which may take several columns, as their titles begin."""
        return name_head(key, self.parsed.lang)


def _check_one(row: Row, cells: Cells, faulty: set[str], findings: Findings) -> None:
    """Check the cells of a row against the form of its document."""
    sheet = row.sheet
    if sheet.model is None:
        return
    own = tuple(
        head for head in sheet.heads if head.key not in {*sheet.parents, "line", "passages"}
    )
    heads = own if "good" not in sheet.model.model_fields else sheet.heads
    fields = set(sheet.model.model_fields)
    data = unflatten(cells, [h for h in heads if h.key.split(".")[0] in fields])
    fill_left_out(data, sheet)
    try:
        sheet.model.model_validate(data, strict=True)
    except ValidationError as error:
        for path, words in explain(error, sheet.model, data):
            key = ".".join(map(str, path))
            head = _find_head(sheet, key)
            if any(bad == key or bad.startswith(f"{key}.") for bad in faulty) or key in faulty:
                continue
            at, fault = _reword(Fault(*words), head, row, cells)
            findings.add(row.show(at), fault, row.parsed.show_column(sheet.id, at))


def _reword(fault: Fault, head: Head | None, row: Row, cells: Cells) -> tuple[str, Fault]:
    """Say in words for people who see a sheet, at a column, what a form says of a document."""
    either = EITHER.fullmatch(fault.wanted)
    if head is None and either:
        return _say_either(either, row, cells)
    # What a form says of the whole document is told at the column that names the row.
    at = head.key if head else (row.sheet.keys or (row.sheet.heads[0].key,))[-1]
    return at, _reword_cell(fault, head)


def _say_either(either: re.Match[str], row: Row, cells: Cells) -> tuple[str, Fault]:
    """Say that one of two figures belongs in a row, and not both."""
    keys = either["one"], either["other"]
    filled = [
        next((h.key for h in row.sheet.heads if h.key in cells and h.key.startswith(key)), None)
        for key in keys
    ]
    one, other = (row.call(key) for key in keys)
    wanted = f"either {one} or {other}"
    if all(filled):
        return str(filled[0]), Fault(f"both {one} and {other}", wanted, "clear one of them")
    first = _find_head(row.sheet, keys[0])
    return first.key if first else keys[0], Fault("neither", wanted, "fill in one of them")


def _reword_cell(fault: Fault, head: Head | None) -> Fault:
    """Say in words for people who see a sheet what a form says of a figure."""
    if fault.found == "nothing":
        return Fault("nothing", WANTED["number" if head is None else head.kind], "fill in the cell")
    starts = (text for start, text in PATTERNS.items() if fault.wanted.startswith(start))
    found = "this row" if head is None else fault.found
    return Fault(found, next(starts, fault.wanted), FIXES.get(fault.fix, fault.fix))


def fill_left_out(data: dict[str, Any], sheet: Sheet) -> None:
    """Put empty lists where parts have sheets of their own, so that a row can be checked alone."""
    for path in sheet.left_out:
        parent, _, name = path.rpartition(".")
        inner = data.get(parent) if parent else data
        if not isinstance(inner, dict) or sheet.model is None:
            continue
        if parent or sheet.model.model_fields[name].is_required():
            inner[name] = {} if name == "knots" else ()


def _find_head(sheet: Sheet, key: str) -> Head | None:
    """Find the column of a path: itself, or the one that stands for what is below it."""
    exact = sheet.find_head(key)
    below = [head for head in sheet.heads if head.key.startswith(f"{key}.")]
    inner = next((head for head in below if head.last == "mode"), below[0] if below else None)
    parts = key.split(".")
    above = next(
        (h for n in range(len(parts) - 1, 0, -1) if (h := sheet.find_head(".".join(parts[:n])))),
        None,
    )
    return exact or inner or above
