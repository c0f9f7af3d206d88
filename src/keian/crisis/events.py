"""From shocks to daily factors (2.1): factors on one target multiply, whatever overlaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import Drawn, F, Static
from keian.crisis.forcing import Factors, Group, Passage
from keian.crisis.run import Run, draw_input
from keian.crisis.table_arrays import FINAL_KINDS, Index
from keian.economy.nouns import Economy, Route, RouteFlow
from keian.scenario import nouns as n
from keian.scenario.draws import key_shock


@dataclass(frozen=True, slots=True)
class Cast:
    """What the compilation of a run needs to know: the economy, the arrays and the run."""

    economy: Economy
    index: Index
    st: Static
    dr: Drawn
    run: Run
    days: int
    eased: Mapping[str, F]  # what open_route and restore_source give back, (T,) by key


def calc_loss(days: int, *, start: float, duration: float, half: float, loss: float) -> F:
    """Calculate the share lost on each day: the loss, then half of it after each half-life.

    Parameters
    ----------
    days : length of the run.
    start, duration, half : days; the period includes its start and excludes its end.
    loss : share lost, 0 to 1.

    Returns
    -------
    (days,) float.

    Examples
    --------
    >>> calc_loss(5, start=1, duration=2, half=1, loss=0.8)
    array([0. , 0.8, 0.8, 0.4, 0.2])
    """
    day = np.arange(days, dtype=np.float64)
    end = start + duration
    lost = np.where((day >= start) & (day < end), loss, 0.0)
    if half > 0:
        fading = loss * 0.5 ** ((np.maximum(day - end, 0.0) + 1.0) / half)
        lost = np.where(day >= end, fading, lost)
    return lost


def draw_loss(cast: Cast, shock: n.Shock, value: Triple, name: str) -> F:
    """Draw the loss of a shock by day, with its recovery shortened by hardening measures."""

    def draw(field: str, triple: Triple) -> float:
        return draw_input(cast.run, key_shock(cast.run.scenario, shock, field), triple)

    start = draw("start_day", shock.start_day)
    duration = draw("duration_days", shock.duration_days)
    half = draw("recovery_half_days", shock.recovery_half_days)
    if isinstance(shock, n.ServiceOutage):
        # what helps must be there when the recovery begins; later help does not reach back
        help_ = cast.eased.get(f"faster.{shock.service}", np.zeros(cast.days))
        half *= 1.0 - float(help_[min(cast.days - 1, int(np.ceil(start + duration)))])
    return calc_loss(
        cast.days,
        start=start,
        duration=duration,
        half=half,
        loss=draw(name, value),
    )


def match_units(cast: Cast, patterns: tuple[str, ...]) -> list[int]:
    """Find the units of ids and of `REGION.*`."""
    found: list[int] = []
    for pattern in patterns:
        if pattern.endswith(".*"):
            region = cast.index.region[pattern[:-2]]
            found.extend(int(i) for i in np.flatnonzero(cast.economy.unit_region == region))
        else:
            found.append(cast.index.unit[pattern])
    return [i for i in found if not cast.economy.masked[i]]


def list_products(cast: Cast, wanted: tuple[str, ...] | str) -> list[int]:
    """Turn product ids, `goods` (all that moves by sea) or `all` into numbers."""
    if wanted == "all":
        return list(range(len(cast.economy.products)))
    if wanted == "goods":
        return [int(p) for p in np.flatnonzero(cast.economy.moves_by_sea)]
    if wanted == "none":
        return []
    return [cast.index.product[p] for p in wanted]


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
    return np.minimum(1.0, carried) * _open_ways(cast, route), days * closed


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


def _close_route(cast: Cast, f: Factors, name: str) -> None:
    """Close a route by all shocks on it together: closures of one passage multiply what is open."""
    route = next(r for r in cast.economy.routes if r.id == name)
    closed = _close_by_day(cast, name)
    for flow in route.flows:
        _close_flow(cast, f, route, flow, closed, list_products(cast, flow.products))
    _close_lines(cast, f, route, closed)


def _fail_service(cast: Cast, f: Factors, shock: n.ServiceOutage) -> None:
    service = next(s for s in cast.economy.services if s.id == shock.service)
    eased = cast.eased.get(f"outage.{service.id}", np.zeros(cast.days))
    lost = draw_loss(cast, shock, shock.loss, "loss") * (1.0 - eased)
    v = cast.index.service[service.id]
    f.series(f.outage_left, v)[:] *= 1.0 - lost
    if service.carries_trade_share is None:
        return
    share = draw_input(
        cast.run, f"service.{service.id}.carries_trade_share", service.carries_trade_share
    )
    home = cast.index.region[cast.economy.home]
    left = 1.0 - share * lost
    for p in list_products(cast, "goods"):
        for r in range(len(cast.economy.regions)):
            if r == home:
                continue
            # ships wait off the port: at the end of the way in, at the start of the way out
            for group, up in ((Group(p, r, home), np.inf), (Group(p, home, r), 0.0)):
                passage = f.passage(f.passages, group, service.id, position=up, yard=PORT_YARD_DAYS)
                passage.open *= left
    for c in np.flatnonzero(cast.st.line_unit < 0):
        passage = f.passage(f.straits, int(c), service.id, position=np.inf, yard=PORT_YARD_DAYS)
        passage.open *= left


PORT_YARD_DAYS = 7.0  # days that ships wait off a stopped port; same default as at a strait


def _surge(cast: Cast, f: Factors, shock: n.DemandSurge) -> None:
    change = draw_loss(cast, shock, shock.change, "change")
    r = cast.index.region[shock.region]
    for p in list_products(cast, shock.products):
        f.series(f.demand, (p, r))[:] *= 1.0 + change
    for good in shock.goods:
        f.series(f.good_need, cast.index.good[good])[:] *= 1.0 + change


def _lose_capital(cast: Cast, f: Factors, shock: n.CapacityLoss | n.WorkforceLoss) -> None:
    lost = draw_loss(cast, shock, shock.loss, "loss")
    table = f.capital if isinstance(shock, n.CapacityLoss) else f.work
    for i in match_units(cast, shock.units):
        f.series(table, i)[:] *= 1.0 - lost


def _lose_stock(cast: Cast, f: Factors, shock: n.StockLoss) -> None:
    scenario = cast.run.scenario
    start = draw_input(cast.run, key_shock(scenario, shock, "start_day"), shock.start_day)
    loss = draw_input(cast.run, key_shock(scenario, shock, "loss"), shock.loss)
    day = round(start)
    if day < cast.days:
        lost = f.series(f.pool_loss, cast.index.pool[shock.pool], 0.0)
        lost[day] = 1.0 - (1.0 - lost[day]) * (1.0 - loss)


def _nothing(cast: Cast, f: Factors, shock: n.Shock) -> None:
    """Delays act on measures; recorded shocks are shown and mark the scenario partial."""


APPLY: tuple[tuple[type, Callable[..., None]], ...] = (
    (n.SourceCut, _cut_source),
    (n.RouteClosure, _nothing),  # all closures of a route together, below
    (n.CapacityLoss, _lose_capital),
    (n.WorkforceLoss, _lose_capital),
    (n.ServiceOutage, _fail_service),
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
    closed = {s.route: None for s in cast.run.scenario.shocks if isinstance(s, n.RouteClosure)}
    for route in closed:
        _close_route(cast, f, route)
    _qualify_substitutes(cast, f)


def _first_known(cast: Cast, good: str) -> float | None:
    """Day from which users of a good know that it is short; None = no shock touches it."""
    known: list[float] = []
    routes = {
        r.route for g in cast.economy.goods if g.id == good for s in g.supplies for r in s.routes
    }
    origins = {s.origin for g in cast.economy.goods if g.id == good for s in g.supplies}
    origins |= {cast.economy.country_region.get(o, o) for o in origins}
    for shock in cast.run.scenario.shocks:
        hit = isinstance(shock, n.RouteClosure) and shock.route in routes
        hit |= (
            isinstance(shock, n.SourceCut)
            and shock.destination == cast.economy.home
            and (shock.goods == "all" or good in shock.goods)
            and shock.origin in origins
        )
        if hit:
            field = "start_day" if shock.known_from_day is None else "known_from_day"
            day = shock.start_day if shock.known_from_day is None else shock.known_from_day
            known.append(draw_input(cast.run, key_shock(cast.run.scenario, shock, field), day))
    return min(known) if known else None


def _qualify_substitutes(cast: Cast, f: Factors) -> None:
    """Substitutes qualify a delay after the shortage is known (2.9)."""
    day = np.arange(cast.days, dtype=np.float64)
    for e, use in enumerate(cast.economy.uses):
        if use.substitute_days is None or use.substitute_share is None:
            continue
        known = _first_known(cast, use.good)
        if known is None:
            continue
        key = f"{use.good}.{use.unit}"
        wait = draw_input(cast.run, f"{key}.substitute_days", use.substitute_days)
        share = draw_input(cast.run, f"{key}.substitute_share", use.substitute_share)
        sooner = cast.eased.get(f"qualify.{use.good}", np.zeros(cast.days))
        wait_now = wait * (1.0 - sooner)
        # once qualified a substitute stays so, whatever helped it there
        ready = np.logical_or.accumulate(day >= known + wait_now)
        f.series(f.use_factor, e)[:] *= np.where(ready, 1.0 - share, 1.0)


__all__ = ["FINAL_KINDS", "Cast", "apply_shocks", "calc_loss"]
