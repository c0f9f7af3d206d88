"""Power by product: what one country's stop of one product costs another's bundle, both ways.

The bundle is a country's imports of one product: home output of it is not in trade figures, so the loss
is one of the import bundle, not of output, and too large where much is made at home.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

import numpy as np

from keian.core import InputError, Label, Labelled, Names, Problem
from keian.economy.nouns import BoolArray, FloatArray
from keian.exposure.complexity import calc_density, calc_proximity, calc_rca
from keian.exposure.concentration import Places
from keian.exposure.criteria import Criteria
from keian.exposure.flows import Flows
from keian.exposure.power_bundles import list_bundles
from keian.exposure.power_shares import ENDS, Shares, calc_end, name_end, share_out
from keian.share import raise_to_floor

if TYPE_CHECKING:
    import pandas as pd

LEAST_SHARE = 0.01  # of imports; partners below it on both sides are left out of the pairs
NO_OUTPUT: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class PowerOfProducts:
    """Cut-off losses by product between home and every partner, in one year.

    hubs : countries known to pass on what others made.
    pairs : one row a product and partner (schema/power_pairs.csv), most leverage over home first.
    bundles : one row a partner, over all products (schema/power_bundles.csv).
    products : one row a product (schema/power_products.csv): the world's dependence on home.
    goods : one row a good and origin (schema/power_goods.csv); None = no economy stands beside it.
    """

    home: str
    year: int
    provisional: bool
    allies: tuple[str, ...]
    hubs: tuple[str, ...]
    pairs: pd.DataFrame
    bundles: pd.DataFrame
    products: pd.DataFrame
    names: Mapping[str, Names]
    sources: tuple[str, ...]
    label: Label
    goods: pd.DataFrame | None = None

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
    output_musd: Mapping[str, float] = NO_OUTPUT,
) -> PowerOfProducts:
    """Weigh, product by product, what home and each partner can do by withholding it.

    Parameters
    ----------
    flows : between all countries, of one year.
    home : country in `flows`.
    names : of products and countries.
    criteria : the noise floor, and the hubs that pass on what others made.
    allies : countries that withhold together with home; their shares sum before the logarithm.
    output_musd : gross output of countries in the same year, for losses of output.

    Raises
    ------
    InputError
        Home or an ally is not in the flows, or they hold several years.
    """
    _check(flows, home, allies)
    at = flows.countries.index(home)
    partners = [flows.countries.index(ally) for ally in allies]
    shares = share_out(flows, at, partners, criteria.noise_floor_kusd.value)
    year = int(flows.year[0])
    return PowerOfProducts(
        home=home,
        year=year,
        provisional=year in flows.provisional,
        allies=tuple(allies),
        hubs=tuple(name for name in criteria.hubs.countries if name in flows.countries),
        pairs=_list_pairs(flows, shares, criteria),
        bundles=list_bundles(shares, flows.countries, output_musd),
        products=_list_products(flows, shares, criteria),
        names={code: names[code] for code in (*flows.countries, *flows.products) if code in names},
        sources=(
            *flows.sources,
            "clayton-maggiori-schreger",
            "a-substitution-elasticity",
            "a-greatest-share",
            "a-noise-floor",
            "a-hubs",
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


def _list_pairs(flows: Flows, shares: Shares, criteria: Criteria) -> pd.DataFrame:
    """List partners of each product where either side holds a share that counts."""
    import pandas as pd

    hurt, reach = shares.hurt, shares.reach
    most = np.fmax(np.nan_to_num(hurt), np.nan_to_num(reach[0]))
    most[shares.at] = 0.0
    partner, product = np.nonzero(most >= LEAST_SHARE)
    home_share, its_share = hurt[partner, product], reach[0][partner, product]
    joint, premium = _act_together(shares, partner, product)
    frame = pd.DataFrame({
        "product": [flows.products[p] for p in product.tolist()],
        "heading": [flows.products[p] for p in product.tolist()],
        "partner": [flows.countries[c] for c in partner.tolist()],
        "share_of_home": home_share,
        **{f"loss_to_home{name_end(e)}": calc_end(home_share, e) for e in ENDS},
        "share_of_it": its_share,
        **{f"loss_to_it{name_end(e)}": calc_end(its_share, e) for e in ENDS},
        "net_leverage": calc_end(its_share, "mode") - calc_end(home_share, "mode"),
        "coalition_loss": joint,
        "coalition_premium": premium,
        "partner_is_hub": [flows.countries[c] in criteria.hubs.countries for c in partner.tolist()],
    })  # fmt: skip
    return frame.sort_values(
        ["loss_to_home", "product", "partner"], ascending=[False, True, True], ignore_index=True
    )


def _act_together(
    shares: Shares, partner: Places, product: Places
) -> tuple[FloatArray, FloatArray]:
    """Loss of each pair's partner when all members withhold, and its premium over one by one."""
    none = np.full(len(partner), np.nan)
    if len(shares.members) == 1:
        return none, none
    outside = shares.outside[partner]
    joint = calc_end(shares.joint_reach[partner, product], "mode")
    apart = calc_end(shares.reach[:, partner, product], "mode").sum(axis=0)
    premium = np.divide(joint, apart, out=none.copy(), where=outside & (apart > 0))
    return np.where(outside, joint, np.nan), premium


def _list_products(flows: Flows, shares: Shares, criteria: Criteria) -> pd.DataFrame:
    """List what the rest of the world would lose of each product that home withholds."""
    import pandas as pd

    sold, at = shares.sold, shares.at
    world = sold.sum(axis=0)
    known = world >= shares.floor
    hubs = [k for k, name in enumerate(flows.countries) if name in criteria.hubs.countries]
    rank = 1 + (sold > sold[at]).sum(axis=0)
    joint, premium = _act_on_world(shares)
    rca = calc_rca(sold)
    has = (rca >= 1.0) & (sold >= shares.floor)
    density = calc_density(has, calc_proximity(has))

    def tell(values: FloatArray) -> FloatArray:
        return np.where(known, values, np.nan)

    frame = pd.DataFrame({
        "product": flows.products,
        "heading": flows.products,
        "world_share": tell(sold[at] / np.where(known, world, 1.0)),
        "world_rank": np.where(known & (sold[at] > 0), rank, np.nan),
        "hub_share": tell(sold[hubs].sum(axis=0) / np.where(known, world, 1.0)),
        "rca_within": tell(rca[at]),
        "nearness_within": tell(density[at]),
        "nearness_rank": tell(
            np.where(np.isnan(density[at]), np.nan, 1 + (density > density[at]).sum(axis=0))
        ),
        **{f"loss_to_world{name_end(e)}": tell(calc_end(_share_abroad(shares, (0,)), e))
           for e in ENDS},
        "coalition_loss": tell(joint),
        "coalition_premium": tell(premium),
    })  # fmt: skip
    return frame.sort_values(
        ["loss_to_world", "product"], ascending=[False, True], ignore_index=True,
        na_position="last",
    )  # fmt: skip


def _act_on_world(shares: Shares) -> tuple[FloatArray, FloatArray]:
    """Loss of all outsiders when the members withhold, and its premium over one by one: (p,)."""
    none = np.full(shares.sold.shape[1], np.nan)
    if len(shares.members) == 1:
        return none, none
    team = tuple(range(len(shares.members)))
    joint = calc_end(_share_abroad(shares, team, outside=shares.outside), "mode")
    single = [_share_abroad(shares, (one,), outside=shares.outside) for one in team]
    apart = np.sum([calc_end(share, "mode") for share in single], axis=0)
    return joint, np.divide(joint, apart, out=none.copy(), where=apart > 0)


def _share_abroad(
    shares: Shares, team: Sequence[int], outside: BoolArray | None = None
) -> FloatArray:
    """Share of some members in what all outsiders buy of each product: (p,).

    outside : who counts as a buyer; everyone but home if none is given.
    """
    buyers = np.arange(len(shares.bought)) != shares.at if outside is None else outside
    whole = shares.bought[buyers].sum(axis=0)
    cut = shares.sent[list(team)][:, buyers].sum(axis=(0, 1))
    share: FloatArray = np.divide(cut, whole, out=np.zeros(whole.shape), where=whole > 0)
    return share
