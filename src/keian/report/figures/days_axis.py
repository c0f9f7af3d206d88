"""The time axis that the charts of one scenario share: days from the start, shock periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from keian.core import Figure
from keian.report.numbers import find_band, find_day
from keian.report.setting import Setting
from keian.report.svg import day_ticks, join, measure, path, rect, text
from keian.review.nouns import ScenarioReview

SHORTEST_AXIS_DAYS = 14
_ROUND_TO = ((60, 10), (180, 30), (400, 60), (10_000, 365))
_ROOM = 1.08


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Map from days to positions between `start` and `end`."""

    start: float
    end: float
    last: float

    def at(self, day: float) -> float:
        """Position of a day."""
        return self.start + (self.end - self.start) * day / self.last

    def clip(self, day: float) -> float:
        """Position of a day, at most the end of the axis."""
        return self.at(min(max(day, 0.0), self.last))


def build_axis(
    scenario: ScenarioReview, plot: tuple[float, float], days: Iterable[Figure]
) -> DayAxis:
    """Axis long enough for the mode days and most of the draws, never past the horizon."""
    ends = [0.0]
    for figure in days:
        day = find_day(figure)
        if day is not None:
            ends.append(day * 1.15)
        band = find_band(figure, 0.8)
        if band is not None and day is not None and band[1] < scenario.horizon_days:
            ends.append(band[1] * _ROOM)
        if figure.structural is not None and figure.structural[1] < scenario.horizon_days:
            ends.append(figure.structural[1] * _ROOM)
    if max(ends) == 0.0:
        ends += [last * 1.3 for _, _, last in scenario.windows]
    return DayAxis(*plot, round_days(max(ends), scenario.horizon_days))


def round_days(day: float, horizon: int) -> float:
    """Round a length of time up to a round number of days, at most the horizon."""
    length = max(day, SHORTEST_AXIS_DAYS)
    step = next((s for limit, s in _ROUND_TO if length <= limit), 365)
    return float(min(horizon, step * -(-length // step)))


def draw_axis(
    setting: Setting,
    axis: DayAxis,
    *,
    top: float,
    bottom: float,
    decide_by: Figure | None = None,
) -> Markup:
    """Grid lines with their days, the axis, and the decision day as a line with ▼."""
    parts = []
    for tick in day_ticks(axis.last):
        x = axis.at(tick)
        label = setting.say("axis.day", day="0") if tick == 0 else str(tick)
        parts += [
            path(f"M{x:.1f} {top:g}V{bottom:g}", "gridline"),
            text(x, bottom + 15, label, "q m tick"),
        ]
    parts.append(path(f"M{axis.start:g} {bottom:g}H{axis.end:g}", "axis"))
    if decide_by is not None and decide_by.value is not None and decide_by.value <= axis.last:
        x = axis.at(decide_by.value)
        parts += [
            path(f"M{x:.1f} {top:g}V{bottom:g}", "rule"),
            path(f"M{x - 4:.1f} {top - 8:g}h8l-4 7Z", "ink"),
        ]
    return join(parts)


def draw_windows(
    setting: Setting,
    scenario: ScenarioReview,
    axis: DayAxis,
    *,
    top: float,
    bottom: float,
    low: bool = False,
) -> Markup:
    """Wash behind each shock period; words where there is room, at the top or (`low`) the foot."""
    parts: list[Markup] = []
    words_at: list[Markup] = []
    base = bottom - 6 if low else top + 13
    taken = axis.start
    for names, first, last in scenario.windows:
        if first >= axis.last or last <= 0:
            continue
        start, end = axis.clip(first), axis.clip(last)
        parts.append(rect(start, top, end - start, bottom - top, "shade"))
        words = setting.say(
            "axis.window", what=setting.name(names), first=f"{first:.0f}", last=f"{last:.0f}"
        )
        wide = measure(words)
        if end - wide - 4 >= taken:  # at the end of the period, clear of the decision mark
            words_at.append(text(end - 4, base, words, "q e"))
            taken = end
        elif max(start, taken) + wide + 8 <= axis.end:
            at = max(start, taken) + 4
            words_at.append(text(at, base, words, "q"))
            taken = at + wide + 8
    return join((*parts, *words_at))
