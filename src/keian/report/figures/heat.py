"""Services and vital demand by week: a heat map whose cells print their number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from keian.report.numbers import DASH, MISSING, format_sig
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
    shorten,
    text,
)
from keian.review.needs import VITAL
from keian.review.nouns import ScenarioReview, ServiceAside, ServiceWeeks

GRID_AT = 202.0
FLOOR_END = 192.0
NAME_END = 160.0
HEAD_PX = 36.0
ROW_PX = 27.0
ASIDE_HEAD_PX = 24.0
MOST_COLUMNS = 14  # "49–52" must not touch its neighbour
DOT_PX = 2.5
DAYS_PER_WEEK = 7.0
_NORMAL = 0.985  # from here a cell is printed on plain paper
_STEPS = ((0.94, "heat-1"), (0.87, "heat-2"), (0.78, "heat-3"))  # lower bounds of the tints
_LAST_STEP = "heat-4"


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Columns of the map: weeks taken together where there are too many."""

    each: int
    count: int
    longest: int

    def lowest(self, levels: tuple[float, ...], column: int) -> float | None:
        part = levels[column * self.each : (column + 1) * self.each]
        return find_lowest(part) if part else None

    def name(self, column: int) -> str:
        first = column * self.each + 1
        last = min(first + self.each - 1, self.longest)
        return str(first) if first == last else f"{first}{DASH}{last}"


def draw_heat(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of service levels by week in the mode run."""
    services = sorted(scenario.services, key=_depth)
    if not services:
        why = setting.say("heat.empty")
        return build_empty(setting, key, setting.say("heat.name"), "", why)
    asides = sorted(scenario.not_played, key=_depth)
    columns = _choose_weeks([*services, *asides])
    title = _say_title(setting, services, len(asides))
    worst = _find_worst(services)
    body = [_draw_head(setting, scenario, columns)]
    body += [_draw_row(setting, s, columns, HEAD_PX + ROW_PX * i) for i, s in enumerate(services)]
    if worst is not None:
        body.append(_mark_worst(services, worst, columns))
    height = HEAD_PX + ROW_PX * len(services) + 4
    if asides:
        body.append(text(0, height + 16, setting.say("heat.aside"), "q"))
        top = height + ASIDE_HEAD_PX
        body += [_draw_aside(setting, s, columns, top + ROW_PX * i) for i, s in enumerate(asides)]
        height = top + ROW_PX * len(asides) + 4
    return Chart(
        id=key,
        title=start_sentence(title),
        unit=setting.say(f"heat.unit_{'week' if columns.each == 1 else 'weeks'}", each=str(columns.each)),
        svg=drawing(PAGE_PX, height, join(body), setting.say("heat.alt")),
        grid=_build_grid(setting, services, asides, columns),
        note=_say_note(setting, services, asides, worst),
    )  # fmt: skip


def find_lowest(levels: tuple[float, ...]) -> float:
    """Lowest known level; NaN where none is known."""
    return min((level for level in levels if not math.isnan(level)), default=math.nan)


def _say_note(
    setting: Setting,
    services: list[ServiceWeeks],
    asides: list[ServiceAside],
    worst: _Worst | None,
) -> str:
    """Say how far the map goes, the worst week of all, and what the lower rows are."""
    where = MISSING
    if worst is not None:
        where = setting.say(
            "heat.worst", name=setting.noun(services[worst.row].names), week=str(worst.week + 1),
            level=format_sig(worst.level * 100, digits=3),
        )  # fmt: skip
    longest = max(len(s.weeks) for s in services)
    said = setting.say("heat.note", all=str(longest), worst=where)
    return f"{said} {setting.say('heat.aside_note')}" if asides else said


@dataclass(frozen=True, slots=True)
class _Worst:
    """The lowest level of all: row of the map, week from nought, share of normal."""

    row: int
    week: int
    level: float


def _find_worst(services: list[ServiceWeeks]) -> _Worst | None:
    """Find the lowest level of all services; None where nothing leaves normal or none is known."""
    lows = [
        _Worst(row, service.weeks.index(low), low)
        for row, service in enumerate(services)
        if (low := find_lowest(service.weeks)) < _NORMAL
    ]
    return min(lows, key=lambda worst: worst.level, default=None)


def _mark_worst(services: list[ServiceWeeks], worst: _Worst, columns: _Weeks) -> Markup:
    """A dot in the corner of the cell with the lowest level of all."""
    pitch = (PAGE_PX - GRID_AT) / columns.count
    x = GRID_AT + pitch * (worst.week // columns.each + 1) - 3 * DOT_PX
    below = worst.level < services[worst.row].floor
    cls = "worst on-dark" if _on(worst.level) else "worst"
    return dot(x, HEAD_PX + ROW_PX * worst.row + (3 + below) * DOT_PX, DOT_PX, cls)


def _depth(service: ServiceWeeks | ServiceAside) -> tuple[float, str]:
    return (find_lowest(service.weeks) - service.floor, service.id)


def _choose_weeks(services: Sequence[ServiceWeeks | ServiceAside]) -> _Weeks:
    """All weeks of the horizon, grouped so that a cell can hold its number."""
    longest = max(len(s.weeks) for s in services)
    each = -(-longest // MOST_COLUMNS)
    return _Weeks(each, -(-longest // each), longest)


def _say_title(setting: Setting, services: list[ServiceWeeks], aside: int) -> str:
    """Say what falls below its floor, or that nothing does of so many services modelled."""
    below = [s for s in services if find_lowest(s.weeks) < s.floor]
    if not below:
        played = sum(s.id != VITAL for s in services)
        key = {0: "vital", 1: "one"}.get(played, "none")
        return setting.say(
            f"heat.title_{key}", played=str(played), aside=str(aside) if aside else None
        )
    first = below[0]
    weeks = sum(level < first.floor for level in first.weeks)
    others = [setting.noun(s.names) for s in below[1:3]]
    return setting.say(
        "heat.title_below",
        first=setting.noun(first.names),
        weeks=setting.say("heat.one_week" if weeks == 1 else "heat.some_weeks", weeks=str(weeks)),
        others=setting.words.join(others),
    )


def _draw_head(setting: Setting, scenario: ScenarioReview, columns: _Weeks) -> Markup:
    pitch = (PAGE_PX - GRID_AT) / columns.count
    parts = [
        text(0, 28, setting.say("col.service"), "q"),
        text(FLOOR_END, 28, setting.say("col.floor"), "q e"),
    ]
    parts += [
        text(GRID_AT + pitch * (c + 0.5), 28, columns.name(c), "q m tick")
        for c in range(columns.count)
    ]
    for names, first, last in scenario.windows[:2]:
        days = columns.count * columns.each * DAYS_PER_WEEK
        low = GRID_AT + (PAGE_PX - GRID_AT) * min(first / days, 1.0)
        high = GRID_AT + (PAGE_PX - GRID_AT) * min(last / days, 1.0)
        if high - low > pitch:
            parts.append(path(f"M{low:.1f} 14H{high:.1f}", "rule"))
            parts.append(text(low, 10, shorten(setting.name(names), high - low), "q s"))
            break
    return join(parts)


def _draw_row(setting: Setting, service: ServiceWeeks, columns: _Weeks, top: float) -> Markup:
    name = ("◆ " if service.vital else "") + setting.name(service.names)
    size = NAME_PX if measure(name, NAME_PX) <= NAME_END else CHART_PX
    made = fit(name, NAME_END, size)
    base = top + 18
    parts = [
        path(f"M0 {top - 0.5:g}H{GRID_AT - 6:g}", "gridline"),
        *(
            text(0, base - 6 * (len(made) - 1) + 12 * i, line, _name_class(service, size))
            for i, line in enumerate(made)
        ),
        text(FLOOR_END, base, format_sig(service.floor * 100, digits=3), "q e"),
    ]
    pitch = (PAGE_PX - GRID_AT) / columns.count
    for c in range(columns.count):
        x = GRID_AT + pitch * c
        parts.append(_draw_cell(columns.lowest(service.weeks, c), service.floor, x, top, pitch))
    return join(parts)


def _draw_aside(setting: Setting, service: ServiceAside, columns: _Weeks, top: float) -> Markup:
    """A row of numbers alone: no tint and no outline, since it is no level of the service."""
    name = shorten(setting.name(service.names), NAME_END, CHART_PX)
    parts = [
        path(f"M0 {top - 0.5:g}H{GRID_AT - 6:g}", "gridline"),
        text(0, top + 18, name, "q"),
        text(FLOOR_END, top + 18, format_sig(service.floor * 100, digits=3), "q e"),
    ]
    pitch = (PAGE_PX - GRID_AT) / columns.count
    for c in range(columns.count):
        level = columns.lowest(service.weeks, c)
        if level is not None and not math.isnan(level):
            x = GRID_AT + pitch * (c + 0.5)
            parts.append(text(x, top + 18, format_sig(level * 100, whole=True), "q m"))
    return join(parts)


def _name_class(service: ServiceWeeks, size: float) -> str:
    return " ".join(["b"] * service.vital + ["n"] * (size == NAME_PX))


def _draw_cell(level: float | None, floor: float, x: float, top: float, pitch: float) -> Markup:
    """Tint, number; below the floor bold in a thick outline; missing hatched."""
    if level is None or math.isnan(level):
        return rect(x + 0.5, top, pitch - 1, ROW_PX - 1, "missing")
    below = level < floor
    number = text(
        x + pitch / 2,
        top + 18,
        format_sig(level * 100, whole=True),
        " ".join(("m", "b" if below else "q" if level >= _STEPS[0][0] else "", _on(level))).strip(),
    )
    if level >= _NORMAL and not below:
        return number
    parts = [rect(x + 0.5, top, pitch - 1, ROW_PX - 1, _tint(level))]
    if below:
        parts.append(rect(x + 1.5, top + 1, pitch - 3, ROW_PX - 3, "below"))
    return join((*parts, number))


def _tint(level: float) -> str:
    return next((cls for bound, cls in _STEPS if level >= bound), _LAST_STEP)


def _on(level: float) -> str:
    return "on-dark" if _tint(level) == _LAST_STEP else ""


def _build_grid(
    setting: Setting, services: list[ServiceWeeks], asides: list[ServiceAside], columns: _Weeks
) -> Grid:
    weeks = [setting.say("heat.week", week=columns.name(c)) for c in range(columns.count)]
    rows = []
    for service in services:
        cells = []
        for c in range(columns.count):
            level = columns.lowest(service.weeks, c)
            low, high = columns.lowest(service.low, c), columns.lowest(service.high, c)
            cells.append(_say_cell(level, low, high))
        rows.append(
            (setting.name(service.names), format_sig(service.floor * 100, digits=3), *cells)
        )
    for aside in asides:
        cells = [
            _say_cell(columns.lowest(aside.weeks, c), None, None) for c in range(columns.count)
        ]
        row = setting.say(
            "heat.aside_row", service=setting.name(aside.names),
            industry=setting.name(aside.industry_names),
        )  # fmt: skip
        rows.append((row, format_sig(aside.floor * 100, digits=3), *cells))
    head = (setting.say("col.service"), setting.say("col.floor"), *weeks)
    return Grid(setting.say("heat.alt"), head, tuple(rows))


def _say_cell(level: float | None, low: float | None, high: float | None) -> str:
    if level is None:
        return "–"
    words = format_sig(level * 100, whole=True)
    if low is None or high is None:
        return words
    ends = [format_sig(end * 100, whole=True) for end in sorted((low, high))]
    return words if ends[0] == ends[1] == words else f"{words} ({ends[0]}{DASH}{ends[1]})"
