"""Power on the card of a good: both directions, by sourced supply, and what is missing."""

import math
from types import SimpleNamespace

import pytest

from keian.cli.exposure import load_joined_panel
from keian.cli.exposure_card import find_subjects, weigh_year
from keian.core import Names, Triple
from keian.exposure.card_writing import write_cards
from keian.exposure.power import load_elasticities
from keian.exposure.power_view import list_origins, view_pairs, view_world
from keian.report.card_parts import build_sections
from keian.report.words import load_words
from tests.unit.exposure.shipped import open_shipped

SIGMA = load_elasticities().goods


@pytest.fixture(scope="module")
def dossier():
    return open_shipped()


@pytest.fixture(scope="module")
def cards(dossier):
    return {card.id: card for card in write_cards(dossier).cards}


def lose(share, sigma):
    return -math.log(1 - share) / (sigma - 1)


def make_line(origin, low, mode, high):
    return SimpleNamespace(
        origin=origin,
        names=Names(en=origin, ja=origin),
        share=Triple(low=low, mode=mode, high=high),
    )


def test_the_card_shows_both_directions_as_the_table_does(dossier, cards):
    table = dossier.power.pairs
    pairs = cards["tungsten"].pairs
    assert pairs[0].partner == "CHN"
    assert any(pair.net_leverage > 0 for pair in pairs)
    for pair in pairs:
        row = table[(table["product"] == pair.product) & (table["partner"] == pair.partner)].iloc[0]
        assert pair.loss_to_home.mode == row["loss_to_home"]
        assert pair.loss_to_it.high == row["loss_to_it_high"]
        assert pair.net_leverage == row["net_leverage"]


def test_by_sourced_supply_the_loss_counts_home_output_and_both_bands(cards):
    first = cards["gallium"].origins[0]
    assert first.origin == "CHN"
    assert first.loss.mode == pytest.approx(lose(0.675, SIGMA.mode))
    assert first.loss.low == pytest.approx(lose(0.6, SIGMA.high))
    assert first.loss.high == pytest.approx(lose(0.75, SIGMA.low))
    assert all(one.origin not in {"JPN", "rest"} for c in cards.values() for one in c.origins)


def test_ways_of_one_origin_are_summed_before_the_logarithm():
    lines = [
        make_line("CHN", 0.2, 0.3, 0.4), make_line("CHN", 0.1, 0.2, 0.3),
        make_line("JPN", 0.4, 0.4, 0.4), make_line("rest", 0.1, 0.1, 0.1),
    ]  # fmt: skip
    (china,) = list_origins(lines, "JPN", "rest")
    assert china.loss.mode == pytest.approx(lose(0.5, SIGMA.mode))
    assert china.loss.high == pytest.approx(lose(0.7, SIGMA.low))


def test_shares_that_do_not_make_a_whole_are_not_blown_up():
    (only,) = list_origins([make_line("CHN", 0.4, 0.5, 0.6)], "JPN", "rest")
    assert only.share.mode == 0.5


def test_without_flows_between_all_countries_power_over_others_is_missing(dossier, cards):
    panel, own = load_joined_panel(())
    assert weigh_year(panel, 2015, own) is None
    gallium = cards["gallium"]
    assert gallium.pairs == ()
    assert gallium.world == ()
    assert "no_power" in gallium.gaps
    assert "no_power" not in cards["tungsten"].gaps
    assert view_world(dossier.power, "no-such-heading") is None
    assert view_pairs(dossier.power, "no-such-heading") == ()


def test_every_loss_leads_to_the_formula_and_its_elasticity(cards):
    for card in cards.values():
        if card.pairs or card.origins:
            assert {"clayton-maggiori-schreger", "a-substitution-elasticity"} <= set(card.sources)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_sections_of_power_stand_on_the_card(dossier, lang):
    (card,) = write_cards(dossier, find_subjects(dossier, ["280490"])).cards
    sections = {section.key: section for section in build_sections(card, load_words(lang))}
    assert len(sections["power"].rows) == len(card.pairs)
    assert len(sections["world"].rows) == 1
    hubs = [pair for pair in card.pairs if pair.is_hub]
    marks = [row for row in sections["power"].rows if "(" in row[1] or "（" in row[1]]
    assert len(marks) == len(hubs)
