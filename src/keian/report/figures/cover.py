"""Cover curves: days of cover by day, small multiples on one time axis."""

from __future__ import annotations

from keian.core import Figure
from keian.report.figures.curve_panel import (
    HEIGHT_PX,
    LEFT_PX,
    build_panel,
    calc_days,
    draw_panel,
    draw_title,
    place,
    say_level,
)
from keian.report.figures.days_axis import round_days
from keian.report.numbers import format_sig
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import NAME_PX, drawing, fit, join
from keian.review.nouns import Curve, RunOut, ScenarioReview

COLUMNS = 4
NAMED = 3  # in the title, after the first
GUTTER_PX = 18.0
PITCH_PX = (PAGE_PX + GUTTER_PX) / COLUMNS
WIDTH_PX = PITCH_PX - GUTTER_PX - LEFT_PX
_TABLE_EVERY_DAYS = 30
_TITLE_PX = 18.0
_AXIS_PX = 18.0
_ROW_GAP_PX = 14.0


def draw_cover(
    setting: Setting,
    scenario: ScenarioReview,
    *,
    key: str,
    most: int,
    beside: tuple[RunOut, ...] | None = None,
    decide_by: Figure | None = None,
) -> Chart:
    """Chart of the cover of the goods that fall below their floor first, then the others.

    Parameters
    ----------
    beside : rows of the strip above it; of what falls, only these are drawn.
    """
    title = setting.say("cover.title_none", scenario=setting.name(scenario.names))
    if not scenario.curves:
        return build_empty(setting, key, title, "", setting.say("cover.empty"))
    curves = choose_curves(scenario, most, beside)
    last = _calc_last(scenario, curves)
    head = max(len(fit(setting.name(c.names), PITCH_PX - GUTTER_PX, NAME_PX)) for c in curves)
    title_px = _TITLE_PX + 14 * (head - 1) + 8
    row_px = title_px + HEIGHT_PX + _AXIS_PX + _ROW_GAP_PX
    body = []
    for i, curve in enumerate(curves):
        panel = build_panel(curve, WIDTH_PX, last)
        inside = join(
            (
                draw_title(setting, curve, PITCH_PX - GUTTER_PX, top=-16),
                draw_panel(setting, curve, panel, decide_by=decide_by),
            )
        )
        x = LEFT_PX + PITCH_PX * (i % COLUMNS)
        body.append(place(inside, x, title_px + row_px * (i // COLUMNS)))
    rows = -(-len(curves) // COLUMNS)
    height = row_px * rows - _ROW_GAP_PX
    day = None if decide_by is None else setting.numbers(scenario).value(decide_by)
    return Chart(
        id=key,
        title=start_sentence(_say_title(setting, scenario, curves)),
        unit=setting.say("cover.unit", day=day),
        svg=drawing(PAGE_PX, height, join(body), setting.say("cover.alt")),
        grid=_build_grid(setting, scenario.curves),
        marks=setting.cite(*(c.sources for c in curves)),
        note=_say_restraint(setting, scenario, curves),
    )


def _say_restraint(setting: Setting, scenario: ScenarioReview, curves: tuple[Curve, ...]) -> str:
    """Say by how much users of the goods drawn already use less before the floor is passed."""
    numbers = setting.numbers(scenario)
    rows = {out.id: out.restraint for out in scenario.runs_out}
    parts = [
        setting.say(
            "cover.held_by",
            good=setting.noun(curve.names),
            share=numbers.brief(held.share),
            day=numbers.value(held.from_day),
        )
        for curve in curves
        if (held := rows.get(curve.id)) is not None and held.share.value
    ]
    return setting.say("cover.held", goods=setting.words.join_clauses(parts)) if parts else ""


def choose_curves(
    scenario: ScenarioReview, most: int, beside: tuple[RunOut, ...] | None = None
) -> tuple[Curve, ...]:
    """Curves by crossing day; those that never cross last."""
    rows = None if beside is None else {out.id for out in beside}
    never = float("inf")

    def by_day(curve: Curve) -> tuple[float, str]:
        day = curve.crossing_day
        return (never if day is None else day, curve.id)

    shown = [c for c in scenario.curves if rows is None or c.id in rows or c.crossing_day is None]
    return tuple(sorted(shown or scenario.curves, key=by_day))[:most]


def _calc_last(scenario: ScenarioReview, curves: tuple[Curve, ...]) -> float:
    crossings = [c.crossing_day for c in curves if c.crossing_day is not None]
    ends = [last for _, _, last in scenario.windows if last < scenario.horizon_days]
    wanted = max([1.2 * max(crossings, default=0), 1.3 * max(ends, default=0), 30.0])
    data = max((c.days[-1] for c in curves if c.days), default=scenario.horizon_days)
    return min(round_days(wanted, scenario.horizon_days), float(data) or 1.0)


def _say_title(setting: Setting, scenario: ScenarioReview, curves: tuple[Curve, ...]) -> str:
    """Title by rule: what is gone first, what holds in the mode run and in every draw."""
    falls = {out.id for out in scenario.runs_out if out.below_share.value}
    crossed = [c for c in curves if c.crossing_day is not None]
    held = [c for c in curves if c.crossing_day is None and c.id not in falls]
    name = setting.noun
    if crossed and held:
        return setting.say(
            "cover.title_both",
            first=name(crossed[0].names),
            day=setting.say("axis.day", day=str(crossed[0].crossing_day)),
            rest=_say_others(setting, crossed[1:]),
            held=name(held[0].names),
        )
    if crossed:
        return setting.say(
            "cover.title_all",
            first=name(crossed[0].names),
            day=setting.say("axis.day", day=str(crossed[0].crossing_day)),
            rest=_say_others(setting, crossed[1:]),
        )
    return setting.say("cover.title_held")


def _say_others(setting: Setting, crossed: list[Curve]) -> str:
    """What crosses after the first, by name, and how many more."""
    names = [setting.noun(c.names) for c in crossed[:NAMED]]
    if len(crossed) > NAMED:
        names.append(setting.say("cover.rest", count=str(len(crossed) - NAMED)))
    return setting.words.join(names)


def _build_grid(setting: Setting, curves: tuple[Curve, ...]) -> Grid:
    longest = max(curves, key=lambda c: len(c.days))
    every = max(_TABLE_EVERY_DAYS, _TABLE_EVERY_DAYS * -(-longest.days[-1] // 180))
    at = calc_days(longest, every)
    head = (
        setting.say("col.good"),
        setting.say("col.floor"),
        setting.say("col.crossing"),
        *(setting.say("axis.day", day=str(longest.days[i])) for i in at),
    )
    rows = []
    for curve in curves:
        where = {day: i for i, day in enumerate(curve.days)}
        levels = [
            say_level(curve, where[day]) if (day := longest.days[i]) in where else "–" for i in at
        ]
        floor = "–" if curve.floor is None else format_sig(curve.floor, whole=True)
        crossing = "–" if curve.crossing_day is None else str(curve.crossing_day)
        rows.append((setting.name(curve.names), floor, crossing, *levels))
    return Grid(setting.say("cover.alt"), head, tuple(rows))
