"""A dense table of 7,987 industries (49 regions by 163 products): a year, memory, what BoARIO takes.

`python -m bench.run_dense` makes a random table of that size which balances, compiles it as any economy is
compiled, and plays some days of a loss in one region without goods, services, routes and lags (the plain
day), then with all of the table's rules. A year is the days played, scaled; days after the first are alike.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from bench.machine import GIGA, REPEATS, Watch, measure_references, read_peak_mb
from keian.core import Label, Names, Source
from keian.crisis import Run, compile_economy, load_rules
from keian.crisis._kernels import run_days
from keian.crisis.compile import compile_run
from keian.crisis.start import make_record, make_state, make_work
from keian.economy import Economy
from keian.scenario.nouns import Scenario

REGIONS, PRODUCTS = 49, 163
TARGET_YEAR_S, TARGET_PEAK_MB, YEAR = 15.0, 1500.0, 365
BOARIO_DAY_S = (
    3.25  # CPU seconds a day of BoARIO 0.7.2 at this size on this class of machine, taken before
)
ROUNDS = 60  # of the series for output; the columns of A sum to at most 0.6
LOST = {"low": 0.2, "mode": 0.2, "high": 0.2}


def make_economy(regions: int, products: int) -> Economy:
    """Draw a dense table in which most is bought at home, with value added above 0.4 of output."""
    rng = np.random.default_rng(1)
    n = regions * products
    region = np.repeat(np.arange(regions), products)
    A = rng.random((n, n))
    home = region[:, None] == region[None, :]
    np.multiply(A, 0.3 / regions, out=A, where=~home)
    del home
    A *= rng.uniform(0.35, 0.6, n) / A.sum(axis=0)
    Y = rng.gamma(1.0, 100.0, (n, regions, 4))
    Y *= np.where(region[:, None] == np.arange(regions)[None, :], 1.0, 0.3 / regions)[:, :, None]
    final = Y.sum(axis=(1, 2))
    x = final.copy()
    for _ in range(ROUNDS):
        x = final + A @ x
    A *= x
    used = A.sum(axis=1)
    Y *= ((x - used) / final)[:, None, None]  # what the series leaves open, to the last bit of x
    names = tuple("JPN" if r == 0 else f"R{r:02d}" for r in range(regions))
    items = tuple(f"p{p}" for p in range(products))
    units = tuple(f"{r}.{p}" for r in names for p in items)

    def both(text: str) -> Names:
        return Names(en=text, ja=text)

    return Economy(
        name="dense", title=both("dense"), year=2000, currency="MUSD", yen_per_usd=100.0, home="JPN",
        regions=names, region_names={r: both(r) for r in names},
        products=items, product_names={p: both(p) for p in items},
        units=units, unit_names={u: both(u) for u in units},
        unit_region=region.astype(np.int32),
        unit_product=np.tile(np.arange(products), regions).astype(np.int32),
        masked=np.zeros(n, bool), Z=A, Y=Y, x=x, v=1.0 - A.sum(axis=0) / x,
        criticality=rng.choice([0.0, 0.5, 1.0], (products, n), p=[0.3, 0.2, 0.5]),
        cover_days=np.full((products, n), 20.0), lag_days=np.zeros((regions, regions), np.int32),
        vital_share=np.full(products, 0.2), moves_by_sea=np.ones(products, bool),
        reroute_share=np.full(products, 0.3), reroute_days=np.full(products, 30.0),
        goods=(), uses=(), services=(), routes=(), country_region={}, country_names={},
        sources={"drawn": Source(id="drawn", title="drawn at random", kind="assumption")},
        assumptions={}, label=Label("TLP:CLEAR", frozenset(), None), digest="dense",
    )  # fmt: skip


def make_shock(days: int) -> Scenario:
    """A fifth of one industry of home is lost for the first third of the days."""
    shock = {
        "id": "loss", "kind": "capacity_loss", "units": ["JPN.p3"], "start_day": 0,
        "duration_days": max(1, days // 3), "loss": LOST, "sources": ["drawn"],
    }  # fmt: skip
    return Scenario.model_validate(
        {
            "id": "dense",
            "names": {"en": "dense", "ja": "dense"},
            "economy": "dense",
            "as_of": "2026-11-22",
            "horizon_days": days,
            "seed": 1,
            "shocks": [shock],
        }
    )


def main() -> None:
    """Take and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--regions", type=int, default=REGIONS)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    options = parser.parse_args()
    watch = Watch()
    refs = measure_references()
    print(refs.tell())
    begun = time.perf_counter()
    economy = make_economy(options.regions, options.products)
    print(
        f"{len(economy.units):,} industries drawn in {time.perf_counter() - begun:.1f} s, peak {read_peak_mb():.0f} MB"
    )
    begun = time.perf_counter()
    compiled = compile_economy(economy, load_rules())
    st = compiled.static
    print(f"compiled in {time.perf_counter() - begun:.1f} s, peak {read_peak_mb():.0f} MB")
    size = sum(a.nbytes for a in st if isinstance(a, np.ndarray))
    print(f"arrays {size / 1e6:.0f} MB, of it the shares {st.s_t.nbytes / 1e6:.0f} MB")
    run = Run(make_shock(options.days))
    home = np.flatnonzero(economy.unit_region == 0)
    best = np.inf
    for _ in range(REPEATS):  # the first compiles
        dr, fx = compile_run(compiled, run, options.days)
        state, record = make_state(st, dr, fx), make_record(st, options.days, home, 0)
        wall, cpu = time.perf_counter(), time.process_time()
        run_days(options.days, st, dr, fx, state, make_work(st), record)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        best = min(best, cpu)
        worst, last = record.unit.min(), record.unit[-1].min()
        residual = record.residual.max()
        del state, record, dr, fx  # else two runs stand in memory at once
    day = best / options.days
    print(
        f"least of {REPEATS}: {day * 1e3:.1f} ms CPU a day ({wall / options.days * 1e3:.1f} wall in the last), least output {worst:.3f}, at the end {last:.3f}; greatest residual {residual:.1e}"
    )
    print(
        f"the shares read once take {st.s_t.nbytes / GIGA / day:.1f} GB/s at this rate; triad {refs.triad_s * 1e3:.1f} ms"
    )
    print(
        f"a year by reckoning {YEAR * day:.1f} s (must {TARGET_YEAR_S:.0f}); BoARIO / this {BOARIO_DAY_S / day:.0f} x (must 40)"
    )
    print(f"peak {read_peak_mb():.0f} MB (must {TARGET_PEAK_MB:.0f})")
    print(watch.tell())


if __name__ == "__main__":
    main()
