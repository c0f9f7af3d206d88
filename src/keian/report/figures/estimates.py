"""Our losses beside published estimates: ours filled, theirs open, log scale, never equal."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from keian.report.numbers import Numbers, find_band, format_sig, read_unit
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import (
    CHART_PX,
    NAME_PX,
    dot,
    drawing,
    fit,
    join,
    measure,
    path,
    rect,
    text,
)
from keian.review.nouns import Comparison, Loss, ScenarioReview

NAME_END = 170.0
VALUE_END = 236.0
PLOT = (250.0, 540.0)
WORDS_AT = 560.0
HEAD_PX = 26.0
ROW_PX = 30.0
_BAR_PX = 12.0
OURS = ("value_added", "output")
_LOWEST_SHOWN = 0.01
_TICKS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class _LogAxis:
    low: float
    high: float

    def at(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        share = math.log(inside / self.low) / math.log(self.high / self.low)
        return PLOT[0] + (PLOT[1] - PLOT[0]) * share


def draw_estimates(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of our losses with their bands above the published ones."""
    if not scenario.comparisons:
        name, why = setting.say("estimates.name"), setting.say("estimates.empty")
        return build_empty(setting, key, name, "", why)
    numbers = setting.numbers(scenario)
    ours = [loss for loss in scenario.losses if loss.kind in OURS and loss.share_of_year.value]
    shown = [c for c in scenario.comparisons if c.high > 0 and read_unit(c.unit).kind == "percent"]
    axis = _build_axis(ours, shown)
    bottom = HEAD_PX + ROW_PX * (len(ours) + len(scenario.comparisons))
    body = [_draw_scale(setting, axis, bottom)]
    for i, loss in enumerate(ours):
        body.append(_draw_ours(setting, numbers, axis, loss, HEAD_PX + ROW_PX * (i + 0.5)))
    split = HEAD_PX + ROW_PX * len(ours)
    body.append(path(f"M0 {split:g}H{PAGE_PX:g}", "axis"))
    for i, other in enumerate(scenario.comparisons):
        body.append(_draw_theirs(setting, axis, other, split + ROW_PX * (i + 0.5)))
    return Chart(
        id=key,
        title=start_sentence(_say_title(setting, shown)),
        unit=setting.say("estimates.unit"),
        svg=drawing(PAGE_PX, bottom + 20, join(body), setting.say("estimates.alt")),
        grid=_build_grid(setting, numbers, ours, scenario.comparisons),
        marks=setting.cite(
            [c.source for c in scenario.comparisons], *(loss.share_of_year for loss in ours)
        ),
        note=setting.say("estimates.note"),
    )


def _say_title(setting: Setting, shown: list[Comparison]) -> str:
    if not shown:
        return setting.say("estimates.name")
    low = format_sig(min(c.low or c.high for c in shown))
    high = format_sig(max(c.high for c in shown))
    kinds = {c.loss for c in shown}
    return setting.say(
        "estimates.title_kinds" if len(kinds) > 1 else "estimates.title", low=low, high=high
    )


def _build_axis(ours: list[Loss], others: list[Comparison]) -> _LogAxis:
    values = [c.high for c in others] + [c.low for c in others]
    for loss in ours:
        figure = loss.share_of_year
        values += [figure.value or 0.0, *(find_band(figure, 0.8) or ()), *(figure.structural or ())]
    positive = [v for v in values if v >= _LOWEST_SHOWN] or [1.0]
    low = 10.0 ** math.floor(math.log10(min(positive)))
    high = max(positive) * 1.5
    return _LogAxis(low, max(high, low * 10))


def _draw_scale(setting: Setting, axis: _LogAxis, bottom: float) -> Markup:
    parts = []
    power = axis.low
    while power <= axis.high:
        for step in _TICKS:
            value = power * step
            if axis.low <= value <= axis.high:
                x = axis.at(value)
                parts.append(path(f"M{x:.1f} {HEAD_PX:g}V{bottom:g}", "gridline"))
                label = format_sig(value, digits=1) + ("%" if value == axis.low else "")
                parts.append(text(x, bottom + 16, label, "q m tick"))
        power *= 10
    parts += [
        path(f"M0 {HEAD_PX:g}H{PAGE_PX:g}M0 {bottom:g}H{PAGE_PX:g}", "axis"),
        text(PLOT[0], 16, setting.say("estimates.key"), "q"),
        text(WORDS_AT, 16, setting.say("estimates.col_counts"), "q"),
    ]
    return join(parts)


def _draw_ours(setting: Setting, numbers: Numbers, axis: _LogAxis, loss: Loss, y: float) -> Markup:
    figure = loss.share_of_year
    parts = _draw_name(setting.say(f"loss.{loss.kind}.ours"), y, bold=True)
    if figure.structural is not None:
        low, high = (axis.at(v) for v in figure.structural)
        parts.append(rect(low, y - _BAR_PX / 2 - 2, high - low, _BAR_PX + 4, "variants"))
    band = find_band(figure, 0.8)
    if band is not None:
        low, high = (axis.at(v) for v in band)
        parts.append(rect(low, y - _BAR_PX / 2, high - low, _BAR_PX, "f80"))
    value = figure.value or 0.0
    if value > 0:
        parts.append(_draw_shape(loss.kind, axis.at(value), y, "dot"))
    parts.append(text(VALUE_END, y + 4.5, numbers.value(figure), "e b"))
    parts += _draw_words(setting.say(f"loss.{loss.kind}.counts"), y)
    return join(parts)


def _draw_theirs(setting: Setting, axis: _LogAxis, other: Comparison, y: float) -> Markup:
    parts = _draw_name(setting.name(other.names), y, bold=False)
    parts.append(text(VALUE_END, y + 4.5, say_comparison(setting, other), "e"))
    if read_unit(other.unit).kind == "percent" and other.high > 0:
        low, high = axis.at(max(other.low, axis.low)), axis.at(other.high)
        if other.low < other.high:
            dash = "3 3" if other.low <= 0 else None
            parts.append(path(f"M{low:.1f} {y:g}H{high:.1f}", "rule", stroke_dasharray=dash))
        if 0 < other.low < other.high:
            parts.append(_draw_shape(other.loss, low, y, "ring"))
        parts.append(_draw_shape(other.loss, high, y, "ring"))
    parts += _draw_words(setting.name(other.differs), y)
    return join(parts)


def say_comparison(setting: Setting, other: Comparison) -> str:
    """A published figure: '0.5–3.0%', 'up to 3%'; the unit in words where it is no percentage."""
    kind = read_unit(other.unit).kind
    unit = "%" if kind == "percent" else f" {other.unit}"
    low, high = format_sig(other.low, digits=3), format_sig(other.high, digits=3) + unit
    if kind in ("days", "yen", "dollar"):
        numbers = setting.numbers()
        high = numbers.scalar(other.high, other.unit, digits=3)
        low = low if kind == "days" else numbers.scalar(other.low, other.unit, digits=3)
    if other.low == other.high:
        return high
    return setting.say("estimates.up_to", high=high) if other.low <= 0 else f"{low}–{high}"


def _draw_name(name: str, y: float, *, bold: bool) -> list[Markup]:
    size = NAME_PX if measure(name, NAME_PX) <= NAME_END else CHART_PX
    made = fit(name, NAME_END, size)
    first = y + 4.5 - 6.5 * (len(made) - 1)
    return [text(0, first + 13 * i, line, "b" if bold else "") for i, line in enumerate(made)]


def _draw_words(words: str, y: float) -> list[Markup]:
    made = fit(words, PAGE_PX - WORDS_AT)
    first = y + 4.5 - 6.5 * (len(made) - 1)
    return [text(WORDS_AT, first + 13 * i, line, "q") for i, line in enumerate(made)]


def _draw_shape(loss: str, x: float, y: float, cls: str) -> Markup:
    """Circle value added, square gross output, triangle at risk, diamond other."""
    if loss == "output":
        return rect(x - 5, y - 5, 10, 10, cls)
    if loss == "at_risk":
        return path(f"M{x:.1f} {y - 6:g}l6.5 11h-13Z", cls)
    if loss == "other":
        return path(f"M{x:.1f} {y - 6:g}l6 6-6 6-6-6Z", cls)
    return dot(x, y, 5.5, cls)


def _build_grid(
    setting: Setting, numbers: Numbers, ours: list[Loss], others: tuple[Comparison, ...]
) -> Grid:
    rows = [
        (
            setting.say(f"loss.{loss.kind}.ours"),
            numbers.value(loss.share_of_year),
            numbers.band(loss.share_of_year) or "–",
            numbers.structural(loss.share_of_year) or "–",
            setting.say(f"loss.{loss.kind}.counts"),
            " ".join(m.mark for m in setting.cite(loss.share_of_year)),
        )
        for loss in ours
    ]
    rows += [
        (
            setting.name(other.names),
            say_comparison(setting, other),
            "–",
            "–",
            f"{setting.name(other.what)}; {setting.name(other.differs)}",
            " ".join(m.mark for m in setting.cite((other.source,))),
        )
        for other in others
    ]
    keys = ("estimate", "value", "b80", "variants", "counts", "sources")
    return Grid(
        setting.say("estimates.name"), tuple(setting.say(f"col.{k}") for k in keys), tuple(rows)
    )
