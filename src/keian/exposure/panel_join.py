"""Joins a user's flows with the shipped panel: theirs stand where they have any, and it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from keian.core import InputError, Names, Problem, digest_json
from keian.economy.nouns import BoolArray, FloatArray, IntArray
from keian.exposure.flows import Flows, Remark
from keian.exposure.panel import Panel, Side, take_panel


@dataclass(frozen=True, slots=True, eq=False)
class _Axes:
    years: tuple[int, ...]
    products: tuple[str, ...]
    countries: tuple[str, ...]


def join_panel(
    panel: Panel,
    flows: Flows,
    names: Mapping[str, Names],
    country_names: Mapping[str, Names],
    files: Sequence[str] = (),
) -> Panel:
    """Join a user's flows with a panel of the same country and edition of the headings.

    Where the user's file has a product in a year, its rows take the place of the panel's: imports
    for imports, exports for exports, each year and product as a whole, so that two sources are never
    added up. What other countries sell to all is taken over for years in which the file holds trade
    between third countries; else the panel's stands, and in new years it is missing.

    Parameters
    ----------
    files : names of the user's files, for the remarks and the sources.

    Raises
    ------
    InputError
        Another edition of the headings, or the country is not in the flows.
    """
    if flows.nomenclature != panel.nomenclature:
        raise InputError([_tell_edition(panel, flows, files)])
    own = take_panel(flows, panel.importer, names, country_names)
    axes = _list_axes(panel, own)
    told: list[Remark] = []
    imports = _join_side(panel, own, panel.imports, own.imports, axes, told)
    exports = _join_side(panel, own, panel.exports, own.exports, axes, told)
    joined = len(own.imports.year) + len(own.exports.year)
    value = np.nansum(own.imports.value_kusd) + np.nansum(own.exports.value_kusd)
    remarks = (
        *panel.remarks,
        *own.remarks,
        Remark("joined", joined, float(value), True, tuple(files)),
        *_sum_replaced(told),
    )
    return replace(
        panel,
        years=axes.years,
        products=axes.products,
        product_names={**own.product_names, **panel.product_names},
        countries=axes.countries,
        country_names={**own.country_names, **panel.country_names},
        imports=imports,
        exports=exports,
        world=_join_side(panel, own, panel.world, _take_world(flows, own), axes, []),
        production_t=_widen(panel, axes),
        provisional=panel.provisional | own.provisional,
        remarks=remarks,
        sources=tuple(dict.fromkeys((*panel.sources, *own.sources, *files))),
        label=panel.label.join(own.label),
        digest=digest_json([panel.digest, own.digest]),
    )


def find_worldwide(flows: Flows, home: str) -> frozenset[int]:
    """Find the years in which flows between third countries are there too."""
    if home not in flows.countries:
        return frozenset(int(year) for year in np.unique(flows.year))
    at = flows.countries.index(home)
    third = (flows.exporter != at) & (flows.importer != at)
    return frozenset(int(year) for year in np.unique(flows.year[third]))


def _tell_edition(panel: Panel, flows: Flows, files: Sequence[str]) -> Problem:
    return Problem(
        ", ".join(files) or "flows",
        flows.nomenclature,
        f"{panel.nomenclature}, as the shipped panel",
        "turn the file into that edition with `keian exposure read --correspondence FILE`, "
        "or screen it alone with `keian exposure screen --flows FILE`",
    )


def _list_axes(panel: Panel, own: Panel) -> _Axes:
    """List years, products and countries of both; crops, which have no number, stay behind."""
    added = set(own.products) - set(panel.products)
    headings = sorted({p for p in panel.products if p.isdigit()} | added)
    crops = [p for p in panel.products if not p.isdigit()]
    return _Axes(
        tuple(sorted({*panel.years, *own.years})),
        (*headings, *crops),
        tuple(sorted({*panel.countries, *own.countries})),
    )


def _take_world(flows: Flows, own: Panel) -> Side:
    """Take the world's exports of the years in which the file knows them."""
    known = find_worldwide(flows, own.importer)
    return _keep(own.world, np.isin(np.array(own.years)[own.world.year], list(known)))


def _join_side(
    panel: Panel, own: Panel, shipped: Side, mine: Side, axes: _Axes, told: list[Remark]
) -> Side:
    """Join one side; the shipped rows of a year and product that the user has are left out."""
    left, right = _turn(panel, shipped, axes), _turn(own, mine, axes)
    cells = len(axes.products)
    taken = np.isin(left.year * cells + left.product, right.year * cells + right.product)
    if taken.any():
        value = float(np.nansum(left.value_kusd[taken]))
        told.append(Remark("replaced", int(taken.sum()), value, False))
    kept = _keep(left, ~taken)
    columns = (field.name for field in fields(Side))
    return Side(*(np.concatenate([getattr(kept, c), getattr(right, c)]) for c in columns))


def _keep(side: Side, rows: BoolArray) -> Side:
    return Side(*(getattr(side, field.name)[rows] for field in fields(Side)))


def _turn(panel: Panel, side: Side, axes: _Axes) -> Side:
    """Turn the places of a side into those of the joined lists."""
    return replace(
        side,
        year=_place(panel.years, axes.years)[side.year],
        product=_place(panel.products, axes.products)[side.product],
        partner=_place(panel.countries, axes.countries)[side.partner],
    )


def _place(names: Sequence[object], ordered: Sequence[object]) -> IntArray:
    where = {name: at for at, name in enumerate(ordered)}
    return np.array([where[name] for name in names], dtype=np.int32)


def _widen(panel: Panel, axes: _Axes) -> FloatArray:
    """Widen home output to the joined years and products; what is new is missing."""
    wide = np.full((len(axes.years), len(axes.products)), np.nan)
    rows, columns = _place(panel.years, axes.years), _place(panel.products, axes.products)
    wide[np.ix_(rows, columns)] = panel.production_t
    return wide


def _sum_replaced(told: Sequence[Remark]) -> tuple[Remark, ...]:
    if not told:
        return ()
    count = sum(remark.count for remark in told)
    return (Remark("replaced", count, sum(remark.value_kusd for remark in told), False),)
