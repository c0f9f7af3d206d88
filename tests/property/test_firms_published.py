"""Inoue & Todo's rules on a synthetic network: direction and size as published, no defect copied.

Published: Tokyo, a fifth of output, shut for a month takes daily output down by 86 % after that month
(PLOS ONE 15(9), 2020); indirect losses exceed direct ones many times (Nature Sustainability 2, 2019);
larger shocks cost more than in proportion (JRFM 14(10), 2021).
"""

import numpy as np
import pytest

from keian.crisis._arrays_firms import LOST_INPUT
from keian.crisis.firm_economy import make_industry_table
from keian.crisis.firm_rules import FirmShock, load_firm_rules
from keian.crisis.firms import FirmRun, simulate_firms
from keian.economy import load_economy
from keian.network.generate import Shape, generate_network

MONTH = 30
SHUT = ("R2", "R6")  # a fifth of output


@pytest.fixture(scope="module")
def network():
    table = make_industry_table(load_economy("japan"), regions=8)
    return generate_network(table, Shape(10_000, 45_000), seed=1)


def play(network, share=1.0, days=MONTH):
    shock = FirmShock("capacity", share, 0, days, regions=SHUT)
    rules = load_firm_rules("inoue-todo")
    return simulate_firms(network, [shock], rules, days, run=FirmRun(precision="double"))


def test_a_shut_fifth_takes_most_of_the_country_down_within_a_month(network):
    outcome = play(network)
    output = outcome.total("output") / outcome.baseline.sum()
    shut = [k for k, region in enumerate(outcome.cell_region) if region in SHUT]
    direct = outcome.baseline[shut].sum() / outcome.baseline.sum()
    assert direct == pytest.approx(0.21, abs=0.02)
    assert 1 - output[-1] > 0.6  # published 0.86
    indirect = (1 - output).sum() - direct * MONTH
    assert indirect > direct * MONTH  # published: twice as much
    assert output[-1] < 0.6 * output[2]


def test_from_half_to_whole_losses_grow_more_than_in_proportion(network):
    base = play(network, 0.0).total("output").sum()
    half, whole = (1 - play(network, share).total("output").sum() / base for share in (0.5, 1.0))
    assert whole > 2.3 * half


def test_the_country_is_reached_when_stocks_of_two_weeks_are_gone(network):
    outcome = play(network)
    others = [k for k, region in enumerate(outcome.cell_region) if region not in SHUT]
    lost = outcome.cells[:, others, LOST_INPUT].sum(axis=1) / outcome.baseline.sum()
    assert lost[:13].max() < 0.01
    assert lost[20] > 0.1


def test_no_goods_are_lost_and_no_stock_is_below_nought(network):
    outcome = play(network)
    assert outcome.residual.max() < 1e-12  # the authors' program loses up to 0.06 % of output a day


def test_the_order_rule_is_what_makes_it_collapse(network):
    shock = FirmShock("capacity", 1.0, 0, MONTH, regions=SHUT)
    for orders, recovers in (("expected", True), ("realised", False)):
        rules = load_firm_rules("inoue-todo").model_copy(update={"orders": orders})
        outcome = simulate_firms(network, [shock], rules, 300)
        end = outcome.total("output")[-1] / outcome.baseline.sum()
        assert (end > 0.99) == recovers, (orders, end)
        assert np.isfinite(end)
