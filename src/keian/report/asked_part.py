"""Goods that ran because somebody asked, a company's own among them: beside the rankings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from keian.core import Figure
from keian.report.figures.cover import draw_cover
from keian.report.figures.runs_out import draw_runs_out, say_day
from keian.report.numbers import MISSING, Numbers
from keian.report.setting import Chart, Setting, start_sentence
from keian.report.text_table import Row, TextTable
from keian.review.nouns import AskedGood, RunOut, ScenarioReview

CURVES_SHOWN = 8
NAMED = 3  # of the goods that hold, in a terminal


@dataclass(frozen=True, slots=True)
class AskedPart:
    """What a scenario's section prints of goods asked for; nothing where none ran."""

    charts: tuple[Chart, ...]
    tables: tuple[TextTable, ...]


def build_asked(setting: Setting, scenario: ScenarioReview, key: str) -> AskedPart:
    """Set days, cover, users, origins and measures of the goods asked for, in their own order."""
    if not scenario.asked:
        return AskedPart((), ())
    numbers = setting.numbers(scenario)
    apart = replace(
        scenario,
        runs_out=tuple(good.run_out for good in scenario.asked),
        curves=tuple(good.curve for good in _choose_drawn(scenario.asked)),
        binding=None,
    )
    first = draw_runs_out(setting, apart, key=f"{key}-first")
    cover = draw_cover(setting, apart, key=f"{key}-cover", most=CURVES_SHOWN)
    several = len(scenario.asked) > 1
    title = (
        setting.say("asked.title", count=str(len(scenario.asked)))
        if several
        else setting.say("asked.title_one")
    )
    return AskedPart(
        (
            replace(first, title=start_sentence(title), unit=f"{setting.say('asked.unit')} {first.unit}"),
            replace(cover, title=setting.say("asked.cover")),
        ),
        (
            _build_users(setting, numbers, scenario, f"{key}-users"),
            _build_origins(setting, numbers, scenario, f"{key}-origins"),
        ),
    )  # fmt: skip


def _choose_drawn(goods: tuple[AskedGood, ...]) -> list[AskedGood]:
    """Choose the goods whose cover is drawn: those that fall in the mode run or in most draws."""

    def rank(good: AskedGood) -> tuple[float, float]:
        out = good.run_out
        day = math.inf if out.day.censored else out.day.value or 0.0
        return (day, -(out.below_share.value or 0.0))

    return sorted(goods, key=rank)[:CURVES_SHOWN]


def _build_users(
    setting: Setting, numbers: Numbers, scenario: ScenarioReview, key: str
) -> TextTable:
    rows = tuple(
        Row(
            setting.name(good.run_out.names),
            (
                setting.name(user.names),
                _say_range(numbers, user.exposed),
                _say_range(numbers, user.stock),
                setting.say("asked.not_bound")
                if user.bound_from.value is None
                else numbers.value(user.bound_from),
                numbers.value(user.lowest),
            ),
            setting.cite(user.exposed, user.stock),
        )
        for good in scenario.asked
        for user in good.users
    )
    keys = ("good", "asked_user", "asked_exposed", "asked_stock", "asked_bound", "asked_lowest")
    return TextTable(
        key,
        setting.say("asked.users"),
        setting.say("asked.users_unit"),
        tuple(setting.say(f"col.{k}") for k in keys),
        rows,
    )


def _build_origins(
    setting: Setting, numbers: Numbers, scenario: ScenarioReview, key: str
) -> TextTable:
    rows = tuple(
        Row(
            setting.name(good.run_out.names),
            (
                say_origins(setting, numbers, good),
                say_bought(setting, numbers, good),
                say_cause(setting, good.run_out),
            ),
            setting.cite(good.sources),
        )
        for good in scenario.asked
    )
    keys = ("good", "asked_origins", "asked_bought", "cause")
    return TextTable(
        key,
        setting.say("asked.origins"),
        setting.say("asked.origins_unit"),
        tuple(setting.say(f"col.{k}") for k in keys),
        rows,
    )


def _say_range(numbers: Numbers, figure: Figure) -> str:
    """Value of an input, with the range that its source or its author gives."""
    text = numbers.value(figure, short=True)
    if figure.low is None or figure.high is None:
        return text
    ends = numbers.range(figure.low, figure.high, figure)
    return f"{text}（{ends}）" if numbers.lang == "ja" else f"{text} ({ends})"


def say_cause(setting: Setting, out: RunOut) -> str:
    """Say what bound a good; of one that falls in draws alone, that the mode run holds it."""
    if out.day.censored and out.below_share.value:
        return setting.say("asked.mode_holds")
    return setting.name(out.cause)


def list_bound(setting: Setting, numbers: Numbers, good: AskedGood) -> str:
    """Name the users that the good binds, with the first day."""
    parts = [
        f"{setting.name(user.names)} {numbers.value(user.bound_from)}"
        for user in good.users
        if user.bound_from.value is not None
    ]
    return setting.words.join_clauses(parts) or setting.say("asked.not_bound")


def say_origins(setting: Setting, numbers: Numbers, good: AskedGood) -> str:
    """Name the origins with their share of supply and the lowest flow."""
    parts = [
        setting.say(
            "asked.origin", name=setting.name(line.names), share=_say_range(numbers, line.share),
            lowest=numbers.value(line.lowest),
        )
        for line in good.origins
    ]  # fmt: skip
    return setting.words.join_clauses(parts) or MISSING


def say_bought(setting: Setting, numbers: Numbers, good: AskedGood) -> str:
    """Name the measures that move the day, with the days; none are ranked."""
    parts = [
        setting.say(
            "asked.measure",
            name=f"{setting.measures[m].letter} {setting.name(setting.measures[m].names)}",
            days=numbers.value(days, sign=True, short=True),
        )
        for m, days in good.bought
        if m in setting.measures
    ]
    return setting.words.join_clauses(parts) or setting.say("asked.no_measure")


def say_asked(setting: Setting, scenario: ScenarioReview) -> tuple[str, ...]:
    """Say for a terminal when the goods asked for fall below their floors: a line for each.

    Those that do not fall in the mode run, nor in any draw, are counted in one line.
    """
    numbers = setting.numbers(scenario)
    lines, holding = [], []
    for good in scenario.asked:
        out = good.run_out
        name = setting.name(out.names)
        if out.day.censored and not out.below_share.value:
            holding.append(name)
            continue
        day, beside = say_day(setting, numbers, out)
        lines.append(
            setting.say(
                "asked.line", good=name, day=day or beside, cause=say_cause(setting, out),
                band=beside if day and beside else None,
            )
        )  # fmt: skip
    if holding:
        more = len(holding) - NAMED
        names = holding[:NAMED] + ([setting.say("cover.rest", count=str(more))] if more > 0 else [])
        lines.append(
            setting.say(
                "asked.hold", names=setting.words.join(names), day=str(scenario.horizon_days)
            )
        )
    return tuple(lines)
