"""What measures turn: delays, effect curves, needs, and that every kind of lever does something."""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.compile import compile_run
from keian.crisis.levers import draw_curves, draw_delay, draw_effect, ease_shocks
from tests.crises import make_measure
from tests.worlds import fixed, make_scenario, make_world, shrink

DAYS = 30
SHOCKS = (
    {"kind": "route_closure", "route": "strait", "loss": 0.8},
    {"kind": "source_cut", "origin": "CHN", "products": ["p0", "p1"], "loss": 0.8},
    {"kind": "service_outage", "service": "power", "loss": 0.5, "recovery_half_days": 4},
)
LEVERS = (
    {"kind": "release_stock", "pools": ["reserve"]},
    {"kind": "restrain_demand", "goods": ["metal"], "share": 0.2},
    {"kind": "open_route", "route": "strait", "share": 0.5},
    {"kind": "add_supply", "good": "ore", "origins": ["CHN"], "share": 0.3},
    {"kind": "restore_source", "origin": "CHN", "goods": "all", "share": 0.5},
    {"kind": "restore_source", "origin": "CHN", "goods": ["metal"], "share": 0.5},
    {"kind": "harden_service", "services": ["power"], "outage_share": 0.5},
    {"kind": "harden_service", "services": ["power"], "backup_days": 3},
    {"kind": "harden_service", "services": ["power"], "faster_share": 0.5},
    {"kind": "qualify_substitute", "goods": ["ore"], "faster_share": 0.5},
)


def make_compiled():
    world = make_world(0)
    slow = {"substitute_days": fixed(20), "substitute_share": fixed(0.5)}
    uses = tuple(u.model_copy(update=slow) if u.good == "ore" else u for u in world.uses)
    return compile_economy(shrink(world, uses=uses), load_rules())


def compile_with(compiled, *measures, shocks=SHOCKS):
    run = Run(make_scenario(*shocks, days=DAYS), measures)
    return compile_run(compiled, run, DAYS)[1]


def list_changed(plain, turned):
    return [
        name
        for name in plain._fields
        if not np.array_equal(getattr(plain, name), getattr(turned, name))
    ]


@pytest.mark.parametrize("lever", LEVERS, ids=lambda v: " ".join(map(str, v.values())))
def test_every_lever_turns_something(lever):
    compiled = make_compiled()
    plain = compile_with(compiled)
    assert list_changed(plain, compile_with(compiled, make_measure(lever)))


@pytest.mark.parametrize(
    ("lever", "fields"),
    [
        (LEVERS[0], {"pool_draw"}),
        (LEVERS[1], {"good_need"}),
        (LEVERS[2], {"pass_open", "pass_arrive", "line_open", "line_seen", "strait_open"}),
        (LEVERS[3], {"good_extra"}),
        (LEVERS[4], {"source_open", "source_arrive", "line_source", "line_seen"}),
        (LEVERS[5], {"line_source", "line_seen"}),
        (LEVERS[6], {"outage"}),
        (LEVERS[7], {"backup", "backup_use"}),
        (LEVERS[8], {"outage"}),
        (LEVERS[9], {"use_factor"}),
    ],
    ids=lambda v: " ".join(map(str, v.values())) if isinstance(v, dict) else None,
)
def test_a_lever_turns_nothing_else(lever, fields):
    compiled = make_compiled()
    turned = compile_with(compiled, make_measure(lever))
    assert set(list_changed(compile_with(compiled), turned)) <= fields


@pytest.mark.parametrize("lever", [LEVERS[2], LEVERS[4], LEVERS[6], LEVERS[9]])
def test_a_lever_against_a_shock_that_does_not_happen_changes_nothing(lever):
    compiled = make_compiled()
    plain = compile_with(compiled, shocks=())
    assert not list_changed(plain, compile_with(compiled, make_measure(lever), shocks=()))


@pytest.mark.parametrize(
    "lever",
    [
        {"kind": "release_stock", "pools": ["none"]},
        {"kind": "restrain_demand", "goods": ["none"], "share": 0.2},
        {"kind": "add_supply", "good": "none", "origins": [], "share": 0.2},
    ],
)
def test_a_lever_on_something_that_is_not_there_is_an_error(lever):
    with pytest.raises(KeyError):
        compile_with(make_compiled(), make_measure(lever))


def test_restraint_leaves_need_and_costs_its_side_effect():
    lever = LEVERS[1] | {"output_loss_share": 0.5}
    fx = compile_with(make_compiled(), make_measure(lever, decision_day=10))
    assert (fx.good_need[1, :10] == 1.0).all()
    assert fx.good_need[1, 10:20] == pytest.approx(0.8)
    assert fx.good_side[1, 10:20] == pytest.approx(0.1)
    assert (fx.good_need[0] == 1.0).all()


def test_two_measures_on_one_route_leave_the_product_of_what_each_leaves():
    run = Run(
        make_scenario(),
        (make_measure(LEVERS[2], name="a"), make_measure(LEVERS[2], name="b")),
    )
    eased = ease_shocks(run, draw_curves(run, 5), 5)
    assert eased["route.strait"] == pytest.approx(np.full(5, 0.75))


def test_delays_add_up_and_reach_only_the_measures_they_name():
    delays = [
        {"kind": "decision_delay", "days": 4},
        {"kind": "decision_delay", "days": 2, "measures": ["other"]},
    ]
    measure = make_measure(LEVERS[2], decision_day=1)
    run = Run(make_scenario(*delays), (measure,), wait_days=(("m", 3.0), ("other", 50.0)))
    assert draw_delay(run, measure) == 7.0
    curve = draw_effect(run, measure, 12)
    assert curve.tolist() == [0.0] * 8 + [1.0] * 4


def test_what_is_prepared_before_works_from_the_first_day():
    delay = {"kind": "decision_delay", "days": 4}
    measure = make_measure(LEVERS[6], prepared_before=True, decision_day=9, lead_days=9)
    run = Run(make_scenario(delay), (measure,))
    assert draw_effect(run, measure, 5).tolist() == [1.0] * 5


@pytest.mark.parametrize(("beside", "expected"), [(False, 0.25), (True, 1.0)])
def test_a_measure_that_needs_another_works_in_part_without_it(beside, expected):
    needs = ({"measure": "partner", "without": 0.25, "why": "test"},)
    measure = make_measure(LEVERS[2], requires=needs)
    partner = make_measure(LEVERS[4], name="partner")
    run = Run(make_scenario(), (measure, partner) if beside else (measure,))
    assert draw_curves(run, 3)["m"] == pytest.approx(np.full(3, expected))


def test_a_partner_that_starts_later_lifts_the_measure_from_then_on():
    needs = ({"measure": "partner", "without": 0.25, "why": "test"},)
    partner = make_measure(LEVERS[4], name="partner", decision_day=2)
    run = Run(make_scenario(), (make_measure(LEVERS[2], requires=needs), partner))
    assert draw_curves(run, 4)["m"].tolist() == [0.25, 0.25, 1.0, 1.0]
