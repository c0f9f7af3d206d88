"""Checks that the periods of one id follow each other: no overlap, no silent gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from keian.core import Problem
from keian.registers.entry import Entry

Place = Callable[[Entry, str], str]


def check_periods(entries: Sequence[Entry], where: str | Place) -> tuple[Problem, ...]:
    """Check that the periods of each id follow each other without overlap or silent gap.

    Parameters
    ----------
    entries : of one register.
    where : the file, or what tells the place of a field of an entry.
    """
    place = where if callable(where) else lambda entry, _key: f"{where} {entry.id}"
    problems: list[Problem] = []
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        by_id.setdefault(entry.id, []).append(entry)
        problems += _check_order(entry, place)
    for versions in by_id.values():
        if len(versions) > 1:
            problems += _check_versions(versions, place)
    return tuple(problems)


def _check_order(entry: Entry, place: Place) -> list[Problem]:
    if entry.start and entry.in_force_to and entry.in_force_to <= entry.start:
        return [
            Problem(
                where=place(entry, "in_force_to"),
                found=f"in_force_to {entry.in_force_to} not after {entry.start}",
                wanted="an end after the start (the last day is excluded)",
                fix="correct one of the two days",
            )
        ]
    return []


def _check_versions(versions: list[Entry], place: Place) -> list[Problem]:
    undated = [e for e in versions if e.start is None]
    if undated:
        return [
            Problem(
                where=place(undated[0], "in_force_from"),
                found="several entries, one without any day",
                wanted="a day for each entry of an id that has several",
                fix="give in_force_from or certain_from, or leave one entry",
            )
        ]
    problems = []
    for earlier, later in pairwise(sorted(versions, key=lambda e: e.start or date.min)):
        if earlier.in_force_to != later.start:
            kind = "an overlap" if _overlaps(earlier, later) else "a gap"
            problems.append(
                Problem(
                    where=place(later, "in_force_from"),
                    found=(
                        f"{kind}: one until {earlier.in_force_to or 'no end'}, "
                        f"the next from {later.start}"
                    ),
                    wanted="each period begins on the day on which the one before ends",
                    fix="correct the days; write a real gap as an entry with `value: null`",
                )
            )
    return problems


def _overlaps(earlier: Entry, later: Entry) -> bool:
    end = earlier.in_force_to
    return end is None or (later.start is not None and later.start < end)
