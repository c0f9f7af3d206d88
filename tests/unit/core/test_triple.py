"""Uncertain values: the forms people write, the faults, and the inverse distribution function."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from scipy import stats

from keian.core import DOCUMENT, InputError, Triple, load_document

SHARES = np.linspace(0, 1, 101)


@pytest.mark.parametrize(
    ("written", "numbers", "dist", "sources"),
    [
        (3, (3, 3, 3), "fixed", ()),
        ([1, 2, 4], (1, 2, 4), "triangular", ()),
        ([2, 2, 2], (2, 2, 2), "fixed", ()),
        ({"low": 1, "mode": 2, "high": 4, "source": "s"}, (1, 2, 4), "triangular", ("s",)),
        ({"low": 1, "mode": 2, "high": 4, "sources": ["s", "t"]}, (1, 2, 4), "triangular", ("s", "t")),
        ({"value": 5, "source": "s"}, (5, 5, 5), "fixed", ("s",)),
        ({"dist": "uniform", "low": 1, "high": 4}, (1, 2.5, 4), "uniform", ()),
        ({"dist": "fixed", "value": 0}, (0, 0, 0), "fixed", ()),
    ],
    ids=str,
)  # fmt: skip
def test_forms(written, numbers, dist, sources):
    triple = Triple.model_validate(written)
    assert (triple.low, triple.mode, triple.high) == numbers
    assert (triple.dist, triple.sources) == (dist, sources)
    assert triple.fixed == (dist == "fixed")
    assert Triple.model_validate(triple.model_dump()) == triple


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ([2, 1, 3], "low <= mode <= high"),
        ([1, 2], "2 items"),
        ("3", "without quotes"),
        (True, "without quotes"),
        (None, "found nothing"),
        ([1, None, 3], "found nothing"),
        (float("nan"), "finite"),
        (math.inf, "finite"),
        (1e16, "up to 1e15"),
        (10**400, "up to 1e15"),
        (1j, "without quotes"),
        ({}, "no low and no mode and no high"),
        ({"low": 1, "high": 2}, "no mode"),
        ({"value": 1, "mode": 1}, "value beside"),
        ({"value": 1, "source": "s", "sources": ["s"]}, "both source and sources"),
        ({"value": 1, "dist": "normal"}, "triangular"),
        ({"dist": "fixed", "low": 1, "mode": 1, "high": 2}, "one value"),
        ({"dist": "lognormal", "low": 0, "high": 2}, "ends above zero"),
        ({"dist": "lognormal", "low": 1, "mode": 3, "high": 4}, "leave mode out"),
        ({"dist": ["uniform"], "low": 1, "mode": 2, "high": 3}, "triangular"),
    ],
    ids=str,
)
def test_faults(written, words):
    with pytest.raises(ValidationError, match=words):
        Triple.model_validate(written)


def test_triangular_is_the_triangular_distribution():
    triple = Triple(low=1, mode=2, high=5)
    expected = stats.triang(c=0.25, loc=1, scale=4).ppf(SHARES)
    assert triple.quantile(SHARES) == pytest.approx(expected, rel=1e-12)


def test_lognormal_is_the_lognormal_cut_at_its_ends():
    triple = Triple.model_validate({"dist": "lognormal", "low": 2, "high": 18})
    spread = math.log(9) / (2 * stats.norm.ppf(0.95))
    whole = stats.lognorm(spread, scale=6)
    assert whole.cdf([2, 18]) == pytest.approx([0.05, 0.95])
    assert triple.quantile(SHARES) == pytest.approx(whole.ppf(0.05 + 0.9 * SHARES), rel=1e-12)
    around = whole.pdf([triple.mode * 0.99, triple.mode, triple.mode * 1.01])
    assert around.argmax() == 1


def test_uniform_is_straight():
    triple = Triple.model_validate({"dist": "uniform", "low": -1, "high": 3})
    assert triple.quantile(SHARES) == pytest.approx(-1 + 4 * SHARES)


@st.composite
def draw_triples(draw):
    low, mode, high = sorted(draw(st.tuples(*[st.floats(-1e15, 1e15)] * 3)))
    return Triple(
        low=low, mode=mode, high=high, dist=draw(st.sampled_from(["triangular", "uniform"]))
    )


@given(draw_triples(), st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_draws_stay_inside_and_rise_and_one_equals_many(triple, shares):
    many = triple.quantile(np.array(sorted(shares)))
    assert triple.low <= many.min() <= many.max() <= triple.high
    assert many.tolist() == [triple.quantile(share) for share in sorted(shares)]
    assert (np.diff(many) >= 0).all()


@pytest.mark.parametrize(
    "written",
    [7, [0, 0, 3], [1, 3, 3], [0.5, 0.9, 1], {"dist": "uniform", "low": 1.1, "high": 3.3},
     {"dist": "lognormal", "low": 1.1, "high": 3.3}],
    ids=str,
)  # fmt: skip
def test_one_draw_equals_the_same_among_many(written):
    triple = Triple.model_validate(written)
    many = triple.quantile(SHARES)
    assert many.tolist() == [triple.quantile(float(share)) for share in SHARES]
    assert (many[0], many[-1]) == (triple.low, triple.high)
    assert isinstance(triple.quantile(0.5), float)
    assert triple.quantile(1) == triple.high


def test_triple_is_frozen():
    with pytest.raises(ValidationError):
        Triple(low=1, mode=1, high=1).low = 2


class Holder(BaseModel):
    model_config = DOCUMENT
    loss: Triple


def test_a_wrong_key_of_a_triple_is_told_with_the_keys_people_write(tmp_path):
    file = tmp_path / "h.yaml"
    file.write_text("loss:\n  value: 3\n  sorce: s\n")
    with pytest.raises(InputError) as refused:
        load_document(file, Holder)
    (problem,) = refused.value.problems
    assert problem.where == f"{file}:3 loss.sorce"
    assert problem.fix == "did you mean 'source'?"
