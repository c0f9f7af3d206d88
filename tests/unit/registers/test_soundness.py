"""What is written and cannot be so is refused, each mistake once and at its line."""

import shutil
from pathlib import Path

import pytest

from keian.core import InputError
from keian.registers import load_shelf
from keian.registers.load import DATA


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped registers, to spoil."""
    return shutil.copytree(DATA, tmp_path / "data")


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def find_problems(folder):
    with pytest.raises(InputError) as told:
        load_shelf(folder)
    return told.value.problems


def test_the_shipped_registers_are_sound(folder):
    assert load_shelf(folder).homes == load_shelf().homes


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("policies/supply.yaml", "      lead: CAO", "      lead: null", "lead null"),
        ("policies/supply.yaml", "lead: CAO", "lead: METII", "lead 'METII'"),
        ("acts.yaml", "minister: METI,", "minister: METII,", "minister 'METII'"),
        (
            "policies/infrastructure.yaml", "unverified: [value.next]",
            "unverified: [value.nxt]", "'value.nxt'",
        ),
        ("acts.yaml", "confirmed_on: 2026-11-22", "confirmed_on: 2099-01-01", "2099-01-01"),
        ("acts.yaml", "    part_of: espa\n", "    part_of: espa-goods\n", "part of 'espa-goods'"),
        (
            "levers.yaml", "{of: H-01, measures: [M14, M15],",
            '{of: H-01, measures: [M14], not_modelled: "Lies outside.",', "both measures",
        ),
        ("levers.yaml", "{of: H-01, measures: [M14, M15],", "{of: H-01,", "neither measures"),
        (
            "acts.yaml", "    status: in_force\n    published_on: 2022-05-18",
            "    status: scheduled\n    published_on: 2022-05-18", "status scheduled",
        ),
        ("designations.yaml", "number: 14", "number: 13", "number 13"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once_with_its_line(folder, file, old, new, found):
    spoil(folder, file, old, new)
    problems = find_problems(folder)
    assert len(problems) == 1, [str(p) for p in problems][:5]
    assert found in problems[0].found
    name, line = problems[0].where.split(" ")[0].rsplit(":", 1)
    assert Path(name) == folder / file
    assert int(line) > 1


def test_a_record_without_a_lever_is_refused(folder):
    path = folder / "levers.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "id: lever.H-05," not in line]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    (problem,) = find_problems(folder)
    assert "no entry of levers for 'H-05'" in problem.found


@pytest.mark.parametrize("name", ["extra.yaml", "acts2.yml", "policies.yaml"])
def test_a_file_that_nothing_reads_is_told(folder, name):
    (folder / name).write_text("id: extra\n", encoding="utf-8")
    (problem,) = find_problems(folder)
    assert problem.where == str(folder / name)


def test_a_missing_register_is_told_once_by_its_file(folder):
    (folder / "designations.yaml").unlink()
    (problem,) = find_problems(folder)
    assert problem.where == str(folder / "designations.yaml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  grade: A\n", "  grade: Z\n"),
        ("  kind: published\n", "  kind: gossip\n"),
        ("- id: l-espa\n", "- id: l-espa\n  id: l-espa\n"),
        (
            "- id: w-hanada\n",
            "- {id: w-hanada, title: T, kind: published, grade: C}\n- id: w-hanada\n",
        ),
    ],
)
def test_one_bad_source_is_one_problem_not_a_thousand(folder, old, new):
    spoil(folder, "sources.yaml", old, new)
    problems = find_problems(folder)
    assert len(problems) == 1
    assert str(folder / "sources.yaml") in problems[0].where


def test_no_file_of_sources_is_one_problem(folder):
    (folder / "sources.yaml").unlink()
    assert len(find_problems(folder)) == 1


def test_a_bad_entry_does_not_make_those_wrong_that_name_it(folder):
    spoil(folder, "designations.yaml", "status: in_force", "status: inforce")
    problems = find_problems(folder)
    assert len(problems) == 1
    assert "inforce" in problems[0].found
