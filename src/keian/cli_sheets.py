"""Spreadsheets at the command line: out, back in, and the template."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from keian.cli_errors import write_json, write_line
from keian.core import InputError, Problem
from keian.sheets import export_economy, import_economy, write_template
from keian.sheets.export import Format, Lang

MOST_SHOWN = 20


def export(folder: Path, economy: str, how: tuple[str, str], *, as_json: bool) -> None:
    """Write an economy as spreadsheets and say where they are; `how` is format and language."""
    file_format, lang = cast("Format", how[0]), cast("Lang", how[1])
    files = export_economy(folder, economy, file_format=file_format, lang=lang)
    if as_json:
        write_json({"files": [str(file) for file in files]})
        return
    write_line(f"{len(files)} {'files' if len(files) > 1 else 'file'} in {folder}")
    back = files[0] if len(files) == 1 else folder
    write_line(f"edit, then: keian economy import {back} --out DIR")


def import_sheets(
    path: Path, out: Path, names: tuple[str | None, str], *, replace: bool, as_json: bool
) -> None:
    """Import spreadsheets and say what was made; `names` are the folder's and the base economy."""
    name, economy = names
    made = import_economy(path, out, name=name, economy=economy, replace=replace)
    if as_json:
        write_json(
            {
                "economy": str(made.folder),
                "digest": made.digest,
                "changed": list(made.changed),
                "added": list(made.added),
            }
        )
        return
    for figure in made.changed[:MOST_SHOWN]:
        write_line(f"changed, source now yours: {figure}")
    if len(made.changed) > MOST_SHOWN:
        write_line(f"and {len(made.changed) - MOST_SHOWN} more, listed in manifest.json")
    for good in made.added:
        write_line(f"added, illustrative: {good}")
    write_line(f"economy {made.digest[:12]} in {made.folder}")
    asked = " --illustrative" if made.added else ""
    write_line(f"next: keian review {made.folder}{asked}")


def make_template(path: Path, economy: str, lang: str, *, as_json: bool) -> None:
    """Write the template and say what to do with it."""
    if path.suffix != ".xlsx":
        fix = f"write {path.stem}.xlsx"
        raise InputError([Problem("template", path.name, "a name that ends in .xlsx", fix)])
    write_template(path, lang=cast("Lang", lang), economy=economy)
    if as_json:
        write_json({"files": [str(path)]})
    else:
        write_line(f"{path}: fill it in, then: keian economy import {path} --out DIR")
