"""How often more of a bad thing does less harm, and more of a good thing more, over random worlds.

Harm is the final demand of all regions that goes unmet, added up over the run, in days of what all
final users want. `python -m tests.monotone 2000 docs/method/crisis.md` measures the table of that page.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keian.crisis import Run, compile_economy, load_rules
from tests.crises import draw_shock, list_kinds, make_measure, play
from tests.worlds import make_scenario, make_world, shrink

DAYS = 300
FEW = 100  # worlds of the default tests
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

    rule: str
    pairs: int
    turned: int
    largest: Pair


def list_rates(worlds: Iterable[int]) -> list[Rate]:
    """Count turned pairs over random worlds."""
    found = defaultdict(list)
    for seed in worlds:
        for pair in measure_world(seed):
            found[pair.rule].append(pair)
    return [
        Rate(rule, len(found[rule]), sum(p.size > 0 for p in found[rule]), largest(found[rule]))
        for rule in RULES
    ]


def largest(pairs: list[Pair]) -> Pair:
    return max(pairs, key=lambda p: p.size)


def show_rates(worlds: int) -> str:
    """The table of the method page, for the first FEW worlds and for all."""
    first = f"turned of pairs, first {FEW} worlds | largest, days"
    lines = [
        f"| rule | {first} | turned of pairs, {worlds:,} worlds | largest, days | where |",
        "|---|---|---|---|---|---|",
    ]
    for few, many in zip(list_rates(range(FEW)), list_rates(range(worlds)), strict=True):
        big = many.largest
        where = f"world {big.seed}, {big.what}: {big.worse:.3f} against {big.better:.3f}"
        lines.append(
            f"| {many.rule} | {few.turned} of {few.pairs} | {few.largest.size:.5f} "
            f"| {many.turned} of {many.pairs} ({100 * many.turned / many.pairs:.2f} %) "
            f"| {big.size:.5f} | {where} |"
        )
    return "\n".join(lines)


def read_rates(page: str) -> dict[str, list[tuple[int, float]]]:
    """Read the stored figures: for each rule (turned, largest) of the few and of all worlds."""
    stored = {}
    for line in cut_table(page, "rates").splitlines()[2:]:
        cells = [c.strip() for c in line.strip("|").split("|")]
        stored[cells[0]] = [
            (int(turned.split()[0]), float(size))
            for turned, size in zip(cells[1:5:2], cells[2:5:2], strict=True)
        ]
    return stored


def cut_table(page: str, name: str) -> str:
    """The part of a page between two marks."""
    return page.split(f"<!-- {name} -->\n")[1].split(f"<!-- /{name} -->", maxsplit=1)[0]


def write_table(file: Path, name: str, table: str) -> None:
    """Replace the part of a page between two marks."""
    page = file.read_text(encoding="utf-8")
    old = f"<!-- {name} -->\n{cut_table(page, name)}<!-- /{name} -->"
    file.write_text(page.replace(old, f"<!-- {name} -->\n{table}\n<!-- /{name} -->"), "utf-8")


if __name__ == "__main__":
    TABLE = show_rates(int(sys.argv[1]))
    sys.stdout.write(TABLE + "\n")
    for argument in sys.argv[2:]:
        write_table(Path(argument), "rates", TABLE)
