"""The card of a technology: its record, and what the cards of its goods say of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from keian.core import InputError, Label, Labelled, Names, Problem, Source, Triple
from keian.exposure.card import Card
from keian.exposure.card_writing import write_card
from keian.exposure.dossier import Dossier
from keian.exposure.goods_screen import REST
from keian.exposure.technologies import LinkedGood, Technologies, Technology


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """Home's share and rank among the world's exporters of a heading, by value or else by tonnes."""

    product: str
    names: Names
    basis: str
    share: float | None
    rank: int | None
    exporters_count: int


@dataclass(frozen=True, slots=True)
class GoodFigures:
    """What is known of one good of a technology; None = missing.

    top : first foreign supplier.   of_imports : its share is of imports, not of national supply.
    substitutes_known : some user has a substitute for the good; None = no user is known.
    """

    link: LinkedGood
    designated: bool
    top: Names | None
    top_share: Triple | None
    of_imports: bool
    survive_days: float | None
    substitutes_known: bool | None
    exports: tuple[HeadingPlace, ...]


@dataclass(frozen=True, slots=True)
class TechnologyCard:
    """A technology with the figures of its goods; trade of `year`, designations of the day."""

    technology: Technology
    goods: tuple[GoodFigures, ...]
    year: int
    country_names: Mapping[str, Names]
    sources: Mapping[str, Source]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """A card is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the card itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a card has no part {min(names)!r}")
        return self


def find_technologies(names: Sequence[str], listed: Technologies) -> tuple[Technology, ...]:
    """Find technologies by id, its last word, number, or a part of a name in either language.

    Raises
    ------
    InputError
        A name stands for no technology; all such names together.
    """
    found: dict[str, Technology] = {}
    problems = []
    for name in names:
        hits = [t for t in listed.technologies if _is_named(t, name)] or [
            t
            for t in listed.technologies
            if name.casefold() in t.names.en.casefold() or name in t.names.ja
        ]
        if not hits:
            wanted = "a technology by id, number or name"
            fix = "`keian exposure technologies` lists them"
            problems.append(Problem("technology", repr(name), wanted, fix))
        found |= {hit.id: hit for hit in hits}
    if problems:
        raise InputError(problems)
    return tuple(found.values())


def _is_named(technology: Technology, name: str) -> bool:
    return name in {technology.id, technology.id.split(".")[-1], str(technology.number)}


def write_technology(
    dossier: Dossier, technology: Technology, listed: Technologies
) -> TechnologyCard:
    """Write the card of a technology from the cards of its goods.

    Parameters
    ----------
    listed : the list that the technology is of, for sources and names.
    """
    subjects = {subject.id: subject for subject in dossier.subjects}
    cards = [
        (link, write_card(dossier, subjects[link.good]))
        for link in technology.goods
        if link.good in subjects
    ]
    cited = {name: listed.sources[name] for name in technology.cited}
    for _, card in cards:
        used = {s for share in card.shares for s in share.sources}
        used |= set(dossier.found.panel.sources) if card.trade else set()
        cited |= {name: source for name, source in card.sources.items() if name in used}
    return TechnologyCard(
        technology=technology,
        goods=tuple(_tell_good(link, card) for link, card in cards),
        year=dossier.found.year,
        country_names=listed.country_names,
        sources=cited,
        label=technology.label.join(dossier.label),
    )


def _tell_good(link: LinkedGood, card: Card) -> GoodFigures:
    foreign = [s for s in card.shares if s.origin not in {card.country, REST}]
    first = foreign[0] if foreign else None
    known = None if not card.uses else any(use.substitute_days is not None for use in card.uses)
    return GoodFigures(
        link=link,
        designated=card.designation is not None,
        top=None if first is None else first.names,
        top_share=None if first is None else first.share,
        of_imports=card.tier == "registered",
        survive_days=None if card.cover is None else card.cover.survive,
        substitutes_known=known,
        exports=tuple(_tell_exports(card)),
    )


def _tell_exports(card: Card) -> list[HeadingPlace]:
    places = []
    for view in card.trade:
        known = [place for place in view.exports if place.exporters_count]
        if known:
            place = known[0]
            places.append(
                HeadingPlace(
                    view.product, view.names, place.basis, place.share, place.rank,
                    place.exporters_count,
                )
            )  # fmt: skip
    return places
