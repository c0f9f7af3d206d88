"""Loops over firms and links: putting links in order, and the draws of a synthetic network.

Random numbers are a hash of (seed, stream, number), so that no order of work can change them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

F = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # splitmix64 (Steele, Lea, Flood 2014)
FIRST_MIX = np.uint64(0xBF58476D1CE4E5B9)
SECOND_MIX = np.uint64(0x94D049BB133111EB)
STREAM_MIX = np.uint64(0xD1342543DE82EF95)
TO_UNIT = 2.0**-53
SHORT = 24  # lists up to this length are sorted by insertion

entry = njit(error_model="numpy", cache=True, nogil=True)


@entry
def hash_unit(seed: np.uint64, stream: np.uint64, number: np.uint64) -> float:
    """Give a number in (0, 1) that depends on its three keys alone."""
    z = seed * STREAM_MIX + stream
    z = (z ^ (z >> np.uint64(32))) * FIRST_MIX + number * GOLDEN
    z = (z ^ (z >> np.uint64(30))) * FIRST_MIX
    z = (z ^ (z >> np.uint64(27))) * SECOND_MIX
    z ^= z >> np.uint64(31)
    return (float(z >> np.uint64(11)) + 0.5) * TO_UNIT


@entry
def draw_units(seed: int, stream: int, out: F) -> None:
    """Fill an array with numbers in (0, 1)."""
    for k in range(out.size):
        out[k] = hash_unit(np.uint64(seed), np.uint64(stream), np.uint64(k))


@entry
def sort_within(supplier: Ints, value: F, start: Longs) -> None:
    """Sort the links of every client by supplier, in place."""
    for i in range(start.size - 1):
        a, z = start[i], start[i + 1]
        if z - a <= SHORT:
            for k in range(a + 1, z):
                j, v, m = supplier[k], value[k], k
                while m > a and supplier[m - 1] > j:
                    supplier[m], value[m] = supplier[m - 1], value[m - 1]
                    m -= 1
                supplier[m], value[m] = j, v
        else:
            order = np.argsort(supplier[a:z], kind="mergesort")
            supplier[a:z] = supplier[a:z][order]
            value[a:z] = value[a:z][order]


@entry
def bucket_links(n: int, supplier: Ints, client: Ints, value: F) -> tuple[Longs, Ints, F, Longs]:
    """Put links in the order of clients; ties keep their order. Also return where each went."""
    start = np.zeros(n + 1, np.int64)
    for k in range(client.size):
        start[client[k] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    suppliers = np.empty(client.size, np.int32)
    values = np.empty(client.size, np.float64)
    place = np.empty(client.size, np.int64)
    for k in range(client.size):
        at = fill[client[k]]
        fill[client[k]] = at + 1
        suppliers[at], values[at], place[k] = supplier[k], value[k], at
    return start, suppliers, values, place


@entry
def count_faults(n: int, supplier: Ints, start: Longs) -> tuple[int, int, int, int]:
    """Count self links, repeated links, suppliers out of range and broken starts."""
    own, again, lost, broken = 0, 0, 0, 0
    if start[0] != 0 or start[n] != supplier.size:
        return own, again, lost, 1
    for i in range(n):
        if start[i + 1] < start[i] or start[i + 1] > supplier.size:
            return own, again, lost, broken + 1
        for k in range(start[i], start[i + 1]):
            own += supplier[k] == i
            again += k > start[i] and supplier[k] == supplier[k - 1]
            lost += supplier[k] < 0 or supplier[k] >= n
    return own, again, lost, broken


@entry
def merge_links(start: Longs, supplier: Ints, value: F) -> tuple[Longs, Ints, F]:
    """Drop self links and add up repeated ones; links are sorted."""
    n = start.size - 1
    first = np.zeros(n + 1, np.int64)
    to = 0
    suppliers, values = np.empty_like(supplier), np.empty_like(value)
    for i in range(n):
        for k in range(start[i], start[i + 1]):
            if supplier[k] == i:
                continue
            if to > first[i] and suppliers[to - 1] == supplier[k]:
                values[to - 1] += value[k]
                continue
            suppliers[to], values[to] = supplier[k], value[k]
            to += 1
        first[i + 1] = to
    return first, suppliers[:to].copy(), values[:to].copy()


@entry
def find_above(cumulated: F, a: int, z: int, target: float) -> int:
    """Find the first place of a to z - 1 whose cumulated weight is above the target."""
    last = z - 1
    while a < last:
        middle = (a + last) // 2
        if cumulated[middle] > target:
            last = middle
        else:
            a = middle + 1
    return a


@entry
def draw_suppliers(
    seed: int, local: float, start: Longs, product: Ints, region: Ints, mix: F,
    cell_start: Longs, reach: F,
) -> Ints:  # fmt: skip
    """Draw a supplier for every link: product from the client's recipe, firm by its reach.

    start : (N + 1,) links of each client.      mix : (P, P) cumulated purchases by client product.
    cell_start : (P * R + 1,) firms of a product and region.      reach : (N,) cumulated weights.
    """
    n_products = mix.shape[0]
    n_regions = (cell_start.size - 1) // n_products
    s = np.uint64(seed)
    out = np.empty(start[-1], np.int32)
    for i in range(product.size):
        row = mix[product[i]]
        for k in range(start[i], start[i + 1]):
            number = np.uint64(k)
            u = hash_unit(s, np.uint64(11), number)
            p = find_above(row, 0, n_products, u * row[n_products - 1])
            a, z = cell_start[p * n_regions], cell_start[(p + 1) * n_regions]
            c = p * n_regions + region[i]
            near = cell_start[c + 1] > cell_start[c]
            if near and hash_unit(s, np.uint64(12), number) < local:
                a, z = cell_start[c], cell_start[c + 1]
            low = reach[a - 1] if a > 0 else 0.0
            u = hash_unit(s, np.uint64(13), number)
            out[k] = find_above(reach, a, z, low + u * (reach[z - 1] - low))
    return out


@entry
def weigh_links(start: Longs, supplier: Ints, product: Ints, size: F, Z: F, value: F) -> None:
    """Spread each cell of the table over its links, by size of client and supplier (3.4, 3.5)."""
    n_products = Z.shape[0]
    total = np.zeros((n_products, n_products))
    for i in range(product.size):
        k, q = start[i], product[i]
        while k < start[i + 1]:
            p, weight, m = product[supplier[k]], 0.0, k
            while m < start[i + 1] and product[supplier[m]] == p:
                weight += size[supplier[m]]
                m += 1
            for e in range(k, m):
                value[e] = size[i] * size[supplier[e]] / weight
                total[p, q] += value[e]
            k = m
    for i in range(product.size):
        for k in range(start[i], start[i + 1]):
            p, q = product[supplier[k]], product[i]
            value[k] *= Z[p, q] / total[p, q]


@entry
def mark_cells(
    start: Longs, supplier: Ints, product: Ints, n_products: int
) -> npt.NDArray[np.bool_]:
    """Mark the cells (supplier's product, client's product) that have a link."""
    seen = np.zeros((n_products, n_products), np.bool_)
    for i in range(product.size):
        for k in range(start[i], start[i + 1]):
            seen[product[supplier[k]], product[i]] = True
    return seen
