"""Laws of the cut-off loss and of the sign of complexity."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keian.exposure.complexity import calc_complexity, choose_sign
from keian.exposure.power import calc_bundle_loss, calc_cutoff_loss

SHARES = st.floats(0.0, 0.98)
SIGMAS = st.floats(1.05, 20.0)


def lose(share, sigma):
    return float(calc_cutoff_loss(np.array(share), np.array(sigma)))


@given(one=SHARES, other=SHARES, weight=st.floats(0.0, 1.0), sigma=SIGMAS)
def test_power_is_convex_in_the_share(one, other, weight, sigma):
    between = weight * one + (1 - weight) * other
    chord = weight * lose(one, sigma) + (1 - weight) * lose(other, sigma)
    assert lose(between, sigma) <= chord + 1e-9 * (1 + chord)


@given(one=st.floats(0.001, 0.49), other=st.floats(0.001, 0.49), sigma=SIGMAS)
def test_acting_together_hurts_more_than_one_by_one(one, other, sigma):
    assert lose(one + other, sigma) > lose(one, sigma) + lose(other, sigma)


@given(share=st.floats(0.001, 0.98), sigma=SIGMAS, step=st.floats(0.01, 5.0))
def test_easier_substitution_never_costs_more(share, sigma, step):
    assert lose(share, sigma + step) < lose(share, sigma)


@given(weights=st.lists(st.floats(0.0, 0.3), min_size=1, max_size=4), share=SHARES, sigma=SIGMAS)
def test_a_bundle_of_equal_shares_counts_by_the_sum_of_its_weights(weights, share, sigma):
    weight = np.array(weights)
    loss = calc_bundle_loss(weight, np.full(weight.size, share), np.array(sigma))
    assert np.isclose(loss, weight.sum() * lose(share, sigma), rtol=1e-9, atol=1e-15)


@given(data=st.data())
def test_the_sign_rises_with_diversity_and_never_hangs_on_the_solver(data):
    size = data.draw(st.integers(2, 6))
    numbers = st.lists(st.integers(-5, 5), min_size=size, max_size=size)
    eci = np.array(data.draw(numbers), float)
    diversity = np.abs(np.array(data.draw(numbers), float)) + 1
    ubiquity = np.abs(np.array(data.draw(numbers), float)) + 1
    turned = eci * choose_sign(eci, diversity, ubiquity)
    again = -eci * choose_sign(-eci, diversity, ubiquity)
    assert np.array_equal(turned, again)
    assert np.cov(turned, diversity)[0, 1] >= -1e-9


@given(scale=st.floats(0.01, 100.0), order=st.permutations(range(4)))
def test_complexity_does_not_change_with_unit_or_order_of_countries(scale, order):
    toy = np.array(
        [[50, 30, 20, 10, 5], [5, 40, 30, 5, 0], [0, 5, 40, 30, 5], [0, 0, 30, 10, 0]], float
    )
    first, again = calc_complexity(toy), calc_complexity(toy[list(order)] * scale)
    assert np.allclose(again.eci, first.eci[list(order)], atol=1e-9)
    assert np.allclose(again.pci, first.pci, atol=1e-9)
