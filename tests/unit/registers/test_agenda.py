"""The National Security Council's agenda: thirteen matters, who sits for each, items under them."""

from datetime import date

import pytest

from keian.core import InputError
from keian.registers import load_shelf
from keian.registers.agenda import list_agenda, list_open
from keian.registers.hindsight import freeze

TODAY = date(2026, 11, 23)
NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")


@pytest.fixture(scope="module")
def shelf():
    return load_shelf()


def find(shelf, numeral, on=TODAY):
    (heading,) = list_agenda(shelf, on, numeral)
    return heading


def test_the_thirteen_matters_stand_in_the_order_of_the_act(shelf):
    headings = list_agenda(shelf, TODAY)
    assert tuple(h.matter.text("item") for h in headings if h.matter) == NUMERALS
    assert [h.matter.value["number"] for h in headings if h.matter] == list(range(1, 14))


def test_an_economic_item_is_dealt_with_by_three_ministers_under_the_prime_minister(shelf):
    economic = find(shelf, "xi").matter
    assert economic.ids("members") == ("MOFA", "MOD", "CCS")
    assert economic.text("act") == "nsc-act-economic"
    assert find(shelf, "xi", date(2023, 2, 18)).matter is not None
    with pytest.raises(InputError):
        list_agenda(shelf, date(2022, 6, 1), "xi")  # the day of force was not read


def test_what_must_be_referred_and_what_may_be_urgent_is_as_article_2_says(shelf):
    matters = {h.matter.text("item"): h.matter.value for h in list_agenda(shelf, TODAY) if h.matter}
    assert {k for k, v in matters.items() if v["referral"] == "must"} == {"i", "ii", "iii", "iv"}
    assert {k for k, v in matters.items() if v["referral"] == "must_in_part"} == {"viii", "ix"}
    assert {k for k, v in matters.items() if v["referral"] == "free"} == {"xi", "xiii"}
    assert {k for k, v in matters.items() if v["urgent"]} == {"iv", "v", "vi", "xii"}
    committee = {"iv", "v", "vi", "vii", "ix", "x", "xii"}
    assert {k for k, v in matters.items() if v["committee"]} == committee


def test_every_item_stands_under_its_matter_or_among_the_unread(shelf):
    headings = list_agenda(shelf, TODAY)
    items = [item.id for h in headings for item in h.items]
    assert sorted(items) == sorted(e.id for e in shelf["agenda"].entries)
    assert [item.id for item in headings[-1].items] == ["agenda.osa-guideline"]
    assert headings[-1].matter is None


def test_a_judged_matter_names_its_author_and_reason(shelf):
    for item in shelf["agenda"].entries:
        assert bool(item.text("matter_by")) <= bool(item.text("matter_why")), item.id
        assert bool(item.text("matter")) == bool(item.text("matter_why")), item.id


def test_follow_ups_that_are_not_done_are_listed(shelf):
    opened = list_open(list_agenda(shelf, TODAY))
    assert {(o.item.id, o.follow_up["state"]) for o in opened} == {
        ("agenda.nss-2022", "open"), ("agenda.osa-guideline", "partly"),
    }  # fmt: skip


def test_an_earlier_day_has_neither_later_items_nor_later_answers(shelf):
    day = date(2019, 1, 1)
    seen = freeze(shelf, day)
    items = {e.id: e for e in seen["agenda"].at(day)}
    assert set(items) == {"agenda.nss-2013", "agenda.ndpg-2018"}
    assert [row["state"] for e in items.values() for row in e.rows("follow_ups")] == ["open"] * 2
