"""What every part of a report needs to set a review in type: words, numbers, source marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from keian.core import ClearanceError, Figure, Names, tell_text
from keian.report.numbers import Numbers
from keian.report.svg import drawing, fit, join, rect, text
from keian.report.words import Lang, Words, load_words
from keian.review.nouns import AssumptionLine, MeasureReview, Review, ScenarioReview

PAGE_PX = 800.0
CARD_PX = 464.0
EMPTY_PX = 52.0
_EMPTY_TEXT_PX = 500.0
_TITLES_PX = 600.0
_TITLES_SHOWN = 2


# A proper name: a later word has a capital ("Suez Canal"), or a country stands before a colon.
_PROPER = re.compile(r"^[^(]* [A-Z][a-z]|^[A-Z][\w ]*:")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a source is cited: S4, with what hover and focus say."""

    mark: str
    anchor: str
    tip: str
    title: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table behind a chart; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure of the report: finding, what is measured, drawing, sources, table."""

    id: str
    title: str
    unit: str
    svg: Markup
    grid: Grid
    marks: tuple[Mark, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Language, formats and marks of one report."""

    lang: Lang
    words: Words
    review: Review
    marks: Mapping[str, Mark]
    scenarios: Mapping[str, ScenarioReview] = field(default_factory=dict)
    measures: Mapping[str, MeasureReview] = field(default_factory=dict)
    withheld_count: int = 0

    def say(self, key: str, **facts: str | None) -> str:
        """Sentence of the catalogue."""
        return self.words.say(key, **facts)

    def name(self, names: Names) -> str:
        """Text of a name in the language of the report."""
        return self.words.name(names)

    def noun(self, names: Names) -> str:
        """Text of a name inside a sentence: 'hospital services', but 'LNG' and 'Suez Canal'."""
        words = self.words.name(names)
        if self.lang == "en" and words[1:2].islower() and not _PROPER.search(words):
            return words[0].lower() + words[1:]
        return words

    def numbers(self, scenario: ScenarioReview | None = None) -> Numbers:
        """Number formats; days at the scenario's horizon get a plus sign."""
        return Numbers(self.lang, None if scenario is None else scenario.horizon_days)

    def cite(self, *groups: Iterable[str] | Figure | None) -> tuple[Mark, ...]:
        """Marks of the sources behind figures or lists of source ids, once each, in order."""
        found: dict[str, Mark] = {}
        for group in groups:
            ids = group.sources if isinstance(group, Figure) else group or ()
            for source in ids:
                mark = self.marks.get(source) or Mark(source, "sources", source, source)
                found.setdefault(mark.mark, mark)
        return tuple(sorted(found.values(), key=lambda m: _sort_key(m.mark)))

    def source_line(self, marks: tuple[Mark, ...]) -> list[tuple[Mark, str]]:
        """Marks with a short title each, as the line under a chart shows them."""
        if len(marks) > _TITLES_SHOWN:
            return [(mark, "") for mark in marks]
        room = _TITLES_PX / max(1, len(marks))
        return [(mark, " " + fit(mark.title, room, most=1)[0]) for mark in marks]


def build_setting(review: Review, lang: Lang, *, withheld_count: int = 0) -> Setting:
    """Marks, names and words for one report.

    Raises
    ------
    ClearanceError
        No scenario is left for this viewer.
    """
    if not review.scenarios:
        raise ClearanceError("no scenario of this review is for this viewer; fix: ask its owner")
    words = load_words(lang)
    return Setting(
        lang=lang,
        words=words,
        review=review,
        marks={line.source.id: _build_mark(line, words) for line in review.lines},
        scenarios={scenario.id: scenario for scenario in review.scenarios},
        measures={measure.id: measure for measure in review.measures},
        withheld_count=withheld_count,
    )


def build_empty(setting: Setting, key: str, title: str, unit: str, why: str) -> Chart:
    """A figure without data: it keeps its place and says what would fill it."""
    width = PAGE_PX
    reason = fit(why, _EMPTY_TEXT_PX, most=2)
    top = EMPTY_PX / 2 - 7.5 * len(reason)
    svg = drawing(
        width,
        EMPTY_PX,
        join(
            (
                rect(0.5, 0.5, width - 1, EMPTY_PX - 1, "missing"),
                rect(150, top - 4, 500, 15 * len(reason) + 8, "paper"),
                *(
                    text(width / 2, top + 12 + 15 * i, line, "m b" if i == 0 else "m q")
                    for i, line in enumerate(reason)
                ),
            )
        ),
        why,
    )
    grid = Grid(title, (setting.say("col.what"), setting.say("col.why")), ((title, why),))
    return Chart(key, title, unit, svg, grid)


def start_sentence(words: str) -> str:
    """Begin with a capital."""
    return words[:1].upper() + words[1:]


def end_sentence(setting: Setting, words: str) -> str:
    """End with a full stop, unless it ends already."""
    if not words or words.rstrip()[-1:] in ".。!?！？":
        return words
    return words.rstrip() + ("。" if setting.lang == "ja" else ".")


def _build_mark(line: AssumptionLine, words: Words) -> Mark:
    source = line.source
    parts = [line.mark]
    if source.grade:
        parts.append(words.say("source.grade", grade=source.grade))
    title = tell_text(source.title, words.lang)
    parts.append(title)
    if source.vintage or source.published:
        parts.append(str(source.vintage or source.published))
    return Mark(line.mark, line.mark.lower(), " · ".join(parts), title)


def _sort_key(mark: str) -> tuple[str, int, str]:
    digits = "".join(ch for ch in mark if ch.isdigit())
    return (mark[:1], int(digits) if digits else 0, mark)
