"""Shares of one country, and of those that act with it, in what everyone buys of each product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from keian.economy.nouns import BoolArray, FloatArray
from keian.exposure.flows import Flows
from keian.exposure.power import calc_cutoff_loss, load_elasticities


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Trade of c countries in p products as seen from home; thousand USD in one year.

    at : home's place among the countries.   members : home first, then its allies.
    bought, sold : (c, p) what each country imports and exports.
    sent : (m, c, p) what each member sends to each country.
    to_home : (c, p) what each country sends to home.
    floor : imports below it are noise, and every share in them is missing.
    """

    at: int
    members: tuple[int, ...]
    bought: FloatArray
    sold: FloatArray
    sent: FloatArray
    to_home: FloatArray
    floor: float

    @property
    def outside(self) -> BoolArray:
        """Which countries are no members: (c,)."""
        others = np.ones(len(self.bought), dtype=np.bool_)
        others[list(self.members)] = False
        return others

    @property
    def hurt(self) -> FloatArray:
        """Each country's share in home's imports, (c, p); NaN below the floor."""
        return self._share(self.to_home, np.broadcast_to(self.bought[self.at], self.to_home.shape))

    @property
    def reach(self) -> FloatArray:
        """Each member's share in each country's imports, (m, c, p); NaN below the floor."""
        return self._share(self.sent, np.broadcast_to(self.bought, self.sent.shape))

    @property
    def joint_reach(self) -> FloatArray:
        """All members' share in each country's imports, (c, p): summed before any logarithm."""
        return self._share(self.sent.sum(axis=0), self.bought)

    def _share(self, part: FloatArray, whole: FloatArray) -> FloatArray:
        known = (whole >= self.floor) & (whole > 0)
        share: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=known)
        return share


def share_out(flows: Flows, at: int, allies: Sequence[int], floor: float) -> Shares:
    """Sum flows of one year into shares; a flow without a value adds nothing.

    Parameters
    ----------
    at : home's place in `flows.countries`.
    allies : places of the countries that act with it.
    """
    everything = np.ones(len(flows.value_kusd), dtype=np.bool_)
    members = (at, *allies)
    sent = [_sum_to(flows, flows.importer, flows.exporter == member) for member in members]
    return Shares(
        at=at,
        members=members,
        bought=_sum_to(flows, flows.importer, everything),
        sold=_sum_to(flows, flows.exporter, everything),
        sent=np.stack(sent),
        to_home=_sum_to(flows, flows.exporter, flows.importer == at),
        floor=floor,
    )


def _sum_to(flows: Flows, country: np.ndarray, rows: BoolArray) -> FloatArray:
    """Sum the value of some rows by country and product: (c, p)."""
    countries, products = len(flows.countries), len(flows.products)
    cell = country[rows].astype(np.int64) * products + flows.product[rows]
    value = np.nan_to_num(flows.value_kusd[rows], nan=0.0)
    summed = np.bincount(cell, weights=value, minlength=countries * products)
    table: FloatArray = summed.astype(np.float64).reshape(countries, products)
    return table


ENDS = ("low", "mode", "high")
OTHER_END = MappingProxyType({"low": "high", "mode": "mode", "high": "low"})


def calc_end(share: FloatArray, end: str) -> FloatArray:
    """Calculate the loss at one end of its band: the least at the highest elasticity of goods."""
    rule = load_elasticities()
    sigma = getattr(rule.goods, OTHER_END[end])
    return calc_cutoff_loss(np.minimum(share, rule.greatest_share.value), np.array(sigma))


def name_end(end: str) -> str:
    """Name the suffix of a column at one end of a band; the mode has none."""
    return "" if end == "mode" else f"_{end}"
