"""keian services: what is known of each essential service, and what is not."""

import json

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.core import tell_text
from keian.economy import load_economy
from keian.registers import load_register


def run(*arguments):
    return CliRunner().invoke(app, ["services", *arguments])


@pytest.mark.parametrize("day", ["2023-11-16", "2025-03-31", "2025-04-01", "2026-11-22"])
def test_the_count_is_that_of_the_register(day):
    from datetime import date

    answer = json.loads(run("--json", "--as-of", day).stdout)
    assert answer["in_force"] == len(
        load_register("essential_services").at(date.fromisoformat(day))
    )
    assert answer["on"] == day


def test_every_service_cites_sources_that_are_given():
    answer = json.loads(run("--json").stdout)
    for one in answer["services"]:
        assert set(one["service"]["sources"]) <= set(answer["sources"])
        assert one["service"]["missing"]


@pytest.mark.parametrize(
    ("name", "found"), [("gas", "gas"), ("医療", "medical-care"), ("港湾", "ports")]
)
def test_one_service_is_found_by_id_or_by_a_word_of_its_name(name, found):
    answer = json.loads(run(name, "--json").stdout)
    assert [one["id"] for one in answer["services"]] == [found]


def test_medical_care_is_registered_and_not_in_force():
    result = run("medical-care")
    assert result.exit_code == 0
    assert "enacted, pending" in result.stdout
    assert "registered only" in result.stdout


def test_each_table_says_when_it_acts_and_what_does_not():
    shown = run("telecommunications").stdout
    assert "acts where an outage names a curve" in shown
    assert "acts where a scenario cuts cables" in shown
    assert shown.count("shown, not acting") == 1  # oil: through its goods
    assert "not a published matrix" in shown


def test_japanese_is_shown_when_asked_for():
    assert "特定社会基盤役務" in run("--lang", "ja").stdout


def test_an_unknown_service_is_bad_input():
    result = run("nonsense", "--json")
    assert result.exit_code == 2
    assert "nonsense" in result.stdout


def test_a_service_whose_users_are_reached_through_goods_says_so():
    assert "through the critical goods" in run("oil").stdout
    assert "through the critical goods" not in run("water").stdout


def test_no_reason_of_a_dependence_is_left_in_english():
    reasons = {need.why for need in load_economy().service_needs}
    assert len(reasons) > 60
    assert [why for why in reasons if tell_text(why, "ja") == why] == []


def test_areas_of_landings_are_named():
    shown = run("telecommunications", "--lang", "ja").stdout
    assert "関東" in shown
    assert "kanto" not in shown
