"""Errors carry every problem and end with the repair."""

import pickle

import pytest

from keian.core import (
    ClearanceError,
    DataError,
    InputError,
    KeianError,
    KeianWarning,
    ModelError,
    NotInForce,
    Problem,
)

TWO = [Problem("a.yaml:1 x", "1", "2", "write 2"), Problem("a.yaml:2 y", "3", "4", "write 4")]


@pytest.mark.parametrize("kind", [InputError, DataError])
def test_error_lists_all_problems_each_on_its_line(kind):
    error = kind(iter(TWO))
    assert error.problems == tuple(TWO)
    assert str(error).splitlines() == [str(problem) for problem in TWO]
    assert isinstance(error, KeianError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("kind", [InputError, DataError])
def test_error_survives_the_way_between_processes(kind):
    assert pickle.loads(pickle.dumps(kind(TWO))).problems == tuple(TWO)  # noqa: S301 - our own bytes


def test_each_error_is_also_the_builtin_people_expect():
    assert issubclass(NotInForce, LookupError)
    assert issubclass(ClearanceError, PermissionError)
    assert issubclass(ModelError, RuntimeError)
    assert issubclass(KeianWarning, UserWarning)


def test_error_tells_what_it_knows():
    assert NotInForce("none", nearest="from 2027").nearest == "from 2027"
    assert ClearanceError("too high").reason == "too high"
    assert ClearanceError("too high").args == ("too high",)
    error = ModelError("stock below zero", day=3, where="crude")
    assert (error.day, error.where, str(error)) == (3, "crude", "stock below zero")
