"""Uncertain inputs: each one named is one that a run really draws."""

from functools import cache

import numpy as np

from keian.crisis import compile_economy, load_rules
from keian.crisis.compile import compile_run
from keian.crisis.run import Run
from keian.review.inputs import find_touched_goods, list_inputs
from keian.review.needs import draw_floor
from tests.crises import open_detour
from tests.unit.review.played import CLOSURE, RULES, build_world, study, widen
from tests.worlds import make_scenario, shrink

OUTAGE = {
    "kind": "service_outage", "service": "power", "id": "dark",
    "loss": {"low": 0.4, "mode": 0.5, "high": 0.6},
}  # fmt: skip


def wide_world():
    """The invented world with ranges on everything that may have one."""
    world = open_detour(build_world(), 20, 0.5)
    routes = tuple(
        r.model_copy(
            update={
                k: widen(getattr(r, k)) for k in ("yard_days", "detour_days", "fleet_spare_share")
            }
            | {"flows": tuple(f.model_copy(update={"share": widen(f.share, 0.1)}) for f in r.flows)}
        )
        for r in world.routes
    )
    goods = tuple(
        g.model_copy(
            update={
                "supplies": tuple(
                    s.model_copy(update={"lag_days": widen(s.lag_days, 0.5)})
                    if s.lag_days.mode > 0
                    else s
                    for s in g.supplies
                )
            }
        )
        for g in world.goods
    )
    return shrink(world, routes=routes, goods=goods)


@cache
def list_found():
    world = wide_world()
    scenario = make_scenario(CLOSURE, OUTAGE, days=60)
    _, played = study(world, scenario)
    compiled = compile_economy(world, load_rules())
    return compiled, played, list_inputs(compiled, scenario, played.needs, played.mode())


def arrays_at(key, quantile):
    """Everything a run starts from, with one input held."""
    compiled, played, _ = list_found()
    run = Run(played.scenario, pinned=((key, quantile),))
    made = compile_run(compiled, run, 60)
    floors = [draw_floor(run, n) for n in played.needs]
    return [*(np.asarray(value) for part in made for value in part), np.array(floors)]


def test_an_input_held_at_its_ends_changes_what_is_played():
    idle = [
        item.key
        for item in list_found()[-1]
        if all(map(np.array_equal, arrays_at(item.key, 0.05), arrays_at(item.key, 0.95)))
    ]
    # a pool nobody opens, and the share of the only user of a good
    assert idle == ["reserve.draw_limit", "ore.JPN.p1.use_share"]


def test_inputs_are_unique_ranged_and_sourced_and_named():
    found = list_found()[-1]
    keys = [i.key for i in found]
    assert len(keys) == len(set(keys)) > 20
    for item in found:
        assert not item.triple.fixed
        assert item.names.en
        assert item.names.ja
        assert item.sources or item.key == "table.cover_scale"


def test_every_kind_of_input_is_listed():
    found = list_found()[-1]
    keys = {i.key for i in found}
    assert {
        "test.s0.loss", "test.s0.duration_days", "test.dark.loss", "ore.SAU.share",
        "ore.SAU.strait.share", "ore.SAU.lag_days", "tank.quantity_days", "ore.JPN.p1.cover_days",
        "power.*.backup_days", "route.strait.yard_days", "route.strait.detour_days",
        "route.strait.fleet_spare_share", "route.strait.ROW.JPN.share", "table.cover_scale",
        "vital_floor",
    } <= keys | {"vital_floor"}  # fmt: skip
    assert {i.key for i in found if i.shock} == {k for k in keys if k.startswith("test.")}
    assert ("vital_floor" in keys) == (not RULES.vital_floor_share.fixed)


def test_goods_the_crisis_does_not_touch_are_left_out():
    cut = make_scenario({"kind": "source_cut", "origin": "CHN", "goods": ["metal"], "loss": 0.5})
    _, played = study(build_world(), cut)
    assert "metal" in find_touched_goods(build_world(), played.mode())
    _, calm = study(build_world(), make_scenario(days=10))
    assert find_touched_goods(build_world(), calm.mode()) == set()


def test_inputs_of_an_illustrative_good_are_not_ranked():
    _, played, found = list_found()
    assert any(item.key.startswith("ore.") for item in found)
    world = wide_world()
    ore = world.goods[0].model_copy(update={"tier": "illustrative"})
    bent = compile_economy(shrink(world, goods=(ore, *world.goods[1:])), load_rules())
    left = list_inputs(bent, played.scenario, played.needs, played.mode())
    assert not [
        item.key for item in left if item.key.startswith("ore.") and "floor" not in item.key
    ]
    assert {item.key for item in left} < {item.key for item in found}
