"""After every shock of the grid every unit comes back to its baseline (docs/method/crisis.md, laws)."""

import numpy as np
import pytest

from keian.crisis import Switches
from tests.recovery import find_stuck


@pytest.mark.parametrize("kappa", [2.0, np.inf])
def test_every_unit_comes_back(kappa):
    assert not find_stuck(
        Switches(kappa=kappa), seed=0, regions=3, products=5, service=False, goods=False
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_every_unit_comes_back_where_a_service_stands_between(seed):
    assert not find_stuck(
        Switches(), seed=seed, regions=3, products=5, goods=True, stocks=(0, 5, 30)
    )


def test_every_unit_comes_back_where_classes_are_served_in_turn():
    rule = Switches(allocation="classes")
    assert not find_stuck(rule, seed=0, regions=3, products=5, stocks=(0, 30), taus=(10,))


@pytest.mark.slow
def test_a_level_for_all_leaves_no_more_cells_stuck_than_it_did():
    """The method page says that this rule breaks the law; world 0 has two of its twelve cells."""
    rule = Switches(allocation="level")
    assert (
        len(find_stuck(rule, seed=0, regions=3, products=5, service=False, goods=False, taus=(10,)))
        == 2
    )


# six worlds with all speeds of restocking are measured by `python -m tests.recovery`; these were stuck
# before providers came first, or take longest
WORLDS = [(2.0, 1, True), (2.0, 4, True), (np.inf, 4, True), (2.0, 4, False)]


@pytest.mark.slow
@pytest.mark.parametrize(("kappa", "seed", "service"), WORLDS)
def test_every_unit_of_many_worlds_comes_back(kappa, seed, service):
    assert not find_stuck(
        Switches(kappa=kappa), seed=seed, regions=3, products=5, service=service, taus=(1, 10, 60)
    )


@pytest.mark.slow
@pytest.mark.parametrize("kappa", [2.0, np.inf])
@pytest.mark.parametrize("service", [False, True])
def test_every_unit_of_a_larger_world_comes_back(kappa, service):
    assert not find_stuck(
        Switches(kappa=kappa), seed=0, regions=5, products=12, service=service, taus=(1, 10, 60)
    )
