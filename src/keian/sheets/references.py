"""Checks that what a cell points to stands in its sheet; takes names in place of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from keian.sheets.cells import Fault
from keian.sheets.flatten import Head
from keian.sheets.layout import ALLOWED, REFERENCES, Sheet, find_reference, list_sheets
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings
from keian.sheets.seals import list_rows

if TYPE_CHECKING:
    from keian.sheets.contents import Cells, Contents

WANTED = "each unit or region once"
MOST_LISTED = 5
REFERRED = frozenset(target.split(".")[0] for target in REFERENCES.values())
NAMES = (("name_en", "name_ja"), ("names.en", "names.ja"))


class Index:
    """Ids of every sheet, and the names that stand for one of them alone."""

    def __init__(self, parsed: Parsed, others: Mapping[str, Mapping[str, str]]) -> None:
        self.contents = parsed.contents
        self.unread = frozenset(
            name for name in REFERRED if name in parsed.broken or name not in parsed.files
        )
        self.others = others
        self.ids: dict[str, frozenset[str]] = {}
        self.names: dict[str, dict[str, str]] = {}

    def find(self, target: str, cell: str) -> str | None:
        """Find the id for a cell: the id itself, or that of the thing it names."""
        if target not in self.ids:
            self._build(target)
        if target.split(".", maxsplit=1)[0] in self.unread and target not in self.others:
            return cell  # nothing can be said of a sheet that is not there
        if cell in self.ids[target]:
            return cell
        return self.names[target].get(cell)

    def _build(self, target: str) -> None:
        sheet, _, key = target.partition(".")
        ids: list[str] = []
        names: dict[str, list[str]] = {}
        for row in _list_named(self.contents, sheet, key):
            ids.append(row[0])
            for name in row[1:]:
                names.setdefault(name, []).append(row[0])
        self.ids[target] = frozenset(ids)
        alone = {name: held[0] for name, held in names.items() if len(held) == 1}
        self.names[target] = {**self.others.get(target, {}), **alone}


def _list_named(contents: Contents, sheet: str, key: str) -> list[list[str]]:
    """List the id of each row of a sheet with its names."""
    rows: list[dict[str, Any]] = []
    if sheet in contents.frames:
        frame = contents.frames[sheet]
        kept = [name for name in (key, *NAMES[0]) if name in frame.columns]
        rows = [
            dict(zip(kept, row, strict=True)) for row in zip(*(frame[n] for n in kept), strict=True)
        ]
        columns = NAMES[0]
    else:
        rows = contents.rows.get(sheet, [])
        columns = NAMES[1]
    return [
        [str(row[key]), *(row[name] for name in columns if isinstance(row.get(name), str))]
        for row in rows
        if row.get(key) is not None
    ]


def check_references_between(
    parsed: Parsed, findings: Findings, others: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Check every cell that points to another sheet; names become ids.

    Parameters
    ----------
    parsed
        What was read; names are replaced in place.
    findings
        Takes the faults.
    others
        Ids that stand elsewhere by the words for them, by `sheet.column`.
    """
    index = Index(parsed, others or {})
    for sheet in list_sheets():
        if sheet.shape == "frame":
            _check_frame(sheet, parsed, index, findings)
            continue
        for row, cells in enumerate(list_rows(sheet, parsed.contents)):
            for head in sheet.heads:
                _check_cell(sheet, head, cells, (parsed, row), (index, findings))
    _check_lines(parsed, findings)


def _check_cell(
    sheet: Sheet,
    head: Head,
    cells: Cells,
    place: tuple[Parsed, int],
    tools: tuple[Index, Findings],
) -> None:
    """Check one cell."""
    target = find_reference(sheet.id, head)
    value = cells.get(head.key)
    if target is None or value is None or value in head.words:
        return
    parsed, row = place
    number = parsed.numbers[sheet.id][row]
    index, findings = tools
    parts = value if isinstance(value, tuple) else (value,)
    found = [_look_up(index, target, str(part), sheet, head) for part in parts]
    for part, known in zip(parts, found, strict=True):
        if known is None:
            name = parsed.call_sheet(target.split(".")[0])
            fix = f"correct it, or add a row to the sheet {name}"
            fault = Fault(repr(part), f"an id of the sheet {name}", fix)
            where = parsed.show(sheet.id, number, head.key)
            findings.add(where, fault, parsed.show_column(sheet.id, head.key))
            parsed.faulty[sheet.id][row].add(head.key)
    if None not in found:
        cells[head.key] = tuple(found) if isinstance(value, tuple) else found[0]


def _look_up(index: Index, target: str, part: str, sheet: Sheet, head: Head) -> str | None:
    if part in ALLOWED.get(f"{sheet.id}.{head.last}", ()):
        return part
    return index.find(target, part)


def _check_frame(sheet: Sheet, parsed: Parsed, index: Index, findings: Findings) -> None:
    """Check the columns of a table; each different cell once."""
    frame = parsed.contents.frames.get(sheet.id)
    if frame is None:
        return
    numbers = parsed.numbers[sheet.id]
    for head in sheet.heads:
        target = find_reference(sheet.id, head)
        if target is None or head.key not in frame.columns:
            continue
        column = frame[head.key]
        found = {w: index.find(target, w) for w in set(column) if isinstance(w, str)}
        name = parsed.call_sheet(target.split(".")[0])
        for row, cell in enumerate(column if None in found.values() else ()):
            if isinstance(cell, str) and found[cell] is None:
                fix = f"correct it, or add a row to the sheet {name}"
                fault = Fault(repr(cell), f"an id of the sheet {name}", fix)
                where = parsed.show(sheet.id, numbers[row], head.key)
                findings.add(where, fault, parsed.show_column(sheet.id, head.key))
        if any(key != value for key, value in found.items()):
            frame[head.key] = [found.get(cell, cell) for cell in column]
    _check_twins(sheet, parsed, findings)


def _check_twins(sheet: Sheet, parsed: Parsed, findings: Findings) -> None:
    """Find rows of a table that tell of the same thing."""
    frame = parsed.contents.frames[sheet.id]
    keys = [key for key in sheet.keys if key in frame.columns]
    if not keys:
        return
    twins = frame.duplicated(subset=keys).to_numpy()
    for row in twins.nonzero()[0]:
        name = "/".join(str(frame[key].iloc[row]) for key in keys)
        where = parsed.show(sheet.id, parsed.numbers[sheet.id][row], keys[-1])
        fault = Fault(f"{name!r} a second time", "each row once", "remove one")
        findings.add(where, fault, parsed.show_sheet(sheet.id))


def _check_lines(parsed: Parsed, findings: Findings) -> None:
    """Check that routes of a supply name one of its lines."""
    rows = parsed.contents.rows
    keys = ("good", "line")
    if "supplies" in parsed.broken or "supplies" not in parsed.files:
        return
    lines = {tuple(cells.get(key) for key in keys) for cells in rows.get("supplies", [])}
    for row, cells in enumerate(rows.get("supply_routes", [])):
        if tuple(cells.get(key) for key in keys) not in lines:
            number = parsed.numbers["supply_routes"][row]
            found = f"line {cells.get('line')!r} of {cells.get('good')!r}"
            name = parsed.call_sheet("supplies")
            fix = f"take the line of the sheet {name}; new lines need a line number there"
            fault = Fault(found, f"a line of the sheet {name}", fix)
            findings.add(parsed.show("supply_routes", number, "line"), fault)


def check_axes(parsed: Parsed, findings: Findings) -> None:
    """Check that flows and final demand stand for the same units and regions as their sheets."""
    from keian.economy.world_table import FINALS

    frames = parsed.contents.frames
    if "units" not in frames or "regions" not in frames:
        return
    units = [str(cell) for cell in frames["units"]["id"]]
    finals = [f"{region}.{kind}" for region in frames["regions"]["id"] for kind in FINALS]
    for name, across in (("flows", units), ("final_demand", finals)):
        matrix = parsed.contents.matrices.get(name)
        if matrix is None:
            continue
        _check_side(name, (matrix.rows, units), (parsed, findings), down=True)
        _check_side(name, (matrix.columns, across), (parsed, findings), down=False)


def _check_side(
    name: str,
    ids: tuple[tuple[str, ...], list[str]],
    tools: tuple[Parsed, Findings],
    *,
    down: bool,
) -> None:
    """Check the ids down or across a matrix: held, and those that should be."""
    held, wanted = ids
    parsed, findings = tools
    side = "down" if down else "across"
    lost = sorted(set(wanted) - set(held))
    if lost:
        fault = Fault(f"no {_shorten(lost)} {side}", WANTED, "correct the ids")
        findings.add(parsed.show_sheet(name), fault)
    seen: set[str] = set()
    known = set(wanted)
    for place, held_id in enumerate(held):
        if held_id and (held_id in seen or held_id not in known):
            found = f"{held_id!r} a second time" if held_id in seen else f"the unknown {held_id!r}"
            where = parsed.show_axis(name, place, down=down)
            column = f"{parsed.show_sheet(name)}, ids {side}"
            findings.add(where, Fault(found, WANTED, "correct the ids"), column)
        seen.add(held_id)


def _shorten(ids: list[str]) -> str:
    """List the first ids: enough to see what is wrong."""
    more = f" and {len(ids) - MOST_LISTED} more" if len(ids) > MOST_LISTED else ""
    return ", ".join(ids[:MOST_LISTED]) + more
