"""How days bought are written: held to the end, at least so many, and over which draws."""

from __future__ import annotations

from keian.core import Figure
from keian.report.numbers import Numbers, find_band, find_day, format_sig
from keian.report.setting import Setting
from keian.review.nouns import MeasureEffect


def is_held(figure: Figure | None) -> bool:
    """Whether the need stays above its floor to the end of the run: the days are a lower bound."""
    return figure is not None and figure.censored == ">="


def say_bought(setting: Setting, numbers: Numbers, figure: Figure) -> str:
    """Days with their sign, or that the need is held: its days only count to the horizon."""
    if is_held(figure):
        return setting.say("matrix.holds")
    return numbers.value(figure, sign=True, short=True)


def say_bought_band(numbers: Numbers, effect: MeasureEffect) -> str | None:
    """Range of 80 % of the draws in which the need falls; + at an end that is a lower bound."""
    figure, rests = effect.days_bought, effect.bought_draws
    pair = None if figure is None else find_band(figure, 0.8)
    if figure is None or pair is None:
        return None
    bounds = (False, False) if rests is None else rests.at_least
    return numbers.range(*pair, figure, at_least=bounds)


def say_waited(setting: Setting, effect: MeasureEffect, days: float) -> str:
    """Days bought after waiting, with + where they reach the end of the run."""
    return format_sig(days, whole=True) + "+" * reaches_end(setting, effect, days)


def reaches_end(setting: Setting, effect: MeasureEffect, days: float) -> bool:
    """Whether so many days bought reach from the day without the measure to the horizon."""
    scenario = setting.scenarios[effect.scenario]
    out = next((o for o in scenario.runs_out if o.id == effect.need), None)
    first = None if out is None else find_day(out.day)
    return first is not None and first + days >= scenario.horizon_days
