"""Shocks by day: how much is lost when, what detours carry, whom a pattern means."""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.cast import Cast, calc_loss, list_products, match_units
from keian.crisis.compile import compile_run
from keian.crisis.ways import calc_detour
from tests.crises import mask_unit, open_detour
from tests.worlds import make_scenario, make_world, shrink

HOME = 0


def make_cast(world=None):
    compiled = compile_economy(world or make_world(0), load_rules())
    run = Run(make_scenario(days=10))
    dr, _ = compile_run(compiled, run, 10)
    rules = load_rules()
    return Cast(compiled.economy, compiled.index, compiled.static, dr, run, 10, {}, rules, {})


def test_a_period_includes_its_start_and_excludes_its_end():
    lost = calc_loss(6, start=2, duration=2, half=0, loss=0.5)
    assert lost.tolist() == [0, 0, 0.5, 0.5, 0, 0]


def test_after_the_end_half_of_the_loss_is_left_after_each_half_life():
    lost = calc_loss(8, start=0, duration=2, half=2, loss=0.8)
    assert lost[:2].tolist() == [0.8, 0.8]
    assert lost[3] == pytest.approx(0.4)
    assert lost[5] == pytest.approx(0.2)
    assert (np.diff(lost[1:]) < 0).all()


@pytest.mark.parametrize(
    ("start", "duration"), [(20, 5), (0, 0), (-3, 2)], ids=["late", "no time", "before"]
)
def test_a_loss_outside_the_days_is_none(start, duration):
    assert not calc_loss(10, start=start, duration=duration, half=0, loss=1).any()


@pytest.mark.parametrize("start", [0.0, 0.25, 0.6, 3.9])
def test_a_loss_of_hours_counts_by_its_part_of_each_day(start):
    lost = calc_loss(10, start=start, duration=1.5, half=0, loss=0.8)
    assert lost.sum() == pytest.approx(1.2)
    assert lost.max() <= 0.8


def test_a_loss_that_ends_in_mid_day_fades_from_there():
    lost = calc_loss(4, start=0, duration=1.5, half=1, loss=0.8)
    assert lost == pytest.approx([0.8, 0.4 + 0.5 * 0.8 * 0.5**0.5, 0.8 * 0.5**1.5, 0.8 * 0.5**2.5])


def test_a_loss_may_outlast_the_run_and_start_before_it():
    assert calc_loss(3, start=-5, duration=100, half=0, loss=1).tolist() == [1, 1, 1]


def test_a_share_gained_is_a_loss_below_zero():
    assert calc_loss(2, start=0, duration=9, half=0, loss=-0.3).tolist() == [-0.3, -0.3]


def test_patterns_name_units_and_whole_regions_but_not_units_that_do_not_exist():
    world = make_world(0)
    cast = make_cast(world)
    assert match_units(cast, ("CHN.p1", "JPN.p0")) == [5, 0]
    assert match_units(cast, ("CHN.*",)) == [4, 5, 6, 7]
    assert match_units(make_cast(mask_unit(world, 5)), ("CHN.*",)) == [4, 6, 7]
    with pytest.raises(KeyError):
        match_units(cast, ("JPN.none",))


def test_products_are_named_or_all_or_what_moves_by_sea():
    cast = make_cast()
    assert list_products(cast, "all") == [0, 1, 2, 3]
    assert list_products(cast, "goods") == [0, 1, 2]
    assert list_products(cast, "none") == []
    assert list_products(cast, ("p2", "p0")) == [2, 0]


def detour(days, spare, closed, lag):
    world = open_detour(make_world(0), days, spare)
    return calc_detour(world.routes[0], np.array([closed]), lag, make_cast(world))


def test_without_a_detour_nothing_is_carried():
    cast = make_cast()
    carried, longer = calc_detour(cast.economy.routes[0], np.array([0.0, 1.0]), 10.0, cast)
    assert not carried.any()
    assert not longer.any()


@pytest.mark.parametrize(
    ("days", "spare", "lag", "carried"),
    [(10, 0.0, 10, 0.5), (10, 1.0, 10, 1.0), (5, 0.0, 20, 0.8), (5, 0.1, 20, 0.88)],
)
def test_a_longer_way_takes_more_ships(days, spare, lag, carried):
    found, longer = detour(days, spare, 1.0, float(lag))
    assert found[0] == pytest.approx(carried)
    assert longer[0] == days  # of all that still comes


@pytest.mark.parametrize(("other_loss", "passes"), [(0.0, 1.0), (0.6, 0.4), (1.0, 0.0)])
def test_a_detour_through_a_closed_strait_carries_nothing(other_loss, passes):
    world = open_detour(make_world(0, lag_days=10), 10.0, 1.0)
    strait = world.routes[0].model_copy(update={"detour_by": (("other",),)})
    other = world.routes[0].model_copy(update={"id": "other", "flows": ()})
    compiled = compile_economy(shrink(world, routes=(strait, other)), load_rules())
    shocks = [
        {"kind": "route_closure", "route": route, "loss": loss}
        for route, loss in (("strait", 1.0), ("other", other_loss))
    ]
    _, fx = compile_run(compiled, Run(make_scenario(*shocks, days=6)), 6)
    share = strait.flows[0].share.mode
    assert fx.pass_open[:, 0] == pytest.approx(1.0 - share * (1.0 - passes))


def test_open_sea_is_a_way_around_that_nobody_closes():
    world = open_detour(make_world(0, lag_days=10), 10.0, 1.0)
    strait = world.routes[0].model_copy(update={"detour_by": (("strait",), ())})
    compiled = compile_economy(shrink(world, routes=(strait,)), load_rules())
    closure = {"kind": "route_closure", "route": "strait", "loss": 1.0}
    _, fx = compile_run(compiled, Run(make_scenario(closure, days=6)), 6)
    assert fx.pass_open[:, 0] == pytest.approx(1.0)


@pytest.mark.parametrize("closed", [0.2, 0.5, 0.8])
def test_a_detour_takes_no_ships_that_are_not_there(closed):
    days, spare, lag = 10.0, 0.1, 10.0
    carried, _ = detour(days, spare, closed, lag)
    ships = (1.0 - closed) + closed * carried[0] * (1.0 + days / lag)
    assert ships <= 1.0 + spare + 1e-9


def test_a_small_closure_delays_little():
    world = open_detour(make_world(0, lag_days=10), 10.0, 1.0)
    compiled = compile_economy(world, load_rules())
    closure = {"kind": "route_closure", "route": "strait", "loss": 0.01}
    _, fx = compile_run(compiled, Run(make_scenario(closure, days=10)), 10)
    assert fx.pass_extra.max() <= 1


def test_a_share_of_a_route_closes_a_share_of_the_flow():
    compiled = compile_economy(make_world(0), load_rules())
    closure = {"kind": "route_closure", "route": "strait", "loss": 0.5, "duration_days": 3}
    _, fx = compile_run(compiled, Run(make_scenario(closure, days=6)), 6)
    share = make_world(0).routes[0].flows[0].share.mode
    assert fx.pass_open[:, :3] == pytest.approx(1.0 - 0.5 * share)
    assert (fx.pass_open[:, 3:] == 1.0).all()
