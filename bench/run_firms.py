"""Time the firm day at national scale: nanoseconds a link, against references of the same process.

Run from the repository: `python -m bench.run_firms [--firms 1100000] [--days 365]`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np

from bench.machine import MEGA, REPEATS, Watch, measure_references, read_peak_mb, time_least
from keian.crisis import _kernels_firm_record as records
from keian.crisis import _kernels_firms as kernels
from keian.crisis._arrays_firms import FirmStatic
from keian.crisis.firm_arrays import (
    compile_firms,
    compile_shocks,
    make_firm_state,
    make_firm_work,
)
from keian.crisis.firm_economy import make_industry_table
from keian.crisis.firm_rules import FirmShock, assume_traits, load_firm_rules
from keian.crisis.firms import FirmRun, make_firm_record, run_firm_days, simulate_firms
from keian.economy import load_economy
from keian.network import FirmNetwork, generate_network, load_network, save_network
from keian.network.generate import Shape

FIRMS, LINKS, REGIONS, SEED = 1_100_000, 5_400_000, 8, 1
DRAW_FIRMS, ASKED_DRAWS, DRAWS = 100_000, 200, 6
NANO = 1e9
WARM_DAYS = 8  # short of goods by then: all branches of the day are taken
PEER_S_PER_LINK = 1300 / 365 / 5e6  # the open C++ program, proportional rule, CPU s a day and link
SHOCK = FirmShock("capacity", 0.5, 1, 10_000, part=0.05)


@nb.njit(error_model="numpy")  # type: ignore[untyped-decorator] # numba ships no types
def gather(place: Any, table: Any) -> float:  # noqa: ANN401 - arrays as numba sees them
    """Read a table at random places: what one random access costs here and now."""
    total = np.float32(0.0)
    for k in range(place.size):
        total += table[np.uint64(place[k])]
    return total


@dataclass(frozen=True, slots=True)
class Bench:
    """A compiled network in the middle of a shortage, ready for one more day."""

    st: FirmStatic
    day: Callable[[], None]
    links: int


def prepare(network: FirmNetwork, preset: str, blocks: int) -> Bench:
    """Compile a network and play it into a shortage."""
    rules = load_firm_rules(preset)
    st = compile_firms(network, rules, assume_traits(len(network.products), rules), blocks=blocks)
    days = WARM_DAYS + 1
    fx = compile_shocks(network, [SHOCK], days)
    state, work = make_firm_state(st), make_firm_work(st)
    record = make_firm_record(st, days, np.empty(0, np.int32))
    run_firm_days(WARM_DAYS, st, fx, state, work, record)

    def day() -> None:
        kernels.begin_day(WARM_DAYS, fx, state)
        for b in range(blocks):
            kernels.pass_links(b, st, state, work)
        for b in range(blocks):
            kernels.settle_firms(b, st, state, work)
        records.close_day(WARM_DAYS, st, state, work, record)

    return Bench(st, day, network.link_count)


def time_gather(network: FirmNetwork) -> float:
    """Time a random read from a table with a cell for each firm, seconds a read."""
    rng = np.random.default_rng(1)
    place = rng.integers(0, network.firm_count, network.link_count).astype(np.int32)
    table = rng.random(network.firm_count, dtype=np.float32)
    return time_least(lambda: gather(place, table), 2 * REPEATS).cpu_s / network.link_count


def count_bytes(st: FirmStatic) -> int:
    """Count what a day of the plain rules reads and writes in streams, bytes."""
    links, slots, firms = st.sup.size, st.volume.size, st.x0.size
    # links: supplier and share, read three times of which the later from cache; positions: stock,
    # two orders read and written, volume, owner, kind; firms: thirteen columns, five written
    return links * 8 + slots * (6 * 4 + 4 + 2 + 1) + firms * (13 + 5) * 4 + firms * 32


def report_day(network: FirmNetwork, preset: str, one_gather: float, triad_rate: float) -> float:
    """Print what a day costs on one thread; returns CPU seconds."""
    bench = prepare(network, preset, 1)
    timing = time_least(bench.day, 2 * REPEATS)
    per_link = timing.cpu_s / bench.links
    share = count_bytes(bench.st) / triad_rate / timing.cpu_s
    print(
        f"{preset}: {timing.cpu_s * 1e3:.1f} ms CPU a day ({timing.wall_s * 1e3:.1f} ms wall), "
        f"{per_link * NANO:.1f} ns a link, {per_link / one_gather:.1f} x gather, "
        f"{share:.0%} of the triad's rate, "
        f"{PEER_S_PER_LINK / per_link:.0f} x less CPU than recorded for the C++ program"
    )
    return timing.cpu_s


def report_year(network: FirmNetwork, days: int, threads: int) -> None:
    """Print what a recorded run costs, from the network to the outcome."""
    run = FirmRun(threads=threads, watch=tuple(network.ids[:3].to_pylist()))
    wall, cpu = time.perf_counter(), time.process_time()
    simulate_firms(network, [SHOCK], load_firm_rules(), days, run=run)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{days} days recorded, {threads} threads: {wall:.1f} s wall, {cpu:.1f} s CPU; "
        f"peak memory {read_peak_mb():.0f} MB"
    )


def report_draws(draws: int, days: int) -> None:
    """Print what many draws cost at 100,000 firms on two threads, extrapolated to 200."""
    network = make(DRAW_FIRMS)
    rules = load_firm_rules()

    def play(seed: int) -> None:
        shock = replace(SHOCK, seed=seed)
        simulate_firms(network, [shock], rules, days, run=FirmRun(blocks=1))

    play(0)
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(play, range(draws)))
    scale = ASKED_DRAWS / draws
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{ASKED_DRAWS} draws of {days} days at {network.firm_count:,} firms, 2 threads: "
        f"{wall * scale:.0f} s wall, {cpu * scale:.0f} s CPU (extrapolated from {draws})"
    )


def report_load(network: FirmNetwork, folder: Path) -> FirmNetwork:
    """Print what saving and loading cost; returns the loaded network."""
    begun = time.perf_counter()
    path = save_network(network, folder)
    saved = time.perf_counter() - begun
    loaded = time_least(lambda: load_network(path))
    print(f"save {saved:.2f} s; load {loaded.wall_s * 1e3:.0f} ms wall")
    return load_network(path)


def make(firms: int) -> FirmNetwork:
    """Draw a network on Japan's table; prints how long it took when warm."""
    table = make_industry_table(load_economy("japan"), REGIONS)
    generate_network(table, Shape(1000, 4000), SEED)
    begun = time.perf_counter()
    network = generate_network(table, Shape(firms, round(firms * LINKS / FIRMS)), SEED)
    spent = time.perf_counter() - begun
    print(f"generate {network.firm_count:,} firms, {network.link_count:,} links: {spent:.1f} s")
    return network


def main() -> None:
    """Take all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--network", type=Path, help="a saved network instead of a drawn one")
    asked = parser.parse_args()
    watch = Watch()
    refs = measure_references()
    print(refs.tell())
    triad_rate = 5 * 8 * 4_000_000 / refs.triad_s
    with tempfile.TemporaryDirectory() as folder:
        if asked.network is None:
            network = report_load(make(asked.firms), Path(folder))
        else:
            network = load_network(asked.network)
            timing = time_least(lambda: load_network(asked.network))
            print(f"load {timing.wall_s * 1e3:.0f} ms wall")
        one = time_gather(network)
        size = network.firm_count * 4 / MEGA
        print(f"gather: {one * NANO:.2f} ns a read from a table of {size:.1f} MB")
        plain = report_day(network, "plain", one, triad_rate)
        for threads in (1, 2):
            report_year(network, asked.days, threads)
        for preset in ("level", "classes", "inoue-todo"):
            spent = report_day(network, preset, one, triad_rate)
            print(f"  {spent / plain:.2f} x the plain day")
    report_draws(DRAWS, asked.days)
    print(f"peak memory of all: {read_peak_mb():.0f} MB")
    print(watch.tell())


if __name__ == "__main__":
    main()
