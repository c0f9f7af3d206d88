"""Firms inside the world: a network stands for home units of the table in one run.

Firms and world take turns within a day (docs/method/firms.md, 4.1 to 4.6): what firms can make is the
capital of their unit; what the world leaves the unit (imports, critical goods, services, staff) limits
its firms up to one common level; what others than firms order from the unit is their final demand. The
kernels are those of the two models; only states are exchanged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from keian.core import AMBER, InputError, Label, Labelled, Problem
from keian.crisis._arrays import FIRST, Drawn, F, Forcing, Record, State, Static, Work
from keian.crisis._arrays_firms import BOUND_BY, CAUSE, INPUT, LIMIT, OUTSIDE
from keian.crisis._kernels import limit_with, run_evening, run_factors, run_morning
from keian.crisis.compile import Compiled, compile_run
from keian.crisis.firm_arrays import compile_firms, compile_shocks, make_firm_state, make_firm_work
from keian.crisis.firm_economy import make_traits
from keian.crisis.firm_rules import FirmRules, FirmShock
from keian.crisis.firms import (
    BALANCE_TOLERANCES,
    FirmOutcome,
    FirmPlay,
    FirmRun,
    begin_firm_day,
    check_firms,
    end_firm_day,
    find_firms,
    gather_firms,
    make_firm_record,
    name_causes,
    spread_blocks,
)
from keian.crisis.run import Run
from keian.crisis.simulate import Outcome, gather, home_units
from keian.crisis.start import make_record, make_state, make_work
from keian.economy import Economy
from keian.network import FirmNetwork

LEAST_OUTSIDE = 1e-9  # of a unit's output: who sells less to others has no demand from outside
SAME = 1e-9  # a share so near to 1 is 1: sums of the table round
SAME_LEVEL = 1e-6  # relative; a level kept in single precision

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Refinement:
    """Which firms stand for which units; U units.

    Attributes
    ----------
    units : (U,) ids of the units of the table.
    unit : (U,) their numbers.
    first, last : (U,) their firms are first to last, the end excluded.
    covered : (U,) share of the unit's output that its firms make; the rest behaves as the table.
    left_out : products of the network that are no home unit: their firms play among themselves.
    """

    units: tuple[str, ...]
    unit: Ints
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    covered: F
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RefinedOutcome:
    """What a run of both left behind; T days, U units.

    Attributes
    ----------
    world, firms : what each model records.
    refinement : which firms stood for which units.
    able : (T, U) what firms can make without the world's limits, share of normal output (4.1).
    outside : (T, U) what the world leaves the unit, the same (4.3).
    level : (T, U) rate at which firms are held, share of their normal output; inf = none is (4.4).
    demand : (T, U) what others than firms order, share of normal (4.6).
    """

    world: Outcome
    firms: FirmOutcome
    refinement: Refinement
    able: F
    outside: F
    level: F
    demand: F
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """An outcome is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the outcome itself: it has no parts to take out."""
        if names:
            raise KeyError(f"an outcome has no part {min(names)!r}")
        return self


def match_units(economy: Economy, network: FirmNetwork) -> Refinement:
    """Find the home units that a network stands for: its products are ids of units.

    Sales cover the share of a unit's output that they are of it; in another currency than the
    economy's they cannot be compared, and firms stand for the whole unit.

    Raises
    ------
    InputError
        No product of the network is a home unit.
    """
    home = economy.unit_region == economy.regions.index(economy.home)
    number = {economy.units[i]: i for i in np.flatnonzero(home & ~economy.masked)}
    known = [p for p, name in enumerate(network.products) if name in number]
    if not known:
        some = ", ".join(network.products[:3])
        wanted = f"ids of home units, as {next(iter(number), '-')}"
        fix = f"name products as `keian economy show {economy.name}` names industries"
        raise InputError([Problem("network: products", some, wanted, fix)])
    unit = np.array([number[network.products[p]] for p in known], np.int32)
    first = np.searchsorted(network.product, known, side="left")
    last = np.searchsorted(network.product, known, side="right")
    sales = np.array([network.sales[a:z].sum() for a, z in zip(first, last, strict=True)])
    covered = np.ones(unit.size)
    if network.currency == economy.currency:
        covered = np.minimum(1.0, sales / economy.x[unit])
        covered[covered > 1.0 - SAME_LEVEL] = 1.0
    return Refinement(
        units=tuple(economy.units[i] for i in unit),
        unit=unit,
        first=first,
        last=last,
        covered=covered,
        left_out=tuple(p for p in network.products if p not in number),
    )


@dataclass(frozen=True, slots=True)
class _World:
    """The bundles of the table's kernel, and what a turn with firms needs of them."""

    st: Static
    dr: Drawn
    fx: Forcing
    s: State
    wk: Work
    rec: Record
    unit: Ints
    inside: F  # (U, U) share of each unit in what each unit buys of its product


def _start_world(compiled: Compiled, run: Run, unit: Ints) -> _World:
    days = run.scenario.horizon_days
    dr, fx = compile_run(compiled, run, days)
    st = compiled.static
    rec = make_record(st, days, home_units(compiled), compiled.index.region[compiled.economy.home])
    clients = st.b.shape[1]
    inside = np.zeros((unit.size, unit.size))
    for k, i in enumerate(unit):
        p = st.unit_product[i]
        suppliers = st.sup_unit[st.sup_ptr[p] : st.sup_ptr[p + 1]]
        at = st.s_ptr[p] + int(np.flatnonzero(suppliers == i)[0]) * clients
        inside[k] = st.s_t[at : at + clients][unit]
    return _World(st, dr, fx, make_state(st, dr, fx), make_work(st), rec, unit, inside)


def find_level(x0: F, able: F, most: float) -> float:
    """Find the level up to which all make what they can, so that together they make `most` (4.4).

    Parameters
    ----------
    x0 : (m,) normal output, money per day.
    able : (m,) what each can make, share of normal.
    most : share of their normal output together.

    Returns
    -------
    Share of normal output; inf where all of them can make no more than `most`.
    """
    left = most * float(x0.sum())
    if float(x0 @ able) <= left:
        return np.inf
    level, before = most, -1.0
    # Newton's method from below on a concave line: each step frees who can make less
    while level > before:
        low = able <= level
        before = level
        if low.all():  # rounding: all they can is all that is left
            break
        level = (left - float(x0[low] @ able[low])) / float(x0[~low].sum())
    return before


def calc_outside_demand(w: _World) -> F:
    """What others than firms order from each unit, share of normal (4.6)."""
    st, unit = w.st, w.unit
    product = st.unit_product[unit]
    x0 = st.x0[unit]
    normal = x0 - (w.inside * st.b[np.ix_(product, unit)]).sum(axis=1)
    orders = w.s.order[product, FIRST][:, unit]
    asked = np.maximum(0.0, w.s.D1[unit] - (w.inside * orders).sum(axis=1))
    known = normal > LEAST_OUTSIDE * x0
    share = np.where(known, asked / np.where(known, normal, 1.0), 1.0)
    share[np.abs(share - 1.0) < SAME] = 1.0
    return share


def simulate_refined(
    compiled: Compiled,
    run: Run,
    network: FirmNetwork,
    rules: FirmRules,
    *,
    shocks: Sequence[FirmShock] = (),
    firm_run: FirmRun | None = None,
) -> RefinedOutcome:
    """Play a scenario with firms in place of the units they stand for.

    Parameters
    ----------
    compiled : from `compile_economy`.
    run : scenario, measures and draw of the world; its horizon is played.
    network : firms, whose products are ids of home units.
    rules : of the firm day, from `load_firm_rules`.
    shocks : on firms, beside those of the scenario.
    firm_run : precision, blocks, threads and watched firms.

    Raises
    ------
    InputError
        The network has no unit of the economy, or a shock or a watched firm names what it has not.
    ModelError
        A balance of the world or of the firms did not close.
    """
    how = firm_run or FirmRun()
    days = run.scenario.horizon_days
    match = match_units(compiled.economy, network)
    rated = compiled.static.beta_rated  # without what critical goods carry: they act in the world
    traits = make_traits(compiled.economy, network, rules, rated=rated)
    fx = compile_shocks(network, shocks, days)
    watch = find_firms(network, how.watch)
    dtype = np.float64 if how.precision == "double" else np.float32
    st = compile_firms(network, rules, traits, dtype=dtype, blocks=how.blocks)
    record = make_firm_record(st, days, watch)
    world = _start_world(compiled, run, match.unit)
    turns = _Turns(*(np.ones((days, match.unit.size)) for _ in range(4)))
    alone = FirmPlay(st, fx, make_firm_state(st), make_firm_work(st), record)
    with spread_blocks(alone, how.threads) as play:
        for t in range(days):
            _play_day(t, play, world, match, turns)
    name_causes(st, record)
    _name_outside(record.firms, watch, match, turns.level)
    residual = check_firms(record, st, dict(BALANCE_TOLERANCES)[how.precision])
    return RefinedOutcome(
        world=gather(world.rec, run),
        firms=gather_firms(network, st, record, residual, how),
        refinement=match,
        able=turns.able,
        outside=turns.outside,
        level=turns.level,
        demand=turns.demand,
        label=network.label.join(compiled.economy.label)
        .join(Label(run.scenario.label))
        .join(AMBER),
    )


@dataclass(frozen=True, slots=True)
class _Turns:
    """What is exchanged, (T, U) each; see `RefinedOutcome`."""

    able: F
    outside: F
    level: F
    demand: F


def _play_day(t: int, play: FirmPlay, w: _World, match: Refinement, turns: _Turns) -> None:
    """One day of both: firms look, the world looks, firms make, the world makes."""
    state, x0 = play.state, play.st.x0
    state.wanted[:] = 1.0
    begin_firm_day(t, play)
    normal = np.minimum(state.limit, state.factor)
    for k, (a, z) in enumerate(zip(match.first, match.last, strict=True)):
        weights = x0[a:z].astype(np.float64)
        turns.able[t, k] = min(1.0, weights @ normal[a:z] / weights.sum())
    w.s.capital[w.unit] = 1.0  # no event of ours; the next line sets the scenario's
    run_factors(t, w.st, w.fx, w.s)
    own = w.s.capital[w.unit]
    ours = 1.0 - match.covered * (1.0 - turns.able[t])
    w.s.capital[w.unit] = np.minimum(own, ours)
    run_morning(t, w.st, w.dr, w.fx, w.s, w.wk, w.rec)
    limit_with(w.unit, own, t, w.st, w.dr, w.fx, w.s, turns.outside[t])
    turns.outside[t] /= w.st.x0[w.unit]
    for k, (a, z) in enumerate(zip(match.first, match.last, strict=True)):
        able = np.minimum(state.limit[a:z], state.factor[a:z] * play.st.room[a:z])
        level = find_level(x0[a:z].astype(np.float64), able.astype(np.float64), turns.outside[t, k])
        turns.level[t, k] = level
        np.minimum(state.limit[a:z], level, out=state.limit[a:z])
        state.wanted[a:z] *= turns.demand[t, k]
    end_firm_day(t, play)
    run_evening(t, w.st, w.dr, w.fx, w.s, w.wk, w.rec)
    if t + 1 < len(turns.demand):
        turns.demand[t + 1] = calc_outside_demand(w)


def _name_outside(firms: F, watch: Ints, match: Refinement, level: F) -> None:
    """Say of watched firms where it is the world that holds them, not an input of the network."""
    for n, firm in enumerate(watch):
        at = np.flatnonzero((match.first <= firm) & (firm < match.last))
        if at.size == 0:
            continue
        held = firms[:, n, LIMIT] >= level[:, at[0]] * (1.0 - SAME_LEVEL)
        held &= firms[:, n, CAUSE] == INPUT
        firms[held, n, CAUSE] = OUTSIDE
        firms[held, n, BOUND_BY] = np.nan
