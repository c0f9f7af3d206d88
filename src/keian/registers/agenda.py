"""Matters of the National Security Council with the items that came under each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keian.core import InputError, Problem
from keian.registers.entry import Entry, Value
from keian.registers.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Heading:
    """A matter with its items; the matter is null for items whose matter nobody has read."""

    matter: Entry | None
    items: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A follow-up of an item that is not done."""

    item: Entry
    follow_up: Mapping[str, Value]


def list_agenda(shelf: Shelf, on: date, matter: str | None = None) -> tuple[Heading, ...]:
    """List the matters in force on a day, each with the items that had come by then.

    Parameters
    ----------
    matter : number of the item of article 2(1), `xi`, or id of the matter; None = all.

    Raises
    ------
    InputError
        No matter has this number or id on the day.
    """
    matters = sorted(shelf["matters"].at(on), key=lambda e: int(e.text("number")))
    items = sorted(shelf["agenda"].at(on), key=lambda e: (find_day(e) or date.max, e.id))
    if matter is not None:
        matters = [e for e in matters if matter in {e.id, e.text("item")}]
        if not matters:
            known = ", ".join(e.text("item") for e in shelf["matters"].at(on)) or "none on this day"
            raise InputError([Problem("--matter", repr(matter), f"one of {known}", "choose one")])
    headings = [
        Heading(each, tuple(e for e in items if e.text("matter") == each.id)) for each in matters
    ]
    loose = tuple(e for e in items if not e.text("matter"))
    if loose and matter is None:
        headings.append(Heading(None, loose))
    return tuple(headings)


def find_day(item: Entry) -> date | None:
    """Find the day of an item: as read, else the day by which it had come."""
    on = (item.value or {}).get("on")
    return on if on is not None else item.start


def list_open(headings: tuple[Heading, ...]) -> tuple[Open, ...]:
    """List the follow-ups that are not done."""
    return tuple(
        Open(item, row)
        for heading in headings
        for item in heading.items
        for row in item.rows("follow_ups")
        if row["state"] != "done"
    )
