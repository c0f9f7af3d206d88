"""Whom to ask: deciders of what helps, countries that still sell, agreements that cover it."""

import pytest

from keian.review.asks import find_asked_good, list_asks, sum_shares
from keian.review.study import rank_measures
from tests.crises import make_measure
from tests.unit.review.played import (
    CLOSURE,
    REGISTERS,
    RULES,
    list_measures,
    plain_world,
    review_closure,
    study,
)
from tests.worlds import make_scenario


def asks_of(*measures, need="ore", shocks=(CLOSURE,), days=90):
    setting, played = study(plain_world(), make_scenario(*shocks, days=days), *measures)
    ranked = rank_measures(played, RULES, setting.year())
    return list_asks(setting, played, need, ranked, REGISTERS), setting, played


def test_countries_that_still_sell_are_asked_and_not_those_behind_the_closure():
    asks, setting, played = asks_of()
    assert [(a.kind, a.names.en) for a in asks] == [("country", "CHN")]
    h = setting.compiled.index.good["ore"]
    gap = 1 - played.mode().inflow[:, h].min()
    assert asks[0].share.value == pytest.approx(0.3 * 0.2 / gap)
    assert asks[0].share.kind == "assumption"
    assert asks[0].share.sources


def test_a_country_that_cut_us_off_is_not_asked():
    cut = {"kind": "source_cut", "origin": "CHN", "goods": ["ore"], "loss": 0.5, "id": "cut"}
    asks, _, _ = asks_of(shocks=(CLOSURE, cut))
    assert asks == ()


def test_a_partner_with_an_agreement_is_named_once():
    register = next(iter(REGISTERS.acts.entries)).id
    partner = make_measure(
        {
            "kind": "add_supply", "good": "ore", "origins": ["CHN"], "share": 0.3,
            "agreements": [register],
        },
        name="partner",
    )  # fmt: skip
    asks, _, _ = asks_of(partner)
    assert [a.kind for a in asks] == ["decider", "country", "agreement"]
    country = asks[1]
    assert country.names.en == "CHN"
    assert 0.3 <= country.share.value <= 1
    assert asks[2].names == REGISTERS.acts.find(register)[0].names


def test_a_group_of_countries_is_one_row_and_none_of_them_is_asked_again():
    """The figure is theirs together; what is left are the countries no measure asks."""
    group = make_measure(
        {"kind": "add_supply", "good": "ore", "origins": ["CHN", "USA"], "share": 0.3},
        name="group",
    )
    asks, setting, played = asks_of(group)
    countries = [a for a in asks if a.kind == "country"]
    assert [a.names.en for a in countries] == ["CHN and USA"]
    h = setting.compiled.index.good["ore"]
    gap = 1 - played.mode().inflow[:, h].min()
    assert countries[0].share.value == pytest.approx(min(1.0, 0.3 / gap))
    assert sum_shares(countries).value == countries[0].share.value


def test_deciders_are_asked_only_for_what_helps():
    asks = review_closure().review.scenarios[0].asks
    deciders = [a.what.en for a in asks if a.kind == "decider"]
    assert any("cover" in d for d in deciders)
    assert not any("subsidy" in d or "harden" in d for d in deciders)


def test_the_good_asked_for_is_what_the_missing_one_is_made_from():
    setting, played = study(plain_world(), make_scenario(CLOSURE, days=90), *list_measures())
    assert find_asked_good(setting, played, "metal").id == "ore"
    assert find_asked_good(setting, played, "ore").id == "ore"
    assert find_asked_good(setting, played, None).id == "ore"
    quiet, calm = study(plain_world(), make_scenario(days=5))
    assert find_asked_good(quiet, calm, None) is None


def test_shares_add_up_to_no_more_than_the_gap():
    asks, _, _ = asks_of(
        make_measure({"kind": "add_supply", "good": "ore", "origins": ["USA"], "share": 0.9})
    )
    parts = [a.share for a in asks if a.kind == "country"]
    total = sum_shares(asks)
    assert len(parts) == 2
    assert total.value == 1.0 < sum(p.value for p in parts)
    assert total.low <= total.value
    assert set(total.sources) == {s for p in parts for s in p.sources}
    assert sum_shares([a for a in asks if a.kind == "decider"]) is None
