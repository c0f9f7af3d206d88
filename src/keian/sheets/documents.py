"""Checks every row against the form of its document, once ids stand in place of names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from keian.core.validation_words import explain
from keian.sheets.cells import WANTED, Fault
from keian.sheets.contents import Cells
from keian.sheets.flatten import Head, unflatten
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


def check_documents(parsed: Parsed, findings: Findings) -> None:
    """Check every row of every sheet of documents against its form, and that none stands twice."""
    for sheet in list_sheets():
        seen: dict[str, int] = {}
        for place, cells in enumerate(list_rows(sheet, parsed.contents)):
            number = parsed.numbers[sheet.id][place]
            show = partial(parsed.show, sheet.id, number)
            _check_one(sheet, cells, parsed.faulty[sheet.id][place], show, findings)
            name = name_row(sheet, cells) if sheet.keys else ""
            if name and name in seen:
                found = f"{name!r} as in row {seen[name]}"
                fault = Fault(found, "each row once", "rename or remove one")
                findings.add(show(sheet.keys[-1]), fault)
            seen.setdefault(name, number)


def _check_one(
    sheet: Sheet,
    cells: Cells,
    faulty: set[str],
    show: Callable[[str], str],
    findings: Findings,
) -> None:
    """Check the cells of a row against the form of its document."""
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
            fault = _reword(Fault(*words), head)
            findings.add(show(head.key if head else ""), fault, f"sheet {sheet.id} {key} (form)")


def _reword(fault: Fault, head: Head | None) -> Fault:
    """Say in words for people who see a sheet what a form says of a document."""
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
