"""What is written in a measure and could never act is refused, with its repair."""

import pytest

from keian.scenario.check_acts import check_acts
from keian.scenario.check_values import Place
from tests.unit.scenario.tiny import make_measure

RESTRAIN = {"kind": "restrain_demand", "goods": ["fuel"], "share": -0.1}


def find(**fields):
    return {p.where.split()[-1]: p for p in check_acts(make_measure(**fields), Place("release"))}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"effect": {"lead_days": 3, "decay_half_days": 5}}, "effect.decay_half_days"),
        ({"effect": {"lead_days": 3, "exhausts": "tanks"}}, "effect.exhausts"),
        ({"prepared_before": True, "effect": {"lead_days": 3}}, "effect.lead_days"),
        ({"prepared_before": True, "effect": {"lead_days": 0}, "decision_day": 4}, "decision_day"),
        ({"lever": {"kind": "release_stock", "pools": []}}, "lever.pools"),
        ({"lever": {"kind": "restrain_demand", "share": 0.1}}, "lever.goods"),
        ({"lever": {"kind": "open_route", "route": "hormuz", "share": 0}}, "lever.share"),
        ({"lever": RESTRAIN | {"output_loss_share": 0.3}}, "lever.output_loss_share"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_field_that_could_never_act_is_refused(fields, where):
    found = find(**fields)
    assert list(found) == [where]
    assert found[where].fix


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"effect": {"lead_days": 3, "plateau_days": 9, "decay_half_days": 5}},
        {"effect": {"lead_days": 3, "exhausts": "state_crude"}},
        {"prepared_before": True, "effect": {"lead_days": 0}},
        {"lever": RESTRAIN},
        {"lever": {"kind": "harden_service", "services": ["ports"], "outage_share": 0.5}},
    ],
)
def test_what_acts_passes(fields):
    assert find(**fields) == {}
