"""Services that a run does not model: counted apart, shown with their industry, with a caution."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from keian.report.figures.heat import draw_heat
from keian.report.matrix import build_days_matrix, build_loss_matrix
from keian.report.scenario_part import build_scenario_part, say_caution, say_gain
from keian.report.setting import build_setting
from keian.report.workbook import write_workbook
from keian.review.nouns import ServiceAside
from tests.unit.report.sample_release import released
from tests.unit.report.sample_review import names, sample_review

LOW = (1.0, 0.9, 0.49, 0.8)


def make_aside(*, short):
    return ServiceAside(
        "trucking", names("Trucking", "貨物自動車運送"), True, 0.85, "JPN.road",
        names("Road transport", "道路輸送"), LOW + (1.0,) * 48, short,
    )  # fmt: skip


def make_review(*asides, **changes):
    review = sample_review()
    first = replace(review.scenarios[0], not_played=asides, **changes)
    return replace(review, scenarios=(first, *review.scenarios[1:]))


@pytest.mark.parametrize(
    ("lang", "words", "status"),
    [
        ("en", "Trucking 49 % of normal (floor 85 %)", "not modelled in this run"),
        ("ja", "貨物自動車運送 平常時の49%（下限85%）", "この計算の対象外"),
    ],
)
def test_an_industry_short_of_what_is_asked_is_a_caution_everywhere(lang, words, status, tmp_path):
    review = make_review(make_aside(short=0.49))
    part = build_scenario_part(build_setting(review, lang), review.scenarios[0])
    assert words.lower() in part.caution.lower()
    write_workbook(released(review), tmp_path / "r.xlsx", lang=lang)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (row,) = (r for r in rows if r[1] == status)
    assert row[2] is None, "the service has no level"
    assert (row[3], row[4], row[6]) == (85, 3, 49)
    assert row[7]
    assert any(r[0] and words.lower() in r[0].lower() for r in rows)


def test_an_industry_of_which_less_is_asked_is_no_caution():
    review = make_review(make_aside(short=1.0))
    scenario = review.scenarios[0]
    assert say_caution(build_setting(review, "en"), scenario.not_played) == ""
    assert not make_aside(short=1.0).is_doubtful
    assert make_aside(short=0.84).is_doubtful


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "None of the 2 services modelled in this run falls below its floor; 1 not"),
        ("ja", "この計算で扱う2サービスは、最頻値ではいずれも下限を割らない（ほかの1サービスは"),
    ],
)
def test_the_title_counts_the_services_modelled(lang, title):
    whole = [
        replace(s, weeks=(1.0,) * len(s.weeks))
        for s in sample_review().scenarios[0].services[:2]
    ]  # fmt: skip
    review = make_review(make_aside(short=0.49), services=tuple(whole))
    chart = draw_heat(build_setting(review, lang), review.scenarios[0], key="k")
    assert chart.title.startswith(title)
    assert 'class="worst' not in str(chart.svg), "nothing leaves normal"


def test_the_map_goes_to_the_last_week_and_marks_the_worst_cell_once():
    services = sample_review().scenarios[0].services
    late = replace(services[0], weeks=(1.0,) * 50 + (0.2, 1.0))
    review = make_review(services=(late,))
    chart = draw_heat(build_setting(review, "en"), review.scenarios[0], key="k")
    assert chart.grid.head[-1].endswith("52")
    assert str(chart.svg).count('class="worst') == 1
    assert "week 51" in chart.note


def test_round_off_is_nought_and_a_gain_is_no_loss_in_the_workbook(tmp_path):
    scenario = sample_review().scenarios[0]
    tiny, gain = 2.63e-15, -0.2
    losses = tuple(
        replace(x, share_of_year=replace(x.share_of_year, value=gain if k == "value_added" else tiny))
        for x in scenario.losses for k in [x.kind]
    )  # fmt: skip
    review = make_review(losses=losses)
    write_workbook(released(review), tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Losses"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    here = [r for r in rows if len(r) > 2 and isinstance(r[2], int | float)][: len(losses)]
    assert sorted({r[2] for r in here}) == [gain, 0]
    head = next(r for r in rows if r[2] == "% of one year")
    assert "Sources" not in head, "a column that no row fills"
    assert any(r[0] and "No loss can be shown" in r[0] for r in rows)
    assert any(r[0] and "0.0005 %" in r[0] for r in rows)
    assert say_gain(build_setting(review, "en"), scenario) == ""


def test_what_does_nothing_is_told_once():
    review = sample_review()
    idle = review.measures[-1].id
    why = names("Nothing here", "作用しない")
    scenarios = tuple(
        replace(
            s, effects=tuple(replace(e, no_effect=why if e.measure == idle else e.no_effect) for e in s.effects)
        )
        for s in review.scenarios
    )  # fmt: skip
    setting = build_setting(replace(review, scenarios=scenarios), "en")
    letter = setting.measures[idle].letter
    days, loss = build_days_matrix(setting), build_loss_matrix(setting)
    assert idle in [row.measure.id for row in days.rows]
    assert idle not in [row.measure.id for row in loss.rows]
    assert loss.harm.startswith("No effect in any scenario:")
    assert letter in loss.harm
