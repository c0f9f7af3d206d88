"""A card per measure: what it buys in each scenario, by which law, at what cost, where it stops."""

from __future__ import annotations

from dataclasses import dataclass

from keian.core import Figure
from keian.report.bought import is_held, say_bought, say_bought_band
from keian.report.figures.effect import draw_decision, draw_effect
from keian.report.numbers import MISSING, Numbers
from keian.report.setting import Chart, Mark, Setting, start_sentence
from keian.report.text_table import Row, TextTable
from keian.review.nouns import MeasureEffect, MeasureReview


@dataclass(frozen=True, slots=True)
class Term:
    """A line of the card: term, words, and a badge."""

    term: str
    words: str
    badge: str = ""
    badge_class: str = ""
    loss: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One measure in full."""

    id: str
    title: str
    group: str
    evidence: str
    charts: tuple[Chart, ...]
    scenario: str
    terms: tuple[Term, ...]
    table: TextTable
    marks: tuple[Mark, ...]
    empty: str


def build_card(setting: Setting, measure: MeasureReview) -> Card:
    """Set the card of a measure; its charts show the scenario in which it does most."""
    effects = [e for s in setting.review.scenarios for e in s.effects if e.measure == measure.id]
    shown = max(effects, key=lambda e: _rank(setting, e), default=None)
    key = f"m-{measure.id}"
    charts: list[Chart] = []
    scenario_name = ""
    if shown is not None:
        scenario = setting.scenarios[shown.scenario]
        scenario_name = setting.name(scenario.names)
        numbers = setting.numbers(scenario)
        drawn = (
            draw_effect(setting, numbers, shown, key=f"{key}-effect"),
            draw_decision(setting, shown, key=f"{key}-wait"),
        )
        charts = [chart for chart in drawn if chart is not None]
    return Card(
        id=key,
        title=f"{measure.letter} {setting.name(measure.names)}",
        group=setting.say(f"group.{measure.group}"),
        evidence=measure.evidence,
        charts=tuple(charts),
        scenario=scenario_name,
        terms=_build_terms(setting, measure, shown),
        table=_build_table(setting, effects, key),
        marks=setting.cite(
            measure.sources, measure.lead_days, *(m for m in (shown.series.sources,) if m)
        )
        if shown is not None and shown.series is not None
        else setting.cite(measure.sources, measure.lead_days),
        empty=setting.say("card.empty"),
    )


def _rank(setting: Setting, effect: MeasureEffect) -> tuple[float, ...]:
    """Scenarios in which it works first, then those with charts, then by what it does."""
    works = float(effect.no_effect is None)
    bought = effect.days_bought.value if effect.days_bought is not None else None
    curves = float(effect.series is not None) + float(bool(effect.wait_curve))
    worst = float(effect.scenario == setting.review.worst)
    return (works, curves, abs(bought or 0.0), abs(effect.loss_avoided.value or 0.0), worst)


def _build_terms(
    setting: Setting, measure: MeasureReview, shown: MeasureEffect | None
) -> tuple[Term, ...]:
    terms: list[Term] = []
    if shown is not None:
        terms += _build_effect_terms(setting, shown)
    numbers = Numbers(setting.lang)
    law = Term(setting.say("card.law"), setting.name(measure.legal_basis))
    stated = measure.legal_badge == "none_needed"  # the words say so already
    if measure.legal_badge != "confirmed" and not stated:
        law = Term(
            law.term, law.words, setting.say(f"badge.law.{measure.legal_badge}"),
            "warn",
        )  # fmt: skip
    cost = Term(setting.say("card.cost"), numbers.brief(measure.cost))
    if measure.cost is None or measure.cost.value is None:
        cost = Term(cost.term, "", setting.say("badge.no_cost"), "none")
    terms += [
        Term(setting.say("card.decider"), setting.name(measure.decider)),
        law,
        cost,
        Term(setting.say("card.lead"), numbers.brief(measure.lead_days, short=False)),
        Term(setting.say("card.limit_known"), start_sentence(setting.name(measure.limit))),
    ]
    return tuple(terms)


def _build_effect_terms(setting: Setting, shown: MeasureEffect) -> list[Term]:
    scenario = setting.scenarios[shown.scenario]
    numbers = setting.numbers(scenario)
    terms = [Term(setting.say("card.bought"), _say_bought(setting, numbers, shown))]
    terms.append(
        Term(setting.say("card.first_limit"), start_sentence(_say_limit(setting, numbers, shown)))
    )
    if shown.wait_cost is not None and shown.wait_cost.value is not None:
        terms.append(_build_wait_term(setting, numbers, shown.wait_cost, shown.wait_cost_yen))
    harm = shown.harm
    words = setting.say("card.no_harm")
    if harm is not None:
        words = setting.say(
            "card.harm_words",
            why=setting.name(harm),
            size=numbers.brief(shown.harm_figure) if shown.harm_figure else None,
        )
    terms.append(Term(setting.say("card.harm"), start_sentence(words), loss=harm is not None))
    partner = setting.measures.get(shown.partner or "")
    if partner is not None:
        words = setting.say(
            "card.alone_no" if not shown.works_alone else "card.alone_yes",
            partner=f"{partner.letter} {setting.name(partner.names)}",
            value=numbers.brief(shown.with_partner, sign=True) if shown.with_partner else None,
        )
        terms.append(Term(setting.say("card.partner"), words))
    return terms


def _build_wait_term(setting: Setting, numbers: Numbers, cost: Figure, yen: Figure | None) -> Term:
    """A day's wait costs, saves, or changes nothing that can be written with two digits."""
    value = cost.value or 0.0
    share = numbers.scalar(abs(value), cost.unit)
    if share == "0%":
        return Term(setting.say("card.wait"), setting.say("card.wait_none"))
    if value > 0:
        money = numbers.brief(yen) if yen else None
        words = setting.say("card.wait_words", share=share, yen=money)
        return Term(setting.say("card.wait"), words, loss=True)
    money = None if yen is None or yen.value is None else numbers.scalar(-yen.value, yen.unit)
    return Term(setting.say("card.wait"), setting.say("card.wait_saves", share=share, yen=money))


def _say_bought(setting: Setting, numbers: Numbers, effect: MeasureEffect) -> str:
    if effect.no_effect is not None:
        return setting.name(effect.no_effect)
    if effect.days_bought is None:
        return setting.say("matrix.nothing_to_buy")
    variants = numbers.structural(effect.days_bought)
    need = _find_need(setting, effect)
    rests = effect.bought_draws
    return setting.say(
        "card.bought_words",
        days=_say_days(setting, numbers, effect, effect.days_bought),
        variants=variants,
        need=need,
        fell=None if rests is None else str(rests.fell),
        kept=None if rests is None else str(rests.kept),
        draws=str(effect.draws),
    )


def _say_days(
    setting: Setting,
    numbers: Numbers,
    effect: MeasureEffect,
    bought: Figure,
    *,
    short: bool = False,
) -> str:
    """Days bought with their range, or that the need is held to the end of the run."""
    band = say_bought_band(numbers, effect)
    if is_held(bought) and not short:
        horizon = setting.say("axis.day", day=str(numbers.horizon_days))
        return setting.say("card.held", horizon=horizon, band=band)
    text = say_bought(setting, numbers, bought) if short else numbers.value(bought, sign=True)
    if band is None:
        return text
    return f"{text}（{band}）" if setting.lang == "ja" else f"{text} ({band})"


def _find_need(setting: Setting, effect: MeasureEffect) -> str | None:
    outs = setting.scenarios[effect.scenario].runs_out
    out = next((o for o in outs if o.id == effect.need), None)
    return None if out is None else setting.noun(out.names)


def _say_limit(setting: Setting, numbers: Numbers, effect: MeasureEffect) -> str:
    limit = setting.name(effect.first_limit)
    day = effect.first_limit_day
    if day is None or day.value is None:
        return limit
    return f"{limit}{'、' if setting.lang == 'ja' else ', '}{numbers.brief(day)}"


def _build_table(setting: Setting, effects: list[MeasureEffect], key: str) -> TextTable:
    rows = []
    for effect in effects:
        scenario = setting.scenarios[effect.scenario]
        numbers = setting.numbers(scenario)
        if effect.no_effect is not None:
            words = setting.say("matrix.no_effect_why", why=setting.name(effect.no_effect))
            rows.append(Row(setting.name(scenario.names), (words, *[MISSING] * 3)))
            continue
        harm = setting.name(effect.harm) if effect.harm is not None else setting.say("card.none")
        bought = effect.days_bought
        days = setting.say("matrix.nothing_to_buy")
        if bought is not None:
            days = _say_days(setting, numbers, effect, bought, short=True)
        rows.append(
            Row(
                setting.name(scenario.names),
                (
                    days,
                    numbers.brief(effect.loss_avoided, sign=True),
                    _say_limit(setting, numbers, effect),
                    harm,
                ),
            )
        )
    keys = ("scenario", "days_bought", "loss_avoided", "first_limit", "harm")
    return TextTable(
        f"{key}-table",
        setting.say("card.table"),
        "",
        tuple(setting.say(f"col.{k}") for k in keys),
        tuple(rows),
        setting.say("matrix.not_run"),
    )
