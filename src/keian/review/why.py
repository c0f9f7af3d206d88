"""Why something falls short on a day: every cause behind it with its share, down to the shock.

`review.chain` follows the strongest cause to the first page; here all causes above a least share are
followed. The shares of one step say how much of *its* shortage each cause behind it accounts for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Self

import numpy as np

from keian.core import (
    AMBER,
    Figure,
    InputError,
    Label,
    Labelled,
    Names,
    Problem,
    join_labels,
    tell_text,
)
from keian.crisis._arrays import F, Forcing
from keian.crisis.causes import name_cause
from keian.crisis.compile import Compiled, compile_run
from keian.crisis.run import Run
from keian.crisis.simulate import Outcome, simulate_runs
from keian.economy.nouns import Economy, Service, Supply
from keian.review.needs import list_played, name_industry
from keian.review.stats import make_figure
from keian.review.words import say
from keian.scenario import nouns as n
from keian.scenario.parts import find_struck_service, list_begun, weigh_begun

NodeKind = Literal[
    "unit", "good", "service", "final", "route", "source", "stock", "shock", "others"
]
FALLEN = 0.995  # of normal; above it nothing is short (as the record has it)
LEAST_LEFT = 0.005  # share that is worth a line of its own
LOOK_BACK_DAYS = 30  # orders and stocks carry a fall this far; causes are weighed over these days


@dataclass(frozen=True, slots=True)
class Why:
    """One step: what falls short, when, by how much, and what lies behind it.

    level : % of normal on `day`.   share : of the shortage of the step above that this one
    accounts for; None where the model gives no split.
    """

    id: str
    kind: NodeKind
    names: Names
    day: int
    level: Figure | None
    share: Figure | None
    reason: Names
    children: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A shortage of one scenario, explained; weak points, so never below TLP:AMBER."""

    scenario: Names
    label: Label
    root: Why
    gaps: tuple[Names, ...] = ()  # what the data of the goods on the way do not tell apart

    def parts(self) -> Mapping[str, Labelled]:
        """It is shown whole or not at all."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return itself: it has no parts to take out."""
        if names:
            raise KeyError(f"an explanation has no part {min(names)!r}")
        return self


@dataclass(frozen=True, slots=True)
class _Trail:
    """The run behind an explanation, and how far it is followed."""

    compiled: Compiled
    run: Run
    outcome: Outcome
    fx: Forcing
    label: Label
    depth: int
    least: float

    def figure(self, value: float, unit: str, key: str) -> Figure:
        trace = f"{self.run.scenario.id}/why/{key}"
        return make_figure(value, [], unit=unit, label=self.label, trace=trace)


def explain_shortage(
    compiled: Compiled, run: Run, target: str, day: int, *, depth: int = 6, least: float = 0.1
) -> Explained:
    """Explain why a service, a good or an industry falls short on a day of one run.

    Parameters
    ----------
    compiled : from `compile_economy`.
    run : scenario, measures and draw.
    target : id of a service, a good or a unit (a unit of the home region without its region too).
    day : from 0; before the horizon.
    depth : steps that are followed at most.
    least : share of a shortage below which its cause is counted among the others.

    Raises
    ------
    InputError
        No such target, or a day outside the run.
    """
    kind, name = find_target(compiled, target)
    horizon = run.scenario.horizon_days
    if not 0 <= day < horizon:
        wanted = f"a day from 0 to {horizon - 1}"
        raise InputError([Problem("--day", str(day), wanted, "take a day within the run")])
    units = np.arange(len(compiled.economy.units))
    outcome = dict(simulate_runs(compiled, [run], threads=1, rec_unit=units))[0]
    _, fx = compile_run(compiled, run, horizon)
    economy = compiled.economy
    own = Label(run.scenario.label)
    label = join_labels(AMBER, economy.label, own)
    trail = _Trail(compiled, run, outcome, fx, label, depth, least)
    root = _FOLLOW[kind](trail, name, day, None, say("why.asked"), frozenset())
    return Explained(run.scenario.names, label, root, tuple(_list_gaps(economy, root)))


def _list_gaps(economy: Economy, root: Why) -> Iterator[Names]:
    """What is missing of each good on the way: where a chain ends that a person would follow on."""
    passed = {step.id for step in walk_why(root) if step.kind == "good"}
    for good in economy.goods:
        for gap in good.missing if good.id in passed else ():
            yield Names(
                en=f"{good.names.en}: {tell_text(gap, 'en')}",
                ja=f"{good.names.ja}：{tell_text(gap, 'ja')}",
            )


def walk_why(why: Why) -> Iterator[Why]:
    """Go through a step and all below it, from top to bottom."""
    yield why
    for child in why.children:
        yield from walk_why(child)


def find_target(compiled: Compiled, target: str) -> tuple[str, str]:
    """Find what an id means: (service | good | unit, full id)."""
    economy, index = compiled.economy, compiled.index
    if target in index.service:
        return "service", target
    if target in index.good:
        return "good", target
    # a service that no run counts as one is its industry there, a user of the other services
    listed = {s.id: s.provider for s in economy.registered_services if s.provider is not None}
    asked = listed.get(target, target)
    for unit in (asked, f"{economy.home}.{asked}"):
        if unit in index.unit and not economy.masked[index.unit[unit]]:
            return "unit", unit
    wanted = f"a service, a good or an industry such as {economy.home}.{economy.products[0]}"
    fix = f"services and goods: {', '.join([*index.service, *index.good, *listed])}; industries: keian economy show"
    word = re.compile(rf"\b{re.escape(target)}\b", re.IGNORECASE)
    mentions = [g.id for g in economy.goods if any(word.search(gap) for gap in g.missing)]
    if mentions:
        fix = f"the data do not tell it apart inside {', '.join(mentions)}: ask for that"
    if {target, f"{economy.home}.{target}"} & set(index.unit):
        wanted += " that makes something"
    raise InputError([Problem("WHAT", target, wanted, fix)])


def _split(
    trail: _Trail, weights: dict[str, float], *, most: int = 6
) -> tuple[list[tuple[str, float]], float]:
    """Shares of the causes worth naming, greatest first, and what is left for the others."""
    total = sum(w for w in weights.values() if w > 0)
    if total <= 0:
        return [], 0.0
    ranked = sorted(((w / total, k) for k, w in weights.items() if w > 0), reverse=True)
    named = [(k, share) for share, k in ranked[:most] if share >= trail.least]
    return named, 1.0 - sum(share for _, share in named)


def _others(trail: _Trail, day: int, left: float) -> tuple[Why, ...]:
    if left < LEAST_LEFT:
        return ()
    share = trail.figure(100.0 * left, "%", "others")
    names = say("why.others")
    return (Why("others", "others", names, day, None, share, say("why.small")),)


def _stop_here(day: int) -> Why:
    """Say that a chain goes on where it is followed no further."""
    return Why("further", "others", say("why.further"), day, None, None, say("why.depth"))


def _falls(trail: _Trail, day: int) -> F:
    """Mean fall of every unit over the days that lead to a day, share of normal; (n,)."""
    some = trail.outcome.unit[max(0, day - LOOK_BACK_DAYS) : day + 1]
    return np.asarray(np.nan_to_num(1.0 - some, nan=0.0).clip(0.0, 1.0).mean(axis=0), np.float64)


def _worst_day(trail: _Trail, unit: int, day: int) -> int:
    first = max(0, day - LOOK_BACK_DAYS)
    return first + int(np.argmin(trail.outcome.unit[first : day + 1, unit]))


def _share_figure(trail: _Trail, share: float | None, key: str) -> Figure | None:
    return None if share is None else trail.figure(100.0 * share, "%", key)


def _follow_unit(
    trail: _Trail, unit: str, day: int, share: float | None, reason: Names, seen: frozenset[str]
) -> Why:
    """What limits an industry, and what lies behind that."""
    i = trail.compiled.index.unit[unit]
    level = float(trail.outcome.unit[day, i])
    children: tuple[Why, ...] = ()
    if level < FALLEN and unit not in seen and len(seen) >= trail.depth:
        children = (_stop_here(day),)
    elif level < FALLEN and unit not in seen:
        code, index = trail.outcome.cause[day, i], trail.outcome.cause_index[day, i]
        cause = name_cause(trail.compiled, int(code), int(index))
        children = tuple(_behind_unit(trail, i, cause.kind, cause.id, day, seen | {unit}))
    names = trail.compiled.economy.unit_names[unit]
    figure = trail.figure(100.0 * level, "% of normal", unit)
    return Why(
        unit, "unit", names, day, figure, _share_figure(trail, share, unit), reason, children
    )


def _behind_unit(
    trail: _Trail, i: int, kind: str, name: str | None, day: int, seen: frozenset[str]
) -> Iterator[Why]:
    match kind:
        case "good":
            yield _follow_good(trail, str(name), day, 1.0, say("why.good"), seen)
        case "service":
            yield _follow_service(trail, str(name), day, 1.0, say("why.service"), seen)
        case "input" | "origin":
            yield from _follow_input(trail, i, str(name), day, seen)
        case "demand":
            yield from _follow_buyers(trail, i, day, seen)
        case "capital" | "workforce":
            yield from _struck(trail, i, kind, day)
        case _:
            return


def _follow_input(
    trail: _Trail, j: int, product: str, day: int, seen: frozenset[str]
) -> Iterator[Why]:
    """Suppliers of an input that fell, and flows of it that were cut or closed."""
    st, fx = trail.compiled.static, trail.fx
    p, r = trail.compiled.index.product[product], int(st.unit_region[j])
    k0, k1 = int(st.sup_ptr[p]), int(st.sup_ptr[p + 1])
    first, falls = max(0, day - LOOK_BACK_DAYS), _falls(trail, day)
    made: dict[str, float] = {}
    ways: dict[str, float] = {}
    for k in range(k1 - k0):
        i = int(st.sup_unit[k0 + k])
        part = float(st.s_t[int(st.s_ptr[p]) + k * st.b.shape[1] + j])
        unit = trail.compiled.economy.units[i]
        made[unit] = part * float(falls[i])
        g = int(fx.group_of[p, k, r])
        if g >= 0:
            come = fx.source_arrive[g].copy()
            for a in range(fx.pass_ptr[g], fx.pass_ptr[g + 1]):
                w = j - int(st.unit_start[r])
                come = come * (1.0 - fx.pass_part[a, w] * (1.0 - fx.pass_arrive[a]))
            ways[unit] = part * float(1.0 - come[first : day + 1].mean())
    named, left = _split(trail, made | {f"way:{u}": w for u, w in ways.items() if w > 0})
    for key, share in named:
        if key.startswith("way:"):
            yield _close_way(trail, key[4:], day, share)
        else:
            worst = _worst_day(trail, trail.compiled.index.unit[key], day)
            yield _follow_unit(trail, key, worst, share, say("why.supplier"), seen)
    yield from _others(trail, day, left)


def _close_way(trail: _Trail, unit: str, day: int, share: float) -> Why:
    """The shock on the way from a supplier: a route closed, or a source that stopped selling.

    Of several that have begun, the one that takes most by itself: its loss over the days it lasted.
    """
    economy = trail.compiled.economy
    region = unit.split(".", maxsplit=1)[0]
    names = economy.unit_names[unit]
    found: list[tuple[float, Why]] = []
    for shock in list_begun(trail.run.scenario, day):
        figure = _share_figure(trail, share, f"{shock.id}/{unit}")
        if isinstance(shock, n.RouteClosure):
            route = next(x for x in economy.routes if x.id == shock.route)
            passing = [f.share.mode for f in route.flows if region in (f.origin, f.destination)]
            if passing:
                reason = say("cause.route", route=route.names)
                why = Why(route.id, "route", names, day, None, figure, reason)
                found.append((max(passing) * weigh_begun(shock, day), why))
            continue
        cut = isinstance(shock, n.SourceCut) and shock.origin == region
        if cut or find_struck_service(shock, economy) is not None:
            kind: NodeKind = "source" if cut else "shock"
            reason = say("cause.source") if cut else say("cause.outage")
            found.append(
                (weigh_begun(shock, day), Why(shock.id, kind, names, day, None, figure, reason))
            )
    if found:
        return max(found, key=lambda row: row[0])[1]
    figure = _share_figure(trail, share, unit)
    return Why(unit, "source", names, day, None, figure, say("cause.source"))


def _follow_buyers(trail: _Trail, i: int, day: int, seen: frozenset[str]) -> Iterator[Why]:
    """Who buys less from an industry that makes less than it could."""
    economy, falls = trail.compiled.economy, _falls(trail, day)
    lost = economy.Z[i] * falls
    weights = {economy.units[j]: float(lost[j]) for j in np.flatnonzero(lost > 0) if j != i}
    named, left = _split(trail, weights)
    for unit, share in named:
        worst = _worst_day(trail, trail.compiled.index.unit[unit], day)
        yield _follow_unit(trail, unit, worst, share, say("why.buyer"), seen)
    yield from _others(trail, day, left)


def _struck(trail: _Trail, i: int, kind: str, day: int) -> Iterator[Why]:
    """The shocks that took capacity or people from an industry."""
    unit = trail.compiled.economy.units[i]
    region = unit.split(".", maxsplit=1)[0]
    wanted = n.CapacityLoss if kind == "capital" else n.WorkforceLoss
    for shock in list_begun(trail.run.scenario, day):
        if isinstance(shock, wanted) and {unit, f"{region}.*"} & set(shock.units):
            names = trail.compiled.economy.unit_names[unit]
            yield Why(shock.id, "shock", names, day, None, None, say(f"cause.{kind}"))


def _follow_service(
    trail: _Trail, service: str, day: int, share: float | None, reason: Names, seen: frozenset[str]
) -> Why:
    """The outage that struck a service, and what limits whoever provides it."""
    compiled = trail.compiled
    v = compiled.index.service[service]
    asked = compiled.economy.services[v]
    level = float(trail.outcome.level[day, v])
    if service not in list_played(compiled.economy, trail.run.scenario):
        return _tell_not_played(trail, asked, day, seen)
    children: list[Why] = []
    if level < FALLEN and service not in seen and len(seen) >= trail.depth:
        children.append(_stop_here(day))
    elif level < FALLEN and service not in seen:
        out = 0.0
        for k in np.flatnonzero(trail.fx.outage_service == v):
            out = float(trail.fx.outage[k, day])
        if out > 0:
            part = min(1.0, out / (1.0 - level))
            shocks, economy = list_begun(trail.run.scenario, day), compiled.economy
            ids = [s.id for s in shocks if find_struck_service(s, economy) == service]
            figure = _share_figure(trail, part, f"{service}/outage")
            names = say("cause.outage")
            children.append(
                Why(" + ".join(ids), "shock", names, day, None, figure, say("link.hits"))
            )
        if asked.provider is not None and out < (1.0 - level) * (1.0 - trail.least):
            part = 1.0 - out / (1.0 - level)
            provider = say("why.provider")
            found = _follow_unit(trail, asked.provider, day, part, provider, seen | {service})
            children.append(found)
    figure = trail.figure(100.0 * level, "% of normal", service)
    own = _share_figure(trail, share, service)
    return Why(service, "service", asked.names, day, figure, own, reason, tuple(children))


def _tell_not_played(trail: _Trail, service: Service, day: int, seen: frozenset[str]) -> Why:
    """A service that the run has no level for: its industry stands below it, shown only."""
    industry = name_industry(service)
    below: tuple[Why, ...] = ()
    if industry in trail.compiled.index.unit:
        beside = say("why.industry")
        i = trail.compiled.index.unit[industry]
        cause = name_cause(trail.compiled, int(trail.outcome.cause[day, i]), 0)
        lacking = float(trail.outcome.unit[day, i]) < service.floor_level.mode
        # an industry of which less is asked makes less and leaves nobody without
        if lacking and cause.kind != "demand":
            beside = say("why.industry_low", floor=f"{100.0 * service.floor_level.mode:.3g}")
        below = (_follow_unit(trail, industry, day, None, beside, seen | {service.id}),)
    return Why(service.id, "service", service.names, day, None, None, say("why.not_played"), below)


def _follow_good(
    trail: _Trail, good: str, day: int, share: float | None, reason: Names, seen: frozenset[str]
) -> Why:
    """Which lines of a good sent less since the run began, and what stopped each."""
    compiled = trail.compiled
    h = compiled.index.good[good]
    asked = next(g for g in compiled.economy.goods if g.id == good)
    level = float(trail.outcome.avail[day, h])
    children: list[Why] = []
    if level < FALLEN and good not in seen and len(seen) >= trail.depth:
        children = [_stop_here(day)]
    elif level < FALLEN and good not in seen:
        children = list(_follow_lines(trail, good, day, seen | {good}))
    figure = trail.figure(100.0 * level, "% of normal", good)
    own = _share_figure(trail, share, good)
    return Why(good, "good", asked.names, day, figure, own, reason, tuple(children))


def _follow_lines(trail: _Trail, good: str, day: int, seen: frozenset[str]) -> Iterator[Why]:
    """Lines of a good by what cut them: one cause for all lines that one closure cuts."""
    compiled = trail.compiled
    asked = next(g for g in compiled.economy.goods if g.id == good)
    total = sum(s.share.mode for s in asked.supplies)
    weights: dict[str, float] = {}
    for supply in asked.supplies:
        part = supply.share.mode / total
        if supply.made_by is not None:
            ratio = trail.outcome.unit[: day + 1, compiled.index.unit[supply.made_by]]
            weights[supply.made_by] = part * float((1.0 - ratio).clip(0.0, 1.0).mean())
            continue
        c = compiled.index.lines.index((good, supply.origin))
        come = trail.fx.line_source[c, : day + 1] * trail.fx.line_open[c, : day + 1]
        gone = part * float(1.0 - come.mean())
        for key, piece in _share_cut(trail, c, supply, day):
            weights[key] = weights.get(key, 0.0) + gone * piece
    named, left = _split(trail, weights)
    routes = {x.id: x.names for x in compiled.economy.routes}
    for key, share in named:
        figure = _share_figure(trail, share, f"{good}/{key}")
        if key in compiled.index.unit:
            worst = _worst_day(trail, compiled.index.unit[key], day)
            yield _follow_unit(trail, key, worst, share, say("link.made"), seen)
        elif key in routes:
            closed = say("cause.route", route=routes[key])
            yield Why(key, "route", routes[key], day, None, figure, closed)
        else:
            plain = Names(en=key, ja=key)
            names = compiled.economy.country_names.get(key, plain)
            yield Why(key, "source", names, day, None, figure, say("cause.source"))
    yield from _others(trail, day, left)
    raised = bool((trail.fx.good_need[compiled.index.good[good], : day + 1] > 1.0).any())
    for shock in list_begun(trail.run.scenario, day):
        if raised and isinstance(shock, n.DemandSurge) and good in shock.goods:
            yield Why(shock.id, "shock", asked.names, day, None, None, say("cause.surge"))
        pools = {p.id: p.names for p in asked.pools}
        if isinstance(shock, n.StockLoss) and shock.pool in pools:
            lost = say("cause.stock", pool=pools[shock.pool])
            yield Why(shock.pool, "stock", pools[shock.pool], day, None, None, lost)


def _share_cut(trail: _Trail, line: int, supply: Supply, day: int) -> list[tuple[str, float]]:
    """Share what a line lost by a day over the routes that closed and its origin; sums to 1.

    In proportion to what each takes alone: share of the line that passes, times share closed, over
    the days it was closed; of the origin, what it did not send. The order of the shocks counts for
    nothing.
    """
    alone: dict[str, float] = {}
    passed = {x.route: x.share.mode for x in supply.routes}
    if bool((trail.fx.line_open[line, : day + 1] < 1.0).any()):
        for shock in list_begun(trail.run.scenario, day):
            if isinstance(shock, n.RouteClosure) and shock.route in passed:
                taken = passed[shock.route] * weigh_begun(shock, day)
                alone[shock.route] = alone.get(shock.route, 0.0) + taken
    alone[supply.origin] = float(1.0 - trail.fx.line_source[line, : day + 1].mean())
    total = sum(alone.values())
    if total <= 0.0:
        return [(supply.origin, 1.0)]
    return [(key, taken / total) for key, taken in alone.items() if taken > 0.0]


_FOLLOW = MappingProxyType({"unit": _follow_unit, "good": _follow_good, "service": _follow_service})
