"""Play runs day by day: batches of LANES runs over threads, the same bits for any number of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from keian.core import ModelError
from keian.crisis._arrays import LANES, F, Record
from keian.crisis._kernels import run_days
from keian.crisis.compile import Compiled, compile_runs
from keian.crisis.lanes import Run
from keian.crisis.start import make_record, make_state, make_work

BALANCE_TOLERANCE = 1e-9  # relative; output against deliveries on every day


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run left behind; arrays without the lane axis, by day first.

    output, value_added : (T, R) MUSD/day.       final_want, final_got, vital_* : (T,) MUSD/day.
    level : (T, V) share.   cover : (T, H) days.   inflow, avail : (T, H).   pool, drawn : (T, Q).
    unit : (T, N) share of baseline; cause, cause_index : (T, N) (see `crisis.causes`).
    """

    run: Run
    output: F
    value_added: F
    vital_want: F
    vital_got: F
    final_want: F
    final_got: F
    world_unmet: F
    level: F
    cover: F
    inflow: F
    avail: F
    pool: F
    drawn: F
    unit: npt.NDArray[np.float32]
    cause: npt.NDArray[np.int8]
    cause_index: npt.NDArray[np.int16]
    vital_product: npt.NDArray[np.float32]


def _take(record: Record, run: Run, z: int) -> Outcome:
    """Cut one lane out of a record."""
    names = [f for f in Outcome.__slots__ if f != "run"]
    return Outcome(run=run, **{f: np.ascontiguousarray(getattr(record, f)[..., z]) for f in names})


def _check(record: Record, runs: Sequence[Run]) -> None:
    """Stop when a balance does not close: a wrong number is worse than none."""
    bad = ~(record.residual <= BALANCE_TOLERANCE)
    if bad.any():
        day, lane = (int(k) for k in np.argwhere(bad)[0])
        run = runs[lane]
        raise ModelError(
            f"output and deliveries differ by {record.residual[day, lane]:.1e} on day {day}",
            day=day,
            where=f"{run.scenario.id}, draw {run.draw}",
        )


def simulate_batch(
    compiled: Compiled, runs: Sequence[Run], days: int, rec_unit: npt.NDArray[np.int64]
) -> list[Outcome]:
    """Play up to LANES runs of one horizon in one kernel call.

    Raises
    ------
    ModelError
        A balance did not close.
    """
    padded = [*runs, *([runs[-1]] * (LANES - len(runs)))]
    ln, fx = compile_runs(compiled, padded, days)
    st = compiled.static
    home = compiled.index.region[compiled.economy.home]
    record = make_record(st, days, rec_unit, home)
    run_days(days, st, ln, fx, make_state(st, ln, fx), make_work(st), record)
    _check(record, padded)
    return [_take(record, run, z) for z, run in enumerate(runs)]


def list_batches(runs: Sequence[Run]) -> list[list[int]]:
    """Group runs into batches: one scenario (and so one horizon) each, in the given order."""

    def key(k: int) -> tuple[str, int]:
        return runs[k].scenario.id, runs[k].scenario.horizon_days

    order = sorted(range(len(runs)), key=key)
    batches: list[list[int]] = []
    for _, same in groupby(order, key=key):
        numbers = list(same)
        batches.extend(numbers[k : k + LANES] for k in range(0, len(numbers), LANES))
    return batches


def home_units(compiled: Compiled) -> npt.NDArray[np.int64]:
    """Number the units of the home region that exist."""
    economy = compiled.economy
    home = compiled.index.region[economy.home]
    return np.flatnonzero((economy.unit_region == home) & ~economy.masked)


def simulate_runs(
    compiled: Compiled,
    runs: Sequence[Run],
    *,
    threads: int = 2,
    rec_unit: npt.NDArray[np.int64] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[int, Outcome]]:
    """Play any number of runs and yield (position, outcome) as batches finish.

    Parameters
    ----------
    compiled : from `compile_economy`.
    runs : futures to play; runs of one scenario share batches.
    threads : worker threads; the result does not depend on them.
    rec_unit : units whose series are recorded; default the home region's.
    progress : called with the number of runs finished since the last call.

    Raises
    ------
    ModelError
        A balance did not close.
    """
    units = home_units(compiled) if rec_unit is None else rec_unit

    def play(batch: list[int]) -> list[tuple[int, Outcome]]:
        part = [runs[k] for k in batch]
        done = simulate_batch(compiled, part, part[0].scenario.horizon_days, units)
        return list(zip(batch, done, strict=True))

    with threadpool_limits(limits=1), ThreadPoolExecutor(max_workers=threads) as pool:
        todo = iter(list_batches(runs))
        pending: set[Future[list[tuple[int, Outcome]]]] = set()
        try:
            while True:
                # a short queue keeps memory bounded and lets Ctrl-C stop soon
                while len(pending) < 2 * threads and (batch := next(todo, None)) is not None:
                    pending.add(pool.submit(play, batch))
                if not pending:
                    return
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    results = future.result()
                    yield from results
                    if progress is not None:
                        progress(len(results))
        finally:
            for future in pending:
                future.cancel()
