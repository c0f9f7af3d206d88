"""One look-up for goods, services, scenarios, measures, routes and what `keian why` explains."""

import json

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.cli.door import name_inputs
from keian.cli.why import point_at
from keian.core import InputError
from keian.economy import load_economy


def run(*words):
    return CliRunner().invoke(app, list(words))


def read(*words):
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("command", "name", "opened"),
    [
        ("goods", "storage_batteries", "lithium_ion_cells"),
        ("goods", "ｶﾞﾘｳﾑ", "gallium"),
        ("services", "電気通信", "telecommunications"),
        ("scenarios", "ﾎﾙﾑｽﾞ海峡の90日間", "hormuz-90d"),
        ("scenarios", "strait of hormuz closed 14", "hormuz-14d"),
        ("measures", "石油備蓄の放出", "oil-stock-release"),
        ("routes", "ほるむず", "hormuz"),
        ("routes", "cape", "cape"),
    ],
)
def test_a_part_of_a_name_in_either_language_opens_the_one_that_has_it(command, name, opened):
    shown = run(command, name).stdout
    assert f"({opened})" in shown.splitlines()[0]


@pytest.mark.parametrize(
    ("command", "name", "found"),
    [
        ("goods", "レアアース", {"light_rare_earths", "heavy_rare_earths"}),
        ("services", "電", {"electricity", "telecommunications"}),
        (
            "scenarios",
            "ホルムズ",
            {"hormuz-14d", "hormuz-90d", "hormuz-365d", "hormuz-and-minerals"},
        ),
        ("measures", "備蓄", {"oil-stock-release", "rice-stock-release"}),
        ("routes", "strait", {"hormuz", "malacca", "taiwan_strait"}),
    ],
)
def test_several_are_listed_for_people_and_given_in_full_as_data(command, name, found):
    shown = run(command, name).stdout
    assert [key for key in found if f"({key})" not in shown] == []
    rows = read(command, name)[command]
    assert found <= {row.get("id") or row["document"]["id"] for row in rows}


@pytest.mark.parametrize("command", ["goods", "services", "scenarios", "measures", "routes"])
def test_an_unknown_name_is_told_in_the_language_asked_for(command):
    result = run(command, "銅像", "--lang", "ja")
    assert result.exit_code == 2
    assert "一覧は" in result.stderr
    assert "found" not in result.stderr
    assert "lists them all" in run(command, "zzz").stderr


@pytest.mark.parametrize("name", ["steel", "copper", "helium", "blood"])
def test_nothing_is_offered_when_nothing_is_near(name):
    assert "did you mean" not in run("goods", name).stderr


def test_what_shares_a_telling_word_is_offered():
    said = run("goods", "natural uranium").stderr
    assert "enriched_uranium" in said
    assert "thallium" not in said


def test_a_run_takes_names_of_scenarios_and_measures_and_keeps_their_ids():
    named = name_inputs("japan", ["鉱物禁輸の同時"], ["石油備蓄の放出"], None, what_if_law=False)
    assert (named.scenarios, named.measures) == (("hormuz-and-minerals",), ("oil-stock-release",))
    with pytest.raises(InputError) as raised:
        name_inputs("japan", ["ホルムズ"], None, None, what_if_law=False)
    assert "hormuz-14d" in raised.value.problems[0].fix


def test_a_run_leaves_files_ids_and_unknown_names_to_those_who_read_them():
    named = name_inputs("japan", ["mine.yaml", "lng-winter", "zzz"], None, None, what_if_law=False)
    assert named.scenarios == ("mine.yaml", "lng-winter", "zzz")


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("電力", "electricity"),
        ("c17e", "JPN.c17e"),
        ("原油", "crude_oil"),
        ("JPN.c8", "JPN.c8"),
        ("電気通", "telecommunications"),
        ("diesel", "diesel"),
    ],
)
def test_why_takes_names(what, found):
    assert point_at(load_economy(), what, "ja") == found


def test_why_lists_what_has_the_same_name():
    with pytest.raises(InputError) as raised:
        point_at(load_economy(), "希土類", "ja")
    assert "heavy_rare_earths" in raised.value.problems[0].fix


def test_the_card_of_a_route_says_what_passes_and_what_closes_it():
    shown = run("routes", "hormuz").stdout
    for words in ("Crude oil from Saudi Arabia", "to Japan, Mining", "hormuz-90d", "searoute"):
        assert words in shown


def test_why_tells_a_japanese_name_that_nothing_has_in_japanese():
    with pytest.raises(InputError) as raised:
        point_at(load_economy(), "銅像", "ja")
    assert "一覧は" in raised.value.problems[0].fix
