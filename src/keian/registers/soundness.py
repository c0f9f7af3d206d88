"""Checks of what is written that no form can see: fields, days, bodies and numbers that cannot be so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import combinations

from pydantic import BaseModel

from keian.core import Problem
from keian.registers.bodies import FIELDS, list_ministers, split_bodies
from keian.registers.entry import Entry
from keian.registers.load import FORMS, EntryDocument, Written
from keian.registers.stages import load_recorded

NUMBERED = ("designations", "essential_services")  # an Act or order numbers what it designates
REQUIRED = ("lead", "instrument")  # of every policy record
AHEAD = ("scheduled", "expected")
Place = Callable[[Entry, str], str]


def check_soundness(written: Mapping[str, Written], today: date) -> Iterator[Problem]:
    """Check the entries of all registers that were read.

    Parameters
    ----------
    today : no day of reading may lie after it.
    """
    latest = max(today, load_recorded().on)
    for name, each in written.items():
        form = FORMS.get(name)
        for entry in each.entries:
            yield from _check_unverified(entry, form, each.place)
            yield from _check_days(entry, latest, each.place)
            yield from _check_bodies(entry, each.place)
        yield from _check_circles(each)
        if name in NUMBERED:
            yield from _check_numbers(each)
    if "policies" in written:
        yield from _check_required(written["policies"])
    if "levers" in written:
        yield from _check_levers(written["levers"])


def _check_unverified(
    entry: Entry, form: type[BaseModel] | None, place: Place
) -> Iterator[Problem]:
    """Check that what is marked as unverified is a field: a mistyped mark would mark nothing."""
    fields = set(EntryDocument.model_fields)
    if form is not None:
        fields |= {f"value.{name}" for name in form.model_fields}
    for name in entry.unverified:
        if name not in fields:
            near = get_close_matches(name, fields, n=1, cutoff=0.6)
            fix = f"did you mean {near[0]!r}?" if near else "name a field: names, value.lead ..."
            yield Problem(place(entry, "unverified"), repr(name), "a field of the entry", fix)


def _check_days(entry: Entry, latest: date, place: Place) -> Iterator[Problem]:
    for key in ("confirmed_on", "known_from"):
        day = getattr(entry, key)
        if day is not None and day > latest:
            wanted = f"a day that has come by {latest}"
            yield Problem(place(entry, key), f"{key} {day}", wanted, "correct the day")
    recorded = load_recorded().on
    if entry.status in AHEAD and entry.start is not None and entry.start <= recorded:
        yield Problem(
            where=place(entry, "status"),
            found=f"status {entry.status} with force from {entry.start}",
            wanted=f"a day of force after {recorded}, on which the registers were read",
            fix="write in_force, or correct the day",
        )


def _check_bodies(entry: Entry, place: Place) -> Iterator[Problem]:
    known = list_ministers()
    for key in FIELDS:
        for name in split_bodies(entry.text(key)) if entry.text(key) else ():
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.6)
                fix = f"did you mean {near[0]!r}?" if near else "add it to rules/bodies.yaml"
                yield Problem(place(entry, "value"), f"{key} {name!r}", "a body that is known", fix)


def _check_circles(written: Written) -> Iterator[Problem]:
    above = {entry.id: entry.part_of for entry in written.entries}
    for entry in written.entries:
        at, seen = entry.part_of, {entry.id}
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == entry.id:
            yield Problem(
                where=written.place(entry, "part_of"),
                found=f"part_of {entry.part_of!r}, which is part of {entry.id!r} in the end",
                wanted="a whole that is not part of its own part",
                fix="correct part_of",
            )


def _check_numbers(written: Written) -> Iterator[Problem]:
    """Check that no two things designated bear one number at the same time."""
    by_number: dict[str, list[Entry]] = {}
    for entry in written.entries:
        if entry.part_of is None and entry.text("number"):
            by_number.setdefault(entry.text("number"), []).append(entry)
    for number, entries in by_number.items():
        for one, other in combinations(entries, 2):
            if one.id != other.id and _meet(one, other):
                yield Problem(
                    where=written.place(other, "value"),
                    found=f"number {number}, which {one.id!r} has at the same time",
                    wanted="a number of its own",
                    fix="correct one of the two",
                )


def _meet(one: Entry, other: Entry) -> bool:
    first, second = (entry.start or date.max for entry in (one, other))
    return first < (other.in_force_to or date.max) and second < (one.in_force_to or date.max)


def check_tied(written: Mapping[str, Written]) -> Iterator[Problem]:
    """Check that each record that register files write is tied to a lever, or says why to none.

    Of a record that a change set adds, `gaps` says so: its author need not know the catalogue.
    """
    policies, levers = written.get("policies"), written.get("levers")
    if policies is None or levers is None or levers.unread or levers.broken:
        return
    tied = {entry.text("of") for entry in levers.entries}
    for entry in policies.entries:
        if entry.id not in tied:
            tied.add(entry.id)
            yield Problem(
                where=policies.place(entry, "id"),
                found=f"no entry of levers for {entry.id!r}",
                wanted="measures of the catalogue, or why none stands for it",
                fix="add it to levers, with measures or not_modelled",
            )


def _check_required(policies: Written) -> Iterator[Problem]:
    for entry in policies.entries:
        for key in REQUIRED if entry.value is not None else ():
            if not entry.text(key).strip():
                fix = f"give {key}; mark it as unverified where it was not read"
                yield Problem(policies.place(entry, "value"), f"{key} null", f"the {key}", fix)


def _check_levers(levers: Written) -> Iterator[Problem]:
    for entry in levers.entries:
        if bool(entry.ids("measures")) == bool(entry.text("not_modelled")):
            both = "both measures and not_modelled"
            yield Problem(
                where=levers.place(entry, "value"),
                found=both if entry.ids("measures") else "neither measures nor not_modelled",
                wanted="either measures, or why none is modelled",
                fix="leave one of the two",
            )
