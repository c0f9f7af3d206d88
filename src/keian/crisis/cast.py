"""What the compilation of a run needs to know, and how a shock is drawn by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import Drawn, F, Static
from keian.crisis.rules import Rules
from keian.crisis.run import Run, draw_input
from keian.crisis.table_arrays import Index
from keian.economy.nouns import Economy
from keian.scenario import nouns as n
from keian.scenario.draws import key_shock
from keian.scenario.parts import find_curve

LEAST_LEFT = 1e-3  # of the time of a recovery, however much helps


@dataclass(frozen=True, slots=True)
class Cast:
    """What the compilation of a run needs to know: the economy, the arrays and the run."""

    economy: Economy
    index: Index
    st: Static
    dr: Drawn
    run: Run
    days: int
    eased: Mapping[str, F]  # what open_route and restore_source give back, (T,) by key
    rules: Rules
    repairs: Mapping[int, F]  # what teams leave of a loss, (T,) by place of the shock


def calc_loss(days: int, *, start: float, duration: float, half: float, loss: float) -> F:
    """Calculate the share lost on each day: the loss, then half of it after each half-life.

    Parameters
    ----------
    days : length of the run.
    start, duration, half : days; the period includes its start and excludes its end. A day that
        it touches in part loses that part.
    loss : share lost, 0 to 1.

    Returns
    -------
    (days,) float.

    Examples
    --------
    >>> calc_loss(5, start=1, duration=2, half=1, loss=0.8)
    array([0. , 0.8, 0.8, 0.4, 0.2])
    """
    day = np.arange(days, dtype=np.float64)
    end = start + duration
    lost: F = loss * np.clip(np.minimum(day + 1.0, end) - np.maximum(day, start), 0.0, 1.0)
    if half > 0:
        after = np.clip(day + 1.0 - end, 0.0, None)
        lost += np.minimum(after, 1.0) * loss * 0.5 ** (after / half)
    return lost


def calc_restored(
    days: int, *, start: float, points: Sequence[tuple[float, float]], pace: float
) -> F:
    """Calculate what a published curve leaves of a loss, as the mean of each day (2.1e).

    Parameters
    ----------
    days : length of the run.
    start : days, the event from which the curve counts.
    points : (day, share of those cut off that are served again), days rise; straight between them,
        from nought at the event where none stands there, and whole after the last.
    pace : days of the curve that pass in a day, 1 = as it was.

    Returns
    -------
    (days,) float, 0 before the event.

    Examples
    --------
    Half is back after a day and all after three.

    >>> calc_restored(5, start=1, points=[(1, 0.5), (3, 1)], pace=1).tolist()
    [0.0, 0.75, 0.375, 0.125, 0.0]
    """
    day = np.array([p[0] for p in points])
    left = 1.0 - np.array([p[1] for p in points])
    if day[0] > 0.0:
        day, left = np.concatenate([[0.0], day]), np.concatenate([[1.0], left])
    ends = np.arange(days + 1, dtype=np.float64)
    bends = start + day / pace
    times = np.unique(np.concatenate([ends, bends[bends < days]]))
    middle = 0.5 * (times[1:] + times[:-1])  # straight between two times, so the middle is the mean
    value = np.interp((middle - start) * pace, day, left, left=0.0, right=0.0)
    filled = np.add.reduceat(value * np.diff(times), np.searchsorted(times, ends[:-1]))
    return np.asarray(filled, np.float64)


def draw_loss(cast: Cast, shock: n.Shock, value: Triple, name: str) -> F:
    """Draw the loss of a shock by day, with its recovery shortened by hardening measures.

    Where teams mend it, it is full until they begin and falls with what they do. What must be built
    again is told in full; the day kernel takes off what is built.
    """

    def draw(field: str, triple: Triple) -> float:
        return draw_input(cast.run, key_shock(cast.run.scenario, shock, field), triple)

    place = next(k for k, s in enumerate(cast.run.scenario.shocks) if s is shock)
    rebuilt = isinstance(shock, n.CapacityLoss) and shock.rebuild is not None
    if place in cast.repairs or rebuilt:
        begun = calc_loss(
            cast.days, start=draw("start_day", shock.start_day), duration=float(cast.days), half=0.0,
            loss=draw(name, value),
        )  # fmt: skip
        return np.asarray(begun * cast.repairs.get(place, 1.0), np.float64)
    start = draw("start_day", shock.start_day)
    duration = draw("duration_days", shock.duration_days)
    half, left = draw("recovery_half_days", shock.recovery_half_days), 1.0
    if isinstance(shock, n.ServiceOutage):
        # what helps must be there when the recovery begins; later help does not reach back
        help_ = cast.eased.get(f"faster.{shock.service}", np.zeros(cast.days))
        left = 1.0 - float(help_[min(cast.days - 1, int(np.ceil(start + duration)))])
        half *= left
    loss = draw(name, value)
    lost = calc_loss(cast.days, start=start, duration=duration, half=half, loss=loss)
    curve = find_curve(shock, cast.economy)
    if curve is None:
        return lost
    points = [(point.day, point.share) for point in curve.points]
    pace = 1.0 / max(left, LEAST_LEFT)
    return lost + loss * calc_restored(cast.days, start=start + duration, points=points, pace=pace)


def match_units(cast: Cast, patterns: tuple[str, ...]) -> list[int]:
    """Find the units of ids and of `REGION.*`."""
    found: list[int] = []
    for pattern in patterns:
        if pattern.endswith(".*"):
            region = cast.index.region[pattern[:-2]]
            found.extend(int(i) for i in np.flatnonzero(cast.economy.unit_region == region))
        else:
            found.append(cast.index.unit[pattern])
    return [i for i in found if not cast.economy.masked[i]]


def list_products(cast: Cast, wanted: tuple[str, ...] | str) -> list[int]:
    """Turn product ids, `goods` (all that moves by sea) or `all` into numbers."""
    if wanted == "all":
        return list(range(len(cast.economy.products)))
    if wanted == "goods":
        return [int(p) for p in np.flatnonzero(cast.economy.moves_by_sea)]
    if wanted == "none":
        return []
    return [cast.index.product[p] for p in wanted]
