"""Documents are read strictly: what is doubtful is refused, with file, line and repair."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from keian.core import InputError, read_yaml, yaml_events
from keian.core.yaml_events import DEEPEST, MOST_NODES, read_events

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


def read(tmp_path, text):
    file = tmp_path / "d.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(file)


def refuse(tmp_path, text):
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    return [
        (p.where.removeprefix(f"{tmp_path / 'd.yaml'}"), p.found, p.fix)
        for p in refused.value.problems
    ]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("NO", "NO"), ("y", "y"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("0", 0), ("-12", -12), ("+3", 3), ("007", "007"), ("0101", "0101"), ("-01", "-01"),
        ("0x1F", "0x1F"), ("0o17", "0o17"), ("1_000", "1_000"), ("12:30", "12:30"),
        ("1.5", 1.5), (".5", 0.5), ("2.", 2.0), ("1e3", 1000.0), ("-1E-2", -0.01), ("00.5", "00.5"),
        ("2026-11-22", date(2026, 11, 22)), ("2026-11", "2026-11"), ("2026-1-2", "2026-1-2"),
        ("2026-11-22T10:00:00", "2026-11-22T10:00:00"), ("'1'", "1"), ('"true"', "true"),
        ("原油", "原油"), ("1e3a", "1e3a"), ("=", "="),
    ],
)  # fmt: skip
def test_words_mean_what_people_mean(tmp_path, word, value):
    found = read(tmp_path, f"key: {word}\n").data["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (".nan", ".nan"), ("-.inf", "-.inf"), ("1e400", "'1e400'"), ("1e19", "'1e19'"),
        ("9" * 30, f"'{'9' * 30}'"), ("2026-02-30", "2026-02-30"), ("2026-13-01", "2026-13-01"),
    ],
)  # fmt: skip
def test_numbers_and_days_that_cannot_be_are_refused(tmp_path, word, found):
    assert refuse(tmp_path, f"a: 1\nb: {word}\n")[0][:2] == (":2 b", found)


def test_a_number_of_ten_thousand_digits_is_refused_at_once(tmp_path):
    ((where, _, fix),) = refuse(tmp_path, f"a: {'7' * 10_000}\n")
    assert where == ":1 a"
    assert "quotes" in fix


def test_every_key_and_item_knows_its_line(tmp_path):
    doc = read(tmp_path, "# note\na:\n  - x: 1\n    y: 2\n  -\n    x: 3\nb: {c: [1,\n 2]}\n")
    lines = {("a",): 2, ("a", 0): 3, ("a", 0, "x"): 3, ("a", 0, "y"): 4, ("a", 1, "x"): 6}
    lines |= {("b",): 7, ("b", "c"): 7, ("b", "c", 0): 7, ("b", "c", 1): 8, (): 2}
    assert {key: doc.lines[key] for key in lines} == lines
    assert doc.data == {"a": ({"x": 1, "y": 2}, {"x": 3}), "b": {"c": (1, 2)}}


def test_duplicate_keys_are_all_told_with_both_lines(tmp_path):
    text = "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"
    assert refuse(tmp_path, text) == [
        (":4 b.c", "the key 'c' again (first on line 3)", "remove one of them"),
        (":5 a", "the key 'a' again (first on line 1)", "remove one of them"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        (BOMB, 1, "the anchor &a"),
        ("a: 1\nb: *a\n", 2, "the alias *a"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "the tag tag:yaml.org,2002:python"),
        ("a: !x 1\n", 1, "the tag !x"),
        ("a: !!binary aGk=\n", 1, "the tag tag:yaml.org,2002:binary"),
        ("a: {<<: {b: 1}}\n", 1, "the merge key <<"),
        ("? [a, b]\n: 1\n", 1, "a list or mapping as a key"),
        ("&k a: 1\n", 1, "an anchor or tag at a key"),
        ("a: 1\n---\nb: 2\n", 2, "a second document after ---"),
        ("", 1, "an empty file"),
        ("# only a comment\n", 1, "an empty file"),
        ("[" * 40 + "]" * 40, 1, f"more than {DEEPEST} levels"),
        ("a: " + "{a: " * 5000, 1, f"more than {DEEPEST} levels"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_can_grow_or_hide_is_refused(tmp_path, text, line, found):
    ((where, what, fix),) = refuse(tmp_path, text)
    assert where == f":{line}"
    assert what.startswith(found)
    assert fix


def test_the_number_of_values_is_limited(tmp_path, monkeypatch):
    assert MOST_NODES < 1_000_000
    monkeypatch.setattr(yaml_events, "MOST_NODES", 100)
    assert len(read(tmp_path, "[" + "1," * 99 + "]").data) == 99
    assert refuse(tmp_path, "[" + "1," * 100 + "]")[0][:2] == (":1", "more than 100 values")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1, 2\n", 2),
        ("a: 1\nb: 'text\n", 2),
        ('a: "x\n', 1),
        ("a: {b: 1\n", 1),
    ],
)
def test_a_file_cut_inside_a_value_says_so(tmp_path, text, line):
    ((where, found, fix),) = refuse(tmp_path, text)
    assert where in {f":{line}", f":{line + 1}"}
    assert found.startswith("broken YAML")
    assert "ends too early" in fix


def test_broken_indentation_names_its_line(tmp_path):
    ((where, found, _),) = refuse(tmp_path, "a:\n  b: 1\n c: 2\nd: 3\ne: 4\n")
    assert where == ":3"
    assert found.startswith("broken YAML")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("names: 原油の備蓄\n".encode("cp932"), "Shift_JIS"),
        ("names: 原油の備蓄\n".encode("euc_jp"), "EUC-JP"),
        ("names: 原油\n".encode("iso2022_jp"), "ISO-2022-JP"),
        ("names: 原油\n".encode("utf-16"), "UTF-16"),
        ("names: 原油\n".encode("utf-16-le"), "NUL bytes"),
        ("names: 原油\n".encode("utf-8-sig"), "byte order mark"),
        ("a: 1\nnames: 原油".encode()[:-1], "ends inside a character"),
        (b"a: \xff\xfe\xfa\x81\n", "not UTF-8"),
        (b"a: 1\nb: \x00\n", "NUL bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_encodings_are_named(tmp_path, raw, found):
    ((_, what, fix),) = refuse(tmp_path, raw)
    assert found in what
    assert "UTF-8" in fix or "copy" in fix


def test_text_that_reads_otherwise_than_it_looks_is_refused(tmp_path):
    ((where, found, _),) = refuse(tmp_path, "a: 1\nb: 'abc\u202edef'\n")
    assert (where, found) == (":2 b", "right-to-left override")


def test_a_large_file_is_refused(tmp_path):
    ((_, found, _),) = refuse(tmp_path, "# " + "x" * 4_000_000)
    assert found == "more than 4,000,000 bytes"


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**15), 10**15)
        | st.floats(-1e15, 1e15)
        | st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_what_a_yaml_writer_writes_is_read_back(thing):
    def freeze(value):
        if isinstance(value, list):
            return tuple(freeze(item) for item in value)
        if isinstance(value, dict):
            return {key: freeze(item) for key, item in value.items()}
        return value

    text = yaml.safe_dump({"thing": thing}, allow_unicode=True)
    tree = read_events(text, "x.yaml")
    assert not tree.faults
    assert tree.data == {"thing": freeze(thing)}


@given(st.text(max_size=60) | st.from_regex(r"[-\[\]{}:,&*!?#|>'\"% a1\n]{0,40}", fullmatch=True))
def test_any_text_is_read_or_refused_with_a_repair(text):
    problems = []
    try:
        read_events(text, "x.yaml")
    except InputError as refused:
        problems = list(refused.problems)
    assert all(problem.fix and problem.where.startswith("x.yaml:") for problem in problems)
