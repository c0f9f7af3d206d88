"""What one measure does in one scenario: days bought, loss avoided, first limit, harm, waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keian.core import Figure, Names
from keian.crisis.levers import draw_effect
from keian.crisis.simulate import Outcome
from keian.review.bought import calc_bought, count_bought, find_day_with, measure_bought
from keian.review.describe import Setting
from keian.review.needs import Need, read_series
from keian.review.nouns import Curve, Interaction, MeasureEffect
from keian.review.parameters import Parameters
from keian.review.play import Summary
from keian.review.stats import make_figure
from keian.review.study import Study, differs, find_binding, list_returning
from keian.review.words import say
from keian.scenario import nouns as n
from keian.scenario.draws import MODE_DRAW

NOTHING = 1e-9  # share of a year's value added below which two runs are the same
PLATEAU = 0.999  # share of the greatest effect that counts as all of it
HALF = 0.5  # share of the greatest effect below which it has run out


def choose_need(study: Study, measure: n.Measure, parameters: Parameters) -> str | None:
    """Choose the need a measure is judged by: the binding one, else the first that it moves."""
    horizon = float(study.scenario.horizon_days)
    before = study.base()
    now = study.at("measure", measure.id, MODE_DRAW).summary
    fallen = sorted(
        (x for x in study.needs if np.isfinite(before.first[x.id])),
        key=lambda x: before.first[x.id],
    )
    binding = find_binding(study)
    if binding is not None:
        fallen.sort(key=lambda x: x.id != binding)
    for need in fallen:
        if abs(calc_bought(now, before, need.id, horizon)) >= parameters.least_days:
            return need.id
    return binding or (fallen[0].id if fallen else None)


def find_limit(
    setting: Setting, study: Study, measure: n.Measure, need: str | None, parameters: Parameters
) -> tuple[Names, float | None]:
    """Find what first stops a measure's effect, and its day in the mode run."""
    played = study.at("measure", measure.id, MODE_DRAW)
    outcome = played.outcome
    if outcome is None:
        raise LookupError("mode runs of measures are kept")
    days = study.scenario.horizon_days
    curve = draw_effect(played.run, measure, days)
    candidates: list[tuple[float, Names]] = []
    if not _works_alone(study, measure, parameters, setting):
        candidates.append((0.0, say("limit.partner", partner=_name_partner(study, measure))))
    start = int(np.argmax(curve > 0)) if curve.any() else days
    if need is not None and study.base().first[need] < start:
        candidates.append((study.base().first[need], say("limit.late")))
    candidates += _pool_limits(setting, measure, outcome, parameters)
    full = int(np.argmax(curve >= curve.max() * PLATEAU)) if curve.any() else days
    ended = np.flatnonzero((curve < HALF * curve.max(initial=0.0)) & (np.arange(days) > full))
    if ended.size:
        candidates.append((float(ended[0]), say("limit.ends")))
    if need is not None and np.isfinite(played.summary.first[need]):
        candidates.append((played.summary.first[need], say("limit.size")))
    if not candidates:
        return say("limit.none"), None
    day, words = min(candidates, key=lambda c: c[0])
    return words, day


def _pool_limits(
    setting: Setting, measure: n.Measure, outcome: Outcome, parameters: Parameters
) -> list[tuple[float, Names]]:
    economy, index = setting.compiled.economy, setting.compiled.index
    names = {p.id: p.names for g in economy.goods for p in g.pools}
    limits = {p.id: p.draw_limit.mode for g in economy.goods for p in g.pools}
    found: list[tuple[float, Names]] = []
    lever = measure.lever
    if not isinstance(lever, n.ReleaseStock):
        return found
    if lever.draw_limit is not None:
        limits |= dict.fromkeys(lever.pools, lever.draw_limit.mode)
    for pool in lever.pools:
        k = index.pool[pool]
        empty = np.flatnonzero(outcome.pool[:, k] <= parameters.empty_days)
        if empty.size:
            found.append((float(empty[0]), say("limit.pool_empty", pool=names[pool])))
        at_limit = np.flatnonzero(outcome.drawn[:, k] >= limits[pool] * (1.0 - 1e-9))
        if at_limit.size:
            found.append((float(at_limit[0]), say("limit.draw", pool=names[pool])))
    return found


def _find_partner(measure: n.Measure, study: Study) -> str | None:
    """The measure that another one needs: one that was played, else the first it names."""
    names = [r.measure for r in measure.requires]
    played = [name for name in names if study.has("measure", name, MODE_DRAW)]
    return next(iter((*played, *names)), None)


def _name_partner(study: Study, measure: n.Measure) -> Names:
    partner = str(_find_partner(measure, study))
    known = {m.id: m.names for m in study.measures}
    return known.get(partner, Names(en=partner, ja=partner))


def _works_alone(
    study: Study, measure: n.Measure, parameters: Parameters, setting: Setting
) -> bool:
    """A measure does not work alone when its partner brings most of what both together bring.

    Where the partner is not part of the review, it does not when it changes nothing.
    """
    partner = _find_partner(measure, study)
    if partner is None:
        return True
    base, alone = study.base(), study.at("measure", measure.id, MODE_DRAW).summary
    if not study.has("partner", measure.id):
        return differs(study, base, alone, parameters, setting.year())
    both = study.at("partner", measure.id).summary
    gain = study.at("measure", partner, MODE_DRAW).summary.value_added - both.value_added
    own = base.value_added - alone.value_added
    least = parameters.least_loss_share * setting.year()
    return not (gain > least and own < 0.5 * gain)


def find_harm(
    setting: Setting, study: Study, measure: n.Measure, parameters: Parameters
) -> tuple[Names | None, Figure | None]:
    """Find what a measure makes worse: a need that falls sooner, or more value added lost."""
    horizon = float(study.scenario.horizon_days)
    before = study.base()
    now = study.at("measure", measure.id, MODE_DRAW).summary
    trace = f"{setting.run_id}/{study.scenario.id}/{measure.id}/harm"
    worst = min(study.needs, key=lambda x: calc_bought(now, before, x.id, horizon))
    lost = calc_bought(now, before, worst.id, horizon)
    if lost <= -parameters.least_days:
        draws = [
            calc_bought(
                study.at("measure", measure.id, d).summary, study.base(d), worst.id, horizon
            )
            for d in study.numbers()
            if study.has("measure", measure.id, d)
        ]
        figure = make_figure(lost, draws, unit="days", label=setting.label, trace=trace)
        return say("harm.earlier", need=worst.names), figure
    more = now.value_added - before.value_added
    if more >= parameters.least_loss_share * setting.year():
        draws = [
            100.0
            * (study.at("measure", measure.id, d).summary.value_added - study.base(d).value_added)
            / setting.year()
            for d in study.numbers()
            if study.has("measure", measure.id, d)
        ]
        value = 100.0 * more / setting.year()
        figure = make_figure(value, draws, unit="% of one year", label=setting.label, trace=trace)
        return say(_name_harm(measure.lever)), figure
    return None, None


def _name_harm(lever: n.Lever) -> str:
    """Name why a measure costs value added: less use by order, more use, or neither."""
    if not isinstance(lever, n.RestrainDemand):
        return "harm.other"
    return "harm.loss" if lever.share.mode > 0 else "harm.more_use"


def calc_wait_cost(late: Summary, now: Summary, day: float) -> float:
    """Calculate what a day's wait costs, % of one day's value added `day` (MUSD)."""
    return 100.0 * (late.value_added - now.value_added) / day


def calc_wait(setting: Setting, study: Study, measure: n.Measure) -> Figure | None:
    """Calculate what a day's wait costs: loss when decided one day later minus loss now."""
    if not study.has("wait", measure.id, 1):
        return None
    day = setting.base.value_added

    def cost(late: Summary, now: Summary) -> float:
        return calc_wait_cost(late, now, day)

    draws = [
        cost(
            study.at("late_draw", measure.id, d).summary,
            study.at("measure", measure.id, d).summary,
        )
        for d in study.numbers()
        if study.has("late_draw", measure.id, d)
    ]
    variants = [
        cost(study.at("late", measure.id, *key).summary, study.at("now", measure.id, *key).summary)
        for key in ((s.kappa, s.criticality, s.phi) for s in list_returning(study))
        if study.has("late", measure.id, *key)
    ]
    return make_figure(
        cost(
            study.at("wait", measure.id, 1).summary,
            study.at("measure", measure.id, MODE_DRAW).summary,
        ),
        draws,
        unit="% of one day",
        label=setting.label,
        trace=f"{setting.run_id}/{study.scenario.id}/{measure.id}/wait",
        variants=variants,
    )


def scale_figure(figure: Figure, factor: float, unit: str) -> Figure:
    """Turn a figure into another unit; a negative factor would turn the band round."""

    def times(x: float | None) -> float | None:
        return None if x is None else x * factor

    wide = figure.structural
    return Figure(
        value=times(figure.value),
        low=times(figure.low),
        high=times(figure.high),
        quantiles=tuple((q, x * factor) for q, x in figure.quantiles),
        unit=unit,
        kind=figure.kind,
        sources=figure.sources,
        label=figure.label,
        trace=figure.trace,
        structural=None if wide is None else (wide[0] * factor, wide[1] * factor),
        censored=figure.censored,
    )


def _avoided(setting: Setting, study: Study, measure: n.Measure) -> Figure:
    year = setting.year()
    now = study.at("measure", measure.id, MODE_DRAW).summary
    return make_figure(
        100.0 * (study.base().value_added - now.value_added) / year,
        [
            100.0
            * (study.base(d).value_added - study.at("measure", measure.id, d).summary.value_added)
            / year
            for d in study.numbers()
            if study.has("measure", measure.id, d)
        ],
        unit="% of one year",
        label=setting.label,
        trace=f"{setting.run_id}/{study.scenario.id}/{measure.id}/loss_avoided",
        variants=[
            100.0
            * (
                study.at("variant", *k).summary.value_added
                - study.at("now", measure.id, *k).summary.value_added
            )
            / year
            for k in _list_variants(study, measure)
        ],
    )


def _list_variants(study: Study, measure: n.Measure) -> list[tuple[float, str, float]]:
    """The structural variants in which a measure was played, and which come back without it."""
    keys = [(s.kappa, s.criticality, s.phi) for s in list_returning(study)]
    return [k for k in keys if study.has("now", measure.id, *k)]


def _moves(study: Study, measure: n.Measure, year: float) -> bool:
    """Tell whether the measure alone moves anything in the mode run, however little."""
    now, base = study.at("measure", measure.id, MODE_DRAW).summary, study.base()
    moved = any(
        abs(now.lowest[k] - base.lowest[k]) > NOTHING * (1.0 + v) for k, v in base.lowest.items()
    )
    return moved or abs(now.value_added - base.value_added) > NOTHING * year


def _no_effect(
    study: Study, measure: n.Measure, alone: bool, need: str | None, year: float
) -> Names:
    if not alone:
        return say("no_effect.partner", partner=_name_partner(study, measure))
    if not _moves(study, measure, year):
        return say("no_effect.no_target")
    played, base = study.at("measure", measure.id, MODE_DRAW), study.base()
    curve = draw_effect(played.run, measure, study.scenario.horizon_days)
    start = float(np.argmax(curve > 0)) if curve.any() else float("inf")
    if need is not None and base.first[need] < start:
        return say("no_effect.late")
    return say("no_effect.small")


def _series(study: Study, measure: n.Measure, need: str | None) -> Curve | None:
    """Draw the need a measure is judged by, with the measure, in the mode run."""
    outcome = study.at("measure", measure.id, MODE_DRAW).outcome
    found = next((x for x in study.needs if x.id == need), None)
    if outcome is None or found is None:
        return None
    values = read_series(outcome, found)
    first = study.at("measure", measure.id, MODE_DRAW).summary.first[found.id]
    return Curve(
        id=found.id,
        names=found.names,
        unit="days" if found.kind == "good" else "share",
        days=tuple(range(study.scenario.horizon_days)),
        mode=tuple(map(float, values)),
        bands={},
        floor=found.floor.mode,
        crossing_day=int(first) if np.isfinite(first) else None,
        sources=found.sources,
        reference=float(values[0]),
    )


def describe_effect(
    setting: Setting,
    study: Study,
    measure: n.Measure,
    ranked: Sequence[n.Measure],
    parameters: Parameters,
) -> MeasureEffect:
    """Describe what a measure does in a scenario."""
    now = study.at("measure", measure.id, MODE_DRAW).summary
    matters = differs(study, study.base(), now, parameters, setting.year())
    best = bool(ranked) and ranked[0].id == measure.id
    need = choose_need(study, measure, parameters)
    alone = _works_alone(study, measure, parameters, setting)
    bought = None if need is None else measure_bought(setting, study, measure, need)
    avoided = _avoided(setting, study, measure)
    limit, day = find_limit(setting, study, measure, need, parameters)
    if not matters and alone and not _moves(study, measure, setting.year()):
        limit, day = say("limit.no_target"), None
    harm, harm_figure = find_harm(setting, study, measure, parameters) if matters else (None, None)
    wait = calc_wait(setting, study, measure) if matters else None
    per_day = setting.yen(setting.base.value_added) / 100.0
    horizon = float(study.scenario.horizon_days)
    waits = [
        (w, calc_bought(study.at("wait", measure.id, w).summary, study.base(), need, horizon))
        for w in parameters.wait_days
        if matters and need is not None and study.has("wait", measure.id, w)
    ]
    if waits and bought is not None and bought.value is not None:
        waits.insert(0, (0, bought.value))
    trace = f"{setting.run_id}/{study.scenario.id}/{measure.id}"
    return MeasureEffect(
        measure=measure.id,
        scenario=study.scenario.id,
        need=need,
        days_bought=bought,
        loss_avoided=avoided,
        loss_avoided_yen=scale_figure(avoided, setting.yen(setting.year()) / 100.0, "billion yen"),
        first_limit=limit,
        first_limit_day=(
            None
            if day is None
            else make_figure(day, [], unit="day", label=setting.label, trace=f"{trace}/limit")
        ),
        harm=harm,
        harm_figure=harm_figure,
        wait_cost=wait,
        wait_cost_yen=None if wait is None else scale_figure(wait, per_day, "billion yen"),
        wait_curve=tuple(waits),
        works_alone=alone,
        partner=None if alone else _find_partner(measure, study),
        with_partner=_with_partner(setting, study, measure, need, alone),
        no_effect=None if matters else _no_effect(study, measure, alone, need, setting.year()),
        best_in_share=_best_share(setting, study, measure, ranked) if best else None,
        series=_series(study, measure, need) if matters else None,
        draws=study.count_draws(measure),
        bought_draws=None if need is None else count_bought(study, measure, need),
        day_with=None if need is None else find_day_with(setting, study, measure, need),
    )


def _with_partner(
    setting: Setting, study: Study, measure: n.Measure, need: str | None, alone: bool
) -> Figure | None:
    if alone or need is None or not study.has("partner", measure.id):
        return None
    now = study.at("partner", measure.id).summary
    value = calc_bought(now, study.base(), need, float(study.scenario.horizon_days))
    trace = f"{setting.run_id}/{study.scenario.id}/{measure.id}/with_partner"
    figure = make_figure(value, [], unit="days", label=setting.label, trace=trace)
    held = np.isfinite(study.base().first[need]) and not np.isfinite(now.first[need])
    return replace(figure, censored=">=") if held else figure


def _best_share(
    setting: Setting, study: Study, measure: n.Measure, ranked: Sequence[n.Measure]
) -> Figure | None:
    """Share of draws in which no other measure buys more days, or avoids more loss."""
    binding = find_binding(study)
    horizon = float(study.scenario.horizon_days)

    def score(name: str, d: int) -> tuple[float, float]:
        now = study.at("measure", name, d).summary
        bought = 0.0
        if binding is not None:
            bought = calc_bought(now, study.base(d), binding, horizon)
        return bought, -now.value_added

    both = [d for d in study.numbers() if all(study.has("measure", m.id, d) for m in ranked)]
    wins = [all(score(measure.id, d) >= score(m.id, d) for m in ranked) for d in both]
    if not wins:
        return None
    trace = f"{setting.run_id}/{study.scenario.id}/{measure.id}/best_in_share"
    return make_figure(float(np.mean(wins)), [], unit="share", label=setting.label, trace=trace)


def describe_interactions(
    setting: Setting, study: Study, ranked: Sequence[n.Measure], most: int = 8
) -> tuple[Interaction, ...]:
    """Describe pairs of measures whose joint effect is not the sum of each alone."""
    base, year = study.base().value_added, setting.year()
    rows = []
    for k, a in enumerate(ranked):
        for b in ranked[k + 1 :]:
            if not study.has("pair", a.id, b.id):
                continue
            alone = sum(
                base - study.at("measure", m.id, MODE_DRAW).summary.value_added for m in (a, b)
            )
            both = base - study.at("pair", a.id, b.id).summary.value_added
            rows.append((abs(both - alone), a, b, 100 * both / year, 100 * alone / year))
    rows.sort(key=lambda r: -r[0])
    made = []
    for gap, a, b, both, alone in rows[:most]:
        trace = f"{setting.run_id}/{study.scenario.id}/{a.id}+{b.id}"

        def figure(value: float, trace: str = trace) -> Figure:
            return make_figure(value, [], unit="% of one year", label=setting.label, trace=trace)

        same = 100 * gap / year < 0.05 * max(abs(both), abs(alone), 1e-9)
        word = "reading.same" if same else "reading.more" if both > alone else "reading.less"
        made.append(
            Interaction(
                a.id,
                b.id,
                figure(both),
                figure(alone),
                figure(both - alone),
                say(word),
                study.scenario.id,
            )
        )
    return tuple(made)


__all__ = ["Need", "describe_effect", "describe_interactions"]
