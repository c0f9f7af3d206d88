"""Systemic risk of single firms (ESRI) on a network given as arrays."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from keian.core import InputError, Problem
from keian.economy.nouns import FloatArray, IntArray
from keian.exposure._arrays import CascadeNet, CascadeWork, Longs
from keian.exposure._kernels import LANES, fail_each

BLOCK = 8 * LANES  # firms that a thread takes at once; small, so that two threads end together
ESSENTIAL = 2  # code of an input without which a sector stops
QUIET = 1e-14  # a firm is passed on only once it fell by more: hundreds of steps stay below 1e-10
CODES = (0, 1, ESSENTIAL)
ROUNDING = 1e-9  # sales to firms may exceed the revenue given by this share


@dataclass(frozen=True, slots=True, eq=False)
class SystemicRisk:
    """Share of all weight that falls when one firm stops: (n,) each, 0 to 1."""

    downstream: FloatArray
    upstream: FloatArray
    both: FloatArray


def calc_esri(  # noqa: PLR0913 - every option is part of the published definition
    W: Any,  # noqa: ANN401 - a dense or a sparse matrix
    sector: IntArray,
    essential: IntArray,
    *,
    revenue: FloatArray | None = None,
    weights: FloatArray | None = None,
    market: IntArray | None = None,
    epsilon: float = 1e-10,
    threads: int | None = None,
) -> SystemicRisk:
    """Calculate the index of every firm, each failing alone and wholly; equations (17) to (21).

    On region-sectors instead of firms the figures mean something else: a sector never fails as a
    whole, its firms replace one another unseen, and links that exist only between some firms look as
    if all had them. Such figures rank sectors and are no firm's risk (Diem et al. 2024).

    Parameters
    ----------
    W : (n, n) sales, row sells to column, dense or scipy sparse; nobody sells to itself.
    sector : (n,) int from 0.   essential : (sectors, sectors) 2 essential, 1 not, 0 negligible.
    revenue : (n,) sales with final demand; None = sales to firms only, and then a closed cycle
        loses everything upstream.
    weights : (n,) of the loss; None = revenue or sales.
    market : (n,) int, firms that can replace one another; None = nobody can.
    epsilon : the cascade stops when no firm falls by more in a step.
    threads : None = one per core; the result is the same to the last bit.

    Raises
    ------
    InputError
        With every problem of the arrays.

    Source
    ------
    Diem, Borsos, Reisch, Kertesz, Thurner 2022, Scientific Reports 12:7719.
    """
    problems = _check_links(W, sector, essential)
    options = {"revenue": revenue, "weights": weights, "market": market}
    problems += _check_options(W, options, epsilon)
    if problems:
        raise InputError(problems)
    links = sparse.csc_array(W, dtype=float, copy=True)  # sorted below; W stays as it was
    links.sum_duplicates()
    sales: FloatArray = np.asarray(links.sum(axis=1), dtype=np.float64).ravel()
    problems = _check_sales(sales, revenue, weights)
    if problems:
        raise InputError(problems)
    income = sales if revenue is None else np.asarray(revenue, dtype=float)
    # a copy: read-only arrays are another type to the compiler
    worth = np.array(income if weights is None else weights, dtype=float)
    places = np.asarray(sector if market is None else market, dtype=np.int64)
    _, places = np.unique(places, return_inverse=True)
    net = _arrange(links, np.asarray(sector, np.int64), np.asarray(essential), income, places)
    net = net._replace(sales=sales, worth=worth)
    found = _fail_all(net, market is not None, epsilon, threads or os.cpu_count() or 1)
    found /= worth.sum()
    return SystemicRisk(found[0], found[1], found[2])


def _fail_all(net: CascadeNet, replace: bool, epsilon: float, threads: int) -> FloatArray:
    """Let every firm fail, blocks of them in threads; each writes its own places only."""
    n, markets = net.worth.size, net.member_start.size - 1
    found = np.empty((3, n))

    def fail(blocks: range) -> None:
        work = CascadeWork(
            low=np.empty((n, LANES)), gone=np.empty((n, LANES)), told=np.empty((n, LANES)),
            changed=np.empty(n, np.int64), asked=np.empty(n, np.int64),
            is_asked=np.zeros(n, dtype=bool),
            dirty=np.empty(markets, np.int64), is_dirty=np.zeros(markets, dtype=bool),
            fallen=np.empty((n, LANES)), fallen_next=np.empty((n, LANES)),
            lost=np.empty(LANES), news=np.empty(LANES), fall=np.empty(LANES), busy=np.empty(LANES, dtype=bool),
        )  # fmt: skip
        for first in blocks:
            fail_each(first, min(n, first + BLOCK), net, work, replace, epsilon, QUIET, found)

    shares = [range(t * BLOCK, n, threads * BLOCK) for t in range(threads)]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for done in [pool.submit(fail, share) for share in shares]:
            done.result()
    return found


def _arrange(
    links: Any,  # noqa: ANN401 - a scipy sparse array
    sector: Longs,
    essential: IntArray,
    income: FloatArray,
    market: Longs,
) -> CascadeNet:
    """Sort links by client and by supplier and weigh them (17)."""
    links.eliminate_zeros()
    links.sort_indices()
    n = links.shape[0]
    supplier = links.indices.astype(np.int64)
    client = np.repeat(np.arange(n), np.diff(links.indptr))
    kind = np.asarray(essential, dtype=np.int64)[sector[supplier], sector[client]]
    _, group = np.unique(client * (sector.max() + 1) + sector[supplier], return_inverse=True)
    of_sector = np.bincount(group, weights=links.data)[group]
    bought = np.bincount(client, weights=links.data, minlength=n)[client]
    down = links.data / np.where(kind == ESSENTIAL, of_sector, bought)
    order = np.lexsort((supplier, sector[supplier], kind, client))
    order = order[kind[order] > 0]
    # links of one group follow one another: the code of a group is its client with its kind
    codes = len(essential) + 1
    essential_kind = np.where(kind == ESSENTIAL, sector[supplier] + 1, 0)
    groups, group_start = np.unique((client * codes + essential_kind)[order], return_index=True)
    back = np.lexsort((client[order], supplier[order]))
    sold = np.lexsort((client, supplier))
    none = np.empty(0)
    # places without a sign: the compiler leaves out the check for counting from the end
    return CascadeNet(
        group_of=_count_up(groups // codes, n), group_start=np.append(group_start, order.size),
        supplier=supplier[order].astype(np.uint32), down=down[order],
        out_start=_count_up(supplier[order], n), out_client=client[order][back],
        up_start=_count_up(supplier, n), up_client=client[sold].astype(np.uint32),
        up=(links.data / income[supplier])[sold],
        sales=none, worth=none, market=market,
        member_start=_count_up(market, int(market.max()) + 1),
        member=np.argsort(market, kind="stable").astype(np.uint32),
    )  # fmt: skip


def _count_up(owner: Longs, n: int) -> Longs:
    """Find where the entries of each owner begin once they are sorted."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=n))]).astype(np.int64)


def _check_links(W: Any, sector: IntArray, essential: IntArray) -> list[Problem]:  # noqa: ANN401 - dense or sparse
    """List what is wrong with links, sectors and the table of essential inputs."""
    problems = []
    shape = np.shape(W)
    if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:  # noqa: PLR2004 - a matrix
        problems.append(Problem("W", f"shape {shape}", "(n, n), n above 0", "give a square matrix"))
    else:
        links = sparse.csc_array(W, dtype=float)
        bad = int(np.count_nonzero(~(np.isfinite(links.data) & (links.data >= 0))))
        if bad:
            wanted = "finite numbers, none negative"
            problems.append(Problem("W", f"{bad} cells of another kind", wanted, "correct them"))
        own = np.flatnonzero(links.diagonal())
        if own.size:
            found = f"{own.size} firms sell to themselves, first {own[0]}"
            problems.append(Problem("W", found, "an empty diagonal", "leave out what stays inside"))
        if np.shape(sector) != shape[:1]:
            wanted = f"shape {shape[:1]}"
            problems.append(Problem("sector", f"{np.shape(sector)}", wanted, "one per firm"))
    table = np.asarray(essential)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:  # noqa: PLR2004 - a matrix
        wanted = "(sectors, sectors)"
        problems.append(Problem("essential", f"shape {table.shape}", wanted, "give a square table"))
    if not np.isin(table, CODES).all():
        problems.append(Problem("essential", "other codes", "0, 1 or 2", "correct them"))
    unknown = np.unique(np.asarray(sector)[~np.isin(sector, np.arange(len(table)))])
    if unknown.size:
        found = f"sectors {', '.join(map(str, unknown))}"
        problems.append(Problem("sector", found, f"0 to {len(table) - 1}", "add them to essential"))
    return problems


def _check_options(W: Any, options: dict[str, Any], epsilon: float) -> list[Problem]:  # noqa: ANN401 - dense or sparse
    """List what is wrong with the shapes and values of the options."""
    problems = []
    for name, array in options.items():
        if array is None:
            continue
        if np.shape(array) != np.shape(W)[:1]:
            wanted = f"shape {np.shape(W)[:1]}"
            problems.append(Problem(name, f"shape {np.shape(array)}", wanted, "one per firm"))
        if not np.all(np.isfinite(array) & (np.asarray(array) >= 0)):
            wanted = "finite numbers, none negative"
            problems.append(Problem(name, "cells of another kind", wanted, "correct them"))
    if not epsilon >= 0:
        problems.append(Problem("epsilon", f"{epsilon}", "0 or more", "try 1e-10"))
    return problems


def _check_sales(
    sales: FloatArray, revenue: FloatArray | None, weights: FloatArray | None
) -> list[Problem]:
    """List firms that sell more than their revenue, and weights that sum to nothing."""
    problems = []
    if revenue is not None:
        over = np.flatnonzero(sales > np.asarray(revenue) * (1.0 + ROUNDING))
        if over.size:
            found = f"{over.size} firms sell more to firms than their revenue, first {over[0]}"
            problems.append(Problem("revenue", found, "sales with final demand", "correct them"))
    worth = weights if weights is not None else sales if revenue is None else revenue
    if not np.sum(worth) > 0:
        problems.append(Problem("weights", "sum of 0", "a sum above 0", "give weights"))
    return problems
