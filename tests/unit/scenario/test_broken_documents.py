"""Mistakes in documents and the exact words about them; cases in tests/cases."""

from pathlib import Path

import pytest
import yaml

from keian.core import InputError
from keian.registers import load_registers
from keian.scenario import check
from keian.scenario.check import Reading
from keian.scenario.load import load_measure, load_scenario, read_lines
from tests.unit.scenario.tiny import make_economy, make_measure, make_scenario, make_sources

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "broken_documents.yaml").read_text(encoding="utf-8")
)
LEAST_KINDS = 20


@pytest.fixture(scope="module")
def registers():
    return load_registers()


@pytest.fixture(scope="module")
def economy():
    return make_economy()


def find_problems(case, folder, economy, registers):
    """Load and check the changed document as a user would; paths are shown without folder."""
    old, new = case["replace"]
    text = CASES[case["in"]]
    assert old in text, "the change must hit the document"
    path = folder / f"{case['in']}.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        if case["in"] == "scenario":
            scenario, measures = load_scenario(path), [make_measure(sources=("a-tiny",))]
        else:
            scenario, measures = make_scenario(), [load_measure(path)]
    except InputError as error:
        problems = error.problems
    else:
        documents = {scenario.id, *(m.id for m in measures)}
        lines = read_lines(f"{case['in']}s", path)
        written = {lines.data["id"]: lines}
        assert written.keys() <= documents
        reading = Reading(make_sources(), written, frozenset({"D4", "D6"}))
        problems = check(scenario, measures, economy, registers, reading=reading)
    return [
        " | ".join((p.where.replace(f"{folder}/", ""), p.found, p.wanted, p.fix)) for p in problems
    ]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_mistake_is_named_with_its_repair(case, tmp_path, economy, registers):
    assert find_problems(case, tmp_path, economy, registers) == case["problems"]


def test_there_are_enough_kinds_of_mistakes():
    told = {problem for case in CASES["cases"] for problem in case["problems"]}
    assert len(told) >= LEAST_KINDS
