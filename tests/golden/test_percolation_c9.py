"""Mutual percolation of random networks (check case C9).

Sources: Buldyrev, Parshani, Paul, Stanley & Havlin, Nature 464, 2010 (two networks); Gao, Buldyrev,
Havlin & Stanley, arXiv 1108.5515 (n networks). Tolerance 1e-5 for the roots; the play of two
networks of 100,000 nodes with four links each falls apart between 60 % and 63 % of nodes kept.
"""

import numpy as np
import pytest

from keian.core import InputError
from keian.crisis import calc_mutual_percolation
from keian.crisis.percolation import calc_threshold, simulate_mutual_percolation

NODES = 100_000
LINKS = 4.0
PUBLISHED = {1: (1.0, 0.0), 2: (2.4554075, 1.2564312), 3: (3.089119, 1.903815),
             5: (3.822487, 2.660399)}  # fmt: skip


@pytest.mark.parametrize("networks", PUBLISHED)
def test_where_networks_fall_apart(networks):
    found = calc_threshold(networks)
    assert (found.kept, found.giant) == pytest.approx(PUBLISHED[networks], abs=1e-5)


@pytest.mark.parametrize("networks", [2, 3, 5])
def test_the_fall_is_a_jump(networks):
    least = calc_threshold(networks)
    k = 2 * least.kept
    assert calc_mutual_percolation(k, 0.5 - 1e-9, networks) == 0.0
    just_above = calc_mutual_percolation(k, 0.5 + 1e-12, networks)
    assert just_above * k == pytest.approx(least.giant, abs=1e-4)


def test_one_network_shrinks_without_a_jump():
    shares = [calc_mutual_percolation(2.0, p, 1) for p in (0.5, 0.5001, 0.51, 0.6)]
    assert shares[0] == 0.0
    assert 0 < shares[1] < 1e-3
    assert shares == sorted(shares)


@pytest.mark.parametrize("networks", [1, 2, 3, 5])
@pytest.mark.parametrize("kept", [0.7, 0.9, 1.0])
def test_the_share_solves_the_published_equation(networks, kept):
    k = 6.0
    P = calc_mutual_percolation(k, kept, networks)
    assert P > 0.4
    assert kept * (1 - np.exp(-k * P)) ** networks == pytest.approx(P, abs=1e-12)


def test_the_fixed_point_of_the_paper_for_two_networks():
    """f = exp((f - 1) / (2 f)) with f = 0.2846681 gives the same threshold by another way."""
    f = 0.2846681
    assert np.exp((f - 1) / (2 * f)) == pytest.approx(f, abs=1e-6)
    assert 1 - np.exp(-calc_threshold(2).giant) == pytest.approx(1 - f, abs=1e-5)


@pytest.mark.slow
def test_two_played_networks_fall_apart_where_the_formula_says():
    for seed in range(3):
        shares = [simulate_mutual_percolation(NODES, LINKS, p, seed) for p in (0.60, 0.63, 0.8)]
        assert shares[0] < 0.01
        assert shares[1] == pytest.approx(calc_mutual_percolation(LINKS, 0.63), abs=0.03)
        assert shares[2] == pytest.approx(calc_mutual_percolation(LINKS, 0.8), abs=0.01)


def play_by_hand(nodes, mean_degree, kept, seed, networks):
    """Remove nodes one network at a time with plain sets, drawing as the function does."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(nodes)
    ends = rng.integers(0, nodes, (networks, 2, round(nodes * mean_degree / 2)))
    alive = set(order[: round(nodes * kept)].tolist())
    still = 0
    while still < networks:
        for a, b in ends:
            near = {node: set() for node in alive}
            for one, other in zip(a.tolist(), b.tolist(), strict=True):
                if one in alive and other in alive:
                    near[one].add(other)
                    near[other].add(one)
            parts, seen = [], set()
            for node in alive:
                part, todo = set(), [node]
                while todo:
                    at = todo.pop()
                    if at not in seen:
                        seen.add(at)
                        part.add(at)
                        todo += near[at]
                parts.append(part)
            largest = max(parts, key=len, default=set())
            still = still + 1 if largest == alive else 0
            alive = largest
    return len(alive) / nodes


@pytest.mark.parametrize("networks", [1, 2, 3])
def test_the_play_is_that_of_plain_sets(networks):
    for seed in range(4):
        found = simulate_mutual_percolation(400, 4.5, 0.75, seed, networks=networks)
        assert found == play_by_hand(400, 4.5, 0.75, seed, networks)
        assert found < 0.74


def test_every_problem_is_told_at_once():
    with pytest.raises(InputError) as caught:
        simulate_mutual_percolation(1, -1.0, 1.5, 0, networks=0)
    told = [problem.where for problem in caught.value.problems]
    assert told == ["mean_degree", "kept", "networks", "nodes"]
