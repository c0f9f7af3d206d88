"""Routes: one flow per origin, places inside the way."""

import numpy as np
import pytest

from keian.core import InputError
from keian.economy.routes import load_routes

LAGS = np.array([[0, 20, 10], [20, 0, 30], [10, 30, 0]], dtype=np.int32)
REGIONS = ("JPN", "ROW", "AUS")


def load(folder, flow):
    text = f"""
routes:
  - id: strait
    names: {{en: Strait, ja: 海峡}}
    kind: strait
    detour_days: null
    yard_days: 7
    flows:
      - {{destination: JPN, share: 0.5, sources: [s], {flow}}}
    sources: [s]
"""
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    return load_routes(folder, REGIONS, ("c2", "c8"), LAGS)


def test_a_star_gives_one_flow_from_every_other_region(tmp_path):
    (route,) = load(tmp_path, 'origins: "*", products: goods, position_days: arrival')
    assert [(flow.origin, flow.position_days) for flow in route.flows] == [("ROW", 20), ("AUS", 10)]


def test_a_passage_does_not_lie_beyond_the_destination(tmp_path):
    (route,) = load(tmp_path, "origins: [AUS], products: [c2], position_days: 99")
    assert route.flows[0].position_days == 10


@pytest.mark.parametrize(
    ("flow", "word"),
    [
        ("origins: [ZZZ], products: goods, position_days: 1", "ZZZ"),
        ("origins: [AUS], products: [c77], position_days: 1", "c77"),
    ],
)
def test_unknown_regions_and_products_are_refused(tmp_path, flow, word):
    with pytest.raises(InputError, match=word):
        load(tmp_path, flow)


def test_hormuz_has_no_detour_and_the_other_straits_have_one(japan):
    detour = {route.id: route.detour_days for route in japan.routes}
    assert detour["hormuz"] is None
    assert detour["malacca"].mode == 2
    assert detour["taiwan_strait"].low == 0


def test_port_groups_carry_all_of_the_trade(japan):
    ports = [route for route in japan.routes if route.kind == "ports"]
    assert sum(route.flows[0].share.mode for route in ports) == pytest.approx(1.0)
    for route in ports:
        assert {flow.origin for flow in route.flows} == set(japan.regions) - {"JPN"}


def test_the_added_days_of_malacca_are_those_of_the_distances(japan):
    # 12,362 km by the strait, 13,468 by Sunda and 14,315 by Lombok, at 12.5 knots and faster
    km_per_day = 12.5 * 1.852 * 24
    malacca = next(route for route in japan.routes if route.id == "malacca")
    assert malacca.detour_days.mode == pytest.approx((13468 - 12362) / km_per_day, abs=0.1)
    assert malacca.detour_days.high == pytest.approx((14315 - 12362) / km_per_day, abs=0.25)


def test_crude_through_hormuz_spans_the_published_shares(japan):
    """74 % by the ministry, "about 80" and "90 or more" by the press; at most all Gulf crude."""
    crude = next(good for good in japan.goods if good.id == "crude_oil")

    def share(end):
        passed = [(s, r) for s in crude.supplies for r in s.routes if r.route == "hormuz"]
        return sum(s.share.mode * getattr(r.share, end) for s, r in passed)

    assert share("low") < 0.74 < share("mode") < 0.9 < share("high")
    saudi = next(s for s in crude.supplies if s.origin == "SAU")
    passed = next(r for r in saudi.routes if r.route == "hormuz")
    assert passed.share.low <= 0.8, "the pipeline to Yanbu could take more than a tenth"
    assert {"petroline_capacity", "a-bypass"} <= set(passed.share.sources)


def test_the_wider_straits_canals_and_the_cape_are_there(japan):
    kinds = {route.id: route.kind for route in japan.routes}
    assert kinds["suez"] == kinds["panama"] == "canal"
    assert kinds["cape"] == "cape"
    assert {"bab-el-mandeb", "luzon-strait", "lombok-sunda"} <= set(kinds)


def test_a_detour_leads_through_known_routes_and_never_through_itself(japan):
    known = {route.id for route in japan.routes}
    for route in japan.routes:
        passed = {name for way in route.detour_by for name in way}
        assert passed <= known - {route.id}, route.id
        if route.kind != "ports":
            assert bool(route.detour_by) == (route.detour_days is not None), route.id


def test_the_added_days_round_the_cape_are_those_of_the_distances(japan):
    # Rotterdam to Yokohama: 20,916 km by Suez, 27,013 km with both canals closed; 14 knots
    suez = next(route for route in japan.routes if route.id == "suez")
    days = (27013 - 20916) / (14 * 1.852 * 24)
    assert suez.detour_days.low < days < suez.detour_days.high
    assert suez.detour_days.low < 12 < suez.detour_days.high  # published: up to 12


def test_luzon_and_taiwan_together_take_what_comes_from_the_south(japan):
    share = {}
    for name in ("luzon-strait", "taiwan_strait"):
        route = next(r for r in japan.routes if r.id == name)
        flow = next(f for f in route.flows if (f.origin, f.destination) == ("EUR", "JPN"))
        share[name] = flow.share.mode
    assert 0.8 <= sum(share.values()) <= 1.0


def test_every_passage_of_a_country_has_its_place_on_the_way(japan):
    """A place that no distance gives counts as the origin itself: goods at sea would be stuck."""
    lost = {
        (supply.origin, passed.route)
        for good in japan.goods
        for supply in good.supplies
        for passed in supply.routes
        if passed.position_days == 0 and passed.share.mode > 0
    }
    assert not lost, lost
