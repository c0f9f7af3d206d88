"""Columns of an ensemble's files: a row is a run, a series is a list of one value a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from keian.crisis.baseline import Baseline
from keian.crisis.compile import Compiled
from keian.crisis.result import RENAMED, UNITS
from keian.crisis.simulate import Outcome

# A million runs of these would fill a disk: `keian simulate` gives them for single runs.
NOT_KEPT = frozenset({"unit", "cause", "cause_index", "vital_product"})
SERIES_BYTES = 4  # float32, as in the results of a review

# name of a total, unit, meaning; over the horizon, home region unless said otherwise
TOTALS = MappingProxyType(
    {
        "lost_output": ("MUSD", "gross output below baseline less what is made up"),
        "lost_value_added": ("MUSD", "value added below baseline less what is made up"),
        "unmet_final": ("MUSD", "final demand not met"),
        "unmet_vital": ("MUSD", "vital final demand not met"),
        "unmet_world": ("MUSD", "final demand not met, all regions"),
        "worst_value_added": ("1", "greatest shortfall of value added on a day, share of baseline"),
        "worst_final": ("1", "greatest share of final demand not met on a day"),
    }
)
LEAST_WANT = 1e-12  # MUSD/day; final demand below it is none, and no share of it is missing


@dataclass(frozen=True, slots=True)
class Series:
    """One daily series: a variable of the results, at one place of its axis."""

    variable: str
    axis: str  # "" = none
    item: str
    place: int  # position on the axis
    field: str  # name in `Outcome`
    unit: str
    text: str

    @property
    def column(self) -> str:
        """Name of its column.

        Examples
        --------
        >>> Series("output", "region", "JPN", 0, "output", "MUSD/day", "gross output").column
        'output/JPN'
        """
        return f"{self.variable}/{self.item}" if self.axis else self.variable


def list_series(compiled: Compiled) -> tuple[Series, ...]:
    """List the daily series that an ensemble keeps of every run."""
    economy = compiled.economy
    items: dict[str, tuple[str, ...]] = {
        "region": economy.regions,
        "service": tuple(s.id for s in economy.services),
        "good": tuple(g.id for g in economy.goods),
        "pool": tuple(p.id for g in economy.goods for p in g.pools),
    }
    found = []
    for name, axes, unit, text in UNITS:
        if name in NOT_KEPT:
            continue
        variable, axis = RENAMED.get(name, name), axes[0] if axes else ""
        for place, item in enumerate(items[axis] if axis else ("",)):
            found.append(Series(variable, axis, item, place, name, unit, text))
    return tuple(found)


def take_series(outcome: Outcome, series: Series) -> npt.NDArray[np.float32]:
    """Take one series of an outcome, (T,) float32."""
    values = np.asarray(getattr(outcome, series.field))
    taken = values[:, series.place] if series.axis else values
    return np.asarray(taken, np.float32)


def calc_totals(outcome: Outcome, base: Baseline, home: int) -> Mapping[str, float]:
    """Calculate what a run comes to over its horizon, in the order of `TOTALS`.

    Parameters
    ----------
    outcome : the run.
    base : a normal day of the home region.
    home : number of the home region.
    """
    lost = base.value_added - outcome.value_added[:, home]
    unmet = outcome.final_want - outcome.final_got
    return {
        "lost_output": float((base.output - outcome.output[:, home]).sum()),
        "lost_value_added": float(lost.sum()),
        "unmet_final": float(unmet.sum()),
        "unmet_vital": float((outcome.vital_want - outcome.vital_got).sum()),
        "unmet_world": float(outcome.world_unmet.sum()),
        "worst_value_added": float(lost.max()) / base.value_added,
        "worst_final": float((unmet / np.maximum(outcome.final_want, LEAST_WANT)).max()),
    }
