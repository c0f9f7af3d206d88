"""The last section: assumptions first, then sources, then what the run was made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from keian.core import tell_text
from keian.report.numbers import MISSING
from keian.report.setting import Setting
from keian.review.nouns import AssumptionLine

USES_SHOWN = 2
ASSUMED = ("assumption", "calibration")
BADGED = ("calibration", "proposal")
_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One assumption or source."""

    mark: str
    anchor: str
    title: str
    publisher: str
    where: str
    link: str | None
    range_text: str
    badge: str  # proposal, calibration; the heading says the rest
    grade: str
    as_of: str
    moves: str
    used_for: str
    licence: str
    note: str


@dataclass(frozen=True, slots=True)
class SourcesPart:
    """Assumptions, sources, verdict on the table, warnings, versions."""

    assumptions: tuple[SourceRow, ...]
    sources: tuple[SourceRow, ...]
    verdict: tuple[str, ...]
    warnings: tuple[str, ...]
    run: tuple[tuple[str, str], ...]
    counted: str  # assumptions with a range, rules, and numbers whose range nobody set


def build_sources_part(setting: Setting) -> SourcesPart:
    """Set assumptions and sources, assumptions first."""
    review = setting.review
    rows = [(line, _build_row(setting, line)) for line in review.lines]
    run = (
        (setting.say("run.id"), review.run_id),
        (setting.say("run.draws"), str(review.draws)),
        (setting.say("run.economy"), f"{review.economy_id} {review.economy_digest}".strip()),
        *((name, version) for name, version in sorted(review.versions.items())),
    )
    return SourcesPart(
        assumptions=tuple(r for line, r in rows if line.source.kind in ASSUMED),
        sources=tuple(r for line, r in rows if line.source.kind not in ASSUMED),
        verdict=tuple(setting.name(v) for v in review.verdict),
        warnings=tuple(setting.name(w) for w in review.warnings),
        run=run,
        counted=say_counted(setting),
    )  # fmt: skip


def say_counted(setting: Setting) -> str:
    """Count assumptions with a range, rules, and numbers whose range nobody set."""
    found = Counter(line.range_quality for line in setting.review.lines)
    counts = {
        "all": sum(n for quality, n in found.items() if quality is not None),
        "range": found["range"],
        "rule": found["rule"],
        "unset": found["unset"] + found["value"],
    }
    return setting.say("sources.counted", **{key: str(n) for key, n in counts.items()})


def _say_used(setting: Setting, used_for: tuple[str, ...]) -> str:
    """First uses by key; `review.json` has them all."""
    shown = ", ".join(used_for[:USES_SHOWN])
    more = len(used_for) - USES_SHOWN
    return shown if more <= 0 else setting.say("sources.and_more", shown=shown, more=str(more))


def say_note(setting: Setting, line: AssumptionLine) -> str:
    """Note of a source; first for which figures the user's own stand in its place."""
    note = tell_text(line.source.note or "", setting.lang)
    if not line.replaced_for:
        return note
    where = ", ".join(line.replaced_for)
    return " ".join(filter(None, (setting.say("sources.replaced", what=where), note)))


def _build_row(setting: Setting, line: AssumptionLine) -> SourceRow:
    source = line.source
    web = source.url is not None and source.url.startswith(_WEB)
    return SourceRow(
        mark=line.mark,
        anchor=line.mark.lower(),
        title=tell_text(source.title, setting.lang),
        publisher=tell_text(source.publisher or "", setting.lang),
        where=source.locator or ("" if web else source.url or ""),
        link=source.url if web else None,
        range_text=MISSING if line.range_text is None else setting.name(line.range_text),
        badge=setting.say(f"source.kind.{source.kind}") if source.kind in BADGED else "",
        grade=source.grade or "",
        as_of=str(source.vintage or source.published or MISSING),
        moves=setting.name(line.moves) if line.moves is not None else MISSING,
        used_for=_say_used(setting, line.used_for),
        licence=source.licence or "",
        note=say_note(setting, line),
    )
