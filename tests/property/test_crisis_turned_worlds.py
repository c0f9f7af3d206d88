"""Worlds whose order of harm is turned, and the setting that takes the stated cause away.

docs/method/crisis.md, monotonicity, tells what happens in each day by day.
"""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from tests.crises import make_measure, play
from tests.monotone import DAYS, MORE, draw_shocks, grow
from tests.worlds import make_scenario, make_world, shrink

TOLERANCE = 5e-4  # days of final demand: the page gives three digits


def make_case(seed):
    world = make_world(seed, regions=3, products=4)
    return world, draw_shocks(np.random.default_rng([11, seed]), world)


def list_harm(world, runs, **rules):
    compiled = compile_economy(world, load_rules().model_copy(update=rules))
    daily = float(compiled.static.b[:, compiled.static.x0.size :].sum())
    return play(compiled, runs, DAYS)[1].world_unmet.sum(axis=0) / daily


def without_rerouting(world):
    return shrink(world, reroute_share=world.reroute_share * 0.0)


def test_world_451_a_longer_cut_does_less_harm_because_other_suppliers_are_kept():
    world, shocks = make_case(451)
    longer = [grow(s, "duration_days", MORE) for s in shocks]
    runs = [Run(make_scenario(*s, days=DAYS)) for s in (shocks, longer)]
    assert list_harm(world, runs) == pytest.approx([0.214, 0.194], abs=TOLERANCE)
    alone = list_harm(without_rerouting(world), runs)
    assert alone == pytest.approx([1.363, 1.687], abs=TOLERANCE)
    slow = shrink(world, reroute_days=world.reroute_days * 0.0 + 30.0)
    assert list_harm(slow, runs) == pytest.approx([0.609, 0.666], abs=TOLERANCE)


def test_world_451_more_stock_does_more_harm_because_other_suppliers_are_given_up():
    world, shocks = make_case(451)
    stocked = shrink(world, cover_days=world.cover_days * MORE)
    runs = [Run(make_scenario(*shocks, days=DAYS))]
    found = [list_harm(w, runs)[0] for w in (world, stocked)]
    assert found == pytest.approx([0.214, 0.227], abs=TOLERANCE)
    alone = [list_harm(without_rerouting(w), runs)[0] for w in (world, stocked)]
    assert alone == pytest.approx([1.363, 1.313], abs=TOLERANCE)


def test_world_1850_a_strait_opened_more_takes_goods_from_users_who_have_no_stock():
    world, shocks = make_case(1850)
    lever = {"kind": "open_route", "route": "strait"}
    runs = [
        Run(make_scenario(*shocks, days=DAYS), (make_measure(lever | {"share": share}),))
        for share in (0.4, 0.6)
    ]
    assert list_harm(world, runs) == pytest.approx([1.386, 1.413], abs=TOLERANCE)
    # where plants have no more than the least stock, they suffer too
    bare = shrink(world, cover_days=world.cover_days * 0.0)
    assert list_harm(bare, runs) == pytest.approx([2.129, 1.856], abs=TOLERANCE)
    # where the makers left are not at the end of their headroom, there is enough for both
    assert list_harm(world, runs, sigma_share=0.2) == pytest.approx([0.860, 0.839], abs=TOLERANCE)
    only = [Run(make_scenario(shocks[1], days=DAYS), run.measures) for run in runs]
    assert list_harm(world, only) == pytest.approx([0.027, 0.019], abs=TOLERANCE)
