"""A small ensemble for tests: an invented world, uncertain shocks, cheap draws."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from keian.crisis import compile_economy, load_rules
from keian.crisis.ensemble import Pace, Plan, begin_ensemble, make_executor, play_ensemble
from keian.crisis.ensemble.batches import LEAST_SECONDS
from keian.store import InputText, Manifest, Workspace, build_manifest, open_workspace
from tests.worlds import make_scenario, make_world

DRAWS = 60
INPUT = InputText(id="small", file="small", sha256="a" * 64)
CREATED = "2026-01-01T00:00:00+00:00"


def make_plan(days: int = 40, seed: int = 1) -> Plan:
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


def begin(workspace: Workspace, draws: int = DRAWS):
    """Begin the small ensemble, or find it."""
    documents = {"scenario.yaml": b"id: test\n"}
    return begin_ensemble(workspace, make_manifest(draws), make_plan(), documents)


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file of a finished run but its manifest, by name."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != "manifest.json"}
