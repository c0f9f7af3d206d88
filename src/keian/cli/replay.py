"""Plays a stored run again from its manifest and says how equal the results are."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from keian.cli.compare import Equality, compare_folders
from keian.cli.comprehensive import Surveyed, pin, read_day, survey, write_comprehensive
from keian.cli.ensemble import KIND as ENSEMBLE
from keian.cli.ensemble import play_again, read_allocation
from keian.cli.errors import DATA, OK, write_json, write_line
from keian.cli.inputs import Asked, Inputs, Named, check_inputs, load_asked
from keian.cli.manifest import SHORT, Change, list_changes, read_documents
from keian.cli.run import cite_run, evaluate_inputs, write_files
from keian.cli.viewer import parse_viewer
from keian.registers import load_registers
from keian.scenario.check import Reading
from keian.scenario.load import load_scenario_sources
from keian.share import release
from keian.store import RunFolder, open_workspace, read_run

COMPARED = frozenset({".nc", ".parquet", ".json"})
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run played again: what has changed since, and how equal the results are."""

    run: str
    changes: tuple[Change, ...]
    equality: Equality
    files_count: int


def replay(run: str, workspace: Path | None, threads: int | None) -> Replayed:
    """Play a stored run again; the stored one is only read.

    Parameters
    ----------
    run : first digits of the run's digest.

    Raises
    ------
    InputError
        No run begins so, or its documents no longer fit the economy or the law.
    DataError
        A file of the run is not as the run wrote it.
    """
    stored = read_run(open_workspace(workspace), run)
    asked, inputs = _restore(stored, threads)
    day = read_day(stored.manifest.options)
    surveyed = None if day is None else survey(day, workspace)
    changes = list_changes(stored.manifest, inputs, {} if surveyed is None else pin(surveyed))
    names = [file.name for file in stored.manifest.files if Path(file.name).suffix in COMPARED]
    with tempfile.TemporaryDirectory(prefix="keian-") as made:
        again = _play_again(asked, inputs, Path(made), (stored.digest, surveyed))
        equality = compare_folders(stored.path, again, names)
    return Replayed(stored.digest, changes, equality, len(names))


def _play_again(
    asked: Asked, inputs: Inputs, folder: Path, seen: tuple[str, Surveyed | None]
) -> Path:
    """Play what was asked for in a folder that will be thrown away; return where the files are."""
    if asked.kind == ENSEMBLE:
        return play_again(asked, inputs, folder, asked.threads)
    evaluation = evaluate_inputs(inputs, asked)
    run, surveyed = seen
    released = release(cite_run(evaluation.review, run), parse_viewer(asked.viewer))
    write_files(folder, released, evaluation, asked.named, inputs)
    if surveyed is not None:
        write_comprehensive(folder, released.value, surveyed, run)
    return folder


def _restore(stored: RunFolder, threads: int | None) -> tuple[Asked, Inputs]:
    """Read back what was asked; documents come from the run, tables and law from here."""
    manifest = stored.manifest
    documents = read_documents(stored.path)
    named = Named(
        economy=documents.economy,
        as_of=manifest.as_of,
        what_if_law=bool(manifest.options.get("what_if_law", False)),
        illustrative=bool(manifest.options.get("illustrative", False)),
    )
    asked = Asked(
        named=named,
        kind=manifest.kind,
        draws=manifest.draws,
        threads=threads,
        viewer=str(manifest.options.get("withheld_for", manifest.label)),
        allocation=read_allocation(manifest.options),
        new_links=bool(manifest.options.get("new_links", False)),
    )
    inputs = Inputs(
        economy=load_asked(named),
        scenarios=documents.scenarios,
        measures=documents.measures,
        registers=load_registers(),
        reading=Reading(sources={**load_scenario_sources(), **documents.sources}),
    )
    check_inputs(inputs, what_if_law=named.what_if_law)
    return asked, inputs


def finish(replayed: Replayed, *, as_json: bool) -> None:
    """Say which equality a replay achieved, and leave with the code that tells it."""
    equality = replayed.equality
    if as_json:
        write_json(
            {
                "run": replayed.run,
                "equality": equality.level,
                "files_count": replayed.files_count,
                "values_count": equality.values_count,
                "changes": [asdict(change) for change in replayed.changes],
                "differences": [
                    {**asdict(d), "greatest": d.greatest if d.greatest == d.greatest else None}
                    for d in equality.differences
                ],
            }
        )
    else:
        for line in tell(replayed):
            write_line(line)
    raise typer.Exit(DATA if equality.level == "differs" else OK)


def tell(replayed: Replayed) -> list[str]:
    """Tell a replay in lines: what has changed since, the equality, the greatest differences."""
    equality = replayed.equality
    lines = [f"run {replayed.run[:SHORT]}"]
    lines += [f"  changed since: {c.what}, {c.then} then, {c.now} now" for c in replayed.changes]
    if not replayed.changes:
        lines.append("  inputs and versions are as they were")
    compared = f"{equality.values_count:,} values of {replayed.files_count} files"
    if equality.level == "same":
        return [*lines, f"same bits: {compared}"]
    worst = equality.differences[0]
    if equality.level == "close":
        said = f"equal to 1e-9 relative: {compared}; greatest difference {worst.greatest:.1e}"
        return [*lines, f"{said} at {worst.where}"]
    lines.append(f"differs: {len(equality.differences)} series, of {compared}; the greatest:")
    for difference in equality.differences[:MOST_SHOWN]:
        size = "" if difference.greatest != difference.greatest else f" ({difference.greatest:.1e})"
        found, wanted = difference.found, difference.wanted
        lines.append(f"  {difference.where}{size}: stored {wanted}, now {found}")
    return lines
