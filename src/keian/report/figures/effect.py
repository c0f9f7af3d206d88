"""Charts of a measure's card: its effect by day, and days bought by day of decision."""

from __future__ import annotations

from markupsafe import Markup

from keian.report.bought import say_waited
from keian.report.figures.curve_panel import Panel, calc_days, draw_panel, place, say_level
from keian.report.numbers import Numbers, format_sig, read_unit
from keian.report.setting import CARD_PX, Chart, Grid, Setting, start_sentence
from keian.report.svg import (
    dot,
    drawing,
    join,
    measure,
    nice_ceiling,
    path,
    rect,
    text,
)
from keian.review.nouns import Curve, MeasureEffect

LEFT_PX = 40.0
TOP_PX = 26.0
HEIGHT_PX = 80.0
BAR_ROW_PX = 18.0
BAR_AT = 100.0
_BAR_PX = 12.0
_HUNDRED = 100.0


def draw_effect(
    setting: Setting, numbers: Numbers, effect: MeasureEffect, *, key: str
) -> Chart | None:
    """Chart of the measure's effect by day, with the first limit to bind; None without series."""
    curve = effect.series
    if curve is None or not curve.days:
        return None
    share = read_unit(curve.unit).kind == "share"
    factor = _HUNDRED if share else 1.0
    high = max(max(row) for row in (curve.mode, *curve.bands.values())) * factor
    panel = Panel(
        CARD_PX - LEFT_PX - 8, float(curve.days[-1]) or 1.0, 0.0, nice_ceiling(high), HEIGHT_PX
    )
    body = join(
        (
            draw_panel(setting, curve, panel, factor=factor, percent=share),
            _draw_limit(setting, numbers, effect, curve, panel, factor),
        )
    )
    at = calc_days(curve, 30)
    head = (
        setting.say("col.series"),
        *(setting.say("axis.day", day=str(curve.days[i])) for i in at),
    )
    row = (setting.name(curve.names), *(say_level(curve, i, factor) for i in at))
    best = max(range(len(curve.mode)), key=lambda i: curve.mode[i])
    most = format_sig(curve.mode[best] * factor) + ("%" if share else "")
    title = _say_title(setting, curve, most, curve.days[best])
    return Chart(
        id=key,
        title=start_sentence(title),
        unit=setting.say(
            "effect.unit",
            what=setting.name(curve.names),
            unit="%" if share else setting.say("effect.unit_days"),
        ),
        svg=drawing(CARD_PX, TOP_PX + HEIGHT_PX + 20, place(body, LEFT_PX, TOP_PX), title),
        grid=Grid(title, head, (row,)),
        marks=setting.cite(curve.sources),
    )


def _say_title(setting: Setting, curve: Curve, most: str, day: int) -> str:
    """A series with a floor is the cover of a need; one without is the effect itself."""
    if curve.floor is None:
        return setting.say("effect.title", most=most, day=setting.say("axis.day", day=str(day)))
    what = setting.noun(curve.names)
    if curve.crossing_day is None:
        return setting.say("effect.title_holds", what=what)
    crossing = setting.say("axis.day", day=str(curve.crossing_day))
    return setting.say("effect.title_until", what=what, day=crossing)


def draw_decision(setting: Setting, effect: MeasureEffect, *, key: str) -> Chart | None:
    """Bars of days bought by days of waiting; harm hatched to the left of zero."""
    curve = effect.wait_curve
    if not any(value for _, value in curve):
        return None
    low = min(0.0, *(v for _, v in curve))
    high = max(0.0, *(v for _, v in curve))
    scale = (CARD_PX - BAR_AT - 70) / ((high - low) or 1.0)
    zero = BAR_AT - low * scale
    body: list[Markup] = []
    for i, (day, value) in enumerate(curve):
        y = BAR_ROW_PX * i
        label = setting.say("effect.wait", days=str(day)) if i == 0 else str(day)
        cls = "ours" if i == 0 else "f50"
        if value < 0:
            body.append(rect(zero + value * scale, y + 3, -value * scale, _BAR_PX, "harm-bar"))
        else:
            body.append(rect(zero, y + 3, value * scale, _BAR_PX, cls))
        end = zero + max(value, 0.0) * scale + 6
        days = setting.say("effect.days", days=say_waited(setting, effect, value))
        body += [
            text(BAR_AT - 8, y + 13, label, "q e"),
            text(end, y + 13, days, "b" if i == 0 else ""),
        ]
    height = BAR_ROW_PX * len(curve) + 4
    body.append(path(f"M{zero:.1f} 0V{height:g}", "axis"))
    gone = next((d for d, v in curve if v <= 0), None)
    title = setting.say("effect.title_wait_none", days=str(curve[-1][0]))
    if gone is not None:
        never = all(value <= 0 for _, value in curve)
        title = setting.say(
            "effect.title_wait_harm" if never else "effect.title_wait", days=str(gone)
        )
    rows = tuple((str(d), say_waited(setting, effect, v)) for d, v in curve)
    head = (setting.say("col.wait_days"), setting.say("col.days_bought"))
    return Chart(
        id=key,
        title=title,
        unit=setting.say("effect.unit_wait"),
        svg=drawing(CARD_PX, height, join(body), title),
        grid=Grid(title, head, rows),
    )


def _draw_limit(
    setting: Setting,
    numbers: Numbers,
    effect: MeasureEffect,
    curve: Curve,
    panel: Panel,
    factor: float,
) -> Markup:
    """Dot on the curve on the day the first limit binds, named above the panel."""
    day = effect.first_limit_day
    if day is None or day.value is None or day.value > panel.last:
        return Markup("")
    nearest = min(range(len(curve.days)), key=lambda i: abs(curve.days[i] - (day.value or 0)))
    x, y = panel.x(day.value), panel.y(curve.mode[nearest] * factor)
    label = setting.say(
        "effect.limit", day=numbers.value(day), limit=setting.name(effect.first_limit)
    )
    left = x + measure(label, bold=True) > panel.width
    return join(
        (
            path(f"M{x:.1f} -6V{y:.1f}", "axis"),
            dot(x, y),
            text(panel.width if left else x, -10, label, "b e" if left else "b"),
        )
    )
