"""A service that nobody played must not be told as whole."""

from __future__ import annotations

import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.economy import load_economy
from keian.registers import load_registers
from keian.review.evaluate import Request, evaluate
from keian.review.needs import list_played
from keian.review.why import explain_shortage
from keian.scenario import load_scenarios
from keian.scenario.load import load_scenario

MODELLED = {"electricity", "gas", "water", "telecommunications", "ports"}


@pytest.fixture(scope="module")
def japan():
    return load_economy("japan")


@pytest.fixture(scope="module")
def hormuz(japan):
    """Ninety days, without draws."""
    scenarios = tuple(
        s.model_copy(update={"horizon_days": 90}) for s in load_scenarios(["hormuz-90d"])
    )
    request = Request(japan, scenarios, (), load_registers(), 0)
    return evaluate(request).review.scenarios[0]


def test_only_modelled_and_struck_services_are_played(japan):
    assert list_played(japan, load_scenario("hormuz-90d")) == MODELLED
    outage = load_scenario("cyber-ports-telecom")
    (first, *others) = outage.shocks
    railway = first.model_copy(update={"id": "rail", "service": "railway"})
    struck = outage.model_copy(update={"shocks": (railway, *others)})
    assert list_played(japan, struck) == MODELLED | {"railway"}
    assert list_played(japan, load_scenario("cables-cut")) == MODELLED


def test_the_review_tells_their_industry_and_no_level(hormuz, japan):
    played = {s.id for s in hormuz.services}
    aside = {s.id: s for s in hormuz.not_played}
    assert played == MODELLED | {"vital_demand"}
    assert set(aside) == {s.id for s in japan.services} - MODELLED
    assert aside["trucking"].industry == "JPN.c23o"
    assert aside["oil"].industry == "JPN.c8"
    assert min(aside["oil"].weeks) < aside["oil"].floor < 1.0
    assert not {row.id for row in hormuz.runs_out} & set(aside)


def test_why_says_that_it_was_not_played_and_goes_on_with_the_industry(japan):
    compiled = compile_economy(japan, load_rules())
    run = Run(load_scenario("hormuz-90d"))
    root = explain_shortage(compiled, run, "trucking", 59).root
    assert root.level is None
    assert root.reason.en.startswith("not modelled in this run")
    (industry,) = root.children
    direct = explain_shortage(compiled, run, "JPN.c23o", 59).root
    assert industry.id == "JPN.c23o"
    assert industry.level.value == direct.level.value < 99.0
    assert [c.id for c in industry.children] == [c.id for c in direct.children]
