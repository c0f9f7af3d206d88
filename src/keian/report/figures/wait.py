"""What waiting costs: days bought by day of decision, one small chart per measure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from keian.report.bought import reaches_end, say_waited
from keian.report.figures.curve_panel import place
from keian.report.numbers import format_sig
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import (
    LINE_PX,
    NAME_PX,
    dot,
    drawing,
    fit,
    join,
    nice_ceiling,
    path,
    polyline,
    text,
)
from keian.review.nouns import MeasureEffect, ScenarioReview

COLUMNS = 4
MOST = 8
LEFT_PX = 28.0
GUTTER_PX = 18.0
PITCH_PX = (PAGE_PX + GUTTER_PX) / COLUMNS
WIDTH_PX = PITCH_PX - GUTTER_PX - LEFT_PX - 14
HEIGHT_PX = 84.0
_ROW_PX = HEIGHT_PX + 58.0
_TITLE_PX = 38.0
_TICK_PX = 14.0  # a tick closer to zero would stand on its 0


@dataclass(frozen=True, slots=True)
class _Scale:
    last: float
    low: float
    high: float

    def x(self, day: float) -> float:
        return WIDTH_PX * day / self.last

    def y(self, value: float) -> float:
        return HEIGHT_PX * (1 - (value - self.low) / (self.high - self.low))


def draw_wait(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of days bought against days of waiting, all on the same two axes."""
    shown = choose_waits(scenario)
    if not shown:
        name, why = setting.say("wait.name"), setting.say("wait.empty")
        return build_empty(setting, key, name, "", why)
    values = [v for e in shown for _, v in e.wait_curve]
    low = min(0.0, *values)
    scale = _Scale(
        max(max(d for d, _ in e.wait_curve) for e in shown) or 1.0,
        -nice_ceiling(-low) if low < 0 else 0.0,
        nice_ceiling(max(1.0, *values)),
    )
    body = []
    for i, effect in enumerate(shown):
        x = LEFT_PX + PITCH_PX * (i % COLUMNS)
        y = _TITLE_PX + _ROW_PX * (i // COLUMNS)
        body.append(place(_draw_one(setting, effect, scale), x, y))
    rows = -(-len(shown) // COLUMNS)
    return Chart(
        id=key,
        title=start_sentence(_say_title(setting, shown[0])),
        unit=setting.say("wait.unit"),
        svg=drawing(PAGE_PX, _ROW_PX * rows, join(body), setting.say("wait.alt")),
        grid=_build_grid(setting, shown),
        marks=setting.cite(*(e.days_bought for e in shown)),
    )


def choose_waits(scenario: ScenarioReview) -> list[MeasureEffect]:
    """Measures with a curve of waiting, the one that buys most first."""
    with_curve = [e for e in scenario.effects if any(value for _, value in e.wait_curve)]
    return sorted(with_curve, key=lambda e: (-max(v for _, v in e.wait_curve), e.measure))[:MOST]


def _say_title(setting: Setting, effect: MeasureEffect) -> str:
    measure = setting.measures.get(effect.measure)
    name = setting.name(measure.names) if measure else effect.measure
    curve = effect.wait_curve
    gone = next((day for day, value in curve if value <= 0), None)
    if gone is not None and gone > 0:
        return setting.say("wait.title_gone", measure=name, days=str(gone))
    last = str(curve[-1][0])
    if all(value <= 0 for _, value in curve):
        return setting.say("wait.title_none")
    if all(reaches_end(setting, effect, value) for _, value in curve):
        return setting.say("wait.title_holds", measure=name, days=last)
    facts = {
        "measure": name,
        "now": say_waited(setting, effect, curve[0][1]),
        "later": say_waited(setting, effect, curve[-1][1]),
        "days": last,
    }
    return setting.say("wait.title", **facts)


def _draw_one(setting: Setting, effect: MeasureEffect, scale: _Scale) -> Markup:
    measure = setting.measures.get(effect.measure)
    name = f"{measure.letter} {setting.name(measure.names)}" if measure else effect.measure
    made = fit(name, PITCH_PX - GUTTER_PX, NAME_PX)
    zero = scale.y(0.0)
    parts = [
        *(
            text(-LEFT_PX, -10 - 14 * (len(made) - 1 - i), line, "b n")
            for i, line in enumerate(made)
        ),
        path(f"M0 0V{HEIGHT_PX:g}", "axis"),
        path(f"M0 {zero:g}H{WIDTH_PX:g}", "axis"),
        path(f"M0 0H{WIDTH_PX:g}", "gridline"),
        text(-5, 4, format_sig(scale.high, whole=True), "q e tick"),
        text(-5, zero + 4, "0", "q e tick"),
    ]
    points = [(scale.x(day), scale.y(value)) for day, value in effect.wait_curve]
    parts.append(path(polyline(points), "ours-line"))
    last = effect.wait_curve[-1][0]
    for (day, value), (x, y) in zip(effect.wait_curve, points, strict=True):
        parts.append(dot(x, y, 3.5))
        above = y - 7 if y > LINE_PX else y + LINE_PX + 3  # clear of the name above the panel
        if day in (effect.wait_curve[0][0], last):
            side = "e " if day == last else ""
            parts.append(text(x, above, say_waited(setting, effect, value), f"b {side}halo"))
        if day == 0 or x > _TICK_PX:
            parts.append(text(x, HEIGHT_PX + 15, str(day), "q m tick"))
    return join(parts)


def _build_grid(setting: Setting, shown: list[MeasureEffect]) -> Grid:
    days = sorted({day for e in shown for day, _ in e.wait_curve})
    rows = []
    for effect in shown:
        values = dict(effect.wait_curve)
        measure = setting.measures.get(effect.measure)
        name = setting.name(measure.names) if measure else effect.measure
        cells = [say_waited(setting, effect, values[d]) if d in values else "–" for d in days]
        rows.append((name, *cells))
    head = (setting.say("col.measure"), *(setting.say("wait.later", days=str(d)) for d in days))
    return Grid(setting.say("wait.name"), head, tuple(rows))
