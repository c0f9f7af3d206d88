"""Reads the sheets of a book into contents; every fault of every sheet with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Literal

from keian.core import InputError, Problem
from keian.sheets.books import Book, RawSheet
from keian.sheets.cells import Fault, fold, is_empty, read_cell
from keian.sheets.columns import CELL, FLOW, read_frame_rows, read_matrix_rows
from keian.sheets.contents import Cells, Contents
from keian.sheets.flatten import Head
from keian.sheets.headers import (
    find_sheet,
    guess_lang,
    name_head,
    name_heads,
    name_like,
    normalise,
    suggest_sheet,
)
from keian.sheets.layout import Sheet
from keian.sheets.places import Findings, show_place

Lang = Literal["en", "ja"]
NOTE = "#"  # sheets and columns whose title begins so are a person's own
NOT_READ = frozenset({"columns"})
LONGEST_TITLE = 60
ROW_NAMES = ("id", "good")
NUMBERED = re.compile(r"([a-z_]+)\[([0-9]+)\]")
NAMED = re.compile(r"(?:^|/)([a-z_]+)(?:\.yaml)?: ([A-Za-z0-9_-]+)")


@dataclass(slots=True)
class Parsed:
    """What was read, and where each row and column stood.

    Attributes
    ----------
    contents : what the sheets hold.
    numbers : row numbers of each sheet, in the order of its rows.
    titles : title and place (from 1) of each column, by sheet and key.
    files : file of each sheet.
    names : title of each sheet, as the person sees it.
    faulty : columns of each row that need no second word.
    broken : sheets that could not be read; nothing is said of what points to them.
    spoilt : sheets with a fault in a cell; their sums mean nothing.
    value_rows : row number of each key of a document that stands downwards.
    headers : row number of the header of each sheet.
    lists : title of each sheet that only lists what may be chosen.
    """

    contents: Contents = field(default_factory=Contents)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    titles: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, list[set[str]]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)
    value_rows: dict[str, dict[str, int]] = field(default_factory=dict)
    headers: dict[str, int] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def lang(self) -> Lang:
        """Language of most of the titles; of the sheets' names where no title was understood."""
        known = [title for sheet in self.titles.values() for title, _ in sheet.values()]
        titles = known or list(self.names.values())
        return "ja" if 2 * sum(not title.isascii() for title in titles) > len(titles) else "en"

    def call_sheet(self, sheet: str) -> str:
        """Call a sheet as the person sees it, or would if it were there."""
        held = self.names.get(sheet) or self.lists.get(sheet)
        return held or name_like(sheet, self.names.values())

    def call_column(self, sheet: str, key: str) -> str:
        """Call a column as the person sees it, or would if it were there."""
        held = self.titles.get(sheet, {}).get(key)
        return held[0] if held else name_head(key, self.lang)

    def show_column(self, sheet: str, key: str) -> str:
        """Write which column it is."""
        return f"{self.show_sheet(sheet)}, column {self.call_column(sheet, key)}"

    def show(self, sheet: str, row: int, key: str = "") -> str:
        """Write where a cell is, or its row."""
        row = self.value_rows.get(sheet, {}).get(key, row)
        title, column = self.titles.get(sheet, {}).get(key, ("", 0))
        name = self.names.get(sheet, sheet)
        return show_place(self.files.get(sheet, ""), name, row, title, column)

    def locate(self, where: str) -> str | None:
        """Find the row of a document that an economy names its own way; None where there is none.

        `uses[3]` is the fourth row of uses, `goods: oil.supplies` the row of the good oil.
        """
        numbered = NUMBERED.search(where)
        if numbered and int(numbered[2]) < len(self.numbers.get(numbered[1], ())):
            return self._show_row(numbered[1], self.numbers[numbered[1]][int(numbered[2])])
        named = NAMED.search(where)
        for place, cells in enumerate(self.contents.rows.get(named[1], []) if named else ()):
            if named and cells.get("id") == named[2]:
                return self._show_row(named[1], self.numbers[named[1]][place])
        return None

    def _show_row(self, sheet: str, row: int) -> str:
        """Write where a row is, at the column that names it."""
        key = next((key for key in ROW_NAMES if key in self.titles.get(sheet, {})), "")
        return self.show(sheet, row, key)

    def show_axis(self, sheet: str, place: int, *, down: bool) -> str:
        """Write where an id of a matrix stands, down or across; places from 0."""
        file = self.files.get(sheet, "")
        if down:
            row, (title, column) = self.numbers[sheet][place], self.titles[sheet][""]
        else:
            row, column, title = self.headers[sheet], place + 2, ""
            title = self.contents.matrices[sheet].columns[place]
        return show_place(file, self.names[sheet], row, title, column)

    def call_line(self, sheet: Sheet, name: str) -> str:
        """Call a row of a matrix, or a column of a table as the person sees it."""
        return name if sheet.shape == "matrix" else self.call_column(sheet.id, name)

    def show_cell(self, sheet: Sheet, line: str, place: int) -> str:
        """Write where a cell of a line is: a place across a matrix, or down a column of a table."""
        if sheet.shape != "matrix":
            return self.show(sheet.id, self.numbers[sheet.id][place], line)
        matrix = self.contents.matrices[sheet.id]
        row = self.numbers[sheet.id][matrix.rows.index(line)]
        title = matrix.columns[place]
        return show_place(self.files[sheet.id], self.names[sheet.id], row, title, place + 2)

    def show_sheet(self, sheet: str) -> str:
        """Write which sheet it is."""
        return f"{self.files.get(sheet, '')}, sheet {self.names.get(sheet, sheet)}"


def parse_book(book: Book, findings: Findings) -> Parsed:
    """Read every sheet of a book that keian knows."""
    parsed = Parsed()
    for raw in book.sheets:
        sheet = find_sheet(raw.name)
        if raw.name.lstrip().startswith(NOTE) or (sheet and sheet.id in NOT_READ):
            listed = find_sheet(raw.name.lstrip().removeprefix(NOTE))
            if listed is not None:
                parsed.lists[listed.id] = raw.name
            continue
        where = f"{raw.file}, sheet {raw.name}"
        if sheet is None:
            near = suggest_sheet(raw.name, [other.name for other in book.sheets])
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
            try:
                _parse_sheet(sheet, raw, parsed, findings)
            except InputError as error:  # what is wrong with the file of one sheet
                findings.extend(error.problems)
                parsed.broken.add(sheet.id)
            findings.extend(raw.list_marks())
    return parsed


def _parse_sheet(sheet: Sheet, raw: RawSheet, parsed: Parsed, findings: Findings) -> None:
    """Read one sheet."""
    parsed.files[sheet.id], parsed.names[sheet.id] = raw.file, raw.name
    rows = raw.read_rows()
    first = next(rows, None)
    if first is None:
        fault = Fault("an empty sheet", "a header and rows", "export the sheet again")
        findings.add(parsed.show_sheet(sheet.id), fault)
        parsed.broken.add(sheet.id)
        return
    number, header = first
    parsed.headers[sheet.id] = number
    titles = ["" if is_empty(cell) else str(cell).strip() for cell in header]
    where = (raw.file, raw.name)
    if sheet.shape == "matrix":
        parsed.titles[sheet.id] = {"": (titles[0][:LONGEST_TITLE], 1)}
        cell = FLOW if sheet.id == "flows" else CELL
        before = len(findings.problems)
        matrix = read_matrix_rows(where, number, titles, rows, findings, cell)
        if len(findings.problems) > before:
            parsed.spoilt.add(sheet.id)
        if matrix is not None:
            parsed.contents.matrices[sheet.id], parsed.numbers[sheet.id] = matrix
        return
    places = _match_titles(titles, _list_known(sheet), (*where, number), findings)
    parsed.titles[sheet.id] = {h.key: (titles[at][:LONGEST_TITLE], at + 1) for at, h in places}
    if not places:
        parsed.broken.add(sheet.id)
        return
    kept = _check_untitled(rows, titles, where, findings)
    if sheet.shape == "frame":
        frame = read_frame_rows(sheet, (*where, titles), places, kept, findings)
        parsed.contents.frames[sheet.id], parsed.numbers[sheet.id] = frame
    elif sheet.shape == "values":
        _parse_values(sheet, {h.key: at for at, h in places}, kept, parsed, findings)
    else:
        _parse_documents(sheet, places, kept, parsed, findings)


def _list_known(sheet: Sheet) -> tuple[Head, ...]:
    """List the columns a sheet may have; a document that stands downwards has two."""
    if sheet.shape == "values":
        return (Head("key", "id", needed=True), Head("value", "text", needed=True))
    return sheet.heads


def _match_titles(
    titles: Sequence[str],
    heads: Sequence[Head],
    where: tuple[str, str, int],
    findings: Findings,
) -> list[tuple[int, Head]]:
    """Match titles to columns; what is unknown, twice or missing is a fault."""
    file, sheet, row = where
    names = name_heads(heads)
    lang = guess_lang(titles)
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
            fix = f"did you mean {name_head(names[near[0]].key, lang)!r}? " if near else ""
            fix += f"columns of your own begin with {NOTE}"
            findings.add(place, Fault("an unknown column", "a column as exported", fix))
        elif head in [held for _, held in places]:
            findings.add(place, Fault("a column twice", "each column once", "remove one"))
        else:
            places.append((at, head))
    present = {head.key for _, head in places}
    for head in heads:
        if head.needed and head.key not in present:
            title = name_head(head.key, lang)
            fault = Fault(f"no column {title!r}", "every column needed", "add the column")
            findings.add(f"{file}, sheet {sheet}, row {row}", fault)
    return places


def _check_untitled(
    rows: Iterator[tuple[int, list[Any]]],
    titles: Sequence[str],
    where: tuple[str, str],
    findings: Findings,
) -> Iterator[tuple[int, list[Any]]]:
    """Pass rows on; cells beyond the last title are a fault, told once."""
    width = max(at for at, title in enumerate(titles, 1) if title)
    told = False
    for number, row in rows:
        if not told and any(not is_empty(cell) for cell in row[width:]):
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
    faulty = parsed.faulty.setdefault(sheet.id, [])
    absent = {head.key for head in sheet.heads if head.needed} - {head.key for _, head in places}
    for number, row in rows:
        cells: Cells = {}
        bad = set(absent)
        for at, head in places:
            value = read_cell(_at(row, at), head)
            if isinstance(value, Fault):
                bad.add(head.key)
                where = parsed.show(sheet.id, number, head.key)
                findings.add(where, value, parsed.show_column(sheet.id, head.key))
            elif value is not None:
                cells[head.key] = value
        held.append(cells)
        numbers.append(number)
        faulty.append(bad)


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
        read = read_cell(value, replace(head, needed=head.needed and head.kind != "list"))
        if isinstance(read, Fault):
            faulty.add(head.key)
            findings.add(parsed.show(sheet.id, number, "value"), read)
        elif read is not None:
            cells[head.key] = read
        elif head.kind == "list":
            cells[head.key] = ()  # a parameter may list nothing
    faulty |= {head.key for head in sheet.heads if head.needed and head.key not in found}
    for key in sorted(faulty - set(found)):
        where = parsed.show_sheet(sheet.id)
        findings.add(where, Fault(f"no key {key!r}", "every key needed", "add a row for it"))

    parsed.contents.values[sheet.id] = cells
    parsed.faulty[sheet.id] = [faulty]
    parsed.numbers[sheet.id] = [1]
    title = parsed.titles[sheet.id].get("value", ("", 0))
    parsed.titles[sheet.id] |= dict.fromkeys(found, title)
    parsed.value_rows[sheet.id] = found


def _at(row: Sequence[Any], place: int | None) -> Any:  # noqa: ANN401 - any cell
    return row[place] if place is not None and place < len(row) else None


def list_missing_sheets(parsed: Parsed, wanted: Sequence[str], file: str) -> list[Problem]:
    """List the sheets that an import needs and has not."""
    fix = "export again and keep every sheet"
    named = list(parsed.names.values())
    return [
        Problem(file, f"no sheet {name_like(name, named)!r}", "every sheet of an export", fix)
        for name in wanted
        if name not in parsed.files
    ]
