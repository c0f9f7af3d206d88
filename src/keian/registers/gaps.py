"""What is missing: aims, goods, chapters and cells without a measure, records without a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Literal, get_args

from keian.core import Names, tell_text
from keian.core.texts import name_text
from keian.registers.bodies import tell_bodies
from keian.registers.coverage import build_coverage, list_judged
from keian.registers.entry import Entry
from keian.registers.load import FORMS
from keian.registers.shelf import Shelf
from keian.registers.turn import load_turn

Kind = Literal[
    "aim_without_measure", "good_without_measure", "chapter_without_measure", "empty_cell",
    "risk_without_pillar", "no_owner", "no_review_date", "no_evidence", "no_treaty_note",
    "unverified", "no_day", "overlap", "lever_without_record", "earlier_world",
    "chapter_without_law",
]  # fmt: skip
STRATEGY = "nss-2022"  # whose scope is held against the law
KINDS: tuple[Kind, ...] = get_args(Kind)
Levers = Mapping[str, tuple[Entry, ...]]
ANSWERED = ("goal", "challenge", "trend", "lesson")
AIMS = MappingProxyType({"goal": "目標", "challenge": "課題", "trend": "潮流", "lesson": "教訓"})
NO_RECORD = Names(en="no record names this good by itself", ja="個別に挙げる記録がない")
NO_STEP = Names(en="no next step", ja="次の手順なし")
NO_TREATY_NOTE = Names(
    en="a restrictive measure without a note on treaties", ja="条約に関する注記のない制限的措置"
)
NO_DAY = Names(en="said to be in force, no day read", ja="施行済みとされるが、日は未確認")
COUNTED = ("published_on", "known_from", "confirmed_on")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing; `about` are the ids concerned, `detail` what was looked for.

    `cell` is the phase and the aspect of an empty cell.
    """

    kind: Kind
    about: tuple[str, ...]
    detail: Names
    cell: tuple[str, str] | None = None  # phase and aspect of an empty cell, which has no id

    @property
    def key(self) -> str:
        """Name of the gap, the same on every day: `empty_cell:recovery.finance`."""
        return f"{self.kind}:{'.'.join(self.cell) if self.cell else '+'.join(self.about)}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries of a register have no value in a field."""

    register: str
    field: str
    missing: int
    entries: int


def list_gaps(shelf: Shelf, on: date) -> tuple[Gap, ...]:
    """List what is missing on a day, in the order of the kinds."""
    levers = map_levers(shelf)
    return (
        *_find_aims(shelf),
        *_find_goods(shelf, on),
        *_find_chapters(shelf, on),
        *_find_cells(shelf),
        *_find_risks(shelf),
        *(gap for policy in shelf["policies"].entries for gap in _examine(policy, shelf, levers)),
        *_find_overlaps(shelf, levers),
        *_find_loose(shelf),
        *_find_earlier(shelf, on),
        *_find_lawless(shelf, on),
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
    known = {policy.id for policy in shelf["policies"].entries}
    served = {goal for entry in list_judged(shelf) for goal in entry.ids("goals")}
    for aim in shelf["aims"].entries:
        kind = aim.text("kind")
        if kind in ANSWERED and not known & set(aim.ids("measures")) and aim.id not in served:
            yield Gap("aim_without_measure", (aim.id,), _name_aim(kind, aim))


def _name_aim(kind: str, aim: Entry) -> Names:
    return Names(en=f"{kind}: {aim.names.en}", ja=f"{AIMS[kind]}：{aim.names.ja}")


def _find_goods(shelf: Shelf, on: date) -> Iterator[Gap]:
    named = {good for entry in list_judged(shelf) for good in entry.ids("goods")}
    for good in shelf["designations"].at(on):
        if good.part_of is None and good.id not in named:
            yield Gap("good_without_measure", (good.id,), NO_RECORD)


def _find_chapters(shelf: Shelf, on: date) -> Iterator[Gap]:
    asked = {name for policy in shelf["policies"].entries for name in policy.ids("asked_by")}
    for chapter in shelf["chapters"].at(on):
        ways = chapter.text("document") == STRATEGY and chapter.text("number")[:4] in {
            "VI.2", "VII.",
        }  # fmt: skip
        parts = any(name.startswith(chapter.id) for name in asked)
        if ways and not parts:
            yield Gap("chapter_without_measure", (chapter.id,), chapter.names)


def _find_cells(shelf: Shelf) -> Iterator[Gap]:
    for cell in build_coverage(shelf):
        if not cell.policies:
            yield Gap(
                "empty_cell",
                (),
                name_text(f"{cell.phase} x {cell.aspect}"),
                (cell.phase, cell.aspect),
            )


def _find_risks(shelf: Shelf) -> Iterator[Gap]:
    """Find risks of the strategy of the European Union that no pillar of the Act answers."""
    for chapter in shelf["chapters"].entries:
        if chapter.text("document") == "eu-strategy-2023" and not chapter.ids("led_to"):
            yield Gap("risk_without_pillar", (chapter.id,), chapter.names)


def _examine(policy: Entry, shelf: Shelf, levers: Levers) -> Iterator[Gap]:
    about = (policy.id,)
    if not policy.text("lead"):
        yield Gap("no_owner", about, policy.names)
    step = (policy.value or {}).get("next") or {}
    if not (step.get("on") or step.get("by") or _has_review(policy, shelf)):
        yield Gap("no_review_date", about, name_text(step["what"]) if step.get("what") else NO_STEP)
    ties = levers.get(policy.id, ())
    if not find_shipped(ties, shelf):
        yield Gap("no_evidence", about, _say_why(ties))
    if (policy.value or {}).get("restrictive") and not policy.text("treaty_note"):
        yield Gap("no_treaty_note", about, NO_TREATY_NOTE)
    if policy.unverified:
        yield Gap("unverified", about, name_text(", ".join(policy.unverified)))
    if policy.start is None and policy.status == "in_force":
        yield Gap("no_day", about, NO_DAY)


def _has_review(policy: Entry, shelf: Shelf) -> bool:
    """Tell whether a review clause of the record or its laws has a day that is still to come."""
    about = {policy.id, *policy.ids("laws")}
    return any(
        review.text("of") in about
        and review.text("months")
        and (review.text("repeats") == "True" or not review.text("result_on"))
        for review in shelf["reviews"].entries
    )


def map_levers(shelf: Shelf) -> Levers:
    """Map each policy record to the entries that tie it to measures of the catalogue."""
    found: dict[str, list[Entry]] = {}
    for entry in shelf["levers"].entries:
        found.setdefault(entry.text("of"), []).append(entry)
    return {policy: tuple(entries) for policy, entries in found.items()}


def find_shipped(ties: Sequence[Entry], shelf: Shelf) -> tuple[str, ...]:
    """Find the measure documents with an effect curve that stand behind the ties of a record."""
    return tuple(
        shipped
        for lever in ties
        for measure in lever.ids("measures")
        for shipped in shelf.find(measure)[-1].ids("shipped")
    )


def _say_why(ties: Sequence[Entry]) -> Names:
    for lever in ties:
        why, measures = lever.text("not_modelled"), ", ".join(lever.ids("measures"))
        if why:
            told = tell_text(why, "ja")
            return Names(en=f"not modelled: {why}", ja=f"計算しない：{told}")
        return Names(en=f"no run turns {measures} yet", ja=f"{measures}を動かす計算がまだない")
    return Names(en="no entry in levers", ja="レバーに項目がない")


def _find_earlier(shelf: Shelf, on: date) -> Iterator[Gap]:
    """Find records in force since before the world changed for which they were made."""
    rule = load_turn()
    if on < rule.on:
        return
    for policy in shelf["policies"].at(on):
        begun = min(e.start for e in shelf["policies"].find(policy.id) if e.start is not None)
        if begun < rule.on:
            detail = Names(en=f"since {begun}: {rule.names.en}", ja=f"{begun}から：{rule.names.ja}")
            yield Gap("earlier_world", (policy.id,), detail)


def _find_lawless(shelf: Shelf, on: date) -> Iterator[Gap]:
    """Find chapters of the strategy that records answer, none of which rests on a law."""
    for chapter in shelf["chapters"].at(on):
        if chapter.text("document") != STRATEGY:
            continue
        asking = [p for p in shelf["policies"].entries if chapter.id in p.ids("asked_by")]
        if asking and not any(p.ids("laws") for p in asking):
            shown = ", ".join(p.id for p in asking)
            detail = Names(en=f"{shown}: no law is named", ja=f"{shown}：根拠法令の記載なし")
            yield Gap("chapter_without_law", (chapter.id,), detail)


def _find_overlaps(shelf: Shelf, levers: Levers) -> Iterator[Gap]:
    """Find records of single ministries that turn the same lever: an overlap, not a duplicate."""
    single = {
        e.text("of") for e in shelf["judgements"].entries if e.text("integration") == "single"
    }
    turning: dict[str, list[Entry]] = {}
    for policy in shelf["policies"].entries:
        for lever in levers.get(policy.id, ()) if policy.id in single else ():
            for measure in lever.ids("measures"):
                turning.setdefault(measure, []).append(policy)
    shared: dict[tuple[str, str], list[str]] = {}
    leads = {p.id: p.text("lead") for policies in turning.values() for p in policies}
    for measure, policies in sorted(turning.items()):
        for one, other in combinations(policies, 2):
            if leads[one.id] != leads[other.id]:
                shared.setdefault((one.id, other.id), []).append(measure)
    for (first, second), measures in sorted(shared.items()):
        mine, yours, shown = leads[first], leads[second], ", ".join(measures)
        detail = Names(
            en=f"{mine} and {yours} on {shown}",
            ja=f"{tell_bodies(mine, 'ja')}と{tell_bodies(yours, 'ja')}（{shown}）",
        )
        yield Gap("overlap", (first, second), detail)


def _find_loose(shelf: Shelf) -> Iterator[Gap]:
    """Find levers that a run can turn and that no policy record stands behind."""
    known = {policy.id for policy in shelf["policies"].entries}
    tied = {
        measure
        for lever in shelf["levers"].entries
        if lever.text("of") in known
        for measure in lever.ids("measures")
    }
    for measure in shelf["catalogue"].entries:
        if measure.ids("shipped") and measure.id not in tied:
            shipped = ", ".join(measure.ids("shipped"))
            detail = Names(en=f"{shipped}: {measure.names.en}", ja=f"{shipped}：{measure.names.ja}")
            yield Gap("lever_without_record", (measure.id,), detail)
