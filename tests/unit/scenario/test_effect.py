import numpy as np
import pytest

from keian.scenario.effect import calc_effect_curve


def test_nothing_before_the_start_then_for_good():
    curve = calc_effect_curve(start_day=3, days=6)
    np.testing.assert_array_equal(curve, [0, 0, 0, 1, 1, 1])


def test_ramp_is_a_straight_line():
    curve = calc_effect_curve(start_day=1, ramp_days=4, days=7)
    np.testing.assert_array_equal(curve, [0, 0, 0.25, 0.5, 0.75, 1, 1])


def test_plateau_then_half_lives():
    curve = calc_effect_curve(start_day=0, plateau_days=2, decay_half_days=2, days=8)
    np.testing.assert_allclose(curve, [1, 1, 1, 2**-0.5, 0.5, 2**-1.5, 0.25, 2**-2.5], atol=1e-15)


def test_plateau_without_decay_ends_at_once():
    curve = calc_effect_curve(start_day=1, ramp_days=2, plateau_days=3, days=8)
    np.testing.assert_array_equal(curve, [0, 0, 0.5, 1, 1, 1, 0, 0])


def test_half_life_without_a_plateau_never_begins():
    curve = calc_effect_curve(start_day=0, decay_half_days=5, days=4)
    np.testing.assert_array_equal(curve, np.ones(4))


def test_start_between_days_waits_for_the_next():
    curve = calc_effect_curve(start_day=1.5, ramp_days=2, days=5)
    np.testing.assert_array_equal(curve, [0, 0, 0.25, 0.75, 1])


def test_start_beyond_the_run_gives_nothing():
    np.testing.assert_array_equal(calc_effect_curve(start_day=50, days=4), np.zeros(4))


@pytest.mark.parametrize(
    "fields",
    [
        {"ramp_days": -1},
        {"plateau_days": -1},
        {"decay_half_days": -1},
        {"days": -1},
    ],
)
def test_negative_lengths_are_refused(fields):
    with pytest.raises(ValueError, match="negative"):
        calc_effect_curve(**({"start_day": 0, "days": 3} | fields))
