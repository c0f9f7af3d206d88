"""Power over a bundle of products: cut-off losses joined by what each country spends on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from keian.economy import Economy
from keian.economy.nouns import FloatArray
from keian.exposure.power_shares import ENDS, Shares, calc_end, name_end

if TYPE_CHECKING:
    import pandas as pd

KUSD_PER_MUSD = 1000.0


def find_outputs(economy: Economy, year: int) -> Mapping[str, float]:
    """Find gross output in MUSD of the regions of a table that are one country, in its own year.

    Spending of one year over output of another is no cost share, so nothing is given for a
    different year.
    """
    if economy.year != year:
        return {}
    total = np.bincount(economy.unit_region, weights=economy.x, minlength=len(economy.regions))
    many = {"EUR", "ROW"}  # regions of several countries
    return {r: float(x) for r, x in zip(economy.regions, total, strict=True) if r not in many}


def list_bundles(
    shares: Shares, countries: Sequence[str], output_musd: Mapping[str, float]
) -> pd.DataFrame:
    """List what home and each partner lose over all products together (schema/power_bundles.csv).

    Cobb-Douglas over products: spending shares within the products of the flows weigh the losses.
    Products whose imports are under the floor are left out of a country's bundle;
    `known_share` is what is left of its spending. The loss of output puts output in the place of
    spending, where output of the same year is known.
    """
    import pandas as pd

    weight, known = _weigh(shares)
    spent = shares.bought.sum(axis=1) / KUSD_PER_MUSD
    output = np.array([output_musd.get(name, np.nan) for name in countries])
    per_output = known * spent / output  # (c,) cost share of the whole bundle in output
    to_it = {end: _join(weight, calc_end(shares.reach[0], end)) for end in ENDS}
    mine = np.broadcast_to(weight[shares.at], shares.hurt.shape)
    to_home = {end: _join(mine, calc_end(shares.hurt, end)) for end in ENDS}
    joint, premium = join_forces(shares, weight)
    frame = pd.DataFrame({
        "partner": list(countries),
        "known_share": known,
        **{f"loss_to_it{name_end(e)}": to_it[e] for e in ENDS},
        **{f"loss_to_home{name_end(e)}": to_home[e] for e in ENDS},
        "net_leverage": to_it["mode"] - to_home["mode"],
        "coalition_loss": joint,
        "coalition_premium": premium,
        "output_loss_to_it": to_it["mode"] * per_output,
        "output_loss_to_home": to_home["mode"] * per_output[shares.at],
    })  # fmt: skip
    there = np.ones(len(countries), dtype=np.bool_)
    there[shares.at] = False
    there &= (to_it["mode"] > 0) | (to_home["mode"] > 0)
    return frame[there].sort_values(
        ["net_leverage", "partner"], ascending=[False, True], ignore_index=True, na_position="last"
    )


def join_forces(shares: Shares, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Join what home and its allies can do to each outsider: loss and premium, both (c,).

    NaN where there are no allies, and for the members themselves.
    """
    none = np.full(len(weight), np.nan)
    if len(shares.members) == 1:
        return none, none
    joint = _join(weight, calc_end(shares.joint_reach, "mode"))
    apart = np.sum([_join(weight, calc_end(one, "mode")) for one in shares.reach], axis=0)
    outside = shares.outside
    premium = np.divide(joint, apart, out=none.copy(), where=outside & (apart > 0))
    return np.where(outside, joint, np.nan), premium


def _weigh(shares: Shares) -> tuple[FloatArray, FloatArray]:
    """Weigh products by spending: (c, p) shares that sum to 1, and (c,) the part that is known."""
    known = np.where(shares.bought >= shares.floor, shares.bought, 0.0)
    whole, all_of_it = known.sum(axis=1), shares.bought.sum(axis=1)
    none = np.full(whole.shape, np.nan)
    weight: FloatArray = np.divide(
        known, whole[:, None], out=np.full(known.shape, np.nan), where=whole[:, None] > 0
    )
    part: FloatArray = np.divide(whole, all_of_it, out=none, where=all_of_it > 0)
    return weight, part


def _join(weight: FloatArray, loss: FloatArray) -> FloatArray:
    """Sum weighted losses over products, (c,); what has no weight has no say, missing or not."""
    joined: FloatArray = np.where(weight == 0, 0.0, weight * loss).sum(axis=1)
    return joined
