"""A good that runs because somebody asked is shown in full and stands in no ranking."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import openpyxl
import pytest

from keian.report.plain import describe_review
from keian.report.scenario_part import build_scenario_part
from keian.report.setting import build_setting
from keian.report.summary import summary_lines
from keian.report.tables import build_tables
from keian.report.workbook import write_workbook
from keian.review.evaluate import Request, evaluate
from keian.review.needs import list_asked, list_needs
from keian.review.study import differs
from tests.unit.report.sample_release import released
from tests.unit.review.played import (
    CLOSURE,
    DAYS,
    REGISTERS,
    RULES,
    build_world,
    hand_study,
    list_measures,
    need,
    summary,
)
from tests.worlds import make_scenario, name, shrink

OWN = "own-ore"


@cache
def own_world():
    """The invented world with a good of a company: the same ore, held in fewer days."""
    world = build_world()
    ore = world.goods[0]
    own = ore.model_copy(
        update={"id": OWN, "names": name("our ore"), "tier": "illustrative", "pools": ()}
    )
    uses = tuple(u.model_copy(update={"good": OWN}) for u in world.uses if u.good == "ore")
    return shrink(world, goods=(*world.goods, own), uses=(*world.uses, *uses))


@cache
def review():
    scenario = make_scenario(CLOSURE, days=DAYS)
    return evaluate(Request(own_world(), (scenario,), list_measures(), REGISTERS, 3)).review


def test_it_is_asked_for_and_needed_by_nobody_ranked():
    assert [n.id for n in list_asked(own_world())] == [OWN]
    assert OWN not in {n.id for n in list_needs(own_world(), RULES)}
    assert list_asked(build_world()) == ()


def test_its_day_cover_users_origins_and_measures_are_figures_of_the_run():
    (good,) = review().scenarios[0].asked
    out, curve = good.run_out, good.curve
    assert out.id == OWN
    assert out.day.quantiles
    assert out.day.structural
    floor = own_world().goods[-1].floor_days.mode
    below = [d for d, level in zip(curve.days, curve.mode, strict=True) if level < floor]
    assert out.day.value == below[0] == curve.crossing_day
    (user,) = good.users
    assert user.exposed.sources
    assert user.bound_from.value is not None
    assert out.day.value <= user.bound_from.value
    assert 0 <= user.lowest.value < 100
    assert sum(line.share.value for line in good.origins) == pytest.approx(1.0)
    shut = next(line for line in good.origins if line.lowest.value < 100)
    assert shut.lowest.unit == "% of normal"
    (escorted,) = good.bought  # escorts alone, insurers away, move nothing
    assert escorted[0] == "cover"
    assert escorted[1].value > 0
    assert good.sources


def test_no_ranking_and_no_answer_names_it():
    told = review()
    scenario = told.scenarios[0]
    named = {r.id for r in scenario.runs_out} | {c.id for c in scenario.curves}
    named |= {e.need for e in scenario.effects} | {v.first_out for v in scenario.variants}
    named |= {s.id for chain in (scenario.chain, *scenario.other_chains) for s in chain}
    assert OWN not in named
    assert not any(d.key.startswith(OWN) for d in scenario.drivers)
    assert "our ore" not in str(describe_review(told)["answers"])


def test_a_measure_that_moves_only_what_was_asked_for_does_not_count():
    study = hand_study([need("ore")], summary(ore=40.0, own=10.0))
    moved = summary(ore=40.0, own=60.0)
    assert not differs(study, study.base(), moved, RULES, 1.0)
    assert differs(study, study.base(), summary(ore=60.0, own=10.0), RULES, 1.0)


def test_every_output_shows_it(tmp_path):
    told = review()
    scenario = told.scenarios[0]
    for lang in ("en", "ja"):
        part = build_scenario_part(build_setting(told, lang), scenario)
        first, cover = part.asked.charts
        assert "our ore" in first.svg
        assert "our ore" in cover.svg
        assert "our ore" not in part.charts[0].svg
        assert all(row.name == "our ore" for table in part.asked.tables for row in table.rows)
        path = tmp_path / f"{lang}.xlsx"
        write_workbook(released(told), path, lang=lang)
        book = openpyxl.load_workbook(path)
        sheet = book["Goods asked for" if lang == "en" else "求めた物資"]
        cells = [[c.value for c in row] for row in sheet.iter_rows()]
        assert cells[0][0] == "TLP:AMBER"
        assert any(
            row[1] == "our ore" and row[3] == scenario.asked[0].run_out.day.value for row in cells
        )
        assert len(sheet._charts) == 1
        assert any("our ore" in line for line in summary_lines(released(told), lang))
    tables = build_tables(told)
    kinds = set(tables["asked"]["row"])
    assert {"good", "user", "origin"} <= kinds
    curves = tables["curves"]
    assert len(curves[curves["kind"] == "cover_asked"]) == DAYS


def test_nothing_is_said_where_none_ran(tmp_path):
    told = replace(review(), scenarios=tuple(replace(s, asked=()) for s in review().scenarios))
    part = build_scenario_part(build_setting(told, "en"), told.scenarios[0])
    assert part.asked.charts == ()
    assert part.asked.tables == ()
    assert "asked" not in build_tables(told)
    write_workbook(released(told), tmp_path / "none.xlsx")
    assert "Goods asked for" not in openpyxl.load_workbook(tmp_path / "none.xlsx").sheetnames
