"""Which measures can act in a scenario: their lever and what the shocks touch must meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from keian.economy.nouns import Economy
from keian.scenario.nouns import (
    AddSupply,
    AddTeams,
    HardenService,
    Measure,
    OpenRoute,
    QualifySubstitute,
    ReleaseStock,
    RestoreSource,
    RestrainDemand,
    RouteClosure,
    Scenario,
    SourceCut,
)
from keian.scenario.reach import calc_reach


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids that the shocks of a scenario touch; goods with those made from them."""

    goods: frozenset[str]
    services: frozenset[str]
    cables: frozenset[str]
    cut_services: frozenset[str]  # that these cables carry
    routes: frozenset[str]
    origins: frozenset[str]
    pool_goods: Mapping[str, str]  # pool -> its good
    repair_pools: frozenset[str]  # whose teams have something to mend


def find_touched(scenario: Scenario, economy: Economy) -> Touched:
    """Find what the shocks of a scenario touch, without a run."""
    hits = [hit for shock in scenario.shocks for hit in calc_reach(shock, economy)]
    pool_goods = {p.id: g.id for g in economy.goods for p in g.pools}
    goods = {h.id for h in hits if h.kind in {"good", "demand"}}
    goods |= {pool_goods[h.id] for h in hits if h.kind == "pool"}
    return Touched(
        goods=frozenset(add_made_from(goods, economy)),
        services=frozenset(h.id for h in hits if h.kind == "service"),
        cables=frozenset(h.id for h in hits if h.kind == "cables"),
        cut_services=frozenset(
            pool.service
            for pool in economy.cables
            if any(h.kind == "cables" and h.id == pool.id for h in hits)
        ),
        routes=frozenset(s.route for s in scenario.shocks if isinstance(s, RouteClosure)),
        origins=frozenset(s.origin for s in scenario.shocks if isinstance(s, SourceCut)),
        pool_goods=MappingProxyType(pool_goods),
        repair_pools=frozenset(
            repair.pool
            for s in scenario.shocks
            if (repair := getattr(s, "repair", None)) is not None
        ),
    )


def add_made_from(goods: set[str], economy: Economy) -> set[str]:
    """Add the goods that are made from others of a set, step by step."""
    found = set(goods)
    while True:
        more = {g.id for g in economy.goods if g.made_from in found} - found
        if not more:
            return found
        found |= more


def can_act(measure: Measure, touched: Touched) -> bool:
    """Tell whether a measure's lever meets what a scenario touches.

    A measure that cannot act has no effect in that scenario by construction; one that can may
    still turn out to change nothing.
    """
    return MEETS[type(measure.lever).__name__](measure.lever, touched)


def _meets_stock(lever: ReleaseStock, touched: Touched) -> bool:
    return any(touched.pool_goods.get(pool) in touched.goods for pool in lever.pools)


def _meets_goods(lever: RestrainDemand | QualifySubstitute, touched: Touched) -> bool:
    return not touched.goods.isdisjoint(lever.goods)


def _meets_route(lever: OpenRoute, touched: Touched) -> bool:
    return lever.route in touched.routes


def _meets_supply(lever: AddSupply, touched: Touched) -> bool:
    return lever.good in touched.goods


def _meets_source(lever: RestoreSource, touched: Touched) -> bool:
    wanted = lever.goods == "all" or not touched.goods.isdisjoint(lever.goods)
    return wanted and lever.origin in touched.origins


def _meets_service(lever: HardenService, touched: Touched) -> bool:
    backed_up = lever.backup_days.high > 0 and not touched.cut_services.isdisjoint(lever.services)
    softened = not touched.cables.isdisjoint(lever.cables)
    return backed_up or softened or not touched.services.isdisjoint(lever.services)


def _meets_teams(lever: AddTeams, touched: Touched) -> bool:
    return lever.pool in touched.repair_pools


# Each lever with the rule that says whether it meets what is touched.
MEETS: Mapping[str, Callable[..., bool]] = MappingProxyType(
    {
        "ReleaseStock": _meets_stock,
        "RestrainDemand": _meets_goods,
        "QualifySubstitute": _meets_goods,
        "OpenRoute": _meets_route,
        "AddSupply": _meets_supply,
        "RestoreSource": _meets_source,
        "HardenService": _meets_service,
        "AddTeams": _meets_teams,
    }
)
