"""Power: what the cut of one country's inputs costs another, in log points of output, both ways."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import BaseModel

from keian.core import DOCUMENT, InputError, Label, Labelled, Names, Problem, load_document
from keian.economy import Economy
from keian.economy.nouns import BoolArray, FloatArray
from keian.exposure.criteria import DATA, Setting
from keian.exposure.look_through import TABLE_SOURCES
from keian.share import raise_to_floor

if TYPE_CHECKING:
    import pandas as pd


class Elasticity(BaseModel):
    """Elasticity of substitution between origins, with its band; each above 1."""

    model_config = DOCUMENT

    low: float
    mode: float
    high: float
    source: str


class Elasticities(BaseModel):
    """Elasticities of goods and of finance; `finance_products` are products of the table."""

    model_config = DOCUMENT

    finance_products: tuple[str, ...]
    goods: Elasticity
    finance: Elasticity
    greatest_share: Setting


@cache
def load_elasticities() -> Elasticities:
    """Load the shipped elasticities."""
    return load_document(DATA / "elasticities.yaml", Elasticities)


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """Cut-off losses between home and every other region.

    table : schema/power.csv.   allies : regions that act with home.   names : of regions.
    """

    home: str
    year: int
    allies: tuple[str, ...]
    table: pd.DataFrame
    names: Mapping[str, Names]
    sources: tuple[str, ...]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """The table is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the table itself: it has no parts to take out."""
        if names:
            raise KeyError(f"power has no part {min(names)!r}")
        return self


def calc_cutoff_loss(share: FloatArray, sigma: FloatArray) -> FloatArray:
    """Calculate the loss from losing suppliers that hold a share of an input bundle.

    Parameters
    ----------
    share : (…) share of the bundle that is cut, 0 to 1.
    sigma : elasticity of substitution inside the bundle, above 1; broadcasts against `share`.

    Returns
    -------
    (…) float
        Log points of the bundle; infinite where the whole bundle is cut.

    Source
    ------
    Clayton, Maggiori, Schreger: -ln(1 - share) / (sigma - 1).

    Examples
    --------
    >>> round(float(calc_cutoff_loss(np.array(0.9), np.array(5.0))), 6)
    0.575646
    """
    with np.errstate(divide="ignore"):
        loss: FloatArray = -np.log1p(-np.minimum(share, 1.0)) / (sigma - 1.0)
    return loss


def calc_bundle_loss(weight: FloatArray, share: FloatArray, sigma: FloatArray) -> float:
    """Calculate the loss of a buyer whose bundles are joined by fixed cost shares.

    Parameters
    ----------
    weight : (b,) cost share of each bundle in output, 0 to 1.
    share : (b,) share of each bundle that is cut; suppliers that act together are summed before.
    sigma : (b,) or scalar, elasticity inside the bundles, above 1.

    Returns
    -------
    Log points of output; infinite where a whole bundle with a weight is cut.

    Source
    ------
    Clayton, Maggiori, Schreger: sum over bundles of weight times the cut-off loss.

    Examples
    --------
    >>> round(calc_bundle_loss(np.array([0.03]), np.array([0.9]), np.array(2.0)), 6)
    0.069078
    """
    loss = calc_cutoff_loss(share, sigma)
    return float(np.where(weight > 0, weight * np.where(weight > 0, loss, 0.0), 0.0).sum())


def weigh_power(economy: Economy, allies: Sequence[str] = ()) -> Power:
    """Weigh what home and each other region can do to one another by withholding inputs.

    Bundles are the inputs of one product to one industry; a region's loss weights its industries
    by output. Prices of everything else stay; home supply is part of every bundle.

    Raises
    ------
    InputError
        An ally is no other region of the table.
    """
    import pandas as pd

    _check_allies(economy, allies)
    home = economy.regions.index(economy.home)
    coalition = np.array([r == economy.home or r in allies for r in economy.regions])
    bundles = _sum_bundles(economy)
    alone = np.arange(len(economy.regions)) == home
    losses = {end: _calc_pairs(economy, bundles, end) for end in ("low", "mode", "high")}
    together = _calc_joint(economy, bundles, coalition)
    apart = losses["mode"][coalition].sum(axis=0)
    others = np.flatnonzero(~alone)
    mode = losses["mode"]
    outside = ~coalition[others] & bool(allies)
    frame = pd.DataFrame(
        {
            "region": [economy.regions[r] for r in others.tolist()],
            "loss_to_it": mode[home, others],
            "loss_to_it_low": losses["high"][home, others],
            "loss_to_it_high": losses["low"][home, others],
            "loss_to_home": mode[others, home],
            "loss_to_home_low": losses["high"][others, home],
            "loss_to_home_high": losses["low"][others, home],
            "net_leverage": mode[home, others] - mode[others, home],
            "coalition_loss": np.where(outside, together[others], np.nan),
            "coalition_premium": np.where(outside, together[others] / apart[others], np.nan),
        }
    ).sort_values("net_leverage", ascending=False, ignore_index=True)
    tables = tuple(name for name in TABLE_SOURCES if name in economy.sources)
    return Power(
        home=economy.home,
        year=economy.year,
        allies=tuple(allies),
        table=frame,
        names=economy.region_names,
        sources=(
            *tables,
            "clayton-maggiori-schreger",
            "a-substitution-elasticity",
            "a-greatest-share",
        ),
        label=raise_to_floor(economy.label),
    )


def _check_allies(economy: Economy, allies: Sequence[str]) -> None:
    others = [name for name in economy.regions if name != economy.home]
    wanted = f"one of {', '.join(others)}"
    wrong = [Problem("--with", repr(a), wanted, "correct it") for a in allies if a not in others]
    if wrong:
        raise InputError(wrong)


def _sum_bundles(economy: Economy) -> FloatArray:
    """Sum inputs by origin, product and using unit: (regions, products, units), MUSD/year."""
    bundles = np.zeros((len(economy.regions), len(economy.products), len(economy.units)))
    np.add.at(bundles, (economy.unit_region, economy.unit_product), np.maximum(economy.Z, 0.0))
    return bundles


def _calc_pairs(economy: Economy, bundles: FloatArray, end: str) -> FloatArray:
    """Calculate the loss of each region (column) when one region (row) withholds its inputs."""
    regions = range(len(economy.regions))
    rows = [
        _calc_joint(economy, bundles, np.arange(len(economy.regions)) == r, end) for r in regions
    ]
    return np.stack(rows)


def _calc_joint(
    economy: Economy, bundles: FloatArray, members: BoolArray, end: str = "mode"
) -> FloatArray:
    """Calculate the loss of each region when members withhold together; shares sum before the log.

    Returns
    -------
    (regions,) float
        Log points of output; members' own entries have no meaning.
    """
    rule = load_elasticities()
    sigma = np.array(
        [
            getattr(rule.finance if p in rule.finance_products else rule.goods, end)
            for p in economy.products
        ]
    )
    whole = bundles.sum(axis=0)
    cut = bundles[members].sum(axis=0)
    share = np.divide(cut, whole, out=np.zeros(whole.shape), where=whole > 0)
    share = np.minimum(share, rule.greatest_share.value)
    # A member's own industries lose nothing to themselves and would only make infinities.
    share[:, members[economy.unit_region]] = 0.0
    lost = np.where(whole > 0, whole * calc_cutoff_loss(share, sigma[:, None]), 0.0).sum(axis=0)
    regions = len(economy.regions)
    lost_by = np.bincount(economy.unit_region, weights=lost, minlength=regions)
    output = np.bincount(economy.unit_region, weights=economy.x, minlength=regions)
    loss: FloatArray = lost_by / output
    return loss
