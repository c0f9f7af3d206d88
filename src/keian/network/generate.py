"""Synthetic national networks whose flows between industries are those of an input-output table.

Equations (3.1) to (3.6) of docs/method/firms.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from keian.core import CLEAR, InputError, Label, Problem, Source
from keian.network._kernels import (
    draw_suppliers,
    draw_units,
    mark_cells,
    merge_links,
    sort_within,
    weigh_links,
)
from keian.network.arrange import Firms, Links, Tag, make_network
from keian.network.nouns import FirmNetwork, Floats, Longs

ROUNDS = 3  # of spreading the table over links by size, and size by what is sold
LEAST_FINAL = 0.02  # of a firm's size goes to final users at least, before scaling to the table
MOST_DEGREE = 100.0  # times the mean: keeps the greatest client below the number of firms
SIZE, CLIENT, SUPPLIER, CHOICE, ROUND = range(1, 6)  # streams of random numbers
ID_DIGITS = 9
LEAST_EXPONENT = 2.0  # at or below it the mean degree is not finite


@dataclass(frozen=True, slots=True)
class IndustryTable:
    """The part of an input-output table that a network is made from; money per year.

    Z : (P, P) flows within the country, row sells to column.   x : (P,) output.
    regions : (R,) names.   shares : (P, R) share of an industry's output by region, rows sum to 1.
    """

    name: str
    currency: str
    year: int | None
    products: tuple[str, ...]
    Z: Floats
    x: Floats
    regions: tuple[str, ...]
    shares: Floats
    sources: tuple[Source, ...]
    label: Label = CLEAR


@dataclass(frozen=True, slots=True)
class Shape:
    """Form of a synthetic network.

    supplier_exponent, client_exponent : tail exponents of the number of suppliers of a firm and of
        its clients (density of degree k falls as k ** -exponent; above 2).
    size_exponent : tail exponent of sales; 2.06 is near Zipf's law.
    tied_share : share of firms whose degrees follow their rank by size.
    local_share : share of links that look for a supplier in the client's region first.
    """

    firms: int
    links: int
    supplier_exponent: float = 2.35
    client_exponent: float = 2.35
    size_exponent: float = 2.06
    tied_share: float = 0.5
    local_share: float = 0.5


def generate_network(table: IndustryTable, shape: Shape, seed: int) -> FirmNetwork:
    """Draw a network; the same table, shape and seed give the same bits.

    Sales between industries sum to the table's Z in every cell, sales of an industry to its output.

    Parameters
    ----------
    table : flows between industries; see `IndustryTable`.
    shape : numbers of firms and links, exponents.
    seed : of all draws.

    Raises
    ------
    InputError
        The table cannot carry a network, or the shape is impossible; all problems together.

    Examples
    --------
    >>> from keian.network.samples import make_two_industries
    >>> network = generate_network(make_two_industries(), Shape(firms=60, links=240), seed=7)
    >>> network.firm_count
    60
    """
    problems = [*_check_table(table), *_check_shape(shape, len(table.products))]
    if problems:
        raise InputError(problems)
    # hashes wrap around; only the uncompiled ones (NUMBA_DISABLE_JIT) would warn of it
    with np.errstate(over="ignore"):
        return _draw_network(table, shape, seed)


def _draw_network(table: IndustryTable, shape: Shape, seed: int) -> FirmNetwork:
    firms, rank = _draw_firms(table, shape, seed)
    start = _draw_degrees(shape, seed, rank)
    reach = _draw_pareto(shape, seed, SUPPLIER, rank, shape.client_exponent)
    cells = _find_cells(firms, len(table.products), len(table.regions))
    mix = np.ascontiguousarray(np.cumsum(table.Z, axis=0).T)
    start, supplier = _drop_buyers_of_nothing(start, firms, mix)
    supplier = draw_suppliers(
        seed, shape.local_share, start, firms.product, firms.region, mix, cells, np.cumsum(reach)
    )
    value = np.zeros(supplier.size)
    sort_within(supplier, value, start)
    start, supplier, value = merge_links(start, supplier, value)
    start, supplier = _cover_cells(start, supplier, firms, table, cells)
    links, sales = _weigh(start, supplier, firms, table)
    done = Firms(
        ids=firms.ids, products=firms.products, regions=firms.regions, areas=(),
        product=firms.product, region=firms.region, area=firms.area,
        sales=sales, capacity=firms.capacity,
    )  # fmt: skip
    return _name_network(done, links, table, shape, seed)


def _name_network(
    firms: Firms, links: Links, table: IndustryTable, shape: Shape, seed: int
) -> FirmNetwork:
    note = (
        f"seed {seed}; suppliers ^-{shape.supplier_exponent}, clients ^-{shape.client_exponent}, "
        f"sizes ^-{shape.size_exponent}, tied {shape.tied_share}, local {shape.local_share}"
    )
    drawn = Source(
        id="synthetic-network",
        title="Firms and links drawn at random; only flows between industries are those of a table",
        kind="assumption",
        note=note,
    )
    name = f"synthetic-{table.name}"
    tag = Tag(name, table.currency, table.year, (*table.sources, drawn), table.label)
    return make_network(firms, links, tag)


def _draw_firms(table: IndustryTable, shape: Shape, seed: int) -> tuple[Firms, Floats]:
    """Draw product, region and size of each firm, in order; also their rank by size in (0, 1)."""
    import pyarrow as pa

    per_product = _split_count(shape.firms, table.x)
    product = np.repeat(np.arange(len(table.products), dtype=np.int32), per_product)
    # where firms stand: quotas by region, so that a region's share of firms is that of its output
    u = np.empty(shape.firms)
    draw_units(seed, CHOICE, u)
    bounds = np.cumsum(table.shares, axis=1)
    region = np.minimum((u[:, None] > bounds[product]).sum(axis=1), len(table.regions) - 1)
    rank = np.empty(shape.firms)
    draw_units(seed, SIZE, rank)
    size = rank ** (-1.0 / (shape.size_exponent - 1.0))
    size *= (table.x / np.bincount(product, size, len(table.products)))[product]
    order = np.lexsort((-size, region, product))
    numbers = np.arange(1, shape.firms + 1)
    ids = pa.array(np.char.zfill(numbers.astype(f"U{ID_DIGITS}"), ID_DIGITS)).cast(
        pa.large_string()
    )
    firms = Firms(
        ids=ids,
        products=table.products,
        regions=table.regions,
        areas=(),
        product=product[order],
        region=region[order].astype(np.int32),
        area=np.full(shape.firms, -1, np.int32),
        sales=size[order],
        capacity=np.full(shape.firms, np.nan),
    )
    return firms, rank[order]


def _split_count(firms: int, x: Floats) -> Longs:
    """Split the number of firms over industries by the root of their output, one at least.

    Large industries have larger firms too; the root is an assumption (3.1).
    """
    weight = np.sqrt(x)
    exact = (firms - x.size) * weight / weight.sum()
    count = np.floor(exact).astype(np.int64)
    missing = firms - x.size - int(count.sum())
    count[np.argsort(count - exact, kind="stable")[:missing]] += 1
    counts: Longs = count + 1
    return counts


def _draw_pareto(shape: Shape, seed: int, stream: int, rank: Floats, exponent: float) -> Floats:
    """Draw numbers with a Pareto tail, tied to the rank by size for a share of firms (3.2)."""
    own, which = np.empty(rank.size), np.empty(rank.size)
    draw_units(seed, stream, own)
    draw_units(seed, stream + 100, which)
    u = np.where(which < shape.tied_share, rank, own)
    drawn: Floats = u ** (-1.0 / (exponent - 1.0))
    return np.minimum(drawn, MOST_DEGREE * rank.size / 1000 + MOST_DEGREE)


def _draw_degrees(shape: Shape, seed: int, rank: Floats) -> Longs:
    """Draw how many suppliers each firm looks for (3.2); what sums to the asked number of links."""
    wanted = _draw_pareto(shape, seed, CLIENT, rank, shape.supplier_exponent)
    wanted *= shape.links / wanted.sum()
    u = np.empty(rank.size)
    draw_units(seed, ROUND, u)
    counts = np.floor(wanted + u).astype(np.int64)
    return np.concatenate([[0], np.cumsum(np.minimum(counts, rank.size // 2))])


def _drop_buyers_of_nothing(
    start: Longs, firms: Firms, mix: Floats
) -> tuple[Longs, npt.NDArray[np.int32]]:
    """Give no suppliers to firms of an industry that buys nothing within the country."""
    buys = mix[:, -1] > 0
    counts = np.where(buys[firms.product], np.diff(start), 0)
    return np.concatenate([[0], np.cumsum(counts)]), np.empty(0, np.int32)


def _find_cells(firms: Firms, products: int, regions: int) -> Longs:
    """Find where the firms of each product and region begin."""
    cell = firms.product.astype(np.int64) * regions + firms.region
    counts = np.bincount(cell, minlength=products * regions)
    return np.concatenate([[0], np.cumsum(counts)])


def _cover_cells(
    start: Longs,
    supplier: npt.NDArray[np.int32],
    firms: Firms,
    table: IndustryTable,
    cells: Longs,
) -> tuple[Longs, npt.NDArray[np.int32]]:
    """Give one link to every cell of the table that the draw left without one (3.3)."""
    count, regions = len(table.products), len(table.regions)
    seen = mark_cells(start, supplier, firms.product, count)
    first = cells[::regions]
    largest = np.array([a + np.argmax(firms.sales[a:z]) for a, z in pairwise(first)])
    sellers, buyers = np.nonzero((table.Z > 0) & ~seen)
    # an industry of one firm cannot sell to itself: the caller refuses such a table
    second = np.where(
        np.diff(first) > 1, np.where(largest == first[:-1], first[:-1] + 1, first[:-1]), largest
    )
    clients = np.where(sellers == buyers, second[buyers], largest[buyers])
    added = largest[sellers].astype(np.int32)
    owners = np.concatenate([np.repeat(np.arange(firms.sales.size), np.diff(start)), clients])
    both = np.concatenate([supplier, added])
    order = np.lexsort((both, owners)) if added.size else slice(None)
    counts = np.bincount(owners, minlength=firms.sales.size)
    return np.concatenate([[0], np.cumsum(counts)]), both[order]


def _weigh(
    start: Longs, supplier: npt.NDArray[np.int32], firms: Firms, table: IndustryTable
) -> tuple[Links, Floats]:
    """Spread the table over the links and final sales over the firms (3.4 to 3.6)."""
    size, count = firms.sales, len(table.products)
    final = table.x - table.Z.sum(axis=1)
    value = np.empty(supplier.size)
    sales = size
    for _ in range(ROUNDS):
        weigh_links(start, supplier, firms.product, sales, table.Z, value)
        sold = np.bincount(supplier, value, size.size)
        left = np.maximum(size - sold, LEAST_FINAL * size)
        total = np.bincount(firms.product, left, count)
        sales = sold + left * (final / total)[firms.product]
    return Links(start, supplier, value), sales


def _check_table(table: IndustryTable) -> list[Problem]:
    """List what keeps a table from carrying a network."""
    where, problems = f"table {table.name}", []
    P, R = len(table.products), len(table.regions)
    shapes = {"Z": (table.Z, (P, P)), "x": (table.x, (P,)), "shares": (table.shares, (P, R))}
    for key, (array, shape) in shapes.items():
        if array.shape != shape or not np.isfinite(array).all() or (array < 0).any():
            wanted = f"{shape} finite numbers, none negative"
            problems.append(Problem(f"{where}: {key}", str(array.shape), wanted, "correct them"))
    if problems:
        return problems
    final = table.x - table.Z.sum(axis=1)
    problems += [
        Problem(f"{where}: {name}", f"sells {-gap:.3g} more to industries than it makes",
                "output at least the sum of its row", "add imports or correct the row")
        for name, gap in zip(table.products, final, strict=True) if gap < 0
    ]  # fmt: skip
    problems += [
        Problem(f"{where}: {name}", "no output", "output above 0", "leave the industry out")
        for name, x in zip(table.products, table.x, strict=True)
        if x <= 0
    ]
    if not np.allclose(table.shares.sum(axis=1), 1.0):
        problems.append(Problem(f"{where}: shares", "rows that do not sum to 1", "1", "scale them"))
    return problems


def _check_shape(shape: Shape, products: int) -> list[Problem]:
    """List what is impossible in a shape."""
    problems = []
    if shape.firms < 3 * products:
        wanted = f"{3 * products} at least, three for each industry"
        problems.append(Problem("firms", f"{shape.firms}", wanted, "ask for more firms"))
    if not 0 < shape.links <= shape.firms * (shape.firms - 1) // 4:
        wanted = "1 to a quarter of all pairs of firms"
        problems.append(Problem("links", f"{shape.links}", wanted, "ask for another number"))
    problems += [
        Problem(key, f"{getattr(shape, key)}", "above 2 (a finite mean)", "try 2.35")
        for key in ("supplier_exponent", "client_exponent", "size_exponent")
        if not getattr(shape, key) > LEAST_EXPONENT
    ]
    problems += [
        Problem(key, f"{getattr(shape, key)}", "0 to 1", "correct it")
        for key in ("tied_share", "local_share")
        if not 0 <= getattr(shape, key) <= 1
    ]
    return problems
