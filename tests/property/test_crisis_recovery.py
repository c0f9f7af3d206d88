"""After every shock of the grid every unit comes back to its baseline (docs/method/crisis.md, 2.5, 2.6).

Stock x speed of restocking x transport lag x five shocks; the deviation is taken 600 days after the
shock ends. Stocks below the floor of the table count as the floor.
"""

from itertools import product

import numpy as np
import pytest

from keian.crisis import Run, Switches, compile_economy, load_rules
from tests.crises import play
from tests.worlds import make_scenario, make_world

STOCKS = (0, 2, 5, 15, 30, 90, 180)  # days
TAUS = (1, 5, 10, 30, 60)  # days
LAGS = (0, 20, 60)  # days
AFTER = 600  # days
LONGEST = 60  # days
DEVIATION = 0.005  # share of baseline
SHORT = 30  # days


def list_shocks(world):
    """The five shocks by name, each with its length in days."""
    fall = [
        {"kind": "demand_surge", "region": region, "products": list(world.products), "change": -0.3}
        for region in world.regions
    ]
    return {
        "region at half": (SHORT, [{"kind": "capacity_loss", "units": ["CHN.*"], "loss": 0.5}]),
        "industry at zero": (SHORT, [{"kind": "capacity_loss", "units": ["JPN.p0"], "loss": 1}]),
        "route at 20 %": (LONGEST, [{"kind": "route_closure", "route": "strait", "loss": 0.8}]),
        "demand -30 %": (LONGEST, fall),
        "region at zero": (LONGEST, [{"kind": "capacity_loss", "units": ["JPN.*"], "loss": 1}]),
    }


def find_stuck(kappa, *, stocks=STOCKS, taus=TAUS, lags=LAGS, **world_options):
    """Cells that do not come back: (shock, stock, tau, lag) to the largest deviation of a unit."""
    rules, days = load_rules(), LONGEST + AFTER
    stuck = {}
    for stock, lag, tau in product(stocks, lags, taus):
        world = make_world(cover_days=float(stock), lag_days=lag, **world_options)
        compiled = compile_economy(world, rules.model_copy(update={"tau_days": float(tau)}))
        shocks = list_shocks(world)
        runs = [
            Run(
                make_scenario(*({"duration_days": length} | s for s in parts), days=days),
                switches=Switches(kappa=kappa),
            )
            for length, parts in shocks.values()
        ]
        _, record = play(compiled, runs, days)
        for z, (name, (length, _)) in enumerate(shocks.items()):
            away = float(np.abs(record.unit[length + AFTER - 1, :, z] - 1.0).max())
            if not away < DEVIATION:
                stuck[name, stock, tau, lag] = away
    return stuck


@pytest.mark.parametrize("kappa", [2.0, np.inf])
def test_every_unit_comes_back(kappa):
    assert not find_stuck(kappa, seed=0, regions=3, products=5, service=False, goods=False)


LOOP = "a service holds its users down, they hold its inputs down: short stocks never fill again"


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.xfail(reason=LOOP))])
def test_every_unit_comes_back_where_a_service_stands_between(seed):
    assert not find_stuck(2.0, seed=seed, regions=3, products=5, goods=True, stocks=(0, 5, 30))


@pytest.mark.slow
@pytest.mark.parametrize("kappa", [2.0, np.inf])
@pytest.mark.parametrize(
    "service", [False, pytest.param(True, marks=pytest.mark.xfail(reason=LOOP, strict=False))]
)
@pytest.mark.parametrize("seed", range(6))
def test_every_unit_of_many_worlds_comes_back(kappa, seed, service):
    assert not find_stuck(kappa, seed=seed, regions=3, products=5, service=service)


@pytest.mark.slow
@pytest.mark.parametrize(
    "service", [False, pytest.param(True, marks=pytest.mark.xfail(reason=LOOP, strict=False))]
)
def test_every_unit_of_a_larger_world_comes_back(service):
    assert not find_stuck(2.0, seed=0, regions=5, products=12, service=service, taus=(1, 10, 60))
