"""Candidates for designation as tables: one row a good, one row a figure, sources."""

from __future__ import annotations

from typing import Any

from keian.core import Names
from keian.exposure.candidates import Candidate, Candidates, Judged
from keian.exposure.evidence import Found
from keian.report.card_parts import show_number, show_share, show_triple
from keian.report.exposure_tables import Sheet, Tables, list_sources, say_remarks
from keian.report.words import Lang, Words, load_words
from keian.share import Released

TESTS = ("importance", "dependence", "risk", "necessity")
COLUMNS = ("good", "name_en", "name_ja", "tier", "outcome", "designation", *TESTS)
EVIDENCE = (
    "good", "requirement", "judged", "firm", "measure", "low", "value", "high", "limit", "about",
    "cited", "gaps",
)  # fmt: skip
SHARES = frozenset(
    {
        "exposed_output_share", "supplier_share", "import_top_share", "passage_share",
        "abroad_share", "world_top_share",
    }
)  # fmt: skip
GRADED = frozenset({"choke_grade"})
SAID = frozenset({"vital", "free_of_other_system"})


def tell_candidates(released: Released[Candidates], names: dict[str, Names], lang: Lang) -> Tables:
    """Tell candidates: goods with their four verdicts, the evidence, the sources."""
    found, words = released.value, load_words(lang)
    head = words.say("candidates.head", on=found.on.isoformat(), year=str(found.year))
    rows = tuple(_tell_row(row, names, words) for row in found.rows)
    evidence = tuple(
        cells
        for row in found.rows
        for judged in row.judged
        for cells in _tell_evidence(row, judged, names, words)
    )
    sheets = (
        Sheet("candidates", COLUMNS, rows),
        Sheet("evidence", EVIDENCE, evidence),
        list_sources(found.sources, words),
    )
    return Tables(head, found.year, str(found.label), say_notes(found, words), sheets)


def say_notes(found: Candidates, words: Words) -> tuple[str, ...]:
    """Say how to read the list and by which limits it was made."""
    limits = [
        words.say(
            f"candidates.limit.{name}",
            value=show_triple(getattr(found.limits, name), show_share),
        )
        for name in type(found.limits).model_fields
    ]
    return (
        words.say("candidates.note_firm"),
        words.say("candidates.note_act"),
        words.say("candidates.note_limits", limits="; ".join(limits)),
        *say_remarks(found.remarks, words),
    )


def _tell_row(row: Candidate, names: dict[str, Names], words: Words) -> tuple[Any, ...]:
    return (
        row.id,
        row.names.en,
        row.names.ja,
        words.say(f"card.tier.{row.tier}"),
        words.say(f"candidates.outcome.{row.outcome}"),
        None if row.designation is None else row.designation.entry,
        *(say_verdict(judged, names, words) for judged in row.judged),
    )


def say_verdict(judged: Judged, names: dict[str, Names], words: Words) -> str:
    """Say a verdict with the figure that decides it and what lacks."""
    verdict = words.say(f"candidates.verdict.{judged.verdict}")
    if judged.firm:
        verdict = words.say("candidates.firm", verdict=verdict)
    deciding = [found for found in judged.found if found.decides]
    best = max(deciding, key=_reach, default=None)
    said = [] if best is None else [say_figure(best, names, words)]
    said += [words.say(f"candidates.gap.{gap}") for gap in judged.gaps]
    colon = "：" if words.lang == "ja" else ": "
    return verdict + (colon + "; ".join(said) if said else "")


def _reach(found: Found) -> float:
    """How far a figure reaches towards its limit."""
    if found.limit is None or found.value is None or found.limit.mode == 0:
        return 0.0
    return found.value / found.limit.mode


def say_figure(found: Found, names: dict[str, Names], words: Words) -> str:
    """Say one figure: what it is, of what, how much."""
    what = words.say(f"candidates.measure.{found.measure}")
    about = "" if found.about is None else _name(found.about, names, words)
    if found.value is None or found.measure in SAID:
        return f"{what} ({about})" if about else what
    if found.measure in GRADED:
        shown = words.say(f"candidates.choke.{found.value:.0f}")
        return f"{what} {about}: {shown}" if about else f"{what}: {shown}"
    shown = show_share(found.value) if found.measure in SHARES else show_number(found.value)
    return f"{what} {shown} ({about})" if about else f"{what} {shown}"


def _name(about: str, names: dict[str, Names], words: Words) -> str:
    return words.name(names[about]) if about in names else about


def _tell_evidence(
    row: Candidate, judged: Judged, names: dict[str, Names], words: Words
) -> list[tuple[Any, ...]]:
    """List the figures of one requirement; one row without a figure where there is none."""
    head = (
        row.id,
        words.say(f"exposure.col.{judged.test}"),
        words.say(f"candidates.verdict.{judged.verdict}"),
        words.say("exposure.yes" if judged.firm else "exposure.not"),
    )
    gaps = "; ".join(words.say(f"candidates.gap.{gap}") for gap in judged.gaps)
    if not judged.found:
        return [(*head, None, None, None, None, None, None, None, gaps)]
    return [
        (
            *head,
            words.say(f"candidates.measure.{found.measure}"),
            found.low,
            found.value,
            found.high,
            None if found.limit is None else found.limit.mode,
            None if found.about is None else _name(found.about, names, words),
            ", ".join(found.sources),
            gaps,
        )
        for found in judged.found
    ]
