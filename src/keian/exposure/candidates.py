"""Goods held against the four requirements of a designation, with evidence and gaps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self

from keian.core import Label, Labelled, Names, Source
from keian.exposure.card import Designation
from keian.exposure.card_writing import find_designation
from keian.exposure.designation_tests import Limits, TestId
from keian.exposure.dossier import Dossier, cite
from keian.exposure.evidence import EVIDENCE, Found, Gathered
from keian.exposure.flows import Remark
from keian.exposure.subjects import Subject, SubjectTier

Verdict = Literal["met", "not_met", "cannot_say"]
Outcome = Literal[
    "candidate", "no_longer", "borderline", "designated_open", "stands", "open", "not_now"
]
OUTCOMES: tuple[Outcome, ...] = (
    "candidate", "no_longer", "borderline", "designated_open", "stands", "open", "not_now"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """One requirement: verdict, whether it holds over all ranges, what it rests on, what lacks."""

    test: TestId
    verdict: Verdict
    firm: bool
    found: tuple[Found, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A good held against the four requirements.

    outcome : candidate = all met, not designated; no_longer = designated, one firmly not met;
        borderline = designated, one not met but within the ranges; designated_open, open = one
        cannot be told and none decides against it; stands = designated, all met; not_now = not
        designated, one not met.
    """

    id: str
    names: Names
    tier: SubjectTier
    designation: Designation | None
    judged: tuple[Judged, ...]
    outcome: Outcome

    @property
    def met_count(self) -> int:
        """How many requirements are met."""
        return sum(judged.verdict == "met" for judged in self.judged)

    @property
    def firm_count(self) -> int:
        """How many verdicts hold over all ranges."""
        return sum(judged.firm for judged in self.judged)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every good and product judged on one day; candidates first.

    remarks : what was met in the user's own trade files.
    """

    on: date
    year: int
    rows: tuple[Candidate, ...]
    limits: Limits
    sources: Mapping[str, Source]
    label: Label
    remarks: tuple[Remark, ...] = ()

    def parts(self) -> Mapping[str, Labelled]:
        """The list is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the list itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a list of candidates has no part {min(names)!r}")
        return self


def find_candidates(dossier: Dossier) -> Candidates:
    """Hold every good and every other product of the panel against the four requirements."""
    rows = [judge_subject(dossier, subject) for subject in dossier.subjects]
    rows.sort(key=_order)
    cited = [
        name for row in rows for judged in row.judged for f in judged.found for name in f.sources
    ]
    cited += [name for row in rows if row.designation for name in row.designation.sources]
    return Candidates(
        on=dossier.law.on,
        year=dossier.found.year,
        rows=tuple(rows),
        limits=dossier.tests.limits,
        sources=cite(dossier, [*dossier.tests.list_sources(), *cited]),
        label=dossier.label,
        remarks=dossier.found.panel.remarks,
    )


def _order(row: Candidate) -> tuple[bool, int, int, int, str]:
    """Order by outcome and how much is met; illustrative goods stay apart, behind all others."""
    apart = row.tier == "illustrative"
    return (apart, OUTCOMES.index(row.outcome), -row.met_count, -row.firm_count, row.id)


def judge_subject(dossier: Dossier, subject: Subject) -> Candidate:
    """Hold one good against the four requirements."""
    judged = tuple(
        judge_test(test.id, EVIDENCE[test.id](dossier, subject)) for test in dossier.tests.tests
    )
    if subject.tier == "illustrative":
        judged = tuple(replace(j, firm=False, gaps=(*j.gaps, "illustrative")) for j in judged)
    designation = find_designation(dossier, subject.designated)
    return Candidate(
        id=subject.id,
        names=subject.names,
        tier=subject.tier,
        designation=designation,
        judged=judged,
        outcome=conclude(judged, designated=designation is not None),
    )


def judge_test(test: TestId, gathered: Gathered) -> Judged:
    """Judge one requirement: met if any figure that decides meets its limit.

    Without a figure that decides nothing can be said. A verdict is firm if it holds at the ends of
    the figure and of its limit, and the evidence raises no doubt.
    """
    deciding = [found for found in gathered.found if found.decides]
    if not deciding or gathered.unknown:
        return Judged(test, "cannot_say", False, gathered.found, gathered.gaps)
    met = any(found.is_met for found in deciding)
    if met:
        firm = any(found.is_firmly_met for found in deciding)
    else:
        firm = all(found.is_firmly_not_met for found in deciding)
    verdict: Verdict = "met" if met else "not_met"
    return Judged(test, verdict, firm and not gathered.doubt, gathered.found, gathered.gaps)


def conclude(judged: Collection[Judged], *, designated: bool) -> Outcome:
    """Conclude from the four verdicts; what cannot be said never counts as met."""
    against = [j for j in judged if j.verdict == "not_met"]
    if all(j.verdict == "met" for j in judged):
        return "stands" if designated else "candidate"
    if not against:
        return "designated_open" if designated else "open"
    if not designated:
        return "not_now"
    return "no_longer" if any(j.firm for j in against) else "borderline"
