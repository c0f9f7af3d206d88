"""The commands that play, with an invented evaluation in place of the model."""

import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import keian.cli.manifest
import keian.cli.replay
import keian.cli.run
from keian.cli import app
from keian.cli.inputs import Asked, Inputs, Named, load_inputs
from keian.cli.run import copy_files
from keian.cli.viewer import parse_viewer
from keian.core import CLEAR, RED, InputError, Label
from keian.registers import Register, Registers
from keian.report import write_report
from keian.review import Evaluation
from keian.scenario.check import Reading
from keian.scenario.load import find_file, load_scenario_sources
from tests.unit.report.sample_review import names, sample_review
from tests.unit.scenario.tiny import (
    make_closure,
    make_economy,
    make_measure,
    make_scenario,
    make_sources,
)

NOTHING = Register("none", names("none", "なし"), (), {}, CLEAR)


def make_inputs(**fields):
    return Inputs(
        economy=make_economy(),
        scenarios=(make_scenario(make_closure(), **fields),),
        measures=(make_measure(),),
        registers=Registers(NOTHING, NOTHING),
        reading=Reading(sources={**load_scenario_sources(), **make_sources()}),
    )


def make_evaluation(review=None, level=1.0):
    review = review or sample_review()
    series = xr.Dataset({"level": (("draw", "day"), np.full((2, 3), level))})
    return Evaluation(review, {scenario.id: series for scenario in review.scenarios})


class Stage:
    """What stands in for loading and playing; tests change it between calls."""

    def __init__(self):
        self.inputs = make_inputs()
        self.evaluation = make_evaluation()
        self.requests = []

    def evaluate(self, request, *, progress):
        self.requests.append(request)
        progress.start("base runs", 2)
        progress.advance(2)
        if isinstance(self.evaluation, BaseException):
            raise self.evaluation
        return self.evaluation


def write_quickly(released, folder, *, lang, datasets):
    """Write the files of a report without setting it in type, which takes a second."""
    for name in ("report.html", "report.ja.html", "report.xlsx", "report.ja.xlsx"):
        (folder / name).write_text(f"{lang} {[s.id for s in released.value.scenarios]}")
    (folder / "review.json").write_text("{}")
    for name, series in datasets.items():
        there = (folder / "results.nc").exists()
        mode = "a" if there else "w"
        series.to_netcdf(folder / "results.nc", mode=mode, group=name, engine="h5netcdf")


@pytest.fixture
def stage(monkeypatch, tmp_path):
    made = Stage()
    monkeypatch.setattr(keian.cli.run, "write_report", write_quickly)
    monkeypatch.setattr(keian.cli.run, "load_inputs", lambda _named: made.inputs)
    monkeypatch.setattr(keian.cli.run, "evaluate", made.evaluate)
    monkeypatch.setattr(keian.cli.replay, "load_asked", lambda *_, **__: made.inputs.economy)
    monkeypatch.setattr(keian.cli.replay, "load_registers", lambda: made.inputs.registers)
    monkeypatch.setattr(keian.cli.replay, "check_inputs", lambda *_, **__: None)
    monkeypatch.setenv("KEIAN_WORKSPACE", str(tmp_path / "workspace"))
    return made


def run(*words):
    return CliRunner().invoke(app, list(words))


def list_runs():
    return json.loads(run("runs", "--json").stdout)["runs"]


def test_a_review_says_the_five_answers_and_where_the_files_are(stage):
    result = run("review", "--draws", "7", "--threads", "1")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("TLP:AMBER")
    assert "report.html" in result.stdout
    assert "base runs: 2 of 2 runs" in result.stderr
    assert stage.requests[0].draws == 7
    assert stage.requests[0].threads == 1


def test_the_run_is_stored_with_its_documents_report_and_series(stage, monkeypatch):
    monkeypatch.setattr(keian.cli.run, "write_report", write_report)
    answer = json.loads(run("review", "--json").stdout)
    (stored,) = list_runs()
    assert stored["run"] == answer["run"]
    assert stored["scenarios"] == [stage.inputs.scenarios[0].id]
    names_there = {path.name for path in Path(stored["folder"]).iterdir()}
    assert {
        "manifest.json", "scenario.yaml", "review.json", "results.nc", "report.html",
        "report.ja.html", "runs_out.parquet",
    } <= names_there  # fmt: skip


def test_json_is_one_object_with_the_answers(stage):
    result = run("review", "--lang", "ja", "--json")
    answer = json.loads(result.stdout)
    assert len(answer["answers"]) == 5
    assert answer["label"] == "TLP:AMBER"
    assert "report.ja.html" in answer["files"]
    assert not {"report.html", "report.xlsx"} & set(answer["files"])
    assert answer["partial"] is False


def test_the_same_review_is_the_same_run_in_any_language(stage):
    first = json.loads(run("review", "--json").stdout)
    second = json.loads(run("review", "--lang", "ja", "--json").stdout)
    assert first["run"] == second["run"]
    assert len(list_runs()) == 1


def test_out_gets_the_files_of_the_language_asked_for(stage, tmp_path):
    result = run("review", "--lang", "both", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    there = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "report.ja.html", "report.xlsx", "review.json", "results.nc"} <= there
    assert not [name for name in there if name.startswith(".")]


def test_a_viewer_below_the_floor_is_refused_before_anything_is_played(stage):
    result = run("review", "--viewer", "green")
    assert result.exit_code == 4
    assert "TLP:AMBER" in result.stderr
    assert stage.requests == []
    assert list_runs() == []


def test_a_scenario_above_the_viewer_is_refused_before_anything_is_played(stage):
    stage.inputs = make_inputs(label="TLP:RED")
    result = run("review", "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["error"]["kind"] == "clearance"
    assert stage.requests == []


def test_what_a_viewer_may_not_see_is_left_out_and_the_result_is_partial(stage):
    review = sample_review()
    hidden = replace(review.scenarios[-1], label=RED)
    stage.evaluation = make_evaluation(
        replace(review, scenarios=(*review.scenarios[:-1], hidden), worst=review.scenarios[0].id)
    )
    result = run("review", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 5
    assert answer["withheld_count"] == 1
    (stored,) = list_runs()
    folder = Path(stored["folder"])
    for path in folder.glob("*.html"):
        assert hidden.id not in path.read_text(encoding="utf-8")
    with h5py.File(folder / "results.nc") as file:
        assert set(file) == {s.id for s in review.scenarios} - {hidden.id}


def test_an_error_leaves_earlier_runs_and_files_as_they_were(stage, tmp_path):
    out = tmp_path / "out"
    run("review", "--out", str(out))
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    stage.evaluation = RuntimeError("boom")
    result = run("review", "--draws", "9", "--out", str(out))
    assert result.exit_code == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert len(list_runs()) == 1


def test_an_interruption_leaves_earlier_runs_as_they_were(stage):
    run("review")
    stage.evaluation = KeyboardInterrupt()
    result = run("review", "--draws", "9")
    assert result.exit_code == 130
    assert len(list_runs()) == 1


def test_simulate_shows_tables_of_one_scenario(stage):
    result = run("simulate", "hormuz-90d")
    assert result.exit_code == 0, result.output
    assert "Naphtha" in result.stdout
    assert list_runs()[0]["kind"] == "simulate"


def store_one():
    return json.loads(run("review", "--json").stdout)["run"]


def test_replay_of_the_same_is_the_same_bits(stage):
    digest = store_one()
    result = run("replay", digest[:8])
    assert result.exit_code == 0, result.output
    assert "inputs and versions are as they were" in result.stdout
    assert "same bits" in result.stdout


@pytest.mark.parametrize(
    ("level", "code", "equality"), [(1 + 1e-12, 0, "close"), (1.1, 3, "differs")]
)
def test_replay_says_how_far_results_are_apart_and_where(stage, level, code, equality):
    digest = store_one()
    stage.evaluation = make_evaluation(level=level)
    result = run("replay", digest, "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == code
    assert answer["equality"] == equality
    assert answer["differences"][0]["greatest"] == pytest.approx(level - 1, rel=0.2)
    assert answer["differences"][0]["where"].startswith("results.nc ")


def test_replay_names_what_has_changed_since(stage):
    digest = store_one()
    stage.inputs = replace(stage.inputs, economy=replace(stage.inputs.economy, digest="f" * 64))
    result = run("replay", digest)
    assert "changed since: economy" in result.stdout


def test_other_code_makes_another_run_and_replay_says_so(stage, monkeypatch):
    digest = store_one()
    monkeypatch.setattr(keian.cli.manifest, "digest_code", lambda: "0" * 64)
    assert store_one() != digest
    assert "changed since: code" in run("replay", digest).stdout


def test_replay_refuses_a_changed_run(stage):
    digest = store_one()
    folder = Path(list_runs()[0]["folder"])
    (folder / "review.json").write_text("[]")
    result = run("replay", digest)
    assert result.exit_code == 3
    assert "review.json" in result.stderr


def test_replay_of_an_unknown_run_lists_those_there(stage):
    digest = store_one()
    result = run("replay", "0000" if not digest.startswith("0000") else "1111")
    assert result.exit_code == 2
    assert digest[:12] in result.stderr


def test_runs_of_no_workspace_are_none_and_make_none(stage, tmp_path):
    result = run("runs")
    assert result.exit_code == 0
    assert "no runs yet" in result.stdout
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize(
    ("text", "level", "compartments", "groups"),
    [
        ("amber", "TLP:AMBER", set(), set()),
        ("TLP:Amber+Strict", "TLP:AMBER+STRICT", set(), set()),
        ("TLP:RED//CRYPTO//REL JPN, USA", "TLP:RED", {"CRYPTO"}, {"JPN", "USA"}),
        (str(Label("TLP:GREEN", {"A"}, {"B"})), "TLP:GREEN", {"A"}, {"B"}),
    ],
)
def test_viewers_are_read_as_labels_are_written(text, level, compartments, groups):
    viewer = parse_viewer(text)
    assert (viewer.level, viewer.compartments, viewer.groups) == (level, compartments, groups)


def test_an_unknown_level_names_the_known_ones():
    with pytest.raises(InputError) as caught:
        parse_viewer("secret")
    assert caught.value.problems[0].where == "--viewer"
    assert "TLP:AMBER" in caught.value.problems[0].wanted


def test_a_copy_that_fails_leaves_no_part(tmp_path):
    with pytest.raises(FileNotFoundError):
        copy_files(tmp_path, ("gone.html",), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_asked_has_the_defaults_of_the_command():
    assert Asked(Named()).draws == 40
    assert Asked(Named()).viewer == "TLP:AMBER"


def test_an_estimate_that_nobody_holds_is_refused_with_its_line(tmp_path):
    shipped = find_file("scenarios", "cyber-ports-telecom").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(shipped.replace("anchors: [E5, G11]", "anchors: [E5, G111]"), encoding="utf-8")
    line = 1 + shipped[: shipped.index("anchors:")].count("\n")
    with pytest.raises(InputError) as caught:
        load_inputs(Named(scenarios=(str(path),), what_if_law=True))
    assert [p.where for p in caught.value.problems] == [f"{path}:{line} anchors[1]"]
    assert "G11" in caught.value.problems[0].fix
