"""Runs a review: load, check, evaluate, release, write, store; then says what came of it."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

import typer

from keian.cli.comprehensive import PAGES, Surveyed, pin, survey, warn_of_later, write_comprehensive
from keian.cli.errors import OK, PARTIAL, write_json, write_line
from keian.cli.inputs import Asked, Inputs, Named, load_inputs
from keian.cli.manifest import DOCUMENTS, SHORT, describe_run, write_documents
from keian.cli.progress import open_progress
from keian.cli.set import load_cli_words
from keian.cli.tables import show_results
from keian.cli.viewer import parse_viewer
from keian.core import ClearanceError, KeianWarning, Label
from keian.report import Lang, summary_lines, write_report
from keian.report.plain import describe_review
from keian.review import Evaluation, Request, evaluate
from keian.review.nouns import Review
from keian.share import Released, Viewer, raise_to_floor, release, verdict
from keian.store import calc_run_digest, open_workspace, write_run

REPORTS = MappingProxyType(
    {
        "en": ("report.html", "report.xlsx"),
        "ja": ("report.ja.html", "report.ja.xlsx"),
        "both": ("report.html", "report.ja.html", "report.xlsx", "report.ja.xlsx"),
    }
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A review that was released, written and stored.

    Attributes
    ----------
    run : digest of the run.
    folder : where the files lie: what `--out` names, else the run's folder.
    """

    released: Released[Review]
    run: str
    folder: Path
    files: tuple[str, ...]
    notes: tuple[str, ...]
    partial: bool


def run_review(asked: Asked) -> Finished:
    """Play what was asked, release it to the viewer, write the report and store the run.

    Raises
    ------
    InputError
        Something written is wrong, or the law does not allow it; nothing was played.
    ClearanceError
        The viewer may not see it; nothing was written.
    """
    viewer = parse_viewer(asked.viewer)
    workspace = open_workspace(asked.workspace)
    with collect_notes() as notes:
        inputs = load_inputs(asked.named)
        refuse_early(inputs, viewer)
        evaluation = evaluate_inputs(inputs, asked)
    released = release(evaluation.review, viewer)
    surveyed = survey_registers(asked, released) if asked.comprehensive else None
    manifest = describe_run(
        asked, inputs, released, notes, {} if surveyed is None else pin(surveyed)
    )
    if evaluation.left_out:
        manifest = manifest.model_copy(update={"status": "partial"})
    run = calc_run_digest(manifest)
    released = release(cite_run(evaluation.review, run), viewer)
    with tempfile.TemporaryDirectory(prefix="keian-") as made:
        write_files(Path(made), released, evaluation, asked.named, inputs)
        if surveyed is not None:
            write_comprehensive(Path(made), released.value, surveyed, run)
        files = {path.name: path for path in sorted(Path(made).iterdir())}
        stored = write_run(workspace, manifest, files)
    pages = (*REPORTS[asked.lang], *(PAGES[asked.lang] if asked.comprehensive else ()))
    names = (*pages, *sorted(n for n in files if not n.endswith((".html", ".xlsx"))))
    folder = stored.path if asked.out is None else copy_files(stored.path, names, asked.out)
    partial = bool(released.withheld_count or evaluation.left_out)
    return Finished(released, stored.digest, folder, names, tuple(notes), partial)


def cite_run(review: Review, run: str) -> Review:
    """Give a review the digest under which its run is stored, so that a reader can play it again."""
    return replace(review, run_id=run)


def survey_registers(asked: Asked, released: Released[Review]) -> Surveyed:
    """Read the registers as of day 0 of a review."""
    day = date.fromisoformat(released.value.as_of)
    warn_of_later(day, asked.workspace)
    return survey(day, asked.workspace)


def evaluate_inputs(inputs: Inputs, asked: Asked) -> Evaluation:
    """Play the runs of a review, telling how far they are."""
    request = Request(
        economy=inputs.economy,
        scenarios=inputs.scenarios,
        measures=inputs.measures,
        registers=inputs.registers,
        draws=asked.draws,
        as_of=asked.named.as_of,
        threads=asked.threads or os.cpu_count() or 1,
        what_if_law=asked.named.what_if_law,
        sources=inputs.reading.sources,
    )
    with open_progress("ja" if asked.lang == "ja" else "en") as progress:
        return evaluate(request, progress=progress)


def write_files(
    folder: Path,
    released: Released[Review],
    evaluation: Evaluation,
    named: Named,
    inputs: Inputs,
) -> None:
    """Write the report in both languages, the data of what was released, and the documents."""
    shown = {scenario.id for scenario in released.value.scenarios}
    datasets = {name: data for name, data in evaluation.datasets.items() if name in shown}
    write_report(released, folder, lang="ja", datasets=datasets)
    (folder / DOCUMENTS).write_text(write_documents(named, inputs), encoding="utf-8")


def refuse_early(inputs: Inputs, viewer: Viewer) -> None:
    """Refuse a viewer who may not see any review of these inputs, before anything is played.

    Raises
    ------
    ClearanceError
        The label of the inputs, or the floor of every ranking of weak points, is above the viewer.
    """
    scenarios = (Label(scenario.label) for scenario in inputs.scenarios)
    judged = verdict(viewer, raise_to_floor(inputs.economy.label))
    open_to_viewer = [verdict(viewer, label).permitted for label in scenarios]
    if not judged.permitted:
        raise ClearanceError(f"a review ranks weak points: {judged.reason}")
    if not any(open_to_viewer):
        raise ClearanceError("no scenario may be seen by this viewer; fix: ask their owners")


def copy_files(source: Path, names: tuple[str, ...], out: Path) -> Path:
    """Copy files to the folder that the person named, each in one step."""
    out.mkdir(parents=True, exist_ok=True)
    for name in names:
        part = out / f".{name}.part"
        try:
            shutil.copyfile(source / name, part)
            part.replace(out / name)
        finally:
            part.unlink(missing_ok=True)
    return out


@contextmanager
def collect_notes() -> Iterator[list[str]]:
    """Collect what keian warns of, and still show it."""
    notes: list[str] = []
    show = warnings.showwarning

    def keep(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, KeianWarning):
            notes.append(str(message))
        show(message, category, filename, lineno, file, line)

    with warnings.catch_warnings():
        warnings.simplefilter("always", KeianWarning)
        warnings.showwarning = keep
        yield notes


def list_places(finished: Finished, lang: Lang) -> list[str]:
    """List where the files are: the reports by their paths, the data by name."""
    here, folder = Path.cwd(), finished.folder.absolute()
    if folder.is_relative_to(here):
        folder = folder.relative_to(here)
    reports = [name for name in finished.files if name.endswith(".html")]
    data = [name for name in finished.files if name not in reports]
    words = load_cli_words()
    return [
        *(words.say("run_report", lang, path=folder / name) for name in reports),
        words.say("run_beside", lang, names=", ".join(data)),
    ]


def finish(finished: Finished, asked: Asked, *, as_json: bool, tables: bool = False) -> None:
    """Say what came of a review, and leave with the code that tells whether it is whole."""
    review = finished.released.value
    lang: Lang = "ja" if asked.lang == "ja" else "en"
    if as_json:
        write_json(
            {
                "run": finished.run,
                "label": str(review.label),
                "economy": review.economy_id,
                "as_of": review.as_of,
                "draws": review.draws,
                "folder": str(finished.folder),
                "files": list(finished.files),
                "notes": list(finished.notes),
                "withheld_count": finished.released.withheld_count,
                "partial": finished.partial,
                "answers": describe_review(review)["answers"][lang],
            }
        )
    else:
        for line in summary_lines(finished.released, lang):
            write_line(line)
        if tables:
            show_results(review, lang)
        words = load_cli_words()
        write_line("")
        write_line(words.say("run_again", lang, run=finished.run[:SHORT], draws=review.draws))
        for line in list_places(finished, lang):
            write_line(line)
        if finished.released.withheld_count:
            count = finished.released.withheld_count
            write_line(words.say("run_withheld", lang, count=count))
    raise typer.Exit(PARTIAL if finished.partial else OK)
