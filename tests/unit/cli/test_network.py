"""The commands of networks: from lists to a played shock, with one shape of error."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from keian.cli import app

FIRMS = "id,product,region,sales\n" + "".join(
    f"F{k},{'steel' if k % 2 else 'cars'},{'east' if k < 6 else 'west'},{100 + k}\n"
    for k in range(12)
)
LINKS = "supplier,client,value\n" + "".join(f"F{k},F{(k + 5) % 12},{10 + k}\n" for k in range(12))


def call(*words):
    return CliRunner().invoke(app, ["network", *map(str, words)])


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    (tmp_path / "links.csv").write_text(LINKS, encoding="utf-8")
    return tmp_path / "firms.csv", tmp_path / "links.csv"


@pytest.fixture
def own(lists, tmp_path):
    made = call("import", *lists, "--out", tmp_path / "n", "--source", "Test", "--json")
    assert made.exit_code == 0, made.output
    return json.loads(made.stdout)["network"]


def test_lists_are_imported_checked_and_played(own, tmp_path):
    checked = call("check", own, "--verify", "--json")
    assert checked.exit_code == 0, checked.output
    verdict = json.loads(checked.stdout)["verdict"]
    assert (verdict["firms"], verdict["links"]) == (12, 12)
    shock = "capacity=0.5,from=2,to=9,region=east,half_life=2"
    played = call("simulate", own, "--shock", shock, "--days", 30, "--watch", "F3",
                  "--out", tmp_path / "out", "--json")  # fmt: skip
    assert played.exit_code == 0, played.output
    summary = json.loads(played.stdout)
    assert 0.5 < summary["lowest_output_share"] < 0.85
    assert summary["value_added_lost_share"] is None  # nobody said what value is added
    cells = pd.read_parquet(tmp_path / "out" / "cells.parquet")
    assert len(cells) == 30 * 4
    firms = pd.read_parquet(tmp_path / "out" / "firms.parquet")
    assert firms.loc[firms["day"] == 3, "capacity_share"].item() == pytest.approx(0.5)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_people_are_told_the_same(own, lang):
    for words in (("check", own), ("simulate", own, "--shock", "capacity=1,from=1,to=5,firm=F1")):
        shown = call(*words, "--lang", lang)
        assert shown.exit_code == 0, shown.output
        assert "TLP:AMBER" in shown.stdout


def test_a_network_is_not_shown_above_its_label(lists, tmp_path):
    made = call("import", *lists, "--out", tmp_path / "n", "--label", "TLP:RED", "--json")
    folder = json.loads(made.stdout)["network"]
    assert call("check", folder).exit_code == 4
    assert call("check", folder, "--viewer", "TLP:RED").exit_code == 0


def test_a_broken_list_ends_with_data_and_writes_nothing(lists, tmp_path):
    lists[1].write_text(LINKS + "F1,nobody,3\nF1,F1,x\n", encoding="utf-8")
    refused = call("import", *lists, "--out", tmp_path / "n", "--json")
    assert refused.exit_code == 3
    problems = json.loads(refused.stdout)["error"]["problems"]
    assert {"nobody", "x"} <= {problem["found"].strip("'") for problem in problems}
    assert not (tmp_path / "n").exists()


def test_everything_wrong_with_a_shock_is_told(own):
    refused = call("simulate", own, "--shock", "capacity=half,region=east,colour=red", "--json")
    assert refused.exit_code == 2
    assert len(json.loads(refused.stdout)["error"]["problems"]) == 3


def test_a_synthetic_network_is_made(tmp_path):
    made = call("generate", "--out", tmp_path, "--firms", 300, "--links", 1200, "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["firms"] == 300
