"""Statistics of an ensemble: quantiles by variable and day, spread, and whether they converged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from scipy.stats import binom

from keian.core import Label, Labelled
from keian.crisis.ensemble.columns import TOTALS, Series

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
LOW, HIGH = 0.1, 0.9  # ends of the spread
CONFIDENCE = 0.95  # of the interval around a quantile
HALVINGS = 4  # convergence is told for N, N/2, ... draws, this many times halved
LEAST_DRAWS = 2
F = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the draws of an ensemble say together; draws only, the mode run stands beside them.

    label : join of the labels of everything that went in.
    days : xarray, variables over (statistic, day, place); see `describe_days`.
    totals : a row for each total: mode run, mean, quantiles with their intervals.
    convergence : a row for each total, quantile and number of draws.
    """

    label: Label
    days: xr.Dataset
    totals: pd.DataFrame
    convergence: pd.DataFrame

    def parts(self) -> Mapping[str, Labelled]:
        """Nothing in it has a label of its own."""
        return {}

    def without(self, names: Collection[str]) -> Self:  # noqa: ARG002 - there are no parts to name
        """Nothing can be taken out of it."""
        return self


def calc_interval(count: int, quantile: float) -> tuple[int, int] | None:
    """Calculate which two sorted draws enclose a quantile with the stated confidence.

    Distribution-free, from the binomial; None = there are too few draws for that.

    Source: David and Nagaraja, Order Statistics (2003), section 7.1.

    Examples
    --------
    >>> calc_interval(100, 0.5)
    (39, 60)
    >>> calc_interval(20, 0.975) is None
    True
    """
    tail = (1.0 - CONFIDENCE) / 2.0
    low = int(binom.ppf(tail, count, quantile)) - 1
    high = int(binom.ppf(1.0 - tail, count, quantile))
    return (low, high) if low >= 0 and high < count else None


def describe_totals(draws: pd.DataFrame) -> pd.DataFrame:
    """Describe the totals over the horizon.

    Parameters
    ----------
    draws : a row for each run with `draw` and the columns of `TOTALS`; draw -1 is the mode run.

    Returns
    -------
    A row for each total, with its unit; low and high are the ends of the interval of a quantile
    (missing where there are too few draws).
    """
    drawn = draws[draws["draw"] >= 0]
    mode = draws[draws["draw"] < 0]
    rows = []
    for name, (unit, text) in TOTALS.items():
        values = np.sort(drawn[name].to_numpy(np.float64))
        row: dict[str, Any] = {"variable": name, "unit": unit, "meaning": text}
        row |= {"draws": values.size, "mode_run": float(mode[name].iloc[0])}
        row |= {"mean": float(values.mean()), "std": float(_spread(values))}
        for q in QUANTILES:
            low, high = _find_ends(values, q)
            key = name_quantile(q)
            row |= {key: float(np.quantile(values, q)), f"{key}_low": low, f"{key}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def describe_convergence(draws: pd.DataFrame) -> pd.DataFrame:
    """Describe how the quantiles of the totals moved as draws were added.

    Returns
    -------
    A row for each total, number of draws (N/8, N/4, N/2, N) and quantile: its value over the first
    draws, the ends of its interval, and by how much it differs from that of all draws, as a
    share of the spread between the tenth and the ninetieth percentile of all.
    """
    drawn = draws[draws["draw"] >= 0].sort_values("draw")
    total = len(drawn)
    sizes = sorted({total // 2**k for k in range(HALVINGS) if total // 2**k >= LEAST_DRAWS})
    rows = []
    for name, (unit, _) in TOTALS.items():
        values = drawn[name].to_numpy(np.float64)
        spread = float(np.quantile(values, HIGH) - np.quantile(values, LOW))
        for size in sizes:
            part = np.sort(values[:size])
            for q in QUANTILES:
                here = float(np.quantile(part, q))
                low, high = _find_ends(part, q)
                moved = here - float(np.quantile(values, q))
                share = moved / spread if spread > 0 else (0.0 if moved == 0 else np.nan)
                row = {"variable": name, "unit": unit, "draws": size, "quantile": q}
                row |= {"value": here, "low": low, "high": high, "apart_share_of_spread": share}
                rows.append(row)
    return pd.DataFrame(rows)


def describe_days(
    path: Path, series: Sequence[Series], attrs: Mapping[str, str | int]
) -> xr.Dataset:
    """Describe every daily series; one series is in memory at a time.

    Parameters
    ----------
    path : the file of all runs, a row each, in the order of draws.
    series : what it holds.
    attrs : label, manifest and scenario, as attributes.

    Returns
    -------
    xarray.Dataset over (statistic, day, place). Statistics: quantiles as `q0.025`, `mean`, `std`,
    `mode_run`, and `q0.1_half` ..., the quantiles of the first half of the draws: where they
    differ much from those of all, more draws are needed.
    """
    import pyarrow.parquet as pq

    names = _name_statistics()
    found: dict[str, list[F]] = {}
    heads: dict[str, Series] = {}
    with pq.ParquetFile(path) as file:
        runs = file.metadata.num_rows
        for one in series:
            column = file.read(columns=[one.column], use_threads=False).column(0).combine_chunks()
            values = column.flatten().to_numpy().reshape(runs, -1)
            found.setdefault(one.variable, []).append(_describe_series(values))
            heads.setdefault(one.variable, one)
    data = {}
    coords: dict[str, object] = {"statistic": list(names)}
    for variable, parts in found.items():
        head = heads[variable]
        marks = {"units": head.unit, "long_name": head.text}
        if head.axis:
            coords[head.axis] = [one.item for one in series if one.variable == variable]
            dims: tuple[str, ...] = ("statistic", "day", head.axis)
            stacked = np.stack(parts, axis=2)
        else:
            dims, stacked = ("statistic", "day"), parts[0]
        data[variable] = (dims, stacked, marks)
    return xr.Dataset(data, coords=coords, attrs=dict(attrs))


def list_days(days: xr.Dataset) -> pd.DataFrame:
    """List the daily statistics as a table: a row for each variable, place and day."""
    frames = []
    for name, array in days.data_vars.items():
        axis = next((str(dim) for dim in array.dims if dim not in {"statistic", "day"}), None)
        places = [str(place) for place in array.coords[axis].values] if axis else [""]
        values = array.values if axis else array.values[:, :, None]
        count = values.shape[1]
        for k, place in enumerate(places):
            marks: dict[str, object] = {"variable": str(name), "axis": axis or "", "place": place}
            marks |= {"unit": array.attrs["units"], "day": np.arange(count, dtype=np.int32)}
            columns = zip(days["statistic"].values, values[:, :, k], strict=True)
            frames.append(pd.DataFrame(marks | {str(s): v for s, v in columns}))
    return pd.concat(frames, ignore_index=True)


def name_quantile(quantile: float) -> str:
    """Name a quantile.

    Examples
    --------
    >>> name_quantile(0.025)
    'q0.025'
    """
    return f"q{quantile:g}"


def _name_statistics() -> tuple[str, ...]:
    quantiles = [name_quantile(q) for q in QUANTILES]
    return (*quantiles, "mean", "std", "mode_run", *(f"{name}_half" for name in quantiles))


def _describe_series(values: npt.NDArray[np.float32]) -> F:
    """Statistics by day of a series (runs, T), the mode run first: (statistic, T)."""
    drawn = values[1:]
    if np.array_equal(drawn, np.broadcast_to(drawn[0], drawn.shape)):
        same = drawn[0].astype(np.float64)
        rows = dict.fromkeys(_name_statistics(), same) | {"std": np.zeros_like(same)}
        return np.stack([*(rows | {"mode_run": values[0].astype(np.float64)}).values()])
    half = drawn[: max(1, drawn.shape[0] // 2)]
    wide = drawn.astype(np.float64)
    with np.errstate(invalid="ignore"):
        return np.concatenate(
            [
                np.quantile(wide, QUANTILES, axis=0),
                [wide.mean(axis=0), _spread(wide), values[0].astype(np.float64)],
                np.quantile(half.astype(np.float64), QUANTILES, axis=0),
            ]
        )


def _spread(values: F) -> Any:  # noqa: ANN401 - a number, or (T,)
    """Standard deviation; of one draw there is none."""
    if values.shape[0] < LEAST_DRAWS:
        return np.full(values.shape[1:], np.nan)
    return values.std(axis=0, ddof=1)


def _find_ends(ordered: F, quantile: float) -> tuple[float, float]:
    ends = calc_interval(ordered.size, quantile)
    if ends is None:
        return np.nan, np.nan
    return float(ordered[ends[0]]), float(ordered[ends[1]])
