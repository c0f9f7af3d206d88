"""What change sets do to the registers, field by field, and when those that end are to be decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keian.core import CLEAR, Names
from keian.registers.change_sets import ReadSet
from keian.registers.due import Due, Kind
from keian.registers.entry import Entry
from keian.registers.findings import Finding
from keian.registers.shelf import Shelf

FIELDS = (
    "names", "status", "in_force_from", "in_force_to", "certain_from", "published_on", "known_from",
    "confirmed_on", "confirmed_by", "part_of", "note", "aliases", "unverified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry before and after a change set; `before` null = the entry is new."""

    register: str
    entry: Entry
    field: str
    before: Any
    after: Any


def compare_shelves(before: Shelf, after: Shelf) -> tuple[Difference, ...]:
    """Compare two shelves entry by entry, field by field; new entries are one difference each."""
    return tuple(
        difference for name in after.registers for difference in _compare(name, before, after)
    )


def find_touching(sets: Sequence[ReadSet], entry_id: str) -> tuple[ReadSet, ...]:
    """Find the change sets that add, close or correct an entry."""
    return tuple(
        read
        for read in sets
        for change in read.made.changes
        if entry_id in {change.id, (change.entry or {}).get("id")}
    )


def list_sunsets(
    sets: Sequence[ReadSet], findings: Sequence[Finding], today: date
) -> tuple[Due, ...]:
    """List when change sets end, and when open findings are to be looked at or end, as things due."""
    found = [
        _make_due("sunset", _name(read.made.id, read.made.reason), read.made.author, on, today)
        for read in sets
        for on in (read.made.sunset,)
        if on is not None
    ]
    for finding in findings:
        if finding.closed_on is None:
            about = _name(finding.id, finding.what)
            found.append(_make_due("finding", about, finding.owner, finding.look_on, today))
            if finding.sunset is not None:
                found.append(_make_due("sunset", about, finding.owner, finding.sunset, today))
    return tuple(found)


def _make_due(kind: Kind, about: Entry, owner: str, on: date, today: date) -> Due:
    return Due(
        on, kind, "workspace", about, Names(en=about.id, ja=about.id), None, owner, on < today
    )


def _name(name: str, what: str) -> Entry:
    """Name what falls due, and is no entry of a register, as one."""
    return Entry(
        id=name, names=Names(en=what, ja=what), value=None, in_force_from=None, in_force_to=None,
        certain_from=None, published_on=None, known_from=None, confirmed_on=None,
        status="in_force", sources=(), label=CLEAR,
    )  # fmt: skip


def _compare(name: str, before: Shelf, after: Shelf) -> Iterator[Difference]:
    old = {(e.id, n): e for e, n in _number(before, name)}
    for entry, place in _number(after, name):
        was = old.get((entry.id, place))
        if was is None:
            yield Difference(name, entry, "", None, entry)
        elif was != entry:
            yield from tuple(_compare_entries(name, was, entry)) or (
                Difference(name, entry, "sources", was.sources, entry.sources),
            )


def _compare_entries(name: str, was: Entry, entry: Entry) -> Iterator[Difference]:
    for field in FIELDS:
        if getattr(was, field) != getattr(entry, field):
            yield Difference(name, entry, field, getattr(was, field), getattr(entry, field))
    yield from _compare_values(name, was, entry)


def _compare_values(name: str, was: Entry, entry: Entry) -> Iterator[Difference]:
    one, other = was.value or {}, entry.value or {}
    for key in dict.fromkeys((*one, *other)):
        if one.get(key) != other.get(key):
            yield Difference(name, entry, f"value.{key}", one.get(key), other.get(key))


def _number(shelf: Shelf, name: str) -> Iterator[tuple[Entry, int]]:
    """Give the entries of a register with their place among those of their id."""
    places: dict[str, int] = {}
    for entry in shelf[name].entries:
        places[entry.id] = places.get(entry.id, -1) + 1
        yield entry, places[entry.id]
