"""Lists the runs of a workspace, finished and unfinished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keian.cli.errors import write_json, write_line
from keian.cli.manifest import SHORT
from keian.cli.set import add_row, load_cli_words, make_console, start_table
from keian.store import (
    Manifest,
    RunRow,
    Unfinished,
    Workspace,
    find_workspace,
    list_runs,
    list_unfinished,
    open_workspace,
)
from keian.store.layout import MANIFEST
from keian.store.manifest import parse_manifest

COLUMNS = (
    "run", "written", "kind", "status", "done", "label", "scenarios", "measures_count", "draws",
)  # fmt: skip
ENSEMBLE = "ensemble"  # the kind of run that counts its runs
MOST_LETTERS = 40  # a longer cell is a digest


def show_runs(named: Path | None, *, as_json: bool) -> None:
    """Show the runs of a workspace, unfinished ones first; one that is not there is not made."""
    place = find_workspace(named)
    runs: list[dict[str, Any]] = []
    if place.exists():
        workspace = open_workspace(named)
        runs = [describe_unfinished(run) for run in list_unfinished(workspace)]
        runs += [describe_run_row(workspace, row) for row in list_runs(workspace)]
    if as_json:
        write_json({"workspace": str(place), "runs": runs})
        return
    if not runs:
        write_line(f"no runs yet in {place}")
        return
    table = start_table(load_cli_words(), "en", COLUMNS)
    for run in runs:
        done, total = run["done_count"], run["total_count"]
        cells = run | {"done": "" if total is None else f"{done:,} / {total:,}"}
        add_row(table, [_show(cells[column]) for column in COLUMNS])
    make_console().print(table)


def describe_run_row(workspace: Workspace, row: RunRow) -> dict[str, Any]:
    """Describe a run by its ledger row and what its manifest says it was made from."""
    path = workspace.runs / row.digest / MANIFEST
    manifest = parse_manifest(path.read_text(encoding="utf-8"), str(path))
    total = manifest.draws + 1 if manifest.kind == ENSEMBLE else None
    return _describe(row.digest, manifest, path.parent, row.status, (total, total))


def describe_unfinished(run: Unfinished) -> dict[str, Any]:
    """Describe a run that was begun: how far it is, and whether a process is at it."""
    status = "playing" if run.playing else "stopped"
    return _describe(run.digest, run.manifest, run.path, status, (run.done_count, run.total_count))


def _describe(
    digest: str,
    manifest: Manifest,
    folder: Path,
    status: str,
    counts: tuple[int | None, int | None],
) -> dict[str, Any]:
    done, total = counts
    return {
        "run": digest,
        "written": manifest.created,
        "kind": manifest.kind,
        "status": status,
        "done_count": done,
        "total_count": total,
        "label": str(manifest.label),
        "economy": manifest.economy.id,
        "scenarios": [scenario.id for scenario in manifest.scenarios],
        "measures_count": len(manifest.measures),
        "draws": manifest.draws,
        "as_of": None if manifest.as_of is None else manifest.as_of.isoformat(),
        "keian": manifest.versions.get("keian", "unknown"),
        "folder": str(folder),
    }


def _show(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    text = str(value)
    return text[:SHORT] if len(text) > MOST_LETTERS else text
