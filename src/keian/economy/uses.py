"""Uses of goods: one rule for the exposed share, a line per reason, a use per unit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keian.core import InputError, Problem, Triple, load_document
from keian.economy.forms import UseFile, UseForm
from keian.economy.goods import scale_triple
from keian.economy.nouns import Good, GoodUse
from keian.economy.world_table import WorldTable, calc_purchases


def load_uses(path: Path, goods: tuple[Good, ...], table: WorldTable) -> tuple[GoodUse, ...]:
    """Load uses.yaml and give one use per good and unit.

    Parameters
    ----------
    path
        uses.yaml.
    goods
        Goods that uses may name.
    table
        World table: ratings of the parent product and purchases that split a line.

    Raises
    ------
    InputError
        A good or unit is unknown, or a rating of 0 would make a use that does nothing; all at once.
    """
    by_id = {good.id: good for good in goods}
    problems: list[Problem] = []
    uses: list[GoodUse] = []
    for number, form in enumerate(load_document(path, UseFile).uses):
        where = f"goods/{path.name}: uses[{number}] ({form.good})"
        found = _check_form(form, by_id, table, where)
        problems += found
        if not found:
            uses += expand_use(form, by_id[form.good], table)
    if problems:
        raise InputError(problems)
    return tuple(uses)


def expand_use(form: UseForm, good: Good, table: WorldTable) -> list[GoodUse]:
    """Expand one line: exposed share = rating of the parent input x share of output using it.

    A line with several units splits its share of national use by their purchases of the parent
    product; the other figures hold for each unit.
    """
    at = [table.units.index(unit) for unit in form.units]
    bought = calc_purchases(table, good.parent_product)[at]
    even = np.full(len(at), 1.0 / len(at))
    parts = bought / bought.sum() if bought.sum() > 0 else even
    return [
        GoodUse(
            good=form.good,
            unit=unit,
            exposed_share=_cap(scale_triple(form.output_share, _rate(form, good, table, place))),
            use_share=scale_triple(form.use_share, float(part)),
            carries_parent=form.carries_parent,
            cover_days=form.cover_days,
            floor_share=form.floor_share,
            group=form.group,
            substitute_days=form.substitute_days,
            substitute_share=form.substitute_share,
            why=form.why if form.rating is None else f"{form.why} {form.rating.why}.",
            sources=tuple(
                dict.fromkeys(
                    (*form.sources, *((form.rating.source,) if form.rating else (RATING,)))
                )
            ),
        )
        for unit, place, part in zip(form.units, at, parts, strict=True)
    ]


RATING = "ihs-critical-inputs"


def _rate(form: UseForm, good: Good, table: WorldTable, unit: int) -> float:
    """Find the rating of the parent product for a unit: the form's own, else the survey's."""
    if form.rating is not None:
        return form.rating.value
    return float(table.criticality[table.products.index(good.parent_product), unit])


def _check_form(
    form: UseForm, goods: dict[str, Good], table: WorldTable, where: str
) -> list[Problem]:
    """List what is wrong with one line."""
    if form.good not in goods:
        fix = "name a good of the folder goods"
        return [Problem(where=where, found=form.good, wanted="a known good", fix=fix)]
    unknown = [unit for unit in form.units if unit not in table.units]
    if unknown:
        fix = "take ids from table/units.csv, e.g. JPN.c8"
        return [Problem(where=where, found=str(unknown), wanted="known units", fix=fix)]
    good = goods[form.good]
    if good.parent_product not in table.products:
        fix = "take a product of table/industries.csv that has units"
        return [Problem(where=where, found=good.parent_product, wanted="a product", fix=fix)]
    return [
        Problem(
            where=where,
            found=f"rating 0 of {good.parent_product} for {unit}",
            wanted="a rating above 0",
            fix="give `rating` with value, source and why, or leave the use out",
        )
        for unit in form.units
        if _rate(form, good, table, table.units.index(unit)) <= 0
    ]


def _cap(triple: Triple) -> Triple:
    """Cap a share at 1."""
    return triple.model_copy(
        update={
            "low": min(1.0, triple.low),
            "mode": min(1.0, triple.mode),
            "high": min(1.0, triple.high),
        }
    )
