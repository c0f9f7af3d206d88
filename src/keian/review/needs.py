"""What must not run out: goods, services and vital final demand, with their floors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.core import Names, Triple
from keian.crisis._arrays import F
from keian.crisis.run import Run, draw_input
from keian.crisis.simulate import Outcome
from keian.economy import Economy
from keian.economy.nouns import Service, Tier
from keian.review.nouns import NeedKind
from keian.review.parameters import Parameters
from keian.review.words import say
from keian.scenario.nouns import Scenario
from keian.scenario.parts import find_struck_service

VITAL = "vital_demand"
ROUNDING = 1e-9  # relative; a stock at its floor in normal times has not fallen below it


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
    goods = _list_goods(economy, "modelled")
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


def list_asked(economy: Economy) -> tuple[Need, ...]:
    """List the illustrative goods that run and that somebody uses; they enter no ranking."""
    return tuple(_list_goods(economy, "illustrative"))


def _list_goods(economy: Economy, tier: Tier) -> list[Need]:
    used = {u.good for u in economy.uses}
    return [
        Need(
            g.id, "good", g.names, g.vital, k, g.floor_days, f"{g.id}.floor_days",
            (*g.floor_days.sources, *g.sources),
        )
        for k, g in enumerate(economy.goods)
        if g.tier == tier and g.id in used
    ]  # fmt: skip


def list_played(economy: Economy, scenario: Scenario) -> frozenset[str]:
    """List the services whose level a run of a scenario plays: modelled, or struck by a shock."""
    struck = {find_struck_service(shock, economy) for shock in scenario.shocks}
    return frozenset(s.id for s in economy.services if s.tier == "modelled" or s.id in struck)


def name_industry(service: Service) -> str:
    """Name the unit that provides a service, or of which it is a share."""
    return service.provider or service.outage_unit or f"{service.region}.{service.parent_industry}"


def choose_needs(needs: tuple[Need, ...], economy: Economy, scenario: Scenario) -> tuple[Need, ...]:
    """Leave out the services that a run of a scenario does not play.

    The level of an illustrative service follows no industry: it stays whole unless a shock strikes
    it, and a whole service that nobody played must not be told as a result.
    """
    played = list_played(economy, scenario)
    return tuple(n for n in needs if n.kind != "service" or n.id in played)


def read_series(outcome: Outcome, need: Need) -> F:
    """Read a need's series: days of cover of a good, share of normal otherwise, (T,)."""
    if need.kind == "good":
        return outcome.cover[:, need.index]
    if need.kind == "service":
        return outcome.level[:, need.index]
    # Where no demand is marked vital (a bare table), none goes unserved.
    wanted = outcome.vital_want > 0
    return np.divide(
        outcome.vital_got, outcome.vital_want, out=np.ones_like(outcome.vital_got), where=wanted
    )


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


def calc_normal_cover(run: Run, economy: Economy, need: Need) -> float:
    """Calculate a good's cover before the crisis, days: own stocks, and pools open by themselves."""
    uses = [u for u in economy.uses if u.good == need.id]
    names = [f"{u.good}.{u.unit}" for u in uses]
    pairs = list(zip(names, uses, strict=True))
    weight = np.array([draw_input(run, f"{n}.use_share", u.use_share) for n, u in pairs])
    own = np.array([draw_input(run, f"{n}.cover_days", u.cover_days) for n, u in pairs])
    held = sum(
        draw_input(run, f"{p.id}.quantity_days", p.quantity_days)
        * draw_input(run, f"{p.id}.usable_share", p.usable_share)
        * min(1.0, draw_input(run, f"{p.id}.draw_limit", p.draw_limit))
        for p in economy.goods[need.index].pools
        if p.automatic
    )
    return float(weight @ own / weight.sum()) + float(held)


def read_normal(run: Run, economy: Economy, series: F, need: Need, floor: float) -> float:
    """Read the level before the crisis: full service, or the cover of a normal day.

    The first day's cover stands for it unless that is below the floor already: then stocks may
    have been lost on that day, and the inputs say what there was.
    """
    if need.kind != "good":
        return 1.0
    first = float(series[0])
    if first >= floor:
        return first
    normal = calc_normal_cover(run, economy, need)
    return normal if normal > floor * (1.0 + ROUNDING) else first
