"""Writes an economy as spreadsheets: one CSV file a sheet, or one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from keian import __version__
from keian.core import InputError, Problem
from keian.economy import economy_digest, set_aside
from keian.sheets.contents import Contents, list_heads_of, read_contents
from keian.sheets.csv_files import write_csv
from keian.sheets.flatten import Head
from keian.sheets.headers import find_unit, name_head, name_sheet
from keian.sheets.layout import Sheet, find_reference, list_sheets
from keian.sheets.meanings import load_meanings, tell_meaning
from keian.sheets.messages import tell_problems
from keian.sheets.seals import list_baseline
from keian.sheets.xlsx_write import WorkbookWriter, finish_file

Format = Literal["csv", "xlsx"]
Lang = Literal["en", "ja"]
DESCRIBED = ("sheet", "head", "key", "unit", "kind", "needed", "words", "refers", "about")
Write = Callable[[str, Sequence[str], Iterator[Sequence[Any]]], None]


def export_economy(
    folder: Path, economy: str | Path = "japan", *, file_format: Format = "xlsx", lang: Lang = "en"
) -> list[Path]:
    """Write every table of an economy.

    Parameters
    ----------
    folder
        Folder to write into; made if it is not there.
    economy
        Name of a shipped economy, or its folder.
    file_format
        `xlsx` = one workbook named after the economy, `csv` = one file a sheet.
    lang
        Language of sheet names and headers; ids stay.

    Returns
    -------
    The files written.

    Raises
    ------
    InputError
        Unknown economy, or a file of that name is already there.
    """
    loaded, contents = read_contents(economy)
    contents.values["about"] = {
        "kind": "economy",
        "economy": loaded.name,
        "digest": economy_digest(set_aside(loaded)),
        "written_by": f"keian {__version__}",
    }
    contents.rows["baseline"] = list(list_baseline(contents))
    if file_format == "csv":
        files = {s: folder / f"{s}.csv" for s in (*(s.id for s in list_sheets()), "columns")}
        refuse_existing(files.values(), lang)
        folder.mkdir(parents=True, exist_ok=True)
        write_sheets(contents, lang, lambda name, head, rows: write_csv(files[name], head, rows))
        return list(files.values())
    path = folder / f"{loaded.name}.xlsx"
    refuse_existing([path], lang)
    folder.mkdir(parents=True, exist_ok=True)
    write_workbook(path, contents, lang)
    return [path]


def write_workbook(path: Path, contents: Contents, lang: Lang) -> None:
    """Write a workbook; nothing half-written stays."""
    with finish_file(path) as part, WorkbookWriter(part) as writer:

        def write(name: str, header: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
            hidden = name == "baseline"
            writer.write_sheet(name_sheet(name, lang), header, rows, hidden=hidden)

        write_sheets(contents, lang, write)


def write_sheets(
    contents: Contents,
    lang: Lang,
    write: Write,
    *,
    only: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Write every sheet that has contents, and the sheet that describes their columns.

    Parameters
    ----------
    contents
        What the sheets hold.
    lang
        Language of titles.
    write
        Writes one sheet: id, titles, rows.
    only
        Columns to write, by sheet; all where a sheet is not named.
    """
    kept = only or {}
    present = [
        replace(sheet, heads=tuple(h for h in sheet.heads if h.key in kept[sheet.id]))
        if sheet.id in kept
        else sheet
        for sheet in list_sheets()
        if _is_present(sheet, contents)
    ]
    for sheet in present:
        heads = list_heads_of(sheet, contents)
        titles = [_title(head, sheet, number, lang) for number, head in enumerate(heads)]
        write(sheet.id, titles, list_cells(sheet, contents, heads))
        if sheet.id == "about":
            titles = [name_head(key, lang) for key in DESCRIBED]
            write("columns", titles, _describe(present, contents, lang))


def _is_present(sheet: Sheet, contents: Contents) -> bool:
    held = (contents.rows, contents.values, contents.frames, contents.matrices)
    return any(sheet.id in part for part in held)


def _title(head: Head, sheet: Sheet, number: int, lang: Lang) -> str:
    """Give the title of a column; across a matrix stand ids."""
    return head.key if sheet.shape == "matrix" and number else name_head(head.key, lang)


def list_cells(sheet: Sheet, contents: Contents, heads: Sequence[Head]) -> Iterator[Sequence[Any]]:
    """Give the rows of a sheet."""
    if sheet.id in contents.values:
        yield from contents.values[sheet.id].items()
    elif sheet.id in contents.matrices:
        matrix = contents.matrices[sheet.id]
        for name, line in zip(matrix.rows, matrix.values, strict=True):
            yield (name, *line.tolist())
    elif sheet.id in contents.frames:
        frame = contents.frames[sheet.id]
        columns = [frame[head.key].tolist() for head in heads]
        whole = [head.kind == "whole" for head in heads]
        for row in zip(*columns, strict=True):
            yield [_plain(cell, as_int=w) for cell, w in zip(row, whole, strict=True)]
    else:
        for cells in contents.rows[sheet.id]:
            yield [_show(cells.get(head.key)) for head in heads]


def _plain(cell: Any, *, as_int: bool) -> Any:  # noqa: ANN401 - a cell of a frame
    """Give a cell of a frame; missing is None, whole numbers that may miss are no floats."""
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN is not equal to itself
        return None
    return int(cell) if as_int else cell


def _show(cell: Any) -> Any:  # noqa: ANN401 - a cell of a document
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def _describe(present: Sequence[Sheet], contents: Contents, lang: Lang) -> Iterator[Sequence[Any]]:
    """Give a row per column: what it is called, its unit, what may stand in it."""
    for sheet in present:
        across = contents.matrices.get(sheet.id)
        for head in sheet.heads:
            yield (
                name_sheet(sheet.id, lang),
                name_head(head.key, lang),
                head.key,
                find_unit(head),
                head.kind,
                head.needed,
                "; ".join(head.words),
                find_reference(sheet.id, head),
                tell_meaning(sheet, head, lang),
            )
        if across is not None:
            about = getattr(load_meanings().matrix, lang)
            unit = "million of the currency per year"
            yield (
                name_sheet(sheet.id, lang),
                "*",
                "*",
                unit,
                "number",
                True,
                "",
                "units.id",
                about,
            )


def refuse_existing(paths: Iterable[Path], lang: Lang = "en") -> None:
    """Refuse to write over files of an earlier export: a person may have edited them."""
    there = [path for path in paths if path.exists()]
    if there:
        fix = "name another folder, or move the files away"
        problems = [
            Problem(str(path), "a file of an earlier export", "no such file", fix) for path in there
        ]
        raise InputError(tell_problems(problems, lang), lang=lang)
