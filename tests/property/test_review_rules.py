"""Rules of the review that hold for any numbers: days bought, bands, floors, units."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keian.core import AMBER
from keian.review.effects import calc_bought, scale_figure
from keian.review.needs import find_first_below
from keian.review.play import Summary
from keian.review.stats import make_figure
from keian.review.study import find_binding, helps, rank_measures
from tests.crises import make_measure
from tests.unit.review.played import RULES, hand_study, need

HORIZON = 200.0
DAY = st.one_of(st.just(math.inf), st.integers(0, 199).map(float))
NUMBER = st.floats(-1e6, 1e6)


def summary(day: float, loss: float = 0.0) -> Summary:
    return Summary({"ore": day}, {"ore": 0.0}, loss, *[0.0] * 7)


@given(DAY, DAY)
def test_days_bought_are_bounded_and_turn_their_sign_with_the_runs(now, before):
    bought = calc_bought(summary(now), summary(before), "ore", HORIZON)
    assert abs(bought) <= HORIZON
    assert bought == -calc_bought(summary(before), summary(now), "ore", HORIZON)
    assert (bought > 0) == (min(now, HORIZON) > min(before, HORIZON))


@given(DAY, DAY, DAY)
def test_days_bought_add_up_along_a_chain_of_runs(a, b, c):
    def bought(x, y):
        return calc_bought(summary(x), summary(y), "ore", HORIZON)

    assert bought(c, a) == bought(c, b) + bought(b, a)


@given(
    st.lists(st.floats(0, 50), min_size=1, max_size=40), st.floats(0.1, 50), st.floats(0, 1),
)  # fmt: skip
def test_a_higher_floor_is_passed_no_later(levels, floor, lower):
    series, normal = np.array(levels), 60.0
    high = find_first_below(series, floor, normal)
    low = find_first_below(series, floor * lower, normal)
    assert high <= low
    if math.isfinite(high):
        assert series[int(high)] < floor
        assert (series[: int(high)] >= floor).all()


@given(DAY, st.lists(DAY, max_size=30), st.lists(DAY, max_size=24))
def test_a_figure_of_a_day_stays_within_the_horizon_and_its_bands_rise(value, draws, variants):
    made = make_figure(
        value, draws, unit="day", label=AMBER, trace="t", variants=variants, limit=HORIZON
    )
    numbers = [v for _, v in made.quantiles]
    assert numbers == sorted(numbers)
    assert all(0 <= v <= HORIZON for v in (made.value, *numbers))
    assert (made.censored == ">=") == math.isinf(value)
    assert (made.low is None) == (not draws)
    assert (made.structural is None) == (not variants)


@given(NUMBER, st.lists(NUMBER, max_size=20), st.floats(1e-3, 1e3))
def test_another_unit_scales_all_of_a_figure(value, draws, factor):
    figure = make_figure(value, draws, unit="a", label=AMBER, trace="t", variants=draws)
    made = scale_figure(figure, factor, "b")
    assert made.value == figure.value * factor
    for name in ("low", "high"):
        number = getattr(figure, name)
        assert getattr(made, name) == (None if number is None else number * factor)
    assert (made.label, made.trace, made.censored) == (figure.label, figure.trace, figure.censored)


@given(DAY, NUMBER, st.lists(st.tuples(DAY, NUMBER), min_size=1, max_size=12))
def test_no_measure_of_a_review_beats_the_one_ranked_first(day, loss, results):
    measures = [
        make_measure({"kind": "release_stock", "pools": ["reserve"]}, name=f"m{k:02}")
        for k in range(len(results))
    ]
    more = {
        ("measure", m.id, -1): summary(*r) for m, r in zip(measures, results, strict=True)
    }  # fmt: skip
    study = hand_study((need("ore"),), summary(day, loss), measures=measures, more=more, days=200)
    ranked = rank_measures(study, RULES, 1.0)
    assert len(ranked) <= RULES.best_measures
    if not ranked:
        return
    best = study.at("measure", ranked[0].id, -1).summary
    days = find_binding(study) is not None
    for measure in measures:
        other = study.at("measure", measure.id, -1).summary
        if days:
            assert min(other.first["ore"], HORIZON) <= min(best.first["ore"], HORIZON) or not (
                helps(study, measure)
            )
        elif measure in ranked:
            assert other.value_added >= best.value_added
