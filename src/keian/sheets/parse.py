"""Reads the sheets of a book into contents; every fault of every sheet with its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any

from pydantic import ValidationError

from keian.core import Problem
from keian.core.validation_words import explain
from keian.sheets.books import Book, RawSheet
from keian.sheets.cells import WANTED, Fault, fold, is_empty, read_cell
from keian.sheets.columns import read_frame_rows, read_matrix_rows
from keian.sheets.contents import Cells, Contents
from keian.sheets.flatten import Head, unflatten
from keian.sheets.headers import find_sheet, name_heads, normalise, suggest_sheet
from keian.sheets.layout import Sheet
from keian.sheets.places import Findings, show_place
from keian.sheets.seals import name_row

NOTE = "#"  # sheets and columns whose title begins so are a person's own
NOT_READ = frozenset({"columns"})
LONGEST_TITLE = 60


@dataclass(slots=True)
class Parsed:
    """What was read, and where each row and column stood.

    Attributes
    ----------
    contents : what the sheets hold.
    numbers : row numbers of each sheet, in the order of its rows.
    titles : title and place (from 1) of each column, by sheet and key.
    files : file of each sheet.
    """

    contents: Contents = field(default_factory=Contents)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    titles: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def show(self, sheet: str, row: int, key: str = "") -> str:
        """Write where a cell is, or its row."""
        title, column = self.titles.get(sheet, {}).get(key, ("", 0))
        return show_place(self.files.get(sheet, ""), sheet, row, title, column)


def parse_book(book: Book, findings: Findings) -> Parsed:
    """Read every sheet of a book that keian knows."""
    parsed = Parsed()
    for raw in book.sheets:
        sheet = find_sheet(raw.name)
        if raw.name.lstrip().startswith(NOTE) or (sheet and sheet.id in NOT_READ):
            continue
        where = f"{raw.file}, sheet {raw.name}"
        if sheet is None:
            near = suggest_sheet(raw.name)
            fix = f"did you mean {near!r}? " if near else ""
            fault = Fault(
                "an unknown sheet", "a sheet as exported", f"{fix}notes begin with {NOTE}"
            )
            findings.add(where, fault)
        elif sheet.id in parsed.files:
            findings.add(where, Fault("a sheet twice", "each sheet once", "remove one"))
        else:
            if raw.hidden and sheet.id != "baseline":
                findings.add(where, Fault("a hidden sheet", "sheets that can be seen", "unhide it"))
            _parse_sheet(sheet, raw, parsed, findings)
            findings.extend(raw.list_marks())
    return parsed


def _parse_sheet(sheet: Sheet, raw: RawSheet, parsed: Parsed, findings: Findings) -> None:
    """Read one sheet."""
    parsed.files[sheet.id] = raw.file
    rows = raw.read_rows()
    first = next(rows, None)
    if first is None:
        where = f"{raw.file}, sheet {raw.name}"
        findings.add(where, Fault("an empty sheet", "a header and rows", "export the sheet again"))
        return
    number, header = first
    titles = ["" if is_empty(cell) else str(cell).strip() for cell in header]
    if sheet.shape == "matrix":
        matrix = read_matrix_rows(sheet, (raw.file, number), titles, rows, findings)
        if matrix is not None:
            parsed.contents.matrices[sheet.id], parsed.numbers[sheet.id] = matrix
        return
    known = sheet.heads if sheet.shape != "values" else (Head("key", "id"), Head("value", "text"))
    places = _match_titles(titles, known, (raw.file, sheet.id, number), findings)
    parsed.titles[sheet.id] = {h.key: (titles[at][:LONGEST_TITLE], at + 1) for at, h in places}
    if sheet.shape == "frame":
        kept = _check_untitled(rows, places, (raw.file, sheet.id), findings)
        frame = read_frame_rows(sheet, (raw.file, titles), places, kept, findings)
        parsed.contents.frames[sheet.id], parsed.numbers[sheet.id] = frame
    elif sheet.shape == "values":
        _parse_values(sheet, {h.key: at for at, h in places}, rows, parsed, findings)
    else:
        kept = _check_untitled(rows, places, (raw.file, sheet.id), findings)
        _parse_documents(sheet, places, kept, parsed, findings)


def _match_titles(
    titles: Sequence[str],
    heads: Sequence[Head],
    where: tuple[str, str, int],
    findings: Findings,
) -> list[tuple[int, Head]]:
    """Match titles to columns; what is unknown, twice or missing is a fault."""
    file, sheet, row = where
    names = name_heads(heads)
    places: list[tuple[int, Head]] = []
    if not any(normalise(title) in names for title in titles):
        fix = "remove what stands above the header, or export the sheet again"
        found = f"no title of this sheet in {', '.join(filter(None, titles))[:LONGEST_TITLE]!r}"
        fault = Fault(found, "the header in the first row", fix)
        findings.add(f"{file}, sheet {sheet}, row {row}", fault)
        return []
    for at, title in enumerate(titles):
        if not title or title.startswith(NOTE):
            continue
        place = show_place(file, sheet, row, title[:LONGEST_TITLE], at + 1)
        head = names.get(normalise(title))
        if head is None:
            near = get_close_matches(normalise(title), list(names), n=1)
            fix = f"did you mean {names[near[0]].key!r}? " if near else ""
            fix += f"columns of your own begin with {NOTE}"
            findings.add(place, Fault("an unknown column", "a column as exported", fix))
        elif head in [held for _, held in places]:
            findings.add(place, Fault("a column twice", "each column once", "remove one"))
        else:
            places.append((at, head))
    present = {head.key for _, head in places}
    for head in heads:
        if head.needed and head.key not in present:
            fault = Fault(f"no column {head.key!r}", "every column needed", "add the column")
            findings.add(f"{file}, sheet {sheet}, row {row}", fault)
    return places


def _check_untitled(
    rows: Iterator[tuple[int, list[Any]]],
    places: Sequence[tuple[int, Head]],
    where: tuple[str, str],
    findings: Findings,
) -> Iterator[tuple[int, list[Any]]]:
    """Pass rows on; cells beyond the last title are a fault, told once."""
    width = 1 + max((at for at, _ in places), default=-1)
    told = False
    for number, row in rows:
        if not told and any(not is_empty(cell) for cell in row[width:]) and width:
            beyond = next(at for at, cell in enumerate(row) if at >= width and not is_empty(cell))
            place = show_place(*where, number, "without title", beyond + 1)
            fix = f"clear the cell, or give its column a title that begins with {NOTE}"
            findings.add(place, Fault("a cell outside the table", "cells under titles", fix), "")
            told = True
        yield number, row


def _parse_documents(
    sheet: Sheet,
    places: Sequence[tuple[int, Head]],
    rows: Iterator[tuple[int, list[Any]]],
    parsed: Parsed,
    findings: Findings,
) -> None:
    """Read rows of documents and check each alone."""
    held = parsed.contents.rows.setdefault(sheet.id, [])
    numbers = parsed.numbers.setdefault(sheet.id, [])
    seen: dict[str, int] = {}
    for number, row in rows:
        cells = _read_row(sheet, places, (number, row), parsed, findings)
        name = name_row(sheet, cells) if sheet.keys else ""
        if name and name in seen:
            fault = Fault(
                f"{name!r} as in row {seen[name]}", "each row once", "rename or remove one"
            )
            findings.add(parsed.show(sheet.id, number, sheet.keys[-1]), fault)
        seen.setdefault(name, number)
        held.append(cells)
        numbers.append(number)


def _read_row(
    sheet: Sheet,
    places: Sequence[tuple[int, Head]],
    numbered: tuple[int, list[Any]],
    parsed: Parsed,
    findings: Findings,
) -> Cells:
    """Read the cells of one document and check them against its form."""
    number, row = numbered
    cells: Cells = {}
    faulty: set[str] = set()
    for at, head in places:
        value = read_cell(_at(row, at), head)
        if isinstance(value, Fault):
            faulty.add(head.key)
            where = parsed.show(sheet.id, number, head.key)
            findings.add(where, value, f"sheet {sheet.id} {head.key}")
        elif value is not None:
            cells[head.key] = value
    _check_document(sheet, cells, faulty, partial(parsed.show, sheet.id, number), findings)
    return cells


def _parse_values(
    sheet: Sheet,
    places: dict[str, int],
    rows: Iterator[tuple[int, list[Any]]],
    parsed: Parsed,
    findings: Findings,
) -> None:
    """Read a document that stands downwards: a key and a value a row."""
    heads = {head.key: head for head in sheet.heads}
    cells: Cells = {}
    found: dict[str, int] = {}
    faulty: set[str] = set()
    for number, row in rows:
        name, value = (_at(row, places.get(key)) for key in ("key", "value"))
        head = heads.get(fold(str(name)))
        where = parsed.show(sheet.id, number, "key")
        if head is None:
            near = get_close_matches(fold(str(name)), list(heads), n=1)
            fix = f"did you mean {near[0]!r}?" if near else "take the keys of an export"
            findings.add(where, Fault(f"the unknown key {name!r}", "a key as exported", fix))
            continue
        if head.key in found:
            fault = Fault(
                f"{head.key!r} as in row {found[head.key]}", "each key once", "remove one"
            )
            findings.add(where, fault)
        found[head.key] = number
        read = read_cell(value, head)
        if isinstance(read, Fault):
            faulty.add(head.key)
            findings.add(parsed.show(sheet.id, number, "value"), read)
        elif read is not None:
            cells[head.key] = read
    faulty |= {head.key for head in sheet.heads if head.needed and head.key not in found}
    for key in sorted(faulty - set(found)):
        where = f"{parsed.files[sheet.id]}, sheet {sheet.id}"
        findings.add(where, Fault(f"no key {key!r}", "every key needed", "add a row for it"))

    def show(key: str) -> str:
        return parsed.show(sheet.id, found.get(key, 1), "value")

    _check_document(sheet, cells, faulty, show, findings)
    parsed.contents.values[sheet.id] = cells


def _at(row: Sequence[Any], place: int | None) -> Any:  # noqa: ANN401 - any cell
    return row[place] if place is not None and place < len(row) else None


def _check_document(
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
            fault = Fault(*words)
            if fault.found == "nothing":
                kind = "number" if head is None else head.kind
                fault = Fault("nothing", WANTED[kind], "fill in the cell")
            findings.add(show(head.key if head else ""), fault, f"sheet {sheet.id} {key} (form)")


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


def list_missing_sheets(parsed: Parsed, wanted: Sequence[str], file: str) -> list[Problem]:
    """List the sheets that an import needs and has not."""
    fix = "export again and keep every sheet"
    return [
        Problem(file, f"no sheet {name!r}", "every sheet of an export", fix)
        for name in wanted
        if name not in parsed.files
    ]
