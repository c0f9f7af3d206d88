"""Goods that run because somebody asked, a company's own among them: shown, never ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from keian.core import Figure, Names
from keian.crisis._arrays import GOOD
from keian.economy.nouns import GoodUse, Supply
from keian.review.bought import calc_bought
from keian.review.chain import Traced, name_need_cause
from keian.review.describe import Setting, describe_need, draw_curve
from keian.review.needs import Need
from keian.review.nouns import AskedGood, GoodOrigin, GoodUser
from keian.review.parameters import Parameters
from keian.review.restraint import describe_restraint
from keian.review.stats import make_figure, make_input
from keian.review.study import Study
from keian.review.words import say
from keian.scenario.draws import MODE_DRAW

FULL = 100.0


def describe_asked(
    setting: Setting, study: Study, traced: Traced, need: Need, parameters: Parameters
) -> AskedGood:
    """Describe a good that ran because somebody asked: its day, cover, users, origins, measures.

    Parameters
    ----------
    study : with the need among its asked goods, not among its needs.
    traced : the mode run with every unit recorded.
    """
    first = study.base().first[need.id]
    cause = say("cause.not_below")
    if np.isfinite(first):
        cause = name_need_cause(traced, need, int(first))
    economy = setting.compiled.economy
    good = economy.goods[need.index]
    uses = [(e, use) for e, use in enumerate(economy.uses) if use.good == need.id]
    sources = [s for _, use in uses for s in use.sources]
    sources += [s for line in good.supplies for s in (*line.share.sources, *line.sources)]
    sources += [s for pool in good.pools for s in (*pool.quantity_days.sources, *pool.sources)]
    run_out = describe_need(setting, study, need, cause)
    return AskedGood(
        run_out=replace(run_out, restraint=describe_restraint(setting, study, need)),
        curve=draw_curve(study, need),
        users=tuple(_describe_user(setting, traced, e, use) for e, use in uses),
        origins=tuple(_describe_origin(traced, need, line) for line in good.supplies),
        bought=tuple(_list_bought(setting, study, need, parameters)),
        sources=tuple(dict.fromkeys((*need.sources, *sources))),
        note=good.note,
    )


def _describe_user(setting: Setting, traced: Traced, e: int, use: GoodUse) -> GoodUser:
    """Describe a user: its own stock, how far it depends, and what the mode run does to it."""
    outcome, economy = traced.outcome, setting.compiled.economy
    i = setting.compiled.index.unit[use.unit]
    bound = (outcome.cause[:, i] == GOOD) & (outcome.cause_index[:, i] == e)
    days = np.flatnonzero(bound)
    trace = f"{setting.run_id}/{traced.scenario.id}/{use.good}.{use.unit}"

    def result(value: float | None, unit: str) -> Figure:
        return make_figure(value, [], unit=unit, label=setting.label, trace=trace)

    def given(field: str, unit: str) -> Figure:
        triple = getattr(use, field)
        return make_input(
            triple.mode, unit=unit, label=setting.label, trace=f"{use.good}.{use.unit}.{field}",
            sources=triple.sources or use.sources,
            band=None if triple.fixed else (triple.low, triple.high),
        )  # fmt: skip

    return GoodUser(
        id=use.unit,
        names=economy.unit_names[use.unit],
        stock=given("cover_days", "days"),
        exposed=given("exposed_share", "share"),
        bound_from=result(float(days[0]) if days.size else None, "day"),
        lowest=result(FULL * float(outcome.unit[:, i].min()), "% of normal"),
    )


def _describe_origin(traced: Traced, need: Need, line: Supply) -> GoodOrigin:
    """Describe a line of supply: its share, and the lowest flow of it in the mode run."""
    setting = traced.setting
    economy, index = setting.compiled.economy, setting.compiled.index
    if line.made_by is not None:
        left = traced.outcome.unit[:, index.unit[line.made_by]]
    else:
        left = traced.line_open[index.lines.index((need.id, line.origin))]
    trace = f"{setting.run_id}/{traced.scenario.id}/{need.id}.{line.origin}"
    return GoodOrigin(
        id=line.origin,
        names=economy.country_names.get(line.origin, Names(en=line.origin, ja=line.origin)),
        share=make_input(
            line.share.mode, unit="share", label=setting.label, trace=f"{need.id}.{line.origin}",
            sources=line.share.sources or line.sources,
            band=None if line.share.fixed else (line.share.low, line.share.high),
        ),
        lowest=make_figure(
            FULL * float(left.min()), [], unit="% of normal", label=setting.label, trace=trace
        ),
    )  # fmt: skip


def _list_bought(
    setting: Setting, study: Study, need: Need, parameters: Parameters
) -> Iterator[tuple[str, Figure]]:
    """List by id the measures that move the day in the mode run, in the order they were given."""
    horizon = float(study.scenario.horizon_days)
    before = study.base()
    for measure in study.measures:
        now = study.at("measure", measure.id, MODE_DRAW).summary
        days = calc_bought(now, before, need.id, horizon)
        if abs(days) < parameters.least_days:
            continue
        held = now.first[need.id] >= horizon
        trace = f"{setting.run_id}/{study.scenario.id}/{measure.id}/{need.id}"
        figure = make_figure(days, [], unit="days", label=setting.label, trace=trace)
        yield measure.id, replace(figure, censored=">=") if held else figure
