import pytest

from keian.core import InputError
from keian.registers import load_register

SOURCES = """
- {id: s-a, title: A gazette, kind: published, grade: A}
"""
ENTRY = """
  - id: rule
    names: {{en: Rule, ja: 規則}}
    value: {value}
    status: in_force
    in_force_from: {start}
    in_force_to: {end}
    sources: [{source}]
"""


def write(tmp_path, *entries):
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    text = "id: test\nnames: {en: Test, ja: 試験}\nentries:"
    for start, end, *more in entries:
        value = more[0] if more else "{kind: act}"
        source = more[1] if len(more) > 1 else "s-a"
        text += ENTRY.format(start=start, end=end, value=value, source=source)
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def read_problems(path):
    with pytest.raises(InputError) as error:
        load_register(path)
    return [(p.found, p.wanted) for p in error.value.problems]


FOLLOW = "each period begins on the day on which the one before ends"


def test_periods_that_follow_each_other(tmp_path):
    path = write(tmp_path, ("2020-01-01", "2021-01-01"), ("2021-01-01", "null"))
    assert len(load_register(path).entries) == 2


def test_overlap_is_a_problem(tmp_path):
    path = write(tmp_path, ("2020-01-01", "2021-06-01"), ("2021-01-01", "null"))
    assert read_problems(path) == [
        ("an overlap: one until 2021-06-01, the next from 2021-01-01", FOLLOW)
    ]


def test_an_open_period_overlaps_what_comes_after(tmp_path):
    path = write(tmp_path, ("2020-01-01", "null"), ("2021-01-01", "null"))
    assert read_problems(path) == [
        ("an overlap: one until no end, the next from 2021-01-01", FOLLOW)
    ]


def test_silent_gap_is_a_problem(tmp_path):
    path = write(tmp_path, ("2020-01-01", "2020-06-01"), ("2021-01-01", "null"))
    assert read_problems(path) == [
        ("a gap: one until 2020-06-01, the next from 2021-01-01", FOLLOW)
    ]


def test_a_gap_written_as_null_is_a_gap(tmp_path):
    path = write(
        tmp_path,
        ("2020-01-01", "2020-06-01"),
        ("2020-06-01", "2021-01-01", "null"),
        ("2021-01-01", "null"),
    )
    register = load_register(path)
    days = [e.in_force_from for e in register.entries]
    assert [len(register.at(day)) for day in days] == [1, 0, 1]


def test_end_before_start_and_unknown_source_come_together(tmp_path):
    path = write(tmp_path, ("2020-01-01", "2019-01-01", "{kind: act}", "s-b"))
    assert read_problems(path) == [
        (
            "in_force_to 2019-01-01 not after 2020-01-01",
            "an end after the start (the last day is excluded)",
        ),
        ("source 's-b'", "the id of a source in sources.yaml"),
    ]


def test_several_entries_need_days(tmp_path):
    path = write(tmp_path, ("null", "null"), ("2021-01-01", "null"))
    assert read_problems(path) == [
        ("several entries, one without any day", "a day for each entry of an id that has several")
    ]


def test_parts_can_be_left_out(tmp_path):
    register = load_register(write(tmp_path, ("2020-01-01", "2021-01-01"), ("2021-01-01", "null")))
    left = register.without(["rule@2020-01-01"])
    assert [str(e.in_force_from) for e in left.entries] == ["2021-01-01"]
