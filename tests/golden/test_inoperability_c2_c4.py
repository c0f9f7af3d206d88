"""Inoperability, static and dynamic (check cases C2 and C4: derived identities).

Sources: the two-sector table of Miller & Blair, Input-Output Analysis, chapter 2; identity of the
inoperability model with the Leontief quantity model; closed forms of one sector's recovery.
Tolerance 1e-5; an Euler step of one day within 3 % of lost days (checked here by plain loops).
"""

import numpy as np
import pytest

from keian.core import InputError
from keian.crisis import calc_dynamic_inoperability, calc_inoperability
from keian.crisis.inoperability import calc_interdependency, calc_resilience

Z = np.array([[150.0, 500.0], [200.0, 100.0]])
X = np.array([1000.0, 2000.0])
FALL = np.array([35.0, 0.0])  # a tenth of the first industry's final demand of 350
NONE = np.zeros(2)
START = np.array([0.30, 0.10])
TOLERANCE = 1e-5


def close(wanted):
    return pytest.approx(wanted, abs=TOLERANCE)


def test_interdependency_is_the_ghosh_allocation():
    assert calc_interdependency(Z, X) == close(np.array([[0.15, 0.50], [0.10, 0.05]]))


def test_a_fall_of_demand_is_leontiefs_answer():
    found = calc_inoperability(Z, X, FALL)
    assert found.q == close([0.043894, 0.004620])
    assert found.loss == pytest.approx([43.8944, 9.2409], abs=1e-4)
    assert found.loss.sum() == pytest.approx(53.1353, abs=1e-4)
    leontief = np.linalg.solve(np.eye(2) - Z / X, FALL)
    assert found.loss == pytest.approx(leontief, rel=1e-12)


def test_a_forced_industry_moves_the_other():
    found = calc_inoperability(Z, X, NONE, forced=np.array([np.nan, 0.10]))
    assert found.q == close([0.0588235, 0.10])
    assert found.loss.sum() == pytest.approx(258.8235, abs=1e-4)


def test_one_industry_alone_recovers_to_its_target():
    k = calc_resilience(np.array([0.30]), np.array([0.003]), 30, np.array([0.15]))
    assert k == close([0.180595])
    alone = calc_dynamic_inoperability(Z[:1, :1], X[:1], k, np.array([0.30]), days=30)
    assert alone.q[30] == close([0.003])
    assert alone.lost_days == close([1.934782])


def take_resilience():
    own = np.diag(calc_interdependency(Z, X))
    return calc_resilience(START, START / 100, 30, own)


def test_two_industries_hold_each_other_back():
    k = take_resilience()
    assert k == close([0.180595, 0.161585])
    found = calc_dynamic_inoperability(Z, X, k, START, days=30)
    assert found.q[0] == close(START)
    assert found.q[1] == close([0.265243, 0.089991])
    assert found.q[5] == close([0.162879, 0.058584])
    assert found.q[10] == close([0.089336, 0.033835])
    assert found.q[30] == close([0.008537, 0.003526])
    assert found.lost_days == close([2.418132, 0.883014])
    assert found.loss == close([6.625019, 4.838431])
    assert found.q[30, 0] / 0.003 == pytest.approx(2.8, abs=0.05)


def step_by_days(k, start, fall, days):
    """Take the published discrete step, a day at a time, in plain loops."""
    q, lost = list(start), [0.0, 0.0]
    for _ in range(days):
        asked = [sum(Z[i, j] / X[i] * q[j] for j in range(2)) + fall[i] / X[i] for i in range(2)]
        lost = [lost[i] + q[i] for i in range(2)]
        q = [q[i] + k[i] * (asked[i] - q[i]) for i in range(2)]
    return np.array(q), np.array(lost)


@pytest.mark.parametrize("fall", [NONE, FALL])
def test_an_euler_step_of_a_day_is_within_three_per_cent(fall):
    k = take_resilience()
    exact = calc_dynamic_inoperability(Z, X, k, START, days=30, demand_fall=fall)
    _, lost = step_by_days(k, START, fall, 30)
    assert lost == pytest.approx(exact.lost_days, rel=0.03)
    assert lost != pytest.approx(exact.lost_days, rel=1e-6)


def test_a_lasting_fall_ends_at_the_static_answer():
    found = calc_dynamic_inoperability(Z, X, take_resilience(), NONE, days=300, demand_fall=FALL)
    assert found.q[300] == pytest.approx(calc_inoperability(Z, X, FALL).q, rel=1e-9)


def test_every_problem_is_told_at_once():
    with pytest.raises(InputError) as caught:
        calc_inoperability(-Z, np.array([0.0, np.nan]), NONE)
    assert {problem.where for problem in caught.value.problems} == {"Z", "x"}
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError) as caught:
        calc_inoperability(Z, X, np.array([351.0, 1.0]), forced=np.array([1.5, 0.2]))
    assert [problem.where for problem in caught.value.problems] == [
        "demand_fall[0]", "forced[0]", "demand_fall[0]", "demand_fall[1]",
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        calc_dynamic_inoperability(Z, X, -X, np.array([2.0, 0.0]), days=0, demand_fall=np.ones(3))
    assert [problem.where for problem in caught.value.problems] == [
        "demand_fall", "k", "q_start", "days",
    ]  # fmt: skip


def test_a_closed_table_is_refused():
    with pytest.raises(InputError, match="closed"):
        calc_inoperability(Z, Z.sum(axis=1), NONE)
