"""Checks that a loss of plant or staff in an area, or of one kind of contract, has figures to act on."""

from __future__ import annotations

from collections.abc import Iterator

from keian.core import Problem
from keian.economy.nouns import Economy
from keian.scenario.check_values import Place
from keian.scenario.nouns import CapacityLoss, Scenario, WorkforceLoss
from keian.scenario.parts import has_contracts, list_area_units
from keian.scenario.reach import list_units


def check_parts(scenario: Scenario, economy: Economy, place: Place) -> Iterator[Problem]:
    """Find units named one by one for which the share in the area, or of the contract, is missing.

    A pattern such as `JPN.*` takes the units that have it and leaves out the others, which
    `keian explain` tells; a unit named by itself must not drop out unsaid.
    """
    for index, shock in enumerate(scenario.shocks):
        if not isinstance(shock, CapacityLoss | WorkforceLoss):
            continue
        named = [unit for unit in shock.units if not unit.endswith(".*")]
        if shock.area is not None:
            there = list_area_units(economy, shock.area)
            for unit in named:
                if unit not in there:
                    yield Problem(
                        where=place.where(("shocks", index, "units")),
                        found=f"{unit!r}, of which no share in area {shock.area!r} is known",
                        wanted="units with a share in the area",
                        fix=f"name one of {', '.join(sorted(there))}, or add the share to the area",
                    )
        if isinstance(shock, CapacityLoss) and shock.rebuild is not None:
            yield from _check_sellers(shock, index, economy, place)
        if isinstance(shock, WorkforceLoss) and shock.contract != "all":
            for unit in named:
                if not has_contracts(economy, unit):
                    yield Problem(
                        where=place.where(("shocks", index, "contract")),
                        found=f"{shock.contract!r} at {unit!r}, whose contracts are missing",
                        wanted="a unit whose shares of contracts are known",
                        fix="strike all contracts, or add the shares to the workforce table",
                    )


def _check_sellers(
    shock: CapacityLoss, index: int, economy: Economy, place: Place
) -> Iterator[Problem]:
    """Find products that nobody sells to final users where the struck units stand."""
    regions = sorted({unit.split(".", maxsplit=1)[0] for unit in list_units(shock.units, economy)})
    for k, part in enumerate(() if shock.rebuild is None else shock.rebuild.products):
        rows = economy.unit_product == economy.products.index(part.product)
        for region in regions:
            if economy.Y[rows, economy.regions.index(region), :].sum() <= 0.0:
                yield Problem(
                    where=place.where(("shocks", index, "rebuild", "products", k, "product")),
                    found=f"{part.product!r}, of which final users in {region} buy nothing",
                    wanted="a product that final users there buy, such as construction",
                    fix="name another product",
                )
