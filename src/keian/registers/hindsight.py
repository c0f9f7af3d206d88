"""The registers as one could know them on a day: later entries, ends and statements left out."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from keian.registers.counting import FISCAL_START
from keian.registers.entry import Entry
from keian.registers.register import forget_after
from keian.registers.shelf import Shelf, build_shelf
from keian.registers.stages import find_stage, load_recorded

ANALYSIS = frozenset({"catalogue", "judgements", "levers"})  # what keian ties and judges itself
ROWS = ("dates", "agreements", "observations", "votes")  # fields whose rows have days of their own
RESULT = ("result", "result_on", "result_entries")
YEAR = slice(2, 6)  # of `FY2023-27`


def freeze(shelf: Shelf, on: date) -> Shelf:
    """Leave in every register only what one could know on a day.

    What keian itself judged (`ANALYSIS`) stays as it is today: a review of an earlier day looks
    back with it. Ids stay findable, so that what a kept entry points at can be named. Before the
    day on which the registers were recorded, statements without a day of their own go too
    (`veil`).
    """
    kept = {
        name: register.entries if name in ANALYSIS else forget_after(register.entries, on)
        for name, register in shelf.registers.items()
    }
    if on < load_recorded().on:
        known = {entry.id for entries in kept.values() for entry in entries}
        kept = {
            name: entries
            if name in ANALYSIS
            else tuple(veil(name, entry, on, known) for entry in entries)
            for name, entries in kept.items()
        }
    else:
        kept["policies"] = tuple(_end(entry, on) for entry in kept["policies"])
    registers = {
        name: replace(register, entries=kept[name]) for name, register in shelf.registers.items()
    }
    frozen = build_shelf(registers, shelf.sources)
    return replace(frozen, homes=shelf.homes, index={**shelf.index, **frozen.index})


def veil(register: str, entry: Entry, on: date, known: Set[str]) -> Entry:
    """Leave out of an entry what was not known on a day before the registers were recorded.

    Later confirmations and steps; next steps, budgets of years not yet over and steps without a
    day; the result of a later review; what followed upon a meeting later; an end that no law set (only transitional rules end by
    themselves). `progress` becomes what the dates tell.

    Parameters
    ----------
    known : ids that could be known on the day.
    """
    value = None if entry.value is None else dict(entry.value)
    if value is not None:
        _veil_rows(value, on)
        if register == "policies":
            value["progress"] = find_stage(entry, on)
        elif register == "reviews" and not _is_past(value.get("result_on"), on):
            value |= {key: None for key in RESULT if key in value}
        elif register == "recommendations":
            value["became"] = tuple(name for name in entry.ids("became") if name in known)
            value["outcome"] = value["outcome"] if value["became"] else "pending"
        if value.get("follow_ups"):
            value["follow_ups"] = tuple(_reopen(row, known) for row in value["follow_ups"])
    confirmed, ends = entry.confirmed_on, entry.in_force_to
    return replace(
        entry,
        value=None if value is None else MappingProxyType(value),
        confirmed_on=confirmed if _is_past(confirmed, on) else None,
        confirmed_by=entry.confirmed_by if _is_past(confirmed, on) else None,
        in_force_to=ends if entry.status == "transitional" or _is_past(ends, on) else None,
    )


def _end(policy: Entry, on: date) -> Entry:
    """Tell of a record that no longer holds that it has ended."""
    if policy.value is None or find_stage(policy, on) == policy.text("progress"):
        return policy
    value = {**policy.value, "progress": find_stage(policy, on)}
    return replace(policy, value=MappingProxyType(value))


def _reopen(follow_up: Mapping[str, Any], known: Set[str]) -> dict[str, Any]:
    """Tell of a follow-up only what was known: without an entry that answers it, it is open."""
    entries = tuple(name for name in follow_up.get("entries", ()) if name in known)
    return {**follow_up, "entries": entries, "state": follow_up["state"] if entries else "open"}


def _veil_rows(value: dict[str, Any], on: date) -> None:
    for key in ROWS:
        if value.get(key):
            value[key] = tuple(row for row in value[key] if _is_past(row.get("on"), on))
    if value.get("next") is not None:
        value["next"] = None
    if value.get("strength") is not None and value["strength"]["on"] > on:
        value["strength"] = None
    if value.get("budget"):
        value["budget"] = tuple(row for row in value["budget"] if _is_over(row, on))


def _is_past(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _is_over(money: Mapping[str, Any], on: date) -> bool:
    """Tell whether the first fiscal year of an amount was over, its later budgets too."""
    year = str(money.get("year") or "")[YEAR]
    return year.isdigit() and date(int(year) + 1, *FISCAL_START) <= on
