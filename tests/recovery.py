"""The recovery grid: stock x speed of restocking x transport lag x five shocks, on small worlds.

The deviation is taken 600 days after the shock ends. Stocks below the floor of the table count as
the floor. `python -m tests.recovery docs/method/crisis.md` measures the table of that page.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np

from keian.crisis import Run, Switches, compile_economy, load_rules
from keian.crisis.rules import ALLOCATIONS
from tests.crises import play
from tests.monotone import write_table
from tests.worlds import make_scenario, make_world

STOCKS = (0, 2, 5, 15, 30, 90, 180)  # days
TAUS = (1, 5, 10, 30, 60)  # days
LAGS = (0, 20, 60)  # days
AFTER = 600  # days
LONGEST = 60  # days
DEVIATION = 0.005  # share of baseline
SHORT = 30  # days
USUAL = (10,)  # days: the only speed at which the rules that are off by default are tried
RULES = {f"kappa {kappa:g}": Switches(kappa=kappa) for kappa in (1.0, 2.0, np.inf)} | {
    rule: Switches(allocation=rule) for rule in ALLOCATIONS[1:]
}


def list_shocks(world):
    """The five shocks by name, each with its length in days."""
    fall = [
        {"kind": "demand_surge", "region": region, "products": list(world.products), "change": -0.3}
        for region in world.regions
    ]
    return {
        "region at half": (SHORT, [{"kind": "capacity_loss", "units": ["CHN.*"], "loss": 0.5}]),
        "industry at zero": (SHORT, [{"kind": "capacity_loss", "units": ["JPN.p0"], "loss": 1}]),
        "route at 20 %": (LONGEST, [{"kind": "route_closure", "route": "strait", "loss": 0.8}]),
        "demand -30 %": (LONGEST, fall),
        "region at zero": (LONGEST, [{"kind": "capacity_loss", "units": ["JPN.*"], "loss": 1}]),
    }


def find_stuck(switches, *, stocks=STOCKS, taus=TAUS, lags=LAGS, **world_options):
    """Cells that do not come back: (shock, stock, tau, lag) to the largest deviation of a unit."""
    rules, days = load_rules(), LONGEST + AFTER
    stuck = {}
    for stock, lag, tau in product(stocks, lags, taus):
        world = make_world(cover_days=float(stock), lag_days=lag, **world_options)
        compiled = compile_economy(world, rules.model_copy(update={"tau_days": float(tau)}))
        shocks = list_shocks(world)
        runs = [
            Run(
                make_scenario(*({"duration_days": length} | s for s in parts), days=days),
                switches=switches,
            )
            for length, parts in shocks.values()
        ]
        _, record = play(compiled, runs, days)
        for z, (name, (length, _)) in enumerate(shocks.items()):
            away = float(np.abs(record.unit[length + AFTER - 1, :, z] - 1.0).max())
            if not away < DEVIATION:
                stuck[name, stock, tau, lag] = away
    return stuck


def show_grid(worlds: int) -> str:
    """The table of the method page: cells that do not come back."""
    lines = [
        "| essential service | rule | cells stuck | of | by shock |",
        "|---|---|---|---|---|",
    ]
    shocks = len(list_shocks(make_world(0)))
    for service in (False, True):
        for rule, switches in RULES.items():
            taus = TAUS if switches.allocation == "fill" else USUAL
            cells = worlds * len(STOCKS) * len(taus) * len(LAGS) * shocks
            stuck = Counter()
            for seed in range(worlds):
                found = find_stuck(
                    switches,
                    seed=seed,
                    regions=3,
                    products=5,
                    service=service,
                    goods=service,
                    taus=taus,
                )
                stuck.update(name for name, *_ in found)
            text = ", ".join(f"{name} {count}" for name, count in stuck.most_common()) or "-"
            kind = "and goods" if service else "none"
            lines.append(f"| {kind} | {rule} | {stuck.total()} | {cells} | {text} |")
    return "\n".join(lines)


if __name__ == "__main__":
    TABLE = show_grid(6)
    sys.stdout.write(TABLE + "\n")
    for argument in sys.argv[1:]:
        write_table(Path(argument), "grid", TABLE)
