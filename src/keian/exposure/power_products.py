"""Power by product: what one country's stop of one product costs another's bundle, both ways.

The bundle is a country's imports of one product: home output of it is not in trade figures, so the loss
is one of the import bundle, not of output, and too large where much is made at home.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from keian.core import InputError, Label, Labelled, Names, Problem
from keian.economy.nouns import BoolArray, FloatArray
from keian.exposure.complexity import calc_rca
from keian.exposure.criteria import Criteria
from keian.exposure.flows import Flows
from keian.exposure.power import calc_cutoff_loss, load_elasticities
from keian.share import raise_to_floor

if TYPE_CHECKING:
    import pandas as pd

LEAST_SHARE = 0.01  # of imports; partners below it on both sides are left out of the pairs
ENDS = ("low", "mode", "high")


@dataclass(frozen=True, slots=True, eq=False)
class PowerOfProducts:
    """Cut-off losses by product between home and every partner, in one year.

    pairs : one row a product and partner (schema/power_pairs.csv), most leverage over home first.
    products : one row a product (schema/power_products.csv): the world's dependence on home.
    """

    home: str
    year: int
    provisional: bool
    allies: tuple[str, ...]
    pairs: pd.DataFrame
    products: pd.DataFrame
    names: Mapping[str, Names]
    sources: tuple[str, ...]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """The tables belong together: one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the tables themselves: they have no parts to take out."""
        if names:
            raise KeyError(f"power has no part {min(names)!r}")
        return self


def weigh_products(
    flows: Flows,
    home: str,
    names: Mapping[str, Names],
    criteria: Criteria,
    *,
    allies: Sequence[str] = (),
) -> PowerOfProducts:
    """Weigh, product by product, what home and each partner can do by withholding it.

    Parameters
    ----------
    flows : between all countries, of one year.
    home : country in `flows`.
    names : of products and countries.
    criteria : the noise floor, and the hubs that pass on what others made.
    allies : countries that withhold together with home; their shares sum before the logarithm.

    Raises
    ------
    InputError
        Home or an ally is not in the flows, or they hold several years.
    """
    _check(flows, home, allies)
    trade = _spread(flows)
    bought = trade.sum(axis=0)  # (countries, products), MUSD/year of imports
    at = flows.countries.index(home)
    floor = criteria.noise_floor_kusd.value
    into = np.where(bought >= floor, bought, np.nan)
    hurt = np.divide(trade[:, at], into[at], where=into[at] > 0, out=np.full(into.shape, np.nan))
    reach = np.divide(trade[at], into, where=into > 0, out=np.full(into.shape, np.nan))
    pairs = _list_pairs(flows, at, hurt, reach, criteria)
    return PowerOfProducts(
        home=home,
        year=int(flows.year[0]),
        provisional=int(flows.year[0]) in flows.provisional,
        allies=tuple(allies),
        pairs=pairs,
        products=_list_products(flows, trade, at, allies, floor),
        names={code: names[code] for code in (*flows.countries, *flows.products) if code in names},
        sources=(
            *flows.sources,
            "clayton-maggiori-schreger",
            "a-substitution-elasticity",
            "a-greatest-share",
            "a-noise-floor",
            "atlas-complexity",
        ),
        label=raise_to_floor(flows.label),
    )


def take_year(flows: Flows, year: int) -> Flows:
    """Take one year out of flows."""
    there = flows.year == year
    columns = ("year", "exporter", "importer", "product", "value_kusd", "quantity_t")
    return replace(flows, **{name: getattr(flows, name)[there] for name in columns})


def _check(flows: Flows, home: str, allies: Sequence[str]) -> None:
    wanted = f"a country such as {', '.join(flows.countries[:5])}"
    asked = [("--importer", home), *(("--with", ally) for ally in allies)]
    problems = [
        Problem(option, repr(name), wanted, "correct it")
        for option, name in asked
        if name not in flows.countries
    ]
    if home in allies:
        problems.append(Problem("--with", repr(home), "another country than home", "leave it out"))
    years = np.unique(flows.year).tolist()
    if len(years) != 1:
        found = f"{len(years)} years"
        problems.append(Problem("flows", found, "flows of one year", "name one with --year"))
    if problems:
        raise InputError(problems)


def _spread(flows: Flows) -> FloatArray:
    """Spread flows over (exporter, importer, product), thousand USD; a missing value adds nothing."""
    countries, products = len(flows.countries), len(flows.products)
    cell = (flows.exporter.astype(np.int64) * countries + flows.importer) * products + flows.product
    value = np.nan_to_num(flows.value_kusd, nan=0.0)
    trade = np.bincount(cell, weights=value, minlength=countries * countries * products)
    spread: FloatArray = trade.astype(np.float64).reshape(countries, countries, products)
    return spread


def _lose(share: FloatArray, end: str) -> FloatArray:
    """Loss of a bundle; `end` is that of the loss, so the other one of the elasticity."""
    rule = load_elasticities()
    sigma = getattr(rule.goods, {"low": "high", "mode": "mode", "high": "low"}[end])
    return calc_cutoff_loss(np.minimum(share, rule.greatest_share.value), np.array(sigma))


def _list_pairs(
    flows: Flows, at: int, hurt: FloatArray, reach: FloatArray, criteria: Criteria
) -> pd.DataFrame:
    """List partners of each product, `hurt` and `reach` being their and home's shares (c, p)."""
    import pandas as pd

    most = np.fmax(np.nan_to_num(hurt), np.nan_to_num(reach))
    most[at] = 0.0
    partner, product = np.nonzero(most >= LEAST_SHARE)
    home_share, its_share = hurt[partner, product], reach[partner, product]
    frame = pd.DataFrame({
        "product": [flows.products[p] for p in product.tolist()],
        "heading": [flows.products[p] for p in product.tolist()],
        "partner": [flows.countries[c] for c in partner.tolist()],
        "share_of_home": home_share,
        **{f"loss_to_home{_end(e)}": _lose(home_share, e) for e in ENDS},
        "share_of_it": its_share,
        **{f"loss_to_it{_end(e)}": _lose(its_share, e) for e in ENDS},
        "net_leverage": _lose(its_share, "mode") - _lose(home_share, "mode"),
        "partner_is_hub": [flows.countries[c] in criteria.hubs.countries for c in partner.tolist()],
    })  # fmt: skip
    return frame.sort_values(
        ["loss_to_home", "product", "partner"], ascending=[False, True, True], ignore_index=True
    )


def _end(end: str) -> str:
    return "" if end == "mode" else f"_{end}"


def _list_products(
    flows: Flows, trade: FloatArray, at: int, allies: Sequence[str], floor: float
) -> pd.DataFrame:
    """List what the rest of the world would lose of each product that home withholds."""
    import pandas as pd

    sold = trade.sum(axis=1)  # (countries, products)
    world = sold.sum(axis=0)
    known = world >= floor
    team = np.zeros(len(flows.countries), dtype=np.bool_)
    team[[at, *(flows.countries.index(ally) for ally in allies)]] = True
    alone = _share_abroad(trade, np.arange(team.size) == at)
    single = [
        _lose(_share_abroad(trade, np.arange(team.size) == c, team), "mode")
        for c in np.flatnonzero(team)
    ]
    together = _lose(_share_abroad(trade, team), "mode")
    apart = np.sum(single, axis=0)
    rank = 1 + (sold > sold[at]).sum(axis=0)
    frame = pd.DataFrame({
        "product": flows.products,
        "heading": flows.products,
        "world_share": np.where(known, sold[at] / np.where(known, world, 1.0), np.nan),
        "world_rank": np.where(known & (sold[at] > 0), rank, np.nan),
        "rca_within": np.where(known, calc_rca(sold)[at], np.nan),
        **{f"loss_to_world{_end(e)}": np.where(known, _lose(alone, e), np.nan) for e in ENDS},
        "coalition_loss": np.where(known & bool(allies), together, np.nan),
        "coalition_premium": np.where(
            known & bool(allies) & (apart > 0), together / np.where(apart > 0, apart, 1.0), np.nan
        ),
    })  # fmt: skip
    return frame.sort_values(
        ["loss_to_world", "product"], ascending=[False, True], ignore_index=True,
        na_position="last",
    )  # fmt: skip


def _share_abroad(
    trade: FloatArray, members: BoolArray, outside: BoolArray | None = None
) -> FloatArray:
    """Share of members in what all others buy of each product; `outside` also do not count as buyers."""
    buyers = ~(members if outside is None else outside)
    whole = trade[:, buyers].sum(axis=(0, 1))
    cut = trade[members][:, buyers].sum(axis=(0, 1))
    share: FloatArray = np.divide(cut, whole, out=np.zeros(whole.shape), where=whole > 0)
    return share
