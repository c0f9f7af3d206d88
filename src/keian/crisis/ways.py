"""Straits and ports by day: what passes, what goes around, what waits (2.1, 2.7)."""

from __future__ import annotations

import numpy as np

from keian.crisis._arrays import F
from keian.crisis.cables import fail_cables
from keian.crisis.cast import Cast, draw_loss, list_products
from keian.crisis.forcing import Factors, Group, Passage
from keian.crisis.run import draw_input
from keian.economy.nouns import Route, RouteFlow, Service
from keian.scenario import nouns as n

PORTS = "ports"  # kind of a route
PORT_YARD_DAYS = 7.0  # days that ships wait off a stopped port; same default as at a strait


def calc_detour(route: Route, closed: F, lag: float, cast: Cast) -> tuple[F, F]:
    """Share of closed traffic that the detour carries with the ships there are, and its days.

    A detour of d days on a way of `lag` days needs (lag + d) / lag times the ships; what the open
    part needs stays with it, and of a spare share s only that many more sail. The days are the
    mean over all traffic of the passage.
    """
    if route.detour_days is None:
        return np.zeros_like(closed), np.zeros_like(closed)
    days = draw_input(cast.run, f"route.{route.id}.detour_days", route.detour_days)
    spare = draw_input(cast.run, f"route.{route.id}.fleet_spare_share", route.fleet_spare_share)
    way = max(lag, 1.0)
    # ships that the open part does not need, against what the closed part needs on the longer way
    free = 1.0 + spare - (1.0 - closed)
    needed = closed * (way + days) / way
    carried = np.divide(free, needed, out=np.ones_like(closed), where=needed > 0)
    carried = np.minimum(1.0, carried) * _open_ways(cast, route)
    around = closed * carried
    through = 1.0 - closed + around
    share = np.divide(around, through, out=np.zeros_like(around), where=through > 0)
    return carried, days * share


def _close_by_day(cast: Cast, name: str) -> F:
    """Share of a route that all shocks on it together close, less what measures open."""
    left = np.ones(cast.days)
    for shock in cast.run.scenario.shocks:
        if isinstance(shock, n.RouteClosure) and shock.route == name:
            left *= 1.0 - draw_loss(cast, shock, shock.loss, "loss")
    return (1.0 - left) * (1.0 - cast.eased.get(f"route.{name}", np.zeros(cast.days)))


def _open_ways(cast: Cast, route: Route) -> F:
    """Open share of the best way around a route: a detour through a closed strait carries nothing."""
    best = np.ones(cast.days) if not route.detour_by else np.zeros(cast.days)
    for way in route.detour_by:
        open_ = np.ones(cast.days)
        for name in way:
            open_ *= 1.0 - _close_by_day(cast, name)
        best = np.maximum(best, open_)
    return best


def _carried_by(cast: Cast, route: Route, group: Group) -> set[int] | None:
    """Home users of the goods that pass a route inside a product's flow; None = anybody.

    Oil and gas share a product with stone and salt: closing the oil route must not stop the
    builder who buys the stone.
    """
    home = cast.index.region[cast.economy.home]
    goods = {
        g.id
        for g in cast.economy.goods
        if cast.index.product[g.parent_product] == group.product
        and any(r.route == route.id for s in g.supplies for r in s.routes)
    }
    if group.destination != home or not goods:
        return None
    return {
        cast.index.unit[u.unit]
        for u in cast.economy.uses
        if u.good in goods and u.carries_parent > 0
    }


def _close(passage: Passage, left: F, longer: F) -> None:
    """Let a passage open only by `left`, with days of detour for what goes around."""
    passage.open *= left
    passage.extra = np.maximum(passage.extra, np.rint(longer))


def _close_flow(
    cast: Cast, f: Factors, route: Route, flow: RouteFlow, closed: F, products: list[int]
) -> None:
    index = cast.index
    share = draw_input(
        cast.run, f"route.{route.id}.{flow.origin}.{flow.destination}.share", flow.share
    )
    yard = draw_input(cast.run, f"route.{route.id}.yard_days", route.yard_days)
    ways = [(flow.origin, flow.destination, flow.position_days)]
    if flow.both_ways:
        ways.append((flow.destination, flow.origin, 0.0))
    for origin, destination, position in ways:
        for p in products:
            group = Group(p, index.region[origin], index.region[destination])
            lag = float(cast.st.lag_days[cast.st.lag_class[p, group.origin, group.destination]])
            carried, longer = calc_detour(route, closed, lag, cast)
            passage = f.passage(
                f.passages, group, route.id,
                position=position, yard=yard, units=_carried_by(cast, route, group),
            )  # fmt: skip
            _close(passage, 1.0 - share * closed * (1.0 - carried), share * longer)


def _close_lines(cast: Cast, f: Factors, route: Route, closed: F) -> None:
    lines = [(g, s) for g in cast.economy.goods for s in g.supplies]
    yard = draw_input(cast.run, f"route.{route.id}.yard_days", route.yard_days)
    for c, (good, supply) in enumerate(lines):
        for passed in supply.routes:
            if passed.route != route.id:
                continue
            key = f"{good.id}.{supply.origin}.{route.id}.share"
            share = draw_input(cast.run, key, passed.share)
            carried, longer = calc_detour(route, closed, float(cast.dr.line_lag[c]), cast)
            passage = f.passage(f.straits, c, route.id, position=passed.position_days, yard=yard)
            _close(passage, 1.0 - share * closed * (1.0 - carried), share * longer)


def close_route(cast: Cast, f: Factors, name: str) -> None:
    """Close a route by all shocks on it together: closures of one passage multiply what is open."""
    route = next(r for r in cast.economy.routes if r.id == name)
    closed = _close_by_day(cast, name)
    for flow in route.flows:
        _close_flow(cast, f, route, flow, closed, list_products(cast, flow.products))
    _close_lines(cast, f, route, closed)


def fail_service(cast: Cast, f: Factors, service: Service) -> None:
    """Fail a service by all outages of it and all cuts of its cables together."""
    eased = cast.eased.get(f"outage.{service.id}", np.zeros(cast.days))
    left = f.series(f.outage_left, cast.index.service[service.id])
    for shock in cast.run.scenario.shocks:
        if isinstance(shock, n.ServiceOutage) and shock.service == service.id:
            left *= 1.0 - draw_loss(cast, shock, shock.loss, "loss") * (1.0 - eased)
    cut = {s.cables for s in cast.run.scenario.shocks if isinstance(s, n.CableCut)}
    for pool in cast.economy.cables:
        if pool.id in cut and pool.service == service.id:
            left *= 1.0 - fail_cables(cast, pool)
    if service.carries_trade_share is None:
        return
    lost = 1.0 - left
    share = draw_input(
        cast.run, f"service.{service.id}.carries_trade_share", service.carries_trade_share
    )
    _narrow_entry(cast, f, service.id, 1.0 - share * lost, PORT_YARD_DAYS)


def _narrow_entry(cast: Cast, f: Factors, name: str, left: F, yard: float) -> None:
    """Narrow the ports of home: flows in and out, and the lines of the goods."""
    home = cast.index.region[cast.economy.home]
    f.entry[:] *= left
    for p in list_products(cast, "goods"):
        for r in range(len(cast.economy.regions)):
            if r == home:
                continue
            # ships wait off the port: at the end of the way in, at the start of the way out
            for group, up in ((Group(p, r, home), np.inf), (Group(p, home, r), 0.0)):
                passage = f.passage(f.passages, group, name, position=up, yard=yard)
                passage.open *= left
    for c in np.flatnonzero(cast.st.line_unit < 0):
        passage = f.passage(f.straits, int(c), name, position=np.inf, yard=yard)
        passage.open *= left


def close_ports(cast: Cast, f: Factors, groups: tuple[Route, ...]) -> None:
    """Close port groups (2.1b): side by side, and ships of closed ones go to berths left open.

    Shares are those of the groups' flows into home, made to sum to 1; what open groups take on is
    their spare share. All traffic of a group is worth the same, goods of the lines included.
    """
    share = np.array([_draw_port(cast, g, "share") for g in groups])
    share /= max(1.0, float(share.sum()))
    closed = np.array([_close_by_day(cast, g.id) for g in groups])
    spare = np.array([_draw_port(cast, g, "spare") for g in groups])
    lost = share @ closed
    free = (share * spare) @ (1.0 - closed)
    yard = float(share @ [_draw_port(cast, g, "yard") for g in groups]) / float(share.sum())
    _narrow_entry(cast, f, "port groups", 1.0 - np.maximum(0.0, lost - free), yard)


def _draw_port(cast: Cast, group: Route, name: str) -> float:
    """Draw a figure of a port group: share of trade, spare berths, or days that ships wait."""
    home = cast.economy.home
    match name:
        case "share":
            flow = next(x for x in group.flows if x.destination == home)
            key = f"route.{group.id}.{flow.origin}.{flow.destination}.share"
            return draw_input(cast.run, key, flow.share)
        case "spare":
            key = f"route.{group.id}.fleet_spare_share"
            return draw_input(cast.run, key, group.fleet_spare_share)
        case _:
            return draw_input(cast.run, f"route.{group.id}.yard_days", group.yard_days)
