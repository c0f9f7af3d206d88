"""Time to load and check the registers, and to answer each question at ten times their entries.

Run from the repository: `python -m bench.registers [--times 10]`. Targets: load under 1 s, a query
under 0.2 s. Each figure is the least of five.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import perf_counter
from types import MappingProxyType

from bench.machine import Watch
from keian.registers import Entry, Shelf, load_shelf
from keian.registers.agenda import list_agenda
from keian.registers.changes import list_changes
from keian.registers.coverage import build_coverage
from keian.registers.due import list_due
from keian.registers.gaps import count_nulls, list_gaps
from keian.registers.hindsight import freeze
from keian.registers.lineage import list_mentions, trace
from keian.registers.options import list_options
from keian.registers.pillars import find_pillars
from keian.registers.progress import measure_progress
from keian.registers.shelf import build_shelf
from keian.registers.timeline import list_events

LEAST_OF = 5
LOAD_S, QUERY_S = 1.0, 0.2
TODAY, EARLIER = date(2026, 11, 23), date(2024, 5, 16)


def main() -> None:
    """Load, multiply the entries, ask every question, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="how many times the entries")
    times = parser.parse_args().times
    watch = Watch()
    tell("load and check", measure(load_shelf), LOAD_S)
    shelf = multiply(load_shelf(), times)
    print(f"{sum(1 for _ in shelf.entries())} entries")
    questions: dict[str, Callable[[], object]] = {
        "at": lambda: (shelf.at(TODAY), find_pillars(shelf, TODAY)),
        "at, as known": lambda: shelf.at(TODAY, date(2025, 3, 31)),
        "diff": lambda: list_changes(shelf, date(2022, 6, 1), TODAY),
        "due": lambda: list_due(shelf, TODAY),
        "gaps": lambda: list_gaps(shelf, TODAY),
        "gaps --data": lambda: count_nulls(shelf),
        "progress": lambda: measure_progress(shelf),
        "progress, earlier": lambda: measure_progress(shelf, EARLIER),
        "freeze": lambda: freeze(shelf, EARLIER),
        "agenda": lambda: list_agenda(shelf, TODAY),
        "options": lambda: list_options(shelf, "case.dual-use-2026"),
        "coverage": lambda: build_coverage(shelf),
        "lineage": lambda: trace(shelf, "M50"),
        "timeline": lambda: list_events(shelf),
        "show": lambda: (shelf.find("espa"), list_mentions(shelf, "espa")),
        "search": lambda: shelf.search("economic security"),
    }
    for name, question in questions.items():
        tell(name, measure(question), QUERY_S)
    print(watch.tell())


def measure(call: Callable[[], object]) -> float:
    """Measure the least of several calls, in seconds."""
    taken = []
    for _ in range(LEAST_OF):
        start = perf_counter()
        call()
        taken.append(perf_counter() - start)
    return min(taken)


def tell(name: str, seconds: float, target: float) -> None:
    """Print a figure beside its target."""
    print(f"{name:16} {1000 * seconds:8.1f} ms  {'met' if seconds <= target else 'MISSED'}")


def multiply(shelf: Shelf, times: int) -> Shelf:
    """Copy every entry under new ids; what stands beside a record stands beside its copy."""
    registers = {
        name: replace(
            register,
            entries=tuple(
                sorted(
                    (copy(entry, number) for entry in register.entries for number in range(times)),
                    key=lambda e: (e.id, e.start or date.min),
                )
            ),
        )
        for name, register in shelf.registers.items()
    }
    return build_shelf(registers, shelf.sources)


def copy(entry: Entry, number: int) -> Entry:
    """Copy an entry under another id."""
    if number == 0:
        return entry
    value = entry.value
    if value is not None and "of" in value:
        value = MappingProxyType({**value, "of": f"{value['of']}~{number}"})
    return replace(entry, id=f"{entry.id}~{number}", value=value)


if __name__ == "__main__":
    main()
