"""Run BoARIO on a table written by `peer_boario.py`; runs only in the environment made there.

BoARIO is GPL-3.0-or-later. keian never imports it; this script is started as a process of its own,
is no part of the installed package, and shares with keian only files of figures.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

MEGA = 1e6


def build_table(pymrio: Any, path: Path) -> Any:  # noqa: ANN401 - the peer's classes are untyped
    """Build the peer's table from the exported arrays, money per year."""
    with np.load(path) as file:
        index = pd.MultiIndex.from_arrays([file["region"], file["sector"]])
        index.names = ["region", "sector"]
        columns = pd.MultiIndex.from_product([file["regions"], ["final"]])
        columns.names = ["region", "category"]
        Z = pd.DataFrame(file["Z"], index=index, columns=index)
        Y = pd.DataFrame(file["Y"], index=index, columns=columns)
    table = pymrio.IOSystem(Z=Z, Y=Y)
    table.calc_all()
    return table


def run_year(table: Any, task: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Run one year and return its figures, money per day."""
    models = importlib.import_module("boario.extended_models")
    events = importlib.import_module("boario.event")
    simulation = importlib.import_module("boario.simulation")
    started = time.process_time()
    model = models.ARIOPsiModel(table, **task["model"])
    hit = pd.MultiIndex.from_tuples([tuple(task["unit"])], names=["region", "sector"])
    shock = events.from_series(pd.Series(task["loss"], index=hit), **task["event"])
    run = simulation.Simulation(model, n_temporal_units_to_sim=task["days"])
    run.add_event(shock)
    ready, wall = time.process_time(), time.perf_counter()
    run.loop()
    done = time.process_time()
    output = run.production_realised
    x0 = output.iloc[0]  # no event starts on the first day
    capacity = run.production_capacity[tuple(task["unit"])]
    unmet = run.final_demand_unmet
    return {
        "setup_cpu_s": ready - started,
        "loop_cpu_s": done - ready,
        "loop_wall_s": time.perf_counter() - wall,
        "steps": len(output),
        "crashed": bool(getattr(run, "has_crashed", False)),
        "x0": x0.to_numpy().tolist(),
        "lost_days": float((1.0 - capacity / x0[tuple(task["unit"])]).clip(lower=0).sum()),
        "units": [".".join(c) for c in output.columns],
        "output": output.to_numpy().tolist(),
        "unmet_final": float(np.nansum(unmet.to_numpy())),
    }


def main() -> None:
    """Run the tasks of the file named and write their results beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", type=Path)
    parser.add_argument("results", type=Path)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # the peer warns about every default it takes
    pymrio = importlib.import_module("pymrio")
    results = []
    for task in json.loads(options.tasks.read_text()):
        table = (
            pymrio.load_test().calc_all()
            if task["table"] is None
            else build_table(pymrio, Path(task["table"]))
        )
        runs = [run_year(table, task) for _ in range(task["repeats"])]
        best = min(runs, key=lambda r: float(r["loop_cpu_s"]))
        names = {"name": task["name"], "setting": task.get("setting")}
        results.append(best | names | {"peak_mb": _read_peak_mb()})
    options.results.write_text(json.dumps(results))


def _read_peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA


if __name__ == "__main__":
    main()
