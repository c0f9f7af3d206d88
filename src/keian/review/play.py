"""Play many tagged runs and keep of each only what the review needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from keian.crisis.baseline import Baseline, calc_baseline
from keian.crisis.compile import Compiled
from keian.crisis.run import Run
from keian.crisis.simulate import Outcome, simulate_runs
from keian.review.needs import (
    Need,
    draw_floor,
    find_first_below,
    read_normal,
    read_series,
)

Tag = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A run with the tag under which the review finds its result."""

    tag: Tag
    run: Run
    keep: bool = False  # keep all series, not only the summary


@dataclass(frozen=True, slots=True)
class Summary:
    """What the review keeps of every run.

    first : day each need falls below its floor, inf = never.   lowest : lowest cover or level.
    Losses in MUSD over the horizon, home region; worst : greatest shortfall on a day, share.
    """

    first: dict[str, float]
    lowest: dict[str, float]
    value_added: float
    output: float
    unmet_final: float
    unmet_vital: float
    worst_value_added: float
    worst_output: float
    worst_final: float
    worst_vital: float
    last_week: float = 1.0  # value added of the home region in the last week, share of normal


WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Played:
    """The result of one job."""

    run: Run
    summary: Summary
    outcome: Outcome | None


def summarise(
    compiled: Compiled, base: Baseline, needs: Sequence[Need], outcome: Outcome
) -> Summary:
    """Summarise an outcome."""
    home = compiled.index.region[compiled.economy.home]
    series = {need.id: read_series(outcome, need) for need in needs}
    lost_va = base.value_added - outcome.value_added[:, home]
    lost_out = base.output - outcome.output[:, home]
    unmet = outcome.final_want - outcome.final_got
    unmet_vital = outcome.vital_want - outcome.vital_got

    def find_first(need: Need) -> float:
        run, levels, floor = outcome.run, series[need.id], draw_floor(outcome.run, need)
        normal = read_normal(run, compiled.economy, levels, need, floor)
        return find_first_below(levels, floor, normal)

    return Summary(
        first={need.id: find_first(need) for need in needs},
        lowest={name: float(values.min()) for name, values in series.items()},
        value_added=float(lost_va.sum()),
        output=float(lost_out.sum()),
        unmet_final=float(unmet.sum()),
        unmet_vital=float(unmet_vital.sum()),
        worst_value_added=float(lost_va.max()) / base.value_added,
        worst_output=float(lost_out.max()) / base.output,
        worst_final=float(np.max(unmet / np.maximum(outcome.final_want, 1e-12))),
        worst_vital=float(np.max(unmet_vital / np.maximum(outcome.vital_want, 1e-12))),
        last_week=float(outcome.value_added[-WEEK_DAYS:, home].mean()) / base.value_added,
    )


def play(
    compiled: Compiled,
    needs: Sequence[Need],
    jobs: Sequence[Job],
    *,
    threads: int,
    progress: Callable[[int], None] | None = None,
) -> dict[Tag, Played]:
    """Play jobs and return their results by tag."""
    base = calc_baseline(compiled)
    results: dict[Tag, Played] = {}
    runs = [j.run for j in jobs]
    for k, outcome in simulate_runs(compiled, runs, threads=threads, progress=progress):
        summary = summarise(compiled, base, needs, outcome)
        kept = outcome if jobs[k].keep else None
        results[jobs[k].tag] = Played(jobs[k].run, summary, kept)
    return results
