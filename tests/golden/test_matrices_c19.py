"""Matrices of the test table of pymrio 0.7 (check case C19), made by keian from flows and demand.

Source: pymrio 0.7.0, `load_test().calc_all()`: 6 regions x 8 sectors, its figures as recorded. Only
Z, Y and the emissions are taken from it; output, A, the inverse and the footprints are keian's.
Tolerance: the digits that were recorded. The comparison of runs with BoARIO is in bench/.
"""

import numpy as np
import pytest

from keian.exposure.world_links import factorise, solve, solve_transposed

pymrio = pytest.importorskip("pymrio", reason="the test table comes with pymrio")

REGIONS = 6
OUTPUT = 3_324_005_349.305
FIRST_COEFFICIENT = 0.0990875
FIRST_INVERSE = 1.1101021
CONSUMED = [207752104.432, 115468289.281, 345798792.665, 446060180.240, 416485670.756,
            824407840.666]  # fmt: skip
PRODUCED = [153248596.59, 86976090.05, 381006799.6, 422040004.5, 458292282.3, 854409105.0]
ALL_EMISSIONS = 2355972878.040


@pytest.fixture(scope="module")
def table():
    return pymrio.load_test()


@pytest.fixture(scope="module")
def links(table):
    Z = table.Z.to_numpy(dtype=float)
    return factorise(Z, Z.sum(axis=1) + table.Y.to_numpy(dtype=float).sum(axis=1))


def test_output_coefficient_and_inverse(links):
    assert links.x.sum() == pytest.approx(OUTPUT, abs=5e-4)
    assert links.A[0, 0] == pytest.approx(FIRST_COEFFICIENT, abs=5e-8)
    inverse = solve(links, np.eye(len(links.x)))
    assert inverse[0, 0] == pytest.approx(FIRST_INVERSE, abs=5e-8)


def test_the_whole_inverse_is_the_peers(table, links):
    table.calc_all()
    inverse = solve(links, np.eye(len(links.x)))
    assert inverse == pytest.approx(table.L.to_numpy(), rel=1e-10, abs=1e-14)


def test_emissions_by_who_consumes_and_by_who_produces(table, links):
    emitted = table.emissions.F.iloc[0].to_numpy(dtype=float)
    at_home = table.emissions.F_Y.iloc[0].to_numpy(dtype=float).reshape(REGIONS, -1).sum(axis=1)
    embodied = solve_transposed(links, emitted / links.x)
    by_final_user = embodied @ table.Y.to_numpy(dtype=float)
    consumed = by_final_user.reshape(REGIONS, -1).sum(axis=1) + at_home
    produced = emitted.reshape(REGIONS, -1).sum(axis=1) + at_home
    assert consumed == pytest.approx(CONSUMED, abs=5e-4)
    assert produced == pytest.approx(PRODUCED, abs=5e-2)
    assert consumed.sum() == pytest.approx(ALL_EMISSIONS, abs=5e-4)
    assert produced.sum() == pytest.approx(consumed.sum(), rel=1e-12)
