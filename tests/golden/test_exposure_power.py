"""Published and derived numbers of power, complexity and systemic risk (C5, C15, C16)."""

import numpy as np
import pytest

from keian.economy import load_economy
from keian.exposure.complexity import calc_complexity
from keian.exposure.power import calc_bundle_loss, calc_cutoff_loss, weigh_power
from keian.exposure.systemic_risk import calc_esri


@pytest.mark.parametrize(
    ("share", "sigma", "loss"),
    [(0.5, 5, 0.173287), (0.9, 5, 0.575646), (0.99, 5, 1.151293), (0.5, 2, 0.693147),
     (0.9, 2, 2.302585), (0.45, 5, 0.149459)],
)  # fmt: skip
def test_cutoff_loss(share, sigma, loss):
    assert calc_cutoff_loss(np.array(share), np.array(sigma)) == pytest.approx(loss, abs=1e-6)


def test_two_suppliers_who_act_together_hurt_more_than_the_sum():
    sigma = np.array(5.0)
    apart = 2 * calc_cutoff_loss(np.array(0.45), sigma)
    together = calc_cutoff_loss(np.array([0.45, 0.45]).sum(), sigma)
    assert apart == pytest.approx(0.298919, abs=1e-6)
    assert together == pytest.approx(0.575646, abs=1e-6)
    assert together / apart == pytest.approx(1.93, abs=0.005)


def test_a_bundle_counts_by_its_cost_share():
    loss = calc_bundle_loss(np.array([0.03, 0.0]), np.array([0.9, 1.0]), np.array(2.0))
    assert loss == pytest.approx(0.069078, abs=1e-6)


TOY = np.array(
    [[50, 30, 20, 10, 5], [5, 40, 30, 5, 0], [0, 5, 40, 30, 5], [0, 0, 30, 10, 0]], dtype=float
)


def test_advantage_in_the_toy_world():
    wanted = [
        [2.4901, 1.0957, 0.4565, 0.4980, 1.3696],
        [0.3580, 2.1000, 0.9844, 0.3580, 0],
        [0, 0.2625, 1.3125, 2.1477, 1.9688],
        [0, 0, 1.9688, 1.4318, 0],
    ]
    found = calc_complexity(TOY)
    for row, expected in zip(found.rca, wanted, strict=True):
        assert row == pytest.approx(expected, abs=1e-4)
    rows = ["".join("01"[int(cell)] for cell in row) for row in found.has]
    assert rows == ["11001", "01000", "00111", "00110"]


def test_complexity_of_the_toy_world():
    found = calc_complexity(TOY)
    wanted = [-0.712886, -1.233836, 0.780259, 1.166464]
    assert found.eci == pytest.approx(wanted, abs=1e-5)
    products = [-0.912672, -1.233836, 1.166464, 1.166464, 0.007849]
    assert found.pci == pytest.approx(products, abs=1e-5)
    assert found.eigenvalues == pytest.approx([1, 0.811033, 0.298207, 0.057426], abs=1e-5)


def test_the_sign_of_the_toy_world_follows_diversity_but_not_firmly():
    found = calc_complexity(TOY)
    diversity = found.has.sum(axis=1)
    assert list(diversity) == [3, 1, 3, 2]
    assert np.corrcoef(found.eci, diversity)[0, 1] == pytest.approx(found.sign_correlation)
    assert 0 < found.sign_correlation < 0.5  # weak: the check case says so
    assert not found.sign_is_firm  # by rarity of products the sign would be the other


def test_products_near_one_another_in_the_toy_world():
    found = calc_complexity(TOY)
    v, w, x, y, z = range(5)
    near = found.proximity
    assert near[x, y] == pytest.approx(1, abs=1e-12)
    halves = [near[v, w], near[v, z], near[w, z], near[x, z], near[y, z]]
    assert halves == pytest.approx([0.5] * 5, abs=1e-12)
    assert [near[v, x], near[v, y], near[w, x], near[w, y]] == pytest.approx([0] * 4, abs=1e-12)
    assert np.allclose(near, near.T)
    assert found.density[0] == pytest.approx([1, 1, 0.2, 0.2, 0.666667], abs=1e-5)


LINKS = [(1, 3, 4), (2, 3, 2), (2, 4, 3), (3, 5, 5), (4, 5, 2), (4, 6, 4), (5, 6, 1), (5, 7, 6),
         (6, 7, 3), (7, 1, 0.5), (7, 2, 0.5)]  # fmt: skip
SECTOR = np.array([0, 0, 1, 1, 2, 2, 3])
WEIGHTS = np.array([6.0, 7, 8, 8, 12, 10, 20])
ALONE = [0.351889112, 0.670467248, 0.401073105, 0.449362844, 0.403755869, 0.234741784, 0.281690141]
REPLACED = [
    0.226257368, 0.661077577, 0.347952449, 0.411804158, 0.403755869, 0.181086519, 0.281690141,
]  # fmt: skip


@pytest.mark.parametrize(("market", "wanted"), [(None, ALONE), (SECTOR, REPLACED)])
def test_esri_of_the_authors_package(market, wanted):
    W = np.zeros((7, 7))
    for seller, buyer, amount in LINKS:
        W[seller - 1, buyer - 1] = amount
    essential = np.ones((4, 4), dtype=int)
    essential[0, 1] = essential[1, 2] = 2
    essential[3, 0] = 0
    found = calc_esri(W, SECTOR, essential, weights=WEIGHTS, market=market, epsilon=1e-12)
    assert found.downstream == pytest.approx(wanted, abs=1e-8)
    assert found.upstream == pytest.approx(1.0, abs=1e-8)
    assert found.both == pytest.approx(1.0, abs=1e-8)


def test_acting_together_costs_the_target_at_least_as_much():
    power = weigh_power(load_economy("japan"), ["USA", "KOR", "TWN"]).table
    outside = power.dropna(subset=["coalition_loss"])
    assert len(outside) == len(power) - 3
    assert (outside["coalition_premium"] >= 1).all()
    assert (power["loss_to_home_low"] <= power["loss_to_home"]).all()
