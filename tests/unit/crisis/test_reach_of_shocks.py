"""Whom shocks reach: partly closed passages, port groups, blackouts, makers abroad, good news late."""

from __future__ import annotations

import numpy as np
import pytest

from keian.core import Triple
from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.compile import compile_run
from keian.crisis.shortages import believe
from tests.crises import add_ports, make_measure, play
from tests.worlds import fixed, make_scenario, make_world, shrink

HOME = 0


def play_one(world, *shocks, days=200, measures=()):
    compiled = compile_economy(world, load_rules())
    return play(compiled, [Run(make_scenario(*shocks, days=days), measures)], days)[1]


def follow(world, *shocks, days=30, measures=()):
    compiled = compile_economy(world, load_rules())
    run = Run(make_scenario(*shocks, days=days), measures)
    return compiled, compile_run(compiled, run, days)[1]


@pytest.mark.parametrize("loss", [0.05, 0.15, 0.25, 0.5])
def test_a_passage_closed_in_part_lets_through_no_more_than_its_open_share(loss):
    world = make_world(0)
    shock = {"kind": "route_closure", "route": "strait", "loss": loss, "duration_days": 400}
    record = play_one(world, shock, days=300)
    goods = {g.id: k for k, g in enumerate(world.goods)}
    lines = [s for g in world.goods if g.id == "ore" for s in g.supplies]
    touched = sum(s.share.mode * r.share.mode for s in lines for r in s.routes)
    assert touched > 0
    inflow = record.inflow[200:, goods["ore"], 0].mean()
    assert inflow <= 1.0 + 1e-9 - 0.6 * loss * touched  # others send more


def test_a_blackout_reaches_households_and_the_provider():
    world = make_world(0)
    power = next(s for s in world.services if s.id == "power")
    unit = world.units.index(power.provider)
    shock = {"kind": "service_outage", "service": "power", "loss": 0.4, "duration_days": 5}
    record = play_one(world, shock, days=20)
    product = world.unit_product[unit]
    assert record.unit[:2, unit, 0] == pytest.approx(0.6, rel=1e-6)
    home = world.unit_region[unit] == world.regions.index(world.home)
    if home:
        assert (record.vital_product[:2, product, 0] < 0.85).all()  # others sell from abroad
        assert record.vital_product[19, product, 0] == pytest.approx(1.0)


def test_capacity_lost_abroad_cuts_the_goods_made_there():
    world = make_world(0)
    compiled, plain = follow(world)
    _, struck = follow(world, {"kind": "capacity_loss", "units": ["CHN.*"], "loss": 0.7})
    for c, (_, origin) in enumerate(compiled.index.lines):
        region = world.country_region.get(origin, origin)
        ratio = struck.line_source[c] / plain.line_source[c]
        if region == "CHN" and compiled.static.line_unit[c] < 0:
            assert ratio[:10] == pytest.approx(0.3)
        elif region != "CHN":
            assert ratio == pytest.approx(1.0)
    assert any(world.country_region.get(o, o) == "CHN" for _, o in compiled.index.lines)


def port_world(spare):
    """A world whose trade enters by two groups of ports, of 60 and of 40 %."""
    world = make_world(0)
    strait = world.routes[0]
    flow = next(f for f in strait.flows)
    changes = {
        "kind": "ports", "detour_days": fixed(1), "detour_by": (),
        "fleet_spare_share": Triple(low=spare, mode=spare, high=spare),
    }  # fmt: skip
    groups = tuple(
        strait.model_copy(
            update=changes
            | {
                "id": name,
                "flows": (
                    flow.model_copy(update={"destination": world.home, "share": fixed(share)}),
                ),
            }
        )
        for name, share in (("east", 0.6), ("west", 0.4))
    )
    return shrink(world, routes=(*world.routes, *groups))


@pytest.mark.parametrize(
    ("closed", "spare", "left"),
    [
        (("east", "west"), 0.2, 0.0),
        (("east",), 0.0, 0.4),
        (("east",), 0.2, 0.48),
        (("west",), 0.2, 0.72),
        (("west",), 1.0, 1.0),
    ],
)
def test_ships_of_closed_ports_find_only_the_berths_that_are_free(closed, spare, left):
    shocks = [{"kind": "route_closure", "route": r, "loss": 1.0} for r in closed]
    compiled, fx = follow(port_world(spare), *shocks)
    assert fx.line_open[compiled.static.line_unit < 0, 0] == pytest.approx(left)
    assert fx.pass_open[:, 0] == pytest.approx(left)


def test_two_outages_of_the_ports_are_one_before_the_share_of_trade_counts():
    world = add_ports(make_world(0))
    half = {"kind": "service_outage", "service": "ports", "loss": 0.5}
    compiled, fx = follow(world, half, half)
    lines = compiled.static.line_unit < 0
    assert fx.line_open[lines, 0] == pytest.approx(1.0 - 0.9 * 0.75)


def test_added_supply_does_not_land_in_closed_ports_or_from_who_is_cut_off():
    world = add_ports(make_world(0))
    far = make_measure({"kind": "add_supply", "good": "ore", "origins": ["BRA"], "share": 0.3})
    stop = {"kind": "service_outage", "service": "ports", "loss": 1.0}
    _, fx = follow(world, stop, measures=(far,))
    assert fx.good_extra[0].max() == pytest.approx(0.3)  # before and after
    assert fx.good_extra[0, 0] == pytest.approx(0.3 * 0.1)
    world = shrink(world, country_region={**world.country_region, "BRA": "ROW"})
    if "ROW" in world.regions:
        cut = {"kind": "source_cut", "origin": "ROW", "loss": 1.0}
        _, fx = follow(world, cut, measures=(far,))
        assert fx.good_extra[0, 0] == pytest.approx(0.0)


def test_help_in_qualifying_a_substitute_works_from_its_day_on():
    world = make_world(0)
    slow = {"substitute_days": fixed(120), "substitute_share": fixed(0.5)}
    uses = tuple(u.model_copy(update=slow) if u.good == "ore" else u for u in world.uses)
    world = shrink(world, uses=uses)
    cut = {"kind": "route_closure", "route": "strait", "loss": 0.8, "duration_days": 300}
    lever = {"kind": "qualify_substitute", "goods": ["ore"], "faster_share": 0.9}

    def ready(*measures):
        _, fx = follow(world, cut, days=300, measures=measures)
        e = next(k for k, u in enumerate(world.uses) if u.good == "ore")
        return int(np.argmax(fx.use_factor[e] < 1.0))

    assert ready() == 120
    # 60 of 120 days of tests are done; the other 60 take a tenth of the time
    assert ready(make_measure(lever, decision_day=60)) == 66
    assert ready(make_measure(lever, decision_day=10)) == 21


def test_a_substitute_saves_the_good_it_replaces():
    def draw(share):
        world = make_world(0)
        quick = {"substitute_days": fixed(5), "substitute_share": fixed(share)}
        uses = tuple(u.model_copy(update=quick) if u.good == "ore" else u for u in world.uses)
        shock = {"kind": "route_closure", "route": "strait", "loss": 0.9, "duration_days": 90}
        record = play_one(shrink(world, uses=uses), shock, days=90)
        k = next(k for k, g in enumerate(world.goods) if g.id == "ore")
        return record.cover[60, k, 0]

    assert draw(0.8) > draw(0.0)


def test_bad_news_is_believed_late_and_good_news_at_once():
    come = np.array([1.0, 0.2, 0.2, 1.0, 0.5, 0.5, 0.5, 0.7])
    assert believe(come, 2).tolist() == [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.7]
    assert believe(come, 0).tolist() == come.tolist()


def test_nobody_saves_for_a_closure_shorter_than_the_notice():
    world = make_world(0)
    shock = {"kind": "route_closure", "route": "strait", "loss": 1.0, "duration_days": 3}
    record = play_one(world, shock, days=3)
    assert record.avail[:, :, 0].min() >= 1.0 - 1e-9
