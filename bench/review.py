"""Time the review as a person meets it: a child process, after the first compile, and that compile.

Run from the repository: `python -m bench.review [--draws 40]`. This process stays small, because a
child's peak memory would otherwise begin with its parent's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.machine import MEGA, Watch

TARGET_WALL_S = 90.0  # default review on 2 cores after the first compile
TARGET_PEAK_MB = 1500.0
# One day of one scenario: everything the compiler has to see, and next to no work of its own.
FIRST_RUN = """
from keian.crisis import Run, compile_economy, load_rules, simulate_runs
from keian.economy import load_economy
from keian.scenario.load import load_scenario
day = load_scenario("hormuz-90d").model_copy(update={"horizon_days": 1})
list(simulate_runs(compile_economy(load_economy("japan"), load_rules()), [Run(day)]))
"""
REFERENCES = "from bench.machine import measure_references as m; print(m().tell())"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a child process used; exit code as the shell would give it."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    code: int

    def tell(self) -> str:
        """Tell the three figures."""
        return f"{self.wall_s:.1f} s wall, {self.cpu_s:.1f} s CPU, peak {self.peak_mb:.0f} MB"


def measure_child(command: list[str], cache: Path, log: Path) -> Cost:
    """Run a command with its own compiler cache and measure it."""
    env = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    started = time.perf_counter()
    with log.open("wb") as out:
        child = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    factor = 1 if sys.platform == "darwin" else 1024
    return Cost(
        wall_s=time.perf_counter() - started,
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss * factor / MEGA,
        code=child.returncode,
    )


def judge(cost: Cost) -> str:
    """Say which targets a review meets."""
    wall = "met" if cost.wall_s <= TARGET_WALL_S else "not met"
    peak = "met" if cost.peak_mb <= TARGET_PEAK_MB else "not met"
    return f"under {TARGET_WALL_S:.0f} s {wall}, under {TARGET_PEAK_MB:.0f} MB {peak}"


def main() -> int:
    """Take and print the figures; the exit code is that of the review."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=None, help="default: the review's own")
    parser.add_argument("--threads", type=int, default=None, help="default: the review's own")
    options = parser.parse_args()
    watch = Watch()
    subprocess.run([sys.executable, "-c", REFERENCES], check=True)
    more = [f"--draws={options.draws}"] if options.draws is not None else []
    more += [f"--threads={options.threads}"] if options.threads is not None else []
    with tempfile.TemporaryDirectory(prefix="keian-bench-") as name:
        folder = Path(name)
        cache, log = folder / "cache", folder / "log"
        first = measure_child([sys.executable, "-c", FIRST_RUN], cache, log)
        second = measure_child([sys.executable, "-c", FIRST_RUN], cache, log)
        print(f"one day, empty compiler cache: {first.tell()}")
        print(f"one day, filled compiler cache: {second.tell()}")
        print(
            f"so the first compile costs {first.wall_s - second.wall_s:.1f} s wall, "
            f"{first.cpu_s - second.cpu_s:.1f} s CPU"
        )
        command = [sys.executable, "-m", "keian", "review", *more]
        cost = measure_child([*command, f"--workspace={folder / 'workspace'}"], cache, log)
        print(f"keian review {' '.join(more)}: {cost.tell()}")
        if cost.code == 0:
            reduced = "" if options.draws is None else " (not the default draws: no verdict on it)"
            print(f"  {judge(cost)}{reduced}")
        else:
            print(f"  ended with exit code {cost.code}:\n{log.read_text(errors='replace')}")
    print(watch.tell())
    return cost.code


if __name__ == "__main__":
    sys.exit(main())
