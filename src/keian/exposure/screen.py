"""Screen: every product of a panel in one year, by value and by quantity, with stability."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from keian.core import InputError, Label, Labelled, Problem
from keian.economy.nouns import BoolArray, FloatArray, IntArray
from keian.exposure.criteria import Criteria, Criterion, calc_lasting, calc_margin, judge
from keian.exposure.governance import calc_import_risk
from keian.exposure.measures import (
    Basis,
    Measures,
    calc_known_share,
    calc_trade_exposure,
    measure,
)
from keian.exposure.panel import Panel
from keian.exposure.ranks import calc_ranks, resample_years, spread_ranks
from keian.share import raise_to_floor

if TYPE_CHECKING:
    import pandas as pd

    from keian.exposure.riskiness import Riskiness

BASES: tuple[Basis, ...] = ("value", "quantity")
CONCENTRATED = "geodep"  # its first limit is the one at which value and quantity are compared


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Products of one importer in one year, most concentrated first.

    table : one row a product (schema/screen.csv).
    verdicts : one row a product, criterion and basis (schema/verdicts.csv).
    goods : critical goods by sourced supply lines (schema/goods_screen.csv); None = not asked.
    provisional : the year is likely to be revised.
    label : at least the floor of what ranks weak points.
    """

    importer: str
    year: int
    provisional: bool
    table: pd.DataFrame
    verdicts: pd.DataFrame
    panel: Panel
    criteria: Criteria
    sources: tuple[str, ...]
    label: Label
    goods: pd.DataFrame | None = None

    def parts(self) -> Mapping[str, Labelled]:
        """A screen is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the screen itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a screen has no part {min(names)!r}")
        return self


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    panel: Panel
    criteria: Criteria
    at: int  # place of the year
    by: dict[Basis, Measures]
    noise: BoolArray  # (years, products)
    known_share: FloatArray


def find_year(panel: Panel, year: int | None) -> int:
    """Find the year to screen: the one asked for, else the last that is not provisional.

    Raises
    ------
    InputError
        The panel does not hold the year.
    """
    if year is None:
        settled = [y for y in panel.years if y not in panel.provisional]
        return settled[-1] if settled else panel.years[-1]
    if year not in panel.years:
        wanted = f"a year from {panel.years[0]} to {panel.years[-1]}"
        raise InputError([Problem("year", str(year), wanted, "choose one of them")])
    return year


def screen(
    panel: Panel,
    criteria: Criteria,
    *,
    year: int | None = None,
    governance: Mapping[tuple[str, int], float] | None = None,
    riskiness: Riskiness | None = None,
) -> Screen:
    """Screen every product of a panel.

    Parameters
    ----------
    year : year judged; by default the last that is not provisional.
    governance : instability 0-1 by country and year, for the GeoPolRisk import risk.
    riskiness : network riskiness of the year's products.

    Raises
    ------
    InputError
        The panel does not hold the year.
    """
    chosen = find_year(panel, year)
    by: dict[Basis, Measures] = {basis: measure(panel, basis) for basis in BASES}
    value = by["value"].bought
    work = _Work(
        panel=panel,
        criteria=criteria,
        at=panel.years.index(chosen),
        by=by,
        noise=value < criteria.noise_floor_kusd.value,  # a missing value is not noise
        known_share=calc_known_share(panel),
    )
    verdicts = _list_verdicts(work)
    table = _list_products(work, verdicts, governance or {}, riskiness)
    order = {code: place for place, code in enumerate(table["product"])}
    verdicts = verdicts.sort_values(
        "product", key=lambda column: column.map(order), kind="stable", ignore_index=True
    )
    cited = [*panel.sources, *(s for c in criteria.criteria for s in c.sources)]
    cited += [s for score in criteria.scores for s in score.sources]
    cited += [setting.source for setting in _list_settings(criteria)]
    return Screen(
        importer=panel.importer,
        year=chosen,
        provisional=chosen in panel.provisional,
        table=table,
        verdicts=verdicts[verdicts["product"].isin(table["product"])].reset_index(drop=True),
        panel=panel,
        criteria=criteria,
        sources=tuple(dict.fromkeys(cited)),
        label=raise_to_floor(panel.label),
    )


def _list_settings(criteria: Criteria) -> Sequence[Any]:
    return (
        criteria.noise_floor_kusd,
        criteria.quantity_known_share,
        criteria.provisional_years,
        criteria.hubs,
        criteria.rank_draws,
    )


def cut_window(values: FloatArray, years: Sequence[int], year: int, count: int) -> FloatArray:
    """Cut the `count` consecutive years up to `year`; a year the panel lacks is missing.

    Returns
    -------
    (count, products) float
    """
    window = np.full((count, values.shape[1]), np.nan)
    for place, wanted in enumerate(range(year - count + 1, year + 1)):
        if wanted in years:
            window[place] = values[years.index(wanted)]
    return window


def _list_verdicts(work: _Work) -> pd.DataFrame:
    """List one row a product, criterion and basis."""
    import pandas as pd

    parts = [
        _judge_criterion(work, criterion, basis)
        for criterion in work.criteria.criteria
        for basis in BASES
    ]
    return pd.concat(parts, ignore_index=True)


def _judge_criterion(work: _Work, criterion: Criterion, basis: Basis) -> pd.DataFrame:
    import pandas as pd

    measures = work.by[basis].by_name
    met = judge(criterion, measures)
    met[work.noise] = np.nan
    if basis == "quantity":
        met[work.known_share < work.criteria.quantity_known_share.value] = np.nan
    margin = np.where(np.isnan(met), np.nan, calc_margin(criterion, measures))[work.at]
    window, year = work.criteria.window, work.panel.years[work.at]
    short = cut_window(met, work.panel.years, year, window.years)
    long = cut_window(met, work.panel.years, year, window.long)
    seen = (~np.isnan(long)).sum(axis=0)
    flagged = np.nansum(long, axis=0)
    same = ((flagged == 0) | (flagged == seen)).astype(float)
    lasting = calc_lasting(short, window.years, window.least)
    return pd.DataFrame(
        {
            "product": work.panel.products,
            "criterion": criterion.id,
            "basis": basis,
            "verdict": np.where(
                work.noise[work.at], np.nan, lasting if criterion.lasting else met[work.at]
            ),
            "met": met[work.at],
            "margin": margin,
            "lasting": np.where(work.noise[work.at], np.nan, lasting),
            "years_seen_count": seen,
            "years_flagged_count": flagged.astype(int),
            "stable": np.where(seen >= window.least, same, np.nan),
        }
    )


def _list_products(
    work: _Work,
    verdicts: pd.DataFrame,
    governance: Mapping[tuple[str, int], float],
    riskiness: Riskiness | None,
) -> pd.DataFrame:
    """List one row a product, most concentrated first; products without imports are left out."""
    import pandas as pd

    value, tonnes, at = work.by["value"], work.by["quantity"], work.at
    panel = work.panel
    hhi = np.where(work.noise, np.nan, value.imports.hhi)
    rule, window = work.criteria.rank_draws, work.criteria.window
    years = cut_window(hhi, panel.years, panel.years[at], window.long)
    low, high = spread_ranks(resample_years(years, rule), rule)
    mine = verdicts[verdicts["basis"] == "value"].groupby("product")
    risk = calc_import_risk(panel, panel.years[at], governance)
    frame = pd.DataFrame(
        {
            "product": panel.products,
            "name_en": [panel.product_names[code].en for code in panel.products],
            "name_ja": [panel.product_names[code].ja for code in panel.products],
            "imports_kusd": value.bought[at],
            "imports_t": tonnes.bought[at],
            "quantity_known_share": work.known_share[at],
            "suppliers_count": np.maximum(value.imports.count[at], tonnes.imports.count[at]),
            **_tell_top(panel, value, "value", at),
            **_tell_top(panel, tonnes, "quantity", at),
            "disagree": _compare(work),
            "hub": _find_hubs(work),
            "world_hhi": value.world.hhi[at],
            "world_top": _name(panel, value.world.top[at]),
            "exports_kusd": value.sold[at],
            "export_share": np.nan_to_num(value.sold[at]) / value.world.total[at],
            "import_export_ratio": value.by_name["import_export_ratio"][at],
            "trade_exposure": calc_trade_exposure(panel)[at],
            "import_risk": risk,
            **_tell_riskiness(panel, riskiness),
            "rank": calc_ranks(hhi[at]),
            "rank_low": low,
            "rank_high": high,
            "flags_count": _count(mine["verdict"].sum(), panel.products),
            "stable_count": _count(mine["lasting"].sum(), panel.products),
            "unstable_count": _count(
                verdicts[(verdicts["basis"] == "value") & (verdicts["stable"] == 0)]
                .groupby("product")
                .size(),
                panel.products,
            ),
            "noise": work.noise[at],
        }
    )
    there = frame["suppliers_count"] > 0
    order = ["rank", "hhi_quantity", "product"]
    return frame[there].sort_values(
        order, ascending=[True, False, True], na_position="last", ignore_index=True
    )


def _count(sums: pd.Series[Any], products: Sequence[str]) -> IntArray:
    return sums.reindex(list(products)).fillna(0).to_numpy().astype(np.int32)


def _tell_top(panel: Panel, found: Measures, basis: Basis, at: int) -> dict[str, Any]:
    return {
        f"top_{basis}": _name(panel, found.imports.top[at]),
        f"top_share_{basis}": found.imports.top_share[at],
        f"hhi_{basis}": found.imports.hhi[at],
    }


def _name(panel: Panel, places: IntArray) -> list[str | None]:
    return [panel.countries[place] if place >= 0 else None for place in places.tolist()]


def _compare(work: _Work) -> list[str | None]:
    """Say where value and tonnes disagree; None where tonnes are not known well enough."""
    first = next(c for c in work.criteria.criteria if c.id == CONCENTRATED).tests[0]
    at, value, tonnes = work.at, work.by["value"].imports, work.by["quantity"].imports
    told: list[str | None] = []
    for place in range(len(work.panel.products)):
        if not work.known_share[at, place] >= work.criteria.quantity_known_share.value:
            told.append(None)
            continue
        parts = []
        if value.top[at, place] != tonnes.top[at, place]:
            parts.append("top")
        if (value.hhi[at, place] > first.limit) != (tonnes.hhi[at, place] > first.limit):
            parts.append("hhi")
        told.append(" ".join(parts) or "none")
    return told


def _find_hubs(work: _Work) -> list[str | None]:
    names = _name(work.panel, work.by["value"].imports.top[work.at])
    return [name if name in work.criteria.hubs.countries else None for name in names]


def _tell_riskiness(panel: Panel, riskiness: Riskiness | None) -> dict[str, FloatArray]:
    """Give the columns of riskiness in the panel's order; missing where it was not measured."""
    columns = ("mean", "worst", "rank_low", "rank_high")
    told = {f"riskiness_{name}": np.full(len(panel.products), np.nan) for name in columns}
    if riskiness is None:
        return told
    place = {code: at for at, code in enumerate(panel.products)}
    for number, code in enumerate(riskiness.products):
        if code in place:
            for name in columns:
                told[f"riskiness_{name}"][place[code]] = getattr(riskiness, name)[number]
    return told
