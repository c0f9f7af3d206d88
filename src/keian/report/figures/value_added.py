"""Value added by day, as a share of normal, with the bands of the draws."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from keian.report.figures.curve_panel import (
    Panel,
    calc_days,
    draw_panel,
    format_step,
    place,
    say_level,
)
from keian.report.figures.days_axis import DayAxis, draw_windows, round_days, say_windows
from keian.report.numbers import format_sig, read_unit
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import LINE_PX, dot, drawing, join, nice_ceiling, text
from keian.review.nouns import Curve, ScenarioReview

HEIGHT_PX = 130.0
LEFT_PX = 44.0
_TOP_PX = 18.0
_HUNDRED = 100.0
_BACK_TO_NORMAL = 0.1  # % of normal
_TABLE_EVERY_DAYS = 30


def draw_value_added(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of value added by day; the axis does not start at zero and says so."""
    curve = scenario.value_added
    if not curve.days:
        name, why = setting.say("value_added.name"), setting.say("value_added.empty")
        return build_empty(setting, key, name, "", why)
    shown = _to_percent(curve)
    last = _calc_last(scenario, shown)
    panel = _build_panel(shown, last)
    width = PAGE_PX - LEFT_PX
    axis = DayAxis(0.0, width, last)
    lowest = min(range(len(shown.mode)), key=lambda i: shown.mode[i])
    body = join(
        (
            draw_windows(setting, scenario, axis, top=0.0, bottom=panel.height, words=False),
            draw_panel(setting, shown, panel, percent=True),
            _draw_lowest(setting, shown, panel, lowest),
        )
    )
    height = _TOP_PX + HEIGHT_PX + 20
    return Chart(
        id=key,
        title=start_sentence(_say_title(setting, shown, lowest)),
        unit=setting.say("value_added.unit", floor=format_step(panel.low, panel.high - panel.low)),
        svg=drawing(PAGE_PX, height, place(body, LEFT_PX, _TOP_PX), setting.say("value_added.alt")),
        grid=_build_grid(setting, shown),
        marks=setting.cite(curve.sources),
        note=say_windows(setting, scenario),
    )


def _to_percent(curve: Curve) -> Curve:
    """Bring a series in shares to percent of normal."""
    rule = read_unit(curve.unit)
    factor = _HUNDRED if rule.kind == "share" else 1.0
    if factor == 1.0:
        return curve
    return replace(
        curve,
        mode=tuple(v * factor for v in curve.mode),
        bands={q: tuple(v * factor for v in row) for q, row in curve.bands.items()},
    )


def _calc_last(scenario: ScenarioReview, curve: Curve) -> float:
    dips = [
        d for d, v in zip(curve.days, curve.mode, strict=True) if v < _HUNDRED - _BACK_TO_NORMAL
    ]
    ends = [last for _, _, last in scenario.windows if last < scenario.horizon_days]
    wanted = max(1.1 * max(dips, default=0), 1.3 * max(ends, default=0.0), 30.0)
    return min(round_days(wanted, scenario.horizon_days), float(curve.days[-1]) or 1.0)


def _build_panel(curve: Curve, last: float) -> Panel:
    lowest = min(min(row) for row in (curve.mode, *curve.bands.values()))
    highest = max(max(row) for row in (curve.mode, *curve.bands.values()))
    depth = nice_ceiling(max(_HUNDRED - lowest, 0.1))
    return Panel(
        PAGE_PX - LEFT_PX,
        last,
        _HUNDRED - depth,
        max(_HUNDRED, highest),
        height=HEIGHT_PX,
        top_tick=_HUNDRED,
    )


def _draw_lowest(setting: Setting, curve: Curve, panel: Panel, lowest: int) -> Markup:
    day, level = curve.days[lowest], curve.mode[lowest]
    if day > panel.last or level > _HUNDRED - _BACK_TO_NORMAL:
        return Markup("")
    x, y = panel.x(day), panel.y(level)
    label = setting.say("value_added.lowest", loss=format_sig(level - _HUNDRED), day=str(day))
    under = y + LINE_PX + 3 < panel.height
    at = y + LINE_PX + 3 if under else y - 9
    return join((dot(x, y, 4), text(x, at, label, "b m halo")))


def _say_title(setting: Setting, curve: Curve, lowest: int) -> str:
    loss = _HUNDRED - curve.mode[lowest]
    if loss < _BACK_TO_NORMAL:
        return setting.say("value_added.title_none")
    day = setting.say("axis.day", day=str(curve.days[lowest]))
    return setting.say("value_added.title", loss=format_sig(loss), day=day)


def _build_grid(setting: Setting, curve: Curve) -> Grid:
    at = calc_days(curve, _TABLE_EVERY_DAYS)
    head = (
        setting.say("col.series"),
        *(setting.say("axis.day", day=str(curve.days[i])) for i in at),
    )
    row = (setting.name(curve.names), *(say_level(curve, i) for i in at))
    return Grid(setting.say("value_added.name"), head, (row,))
