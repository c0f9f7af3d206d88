"""What a chart draws is what the review says."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from keian.report.figures.chain import draw_chain
from keian.report.figures.cover import draw_cover
from keian.report.figures.curve_panel import _place_floor_label, build_panel
from keian.report.figures.days_axis import build_axis, merge_windows, say_windows
from keian.report.figures.estimates import draw_estimates
from keian.report.figures.heat import draw_heat
from keian.report.figures.runs_out import PLOT, choose_rows, draw_runs_out
from keian.report.figures.structure import draw_structure
from keian.report.figures.value_added import draw_value_added
from keian.report.figures.wait import draw_wait
from keian.report.matrix import build_days_matrix
from keian.report.scenario_part import build_scenario_part
from keian.report.setting import build_setting
from keian.report.svg import measure
from keian.review.nouns import Curve
from tests.unit.report.pages import parse
from tests.unit.report.sample_review import figure, names, run_out, sample_review


@pytest.fixture(scope="module")
def setting():
    return build_setting(sample_review(), "en")


@pytest.fixture(scope="module")
def hormuz(setting):
    return setting.scenarios["hormuz"]


def elements(chart, cls):
    page = parse(str(chart.svg))
    return [e for e in page.walk() if cls in e.attrs.get("class", "").split()]


def test_dots_stand_on_the_days_of_the_mode_run(setting, hormuz):
    chart = draw_runs_out(setting, hormuz, key="k")
    axis = build_axis(hormuz, PLOT, [out.day for out in hormuz.runs_out])
    drawn = [float(e.attrs["cx"]) for e in elements(chart, "dot")][1:]  # the first is the key
    expected = [axis.at(day) for day in (23, 31, 41, 58, 74, 104, 120)]
    assert drawn == pytest.approx(expected, abs=0.06)


def test_bands_span_the_quantiles_of_the_draws(setting, hormuz):
    chart = draw_runs_out(setting, hormuz, key="k", most=3)
    axis = build_axis(hormuz, PLOT, [out.day for out in hormuz.runs_out[:3]])
    band = elements(chart, "f80")[1]
    assert float(band.attrs["x"]) == pytest.approx(axis.at(19), abs=0.06)
    assert float(band.attrs["width"]) == pytest.approx(axis.at(28) - axis.at(19), abs=0.1)


def test_what_never_falls_is_dotted_with_an_arrow(setting, hormuz):
    wheat = replace(hormuz, runs_out=(run_out("wheat", None),))
    chart = draw_runs_out(setting, wheat, key="k")
    assert 'stroke-dasharray="2 3"' in str(chart.svg)
    assert "not by day 365" in str(chart.svg)
    assert chart.title == "Nothing falls below its floor by day 365"
    assert len(elements(chart, "dot")) == 1, "only the key has a dot"


def test_things_that_fall_only_in_some_draws_say_in_how_many(setting, hormuz):
    gas = run_out("gas", None, share=0.0)
    some = replace(gas, below_share=figure(0.3, "share"))
    chart = draw_runs_out(setting, replace(hormuz, runs_out=(some,)), key="k")
    assert "in 30% of draws" in str(chart.svg)


def test_a_short_strip_keeps_a_vital_row():
    outs = tuple(run_out(k, d) for k, d in (("naphtha", 5), ("lng", 6), ("dap", 7), ("crude", 99)))
    assert [out.id for out in choose_rows(outs, 2)] == ["naphtha", "crude"]
    assert [out.id for out in choose_rows(outs, 4)] == ["naphtha", "lng", "dap", "crude"]


def test_rows_left_out_are_named(setting, hormuz):
    far = [replace(run_out("wheat", None), id=f"far{i}") for i in range(7)]
    chart = draw_runs_out(setting, replace(hormuz, runs_out=tuple(far)), key="k")
    assert chart.note.startswith("Further above their floors all the time: wheat, wheat and wheat")
    assert len(chart.grid.rows) == 7


def test_shock_periods_that_touch_are_one(setting, hormuz):
    strait, ports = names("Strait", "海峡"), names("Ports", "港湾")
    windows = ((strait, 3.0, 93.0), (ports, 0.0, 0.2), (strait, 0.0, 3.0))
    scenario = replace(hormuz, windows=windows)
    assert merge_windows(scenario) == [(ports, 0.0, 0.2), (strait, 0.0, 93.0)]
    assert say_windows(setting, scenario) == "Shaded: Ports, day 0; Strait, days 0–93."


def test_cover_shows_what_crosses_first(setting, hormuz):
    chart = draw_cover(setting, hormuz, key="k", most=2)
    assert chart.title == "Below the floor: naphtha from day 23, then LNG"
    assert {row[0] for row in chart.grid.rows} >= {"Naphtha", "Crude oil"}


def test_cells_below_the_floor_are_outlined_and_every_cell_prints_its_number(setting, hormuz):
    chart = draw_heat(setting, hormuz, key="k")
    hospital = next(s for s in hormuz.services if s.id == "hospital")
    only = draw_heat(setting, replace(hormuz, services=(hospital,)), key="k")
    columns = len(only.grid.head) - 2
    each = math.ceil(len(hospital.weeks) / columns)
    assert columns * each >= len(hospital.weeks), "the map goes to the end of the horizon"
    lows = [min(hospital.weeks[c * each : (c + 1) * each]) for c in range(columns)]
    assert len(elements(only, "below")) == sum(low < hospital.floor for low in lows)
    cells = [e.text() for e in elements(only, "m") if "tick" not in e.attrs["class"]]
    assert cells == [f"{100 * low:.0f}" for low in lows]
    assert "Below the floor" in chart.title


def test_missing_weeks_are_hatched_not_zero(setting, hormuz):
    ports = next(s for s in hormuz.services if s.id == "ports")
    holes = tuple(math.nan if i > 5 else v for i, v in enumerate(ports.weeks))
    chart = draw_heat(setting, replace(hormuz, services=(replace(ports, weeks=holes),)), key="k")
    assert elements(chart, "missing")
    assert chart.grid.rows[0][-1].startswith("–")


def test_arrows_are_as_wide_as_the_share_that_passes(setting, hormuz):
    steps = hormuz.chain
    thin = replace(steps[0], link_share=figure(0.1, "share"))
    wide = replace(steps[0], link_share=figure(1.0, "share"))

    def height(step):
        chart = draw_chain(setting, replace(hormuz, chain=(step, steps[-1])), key="k")
        d = next(e.attrs["d"] for e in elements(chart, "ink"))
        y = [float(v) for v in re.findall(r"(?<=[VL ])\d+\.\d(?=[HL ]|$)", d)]
        start = float(d.split(" ")[1].split("H")[0])
        return start, y

    assert height(wide)[0] < height(thin)[0], "the upper edge lies higher"


def test_ours_are_filled_and_published_ones_open(setting, hormuz):
    chart = draw_estimates(setting, hormuz, key="k")
    assert len(elements(chart, "dot")) == 2
    assert len(elements(chart, "ring")) == len(hormuz.comparisons) + 1, "a range has two ends"
    assert "none is an equality" in chart.note


def test_each_switch_of_the_model_has_its_rows(setting, hormuz):
    chart = draw_structure(setting, hormuz, key="k")
    assert len(elements(chart, "dot")) == 2 * 24
    assert len(elements(chart, "ring-ours")) == 2 * 3 * 24, "once per switch, day and loss"
    same = tuple(replace(v, binding_day=9) for v in hormuz.variants)
    chart = draw_structure(setting, replace(hormuz, variants=same), key="k")
    assert chart.title.startswith("Model variants do not reach day 9")


def test_settings_that_do_not_come_back_are_told(setting, hormuz):
    assert "come back" not in draw_structure(setting, hormuz, key="k").note
    stuck = tuple(
        replace(v, returns=v.kappa != 1.0 or v.criticality != "all") for v in hormuz.variants
    )
    told = draw_structure(setting, replace(hormuz, variants=stuck), key="k").note
    assert "In 4 of 24 settings the economy does not come back" in told
    losses = build_scenario_part(setting, replace(hormuz, variants=stuck)).losses
    assert "Variants without the 4 that do not come back" in losses.unit


def test_value_added_names_its_worst_day_and_where_the_axis_starts(setting, hormuz):
    chart = draw_value_added(setting, hormuz, key="k")
    assert chart.title == "At worst, day 69, 7.4% of value added is missing"
    assert "the axis starts at 85%" in chart.unit


def test_waiting_charts_come_best_first(setting, hormuz):
    chart = draw_wait(setting, hormuz, key="k")
    assert chart.grid.rows[0][:2] == ("Release state crude", "21")
    assert chart.title.startswith("Release state crude: nothing left to buy after 30 days")


def test_matrix_sorts_by_the_worst_scenario_and_marks_pairs_and_harm(setting):
    matrix = build_days_matrix(setting)
    letters = [row.measure.letter for row in matrix.rows]
    assert letters[0] == "A"
    assert letters[-1] == "H"
    tankers = next(row for row in matrix.rows if row.measure.id == "tankers")
    assert (tankers.cells[0].partner, tankers.cells[0].text) == ("A", "+11")
    subsidy = matrix.rows[-1].cells[0]
    assert (subsidy.text, subsidy.loss, subsidy.hurts) == ("−6", 6, True)
    parts = next(row for row in matrix.rows if row.measure.id == "parts")
    assert parts.cells[3].kind == "missing"


def test_cover_says_what_restraint_holds_each_curve_up(setting, hormuz):
    chart = draw_cover(setting, hormuz, key="k", most=1)
    assert chart.note == (
        "Use below normal before the floor is passed (restraint or empty stocks): "
        "naphtha 12% (8–15) from day 12."
    )
    bare = tuple(replace(out, restraint=None) for out in hormuz.runs_out)
    assert not draw_cover(setting, replace(hormuz, runs_out=bare), key="k", most=1).note


@pytest.mark.parametrize("speed", [0.2, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("floor", [3.0, 7.0, 20.0])
def test_the_label_of_a_floor_keeps_clear_of_the_curve(setting, speed, floor):
    days = tuple(range(61))
    level = tuple(max(0.5, 40.0 - speed * day) for day in days)
    cross = next((d for d in days if level[d] < floor), None)
    curve = Curve("x", names("Ore", "鉱石"), "days", days, level, {}, floor, cross, (), 40.0)
    panel = build_panel(curve, 160.0, 60.0)
    wide = measure(f"floor {floor:g}")
    x, y, cls = _place_floor_label(curve, panel, 1.0, panel.y(floor), (wide, measure("day 40")))
    left = x - wide if cls.startswith("q e") else x
    near = [
        panel.y(at) for d, at in zip(days, level, strict=True) if left <= panel.x(d) <= left + wide
    ]
    assert all(not y - 9 < at < y + 1 for at in near), (near, y)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Crude oil", "crude oil"),
        ("LNG", "LNG"),
        ("Oil refining and LPG import", "oil refining and LPG import"),
        ("Suez Canal", "Suez Canal"),
        ("Strait of Hormuz", "Strait of Hormuz"),
        ("Brazil: Air transport", "Brazil: Air transport"),
    ],
)
def test_proper_names_keep_their_capital_in_a_sentence(setting, name, inside):
    assert setting.noun(names(name, "名")) == inside
