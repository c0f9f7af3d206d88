"""An atlas: screen, candidates and cards of one country together, as its page shows them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from keian.core import Label, Labelled, Names
from keian.exposure.candidates import Candidates, find_candidates
from keian.exposure.card import Card
from keian.exposure.card_writing import write_cards
from keian.exposure.dossier import Dossier
from keian.exposure.screen import Screen
from keian.exposure.trade_view import ExportPlace, TradeView, find_place, know


@dataclass(frozen=True, slots=True)
class Spot:
    """A product between autonomy and indispensability; shares 0 to 1, None = missing.

    top_share : the first supplier's share of imports, by value, else by tonnes.
    export_share : the country's share of world exports, on the same basis.
    """

    product: str
    names: Names
    top: str | None
    top_share: float | None
    export_share: float | None
    export_rank: int | None
    imports_kusd: float | None
    by_value: bool
    disagree: bool
    noise: bool


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Everything on the page of a country's exposure."""

    country_names: Names
    found: Screen
    candidates: Candidates
    cards: tuple[Card, ...]
    spots: tuple[Spot, ...]
    names: Mapping[str, Names]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """The page is one piece: each part ranks what the others rank."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the atlas itself: it has no parts to take out."""
        if names:
            raise KeyError(f"an atlas has no part {min(names)!r}")
        return self


def draw_atlas(dossier: Dossier) -> Atlas:
    """Draw the atlas of a dossier: a card of every good, a spot of every product imported."""
    found = dossier.found
    return Atlas(
        country_names=found.panel.country_names[found.importer],
        found=found,
        candidates=find_candidates(dossier),
        cards=write_cards(dossier).cards,
        spots=list_spots(found),
        names=name_things(dossier),
        label=dossier.label,
    )


def name_things(dossier: Dossier) -> dict[str, Names]:
    """Name countries, routes and products of a dossier."""
    return {
        **dossier.found.panel.product_names,
        **dossier.found.panel.country_names,
        **dossier.economy.country_names,
        **{route.id: route.names for route in dossier.economy.routes},
    }


def list_spots(found: Screen) -> tuple[Spot, ...]:
    """List the products imported in the year, the least autonomous first."""
    spots = [_place(found, row) for row in found.table.to_dict("records")]
    return tuple(sorted(spots, key=lambda spot: (-(spot.top_share or 0.0), spot.product)))


def _place(found: Screen, row: Mapping[Hashable, Any]) -> Spot:
    by_value = know(row["top_share_value"]) is not None
    basis = "value" if by_value else "quantity"
    place: ExportPlace = find_place(
        found.panel, str(row["product"]), found.year, "value" if by_value else "quantity"
    )
    top = row[f"top_{basis}"]
    return Spot(
        product=str(row["product"]),
        names=found.panel.product_names[str(row["product"])],
        top=top if isinstance(top, str) else None,
        top_share=know(row[f"top_share_{basis}"]),
        export_share=place.share,
        export_rank=place.rank,
        imports_kusd=know(row["imports_kusd"]),
        by_value=by_value,
        disagree=row["disagree"] not in {None, "none"},
        noise=bool(row["noise"]),
    )


def find_series(cards: Collection[Card], most: int) -> tuple[TradeView, ...]:
    """Find the products of modelled goods with several years, most dependent first, each once."""
    views = {
        view.product: view
        for card in cards
        if card.tier == "modelled"
        for view in card.trade
        if view.series is not None and _count_years(view) > 1
    }
    order = sorted(views.values(), key=lambda view: (-_first_share(view), view.product))
    return tuple(order[:most])


def _count_years(view: TradeView) -> int:
    return 0 if view.series is None else sum(s is not None for s in view.series.value_share)


def _first_share(view: TradeView) -> float:
    return (view.suppliers[0].value_share or 0.0) if view.suppliers else 0.0
