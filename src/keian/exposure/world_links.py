"""Links of a world table, factorised once: Leontief and Ghosh sums, look-through, pass-through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu

from keian.core import DataError, Problem
from keian.economy.nouns import BoolArray, FloatArray, IntArray

SPARSE_SHARE = 0.05  # filled cells below which a sparse factorisation is smaller and faster
BLOCK = 256  # right-hand sides solved at once: enough for the BLAS, little memory


@dataclass(frozen=True, slots=True, eq=False)
class WorldLinks:
    """Input coefficients of n units with I - A factorised; L itself is never stored.

    A : (n, n) input per unit of output, row sells to column.   x, f : (n,) output, final demand.
    factors : of I - A, dense (LAPACK) or sparse (SuperLU).
    """

    A: Any
    x: FloatArray
    f: FloatArray
    factors: Any
    is_sparse: bool


def factorise(Z: Any, x: FloatArray) -> WorldLinks:  # noqa: ANN401 - a dense or a sparse matrix
    """Factorise I - A of a table.

    Parameters
    ----------
    Z : (n, n) dense array or scipy sparse array, MUSD/year, row sells to column.
    x : (n,) output, MUSD/year; 0 = the unit takes no part.

    Raises
    ------
    DataError
        Shapes differ, or inputs of a unit exceed its output so far that I - A has no inverse.

    Source
    ------
    Miller and Blair 2009, chapter 2.
    """
    n = len(x)
    if Z.shape != (n, n):
        fix = "give one output for each row and column"
        raise DataError([Problem("Z", f"shape {Z.shape}", f"{(n, n)}", fix)])
    scale = np.divide(1.0, x, out=np.zeros(n), where=x > 0)
    f = x - np.asarray(Z.sum(axis=1)).ravel()
    is_sparse: bool = sparse.issparse(Z)
    filled = Z.nnz if is_sparse else np.count_nonzero(Z)
    if filled < SPARSE_SHARE * n * n:
        A = sparse.csc_array(Z) @ sparse.diags_array(scale)
        lower_upper = splu(sparse.csc_array(sparse.eye_array(n) - A))
        return WorldLinks(A, x, f, lower_upper, is_sparse=True)
    dense = Z.toarray() if is_sparse else np.asarray(Z, dtype=float)
    A = dense * scale
    gap = np.negative(A)
    gap.flat[:: n + 1] += 1.0
    factors = linalg.lu_factor(gap, overwrite_a=True, check_finite=False)
    if not np.all(np.abs(np.diag(factors[0])) > np.finfo(float).eps):
        wanted = "inputs below output"
        raise DataError([Problem("A", "I - A without inverse", wanted, "check Z and x")])
    return WorldLinks(A, x, f, factors, is_sparse=False)


def solve(links: WorldLinks, right: FloatArray) -> FloatArray:
    """Calculate L b for one or several right-hand sides: (n,) or (n, k)."""
    if links.is_sparse:
        return np.asarray(links.factors.solve(np.ascontiguousarray(right)))
    return np.asarray(linalg.lu_solve(links.factors, right, check_finite=False))


def solve_transposed(links: WorldLinks, right: FloatArray) -> FloatArray:
    """Calculate L' b for one or several right-hand sides: (n,) or (n, k)."""
    if links.is_sparse:
        return np.asarray(links.factors.solve(np.ascontiguousarray(right), trans="T"))
    return np.asarray(linalg.lu_solve(links.factors, right, trans=1, check_finite=False))


def calc_backward(links: WorldLinks) -> FloatArray:
    """Calculate the column sums of L: output called up by one unit of final demand.

    Returns
    -------
    (n,) float
    """
    return solve_transposed(links, np.ones(len(links.x)))


def calc_forward(links: WorldLinks) -> FloatArray:
    """Calculate the row sums of the Ghosh inverse G = x^-1 L x: output that one unit's input serves.

    Units without output have 1: themselves.

    Returns
    -------
    (n,) float
    """
    total = solve(links, links.x)
    return np.divide(total, links.x, out=np.ones(len(links.x)), where=links.x > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Reliance:
    """Where the inputs of units come from, at face value and looked through.

    face : (r, k) share of each origin in the direct inputs of each unit.
    look_through : (r, k) share of each origin in all direct and indirect inputs (L - I).
    hidden : (r, k) look-through over face value; NaN where face value is nothing.
    """

    face: FloatArray
    look_through: FloatArray
    hidden: FloatArray


def calc_reliance(links: WorldLinks, origin: IntArray, origins: int, units: IntArray) -> Reliance:
    """Calculate the reliance of units on inputs from each origin (a country, or a set of units).

    Parameters
    ----------
    origin : (n,) int, origin of each unit, 0 to origins - 1.
    units : (k,) int, the users.

    Source
    ------
    Baldwin, Freeman, Theodorakopoulos 2023: foreign input reliance, on gross production.
    """
    member = np.zeros((len(links.x), origins))
    member[np.arange(len(links.x)), origin] = 1.0
    direct = np.asarray((links.A[:, units]).T @ member).T
    # (L - I) column sums by origin; indirect inputs include the unit's own round trips.
    through = solve_transposed(links, member).T[:, units] - member[units].T
    return compare_reliance(direct, through)


def compare_reliance(direct: FloatArray, through: FloatArray) -> Reliance:
    """Turn inputs by origin into shares, and say how much of the reliance is hidden."""
    face = _share(direct)
    look = _share(through)
    hidden = np.divide(look, face, out=np.full(face.shape, np.nan), where=face > 0)
    return Reliance(face, look, hidden)


def _share(inputs: FloatArray) -> FloatArray:
    total = inputs.sum(axis=0)
    share: FloatArray = np.divide(inputs, total, out=np.full(inputs.shape, np.nan), where=total > 0)
    return share


def calc_sales_reliance(
    links: WorldLinks, market: IntArray, markets: int, units: IntArray
) -> Reliance:
    """Calculate the mirror on the sales side: which markets units sell to, directly and in the end.

    Uses B = x^-1 Z and G - I of Ghosh; sales to final users are not counted.

    Source
    ------
    Baldwin, Freeman, Theodorakopoulos 2023: foreign market reliance.
    """
    member = np.zeros((len(links.x), markets))
    member[np.arange(len(links.x)), market] = 1.0
    x = links.x
    weighted = x[:, None] * member
    scale = np.divide(1.0, x[units], out=np.zeros(len(units)), where=x[units] > 0)
    direct = np.asarray(links.A[units] @ weighted) * scale[:, None]
    through = solve(links, weighted)[units] * scale[:, None] - member[units]
    return compare_reliance(direct.T, through.T)


def calc_pass_through(
    links: WorldLinks, demand: FloatArray, sets: Mapping[str, BoolArray]
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Calculate how often paths from each origin to a destination visit a set of units.

    Parameters
    ----------
    demand : (n,) or (n, k) the destinations: a unit vector for one industry, or weights of several.
    sets : units visited, (n,) bool by name.

    Returns
    -------
    weight : shape of `demand`, L demand: the weight of all paths from each origin.
    frequency : for each set, (L D_S L demand) / (L demand), end points counted.

    Notes
    -----
    Subtract 1 where the origin lies in the set and 1 where the destination does for transits only.

    Source
    ------
    After Inomata and Hanaka 2021; PTF_ij(S) = (L D_S L)_ij / L_ij was derived here and confirmed by
    enumeration of paths (check case C17). Whether the paper counts end points was not seen.
    """
    weight = solve(links, demand)
    frequency = {}
    for name, inside in sets.items():
        kept = np.where(inside if demand.ndim == 1 else inside[:, None], weight, 0.0)
        visits = solve(links, kept)
        frequency[name] = np.divide(
            visits, weight, out=np.full(weight.shape, np.nan), where=weight > 0
        )
    return weight, frequency


def iterate_blocks(count: int, size: int = BLOCK) -> list[slice]:
    """List slices that cover `count` columns."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
