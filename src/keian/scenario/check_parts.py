"""Checks that a loss of plant or staff in an area, or of one kind of contract, has figures to act on."""

from __future__ import annotations

from collections.abc import Iterator

from keian.core import Problem
from keian.economy.nouns import Economy
from keian.scenario.check_values import Place
from keian.scenario.nouns import CapacityLoss, Scenario, WorkforceLoss
from keian.scenario.parts import has_contracts, list_area_units


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
        if isinstance(shock, WorkforceLoss) and shock.contract != "all":
            for unit in named:
                if not has_contracts(economy, unit):
                    yield Problem(
                        where=place.where(("shocks", index, "contract")),
                        found=f"{shock.contract!r} at {unit!r}, whose contracts are missing",
                        wanted="a unit whose shares of contracts are known",
                        fix="strike all contracts, or add the shares to the workforce table",
                    )
