"""Firms inside a scenario at the command line: both results side by side, one shape of error."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from keian.cli import app

SCENARIO = "cyber-ports-telecom"  # the shortest of the shipped


def call(*words):
    return CliRunner().invoke(app, ["network", *map(str, words)])


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    asked = ("--firms", 300, "--links", 1200, "--seed", 2, "--json")
    made = call("generate", "--out", folder, *asked)
    assert made.exit_code == 0, made.output
    return json.loads(made.stdout)["network"]


def test_firms_and_table_stand_side_by_side(network, tmp_path):
    played = call("simulate", network, "--scenario", SCENARIO, "--out", tmp_path, "--json",
                  "--shock", "capacity=1,from=20,to=40,product=JPN.c15")  # fmt: skip
    assert played.exit_code == 0, played.output
    found = json.loads(played.stdout)
    assert found["scenario"] == SCENARIO
    assert found["left_out"] == []
    assert 0 < found["table_alone_value_added_lost_share"] < found["value_added_lost_share"] < 1
    cars = next(row for row in found["units"] if row["unit"] == "JPN.c15")
    assert cars["lowest_able_share"] == 0
    # twenty days at nought, less the overtime that makes up for some of them
    assert 15 < cars["lost_days"] < 25
    assert cars["table_alone_lost_days"] < cars["lost_days"]
    units = pd.read_parquet(tmp_path / "units.parquet")
    assert units.loc[(units["unit"] == "JPN.c15") & (units["day"] == 20), "able_share"].item() == 0
    assert (tmp_path / "cells.parquet").is_file()


@pytest.mark.parametrize(("lang", "said"), [("en", "by the table alone"), ("ja", "表だけ")])
def test_people_are_told_in_their_language(network, lang, said):
    shown = call("simulate", network, "--scenario", SCENARIO, "--lang", lang)
    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout
    assert "TLP:AMBER" in shown.stdout


def test_a_viewer_below_amber_is_refused(network):
    refused = call("simulate", network, "--scenario", SCENARIO, "--viewer", "TLP:CLEAR")
    assert refused.exit_code == 4


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), "--shock"),
        (("--measure", "oil-stock-release"), "--scenario"),
        (("--scenario", SCENARIO, "--days", "30"), "--days"),
        (("--scenario", SCENARIO, "--precision", "half"), "half"),
    ],
)
def test_what_does_not_fit_together_is_refused(network, words, found):
    refused = call("simulate", network, *words)
    assert refused.exit_code == 2
    assert found in refused.output + refused.stderr
