"""Builds checked flows from the columns of any trade file; lists what was met, drops nothing unsaid."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from keian.core import CLEAR, Label, digest_file
from keian.economy.frames import read_frame
from keian.economy.load import find_economy
from keian.economy.nouns import BoolArray, FloatArray, IntArray
from keian.exposure.concentration import sum_by, sum_known
from keian.exposure.criteria import load_criteria
from keian.exposure.editions import Codes
from keian.exposure.flows import Flows, Remark, RemarkKind, SmallArray

MOST_EXAMPLES = 5
# BACI and Comtrade count these with territories of theirs, under codes of their own.
M49_OWN = MappingProxyType({840: "USA", 250: "FRA", 756: "CHE", 578: "NOR", 356: "IND", 158: "TWN"})
NO_VALUE = 0.0


@dataclass(slots=True, eq=False)
class RawColumns:
    """Columns of a trade file as numbers, before any check; emptied while flows are built.

    exporter, importer, product : codes as written.   value_kusd : thousand USD.
    quantity_t : tonnes, NaN = missing.
    """

    year: SmallArray
    exporter: IntArray
    importer: IntArray
    product: IntArray
    value_kusd: FloatArray
    quantity_t: FloatArray

    def keep(self, rows: BoolArray) -> None:
        """Keep some rows, one column after the other, so that memory holds one copy only."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[rows])


@dataclass(frozen=True, slots=True)
class Layout:
    """How the codes of a file are read.

    countries : ISO 3166 alpha-3 by code.   name_product : heading of a product code.
    codes : what is known of the product codes of the nomenclature.
    """

    source: str
    nomenclature: str
    countries: Mapping[int, str]
    name_product: Callable[[int], str]
    codes: Codes
    label: Label = CLEAR


def name_heading(code: int) -> str:
    """Write a six-digit heading.

    Examples
    --------
    >>> name_heading(10121)
    '010121'
    """
    return f"{code:06d}"


def load_country_codes() -> dict[int, str]:
    """Load the numeric codes of the shipped list (UN codes as BACI uses them)."""
    frame = read_frame(find_economy("japan") / "trade" / "countries.csv").dropna(subset="code")
    return dict(zip(frame["code"].astype(int), frame["iso3"], strict=True))


def load_m49_codes() -> dict[int, str]:
    """Load the codes of the UN's standard M49, which differ from BACI's for a few countries."""
    return {**load_country_codes(), **M49_OWN}


def build_flows(
    raw: RawColumns, layout: Layout, path: Path, *, remarks: tuple[Remark, ...] = ()
) -> Flows:
    """Build flows from raw columns, which are emptied.

    Negative values and trade of a country with itself are set aside; rows that stand twice are
    added up; unknown countries keep their code and stay; a missing quantity stays missing. Each is
    listed with its count and value.
    """
    told = list(remarks)
    _set_aside(raw, layout, told)
    countries = _name_countries(raw, layout, told)
    products = _name_products(raw, layout, told)
    _add_up(raw, len(products), len(countries), told)
    told += _remark("missing_value", np.isnan(raw.value_kusd), raw.value_kusd, kept=True)
    told += _remark("missing_quantity", np.isnan(raw.quantity_t), raw.value_kusd, kept=True)
    revised = find_provisional(raw.year)
    told += _remark("provisional", np.isin(raw.year, list(revised)), raw.value_kusd, kept=True)
    return Flows(
        year=raw.year,
        exporter=raw.exporter,
        importer=raw.importer,
        product=raw.product,
        value_kusd=raw.value_kusd,
        quantity_t=raw.quantity_t,
        countries=countries,
        products=products,
        nomenclature=layout.nomenclature,
        provisional=revised,
        remarks=tuple(told),
        sources=(layout.source,),
        label=layout.label,
        digest=digest_file(path),
    )


def find_provisional(year: SmallArray) -> frozenset[int]:
    """Find the years that are likely to be revised, by the same rule as for the shipped panel."""
    return load_criteria().provisional_years.find(int(y) for y in np.unique(year))


def _set_aside(raw: RawColumns, layout: Layout, told: list[Remark]) -> None:
    """Set aside what is no flow between two countries."""
    negative = raw.value_kusd < NO_VALUE
    own = raw.exporter == raw.importer
    names = [layout.countries.get(int(c), f"?{c}") for c in np.unique(raw.exporter[own])]
    told += _remark("negative", negative, raw.value_kusd, kept=False)
    told += _remark("self_trade", own & ~negative, raw.value_kusd, kept=False, examples=names)
    bad = negative | own
    if bad.any():
        raw.keep(~bad)
    below = raw.quantity_t < 0
    if below.any():
        told += _remark(
            "odd_unit", below, raw.value_kusd, kept=True, examples=["tonnes below zero"]
        )
        raw.quantity_t[below] = np.nan


def _remark(
    kind: RemarkKind,
    rows: BoolArray,
    value: FloatArray,
    *,
    kept: bool,
    examples: list[str] | None = None,
) -> list[Remark]:
    count = int(rows.sum())
    if not count:
        return []
    return [
        Remark(
            kind,
            count,
            # of rows without any value nobody knows the sum: it is not zero
            float(np.nansum(value[rows])) if not np.isnan(value[rows]).all() else math.nan,
            kept,
            tuple((examples or [])[:MOST_EXAMPLES]),
        )
    ]


def _name_countries(raw: RawColumns, layout: Layout, told: list[Remark]) -> tuple[str, ...]:
    """Turn codes of countries into places; codes that mean the same country become one."""
    codes = np.union1d(np.unique(raw.exporter), np.unique(raw.importer))
    named = [layout.countries.get(int(code), f"?{code}") for code in codes.tolist()]
    countries = tuple(sorted(set(named)))
    place = np.array([countries.index(name) for name in named], dtype=np.int32)
    raw.exporter = place[np.searchsorted(codes, raw.exporter)]
    raw.importer = place[np.searchsorted(codes, raw.importer)]
    unknown = np.array([name.startswith("?") for name in countries], dtype=np.bool_)
    if unknown.any():
        rows = unknown[raw.exporter] | unknown[raw.importer]
        lost = [name for name in countries if name.startswith("?")]
        told += _remark("unknown_country", rows, raw.value_kusd, kept=True, examples=lost)
    return countries


def _name_products(raw: RawColumns, layout: Layout, told: list[Remark]) -> tuple[str, ...]:
    """Turn codes of products into places."""
    codes = np.unique(raw.product)
    raw.product = np.searchsorted(codes, raw.product).astype(np.int32)
    kinds: tuple[tuple[RemarkKind, BoolArray], ...] = (
        ("unknown_product", layout.codes.find_unknown(codes)),
        ("unchecked_product", layout.codes.find_unchecked(codes)),
    )
    for kind, found in kinds:
        names = [layout.name_product(int(code)) for code in codes[found][:MOST_EXAMPLES]]
        told += _remark(kind, found[raw.product], raw.value_kusd, kept=True, examples=names)
    return tuple(layout.name_product(int(code)) for code in codes.tolist())


def _add_up(raw: RawColumns, products: int, countries: int, told: list[Remark]) -> None:
    """Add up rows that stand twice; the order of rows changes only if there were any."""
    years, year = np.unique(raw.year, return_inverse=True)
    key = (year.astype(np.int64) * products + raw.product) * countries + raw.exporter
    key = key * countries + raw.importer
    del years, year
    ordered = np.sort(key)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    if not len(twice):
        return
    told += _remark("duplicate", np.isin(key, twice), raw.value_kusd, kept=True)
    groups, first, group = np.unique(key, return_index=True, return_inverse=True)
    value = sum_by(group, raw.value_kusd, len(groups))
    quantity = sum_known(group, raw.quantity_t, len(groups))
    for name in ("year", "exporter", "importer", "product"):
        setattr(raw, name, getattr(raw, name)[first])
    raw.value_kusd, raw.quantity_t = value, quantity
