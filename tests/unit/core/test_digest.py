"""A digest says whether two contents are the same, however they were written."""

import math
from dataclasses import dataclass
from datetime import date

import pytest

from keian.core import Names, Triple, digest_bytes, digest_file, digest_files, digest_json


@dataclass(frozen=True)
class Pair:
    a: int
    b: float


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
        ([1.0, -0.0], (1, 0)),
        (frozenset("abc"), {"c", "b", "a"}),
        (Pair(1, 2.5), {"a": 1, "b": 2.5}),
        (Names(en="x", ja="え"), {"en": "x", "ja": "え"}),
        (date(2026, 11, 22), "2026-11-22"),
        (Triple.model_validate([1, 2, 3]), Triple(low=1, mode=2, high=3)),
    ],
)
def test_same_content_has_the_same_digest(one, other):
    assert digest_json(one) == digest_json(other)


@pytest.mark.parametrize(
    ("one", "other"), [(1, "1"), (None, ""), (True, 1), ([1, 2], [2, 1]), (0.1, 0.1 + 2**-56)]
)
def test_other_content_has_another_digest(one, other):
    assert digest_json(one) != digest_json(other)


def test_known_digest():
    assert digest_json({"a": [1, "é"]}) == digest_bytes('{"a":[1,"é"]}'.encode())


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(number):
    with pytest.raises(ValueError, match="Out of range"):
        digest_json({"x": number})


@pytest.mark.parametrize("thing", [object(), {1: 2}, b"raw", 1j])
def test_what_has_no_canonical_form_is_refused(thing):
    with pytest.raises(TypeError, match="fix:"):
        digest_json(thing)


def test_digest_of_files_sees_names_and_bytes_but_neither_order_nor_folder(tmp_path):
    made = []
    for folder in ("one", "two"):
        (tmp_path / folder / "deep").mkdir(parents=True)
        files = [tmp_path / folder / "a.csv", tmp_path / folder / "deep" / "b.csv"]
        files[0].write_bytes(b"1")
        files[1].write_bytes(b"2")
        made.append(files)
    assert digest_files(made[0]) == digest_files(reversed(made[1]))
    made[1][0].write_bytes(b"3")
    assert digest_files(made[0]) != digest_files(made[1])
    made[0][0].rename(made[0][0].with_name("c.csv"))
    made[1][0].write_bytes(b"1")
    assert digest_files([made[0][0].with_name("c.csv"), made[0][1]]) != digest_files(made[1])
    assert digest_file(made[1][0]) == digest_bytes(b"1")
