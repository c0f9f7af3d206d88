"""One small chart of a series by day: bands, mode run, floor, crossing."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from keian.core import Figure
from keian.report.numbers import DASH, MINUS, format_sig
from keian.report.setting import Setting
from keian.report.svg import (
    LINE_PX,
    NAME_PX,
    day_ticks,
    dot,
    fit,
    join,
    measure,
    nice_ceiling,
    path,
    polyline,
    tag,
    text,
)
from keian.review.nouns import Curve

LEFT_PX = 28.0
HEIGHT_PX = 112.0
BANDS = ((0.025, 0.975, "f95"), (0.1, 0.9, "f80"), (0.25, 0.75, "f50"))
_LABEL_GAP = 8.0
_STEP = 8  # px
_CLEAR = 20.0  # px between a label and a curve; more is no better
_MOST_DECIMALS = 4
_NEARLY_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Panel:
    """Place and scales of a small chart."""

    width: float
    last: float
    low: float
    high: float
    height: float = HEIGHT_PX
    top_tick: float | None = None  # where the axis goes on above its last tick

    def x(self, day: float) -> float:
        """Position of a day."""
        return self.width * day / self.last

    def y(self, value: float) -> float:
        """Position of a value, kept inside the panel."""
        inside = min(max(value, self.low), self.high)
        return self.height * (1 - (inside - self.low) / (self.high - self.low))


def build_panel(curve: Curve, width: float, last: float, factor: float = 1.0) -> Panel:
    """Scales that hold bands, floor and normal level; the value axis starts at zero."""
    at = [i for i, day in enumerate(curve.days) if day <= last]
    series = [curve.mode, *curve.bands.values()]
    top = max((row[i] for row in series for i in at), default=1.0)
    top = max(top, curve.floor or 0.0, curve.reference or 0.0) * factor
    return Panel(width, last, 0.0, nice_ceiling(top))


def draw_panel(
    setting: Setting,
    curve: Curve,
    panel: Panel,
    *,
    factor: float = 1.0,
    percent: bool = False,
    decide_by: Figure | None = None,
) -> Markup:
    """Axes, bands, mode line, floor and crossing of one series.

    Parameters
    ----------
    setting : Setting
        Language, formats.
    curve : Curve
        The series; `factor` brings its values to the unit of the axis.
    panel : Panel
        Scales.
    factor : float
        100 for shares drawn in percent.
    percent : bool
        Write % on the top tick.
    decide_by : Figure, optional
        Decision day, drawn as a line with ▼.
    """
    return join(
        (
            _draw_axes(panel, percent=percent),
            _draw_bands(curve, panel, factor),
            _draw_floor(setting, curve, panel, factor),
            _draw_decision(panel, decide_by),
            _draw_crossing(setting, curve, panel, factor),
        )
    )


def draw_title(setting: Setting, curve: Curve, width: float, *, top: float) -> Markup:
    """Name of the series in bold over its panel, at most two lines."""
    name = fit(setting.name(curve.names), width / 1.06, NAME_PX)
    first = top - 14 * (len(name) - 1)
    return join(text(-LEFT_PX, first + 14 * i, line, "b n") for i, line in enumerate(name))


def calc_days(curve: Curve, every: int) -> list[int]:
    """Indexes of the days shown in the table behind a panel."""
    ticks = set(range(0, max(curve.days, default=0) + 1, every))
    exact = [i for i, day in enumerate(curve.days) if day in ticks]
    return exact or list(range(0, len(curve.days), max(1, len(curve.days) // 5)))


def say_level(curve: Curve, i: int, factor: float = 1.0) -> str:
    """Value on a day with its 80 % range: '8 (5–11)'."""
    text_ = format_sig(curve.mode[i] * factor)
    if 0.1 not in curve.bands or 0.9 not in curve.bands:  # noqa: PLR2004 - the 80 % range
        return text_
    ends = sorted((curve.bands[0.1][i] * factor, curve.bands[0.9][i] * factor))
    low, high = (format_sig(end, like=curve.mode[i] * factor) for end in ends)
    return text_ if low == high == text_ else f"{text_} ({low}{DASH}{high})"


def _draw_axes(panel: Panel, *, percent: bool) -> Markup:
    parts = []
    for share in (0.0, 0.5, 1.0):
        top = panel.high if panel.top_tick is None else panel.top_tick
        value = panel.low + share * (top - panel.low)
        y = panel.y(value)
        label = format_step(value, (top - panel.low) / 2)
        label += "%" if percent and share == 1.0 else ""
        parts += [
            path(f"M0 {y:g}H{panel.width:g}", "axis" if share == 0 else "gridline"),
            text(-5, y + 4, label, "q e tick"),
        ]
    ticks = day_ticks(panel.last)
    room = panel.width / max(1, len(ticks) - 1)
    # the last one ends at the edge, half its width nearer to the one before
    shown = ticks[:: 2 if 1.5 * measure(str(ticks[-1])) > room - 4 else 1]
    for tick in shown:
        cls = "q tick" if tick == 0 else "q e tick" if tick == panel.last else "q m tick"
        parts.append(text(panel.x(tick), panel.height + 15, str(tick), cls))
    return join(parts)


def format_step(value: float, step: float) -> str:
    """A tick with as many decimals as its step needs: 99.5 in steps of 0.5."""
    decimals = 0
    while decimals < _MOST_DECIMALS and abs(step * 10**decimals % 1) > _NEARLY_WHOLE:
        decimals += 1
    text_ = f"{value:,.{decimals}f}"
    if decimals:
        text_ = text_.rstrip("0").rstrip(".")
    return text_.replace("-", MINUS)


def _draw_bands(curve: Curve, panel: Panel, factor: float) -> Markup:
    at = [i for i, day in enumerate(curve.days) if day <= panel.last]
    parts = []

    def points(values: tuple[float, ...]) -> list[tuple[float, float]]:
        return [(panel.x(curve.days[i]), panel.y(values[i] * factor)) for i in at]

    for low, high, cls in BANDS:
        if low in curve.bands and high in curve.bands and at:
            edge = points(curve.bands[low]) + points(curve.bands[high])[::-1]
            parts.append(path(polyline(edge) + "Z", cls))
    if at:
        parts.append(path(polyline(points(curve.mode)), "ours-line"))
    return join(parts)


def _draw_floor(setting: Setting, curve: Curve, panel: Panel, factor: float) -> Markup:
    if curve.floor is None:
        return Markup("")
    y = panel.y(curve.floor * factor)
    label = setting.say("curve.floor", floor=format_sig(curve.floor * factor, digits=3))
    day = setting.say("axis.day", day=str(curve.crossing_day or 0))
    widths = (measure(label), measure(day, bold=True))
    x, above, cls = _place_floor_label(curve, panel, factor, y, widths)
    return join((path(f"M0 {y:.1f}H{panel.width:g}", "floor"), text(x, above, label, cls)))


def _place_floor_label(
    curve: Curve, panel: Panel, factor: float, y: float, widths: tuple[float, float]
) -> tuple[float, float, str]:
    """Over or under the floor, as far right as there is most room from the curve and the day.

    Parameters
    ----------
    y : of the floor.
    widths : of the label, and of the day written at the crossing.
    """
    width, crossing = widths
    line = [
        (panel.x(day), panel.y(level * factor))
        for day, level in zip(curve.days, curve.mode, strict=True)
        if day <= panel.last
    ]
    day = curve.crossing_day
    if day is not None and day <= panel.last:
        x = panel.x(day)
        at = (
            x + _LABEL_GAP
            if x + _LABEL_GAP + crossing <= panel.width
            else x - _LABEL_GAP - crossing
        )
        line += [(at + share * crossing, y - _LABEL_GAP - 4) for share in (0.0, 0.5, 1.0)]
    ends = [panel.width - step for step in range(0, int(panel.width - width), _STEP)]
    places = [
        *((end, y - 6, "q e halo") for end in ends), (_LABEL_GAP, y - 6, "q halo"),
        *((end, y + LINE_PX - 2, "q e halo") for end in ends),
        (_LABEL_GAP, y + LINE_PX - 2, "q halo"),
    ]  # fmt: skip
    inside = [p for p in places if LINE_PX <= p[1] <= panel.height - 2] or places[:1]

    def calc_room(spot: tuple[float, float, str]) -> float:
        left = spot[0] - width if spot[2].startswith("q e") else spot[0]
        middle = spot[1] - LINE_PX / 3
        near = [
            abs(at - middle)
            for x, at in line
            if left - _LABEL_GAP <= x <= left + width + _LABEL_GAP
        ]
        return min(_CLEAR, min(near, default=_CLEAR))

    return max(inside, key=calc_room)


def _draw_decision(panel: Panel, decide_by: Figure | None) -> Markup:
    if decide_by is None or decide_by.value is None or decide_by.value > panel.last:
        return Markup("")
    x = panel.x(decide_by.value)
    return join(
        (
            path(f"M{x:.1f} -4V{panel.height:g}", "rule"),
            path(f"M{x - 4:.1f} -8h8l-4 5Z", "ink"),
        )
    )


def _draw_crossing(setting: Setting, curve: Curve, panel: Panel, factor: float) -> Markup:
    day = curve.crossing_day
    if day is None or curve.floor is None or day > panel.last:
        return Markup("")
    x, y = panel.x(day), panel.y(curve.floor * factor)
    label = setting.say("axis.day", day=str(day))
    left = x + _LABEL_GAP + measure(label, bold=True) > panel.width
    below = y + LINE_PX + 1 if y + LINE_PX + 4 < panel.height else y - 8
    at = (x - _LABEL_GAP, below, "b e halo") if left else (x + _LABEL_GAP, y - 8, "b halo")
    return join((dot(x, y, 4), text(*at[:2], label, at[2])))


def place(body: Markup, x: float, y: float) -> Markup:
    """Move a panel to its place."""
    return tag("g", body, transform=f"translate({x:g} {y:g})")
