"""Findings of a review: recorded, followed, and closed only with evidence.

They are kept in a file of the user's own. A fast-track change needs the day on which it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, Field

from keian.core import DOCUMENT, InputError, Problem, load_document
from keian.registers.gaps import KINDS
from keian.registers.shelf import Shelf

FILE = "findings.yaml"


class Step(BaseModel):
    """What was done about a finding on a day, and when to look again."""

    model_config = DOCUMENT

    on: date
    what: str
    by: str
    next_on: date


class Finding(BaseModel):
    """What a review found, about which entries, who answers it until when, and what closed it."""

    model_config = DOCUMENT

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9\-]{0,59}$")
    what: str
    about: tuple[str, ...]
    gaps: tuple[str, ...] = ()  # keys of gaps, as `keian register gaps` gives them
    owner: str
    opened_on: date
    next_on: date
    fast_track: bool = False
    sunset: date | None = None
    steps: tuple[Step, ...] = ()
    closed_on: date | None = None
    evidence: str | None = None
    by: str | None = None

    @property
    def look_on(self) -> date:
        """Next day of looking: that of the last step, else the first that was set."""
        return self.steps[-1].next_on if self.steps else self.next_on


class Findings(BaseModel):
    """A file of findings, oldest first."""

    model_config = DOCUMENT

    findings: tuple[Finding, ...]


def read_findings(path: Path) -> tuple[Finding, ...]:
    """Read a file of findings; none if there is no file.

    Raises
    ------
    InputError
        The file is wrong; all of it.
    """
    return load_document(path, Findings).findings if path.exists() else ()


def name_state(finding: Finding, on: date) -> Literal["open", "overdue", "closed"]:
    """Name the state of a finding on a day; a change that outlived its sunset is overdue."""
    if finding.closed_on is not None:
        return "closed"
    limit = min(day for day in (finding.look_on, finding.sunset) if day is not None)
    return "overdue" if limit < on else "open"


def sort_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort findings: open ones first, by the next day on which to look."""
    return tuple(sorted(findings, key=lambda f: (f.closed_on is not None, f.look_on, f.id)))


def recall_findings(findings: Sequence[Finding], on: date) -> tuple[Finding, ...]:
    """Give the findings as they stood on a day: later ones and steps out, those closed later open."""
    return tuple(_recall(finding, on) for finding in findings if finding.opened_on <= on)


def _recall(finding: Finding, on: date) -> Finding:
    changes: dict[str, object] = {"steps": tuple(step for step in finding.steps if step.on <= on)}
    if finding.closed_on is not None and finding.closed_on > on:
        changes |= {"closed_on": None, "evidence": None, "by": None}
    return finding.model_copy(update=changes)


def check_findings(shelf: Shelf, findings: Sequence[Finding], where: str) -> tuple[Problem, ...]:
    """Check ids, order of days, sunset of what is fast, evidence of what is closed."""
    seen: set[str] = set()
    return tuple(
        problem
        for number, finding in enumerate(findings)
        for problem in _check_one(shelf, finding, f"{where} findings[{number}]", seen)
    )


def add_finding(shelf: Shelf, path: Path, finding: Finding) -> None:
    """Record a finding.

    Raises
    ------
    InputError
        The finding, or one already in the file, cannot be.
    """
    _write(shelf, path, (*read_findings(path), finding))


def follow_finding(shelf: Shelf, path: Path, name: str, step: Step) -> None:
    """Record what was done about an open finding, and when to look again.

    Raises
    ------
    InputError
        No open finding has the id, or the step cannot be.
    """
    findings = read_findings(path)
    _refuse_closed(findings, name)
    _write(
        shelf,
        path,
        tuple(
            f.model_copy(update={"steps": (*f.steps, step)}) if f.id == name else f
            for f in findings
        ),
    )


def close_finding(shelf: Shelf, path: Path, name: str, closing: tuple[date, str, str]) -> None:
    """Close a finding; `closing` is the day, the evidence and who closes it.

    Raises
    ------
    InputError
        No open finding has the id, or there is no evidence.
    """
    findings = read_findings(path)
    _refuse_closed(findings, name)
    on, evidence, by = closing
    changes = {"closed_on": on, "evidence": evidence, "by": by}
    _write(
        shelf,
        path,
        tuple(f.model_copy(update=changes) if f.id == name else f for f in findings),
    )


def _refuse_closed(findings: Sequence[Finding], name: str) -> None:
    if not any(finding.id == name and finding.closed_on is None for finding in findings):
        open_ids = ", ".join(f.id for f in findings if f.closed_on is None) or "none is open"
        raise InputError(
            [Problem("ID", repr(name), f"an open finding: {open_ids}", "check the id")]
        )


def _check_one(shelf: Shelf, finding: Finding, place: str, seen: set[str]) -> list[Problem]:
    problems = []
    if finding.id in seen:
        problems.append(
            Problem(place, f"{finding.id!r} again", "each id once", "choose another id")
        )
    seen.add(finding.id)
    for name in finding.about:
        if name not in shelf.index:
            fix = "correct the id"
            problems.append(Problem(f"{place}.about", repr(name), "the id of an entry", fix))
    problems += _check_gaps(finding, place)
    if not finding.owner.strip():
        problems.append(Problem(f"{place}.owner", "no name", "who answers it", "name an owner"))
    if finding.next_on < finding.opened_on:
        wanted = "a day not before it was opened"
        problems.append(
            Problem(f"{place}.next_on", str(finding.next_on), wanted, "correct the day")
        )
    if finding.fast_track and finding.sunset is None:
        wanted = "the day on which a fast-track change ends"
        problems.append(Problem(f"{place}.sunset", "nothing", wanted, "give a sunset"))
    if finding.sunset is not None and finding.sunset <= finding.opened_on:
        wanted = "a day after it was opened"
        problems.append(Problem(f"{place}.sunset", str(finding.sunset), wanted, "correct the day"))
    for number, step in enumerate(finding.steps):
        problems += _check_step(finding, step, f"{place}.steps[{number}]")
    if finding.closed_on is not None and not (finding.evidence or "").strip():
        wanted = "what shows that it was answered"
        problems.append(Problem(f"{place}.evidence", "nothing", wanted, "give evidence"))
    return problems


def _check_gaps(finding: Finding, place: str) -> Iterator[Problem]:
    for key in finding.gaps:
        kind, _, about = key.partition(":")
        if kind not in KINDS or not about:
            fix = "take the key from `keian register gaps`"
            yield Problem(f"{place}.gaps", repr(key), f"one of {', '.join(KINDS)}, then :ID", fix)


def _check_step(finding: Finding, step: Step, place: str) -> Iterator[Problem]:
    if not step.by.strip():
        yield Problem(f"{place}.by", "no name", "who followed it", "name a person")
    if not step.what.strip():
        yield Problem(f"{place}.what", "nothing", "what was done or found", "say it")
    if not finding.opened_on <= step.on <= step.next_on:
        wanted = "days in order: opened, followed, next"
        yield Problem(f"{place}.on", f"{step.on}, next {step.next_on}", wanted, "correct the days")


def _write(shelf: Shelf, path: Path, findings: Sequence[Finding]) -> None:
    problems = check_findings(shelf, findings, str(path))
    if problems:
        raise InputError(problems)
    plain = [finding.model_dump(exclude_none=True, mode="python") for finding in findings]
    for each in plain:
        each |= {key: list(each[key]) for key in ("about", "gaps", "steps")}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"findings": plain}, allow_unicode=True, sort_keys=False)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
