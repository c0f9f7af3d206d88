"""How far a policy record is on a day: as recorded, and on earlier days as its dates tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document
from keian.registers.entry import Entry
from keian.registers.forms_policy import Progress

RECORDED = Path(__file__).parent / "data" / "rules" / "recorded.yaml"
Stage = Progress | Literal["ahead", "under_way", "ended", "undated"]
AHEAD = ("planned", "bill", "enacted")
FINISHED = "done"


class Recorded(BaseModel):
    """The day to which undated statements of the registers belong, who says so and why."""

    model_config = DOCUMENT

    on: date
    author: str
    why: Names


@cache
def load_recorded() -> Recorded:
    """Load the day on which the shipped registers were last read against their sources."""
    return load_document(RECORDED, Recorded)


def choose_entry(entries: Sequence[Entry], on: date) -> Entry:
    """Choose the entry of an id that tells of a day: the one that holds, else the last before it."""
    for entry in entries:
        if entry.holds(on):
            return entry
    before = [e for e in entries if e.start is not None and e.start <= on]
    return before[-1] if before else entries[0]


def find_stage(policy: Entry, on: date) -> str:
    """Find how far a policy record is on a day.

    From the day on which the registers were recorded, the stage is the recorded one. Before, it is
    derived: `in_force` from the first day of force, `enacted` from the day of publication, else
    `ahead`, for how far it was on its way nobody recorded; what is recorded as partly in force or under revision is so on every day on which it
    holds; what is recorded as done is done from its last dated step, under way from its first day. `undated` = no day was read,
    or only one by which it held at the latest. `ended` = it no longer holds.
    """
    recorded = policy.text("progress")
    if policy.in_force_to is not None and policy.in_force_to <= on:
        return "ended"
    if on >= load_recorded().on:
        return recorded
    if policy.start is None:
        return _find_ahead(policy, on) if recorded in AHEAD else "undated"
    if on < policy.start:
        return "undated" if policy.in_force_from is None else _find_ahead(policy, on)
    if recorded == FINISHED:
        return FINISHED if _find_last_step(policy) <= on else "under_way"
    return recorded if recorded in {"partly_in_force", "under_revision"} else "in_force"


def _find_ahead(policy: Entry, on: date) -> str:
    published = policy.published_on is not None and policy.published_on <= on
    return "enacted" if published else "ahead"


def _find_last_step(policy: Entry) -> date:
    days = [row["on"] for row in policy.rows("dates") if row.get("on") is not None]
    return max(days, default=policy.start or date.min)
