"""Riskiness of a product from its network of trade, after the IMF's working paper and wiiw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.economy.nouns import FloatArray
from keian.exposure.criteria import RankDraws
from keian.exposure.flows import Flows
from keian.exposure.ranks import calc_ranks, draw_weights, spread_ranks

COMPONENTS = ("concentration", "outdegree", "clustering", "few_exporters")


@dataclass(frozen=True, slots=True, eq=False)
class Riskiness:
    """Network riskiness of products; every component and score is (products,), higher = riskier.

    components : (products, 4) raw, in the order of COMPONENTS.
    mean, worst : of the rank-normalised components, 0 to 1.
    rank_low, rank_high : ends of the rank over weights of the components.
    """

    products: tuple[str, ...]
    components: FloatArray
    mean: FloatArray
    worst: FloatArray
    rank_low: FloatArray
    rank_high: FloatArray


def calc_riskiness(flows: Flows, year: int, rule: RankDraws) -> Riskiness:
    """Calculate the riskiness of every product traded in a year.

    Components: Herfindahl index of exporters; standard deviation of out-strength shares (outdegree
    centrality); mean weighted directed clustering; and one over the number of exporters that hold
    90 % of the exports (few alternatives). Non-tariff measures, the fifth of wiiw, are not there.

    Source
    ------
    Korniyenko, Pinat, Dew 2017 and Reiter, Stehrer 2021 for the list of components; weights and
    exact forms were not seen, so mean, worst and an interval over all weights are shown.
    """
    now = (flows.year == year) & (flows.value_kusd > 0)
    order = np.argsort(flows.product[now], kind="stable")
    product = flows.product[now][order]
    columns = [a[now][order] for a in (flows.exporter, flows.importer, flows.value_kusd)]
    there, first = np.unique(product, return_index=True)
    edges = [*first.tolist(), len(product)]
    rows = [
        describe_network(*(c[edges[p] : edges[p + 1]] for c in columns)) for p in range(len(there))
    ]
    components = np.array(rows).reshape(len(there), len(COMPONENTS))
    levels = np.column_stack([normalise_ranks(column) for column in components.T])
    weights = draw_weights(len(COMPONENTS), rule.draws)
    low, high = spread_ranks(weights @ levels.T, rule)
    names = tuple(flows.products[p] for p in there.tolist())
    return Riskiness(names, components, levels.mean(axis=1), levels.max(axis=1), low, high)


def normalise_ranks(values: FloatArray) -> FloatArray:
    """Spread values over 0-1 by rank, 1 = greatest; one value alone gets 1."""
    if len(values) == 1:
        return np.ones(1)
    return (len(values) - calc_ranks(values)) / (len(values) - 1)


def describe_network(
    exporter: FloatArray, importer: FloatArray, value: FloatArray
) -> tuple[float, float, float, float]:
    """Describe one product's network by the four components."""
    nodes, place = np.unique(np.concatenate([exporter, importer]), return_inverse=True)
    seller, buyer = place[: len(exporter)], place[len(exporter) :]
    strength = np.bincount(seller, weights=value, minlength=len(nodes))
    share = strength / strength.sum()
    ordered = np.sort(share)[::-1]
    exporters = int(np.searchsorted(np.cumsum(ordered), HELD) + 1)
    W = np.zeros((len(nodes), len(nodes)))
    W[seller, buyer] = value / value.max()
    return (
        float(np.sum(share**2)),
        float(share.std()),
        float(calc_clustering(W).mean()),
        1.0 / exporters,
    )


HELD = 0.9 - 1e-12  # share of exports that the "large" exporters hold together


def calc_clustering(W: FloatArray) -> FloatArray:
    """Calculate the weighted directed clustering coefficient of every node.

    Parameters
    ----------
    W : (n, n) float, weights 0 to 1, row sells to column, nothing on the diagonal.

    Source
    ------
    Fagiolo 2007, Physical Review E 76, 026107, equation 11.

    Examples
    --------
    >>> calc_clustering(np.ones((3, 3)) - np.eye(3)).tolist()
    [1.0, 1.0, 1.0]
    """
    root = np.cbrt(W)
    both = root + root.T
    triangles = np.einsum("ij,ij->i", both @ both, both)
    edges = (W > 0).astype(float)
    degree = edges.sum(axis=0) + edges.sum(axis=1)
    mutual = np.einsum("ij,ji->i", edges, edges)
    possible = 2 * (degree * (degree - 1) - 2 * mutual)
    found: FloatArray = np.divide(triangles, possible, out=np.zeros(len(W)), where=possible > 0)
    return found
