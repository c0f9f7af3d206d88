"""What must not run out: goods, services and vital final demand, with their floors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.core import Names, Triple
from keian.crisis._arrays import F
from keian.crisis.lanes import Run, draw_input
from keian.crisis.simulate import Outcome
from keian.economy import Economy
from keian.review.nouns import NeedKind
from keian.review.parameters import Parameters
from keian.review.words import say

VITAL = "vital_demand"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must not run out and where its series stands in an outcome."""

    id: str
    kind: NeedKind
    names: Names
    vital: bool
    index: int
    floor: Triple
    floor_key: str
    sources: tuple[str, ...]


def list_needs(economy: Economy, parameters: Parameters) -> tuple[Need, ...]:
    """List the modelled goods that somebody uses, the services and vital final demand."""
    used = {u.good for u in economy.uses}
    goods = [
        Need(
            g.id, "good", g.names, g.vital, k, g.floor_days, f"{g.id}.floor_days",
            (*g.floor_days.sources, *g.sources),
        )
        for k, g in enumerate(economy.goods)
        if g.tier == "modelled" and g.id in used
    ]  # fmt: skip
    services = [
        Need(
            s.id, "service", s.names, s.vital, k, s.floor_level, f"service.{s.id}.floor_level",
            (*s.floor_level.sources, *s.sources),
        )
        for k, s in enumerate(economy.services)
    ]  # fmt: skip
    floor = parameters.vital_floor_share
    vital = Need(
        VITAL,
        "vital_demand",
        say("need.vital_demand"),
        True,
        0,
        floor,
        "vital_floor",
        floor.sources,
    )
    return (*goods, *services, vital)


def read_series(outcome: Outcome, need: Need) -> F:
    """Read a need's series: days of cover of a good, share of normal otherwise, (T,)."""
    if need.kind == "good":
        return outcome.cover[:, need.index]
    if need.kind == "service":
        return outcome.level[:, need.index]
    return outcome.vital_got / np.maximum(outcome.vital_want, 1e-12)


def draw_floor(run: Run, need: Need) -> float:
    """Draw the floor of a need in a run."""
    return draw_input(run, need.floor_key, need.floor)


def find_first_below(series: F, floor: float, normal: float) -> float:
    """Find the first day below a floor; inf if it never is, or is so in normal times already.

    Examples
    --------
    >>> find_first_below(np.array([9.0, 6.0, 3.0]), 5.0, 9.0)
    2.0
    >>> find_first_below(np.array([4.0, 3.0]), 5.0, 4.0)
    inf
    """
    if normal < floor:
        return float("inf")
    below = np.flatnonzero(series < floor)
    return float(below[0]) if below.size else float("inf")


def read_normal(series: F, need: Need) -> float:
    """Read the level before the crisis: full service, or the cover that the first day still has."""
    return float(series[0]) if need.kind == "good" else 1.0
