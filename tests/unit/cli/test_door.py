"""What every command does on wrong words, errors and interruption."""

import json
import warnings

import pytest
from typer.testing import CliRunner

import keian.cli.doctor
from keian.cli import app
from keian.core import DataError, KeianWarning, Problem


def run(*words):
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rewiew",), "Did you mean 'review'?"),
        (("review", "--drows", "3"), "--drows"),
        (("review", "--draws", "many"), "--draws"),
        (("review", "--draws", "0"), "--draws"),
        (("review", "--as-of", "22.11.2026"), "--as-of"),
        (("review", "--lang", "fr"), "--lang"),
        (("simulate",), "FILE|ID"),
        (("replay", "abcd", "--threads", "0"), "--threads"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_names_the_help(words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert "--help" in result.stderr
    assert "Traceback" not in result.output


def test_a_wrong_command_line_is_json_where_json_was_asked():
    result = run("review", "--draws", "many", "--json")
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert error["kind"] == "input"
    assert set(error["problems"][0]) == {"where", "found", "wanted", "fix"}


def fail_with(error):
    def examine(_workspace):
        raise error

    return examine


def test_a_data_error_ends_with_3(monkeypatch):
    problem = Problem("flows.npz", "another sha256", "that of manifest.json", "install again")
    monkeypatch.setattr(keian.cli.doctor, "examine", fail_with(DataError([problem])))
    result = run("doctor")
    assert result.exit_code == 3
    assert "fix:    install again" in result.stderr


def test_a_fault_of_keian_ends_with_1_and_says_how_to_report_it(monkeypatch):
    monkeypatch.setattr(keian.cli.doctor, "examine", fail_with(RuntimeError("boom")))
    result = run("doctor")
    assert result.exit_code == 1
    assert "RuntimeError: boom" in result.stderr
    assert "--debug" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("--debug", "doctor"), ("doctor", "--debug")])
def test_debug_lets_the_traceback_through(monkeypatch, words):
    monkeypatch.setattr(keian.cli.doctor, "examine", fail_with(RuntimeError("boom")))
    assert isinstance(run(*words).exception, RuntimeError)


@pytest.mark.parametrize("as_json", [False, True])
def test_an_interruption_ends_with_130_and_says_so(monkeypatch, as_json):
    monkeypatch.setattr(keian.cli.doctor, "examine", fail_with(KeyboardInterrupt()))
    result = run("doctor", *(["--json"] if as_json else []))
    assert result.exit_code == 130
    if as_json:
        assert json.loads(result.stdout)["error"]["kind"] == "interrupted"
    else:
        assert "interrupted" in result.stderr


def test_a_warning_is_a_note_without_a_place_in_the_code(monkeypatch):
    def examine(_workspace):
        warnings.warn("3 figures are newer than 2020-01-01", KeianWarning, stacklevel=1)
        return iter(())

    monkeypatch.setattr(keian.cli.doctor, "examine", examine)
    result = run("doctor")
    assert result.exit_code == 0
    assert result.stderr == "note: 3 figures are newer than 2020-01-01\n"
