"""A scenario in figures: what runs out when, cover curves, service weeks, losses, variants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from keian.core import Figure, Label, Names
from keian.crisis._arrays import DEMAND, F
from keian.crisis.baseline import Baseline
from keian.crisis.compile import Compiled
from keian.crisis.simulate import Outcome, home_units
from keian.economy import Good
from keian.exposure.survival import is_cover_known
from keian.review.needs import Need, name_industry, read_series
from keian.review.nouns import (
    Curve,
    Loss,
    RunOut,
    ServiceAside,
    ServiceWeeks,
    StockBar,
    Variant,
)
from keian.review.play import Summary
from keian.review.stats import QUANTILES, make_figure, make_input
from keian.review.study import Study, list_returning, list_switches
from keian.review.words import say

WEEK_DAYS = 7
Owner = Literal["state", "private", "joint", "users"]
OWNERS: tuple[Owner, ...] = ("state", "private", "joint", "users")
MOVED_SHARE = 0.02  # a curve that moves less than this share of its start is left out


@dataclass(frozen=True, slots=True)
class Setting:
    """What every figure of a scenario needs: arrays, baseline, money, label."""

    compiled: Compiled
    base: Baseline
    label: Label
    run_id: str

    def year(self) -> float:
        """A year's value added of the home region, MUSD."""
        return self.base.value_added * self.compiled.rules.days_per_year

    def yen(self, musd: float) -> float:
        """Money of the table in billion yen."""
        return musd * self.compiled.economy.yen_per_usd / 1000.0


def _stocks(setting: Setting, good: Good) -> tuple[StockBar, ...]:
    """Stocks of a good by owner, days of normal national use, from the inputs."""
    economy = setting.compiled.economy
    held: dict[str, list[tuple[float, float, float]]] = {o: [] for o in OWNERS}
    sources: dict[str, set[str]] = {o: set() for o in OWNERS}
    for pool in good.pools:
        q, u = pool.quantity_days, pool.usable_share
        held[pool.owner].append((q.low * u.low, q.mode * u.mode, q.high * u.high))
        sources[pool.owner] |= {*pool.sources, *q.sources, *u.sources}
    uses = [u for u in economy.uses if u.good == good.id]
    total = sum(u.use_share.mode for u in uses)
    # What nobody knows is no stock of nought: it has no bar.
    for use in uses if is_cover_known(good, uses) else ():
        share, c = use.use_share.mode / total, use.cover_days
        held["users"].append((share * c.low, share * c.mode, share * c.high))
        sources["users"] |= {*c.sources} or {*use.sources}
    bars = []
    for owner in OWNERS:
        if held[owner]:
            low, mode, high = (sum(part) for part in zip(*held[owner], strict=True))
            figure = make_input(
                mode, unit="days", label=setting.label, sources=tuple(sorted(sources[owner])),
                trace=f"goods.{good.id}.{owner}", band=(low, high),
            )  # fmt: skip
            bars.append(StockBar(owner, figure))
    return tuple(bars)


def list_behind(setting: Setting, study: Study, need: Need) -> list[Good]:
    """List the goods behind a need: itself and what it is made from, else those that fell before."""
    economy, first = setting.compiled.economy, study.base().first
    if need.kind != "good":
        day = first[need.id]
        return [g for g in economy.goods if first.get(g.id, np.inf) <= day < np.inf]
    goods = {g.id: g for g in economy.goods}
    found = [goods[need.id]]
    while found[-1].made_from is not None:
        found.append(goods[found[-1].made_from])
    return found


def list_shut(setting: Setting, study: Study, need: Need) -> dict[str, Names]:
    """List by id the reserves behind a need that hold something and give nothing in the mode run."""
    index, mode = setting.compiled.index.pool, study.mode()
    return {
        p.id: p.names
        for good in list_behind(setting, study, need)
        for p in good.pools
        if not p.automatic and p.quantity_days.mode > 0 and mode.drawn[:, index[p.id]].max() <= 0
    }


def list_stock_sources(setting: Setting, study: Study, need: Need) -> tuple[str, ...]:
    """List the sources of the stocks behind a good: its pools, those of what it is made from, users'.

    Where the quantity of a pool has sources of its own, these stand for it.
    """
    if need.kind != "good":
        return ()
    goods = list_behind(setting, study, need)
    found = [
        name
        for good in goods
        for pool in good.pools
        for name in (pool.quantity_days.sources or pool.sources)
    ]
    behind = {good.id for good in goods}
    for use in setting.compiled.economy.uses:
        if use.good in behind:
            found += use.cover_days.sources
    return tuple(dict.fromkeys(found))


def describe_need(setting: Setting, study: Study, need: Need, cause: Names) -> RunOut:
    """Describe when a need falls below its floor."""
    horizon = float(study.scenario.horizon_days)
    mode = study.base()
    draws = [study.base(d).first[need.id] for d in study.numbers()]
    variants = [
        study.at("variant", s.kappa, s.criticality, s.phi).summary.first[need.id]
        for s in list_switches()
    ]
    unit = "days" if need.kind == "good" else "share"
    trace = f"{setting.run_id}/{study.scenario.id}/{need.id}"
    below = [float(np.isfinite(d)) for d in draws]
    share = float(np.mean(below)) if below else float(np.isfinite(mode.first[need.id]))
    goods = {g.id: g for g in setting.compiled.economy.goods}
    first = mode.first[need.id]
    floor = need.floor
    return RunOut(
        id=need.id,
        kind=need.kind,
        names=need.names,
        vital=need.vital,
        floor=make_input(
            floor.mode, unit=unit, label=setting.label, sources=need.sources, trace=need.floor_key,
            band=None if floor.fixed else (floor.low, floor.high),
        ),
        day=make_figure(
            first, draws, unit="day", label=setting.label, trace=f"{trace}/first_below",
            sources=tuple(
                dict.fromkeys((*need.sources, *list_stock_sources(setting, study, need)))
            ),
            variants=variants, limit=horizon,
        ),
        below_share=make_figure(share, [], unit="share", label=setting.label, trace=f"{trace}/share"),
        lowest=make_figure(
            mode.lowest[need.id],
            [study.base(d).lowest[need.id] for d in study.numbers()],
            unit=unit, label=setting.label, trace=f"{trace}/lowest",
        ),
        stocks=_stocks(setting, goods[need.id]) if need.kind == "good" else (),
        cause=cause if np.isfinite(first) else say("cause.not_below"),
        shut=tuple(list_shut(setting, study, need).values()),
    )  # fmt: skip


def _bands(rows: F) -> dict[float, tuple[float, ...]]:
    if not len(rows):
        return {}
    values = np.quantile(rows, QUANTILES, axis=0)
    return {q: tuple(map(float, v)) for q, v in zip(QUANTILES, values, strict=True)}


def _stack(study: Study, need: Need) -> F:
    kept = [study.at("base", d).outcome for d in study.numbers()]
    rows = [read_series(o, need) for o in kept if o is not None]
    return np.stack(rows) if rows else np.zeros((0, study.scenario.horizon_days))


def draw_curve(study: Study, need: Need, step: int = 1) -> Curve:
    """Draw the series of a need with bands of the draws."""
    mode = read_series(study.mode(), need)[::step]
    first = study.base().first[need.id]
    return Curve(
        id=need.id,
        names=need.names,
        unit="days" if need.kind == "good" else "share",
        days=tuple(range(0, study.scenario.horizon_days, step)),
        mode=tuple(map(float, mode)),
        bands=_bands(_stack(study, need)[:, ::step]),
        floor=need.floor.mode,
        crossing_day=int(first) if np.isfinite(first) else None,
        sources=need.sources,
        reference=float(mode[0]),
    )


def moves(study: Study, need: Need) -> bool:
    """Tell whether a need's series moves at all in the mode run."""
    series = read_series(study.mode(), need)
    return bool(np.ptp(series) > MOVED_SHARE * max(abs(float(series[0])), 1e-9))


def _find_lowest_by_week(series: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Find the lowest value of each week along the last axis; the last week may be short."""
    return np.minimum.reduceat(series, np.arange(0, series.shape[-1], WEEK_DAYS), axis=-1)


def describe_asides(setting: Setting, study: Study) -> Iterator[ServiceAside]:
    """Describe the services that this scenario does not play by the output of their industry."""
    compiled = setting.compiled
    played = {n.id for n in study.needs}
    place = {compiled.economy.units[i]: k for k, i in enumerate(home_units(compiled))}
    for service in compiled.economy.services:
        industry = name_industry(service)
        if service.id in played or industry not in place:
            continue
        mode, k = study.mode(), place[industry]
        output = mode.unit[:, k]
        asked = mode.cause[:, k] != DEMAND  # else it makes all that is asked, however little
        yield ServiceAside(
            id=service.id,
            names=service.names,
            vital=service.vital,
            floor=service.floor_level.mode,
            industry=industry,
            industry_names=compiled.economy.unit_names[industry],
            weeks=tuple(map(float, _find_lowest_by_week(output))),
            short=float(output[asked].min(initial=1.0)),
        )


def describe_weeks(study: Study, need: Need) -> ServiceWeeks:
    """Describe a service or vital demand by week: the lowest level of each week."""
    mode = _find_lowest_by_week(read_series(study.mode(), need))
    rows = _stack(study, need)
    weeks = _find_lowest_by_week(rows) if len(rows) else mode[None, :]
    low, high = np.quantile(weeks, [0.1, 0.9], axis=0)
    return ServiceWeeks(
        id=need.id,
        names=need.names,
        vital=need.vital,
        floor=need.floor.mode,
        weeks=tuple(map(float, mode)),
        low=tuple(map(float, low)),
        high=tuple(map(float, high)),
    )


def draw_value_added(setting: Setting, study: Study, step: int = 1) -> Curve:
    """Draw value added of the home region, share of normal."""
    home = setting.compiled.index.region[setting.compiled.economy.home]

    def ratio(outcome: Outcome) -> F:
        return outcome.value_added[:, home] / setting.base.value_added

    kept = [study.at("base", d).outcome for d in study.numbers()]
    rows = [ratio(o)[::step] for o in kept if o is not None]
    mode = ratio(study.mode())[::step]
    return Curve(
        id="value_added",
        names=say("value_added"),
        unit="share",
        days=tuple(range(0, study.scenario.horizon_days, step)),
        mode=tuple(map(float, mode)),
        bands=_bands(np.stack(rows)) if rows else {},
        floor=None,
        crossing_day=None,
        sources=(),
        reference=1.0,
    )


LossKind = Literal["value_added", "output", "unmet_final", "unmet_vital"]
LOSSES: tuple[tuple[LossKind, str, str], ...] = (
    ("value_added", "value_added", "worst_value_added"),
    ("output", "output", "worst_output"),
    ("unmet_final", "final", "worst_final"),
    ("unmet_vital", "vital", "worst_vital"),
)


def _loss_figure(setting: Setting, study: Study, field: str, unit: str, factor: float) -> Figure:
    """A loss of every run as a figure, in a unit."""

    def get(summary: Summary) -> float:
        return float(getattr(summary, field)) * factor

    return make_figure(
        get(study.base()),
        [get(study.base(d)) for d in study.numbers()],
        unit=unit,
        label=setting.label,
        trace=f"{setting.run_id}/{study.scenario.id}/{field}",
        variants=[
            get(study.at("variant", s.kappa, s.criticality, s.phi).summary)
            for s in list_returning(study)
        ],
    )


def describe_losses(setting: Setting, study: Study) -> tuple[Loss, ...]:
    """Describe the kinds of loss over the horizon; they are never added.

    There are four; vital demand is left out where the economy marks none as vital.
    """
    made = []
    for kind, base, worst in LOSSES:
        year = getattr(setting.base, base) * setting.compiled.rules.days_per_year
        if not year > 0:
            continue
        made.append(
            Loss(
                kind=kind,
                share_of_year=_loss_figure(setting, study, kind, "% of one year", 100.0 / year),
                money=_loss_figure(setting, study, kind, "MUSD", 1.0),
                yen=_loss_figure(setting, study, kind, "billion yen", setting.yen(1.0)),
                worst_day=_loss_figure(setting, study, worst, "% of one day", 100.0),
            )
        )
    return tuple(made)


def describe_variants(setting: Setting, study: Study, binding: str | None) -> tuple[Variant, ...]:
    """Describe the mode run under every setting of the structural switches."""
    made, back = [], list_returning(study)
    for s in list_switches():
        summary = study.at("variant", s.kappa, s.criticality, s.phi).summary
        first = {n.id: day for n in study.needs if np.isfinite(day := summary.first[n.id])}
        day = summary.first[binding] if binding else float("inf")
        made.append(
            Variant(
                kappa=s.kappa,
                criticality=s.criticality,
                phi=s.phi,
                binding_day=int(day) if np.isfinite(day) else None,
                value_added_share=100.0 * summary.value_added / setting.year(),
                first_out=min(first, key=lambda k: first[k]) if first else None,
                returns=s in back,
            )
        )
    return tuple(made)
