"""Times the screen of a full-size BACI year and the look-through of a table of 7,987 industries.

Synthetic files of the published layout: `python bench/exposure.py [ROWS]`. Peers do the same work
in one run: pandas group-by for the concentration of every importer.
"""

import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from keian.exposure import load_criteria, screen, take_panel
from keian.exposure.concentration import calc_concentration
from keian.exposure.extraction import calc_each_extraction
from keian.exposure.flows_store import read_flows, write_flows
from keian.exposure.panel import take_panels
from keian.exposure.trade_build import load_country_codes
from keian.exposure.trade_files import read_baci
from keian.exposure.world_links import (
    calc_backward,
    calc_forward,
    calc_pass_through,
    calc_reliance,
    factorise,
)

PRODUCTS, COUNTRIES, SEED = 5000, 230, 7
INDUSTRIES, REGIONS = 7987, 49
CHUNK = 1_000_000
BARE_SHARE = 0.05  # flows without a quantity


def tell(name: str, start: float) -> float:
    """Print seconds since a start and the peak memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name:42} {time.perf_counter() - start:8.2f} s   peak {peak:5.2f} GB", flush=True)
    return time.perf_counter()


def write_year(path: Path, rows: int) -> None:
    """Write a file of BACI's layout with distinct flows."""
    rng = np.random.default_rng(SEED)
    codes = np.array(sorted(load_country_codes())[:COUNTRIES])
    cells = np.sort(
        rng.choice(PRODUCTS * COUNTRIES * COUNTRIES, size=int(rows * 1.01), replace=False)
    )
    product, pair = np.divmod(cells, COUNTRIES * COUNTRIES)
    exporter, importer = np.divmod(pair, COUNTRIES)
    fit = np.flatnonzero(exporter != importer)[:rows]
    with path.open("w", encoding="utf-8") as stream:
        stream.write("t,i,j,k,v,q\n")
        for start in range(0, len(fit), CHUNK):
            at = fit[start : start + CHUNK]
            value = np.round(rng.lognormal(3, 2.5, len(at)), 3)
            quantity = np.round(value * rng.lognormal(0, 1, len(at)), 3)
            quantity[rng.random(len(at)) < BARE_SHARE] = np.nan
            pd.DataFrame(
                {
                    "t": 2022, "i": codes[exporter[at]], "j": codes[importer[at]],
                    "k": 10000 + product[at] * 10, "v": value, "q": quantity,
                }
            ).to_csv(stream, index=False, header=False, na_rep="NA")  # fmt: skip


def time_screens(folder: Path, rows: int) -> None:
    """Time reading, one importer, every importer, and the peer."""
    raw, stored = folder / "baci.csv", folder / "baci.parquet"
    # in a process of its own, so that the peak below is that of keian
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(write_year, raw, rows).result()
    print(f"{rows:,} rows, {raw.stat().st_size / 1e6:.0f} MB of CSV")
    start = time.perf_counter()
    write_flows(read_baci(raw), stored)
    tell("read the CSV once into Parquet", start)
    start = time.perf_counter()
    flows = read_flows(stored)
    start = tell("open the Parquet file", start)
    criteria = load_criteria()
    screen(take_panel(flows, "JPN", {}, {}), criteria)
    start = tell("screen one importer, every criterion", start)
    for panel in take_panels(flows, flows.countries, {}, {}):
        screen(panel, criteria)
    start = tell(f"screen all {len(flows.countries)} importers", start)
    products = len(flows.products)
    cell = flows.importer.astype(np.int64) * products + flows.product
    calc_concentration(cell, flows.exporter, flows.value_kusd, len(flows.countries) * products)
    mine = time.perf_counter() - start
    start = tell("concentration of every importer alone", start)
    frame = pd.DataFrame({"cell": cell, "value": flows.value_kusd})
    total = frame.groupby("cell")["value"].transform("sum")
    frame["share"] = frame["value"] / total
    frame["square"] = frame["share"] ** 2
    frame.groupby("cell").agg(hhi=("square", "sum"), top=("share", "max"), count=("share", "count"))
    theirs = time.perf_counter() - start
    tell("the same by pandas group-by", start)
    print(f"pandas group-by over keian: {theirs / mine:.1f} (keian also names the first supplier)")


def time_links() -> None:
    """Time a table of EXIOBASE's size, dense."""
    rng = np.random.default_rng(SEED)
    Z = rng.exponential(1.0, (INDUSTRIES, INDUSTRIES))
    x = Z.sum(axis=1) * 2.0
    Z *= 0.5 * x / Z.sum(axis=0)
    x = Z.sum(axis=1) * 1.5
    origin = (np.arange(INDUSTRIES) * REGIONS // INDUSTRIES).astype(np.int32)
    units = np.flatnonzero(origin == 0).astype(np.int32)
    start = time.perf_counter()
    links = factorise(Z, x)
    start = tell(f"factorise {INDUSTRIES} industries", start)
    calc_backward(links)
    calc_forward(links)
    start = tell("Leontief and Ghosh linkages of all", start)
    calc_reliance(links, origin, REGIONS, units)
    start = tell(f"reliance of {len(units)} industries on {REGIONS} regions", start)
    demand = np.where(origin == 0, x, 0.0)
    calc_pass_through(links, demand, {str(r): origin == r for r in range(REGIONS)})
    start = tell("pass-through of every region", start)
    calc_each_extraction(links, units)
    tell(f"extraction of {len(units)} industries one by one", start)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "11000000"
    if what == "links":
        time_links()
    else:
        with tempfile.TemporaryDirectory() as place:
            time_screens(Path(place), int(what))
