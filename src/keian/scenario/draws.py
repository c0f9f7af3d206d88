"""Which random stream an uncertain value reads: the one place that knows the keys.

A value of a scenario reads the stream of its scenario, shock and field; a value of a measure the
stream of its measure and field. Neither knows the portfolio, the horizon or the digest of a file,
so the same futures meet every portfolio, and a scenario played alone and the same scenario inside
a combination meet the same futures. Several periods of one shock share its streams.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keian.core import Triple, calc_uniform, draw_uniform
from keian.scenario.nouns import Measure, Scenario, Shock

MODE_DRAW = -1  # the mode run: every value at its mode


def name_shock(scenario: Scenario, shock: Shock) -> str:
    """Name a shock so that it stays the same inside a combination."""
    return shock.id if scenario.combination else f"{scenario.id}.{shock.id}"


def key_shock(scenario: Scenario, shock: Shock, field: str) -> str:
    """Name the random stream of one field of a shock.

    Examples
    --------
    >>> from keian.scenario.load import load_scenario
    >>> scenario = load_scenario("hormuz-90d")
    >>> key_shock(scenario, scenario.shocks[0], "loss")
    'hormuz-90d.closure.loss'
    """
    return f"{name_shock(scenario, shock)}.{field}"


def key_measure(measure: Measure, field: str) -> str:
    """Name the random stream of one field of a measure, e.g. `effect.lead_days`."""
    return f"measure.{measure.id}.{field}"


def draw_values(
    triple: Triple, *, seed: int, key: str, draws: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Draw an uncertain value; draw -1 is the mode run.

    Parameters
    ----------
    triple : the value with its range.
    seed : seed of the scenario.
    key : name of the stream, from `key_shock` or `key_measure`.
    draws : (k,) int, numbers of the draws.

    Returns
    -------
    (k,) float, in the unit of the triple.
    """
    numbers = np.asarray(draws, dtype=np.int64)
    if triple.fixed:
        return np.full(numbers.shape, triple.mode)
    values = np.full(numbers.shape, triple.mode)
    drawn = numbers != MODE_DRAW
    values[drawn] = triple.quantile(calc_uniform(seed, key, numbers[drawn]))
    return values


def draw_value(triple: Triple, *, seed: int, key: str, draw: int) -> float:
    """Draw one value of `draw_values`.

    Examples
    --------
    >>> from keian.core import Triple
    >>> draw_value(Triple(low=1, mode=2, high=4), seed=1, key="a.b", draw=-1)
    2.0
    """
    if triple.fixed or draw == MODE_DRAW:
        return float(triple.mode)
    return float(triple.quantile(draw_uniform(seed, key, draw)))
