"""Centralities of a trade network and what it can still deliver; none is taken alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from keian.economy.nouns import BoolArray, FloatArray, IntArray
from keian.exposure.ranks import calc_ranks

KATZ_STRENGTH = 0.5  # of 1 / spectral radius: the series converges and two steps still count
WHOLE = 10_000_000  # capacities become whole numbers up to this; sums stay below 2^31


@dataclass(frozen=True, slots=True, eq=False)
class Centrality:
    """Centralities of the nodes of one network, each (n,), with ranks (1 = most central).

    strength : share of all exports.   betweenness : share of pairs whose shortest way passes the
    node, distance = 1 / value.   katz : reach downstream, damped.
    """

    strength: FloatArray
    betweenness: FloatArray
    katz: FloatArray

    def ranks(self) -> FloatArray:
        """Rank the nodes by each: (3, n)."""
        return np.stack([calc_ranks(c) for c in (self.strength, self.betweenness, self.katz)])


def calc_centrality(W: FloatArray) -> Centrality:
    """Calculate three centralities of a network.

    Parameters
    ----------
    W : (n, n) float, value sold by row to column, nothing on the diagonal.

    Source
    ------
    Brandes 2001 for betweenness, Katz 1953; on weighted networks shortest ways are taken as unique.

    Examples
    --------
    >>> line = np.array([[0.0, 2, 0], [0, 0, 1], [0, 0, 0]])
    >>> calc_centrality(line).betweenness.tolist()
    [0.0, 0.5, 0.0]
    """
    total = W.sum()
    strength = W.sum(axis=1) / total if total > 0 else np.zeros(len(W))
    return Centrality(strength, calc_betweenness(W), calc_katz(W))


def calc_betweenness(W: FloatArray) -> FloatArray:
    """Calculate betweenness with distance 1 / value, as a share of the ordered pairs of others."""
    n = len(W)
    if n <= 2:  # noqa: PLR2004 - between two nodes stands nobody
        return np.zeros(n)
    away = np.divide(1.0, W, out=np.zeros_like(W), where=W > 0)
    distance, before = csgraph.dijkstra(sparse.csr_array(away), return_predecessors=True)
    passed = np.zeros(n)
    for source in range(n):
        carried = np.zeros(n)
        reached = np.flatnonzero(np.isfinite(distance[source]))
        for node in reached[np.argsort(-distance[source, reached], kind="stable")].tolist():
            previous = before[source, node]
            if previous >= 0:
                carried[previous] += 1.0 + carried[node]
        carried[source] = 0.0
        passed += carried
    return np.asarray(passed / ((n - 1) * (n - 2)))


def calc_katz(W: FloatArray) -> FloatArray:
    """Calculate c = (I - a W)^-1 1: how far a node's sales reach, each step damped by a."""
    n = len(W)
    radius = float(np.abs(np.linalg.eigvals(W)).max()) if n else 0.0
    # A network without cycles has radius zero: any damping converges, so the largest flow scales it.
    scale = radius or float(W.max(initial=1.0))
    step = np.eye(n) - KATZ_STRENGTH / scale * W
    return np.linalg.solve(step, np.ones(n)).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """A network that delivers to one node: capacities as observed, own supply of every node.

    W : (n, n) most that row can send to column.   own : (n,) supply of its own.
    sink : the node that receives.
    """

    W: FloatArray
    own: FloatArray
    sink: int


def observe_delivery(W: FloatArray, sink: int) -> Delivery:
    """Take observed flows as capacities; own supply is what a node sells above what it buys."""
    own = np.clip(W.sum(axis=1) - W.sum(axis=0), 0, None)
    own[sink] = 0.0
    return Delivery(W, own, sink)


def calc_delivery_losses(delivery: Delivery, cuts: Iterable[IntArray]) -> FloatArray:
    """Calculate the share of the deliverable flow lost when sets of nodes are removed.

    Counts what third countries only pass on: without the origin, a hub has nothing to send.

    Parameters
    ----------
    cuts : sets of nodes, one for N-1, two for N-2.

    Returns
    -------
    (c,) float
        0 to 1; NaN where nothing can be delivered in the first place.

    Source
    ------
    Maximum flow (Ford and Fulkerson 1956) by scipy.
    """
    n = len(delivery.W)
    scale = WHOLE / max(
        float(delivery.W.max(initial=0.0)), float(delivery.own.max(initial=0.0)), 1e-300
    )
    whole = _deliver(delivery, np.zeros(n, dtype=bool), scale)
    losses = []
    for cut in cuts:
        gone = np.zeros(n, dtype=bool)
        gone[cut] = True
        left = _deliver(delivery, gone, scale)
        losses.append(1 - left / whole if whole else np.nan)
    return np.array(losses)


def _deliver(delivery: Delivery, gone: BoolArray, scale: float) -> int:
    """Calculate the maximum flow from all own supply to the sink without the nodes gone."""
    n = len(delivery.W)
    open_ = ~gone
    W = np.where(open_[:, None] & open_[None, :], delivery.W, 0.0)
    own = np.where(open_, delivery.own, 0.0)
    seller, buyer = np.nonzero(W)
    supply = np.flatnonzero(own)
    rows = np.concatenate([np.full(len(supply), n), seller])
    columns = np.concatenate([supply, buyer])
    # scipy wants 32-bit whole numbers
    amounts = np.concatenate([own[supply], W[seller, buyer]]) * scale
    graph = sparse.csr_array(
        (np.maximum(amounts, 1).astype(np.int32), (rows, columns)), shape=(n + 1, n + 1)
    )
    return int(csgraph.maximum_flow(graph, n, delivery.sink).flow_value)
