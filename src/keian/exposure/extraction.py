"""Hypothetical extraction: what output is lost when units, or what they sell to some, are gone."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from keian.economy.nouns import FloatArray, IntArray
from keian.exposure.world_links import WorldLinks, iterate_blocks, solve


def calc_extraction(links: WorldLinks, units: IntArray) -> FloatArray:
    """Calculate the output lost when a set of units is taken out, purchases and sales alike.

    Returns
    -------
    (n,) float
        Loss of output of every unit; that of the set itself is its whole output.

    Source
    ------
    Miller and Blair 2009, chapter 12: 1'x - 1'(I - A_kk)^-1 f_k, all other final demand kept.
    """
    n = len(links.x)
    mine = np.zeros((n, len(units)))
    mine[units, np.arange(len(units))] = 1.0
    columns = solve(links, mine)
    # The inverse without the set is L - L_K (L_KK)^-1 L_K', so the rest is left with
    # x - L_K (L_KK)^-1 x_K: one small system in place of a new factorisation.
    return np.asarray(columns @ linalg.solve(columns[units], links.x[units]))


def calc_each_extraction(links: WorldLinks, units: IntArray) -> FloatArray:
    """Calculate the total linkage of units taken out one by one: (k,) output lost in all."""
    lost = np.empty(len(units))
    for block in iterate_blocks(len(units)):
        chosen = units[block]
        mine = np.zeros((len(links.x), len(chosen)))
        mine[chosen, np.arange(len(chosen))] = 1.0
        columns = solve(links, mine)
        own = columns[chosen, np.arange(len(chosen))]
        lost[block] = columns.sum(axis=0) / own * links.x[chosen]
    return lost


def calc_cut(
    links: WorldLinks,
    sellers: IntArray,
    buyers: IntArray,
    product: IntArray,
    *,
    replacement_share: float = 0.0,
) -> FloatArray:
    """Calculate output lost when sellers no longer deliver to buyers, with part re-sourced.

    A share of what is cut is bought from the other sellers of the same product in proportion to
    what each already sells to the buyer; a product that nobody else sells is not replaced.
    Without replacement this is an upper bound of the loss that demand carries upstream; it does not
    hold that buyers stop for want of the input (see choke points and the crisis runs).

    Parameters
    ----------
    sellers, buyers : (s,), (b,) int, units.
    product : (n,) int, product that each unit makes.
    replacement_share : 0 to 1.

    Returns
    -------
    (n,) float
        Loss of output of every unit; negative where re-sourcing adds more than is lost.

    Source
    ------
    Partial extraction of a block, Miller and Blair 2009, chapter 12; solved as a low-rank change.
    """
    n = len(links.x)
    if links.is_sparse:
        now = np.asarray(links.A[:, buyers].todense())
    else:
        now = np.asarray(links.A[:, buyers])
    is_seller = np.zeros(n, dtype=bool)
    is_seller[sellers] = True
    cut = np.where(is_seller[:, None], now, 0.0)
    change = -cut
    if replacement_share > 0:
        change += replacement_share * spread_by_product(cut, now - cut, product)
    # x' = (I - A - U V')^-1 f with V the buyers' unit vectors (Woodbury).
    through = solve(links, change)
    small = np.eye(len(buyers)) - through[buyers]
    return -np.asarray(through @ linalg.solve(small, links.x[buyers]))


def spread_by_product(cut: FloatArray, others: FloatArray, product: IntArray) -> FloatArray:
    """Spread what is cut over the other sellers of each product, by what they sell now."""
    products = int(product.max()) + 1
    wanted = np.zeros((products, cut.shape[1]))
    there = np.zeros((products, cut.shape[1]))
    np.add.at(wanted, product, cut)
    np.add.at(there, product, others)
    factor = np.divide(wanted, there, out=np.zeros(wanted.shape), where=there > 0)
    return others * factor[product]
