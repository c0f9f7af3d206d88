"""Play shocks through a network of firms, day by day; the same bits for any number of threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from keian.core import AMBER, InputError, Label, Labelled, ModelError, Problem
from keian.crisis._arrays_firms import (
    BOUND_BY,
    CAPACITY,
    CAUSE,
    DEMAND,
    DEMANDED,
    FACTOR,
    FINAL_GOT,
    FINAL_WANT,
    INPUT,
    LIMIT,
    LOST_CAPACITY,
    LOST_DEMAND,
    LOST_INPUT,
    MEASURES,
    NEARLY,
    NONE,
    OUTPUT,
    REST,
    SHARE,
    VALUE_ADDED,
    VITAL_GOT,
    VITAL_WANT,
    WATCHED,
    F,
    FirmForcing,
    FirmRecord,
    FirmState,
    FirmStatic,
    FirmWork,
)
from keian.crisis._kernels_firm_record import close_day, note_before
from keian.crisis._kernels_firms import begin_day, pass_links, settle_firms
from keian.crisis.firm_arrays import compile_firms, compile_shocks, make_firm_state, make_firm_work
from keian.crisis.firm_rules import FirmRules, FirmShock, FirmTraits, assume_traits
from keian.network import FirmNetwork

# sent against arrived, relative: rounding of sums in each precision
BALANCE_TOLERANCES = (("double", 1e-9), ("single", 1e-4))
CAUSES = ("none", "demand", "capacity", "input", "outside")  # the last in `crisis.refined` only
SERIES = (
    ("output", OUTPUT), ("value_added", VALUE_ADDED),
    ("final_want", FINAL_WANT), ("final_got", FINAL_GOT),
    ("vital_want", VITAL_WANT), ("vital_got", VITAL_GOT),
    ("lost_demand", LOST_DEMAND), ("lost_capacity", LOST_CAPACITY), ("lost_input", LOST_INPUT),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class FirmOutcome:
    """What a run of firms left behind. T days, C cells, W watched firms.

    Attributes
    ----------
    cell_product, cell_region : (C,) names.
    baseline : (C,) output, money per day.
    cells : (T, C, 9) money per day, see `SERIES`.
    residual : (T - 1,) what firms sent against what firms got, relative.
    watched : (W,) ids; `firms` is (T, W, 8): output, demand, limit and capacity as shares of
        the baseline, fill of producers' orders, least stock in days, cause, number of the product
        that bound.
    blocks, precision : part of the run's identity; the number of threads is not.
    """

    network: str
    currency: str
    products: tuple[str, ...]
    cell_product: tuple[str, ...]
    cell_region: tuple[str, ...]
    baseline: F
    cells: F
    residual: F
    watched: tuple[str, ...]
    firms: F
    blocks: int
    precision: str
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """An outcome is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the outcome itself: it has no parts to take out."""
        if names:
            raise KeyError(f"an outcome has no part {min(names)!r}")
        return self

    def total(self, name: str) -> F:
        """Add a series up over all cells.

        Parameters
        ----------
        name : one of `SERIES`.

        Returns
        -------
        (T,) float, money per day.
        """
        summed: F = self.cells[:, :, dict(SERIES)[name]].sum(axis=1)
        return summed


@dataclass(frozen=True, slots=True)
class FirmRun:
    """How a run is played; `blocks` and `precision` belong to its identity, `threads` does not."""

    precision: Literal["single", "double"] = "single"
    blocks: int | None = None
    threads: int = 1
    watch: tuple[str, ...] = ()


def simulate_firms(
    network: FirmNetwork,
    shocks: Sequence[FirmShock],
    rules: FirmRules,
    days: int,
    *,
    traits: FirmTraits | None = None,
    run: FirmRun | None = None,
) -> FirmOutcome:
    """Play shocks through a network.

    Parameters
    ----------
    network : firms and links.
    shocks : what happens; factors on one firm multiply.
    rules : from `load_firm_rules`.
    days : horizon.
    traits : what is known by industry; default: what the rules assume.
    run : precision, blocks, threads, and firms to record in full.

    Raises
    ------
    InputError
        A shock or a watched firm names what the network does not have; all problems together.
    ModelError
        What firms sent and what firms got differ.
    """
    how = run or FirmRun()
    traits = traits or assume_traits(len(network.products), rules)
    if days < 1:
        raise InputError([Problem("days", f"{days}", "1 at least", "ask for a longer horizon")])
    fx = compile_shocks(network, shocks, days)
    watch = find_firms(network, how.watch)
    dtype = np.float64 if how.precision == "double" else np.float32
    st = compile_firms(network, rules, traits, dtype=dtype, blocks=how.blocks)
    state, work = make_firm_state(st), make_firm_work(st)
    record = make_firm_record(st, days, watch)
    run_firm_days(days, st, fx, state, work, record, threads=how.threads)
    name_causes(st, record)
    residual = check_firms(record, st, dict(BALANCE_TOLERANCES)[how.precision])
    return gather_firms(network, st, record, residual, how)


@dataclass(frozen=True, slots=True)
class FirmPlay:
    """The bundles of one run of the kernel, and how blocks spread over threads."""

    st: FirmStatic
    fx: FirmForcing
    state: FirmState
    work: FirmWork
    record: FirmRecord
    spread: Callable[[Callable[[int], None], range], Iterable[None]] = map

    @property
    def blocks(self) -> range:
        """Numbers of the blocks."""
        return range(len(self.st.block_chunk) - 1)


def begin_firm_day(t: int, play: FirmPlay) -> None:
    """First pass of a day: events, what arrived, what stocks allow, orders."""
    st, state, work = play.st, play.state, play.work
    begin_day(t, play.fx, state)
    list(play.spread(lambda b: pass_links(b, st, state, work), play.blocks))


def end_firm_day(t: int, play: FirmPlay) -> None:
    """Second pass of a day: output, who gets what, the record."""
    st, state, work = play.st, play.state, play.work
    note_before(t, st, state, play.record)
    list(play.spread(lambda b: settle_firms(b, st, state, work), play.blocks))
    close_day(t, st, state, work, play.record)


@contextmanager
def spread_blocks(play: FirmPlay, threads: int) -> Iterator[FirmPlay]:
    """Give a run threads, at most one a block; kernels release the interpreter's lock."""
    count = min(threads, len(play.blocks))
    if count <= 1:
        yield play
        return
    with ThreadPoolExecutor(max_workers=count) as pool:
        yield replace(play, spread=pool.map)


def run_firm_days(  # noqa: PLR0913 - the bundles of the kernel
    days: int,
    st: FirmStatic,
    fx: FirmForcing,
    state: FirmState,
    work: FirmWork,
    record: FirmRecord,
    *,
    threads: int = 1,
) -> None:
    """Advance a run, with a thread for each block if asked.

    A day is some calls from here, not one compiled loop: a tenth of a millisecond a day.
    """
    with spread_blocks(FirmPlay(st, fx, state, work, record), threads) as play:
        for t in range(days):
            begin_firm_day(t, play)
            end_firm_day(t, play)


def name_causes(st: FirmStatic, record: FirmRecord) -> None:
    """Note what bound each watched firm on each day (2.11), and the product only where an input did."""
    firms = record.firms
    share, demand, limit = firms[:, :, SHARE], firms[:, :, DEMANDED], firms[:, :, LIMIT]
    cap = firms[:, :, FACTOR] * st.room[record.watch]
    cause = np.where(limit < cap * NEARLY, INPUT, CAPACITY)
    cause[share >= demand * NEARLY] = DEMAND
    cause[share >= REST] = NONE
    firms[:, :, CAUSE] = cause
    firms[:, :, BOUND_BY][cause != INPUT] = np.nan


def make_firm_record(st: FirmStatic, days: int, watch: npt.NDArray[np.int32]) -> FirmRecord:
    """Make an empty record."""
    cells = int(st.cell[-1]) + 1
    arrived = np.zeros(days)
    arrived[-1] = np.nan
    return FirmRecord(
        cells=np.zeros((days, cells, MEASURES)),
        sent=np.zeros(days),
        arrived=arrived,
        watch=watch,
        firms=np.full((days, watch.size, WATCHED), np.nan),
    )


def find_firms(network: FirmNetwork, ids: Sequence[str]) -> npt.NDArray[np.int32]:
    """Find firms by id.

    Raises
    ------
    InputError
        The network has no such firm; all of them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not ids:
        return np.empty(0, np.int32)
    found = pc.index_in(pa.array(ids, pa.large_string()), value_set=network.ids)
    lost = [name for name, place in zip(ids, found.to_pylist(), strict=True) if place is None]
    if lost:
        fix = "look the id up in the list of firms"
        raise InputError(
            [Problem("firm", repr(name), "the id of a firm of the network", fix) for name in lost]
        )
    return np.asarray(found.to_numpy(zero_copy_only=False), np.int32)


def check_firms(record: FirmRecord, st: FirmStatic, tolerance: float) -> F:
    """Stop when what was sent is not what arrived: a wrong number is worse than none.

    The difference is counted against a normal day's output, which no shock can take away.
    """
    sent, arrived = record.sent[:-1], record.arrived[:-1]
    residual: F = np.abs(sent - arrived) / float(st.x0.sum(dtype=np.float64))
    bad = np.flatnonzero(~(residual <= tolerance))
    if bad.size:
        day = int(bad[0])
        text = f"firms sent {sent[day]:.9g} and got {arrived[day]:.9g} on day {day}"
        raise ModelError(text, day=day, where="firm network")
    return residual


def gather_firms(
    network: FirmNetwork, st: FirmStatic, record: FirmRecord, residual: F, run: FirmRun
) -> FirmOutcome:
    """Make the outcome of a run of its record."""
    _, first = np.unique(st.cell, return_index=True)
    baseline: F = np.bincount(st.cell, st.x0.astype(np.float64)).astype(np.float64)
    return FirmOutcome(
        network=network.digest,
        currency=network.currency,
        products=network.products,
        cell_product=tuple(network.products[p] for p in network.product[first]),
        cell_region=tuple(network.regions[r] for r in network.region[first]),
        baseline=baseline,
        cells=record.cells,
        residual=residual,
        watched=run.watch,
        firms=record.firms,
        blocks=len(st.block_chunk) - 1,
        precision=run.precision,
        # courses by industry and firm point at weak places
        label=network.label.join(AMBER),
    )
