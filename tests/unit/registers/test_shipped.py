"""The law of the shipped registers on given days; cases in tests/cases/law_dates.yaml."""

from pathlib import Path

import pytest
import yaml

from keian.core import NotInForce
from keian.registers import load_registers

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "law_dates.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def registers():
    return load_registers()


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_law_on_a_day(case, registers):
    state = getattr(registers, case["register"]).at(case["day"], case.get("known"))
    if case["holds"]:
        assert state.find(case["entry"]).date_confirmed is case["confirmed"]
        assert case["entry"] in state
    else:
        with pytest.raises(NotInForce) as error:
            state.find(case["entry"])
        assert error.value.nearest == case["nearest"]


@pytest.mark.parametrize("case", CASES["counts"], ids=str)
def test_number_of_designated_goods(case, registers):
    entries = list(registers.designations.at(case["day"], case.get("known")))
    assert sum(e.part_of is None for e in entries) == case["goods"]
    assert sum(e.part_of == "critical-minerals" for e in entries) == case["minerals"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gallium", "critical-minerals.gallium"),
        ("ガリウム", "critical-minerals.gallium"),
        ("ｶﾞﾘｳﾑ", "critical-minerals.gallium"),
        ("がりうむ", "critical-minerals.gallium"),
        ("レアアース", "critical-minerals.rare-earths"),
        ("はんどうたい", "semiconductors"),
        ("ＬＮＧ", "natural-gas"),
        ("Storage BATTERIES", "storage-batteries"),
    ],
)
def test_search_folds_width_case_and_kana(text, found, registers):
    assert found in {e.id for e in registers.designations.search(text)}


def test_search_needs_every_word(registers):
    assert {e.id for e in registers.acts.search("oil stockpiles")} == {"oil-stockpiling-act"}
    assert not registers.acts.search("oil antibiotics")
    assert not registers.acts.search("  ")


def test_a_day_that_is_not_confirmed_says_why(registers):
    for register in (registers.acts, registers.designations):
        silent = [e.id for e in register.entries if not e.date_confirmed and not e.note]
        assert not silent


def test_unconfirmed_entries_of_the_future_do_not_enter(registers):
    state = registers.acts.at(CASES["cases"][0]["day"])
    assert not {e.status for e in state} - {"in_force", "transitional"}


def test_scheduled_entries_enter_when_asked_for(registers):
    entry = registers.acts.find("espa-medical")[0]
    assert entry.status == "scheduled"
    assert entry.start is None
