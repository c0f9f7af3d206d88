"""A register: dated entries, asked for the state of one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from keian.core import Label, Names, NotInForce, Source, join_labels
from keian.registers.entry import ENTERING, Entry, Status
from keian.registers.folding import search_entries


@dataclass(frozen=True, slots=True)
class Register:
    """Entries sorted by id and day; periods of one id neither overlap nor leave a silent gap."""

    id: str
    names: Names
    entries: tuple[Entry, ...]
    sources: dict[str, Source]
    label: Label

    def at(
        self, on: date, known: date | None = None, *, statuses: Sequence[Status] = ENTERING
    ) -> InForce:
        """Look up what holds on a day, as known on another.

        Parameters
        ----------
        on : the day asked about.
        known : leave out entries that could not be known on this day; None = all we know now.
        statuses : which statuses enter; by default what is in force or transitional.

        Returns
        -------
        InForce
            The entries that hold, sorted by id.
        """
        entries = self.entries if known is None else forget_after(self.entries, known)
        held = tuple(
            e for e in entries if e.status in statuses and e.value is not None and e.holds(on)
        )
        return InForce(register=self, on=on, known=known, entries=held)

    def find(self, entry_id: str) -> tuple[Entry, ...]:
        """Collect all entries of an id, in order of time; empty if the id is unknown."""
        return tuple(e for e in self.entries if e.id == entry_id)

    def ids(self) -> tuple[str, ...]:
        """List the ids of the register."""
        return tuple(dict.fromkeys(e.id for e in self.entries))

    def search(self, text: str) -> tuple[Entry, ...]:
        """Search ids, names and aliases in English and Japanese, width and kana folded."""
        return search_entries(self.entries, text)

    def parts(self) -> dict[str, Entry]:
        """Give entries by `id@day`, so that a release can filter them."""
        return {f"{e.id}@{e.start}": e for e in self.entries}

    def without(self, names: Sequence[str]) -> Register:
        """Copy the register without the named parts."""
        gone = set(names)
        left = tuple(e for key, e in self.parts().items() if key not in gone)
        label = join_labels(*(e.label for e in left)) if left else self.label
        return replace(self, entries=left, label=label)


@dataclass(frozen=True, slots=True)
class InForce:
    """The state of a register on one day."""

    register: Register
    on: date
    known: date | None
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, entry_id: object) -> bool:
        return any(e.id == entry_id for e in self.entries)

    def find(self, entry_id: str) -> Entry:
        """Find the entry of an id.

        Raises
        ------
        NotInForce
            Nothing holds for this id on this day; `.nearest` says what is nearest in time.
        """
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        nearest = describe_nearest(self.register.find(entry_id), self.on)
        message = f"{entry_id} is not in force on {self.on.isoformat()}; nearest: {nearest}"
        raise NotInForce(message, nearest=nearest)

    def search(self, text: str) -> tuple[Entry, ...]:
        """Search among the entries in force."""
        return search_entries(self.entries, text)


def describe_nearest(entries: Sequence[Entry], on: date) -> str:
    """Say in words which entry of an id is nearest to a day."""
    dated = [e for e in entries if e.start is not None and e.value is not None]
    if not dated:
        return "no dated entry" if entries else "no entry of this id"
    entry = min(dated, key=lambda e: _calc_distance(e, on))
    until = f" to {entry.in_force_to.isoformat()}" if entry.in_force_to else ""
    start = "" if entry.start is None else entry.start.isoformat()
    return f"{entry.names.en}, {entry.status.replace('_', ' ')}, from {start}{until}"


def _calc_distance(entry: Entry, on: date) -> int:
    start = entry.start or on
    if on < start:
        return (start - on).days
    if entry.in_force_to is not None and on >= entry.in_force_to:
        return (on - entry.in_force_to).days + 1
    return 0


def forget_after(entries: Sequence[Entry], known: date) -> tuple[Entry, ...]:
    """Drop what could not be known on a day; an end set by a later entry is forgotten with it."""
    kept = [e for e in entries if e.known_from is None or e.known_from <= known]
    starts = {(e.id, e.start) for e in kept}
    return tuple(
        replace(e, in_force_to=None)
        if e.in_force_to
        and (e.id, e.in_force_to) not in starts
        and any(o.id == e.id and o.start == e.in_force_to for o in entries)
        else e
        for e in kept
    )
