"""Time the systemic risk of every firm of a drawn network, against references of the same process.

Run from the repository: `python -m bench.esri [--firms 1000 10000]`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from bench.machine import Watch, measure_references, read_peak_mb
from keian.crisis.firm_economy import make_industry_table
from keian.economy import load_economy
from keian.exposure.systemic_risk import calc_esri
from keian.network import generate_network
from keian.network.generate import Shape

REGIONS, SEED, LINKS_PER_FIRM = 8, 1, 5
CRITICAL = 1.0  # rating of an input without which an industry stops


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of `calc_esri`."""

    W: Any
    sector: Any
    essential: Any
    sales: Any


def make(firms: int) -> Case:
    """Draw a network on Japan's table; essential inputs are those rated critical there."""
    economy = load_economy("japan")
    table = make_industry_table(economy, REGIONS)
    network = generate_network(table, Shape(firms, LINKS_PER_FIRM * firms), SEED)
    units = [economy.units.index(name) for name in table.products]
    rated = economy.criticality[np.ix_(economy.unit_product[units], units)]
    supplier = network.supplier.astype(np.int64)
    W = sparse.csc_array((network.value, supplier, network.client_start), shape=(firms, firms))
    essential = np.where(rated == CRITICAL, 2, 1)
    return Case(W, network.product.astype(np.int64), essential, network.sales)


def report(firms: int, threads: int, epsilon: float, dgemm_s: float) -> None:
    """Print what all firms of a network cost, failing one by one, with replaceability."""
    case = make(firms)
    wall, cpu = time.perf_counter(), time.process_time()
    found = calc_esri(
        case.W, case.sector, case.essential, revenue=case.sales, market=case.sector,
        epsilon=epsilon, threads=threads,
    )  # fmt: skip
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    low, high = np.quantile(found.both, [0.5, 1.0])
    print(
        f"{firms:,} firms, {case.W.nnz:,} links, epsilon {epsilon:g}, {threads} threads: "
        f"{wall:.2f} s wall, {cpu:.2f} s CPU, {cpu / dgemm_s:.0f} x dgemm; "
        f"index median {low:.2e}, greatest {high:.3f}",
        flush=True,
    )


def main() -> None:
    """Take all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--epsilon", type=float, nargs="+", default=[1e-2, 1e-10])
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    asked = parser.parse_args()
    watch = Watch()
    refs = measure_references()
    print(refs.tell())
    small = make(200)
    calc_esri(small.W, small.sector, small.essential, market=small.sector)  # compiles
    for firms in asked.firms:
        for epsilon in asked.epsilon:
            for threads in asked.threads:
                report(firms, threads, epsilon, refs.dgemm_s)
    print(f"peak memory {read_peak_mb():.0f} MB")
    print(watch.tell())


if __name__ == "__main__":
    main()
