"""How far the pillars of the Act have come on a day: derived from dates, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from keian.registers.entry import ENTERING, Entry
from keian.registers.register import forget_after
from keian.registers.shelf import Shelf

State = Literal["not_in_force", "partly_in_force", "in_force", "operating"]


@dataclass(frozen=True, slots=True)
class PillarState:
    """A pillar on a day.

    `in_force_from` is the day of its substantive chapter; `operating_from` the day on which its
    last stage is in force and its guideline is adopted; null = not derivable from what is known.
    """

    entry: Entry
    state: State
    in_force_from: date | None
    operating_from: date | None
    stages: tuple[Entry, ...]


def find_pillars(shelf: Shelf, on: date, known: date | None = None) -> tuple[PillarState, ...]:
    """Find the state of every pillar on a day, as known on another.

    Source: Economic Security Promotion Act, supplementary provisions art. 1 (stages of force);
    arts 6, 49, 60, 65 (guideline of each pillar).
    """
    pillars = sorted(
        (e for e in shelf["pillars"].entries if e.value is not None),
        key=lambda e: int(e.text("number")),
    )
    return tuple(_find_pillar(pillar, shelf, on, known) for pillar in pillars)


def find_full_operation(shelf: Shelf, known: date | None = None) -> date | None:
    """Find the day from which every pillar operates; null = some stage has no day yet."""
    days = [p.operating_from for p in find_pillars(shelf, date.max, known)]
    return None if None in days else max(day for day in days if day is not None)


def _find_pillar(pillar: Entry, shelf: Shelf, on: date, known: date | None) -> PillarState:
    acts, documents = shelf["acts"], shelf["documents"]
    stages = tuple(
        entry for name in pillar.ids("stages") for entry in _first_known(acts.find(name), known)
    )
    substantive = _first_known(acts.find(pillar.text("substantive")), known)
    guideline = _first_known(documents.find(pillar.text("guideline")), known)
    needed = (*stages, *guideline)
    whole = len(stages) == len(pillar.ids("stages")) and bool(guideline)
    in_force = _last_day(substantive) if substantive else None
    operating = _last_day(needed) if whole else None
    return PillarState(
        pillar, _name_state(stages, in_force, operating, on), in_force, operating, stages
    )


def _first_known(entries: Sequence[Entry], known: date | None) -> tuple[Entry, ...]:
    kept = entries if known is None else forget_after(entries, known)
    return tuple(e for e in kept if e.status in ENTERING and e.value is not None)[:1]


def _last_day(entries: Sequence[Entry]) -> date | None:
    days = [e.start for e in entries]
    return None if None in days else max(day for day in days if day is not None)


def _name_state(
    stages: Sequence[Entry], in_force: date | None, operating: date | None, on: date
) -> State:
    if operating is not None and operating <= on:
        return "operating"
    if in_force is not None and in_force <= on:
        return "in_force"
    if any(stage.holds(on) for stage in stages):
        return "partly_in_force"
    return "not_in_force"
