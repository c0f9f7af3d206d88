"""Measures as policy: decider, law with its badge, cost or none, lead time."""

import re
from datetime import date

import pytest

from keian.core import AMBER, NotInForce
from keian.review.policy import describe_measure
from keian.scenario import load_measures
from tests.crises import make_measure
from tests.unit.review.played import REGISTERS
from tests.worlds import make_scenario

RELEASE = {"kind": "release_stock", "pools": ["reserve"]}


def describe(place=0, *, what_if=False, lead=3, **changes):
    measure = make_measure(RELEASE, lead_days=lead)
    data = measure.model_dump(mode="json") | changes
    measure = type(measure).model_validate(data)
    return describe_measure(
        measure, place, make_scenario(days=30), REGISTERS, label=AMBER, what_if=what_if
    )


def test_letters_go_on_after_the_alphabet_and_none_stands_twice():
    letters = [describe(place).letter for place in (0, 25, 26, 27, 52)]
    assert letters == ["A", "Z", "AA", "AB", "BA"]


def test_a_cost_nobody_sourced_stays_missing():
    assert describe().cost is None


def test_a_cost_keeps_its_range_unit_and_source():
    amount = {"low": 1, "mode": 2, "high": 3}
    cost = {"amount": amount, "unit": "billion yen", "what": "x", "sources": ["invented"]}
    made = describe(cost=cost).cost
    assert (made.low, made.value, made.high, made.unit) == (1, 2, 3, "billion yen")
    assert made.sources == ("invented",)


def test_no_law_needed_is_said():
    made = describe()
    assert made.legal_badge == "none_needed"
    assert made.legal_basis.en == "no law needed"


def test_a_missing_law_is_refused_and_runs_only_as_a_what_if():
    with pytest.raises(NotInForce):
        describe(legal_basis={"kind": "missing_law"})
    made = describe(legal_basis={"kind": "missing_law"}, what_if=True)
    assert made.legal_badge == "what_if"
    assert "as if it existed" in made.legal_basis.en


def test_the_law_is_named_with_its_article():
    entry = next(e for e in REGISTERS.acts.entries if e.start and e.start.year < 2020)
    made = describe(legal_basis={"kind": "act", "entry": entry.id, "locator": "art. 7"})
    assert made.legal_badge in {"confirmed", "unverified"}
    assert made.legal_basis.en == f"{entry.names.en}, art. 7"
    assert made.legal_basis.ja == f"{entry.names.ja} art. 7"


def test_letters_and_lead_time():
    made = describe(place=2, lead={"low": 1, "mode": 4, "high": 9})
    assert made.letter == "C"
    assert (made.lead_days.low, made.lead_days.value, made.lead_days.high) == (1, 4, 9)
    assert made.lead_days.sources == ("invented",)


def test_articles_of_law_are_told_in_japanese():
    today = make_scenario(days=30).model_copy(update={"as_of": date(2026, 11, 22)})
    for measure in load_measures():
        told = describe_measure(measure, 0, today, REGISTERS, label=AMBER, what_if=True)
        assert re.search(r"\barts?\b", told.legal_basis.ja) is None, told.legal_basis.ja
