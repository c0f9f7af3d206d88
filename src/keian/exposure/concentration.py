"""Concentration of suppliers: shares, Herfindahl index, greatest supplier, number of suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.economy.nouns import FloatArray, IntArray

NOBODY = -1
Places = npt.NDArray[np.integer[Any]]  # numbers of cells or groups, of any width


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """Concentration in each cell (product and year); missing where a cell has no known amount.

    total : (c,) sum of the amounts.   hhi : (c,) sum of squared shares, 0 to 1.
    top : (c,) index of the greatest partner, -1 = none.   top_share : (c,) its share.
    count : (c,) partners with an amount above zero.
    """

    total: FloatArray
    hhi: FloatArray
    top: IntArray
    top_share: FloatArray
    count: IntArray


def calc_concentration(
    cell: Places, partner: Places, amount: FloatArray, cells: int
) -> Concentration:
    """Calculate the concentration of each cell.

    Parameters
    ----------
    cell : (n,) int, number of the cell of each row.
    partner : (n,) int, partner; each stands once in a cell.
    amount : (n,) float, value or quantity; NaN = missing, left out of the shares.
    cells : number of cells.

    Returns
    -------
    Concentration
        Of equal partners the one with the lowest index is named the greatest.

    Source
    ------
    Hirschman 1964; scale 0-1 throughout, conversions to 100 or 10,000 only where printed.

    Examples
    --------
    >>> found = calc_concentration(np.array([0, 0]), np.array([3, 5]), np.array([3.0, 1.0]), 2)
    >>> float(found.hhi[0]), int(found.top[0]), float(found.top_share[0]), int(found.count[1])
    (0.625, 3, 0.75, 0)
    """
    known = amount > 0
    cell, partner, amount = cell[known], partner[known], amount[known]
    total = sum_by(cell, amount, cells)
    share = amount / total[cell]
    hhi = sum_by(cell, share * share, cells)
    count = np.bincount(cell, minlength=cells).astype(np.int32)
    top_share = np.zeros(cells)
    np.maximum.at(top_share, cell, share)
    greatest = share == top_share[cell]
    top = np.full(cells, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(top, cell[greatest], partner[greatest].astype(np.int32))
    empty = count == 0
    for array in (total, hhi, top_share):
        array[empty] = np.nan
    top[empty] = NOBODY
    return Concentration(total, hhi, top, top_share, count)


def calc_ratio(upper: FloatArray, lower: FloatArray, *, none_lower: float = np.nan) -> FloatArray:
    """Calculate a ratio; `none_lower` stands where the lower amount is zero or absent.

    A missing upper amount stays missing.
    """
    ratio = np.full(upper.shape, none_lower)
    np.divide(upper, lower, out=ratio, where=lower > 0)
    ratio[np.isnan(upper)] = np.nan
    return ratio


def sum_by(group: Places, amount: FloatArray, groups: int) -> FloatArray:
    """Sum amounts by group; a group without rows has 0."""
    return np.bincount(group, weights=amount, minlength=groups).astype(np.float64, copy=False)


def sum_known(group: Places, amount: FloatArray, groups: int) -> FloatArray:
    """Sum what is known in each group; NaN where nothing is.

    Examples
    --------
    >>> sum_known(np.array([0, 0, 1]), np.array([2.0, np.nan, np.nan]), 2).tolist()
    [2.0, nan]
    """
    known = ~np.isnan(amount)
    total = sum_by(group[known], amount[known], groups)
    total[np.bincount(group[known], minlength=groups) == 0] = np.nan
    return total
