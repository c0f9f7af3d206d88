"""Revealed advantage, complexity of countries and products, and how near a product lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.economy.nouns import BoolArray, FloatArray

UNRELATED = 1e-9  # a correlation no greater than rounding


@dataclass(frozen=True, slots=True, eq=False)
class Complexity:
    """Complexity of c countries and p products.

    rca : (c, p).   has : (c, p) rca of 1 or more.   eci : (c,).   pci : (p,).
    eigenvalues : (c,) of the countries' likeness, falling; the first is 1. Where second and third
        are near, the order of countries is not stable.
    sign_correlation : of complexity with diversity, 0 or more; near 0 the sign says little.
    sign_is_firm : complexity also falls with the mean ubiquity of a country's products.
    proximity : (p, p).   density : (c, p) nearness of each product to what a country has, 0 to 1.
    """

    rca: FloatArray
    has: BoolArray
    eci: FloatArray
    pci: FloatArray
    eigenvalues: FloatArray
    sign_correlation: float
    sign_is_firm: bool
    proximity: FloatArray
    density: FloatArray


def calc_rca(exports: FloatArray) -> FloatArray:
    """Calculate Balassa's revealed comparative advantage of (countries, products)."""
    by_country = exports.sum(axis=1, keepdims=True)
    by_product = exports.sum(axis=0, keepdims=True)
    expected = by_country * by_product / exports.sum()
    rca: FloatArray = np.divide(exports, expected, out=np.zeros(exports.shape), where=expected > 0)
    return rca


def calc_complexity(exports: FloatArray) -> Complexity:
    """Calculate complexity; countries and products need one advantage each at least.

    Parameters
    ----------
    exports : (c, p) value, any unit.

    Source
    ------
    Hidalgo and Hausmann; standardised with the population's deviation. An eigenvector has no sign
    of its own; `choose_sign` gives it one.
    """
    rca = calc_rca(exports)
    has = rca >= 1.0
    M = has.astype(float)
    diversity, ubiquity = M.sum(axis=1), M.sum(axis=0)
    root = np.sqrt(diversity)
    half = M / root[:, None] / np.sqrt(ubiquity)
    # Symmetric twin of the likeness of countries: the same eigenvalues, all of them real.
    values, vectors = np.linalg.eigh(half @ half.T)
    eci = vectors[:, -2] / root
    eci = eci * choose_sign(eci, diversity, (M @ ubiquity) / diversity)
    raw = (M / ubiquity).T @ eci / values[-2]  # so that a country has its products' mean
    pci = (raw - eci.mean()) / eci.std()
    eci = (eci - eci.mean()) / eci.std()
    near = calc_proximity(has)
    return Complexity(
        rca=rca,
        has=has,
        eci=eci,
        pci=pci,
        eigenvalues=values[::-1],
        sign_correlation=_correlate(eci, diversity),
        sign_is_firm=_correlate(eci, (M @ ubiquity) / diversity) < -UNRELATED,
        proximity=near,
        density=calc_density(has, near),
    )


def choose_sign(eci: FloatArray, diversity: FloatArray, ubiquity: FloatArray) -> float:
    """Choose the sign with which complexity rises with diversity, however weakly.

    Where the two are unrelated, the one with which it falls with the mean ubiquity of a country's
    products; where that too is unrelated, the one that makes the greatest entry (the first of
    equals) positive. So the sign never hangs on the solver.

    Returns
    -------
    1 or -1.

    Examples
    --------
    >>> choose_sign(np.array([1.0, -1.0]), np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    -1.0
    """
    for found in (_correlate(eci, diversity), -_correlate(eci, ubiquity)):
        if abs(found) > UNRELATED:
            return float(np.sign(found))
    size = np.abs(eci)
    first = int(np.argmax(size > size.max() * (1 - UNRELATED)))
    return float(np.sign(eci[first]) or 1.0)


def _correlate(one: FloatArray, other: FloatArray) -> float:
    """Correlation of two; 0 where either does not vary."""
    left, right = one - one.mean(), other - other.mean()
    size = float(np.sqrt((left**2).sum() * (right**2).sum()))
    least = UNRELATED * max(float(np.abs(one).max() * np.abs(other).max()), UNRELATED)
    return float((left * right).sum()) / size if size > least else 0.0


def calc_proximity(has: BoolArray) -> FloatArray:
    """Calculate how often two products go together: the lesser of both conditional shares.

    Parameters
    ----------
    has : (c, p) which country has an advantage in which product.

    Returns
    -------
    (p, p) float
        0 to 1; a product that nobody has is near nothing, itself neither.
    """
    M = has.astype(float)
    ubiquity = M.sum(axis=0)
    most = np.maximum(ubiquity[:, None], ubiquity)
    near: FloatArray = np.divide(M.T @ M, most, out=np.zeros(most.shape), where=most > 0)
    return near


def calc_density(has: BoolArray, proximity: FloatArray) -> FloatArray:
    """Calculate how near each product lies to what each country has.

    Returns
    -------
    (c, p) float
        0 to 1: the share of a product's proximity that falls on products the country has; missing
        where a product is near nothing.
    """
    whole = np.broadcast_to(proximity.sum(axis=0), has.shape)
    density: FloatArray = np.divide(
        has.astype(float) @ proximity, whole, out=np.full(has.shape, np.nan), where=whole > 0
    )
    return density
