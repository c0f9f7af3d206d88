import numpy as np
import pytest

from keian.core import InputError, Triple
from keian.scenario.combine import combine
from keian.scenario.draws import (
    MODE_DRAW,
    draw_value,
    draw_values,
    key_measure,
    key_shock,
)
from keian.scenario.load import load_scenario
from tests.unit.scenario.tiny import fix, make_closure, make_measure, make_scenario

LOSS = Triple(low=0.5, mode=0.9, high=0.97)


def test_the_mode_run_takes_every_mode():
    values = draw_values(LOSS, seed=1, key="a", draws=np.array([MODE_DRAW, 0, 1]))
    assert values[0] == 0.9
    assert np.all((values[1:] > 0.5) & (values[1:] < 0.97))


def test_a_draw_depends_on_seed_key_and_number_alone():
    many = draw_values(LOSS, seed=1, key="a", draws=np.arange(50))
    np.testing.assert_array_equal(
        many[::-1], draw_values(LOSS, seed=1, key="a", draws=np.arange(49, -1, -1))
    )
    assert draw_value(LOSS, seed=1, key="a", draw=17) == many[17]
    assert draw_value(LOSS, seed=1, key="b", draw=17) != many[17]
    assert draw_value(LOSS, seed=2, key="a", draw=17) != many[17]


def test_a_fixed_value_needs_no_stream():
    assert draw_value(fix(4), seed=1, key="a", draw=3) == 4.0


def test_draws_follow_the_triangle():
    values = draw_values(Triple(low=0, mode=1, high=2), seed=3, key="t", draws=np.arange(4000))
    assert values.mean() == pytest.approx(1, abs=0.02)
    assert np.mean(values < 0.5) == pytest.approx(0.125, abs=0.02)


def test_a_combination_meets_the_futures_of_its_parts():
    alone, both = load_scenario("minerals-ban"), load_scenario("hormuz-and-minerals")
    ban = next(s for s in alone.shocks if s.id == "heavy-rare-earths")
    same = next(s for s in both.shocks if s.id == "minerals-ban.heavy-rare-earths")
    assert key_shock(alone, ban, "loss") == key_shock(both, same, "loss")
    assert alone.seed == both.seed


def test_combining_twice_does_not_rename_twice():
    parts = [make_scenario(id=name) for name in ("one", "two", "three")]
    nested = combine([combine(parts[:2]), parts[2]])
    assert [s.id for s in nested.shocks] == ["one.closure", "two.closure", "three.closure"]
    assert nested.names.en == "Tiny crisis and Tiny crisis and Tiny crisis"


def test_then_days_shifts_starts_and_the_day_of_knowledge():
    early = make_scenario(id="early")
    late = make_scenario(make_closure(known_from_day=0), id="late", horizon_days=300)
    both = combine([early, late], [fix(0), Triple(low=10, mode=20, high=30)])
    assert both.horizon_days == 300
    first, second = both.shocks
    assert (first.start_day.low, first.start_day.high) == (2, 7)
    assert (second.start_day.low, second.start_day.mode, second.start_day.high) == (12, 23, 37)
    assert second.known_from_day.mode == 20


def test_parts_that_do_not_fit_are_all_named():
    parts = [make_scenario(id="one"), make_scenario(id="two", seed=8, economy="japan")]
    with pytest.raises(InputError) as error:
        combine(parts, [fix(0)])
    found = [p.where for p in error.value.problems]
    assert found == [
        "combination combination.then_days",
        "combination combination seed",
        "combination combination economy",
    ]


def test_measure_keys_know_no_portfolio():
    assert key_measure(make_measure(), "effect.lead_days") == "measure.release.effect.lead_days"
