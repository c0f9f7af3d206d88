import json

import pytest

from keian.cli.errors import describe_error, show_refusal
from keian.core import ClearanceError, DataError, InputError, ModelError, NotInForce, Problem

PROBLEM = Problem("s.yaml:4 seed", "'x'", "a whole number", "write a number")


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (InputError([PROBLEM]), "input", 2),
        (DataError([PROBLEM]), "data", 3),
        (NotInForce("no act on 2020-01-01", nearest="2022-08-01"), "law", 2),
        (ClearanceError("a ranking of weak points is TLP:AMBER"), "clearance", 4),
        (ModelError("output and deliveries differ", day=3, where="hormuz"), "model", 1),
        (PermissionError(13, "Permission denied", "report"), "input", 2),
        (ZeroDivisionError("division by zero"), "unexpected", 1),
        (KeyboardInterrupt(), "interrupted", 130),
    ],
)
def test_every_error_has_kind_exit_code_and_repair(error, kind, code):
    refusal = describe_error(error)
    assert (refusal.kind, refusal.exit_code) == (kind, code)
    for problem in refusal.problems:
        assert all((problem.where, problem.found, problem.wanted, problem.fix))


def test_all_problems_are_shown_with_the_repair(capsys):
    show_refusal(describe_error(InputError([PROBLEM, PROBLEM])), as_json=False)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "2 problems" in captured.err
    assert captured.err.count("fix:    write a number") == 2


def test_json_errors_are_one_object_on_stdout(capsys):
    show_refusal(describe_error(InputError([PROBLEM])), as_json=True)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == {
        "error": {
            "kind": "input",
            "problems": [
                {
                    "where": "s.yaml:4 seed",
                    "found": "'x'",
                    "wanted": "a whole number",
                    "fix": "write a number",
                }
            ],
        }
    }


def test_the_law_names_what_comes_nearest():
    assert (
        "2022-08-01" in describe_error(NotInForce("none", nearest="2022-08-01")).problems[0].wanted
    )


def test_a_model_error_says_day_and_place():
    problem = describe_error(ModelError("broke", day=3, where="hormuz, draw 2")).problems[0]
    assert problem.where == "hormuz, draw 2, day 3"


def test_an_unexpected_error_says_how_to_report_it():
    fix = describe_error(RuntimeError("boom")).problems[0].fix
    assert "--debug" in fix
    assert "report" in fix
