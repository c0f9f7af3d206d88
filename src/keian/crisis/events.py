"""From shocks to daily factors (2.1): factors on one target multiply, whatever overlaps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keian.crisis.cast import Cast, draw_loss, list_products
from keian.crisis.forcing import Factors, Group
from keian.crisis.places import strike_units
from keian.crisis.run import draw_input
from keian.crisis.shortages import qualify_substitutes, see_shortages
from keian.crisis.ways import PORTS, close_ports, close_route, fail_service
from keian.scenario import nouns as n
from keian.scenario.draws import key_shock
from keian.scenario.parts import find_struck_service


def _cut_source(cast: Cast, f: Factors, shock: n.SourceCut) -> None:
    eased = cast.eased.get(f"source.{shock.origin}", np.zeros(cast.days))
    lost = draw_loss(cast, shock, shock.loss, "loss")
    if shock.origin in cast.index.region:
        r, s = cast.index.region[shock.origin], cast.index.region[shock.destination]
        for p in list_products(cast, shock.products):
            group = Group(p, r, s)
            f.series(f.source, group)[:] *= 1.0 - lost * (1.0 - eased)
    if shock.goods == "keep" or shock.destination != cast.economy.home:
        return
    for c, (good, origin) in enumerate(cast.index.lines):
        if shock.goods != "all" and good not in shock.goods:
            continue
        region = cast.economy.country_region.get(origin, origin)
        if shock.origin not in (origin, region) or origin == cast.economy.home:
            continue
        back = np.maximum(eased, cast.eased.get(f"source.{shock.origin}.{good}", 0.0))
        f.series(f.line_source, c)[:] *= 1.0 - lost * (1.0 - back)


def _surge(cast: Cast, f: Factors, shock: n.DemandSurge) -> None:
    change = draw_loss(cast, shock, shock.change, "change")
    r = cast.index.region[shock.region]
    for p in list_products(cast, shock.products):
        f.series(f.demand, (p, r))[:] *= 1.0 + change
    for good in shock.goods:
        f.series(f.good_need, cast.index.good[good])[:] *= 1.0 + change


def _lose_stock(cast: Cast, f: Factors, shock: n.StockLoss) -> None:
    scenario = cast.run.scenario
    start = draw_input(cast.run, key_shock(scenario, shock, "start_day"), shock.start_day)
    loss = draw_input(cast.run, key_shock(scenario, shock, "loss"), shock.loss)
    day = max(0, round(start))  # what was lost before is missing from the first day on
    if day < cast.days:
        lost = f.series(f.pool_loss, cast.index.pool[shock.pool], 0.0)
        lost[day] = 1.0 - (1.0 - lost[day]) * (1.0 - loss)


def _nothing(cast: Cast, f: Factors, shock: n.Shock) -> None:
    """Delays act on measures; recorded shocks are shown and mark the scenario partial."""


APPLY: tuple[tuple[type, Callable[..., None]], ...] = (
    (n.SourceCut, _cut_source),
    (n.RouteClosure, _nothing),  # all closures of a route together, below
    (n.CapacityLoss, _nothing),  # by unit, area and contract together, below
    (n.WorkforceLoss, _nothing),
    (n.ServiceOutage, _nothing),  # all outages of a service together, below
    (n.CableCut, _nothing),
    (n.DemandSurge, _surge),
    (n.StockLoss, _lose_stock),
    (n.DecisionDelay, _nothing),
    (n.RecordedShock, _nothing),
)


def apply_shocks(cast: Cast, f: Factors) -> None:
    """Set the factors of every shock of the run's scenario."""
    for shock in cast.run.scenario.shocks:
        for kind, apply in APPLY:
            if isinstance(shock, kind):
                apply(cast, f, shock)
    strike_units(cast, f)
    closed = {s.route: None for s in cast.run.scenario.shocks if isinstance(s, n.RouteClosure)}
    ports = tuple(r for r in cast.economy.routes if r.kind == PORTS)
    for route in closed:
        if route not in {p.id for p in ports}:
            close_route(cast, f, route)
    if any(p.id in closed for p in ports):
        close_ports(cast, f, ports)
    struck = {find_struck_service(s, cast.economy) for s in cast.run.scenario.shocks}
    for service in cast.economy.services:
        if service.id in struck:
            fail_service(cast, f, service)
    _stop_makers(cast, f)
    see_shortages(cast, f)
    qualify_substitutes(cast, f)


def _stop_makers(cast: Cast, f: Factors) -> None:
    """What a region cannot make it cannot ship: lost capacity abroad cuts the goods' lines too."""
    for c, (good, origin) in enumerate(cast.index.lines):
        region = cast.economy.country_region.get(origin, origin)
        if cast.st.line_unit[c] >= 0 or region not in cast.index.region:
            continue
        parent = next(g.parent_product for g in cast.economy.goods if g.id == good)
        maker = cast.index.unit.get(f"{region}.{parent}", -1)
        for table in (f.capital, f.work):
            if maker in table:
                f.series(f.line_source, c)[:] *= table[maker]
