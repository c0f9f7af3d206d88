"""Everything that has a day, in order: laws passed and in force, documents, meetings, steps, ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from keian.registers.entry import Entry
from keian.registers.shelf import Shelf

# Entries of these registers are dated by who wrote them, not by what happened.
UNDATED = frozenset({"judgements", "levers", "catalogue", "areas", "aims", "chapters"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or is planned on a day."""

    on: date
    kind: str
    register: str
    entry: Entry
    what: str
    certain: bool


def list_events(
    shelf: Shelf, first: date | None = None, last: date | None = None
) -> tuple[Event, ...]:
    """List events between two days, both included, in order of time; the same event once."""
    found: dict[tuple[date, str, str, str], Event] = {}
    for name, entry in shelf.entries():
        if name in UNDATED or entry.value is None:
            continue
        for event in _list_of(name, entry):
            found.setdefault((event.on, event.kind, entry.id, event.what), event)
    kept = (
        e for e in found.values() if (not first or e.on >= first) and (not last or e.on <= last)
    )
    return tuple(sorted(kept, key=lambda e: (e.on, e.register, e.entry.id, e.kind)))


def _list_of(name: str, entry: Entry) -> Iterator[Event]:
    value = entry.value or {}
    days = (
        ("passed", value.get("passed_on")),
        ("published", entry.published_on),
        ("in_force", entry.in_force_from),
        ("ended", entry.in_force_to),
    )
    for kind, on in days:
        if on is not None:
            yield Event(on, kind, name, entry, "", certain=entry.confirmed_on is not None)
    if entry.in_force_from is None and entry.certain_from is not None:
        yield Event(entry.certain_from, "in_force_by", name, entry, "", certain=False)
    for key in ("dates", "agreements"):
        for row in entry.rows(key):
            if row.get("on") is not None:
                yield Event(row["on"], "step", name, entry, row["what"], certain=True)
    if value.get("result_on") is not None:
        what = entry.text("result")
        yield Event(value["result_on"], "result", name, entry, what, certain=True)
