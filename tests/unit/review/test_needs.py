"""What must not run out, and from which day it has."""

import math

import numpy as np
import pytest

from keian.crisis.run import Run
from keian.review.needs import (
    VITAL,
    calc_normal_cover,
    find_first_below,
    list_needs,
    read_normal,
    read_series,
)
from tests.unit.review.played import RULES, build_world, study
from tests.worlds import fixed, make_scenario, make_world, shrink


def test_first_day_below_a_floor():
    assert find_first_below(np.array([9.0, 5.0, 4.9, 6.0, 1.0]), 5.0, 9.0) == 2


def test_standing_at_the_floor_is_not_below_it():
    assert find_first_below(np.array([9.0, 5.0, 5.0]), 5.0, 9.0) == math.inf


def test_what_is_below_its_floor_in_normal_times_does_not_fall():
    assert find_first_below(np.array([4.0, 0.0]), 5.0, 4.0) == math.inf


def test_a_floor_of_zero_is_never_passed():
    assert find_first_below(np.zeros(3), 0.0, 5.0) == math.inf


def test_normal_of_a_service_is_full_even_where_the_first_day_is_not():
    world, run = make_world(0), Run(make_scenario())
    ore, _, power, vital = list_needs(world, RULES)
    assert read_normal(run, world, np.array([0.3, 0.4]), power, 0.8) == 1.0
    assert read_normal(run, world, np.array([0.3, 0.4]), vital, 0.8) == 1.0
    assert read_normal(run, world, np.array([7.0, 3.0]), ore, 2.0) == 7.0


def test_normal_cover_of_the_inputs_is_what_a_quiet_day_shows():
    world = build_world()
    _, played = study(world, make_scenario(days=2), draws=2)
    for draw in (-1, 0, 1):
        quiet = played.at("base", draw)
        for good in played.needs[:2]:
            cover = read_series(quiet.outcome, good)[0]
            assert calc_normal_cover(quiet.run, world, good) == pytest.approx(cover, rel=1e-9)


def test_needs_are_modelled_goods_in_use_services_and_vital_demand():
    world = make_world(0)
    unused = world.goods[0].model_copy(update={"id": "idle"})
    example = world.goods[0].model_copy(update={"id": "example", "tier": "illustrative"})
    uses = (*world.uses, world.uses[0].model_copy(update={"good": "example"}))
    world = shrink(world, goods=(*world.goods, unused, example), uses=uses)
    found = list_needs(world, RULES)
    assert [n.id for n in found] == ["ore", "metal", "power", VITAL]
    assert [n.kind for n in found] == ["good", "good", "service", "vital_demand"]
    assert all(n.sources for n in found)
    assert found[-1].floor.mode == RULES.vital_floor_share.mode


def test_a_stock_lost_on_the_first_day_has_run_out_on_the_first_day():
    world = make_world(0)
    ore = world.goods[0].model_copy(update={"floor_days": fixed(8)})
    world = shrink(world, goods=(ore, world.goods[1]))
    lost = make_scenario({"kind": "stock_loss", "pool": "tank", "loss": 0.9}, days=10)
    _, played = study(world, lost)
    assert played.base().first["ore"] == 0


def test_a_good_that_never_reaches_its_floor_is_not_counted_as_fallen():
    world = make_world(0)
    ore = world.goods[0].model_copy(update={"floor_days": fixed(40)})
    world = shrink(world, goods=(ore, world.goods[1]))
    _, played = study(world, make_scenario(days=5))
    assert played.base().first["ore"] == math.inf


@pytest.mark.parametrize("days", [1, 7, 8])
def test_a_quiet_world_loses_nothing(days):
    _, played = study(make_world(1), make_scenario(days=days))
    quiet = played.base()
    assert set(quiet.first.values()) == {math.inf}
    assert abs(quiet.value_added) < 1e-6
    assert quiet.worst_vital == pytest.approx(0, abs=1e-9)
