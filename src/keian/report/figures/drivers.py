"""What moves the headline: uncertain inputs by how far their range moves it."""

from __future__ import annotations

from keian.report.numbers import read_unit
from keian.report.setting import PAGE_PX, Chart, Grid, Setting, build_empty, start_sentence
from keian.report.svg import CHART_PX, drawing, fit, join, measure, path, rect, text
from keian.review.nouns import Driver, ScenarioReview

NAME_END = 400.0
BAR_AT = 416.0
ROW_PX = 24.0
MOST = 8
_BAR_PX = 12.0
_MARKS_PX = 70.0


def draw_drivers(setting: Setting, scenario: ScenarioReview, *, key: str) -> Chart:
    """Chart of the strongest inputs; bars of one unit share one scale."""
    if not scenario.drivers:
        name, why = setting.say("drivers.name"), setting.say("drivers.empty")
        return build_empty(setting, key, name, "", why)
    numbers = setting.numbers(scenario)
    shown = sorted(scenario.drivers, key=_size, reverse=True)[:MOST]
    most = {_unit(d): max(_size(o) for o in shown if _unit(o) == _unit(d)) for d in shown}
    body = []
    for i, driver in enumerate(shown):
        y = ROW_PX * i
        label = numbers.swing(driver.swing)
        room = PAGE_PX - BAR_AT - _MARKS_PX - measure(label, bold=True)
        width = room * _size(driver) / (most[_unit(driver)] or 1.0)
        marks = " ".join(mark.mark for mark in setting.cite(driver.sources)[:3])
        body += [
            path(f"M0 {y + 0.5:g}H{PAGE_PX:g}", "gridline"),
            text(0, y + 16.5, fit(setting.name(driver.names), NAME_END, CHART_PX, most=1)[0], ""),
            rect(BAR_AT, y + 6, width, _BAR_PX, "f50"),
            text(BAR_AT + width + 6, y + 16.5, label, "b"),
            text(PAGE_PX, y + 16.5, marks, "q e"),
        ]
    height = ROW_PX * len(shown)
    body.append(path(f"M{BAR_AT:g} 0V{height:g}", "axis"))
    strongest = shown[0]
    return Chart(
        id=key,
        title=start_sentence(
            setting.say(
                "drivers.title",
                driver=setting.name(strongest.names),
                swing=numbers.swing(strongest.swing),
            )
        ),
        unit=setting.say("drivers.unit"),
        svg=drawing(PAGE_PX, height + 2, join(body), setting.say("drivers.alt")),
        grid=_build_grid(setting, scenario),
        marks=setting.cite(*(d.sources for d in shown)),
    )


def _size(driver: Driver) -> float:
    return abs(driver.swing.value or 0.0)


def _unit(driver: Driver) -> str:
    return read_unit(driver.swing.unit).kind


def _build_grid(setting: Setting, scenario: ScenarioReview) -> Grid:
    numbers = setting.numbers(scenario)
    rows = tuple(
        (
            setting.name(d.names),
            numbers.swing(d.swing),
            d.key,
            " ".join(m.mark for m in setting.cite(d.sources)),
        )
        for d in sorted(scenario.drivers, key=_size, reverse=True)
    )
    keys = ("input", "swing", "key", "sources")
    return Grid(setting.say("drivers.name"), tuple(setting.say(f"col.{k}") for k in keys), rows)
