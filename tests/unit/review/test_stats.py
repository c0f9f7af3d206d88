"""Figures from runs: bands, censoring, variants; what is missing stays missing."""

import math

import numpy as np
import pytest

from keian.core import AMBER
from keian.review.stats import make_figure, make_input


def figure(value, draws=(), **more):
    return make_figure(value, draws, unit="day", label=AMBER, trace="t", **more)


def test_the_band_is_eighty_percent_of_the_draws():
    made = figure(50.0, list(range(101)))
    assert (made.low, made.high) == (10.0, 90.0)
    assert dict(made.quantiles) == {
        q: pytest.approx(100 * q) for q in (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
    }
    assert made.value == 50.0
    assert made.censored == ""


def test_no_draws_give_no_band():
    made = figure(5.0)
    assert (made.low, made.high, made.quantiles, made.structural) == (None, None, (), None)


def test_beyond_the_horizon_is_censored_at_it():
    made = figure(math.inf, [10.0, math.inf], limit=90.0, variants=[20.0, math.inf])
    assert (made.value, made.censored) == (90.0, ">=")
    assert made.high <= 90.0
    assert made.structural == (20.0, 90.0)


def test_a_day_inside_the_horizon_is_not_censored_though_draws_are():
    made = figure(30.0, [math.inf] * 5, limit=90.0)
    assert made.censored == ""
    assert made.high == 90.0


def test_the_last_day_itself_is_censored():
    assert figure(90.0, limit=90.0).censored == ">="


def test_missing_stays_missing():
    made = figure(None, [], limit=90.0)
    assert made.value is None
    assert made.censored == ""


def test_variants_give_their_widest_span():
    assert figure(3.0, variants=[4.0, 1.0, 2.0]).structural == (1.0, 4.0)


def test_an_endless_value_without_a_horizon_is_refused():
    with pytest.raises(ValueError, match="finite"):
        figure(np.inf)


def test_an_input_carries_its_range_and_says_if_it_is_assumed():
    made = make_input(
        2.0, unit="days", label=AMBER, sources=("a",), trace="t", band=(1.0, 3.0), assumption=True
    )
    assert (made.kind, made.low, made.high, made.sources) == ("assumption", 1.0, 3.0, ("a",))
    assert make_input(2.0, unit="d", label=AMBER, sources=("a",), trace="t").kind == "input"
