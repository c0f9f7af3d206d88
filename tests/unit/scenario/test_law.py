from datetime import date

import pytest

from keian.core import NotInForce
from keian.registers import load_registers
from keian.scenario.law import calc_effect_days, find_legal_status
from tests.unit.scenario.tiny import make_measure, make_scenario


@pytest.fixture(scope="module")
def acts():
    return load_registers().acts


def make_based(kind, entry=None, **fields):
    return make_measure(legal_basis={"kind": kind, "entry": entry}, **fields)


@pytest.mark.parametrize(
    ("kind", "entry", "badge"),
    [
        ("act", "oil-stockpiling-act", "confirmed"),
        ("act", "sdf-act", "unverified"),
        ("act", "petroleum-supply-demand-act", "unverified"),
        ("treaty", "iep-agreement", "unverified"),
        ("guidance", "infrastructure-cyber-standard", "unverified"),
        ("contract", None, "none_needed"),
        ("none_needed", None, "none_needed"),
    ],
)
def test_badge_of_a_basis(kind, entry, badge, acts):
    status = find_legal_status(make_based(kind, entry), make_scenario(), acts)
    assert status.badge == badge
    assert (status.entry.id if status.entry else None) == entry


def test_a_law_that_is_missing_runs_only_as_what_if(acts):
    measure = make_based("missing_law", "trade-insurance-act")
    with pytest.raises(NotInForce) as error:
        find_legal_status(measure, make_scenario(), acts)
    assert error.value.nearest == "Trade and Investment Insurance Act"
    assert find_legal_status(measure, make_scenario(), acts, what_if_law=True).badge == "what_if"


def test_before_the_act_is_in_force_nothing_can_rest_on_it(acts):
    measure = make_based("act", "cyber-response-act")
    early = make_scenario(as_of=date(2026, 9, 1))
    with pytest.raises(NotInForce) as error:
        find_legal_status(measure, early, acts)
    assert error.value.nearest == "Cyber Response Capability Act, in force, from 2026-10-01"
    late = make_scenario(as_of=date(2026, 10, 1))
    assert find_legal_status(measure, late, acts).badge == "confirmed"


def test_deciding_after_the_day_of_force_is_enough(acts):
    measure = make_based("act", "cyber-response-act", decision_day=30)
    scenario = make_scenario(as_of=date(2026, 9, 1))
    status = find_legal_status(measure, scenario, acts)
    assert status.first_day == date(2026, 10, 1)


def test_what_was_not_known_on_day_0_does_not_count(acts):
    measure = make_based("act", "food-supply-difficulty-act", decision_day=300)
    with pytest.raises(NotInForce):
        find_legal_status(measure, make_scenario(as_of=date(2024, 6, 20), horizon_days=400), acts)
    known = make_scenario(as_of=date(2024, 6, 21), horizon_days=400)
    assert find_legal_status(measure, known, acts).badge == "confirmed"


def test_the_span_runs_from_earliest_decision_to_latest_end():
    measure = make_measure(
        decision_day=[5, 7, 9],
        effect={"lead_days": [1, 2, 3], "ramp_days": 4, "plateau_days": [10, 20, 30]},
    )
    first, last = calc_effect_days(measure, make_scenario())
    assert (first, last) == (date(2026, 11, 27), date(2027, 1, 7))


@pytest.mark.parametrize(
    "effect",
    [
        {"lead_days": 1},
        {"lead_days": 1, "plateau_days": 5, "decay_half_days": 5},
        {"lead_days": 500, "plateau_days": 1},
    ],
)
def test_the_span_ends_with_the_horizon(effect):
    _, last = calc_effect_days(make_measure(effect=effect), make_scenario())
    assert last == date(2027, 3, 1)


def test_a_prepared_measure_needs_its_basis_on_day_0(acts):
    measure = make_based("act", "cyber-response-act", prepared_before=True, decision_day=30)
    with pytest.raises(NotInForce):
        find_legal_status(measure, make_scenario(as_of=date(2026, 9, 1)), acts)
