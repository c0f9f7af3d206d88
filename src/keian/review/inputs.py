"""The uncertain inputs that can move a scenario's result, each with its name and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keian.core import Names, Triple
from keian.crisis.compile import Compiled
from keian.crisis.simulate import Outcome
from keian.economy import Economy, Good
from keian.economy.nouns import CablePool, RepairPool, Workforce
from keian.review.needs import Need
from keian.review.words import join_names, say
from keian.scenario.draws import key_shock
from keian.scenario.nouns import (
    CableCut,
    CapacityLoss,
    DemandSurge,
    RecordedShock,
    Repair,
    RouteClosure,
    Scenario,
    Shock,
    SourceCut,
    StockLoss,
    WorkforceLoss,
)
from keian.scenario.reach import calc_reach

WAYS_BACK = (
    ("repair", ("work_team_days", "most_teams")),
    ("rebuild", ("capital_years", "build_days")),
)
CONTRACT_SHARES = ("regular_share", "non_regular_share")
MOST_NAMED = 3
MOVED = 1e-6  # relative change of a series below which nothing happened


@dataclass(frozen=True, slots=True)
class Input:
    """An uncertain input: the key of its random stream, its range, and what to call it."""

    key: str
    triple: Triple
    names: Names
    sources: tuple[str, ...]
    shock: bool = False  # belongs to a shock of the scenario


def find_touched_goods(economy: Economy, mode: Outcome) -> set[str]:
    """Find the goods whose inflow or cover the scenario changes."""
    touched = set()
    for h, good in enumerate(economy.goods):
        for series in (mode.inflow[:, h], mode.cover[:, h]):
            span = float(np.ptp(series))
            if span > MOVED * max(1.0, abs(float(series[0]))):
                touched.add(good.id)
    return touched


def name_shock(economy: Economy, shock: Shock) -> Names:
    """Name what a shock hits: a route, a service, supply, demand, industries, or else its own id."""
    match shock:
        case SourceCut():
            country = Names(en=shock.origin, ja=shock.origin)
            return say("input.supply", origin=economy.country_names.get(shock.origin, country))
        case DemandSurge():
            known = economy.product_names | {g.id: g.names for g in economy.goods}
            return say("input.demand", what=_join(known, (*shock.products, *shock.goods)))
        case CapacityLoss() | WorkforceLoss():
            regions = {f"{key}.*": names for key, names in economy.region_names.items()}
            return _join(economy.unit_names | regions, shock.units)
        case StockLoss():
            return _join({p.id: p.names for g in economy.goods for p in g.pools}, (shock.pool,))
        case _:
            pass
    fields = ("route", "service", "cables", "origin", "id")
    key = next(getattr(shock, name) for name in fields if hasattr(shock, name))
    names = {r.id: r.names for r in economy.routes} | {s.id: s.names for s in economy.services}
    names |= {pool.id: pool.names for pool in economy.cables}
    return names.get(key) or economy.country_names.get(key) or Names(en=key, ja=key)


def _join(known: Mapping[str, Names], keys: Sequence[str]) -> Names:
    """Join the names of a few things; of more, say how many besides the first."""
    names = [known.get(key, Names(en=key, ja=key)) for key in keys]
    if len(names) <= MOST_NAMED:
        return join_names(names)
    return say("input.and_more", first=names[0], count=str(len(names) - 1))


def _shock_inputs(economy: Economy, scenario: Scenario) -> Iterator[Input]:
    for shock in scenario.shocks:
        if isinstance(shock, RecordedShock):
            continue
        for name in type(shock).model_fields:
            triple = getattr(shock, name)
            if isinstance(triple, Triple) and not triple.fixed:
                title = say(
                    "input.shock", shock=name_shock(economy, shock), field=say(_field(name))
                )
                sources = triple.sources or shock.sources
                yield Input(key_shock(scenario, shock, name), triple, title, sources, shock=True)
        for way, names in WAYS_BACK:
            for name in names if getattr(shock, way, None) is not None else ():
                triple = getattr(getattr(shock, way), name)
                if triple is not None and not triple.fixed:
                    hit = name_shock(economy, shock)
                    title = say("input.shock", shock=hit, field=say(f"field.{name}"))
                    key = key_shock(scenario, shock, f"{way}.{name}")
                    yield Input(key, triple, title, triple.sources or shock.sources, shock=True)


def _field(name: str) -> str:
    known = {"value": "field.change", "known_from_day": "field.start_day"}
    return known.get(name, f"field.{name}")


def _figures(
    record: Good | CablePool | Workforce | RepairPool, key: str, fields: tuple[str, ...]
) -> Iterator[Input]:
    """Inputs that a record with a name of its own holds; what it leaves open is none."""
    for name in fields:
        triple = getattr(record, name)
        if triple is not None:
            title = say("input.good", good=record.names, field=say(f"field.{name}"))
            yield Input(f"{key}.{name}", triple, title, triple.sources or record.sources)


def _good_inputs(economy: Economy, good: Good) -> Iterator[Input]:
    yield from _figures(good, good.id, ("floor_days", "stretch_days", "catch_up_share"))
    for line in good.supplies:
        origin = economy.country_names.get(line.origin, Names(en=line.origin, ja=line.origin))
        key = f"{good.id}.{line.origin}"
        yield Input(
            f"{key}.share", line.share, say("input.line", good=good.names, origin=origin),
            line.share.sources or line.sources,
        )  # fmt: skip
        way = say("input.use", unit=origin, good=good.names, field=say("field.lag_days"))
        sources = line.lag_days.sources or line.sources
        yield Input(f"{key}.lag_days", line.lag_days, way, sources)
        routes = {r.id: r for r in economy.routes}
        for passed in line.routes:
            title = say("input.line", good=routes[passed.route].names, origin=origin)
            sources = passed.share.sources or line.sources
            yield Input(f"{key}.{passed.route}.share", passed.share, title, sources)
    for pool in good.pools:
        for name in ("quantity_days", "usable_share", "draw_limit"):
            triple = getattr(pool, name)
            title = say("input.pool", pool=pool.names, field=say(f"field.{name}"))
            yield Input(f"{pool.id}.{name}", triple, title, triple.sources or pool.sources)


USE_FIELDS = (
    "exposed_share", "use_share", "cover_days", "floor_share", "substitute_days",
    "substitute_share",
)  # fmt: skip


def _use_inputs(economy: Economy, goods: set[str]) -> Iterator[Input]:
    names = {g.id: g.names for g in economy.goods}
    for use in economy.uses:
        if use.good not in goods:
            continue
        for name in USE_FIELDS:
            triple = getattr(use, name)
            if triple is None:
                continue
            title = say(
                "input.use",
                unit=economy.unit_names[use.unit],
                good=names[use.good],
                field=say(f"field.{name}"),
            )
            key = f"{use.good}.{use.unit}.{name}"
            yield Input(key, triple, title, triple.sources or use.sources)


def _route_inputs(economy: Economy, scenario: Scenario) -> Iterator[Input]:
    closed = {s.route for s in scenario.shocks if isinstance(s, RouteClosure)}
    for route in economy.routes:
        if route.id not in closed:
            continue
        for name in ("yard_days", "detour_days", "fleet_spare_share"):
            triple = getattr(route, name)
            if triple is not None:
                title = say("input.route", route=route.names, field=say(f"field.{name}"))
                sources = triple.sources or route.sources
                yield Input(f"route.{route.id}.{name}", triple, title, sources)
        for flow in route.flows:
            key = f"route.{route.id}.{flow.origin}.{flow.destination}.share"
            origin = economy.region_names[flow.origin]
            title = say("input.line", good=route.names, origin=origin)
            yield Input(key, flow.share, title, flow.share.sources or flow.sources)


def _place_inputs(economy: Economy, scenario: Scenario) -> Iterator[Input]:
    """Shares of areas, contracts and minimum crews of struck units, and teams that repair."""
    struck = [s for s in scenario.shocks if isinstance(s, CapacityLoss | WorkforceLoss)]
    areas = {s.area for s in struck}
    hit = {h.id for s in struck for h in calc_reach(s, economy)}
    people = [s for s in struck if isinstance(s, WorkforceLoss)]
    staffed = {h.id for s in people for h in calc_reach(s, economy)}
    for area in economy.areas:
        for part in area.shares if area.id in areas else ():
            if part.unit_id in hit:
                title = say("input.line", good=economy.unit_names[part.unit_id], origin=area.names)
                key = f"area.{area.id}.{part.unit_id}.share"
                yield Input(key, part.share, title, part.share.sources or area.sources)
    by_contract = any(s.contract != "all" for s in people)
    for line in economy.workforce:
        if staffed.isdisjoint(line.units):
            continue
        fields = ("minimum_crew", *(CONTRACT_SHARES if by_contract else ()))
        yield from _figures(line, f"workforce.{line.id}", fields)
    repairs = [getattr(s, "repair", None) for s in scenario.shocks]
    for pool in economy.repair_pools:
        if any(isinstance(r, Repair) and r.pool == pool.id for r in repairs):
            yield from _figures(pool, f"repair.{pool.id}", ("teams",))


def _cable_inputs(economy: Economy, scenario: Scenario) -> Iterator[Input]:
    """What decides how much of a service hangs on cables that are cut."""
    cut = {s.cables for s in scenario.shocks if isinstance(s, CableCut)}
    for pool in economy.cables:
        if pool.id not in cut:
            continue
        fields = ("international_share", "other_means_share", "used_share")
        yield from _figures(pool, f"cables.{pool.id}", fields)
        for landing in pool.landings:
            triple = landing.capacity_share
            title = say("input.line", good=pool.names, origin=landing.names)
            key = f"cables.{pool.id}.{landing.id}.capacity_share"
            yield Input(key, triple, title, triple.sources or landing.sources)


def _service_inputs(economy: Economy, mode: Outcome) -> Iterator[Input]:
    everybody = Names(en="all users", ja="全利用者")
    for v, service in enumerate(economy.services):
        if mode.level[:, v].min() > 1.0 - MOVED:
            continue
        if service.carries_trade_share is not None:
            triple = service.carries_trade_share
            title = say("input.route", route=service.names, field=say("field.share"))
            key = f"service.{service.id}.carries_trade_share"
            yield Input(key, triple, title, triple.sources or service.sources)
        for use in service.uses:
            unit = everybody if use.unit == "*" else economy.unit_names[use.unit]
            for name in ("floor", "backup_days"):
                triple = getattr(use, name)
                title = say(
                    "input.service", service=service.names, unit=unit, field=say(f"field.{name}")
                )
                key = f"{service.id}.{use.unit}.{name}"
                yield Input(key, triple, title, triple.sources or use.sources)


def list_inputs(
    compiled: Compiled, scenario: Scenario, needs: tuple[Need, ...], mode: Outcome
) -> tuple[Input, ...]:
    """List the inputs with a range that the scenario brings into play.

    Those of illustrative goods are left out: they enter no ranking.

    Parameters
    ----------
    mode : the mode run, which shows what the scenario touches.
    """
    economy, rules = compiled.economy, compiled.rules
    ranked = {good.id for good in economy.goods if good.tier == "modelled"}
    goods = find_touched_goods(economy, mode) & ranked
    found = list(_shock_inputs(economy, scenario))
    for good in economy.goods:
        if good.id in goods:
            found.extend(_good_inputs(economy, good))
    found.extend(_use_inputs(economy, goods))
    found.extend(_route_inputs(economy, scenario))
    found.extend(_service_inputs(economy, mode))
    found.extend(_place_inputs(economy, scenario))
    found.extend(_cable_inputs(economy, scenario))
    for need in needs:
        if need.kind != "good":
            title = say("input.good", good=need.names, field=say("field.floor_level"))
            found.append(Input(need.floor_key, need.floor, title, need.sources))
    scale = Triple(low=rules.cover_scale_low, mode=1.0, high=rules.cover_scale_high)
    sources = tuple(s for k, s in economy.assumptions.items() if k == "cover_days")
    found.append(Input("table.cover_scale", scale, say("input.cover"), sources))
    unique = {i.key: i for i in found if not i.triple.fixed}
    return tuple(unique.values())
