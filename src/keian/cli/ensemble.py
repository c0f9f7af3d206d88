"""Plays an ensemble, goes on with one that was stopped, and says what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from keian.cli.errors import (
    INTERRUPTED,
    OK,
    Refusal,
    show_refusal,
    write_json,
    write_line,
)
from keian.cli.inputs import Asked, Inputs, load_inputs
from keian.cli.manifest import (
    DOCUMENTS,
    SHORT,
    digest_code,
    digest_surroundings,
    list_texts,
    write_documents,
)
from keian.cli.progress import open_progress
from keian.cli.run import collect_notes, refuse_early
from keian.cli.set import add_row, load_cli_words, make_console, start_table
from keian.cli.viewer import parse_viewer
from keian.core import ClearanceError, InputError, Label, Problem, join_labels
from keian.crisis import Switches, compile_economy, load_rules
from keian.crisis.ensemble import (
    Executor,
    Pace,
    Plan,
    Statistics,
    begin_ensemble,
    find_finished,
    make_executor,
    play_ensemble,
    read_statistics,
)
from keian.crisis.ensemble.batches import refuse_seconds
from keian.crisis.ensemble.executors import ExecutorName
from keian.crisis.ensemble.memory import GB
from keian.crisis.rules import ALLOCATIONS, Allocation
from keian.scenario.words import Lang
from keian.share import Released, Viewer, raise_to_floor, release, verdict
from keian.store import (
    InputText,
    Manifest,
    RunFolder,
    Unfinished,
    Workspace,
    build_manifest,
    calc_run_digest,
    find_unfinished,
    open_workspace,
    read_versions,
)

KIND = "ensemble"
COLUMNS = ("total", "unit", "mode_run", "low", "middle", "high", "moved")
SHOWN = (("mode_run", "mode_run"), ("low", "q0.1"), ("middle", "q0.5"), ("high", "q0.9"))


@dataclass(frozen=True, slots=True)
class Means:
    """How an ensemble is played; nothing here changes its result."""

    executor: ExecutorName = "processes"
    workers: int | None = None
    address: str | None = None
    batch_seconds: float = 5.0
    memory_limit_gb: float | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """An ensemble that is finished.

    known : it was finished before, and nothing was played now.
    """

    run: RunFolder
    released: Released[Statistics]
    notes: tuple[str, ...]
    known: bool = False


def run_ensemble(asked: Asked, means: Means) -> Ended:
    """Play the draws that were asked for; one that was begun is gone on with.

    Raises
    ------
    InputError
        Something written is wrong, the law does not allow it, or the memory does not suffice.
    ClearanceError
        The viewer may not see it; nothing was played.
    """
    executor, viewer = _open_means(means), parse_viewer(asked.viewer)
    workspace = open_workspace(asked.workspace)
    with collect_notes() as notes:
        inputs = load_inputs(asked.named)
        refuse_early(inputs, viewer)
        manifest = describe_ensemble(asked, inputs, notes)
        known = find_finished(workspace, manifest)
        if known is not None:
            return _end(known, viewer, notes, known=True)
        unfinished = begin_ensemble(
            workspace, manifest, make_plan(asked, inputs), write_inputs(asked, inputs)
        )
        run = _play(workspace, unfinished, executor, means)
    return _end(run, viewer, notes)


def resume_ensemble(
    digest_prefix: str, workspace: Path | None, viewer_text: str, means: Means
) -> Ended:
    """Go on with an ensemble that was stopped; what it needs lies in the workspace.

    Raises
    ------
    InputError
        No unfinished run begins so, another process is at it, or keian has changed since.
    ClearanceError
        The viewer may not see it; nothing was played.
    """
    executor, viewer = _open_means(means), parse_viewer(viewer_text)
    opened = open_workspace(workspace, create=False)
    unfinished = find_unfinished(opened, digest_prefix)
    judged = verdict(viewer, unfinished.manifest.label)
    if not judged.permitted:
        raise ClearanceError(judged.reason)
    refuse_changes(unfinished.manifest)
    with collect_notes() as notes:
        run = _play(opened, unfinished, executor, means)
    return _end(run, viewer, notes)


def play_again(asked: Asked, inputs: Inputs, folder: Path, workers: int | None) -> Path:
    """Play an ensemble anew in a workspace of its own, to compare it with the stored one."""
    workspace = open_workspace(folder / "again")
    manifest = describe_ensemble(asked, inputs, ())
    unfinished = begin_ensemble(
        workspace, manifest, make_plan(asked, inputs), write_inputs(asked, inputs)
    )
    executor = make_executor("processes", workers=workers)
    return _play(workspace, unfinished, executor, Means()).path


def make_plan(asked: Asked, inputs: Inputs) -> Plan:
    """Compile what is to be played."""
    compiled = compile_economy(inputs.economy, load_rules())
    switches = Switches(allocation=asked.allocation, new_links=asked.new_links)
    return Plan(compiled, inputs.scenarios[0], inputs.measures, switches)


def read_allocation(options: Mapping[str, object]) -> Allocation:
    """Read the rule of a stored ensemble back from its manifest."""
    return next((rule for rule in ALLOCATIONS if rule == options.get("allocation")), "fill")


def write_inputs(asked: Asked, inputs: Inputs) -> dict[str, bytes]:
    """Write the documents that go with the run."""
    return {DOCUMENTS: write_documents(asked.named, inputs).encode("utf-8")}


def describe_ensemble(asked: Asked, inputs: Inputs, notes: list[str] | tuple[str, ...]) -> Manifest:
    """Make the manifest: executor, workers and length of batches are no part of it."""
    named, scenario = asked.named, inputs.scenarios[0]
    # Stocks and services of every good by day point at weak points, as a ranking does.
    label = join_labels(raise_to_floor(inputs.economy.label), Label(scenario.label))
    return build_manifest(
        KIND,
        command=("keian", *sys.argv[1:]),
        as_of=named.as_of,
        economy=InputText(id=inputs.economy.name, file=named.economy, sha256=inputs.economy.digest),
        scenarios=list_texts(inputs.scenarios, named.scenarios),
        measures=list_texts(inputs.measures, named.measures),
        seeds={scenario.id: scenario.seed},
        draws=asked.draws,
        label=label,
        options={
            "what_if_law": named.what_if_law,
            **({"illustrative": True} if named.illustrative else {}),
            **({"allocation": asked.allocation} if asked.allocation != "fill" else {}),
            **({"new_links": True} if asked.new_links else {}),
            **digest_surroundings(inputs),
        },
        warnings=tuple(notes),
        assumptions=tuple(
            sorted(s.id for s in inputs.economy.sources.values() if s.kind == "assumption")
        ),
    )


def refuse_changes(manifest: Manifest) -> None:
    """Refuse to go on with another program than the one that began: the halves might not fit.

    Raises
    ------
    InputError
        keian's code, a library, Python or the platform is another.
    """
    now = {**read_versions(), "code_sha256": digest_code()}
    then = {**manifest.versions, "code_sha256": str(manifest.options.get("code_sha256"))}
    changed = [name for name in dict.fromkeys((*then, *now)) if then.get(name) != now.get(name)]
    if changed:
        fix = "call `keian ensemble` again: it begins anew with what is installed now"
        raise InputError(
            Problem(
                f"run {calc_run_digest(manifest)[:SHORT]}",
                f"{name.removesuffix('_sha256')} is {str(now.get(name))[:SHORT]} now",
                f"{str(then.get(name))[:SHORT]}, as when it was begun",
                fix,
            )
            for name in changed
        )


def finish(play: Callable[[], Ended], lang: Lang, *, as_json: bool) -> None:
    """Play, say what came of it, and leave with the code that tells it; Ctrl-C keeps what is done."""
    try:
        ended = play()
    except _StoppedError as stopped:
        show_refusal(Refusal("interrupted", (stopped.problem,), INTERRUPTED), as_json=as_json)
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        write_json(_describe(ended))
    else:
        _show(ended, lang)
    raise typer.Exit(OK)


class _StoppedError(Exception):
    """An ensemble was stopped at the keyboard; what is finished is kept."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


def _open_means(means: Means) -> Executor:
    """Look at what needs no data first: a typing error should not wait for an economy."""
    refuse_seconds(means.batch_seconds)
    return make_executor(means.executor, workers=means.workers, address=means.address)


def _play(
    workspace: Workspace, unfinished: Unfinished, executor: Executor, means: Means
) -> RunFolder:
    limit = means.memory_limit_gb
    try:
        with open_progress() as progress:
            pace = Pace(means.batch_seconds, None if limit is None else int(limit * GB), progress)
            return play_ensemble(workspace, unfinished, executor, pace)
    except KeyboardInterrupt:
        kept = find_unfinished(workspace, unfinished.digest)
        found = (
            f"stopped at the keyboard; {kept.done_count:,} of {kept.total_count:,} runs are kept"
        )
        fix = f"keian resume {unfinished.digest[:SHORT]}"
        problem = Problem("command", found, "time to finish", fix)
        raise _StoppedError(problem) from None


def _end(run: RunFolder, viewer: Viewer, notes: list[str], *, known: bool = False) -> Ended:
    return Ended(run, release(read_statistics(run), viewer), tuple(notes), known)


def _describe(ended: Ended) -> dict[str, Any]:
    statistics, manifest = ended.released.value, ended.run.manifest
    return {
        "run": ended.run.digest,
        "kind": KIND,
        "label": str(statistics.label),
        "scenario": manifest.scenarios[0].id,
        "economy": manifest.economy.id,
        "draws": manifest.draws,
        "finished_before": ended.known,
        "folder": str(ended.run.path),
        "files": [file.name for file in manifest.files],
        "notes": list(ended.notes),
        "totals": [
            {key: None if value != value else value for key, value in row.items()}  # noqa: PLR0124 - NaN is missing
            for row in statistics.totals.to_dict("records")
        ],
    }


def _show(ended: Ended, lang: Lang) -> None:
    words, manifest = load_cli_words(), ended.run.manifest
    statistics, console = ended.released.value, make_console()
    scenario, draws = manifest.scenarios[0].id, f"{manifest.draws:,}"
    title = words.say("ensemble_of", lang, scenario=scenario, draws=draws)
    table = start_table(words, lang, COLUMNS, f"{title}  {statistics.label}")
    moved = _read_moves(statistics)
    for row in statistics.totals.to_dict("records"):
        figures = [f"{row[column]:,.4g}" for _, column in SHOWN]
        name = words.say(f"total_{row['variable']}", lang)
        add_row(table, [name, row["unit"], *figures, moved[row["variable"]]])
    console.print(table)
    write_line(words.say("ensemble_note", lang))
    if ended.known:
        write_line(words.say("ensemble_known", lang))
    short = ended.run.digest[:SHORT]
    write_line(words.say("run_again", lang, run=short, draws=draws))
    folder = ended.run.path.absolute()
    here = Path.cwd()
    shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
    write_line(words.say("run_files", lang, path=shown))
    write_line(f"        {', '.join(file.name for file in manifest.files)}")


def _read_moves(statistics: Statistics) -> dict[str, str]:
    """How far the shown quantiles of half the draws lie from those of all, at most."""
    table = statistics.convergence
    draws = table["draws"].max()
    half = table[(table["draws"] == draws // 2) & table["quantile"].isin([0.1, 0.5, 0.9])]
    worst = half.groupby("variable")["apart_share_of_spread"].apply(lambda v: v.abs().max())
    return {
        name: f"{worst[name]:.1%}" if name in worst and worst[name] == worst[name] else "-"
        for name in statistics.totals["variable"]
    }
