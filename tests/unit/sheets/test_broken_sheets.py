"""Broken spreadsheets and what keian says of them (tests/cases/broken_sheets.yaml)."""

import re
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
# What is shown as it stands: what a person wrote, names of columns and units, words of another tool.
SHOWN = re.compile(r"'[^']*'|「[^」]*」|`[^`]*`|（[^）]*）|\([^)]*\)|[A-Z]+ UTF-8|YYYY-MM-DD")
ENGLISH = re.compile(r"[A-Za-z]+ [A-Za-z]+")
JAPANESE = re.compile(r"[ぁ-ん]")


def spoil(case, given, tmp_path):
    """Make the spoilt copy; return what to import."""
    kind = case.get("in", "sheets")
    if given[kind].is_file():
        path = tmp_path / "small.xlsx"
        shutil.copy(given[kind], path)
        break_xlsx(path, case)
        return path
    folder = tmp_path / "sheets"
    shutil.copytree(given[kind], folder)
    break_csv(folder, case)
    return folder


def read_problems(spoilt, out, lang=None):
    try:
        import_economy(spoilt, out, replace=True, lang=lang)
    except InputError as error:
        return [f"{p.where} | {p.found} | {p.wanted} | {p.fix}" for p in error.problems]
    return []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_broken_spreadsheet_is_told_and_nothing_is_imported(case, given, small, tmp_path):
    spoilt = spoil(case, given, tmp_path)
    out = tmp_path / "out" / "small"
    shutil.copytree(small, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    problems = read_problems(spoilt, out.parent)
    assert problems == case["problems"]
    if problems:
        after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        assert after == before
    else:
        load_economy(out)
    assert [path.name for path in out.parent.iterdir()] == ["small"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["problems"]], ids=lambda case: case["name"]
)
def test_every_fault_can_be_told_in_either_language(case, given, tmp_path):
    spoilt = spoil(case, given, tmp_path)
    for lang, foreign in (("ja", ENGLISH), ("en", JAPANESE)):
        problems = read_problems(spoilt, tmp_path / "out", lang)
        assert len(problems) == len(case["problems"])
        for problem in problems:
            _, *words = problem.split(" | ")
            shown = [SHOWN.sub("", part) for part in words]
            assert not any(foreign.search(part) for part in shown), problem


def test_there_are_enough_kinds():
    broken = [case for case in CASES if case["problems"]]
    assert len(broken) >= LEAST_KINDS
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_every_problem_ends_with_a_repair():
    for case in CASES:
        for problem in case["problems"]:
            assert all(part.strip() for part in problem.split(" | ")), problem
