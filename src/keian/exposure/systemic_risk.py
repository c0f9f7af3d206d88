"""Systemic risk of single firms (ESRI) on a network given as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from keian.economy.nouns import FloatArray, IntArray
from keian.exposure._kernels import cascade_down, cascade_up


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
) -> SystemicRisk:
    """Calculate the index of every firm, each failing alone and wholly.

    Parameters
    ----------
    W : (n, n) sales, row sells to column, dense or scipy sparse.
    sector : (n,) int from 0.   essential : (sectors, sectors) 2 essential, 1 not, 0 negligible.
    revenue : (n,) sales with final demand; None = sales to firms only, and then a closed cycle
        loses everything upstream.
    weights : (n,) of the loss; None = revenue or sales.
    market : (n,) int, firms that can replace one another; None = nobody can.
    epsilon : the cascade stops when no firm falls by more.

    Source
    ------
    Diem, Borsos, Reisch, Kertesz, Thurner 2022, Scientific Reports 12:7719.
    """
    by_client = sparse.csc_array(W, dtype=float)
    by_client.sort_indices()
    n = by_client.shape[0]
    supplier = by_client.indices.astype(np.int64)
    client = np.repeat(np.arange(n), np.diff(by_client.indptr))
    branch = np.asarray(sector, dtype=np.int64)
    sales: FloatArray = np.asarray(by_client.sum(axis=1)).ravel()
    kind = np.asarray(essential, dtype=np.int64)[branch[supplier], branch[client]]
    sectors = int(branch.max()) + 1
    cell = client * sectors + branch[supplier]
    _, group = np.unique(cell, return_inverse=True)
    of_sector = np.bincount(group, weights=by_client.data)[group]
    bought: FloatArray = np.asarray(by_client.sum(axis=0)).ravel()[client]
    down = by_client.data / np.where(kind == 2, of_sector, bought)  # noqa: PLR2004 - the code
    by_supplier = sparse.csr_array(by_client)
    seller = np.repeat(np.arange(n), np.diff(by_supplier.indptr))
    up = by_supplier.data / (sales if revenue is None else revenue)[seller]
    worth = weights if weights is not None else sales if revenue is None else revenue
    start, onward = by_client.indptr.astype(np.int64), by_supplier.indptr.astype(np.int64)
    clients = by_supplier.indices.astype(np.int64)
    places = branch if market is None else np.asarray(market, dtype=np.int64)
    found = np.empty((3, n))
    first, low, high, lost = np.ones(n), np.ones(n), np.ones(n), np.zeros(sectors)
    for firm in range(n):
        first[firm] = 0.0
        cascade_down(
            start, supplier, down, kind, branch, sales, places, market is not None, first,
            epsilon, low, lost,
        )  # fmt: skip
        cascade_up(onward, clients, up, first, epsilon, high)
        for row, level in enumerate((low, high, np.minimum(low, high))):
            found[row, firm] = worth @ (1.0 - level) / worth.sum()
        first[firm] = 1.0
    return SystemicRisk(found[0], found[1], found[2])
