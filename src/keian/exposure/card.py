"""A profile card: everything known of one good in one place, and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from keian.core import Label, Labelled, Names, Source, Triple
from keian.exposure.power_view import PowerInWorld, PowerOfOrigin, PowerPair
from keian.exposure.subjects import SubjectTier
from keian.exposure.technologies import TechnologyLink
from keian.exposure.trade_view import TradeView

Gap = Literal[
    "no_trade", "no_value", "no_tonnes", "no_shares", "no_stocks", "no_uses", "no_substitutes", "one_year",
    "broad_table", "no_exports", "no_stress", "no_power",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Designation:
    """The entry that designates a good on a day; None of it = not designated then."""

    entry: str
    names: Names
    since: date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcedShare:
    """One origin's share of national supply as sources give it."""

    origin: str
    names: Names
    share: Triple
    grade: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """A pool in days of national use; `usable_days` is what of it can be drawn."""

    id: str
    names: Names
    owner: str
    quantity_days: Triple
    usable_days: float
    legal_basis: str | None
    assumed: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """Days of cover and, over the share lost with the first foreign supplier, days to survive.

    low, mode, high : days of cover, users' own stocks counted.
    assumed_days : how much of `mode` rests on assumptions alone.
    survive : days until stocks are gone without `lost`; None = nothing is lost.
    """

    stocks: tuple[Stock, ...]
    users_days: float
    users_sources: tuple[str, ...]
    assumed_days: float
    low: float
    mode: float
    high: float
    lost: str | None
    lost_names: Names | None
    lost_share: float | None
    survive_low: float | None
    survive: float | None
    survive_high: float | None


@dataclass(frozen=True, slots=True)
class Use:
    """A user of the good, what of its output stops without it, and what could replace it."""

    unit: str
    names: Names
    use_share: Triple
    exposed_share: Triple
    own_stock_days: Triple
    substitute_days: Triple | None
    substitute_share: Triple | None
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choke:
    """A node, or two, whose loss is judged; days are None where nothing replaces or runs out."""

    kind: str
    node: str
    names: Names
    second: str | None
    second_names: Names | None
    loss_share: float
    loss_share_low: float
    loss_share_high: float
    survive_days: float | None
    replacement_days: float | None
    replaced_by: str
    grade: str


@dataclass(frozen=True, slots=True)
class Through:
    """What an industry's inputs rest on abroad: shares of its inputs, table of `year`."""

    unit: str
    names: Names
    makes: bool  # it makes the good's kind of product at home; else it uses the good
    face: float
    look_through: float
    hidden_ratio: float | None
    year: int


@dataclass(frozen=True, slots=True)
class StressTest:
    """A scenario that touches the good, the share of supply it takes, and how to run it."""

    scenario: str
    names: Names
    low: float
    mode: float
    high: float
    command: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything known of one good; empty tuples and None are told as gaps, never as zero.

    pairs, world : power by heading, from trade of `power_year`.   origins : by sourced supply.
    country : whose dependence it is.   sources : by id, in the order of the card.   year : of the trade figures.   on : day of the designation.
    """

    id: str
    names: Names
    tier: SubjectTier
    country: str
    country_names: Names
    year: int
    on: date
    designation: Designation | None
    codes: tuple[str, ...]
    trade: tuple[TradeView, ...]
    shares: tuple[SourcedShare, ...]
    home_share: float | None
    power_year: int | None
    pairs: tuple[PowerPair, ...]
    world: tuple[PowerInWorld, ...]
    origins: tuple[PowerOfOrigin, ...]
    through: tuple[Through, ...]
    cover: Cover | None
    uses: tuple[Use, ...]
    chokes: tuple[Choke, ...]
    stress: tuple[StressTest, ...]
    technologies: tuple[TechnologyLink, ...]
    gaps: tuple[Gap, ...]
    missing: tuple[Names, ...]
    note: Names | None
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


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards of several goods; one that a viewer may not see can be taken out."""

    cards: tuple[Card, ...]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """Give the cards by id."""
        return {card.id: card for card in self.cards}

    def without(self, names: Collection[str]) -> Self:
        """Take cards out."""
        left = tuple(card for card in self.cards if card.id not in set(names))
        return type(self)(left, self.label)
