"""What an economy tells a network of firms: the table it is drawn from, and traits by industry."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keian.core import Source
from keian.crisis.firm_rules import FirmRules, FirmTraits, assume_traits
from keian.economy import Economy
from keian.network import FirmNetwork, IndustryTable

ROUNDING = 1e-9  # of output; a table's rows close to this


def make_industry_table(economy: Economy, regions: int) -> IndustryTable:
    """Make the table of the home country's own flows; purchases from abroad are no links.

    Parameters
    ----------
    economy : its home units become the industries.
    regions : number of regions; their shares fall as 1 / rank, the same in every industry. A
        labelled assumption: the economy has no regional table.
    """
    home = _find_home(economy)
    x = economy.x[home]
    Z = np.maximum(economy.Z[np.ix_(home, home)], 0.0)
    over = Z.sum(axis=1) / x
    # rows of the table close to rounding only
    Z = Z / np.where((over > 1.0) & (over < 1.0 + ROUNDING), over, 1.0)[:, None]
    shares = 1.0 / np.arange(1, regions + 1)
    where = Source(
        id="a-regions",
        title="Shares of regions fall as one over their rank, the same in every industry",
        kind="assumption",
    )
    table = Source(
        id="industry-table",
        title=f"Home flows of the world table of {economy.name}, {economy.year}",
        locator=f"economy {economy.digest[:12]}",
        vintage=str(economy.year),
        kind="published",
    )
    return IndustryTable(
        name=economy.name,
        currency=economy.currency,
        year=economy.year,
        products=tuple(economy.units[i] for i in home),
        Z=Z,
        x=x,
        regions=tuple(f"R{k + 1}" for k in range(regions)),
        shares=np.tile(shares / shares.sum(), (home.size, 1)),
        sources=(table, where),
        label=economy.label,
    )


def _find_home(economy: Economy) -> npt.NDArray[np.int64]:
    """Number the units of the home country that exist."""
    home = economy.unit_region == economy.regions.index(economy.home)
    return np.flatnonzero(home & ~economy.masked)


def make_traits(
    economy: Economy,
    network: FirmNetwork,
    rules: FirmRules,
    *,
    rated: npt.NDArray[np.float64] | None = None,
) -> FirmTraits:
    """Make traits of a network whose products are units of the economy; others keep the rules'.

    `rated` (P, n) is the criticality of products by unit where it is not the economy's: beside a
    world, a critical good limits its users itself, and its parent product less or not at all.

    Cover of a firm is the mean over its industry's inputs, weighted by purchases. Products of
    essential services are not stocked, and their makers are served first where classes are.
    """
    traits = assume_traits(len(network.products), rules)
    units = {name: at for at, name in enumerate(economy.units)}
    known = [k for k, name in enumerate(network.products) if name in units]
    unit = np.array([units[network.products[k]] for k in known], np.int64)
    place = np.array(known, np.int64)
    product = economy.unit_product[unit]
    bought = np.zeros((len(economy.products), unit.size))
    np.add.at(bought, economy.unit_product, economy.Z[:, unit])
    weights = bought / np.maximum(bought.sum(axis=0), np.finfo(float).tiny)
    cover, vital, added = traits.cover_days.copy(), traits.vital_share.copy(), traits.value_added
    cover[place] = (economy.cover_days[:, unit] * weights).sum(axis=0)
    vital[place] = economy.vital_share[product]
    added = added.copy()
    added[place] = economy.v[unit]
    criticality = traits.criticality.copy()
    criticality[np.ix_(place, place)] = (economy.criticality if rated is None else rated)[product][
        :, unit
    ]
    served = {s.provider for s in economy.services if s.tier == "modelled"}
    stocked = np.array([name not in served for name in network.products])
    priority = np.where(stocked, 1, 0).astype(np.uint8)  # makers of essential services first
    sources = (*rules.sources, economy.digest[:12])
    return FirmTraits(cover, vital, criticality, stocked, added, priority, sources)
