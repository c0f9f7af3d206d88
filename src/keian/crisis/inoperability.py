"""Inoperability of industries: how far a fall of demand spreads, and how it heals with time.

Not limits of the day kernel but models of their own: equations of docs/method/inoperability.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.core import InputError, Problem
from keian.economy.nouns import FloatArray

DAYS_PER_YEAR = 365  # a loss per year is spread evenly over its days
ROUNDING = 1e-9  # a fall of demand may exceed final demand by this share


@dataclass(frozen=True, slots=True, eq=False)
class Inoperability:
    """Share of output that each industry does not make, and what it is worth.

    q : (n,) share of output, 0 to 1.   loss : (n,) lost output, unit of x.
    """

    q: FloatArray
    loss: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Recovery:
    """Inoperability day by day while industries recover.

    q : (days + 1, n) share of output at the start of each day, the last row at the end.
    lost_days : (n,) integral of q, days of normal output.   loss : (n,) lost output, unit of x.
    """

    q: FloatArray
    lost_days: FloatArray
    loss: FloatArray


def calc_inoperability(
    Z: FloatArray, x: FloatArray, demand_fall: FloatArray, *, forced: FloatArray | None = None
) -> Inoperability:
    """Calculate who loses what share of output when final demand falls or industries stop (1)-(3).

    The coefficients say what an industry buys, so a stop reaches those it buys from, never those it
    sells to: for shocks of demand only. A shock of supply belongs to the crisis model or to ESRI.

    Parameters
    ----------
    Z : (n, n) flows between industries, row sells to column, money per year.
    x : (n,) output, money per year, above 0.
    demand_fall : (n,) fall of final demand, money per year; at most the final demand x - Z 1.
    forced : (n,) inoperability that is given, 0 to 1; NaN = to be found.

    Raises
    ------
    InputError
        With every problem of the arrays.

    Source
    ------
    Haimes & Jiang 2001; Santos & Haimes 2004; the identity with Leontief's quantity model.

    Examples
    --------
    >>> import numpy as np
    >>> table, output = np.array([[150.0, 500.0], [200.0, 100.0]]), np.array([1000.0, 2000.0])
    >>> calc_inoperability(table, output, np.array([35.0, 0.0])).loss.round(4).tolist()
    [43.8944, 9.2409]
    """
    given = np.full(np.shape(x), np.nan) if forced is None else np.asarray(forced, dtype=float)
    problems = _check_table(Z, x) or _check_falls(Z, x, demand_fall, given)
    if problems:
        raise InputError(problems)
    coefficients = calc_interdependency(Z, x)
    q = np.where(np.isnan(given), 0.0, given)
    free = np.flatnonzero(np.isnan(given))
    bound = np.flatnonzero(~np.isnan(given))
    pushed = demand_fall[free] / x[free] + coefficients[np.ix_(free, bound)] @ q[bound]
    inner = np.eye(free.size) - coefficients[np.ix_(free, free)]
    q[free] = np.linalg.solve(inner, pushed)
    return Inoperability(q, x * q)


def calc_interdependency(Z: FloatArray, x: FloatArray) -> FloatArray:
    """Calculate A* (2): the part of i's output that j takes, so that q = A* q + c*.

    Parameters
    ----------
    Z : (n, n) flows, money per year.   x : (n,) output, money per year.

    Returns
    -------
    (n, n) float, share of output.
    """
    taken: FloatArray = Z / x[:, None]
    return taken


def calc_resilience(
    q_start: FloatArray, q_end: FloatArray, days: float, own_use: FloatArray
) -> FloatArray:
    """Calculate the resilience of industries from how fast each would recover alone (5).

    Parameters
    ----------
    q_start, q_end : (n,) inoperability at the start and after `days`, both above 0.
    days : time between them.
    own_use : (n,) diagonal of A*, share of output an industry takes itself, below 1.

    Returns
    -------
    (n,) float, per day.

    Source
    ------
    Lian & Haimes 2006, as recorded; its two-sector example was not read.
    """
    k: FloatArray = np.log(q_start / q_end) / (days * (1.0 - own_use))
    return k


def calc_dynamic_inoperability(
    Z: FloatArray,
    x: FloatArray,
    k: FloatArray,
    q_start: FloatArray,
    *,
    days: int,
    demand_fall: FloatArray | None = None,
) -> Recovery:
    """Calculate the recovery day by day, exactly, by the matrix exponential (4), (6)-(8).

    Industries heal together: one that could recover alone in a month takes longer while others
    that buy from it are down, so q after the target time is above the target.

    Parameters
    ----------
    Z, x : as in `calc_inoperability`.
    k : (n,) resilience per day, above 0; see `calc_resilience`.
    q_start : (n,) inoperability on day 0, 0 to 1.
    days : length, at least 1.
    demand_fall : (n,) fall of final demand that lasts all the time, money per year; None = none.

    Raises
    ------
    InputError
        With every problem of the arrays.

    Source
    ------
    Lian & Haimes 2006 (discrete and continuous form as recorded; not read in the paper).

    Examples
    --------
    >>> import numpy as np
    >>> one = calc_dynamic_inoperability(
    ...     np.array([[150.0]]), np.array([1000.0]), np.array([0.180595]), np.array([0.3]), days=30
    ... )
    >>> round(float(one.q[30, 0]), 6)
    0.003
    """
    from scipy.linalg import expm

    fall = np.zeros(np.shape(x)) if demand_fall is None else np.asarray(demand_fall, dtype=float)
    problems = _check_table(Z, x)
    if not problems:
        nothing = np.full(np.shape(x), np.nan)
        problems = _check_falls(Z, x, fall, nothing) + _check_course(x, k, q_start, days)
    if problems:
        raise InputError(problems)
    rate = k[:, None] * (calc_interdependency(Z, x) - np.eye(len(x)))
    drive = k * fall / x
    step = expm(rate)
    # where the course ends under a lasting fall; solved once, so that a day is one product
    settled = np.linalg.solve(-rate, drive)
    q = np.empty((days + 1, len(x)))
    q[0] = q_start
    for day in range(days):
        q[day + 1] = settled + step @ (q[day] - settled)
    healed: FloatArray = np.asarray(np.linalg.solve(rate, q[days] - q[0]), dtype=np.float64)
    lost_days = settled * days + healed
    return Recovery(q, lost_days, x / DAYS_PER_YEAR * lost_days)


def _check_table(Z: FloatArray, x: FloatArray) -> list[Problem]:
    """List what keeps a table from having inoperability."""
    n, problems = np.size(x), []
    wanted = "finite numbers, none negative"
    if np.shape(Z) != (n, n) or np.ndim(x) != 1 or not n:
        found = f"shapes {np.shape(Z)} and {np.shape(x)}"
        problems.append(Problem("Z, x", found, "(n, n) and (n,)", "give one table and its output"))
    for name, array in (("Z", Z), ("x", x)):
        bad = int(np.count_nonzero(~(np.isfinite(array) & (np.asarray(array) >= 0))))
        if bad:
            problems.append(Problem(name, f"{bad} cells of another kind", wanted, "correct them"))
    idle = [str(i) for i in np.flatnonzero(np.asarray(x) == 0)]
    if idle:
        found = f"no output of industry {', '.join(idle)}"
        problems.append(Problem("x", found, "output above 0", "leave such industries out"))
    return problems


def _check_falls(
    Z: FloatArray, x: FloatArray, fall: FloatArray, forced: FloatArray
) -> list[Problem]:
    """List what is wrong with a fall of demand and with what is forced; the table itself is fit."""
    problems = []
    for name, array in (("demand_fall", fall), ("forced", forced)):
        if np.shape(array) != np.shape(x):
            wanted = f"shape {np.shape(x)}"
            problems.append(Problem(name, f"shape {np.shape(array)}", wanted, "one per industry"))
    if problems:
        return problems
    final = np.maximum(x - Z.sum(axis=1), 0.0)
    problems += [
        Problem(f"demand_fall[{i}]", f"{fall[i]:g}", f"0 to the final demand {final[i]:g}",
                "lower it, or force the industry's inoperability")
        for i in np.flatnonzero(~((fall >= 0) & (fall <= final + ROUNDING * x)))
    ]  # fmt: skip
    problems += [
        Problem(f"forced[{i}]", f"{forced[i]:g}", "0 to 1, or NaN", "write a share")
        for i in np.flatnonzero(~(np.isnan(forced) | ((forced >= 0) & (forced <= 1))))
    ]
    problems += [
        Problem(f"demand_fall[{i}]", f"{fall[i]:g} where inoperability is forced", "0",
                "give one of the two")
        for i in np.flatnonzero(~np.isnan(forced) & (fall > 0))
    ]  # fmt: skip
    taken = calc_interdependency(Z, x).sum(axis=1)
    if not np.any(taken < 1.0):
        wanted = "final demand somewhere: a closed table has no answer"
        problems.append(Problem("Z, x", "industries take all output", wanted, "add final demand"))
    return problems


def _check_course(x: FloatArray, k: FloatArray, q_start: FloatArray, days: int) -> list[Problem]:
    """List what is wrong with resilience, start and length."""
    problems = []
    for name, array in (("k", k), ("q_start", q_start)):
        if np.shape(array) != np.shape(x):
            wanted = f"shape {np.shape(x)}"
            problems.append(Problem(name, f"shape {np.shape(array)}", wanted, "one per industry"))
    if not np.all(np.isfinite(k) & (np.asarray(k) > 0)):
        problems.append(
            Problem("k", "values not above 0", "above 0 per day", "see calc_resilience")
        )
    if not np.all((np.asarray(q_start) >= 0) & (np.asarray(q_start) <= 1)):
        problems.append(Problem("q_start", "values outside 0 to 1", "shares", "correct them"))
    if days < 1:
        problems.append(Problem("days", str(days), "1 at least", "ask for a day"))
    return problems
