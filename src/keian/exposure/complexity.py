"""Revealed advantage, complexity of countries and products, and how near a product lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.economy.nouns import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Complexity:
    """Complexity of c countries and p products.

    rca : (c, p).   has : (c, p) rca of 1 or more.   eci : (c,).   pci : (p,).
    eigenvalues : (c,) of the countries' likeness, falling; the first is 1. Where second and third
        are near, the order of countries is not stable.
    proximity : (p, p).   density : (c, p) nearness of each product to what a country has, 0 to 1.
    """

    rca: FloatArray
    has: BoolArray
    eci: FloatArray
    pci: FloatArray
    eigenvalues: FloatArray
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
    Hidalgo and Hausmann; standardised with the population's deviation. An eigenvector has
    no sign of its own: it is the one that makes complexity rise with diversity over the countries,
    however weakly; where they are unrelated it is the solver's.
    """
    rca = calc_rca(exports)
    has = rca >= 1.0
    M = has.astype(float)
    diversity, ubiquity = M.sum(axis=1), M.sum(axis=0)
    shared = (M / diversity[:, None]) @ (M / ubiquity).T
    values, vectors = np.linalg.eig(shared)
    falling = np.argsort(-values.real)
    second = falling[1]
    eci = vectors[:, second].real
    eci *= np.sign(np.corrcoef(eci, diversity)[0, 1]) or 1.0
    raw = (M / ubiquity).T @ eci / values[second].real  # so that a country has its products' mean
    pci = (raw - eci.mean()) / eci.std()
    eci = (eci - eci.mean()) / eci.std()
    proximity = (M.T @ M) / np.maximum(ubiquity[:, None], ubiquity)
    density = (M @ proximity) / proximity.sum(axis=0)
    return Complexity(rca, has, eci, pci, values.real[falling], proximity, density)
