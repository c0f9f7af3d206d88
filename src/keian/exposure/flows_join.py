"""Joins flows of several years into one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keian.core import InputError, Problem, digest_json, join_labels
from keian.economy.nouns import IntArray
from keian.exposure.flows import Flows


def join_flows(parts: Sequence[Flows]) -> Flows:
    """Join flows; years may not overlap and the nomenclature must be the same.

    Raises
    ------
    InputError
        Nothing to join, years that stand in two parts, or several nomenclatures.
    """
    if len(parts) == 1:
        return parts[0]
    _check(parts)
    countries = tuple(sorted({name for part in parts for name in part.countries}))
    products = tuple(sorted({name for part in parts for name in part.products}))
    return Flows(
        year=np.concatenate([part.year for part in parts]),
        exporter=np.concatenate([_turn(p.exporter, p.countries, countries) for p in parts]),
        importer=np.concatenate([_turn(p.importer, p.countries, countries) for p in parts]),
        product=np.concatenate([_turn(p.product, p.products, products) for p in parts]),
        value_kusd=np.concatenate([part.value_kusd for part in parts]),
        quantity_t=np.concatenate([part.quantity_t for part in parts]),
        countries=countries,
        products=products,
        nomenclature=parts[0].nomenclature,
        provisional=frozenset(year for part in parts for year in part.provisional),
        remarks=tuple(remark for part in parts for remark in part.remarks),
        sources=tuple(dict.fromkeys(s for part in parts for s in part.sources)),
        label=join_labels(*(part.label for part in parts)),
        digest=digest_json([part.digest for part in parts]),
    )


def select_year(flows: Flows, year: int) -> Flows:
    """Select the flows of one year."""
    if set(np.unique(flows.year).tolist()) == {year}:
        return flows
    rows = flows.year == year
    return replace(
        flows,
        year=flows.year[rows],
        exporter=flows.exporter[rows],
        importer=flows.importer[rows],
        product=flows.product[rows],
        value_kusd=flows.value_kusd[rows],
        quantity_t=flows.quantity_t[rows],
        provisional=flows.provisional & {year},
    )


def _check(parts: Sequence[Flows]) -> None:
    kinds = sorted({part.nomenclature for part in parts})
    years = [int(year) for part in parts for year in np.unique(part.year)]
    twice = sorted({year for year in years if years.count(year) > 1})
    problems = []
    if not parts:
        problems.append(Problem("flows", "no file", "at least one", "name a file"))
    if len(kinds) > 1:
        fix = "convert all years to one edition of the nomenclature first"
        problems.append(Problem("flows", ", ".join(kinds), "one nomenclature", fix))
    if twice:
        found = f"{', '.join(map(str, twice))} in two files"
        problems.append(Problem("flows", found, "each year once", "leave one of them out"))
    if problems:
        raise InputError(problems)


def _turn(places: IntArray, names: Sequence[str], ordered: Sequence[str]) -> IntArray:
    where = {name: at for at, name in enumerate(ordered)}
    return np.array([where[name] for name in names], dtype=np.int32)[places]
