"""Ends what a change set with a sunset changed, and lets what it replaced hold again from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from keian.registers.entry import Entry


def end_on_sunset(
    old: Sequence[Entry], new: Sequence[Entry], sunset: date, *, name: str, ended: bool
) -> tuple[Entry, ...]:
    """Join the periods of one id: up to the sunset as changed, from then on as before the change.

    Parameters
    ----------
    old, new : periods of the id without and with the change set.
    name : of the change set, for the reason of what holds again.
    ended : the sunset has come. Only an entry without a day needs it, for it has no period to cut.
    """
    if old and any(e.start is None for e in new):
        return tuple(old if ended else new)
    kept = [_end(e, sunset) for e in new if e.start is None or e.start < sunset]
    # What had no day held on none: beside a dated period it cannot stand, and nothing comes back.
    if not old or any(e.start is None for e in old):
        return tuple(kept)
    back = [
        _resume(e, sunset, name) for e in old if e.in_force_to is None or e.in_force_to > sunset
    ]
    return (*kept, *_fill(kept, back, sunset), *back)


def find_late_day(sunset: date | None, entry: Entry) -> date | None:
    """Find the day from which an entry would hold that a set ends before; null = none."""
    late = sunset is not None and entry.start is not None and entry.start >= sunset
    return entry.start if late else None


def _end(entry: Entry, sunset: date) -> Entry:
    if entry.in_force_to is not None and entry.in_force_to <= sunset:
        return entry
    return replace(entry, in_force_to=sunset)


def _resume(entry: Entry, sunset: date, name: str) -> Entry:
    if entry.start is None or entry.start >= sunset:
        return entry
    # A later change set may correct the period: it is a new one, beginning on a day that is known.
    return replace(entry, in_force_from=sunset, certain_from=None, reason=_tell_reason(name))


def _fill(kept: Sequence[Entry], back: Sequence[Entry], sunset: date) -> Iterator[Entry]:
    """Fill the time between an end that the set brought forward and its sunset: nothing holds."""
    last = max((e.in_force_to for e in kept if e.in_force_to is not None), default=sunset)
    if back and kept and last < sunset:
        yield replace(kept[-1], value=None, in_force_from=last, in_force_to=sunset)


def _tell_reason(name: str) -> str:
    return f"sunset of change set {name}"
