"""The chain of causes, on crises whose cause is known."""

import pytest

from keian.review.chain import name_need_cause, trace_mode, trace_need
from keian.review.needs import list_needs
from tests.unit.review.played import AMBER, CLOSURE, RULES, plain_world, set_up, study
from tests.worlds import fixed, make_scenario, shrink

LONG = {"duration_days": 80, "loss": 1.0}


def chain_of(key, *shocks, world=None, days=90):
    """The chain behind a need on the day it falls, and its cause in words."""

    setting, played = study(world or plain_world(), make_scenario(*shocks, days=days))
    traced = trace_mode(setting, played.scenario)
    found = next(n for n in played.needs if n.id == key)
    day = played.base().first[key]
    assert day < days, f"{key} never falls"
    chain = trace_need(traced, found, int(day))
    return chain, name_need_cause(traced, found, int(day)), day


def told(chain):
    return [(s.kind, s.id) for s in chain]


def test_a_closed_strait_is_behind_the_ore_that_passes_it():
    chain, cause, day = chain_of("ore", {**CLOSURE, **LONG, "kind": "route_closure"})
    assert told(chain) == [("route", "strait"), ("good", "ore")]
    assert cause.en == "closure of strait"
    assert chain[0].change.value == -100
    assert chain[0].link_share.value == pytest.approx(0.7)
    assert chain[0].day.value == 0 <= chain[1].day.value <= day


def test_a_cut_source_is_behind_the_ore_it_sells():
    chain, cause, _ = chain_of("ore", {"kind": "source_cut", "origin": "SAU", **LONG})
    assert told(chain) == [("source", "s0"), ("good", "ore")]
    assert chain[0].names.en == "SAU"
    assert cause.en == "origins that stopped selling"


def test_metal_made_at_home_fails_because_its_ore_is_gone():
    chain, cause, _ = chain_of(
        "metal",
        {"kind": "source_cut", "origin": "SAU", **LONG},
        {"kind": "source_cut", "origin": "CHN", **LONG, "goods": ["ore"], "id": "second"},
    )
    assert told(chain) == [("source", "s0"), ("good", "ore"), ("unit", "JPN.p1"), ("good", "metal")]
    assert cause.en == "JPN.p1 makes less"


def test_what_starts_after_the_fall_is_not_its_cause():
    early = {"kind": "source_cut", "origin": "CHN", **LONG}
    late = {"kind": "source_cut", "origin": "SAU", **LONG, "start_day": 60, "id": "late"}
    world = plain_world()
    ore = world.goods[0].model_copy(update={"floor_days": fixed(8)})
    chain, _, day = chain_of("ore", early, late, world=shrink(world, goods=(ore, world.goods[1])))
    assert day < 60
    assert told(chain)[0] == ("source", "s0")


def test_of_two_cuts_of_one_origin_the_earlier_is_named():
    late = {"kind": "source_cut", "origin": "SAU", **LONG, "start_day": 70, "duration_days": 9}
    early = {"kind": "source_cut", "origin": "SAU", **LONG, "duration_days": 60, "id": "early"}
    chain, _, day = chain_of("ore", late, early)
    assert day < 70
    assert told(chain)[0] == ("source", "early")


def test_a_cut_of_another_good_is_not_the_cause():
    other = {"kind": "source_cut", "origin": "SAU", **LONG, "goods": ["metal"], "id": "other"}
    closure = {**CLOSURE, **LONG, "kind": "route_closure", "id": "closure"}
    chain, _, _ = chain_of("ore", other, closure)
    assert told(chain)[0] == ("route", "strait")


def test_a_lost_stock_is_the_cause_where_supply_goes_on():
    world = plain_world()
    ore = world.goods[0].model_copy(update={"floor_days": fixed(8)})
    chain, cause, _ = chain_of(
        "ore",
        {"kind": "stock_loss", "pool": "tank", "loss": 0.9},
        world=shrink(world, goods=(ore, world.goods[1])),
    )
    assert told(chain) == [("stock", "tank"), ("good", "ore")]
    assert cause.en == "loss of tank"


def test_an_outage_is_behind_the_service_it_stops():
    chain, cause, day = chain_of("power", {"kind": "service_outage", "service": "power", **LONG})
    assert told(chain) == [("shock", "s0"), ("service", "power")]
    assert cause.en == "direct outage"
    assert day == 0


@pytest.mark.parametrize(
    ("kind", "words"), [("capacity_loss", "lost capacity"), ("workforce_loss", "missing people")]
)
def test_a_provider_that_stops_is_behind_its_service(kind, words):
    chain, cause, _ = chain_of("power", {"kind": kind, "units": ["JPN.p3"], **LONG})
    assert told(chain) == [("shock", "s0"), ("unit", "JPN.p3"), ("service", "power")]
    assert chain[0].names.en == words
    assert chain[0].names.ja != words
    assert cause.en == "JPN.p3 makes less"


def test_vital_demand_falls_with_the_maker_that_stops():
    world = plain_world()
    shocks = [{"kind": "capacity_loss", "units": ["JPN.*"], **LONG}]
    chain, _, _ = chain_of("vital_demand", *shocks, world=world)
    assert told(chain)[0] == ("shock", "s0")
    assert chain[-1].kind == "final"
    assert chain[-2].id.startswith("JPN.")


def test_steps_follow_in_time_and_carry_label_trace_and_known_sources():
    world = plain_world()
    chain, _, _ = chain_of(
        "metal",
        {"kind": "source_cut", "origin": "SAU", **LONG},
        {"kind": "source_cut", "origin": "CHN", **LONG, "goods": ["ore"], "id": "second"},
        world=world,
    )
    days = [s.day.value for s in chain]
    assert days == sorted(days)
    for step in chain:
        assert step.change.label == AMBER == step.day.label
        assert "chain" in step.day.trace
        if step.link_share is not None:
            assert 0 < step.link_share.value <= 1
            assert set(step.link_share.sources) <= set(world.sources)


def test_a_fall_that_no_shock_explains_ends_at_the_good():
    setting = set_up(plain_world())
    traced = trace_mode(setting, make_scenario(days=5))

    ore = list_needs(plain_world(), RULES)[0]
    assert told(trace_need(traced, ore, 3)) == [("good", "ore")]
    assert name_need_cause(traced, ore, 3).en == "nothing binds"
