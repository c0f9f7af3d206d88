"""Who gets how much from a supplier that falls short, under each rule."""

import numpy as np
import pytest

from keian.crisis import Run, Switches, _kernels, compile_economy, load_rules
from keian.crisis._arrays import ENOUGH
from keian.crisis._kernels import find_class, find_level
from tests.crises import play
from tests.worlds import make_scenario, make_world

LEAST = 1e-9


def make_shortage(**switches):
    """A supplier at two thirds, while home users want half of what it makes."""
    shocks = [
        {"kind": "capacity_loss", "units": ["JPN.p0"], "loss": 0.33, "duration_days": 1},
        {
            "kind": "demand_surge", "region": "JPN", "products": ["p0"], "change": -0.5,
            "duration_days": 1,
        },
    ]  # fmt: skip
    return Run(make_scenario(*shocks, days=1), switches=Switches(**switches))


def miss(world, rules, **switches):
    """Final demand of home that goes unmet on the first day, MUSD."""
    _, record = play(compile_economy(world, rules), [make_shortage(**switches)], 1)
    assert record.residual.max() < LEAST
    return float((record.final_want - record.final_got).sum()), record


def test_whoever_asks_for_little_is_served_in_full_under_equal_shortage():
    world, rules = make_world(3, service=False, goods=False), load_rules()
    by_fill, _ = miss(world, rules)
    by_level, record = miss(world, rules, allocation="level")
    assert by_fill > 1e-4 * float(record.final_want[0, 0])
    assert by_level < LEAST * float(record.final_want[0, 0])


@pytest.mark.parametrize(("threshold", "one_class"), [(0.0, False), (1.1, True)])
def test_final_users_wait_only_behind_makers_of_vital_products(threshold, one_class):
    world = make_world(3, service=False, goods=False)
    rules = load_rules().model_copy(update={"vital_maker_share": threshold})
    together, _ = miss(world, rules, kappa=1.0)
    by_class, _ = miss(world, rules, allocation="classes")
    # nobody comes first: one class, in proportion; all producers come first: final users last
    assert (by_class == pytest.approx(together)) == one_class
    assert by_class >= together * (1.0 - LEAST)


def slowly(asked, left):
    """Level by bisection."""
    low, high = 0.0, float(asked[0].max()) + 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        taken = (np.minimum(asked[0], middle) * asked[1]).sum()
        low, high = (low, middle) if taken > left else (middle, high)
    return low


@pytest.mark.parametrize("spread", [1.0, 40.0])
def test_the_level_is_that_of_bisection_however_the_clients_are_spread(spread, monkeypatch):
    # inner functions of the kernel have no door from Python: both run uncompiled
    monkeypatch.setattr(_kernels, "fill_to", _kernels.fill_to.py_func)
    rng = np.random.default_rng(5)
    for clients in (1, 2, 30, 600):
        asked = np.exp(spread * rng.normal(size=(2, clients)))
        whole = float((asked[0] * asked[1]).sum())
        for share in (1e-6, 0.3, 0.9, 0.999999):
            level = find_level.py_func(asked, share * whole)
            assert level == pytest.approx(slowly(asked, share * whole), rel=1e-9)
    assert find_level.py_func(asked, 0.0) == 0.0


def test_classes_are_filled_one_after_the_other():
    asked = np.array([[1.0, 2.0, 1.0], [10.0, 5.0, 20.0]])
    rank = np.array([1, 1], np.int8)  # the third is a final user, in the last class
    assert find_class.py_func(asked, rank, 5.0) == pytest.approx(1.25)
    assert find_class.py_func(asked, rank, 25.0) == pytest.approx(2.25)
    assert find_class.py_func(asked, rank, 40.0) == ENOUGH
    assert find_class.py_func(asked, rank, -1e-18) == 1.0  # class 0 is empty
