"""Compile runs to what one kernel call needs: lanes, forcing and the state of day 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keian.crisis._arrays import LANES, F, Forcing, Lanes, Static
from keian.crisis.events import PORT_YARD_DAYS, Cast, apply_shocks
from keian.crisis.forcing import Factors, open_pools, pack_forcing
from keian.crisis.lanes import Run, draw_input, draw_pool_limits, make_lanes
from keian.crisis.levers import apply_measures, draw_curves, make_cast
from keian.crisis.rules import Rules
from keian.crisis.table_arrays import Index, index_economy, make_static
from keian.economy.nouns import Economy
from keian.scenario import nouns as n


@dataclass(frozen=True, slots=True)
class Compiled:
    """An economy as arrays, ready for any number of runs."""

    economy: Economy
    rules: Rules
    index: Index
    static: Static


def compile_economy(economy: Economy, rules: Rules) -> Compiled:
    """Compile an economy once; runs share it."""
    return Compiled(economy, rules, index_economy(economy), make_static(economy, rules))


def _passages(compiled: Compiled, runs: Sequence[Run]) -> tuple[dict[int, F], F]:
    """Where along each supply line goods wait, and how many days of them may wait.

    A line waits at the first of its passages that any shock of the run closes; at a stopped port
    it waits off the port.
    """
    economy = compiled.economy
    lines = [(g, s) for g in economy.goods for s in g.supplies]
    routes = {r.id: r for r in economy.routes}
    ports = {s.id for s in economy.services if s.carries_trade_share is not None}
    up: dict[int, F] = {}
    yard = np.zeros((len(lines), LANES))
    for z, run in enumerate(runs):
        shocks = run.scenario.shocks
        closed = {s.route for s in shocks if isinstance(s, n.RouteClosure)}
        stopped = any(isinstance(s, n.ServiceOutage) and s.service in ports for s in shocks)
        for c, (_, supply) in enumerate(lines):
            hit = [r for r in supply.routes if r.route in closed]
            if not hit and not (stopped and supply.made_by is None):
                continue
            here = up.setdefault(c, np.zeros(LANES))
            here[z] = min((r.position_days for r in hit), default=np.inf)
            days = [
                draw_input(run, f"route.{r.route}.yard_days", routes[r.route].yard_days)
                for r in hit
            ]
            yard[c, z] = max(days, default=PORT_YARD_DAYS)
    return up, yard


def compile_runs(compiled: Compiled, runs: Sequence[Run], days: int) -> tuple[Lanes, Forcing]:
    """Compile exactly LANES runs of one horizon.

    Raises
    ------
    ValueError
        The number of runs is not LANES.
    """
    if len(runs) != LANES:
        raise ValueError(f"a batch holds {LANES} runs, found {len(runs)}")
    economy, st = compiled.economy, compiled.static
    up, yard = _passages(compiled, runs)
    ln = make_lanes(economy, runs, compiled.rules, up, yard)
    f = Factors(days)
    limits = draw_pool_limits(runs, economy)
    open_pools(f, ln, limits)
    for z, run in enumerate(runs):
        curves = draw_curves(run, days)
        cast = make_cast(Cast(economy, compiled.index, st, ln, run, z, days, {}), curves)
        apply_shocks(cast, f)
        apply_measures(cast, f, curves, limits)
    return ln, pack_forcing(st, f)
