"""What one waits for on a day: announced by then, in force only later or not yet dated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from keian.registers.entry import ENTERING, Entry, Status
from keian.registers.register import Register, forget_after
from keian.registers.stages import load_recorded

AWAITED: tuple[Status, ...] = ("scheduled", "expected", "proposed")


def list_awaited(register: Register, on: date, known: date | None = None) -> tuple[Entry, ...]:
    """List what was announced by a day and did not hold on it yet, whatever its status is today.

    Parameters
    ----------
    known : leave out what could not be known on this day; None = all we know now.
    """
    return tuple(e for e in list_known(register, known) if _awaits(e, on))


def list_known(register: Register, known: date | None = None) -> Sequence[Entry]:
    """List the entries of a register that could be known on a day; None = all."""
    return register.entries if known is None else forget_after(register.entries, known)


def name_awaited(entry: Entry) -> Status:
    """Name the status of an entry while it was awaited: what holds by now was then scheduled."""
    return "scheduled" if entry.status in ENTERING else entry.status


def _awaits(entry: Entry, on: date) -> bool:
    if entry.value is None or (entry.in_force_to is not None and entry.in_force_to <= on):
        return False
    if entry.start is None:
        return entry.status in AWAITED and _find_announced(entry) <= on
    # A proposal with a planned day stays a proposal once that day has passed.
    late = entry.status in AWAITED and entry.start <= on
    return _find_announced(entry) <= on and (late or on < entry.start)


def _find_announced(entry: Entry) -> date:
    """Find the day from which an entry was public; where no day was read, that of the registers."""
    days = [day for day in (entry.published_on, entry.known_from) if day is not None]
    return min(days, default=load_recorded().on)
