"""How often more of a bad thing does less harm, and more of a good thing more, over random worlds.

Harm is the final demand of all regions that goes unmet, added up over the run, in days of what all
final users want. `python3 -m tests.monotone 2000` prints the table of docs/method/crisis.md.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from keian.crisis import Run, compile_economy, load_rules
from tests.crises import draw_shock, list_kinds, make_measure, play
from tests.worlds import make_scenario, make_world, shrink

DAYS = 300
MORE = 1.3  # factor on shocks and stocks
MUCH_MORE = 1.5  # factor on measures
SLACK = 1e-6  # days of final demand: differences below it are rounding
RULES = ("larger shock", "longer shock", "more stock", "more of a measure")


@dataclass(frozen=True)
class Pair:
    """Harm with and without a change that should make things worse, days of final demand."""

    rule: str
    seed: int
    what: str
    better: float  # harm where it should be smaller
    worse: float

    @property
    def size(self) -> float:
        """By how much the order is turned, days of final demand; 0 = it is not."""
        turned = self.better - self.worse
        return turned if turned > SLACK else 0.0


def draw_levers(world):
    """One lever for each way in which measures act, half-hearted and one and a half times that."""
    pools = [p.id for g in world.goods for p in g.pools if not p.automatic]
    return [
        ("open_route", {"route": "strait"}, "share", 0.4),
        ("restore_source", {"origin": "CHN", "goods": "all"}, "share", 0.4),
        ("release_stock", {"pools": pools}, "draw_limit", 0.2),
        ("restrain_demand", {"goods": ["ore", "metal"]}, "share", 0.1),
        ("add_supply", {"good": "metal", "origins": ["CHN"]}, "share", 0.1),
        ("harden_service", {"services": ["power"]}, "outage_share", 0.4),
    ]


def grow(shock, field, factor, most=np.inf):
    return shock | {field: float(min(most, shock[field] * factor))}


def draw_shocks(rng, world):
    """One or two shocks, at a loss and a length that can grow."""
    kinds = [k for k in list_kinds(world) if k not in {"demand", "stock", "surge"}]
    shocks = []
    for kind in rng.choice(kinds, int(rng.integers(1, 3)), replace=False):
        shock = draw_shock(rng, world, str(kind))
        shocks.append(shock | {"loss": float(rng.uniform(0.1, 0.75))})
    return shocks


def measure_world(seed: int) -> list[Pair]:
    """Play one random world and its variants side by side."""
    rng = np.random.default_rng([11, seed])
    world = make_world(seed, regions=3, products=4)
    compiled = compile_economy(world, load_rules())
    shocks = draw_shocks(rng, world)
    larger = [grow(s, "loss", MORE, 1.0) for s in shocks]
    longer = [grow(s, "duration_days", MORE) for s in shocks]
    scenario = make_scenario(*shocks, days=DAYS)
    runs = [Run(scenario), Run(make_scenario(*larger, days=DAYS))]
    runs.append(Run(make_scenario(*longer, days=DAYS)))
    levers = draw_levers(world)
    chosen = [levers[k] for k in rng.choice(len(levers), 2, replace=False)]
    for kind, fields, name, share in chosen:
        for factor in (1.0, MUCH_MORE):
            lever = {"kind": kind, **fields, name: share * factor}
            runs.append(Run(scenario, (make_measure(lever),)))
    daily = float(compiled.static.b[:, compiled.static.x0.size :].sum())

    def harm(economy, variants):
        _, record = play(economy, variants, DAYS)
        return record.world_unmet.sum(axis=0) / daily

    found = harm(compiled, runs)
    stocked = shrink(world, cover_days=world.cover_days * MORE)
    more_stock = harm(compile_economy(stocked, load_rules()), runs[:1])[0]
    what = "+".join(str(s["kind"]) for s in shocks)
    pairs = [
        Pair(RULES[0], seed, what, found[0], found[1]),
        Pair(RULES[1], seed, what, found[0], found[2]),
        Pair(RULES[2], seed, what, more_stock, found[0]),
    ]
    for k, (kind, *_) in enumerate(chosen):
        text = f"{kind}: {what}"
        pairs.append(Pair(RULES[3], seed, text, found[4 + 2 * k], found[3 + 2 * k]))
    return pairs


@dataclass(frozen=True)
class Rate:
    """Turned pairs of one rule."""

    pairs: int
    turned: int
    largest: Pair

    @property
    def share(self) -> float:
        return self.turned / self.pairs


def measure_rates(worlds: int) -> dict[str, Rate]:
    """Count turned pairs over the first `worlds` random worlds."""
    found = defaultdict(list)
    for seed in range(worlds):
        for pair in measure_world(seed):
            found[pair.rule].append(pair)
    return {
        rule: Rate(len(pairs), sum(p.size > 0 for p in pairs), max(pairs, key=lambda p: p.size))
        for rule, pairs in found.items()
    }


def show_rates(rates: dict[str, Rate]) -> str:
    """The table of the method page."""
    lines = [
        "| rule | pairs | turned | share | largest, days of final demand |",
        "|---|---|---|---|---|",
    ]
    for rule, rate in rates.items():
        big = rate.largest
        lines.append(
            f"| {rule} | {rate.pairs} | {rate.turned} | {100 * rate.share:.2f} % "
            f"| {big.size:.4f} (world {big.seed}, {big.what}; {big.worse:.3f} to {big.better:.3f}) |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(show_rates(measure_rates(int(sys.argv[1]))) + "\n")
