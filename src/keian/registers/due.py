"""What falls due: reviews by every reading, next steps, outer limits of force, old confirmations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from keian.core import Names, tell_text
from keian.core.texts import name_text
from keian.registers.counting import MONTHS_A_YEAR, add_months, find_last_day
from keian.registers.entry import Entry
from keian.registers.shelf import Shelf

Kind = Literal["review", "next_step", "in_force_by", "ends", "confirmation", "sunset", "finding"]
AWAITED = ("scheduled", "expected", "proposed")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that falls due on a day; `reading` says from what the day was counted.

    `unknown`: the day has passed, and whether it was done was not looked for or not found; such a
    thing is not overdue. null = it is known.
    """

    on: date
    kind: Kind
    register: str
    entry: Entry
    what: Names
    reading: Names | None
    owner: str | None
    overdue: bool
    unknown: str | None = None


def list_due(shelf: Shelf, today: date, until: date | None = None) -> tuple[Due, ...]:
    """List what falls due, overdue first, then by day.

    Parameters
    ----------
    today : day that separates overdue from due.
    until : leave out what falls due later; None = all.
    """
    found = [due for name, entry in shelf.entries() for due in _list_of(name, entry, today)]
    return sort_due(found, until)


def sort_due(found: Iterable[Due], until: date | None = None) -> tuple[Due, ...]:
    """Sort what falls due, overdue first, then by day; what is due later than a day is left out."""
    kept = (due for due in found if until is None or due.on <= until)
    return tuple(sorted(kept, key=lambda due: (not due.overdue, due.on, due.entry.id, due.kind)))


def group_due(found: Iterable[Due]) -> tuple[tuple[Due, ...], ...]:
    """Group the readings of one review: a review with three readings falls due once."""
    groups: dict[tuple[str, ...], list[Due]] = {}
    for due in found:
        groups.setdefault((due.register, due.entry.id, due.kind, due.what.en), []).append(due)
    return tuple(tuple(group) for group in groups.values())


def find_limit(entry: Entry) -> date | None:
    """Find the last day on which a law may come into force: months counted from promulgation.

    Source: the day of promulgation counts ("公布の日から起算して"), so a law promulgated on 18 May 2022
    comes into force within a year and six months by 17 November 2023.
    """
    months = (entry.value or {}).get("within_months")
    if months is None or entry.published_on is None:
        return None
    return find_last_day(entry.published_on, months=months)


def list_passed(shelf: Shelf, today: date) -> tuple[tuple[Entry, date], ...]:
    """List the entries that are said to be ahead though their day or their limit has passed."""
    found = (
        (entry, entry.start or find_limit(entry))
        for _, entry in shelf.entries()
        if entry.status in AWAITED
    )
    return tuple((entry, day) for entry, day in found if day is not None and day < today)


def list_undated(shelf: Shelf) -> tuple[Entry, ...]:
    """List the review clauses without a day: the text or its period was not read."""
    return tuple(
        entry
        for entry in shelf["reviews"].entries
        if not entry.text("months") or not entry.rows("triggers")
    )


def list_unnamed(shelf: Shelf) -> tuple[tuple[str, Entry], ...]:
    """List the entries that were read against their sources, with no name of who did."""
    return tuple(
        (name, entry)
        for name, entry in shelf.entries()
        if entry.confirmed_on is not None and entry.confirmed_by is None
    )


def list_unconfirmed(shelf: Shelf) -> tuple[tuple[str, Entry], ...]:
    """List the entries that nobody has read again since they were written, with their registers."""
    return tuple(
        (name, entry)
        for name, entry in shelf.entries()
        if entry.confirmed_on is None and entry.value is not None
    )


def _list_of(name: str, entry: Entry, today: date) -> Iterator[Due]:
    if name == "reviews":
        yield from _list_reviews(entry, today)
    step = (entry.value or {}).get("next")
    if step is not None and (step.get("on") or step.get("by")):
        on = step.get("on") or step["by"]
        reading = None if step.get("on") else Names(en="at the latest", ja="遅くとも")
        owner = entry.text("lead") or None
        yield Due(on, "next_step", name, entry, name_text(step["what"]), reading, owner, on < today)
    limit = find_limit(entry)
    if limit is not None and entry.status in AWAITED:
        owner = entry.text("minister") or None
        what = Names(en="in force at the latest", ja="施行の期限")
        reading = Names(en=f"promulgation {entry.published_on}", ja=f"公布 {entry.published_on}")
        yield Due(limit, "in_force_by", name, entry, what, reading, owner, limit < today)
    if entry.in_force_to is not None and entry.in_force_to >= today:
        ends = Names(en="ends", ja="終了")
        yield Due(entry.in_force_to, "ends", name, entry, ends, None, None, overdue=False)
    if entry.confirmed_on is not None and entry.in_force_to is None:
        on = add_months(entry.confirmed_on, MONTHS_A_YEAR)
        day, again = entry.confirmed_on.isoformat(), Names(en="confirm again", ja="再確認")
        said = _name_reader(day, entry.confirmed_by)
        yield Due(on, "confirmation", name, entry, again, said, None, on < today)


def _name_reader(day: str, by: str | None) -> Names:
    if by is None:
        return Names(en=f"last read {day}, no name", ja=f"前回の照合 {day}（氏名なし）")
    return Names(en=f"last confirmed {day} ({by})", ja=f"前回の確認 {day}（{by}）")


def _list_reviews(entry: Entry, today: date) -> Iterator[Due]:
    """List the due day by each reading of the trigger; none once the review has its result."""
    value = entry.value or {}
    months, result_on = value.get("months"), value.get("result_on")
    repeats = bool(value.get("repeats"))
    if months is None or (result_on is not None and not repeats):
        return
    unknown = entry.text("result_unknown") or None
    for trigger in entry.rows("triggers"):
        if trigger.get("comparison"):
            continue
        on = add_months(result_on or trigger["day"], months)
        reading = _name_trigger(trigger)
        what = name_text(entry.text("clause"))
        owner = entry.text("owner") or None
        past = on < today
        yield Due(
            on, "review", "reviews", entry, what, reading, owner,
            overdue=past and unknown is None, unknown=unknown if past else None,
        )  # fmt: skip


def _name_trigger(trigger: Mapping[str, Any]) -> Names:
    reading, day, said_by = trigger["reading"], trigger["day"].isoformat(), trigger["said_by"]
    return Names(
        en=f"{reading} {day} ({said_by})",
        ja=f"{tell_text(reading, 'ja')} {day}（{tell_text(said_by, 'ja')}）",
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """When a review is due by one reading of its trigger."""

    reading: str
    said_by: str
    trigger: date
    due: date


def list_readings(review: Entry) -> tuple[Reading, ...]:
    """List the due day of a review by every reading, also where it has its result."""
    months = (review.value or {}).get("months")
    if months is None:
        return ()
    return tuple(
        Reading(t["reading"], t["said_by"], t["day"], add_months(t["day"], months))
        for t in review.rows("triggers")
    )
