"""The five answers, and how far each may be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from keian.core import Figure, Names
from keian.crisis.run import draw_input
from keian.review.asks import find_asked_good, sum_shares
from keian.review.bought import calc_bought
from keian.review.describe import Setting, list_shut
from keian.review.effects import calc_wait_cost
from keian.review.inputs import Input
from keian.review.nouns import (
    Confidence,
    Driver,
    Headline,
    MeasureEffect,
    Question,
    RunOut,
    ScenarioReview,
)
from keian.review.parameters import Parameters
from keian.review.play import Summary
from keian.review.stats import make_figure
from keian.review.study import Study, find_costly_wait, helps, list_switches
from keian.review.words import join_names, say
from keian.scenario import nouns as n
from keian.scenario.draws import MODE_DRAW
from keian.scenario.evidence import rests_on_judgement

Facts = dict[str, Figure | Names | str]
MAJORITY = 0.5
PLACES = ("first", "second", "third")  # named in the sentence
MOST_NAMED = 2  # countries in the sentence of the first page
FEWEST_IN_A_THIRD = 6  # draws; a mean over fewer is chance
LEAST_WAIT = 1e-3  # % of a day's value added; less is rounding


@dataclass(frozen=True, slots=True)
class Answering:
    """What the headlines are made from."""

    setting: Setting
    study: Study
    review: ScenarioReview
    ranked: Sequence[n.Measure]
    inputs: Sequence[Input]  # those that were played one at a time
    parameters: Parameters


def find_driver_of_day(a: Answering, need: str) -> Driver | None:
    """Find the input whose range, played alone, moves the day of a need most."""
    horizon = float(a.study.scenario.horizon_days)
    best: tuple[float, Input, bool] | None = None
    for item in a.inputs:
        days = [
            a.study.at("driver", item.key, q).summary.first[need]
            for q in a.parameters.driver_quantiles
        ]
        swing = abs(min(days[1], horizon) - min(days[0], horizon))
        if swing > 0 and (best is None or swing > best[0]):
            best = (swing, item, not all(map(np.isfinite, days)))
    if best is None:
        return None
    driver = _name_driver(a, best[1], best[0], "days")
    return replace(driver, swing=_at_least(driver.swing)) if best[2] else driver


def _at_least(figure: Figure) -> Figure:
    return replace(figure, censored=">=")


def find_driver_of_draws(a: Answering, values: Mapping[int, float], unit: str) -> Driver | None:
    """Find the input that goes with a result, given by draw.

    Its swing is the mean result of the third of the draws where the input is highest minus that
    of the third where it is lowest. It is named only where the two differ by more than chance
    gives with so many inputs.
    """
    third = len(values) // 3
    if third < FEWEST_IN_A_THIRD:
        return None
    best: tuple[float, Input] | None = None
    for item in a.inputs:
        ends = [a.study.at("driver", item.key, q).summary for q in a.parameters.driver_quantiles]
        if ends[0] == ends[1]:
            continue  # alone it moves nothing: what goes with it in the draws is chance
        drawn = [draw_input(a.study.at("base", d).run, item.key, item.triple) for d in values]
        order = np.argsort(drawn, kind="stable")
        got = np.array(list(values.values()))[order]
        low, high = got[:third], got[-third:]
        swing = abs(float(high.mean() - low.mean()))
        error = float(np.sqrt((low.var(ddof=1) + high.var(ddof=1)) / third))
        if swing > a.parameters.driver_errors * error and (best is None or swing > best[0]):
            best = (swing, item)
    return None if best is None else _name_driver(a, best[1], best[0], unit)


def _name_driver(a: Answering, item: Input, swing: float, unit: str) -> Driver:
    return _make_driver(a.setting, a.study, item, swing, unit)


def _make_driver(setting: Setting, study: Study, item: Input, swing: float, unit: str) -> Driver:
    trace = f"{setting.run_id}/{study.scenario.id}/driver/{item.key}"
    figure = make_figure(swing, [], unit=unit, label=setting.label, trace=trace)
    return Driver(item.key, item.names, figure, item.sources)


def judge(
    a: Answering,
    figure: Figure | None,
    driver: Driver | None = None,
    *,
    draws: int | None = None,
) -> Confidence:
    """Judge a headline by rule: its strongest input, the variants, the order, the judgement in it.

    Parameters
    ----------
    draws : on which its band rests; None = all of the study.
    """
    order = _order_share(a)
    if figure is None or figure.value is None:
        return Confidence("illustrative", driver, order, say("why.no_figure"))
    if _splits(a, figure, figure.structural):
        return Confidence("illustrative", driver, order, say("why.variants"))
    if driver is not None and _moves_much(a, driver, figure):
        return Confidence("depends", driver, order, say("why.depends", driver=driver.names))
    rests = a.study.draws if draws is None else draws
    doubts: list[tuple[bool, Literal["depends", "illustrative"], str]] = [
        (not a.study.draws, "illustrative", "why.no_draws"),
        (rests < a.parameters.fewest_draws, "illustrative", "why.few_draws"),
        (_stands_outside(figure), "illustrative", "why.outside"),
        (a.review.judgement_share > MAJORITY, "illustrative", "why.judgement"),
        (_splits(a, figure, _band(figure)), "illustrative", "why.draws"),
        (not _order_holds(a, order), "depends", "why.order"),
        (_spreads(a, figure, _band(figure)), "depends" if driver else "illustrative", "why.spread"),
        (_spreads(a, figure, figure.structural), "illustrative", "why.structure"),
    ]
    for holds, level, why in doubts:
        if holds:
            return Confidence(level, driver, order, say(why))
    return Confidence("robust", driver, order, _say_steady(figure))


def _say_steady(figure: Figure) -> Names:
    """Say what a robust answer rests on; variants that leave it untouched are no support."""
    wide = figure.structural
    if wide is None:
        return say("why.untried")
    return say("why.robust" if wide[0] < wide[1] else "why.untouched")


Band = tuple[float, float] | None


def _band(figure: Figure) -> Band:
    if figure.low is None or figure.high is None:
        return None
    return figure.low, figure.high


def _stands_outside(figure: Figure) -> bool:
    """Whether the mode run lies outside the band of the draws."""
    band = _band(figure)
    return band is not None and not band[0] <= (figure.value or 0.0) <= band[1]


def _order_holds(a: Answering, order: Figure | None) -> bool:
    return order is None or (order.value or 0.0) >= a.parameters.order_holds_share


def _splits(a: Answering, figure: Figure, band: Band) -> bool:
    """Whether a band of a day reaches from within the horizon to beyond it."""
    horizon = float(a.study.scenario.horizon_days)
    return figure.unit == "day" and band is not None and band[0] < horizon <= band[1]


def _spreads(a: Answering, figure: Figure, band: Band) -> bool:
    """Whether a band is wide for the size of its figure."""
    if figure.value is None or band is None:
        return False
    return band[1] - band[0] > a.parameters.spread_share * max(abs(figure.value), 1e-9)


def _moves_much(a: Answering, driver: Driver, figure: Figure) -> bool:
    swing = driver.swing.value or 0.0
    least = a.parameters.depends_swing_share * max(abs(figure.value or 0.0), 1e-9)
    if figure.unit in ("day", "days"):
        least = max(least, a.parameters.depends_swing_days)
    return swing > least


def _order_share(a: Answering) -> Figure | None:
    """Share of draws in which the same thing, or nothing, runs out first as in the mode run."""
    mode = _first_out(a.study, MODE_DRAW)
    if not a.study.draws:
        return None
    same = [float(_first_out(a.study, d) == mode) for d in a.study.numbers()]
    trace = f"{a.setting.run_id}/{a.study.scenario.id}/order_holds"
    return make_figure(float(np.mean(same)), [], unit="share", label=a.setting.label, trace=trace)


def _first_out(study: Study, draw: int) -> str | None:
    first = study.base(draw).first
    name = min(first, key=lambda k: first[k])
    return name if np.isfinite(first[name]) else None


def _plain(a: Answering, value: float, unit: str, key: str) -> Figure:
    trace = f"{a.setting.run_id}/{a.study.scenario.id}/{key}"
    return make_figure(value, [], unit=unit, label=a.setting.label, trace=trace)


def _reopening(a: Answering) -> tuple[Names, float] | None:
    """What ends the shock the chain starts from, and when."""
    routes = {r.id: r.names for r in a.setting.compiled.economy.routes}
    ends = []
    for shock in a.study.scenario.shocks:
        if isinstance(shock, n.RouteClosure):
            end = shock.start_day.mode + shock.duration_days.mode
            ends.append((end, say("end.route", route=routes[shock.route])))
    return (max(ends, key=lambda e: e[0])[1], max(ends, key=lambda e: e[0])[0]) if ends else None


def answer_how_long(a: Answering) -> Headline:
    """How long do we last: the first vital need below its floor."""
    need = next((r for r in a.review.runs_out if r.id == a.review.binding), None)
    if need is None:
        return _never(a, "how_long", "how_long.never", vital=True)
    facts: Facts = {"need": need.names, "day": need.day, "floor": need.floor}
    facts |= _say_shut(need) | _find_release(a, need)
    facts |= _say_restraint(need)
    end = _reopening(a)
    if end is not None and need.day.value is not None and end[1] > need.day.value:
        facts["end"] = end[0]
        facts["lead"] = _plain(a, end[1] - need.day.value, "days", "lead")
    confidence = judge(a, need.day, find_driver_of_day(a, need.id))
    return Headline("how_long", f"how_long.{need.kind}", need.day, facts, confidence)


def _say_shut(need: RunOut) -> Facts:
    """The condition under which a need falls so early: its reserves stay shut."""
    return {"unless": say("unless.shut")} if need.shut else {}


def _say_restraint(need: RunOut) -> Facts:
    """By how much users already use less before the day, from when, and what it costs."""
    held = need.restraint
    if held is None:
        return {}
    return {
        "restraint": held.share,
        "restraint_day": held.from_day,
        "restraint_lost": held.lost,
        "restraint_lost_share": held.lost_share,
    }


def _find_release(a: Answering, need: RunOut) -> Facts:
    """What opening the reserves behind a need does to it: the release that helps most."""
    found = next((x for x in a.study.needs if x.id == need.id), None)
    if found is None or not need.shut:
        return {}
    shut = set(list_shut(a.setting, a.study, found))
    days = {
        m: a.study.at("measure", m.id, MODE_DRAW).summary.first[need.id]
        for m in a.study.measures
        if isinstance(m.lever, n.ReleaseStock) and shut & set(m.lever.pools)
    }
    best = max(days, key=lambda m: days[m], default=None)
    if best is None or days[best] <= a.study.base().first[need.id]:
        return {}
    if not np.isfinite(days[best]):
        return {"held_by": best.names}
    return {"release": best.names, "release_day": _plain(a, days[best], "day", "release_day")}


def _never(a: Answering, question: Question, rule: str, *, vital: bool) -> Headline:
    """Nothing falls: say what comes closest."""
    horizon = float(a.study.scenario.horizon_days)
    rows = [r for r in a.review.runs_out if r.vital or not vital]
    facts: Facts = {"horizon": _plain(a, horizon, "day", "horizon")}
    if a.review.not_played:
        facts["aside"] = str(len(a.review.not_played))
        played = sum(need.kind == "service" for need in a.study.needs)
        facts |= {"played": str(played)} if played > 1 else {}

    def room(k: int) -> float:
        low, floor = rows[k].lowest.value or 0.0, rows[k].floor.value or 1.0
        return low / floor if floor else np.inf

    if vital:
        rest = [r for r in a.review.runs_out if not r.day.censored]
        if rest:
            facts |= _say_shut(rest[0])
            facts |= {"first": rest[0].names, "first_day": rest[0].day}
    if rows:
        near = rows[min(range(len(rows)), key=room)]
        facts |= {"need": near.names, "lowest": near.lowest}
        facts |= _say_restraint(near)
    figure = _find_day_of_any(a, [x.id for x in a.study.needs if x.vital or not vital])
    return Headline(question, rule, figure, facts, judge(a, figure))


def _find_day_of_any(a: Answering, needs: Sequence[str]) -> Figure:
    """The day on which the first of several needs falls, in the mode run, draws and variants."""
    keys = [("variant", s.kappa, s.criticality, s.phi) for s in list_switches()]

    def day(run: Summary) -> float:
        return min((run.first[k] for k in needs), default=np.inf)

    return make_figure(
        day(a.study.base()),
        [day(a.study.base(d)) for d in a.study.numbers()],
        unit="day",
        label=a.setting.label,
        trace=f"{a.setting.run_id}/{a.study.scenario.id}/first_of_any",
        variants=[day(a.study.at(*k).summary) for k in keys if a.study.has(*k)],
        limit=float(a.study.scenario.horizon_days),
    )


def answer_first(a: Answering) -> Headline:
    """What runs out first: the first three in the order of the mode run."""
    fallen = [r for r in a.review.runs_out if not r.day.censored]
    if not fallen:
        return _never(a, "runs_out_first", "runs_out_first.never", vital=False)
    horizon = float(a.study.scenario.horizon_days)
    facts: Facts = {"horizon": _plain(a, horizon, "day", "horizon")}
    facts |= _say_shut(fallen[0])
    if len(fallen) > len(PLACES):
        facts["more"] = _plain(a, float(len(fallen) - len(PLACES)), "count", "more")
    for place, row in zip(PLACES, fallen, strict=False):
        facts |= {place: row.names, f"{place}_day": row.day}
    rule = ("one", "two", "three")[min(len(fallen), len(PLACES)) - 1]
    first = fallen[0]
    return Headline(
        "runs_out_first",
        f"runs_out_first.{rule}",
        first.day,
        facts,
        judge(a, first.day, find_driver_of_day(a, first.id)),
    )


def _best(a: Answering) -> tuple[n.Measure, MeasureEffect] | None:
    if not a.ranked or not helps(a.study, a.ranked[0]):
        return None
    measure = a.ranked[0]
    return measure, next(e for e in a.review.effects if e.measure == measure.id)


def answer_can_do(a: Answering) -> Headline:
    """What can we still do: the measure that buys most days, or saves most."""
    best = _best(a)
    if best is None:
        count = _plain(a, float(len(a.study.measures)), "count", "measures")
        facts: Facts = {"count": count, "why": say("why.no_measure")}
        return Headline("what_can_we_do", "what_can_we_do.none", None, facts, judge(a, None))
    measure, effect = best
    facts = {"measure": measure.names}
    bought = effect.days_bought
    if a.review.binding is not None and bought is not None and (bought.value or 0.0) > 0:
        return _answer_bought(a, measure, effect, bought)
    facts |= {"share": effect.loss_avoided, "yen": effect.loss_avoided_yen}
    binding = next((r for r in a.review.runs_out if r.id == a.review.binding), None)
    if binding is not None:
        facts["need"] = binding.names
    return Headline(
        "what_can_we_do",
        "what_can_we_do.saves" if binding is None else "what_can_we_do.saves_only",
        effect.loss_avoided, facts,
        _judge_best(a, effect, effect.loss_avoided),
    )  # fmt: skip


def _answer_bought(
    a: Answering, measure: n.Measure, effect: MeasureEffect, bought: Figure
) -> Headline:
    """The measure keeps the need above its floor to the end, or buys days until it falls."""
    day = effect.day_with if bought.censored == ">=" else None
    facts: Facts = {"measure": measure.names}
    if not measure.prepared_before:
        facts["decide_by"] = _plain(a, measure.decision_day.mode, "day", "decide_by")
    if effect.first_limit_day is not None:
        facts |= {"limit": effect.first_limit, "limit_day": effect.first_limit_day}
    rests = effect.bought_draws
    if rests is not None:
        facts["fell"] = _plain(a, float(rests.fell), "count", "fell")
        facts["kept"] = _plain(a, float(rests.kept), "count", "kept")
    if day is None:
        facts["days"] = bought
        confidence = _judge_best(a, effect, bought)
        return Headline("what_can_we_do", "what_can_we_do.buys", bought, facts, confidence)
    facts["need"] = next(r.names for r in a.review.runs_out if r.id == effect.need)
    return Headline(
        "what_can_we_do", "what_can_we_do.holds", day, facts, _judge_best(a, effect, day)
    )


def _judge_best(a: Answering, effect: MeasureEffect, figure: Figure) -> Confidence:
    """A best measure is robust only where it is the best in most draws."""
    horizon = float(a.study.scenario.horizon_days)
    values: dict[int, float] = {}
    for d in a.study.numbers():
        if not a.study.has("measure", effect.measure, d):
            continue
        now, before = a.study.at("measure", effect.measure, d).summary, a.study.base(d)
        if figure is effect.loss_avoided or effect.need is None:
            values[d] = 100.0 * (before.value_added - now.value_added) / a.setting.year()
        elif figure is effect.day_with:
            values[d] = min(now.first[effect.need], horizon)
        elif min(now.first[effect.need], before.first[effect.need]) < np.inf:
            values[d] = calc_bought(now, before, effect.need, horizon)
    unit = "days" if figure.unit == "day" else figure.unit
    found = judge(a, figure, find_driver_of_draws(a, values, unit), draws=len(values))
    wins = effect.best_in_share
    seldom = wins is not None and (wins.value or 0.0) < a.parameters.order_holds_share
    if found.level == "robust" and seldom:
        return Confidence("depends", found.driver, found.order_holds_share, say("why.best"))
    return weigh_evidence(a, effect.measure, found)


def weigh_evidence(a: Answering, measure: str, found: Confidence) -> Confidence:
    """What rests on a measure whose working nobody has measured is never robust."""
    chosen = next(m for m in a.study.measures if m.id == measure)
    if found.level != "robust" or not rests_on_judgement(chosen):
        return found
    return Confidence("illustrative", found.driver, found.order_holds_share, say("why.evidence"))


def answer_wait(a: Answering) -> Headline:
    """What does a day's wait cost: for the measure whose waiting costs most."""
    effects = {e.measure: e for e in a.review.effects}
    measure = find_costly_wait(a.study, a.ranked)
    if measure is None:
        helping = any(helps(a.study, m) for m in a.ranked)
        facts: Facts = {"why": say("why.no_wait" if helping else "why.no_measure")}
        return Headline("days_wait", "days_wait.no_answer", None, facts, judge(a, None))
    effect = effects[measure.id]
    cost = effect.wait_cost
    facts = {"measure": measure.names}
    if cost is not None and (cost.value or 0.0) > LEAST_WAIT:
        facts["share"] = cost
        if effect.wait_cost_yen is not None:
            facts["yen"] = effect.wait_cost_yen
        values = {
            d: calc_wait_cost(
                a.study.at("late_draw", measure.id, d).summary,
                a.study.at("measure", measure.id, d).summary,
                a.setting.base.value_added,
            )
            for d in a.study.numbers()
        }
        driver = find_driver_of_draws(a, values, cost.unit)
        found = weigh_evidence(a, measure.id, judge(a, cost, driver))
        return Headline("days_wait", "days_wait.cost", cost, facts, found)
    facts["why"] = say("why.nothing_lost")
    return Headline("days_wait", "days_wait.none", cost, facts, judge(a, cost))


def answer_whom(a: Answering) -> Headline:
    """Whom do we ask: who decides, and who has supply to spare."""
    asks = a.review.asks
    deciders = [x for x in asks if x.kind == "decider"]
    countries = [x for x in asks if x.kind == "country"]
    agreements = [x for x in asks if x.kind == "agreement"]
    if not deciders and not countries:
        facts: Facts = {"why": say("why.no_ask")}
        return Headline("whom_to_ask", "whom_to_ask.no_answer", None, facts, judge(a, None))
    who = deciders[0].names if deciders else say("decider.unknown")
    facts = {"decider": who}
    named = countries[:1] if agreements or len(countries) == 1 else countries[:MOST_NAMED]
    share = sum_shares(named)
    good = find_asked_good(a.setting, a.study, a.review.binding)
    weak = Confidence("illustrative", None, None, say("why.spare"))
    if share is None or good is None or not countries:
        if a.ranked:
            facts["measure"] = a.ranked[0].names
        if good is not None:
            facts["good"] = good.names
        return Headline("whom_to_ask", "whom_to_ask.decider", None, facts, judge(a, None))
    # only those named are summed; agreements stand in the table, not all partners are parties
    facts |= {
        "countries": join_names([x.names for x in named]), "good": good.names, "share": share,
    }  # fmt: skip
    return Headline("whom_to_ask", "whom_to_ask.both", share, facts, weak)


def answer_all(a: Answering) -> tuple[Headline, ...]:
    """Answer the five questions in their order."""
    return (
        answer_how_long(a),
        answer_first(a),
        answer_can_do(a),
        answer_wait(a),
        answer_whom(a),
    )
