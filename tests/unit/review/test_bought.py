"""Days bought: over which draws, and which ends are only lower bounds."""

import math

import pytest

from keian.review.bought import count_bought, find_day_with, measure_bought
from tests.crises import make_measure
from tests.unit.review.played import hand_study, need, plain_world, set_up, summary

NEVER = math.inf
MEASURE = make_measure({"kind": "release_stock", "pools": ["reserve"]}, name="release")


def played(pairs, mode=(50.0, 60.0)):
    """A study of one need: the day it falls without and with the measure, by draw."""
    more = {
        ("measure", "release", d): summary(ore=now)
        for d, now in enumerate([mode[1], *(w for _, w in pairs)], start=-1)
    }
    draws = [summary(ore=before) for before, _ in pairs]
    base = summary(ore=mode[0])
    return hand_study((need("ore"),), base, draws=draws, measures=(MEASURE,), more=more)


def band(study):
    figure = measure_bought(set_up(plain_world()), study, MEASURE, "ore")
    return figure.low, figure.high


def test_the_band_is_over_the_draws_in_which_the_need_falls():
    """Four draws in which nothing falls would pull the band to zero."""
    study = played([(NEVER, NEVER)] * 4 + [(50, 60), (50, 62)])
    assert band(study) == pytest.approx((10.2, 11.8))
    rests = count_bought(study, MEASURE, "ore")
    assert (rests.fell, rests.kept, rests.at_least) == (2, 0, (False, False))


def test_a_draw_that_falls_only_with_the_measure_counts_as_harm():
    study = played([(NEVER, 70), (NEVER, NEVER)])
    assert band(study) == (-30, -30)
    assert count_bought(study, MEASURE, "ore").fell == 1


@pytest.mark.parametrize(
    ("held", "at_least"), [(0, (False, False)), (4, (False, True)), (10, (True, True))]
)
def test_an_end_is_a_lower_bound_where_draws_at_or_below_it_are_held(held, at_least):
    """Of ten draws those that are held reach the horizon: they buy 50 days at least."""
    study = played([(50, 55 + d) for d in range(10 - held)] + [(50, NEVER)] * held)
    rests = count_bought(study, MEASURE, "ore")
    assert (rests.kept, rests.at_least) == (held, at_least)


def test_a_held_draw_below_the_quantile_makes_it_a_bound_too():
    """It fell late, so that few days are left to the horizon: it would buy more in a longer run."""
    study = played([(97, NEVER)] + [(20, 60)] * 9)
    assert count_bought(study, MEASURE, "ore").at_least == (True, True)


def test_held_in_the_mode_run_is_at_least_so_much():
    figure = measure_bought(set_up(plain_world()), played([], (50, NEVER)), MEASURE, "ore")
    assert (figure.value, figure.censored) == (50, ">=")
    assert count_bought(played([]), MEASURE, "ore") is None


def test_the_day_with_the_measure_is_over_all_draws():
    study = played([(NEVER, NEVER)] * 9 + [(50, 60)], (50, NEVER))
    day = find_day_with(set_up(plain_world()), study, MEASURE, "ore")
    assert (day.value, day.censored, day.unit) == (100, ">=", "day")
    assert (day.low, day.high) == (96, 100)
