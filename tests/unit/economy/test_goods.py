"""Goods: shares from the panel, written lines, stocks, days and passages."""

import pandas as pd
import pytest

from keian.core import InputError, Names, Triple
from keian.economy.distances import Ways
from keian.economy.forms import GoodForm, PanelForm, PassageForm, PoolForm, QuantityForm, SupplyForm
from keian.economy.goods import Setting, Trade, calc_panel_shares, expand_good, scale_triple

FIXED = Triple(low=1, mode=1, high=1)


@pytest.fixture
def trade():
    imports = pd.DataFrame(
        {
            "year": [2022, 2022, 2022, 2022, 2021],
            "product": ["270900"] * 5,
            "exporter": ["SAU", "ARE", "USA", "OMN", "SAU"],
            "quantity_t": [50.0, 30.0, 15.0, 5.0, 999.0],
            "value_kusd": [40.0, 40.0, 15.0, 5.0, 999.0],
        }
    )
    crops = pd.DataFrame(
        {"crop": ["wheat"], "exporter": ["USA"], "importer": ["JPN"], "tonnes": [90.0]}
    )
    return Trade("JPN", imports, crops, {"wheat": 10.0})


@pytest.fixture
def setting(trade):
    passages = {
        "SAU": (PassageForm(route="hormuz", share=FIXED),),
        "ARE": (PassageForm(route="hormuz", share=FIXED),),
    }
    km = {
        ("SAU", "crude", "shortest"): 13334.4,
        ("SAU", "crude", "to_hormuz"): 666.72,
        ("ARE", "any", "shortest"): 12000.0,
        ("ARE", "any", "to_hormuz"): 400.0,
        ("USA", "any", "shortest"): 9000.0,
        ("OMN", "any", "shortest"): 11000.0,
    }
    knots = {"crude": Triple(low=10, mode=12.5, high=20), "any": Triple(low=15, mode=15, high=15)}
    return Setting(
        trade, Ways(km, passages, knots, "distances.csv"), Triple(low=10, mode=20, high=30)
    )


def make_form(**changes):
    fields = {
        "id": "crude_oil",
        "names": Names(en="Crude oil", ja="原油"),
        "tier": "modelled",
        "parent_product": "c2",
        "unit": "kL",
        "floor_days": FIXED,
        "stretch_days": FIXED,
        "catch_up_share": FIXED,
        "sources": ("baci-hs92",),
    }
    return GoodForm(**{**fields, **changes})


def make_panel(**changes):
    fields = {"hs92": ("270900",), "year": 2022, "weight": "tonnes", "top": 2, "cargo": "crude"}
    return PanelForm(**{**fields, **changes})


def list_shares(good):
    return {supply.origin: supply.share.mode for supply in good.supplies}


def test_the_panel_names_the_top_countries_and_adds_up_the_rest(trade):
    shares, home = calc_panel_shares(make_panel(), trade, "here")
    assert shares == pytest.approx({"SAU": 0.5, "ARE": 0.3, "rest": 0.2})
    assert home == 0


def test_value_and_tonnes_weigh_differently(trade):
    shares, _ = calc_panel_shares(make_panel(weight="value", top=4), trade, "here")
    assert shares == pytest.approx({"ARE": 0.4, "SAU": 0.4, "USA": 0.15, "OMN": 0.05})


def test_a_crop_knows_its_home_harvest(trade):
    panel = make_panel(hs92=(), crop="wheat", home_made_by="JPN.c1")
    shares, home = calc_panel_shares(panel, trade, "here")
    assert shares == {"USA": 1.0}
    assert home == pytest.approx(0.1)


def test_a_product_without_imports_is_an_error_that_says_where_to_look(trade):
    with pytest.raises(InputError, match=r"products\.csv"):
        calc_panel_shares(make_panel(hs92=("999999",)), trade, "here")


def test_written_lines_and_the_panel_sum_to_one(setting):
    home = SupplyForm(
        origin="JPN", share=Triple(low=0.1, mode=0.2, high=0.3), made_by="JPN.c2", sources=("s",)
    )
    good = expand_good(make_form(supplies=(home,), panel=make_panel()), {}, setting, "here")
    assert list_shares(good) == pytest.approx({"JPN": 0.2, "SAU": 0.4, "ARE": 0.24, "rest": 0.16})
    assert sum(list_shares(good).values()) == pytest.approx(1.0)


def test_lines_of_imports_share_what_home_leaves(setting):
    lines = (
        SupplyForm(origin="JPN", share=Triple(low=0.2, mode=0.2, high=0.2), sources=("s",)),
        SupplyForm(origin="USA", of="imports", share=Triple(low=1, mode=1, high=1), sources=("s",)),
    )
    good = expand_good(make_form(supplies=lines), {}, setting, "here")
    assert list_shares(good) == pytest.approx({"JPN": 0.2, "USA": 0.8})


def test_other_published_figures_widen_a_share_and_keep_its_mode(setting):
    spans = {"SAU": {"low": 0.42, "high": 0.45, "sources": ("p",)}}
    good = expand_good(make_form(panel=make_panel(spans=spans)), {}, setting, "here")
    saudi = good.supplies[0].share
    assert (saudi.low, saudi.mode, saudi.high) == (0.42, 0.5, 0.5)
    assert saudi.sources == ("baci-hs92", "p")


def test_days_come_from_distance_and_speed(setting):
    good = expand_good(make_form(panel=make_panel()), {}, setting, "here")
    lag = good.supplies[0].lag_days
    assert (lag.low, lag.mode, lag.high) == pytest.approx((15.0, 24.0, 30.0))
    assert good.supplies[0].routes[0].position_days == pytest.approx(1.2)
    assert good.supplies[-1].lag_days.mode == 20


def test_a_good_may_bend_the_usual_passage_of_a_country(setting):
    bypass = {"ARE": (PassageForm(route="hormuz", share=Triple(low=0.6, mode=0.7, high=1)),)}
    good = expand_good(make_form(panel=make_panel(), ways=bypass), {}, setting, "here")
    assert good.supplies[0].routes[0].share.mode == 1
    assert good.supplies[1].routes[0].share.mode == 0.7


def test_an_empty_list_of_routes_means_none(setting):
    line = SupplyForm(origin="SAU", cargo="crude", share=FIXED, routes=(), sources=("s",))
    assert expand_good(make_form(supplies=(line,)), {}, setting, "here").supplies[0].routes == ()


def test_a_country_without_a_port_is_an_error(setting):
    line = SupplyForm(origin="BRA", share=FIXED, sources=("s",))
    with pytest.raises(InputError, match=r"ports\.csv"):
        expand_good(make_form(supplies=(line,)), {}, setting, "here")


def test_an_unknown_pool_set_is_an_error(setting):
    with pytest.raises(InputError, match="pool_set"):
        expand_good(make_form(pool_set="metals"), {}, setting, "here")


def test_a_physical_stock_becomes_days_and_the_greatest_use_gives_the_low_end():
    form = QuantityForm(
        stock=100, factor=0.5, part=0.4, per_day=Triple(low=1, mode=2, high=4), sources=("s",)
    )
    days = form.calc_days()
    assert (days.low, days.mode, days.high) == (5, 10, 20)


def test_a_pool_needs_days_or_a_quantity_and_not_both():
    same = {
        "id": "p", "names": Names(en="p", ja="p"), "owner": "state", "usable_share": FIXED,
        "draw_limit": FIXED, "sources": ("s",),
    }  # fmt: skip
    with pytest.raises(ValueError, match="either"):
        PoolForm(**same)
    quantity = {"stock": 1, "per_day": 1, "sources": ("s",)}
    with pytest.raises(ValueError, match="either"):
        PoolForm(**same, quantity_days=FIXED, quantity=quantity)


def test_scaling_keeps_sources():
    scaled = scale_triple(Triple(low=1, mode=2, high=3, sources=("s",)), 0.5)
    assert (scaled.low, scaled.mode, scaled.high, scaled.sources) == (0.5, 1.0, 1.5, ("s",))
