"""What changed between two days: added, changed, ended, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from keian.core import InputError, Problem
from keian.registers.entry import Entry
from keian.registers.pillars import find_pillars
from keian.registers.register import InForce
from keian.registers.shelf import Shelf

Kind = Literal["added", "changed", "ended"]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that holds on one of two days only, or says something else on the second."""

    register: str
    kind: Kind
    entry: Entry
    before: Entry | None
    day: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A pillar whose state differs between two days."""

    pillar: Entry
    before: str
    after: str


def list_changes(
    shelf: Shelf, first: date, second: date, known: date | None = None
) -> tuple[Change, ...]:
    """List what holds on the second day and not on the first, differs, or no longer holds.

    Raises
    ------
    InputError
        The second day is before the first: what was added would be told as ended.
    """
    if second < first:
        found, wanted = f"{first} and then {second}", "the earlier day first"
        raise InputError([Problem("DATE1 DATE2", found, wanted, f"`diff {second} {first}`")])
    before, after = shelf.at(first, known), shelf.at(second, known)
    return tuple(
        change
        for name in shelf.registers
        for change in _compare(name, _by_id(before[name]), _by_id(after[name]))
    )


def list_steps(
    shelf: Shelf, first: date, second: date, known: date | None = None
) -> tuple[Step, ...]:
    """List the pillars whose state differs between two days."""
    pairs = zip(find_pillars(shelf, first, known), find_pillars(shelf, second, known), strict=True)
    return tuple(Step(b.entry, a.state, b.state) for a, b in pairs if a.state != b.state)


def _by_id(state: InForce) -> Mapping[str, Entry]:
    return {entry.id: entry for entry in state}


def _compare(
    name: str, before: Mapping[str, Entry], after: Mapping[str, Entry]
) -> Iterator[Change]:
    for key, entry in after.items():
        old = before.get(key)
        if old is None:
            yield Change(name, "added", entry, None, entry.start, entry.reason or entry.note)
        elif old != entry and (old.value, old.names) != (entry.value, entry.names):
            yield Change(name, "changed", entry, old, entry.start, entry.reason or entry.note)
    for key, old in before.items():
        if key not in after:
            yield Change(name, "ended", old, old, old.in_force_to, old.reason or old.note)
