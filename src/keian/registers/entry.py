"""One dated entry of a register: a rule, a designation, an agreement, a measure as policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, get_args

from keian.core import Label, Names

Status = Literal["in_force", "scheduled", "expected", "proposed", "repealed", "transitional"]
STATUSES: tuple[Status, ...] = get_args(Status)
ENTERING: tuple[Status, ...] = ("in_force", "transitional")

# Text, number, day, null, or tuples and mappings of them, as the form of the register says.
Value = Any
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a register says about one id over one period.

    `in_force_from` is null while the day is not confirmed; `certain_from` is then the day by
    which it was in force at the latest (a text bounds it, or something was done under it).
    `in_force_to` is the first day on which it no longer holds. `known_from` is the day from which
    one could know the entry; `confirmed_on` the day on which it was last read against its sources
    and found to hold, `confirmed_by` who said so; null = keian's authors, without a name. `value` null marks a gap: nothing holds in that period. `places` says where in a source
    it was read. `unverified` names what was written from memory and never read.
    """

    id: str
    names: Names
    value: Mapping[str, Value] | None
    in_force_from: date | None
    in_force_to: date | None
    certain_from: date | None
    published_on: date | None
    known_from: date | None
    confirmed_on: date | None
    status: Status
    sources: tuple[str, ...]
    label: Label
    part_of: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    reason: str | None = None
    places: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    unverified: tuple[str, ...] = ()
    confirmed_by: str | None = None

    @property
    def date_confirmed(self) -> bool:
        """Whether the day of force is given and was checked against a source."""
        return self.in_force_from is not None and self.confirmed_on is not None

    @property
    def start(self) -> date | None:
        """First day on which the entry holds for certain; null = not known at all."""
        return self.in_force_from or self.certain_from

    def holds(self, on: date) -> bool:
        """Tell whether the entry holds on a day; the last day is excluded."""
        if self.start is None or on < self.start:
            return False
        return self.in_force_to is None or on < self.in_force_to

    def text(self, key: str) -> str:
        """Give a field of the value as text; empty where it is null."""
        found = (self.value or {}).get(key)
        return "" if found is None else str(found)

    def ids(self, key: str) -> tuple[str, ...]:
        """Give a field of the value that names other entries; empty where it is null."""
        found = (self.value or {}).get(key)
        if found is None:
            return ()
        return (found,) if isinstance(found, str) else tuple(found)

    def rows(self, key: str) -> tuple[Mapping[str, Value], ...]:
        """Give a field of the value that is a list of mappings; empty where it is null."""
        return tuple((self.value or {}).get(key) or ())
