"""Play runs day by day over threads; the same bits for any number of them, in any company."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from keian.core import ModelError
from keian.crisis._arrays import Drawn, F, Forcing, Record
from keian.crisis._kernels import run_days
from keian.crisis.compile import Compiled, compile_run
from keian.crisis.run import Run
from keian.crisis.same import Memory, identify_inputs
from keian.crisis.start import make_record, make_state, make_work
from keian.scenario.draws import MODE_DRAW

MOST_KEPT = 64  # outcomes at hand for runs of the same inputs, well under a megabyte each
BALANCE_TOLERANCE = 1e-9  # relative; output against deliveries on every day


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run left behind; arrays by day first.

    build_want, build_got : (T,) MUSD/day, bought to build again what was destroyed, all regions;
    counted apart from final demand.

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
    build_want: F
    build_got: F
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


def check_balance(record: Record, run: Run) -> None:
    """Stop when a balance does not close: a wrong number is worse than none."""
    bad = np.flatnonzero(~(record.residual <= BALANCE_TOLERANCE))
    if bad.size:
        day = int(bad[0])
        raise ModelError(
            f"output and deliveries differ by {record.residual[day]:.1e} on day {day}",
            day=day,
            where=f"{run.scenario.id}, draw {run.draw}",
        )


def simulate_run(compiled: Compiled, run: Run, rec_unit: npt.NDArray[np.int64]) -> Outcome:
    """Play one run over the horizon of its scenario.

    Raises
    ------
    ModelError
        A balance did not close.
    """
    return _play(compiled, run, rec_unit, *compile_run(compiled, run, run.scenario.horizon_days))


def _play(
    compiled: Compiled, run: Run, rec_unit: npt.NDArray[np.int64], dr: Drawn, fx: Forcing
) -> Outcome:
    days, st = run.scenario.horizon_days, compiled.static
    record = make_record(st, days, rec_unit, compiled.index.region[compiled.economy.home])
    run_days(days, st, dr, fx, make_state(st, dr, fx), make_work(st), record)
    return gather(record, run)


def gather(record: Record, run: Run) -> Outcome:
    """Make the outcome of a run of its record.

    Raises
    ------
    ModelError
        A balance did not close.
    """
    check_balance(record, run)
    series = {f: getattr(record, f) for f in Outcome.__slots__ if f != "run"}
    for values in series.values():
        values.flags.writeable = False  # runs of the same inputs share them
    return Outcome(run=run, **series)


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
    """Play any number of runs and yield (position, outcome) as they finish.

    Mode runs of the same inputs are played once, as long as the first is among the last few outcomes;
    they then share arrays, which nobody writes to.

    Parameters
    ----------
    compiled : from `compile_economy`.
    runs : futures to play.
    threads : worker threads; the result does not depend on them.
    rec_unit : units whose series are recorded; default the home region's.
    progress : called with the number of runs finished since the last call.

    Raises
    ------
    ModelError
        A balance did not close.
    """
    units = home_units(compiled) if rec_unit is None else rec_unit

    memory = Memory[Outcome](MOST_KEPT)

    def play(k: int) -> tuple[int, Outcome]:
        run = runs[k]
        if run.draw != MODE_DRAW:
            return k, simulate_run(compiled, run, units)  # what is drawn hardly ever comes twice
        dr, fx = compile_run(compiled, run, run.scenario.horizon_days)
        key = identify_inputs(compiled.static, dr, fx, run.scenario.horizon_days)
        known = memory.find(key)
        if known is not None:
            return k, replace(known, run=run)
        outcome = _play(compiled, run, units, dr, fx)
        memory.keep(key, outcome)
        return k, outcome

    with threadpool_limits(limits=1), ThreadPoolExecutor(max_workers=threads) as pool:
        todo = iter(range(len(runs)))
        pending: set[Future[tuple[int, Outcome]]] = set()
        try:
            while True:
                # a short queue keeps memory bounded and lets Ctrl-C stop soon
                while len(pending) < 2 * threads and (k := next(todo, None)) is not None:
                    pending.add(pool.submit(play, k))
                if not pending:
                    return
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                    if progress is not None:
                        progress(1)
        finally:
            for future in pending:
                future.cancel()
