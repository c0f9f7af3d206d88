"""CSV in and out: one file a sheet, streamed; the encodings that spreadsheet programs write."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keian.core import InputError, Problem
from keian.core.path_guard import refuse_link

MOST_BYTES = 2_000_000_000
LONGEST_CELL = 1_000_000
PIECE = 1 << 20
MOST_COLUMNS = 16_384
MOST_ROWS = 5_000_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TRIED = ("utf-8", "cp932")
# Single bytes that no Shift_JIS text holds; the codec passes them on as these.
NO_LETTERS = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
DELIMITERS = (",", "\t", ";")
COMMA_NUMBER = re.compile(r"-?[0-9]+,[0-9]+(?:[eE][-+]?[0-9]+)?")
# a number with a comma that is none of thousands, alone in its cell
COMMA_DECIMAL = re.compile(
    r'(?:^|;)"?-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})(?:[eE][-+]?[0-9]+)?"?(?:;|\r?$)'
)
# A program may take text that begins so for a formula and run it.
RISKY = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")
Row = tuple[int, list[Any]]


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """One CSV file as a sheet."""

    name: str
    file: str
    path: Path
    hidden: bool = False

    def read_rows(self) -> Iterator[Row]:
        """Give the rows with their number, from 1; empty rows are left out.

        Raises
        ------
        InputError
            The file is no CSV, or too large.
        """
        encoding = find_encoding(self.path)
        with self.path.open(encoding=encoding, newline="") as stream:
            head = stream.read(PIECE)
            _refuse_nul(head, self.file)
            stream.seek(0)
            rows = _split(stream, _find_delimiter(head), self.file)
            yield from map(_read_commas, rows) if self.writes_commas() else rows

    def writes_commas(self) -> bool:
        """Tell whether decimals have a comma: cells stand between semicolons, and one is no thousand.

        1,234 may be either, so a file with nothing else is read as it stands.
        """
        with self.path.open(encoding=find_encoding(self.path), newline="") as stream:
            first = stream.read(PIECE)
            if _find_delimiter(first) != ";":
                return False
            stream.seek(0)
            return any(COMMA_DECIMAL.search(line) for line in stream)

    def list_marks(self) -> list[Problem]:
        """List what a spreadsheet hides; a CSV hides nothing."""
        return []


def _find_delimiter(head: str) -> str:
    """Find what stands between the cells of the first line."""
    first = next(iter(head.splitlines()), "")
    return max(DELIMITERS, key=first.count)


def _read_commas(row: Row) -> Row:
    """Write decimals of a row with a point."""
    number, cells = row
    return number, [
        cell.replace(",", ".") if isinstance(cell, str) and COMMA_NUMBER.fullmatch(cell) else cell
        for cell in cells
    ]


def _split(stream: Iterable[str], delimiter: str, file: str) -> Iterator[Row]:
    """Split lines into rows; a broken file is an error at its row."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if len(cells) > MOST_COLUMNS or number > MOST_ROWS:
                found = f"{len(cells)} columns" if len(cells) > MOST_COLUMNS else "more rows"
                wanted = f"at most {MOST_COLUMNS:,} columns and {MOST_ROWS:,} rows"
                raise InputError([Problem(f"{file} row {number}", found, wanted, "split the file")])
            row = [unescape(cell) if cell.strip() else None for cell in cells]
            if any(cell is not None for cell in row):
                yield number, row
    except csv.Error as error:
        fix = "close the quotes, or save the file again as CSV"
        where = f"{file} row {number + 1}"
        raise InputError([Problem(where, f"broken CSV ({error})", "CSV", fix)]) from None


def find_encoding(path: Path) -> str:
    """Find the encoding of a CSV file: UTF-8, UTF-16 with mark, or Shift_JIS as Windows has it.

    Raises
    ------
    InputError
        Not a plain file, too large, or in none of them.
    """
    file = refuse_link(path)
    if file.stat().st_size > MOST_BYTES:
        found = f"{file.stat().st_size:,} bytes"
        raise InputError([Problem(path.name, found, f"at most {MOST_BYTES:,}", "split the file")])
    with file.open("rb") as stream:
        start = stream.read(4)
    marked = tuple(name for mark, name in BOMS if start.startswith(mark))
    for name in marked or TRIED:
        if _fits(file, name):
            return name
    row = max(_find_break(file, name) or 1 for name in TRIED)
    raise InputError(
        [
            Problem(
                f"{path.name} row {row}",
                "bytes that are neither UTF-8 nor Shift_JIS",
                "CSV in UTF-8, UTF-16 or Shift_JIS",
                "save the file as `CSV UTF-8`",
            )
        ]
    )


def _fits(path: Path, name: str) -> bool:
    """Tell whether a whole file decodes, without holding it."""
    return _find_break(path, name) is None


def _find_break(path: Path, name: str) -> int | None:
    """Find the line, from 1, at which a file stops to decode; None where it decodes to its end."""
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    with path.open("rb") as stream:
        piece = b""
        try:
            while piece := stream.read(PIECE):
                text = decoder.decode(piece)
                strange = NO_LETTERS.search(text) if name == "cp932" else None
                if strange:
                    return line + text[: strange.start()].count("\n")
                line += piece.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            # What the decoder kept of the piece before holds no end of a line.
            start = error.start - (len(error.object) - len(piece))
            return line + piece[: max(0, start)].count(b"\n")
    return None


def _refuse_nul(text: str, file: str) -> None:
    if "\0" in text:
        fix = "save the sheet as CSV UTF-8, or give the workbook itself"
        raise InputError([Problem(file, "NUL characters", "a text file", fix)])


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a sheet: UTF-8 with mark, so that spreadsheet programs see Japanese text."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([escape(title) for title in header])
        for row in rows:
            writer.writerow([_show(cell) for cell in row])


def _show(cell: object) -> object:
    """Write a cell: floats so that they come back exactly, text so that nothing runs it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return escape(cell)
    return repr(cell) if isinstance(cell, float) else cell


def escape(text: str) -> str:
    """Put an apostrophe before text that a program may take for a formula.

    Examples
    --------
    >>> escape("=1+1"), escape("rice"), unescape(escape("=1+1"))
    ("'=1+1", 'rice', '=1+1')
    """
    return f"'{text}" if text.startswith(RISKY) else text


def unescape(text: str) -> str:
    """Take the apostrophe off again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text
