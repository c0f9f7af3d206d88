"""Mutual percolation: how much of networks that need each other node by node stays connected.

Not a limit of the day kernel but a model of its own: equations of docs/method/percolation.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.core import InputError, Problem

TOLERANCE = 1e-13  # of the roots, in mean links of a node


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where the networks fall apart, for a mean degree of 1; divide both by the mean degree.

    kept : p_c k, least share of nodes that may be kept.   giant : P k of what is left just there,
        0 for one network, which shrinks to nothing without a jump.
    """

    kept: float
    giant: float


def calc_mutual_percolation(mean_degree: float, kept: float, networks: int = 2) -> float:
    """Calculate the share of nodes in the giant part that all networks hold in common (1).

    Parameters
    ----------
    mean_degree : k, links of a node in every network, on average; random (Erdos-Renyi) networks.
    kept : p, share of nodes left by the first failure, 0 to 1.
    networks : n, each node needs its partner in every other network; at least 1.

    Returns
    -------
    float
        Share of all nodes, 0 below the threshold.

    Raises
    ------
    InputError
        With every problem of the arguments.

    Source
    ------
    Gao, Buldyrev, Havlin & Stanley 2011 (arXiv 1108.5515), percolation law of n networks;
    Buldyrev et al. 2010 for two.

    Examples
    --------
    >>> round(calc_mutual_percolation(4.0, 0.8), 6), calc_mutual_percolation(4.0, 0.6)
    (0.708841, 0.0)
    """
    from scipy.optimize import brentq

    problems = _check(mean_degree, kept, networks)
    if problems:
        raise InputError(problems)
    reach = mean_degree * kept
    least = calc_threshold(networks)
    if reach < least.kept or reach <= 1.0:
        return 0.0
    low = max(least.giant, np.finfo(float).tiny)
    if _calc_reach(low, networks) >= reach:  # on the threshold, to rounding
        return least.giant / mean_degree
    held = brentq(lambda y: _calc_reach(y, networks) - reach, low, reach, xtol=TOLERANCE)
    return float(held) / mean_degree


def calc_threshold(networks: int) -> Threshold:
    """Calculate where the networks fall apart (2): the least of y / (1 - exp(-y))^n over y.

    Raises
    ------
    InputError
        Fewer than one network.

    Examples
    --------
    >>> found = calc_threshold(2)
    >>> round(found.kept, 6), round(found.giant, 6)
    (2.455407, 1.256431)
    """
    from scipy.optimize import brentq

    problems = _check(1.0, 1.0, networks)
    if problems:
        raise InputError(problems)
    if networks == 1:
        return Threshold(1.0, 0.0)
    # exp(y) - 1 - n y falls until y = ln n and is above 0 at 2 ln n + 2
    bend = np.log(networks)
    giant = brentq(lambda y: np.expm1(y) - networks * y, bend, 2 * bend + 2, xtol=TOLERANCE)
    return Threshold(_calc_reach(float(giant), networks), float(giant))


def simulate_mutual_percolation(
    nodes: int, mean_degree: float, kept: float, seed: int, *, networks: int = 2
) -> float:
    """Play one failure on random networks until nobody falls any more (3).

    Random nodes fail first. Then each network in turn loses what is cut from its largest connected
    part, and with it the partners of those nodes, until nothing changes.

    Parameters
    ----------
    nodes : number of nodes, the same in every network.
    mean_degree, kept, networks : as in `calc_mutual_percolation`.
    seed : of all draws; the same seed gives the same networks and the same order of failure,
        so that a greater `kept` keeps every node that a smaller one keeps.

    Returns
    -------
    float
        Share of all nodes in the part that remains.

    Raises
    ------
    InputError
        With every problem of the arguments.
    """
    problems = _check(mean_degree, kept, networks)
    if nodes < 2:  # noqa: PLR2004 - a link needs two ends
        problems.append(Problem("nodes", str(nodes), "2 at least", "ask for more nodes"))
    if problems:
        raise InputError(problems)
    rng = np.random.default_rng(seed)
    order = rng.permutation(nodes)
    links = round(nodes * mean_degree / 2)
    ends = rng.integers(0, nodes, (networks, 2, links))
    alive = np.zeros(nodes, dtype=bool)
    alive[order[: round(nodes * kept)]] = True
    unchanged, turn = 0, 0
    while unchanged < networks and alive.any():
        before = np.count_nonzero(alive)
        alive &= _find_largest_part(ends[turn % networks], alive)
        unchanged = unchanged + 1 if np.count_nonzero(alive) == before else 0
        turn += 1
    return float(np.count_nonzero(alive)) / nodes


def _find_largest_part(
    ends: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    alive: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the nodes of the largest connected part among those alive."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    holds = alive[ends[0]] & alive[ends[1]]
    one, other = ends[0][holds], ends[1][holds]
    size = (alive.size, alive.size)
    graph = coo_array((np.ones(one.size, dtype=np.int8), (one, other)), shape=size)
    _, part = connected_components(graph.tocsr(), directed=False)
    sizes = np.bincount(part[alive], minlength=part.max() + 1)
    return np.asarray((part == np.argmax(sizes)) & alive)


def _calc_reach(y: float, networks: int) -> float:
    """Calculate the p k at which P k = y."""
    return float(y / (-np.expm1(-y)) ** networks)


def _check(mean_degree: float, kept: float, networks: int) -> list[Problem]:
    """List what is wrong with the arguments."""
    problems = []
    if not (np.isfinite(mean_degree) and mean_degree > 0):
        problems.append(Problem("mean_degree", f"{mean_degree}", "above 0", "write a number"))
    if not 0 <= kept <= 1:
        problems.append(Problem("kept", f"{kept}", "0 to 1", "write a share"))
    if networks < 1:
        problems.append(Problem("networks", f"{networks}", "1 at least", "name a number"))
    return problems
