"""Who is there, where it strikes, and who mends it: contracts, minimum crews, areas, teams."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.compile import compile_run
from keian.crisis.repair import Incident, calc_repair
from keian.economy.nouns import Area, AreaShare, RepairPool, Workforce
from keian.scenario.check_parts import check_parts
from keian.scenario.check_values import Place, check_repairs
from keian.scenario.reach import calc_reach
from tests.crises import make_measure
from tests.worlds import SOURCE, fixed, make_scenario, make_world, name, shrink

DAYS = 40
UNIT = "JPN.p0"


def make_line(crew=0.0, regular=0.6, units=(UNIT,)):
    shares = (None, None) if regular is None else (fixed(regular), fixed(1.0 - regular))
    return Workforce(
        id="people", names=name("people"), units=units, regular_share=shares[0],
        non_regular_share=shares[1], minimum_crew=fixed(crew), sources=(SOURCE,),
    )  # fmt: skip


def make_area(area, **shares):
    parts = tuple(AreaShare(unit_id=f"JPN.{p}", share=fixed(x)) for p, x in shares.items())
    return Area(id=area, names=name(area), prefectures=("a", "b"), shares=parts, sources=(SOURCE,))


def make_teams(teams):
    return RepairPool(id="ships", names=name("ships"), teams=fixed(teams), sources=(SOURCE,))


def follow(world, *shocks, measures=()):
    compiled = compile_economy(world, load_rules())
    run = Run(make_scenario(*shocks, days=DAYS), measures)
    return compiled, compile_run(compiled, run, DAYS)[1]


def read(world, what, *shocks, unit=UNIT, measures=()):
    """The factor of one unit by day; 1 where nothing touches it."""
    compiled, fx = follow(world, *shocks, measures=measures)
    places = getattr(fx, f"{what}_unit").tolist()
    i = compiled.index.unit[unit]
    return getattr(fx, what)[places.index(i)] if i in places else np.ones(DAYS)


def staff(loss, **more):
    return {"kind": "workforce_loss", "units": [UNIT], "loss": loss} | more


def plant(loss, **more):
    return {"kind": "capacity_loss", "units": [UNIT], "loss": loss} | more


def test_contracts_weigh_by_their_heads():
    world = shrink(make_world(0), workforce=(make_line(regular=0.6),))
    assert read(world, "work", staff(0.5, contract="non_regular"))[0] == pytest.approx(0.8)
    assert read(world, "work", staff(0.5, contract="regular"))[0] == pytest.approx(0.7)
    both = read(world, "work", staff(0.5, contract="regular"), staff(0.5, contract="non_regular"))
    assert both[0] == pytest.approx(0.5)
    over = read(world, "work", staff(0.5), staff(0.5, contract="non_regular"))
    assert over[0] == pytest.approx(0.6 * 0.5 + 0.4 * 0.25)


@pytest.mark.parametrize(("loss", "left"), [(0.39, 0.61), (0.4, 0.6), (0.41, 0.0)])
def test_below_the_minimum_crew_a_unit_stops(loss, left):
    world = shrink(make_world(0), workforce=(make_line(crew=0.6),))
    assert read(world, "work", staff(loss))[0] == pytest.approx(left)
    assert read(world, "work", staff(loss))[10] == 1.0  # and starts again with its people


def test_an_area_loses_its_part_and_no_more():
    world = shrink(make_world(0), areas=(make_area("north", p0=0.25), make_area("south", p0=0.5)))
    assert read(world, "capital", plant(0.8, area="north"))[0] == pytest.approx(0.8)
    two = read(world, "capital", plant(0.8, area="north"), plant(0.5))
    assert two[0] == pytest.approx(0.25 * 0.2 * 0.5 + 0.75 * 0.5)
    twice = read(world, "capital", plant(0.8, area="north"), plant(0.5, area="north"))
    assert twice[0] == pytest.approx(0.25 * 0.2 * 0.5 + 0.75)
    apart = read(world, "capital", plant(0.8, area="north"), plant(1.0, area="south"))
    assert apart[0] == pytest.approx(0.25 * 0.2 + 0.25)


def test_the_minimum_crew_holds_in_each_area():
    world = shrink(
        make_world(0), areas=(make_area("north", p0=0.25),), workforce=(make_line(crew=0.5),)
    )
    assert read(world, "work", staff(0.6, area="north"))[0] == pytest.approx(0.75)
    assert read(world, "work", staff(0.4, area="north"))[0] == pytest.approx(0.25 * 0.6 + 0.75)


def test_a_pattern_takes_the_units_that_stand_in_the_area_only():
    world = shrink(make_world(0), areas=(make_area("north", p0=0.25, p1=0.1),))
    shock = plant(0.5, area="north", units=["JPN.*"])
    compiled, fx = follow(world, shock)
    assert {compiled.economy.units[i] for i in fx.capital_unit} == {"JPN.p0", "JPN.p1"}
    hits = {h.id: h.mode for h in calc_reach(make_scenario(shock).shocks[0], world)}
    assert hits == pytest.approx({"JPN.p0": 0.125, "JPN.p1": 0.05})


def test_what_has_no_figure_is_refused_by_name():
    world = shrink(
        make_world(0), areas=(make_area("north", p0=0.25),),
        workforce=(make_line(regular=None, units=("JPN.p1",)),),
    )  # fmt: skip
    scenario = make_scenario(
        plant(0.5, area="north", units=["JPN.p0", "JPN.p1"]),
        staff(0.5, units=["JPN.p1"], contract="regular"),
    )
    found = [p.found for p in check_parts(scenario, world, Place("s"))]
    assert found == [
        "'JPN.p1', of which no share in area 'north' is known",
        "'regular' at 'JPN.p1', whose contracts are missing",
    ]


def test_a_loss_comes_back_by_teams_or_by_itself_not_both():
    repair = {"pool": "ships", "work_team_days": 10}
    scenario = make_scenario(plant(0.5, repair=repair, recovery_half_days=3))
    (problem,) = check_repairs(scenario, Place("s"))
    assert problem.wanted == "one way back"


def test_a_loss_falls_with_the_work_done():
    world = shrink(make_world(0), repair_pools=(make_teams(2),))
    shock = plant(0.8, duration_days=5, repair={"pool": "ships", "work_team_days": 20})
    left = 1.0 - read(world, "capital", shock)
    assert left[:5] == pytest.approx(0.8)
    assert left[5:15] == pytest.approx(0.8 * (0.95 - 0.1 * np.arange(10)))
    assert left[15:] == pytest.approx(0.0)


def test_incidents_of_one_pool_wait_for_each_other():
    """Two incidents at once take longer than either alone: that is what sharing teams means."""
    world = shrink(make_world(0), repair_pools=(make_teams(1),))
    repair = {"pool": "ships", "work_team_days": 10}
    one = plant(0.5, duration_days=1, repair=repair)
    other = plant(0.5, duration_days=2, units=["JPN.p1"], repair=repair)
    alone = read(world, "capital", other, unit="JPN.p1")
    beside = read(world, "capital", one, other, unit="JPN.p1")
    assert alone[12] == beside[21] == 1.0
    assert beside[11] == pytest.approx(0.5 + 0.5 * 0.05)  # begun when the first is done, day 11
    assert (read(world, "capital", one, other) == read(world, "capital", one)).all()


def test_added_teams_shorten_the_queue_from_the_day_they_are_there():
    world = shrink(make_world(0), repair_pools=(make_teams(1),))
    shock = plant(0.5, duration_days=1, repair={"pool": "ships", "work_team_days": 20})
    more = make_measure({"kind": "add_teams", "pool": "ships", "teams": 1}, lead_days=10)
    without, with_ = read(world, "capital", shock), read(world, "capital", shock, measures=(more,))
    start = int(np.flatnonzero(with_ > without)[0])
    assert (with_[:start] == without[:start]).all()
    assert start >= 10
    assert with_[20] == 1.0 > without[20]


incidents = st.lists(
    st.tuples(st.floats(0, 30), st.floats(0.1, 60), st.floats(0.5, 5)), min_size=1, max_size=6
)


@settings(max_examples=200)
@given(incidents, st.floats(0.0, 6.0), st.floats(1.0, 3.0))
def test_teams_do_no_more_than_they_can_and_more_teams_leave_no_more_in_all(rows, teams, factor):
    listed = [Incident(*row) for row in rows]
    series = np.full(60, teams)
    left = calc_repair(listed, series)
    assert ((left >= -1e-12) & (left <= 1 + 1e-12)).all()
    assert (np.diff(left, axis=1) <= 1e-12).all()
    work = np.array([i.work for i in listed])
    # the mean over a day lies half a day behind its end
    done = ((1.0 - left) * work[:, None]).sum(axis=0)
    assert (done <= teams * np.arange(1, 61) + 1e-9).all()
    more = calc_repair(listed, factor * series)
    assert ((more * work[:, None]).sum(axis=0) <= (left * work[:, None]).sum(axis=0) + 1e-9).all()
