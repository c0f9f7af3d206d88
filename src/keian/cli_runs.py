"""Lists the runs of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keian.cli_errors import write_json, write_line
from keian.cli_manifest import SHORT
from keian.cli_set import add_row, load_cli_words, make_console, start_table
from keian.store import RunRow, Workspace, find_workspace, list_runs, open_workspace
from keian.store.layout import MANIFEST
from keian.store.manifest import parse_manifest

COLUMNS = ("run", "written", "kind", "status", "label", "scenarios", "measures_count", "draws")
MOST_LETTERS = 40  # a longer cell is a digest


def show_runs(named: Path | None, *, as_json: bool) -> None:
    """Show the runs of a workspace, newest first; a workspace that is not there is not made."""
    place = find_workspace(named)
    runs: list[dict[str, Any]] = []
    if place.exists():
        workspace = open_workspace(named)
        runs = [describe_run_row(workspace, row) for row in list_runs(workspace)]
    if as_json:
        write_json({"workspace": str(place), "runs": runs})
        return
    if not runs:
        write_line(f"no runs yet in {place}")
        return
    table = start_table(load_cli_words(), "en", COLUMNS)
    for run in runs:
        add_row(table, [_show(run[column]) for column in COLUMNS])
    make_console().print(table)


def describe_run_row(workspace: Workspace, row: RunRow) -> dict[str, Any]:
    """Describe a run by its ledger row and what its manifest says it was made from."""
    path = workspace.runs / row.digest / MANIFEST
    manifest = parse_manifest(path.read_text(encoding="utf-8"), str(path))
    return {
        "run": row.digest,
        "written": row.created,
        "kind": row.kind,
        "status": row.status,
        "label": str(row.label),
        "economy": manifest.economy.id,
        "scenarios": [scenario.id for scenario in manifest.scenarios],
        "measures_count": len(manifest.measures),
        "draws": manifest.draws,
        "as_of": None if manifest.as_of is None else manifest.as_of.isoformat(),
        "keian": row.keian_version,
        "folder": str(path.parent),
    }


def _show(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    text = str(value)
    return text[:SHORT] if len(text) > MOST_LETTERS else text
