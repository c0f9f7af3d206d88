"""Cards of goods: what stands on them, what is told as missing, who may see them."""

import pytest

from keian.cli.exposure_card import find_subjects
from keian.core import ClearanceError, InputError
from keian.exposure.card_writing import find_gaps, write_cards
from keian.exposure.trade_view import list_years
from keian.share import Viewer, release
from tests.unit.exposure.shipped import BEFORE_DESIGNATIONS, open_shipped


@pytest.fixture(scope="module")
def dossier():
    return open_shipped()


@pytest.fixture(scope="module")
def cards(dossier):
    return {card.id: card for card in write_cards(dossier).cards}


def test_every_good_of_every_tier_has_a_card(dossier, cards):
    economy = dossier.economy
    listed = [g.id for g in (*economy.goods, *economy.aside, *economy.registered)]
    assert sorted(cards) == sorted(listed)


def test_gallium_names_china_its_range_and_the_days_stocks_last(cards):
    gallium = cards["gallium"]
    first = gallium.shares[0]
    assert (first.origin, first.share.low, first.share.high) == ("CHN", 0.6, 0.75)
    assert gallium.cover.lost == "CHN"
    assert gallium.cover.survive == pytest.approx(gallium.cover.mode / first.share.mode)
    assert gallium.cover.survive_low < gallium.cover.survive < gallium.cover.survive_high
    assert gallium.chokes[0].grade == "open"  # how soon it is replaced is not known
    assert {test.scenario for test in gallium.stress} >= {"minerals-ban", "china-imports-80"}
    assert "no_trade" in gallium.gaps
    assert gallium.trade == ()


def test_wheat_has_tonnes_but_no_value_and_no_verdict_on_stability(cards):
    (view,) = cards["wheat"].trade
    assert view.imports_kusd is None
    assert view.imports_t > 5e6
    assert all(supplier.value_share is None for supplier in view.suppliers)
    assert view.suppliers[0].country == "USA"
    assert all(flag.stable is None for flag in view.flags)
    assert {"no_value", "one_year", "no_substitutes"} <= set(cards["wheat"].gaps)
    assert "food-bans" in {test.scenario for test in cards["wheat"].stress}


def test_value_and_tonnes_stand_side_by_side(cards):
    (view,) = cards["tungsten"].trade
    china = view.suppliers[0]
    assert china.country == "CHN"
    assert china.value_share == pytest.approx(0.90, abs=0.01)
    assert china.quantity_share == pytest.approx(0.88, abs=0.01)


def test_a_flag_is_stable_only_if_no_year_differs(cards):
    flags = [flag for card in cards.values() for view in card.trade for flag in view.flags]
    for flag in flags:
        if flag.stable is not None:
            same = flag.years_flagged_count in {0, flag.years_seen_count}
            assert flag.stable == same
    assert any(flag.stable is False for flag in flags)


def test_a_good_without_stocks_has_no_days_of_cover_and_says_so(cards):
    nickel = cards["nickel_ore"]
    assert nickel.cover is None
    assert "no_stocks" in nickel.gaps
    assert all("no_stocks" in c.gaps for c in cards.values() if c.tier == "registered")


def test_what_is_assumed_of_the_stocks_is_told_in_days(cards):
    cover = cards["gallium"].cover
    assert cover.users_sources == ("a-user-stock-minerals",)
    assert cover.assumed_days == cover.users_days == 90


def test_every_figure_leads_to_a_source(cards):
    for card in cards.values():
        rows = (*card.shares, *(card.cover.stocks if card.cover else ()), *card.uses)
        for row in rows:
            assert row.sources
            assert set(row.sources) <= set(card.sources)
        assert all(source.title for source in card.sources.values())
        assert not any("that the user loaded" in s.title for s in card.sources.values())


def test_gaps_are_those_of_the_card(cards):
    for card in cards.values():
        assert tuple(find_gaps(card)) == card.gaps


def test_a_designation_counts_from_its_day_only():
    before = write_cards(open_shipped(BEFORE_DESIGNATIONS)).cards
    assert all(card.designation is None for card in before)
    after = {card.id: card for card in write_cards(open_shipped()).cards}
    assert after["gallium"].designation.entry == "critical-minerals.gallium"
    assert after["wheat"].designation is None


def test_a_share_is_missing_before_the_country_reports(dossier):
    panel = dossier.found.panel
    series = list_years(panel, "260200", "ZAF")
    shares = dict(zip(series.years, series.value_share, strict=True))
    assert shares[1999] is None
    assert shares[2000] == pytest.approx(0.53, abs=0.01)


def test_a_heading_finds_the_goods_that_it_holds(dossier):
    assert [s.id for s in find_subjects(dossier, ["810110"])] == ["tungsten"]
    assert [s.id for s in find_subjects(dossier, ["250810"])] == ["250810"]
    assert [s.id for s in find_subjects(dossier, ["小麦"])] == ["wheat"]


def test_all_unknown_names_are_refused_together(dossier):
    with pytest.raises(InputError) as error:
        find_subjects(dossier, ["galium", "gallium", "wheet"])
    assert len(error.value.problems) == 2


def test_cards_are_refused_to_a_viewer_below_the_floor(dossier):
    cards = write_cards(dossier, find_subjects(dossier, ["gallium"]))
    assert str(cards.label) == "TLP:AMBER"
    with pytest.raises(ClearanceError):
        release(cards, Viewer("TLP:GREEN"))
    assert release(cards, Viewer("TLP:AMBER")).value.cards
