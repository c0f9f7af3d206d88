"""Play an ensemble: begin or go on, keep every finished batch, finish with statistics."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from keian.core import DataError, KeianWarning, ModelError, Problem, find_inside
from keian.crisis.ensemble.batches import (
    Span,
    list_gaps,
    play_gaps,
    refuse_seconds,
)
from keian.crisis.ensemble.executors import Executor
from keian.crisis.ensemble.files import (
    SCENARIO,
    merge_batches,
    write_statistics,
)
from keian.crisis.ensemble.memory import calc_most_runs, estimate_memory, refuse_memory
from keian.crisis.ensemble.plan import Plan, check_plan, open_plan, write_plan
from keian.crisis.ensemble.task import PLAN, Task, holds_runs
from keian.store import (
    BatchRow,
    Manifest,
    RunFolder,
    Unfinished,
    Workspace,
    begin_run,
    calc_run_digest,
    claim_run,
    drop_unfinished,
    enter_batch,
    list_runs,
    read_run,
    recover_batches,
    write_run,
)

BATCH_SECONDS = 5.0
PLAN_DIGEST = "plan.sha256"  # file of an unfinished run
MERGED = "merged"  # folder of an unfinished run, made anew each time
FINISHED = ("series.parquet", "draws.parquet", "statistics.nc", "statistics.parquet",
            "totals.parquet", "convergence.parquet")  # fmt: skip


class Progress(Protocol):
    """What an ensemble tells while it works."""

    def start(self, stage: str, total_runs: int) -> None:
        """Begin a stage of so many runs."""
        ...

    def advance(self, runs: int) -> None:
        """Tell that so many more runs of the stage are done."""
        ...

    def note(self, text: str) -> None:
        """Tell something that stays on the screen."""
        ...


@dataclass(frozen=True, slots=True)
class Silent:
    """Tells nothing."""

    def start(self, stage: str, total_runs: int) -> None:
        """Tell nothing."""

    def advance(self, runs: int) -> None:
        """Tell nothing."""

    def note(self, text: str) -> None:
        """Tell nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How an ensemble is played; none of it changes a result.

    batch_seconds : what a batch should take; what a kill can lose.
    memory_limit : bytes that may be used; None = what is free.
    """

    batch_seconds: float = BATCH_SECONDS
    memory_limit: int | None = None
    progress: Progress = field(default_factory=Silent)


def begin_ensemble(
    workspace: Workspace, manifest: Manifest, plan: Plan, documents: Mapping[str, bytes]
) -> Unfinished:
    """Begin an ensemble, or find it as it was left.

    Parameters
    ----------
    workspace : where.
    manifest : what it is made from; `draws` says how many.
    plan : what is played.
    documents : files that go with the run, by name.
    """

    def fill(folder: Path) -> None:
        digest = write_plan(plan, folder / PLAN)
        (folder / PLAN_DIGEST).write_text(digest, encoding="ascii")
        for name, content in documents.items():
            (folder / name).write_bytes(content)

    return begin_run(workspace, manifest, fill)


def find_finished(workspace: Workspace, manifest: Manifest) -> RunFolder | None:
    """Find the finished run of the same inputs, if there is one."""
    digest = calc_run_digest(manifest)
    if all(row.digest != digest for row in list_runs(workspace)):
        return None
    return read_run(workspace, digest)


def play_ensemble(
    workspace: Workspace, run: Unfinished, executor: Executor, pace: Pace | None = None
) -> RunFolder:
    """Play what is left of an ensemble and finish it.

    A process that is killed loses the batches in hand and nothing else: call it again. The
    files are the same to the last bit for any executor, number of workers, length of batches and
    number of interruptions, on one machine with one set of versions.

    Parameters
    ----------
    workspace : where.
    run : from `begin_ensemble` or `find_unfinished`.
    executor : where batches are played; not open yet.
    pace : length of batches, memory, progress.

    Returns
    -------
    RunFolder
        The finished run.

    Raises
    ------
    InputError
        Another process is at this run, or the memory does not suffice; nothing was played.
    DataError
        What was kept of the run is damaged.
    ModelError
        A balance did not close.
    """
    how = pace or Pace()
    refuse_seconds(how.batch_seconds)
    with claim_run(run):
        digest = _read_plan_digest(workspace, run)
        check_plan(run.path / PLAN, digest)
        plan = open_plan(run.path / PLAN, digest)
        done = _recover(workspace, run, digest)
        rows = _play(workspace, run, plan, digest, done=done, executor=executor, pace=how)
        finished = _finish(workspace, run, plan, rows, how.progress)
    drop_unfinished(workspace, run.digest)
    return finished


def _recover(workspace: Workspace, run: Unfinished, digest: str) -> tuple[BatchRow, ...]:
    rows, lost = recover_batches(
        workspace, run, lambda path, first, count: holds_runs(path, digest, first, count)
    )
    if lost:
        text = f"played again, because their files were gone or changed: {', '.join(lost)}"
        warnings.warn(text, KeianWarning, stacklevel=3)
    return rows


def _play(  # noqa: PLR0913 - what a run is, what is left of it, and how to play it
    workspace: Workspace,
    run: Unfinished,
    plan: Plan,
    digest: str,
    *,
    done: tuple[BatchRow, ...],
    executor: Executor,
    pace: Pace,
) -> tuple[BatchRow, ...]:
    """Play the runs that no batch holds; return all batches by draw."""
    draws = run.manifest.draws
    gaps = list_gaps((Span(row.first, row.count) for row in done), draws)
    if not gaps:
        return done
    progress, rows = pace.progress, list(done)
    kept = sum(row.count for row in done)
    if kept:
        progress.note(f"{kept:,} of {draws + 1:,} runs were finished before")
    with executor:
        need = estimate_memory(plan, draws, executor.workers)
        asked = pace.memory_limit
        limit = executor.read_free_bytes() if asked is None else asked
        refuse_memory(need, limit, asked=asked is not None)
        progress.start(f"{plan.scenario.id}, {executor.workers} at once", draws + 1 - kept)
        folder = str(run.path.resolve())
        played = play_gaps(
            executor,
            gaps,
            lambda span: Task(folder, digest, span.first, span.count),
            batch_seconds=pace.batch_seconds,
            most_runs=calc_most_runs(plan),
        )
        for one in played:
            enter_batch(workspace, run, one.batch)
            rows.append(one.batch)
            progress.advance(one.batch.count)
    ordered = tuple(sorted(rows, key=lambda row: row.first))
    left = list_gaps((Span(row.first, row.count) for row in ordered), draws)
    if left:
        raise ModelError(f"draws are missing after all batches were played: {left[0]}")
    return ordered


def _finish(
    workspace: Workspace,
    run: Unfinished,
    plan: Plan,
    rows: tuple[BatchRow, ...],
    progress: Progress,
) -> RunFolder:
    """Merge the batches, calculate the statistics, and write the run folder."""
    progress.note("statistics of all runs")
    merged = run.path / MERGED
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    marks = {
        "keian.label": str(run.manifest.label),
        "keian.run": run.digest,
        "keian.scenario": plan.scenario.id,
        "keian.day_0": plan.scenario.as_of.isoformat(),
        "keian.economy": plan.compiled.economy.name,
        "keian.economy_digest": run.manifest.economy.sha256,
        "keian.seed": str(plan.scenario.seed),
    }
    merge_batches([run.parts / row.file.name for row in rows], merged, marks)
    write_statistics(merged, plan, run.manifest.label, marks)
    files: dict[str, bytes | Path | Callable[[Path], Any]] = {
        name: merged / name for name in FINISHED
    }
    files[SCENARIO] = find_inside(run.path, SCENARIO)
    return write_run(workspace, run.manifest, files)


def _read_plan_digest(workspace: Workspace, run: Unfinished) -> str:
    path = find_inside(workspace.root, run.path / PLAN_DIGEST)
    if not path.is_file():
        fix = "delete the unfinished run and begin again"
        raise DataError([Problem(str(path), "no file", "the digest of the plan", fix)])
    return path.read_text(encoding="ascii", errors="replace").strip()
