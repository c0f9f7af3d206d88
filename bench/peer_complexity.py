"""Economic complexity beside PyPI `ecomplexity` on the same exports: times, ratio, greatest difference.

The peer is no dependency of keian: it is read only where it is installed, and without it the script
says so. Run from the repository: `python -m bench.peer_complexity [--products 5000]`, with the
peer's folder on `PYTHONPATH` if it lies elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bench.machine import Watch, measure_references
from keian.economy.nouns import FloatArray
from keian.exposure.complexity import calc_complexity
from keian.exposure.flows_store import list_flow_years, load_world_flows

COUNTRIES, SEED, REPEATS = 230, 7, 3


def draw_exports(products: int) -> FloatArray:
    """Draw exports of 230 countries: able countries sell more products, and harder ones."""
    rng = np.random.default_rng(SEED)
    ability, hardness = rng.normal(0, 1, COUNTRIES), rng.normal(0, 1, products)
    chance = 1 / (1 + np.exp(-(ability[:, None] - hardness)))
    sells = rng.random((COUNTRIES, products)) < chance
    return np.where(sells, rng.lognormal(3, 2, (COUNTRIES, products)), 0.0)


def take_shipped() -> FloatArray:
    """Take the shipped exports of the first year: countries and products that sell at all."""
    flows = load_world_flows(list_flow_years()[0])
    exports = np.zeros((len(flows.countries), len(flows.products)))
    np.add.at(exports, (flows.exporter, flows.product), np.nan_to_num(flows.value_kusd))
    exports = exports[exports.sum(axis=1) > 0]
    return exports[:, exports.sum(axis=0) > 0]


def compare(name: str, exports: FloatArray, dgemm_s: float) -> None:
    """Print what both take on the same exports and how far their indices lie apart."""
    try:
        peer = importlib.import_module("ecomplexity").ecomplexity
    except ImportError:
        peer = None
    mine = min(_time(lambda: calc_complexity(exports)) for _ in range(REPEATS))
    print(
        f"{name}: {exports.shape[0]} x {exports.shape[1]}, keian {mine:.4f} s", end="", flush=True
    )
    if peer is None:
        print("; ecomplexity is not installed: no comparison")
        return
    country, product = np.divmod(np.arange(exports.size), exports.shape[1])
    frame = pd.DataFrame({"t": 2020, "c": country, "p": product, "v": exports.ravel()})
    names = {"time": "t", "loc": "c", "prod": "p", "val": "v"}
    found: list[Any] = []
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():  # it tells the year
        warnings.simplefilter("ignore")
        theirs = _time(lambda: found.append(peer(frame, names)))
    table = found[-1]
    ours = calc_complexity(exports)
    eci = table.groupby("c")["eci"].first().to_numpy()
    pci = table.groupby("p")["pci"].first().to_numpy()
    print(
        f" ({mine / dgemm_s:.1f} x dgemm), ecomplexity {theirs:.3f} s, ratio {theirs / mine:.1f}; "
        f"greatest difference eci {_differ(ours.eci, eci):.1e}, pci {_differ(ours.pci, pci):.1e}"
    )


def _differ(ours: FloatArray, theirs: FloatArray) -> float:
    """Greatest difference once both are standardised by the same deviation, whatever the sign."""
    left, right = ((a - np.nanmean(a)) / np.nanstd(a) for a in (ours, theirs))
    return float(min(np.nanmax(np.abs(left - right)), np.nanmax(np.abs(left + right))))


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Take all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, nargs="+", default=[500, 2000])
    watch, refs = Watch(), measure_references()
    print(refs.tell())
    asked = parser.parse_args().products
    compare("shipped panel", take_shipped(), refs.dgemm_s)
    for products in asked:
        compare("drawn", draw_exports(products), refs.dgemm_s)
    print(watch.tell())


if __name__ == "__main__":
    main()
