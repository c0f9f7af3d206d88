"""Keys of strict YAML, faults beside faults, and the same reading without the fast parser."""

import pytest
import yaml
from pydantic import BaseModel

from keian.core import DOCUMENT, InputError, describe_place, load_document, read_yaml

PLAN = "id: plan\ndays: 30\nshocks:\n  - {kind: cut, goods: [metal], loss: 0.5}\n"


def test_keys_are_words_or_whole_numbers(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("no: 1\ntrue: 2\n2026: 3\n'2027': 4\n2026-11-22: 5\n1.5: 6\n")
    assert read_yaml(file).data == {
        "no": 1, "true": 2, 2026: 3, "2027": 4, "2026-11-22": 5, "1.5": 6,
    }  # fmt: skip


def test_what_was_found_before_the_end_is_told_too(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("a: .nan\nb: &x 1\n")
    with pytest.raises(InputError) as refused:
        read_yaml(file)
    assert [(p.where, p.found) for p in refused.value.problems] == [
        (f"{file}:1 a", ".nan"),
        (f"{file}:2", "the anchor &x"),
    ]


class Plan(BaseModel):
    model_config = DOCUMENT
    id: str
    days: int


def test_a_refused_value_is_told_once(tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text("id: plan\ndays: .inf\n")
    with pytest.raises(InputError) as refused:
        load_document(file, Plan)
    assert [p.found for p in refused.value.problems] == [".inf"]


def test_a_key_without_line_takes_the_one_above():
    lines = {(): 1, ("a",): 3}
    assert describe_place("x.yaml", lines, ("a", 0, "b")) == "x.yaml:3 a[0].b"
    assert describe_place("x.yaml", lines, ("z",)) == "x.yaml:1 z"
    assert describe_place("x.yaml", {}, ()) == "x.yaml"


def test_the_slow_parser_reads_the_same(tmp_path, monkeypatch):
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    fast = read_yaml(file)
    monkeypatch.setattr("keian.core.yaml_events._Loader", yaml.SafeLoader)
    slow = read_yaml(file)
    assert (slow.data, slow.lines) == (fast.data, fast.lines)
