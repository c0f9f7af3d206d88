"""Arrays of the parameters that no statistic gives: cover, vital share, rerouting, sea."""

from __future__ import annotations

import numpy as np

from keian.core import InputError, Problem
from keian.economy.forms import ByProduct, CoverForm, Parameters
from keian.economy.nouns import BoolArray, FloatArray, IntArray
from keian.economy.world_table import WorldTable, calc_mean_lag


def check_parameters(parameters: Parameters, table: WorldTable) -> list[Problem]:
    """List products, units and the home region that the table does not have."""
    named: list[tuple[str, str, tuple[str, ...]]] = [
        ("home", parameters.home, table.regions),
        *(("moves_by_sea", p, table.products) for p in parameters.moves_by_sea.products),
        *(("cover.rules", rule.product, table.products) for rule in parameters.cover.rules),
        *(("cover.rules", u, table.units) for rule in parameters.cover.rules for u in rule.units),
    ]
    for key in ("vital_share", "reroute_share", "reroute_days"):
        lines: tuple[ByProduct, ...] = getattr(parameters, key)
        named += [(key, p, table.products) for line in lines for p in line.products]
    return [
        Problem(
            where=f"parameters.yaml: {key}",
            found=name,
            wanted="an id of the table",
            fix="take ids from table/units.csv, table/regions.csv or table/industries.csv",
        )
        for key, name, known in named
        if name not in known
    ]


def spread_by_product(
    lines: tuple[ByProduct, ...], products: tuple[str, ...], default: float
) -> FloatArray:
    """Spread values over products; a product that stands twice is an error.

    Returns
    -------
    (P,) float.
    """
    values = np.full(len(products), default)
    seen: set[str] = set()
    for line in lines:
        for product in line.products:
            if product in seen:
                raise InputError(
                    [
                        Problem(
                            where="parameters.yaml",
                            found=f"{product} twice",
                            wanted="one value a product",
                            fix="keep one line",
                        )
                    ]
                )
            seen.add(product)
            values[products.index(product)] = line.value
    values.setflags(write=False)
    return values


def calc_cover(table: WorldTable, form: CoverForm, lag_days: IntArray) -> FloatArray:
    """Calculate days of input cover n by product and unit.

    The survey gives inventories of inputs in days of the user's whole output; only goods are held,
    so they last longer by output over purchases of goods, and services have the least cover. Rules
    replace single cells; nothing falls below the least: a fixed number of days or a share of the
    mean days on the way.

    Parameters
    ----------
    lag_days : (R, R) int, days, origin by destination

    Returns
    -------
    (P, n) float, days.
    """
    held = mark_products(table.products, form.held_products)
    bought = table.Z[held[table.unit_product]].sum(axis=0)
    share = np.divide(bought, table.x, out=np.ones_like(table.x), where=table.x > 0)
    days = table.inventory_days / np.clip(share, form.least_goods_share.value, 1.0)
    cover: FloatArray = np.outer(held, days)
    place = {unit: at for at, unit in enumerate(table.units)}
    for rule in form.rules:
        cover[table.products.index(rule.product), [place[unit] for unit in rule.units]] = rule.days
    lag = calc_mean_lag(table, table.unit_product, table.unit_region, lag_days)
    least = np.maximum(form.least_days.value, lag * form.least_lag_share.value)
    cover = np.maximum(cover, least)
    cover.setflags(write=False)
    return cover


def mark_products(products: tuple[str, ...], marked: tuple[str, ...]) -> BoolArray:
    """Mark products.

    Returns
    -------
    (P,) bool.
    """
    flags = np.isin(np.array(products), np.array(marked))
    flags.setflags(write=False)
    return flags


def list_assumptions(parameters: Parameters) -> dict[str, str]:
    """List the assumption behind each array of parameters."""
    return {
        "cover_days": parameters.cover.source,
        "lag_days": parameters.lag_source,
        "criticality": "a-criticality-japan",
        "vital_share": parameters.vital_share[0].source,
        "reroute_share": parameters.reroute_share[0].source,
        "reroute_days": parameters.reroute_days_default.source,
        "moves_by_sea": parameters.moves_by_sea.source,
        "country_region": "a-country-regions",
    }
