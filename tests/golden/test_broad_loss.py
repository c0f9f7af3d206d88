"""A loss of the whole home economy for a month heals, whatever the sharing rule (decision 9)."""

import pytest

from keian.crisis import compile_economy, load_rules
from keian.crisis.rules import Switches
from keian.crisis.run import Run
from keian.crisis.simulate import home_units, simulate_run
from keian.economy import load_economy
from keian.scenario import load_scenarios
from keian.scenario.nouns import CapacityLoss

DAYS = 365
LOSS_DAYS = 30
KAPPAS = (1.0, 2.0, float("inf"))


@pytest.fixture(scope="module")
def japan():
    return compile_economy(load_economy("japan"), load_rules())


def play(japan, loss, **switches):
    """Value added of the home country by day, share of normal."""
    (scenario,) = load_scenarios(["hormuz-90d"])
    economy = japan.economy
    units = [economy.units[i] for i in home_units(japan)]
    shock = CapacityLoss.model_validate({
        "id": "broad", "kind": "capacity_loss", "units": units, "loss": loss, "start_day": 5,
        "duration_days": LOSS_DAYS, "sources": scenario.shocks[0].sources,
    })  # fmt: skip
    run = Run(
        scenario.model_copy(update={"shocks": (shock,), "horizon_days": DAYS}),
        switches=Switches(**switches),
    )
    added = simulate_run(japan, run, home_units(japan)).value_added
    home = japan.index.region[economy.home]
    return added[:, home] / added[0, home]


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize("loss", [0.1, 0.3, 0.5, 1.0])
def test_it_comes_back_and_costs_about_the_month(japan, kappa, loss):
    share = play(japan, loss, kappa=kappa)
    assert share[-1] == pytest.approx(1.0, abs=0.005)
    # at least what plants could not make, less overtime; at most the whole month and as much again
    lost = (1.0 - share).sum()
    assert 0.4 * loss * LOSS_DAYS < lost < 2.0 * LOSS_DAYS


@pytest.mark.parametrize("kappa", KAPPAS)
def test_a_larger_loss_costs_more(japan, kappa):
    lost = [(1.0 - play(japan, loss, kappa=kappa)).sum() for loss in (0.1, 0.2, 0.3, 0.5, 1.0)]
    assert lost == sorted(lost)
