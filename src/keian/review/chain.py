"""The chain of causes behind a shortage: from what people feel back to the shock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from keian.core import Figure, Names
from keian.crisis._arrays import F
from keian.crisis.causes import Cause, name_cause
from keian.crisis.compile import compile_run
from keian.crisis.run import Run
from keian.crisis.simulate import Outcome, simulate_runs
from keian.economy import Good
from keian.economy.nouns import RouteShare, Supply
from keian.review.describe import Setting
from keian.review.needs import Need, read_series
from keian.review.nouns import ChainStep, StepKind
from keian.review.stats import make_figure, make_input
from keian.review.words import say
from keian.scenario import nouns as n
from keian.scenario.parts import find_struck_service, list_begun, weigh_begun
from keian.scenario.reach import calc_reach

DEEPEST = 8  # steps; longer chains repeat themselves
FALLEN = 0.98  # a unit below this share of normal has fallen
TABLE_SOURCE = "wiod2013-2011"  # of the shipped economy


@dataclass(frozen=True, slots=True)
class Traced:
    """The mode run with all units recorded, and the factors on the supply lines."""

    setting: Setting
    scenario: n.Scenario
    outcome: Outcome
    line_open: F  # (C, T)


def trace_mode(setting: Setting, scenario: n.Scenario) -> Traced:
    """Play the mode run once more with every unit recorded."""
    compiled = setting.compiled
    run = Run(scenario)
    units = np.arange(len(compiled.economy.units))
    outcome = dict(simulate_runs(compiled, [run], threads=1, rec_unit=units))[0]
    _, fx = compile_run(compiled, run, scenario.horizon_days)
    return Traced(setting, scenario, outcome, fx.line_source * fx.line_open)


def _step(  # noqa: PLR0913, PLR0917 - the fields of a step, one by one
    traced: Traced, day: float, key: str, kind: StepKind, names: Names, change: float,
    link: Names, share: tuple[float, tuple[str, ...]] | None = None,
) -> ChainStep:  # fmt: skip
    setting = traced.setting
    trace = f"{setting.run_id}/{traced.scenario.id}/chain/{key}"

    def figure(value: float, unit: str) -> Figure:
        return make_figure(value, [], unit=unit, label=setting.label, trace=trace)

    linked = None
    if share is not None:
        linked = make_input(
            share[0], unit="share", label=setting.label, sources=share[1], trace=trace
        )
    return ChainStep(
        day=figure(day, "day"),
        id=key,
        kind=kind,
        names=names,
        change=figure(100.0 * change, "% of normal"),
        link=link,
        link_share=linked,
    )


def _unit_cause(traced: Traced, unit: str, day: int) -> tuple[int, float, Cause]:
    """First day the unit fell, its fall by `day`, and what bound it most of that time."""
    compiled = traced.setting.compiled
    i = compiled.index.unit[unit]
    ratio = traced.outcome.unit[: day + 1, i]
    fallen = np.flatnonzero(ratio < FALLEN)
    first = int(fallen[0]) if fallen.size else day
    worst = int(np.argmin(ratio))
    codes = traced.outcome.cause[: day + 1, i]
    pairs = [
        (int(c), int(k))
        for c, k, x in zip(codes, traced.outcome.cause_index[: day + 1, i], ratio, strict=True)
        if x < FALLEN and c != 0
    ]
    if not pairs:
        return first, float(ratio[worst]) - 1.0, Cause("none", None)
    code, index = max(set(pairs), key=lambda p: (pairs.count(p), -p[0]))
    return first, float(ratio[worst]) - 1.0, name_cause(compiled, code, index)


def _shock_steps(
    traced: Traced, good: Good, supply: Supply, day: int, share: float
) -> Iterator[ChainStep]:
    """The route or source that cut a supply line, and the shock behind it."""
    economy = traced.setting.compiled.economy
    origin = economy.country_names.get(supply.origin, Names(en=supply.origin, ja=supply.origin))
    passed = {r.route: r for r in supply.routes}
    c = traced.setting.compiled.index.lines.index((good.id, supply.origin))
    lost = float(traced.line_open[c, : day + 1].min()) - 1.0
    # of several closures, the one that takes most; the order in which they were written counts not
    begun = sorted(list_begun(traced.scenario, day), key=lambda s: -_weigh(s, day, passed))
    for shock in begun:
        start = shock.start_day.mode
        if isinstance(shock, n.RouteClosure) and shock.route in passed:
            route = next(r for r in economy.routes if r.id == shock.route)
            yield _step(
                traced, start, route.id, "route", route.names, -shock.loss.mode,
                say("link.passes"), (share, (*passed[shock.route].share.sources, *supply.sources)),
            )  # fmt: skip
            return
        region = economy.country_region.get(supply.origin, supply.origin)
        if (
            isinstance(shock, n.SourceCut)
            and shock.origin in (supply.origin, region)
            and (shock.goods == "all" or good.id in shock.goods)
        ):
            yield _step(
                traced, start, shock.id, "source", origin, lost, say("link.from"),
                (share, supply.share.sources or supply.sources),
            )  # fmt: skip
            return
    yield _step(traced, float(day), supply.origin, "source", origin, lost, say("link.from"))


def _weigh(shock: n.ActingShock, day: int, passed: Mapping[str, RouteShare]) -> float:
    part = 1.0
    if isinstance(shock, n.RouteClosure):
        part = passed[shock.route].share.mode if shock.route in passed else 0.0
    return part * weigh_begun(shock, day)


def _good_steps(
    traced: Traced, good_id: str, day: int, seen: frozenset[str]
) -> Iterator[ChainStep]:
    """The steps behind a good that runs short, nearest first."""
    setting = traced.setting
    economy, index = setting.compiled.economy, setting.compiled.index
    good = next(g for g in economy.goods if g.id == good_id)
    h = index.good[good_id]
    total = sum(s.share.mode for s in good.supplies)
    losses = []
    for supply in good.supplies:
        c = index.lines.index((good_id, supply.origin))
        share = supply.share.mode / total
        if supply.made_by is not None:
            ratio = traced.outcome.unit[: day + 1, index.unit[supply.made_by]]
            losses.append((share * (1.0 - float(ratio.min())), share, supply))
        else:
            closed = 1.0 - float(traced.line_open[c, : day + 1].min())
            losses.append((share * closed, share, supply))
    lost, share, supply = max(losses, key=lambda row: row[0])
    fall = float(traced.outcome.inflow[: day + 1, h].min()) - 1.0
    yield _step(
        traced, _first_inflow(traced, h, day), good_id, "good", good.names, fall, say("link.drains")
    )
    if lost <= 0:
        yield from _drain_steps(traced, good, day)
    if lost <= 0 or len(seen) >= DEEPEST:
        return
    if supply.made_by is not None:
        if supply.made_by not in seen:
            yield from _unit_steps(
                traced, supply.made_by, day, seen | {supply.made_by},
                say("link.made"), (share, supply.sources),
            )  # fmt: skip
        return
    # all lines cut by the same closure count together
    routes = {r.route for r in supply.routes}
    same = sum(
        part
        for gone, part, other in losses
        if gone > 0
        and other.made_by is None
        and (other is supply or routes & {r.route for r in other.routes})
    )
    yield from _shock_steps(traced, good, supply, day, same)


def _drain_steps(traced: Traced, good: Good, day: int) -> Iterator[ChainStep]:
    """What drained a good whose supply did not fall: a stock lost, or more use."""
    pools = {p.id: p.names for p in good.pools}
    for shock in traced.scenario.shocks:
        start = shock.start_day.mode
        if start > day:
            continue
        if isinstance(shock, n.StockLoss) and shock.pool in pools:
            yield _step(
                traced, start, shock.pool, "stock", pools[shock.pool], -shock.loss.mode,
                say("link.drains"),
            )  # fmt: skip
            return
        if isinstance(shock, n.DemandSurge) and good.id in shock.goods:
            yield _step(
                traced, start, shock.id, "shock", say("cause.surge"), shock.change.mode,
                say("link.drains"),
            )  # fmt: skip
            return


def _table_sources(traced: Traced) -> tuple[str, ...]:
    known = traced.setting.compiled.economy.sources
    return tuple(s for s in (TABLE_SOURCE,) if s in known)


def _first_inflow(traced: Traced, h: int, day: int) -> float:
    low = np.flatnonzero(traced.outcome.inflow[: day + 1, h] < FALLEN)
    return float(low[0]) if low.size else float(day)


def _unit_steps(
    traced: Traced, unit: str, day: int, seen: frozenset[str], link: Names,
    share: tuple[float, tuple[str, ...]] | None,
) -> Iterator[ChainStep]:  # fmt: skip
    """The steps behind a unit that fell, nearest first."""
    economy, index = traced.setting.compiled.economy, traced.setting.compiled.index
    first, fall, cause = _unit_cause(traced, unit, day)
    yield _step(traced, first, unit, "unit", economy.unit_names[unit], fall, link, share)
    if len(seen) >= DEEPEST or cause.id in seen:
        return
    match cause.kind:
        case "good":
            yield from _good_steps(traced, str(cause.id), day, seen | {str(cause.id)})
        case "service":
            service = next(s for s in economy.services if s.id == cause.id)
            yield from _service_steps(traced, service.id, day, seen | {service.id})
        case "input":
            supplier = _weakest_supplier(traced, unit, str(cause.id), day)
            if supplier is not None and supplier not in seen:
                i, j = index.unit[supplier], index.unit[unit]
                part = float(economy.Z[i, j] / max(economy.Z[:, j].sum(), 1e-12))
                yield from _unit_steps(
                    traced, supplier, day, seen | {supplier}, say("link.buys"),
                    (part, _table_sources(traced)),
                )  # fmt: skip
        case _:
            yield from _direct_steps(traced, unit)


def _weakest_supplier(traced: Traced, unit: str, product: str, day: int) -> str | None:
    """The supplier of a product whose fall takes most from a unit."""
    economy, index = traced.setting.compiled.economy, traced.setting.compiled.index
    p, j = index.product[product], index.unit[unit]
    rows = np.flatnonzero(economy.unit_product == p)
    fall = 1.0 - traced.outcome.unit[: day + 1][:, rows].min(axis=0)
    weight = economy.Z[rows, j] * fall
    return economy.units[int(rows[int(np.argmax(weight))])] if weight.max() > 0 else None


def _direct_steps(traced: Traced, unit: str) -> Iterator[ChainStep]:
    for shock in traced.scenario.shocks:
        if not isinstance(shock, n.CapacityLoss | n.WorkforceLoss):
            continue
        if any(hit.id == unit for hit in calc_reach(shock, traced.setting.compiled.economy)):
            what = "cause.capital" if isinstance(shock, n.CapacityLoss) else "cause.workforce"
            yield _step(
                traced, shock.start_day.mode, shock.id, "shock", say(what), -shock.loss.mode,
                say("link.hits"),
            )  # fmt: skip
            return


def _service_steps(
    traced: Traced, service_id: str, day: int, seen: frozenset[str]
) -> Iterator[ChainStep]:
    """The steps behind a service that failed: a direct outage, or its provider."""
    economy, index = traced.setting.compiled.economy, traced.setting.compiled.index
    v = index.service[service_id]
    service = economy.services[v]
    level = traced.outcome.level[: day + 1, v]
    low = np.flatnonzero(level < FALLEN)
    first = float(low[0]) if low.size else float(day)
    fall = float(level.min()) - 1.0
    yield _step(traced, first, service_id, "service", service.names, fall, say("link.serves"))
    for shock in traced.scenario.shocks:
        if find_struck_service(shock, economy) == service_id:
            lost = sum(hit.mode for hit in calc_reach(shock, economy))
            yield _step(
                traced, shock.start_day.mode, shock.id, "shock", say("cause.outage"),
                -lost, say("link.serves"),
            )  # fmt: skip
            return
    if service.provider is not None and service.provider not in seen:
        yield from _unit_steps(
            traced, service.provider, day, seen | {service.provider}, say("link.serves"), None
        )


def trace_need(traced: Traced, need: Need, day: int) -> tuple[ChainStep, ...]:
    """Trace a need that fell below its floor back to the shock; the shock comes first."""
    start = frozenset({need.id})
    if need.kind == "good":
        steps = list(_good_steps(traced, need.id, day, start))
    elif need.kind == "service":
        steps = list(_service_steps(traced, need.id, day, start))
    else:
        steps = _vital_steps(traced, need, day)
    return tuple(reversed(steps))


def _vital_steps(traced: Traced, need: Need, day: int) -> list[ChainStep]:
    """What vital users miss most, and why its home maker fell."""
    compiled = traced.setting.compiled
    economy = compiled.economy
    home = compiled.index.region[economy.home]
    n_units = len(economy.units)
    want = compiled.static.b[:, n_units + 2 * home]
    missed = want * (1.0 - traced.outcome.vital_product[day])
    p = int(np.argmax(missed))
    fall = float(read_series(traced.outcome, need)[day]) - 1.0
    steps = [_step(traced, float(day), need.id, "final", need.names, fall, say("link.ends"))]
    unit = f"{economy.home}.{economy.products[p]}"
    if unit in compiled.index.unit:
        steps += _unit_steps(
            traced, unit, day, frozenset({need.id, unit}), say("link.needs"),
            (float(want[p] / want.sum()), _table_sources(traced)),
        )  # fmt: skip
    return steps


def name_need_cause(traced: Traced, need: Need, day: int) -> Names:
    """Say in words what bound a need, from the step before it in its chain."""
    earlier = trace_need(traced, need, day)[:-1]
    if not earlier:
        return say("cause.none")
    before = earlier[-1]
    match before.kind:
        case "route":
            return say("cause.route", route=before.names)
        case "source":
            return say("cause.source")
        case "unit":
            return say("cause.unit", unit=before.names)
        case "shock":
            return before.names
        case "stock":
            return say("cause.stock", pool=before.names)
        case "service":
            return say("cause.service", good=before.names)
        case _:
            return say("cause.good", good=before.names)
