"""A figure refuses what could not be shown truthfully."""

import numpy as np
import pytest

from keian.core import RED, DataError, Figure


def make_figure(**fields):
    given = {"value": 2.0, "low": 1.0, "high": 4.0, "unit": "MUSD", "kind": "result"}
    return Figure(**{**given, "label": RED, "trace": "run:loss", **fields})


def test_missing_stays_missing():
    figure = make_figure(value=None, low=None, high=None)
    assert (figure.value, figure.low, figure.high) == (None, None, None)


def test_numbers_of_numpy_become_plain():
    assert type(make_figure(value=np.float64(2)).value) is float
    assert type(make_figure(value=np.int32(2)).value) is float


@pytest.mark.parametrize(
    "fields",
    [
        {"value": float("nan")},
        {"high": float("inf")},
        {"low": 5.0},
        {"quantiles": ((0.9, 1.0), (0.1, 2.0))},
        {"quantiles": ((0.1, 2.0), (0.9, 1.0))},
        {"quantiles": ((0.1, float("nan")),)},
        {"structural": (2.0, 1.0)},
        {"structural": (0.0, float("inf"))},
        {"kind": "guess"},
        {"unit": ""},
        {"censored": ">"},
    ],
    ids=str,
)
def test_what_cannot_be_true_is_refused(fields):
    with pytest.raises(DataError) as refused:
        make_figure(**fields)
    assert all("run:loss" in problem.where for problem in refused.value.problems)


def test_value_may_lie_outside_the_band_of_the_draws():
    """The mode run is no average: a skewed result may lie outside the quantiles of the draws."""
    assert make_figure(value=9.0).value == 9.0


@pytest.mark.parametrize("name", ["unit", "kind", "label", "trace"])
def test_unit_kind_label_and_trace_must_be_stated(name):
    stated = {"unit": "1", "kind": "input", "label": RED, "trace": "x"}
    del stated[name]
    with pytest.raises(DataError, match=f"a stated {name}"):
        Figure(1.0, None, None, **stated)


def test_all_faults_of_a_figure_come_together():
    with pytest.raises(DataError) as refused:
        make_figure(value=float("nan"), low=9.0, censored="?")
    assert len(refused.value.problems) == 3


def test_a_figure_is_one_piece():
    figure = make_figure()
    assert figure.parts() == {}
    assert figure.without([]) is figure
    with pytest.raises(KeyError):
        figure.without(["x"])
