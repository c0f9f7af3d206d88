"""Figures from runs: mode value, band of the draws, band of the model variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from keian.core import Figure, Label

QUANTILES = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
LOW, HIGH = 0.1, 0.9


def make_figure(  # noqa: PLR0913 - the fields of a figure, named
    value: float | None,
    draws: Sequence[float],
    *,
    unit: str,
    label: Label,
    trace: str,
    sources: tuple[str, ...] = (),
    variants: Sequence[float] = (),
    limit: float | None = None,
) -> Figure:
    """Make a result figure.

    Parameters
    ----------
    value : of the mode run; None = there is none.
    draws : the same value in every draw.
    variants : the same value in every structural variant.
    limit : horizon; values are censored there and the figure says so.
    """
    top = np.inf if limit is None else limit
    cut = [min(float(d), top) for d in draws]
    points = tuple((q, float(np.quantile(cut, q))) for q in QUANTILES) if cut else ()
    band = dict(points)
    wide = [min(float(v), top) for v in variants]
    censored: Literal["", ">=", "<="] = ""
    if value is not None and value >= top:
        censored = ">="
    return Figure(
        value=None if value is None else min(float(value), top),
        low=band.get(LOW),
        high=band.get(HIGH),
        quantiles=points,
        unit=unit,
        kind="result",
        sources=sources,
        label=label,
        trace=trace,
        structural=(min(wide), max(wide)) if wide else None,
        censored=censored,
    )


def make_input(  # noqa: PLR0913 - the fields of a figure, named
    value: float,
    *,
    unit: str,
    label: Label,
    sources: tuple[str, ...],
    trace: str,
    band: tuple[float, float] | None = None,
    assumption: bool = False,
) -> Figure:
    """Make a figure of an input or an assumption."""
    low, high = band if band is not None else (None, None)
    return Figure(
        value=value,
        low=low,
        high=high,
        quantiles=(),
        unit=unit,
        kind="assumption" if assumption else "input",
        sources=sources,
        label=label,
        trace=trace,
        structural=None,
        censored="",
    )
