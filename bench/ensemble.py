"""Time an ensemble as a person meets it: 1,000 draws of a year at some 500 industries.

Run from the repository: `python -m bench.ensemble [--draws 1000] [--workers 2]`. The compiler's cache
is filled before the clock starts; starting the workers, writing batches, and statistics are inside.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import MEGA, Watch, measure_references, read_peak_mb
from keian.core import AMBER
from keian.crisis import compile_economy, load_rules
from keian.crisis.ensemble import Pace, Plan, begin_ensemble, make_executor, play_ensemble
from keian.crisis.ensemble.memory import GB, estimate_memory
from keian.crisis.simulate import home_units, simulate_run
from keian.economy import load_economy
from keian.scenario.load import load_scenario
from keian.store import InputText, Manifest, build_manifest, open_workspace

SCENARIO = "hormuz-and-minerals"  # routes, sources, goods and services all at work
DAYS = 365
TARGETS_S = (12.0, 6.0)  # 1,000 draws on 2 threads: must, stretch
ALONE_RUNS = 8  # of the time of a run without an ensemble around it


@dataclass(slots=True)
class Stages:
    """Notes when playing ends and the statistics begin."""

    began: float = field(default_factory=time.perf_counter)
    first: float = 0.0  # first batch done: workers started, plan opened, kernel loaded
    statistics: float = 0.0

    def start(self, stage: str, total_runs: int) -> None:
        """Tell nothing."""

    def advance(self, runs: int) -> None:  # noqa: ARG002 - the signature of an ensemble's progress
        """Note the first batch."""
        self.first = self.first or time.perf_counter()

    def note(self, text: str) -> None:  # noqa: ARG002 - as above
        """Note the statistics, the last thing told."""
        self.statistics = time.perf_counter()


def read_children_cpu_s() -> float:
    """Processor seconds of processes that have ended; 0 where the system does not say."""
    times = os.times()
    return times.children_user + times.children_system


def time_alone(plan: Plan) -> float:
    """Least seconds of one run in this process, with nothing around it."""
    units = home_units(plan.compiled)[:0]
    simulate_run(plan.compiled, plan.run(0), units)
    least = float("inf")
    for draw in range(ALONE_RUNS):
        began = time.perf_counter()
        simulate_run(plan.compiled, plan.run(draw), units)
        least = min(least, time.perf_counter() - began)
    return least


def main() -> None:
    """Take and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--executor", choices=("serial", "processes", "dask"), default="processes")
    options = parser.parse_args()
    watch, refs = Watch(), measure_references()
    print(refs.tell())
    economy = load_economy("japan")
    scenario = load_scenario(SCENARIO).model_copy(update={"horizon_days": DAYS})
    plan = Plan(compile_economy(economy, load_rules()), scenario)
    alone = time_alone(plan)
    need = estimate_memory(plan, options.draws, options.workers)
    print(f"one run alone {alone * 1e3:.0f} ms, {alone / refs.dgemm_s:.1f} x dgemm")
    text = InputText(id="bench", file="bench", sha256="0" * 64)
    manifest = describe_bench(text, options.draws)
    stages, cpu, own = Stages(), read_children_cpu_s(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="keian-bench-") as folder:
        workspace = open_workspace(Path(folder) / "w")
        unfinished = begin_ensemble(workspace, manifest, plan, {"scenario.yaml": b"bench"})
        executor = make_executor(options.executor, workers=options.workers)
        run = play_ensemble(workspace, unfinished, executor, Pace(progress=stages))
        ended = time.perf_counter()
        size = sum(path.stat().st_size for path in run.path.iterdir())
    wall = ended - stages.began
    cpu, own = read_children_cpu_s() - cpu, time.process_time() - own
    floor = alone * (options.draws + 1) / options.workers
    print(
        f"{options.draws:,} draws x {DAYS} days, {len(economy.units)} units, {options.workers} workers:"
    )
    print(
        f"  {wall:.1f} s wall: first batch {stages.first - stages.began:.1f} s, other batches "
        f"{stages.statistics - stages.first:.1f} s, statistics {ended - stages.statistics:.1f} s"
    )
    print(f"  {cpu:.1f} s CPU of the workers, {own:.1f} s of the process that asked")
    print(
        f"  {wall / floor:.2f} x what the runs alone would take; {wall / refs.dgemm_s:.0f} x dgemm"
    )
    met = [f"{t:g} s {'met' if wall <= t else 'not met'}" for t in TARGETS_S]
    print(f"  must {met[0]}, stretch {met[1]}")
    print(f"  {size / MEGA:.0f} MB of files")
    print(f"  memory told before {need.total / GB:.2f} GB, {need.worker / MEGA:.0f} MB a worker")
    print(f"  peak of the process that asked {read_peak_mb():.0f} MB")
    print(watch.tell())


def describe_bench(text: InputText, draws: int) -> Manifest:
    """Make a manifest for the figures."""
    return build_manifest(
        "ensemble", command=("bench",), as_of=None, economy=text, scenarios=(text,), measures=(),
        seeds={}, draws=draws, label=AMBER,
    )  # fmt: skip


if __name__ == "__main__":
    main()
