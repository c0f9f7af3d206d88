"""Which finding answers which gap: the gaps of a day beside the findings that people recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from keian.registers.findings import Finding, name_state
from keian.registers.gaps import Gap

Answer = Literal["unanswered", "open", "overdue", "closed"]
RANKS: tuple[Answer, ...] = ("overdue", "open", "closed")  # the first that fits names a gap


@dataclass(frozen=True, slots=True)
class Answered:
    """A gap with its findings.

    Attributes
    ----------
    findings : those that name the gap itself, and those that name no gap but all its entries.
    """

    gap: Gap
    findings: tuple[Finding, ...]
    state: Answer


def match_gaps(gaps: Sequence[Gap], findings: Sequence[Finding], on: date) -> tuple[Answered, ...]:
    """Put beside each gap the findings that answer it, as they stand on a day.

    A gap with an open finding is open, or overdue; one whose findings are all closed is closed:
    somebody gave evidence, though the registers still show it.
    """
    return tuple(_match(gap, findings, on) for gap in gaps)


def list_gone(gaps: Sequence[Gap], findings: Sequence[Finding]) -> tuple[tuple[Finding, str], ...]:
    """List the gaps that findings name and that the registers no longer show."""
    shown = {gap.key for gap in gaps}
    return tuple((f, key) for f in findings for key in f.gaps if key not in shown)


def _match(gap: Gap, findings: Sequence[Finding], on: date) -> Answered:
    found = tuple(f for f in findings if answers(f, gap))
    states = {name_state(f, on) for f in found}
    state: Answer = next((rank for rank in RANKS if rank in states), "unanswered")
    return Answered(gap, found, state)


def answers(finding: Finding, gap: Gap) -> bool:
    """Tell whether a finding answers a gap: it names it, or names no gap but all its entries."""
    if finding.gaps:
        return gap.key in finding.gaps
    return bool(gap.about) and set(gap.about) <= set(finding.about)
