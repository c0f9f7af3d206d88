"""Compare keian with BoARIO 0.7.2 on the same table and shock: processor seconds, and results.

Run from the repository: `python -m bench.peer_boario`. BoARIO (GPL-3.0-or-later) is installed into
an environment of its own in the user's cache folder and runs there as a separate process
(`peer_worker.py`); nothing of it is imported here. One thread each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.machine import REPEATS, Watch, measure_references, read_peak_mb, time_least
from keian.core import Triple
from keian.crisis.compile import Compiled, compile_economy
from keian.crisis.rules import Switches, load_rules
from keian.crisis.run import Run
from keian.crisis.simulate import simulate_run
from keian.economy import Economy, load_economy
from keian.scenario.load import load_scenario
from keian.scenario.nouns import CapacityLoss, Scenario

PEER = ("boario==0.7.2", "pymrio==0.7.0", "progressbar2==4.6.0")  # the wheel names none of these
F = npt.NDArray[np.float64]
Task = dict[str, Any]

DAYS = 365
UNIT = "JPN.c15"  # transport equipment, one unit in either table
LOSS = 0.2
SHOCK_DAYS = 30
STOCK_DAYS = 90  # the peer's default, the working day included; keian's cover does not count it
AGREE_SHARE = 0.05
PEER_OVERTIME = 1.25  # the peer's default
PEER_TAIL_DAYS = 2  # the peer holds a capacity loss this much longer than it is told
SHIPPED = "as shipped: overtime on, 30 days asked for"
ALIGNED = "overtime off in both, 30 days of lost capacity in both"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# An earlier run of BoARIO's defaults on pymrio's test table: cumulated shortfall, least daily ratio,
# unmet final demand (money of that table).
RECORDED = (6_583_950.94, 0.984059, 6_511_799.83)
RECORDED_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Course:
    """What one model says happened; losses in days of the hit unit's normal output.

    net counts what is made up later, gross does not.
    """

    name: str
    lowest: float
    hit_gross: float
    hit_net: float
    others_gross: float
    unmet_final: float


def make_environment(folder: Path) -> Path:
    """Make the peer's environment once and return its Python."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = folder / "installed.txt"
    wanted = "\n".join(PEER)
    if not (stamp.exists() and stamp.read_text() == wanted):
        print(f"installing {', '.join(PEER)} into an environment of their own", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
        stamp.write_text(wanted)
    return python


def export_table(economy: Economy, path: Path) -> None:
    """Write the table as a full grid of regions x industries, which the peer needs.

    Japan's split industries (c17e, c17g, ...) are added up again; totals do not change.
    """
    sector = [u.split(".")[1] for u in economy.units]
    parent = [s.rstrip("abcdefghijklmnopqrstuvwxyz") for s in sector]
    pairs = [(economy.regions[r], p) for r, p in zip(economy.unit_region, parent, strict=True)]
    cells = list(dict.fromkeys(pairs))
    G = np.zeros((len(cells), len(pairs)))
    G[[cells.index(pair) for pair in pairs], range(len(pairs))] = 1.0
    np.savez(
        path,
        region=np.array([r for r, _ in cells]),
        sector=np.array([s for _, s in cells]),
        regions=np.array(economy.regions),
        Z=G @ economy.Z @ G.T,
        Y=G @ economy.Y.sum(axis=2),
    )


def list_tasks(table: Path, repeats: int) -> list[Task]:
    """List what the peer runs: its recorded case, then the shock in both settings and order rules."""
    own = {"event_type": "arbitrary", "occurrence": 1, "duration": SHOCK_DAYS}
    recorded = {
        "name": "recorded case",
        "table": None,
        "unit": ["reg1", "manufactoring"],
        "days": DAYS,
        "loss": LOSS,
        "model": {},
        "event": own | {"recovery_tau": 30},
        "repeats": 1,
    }
    return [recorded] + [
        {
            "name": f"BoARIO, order rule {rule}",
            "setting": setting,
            "table": str(table),
            "unit": UNIT.split("."),
            "days": DAYS,
            "loss": LOSS,
            "model": {"order_type": rule, "main_inv_dur": STOCK_DAYS, "alpha_max": overtime},
            # recovery_tau 1: back at once, as nearly as the peer can
            "event": own | {"recovery_tau": 1, "duration": days},
            "repeats": runs,
        }
        for setting, overtime, days, runs in (
            (SHIPPED, PEER_OVERTIME, SHOCK_DAYS, repeats),
            (ALIGNED, 1.0, SHOCK_DAYS - PEER_TAIL_DAYS, 1),
        )
        for rule in ("alt", "noalt")
    ]


def run_peer(python: Path, tasks: list[Task], folder: Path) -> list[Task]:
    """Run the tasks in the peer's environment, one thread."""
    asked, answered = folder / "tasks.json", folder / "results.json"
    asked.write_text(json.dumps(tasks))
    worker = Path(__file__).parent / "peer_worker.py"
    subprocess.run([python, "-I", worker, asked, answered], check=True, env=os.environ | ONE_THREAD)
    results: list[Task] = json.loads(answered.read_text())
    return results


def check_recorded(result: Task) -> str:
    """Compare the peer's own case with the figures recorded before: a check of this harness."""
    output, x0 = np.array(result["output"]), np.array(result["x0"])
    found = (
        float((x0 - output).sum()),
        float((output.sum(axis=1) / x0.sum()).min()),
        float(result["unmet_final"]),
    )
    same = all(abs(f - p) <= RECORDED_SHARE * abs(p) for f, p in zip(found, RECORDED, strict=True))
    figures = f"shortfall {found[0]:,.2f}, least ratio {found[1]:.6f}, unmet final {found[2]:,.2f}"
    return f"recorded case: {figures}: {'reproduced' if same else 'NOT reproduced'}"


def make_scenario() -> Scenario:
    """Make the shock: one unit loses a share of its capacity for some days, from day 0."""

    def fix(value: float) -> Triple:
        return Triple(low=value, mode=value, high=value)

    shock = CapacityLoss(
        id="loss",
        kind="capacity_loss",
        units=(UNIT,),
        loss=fix(LOSS),
        duration_days=fix(SHOCK_DAYS),
        sources=(),
    )
    shipped = load_scenario("hormuz-90d")
    return shipped.model_copy(
        update={"id": "peer", "shocks": (shock,), "horizon_days": DAYS, "anchors": ()}
    )


def strip_economy(economy: Economy) -> Economy:
    """Leave of an economy what the peer knows too: the table, equal stocks, no time on the way."""
    return replace(
        economy,
        goods=(),
        uses=(),
        services=(),
        routes=(),
        cover_days=np.full_like(economy.cover_days, STOCK_DAYS - 1),
        lag_days=np.zeros_like(economy.lag_days),
        criticality=np.ones_like(economy.criticality),
    )


def describe(name: str, output: F, x0: F, hit: int, unmet: float) -> Course:
    """Describe a run; output (T, n) and x0 (n,) in money per day."""
    lost = x0 - output
    own, norm = lost[:, hit], x0[hit]
    gross = np.maximum(lost, 0.0)
    return Course(
        name=name,
        lowest=float(output[:, hit].min() / norm),
        hit_gross=float(gross[:, hit].sum() / norm),
        hit_net=float(own.sum() / norm),
        others_gross=float((gross.sum() - gross[:, hit].sum()) / norm),
        unmet_final=unmet / float(norm),
    )


def play_own(compiled: Compiled, name: str, run: Run) -> Course:
    """Play one run of keian and describe it."""
    units = np.arange(len(compiled.economy.units))
    outcome = simulate_run(compiled, run, units)
    x0 = compiled.static.x0
    hit = compiled.index.unit[UNIT]
    return describe(
        name, np.nan_to_num(outcome.unit) * x0, x0, hit, float(outcome.world_unmet.sum())
    )


def play_setting(economy: Economy, setting: str, peers: list[Task]) -> None:
    """Play one setting with keian and print it beside the peer's runs."""
    # the drawn scale of covers has no place here
    rules = load_rules().model_copy(update={"cover_scale_low": 1.0, "cover_scale_high": 1.0})
    if setting == ALIGNED:
        rules = rules.model_copy(update={"sigma_share": 0.0})
    compiled, scenario = compile_economy(strip_economy(economy), rules), make_scenario()
    owns = [
        play_own(compiled, f"keian, kappa {k:g}", Run(scenario, switches=Switches(k, "all")))
        for k in (1.0, 2.0)
    ]
    others = [
        describe(
            f"{p['name']} (lost {p['lost_days'] / LOSS:.1f} d)",
            np.array(p["output"]),
            np.array(p["x0"]),
            p["units"].index(UNIT),
            p["unmet_final"],
        )
        for p in peers
    ]
    print(f"{setting}:")
    print(f"  {'model':40} lowest  hit gross  hit net  others gross  final unmet")
    for c in (*owns, *others):
        print(
            f"  {c.name:40} {c.lowest:6.3f} {c.hit_gross:10.3f} {c.hit_net:8.3f} "
            f"{c.others_gross:13.3f} {c.unmet_final:12.3f}"
        )
    for c in others:
        net, gross = owns[0].hit_net / c.hit_net - 1.0, owns[0].hit_gross / c.hit_gross - 1.0
        word = "within" if max(abs(net), abs(gross)) <= AGREE_SHARE else "not within"
        print(f"  {owns[0].name} against {c.name}: net {net:+.1%}, gross {gross:+.1%}: {word} 5 %")


def time_run(compiled: Compiled, run: Run) -> float:
    """Time a whole run, preparation and record included; CPU seconds."""
    units = np.arange(len(compiled.economy.units))
    return time_least(lambda: simulate_run(compiled, run, units)).cpu_s


def report_speed(economy: Economy, peers: list[Task]) -> None:
    """Print processor seconds per simulated year and the ratios."""
    scenario = make_scenario()
    full = compile_economy(economy, load_rules())
    plain = compile_economy(strip_economy(economy), load_rules())
    print(f"CPU seconds per simulated year, one thread, least of {REPEATS} (BoARIO: of its runs):")
    times = {}
    for name, compiled in (("all rules", full), ("table only", plain)):
        times[name] = time_run(compiled, Run(scenario))
        print(f"  keian, {name}, {len(economy.units)} units: {times[name]:.3f}")
    for p in peers:
        print(
            f"  {p['name']}, {len(p['units'])} units: {p['loop_cpu_s']:.2f} "
            f"(and {p['setup_cpu_s']:.2f} set-up), peak {p['peak_mb']:.0f} MB"
        )
        for name, cpu in times.items():
            print(f"    / keian, {name}: {p['loop_cpu_s'] / cpu:.1f}")
    print(f"  keian's process peaks at {read_peak_mb():.0f} MB")


def main() -> None:
    """Take and print the figures."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", type=Path, default=cache / "keian-bench" / "boario-0.7.2")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="runs of the peer")
    options = parser.parse_args()
    python = make_environment(options.env)
    watch = Watch()
    print(measure_references().tell())
    economy = load_economy("japan")
    with tempfile.TemporaryDirectory(prefix="keian-bench-") as name:
        table = Path(name) / "table.npz"
        export_table(economy, table)
        recorded, *peers = run_peer(python, list_tasks(table, options.repeats), Path(name))
    print(check_recorded(recorded))
    print(f"{UNIT} at -{LOSS:.0%} for {SHOCK_DAYS} days, stocks {STOCK_DAYS} days; losses over the")
    print("year in days of the hit unit's normal output (gross: days below baseline only):")
    for setting in (SHIPPED, ALIGNED):
        play_setting(economy, setting, [p for p in peers if p["setting"] == setting])
    report_speed(economy, [p for p in peers if p["setting"] == SHIPPED])
    print(watch.tell())


if __name__ == "__main__":
    main()
