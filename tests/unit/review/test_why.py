"""Causes of a shortage on a day: followed to the shock, shares add up, nothing below the floor."""

from __future__ import annotations

import pytest

from keian.core import AMBER, InputError
from keian.crisis import Run, compile_economy, load_rules
from keian.economy import load_economy
from keian.review.why import explain_shortage, walk_why
from keian.scenario.load import load_scenario
from keian.share import Viewer, release
from tests.crises import mask_unit
from tests.worlds import make_scenario, make_world

CLOSURE = {"kind": "route_closure", "route": "strait", "loss": 1.0, "duration_days": 80}
OUTAGE = {"kind": "service_outage", "service": "power", "loss": 0.5, "duration_days": 20}


@pytest.fixture(scope="module")
def compiled():
    return compile_economy(make_world(0), load_rules())


def explain(compiled, what, day, *shocks):
    return explain_shortage(compiled, Run(make_scenario(*shocks)), what, day, least=0.05)


def test_a_good_is_followed_to_the_strait_that_closed(compiled):
    found = explain(compiled, "metal", 70, CLOSURE)
    steps = list(walk_why(found.root))
    assert found.root.level.value < 99
    assert [s.kind for s in steps][:3] == ["good", "unit", "good"]
    assert steps[1].id == "JPN.p1"
    assert any(s.kind == "route" and s.id == "strait" for s in steps)


def test_shares_of_a_step_never_exceed_the_whole(compiled):
    found = explain(compiled, "p1", 70, CLOSURE, OUTAGE)
    for step in walk_why(found.root):
        shares = [c.share.value for c in step.children if c.share is not None]
        assert sum(shares) <= 100.0 + 1e-9


def test_an_outage_stands_behind_its_service_and_its_users(compiled):
    found = explain(compiled, "power", 3, OUTAGE)
    assert found.root.level.value == pytest.approx(50, abs=1)
    assert found.root.children[0].kind == "shock"
    user = next(s for s in walk_why(explain(compiled, "p2", 10, OUTAGE).root))
    assert user.children[0].id == "power"


def test_what_is_not_short_has_no_cause(compiled):
    found = explain(compiled, "metal", 5)
    assert found.root.level.value == pytest.approx(100, abs=0.5)
    assert not found.root.children


def test_a_chain_that_is_cut_off_says_so(compiled):
    run = Run(make_scenario(CLOSURE))
    found = explain_shortage(compiled, run, "metal", 70, depth=2, least=0.05)
    assert [step.id for step in walk_why(found.root)][:4] == ["metal", "JPN.p1", "ore", "further"]
    assert found.root.children[0].share.value > 0


def test_a_raised_use_stands_behind_a_good_that_all_lines_still_bring(compiled):
    surge = {"kind": "demand_surge", "goods": ["metal"], "change": 0.5, "duration_days": 60}
    root = explain(compiled, "metal", 40, surge).root
    assert root.level.value < 99
    assert "s0" in [step.id for step in root.children]


def test_a_unit_that_makes_nothing_cannot_be_asked_for():
    empty = compile_economy(mask_unit(make_world(0), 1), load_rules())
    with pytest.raises(InputError, match="makes something"):
        explain(empty, "p1", 3, CLOSURE)


@pytest.mark.parametrize(
    ("scenario", "day"), [("hormuz-365d", 60), ("hormuz-90d", 60), ("hormuz-365d", 150)]
)
def test_hospitals_are_followed_to_the_fuel_that_holds_diesel(scenario, day):
    shipped = compile_economy(load_economy("japan"), load_rules())
    run = Run(load_scenario(scenario))
    found = explain_shortage(shipped, run, "medical-care", day)
    steps = list(walk_why(found.root))
    assert found.root.id == "JPN.c33"
    assert {"petroleum_products", "JPN.c8", "crude_oil", "hormuz"} <= {step.id for step in steps}
    assert all(step.share.value > 0 for step in steps[1:])
    assert any("diesel" in gap.en for gap in found.gaps)
    with pytest.raises(InputError, match="petroleum_products: ask for that"):
        explain_shortage(shipped, run, "diesel", day)


@pytest.mark.parametrize(("what", "day"), [("nothing", 3), ("metal", 100), ("metal", -1)])
def test_an_unknown_name_or_day_is_one_error_with_its_fix(compiled, what, day):
    with pytest.raises(InputError) as caught:
        explain(compiled, what, day)
    assert caught.value.problems[0].fix


def test_an_explanation_is_not_for_everybody(compiled):
    found = explain(compiled, "metal", 70, CLOSURE)
    assert found.label.covers(AMBER)
    assert release(found, Viewer()).withheld_count == 0
    with pytest.raises(KeyError):
        found.without(["root"])


@pytest.fixture(scope="module")
def japan():
    return compile_economy(load_economy("japan"), load_rules())


def close(route, loss, start=0, days=200):
    return {
        "kind": "route_closure", "id": f"{route}-{start}", "route": route, "loss": loss,
        "start_day": start, "duration_days": days,
    }  # fmt: skip


def test_an_event_that_has_not_begun_explains_nothing(japan):
    late = close("malacca", 0.1, start=190, days=5)
    gone = {
        "kind": "stock_loss",
        "id": "gone",
        "pool": "state_crude",
        "start_day": 195,
        "loss": 0.5,
    }
    shocks = (late, close("hormuz", 1.0), gone)
    run = Run(make_scenario(*shocks, days=200))
    found = explain_shortage(japan, run, "crude_oil", 150)
    named = {step.id for step in walk_why(found.root)}
    assert "hormuz" in named
    assert not {"malacca", "state_crude"} & named


def test_the_order_of_the_shocks_names_no_other_cause(japan):
    shocks = (close("malacca", 0.1), close("hormuz", 1.0))

    def tell(*ordered):
        run = Run(make_scenario(*ordered, days=160))
        found = explain_shortage(japan, run, "crude_oil", 150, least=0.0)
        return {s.id: round(s.share.value, 9) for s in found.root.children if s.share is not None}

    one, other = tell(*shocks), tell(*reversed(shocks))
    assert one == other
    assert one["hormuz"] > one["malacca"] > 0
    assert sum(one.values()) == pytest.approx(100.0)


def test_plant_lost_later_is_not_named_today(compiled):
    early = {
        "kind": "capacity_loss",
        "id": "early",
        "units": ["JPN.p0"],
        "loss": 0.5,
        "duration_days": 40,
    }
    late = early | {"id": "late", "start_day": 60}
    found = explain(compiled, "JPN.p0", 30, early, late)
    assert [step.id for step in found.root.children] == ["early"]
