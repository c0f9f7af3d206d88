"""Losses from an absent workforce by channel (check case C14).

Source: Bank of Israel, 9 November 2023: weekly loss of NIS bn 1.25 (520 000 parents at home),
0.59 (144 000 evacuated), 0.50 (360 000 called up); together about 2.3, shares 53, 26 and 21 % of
2.3, about 6 % of weekly GDP. The heads and what each makes in a week become shares of workforce.
"""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from tests.crises import play
from tests.worlds import make_scenario, make_world, shrink

HEADS = np.array([520_000.0, 144_000.0, 360_000.0])
COST = np.array([2404.0, 4097.0, 1389.0])  # NIS per head and week
LOSS = np.array([1.25, 0.59, 0.50])  # NIS bn a week
WEEKLY_GDP = 38.5  # NIS bn
WEEK = 7  # days


def make_branches():
    """Three branches without inputs, one for each channel; a third of GDP each, NIS bn a year."""
    world = make_world(
        0, regions=1, products=3, service=False, goods=False, reroute=0.0, cover_days=2.0
    )
    rules = load_rules()
    x = np.full(3, WEEKLY_GDP / 3 / WEEK * rules.days_per_year)
    Y = np.zeros((3, 1, 4))
    Y[:, 0, 0] = x
    return compile_economy(shrink(world, Z=np.zeros((3, 3)), Y=Y, x=x, v=np.ones(3)), rules)


def lose(compiled, channels):
    """Value added lost in a week, NIS bn, by branch; `channels` = (branch, share of workforce)."""
    shocks = [
        {"kind": "workforce_loss", "units": [f"JPN.p{k}"], "loss": share, "duration_days": WEEK}
        for k, share in channels
    ]
    _, record = play(compiled, [Run(make_scenario(*shocks, days=WEEK + 7))], WEEK + 7)
    lost = (1.0 - record.unit[:, :, 0].astype(float)) * compiled.static.x0
    total = compiled.static.x0.sum() - record.value_added[:, 0, 0]
    assert total.sum() == pytest.approx(lost.sum(), rel=1e-5)
    assert total[WEEK:] == pytest.approx(0.0, abs=1e-9), "back at work, no loss"
    return lost[:WEEK].sum(axis=0)


def test_heads_and_unit_costs_give_the_published_losses():
    losses = HEADS * COST / 1e9
    assert losses == pytest.approx(LOSS, abs=1e-3)
    branch = WEEKLY_GDP / 3
    lost = lose(make_branches(), list(enumerate(losses / branch)))
    assert lost == pytest.approx(LOSS, abs=1e-3)
    assert lost.sum() == pytest.approx(2.34, abs=2e-3)
    # the publication divides by the sum of the unrounded losses, 2.35
    assert 100 * lost / 2.35 == pytest.approx([53, 26, 21], abs=1.0)
    assert lost.sum() / WEEKLY_GDP == pytest.approx(0.06, abs=1.5e-3)


def test_channels_in_different_branches_add_and_in_one_branch_overlap():
    compiled = make_branches()
    a, b, branch = 0.10, 0.05, WEEKLY_GDP / 3
    apart = lose(compiled, [(0, a), (1, b)])
    together = lose(compiled, [(0, a), (0, b)])
    assert apart.sum() == pytest.approx((a + b) * branch, rel=1e-5)
    assert together.sum() == pytest.approx((a + b - a * b) * branch, rel=1e-5)
