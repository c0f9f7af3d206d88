"""What a network is worth, in figures, and what makes it unfit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.core import Problem
from keian.network._kernels import count_faults
from keian.network.nouns import (
    FirmNetwork,
    Floats,
    calc_link_purchases,
    calc_link_sales,
    list_clients,
)

TAIL_DEGREE = 20  # tail exponents are fitted from this degree on
LEAST_TAIL = 50  # firms in the tail; fewer give no exponent
HALF = 0.5  # discrete degrees: the usual correction of the estimator
SLACK = 1.0 + 1e-9
QUANTILES = (0.5, 0.9, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Degrees:
    """Distribution of a degree: mean, median, 90 %, 99 %, greatest; tail exponent, NaN = no tail."""

    mean: float
    median: float
    p90: float
    p99: float
    most: float
    exponent: float


@dataclass(frozen=True, slots=True)
class NetworkVerdict:
    """What a network is worth. Shares are of firms unless said.

    suppliers, clients : degrees by firm.
    component_share : share of firms in the largest weakly connected component; `core_share` in the
        largest strongly connected one, in which every firm reaches every other.
    link_sales_share : links over all sales, money.
    oversold_count : firms whose links sell more than their sales.
    overbought_count : firms that buy more than they sell.
    capacity_known_share : firms whose capacity is known.
    pairs_share : share of pairs of industries that have a link.
    """

    name: str
    digest: str
    firms: int
    links: int
    products: int
    regions: int
    suppliers: Degrees
    clients: Degrees
    component_share: float
    components: int
    core_share: float
    alone_count: int
    link_sales_share: float
    oversold_count: int
    overbought_count: int
    capacity_known_share: float
    pairs_share: float
    self_links: int
    repeated_links: int
    repairs: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing makes the network unfit."""
        return not self.problems


def check_network(network: FirmNetwork) -> NetworkVerdict:
    """Judge a network: counts, degrees, components, coverage, and all that is wrong with it."""
    n, m = network.firm_count, network.link_count
    sold, bought = calc_link_sales(network), calc_link_purchases(network)
    buyers = np.diff(network.client_start)
    sellers = np.bincount(network.supplier, minlength=n)
    own, again, _, _ = count_faults(n, network.supplier, network.client_start)
    weak, largest, strong = _calc_components(network)
    P = len(network.products)
    pairs = np.unique(
        network.product[network.supplier].astype(np.int64) * P
        + network.product[list_clients(network)]
    ).size
    return NetworkVerdict(
        name=network.name,
        digest=network.digest,
        firms=n,
        links=m,
        products=P,
        regions=len(network.regions),
        suppliers=_describe_degrees(buyers.astype(np.float64)),
        clients=_describe_degrees(sellers.astype(np.float64)),
        component_share=largest / n,
        components=weak,
        core_share=strong / n,
        alone_count=int(((buyers == 0) & (sellers == 0)).sum()),
        link_sales_share=float(network.value.sum() / network.sales.sum()),
        oversold_count=int((sold > network.sales * SLACK).sum()),
        overbought_count=int((bought > np.maximum(network.sales, sold) * SLACK).sum()),
        capacity_known_share=float((~np.isnan(network.capacity)).mean()),
        pairs_share=pairs / P**2,
        self_links=int(own),
        repeated_links=int(again),
        repairs=network.repairs,
        problems=tuple(_list_problems(network, int(own), int(again))),
    )


def _describe_degrees(degree: Floats) -> Degrees:
    median, p90, p99, most = (float(q) for q in np.quantile(degree, QUANTILES))
    return Degrees(float(degree.mean()), median, p90, p99, most, calc_tail_exponent(degree))


def calc_tail_exponent(degree: Floats) -> float:
    """Calculate the exponent of a power-law tail, k ** -exponent, by maximum likelihood.

    Returns
    -------
    float
        NaN where fewer than 50 firms have a degree of 20 or more.

    Source
    ------
    Clauset, Shalizi, Newman 2009, SIAM Review 51, equation 3.7.

    Examples
    --------
    >>> u = (np.arange(20000) + 0.5) / 20000
    >>> abs(calc_tail_exponent(np.floor(20 * u ** (-1 / 1.5))) - 2.5) < 0.05
    True
    """
    tail = degree[degree >= TAIL_DEGREE]
    if tail.size < LEAST_TAIL:
        return float("nan")
    return float(1.0 + tail.size / np.log(tail / (TAIL_DEGREE - HALF)).sum())


def _calc_components(network: FirmNetwork) -> tuple[int, int, int]:
    """Count components; sizes of the largest weak and the largest strong one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = network.firm_count
    start = network.client_start.astype(np.int32)
    ones = np.ones(network.link_count, np.int8)
    graph = csr_array((ones, np.asarray(network.supplier), start), shape=(n, n))
    weak, of_weak = connected_components(graph, directed=True, connection="weak")
    _, of_strong = connected_components(graph, directed=True, connection="strong")
    return int(weak), int(np.bincount(of_weak).max()), int(np.bincount(of_strong).max())


def _list_problems(network: FirmNetwork, own: int, again: int) -> list[Problem]:
    """List what a kernel could not play."""
    where = f"network {network.digest[:12]}"
    found = (
        (own, "firms that sell to themselves", "links between two firms", "drop the links"),
        (again, "links given twice", "each link once", "merge them"),
        (_count_bad(network.value), "links of no or no finite value", "above 0", "drop them"),
        (_count_bad(network.sales), "firms of no or no finite sales", "above 0", "leave them out"),
        (int((network.capacity < 0).sum()), "negative capacities", "0 or more", "correct them"),
    )
    return [
        Problem(where, f"{count} {what}", wanted, fix)
        for count, what, wanted, fix in found
        if count
    ]


def _count_bad(values: Floats) -> int:
    return int((~(np.isfinite(values) & (values > 0))).sum())
