"""The effect curve of a measure: how much of it works on each day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def calc_effect_curve(
    *,
    start_day: float,
    ramp_days: float = 0.0,
    plateau_days: float | None = None,
    decay_half_days: float | None = None,
    days: int,
) -> npt.NDArray[np.float64]:
    """Calculate the share of full effect that is reached at the beginning of each day.

    Nothing until the start; a straight line over the ramp; full effect over the plateau; then
    half of what is left after each half-life. The end of the effect when a stock pool runs
    empty depends on the run and is left to the crisis engine.

    Parameters
    ----------
    start_day : decision + delay + lead, days from the start of the run; may lie beyond `days`.
    ramp_days : days from no effect to full effect; 0 = at once.
    plateau_days : days at full effect; None = for good.
    decay_half_days : half-life after the plateau, days; None or 0 = gone at once.
    days : length of the run, days.

    Returns
    -------
    (days,) float, 0 to 1.

    Raises
    ------
    ValueError
        A length of time is negative.

    Examples
    --------
    >>> curve = calc_effect_curve(
    ...     start_day=2, ramp_days=2, plateau_days=2, decay_half_days=1, days=9
    ... )
    >>> curve.tolist()
    [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.25]
    """
    lengths = (ramp_days, plateau_days or 0.0, decay_half_days or 0.0, float(days))
    if min(lengths) < 0:
        raise ValueError(f"lengths of time must not be negative, found {lengths}")
    day = np.arange(days, dtype=np.float64)
    since = day - start_day
    rise = np.clip(since / ramp_days, 0.0, 1.0) if ramp_days > 0 else np.ones(days)
    curve = np.where(since >= 0, rise, 0.0)
    if plateau_days is None:
        return curve
    late = since - ramp_days - plateau_days
    if decay_half_days:
        return np.where(late > 0, 0.5 ** (np.maximum(late, 0.0) / decay_half_days), curve)
    return np.where(late >= 0, 0.0, curve)
