"""Spreadsheets at the command line: out, back in, and the template."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import cast

from keian.cli.errors import write_json, write_line
from keian.cli.set import load_cli_words
from keian.core import InputError, Problem
from keian.sheets import export_economy, import_economy, write_template
from keian.sheets.export import Format, Lang
from keian.sheets.messages import tell_problems

MOST_SHOWN = 20


def export(folder: Path, economy: str, how: tuple[str, str], *, as_json: bool) -> None:
    """Write an economy as spreadsheets and say where they are; `how` is format and language."""
    file_format, lang = cast("Format", how[0]), cast("Lang", how[1])
    files = export_economy(folder, economy, file_format=file_format, lang=lang)
    if as_json:
        write_json({"files": [str(file) for file in files]})
        return
    words = load_cli_words()
    write_line(words.say("sheets_written", lang, count=len(files), folder=folder))
    back = files[0] if len(files) == 1 else folder
    write_line(words.say("sheets_edit", lang, file=back))


def import_sheets(
    path: Path,
    out: Path,
    names: tuple[str | None, str, str | None],
    *,
    label: str | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Import spreadsheets and say what was made.

    `names` are the folder's, the base economy and the language; without one, the workbook's.
    """
    name, economy, lang = names
    asked = cast("Lang | None", lang)
    made = import_economy(
        path, out, name=name, economy=economy, replace=replace, lang=asked, label=label
    )
    if as_json:
        write_json(
            {
                "economy": str(made.folder),
                "digest": made.digest,
                "label": str(made.label),
                "changed": list(made.changed),
                "noted": list(made.noted),
                "added": list(made.added),
                "doubts": [asdict(doubt) for doubt in made.doubts],
            }
        )
        return
    words, said = load_cli_words(), made.lang
    for figure in made.changed[:MOST_SHOWN]:
        write_line(words.say("sheets_changed", said, figure=figure))
    if len(made.changed) > MOST_SHOWN:
        write_line(words.say("sheets_more", said, count=len(made.changed) - MOST_SHOWN))
    for line in made.noted[:MOST_SHOWN]:
        write_line(words.say("sheets_noted", said, line=line))
    if len(made.noted) > MOST_SHOWN:
        write_line(words.say("sheets_more", said, count=len(made.noted) - MOST_SHOWN))
    for good in made.added:
        write_line(words.say("sheets_added", said, good=good))
    write_line(words.say("sheets_made", said, digest=made.digest[:12], folder=made.folder))
    write_line(words.say("sheets_label", said, label=made.label))
    option = " --illustrative" if made.added else ""
    option += " --lang ja" if said == "ja" else ""
    write_line(words.say("sheets_next", said, folder=made.folder, option=option))


def make_template(path: Path, economy: str, lang: str, *, as_json: bool) -> None:
    """Write the template and say what to do with it."""
    if path.suffix != ".xlsx":
        fix = f"write {path.stem}.xlsx"
        problem = Problem("template", path.name, "a name that ends in .xlsx", fix)
        raise InputError(tell_problems([problem], lang), lang=cast("Lang", lang))
    write_template(path, lang=cast("Lang", lang), economy=economy)
    if as_json:
        write_json({"files": [str(path)]})
    else:
        write_line(load_cli_words().say("sheets_fill", cast("Lang", lang), file=path))
