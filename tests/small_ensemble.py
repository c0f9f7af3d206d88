"""A small ensemble for tests: an invented world, uncertain shocks, cheap draws."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.ensemble import Pace, Plan, batches, begin_ensemble, make_executor, play_ensemble
from keian.crisis.simulate import simulate_runs
from keian.store import (
    InputText,
    Manifest,
    RunFolder,
    Unfinished,
    Workspace,
    build_manifest,
    open_workspace,
)
from tests.worlds import make_scenario, make_world

DRAWS = 32
INPUT = InputText(id="small", file="small", sha256="a" * 64)
CREATED = "2026-01-01T00:00:00+00:00"


def make_plan(days: int = 12, seed: int = 1) -> Plan:
    """Plan a plant loss and a closure whose sizes are uncertain."""
    scenario = make_scenario(
        {"kind": "capacity_loss", "units": ["JPN.p0"], "loss": [0.2, 0.4, 0.9]},
        {"kind": "route_closure", "route": "strait", "loss": [0.3, 0.6, 1.0]},
        days=days,
        seed=seed,
    )
    return Plan(compile_economy(make_world(), load_rules()), scenario)


def make_manifest(draws: int = DRAWS) -> Manifest:
    """Name the ensemble; everything in it is fixed but the number of draws."""
    manifest = build_manifest(
        "ensemble",
        command=("test",),
        as_of=None,
        economy=INPUT,
        scenarios=(INPUT,),
        measures=(),
        seeds={"test": 1},
        draws=draws,
        label=make_world().label,
    )
    return manifest.model_copy(update={"created": CREATED})


def begin(workspace: Workspace, draws: int = DRAWS) -> Unfinished:
    """Begin the small ensemble, or find it."""
    documents = {"scenario.yaml": b"id: test\n"}
    return begin_ensemble(workspace, make_manifest(draws), make_plan(), documents)


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file of a finished run but its manifest, by name."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != "manifest.json"}


def play_shortly(folder: Path, draws: int, executor: str, seconds: float) -> RunFolder:
    """Play the small ensemble in batches far shorter than people may ask for."""
    batches.LEAST_SECONDS = seconds  # type: ignore[misc]  # of this process, which ends with it
    workspace = open_workspace(folder)
    workers = 1 if executor == "serial" else 2
    chosen = make_executor(executor, workers=workers)  # type: ignore[arg-type]  # a word of ours
    return play_ensemble(workspace, begin(workspace, draws), chosen, Pace(batch_seconds=seconds))


def play_in_child(folder: str, draws: int, executor: str, seconds: float) -> None:
    """Play in a process that will be killed; a file says that it has begun."""
    plan = make_plan()
    for _ in simulate_runs(plan.compiled, [Run(plan.scenario)], threads=1):
        pass  # the kernel is loaded before the clock of the killer starts
    Path(folder).parent.joinpath("begun").touch()
    play_shortly(Path(folder), draws, executor, seconds)
    # The fork server's children have nothing to tidy up, and tidying takes time.
    os._exit(0)


if __name__ == "__main__":
    # a shell that runs the tests in its background has them ignore the key; a person's shell does not
    signal.signal(signal.SIGINT, signal.default_int_handler)
    play_in_child(sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
