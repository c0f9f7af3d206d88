"""What the machine was doing while a figure was taken, and two references to divide by.

Run alone it prints the references: `python -m bench.machine`.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REPEATS = 5  # a short timing is the least of at least this many
QUIET_SHARE = 0.05  # others may use this share of the cores before a run counts as loaded
MATRIX_ROWS = 1024  # dgemm reference: 8 MB per matrix
TRIAD_CELLS = 4_000_000  # triad reference: 32 MB per array, far beyond the caches
GIGA = 1e9
MEGA = 1e6
TRIAD_PASSES = 5  # numpy's two steps: read c, write a; read a, read b, write a


@dataclass(frozen=True, slots=True)
class Timing:
    """Least wall and least processor time of one repetition, seconds."""

    wall_s: float
    cpu_s: float
    repeats: int


def time_least(work: Callable[[], object], repeats: int = REPEATS) -> Timing:
    """Time `work` after one call that warms it up.

    Examples
    --------
    >>> time_least(lambda: sum(range(1000))).repeats
    5
    """
    work()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Timing(min(walls), min(cpus), repeats)


@dataclass(frozen=True, slots=True)
class References:
    """Seconds of the two references on one thread, in this process, just now."""

    dgemm_s: float
    triad_s: float

    def tell(self) -> str:
        """Tell the references with the rates behind them."""
        rate = 2 * MATRIX_ROWS**3 / self.dgemm_s / GIGA
        band = 8 * TRIAD_PASSES * TRIAD_CELLS / self.triad_s / GIGA
        return (
            f"references: dgemm {MATRIX_ROWS} {self.dgemm_s * 1e3:.1f} ms ({rate:.0f} GFLOP/s), "
            f"triad {TRIAD_CELLS:,} {self.triad_s * 1e3:.1f} ms ({band:.1f} GB/s)"
        )


def measure_references() -> References:
    """Time a matrix product and a memory triad with numpy on one thread."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(1)
    A, B = rng.random((2, MATRIX_ROWS, MATRIX_ROWS))
    C = np.empty_like(A)
    b, c = rng.random((2, TRIAD_CELLS))
    a = np.empty_like(b)

    def triad() -> None:
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)

    with threadpool_limits(limits=1):
        dgemm = time_least(lambda: np.matmul(A, B, out=C), 2 * REPEATS)
        stream = time_least(triad, 2 * REPEATS)
    return References(dgemm.wall_s, stream.wall_s)


def _read_busy_s() -> float | None:
    """Seconds that all cores have been busy since the start; None where it cannot be known."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return None
    ticks = [int(word) for word in stat.read_text().splitlines()[0].split()[1:9]]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    t = os.times()
    return t.user + t.system + t.children_user + t.children_system


class Watch:
    """Watches what other processes use of the cores, from its making to `tell`."""

    def __init__(self) -> None:
        self._start = (time.perf_counter(), _read_busy_s(), _own_s())
        self._load = os.getloadavg()[0]

    def tell(self) -> str:
        """Tell machine, load and whether the figures were taken quietly."""
        wall, busy, own = self._start
        now = _read_busy_s()
        cores = os.cpu_count() or 1
        line = (
            f"machine: {cores} vCPU {platform.machine()}, {platform.system()}, "
            f"Python {platform.python_version()}; "
            f"load average {self._load:.2f} before, {os.getloadavg()[0]:.2f} after"
        )
        if busy is None or now is None:
            return f"{line}; whether it was quiet is not known"
        spent = (time.perf_counter() - wall) * cores
        share = max(0.0, (now - busy) - (_own_s() - own)) / spent
        word = "quiet" if share <= QUIET_SHARE else "loaded"
        return f"{line}; others used {share:.0%} of the cores: {word}"


def read_peak_mb() -> float:
    """Read the peak resident memory of this process, MB."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGA if platform.system() == "Darwin" else peak * 1024 / MEGA


def main() -> None:
    """Print the references."""
    watch = Watch()
    print(measure_references().tell())
    print(watch.tell())


if __name__ == "__main__":
    main()
