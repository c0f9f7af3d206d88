"""Memory of an ensemble, told before it is played."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keian.core import InputError, Problem
from keian.crisis.compile import compile_run
from keian.crisis.ensemble.columns import SERIES_BYTES, list_series
from keian.crisis.ensemble.files import BLOCK_RUNS
from keian.crisis.ensemble.plan import Plan
from keian.crisis.start import make_record, make_state, make_work

MB = 1_000_000
GB = 1_000_000_000
# What a worker needs before its first run: Python, the libraries, the compiled kernel. Peak of a
# worker of `japan` less its arrays, Linux, x86_64 (bench/README.md, Ensembles).
WORKER_MB = 330
# Rows of a batch stand in memory as they are collected, as columns, and as pages being written.
COPIES_OF_ROWS = 3
# A batch and a block of the merged file as they are read, joined, copied and written.
COPIES_OF_MERGED = 6
MOST_ROW_MB = 96  # a batch whose rows would need more is cut shorter
# One series of all runs: as it is read, sorted for the quantiles, and once as doubles.
COPIES_OF_SERIES = 4
CONTROL_GROUP = Path("/sys/fs/cgroup")
MEMORY_FILE = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes that an ensemble needs at its peak.

    arrays : of the plan, shared by the workers of a machine.
    worker : of each worker on top.
    statistics : of the process that asked, when the runs are done.
    """

    arrays: int
    worker: int
    workers: int
    statistics: int

    @property
    def total(self) -> int:
        """All together, on one machine."""
        return self.arrays + self.workers * self.worker + self.statistics


def calc_row_bytes(plan: Plan) -> int:
    """Calculate the bytes of one run in a batch."""
    return len(list_series(plan.compiled)) * plan.scenario.horizon_days * SERIES_BYTES


def calc_most_runs(plan: Plan) -> int:
    """Calculate how many runs a batch may hold in memory."""
    return max(1, MOST_ROW_MB * MB // (COPIES_OF_ROWS * calc_row_bytes(plan)))


def estimate_memory(plan: Plan, draws: int, workers: int) -> MemoryNeed:
    """Estimate the memory of an ensemble from the arrays of its mode run.

    Parameters
    ----------
    plan : what is played.
    draws : number of draws.
    workers : batches at once.

    Examples
    --------
    >>> MemoryNeed(arrays=10, worker=5, workers=2, statistics=1).total
    21
    """
    st, days = plan.compiled.static, plan.scenario.horizon_days
    dr, fx = compile_run(plan.compiled, plan.run(-1), days)
    home = plan.compiled.index.region[plan.compiled.economy.home]
    parts = (
        dr,
        fx,
        make_state(st, dr, fx),
        make_work(st),
        make_record(st, days, np.zeros(0, np.int64), home),
    )
    one_run = sum(_count_bytes(part) for part in parts)
    rows = COPIES_OF_ROWS * min(draws + 1, calc_most_runs(plan)) * calc_row_bytes(plan)
    series = COPIES_OF_SERIES * (draws + 1) * days * SERIES_BYTES
    merged = min(draws + 1, calc_most_runs(plan) + BLOCK_RUNS)
    merging = COPIES_OF_MERGED * merged * calc_row_bytes(plan)
    return MemoryNeed(
        arrays=_count_bytes(st),
        worker=WORKER_MB * MB + one_run + rows,
        workers=workers,
        statistics=WORKER_MB * MB + max(series, merging),
    )


def refuse_memory(need: MemoryNeed, limit: int | None, *, asked: bool) -> None:
    """Refuse an ensemble that cannot fit, with the figures.

    Parameters
    ----------
    limit : bytes that may be used; None = not known, nothing is refused.
    asked : the limit is what the person allowed, not what was found free.

    Raises
    ------
    InputError
        More is needed than there is.
    """
    if limit is None or need.total <= limit:
        return
    fixed = need.arrays + need.statistics
    fitting = max(0, (limit - fixed) // need.worker)
    found = (
        f"about {need.total / GB:.1f} GB needed: {need.workers} workers of "
        f"{need.worker / GB:.2f} GB, {need.arrays / GB:.2f} GB of arrays, "
        f"{need.statistics / GB:.2f} GB for the statistics"
    )
    whose = "allowed by --memory-limit" if asked else "free"
    fewer = f"--workers {fitting}" if fitting else "fewer draws or a larger machine"
    fix = f"ask for {fewer}, or allow more with --memory-limit GB"
    wanted = f"at most {limit / GB:.1f} GB, what is {whose}"
    raise InputError([Problem("memory", found, wanted, fix)])


def read_free_bytes() -> int | None:
    """Read how much memory this machine, or this container, has left; None = it does not say."""
    return min((room for room in _list_rooms() if room is not None), default=None)


def _list_rooms() -> Iterator[int | None]:
    if MEMORY_FILE.is_file():
        for line in MEMORY_FILE.read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                yield int(rest.split()[0]) * 1024
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        # No word about what is free: all there is.
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    most, now = CONTROL_GROUP / "memory.max", CONTROL_GROUP / "memory.current"
    if most.is_file() and now.is_file():
        text = most.read_text(encoding="ascii").strip()
        if text.isdigit():
            yield int(text) - int(now.read_text(encoding="ascii"))


def _count_bytes(arrays: Any) -> int:  # noqa: ANN401 - any named tuple of arrays
    return sum(value.nbytes for value in arrays if isinstance(value, np.ndarray))
