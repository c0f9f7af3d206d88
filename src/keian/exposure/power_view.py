"""Power as the card of a good shows it: both directions by heading, and by sourced supply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from keian.core import Names, Triple
from keian.exposure.power_products import PowerOfProducts
from keian.exposure.power_shares import calc_end
from keian.exposure.trade_view import know

if TYPE_CHECKING:
    import pandas as pd

MOST_PARTNERS = 3  # in each direction
LEAST_SUPPLY = 0.005  # an origin with less of supply stands on no card


@dataclass(frozen=True, slots=True)
class Loss:
    """Log points lost: at the highest elasticity, the mode and the lowest."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True)
class PowerPair:
    """What home and one partner lose of a product if the other withholds it; None = missing.

    is_hub : the partner is known to pass on what others made.
    """

    product: str
    product_names: Names
    partner: str
    names: Names
    share_of_home: float | None
    loss_to_home: Loss | None
    share_of_it: float | None
    loss_to_it: Loss | None
    net_leverage: float | None
    is_hub: bool


@dataclass(frozen=True, slots=True)
class PowerInWorld:
    """What the world loses of a product if home withholds it, and how near home is to it.

    rca, nearness : within the products of the flows.   nearness_rank : 1 = nearest of all countries.
    """

    product: str
    product_names: Names
    loss: Loss | None
    hub_share: float | None
    rca: float | None
    nearness: float | None
    nearness_rank: int | None


@dataclass(frozen=True, slots=True)
class PowerOfOrigin:
    """What home loses of its supply, home output included, if one origin stops."""

    origin: str
    names: Names
    share: Triple
    loss: Loss


class Supplied(Protocol):
    """One line of sourced supply: an origin and its share."""

    @property
    def origin(self) -> str:
        """The country."""

    @property
    def names(self) -> Names:
        """Its names."""

    @property
    def share(self) -> Triple:
        """Its share of supply."""


def view_pairs(power: PowerOfProducts, product: str) -> tuple[PowerPair, ...]:
    """View the partners with most power over home and those home has most over, by product."""
    mine = power.pairs[power.pairs["product"] == product]
    chosen = [
        mine[mine[loss] > 0].sort_values([loss, "partner"], ascending=[False, True])
        for loss in ("loss_to_home", "loss_to_it")
    ]
    places = [at for part in chosen for at in part.index[:MOST_PARTNERS].tolist()]
    return tuple(_view_pair(power, mine.loc[at]) for at in dict.fromkeys(places))


def _view_pair(power: PowerOfProducts, row: pd.Series[Any]) -> PowerPair:
    return PowerPair(
        product=row["product"],
        product_names=_name(power.names, row["product"]),
        partner=row["partner"],
        names=_name(power.names, row["partner"]),
        share_of_home=know(row["share_of_home"]),
        loss_to_home=_read_loss(row, "loss_to_home"),
        share_of_it=know(row["share_of_it"]),
        loss_to_it=_read_loss(row, "loss_to_it"),
        net_leverage=know(row["net_leverage"]),
        is_hub=bool(row["partner_is_hub"]),
    )


def view_world(power: PowerOfProducts, product: str) -> PowerInWorld | None:
    """View what the world loses of a product without home; None = not in the flows."""
    rows = power.products[power.products["product"] == product]
    if rows.empty:
        return None
    row = rows.iloc[0]
    rank = know(row["nearness_rank"])
    return PowerInWorld(
        product=product,
        product_names=_name(power.names, product),
        loss=_read_loss(row, "loss_to_world"),
        hub_share=know(row["hub_share"]),
        rca=know(row["rca_within"]),
        nearness=know(row["nearness_within"]),
        nearness_rank=None if rank is None else int(rank),
    )


def _read_loss(row: pd.Series[Any], column: str) -> Loss | None:
    ends = (row[f"{column}_low"], row[column], row[f"{column}_high"])
    low, mode, high = (know(end) for end in ends)
    return None if low is None or mode is None or high is None else Loss(low, mode, high)


def _name(names: Mapping[str, Names], code: str) -> Names:
    return names.get(code, Names(en=code, ja=code))


def list_origins(lines: Sequence[Supplied], home: str, rest: str) -> Iterator[PowerOfOrigin]:
    """List what home loses of its supply if an origin stops, the most first.

    Lines of one origin (by several ways) are summed before the logarithm. The band joins both: the
    least share at the highest elasticity, the greatest share at the lowest.
    """
    total = sum(line.share.mode for line in lines)
    if total <= 0:
        return
    whole = max(total, 1.0)  # imports that sources list in part do not make a whole
    by_origin: dict[str, list[Supplied]] = {}
    for line in lines:
        if line.origin not in {home, rest}:
            by_origin.setdefault(line.origin, []).append(line)
    found = []
    for origin, mine in by_origin.items():
        low, mode, high = (
            min(1.0, sum(getattr(line.share, end) for line in mine) / whole)
            for end in ("low", "mode", "high")
        )
        if mode >= LEAST_SUPPLY:
            share = Triple(low=low, mode=mode, high=high)
            found.append(PowerOfOrigin(origin, mine[0].names, share, _lose(share)))
    yield from sorted(found, key=lambda one: (-one.loss.mode, one.origin))


def _lose(share: Triple) -> Loss:
    low, mode, high = (
        float(calc_end(np.array(getattr(share, end)), end)) for end in ("low", "mode", "high")
    )
    return Loss(low, mode, high)
