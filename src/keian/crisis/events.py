"""From shocks to daily factors (2.1): factors on one target multiply, whatever overlaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keian.core import Triple
from keian.crisis._arrays import Drawn, F, Static
from keian.crisis.forcing import Factors, Group, Passage
from keian.crisis.run import Run, draw_input
from keian.crisis.table_arrays import FINAL_KINDS, Index
from keian.crisis.rules import Rules
from keian.economy.nouns import Economy, Service, Route, RouteFlow
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
    rules: Rules


def calc_loss(days: int, *, start: float, duration: float, half: float, loss: float) -> F:
    """Calculate the share lost on each day: the loss, then half of it after each half-life.

    Parameters
    ----------
    days : length of the run.
    start, duration, half : days; the period includes its start and excludes its end. A day that
        it touches in part loses that part.
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
    lost = loss * np.clip(np.minimum(day + 1.0, end) - np.maximum(day, start), 0.0, 1.0)
    if half > 0:
        after = np.clip(day + 1.0 - end, 0.0, None)
        lost += np.minimum(after, 1.0) * loss * 0.5 ** (after / half)
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


def cut_by_day(cast: Cast, origin: str, good: str) -> F:
    """Share of a good from an origin that source cuts take, by day; also where no line is."""
    left = np.ones(cast.days)
    region = cast.economy.country_region.get(origin, origin)
    for shock in cast.run.scenario.shocks:
        if not isinstance(shock, n.SourceCut) or shock.goods == "keep":
            continue
        named = shock.goods == "all" or good in shock.goods
        mine = shock.origin in (origin, region) and shock.destination == cast.economy.home
        if named and mine:
            eased = cast.eased.get(f"source.{shock.origin}", np.zeros(cast.days))
            back = np.maximum(eased, cast.eased.get(f"source.{shock.origin}.{good}", 0.0))
            left *= 1.0 - draw_loss(cast, shock, shock.loss, "loss") * (1.0 - back)
    return np.asarray(1.0 - left, np.float64)


def find_short(cast: Cast, f: Factors, good: str) -> F:
    """1 on days when restraint of a good makes sense, else 0.

    From the first day on which shocks cut its supply, or that of what it is made from, or raise
    its use, until stocks have had time to fill after the last.
    """
    short = np.zeros(cast.days, bool)
    goods = {g.id: g for g in cast.economy.goods}
    name: str | None = good
    while name in goods:
        short |= _is_struck(cast, f, name)
        name = goods[name].made_from
    if not short.any():
        return short.astype(np.float64)
    first = int(np.argmax(short))
    last = cast.days - 1 - int(np.argmax(short[::-1]))
    refill = int(np.ceil(cast.dr.restock[cast.index.good[good]]))
    day = np.arange(cast.days)
    return ((day >= first) & (day <= last + refill)).astype(np.float64)


def _is_struck(cast: Cast, f: Factors, good: str) -> npt.NDArray[np.bool_]:
    """Days on which shocks cut a good's lines by more than a hundredth, or raise its use."""
    come, h = np.zeros(cast.days), cast.index.good[good]
    for c, (name, _) in enumerate(cast.index.lines):
        if name == good:
            left = f.line_source.get(c, np.ones(cast.days)).copy()
            for passage in f.straits.get(c, {}).values():
                left *= passage.open
            maker = int(cast.st.line_unit[c])
            left *= f.capital.get(maker, 1.0) * f.work.get(maker, 1.0)
            come += cast.dr.line_share[c] * left
    return (come < NOT_SHORT) | (f.good_need.get(h, np.ones(cast.days)) > 1.0 / NOT_SHORT)


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


def _close_route(cast: Cast, f: Factors, name: str) -> None:
    """Close a route by all shocks on it together: closures of one passage multiply what is open."""
    route = next(r for r in cast.economy.routes if r.id == name)
    closed = _close_by_day(cast, name)
    for flow in route.flows:
        _close_flow(cast, f, route, flow, closed, list_products(cast, flow.products))
    _close_lines(cast, f, route, closed)


def _fail_service(cast: Cast, f: Factors, service: Service) -> None:
    """Fail a service by all outages of it together."""
    eased = cast.eased.get(f"outage.{service.id}", np.zeros(cast.days))
    left = f.series(f.outage_left, cast.index.service[service.id])
    for shock in cast.run.scenario.shocks:
        if isinstance(shock, n.ServiceOutage) and shock.service == service.id:
            left *= 1.0 - draw_loss(cast, shock, shock.loss, "loss") * (1.0 - eased)
    if service.carries_trade_share is None:
        return
    lost = 1.0 - left
    share = draw_input(
        cast.run, f"service.{service.id}.carries_trade_share", service.carries_trade_share
    )
    home = cast.index.region[cast.economy.home]
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


def _close_ports(cast: Cast, f: Factors, groups: tuple[Route, ...]) -> None:
    """Close port groups: they lie side by side, and ships of closed ones go to berths left open.

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


PORTS = "ports"  # kind of a route
LEAST_WAIT_DAYS = 1e-9
NOT_SHORT = 0.99  # inflow, share of normal, from which nobody is asked to use less
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
    day = max(0, round(start))  # what was lost before is missing from the first day on
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
    (n.ServiceOutage, _nothing),  # all outages of a service together, below
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
    ports = tuple(r for r in cast.economy.routes if r.kind == PORTS)
    for route in closed:
        if route not in {p.id for p in ports}:
            _close_route(cast, f, route)
    if any(p.id in closed for p in ports):
        _close_ports(cast, f, ports)
    struck = {s.service for s in cast.run.scenario.shocks if isinstance(s, n.ServiceOutage)}
    for service in cast.economy.services:
        if service.id in struck:
            _fail_service(cast, f, service)
    _stop_makers(cast, f)
    _see_shortages(cast, f)
    _qualify_substitutes(cast, f)


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


def _see_shortages(cast: Cast, f: Factors) -> None:
    """What users believe still comes: less only once a shortage has lasted some days (2.4)."""
    for c, (good, _) in enumerate(cast.index.lines):
        come = f.line_source.get(c)
        for passage in f.straits.get(c, {}).values():
            come = passage.open if come is None else come * passage.open
        if come is not None and (come != 1.0).any():
            f.line_seen[c] = believe(come, _count_notice(cast, good))


def believe(come: F, notice: int) -> F:
    """The most that came on any of the last days: bad news is believed late, good news at once.

    Examples
    --------
    >>> believe(np.array([1.0, 0.4, 0.4, 0.4, 0.9]), 2)
    array([1. , 1. , 1. , 0.4, 0.9])
    """
    before = np.concatenate([np.ones(notice), come])
    return np.lib.stride_tricks.sliding_window_view(before, notice + 1).max(axis=1)


def _count_notice(cast: Cast, good: str) -> int:
    """Days from the start of a shortage until users save: fewer where it was announced."""
    notice = cast.rules.notice_days
    days = [max(0.0, known + notice - start) for known, start in _list_known(cast, good)]
    return round(min(days, default=notice))


def _first_known(cast: Cast, good: str) -> float | None:
    """Day from which users of a good know that it is short; None = no shock touches it."""
    return min((known for known, _ in _list_known(cast, good)), default=None)


def _list_known(cast: Cast, good: str) -> list[tuple[float, float]]:
    """When each shock on a good is known, and when it starts, days."""
    found: list[tuple[float, float]] = []
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
            scenario = cast.run.scenario
            start = draw_input(cast.run, key_shock(scenario, shock, "start_day"), shock.start_day)
            known = start
            if shock.known_from_day is not None:
                key = key_shock(scenario, shock, "known_from_day")
                known = draw_input(cast.run, key, shock.known_from_day)
            found.append((known, start))
    return found


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
        # tests go faster while help is there: neither before it is decided, nor after it ends
        left = np.maximum(wait * (1.0 - sooner), LEAST_WAIT_DAYS)
        tested = np.clip(day + 1.0 - known, 0.0, 1.0) / left
        done = np.concatenate([[0.0], np.cumsum(tested)[:-1]])
        ready = (day >= known) & (done >= 1.0 - LEAST_WAIT_DAYS)
        f.series(f.use_factor, e)[:] *= np.where(ready, 1.0 - share, 1.0)


__all__ = ["FINAL_KINDS", "Cast", "apply_shocks", "calc_loss"]
