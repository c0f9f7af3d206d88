"""The time axis that the charts of one scenario share: days from the start, shock periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from keian.core import Figure, Names
from keian.report.numbers import find_band, find_day
from keian.report.setting import Setting
from keian.report.svg import day_ticks, join, measure, path, rect, text
from keian.review.nouns import ScenarioReview

SHORTEST_AXIS_DAYS = 14
_ROUND_TO = ((60, 10), (180, 30), (400, 60), (10_000, 365))
_ROOM = 1.08
_CLEAR_OF_DECISION_PX = 24.0


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
    words: bool = True,
) -> Markup:
    """Wash behind each shock period; the words of the longest where there is room."""
    shown = [w for w in merge_windows(scenario) if w[1] < axis.last and w[2] > 0]
    parts = [
        rect(axis.clip(first), top, axis.clip(last) - axis.clip(first), bottom - top, "shade")
        for _, first, last in shown
    ]
    if not words or not shown:
        return join(parts)
    names, first, last = max(shown, key=lambda w: w[2] - w[1])
    label = _say_window(setting, names, first, last)
    start, end = axis.clip(first) + _CLEAR_OF_DECISION_PX, axis.clip(last) - 4
    if measure(label) <= end - start:
        parts.append(text(end, top + 13, label, "q e"))
    elif start + measure(label) <= axis.end:
        parts.append(text(start, top + 13, label, "q"))
    return join(parts)


def merge_windows(scenario: ScenarioReview) -> list[tuple[Names, float, float]]:
    """Shock periods by name, those that touch taken together, in order of their start."""
    merged: list[tuple[Names, float, float]] = []
    for names, first, last in sorted(scenario.windows, key=lambda w: (w[0].en, w[1])):
        before = merged[-1] if merged else None
        if before is not None and before[0] == names and first <= before[2]:
            merged[-1] = (names, before[1], max(last, before[2]))
        else:
            merged.append((names, first, last))
    return sorted(merged, key=lambda w: (w[1], w[0].en))


def say_windows(setting: Setting, scenario: ScenarioReview, most: int | None = None) -> str:
    """Line that names the shaded periods, and how many more there are than `most`."""
    shown = [_say_window(setting, *window) for window in merge_windows(scenario)]
    if most is not None and len(shown) > most:
        shown = [*shown[:most], setting.say("cover.rest", count=str(len(shown) - most))]
    return (
        setting.say("axis.shaded", windows=setting.say("list.semicolon").join(shown))
        if shown
        else ""
    )


def _say_window(setting: Setting, names: Names, first: float, last: float) -> str:
    ends = f"{first:.0f}", f"{last:.0f}"
    if ends[0] == ends[1]:
        return setting.say("axis.window_day", what=setting.name(names), day=ends[0])
    return setting.say("axis.window", what=setting.name(names), first=ends[0], last=ends[1])
