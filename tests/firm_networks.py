"""Small networks for tests: drawn at random, or written by hand."""

import numpy as np
import pyarrow as pa

from keian.core import CLEAR, Source
from keian.network.arrange import Firms, Tag, make_network, order_firms, order_links

SOURCE = Source(id="made-for-tests", title="Made for tests", kind="assumption")
TAG = Tag("test", "money", 2020, (SOURCE,), CLEAR)


def draw_network(seed, firms=40, links=140, products=4, regions=3, known=True):
    """A network with hubs, unknown and known capacities, and firms without suppliers or clients."""
    rng = np.random.default_rng(seed)
    product = rng.integers(0, products, firms)
    product[:products] = np.arange(products)
    pairs = set()
    while len(pairs) < links:
        j, i = rng.integers(0, firms, 2)
        if rng.random() < 0.3:
            j = rng.integers(0, 3)  # hubs
        if i != j:
            pairs.add((int(j), int(i)))
    supplier, client = (np.array(side, np.int32) for side in zip(*sorted(pairs), strict=True))
    value = rng.lognormal(2, 1, links)
    sold = np.bincount(supplier, value, firms)
    capacity = np.where((rng.random(firms) < 0.5) & known, 0.0, np.nan)
    sales = sold * rng.uniform(0.95, 1.5, firms) + rng.uniform(0.5, 20, firms)
    capacity = np.where(np.isnan(capacity), np.nan, sales * rng.uniform(0.9, 1.4, firms))
    return build(
        product, rng.integers(0, regions, firms), sales, capacity, (supplier, client, value)
    )


def build(product, region, sales, capacity, links):
    """Build a network from arrays in any order."""
    n = len(product)
    firms = Firms(
        ids=pa.array([f"f{k}" for k in range(n)], pa.large_string()),
        products=tuple(f"p{k}" for k in range(max(product) + 1)),
        regions=tuple(f"r{k}" for k in range(max(region) + 1)),
        areas=(),
        product=np.asarray(product, np.int32),
        region=np.asarray(region, np.int32),
        area=np.full(n, -1, np.int32),
        sales=np.asarray(sales, float),
        capacity=np.asarray(capacity, float),
    )
    ordered, place = order_firms(firms)
    supplier, client, value = links
    kept = order_links(
        n,
        place[supplier].astype(np.int32),
        place[client].astype(np.int32),
        np.asarray(value, float),
    )
    return make_network(ordered, kept, TAG)
