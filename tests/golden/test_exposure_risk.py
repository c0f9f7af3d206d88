"""Published worked figures of GeoPolRisk and the arithmetic of the EU's critical raw materials.

Sources: worked workbook of akoyamp/geopolrisk-py (JOSS 09600), importer USA, 2022 (check case C11,
tolerance 2e-6); EU methodology 2017 (C20).
"""

from itertools import pairwise

import numpy as np
import pytest

from keian.exposure.governance import (
    calc_economic_importance,
    calc_geopolrisk,
    calc_governed_hhi,
    calc_supply_risk,
    is_critical,
)

COPPER = 0.409413


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            (0.267490, 21.179741, 37.495, 17500, 4.806774),
            (0.001208, 0.000323, 0.001553, 0.003793),
        ),
        (
            (0.203518, 191198.003477, 350700.567, 0, 0.400735),
            (0.545189, 0.110956, 0.044464, 0.108604),
        ),
        (
            (0.470663, 50585.910847, 86586.111, 0, 2.226907),
            (0.584227, 0.274974, 0.612342, 1.495658),
        ),
    ],
    ids=["nickel", "manganese", "graphite"],
)
def test_the_worked_workbook(given, expected):
    found = calc_geopolrisk(*given, COPPER)
    steps = (found.import_risk, found.score, found.midpoint, found.factor)
    assert steps == pytest.approx(expected, abs=2e-6)


def test_supply_risk_of_the_worked_example():
    assert calc_supply_risk(4.0, 2.5, 0.8, 0.10, 0.9) == pytest.approx(2.511, abs=1e-9)


def test_without_imports_only_own_sourcing_enters_and_the_global_term_never_exceeds_half():
    assert calc_supply_risk(9.0, 2.0, 0.0, 0.0, 1.0) == pytest.approx(2.0)
    assert calc_supply_risk(4.0, 2.0, 1.0, 0.0, 1.0) == pytest.approx(3.0)


def test_supply_risk_falls_with_recycling():
    risks = [calc_supply_risk(4.0, 2.5, 0.8, rate, 0.9) for rate in np.linspace(0, 1, 5)]
    assert all(later < before for before, later in pairwise(risks))


@pytest.mark.parametrize(
    ("supply", "importance", "critical"),
    [(1.0, 2.8, True), (0.99, 9.0, False), (5.0, 2.79, False)],
)
def test_both_thresholds_must_be_reached(supply, importance, critical):
    assert is_critical(supply, importance) is critical


def test_governed_concentration_and_economic_importance():
    share = np.array([0.6, 0.4])
    assert calc_governed_hhi(share, np.array([5.0, 2.0]), np.array([1.1, 1.0])) == pytest.approx(
        0.36 * 5 * 1.1 + 0.16 * 2
    )
    assert calc_economic_importance(share, np.array([10.0, 5.0]), 0.9) == pytest.approx(7.2)
