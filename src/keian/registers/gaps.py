"""What is missing: aims, goods, chapters and cells without a measure, records without a field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from keian.registers.coverage import build_coverage
from keian.registers.entry import Entry
from keian.registers.load import FORMS
from keian.registers.shelf import Shelf

Kind = Literal[
    "aim_without_measure", "good_without_measure", "chapter_without_measure", "empty_cell",
    "risk_without_pillar", "no_owner", "no_review_date", "no_evidence", "no_treaty_note",
    "unverified", "no_day", "overlap",
]  # fmt: skip
ANSWERED = ("goal", "challenge", "trend", "lesson")
COUNTED = ("published_on", "known_from", "confirmed_on")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing; `about` are the ids concerned, `detail` what was looked for."""

    kind: Kind
    about: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries of a register have no value in a field."""

    register: str
    field: str
    missing: int
    entries: int


def list_gaps(shelf: Shelf, on: date) -> tuple[Gap, ...]:
    """List what is missing on a day, in the order of the kinds."""
    return (
        *_find_aims(shelf),
        *_find_goods(shelf, on),
        *_find_chapters(shelf, on),
        *_find_cells(shelf),
        *_find_risks(shelf),
        *(gap for policy in shelf["policies"].entries for gap in _examine(policy, shelf)),
        *_find_overlaps(shelf),
    )


def count_nulls(shelf: Shelf) -> tuple[Count, ...]:
    """Count fields without a value, register by register; fields of which none is missing are left out."""
    counts = []
    for name, register in shelf.registers.items():
        entries = [e for e in register.entries if e.value is not None]
        fields = FORMS[name].model_fields
        for field in fields:
            missing = sum((e.value or {}).get(field) is None for e in entries)
            counts.append(Count(name, f"value.{field}", missing, len(entries)))
        for field in COUNTED:
            missing = sum(getattr(e, field) is None for e in entries)
            counts.append(Count(name, field, missing, len(entries)))
        missing = sum(e.in_force_from is None for e in entries)
        counts.append(Count(name, "in_force_from", missing, len(entries)))
    return tuple(count for count in counts if count.missing)


def _find_aims(shelf: Shelf) -> Iterator[Gap]:
    served = {goal for entry in shelf["judgements"].entries for goal in entry.ids("goals")}
    for aim in shelf["aims"].entries:
        kind = aim.text("kind")
        if kind in ANSWERED and not aim.ids("measures") and aim.id not in served:
            yield Gap("aim_without_measure", (aim.id,), f"{kind}: {aim.names.en}")


def _find_goods(shelf: Shelf, on: date) -> Iterator[Gap]:
    named = {good for entry in shelf["judgements"].entries for good in entry.ids("goods")}
    for good in shelf["designations"].at(on):
        if good.part_of is None and good.id not in named:
            yield Gap("good_without_measure", (good.id,), "no record names this good by itself")


def _find_chapters(shelf: Shelf, on: date) -> Iterator[Gap]:
    asked = {name for policy in shelf["policies"].entries for name in policy.ids("asked_by")}
    for chapter in shelf["chapters"].at(on):
        ways = chapter.text("document") == "nss-2022" and chapter.text("number")[:4] in {
            "VI.2", "VII.",
        }  # fmt: skip
        parts = any(name.startswith(chapter.id) for name in asked)
        if ways and not parts:
            yield Gap("chapter_without_measure", (chapter.id,), chapter.names.en)


def _find_cells(shelf: Shelf) -> Iterator[Gap]:
    for cell in build_coverage(shelf):
        if not cell.policies:
            yield Gap("empty_cell", (), f"{cell.phase} x {cell.aspect}")


def _find_risks(shelf: Shelf) -> Iterator[Gap]:
    """Find risks of the strategy of the European Union that no pillar of the Act answers."""
    for chapter in shelf["chapters"].entries:
        if chapter.text("document") == "eu-strategy-2023" and not chapter.ids("led_to"):
            yield Gap("risk_without_pillar", (chapter.id,), chapter.names.en)


def _examine(policy: Entry, shelf: Shelf) -> Iterator[Gap]:
    about = (policy.id,)
    if not policy.text("lead"):
        yield Gap("no_owner", about, policy.names.en)
    step = (policy.value or {}).get("next") or {}
    if not (step.get("on") or step.get("by") or _has_review(policy, shelf)):
        yield Gap("no_review_date", about, step.get("what") or "no next step")
    if not find_shipped(policy.id, shelf):
        yield Gap("no_evidence", about, _say_why(policy.id, shelf))
    if (policy.value or {}).get("restrictive") and not policy.text("treaty_note"):
        yield Gap("no_treaty_note", about, "a restrictive measure without a note on treaties")
    if policy.unverified:
        yield Gap("unverified", about, ", ".join(policy.unverified))
    if policy.start is None and policy.status == "in_force":
        yield Gap("no_day", about, "said to be in force, no day read")


def _has_review(policy: Entry, shelf: Shelf) -> bool:
    """Tell whether a review clause of the record or its laws has a day that is still to come."""
    about = {policy.id, *policy.ids("laws")}
    return any(
        review.text("of") in about
        and review.text("months")
        and (review.text("repeats") == "True" or not review.text("result_on"))
        for review in shelf["reviews"].entries
    )


def find_levers(policy: str, shelf: Shelf) -> tuple[Entry, ...]:
    """Find the entries that tie a policy record to measures of the catalogue."""
    return tuple(e for e in shelf["levers"].entries if e.text("of") == policy)


def find_shipped(policy: str, shelf: Shelf) -> tuple[str, ...]:
    """Find the measure documents with an effect curve that stand behind a policy record."""
    return tuple(
        shipped
        for lever in find_levers(policy, shelf)
        for measure in lever.ids("measures")
        for shipped in shelf["catalogue"].find(measure)[-1].ids("shipped")
    )


def _say_why(policy: str, shelf: Shelf) -> str:
    for lever in find_levers(policy, shelf):
        if lever.text("not_modelled"):
            return f"not modelled: {lever.text('not_modelled')}"
        return f"no run turns {', '.join(lever.ids('measures'))} yet"
    return "no entry in levers"


def _find_overlaps(shelf: Shelf) -> Iterator[Gap]:
    """Find records of single ministries that turn the same lever: an overlap, not a duplicate."""
    single = {
        e.text("of") for e in shelf["judgements"].entries if e.text("integration") == "single"
    }
    policies = [p for p in shelf["policies"].entries if p.id in single]
    turned = {
        p.id: {m for lv in find_levers(p.id, shelf) for m in lv.ids("measures")} for p in policies
    }
    for one, other in combinations(policies, 2):
        shared = sorted(turned[one.id] & turned[other.id])
        if shared and one.text("lead") != other.text("lead"):
            leads = f"{one.text('lead')} and {other.text('lead')}"
            yield Gap("overlap", (one.id, other.id), f"{leads} on {', '.join(shared)}")
