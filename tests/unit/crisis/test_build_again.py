"""What is destroyed is bought again: out of the same balance, as fast as it is delivered (2.9b)."""

from __future__ import annotations

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.simulate import simulate_run
from keian.scenario.check_parts import check_parts
from keian.scenario.check_values import Place, check_repairs
from tests.worlds import make_scenario, make_world, shrink

UNIT = "JPN.p0"
DAYS = 200


def rebuild(days=20.0, years=0.05, product="p1"):
    return {
        "capital_years": years,
        "build_days": days,
        "products": [{"product": product, "share": 1.0}],
    }


def ruin(**more):
    base = {"kind": "capacity_loss", "units": [UNIT], "loss": 0.5, "duration_days": 5}
    return base | {"rebuild": rebuild()} | more


def play(world, *shocks, days=DAYS):
    compiled = compile_economy(world, load_rules())
    units = np.arange(len(world.units))
    return compiled, simulate_run(compiled, Run(make_scenario(*shocks, days=days)), units)


def quiet_world(**more):
    return make_world(0, service=False, goods=False, cover_days=90.0, **more)


def test_what_is_bought_is_worth_what_was_destroyed():
    compiled, outcome = play(quiet_world(), ruin())
    i = compiled.index.unit[UNIT]
    st = compiled.static
    cost = 0.05 * float(st.v[i] * st.x0[i]) * 365.0 * 0.5
    assert outcome.build_got.sum() == pytest.approx(cost, rel=1e-6)
    assert (outcome.build_want[:5] == 0.0).all()  # cleared first
    assert (outcome.build_got <= outcome.build_want * (1 + 1e-12)).all()


def test_plant_comes_back_as_it_is_built_and_not_before():
    compiled, outcome = play(quiet_world(), ruin())
    made = outcome.unit[:, compiled.index.unit[UNIT]]
    _, unbuilt = play(quiet_world(), ruin(rebuild=None, duration_days=60))
    same = unbuilt.unit[:, compiled.index.unit[UNIT]]
    assert made[:5] == pytest.approx(same[:5], abs=1e-6)
    assert (made[8:40] > same[8:40] + 0.02).all()
    assert made[60] == pytest.approx(1.0, abs=0.02)


def test_dearer_plant_takes_the_sellers_longer():
    """The order is limited by the least time; what more it costs the sellers must make."""
    compiled, cheap = play(quiet_world(), ruin())
    _, dear = play(quiet_world(), ruin(rebuild=rebuild(years=2.0)))
    i = compiled.index.unit[UNIT]
    assert dear.unit[40, i] < cheap.unit[40, i] - 0.05
    assert dear.build_want[10] > 10 * cheap.build_want[10]


def test_building_takes_from_others_what_sellers_cannot_make_on_top():
    _, with_ = play(quiet_world(), ruin(rebuild=rebuild(years=2.0)))
    _, without = play(quiet_world(), ruin(rebuild=None, duration_days=25))
    assert with_.final_got.sum() < without.final_got.sum()
    assert with_.final_want.sum() == pytest.approx(without.final_want.sum(), rel=1e-12)


def test_the_balance_closes_while_building_competes_with_other_crises():
    """`simulate_run` stops a run whose output and deliveries differ; here much happens at once."""
    world = make_world(3)
    compiled, outcome = play(
        world, ruin(units=["JPN.*"]), ruin(units=["CHN.*"], start_day=3),
        {"kind": "route_closure", "route": "strait", "loss": 0.8, "duration_days": 30},
    )  # fmt: skip
    assert outcome.build_got.sum() > 0.0
    made = outcome.value_added[:, compiled.index.region["JPN"]]
    assert made[5] < 0.7 * made[-1]


def test_a_loss_of_nothing_builds_nothing():
    world = make_world(1)
    _, plain = play(world)
    _, same = play(world, ruin(loss=0.0))
    assert same.build_want.sum() == 0.0
    assert same.value_added == pytest.approx(plain.value_added, rel=1e-12)


def test_every_fault_of_a_rebuilding_is_told():
    world = quiet_world()
    Y = world.Y.copy()
    rows = world.unit_product == world.products.index("p2")
    Y[rows, 0, :] = 0.0
    bare = shrink(world, Y=Y)
    shock = ruin(
        recovery_half_days=3,
        rebuild={
            "capital_years": 0, "build_days": 10,
            "products": [{"product": "p2", "share": 0.6}, {"product": "p2", "share": 0.6}],
        },
    )  # fmt: skip
    scenario = make_scenario(shock)
    wanted = [p.wanted for p in check_repairs(scenario, Place("s"))]
    assert wanted == [
        "one way back",
        "shares of the cost that sum to 1",
        "each product once",
        "more than nothing",
    ]
    assert [p.found for p in check_parts(scenario, bare, Place("s"))] == [
        "'p2', of which final users in JPN buy nothing"
    ] * 2
