"""Strict YAML: what words mean, what is refused, and all problems at once at their lines."""

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
import yaml
from pydantic import BaseModel

from keian.core import (
    DOCUMENT,
    InputError,
    Names,
    Triple,
    describe_place,
    load_document,
    read_yaml,
    validate,
)

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "strict_yaml.yaml").read_text(encoding="utf-8")
)


def list_problems(error, file):
    return [
        " | ".join((p.where.removeprefix(f"{file}:"), p.found, p.wanted, p.fix))
        for p in error.problems
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_refused(case, tmp_path):
    file = tmp_path / "x.yaml"
    body = case["text"] * case.get("repeat", 1)
    file.write_text(case.get("head", "") + body + case.get("tail", ""), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_yaml(file)
    assert list_problems(refused.value, file) == case["problems"]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("null", None),
        ("~", None),
        ("", None),
        ("007", "007"),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("12:30", "12:30"),
        ("1,000", "1,000"),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11", "2026-11"),
        ("2026-11-22T10:00:00", "2026-11-22T10:00:00"),
        ("'true'", "true"),
        ('"1"', "1"),
        ("=", "="),
        ("日本", "日本"),
    ],
)
def test_words(word, value, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(f"a: {word}\n", encoding="utf-8")
    read = read_yaml(file).data["a"]
    assert read == value
    assert type(read) is type(value)


def test_keys_are_words_or_whole_numbers(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("no: 1\ntrue: 2\n2026: 3\n'2026': 4\n2026-11-22: 5\n1.5: 6\n")
    assert read_yaml(file).data == {
        "no": 1,
        "true": 2,
        2026: 3,
        "2026": 4,
        "2026-11-22": 5,
        "1.5": 6,
    }


def test_every_key_knows_its_line(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("# remark\na:\n  - b: 1\n    c: |\n      two\n      lines\n  - {d: 2}\ne: 3\n")
    document = read_yaml(file)
    assert document.data["a"] == ({"b": 1, "c": "two\nlines\n"}, {"d": 2})
    assert document.lines["a", 0, "c"] == 4
    assert document.lines["a", 1, "d"] == 7
    assert document.lines[("e",)] == 8
    assert document.path == str(file)


def test_a_key_without_line_takes_the_one_above():
    lines = {(): 1, ("a",): 3}
    assert describe_place("x.yaml", lines, ("a", 0, "b")) == "x.yaml:3 a[0].b"
    assert describe_place("x.yaml", lines, ("z",)) == "x.yaml:1 z"
    assert describe_place("x.yaml", {}, ()) == "x.yaml"


class Cut(BaseModel):
    model_config = DOCUMENT
    kind: Literal["cut", "closure"]
    goods: tuple[str, ...]
    loss: Triple


class Plan(BaseModel):
    model_config = DOCUMENT
    id: str
    names: Names
    days: int
    share: float = 1.0
    on: bool = False
    start: date | None = None
    shocks: tuple[Cut, ...] = ()


PLAN = """\
id: plan
names: {en: Plan, ja: 計画}
days: 30
start: 2026-11-22
shocks:
  - kind: cut
    goods: [metal]
    loss: [0.1, 0.5, 0.9]
"""


def read_plan(text, folder):
    file = folder / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        return load_document(file, Plan)
    except InputError as error:
        return list_problems(error, file)


def test_document_becomes_a_frozen_model(tmp_path):
    plan = read_plan(PLAN, tmp_path)
    assert plan.start == date(2026, 11, 22)
    assert plan.shocks[0].loss.mode == 0.5
    assert hash(plan.shocks[0].goods)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("days:", "dyas:", "3 dyas | the unknown key 'dyas' | one of days, id, names, on, share, shocks, start | did you mean 'days'?"),
        ("days: 30", "days: 30.5", "3 days | 30.5 | a whole number | write a whole number"),
        ("days: 30", "days: '30'", "3 days | '30' | a whole number | write it without quotes, unit or leading zero"),
        ("days: 30", "days: true", "3 days | true | a whole number | write a whole number"),
        ("days: 30", "days:", "3 days | nothing | a whole number | write a whole number"),
        ("id: plan", "id: 7", "1 id | 7 | text | put it in quotes"),
        ("id: plan", "id: plan\non: yes", "2 on | 'yes' | true or false | write true"),
        ("ja: 計画", "jp: 計画", "2 names.jp | the unknown key 'jp' | one of en, ja | did you mean 'ja'?"),
        ("kind: cut", "kind: cat", "6 shocks[0].kind | 'cat' | one of cut, closure | did you mean 'cut'?"),
        ("[metal]", "metal", "7 shocks[0].goods | 'metal' | a list | write it in [brackets] or as lines beginning with `- `"),
        ("[0.1, 0.5, 0.9]", "[0.9, 0.5, 0.1]", "8 shocks[0].loss | low 0.9, mode 0.5, high 0.1 | low <= mode <= high | put the three numbers in order"),
        ("[0.1, 0.5, 0.9]", "90%", "8 shocks[0].loss | '90%' | a number, [low, mode, high], or a mapping with low, mode and high | write a number without quotes or unit"),
        ("  - kind", "    kind", "5 shocks | a mapping with kind, goods, loss | a list | write it in [brackets] or as lines beginning with `- `"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_line_key_and_repair(old, new, problem, tmp_path):
    assert old in PLAN
    assert problem in read_plan(PLAN.replace(old, new), tmp_path)


def test_all_problems_come_at_once_in_the_order_of_the_file(tmp_path):
    text = PLAN.replace("id: plan", "id: 7").replace("days: 30", "days: .nan\ndays: 3")
    problems = read_plan(text.replace("kind: cut", "kind: cat").replace("goods", "good"), tmp_path)
    places = [problem.split(" | ")[0] for problem in problems]
    assert places == ["1 id", "3 days", "7 shocks[0].kind", "7 shocks[0].goods", "8 shocks[0].good"]


def test_a_refused_value_is_told_once(tmp_path):
    problems = read_plan(PLAN.replace("days: 30", "days: .inf"), tmp_path)
    assert problems == ["3 days | .inf | a finite number, or null for a missing one | write null"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "12\n"])
def test_a_document_that_is_no_mapping(text, tmp_path):
    (problem,) = read_plan(text, tmp_path)
    assert " | a mapping (key: value) | " in problem


def test_one_document_of_a_list_keeps_its_place(tmp_path):
    file = tmp_path / "list.yaml"
    file.write_text("- {en: A, ja: あ}\n- {en: B}\n", encoding="utf-8")
    document = read_yaml(file)
    good, none = validate(document.data[0], Names, document.lines, file, at=(0,))
    assert (good, none) == (Names(en="A", ja="あ"), ())
    bad, problems = validate(document.data[1], Names, document.lines, file, at=(1,))
    assert bad is None
    assert [p.where for p in problems] == [f"{file}:2 [1].ja"]


def test_the_slow_parser_reads_the_same(tmp_path, monkeypatch):
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    fast = read_yaml(file)
    monkeypatch.setattr("keian.core.yaml_events._Loader", yaml.SafeLoader)
    slow = read_yaml(file)
    assert (slow.data, slow.lines) == (fast.data, fast.lines)
