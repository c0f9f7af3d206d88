"""Reads workbooks row by row, straight from their XML.

A library that shows cells alone cannot tell a formula never calculated from an empty cell, and says
nothing of hidden rows and merged cells; all three change what a person sees. Nothing is evaluated,
no link is followed, document types are refused, sizes are checked before anything is unpacked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from keian.core import InputError, Problem
from keian.core.path_guard import refuse_link
from keian.sheets.cells import Odd

MOST_FILE_BYTES = 500_000_000
MOST_UNPACKED_BYTES = 4_000_000_000
MOST_MEMBERS = 10_000
MOST_RATIO = 150  # sheets of numbers pack about 5 to 1, of one and the same number 60 to 1
SMALL_BYTES = 5_000_000  # below it no ratio can do harm
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
MOST_TEXTS_LETTERS = 200_000_000
PIECE = 1 << 18
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Number formats of dates and times that have no pattern of their own in the file.
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
DATE_LETTERS = re.compile(r"[ymdhsYMDHS年月日]")
NOT_A_PATTERN = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
FIRST_DAY = MappingProxyType({False: date(1899, 12, 30), True: date(1904, 1, 1)})
TRUE = frozenset({"1", "true"})
LETTERS = 26
A_BEFORE = ord("A") - 1
# What a damaged archive or part raises on its way; an unknown packing too.
BROKEN = (expat.ExpatError, BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
Row = tuple[int, list[Any]]


@dataclass(slots=True)
class Marks:
    """What a sheet hides or joins, found while its rows are read."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """One sheet of a workbook."""

    name: str
    file: str
    book: XlsxBook
    member: str
    hidden: bool
    marks: Marks = field(default_factory=Marks)

    def read_rows(self) -> Iterator[Row]:
        """Give the rows with their number, from 1; empty rows are left out.

        Raises
        ------
        InputError
            The sheet is broken, or too large.
        """
        reader = _SheetReader(self)
        for _ in _parse(self.book.archive, self.member, reader, self.file):
            yield from reader.rows
            reader.rows.clear()

    def list_marks(self) -> list[Problem]:
        """List what the sheet hides or joins; complete once its rows are read."""
        where = f"{self.file}, sheet {self.name}"
        problems = []
        if self.marks.hidden_rows:
            found = f"hidden rows {_shorten(self.marks.hidden_rows)}"
            fix = "clear filters and unhide the rows, or delete them"
            problems.append(Problem(where, found, "rows that can be seen", fix))
        if self.marks.hidden_columns:
            found = f"hidden columns {_shorten(self.marks.hidden_columns)}"
            problems.append(
                Problem(where, found, "columns that can be seen", "unhide or delete them")
            )
        if self.marks.merged:
            found = f"merged cells {_shorten(self.marks.merged)}"
            fix = "unmerge them and write the value into each cell"
            problems.append(Problem(where, found, "one value a cell", fix))
        return problems


def _shorten(items: list[Any]) -> str:
    """List the first items."""
    most = 8
    told = ", ".join(str(item) for item in items[:most])
    return told if len(items) <= most else f"{told} and {len(items) - most} more"


class XlsxBook:
    """An open workbook: names of its sheets, shared texts and which number formats are dates."""

    def __init__(self, path: Path) -> None:
        self.path = refuse_link(path)
        self.archive = _open(self.path)
        self.texts: list[str] = []
        self.date_styles: frozenset[int] = frozenset()
        self.from_1904 = False
        self.sheets: list[XlsxSheet] = []
        try:
            self._read_parts()
        except BaseException:
            self.archive.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.archive.close()

    def _read_parts(self) -> None:
        names = set(self.archive.namelist())
        links = sorted(name for name in names if name.startswith("xl/externalLinks/"))
        if links:
            fix = "break the links (in Excel: Data, Edit Links) and save"
            found = "links to other workbooks"
            raise InputError([Problem(self.path.name, found, "a workbook of its own", fix)])
        workbook, relations = _Workbook(), _Relations()
        self._read_part("xl/workbook.xml", workbook, needed=True)
        self._read_part("xl/_rels/workbook.xml.rels", relations, needed=True)
        self.from_1904 = workbook.from_1904
        texts, styles = _Texts(), _Styles()
        self._read_part("xl/sharedStrings.xml", texts)
        self._read_part("xl/styles.xml", styles)
        self.texts = texts.texts
        self.date_styles = styles.list_date_styles()
        self._list_sheets(workbook, relations, names)

    def _read_part(self, member: str, reader: _Reader, *, needed: bool = False) -> None:
        """Read a part that is small enough to be held."""
        if member in self.archive.namelist():
            for _ in _parse(self.archive, member, reader, self.path.name):
                pass
        elif needed:
            raise _broken(self.path.name, f"no part {member}")

    def _list_sheets(self, workbook: _Workbook, relations: _Relations, names: set[str]) -> None:
        """List the sheets with their parts; sheets that are charts hold no cells."""
        for name, relation, hidden in workbook.sheets:
            target = relations.targets.get(relation, "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if member not in names:
                raise _broken(self.path.name, f"no part for the sheet {name}")
            if "chartsheets/" not in member:
                self.sheets.append(XlsxSheet(name, self.path.name, self, member, hidden))


def _open(path: Path) -> ZipFile:
    """Open the archive after a look at its sizes.

    Raises
    ------
    InputError
        No workbook, or one that unpacks to far more than a workbook does.
    """
    with path.open("rb") as stream:
        start = stream.read(len(OLD_OR_LOCKED))
    if start == OLD_OR_LOCKED:
        found = "an old .xls workbook, or one with a password"
        fix = "save it as .xlsx without a password"
        raise InputError([Problem(path.name, found, "an .xlsx workbook", fix)])
    size = path.stat().st_size
    if size > MOST_FILE_BYTES:
        found, wanted = f"{size:,} bytes", f"at most {MOST_FILE_BYTES:,} bytes"
        raise InputError([Problem(path.name, found, wanted, "split it, or use CSV")])
    try:
        archive = ZipFile(path)
    except BROKEN as error:
        raise _broken(path.name, str(error)) from None
    problem = _check_sizes(archive, path.name)
    if problem is not None:
        archive.close()
        raise InputError([problem])
    return archive


def _check_sizes(archive: ZipFile, name: str) -> Problem | None:
    """Say why an archive is not unpacked."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    wanted = f"a workbook of at most {MOST_UNPACKED_BYTES:,} bytes unpacked"
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES:
        found = f"{len(members)} parts, {unpacked:,} bytes unpacked"
        return Problem(name, found, wanted, "save it again with a spreadsheet program, or use CSV")
    for member in members:
        if member.flag_bits & 1:
            return Problem(name, "a locked archive", "an .xlsx workbook", "save without a password")
        packed = max(1, member.compress_size)
        if member.file_size > SMALL_BYTES and member.file_size / packed > MOST_RATIO:
            found = f"{member.filename} that unpacks {member.file_size // packed}-fold"
            fix = "do not open it; ask whoever sent it"
            return Problem(name, found, f"at most {MOST_RATIO}-fold", fix)
    return None


def _broken(name: str, found: str) -> InputError:
    fix = "save it again as .xlsx, or copy or download it again"
    return InputError([Problem(name, f"a broken workbook ({found})", "an .xlsx workbook", fix)])


class _Reader:
    """What a part of a workbook tells, element by element; names come without prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take text."""


class _RefusedError(Exception):
    """A document type: nothing that a workbook needs, and the way of XML bombs."""


def _parse(archive: ZipFile, member: str, reader: _Reader, file: str) -> Iterator[None]:
    """Feed a part to its reader piece by piece; a step a piece."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise _RefusedError

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, given: reader.start(_bare(name), given)
    parser.EndElementHandler = lambda name: reader.end(_bare(name))
    parser.CharacterDataHandler = reader.text
    try:
        with archive.open(member) as stream:
            yield from _feed(parser, stream)
    except _RefusedError:
        problem = Problem(
            file, f"a document type in {member}", "a plain workbook", "do not open it"
        )
        raise InputError([problem]) from None
    except BROKEN as error:
        if isinstance(error, InputError):
            raise
        raise _broken(file, f"{member}: {error}") from None


def _feed(parser: Any, stream: IO[bytes]) -> Iterator[None]:  # noqa: ANN401 - expat ships no type of its parser
    while piece := stream.read(PIECE):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _bare(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


class _Workbook(_Reader):
    """Names of the sheets and the first day of the calendar."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if _bare(k) == "id" and ":" in k), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation, hidden))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "") in TRUE


class _Relations(_Reader):
    """Which part holds which sheet."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Texts(_Reader):
    """Shared texts; readings of Japanese words (furigana) are left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.letters = 0
        self.parts: list[str] = []
        self.inside = False
        self.reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - the signature of every reader
        if name == "si":
            self.parts.clear()
        elif name == "rPh":
            self.reading = True
        elif name == "t":
            self.inside = not self.reading

    def end(self, name: str) -> None:
        if name == "t":
            self.inside = False
        elif name == "rPh":
            self.reading = False
        elif name == "si":
            text = unescape("".join(self.parts))
            self.letters += len(text)
            if self.letters > MOST_TEXTS_LETTERS:
                raise _broken("shared texts", f"more than {MOST_TEXTS_LETTERS:,} letters")
            self.texts.append(text)

    def text(self, text: str) -> None:
        if self.inside:
            self.parts.append(text)


class _Styles(_Reader):
    """Which cell styles show dates."""

    def __init__(self) -> None:
        self.patterns: dict[int, str] = {}
        self.formats: list[int] = []
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.patterns[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            self.formats.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False

    def list_date_styles(self) -> frozenset[int]:
        """List the places of the styles that show dates."""
        return frozenset(
            place for place, number in enumerate(self.formats) if self._shows_date(number)
        )

    def _shows_date(self, number: int) -> bool:
        if number in self.patterns:
            return bool(DATE_LETTERS.search(NOT_A_PATTERN.sub("", self.patterns[number])))
        return number in DATE_FORMATS


def unescape(text: str) -> str:
    """Replace the escapes of characters that XML cannot hold.

    Examples
    --------
    >>> unescape("a_x000D_b") == "a" + chr(13) + "b"
    True
    """
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _SheetReader(_Reader):
    """Rows of one sheet."""

    def __init__(self, sheet: XlsxSheet) -> None:
        self.sheet = sheet
        self.rows: list[Row] = []
        self.cells: list[Any] = []
        self.number = 0
        self.column = 0
        self.kind = "n"
        self.style = 0
        self.value: list[str] = []
        self.has_value = False
        self.formula = False
        self.inside = False
        self.reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self.inside = self.has_value = True
        elif name == "t":
            self.inside, self.has_value = not self.reading, True
        elif name == "f":
            self.formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self.reading = True
        elif name in {"mergeCell", "col"}:
            self._mark(name, attributes)

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.inside = False
        elif name == "c":
            self._put(self._read_value())
        elif name == "rPh":
            self.reading = False
        elif name == "row" and any(cell is not None for cell in self.cells):
            self.rows.append((self.number, self.cells))

    def text(self, text: str) -> None:
        if self.inside:
            self.value.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.number = int(attributes.get("r", self.number + 1))
        if not 0 < self.number <= MOST_ROWS:
            raise _broken(self.sheet.file, f"row {self.number}")
        if attributes.get("hidden", "") in TRUE:
            self.sheet.marks.hidden_rows.append(self.number)
        self.cells = []
        self.column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self.column = find_column(place) if place else self.column + 1
        if not 0 < self.column <= MOST_COLUMNS:
            raise _broken(self.sheet.file, f"cell {place}")
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", "0"))
        self.value.clear()
        self.has_value = self.formula = False

    def _mark(self, name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            self.sheet.marks.merged.append(attributes.get("ref", "?"))
        elif attributes.get("hidden", "") in TRUE:
            ends = (int(attributes.get("min", "0")), int(attributes.get("max", "0")))
            columns = dict.fromkeys(map(name_column, ends))
            self.sheet.marks.hidden_columns.append("-".join(columns))

    def _put(self, value: object) -> None:
        if value is None:
            return
        self.cells.extend([None] * (self.column - len(self.cells)))
        self.cells[self.column - 1] = value

    def _read_value(self) -> Any:  # noqa: ANN401 - a plain value or an `Odd`
        text = "".join(self.value)
        if not self.has_value or (not text and self.kind not in {"s", "str", "inlineStr"}):
            fix = "open the workbook in a spreadsheet program and save it, or write the value"
            return Odd("a formula without a calculated value", fix) if self.formula else None
        if self.kind == "n":
            return self._read_number(text)
        if self.kind == "s":
            return self._find_text(text)
        if self.kind == "b":
            return text in TRUE
        if self.kind == "e":
            fix = "mend the formula, or leave the cell empty where a figure is missing"
            return Odd(f"the error {text}", fix)
        if self.kind == "d":
            return _read_iso(text)
        return unescape(text) or None

    def _read_number(self, text: str) -> Any:  # noqa: ANN401 - a number, a day or an `Odd`
        try:
            number = float(text)
        except ValueError:
            return Odd(f"the broken number {text[:20]!r}", "write the number again")
        if self.style in self.sheet.book.date_styles:
            return _find_day(number, from_1904=self.sheet.book.from_1904)
        return int(text) if text.isdigit() and len(text) < len(str(MOST_FILE_BYTES)) else number

    def _find_text(self, text: str) -> Any:  # noqa: ANN401 - text or an `Odd`
        texts = self.sheet.book.texts
        if text.isdigit() and int(text) < len(texts):
            return texts[int(text)] or None
        return Odd("a text that the workbook does not hold", "save the workbook again")


def _find_day(number: float, *, from_1904: bool) -> date | Odd:
    """Find the day of a date cell."""
    try:
        return FIRST_DAY[from_1904] + timedelta(days=int(number))
    except (OverflowError, ValueError):
        return Odd(f"the day {number:g}", "format the cell as number")


def _read_iso(text: str) -> date | Odd:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return Odd(f"the day {text[:20]!r}", "write the day again")


def find_column(place: str) -> int:
    """Find the number of a column, from 1; 0 for what is no cell.

    Examples
    --------
    >>> find_column("A1"), find_column("AB12"), find_column("12")
    (1, 28, 0)
    """
    found = CELL.fullmatch(place)
    number = 0
    for letter in found[1] if found else "":
        number = number * LETTERS + ord(letter) - A_BEFORE
    return number


def name_column(number: int) -> str:
    """Name a column, counted from 1.

    Examples
    --------
    >>> name_column(1), name_column(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, LETTERS)
        letters = chr(A_BEFORE + 1 + rest) + letters
    return letters
