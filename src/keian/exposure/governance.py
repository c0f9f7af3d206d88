"""Risk arithmetic with governance scores: GeoPolRisk, EU critical raw materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keian.core import read_table
from keian.economy.nouns import FloatArray
from keian.exposure.concentration import sum_by
from keian.exposure.panel import Panel

HERE = Path(__file__).parent
END = 2.5  # the scale of the governance estimates (World Bank, source wgi-political-stability)
CRITICAL_SR, CRITICAL_EI = (
    1.0,
    2.8,
)  # EU methodology 2017 as applied 2020 and 2023 (source eu-crm-2017)


def load_governance(
    path: Path = HERE / "data/trade/governance.csv",
) -> dict[tuple[str, int], float]:
    """Load political instability by country and year, 0 = steadiest, 1 = least steady.

    The published estimate rises with stability and lies around -2.5 to 2.5; it is turned and spread
    over 0-1, what lies beyond is cut, as GeoPolRisk does.
    """
    frame = read_table(path, HERE / "schema/governance.csv").frame
    spread = np.clip((END - frame["estimate"].to_numpy(dtype=float)) / (2 * END), 0, 1)
    keys = zip(frame["iso3"].tolist(), frame["year"].tolist(), strict=True)
    return dict(zip(keys, spread.tolist(), strict=True))


def calc_import_risk(
    panel: Panel, year: int, governance: Mapping[tuple[str, int], float]
) -> FloatArray:
    """Calculate the GeoPolRisk import risk of each product with home output taken as nothing.

    Missing where the tonnes of a partner without score are more than a tenth.

    Source
    ------
    GeoPolRisk (JOSS 09600): sum of instability times imports over output and imports.
    """
    side, products = panel.imports, len(panel.products)
    scores = np.array([governance.get((name, year), np.nan) for name in panel.countries])
    now = (side.year == panel.years.index(year)) & (side.quantity_t > 0)
    product, tonnes = side.product[now], side.quantity_t[now]
    score = scores[side.partner[now]]
    scored = ~np.isnan(score)
    total = sum_by(product, tonnes, products)
    known = sum_by(product[scored], tonnes[scored], products)
    risk = sum_by(product[scored], (tonnes * score)[scored], products)
    fit = (total > 0) & (known >= LEAST_SCORED * total)
    shares: FloatArray = np.divide(risk, known, out=np.full(products, np.nan), where=fit)
    return shares


LEAST_SCORED = 0.9  # share of the tonnes whose origin has a score (source a-quantity-known)


@dataclass(frozen=True, slots=True)
class GeoPolRisk:
    """The steps of the method. `factor` is the midpoint over that of copper."""

    import_risk: float
    score: float
    midpoint: float
    factor: float


def calc_geopolrisk(
    world_hhi: float,
    weighted_imports_t: float,
    imports_t: float,
    production_t: float,
    price_usd_per_kg: float,
    copper_midpoint: float,
) -> GeoPolRisk:
    """Calculate the supply risk of a material to an importer.

    Parameters
    ----------
    world_hhi : concentration of world production, 0 to 1 (totals dropped first).
    weighted_imports_t : imports times the instability of their origin, summed, t.
    imports_t, production_t : imports and home output, t, of the same form of the material.
    price_usd_per_kg : mean import price.
    copper_midpoint : midpoint of copper, the unit of the factor.

    Source
    ------
    GeoPolRisk, JOSS 09600.

    Examples
    --------
    >>> round(calc_geopolrisk(0.25, 20.0, 50.0, 50.0, 2.0, 0.5).score, 3)
    0.05
    """
    risk = weighted_imports_t / (production_t + imports_t)
    score = world_hhi * risk
    midpoint = score * price_usd_per_kg
    return GeoPolRisk(risk, score, midpoint, midpoint / copper_midpoint)


def calc_governed_hhi(
    share: FloatArray, governance: FloatArray, trade: FloatArray | float = 1.0
) -> float:
    """Calculate the concentration of supply weighted by governance and trade: sum S^2 WGI t.

    Parameters
    ----------
    share : (n,) share of supply, 0 to 1.
    governance : (n,) 0 to 10, higher = worse.
    trade : (n,) above 1 for export taxes, quotas and bans, below 1 for agreements.
    """
    return float(np.sum(share**2 * governance * trade))


def calc_supply_risk(
    global_hhi: float, own_hhi: float, import_reliance: float, recycling: float, substitution: float
) -> float:
    """Calculate the EU's supply risk SR of a critical raw material at one stage.

    Parameters
    ----------
    global_hhi, own_hhi : governed concentration of world supply and of the importer's own sourcing.
    import_reliance : net imports over apparent consumption, 0 to 1.
    recycling : end-of-life recycling input rate, 0 to 1.
    substitution : substitution index of supply risk, 0 to 1.

    Source
    ------
    European Commission 2017, methodology for the list of critical raw materials.

    Examples
    --------
    >>> round(calc_supply_risk(4.0, 2.5, 0.8, 0.10, 0.9), 3)
    2.511
    """
    half = import_reliance / 2
    mixed = global_hhi * half + own_hhi * (1 - half)
    return mixed * (1 - recycling) * substitution


def calc_economic_importance(
    use_share: FloatArray, value_added: FloatArray, substitution: float
) -> float:
    """Calculate the EU's economic importance EI.

    Parameters
    ----------
    use_share : (s,) share of end use in each sector.
    value_added : (s,) value added of the sectors, scaled so that the largest is 10.
    substitution : substitution index of economic importance, 0 to 1.
    """
    return float(np.sum(use_share * value_added) * substitution)


def is_critical(supply_risk: float, economic_importance: float) -> bool:
    """Tell whether both thresholds of the EU list are reached."""
    return supply_risk >= CRITICAL_SR and economic_importance >= CRITICAL_EI
