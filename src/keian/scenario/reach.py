"""What a shock touches in an economy, and by how much, without a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from keian.core import Names, Triple
from keian.economy.nouns import Economy, Good, Supply
from keian.scenario.nouns import (
    CableCut,
    CapacityLoss,
    DecisionDelay,
    DemandSurge,
    RecordedShock,
    RouteClosure,
    ServiceOutage,
    Shock,
    SourceCut,
    StockLoss,
    WorkforceLoss,
)
from keian.scenario.parts import find_workforce, list_area_units

HitKind = Literal["good", "flow", "unit", "service", "cables", "pool", "demand"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A target of a shock; `share` is what is lost of its normal level (or added, if negative).

    For goods the share is that of national supply, for flows (`origin>destination`) that of the
    destination's purchases of the products from everywhere. The range is that of the loss; shares of origins and routes
    stand at their modes.
    """

    kind: HitKind
    id: str
    names: Names
    low: float
    mode: float
    high: float
    detour_days: float | None = None  # not lost, later: the traffic can go around


def calc_reach(shock: Shock, economy: Economy) -> tuple[Hit, ...]:
    """Calculate what a shock touches, the largest share first.

    Parameters
    ----------
    shock : recorded shocks and delays of decisions touch nothing.

    Returns
    -------
    tuple of Hit
        Empty if the shock acts on nothing in this economy.
    """
    if isinstance(shock, RecordedShock | DecisionDelay):
        return ()
    rule = RULES[type(shock).__name__]
    return tuple(sorted(rule(shock, economy), key=lambda hit: -abs(hit.mode)))


def _hit(kind: HitKind, name: tuple[str, Names], share: float, loss: Triple) -> Hit:
    return Hit(kind, name[0], name[1], share * loss.low, share * loss.mode, share * loss.high)


def _reach_route(shock: RouteClosure, economy: Economy) -> list[Hit]:
    route = next((r for r in economy.routes if r.id == shock.route), None)
    if route is None:
        return []
    detour = None if route.detour_days is None else route.detour_days.mode
    hits = []
    for good in economy.goods:
        share = sum(
            supply.share.mode * passage.share.mode
            for supply in good.supplies
            for passage in supply.routes
            if passage.route == route.id
        )
        if share > 0:
            hit = _hit("good", (good.id, good.names), share, shock.loss)
            hits.append(_with_detour(hit, detour))
    for flow in route.flows:
        if flow.share.mode <= 0:
            continue
        products = _list_sea_products(economy) if flow.products == "goods" else flow.products
        share = sum(_calc_use_share(economy, flow.origin, flow.destination, products))
        hit = _hit(
            "flow",
            (
                f"{flow.origin}>{flow.destination}",
                _name_flow(economy, flow.origin, flow.destination, products),
            ),
            share * flow.share.mode,
            shock.loss,
        )
        hits.append(_with_detour(hit, detour))
    return [hit for hit in hits if hit.high > 0]


def _with_detour(hit: Hit, detour: float | None) -> Hit:
    return Hit(hit.kind, hit.id, hit.names, hit.low, hit.mode, hit.high, detour)


def _reach_source(shock: SourceCut, economy: Economy) -> list[Hit]:
    hits = []
    for good in economy.goods:
        wanted = shock.goods == "all" or (shock.goods != "keep" and good.id in shock.goods)
        if not wanted or shock.destination != economy.home:
            continue
        share = sum(s.share.mode for s in good.supplies if _comes_from(s, shock.origin, economy))
        if share > 0:
            hits.append(_hit("good", (good.id, good.names), share, shock.loss))
    products = economy.products if shock.products == "all" else shock.products
    if products != "none" and shock.origin in economy.regions:
        for product in products:
            shares = _calc_use_share(economy, shock.origin, shock.destination, (product,))
            name = (
                f"{shock.origin}>{shock.destination}:{product}",
                _name_flow(economy, shock.origin, shock.destination, (product,)),
            )
            hits.append(_hit("flow", name, sum(shares), shock.loss))
    return [hit for hit in hits if hit.high > 0]


def _comes_from(supply: Supply, origin: str, economy: Economy) -> bool:
    return supply.origin == origin or (
        origin in economy.regions and economy.country_region.get(supply.origin) == origin
    )


def _reach_units(shock: CapacityLoss | WorkforceLoss, economy: Economy) -> list[Hit]:
    return [
        _hit("unit", (unit, economy.unit_names[unit]), share, shock.loss)
        for unit in list_units(shock.units, economy)
        if shock.loss.high > 0 and (share := _calc_part(shock, unit, economy)) > 0
    ]


def _calc_part(shock: CapacityLoss | WorkforceLoss, unit: str, economy: Economy) -> float:
    """Calculate the part of a unit that a loss can strike, at the modes; 0 where it is not known."""
    part = 1.0
    if shock.area is not None:
        share = list_area_units(economy, shock.area).get(unit)
        part *= 0.0 if share is None else share.mode
    if isinstance(shock, WorkforceLoss) and shock.contract != "all":
        line = find_workforce(economy, unit)
        share = None if line is None else getattr(line, f"{shock.contract}_share")
        part *= 0.0 if share is None else share.mode
    return part


def _reach_service(shock: ServiceOutage, economy: Economy) -> list[Hit]:
    return [
        _hit("service", (s.id, s.names), 1.0, shock.loss)
        for s in economy.services
        if s.id == shock.service and shock.loss.high > 0
    ]


def _reach_cables(shock: CableCut, economy: Economy) -> list[Hit]:
    """Tell the share of all cables; what it means for the service depends on what is cut besides."""
    hits = []
    for pool in economy.cables:
        cut = [x for x in pool.landings if shock.landings == "all" or x.id in shock.landings]
        share = sum(x.capacity_share.mode for x in cut)
        if pool.id == shock.cables and share > 0 and shock.loss.high > 0:
            hits.append(_hit("cables", (pool.id, pool.names), share, shock.loss))
    return hits


def _reach_demand(shock: DemandSurge, economy: Economy) -> list[Hit]:
    rise = shock.change
    if rise.low == 0 and rise.high == 0:
        return []
    names = {**economy.product_names, **{g.id: g.names for g in economy.goods}}
    return [
        Hit("demand", name, names[name], -rise.low, -rise.mode, -rise.high)
        for name in (*shock.products, *shock.goods)
        if name in names
    ]


def _reach_stock(shock: StockLoss, economy: Economy) -> list[Hit]:
    return [
        _hit("pool", (pool.id, pool.names), 1.0, shock.loss)
        for good in economy.goods
        for pool in good.pools
        if pool.id == shock.pool and shock.loss.high > 0
    ]


def list_units(patterns: tuple[str, ...], economy: Economy) -> tuple[str, ...]:
    """List the units that ids and `REGION.*` patterns name, without units that produce nothing."""
    wanted = set(patterns)
    return tuple(
        unit
        for unit, masked in zip(economy.units, economy.masked, strict=True)
        if not masked and (unit in wanted or f"{unit.split('.')[0]}.*" in wanted)
    )


def find_good(economy: Economy, good_id: str) -> Good | None:
    """Find a good of the economy by its id."""
    return next((g for g in economy.goods if g.id == good_id), None)


def _calc_use_share(
    economy: Economy, origin: str, destination: str, products: tuple[str, ...]
) -> list[float]:
    """Calculate the share of an origin in what a destination buys of the products, by money."""
    if origin not in economy.regions or destination not in economy.regions:
        return []
    codes = [economy.products.index(p) for p in products if p in economy.products]
    buyers = economy.unit_region == economy.regions.index(destination)
    of_product = [economy.unit_product == code for code in codes]
    if not of_product:
        return []
    sellers = of_product[0].copy()
    for mask in of_product[1:]:
        sellers |= mask
    place = economy.regions.index(destination)
    bought = economy.Z[:, buyers].sum(axis=1) + economy.Y[:, place, :].sum(axis=1)
    total = float(bought[sellers].sum())
    theirs = sellers & (economy.unit_region == economy.regions.index(origin))
    return [float(bought[theirs].sum()) / total] if total > 0 else []


def _list_sea_products(economy: Economy) -> tuple[str, ...]:
    return tuple(
        p for p, by_sea in zip(economy.products, economy.moves_by_sea, strict=True) if by_sea
    )


def _name_flow(economy: Economy, origin: str, destination: str, products: tuple[str, ...]) -> Names:
    start = economy.region_names.get(origin, Names(en=origin, ja=origin))
    end = economy.region_names.get(destination, Names(en=destination, ja=destination))
    what = Names(en="Goods that move by sea", ja="海上輸送品")
    if products != _list_sea_products(economy):
        names = [economy.product_names[p] for p in products if p in economy.product_names]
        what = Names(en=", ".join(n.en for n in names), ja="、".join(n.ja for n in names))
    return Names(
        en=f"{what.en} from {start.en} to {end.en}", ja=f"{start.ja}から{end.ja}への{what.ja}"
    )


# Each shock type with the rule that knows its targets.
RULES: Mapping[str, Callable[..., list[Hit]]] = MappingProxyType(
    {
        "RouteClosure": _reach_route,
        "SourceCut": _reach_source,
        "CapacityLoss": _reach_units,
        "WorkforceLoss": _reach_units,
        "ServiceOutage": _reach_service,
        "CableCut": _reach_cables,
        "DemandSurge": _reach_demand,
        "StockLoss": _reach_stock,
    }
)
