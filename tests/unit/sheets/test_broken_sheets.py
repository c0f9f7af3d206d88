"""Broken spreadsheets and what keian says of them (tests/cases/broken_sheets.yaml)."""

import shutil
from pathlib import Path

import pytest
import yaml

from keian.core import InputError
from keian.economy import load_economy
from keian.sheets import import_economy
from tests.unit.sheets.broken_sheets import break_csv, break_xlsx

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "broken_sheets.yaml").read_text(encoding="utf-8")
)["cases"]
LEAST_KINDS = 40


def spoil(case, as_csv, as_xlsx, tmp_path):
    """Make the spoilt copy; return what to import."""
    if case.get("in") == "workbook":
        path = tmp_path / "small.xlsx"
        shutil.copy(as_xlsx, path)
        break_xlsx(path, case)
        return path
    folder = tmp_path / "sheets"
    shutil.copytree(as_csv, folder)
    break_csv(folder, case)
    return folder


def read_problems(given, out):
    try:
        import_economy(given, out, replace=True)
    except InputError as error:
        return [f"{p.where} | {p.found} | {p.wanted} | {p.fix}" for p in error.problems]
    return []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_broken_spreadsheet_is_told_and_nothing_is_imported(
    case, as_csv, as_xlsx, small, tmp_path
):
    given = spoil(case, as_csv, as_xlsx, tmp_path)
    out = tmp_path / "out" / "small"
    shutil.copytree(small, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    problems = read_problems(given, out.parent)
    assert problems == case["problems"]
    if problems:
        after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        assert after == before
    else:
        load_economy(out)
    assert [path.name for path in out.parent.iterdir()] == ["small"]


def test_there_are_enough_kinds():
    broken = [case for case in CASES if case["problems"]]
    assert len(broken) >= LEAST_KINDS
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_every_problem_ends_with_a_repair():
    for case in CASES:
        for problem in case["problems"]:
            assert all(part.strip() for part in problem.split(" | ")), problem
