"""The id of a review covers all that can change it, and shaded periods run until the loss faded."""

from dataclasses import replace
from datetime import date

import pytest

from keian.core import Source
from keian.review.evaluate import Request, identify, list_windows
from tests.unit.review.played import CLOSURE, REGISTERS, RULES, build_world, set_up
from tests.worlds import make_scenario

PLAIN = Request(build_world(), (make_scenario(CLOSURE, days=60),), (), REGISTERS, 0)


def name_review(request, parameters=RULES):
    return identify(request, set_up(request.economy).compiled, parameters)


def drop_entry(registers, name):
    register = getattr(registers, name)
    return replace(registers, **{name: replace(register, entries=register.entries[1:])})


@pytest.mark.parametrize(
    "other",
    [
        {"as_of": date(2026, 1, 2)},
        {"what_if_law": True},
        {"registers": drop_entry(REGISTERS, "acts")},
        {"registers": drop_entry(REGISTERS, "designations")},
        {"sources": {"s": Source(id="s", title="mine", kind="assumption")}},
        {"draws": 1},
    ],
    ids=lambda other: next(iter(other)),
)
def test_two_different_reviews_never_share_an_id(other):
    assert name_review(PLAIN) != name_review(replace(PLAIN, **other))


def test_the_same_review_keeps_its_id():
    assert name_review(PLAIN) == name_review(replace(PLAIN))
    assert name_review(PLAIN) == name_review(replace(PLAIN, threads=1)), "threads change no bit"


def test_a_rule_of_the_review_changes_its_id():
    other = RULES.model_copy(update={"least_days": RULES.least_days * 2})
    assert name_review(PLAIN) != name_review(PLAIN, other)


@pytest.mark.parametrize(
    ("half", "days", "end"),
    [(0, 300, 60.0), (10, 300, 60 + 10 * 4.3219), (10, 90, 90.0)],
)
def test_a_window_runs_until_a_twentieth_of_the_loss_is_left(half, days, end):
    shock = CLOSURE | {"start_day": 0, "duration_days": 60, "recovery_half_days": half}
    scenario = make_scenario(shock, days=days)
    ((_, first, last),) = list_windows(set_up(build_world()), scenario)
    assert (first, last) == (0, pytest.approx(end, abs=1e-3))
