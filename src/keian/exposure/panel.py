"""Panel: one country's trade by year, product and partner, with the world's exports beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import numpy as np

from keian.core import CLEAR, InputError, Label, Labelled, Names, Problem, digest_files
from keian.economy.frames import read_frame
from keian.economy.nouns import FloatArray, IntArray
from keian.exposure.concentration import (
    Concentration,
    Places,
    calc_concentration,
    sum_by,
    sum_known,
)
from keian.exposure.flows import Flows, Remark

if TYPE_CHECKING:
    import pandas as pd

    from keian.exposure.criteria import Criteria

TRADE = Path(__file__).parents[1] / "economy" / "data" / "japan" / "trade"
HEADINGS = Path(__file__).parent / "data" / "trade" / "headings.parquet"
FILES = MappingProxyType(
    {
        "imports": ("imports_jpn.parquet", "exporter"),
        "exports": ("exports_jpn.parquet", "importer"),
        "world": ("world_exports.parquet", "exporter"),
    }
)
NUMBERS = ("value_kusd", "quantity_t", "value_without_quantity_kusd")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a country's trade: rows of year, product and partner, each triple once.

    year : (n,) place in the panel's years.   product, partner : (n,) place in its lists.
    value_kusd : (n,) thousand USD.   quantity_t : (n,) tonnes, NaN = missing.
    bare_kusd : (n,) value of the flows that have no quantity.
    """

    year: IntArray
    product: IntArray
    partner: IntArray
    value_kusd: FloatArray
    quantity_t: FloatArray
    bare_kusd: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Trade of one country; `world` holds every country's exports to all.

    production_t : (year, product) home output in tonnes, NaN = missing.
    missing : what no figure is there for, in words.
    """

    importer: str
    years: tuple[int, ...]
    products: tuple[str, ...]
    product_names: Mapping[str, Names]
    countries: tuple[str, ...]
    country_names: Mapping[str, Names]
    imports: Side
    exports: Side
    world: Side
    production_t: FloatArray
    nomenclature: str
    provisional: frozenset[int]
    remarks: tuple[Remark, ...]
    sources: tuple[str, ...]
    label: Label
    digest: str

    def parts(self) -> Mapping[str, Labelled]:
        """A panel is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the panel itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a panel has no part {min(names)!r}")
        return self

    @property
    def shape(self) -> tuple[int, int]:
        """Years by products."""
        return len(self.years), len(self.products)


def concentrate(panel: Panel, side: Side, amount: FloatArray) -> Concentration:
    """Calculate the concentration of one side by year and product.

    Parameters
    ----------
    amount : (n,) value or quantity of the side's rows.

    Returns
    -------
    Concentration
        Its arrays have the shape (years, products).
    """
    years, products = panel.shape
    cell = side.year * products + side.product
    flat = calc_concentration(cell, side.partner, amount, years * products)
    shape = (years, products)
    return Concentration(
        flat.total.reshape(shape),
        flat.hhi.reshape(shape),
        flat.top.reshape(shape),
        flat.top_share.reshape(shape),
        flat.count.reshape(shape),
    )


def sum_side(panel: Panel, side: Side, amount: FloatArray) -> FloatArray:
    """Sum one side by year and product: (years, products); NaN where nothing is known."""
    years, products = panel.shape
    cell = side.year * products + side.product
    return sum_known(cell, amount, years * products).reshape(years, products)


def load_panel(criteria: Criteria, folder: Path = TRADE) -> Panel:
    """Load the shipped panel of Japan: 74 raw materials 1995-2024 and four crops of 2022.

    Crops have tonnes only; their value is missing, not zero.
    """
    frames = {key: read_frame_of(folder / file, partner) for key, (file, partner) in FILES.items()}
    crops = read_frame(folder / "crops_jpn.csv", "crops_trade")
    world = read_frame(folder / "crops_world_exports.csv", "crops_exports")
    into = crops[crops["importer"] == "JPN"].rename(columns={"exporter": "partner"})
    out_of = crops[crops["exporter"] == "JPN"].rename(columns={"importer": "partner"})
    grown = {"imports": into, "exports": out_of, "world": world.rename(columns=_PARTNER)}
    lists = _list_axes(frames, grown)
    sides = {key: _join(frames[key], grown[key], lists) for key in frames}
    names = {
        code: Names(en=en, ja=ja)
        for code, en, ja in _read_product_names(folder / "products.csv", lists[1])
    }
    countries = read_frame(folder / "countries.csv")
    return Panel(
        importer="JPN",
        years=lists[0],
        products=lists[1],
        product_names=names,
        countries=lists[2],
        country_names=name_countries(countries, lists[2]),
        imports=sides["imports"],
        exports=sides["exports"],
        world=sides["world"],
        production_t=_read_harvest(folder / "crops_production.csv", lists),
        nomenclature="HS92",
        provisional=frozenset(criteria.provisional_years.years) & frozenset(lists[0]),
        remarks=(),
        sources=("baci-hs92", "faostat-tm-2022", "faostat-qcl-2022"),
        label=CLEAR,
        digest=digest_files(sorted(folder.glob("*.*"))),
    )


_PARTNER = MappingProxyType({"exporter": "partner"})
CROP_YEAR = 2022  # year of the FAOSTAT tables shipped
CROP_NAMES = MappingProxyType(
    {
        "wheat": ("Wheat", "小麦"),
        "maize": ("Maize", "とうもろこし"),
        "soya_beans": ("Soya beans", "大豆"),
        "rice": ("Rice", "米"),
    }
)
Axes = tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]


def read_frame_of(path: Path, partner: str) -> pd.DataFrame:
    """Read one Parquet file of the panel, written by keian's own build and pinned in its manifest."""
    import pandas as pd

    frame = pd.read_parquet(path).rename(columns={partner: "partner"})
    return frame.astype({"product": str, "partner": str, **dict.fromkeys(NUMBERS, float)})


def name_countries(frame: pd.DataFrame, countries: Sequence[str]) -> dict[str, Names]:
    """Name countries in both languages; one that nobody knows keeps its code."""
    known = {
        iso: Names(en=en, ja=ja)
        for iso, en, ja in zip(frame["iso3"], frame["name_en"], frame["name_ja"], strict=True)
    }
    return {code: known.get(code, Names(en=code, ja=code)) for code in countries}


def take_panel(
    flows: Flows, importer: str, names: Mapping[str, Names], country_names: Mapping[str, Names]
) -> Panel:
    """Take one country's panel out of flows between all countries.

    Raises
    ------
    InputError
        The country is not in the flows.
    """
    if importer not in flows.countries:
        near = ", ".join(flows.countries[:5])
        problem = Problem("importer", repr(importer), f"a country such as {near}", "correct it")
        raise InputError([problem])
    return next(iter(take_panels(flows, [importer], names, country_names)))


def take_panels(
    flows: Flows,
    importers: Sequence[str],
    names: Mapping[str, Names],
    country_names: Mapping[str, Names],
) -> Iterator[Panel]:
    """Take the panels of several countries, sorting the flows once; the world's side is shared."""
    years = tuple(int(y) for y in np.unique(flows.year))
    place = np.searchsorted(np.array(years, dtype=np.int16), flows.year).astype(np.int32)
    world = sum_world(flows, place)
    many = len(importers) > 1
    bought, sold = (
        _find_rows(column, len(flows.countries), many=many)
        for column in (flows.importer, flows.exporter)
    )
    for importer in importers:
        home = flows.countries.index(importer)
        yield Panel(
            importer=importer,
            years=years,
            products=flows.products,
            product_names=_name_all(flows.products, names),
            countries=flows.countries,
            country_names=_name_all(flows.countries, country_names),
            imports=_take_side(flows, place, flows.exporter, bought(home)),
            exports=_take_side(flows, place, flows.importer, sold(home)),
            world=world,
            production_t=np.full((len(years), len(flows.products)), np.nan),
            nomenclature=flows.nomenclature,
            provisional=flows.provisional,
            remarks=flows.remarks,
            sources=flows.sources,
            label=flows.label,
            digest=flows.digest,
        )


def _name_all(codes: Sequence[str], names: Mapping[str, Names]) -> dict[str, Names]:
    return {code: names.get(code, Names(en=code, ja=code)) for code in codes}


def _find_rows(column: IntArray, countries: int, *, many: bool) -> Callable[[int], Places]:
    """Give a function that finds the rows of a country: by one sort if many are asked for."""
    if not many:
        return lambda home: np.flatnonzero(column == home)
    order = np.argsort(column, kind="stable")
    edges = np.searchsorted(column[order], np.arange(countries + 1))
    return lambda home: order[edges[home] : edges[home + 1]]


def _take_side(flows: Flows, place: IntArray, partner: IntArray, rows: Places) -> Side:
    quantity = flows.quantity_t[rows]
    value = flows.value_kusd[rows]
    return Side(
        place[rows],
        flows.product[rows],
        partner[rows],
        value,
        quantity,
        np.where(np.isnan(quantity), value, 0.0),
    )


def sum_world(flows: Flows, place: IntArray) -> Side:
    """Sum every exporter's sales to all by year and product."""
    products, countries = len(flows.products), len(flows.countries)
    key = (place.astype(np.int64) * products + flows.product) * countries + flows.exporter
    bare = np.isnan(flows.quantity_t)
    cells = int(place.max(initial=0) + 1) * products * countries
    rows = np.bincount(key, minlength=cells)
    value = sum_known(key, flows.value_kusd, cells)
    quantity = sum_known(key, flows.quantity_t, cells)
    without = sum_by(key[bare], flows.value_kusd[bare], cells)
    there = np.flatnonzero(rows)
    left, partner = np.divmod(there, countries)
    year, product = np.divmod(left, products)
    as_index = np.int32
    return Side(
        year.astype(as_index),
        product.astype(as_index),
        partner.astype(as_index),
        value[there],
        quantity[there],
        without[there],
    )


def _list_axes(frames: Mapping[str, pd.DataFrame], crops: Mapping[str, pd.DataFrame]) -> Axes:
    years = {int(y) for frame in frames.values() for y in frame["year"].unique()} | {CROP_YEAR}
    products = {p for frame in frames.values() for p in frame["product"].unique()}
    partners = {p for frame in (*frames.values(), *crops.values()) for p in frame["partner"]}
    return tuple(sorted(years)), (*sorted(products), *CROP_NAMES), tuple(sorted(partners))


def _join(frame: pd.DataFrame, crops: pd.DataFrame, lists: Axes) -> Side:
    """Put goods and crops of one side together as numbers."""
    years, products, countries = ({name: at for at, name in enumerate(axis)} for axis in lists)
    none = np.full(len(crops), np.nan)
    columns = (
        np.concatenate([frame["year"].map(years), np.full(len(crops), years[CROP_YEAR])]),
        np.concatenate([frame["product"].map(products), crops["crop"].map(products)]),
        np.concatenate([frame["partner"].map(countries), crops["partner"].map(countries)]),
    )
    year, product, partner = (column.astype(np.int32) for column in columns)
    return Side(
        year,
        product,
        partner,
        np.concatenate([frame["value_kusd"], none]),
        np.concatenate([frame["quantity_t"], crops["tonnes"].astype(float)]),
        np.concatenate([frame["value_without_quantity_kusd"], none]),
    )


def load_product_names() -> dict[str, Names]:
    """Load names of six-digit headings: keian's own in both languages, else the official text.

    The texts are those of 2017-2022 in English; a heading of an older edition may have changed its
    scope under the same number.
    """
    import pandas as pd

    frame = pd.read_parquet(HEADINGS)
    texts = zip(frame["product"].tolist(), frame["text"].tolist(), strict=True)
    names = {code: Names(en=text, ja=text) for code, text in texts}
    own = pd.read_csv(TRADE / "products.csv", dtype=str)
    listed = zip(own["hs92"], own["name_en"], own["name_ja"], strict=True)
    return names | {code: Names(en=en, ja=ja) for code, en, ja in listed}


def _read_product_names(path: Path, products: Sequence[str]) -> list[tuple[str, str, str]]:
    import pandas as pd

    frame = pd.read_csv(path, dtype=str)
    named = {
        c: (e, j) for c, e, j in zip(frame["hs92"], frame["name_en"], frame["name_ja"], strict=True)
    }
    named |= dict(CROP_NAMES)
    return [(code, *named[code]) for code in products]


def _read_harvest(path: Path, lists: Axes) -> FloatArray:
    frame = read_frame(path)
    home = frame[frame["country"] == "JPN"]
    output = np.full((len(lists[0]), len(lists[1])), np.nan)
    year = lists[0].index(CROP_YEAR)
    for crop, tonnes in zip(home["crop"], home["traded_form_tonnes"], strict=True):
        output[year, lists[1].index(crop)] = float(tonnes)
    return output
