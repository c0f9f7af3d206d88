"""Measures that the criteria compare with their limits, by year and product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from keian.economy.nouns import FloatArray
from keian.exposure.concentration import Concentration, calc_ratio
from keian.exposure.panel import Panel, concentrate, sum_side

Basis = Literal["value", "quantity"]
NO_EXPORTS = 9999.0  # the ratio that GeoDep writes where a country exports nothing (2024)


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What is measured on one basis, every array (years, products); NaN = missing.

    by_name : arrays by the names that criteria use.
    imports, world : concentration of suppliers and of the world's exporters.
    bought, sold : imports and exports, thousand USD or tonnes.
    """

    basis: Basis
    by_name: dict[str, FloatArray]
    imports: Concentration
    world: Concentration
    bought: FloatArray
    sold: FloatArray


def measure(panel: Panel, basis: Basis) -> Measures:
    """Measure a panel by value or by quantity.

    By quantity, partners whose tonnes are missing are left out of the shares; how much value they
    stand for is said beside it (`calc_known_share`).
    """
    sides = (panel.imports, panel.exports, panel.world)
    amounts = [side.value_kusd if basis == "value" else side.quantity_t for side in sides]
    imports = concentrate(panel, panel.imports, amounts[0])
    world = concentrate(panel, panel.world, amounts[2])
    bought = sum_side(panel, panel.imports, amounts[0])
    sold = sum_side(panel, panel.exports, amounts[1])
    by_name = {
        "import_hhi": imports.hhi,
        "import_top_share": imports.top_share,
        "world_export_hhi": world.hhi,
        "world_top_share": world.top_share,
        "import_export_ratio": calc_ratio(bought, sold, none_lower=NO_EXPORTS),
        "import_trade_share": calc_ratio(bought, bought + np.nan_to_num(sold)),
        "import_reliance": calc_reliance(panel),
    }
    return Measures(basis, by_name, imports, world, bought, sold)


def calc_reliance(panel: Panel) -> FloatArray:
    """Calculate imports over apparent consumption, M / (Q + M - X), in tonnes.

    Missing without home production: an unknown output is not taken as nothing.
    """
    bought, sold = _tonnes(panel)
    return calc_ratio(bought, panel.production_t + bought - sold)


def calc_trade_exposure(panel: Panel) -> FloatArray:
    """Calculate net import reliance (M - X) / (Q + M - X), cut to 0-1, in tonnes.

    Source
    ------
    Nassar et al. 2020 (USGS), trade exposure; the cut is from memory, to be verified.
    """
    bought, sold = _tonnes(panel)
    net = bought - sold
    used = panel.production_t + net
    exposure = calc_ratio(np.clip(net, 0, None), used)
    return np.clip(exposure, 0, 1)


def calc_known_share(panel: Panel) -> FloatArray:
    """Calculate the share of the import value whose tonnes are known; NaN without a value."""
    value = sum_side(panel, panel.imports, panel.imports.value_kusd)
    bare = sum_side(panel, panel.imports, panel.imports.bare_kusd)
    return 1 - calc_ratio(bare, value)


def _tonnes(panel: Panel) -> tuple[FloatArray, FloatArray]:
    bought = sum_side(panel, panel.imports, panel.imports.quantity_t)
    sold = np.nan_to_num(sum_side(panel, panel.exports, panel.exports.quantity_t))
    return bought, sold
