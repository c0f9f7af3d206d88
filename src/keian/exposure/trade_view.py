"""One product of a screen as a card shows it: suppliers, flags, place in world exports, years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keian.core import Names
from keian.economy.nouns import FloatArray
from keian.exposure.measures import Basis
from keian.exposure.panel import Panel, Side
from keian.exposure.screen import BASES, Screen

MOST_SUPPLIERS = 5


@dataclass(frozen=True, slots=True)
class Supplier:
    """A country's share of imports by value and by tonnes; None = missing."""

    country: str
    names: Names
    value_share: float | None
    quantity_share: float | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A criterion's verdict on one basis; `margin` is the distance to the limit, above 0 = met.

    verdict : True, False, or None where nothing can be said.   stable : same in every year seen.
    """

    criterion: str
    names: Names
    basis: Basis
    verdict: bool | None
    margin: float | None
    years_flagged_count: int
    years_seen_count: int
    stable: bool | None


@dataclass(frozen=True, slots=True)
class ExportPlace:
    """The country's share of world exports and its rank; no rank where it exports nothing."""

    basis: Basis
    share: float | None
    rank: int | None
    exporters_count: int


@dataclass(frozen=True, slots=True)
class ShareYears:
    """One supplier's share of imports by year, by value and by tonnes; None = missing."""

    country: str
    names: Names
    years: tuple[int, ...]
    value_share: tuple[float | None, ...]
    quantity_share: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class TradeView:
    """Imports of one product in one year and the verdicts on them; None = missing.

    disagree : what value and tonnes tell differently: "top", "hhi", both, "none".
    hub : the first supplier, where it is known to pass on what others made.
    """

    product: str
    names: Names
    year: int
    provisional: bool
    imports_kusd: float | None
    imports_t: float | None
    known_share: float | None
    hhi_value: float | None
    hhi_quantity: float | None
    disagree: str | None
    hub: Names | None
    rank: float | None
    rank_low: float | None
    rank_high: float | None
    products_count: int
    world_top: Names | None
    world_top_share: float | None
    suppliers: tuple[Supplier, ...]
    flags: tuple[Flag, ...]
    exports: tuple[ExportPlace, ...]
    series: ShareYears | None

    def find_flags(self, criterion: str) -> tuple[Flag, ...]:
        """Find the flags of a criterion: by value, by tonnes."""
        return tuple(flag for flag in self.flags if flag.criterion == criterion)


def know(value: Any) -> float | None:  # noqa: ANN401 - cells of frames and arrays
    """Turn NaN into None: missing stays missing in JSON too."""
    return None if value is None or math.isnan(value) else float(value)


def view_trade(found: Screen, product: str) -> TradeView | None:
    """View one product of a screen; None = not imported in the year, or not in the panel."""
    rows = found.table[found.table["product"] == product]
    if rows.empty:
        return None
    row, panel = rows.iloc[0], found.panel
    suppliers = list_suppliers(panel, product, found.year)
    first = suppliers[0].country if suppliers else None
    return TradeView(
        product=product,
        names=panel.product_names[product],
        year=found.year,
        provisional=found.provisional,
        imports_kusd=know(row["imports_kusd"]),
        imports_t=know(row["imports_t"]),
        known_share=know(row["quantity_known_share"]),
        hhi_value=know(row["hhi_value"]),
        hhi_quantity=know(row["hhi_quantity"]),
        disagree=_text(row["disagree"]),
        hub=_name(panel, row["hub"]),
        rank=know(row["rank"]),
        rank_low=know(row["rank_low"]),
        rank_high=know(row["rank_high"]),
        products_count=int(found.table["rank"].notna().sum()),
        world_top=_name(panel, row["world_top"]),
        world_top_share=_find_world_top(panel, product, found.year),
        suppliers=suppliers[:MOST_SUPPLIERS],
        flags=_list_flags(found, product),
        exports=tuple(find_place(panel, product, found.year, basis) for basis in BASES),
        series=list_years(panel, product, first) if first else None,
    )


def list_suppliers(panel: Panel, product: str, year: int) -> tuple[Supplier, ...]:
    """List every supplier of a product, the greatest by value first, else by tonnes."""
    shares = {basis: _share(panel, panel.imports, product, year, basis) for basis in BASES}
    leading = shares["value"] if np.nansum(shares["value"]) > 0 else shares["quantity"]
    order = np.argsort(-np.nan_to_num(leading), kind="stable")
    any_share = np.nan_to_num(shares["value"]) + np.nan_to_num(shares["quantity"])
    return tuple(
        Supplier(
            panel.countries[place],
            panel.country_names[panel.countries[place]],
            know(shares["value"][place]),
            know(shares["quantity"][place]),
        )
        for place in order.tolist()
        if any_share[place] > 0
    )


def list_years(panel: Panel, product: str, country: str) -> ShareYears:
    """List a supplier's share of imports of a product by year.

    Years before a country reports anything of its own (it was part of a larger unit) are missing.
    """
    place = panel.countries.index(country)
    reported = panel.world.year[panel.world.partner == place]
    first = panel.years[int(reported.min())] if len(reported) else panel.years[0]
    shares = {
        basis: tuple(
            know(_share(panel, panel.imports, product, year, basis)[place])
            if year >= first
            else None
            for year in panel.years
        )
        for basis in BASES
    }
    return ShareYears(
        country, panel.country_names[country], panel.years, shares["value"], shares["quantity"]
    )


def find_place(panel: Panel, product: str, year: int, basis: Basis) -> ExportPlace:
    """Find the country's share and rank among the world's exporters of a product."""
    shares = _share(panel, panel.world, product, year, basis)
    exporters = int((np.nan_to_num(shares) > 0).sum())
    if not exporters:
        return ExportPlace(basis, None, None, 0)
    home = panel.countries.index(panel.importer) if panel.importer in panel.countries else None
    mine = 0.0 if home is None else float(np.nan_to_num(shares)[home])
    rank = 1 + int((np.nan_to_num(shares) > mine).sum()) if mine > 0 else None
    return ExportPlace(basis, mine, rank, exporters)


def _find_world_top(panel: Panel, product: str, year: int) -> float | None:
    for basis in BASES:
        shares = np.nan_to_num(_share(panel, panel.world, product, year, basis))
        if shares.sum() > 0:
            return float(shares.max())
    return None


def _share(panel: Panel, side: Side, product: str, year: int, basis: Basis) -> FloatArray:
    """Share each partner's amount of one product in one year: (countries,); NaN = missing."""
    at = panel.products.index(product)
    rows = (side.product == at) & (side.year == panel.years.index(year))
    amount = (side.value_kusd if basis == "value" else side.quantity_t)[rows]
    shares = np.full(len(panel.countries), np.nan)
    total = np.nansum(amount)
    if total > 0:
        shares[side.partner[rows]] = amount / total
        shares[np.setdiff1d(np.arange(len(shares)), side.partner[rows])] = 0.0
    return shares


def _list_flags(found: Screen, product: str) -> tuple[Flag, ...]:
    mine = found.verdicts[found.verdicts["product"] == product]
    names = {c.id: c.names for c in found.criteria.criteria}
    columns: Sequence[list[Any]] = [
        mine[key].tolist()
        for key in (
            "criterion", "basis", "verdict", "margin", "years_flagged_count",
            "years_seen_count", "stable",
        )
    ]  # fmt: skip
    return tuple(
        Flag(key, names[key], basis, _tell(verdict), know(margin), flagged, seen, _tell(stable))
        for key, basis, verdict, margin, flagged, seen, stable in zip(*columns, strict=True)
    )


def _tell(value: float) -> bool | None:
    return None if math.isnan(value) else value == 1


def _text(value: Any) -> str | None:  # noqa: ANN401 - cells of a frame
    return value if isinstance(value, str) else None


def _name(panel: Panel, code: Any) -> Names | None:  # noqa: ANN401 - cells of a frame
    return panel.country_names[code] if isinstance(code, str) else None
