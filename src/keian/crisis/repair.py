"""Repairs by teams that all incidents share: who waits, and what is left to do by day (2.1c)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import F
from keian.crisis.run import Run, draw_input
from keian.economy.nouns import Economy, RepairPool
from keian.scenario import nouns as n
from keian.scenario.draws import key_shock


@dataclass(frozen=True, slots=True)
class Incident:
    """Work that waits for teams.

    ready : day from which teams can work, a fraction where within the day.
    work : team-days.   most : teams that can work on it at once.
    """

    ready: float
    work: float
    most: float


def calc_repair(incidents: Sequence[Incident], teams: F) -> F:
    """Calculate what is left of each incident's work, as the mean over each day.

    Teams go to the incident that was ready first, then to the next; of two that are ready at the
    same time to the one that stands first. What is left of a loss is left in proportion.

    Parameters
    ----------
    incidents : those of one pool.
    teams : (T,) float, teams that can work on each day.

    Returns
    -------
    (k, T) float, share of the work not done.

    Examples
    --------
    One ship mends two cables in ten days each; the second waits for the first.

    >>> left = calc_repair([Incident(0, 10, 9), Incident(0, 10, 9)], np.ones(20))
    >>> left[0, 9:11].round(2).tolist(), left[1, [9, 10, 19]].round(2).tolist()
    ([0.05, 0.0], [1.0, 0.95, 0.05])
    """
    left = np.array([max(0.0, i.work) for i in incidents])
    whole = np.array([i.work for i in incidents])
    order = sorted(range(len(incidents)), key=lambda k: incidents[k].ready)
    share = np.ones((len(incidents), teams.size))
    for t in range(teams.size):
        free = float(teams[t])
        for k in order:
            part = min(1.0, max(0.0, t + 1.0 - incidents[k].ready))  # of the day, once ready
            done = min(free, incidents[k].most) * part
            done = min(done, left[k])
            before = left[k]
            left[k] -= done
            if part > 0.0:
                free -= done / part
                # what was whole before teams came, then falls evenly
                mean = (1.0 - part) * before + part * 0.5 * (before + left[k])
                share[k, t] = mean / whole[k] if whole[k] > 0.0 else 1.0 - part
    return share


def plan_repairs(
    economy: Economy, run: Run, added: Mapping[str, F], faster: Mapping[str, F], days: int
) -> dict[int, F]:
    """Plan all repairs of a run: what is left of each loss that teams mend, by place in the scenario.

    Parameters
    ----------
    added : teams that measures add, (T,) by pool.
    faster : `faster.SERVICE`, share by which measures shorten a repair, (T,).

    Returns
    -------
    (T,) share of the loss that is left, by the place of the shock in the scenario.
    """
    planned: dict[int, F] = {}
    for pool in economy.repair_pools:
        places = [
            k
            for k, shock in enumerate(run.scenario.shocks)
            if isinstance(shock, n.CapacityLoss | n.ServiceOutage | n.CableCut)
            and shock.repair is not None
            and shock.repair.pool == pool.id
        ]
        if not places:
            continue
        incidents = [_draw_incident(run, k, faster, days) for k in places]
        left = calc_repair(incidents, _draw_teams(run, pool, days) + added.get(pool.id, 0.0))
        planned |= dict(zip(places, left, strict=True))
    return planned


def _draw_teams(run: Run, pool: RepairPool, days: int) -> F:
    return np.full(days, draw_input(run, f"repair.{pool.id}.teams", pool.teams))


def _draw_incident(run: Run, place: int, faster: Mapping[str, F], days: int) -> Incident:
    shock = run.scenario.shocks[place]
    repair = getattr(shock, "repair", None)
    if not isinstance(repair, n.Repair):
        raise TypeError(f"{shock.id} has no repair")  # the caller chose it because it has one

    def draw(field: str, triple: Triple) -> float:
        return draw_input(run, key_shock(run.scenario, shock, field), triple)

    ready = draw("start_day", shock.start_day) + draw("duration_days", shock.duration_days)
    work = draw("repair.work_team_days", repair.work_team_days)
    if (
        isinstance(shock, n.ServiceOutage)
        and (help_ := faster.get(f"faster.{shock.service}")) is not None
    ):
        # what helps must be there when the repair begins; later help does not reach back
        work *= 1.0 - float(help_[min(days - 1, int(np.ceil(ready)))])
    most = np.inf
    if repair.most_teams is not None:
        most = draw("repair.most_teams", repair.most_teams)
    return Incident(ready, work, most)
