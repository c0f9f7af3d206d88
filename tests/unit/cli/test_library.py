"""`keian scenarios` and `keian measures`: what is there, from which source, what is missing."""

import json
import warnings
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.cli.inputs import Named, expand_all, load_inputs
from keian.core import InputError, KeianWarning
from keian.scenario import load_measures
from keian.scenario.load import list_default, list_shipped
from tests.sheet_economy import write_economy


def run(*words):
    return CliRunner().invoke(app, list(words))


def read(*words):
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("kind", ["scenarios", "measures"])
def test_a_list_names_every_shipped_document(kind, lang):
    result = run(kind, "--lang", lang)
    assert result.exit_code == 0, result.output
    flat = "".join(line.replace("│", "").strip() for line in result.stdout.splitlines())
    assert "{" not in flat
    assert all(name.split("-")[0] in flat for name in getattr(list_shipped(), kind))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scenarios", "lng-winter"), ("Russia", "What is missing:", "s-lng-volume", "Bachmann")),
        (("scenarios", "lng-winter", "--lang", "ja"), ("欠けているもの", "ロシア", "出典")),
        (("measures", "minesweeping"), ("art. 84-2", "cost not sourced", "Naval escort")),
        (("measures", "minesweeping", "--lang", "ja"), ("費用の出典なし", "施行日未確認", "護衛")),
        (("measures", "war-risk-reinsurance"), ("no law gives this power", "20 billion US")),
    ],
)
def test_one_document_says_what_it_holds_and_what_is_missing(words, said):
    result = run(*words)
    assert result.exit_code == 0, result.output
    assert [text for text in said if text not in result.stdout] == []


def test_a_scenario_as_data_has_its_gaps_and_every_source():
    (found,) = read("scenarios", "food-bans").values()
    assert found["in_default_review"] is True
    assert [a["id"] for a in found["estimates"]] == ["S10-calories"]
    assert len(found["missing"]) == 2
    cited = {name for shock in found["document"]["shocks"] for name in shock["sources"]}
    assert cited <= set(found["sources"])
    assert "food-shipment-requests" in found["acting"]


def test_a_measure_as_data_has_its_law_and_its_gaps():
    (found,) = read("measures", "active-cyber-defence").values()
    assert found["basis"]["date_confirmed"] is True
    assert found["basis"]["since"] == "2026-10-01"
    assert found["acts_in"] == [
        "cyber-ports-telecom",
        "cyber-ports-telecom-power",
        "taiwan-quarantine",
    ]
    assert found["missing"] == ["cost not sourced", "its effect is judgement (evidence C)"]


def test_unverified_dates_and_missing_costs_are_counted_in_the_list():
    rows = {row["document"]["id"]: row for row in read("measures")["measures"]}
    assert len(rows) == len(list_shipped().measures)
    unverified = {
        k for k, row in rows.items() if row["basis"] and not row["basis"]["date_confirmed"]
    }
    assert {"power-use-order", "minesweeping", "ipef-network"} <= unverified
    assert "oil-stock-release" not in unverified
    uncosted = {k for k, row in rows.items() if row["document"]["cost"] is None}
    assert all("cost not sourced" in rows[k]["missing"] for k in uncosted)
    assert "allied-mine-offtake" not in uncosted


@pytest.mark.parametrize("kind", ["scenarios", "measures"])
def test_an_unknown_name_is_refused_with_the_nearest(kind):
    near = getattr(list_shipped(), kind)[0]
    result = run(kind, near[:-1] + "x", "--json")
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert near in error["problems"][0]["fix"]


def test_a_person_s_own_file_is_shown_with_the_sources_beside_it(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "id: mine\nnames: {en: Mine, ja: 自作}\nas_of: 2026-11-22\nhorizon_days: 30\nseed: 1\n"
        "shocks:\n  - {id: a, kind: source_cut, origin: CHN, goods: [gallium], duration_days: 9,"
        " loss: {value: 0.5, source: mine-says}, sources: [mine-says]}\nsources: [mine-says]\n",
        encoding="utf-8",
    )
    (tmp_path / "sources.yaml").write_text(
        "- {id: mine-says, title: A guess of mine, kind: assumption}\n", encoding="utf-8"
    )
    result = run("scenarios", str(tmp_path / "mine.yaml"))
    assert result.exit_code == 0, result.output
    assert "A guess of mine" in result.stdout


def test_a_review_without_names_plays_the_default_set():
    inputs = load_inputs(Named(measures=()))
    assert tuple(s.id for s in inputs.scenarios) == list_default()


def test_another_economy_gets_the_measures_that_act_on_something_in_it(tmp_path):
    """The shipped measures are made for Japan; by default those that fit run, and the rest is told."""
    write_economy(tmp_path / "small")
    crisis = tmp_path / "crisis.yaml"
    crisis.write_text(
        "id: mine\nnames: {en: Mine, ja: 自作}\neconomy: small\nas_of: 2026-11-22\n"
        "horizon_days: 60\nseed: 1\nshocks:\n  - {id: a, kind: capacity_loss, units: [JPN.c8],"
        " duration_days: 9, loss: 0.5, sources: []}\nsources: []\n",
        encoding="utf-8",
    )
    named = Named(economy=str(tmp_path / "small"), scenarios=(str(crisis),))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", KeianWarning)
        inputs = load_inputs(named)
    left_out = [str(w.message) for w in told if "economy small has nothing" in str(w.message)]
    assert len(left_out) == 1
    assert "naval-escort" in left_out[0]
    shipped = {m.id for m in load_measures()}
    assert "naval-escort" in shipped - {m.id for m in inputs.measures}
    with pytest.raises(InputError, match=r"naval-escort|hormuz"):
        load_inputs(replace(named, measures=("naval-escort",)))


def test_all_stands_for_every_shipped_scenario():
    shipped = list(list_shipped().scenarios)
    assert expand_all(["all"]) == shipped
    assert expand_all(["hormuz-90d", "all", "mine.yaml"]) == [*shipped, "mine.yaml"]
    assert expand_all(["hormuz-90d"]) == ["hormuz-90d"]
    assert expand_all(None) is None
