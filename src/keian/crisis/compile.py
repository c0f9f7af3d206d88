"""Compile a run to what the kernel needs: what it draws, and its factors by day."""

from __future__ import annotations

from dataclasses import dataclass

from keian.crisis._arrays import Drawn, Forcing, Static
from keian.crisis.cast import Cast
from keian.crisis.events import apply_shocks
from keian.crisis.forcing import Factors, open_pools, pack_forcing
from keian.crisis.levers import add_teams, apply_measures, draw_curves, ease_shocks
from keian.crisis.repair import plan_repairs
from keian.crisis.rules import Rules
from keian.crisis.run import Run, draw_pool_limits, draw_run
from keian.crisis.table_arrays import Index, index_economy, make_static
from keian.economy.nouns import Economy


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


def compile_run(compiled: Compiled, run: Run, days: int) -> tuple[Drawn, Forcing]:
    """Compile one run: what it draws, and what its shocks and measures set on each day."""
    economy, st = compiled.economy, compiled.static
    dr = draw_run(economy, compiled.index, st, run, compiled.rules)
    f = Factors(days)
    limits = draw_pool_limits(run, economy)
    open_pools(f, dr, limits)
    curves = draw_curves(run, days)
    eased = ease_shocks(run, curves, days)
    repairs = plan_repairs(economy, run, add_teams(run, curves), eased, days)
    cast = Cast(economy, compiled.index, st, dr, run, days, eased, compiled.rules, repairs)
    apply_shocks(cast, f)
    apply_measures(cast, f, curves, limits)
    return dr, pack_forcing(st, dr, f)
