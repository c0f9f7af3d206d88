"""The day kernel settles where the Leontief quantity model says (check case C1).

Source: Miller & Blair, Input-Output Analysis, chapter 2: two sectors, new final demand [600, 1500].
Ample stock, headroom for every order, no rerouting, a long horizon; tolerance 1e-3 of a money unit.
"""

import numpy as np
import pytest

from keian.crisis import Run, Switches, compile_economy, load_rules
from tests.crises import play
from tests.worlds import make_scenario, make_world, shrink

Z = np.array([[150.0, 500.0], [200.0, 100.0]])
X = np.array([1000.0, 2000.0])
FINAL = np.array([350.0, 1700.0])
NEW_FINAL = np.array([600.0, 1500.0])
NEW_X = np.array([1247.5248, 1841.5842])
TOLERANCE = 1e-3
DAYS = 900


def make_two_sectors(cover):
    world = make_world(
        0, regions=1, products=2, cover_days=cover, lag_days=0, service=False, goods=False,
        criticality=1.0, reroute=0.0,
    )  # fmt: skip
    Y = np.zeros((2, 1, 4))
    Y[:, 0, 0] = FINAL
    return shrink(world, Z=Z, Y=Y, x=X, v=1.0 - Z.sum(axis=0) / X)


@pytest.mark.parametrize("kappa", [1.0, 2.0, np.inf])
@pytest.mark.parametrize("cover", [30.0, 90.0])
def test_a_change_of_demand_ends_at_the_leontief_solution(cover, kappa):
    rules = load_rules().model_copy(update={"sigma_share": 1.0})
    compiled = compile_economy(make_two_sectors(cover), rules)
    changes = [
        {"kind": "demand_surge", "products": [f"p{k}"], "change": float(c)}
        for k, c in enumerate(NEW_FINAL / FINAL - 1.0)
    ]
    scenario = make_scenario(*({"duration_days": 2.0 * DAYS} | c for c in changes), days=DAYS)
    state, record = play(compiled, [Run(scenario, switches=Switches(kappa=kappa))], DAYS)
    yearly = state.x[:, 0] * rules.days_per_year
    assert yearly == pytest.approx(NEW_X, abs=TOLERANCE)
    assert record.world_unmet.max() * rules.days_per_year < TOLERANCE
    stock = state.S[:, :, 0] / compiled.static.b[:, :2]
    assert stock == pytest.approx(np.full((2, 2), cover + 1.0), abs=TOLERANCE)


def test_without_headroom_the_solution_is_out_of_reach():
    """A control: the golden passes because of the rules, not whatever the rules are."""
    compiled = compile_economy(make_two_sectors(30.0), load_rules())
    rise = {
        "kind": "demand_surge",
        "products": ["p0"],
        "change": float(NEW_FINAL[0] / FINAL[0] - 1),
    }
    scenario = make_scenario(rise | {"duration_days": 2.0 * DAYS}, days=DAYS)
    state, _ = play(compiled, [Run(scenario)], DAYS)
    assert state.x[0, 0] * load_rules().days_per_year < NEW_X[0] - 1.0
