import pytest

from keian.scenario.acting import can_act, find_touched
from keian.scenario.nouns import Scenario
from keian.scenario.reach import calc_reach
from tests.unit.scenario.tiny import make_closure, make_economy, make_measure, make_scenario


@pytest.fixture(scope="module")
def economy():
    return make_economy()


def make_shock(**fields):
    shock = {"id": "s", "duration_days": 10, "sources": ["s-tiny"]} | fields
    return make_scenario(shock).shocks[0]


def reach(economy, **fields):
    return [(h.kind, h.id, round(h.mode, 6)) for h in calc_reach(make_shock(**fields), economy)]


def test_a_closed_route_takes_what_passes_it(economy):
    hits = calc_reach(make_scenario(make_closure()).shocks[0], economy)
    crude, flow = hits
    assert (crude.kind, crude.id, flow.kind, flow.id) == ("good", "crude", "flow", "ROW>JPN")
    assert (crude.low, crude.mode, crude.high) == pytest.approx((0.36, 0.648, 0.72))
    # 6 of 10 are bought abroad, half of that passes, 90 % of it is lost
    assert flow.mode == pytest.approx(0.27)
    assert crude.detour_days is None


def test_a_route_with_a_detour_delays(economy):
    hits = calc_reach(make_scenario(make_closure(route="malacca")).shocks[0], economy)
    assert [(h.id, h.detour_days) for h in hits] == [("metal", 2.0)]


def test_a_source_cut_takes_named_goods_and_flows(economy):
    fields = {"kind": "source_cut", "loss": 0.5}
    assert reach(economy, origin="CHN", goods=["metal"], **fields) == [("good", "metal", 0.35)]
    assert reach(economy, origin="CHN", goods="all", **fields) == [("good", "metal", 0.35)]
    assert reach(economy, origin="ROW", products=["c2"], goods="keep", **fields) == [
        ("flow", "ROW>JPN:c2", 0.3)
    ]


def test_a_region_stands_for_its_countries(economy):
    hits = reach(economy, kind="source_cut", origin="ROW", goods="all", loss=1)
    assert hits == [("good", "crude", 1.0), ("good", "metal", 0.7)]


def test_units_services_pools_and_demand(economy):
    assert reach(economy, kind="capacity_loss", units=["JPN.*"], loss=0.1) == [
        ("unit", u, 0.1) for u in ("JPN.c2", "JPN.c8", "JPN.c14")
    ]
    assert reach(economy, kind="workforce_loss", units=["ROW.c8"], loss=0.2) == [
        ("unit", "ROW.c8", 0.2)
    ]
    assert reach(economy, kind="service_outage", service="phones", loss=0.3) == [
        ("service", "phones", 0.3)
    ]
    assert reach(economy, kind="stock_loss", pool="tanks", loss=1) == [("pool", "tanks", 1.0)]
    assert reach(economy, kind="demand_surge", goods=["fuel"], change=0.4) == [
        ("demand", "fuel", -0.4)
    ]


def test_recorded_shocks_and_delays_touch_nothing(economy):
    assert reach(economy, kind="decision_delay", days=5) == []
    assert reach(economy, kind="tariff", what="t", value=1, unit="per cent") == []


def test_what_is_made_from_a_touched_good_is_touched(economy):
    touched = find_touched(make_scenario(), economy)
    assert touched.goods == {"crude", "fuel"}
    assert touched.routes == {"hormuz"}


@pytest.mark.parametrize(
    ("lever", "acts"),
    [
        ({"kind": "release_stock", "pools": ["state_crude"]}, True),
        ({"kind": "restrain_demand", "goods": ["fuel"], "share": 0.1}, True),
        ({"kind": "restrain_demand", "goods": ["metal"], "share": 0.1}, False),
        ({"kind": "open_route", "route": "hormuz", "share": 0.1}, True),
        ({"kind": "open_route", "route": "malacca", "share": 0.1}, False),
        ({"kind": "add_supply", "good": "crude", "origins": ["USA"], "share": 0.1}, True),
        ({"kind": "add_supply", "good": "metal", "origins": ["USA"], "share": 0.1}, False),
        ({"kind": "restore_source", "origin": "CHN", "goods": "all", "share": 0.1}, False),
        ({"kind": "harden_service", "services": ["ports"], "outage_share": 0.1}, False),
        ({"kind": "qualify_substitute", "goods": ["metal"], "faster_share": 0.1}, False),
    ],
)
def test_which_levers_meet_a_closed_strait(lever, acts, economy):
    assert can_act(make_measure(lever=lever), find_touched(make_scenario(), economy)) is acts


def test_restoring_a_source_needs_that_source_to_be_cut(economy):
    cut = {"id": "cut", "kind": "source_cut", "origin": "CHN", "goods": ["metal"], "loss": 0.5}
    scenario: Scenario = make_scenario(cut | {"duration_days": 5, "sources": ["s-tiny"]})
    lever = {"kind": "restore_source", "origin": "CHN", "goods": ["metal"], "share": 0.1}
    assert can_act(make_measure(lever=lever), find_touched(scenario, economy))
