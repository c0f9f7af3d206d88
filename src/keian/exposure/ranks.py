"""Ranks with intervals, so that nobody reads more into an order than the figures carry."""

from __future__ import annotations

import numpy as np

from keian.core import calc_uniform
from keian.economy.nouns import FloatArray
from keian.exposure.criteria import RankDraws

SEED = 1


def calc_ranks(score: FloatArray) -> FloatArray:
    """Rank scores, 1 = greatest, ties share the mean rank, NaN stays NaN.

    Examples
    --------
    >>> calc_ranks(np.array([0.2, 0.9, np.nan, 0.2])).tolist()
    [2.5, 1.0, nan, 2.5]
    """
    ranks = np.full(score.shape, np.nan)
    known = ~np.isnan(score)
    values, place, count = np.unique(-score[known], return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    mean = last - (count - 1) / 2
    ranks[known] = mean[place] if len(values) else ()
    return ranks


def spread_ranks(scores: FloatArray, rule: RankDraws) -> tuple[FloatArray, FloatArray]:
    """Calculate the ends of the ranks over draws.

    Parameters
    ----------
    scores : (draws, products) float, the score of each product in each draw.

    Returns
    -------
    low, high : (products,) float
    """
    ranks = np.stack([calc_ranks(row) for row in scores])
    known = ~np.isnan(ranks).any(axis=0)
    low, high = np.full(ranks.shape[1], np.nan), np.full(ranks.shape[1], np.nan)
    if known.any():
        low[known], high[known] = np.quantile(ranks[:, known], (rule.low, rule.high), axis=0)
    return low, high


def resample_years(scores: FloatArray, rule: RankDraws) -> FloatArray:
    """Draw years with replacement and average each product's score over them.

    Parameters
    ----------
    scores : (years, products) float; a product needs the last year known.

    Returns
    -------
    (draws, products) float
    """
    years = len(scores)
    drawn = np.stack(
        [calc_uniform(SEED, f"rank-year-{place}", np.arange(rule.draws)) for place in range(years)],
        axis=1,
    )
    weights = np.zeros((rule.draws, years))
    np.add.at(
        weights,
        (np.arange(rule.draws)[:, None], np.minimum((drawn * years).astype(int), years - 1)),
        1.0,
    )
    # A year that is missing for a product leaves its average to the years drawn that are known.
    there = weights @ (~np.isnan(scores)).astype(float)
    total = weights @ np.nan_to_num(scores)
    mean = np.divide(total, there, out=np.full(total.shape, np.nan), where=there > 0)
    mean = np.where(np.isnan(mean), np.nan_to_num(scores[-1]), mean)
    return np.where(np.isnan(scores[-1]), np.nan, mean)


def draw_weights(components: int, draws: int) -> FloatArray:
    """Draw weights of components uniformly from the simplex (Dirichlet with all parameters 1).

    Returns
    -------
    (draws, components) float
        Rows sum to 1.
    """
    gaps = np.stack(
        [
            -np.log(calc_uniform(SEED, f"rank-weight-{place}", np.arange(draws)))
            for place in range(components)
        ],
        axis=1,
    )
    weights: FloatArray = gaps / gaps.sum(axis=1, keepdims=True)
    return weights
