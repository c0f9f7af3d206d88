"""The page of a country's exposure: candidates, heat map, treemap, years, cards, sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from keian.core import Source, tell_text
from keian.exposure.atlas import Atlas, find_series
from keian.exposure.candidates import OUTCOMES, Candidate
from keian.report.brief import load_environment
from keian.report.candidate_tables import TESTS, say_notes, say_verdict
from keian.report.card_parts import Section, build_sections, say_findings
from keian.report.figures.autonomy_map import draw_autonomy
from keian.report.figures.share_years import draw_years
from keian.report.figures.trade_map import draw_trade
from keian.report.page_label import set_page_label
from keian.report.words import Lang, Words, load_words
from keian.share import Released

MOST_PANELS = 8
FOLDED = frozenset({"stands", "open", "not_now", "designated_open"})
CARD_TIERS = ("modelled", "registered", "illustrative")


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A good with its four verdicts in words."""

    id: str
    name: str
    cells: tuple[str, ...]
    card: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Goods of one outcome; `folded` ones are opened by the reader."""

    title: str
    rows: tuple[VerdictRow, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class CardPart:
    """A card on the page."""

    id: str
    name: str
    tier: str
    careful: bool
    findings: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in the table at the end."""

    id: str
    title: str
    publisher: str | None
    licence: str | None
    note: str | None
    url: str | None
    kind: str
    grade: str | None
    vintage: str


def set_atlas(released: Released[Atlas], *, lang: Lang = "en") -> str:
    """Set a released atlas as one HTML page that needs nothing else.

    Returns
    -------
    str
        HTML without script or request to anywhere.
    """
    atlas, words = released.value, load_words(lang)
    found = atlas.candidates
    counts = {key: sum(row.outcome == key for row in found.rows) for key in OUTCOMES}
    facts = {
        "country": words.name(atlas.country_names),
        "on": found.on.isoformat(),
        "year": str(found.year),
    }
    title = words.say("atlas.page_title", **facts)
    known = collect_sources(atlas)
    return (
        load_environment()
        .get_template("atlas.html.j2")
        .render(
            lang=lang,
            say=words.say,
            source_line=list,
            title=title,
            kicker=words.say("atlas.kicker", **facts),
            headline=words.say(
                "atlas.title", candidates=str(counts["candidate"]), short=str(counts["no_longer"])
            ),
            vintage=words.say(
                "atlas.vintage",
                nomenclature=atlas.found.panel.nomenclature,
                products=str(len(atlas.spots)),
            ),
            page_label=set_page_label(atlas.label, words, title),
            notes=say_notes(found, words),
            tests=TESTS,
            groups=tuple(_list_groups(atlas, words)),
            autonomy=draw_autonomy(atlas.spots, words, key="f-autonomy"),
            trade=draw_trade(atlas.spots, words, found.year, key="f-trade"),
            years=draw_years(
                find_series(atlas.cards, MOST_PANELS),
                atlas.found.panel.provisional,
                words,
                key="f-years",
            ),
            cards=tuple(_list_cards(atlas, words)),
            known=frozenset(known),
            sources=tuple(_list_sources(known, words)),
        )
    )


def _list_groups(atlas: Atlas, words: Words) -> Iterable[Group]:
    """List goods by outcome; illustrative ones stand apart at the end."""
    cards = {card.id for card in atlas.cards}
    for outcome in OUTCOMES:
        mine = [
            row
            for row in atlas.candidates.rows
            if row.outcome == outcome and row.tier != "illustrative"
        ]
        title = words.say(
            "candidates.count",
            outcome=words.say(f"candidates.outcome.{outcome}"),
            count=str(len(mine)),
        )
        rows = tuple(_set_row(row, atlas, cards, words) for row in mine)
        if rows:
            yield Group(title, rows, outcome in FOLDED)
    apart = [row for row in atlas.candidates.rows if row.tier == "illustrative"]
    if apart:
        rows = tuple(_set_row(row, atlas, cards, words) for row in apart)
        yield Group(words.say("candidates.apart"), rows, True)


def _set_row(row: Candidate, atlas: Atlas, cards: set[str], words: Words) -> VerdictRow:
    names = dict(atlas.names)
    cells = tuple(say_verdict(judged, names, words) for judged in row.judged)
    return VerdictRow(row.id, words.name(row.names), cells, row.id in cards)


def _list_cards(atlas: Atlas, words: Words) -> Iterable[CardPart]:
    order = sorted(
        atlas.cards, key=lambda card: (CARD_TIERS.index(card.tier), words.name(card.names))
    )
    for card in order:
        sections = build_sections(card, words)
        yield CardPart(
            id=card.id,
            name=words.name(card.names),
            tier=words.say(f"card.tier.{card.tier}"),
            careful=card.tier != "modelled",
            findings=say_findings(card, words),
            sections=tuple(part for part in sections if part.key != "sources"),
        )


def collect_sources(atlas: Atlas) -> dict[str, Source]:
    """Collect every source of the page, assumptions first."""
    known = dict(atlas.candidates.sources)
    for card in atlas.cards:
        known |= card.sources
    return dict(sorted(known.items(), key=lambda item: (item[1].kind != "assumption", item[0])))


def _list_sources(known: dict[str, Source], words: Words) -> Iterable[SourceRow]:
    for name, source in known.items():
        url = (
            source.url if source.url and urlsplit(source.url).scheme in {"http", "https"} else None
        )
        yield SourceRow(
            id=name,
            title=tell_text(source.title, words.lang),
            publisher=tell_text(source.publisher or "", words.lang) or None,
            licence=source.licence,
            note=tell_text(source.note or "", words.lang) or None,
            url=url,
            kind=words.say(f"card.kind.{source.kind}"),
            grade=source.grade,
            vintage=str(source.vintage or source.published or "–"),
        )
