"""What figures were when they were written out, so that a changed one cannot keep its old source.

The sheet `baseline` holds each figure of each document with its sources, and sketches of the
tables. On the way back, a figure that differs while its sources stand as they were gets a source of
its own: an assumption that names the file and its day. A figure that differs only in digits that a
spreadsheet program dropped is the figure it was.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from keian.core import Problem, Source
from keian.sheets.cells import Fault
from keian.sheets.contents import Cells, Contents
from keian.sheets.digits import (
    DIGITS,
    Digits,
    Line,
    list_leaps,
    put_back,
    read_digits,
    write_digits,
)
from keian.sheets.doubts import LARGE, doubt_leap
from keian.sheets.flatten import Head
from keian.sheets.headers import load_words
from keian.sheets.layout import Sheet, list_sheets
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings
from keian.sheets.sketches import is_same, list_lines, put_lines, sketch_table

SAME = 1e-6  # relative; programs keep at least seven digits of what they show
WHOLE_SHEET = "*"
NO_SOURCES = frozenset({"sources", "about", "baseline"})
# Parameters that name the source of a whole table.
POINTERS = MappingProxyType({"region_lags": "lag_source", "inventory_days": "cover.source"})
MOST_LISTED = 30
LONGEST_SLUG = 40
TEXTS = "texts"  # stands in the column of the figure for what a row says in words
SKETCH_LETTERS = 6
SEPARATORS = MappingProxyType({"list": ";", "texts": "|"})
UNIT = ("goods", "unit")
Before = dict[tuple[str, str, str], Cells]  # rows of the baseline by sheet, row and figure


@dataclass(frozen=True, slots=True)
class Figure:
    """Numbers of a row that share their sources.

    Attributes
    ----------
    key : path of the figure; `*` for the single numbers of a row.
    numbers : columns of its numbers.
    sources : column of its sources; None where the row has none for it.
    own : whether that column belongs to this figure alone.
    """

    key: str
    numbers: tuple[str, ...]
    sources: str | None
    own: bool


def list_figures(heads: tuple[Head, ...]) -> tuple[Figure, ...]:
    """List the figures of a row."""
    keys = {head.key for head in heads}
    numbers = [head.key for head in heads if head.kind in {"number", "whole"}]
    of_row = next((key for key in ("sources", "source") if key in keys), None)
    figures: dict[str, Figure] = {}
    for key in numbers:
        parent = key.rpartition(".")[0]
        own = next(
            (f"{parent}.{n}" for n in ("sources", "source") if f"{parent}.{n}" in keys), None
        )
        if parent and own:
            held = figures.get(parent)
            columns = (*held.numbers, key) if held else (key,)
            figures[parent] = Figure(parent, columns, own, own=True)
        else:
            held = figures.get(WHOLE_SHEET)
            columns = (*held.numbers, key) if held else (key,)
            figures[WHOLE_SHEET] = Figure(WHOLE_SHEET, columns, of_row, own=False)
    return tuple(figures.values())


def list_baseline(contents: Contents) -> Iterator[Cells]:
    """Give the rows of the sheet `baseline`."""
    for sheet in list_sheets():
        if sheet.id in NO_SOURCES:
            continue
        if sheet.id in contents.frames or sheet.id in contents.matrices:
            for name, sketch in sketch_table(sheet, contents):
                yield {"sheet": sheet.id, "row": name, "figure": WHOLE_SHEET, "numbers": sketch}
            for line in list_lines(sheet, contents):
                for piece, text in write_digits(line):
                    yield {"sheet": sheet.id, "row": line.name, "figure": piece, "numbers": text}
        for cells in list_rows(sheet, contents):
            texts = sketch_texts(sheet, cells)
            yield {
                "sheet": sheet.id,
                "row": name_row(sheet, cells),
                "figure": TEXTS,
                "numbers": texts,
            }
            for figure in list_figures(sheet.heads):
                if any(cells.get(key) is not None for key in figure.numbers):
                    yield {
                        "sheet": sheet.id,
                        "row": name_row(sheet, cells),
                        "figure": figure.key,
                        "numbers": " ".join(_show(cells.get(key)) for key in figure.numbers),
                        "sources": cells.get(figure.sources) if figure.sources else None,
                    }


def list_rows(sheet: Sheet, contents: Contents) -> list[Cells]:
    """List the documents of a sheet as rows; parameters are one row."""
    if sheet.shape == "values":
        held = contents.values.get(sheet.id)
        return [held] if held is not None and sheet.id not in NO_SOURCES else []
    return contents.rows.get(sheet.id, []) if sheet.keys else []


def name_row(sheet: Sheet, cells: Cells) -> str:
    """Name a row by the cells that tell it from others; empty for a new one."""
    parts = [cells.get(key) for key in sheet.keys]
    return "" if None in parts else "/".join(map(str, parts))


def sketch_texts(sheet: Sheet, cells: Cells) -> str:
    """Sketch what a row says in words, a few letters for each column, to see which one changed."""
    texts = {
        head.key: _write_text(cells.get(head.key), head.kind)
        for head in sheet.heads
        if head.kind not in {"number", "whole"} and head.last not in {"source", "sources"}
    }
    return " ".join(f"{key}={_sketch(text)}" for key, text in texts.items() if text)


def _write_text(value: object, kind: str) -> str:
    """Write a cell as text, a list alike before and after it was read; nothing is an empty text."""
    between = SEPARATORS.get(kind)
    if between is not None and isinstance(value, str):
        value = tuple(part.strip() for part in value.split(between) if part.strip())
    if isinstance(value, tuple | list):
        return f"{between or ';'} ".join(map(str, value))
    return "" if value is None else str(value)


def _sketch(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SKETCH_LETTERS]


def mark_changes(
    parsed: Parsed, given: tuple[Path, date, str], doubts: list[Problem]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give changed figures that kept their sources a source of their own; tell all that changed.

    Parameters
    ----------
    parsed
        What was read; changed in place.
    given
        What it was read from, its day, and the language of the words of the change.
    doubts
        Takes changes so large that another unit may be meant.

    Returns
    -------
    Places of the changed figures; then of changed words and of rows added and removed, for people.
    """
    contents = parsed.contents
    before: Before = {
        (str(row["sheet"]), str(row.get("row") or ""), str(row["figure"])): row
        for row in contents.rows.get("baseline", [])
    }
    known = {(sheet, row) for sheet, row, _ in before}
    if not before:
        return (), ()
    source = make_source(*given[:2])
    changed: list[str] = []
    for sheet in list_sheets():
        if sheet.id in NO_SOURCES:
            continue
        if sheet.id in contents.frames or sheet.id in contents.matrices:
            names = _compare_sheet(sheet, parsed, before, source.id, doubts)
            changed += [f"{parsed.call_sheet(sheet.id)} {name}" for name in names]
        for place, cells in enumerate(list_rows(sheet, contents)):
            if (sheet.id, name_row(sheet, cells)) in known:
                at = Place(sheet, parsed, parsed.numbers[sheet.id][place])
                changed += _compare_row(at, cells, before, source.id, doubts)
    if changed:
        _add_source(contents, source, changed)
    return tuple(changed), tuple(_tell_rows(parsed, before, given[2], doubts))


def _tell_rows(parsed: Parsed, before: Before, lang: str, doubts: list[Problem]) -> Iterator[str]:
    """Tell the rows that were added or removed, and words that are others than they were.

    An export made before words were sealed has none to compare with: then nothing is told.
    """
    words = load_words()
    sealed = {sheet for sheet, _, figure in before if figure == TEXTS}
    for sheet in list_sheets():
        if sheet.id not in sealed:
            continue
        known = {row for held, row, figure in before if held == sheet.id and figure == TEXTS}
        here: set[str] = set()
        for place, cells in enumerate(list_rows(sheet, parsed.contents)):
            name = name_row(sheet, cells)
            here.add(name)
            where = f"{parsed.call_sheet(sheet.id)} {name}".strip()
            if name not in known:
                yield f"{where}: {words.row_added[lang]}"
                continue
            at = Place(sheet, parsed, parsed.numbers[sheet.id][place])
            was = str(before[sheet.id, name, TEXTS].get("numbers") or "")
            for key in _list_reworded(was, sketch_texts(sheet, cells)):
                head = sheet.find_head(key)
                now = (
                    _write_text(cells.get(key), head.kind if head else "")
                    or words.row_emptied[lang]
                )
                yield f"{where}: {at.call(key)} -> {now}"
                if (sheet.id, key) == UNIT:
                    doubts.append(_doubt_unit(at, cells))
        for name in sorted(known - here):
            yield f"{parsed.call_sheet(sheet.id)} {name}: {words.row_removed[lang]}"


def _list_reworded(was: str, now: str) -> list[str]:
    """List the columns whose sketch is another."""
    before, after = (dict(p.partition("=")[::2] for p in text.split()) for text in (was, now))
    keys = dict.fromkeys((*after, *before))
    return [key for key in keys if before.get(key) != after.get(key)]


def _doubt_unit(at: Place, cells: Cells) -> Problem:
    """Doubt another unit of a good: its stocks and use stand in it, and stay what they are."""
    found = f"another unit of {cells.get('id')}: {cells.get('unit')}"
    wanted = "stocks and use per day in the same unit"
    pools = at.parsed.call_sheet("pools")
    fix = f"convert the stocks in units and the use per day of its rows in {pools}, or put the unit back"
    return Problem(at.show("unit"), found, wanted, fix)


def check_baseline(parsed: Parsed, findings: Findings) -> None:
    """Find a baseline of which only names are left: against it every figure would be a changed one."""
    rows = parsed.contents.rows.get("baseline", [])
    bare = [
        k for k, row in enumerate(rows) if row.get("numbers") is None and row.get("figure") != TEXTS
    ]
    if bare:
        where = parsed.show("baseline", parsed.numbers["baseline"][bare[0]], "numbers")
        found = f"no numbers in {len(bare)} of {len(rows)} rows"
        fix = "put the sheet back as it was exported, or remove all of it"
        findings.add(where, Fault(found, "what figures were when they were written out", fix))


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a sheet, to say where a change is."""

    sheet: Sheet
    parsed: Parsed
    number: int

    def call(self, key: str) -> str:
        """Call a column of the row as the person sees it; a parameter by its key."""
        return key if self.sheet.shape == "values" else self.parsed.call_column(self.sheet.id, key)

    def show(self, key: str) -> str:
        """Write where a cell of the row is."""
        return self.parsed.show(self.sheet.id, self.number, key)


def _compare_row(
    at: Place, cells: Cells, before: Before, source: str, doubts: list[Problem]
) -> Iterator[str]:
    """Tell the changed figures of a row and give them the user's source."""
    name = name_row(at.sheet, cells)
    for figure in list_figures(at.sheet.heads):
        row = before.get((at.sheet.id, name, figure.key)) or _find_empty(cells, figure)
        if row is None or not _differs(cells, figure, row):
            continue
        changes = list(_list_changes(cells, figure, row))
        doubts += filter(None, (_doubt(at, *change) for change in changes))
        if _mark(cells, figure, row, source):
            told = [f"{at.call(k)} {_round(old)} -> {_round(new)}" for k, old, new in changes]
            where = f"{at.parsed.call_sheet(at.sheet.id)} {name}".strip()
            yield f"{where}: {', '.join(told)}"


def _doubt(at: Place, key: str, old: str, new: str) -> Problem | None:
    """Doubt a change so large that the unit may be another."""
    try:
        before, after = float(old), float(new)
    except ValueError:
        return None
    if before * after > 0.0 and not 1.0 / LARGE <= after / before <= LARGE:
        return doubt_leap(at.show(key), _round(old), _round(new))
    return None


def _find_empty(cells: Cells, figure: Figure) -> Cells | None:
    """Give what stands for a figure that was empty and now has numbers but no source."""
    filled = any(cells.get(key) is not None for key in figure.numbers)
    sourced = figure.sources is not None and cells.get(figure.sources)
    return {"numbers": "", "sources": None} if filled and figure.own and not sourced else None


def _compare_sheet(
    sheet: Sheet, parsed: Parsed, before: Before, source: str, doubts: list[Problem]
) -> list[str]:
    """List the rows or columns of a table that are others than they were.

    Of those that are not, digits that a program dropped are put back.
    """
    contents = parsed.contents
    changed = []
    lines = {line.name: line for line in list_lines(sheet, contents)}
    restored = {}
    for name, sketch in list(sketch_table(sheet, contents)):
        row = before.get((sheet.id, name, WHOLE_SHEET))
        same = row is not None and is_same(str(row["numbers"]), sketch)
        line = lines.get(name)
        kept = _find_digits(sheet, line, before)
        if not same:
            changed.append(parsed.call_line(sheet, name))
        if line is None or kept is None:
            continue
        if same:
            restored[name] = put_back(line, kept)
        else:
            doubts += [
                doubt_leap(parsed.show_cell(sheet, name, at), None, f"{line.values[at]:.6g}")
                for at in list_leaps(line, kept, LARGE)
            ]
    put_lines(sheet, contents, restored)
    pointer = POINTERS.get(sheet.id)
    if changed and pointer is not None:
        contents.values["parameters"][pointer] = source
    return changed


def _find_digits(sheet: Sheet, line: Line | None, before: Before) -> Digits | None:
    """Find the last digits of a line as they were written out; None where there are none."""
    texts: list[str] = []
    while line and (row := before.get((sheet.id, line.name, f"{DIGITS}.{len(texts) + 1}"))):
        texts.append(str(row.get("numbers") or ""))
    return read_digits(texts, len(line.values)) if line and texts else None


def _differs(cells: Cells, figure: Figure, row: Cells) -> bool:
    """Tell whether a figure has changed; dropped digits are put back."""
    words = str(row.get("numbers") or "").split(" ")
    if len(words) != len(figure.numbers):
        return True
    old = [None if word == "-" else word for word in words]
    new = [cells.get(key) for key in figure.numbers]
    if not all(_is_same(a, b) for a, b in zip(old, new, strict=True)):
        return True
    for key, value in zip(figure.numbers, old, strict=True):
        if value is not None and isinstance(cells.get(key), float):
            cells[key] = float(value)
    return False


def _list_changes(cells: Cells, figure: Figure, row: Cells) -> Iterator[tuple[str, str, str]]:
    """List what differs: the column, what was and what is now."""
    words = str(row.get("numbers") or "").split(" ")
    if len(words) != len(figure.numbers):
        words = ["-"] * len(figure.numbers)
    for key, old in zip(figure.numbers, words, strict=True):
        if not _is_same(None if old == "-" else old, cells.get(key)):
            yield key, old, _show(cells.get(key))


def _round(text: str) -> str:
    """Digits that a person reads."""
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text


def _is_same(old: str | None, new: object) -> bool:
    if old is None or new is None:
        return old is None and new is None
    try:
        return math.isclose(float(old), float(str(new)), rel_tol=SAME)
    except ValueError:
        return old == str(new)


def _mark(cells: Cells, figure: Figure, row: Cells, source: str) -> bool:
    """Give a changed figure the user's source; False where its sources were changed with it."""
    if figure.sources is None:
        return True
    held = cells.get(figure.sources)
    now = held if isinstance(held, tuple) else tuple(filter(None, (held,)))
    was = tuple(part.strip() for part in str(row.get("sources") or "").split(";") if part.strip())
    if now != was:
        return False
    single = figure.sources.rpartition(".")[2] == "source"
    if single:
        cells[figure.sources] = source
    else:
        cells[figure.sources] = (source,) if figure.own else (source, *now)
    of_row = cells.get("sources")
    if figure.own and isinstance(of_row, tuple) and source not in of_row:
        cells["sources"] = (source, *of_row)  # first: who reads one source reads the user's
    return True


def make_source(file: Path, day: date) -> Source:
    """Make the source of figures that a person changed; in English, as all data, told in either."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", file.stem).strip("-").lower()[:LONGEST_SLUG]
    slug = slug or hashlib.sha256(file.stem.encode()).hexdigest()[:8]
    return Source(
        id=f"user-{slug}-{day.isoformat()}",
        title=load_words().source.format(file=file.name),
        publisher="user",
        retrieved=day,
        kind="assumption",
        vintage=day.isoformat(),
        note=load_words().note,
    )


def _add_source(contents: Contents, source: Source, changed: list[str]) -> None:
    """Add the user's source to the sheet of sources, with what rests on it."""
    rows = contents.rows.setdefault("sources", [])
    words = load_words()
    rest = len(changed) - MOST_LISTED
    listed = "; ".join(changed[:MOST_LISTED])
    more = words.more.format(count=rest) if rest > 0 else ""
    note = f"{source.note} {words.changed.format(listed=listed + more)}"
    cells: Cells = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in source.model_dump().items()
    }
    rows[:] = [row for row in rows if row.get("id") != source.id]
    rows.append(cells | {"note": note})


def _show(value: object) -> str:
    """Write a number so that it comes back exactly."""
    if value is None:
        return "-"
    return repr(value) if isinstance(value, float) else str(value)
