"""Time one year of the shipped economy: one kernel call, many draws, and where the time goes.

Run from the repository: `python -m bench.run_days [--draws 64] [--threads 2] [--stages] [--rules]`.
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import inspect
import os
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numba as nb
import numpy as np

from bench.machine import (
    MEGA,
    REPEATS,
    References,
    Timing,
    Watch,
    measure_references,
    read_peak_mb,
    time_least,
)
from keian.crisis import _kernels
from keian.crisis.compile import Compiled, compile_economy, compile_run
from keian.crisis.rules import ALLOCATIONS, Switches, load_rules
from keian.crisis.run import Run
from keian.crisis.simulate import home_units, simulate_run, simulate_runs
from keian.crisis.start import make_record, make_state, make_work
from keian.economy import load_economy
from keian.scenario.load import load_scenario

DAYS = 365
ASKED_DRAWS = 1000
SCENARIO = "hormuz-and-minerals"  # routes, sources, goods and services all at work
RULED = ("minerals-ban", SCENARIO)  # one that leaves most suppliers whole, one that does not
TARGET_RUN_MS = (250.0, 100.0)  # one run on one thread: must, stretch
TARGET_DRAWS_S = (60.0, 20.0)  # 1,000 draws on 2 threads: must, stretch


def judge(value: float, targets: tuple[float, float]) -> str:
    """Say which of the two targets a value meets.

    Examples
    --------
    >>> judge(120.0, (250.0, 100.0))
    'must 250 met, stretch 100 not met'
    """
    words = [f"{t:g} {'met' if value <= t else 'not met'}" for t in targets]
    return f"must {words[0]}, stretch {words[1]}"


def tell_ratio(timing: Timing, refs: References) -> str:
    """Tell a wall time as multiples of the two references."""
    return f"{timing.wall_s / refs.dgemm_s:.1f} x dgemm, {timing.wall_s / refs.triad_s:.1f} x triad"


@contextmanager
def report_peak(what: str) -> Iterator[None]:
    """Print the peak memory of the process after a step."""
    yield
    print(f"peak memory after {what}: {read_peak_mb():.0f} MB")


def time_kernel(compiled: Compiled, run: Run) -> tuple[Timing, Callable[[], object]]:
    """Time the kernel alone on a fresh state each time; also return the call."""
    dr, fx = compile_run(compiled, run, DAYS)
    st = compiled.static
    work = make_work(st)
    home = compiled.index.region[compiled.economy.home]
    units = home_units(compiled)
    walls, cpus = [], []
    for _ in range(REPEATS + 1):
        state, record = make_state(st, dr, fx), make_record(st, DAYS, units, home)
        wall, cpu = time.perf_counter(), time.process_time()
        _kernels.run_days(DAYS, st, dr, fx, state, work, record)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    timing = Timing(min(walls[1:]), min(cpus[1:]), REPEATS)
    return timing, lambda: compile_run(compiled, run, DAYS)


def report_call(compiled: Compiled, name: str, run: Run, refs: References) -> None:
    """Print what one run costs: the kernel, and everything around it."""
    kernel, prepare = time_kernel(compiled, run)
    whole = time_least(lambda: simulate_run(compiled, run, home_units(compiled)))
    before = time_least(prepare)
    print(f"{name}, {DAYS} days, one run on one thread, least of {REPEATS}:")
    print(
        f"  kernel call {kernel.wall_s * 1e3:.0f} ms ({kernel.cpu_s * 1e3:.0f} ms CPU), "
        f"{tell_ratio(kernel, refs)}"
    )
    print(
        f"  whole run {whole.wall_s * 1e3:.0f} ms: {judge(whole.wall_s * 1e3, TARGET_RUN_MS)}; of it preparing draws and factors "
        f"{before.wall_s * 1e3:.0f} ms, the rest state and record"
    )


def report_rules(compiled: Compiled) -> None:
    """Print what each rule of sharing out costs against the proportional one, and what it loses."""
    rules = {"kappa 1 (proportional)": Switches(kappa=1.0), "kappa 2 (default)": Switches()}
    rules |= {rule: Switches(allocation=rule) for rule in ALLOCATIONS[1:]}
    rules["new links"] = Switches(new_links=True)
    for name in RULED:
        print(f"rules of sharing out, {name}, {DAYS} days, kernel alone, least of {REPEATS}:")
        first = 0.0
        for rule, switches in rules.items():
            run = Run(load_scenario(name), switches=switches)
            cpu = time_kernel(compiled, run)[0].cpu_s
            first = first or cpu
            lost = simulate_run(compiled, run, home_units(compiled)).world_unmet.sum()
            print(
                f"  {rule}: {cpu * 1e3:.0f} ms CPU, {cpu / first:.2f} x the first; "
                f"unmet final demand {lost:,.0f} MUSD"
            )


def report_draws(compiled: Compiled, draws: int, threads: int, refs: References) -> None:
    """Print what many draws cost, extrapolated to the number asked for."""
    scenario = load_scenario(SCENARIO)
    runs = [Run(scenario, draw=d) for d in range(draws)]
    wall, cpu = time.perf_counter(), time.process_time()
    done = sum(1 for _ in simulate_runs(compiled, runs, threads=threads))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    scale = ASKED_DRAWS / done
    full = Timing(wall * scale, cpu * scale, 1)
    how = "measured" if done == ASKED_DRAWS else f"extrapolated from {done} draws in {wall:.1f} s"
    print(f"{ASKED_DRAWS:,} draws of {SCENARIO} on {threads} threads ({how}):")
    print(f"  {full.wall_s:.1f} s wall, {full.cpu_s:.1f} s CPU, {tell_ratio(full, refs)}")
    print(f"  {judge(full.wall_s, TARGET_DRAWS_S)}")
    floor = full.cpu_s / threads
    print(f"  CPU per thread {floor:.1f} s, what undisturbed cores would need at least")


def build_clocked() -> tuple[Callable[..., None], list[str]]:
    """Build the day loop with a clock behind each stage, from the kernel's own source.

    The text is the kernel's, so that this can never measure another order of the day.
    """
    source = textwrap.dedent(inspect.getsource(_kernels.run_days.py_func))
    tree = ast.parse(source)
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        raise TypeError("run_days is no function")
    function.decorator_list = []
    function.name = "run_clocked"
    function.args.args += [ast.arg("clock"), ast.arg("spent")]
    loop = next(s for s in function.body if isinstance(s, ast.For))
    body: list[ast.stmt] = ast.parse("mark = clock()").body
    names = []
    for k, step in enumerate(expand_halves(loop.body)):
        calls = [c for c in ast.walk(step) if isinstance(c, ast.Call)]
        names.append(next(c.func.id for c in reversed(calls) if isinstance(c.func, ast.Name)))
        body += [step, *ast.parse(f"now = clock(); spent[{k}] += now - mark; mark = now").body]
    loop.body = body
    scope = dict(vars(_kernels))
    code = compile(ast.fix_missing_locations(tree), "run_clocked", "exec")
    exec(code, scope)  # noqa: S102 - the project's own kernel, with clocks between its stages
    return nb.njit(error_model="numpy")(scope["run_clocked"]), names


def expand_halves(steps: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Put the stages of a half of the day in place of its call; halves name arguments as the loop does."""
    expanded: list[ast.stmt] = []
    for step in steps:
        called = (
            step.value.func
            if isinstance(step, ast.Expr) and isinstance(step.value, ast.Call)
            else None
        )
        name = called.id if isinstance(called, ast.Name) else ""
        if not name.startswith("play_"):
            expanded.append(step)
            continue
        half = ast.parse(textwrap.dedent(inspect.getsource(getattr(_kernels, name).py_func))).body[
            0
        ]
        if isinstance(half, ast.FunctionDef):
            expanded += half.body[1:]  # without its docstring
    return expanded


def report_stages(compiled: Compiled, run: Run) -> None:
    """Print the share of a kernel call that each stage of the day takes."""
    clock = ctypes.CDLL(None).clock
    clock.restype, clock.argtypes = ctypes.c_long, []
    run_clocked, names = build_clocked()
    dr, fx = compile_run(compiled, run, DAYS)
    st, home = compiled.static, compiled.index.region[compiled.economy.home]
    best = np.zeros(len(names))
    for _ in range(REPEATS):
        spent = np.zeros(len(names))
        state, record = make_state(st, dr, fx), make_record(st, DAYS, home_units(compiled), home)
        run_clocked(DAYS, st, dr, fx, state, make_work(st), record, clock, spent)
        if not best.sum() or spent.sum() < best.sum():
            best = spent
    print("share of the kernel's time by stage of the day:")
    for k in np.argsort(-best):
        print(f"  {best[k] / best.sum():6.1%}  {names[k]}")


def main() -> None:
    """Take and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=64, help="draws to play; 1000 = all")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--stages", action="store_true", help="also time the stages of a day")
    parser.add_argument("--rules", action="store_true", help="only time the rules of sharing out")
    options = parser.parse_args()
    watch = Watch()
    refs = measure_references()
    print(refs.tell())
    started = time.perf_counter()
    economy = load_economy("japan")
    loaded = time.perf_counter()
    compiled = compile_economy(economy, load_rules())
    print(
        f"japan: {len(economy.units)} units; loaded in {loaded - started:.2f} s, "
        f"compiled to arrays in {time.perf_counter() - loaded:.2f} s"
    )
    if options.rules:
        report_rules(compiled)
        print(watch.tell())
        return
    scenario = load_scenario(SCENARIO)
    quiet = scenario.model_copy(update={"shocks": (), "id": "no-event"})
    with report_peak("single calls"):
        report_call(compiled, "no event", Run(quiet), refs)
        report_call(compiled, SCENARIO, Run(scenario, draw=0), refs)
    nbytes = sum(a.nbytes for a in compiled.static if isinstance(a, np.ndarray))
    print(f"arrays of the economy: {nbytes / MEGA:.0f} MB")
    with report_peak(f"{options.draws} draws on {options.threads} threads"):
        report_draws(compiled, options.draws, options.threads, refs)
    if options.stages:
        report_stages(compiled, Run(scenario, draw=0))
    print(watch.tell())


if __name__ == "__main__":
    main()
