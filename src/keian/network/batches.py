"""Open lists as batches of columns, whatever their format, and read cells with their faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.core import DataError, InputError, Problem
from keian.network.nouns import Floats, Longs, Texts

MOST_TOLD = 20  # faults of one kind told one by one; the count of the others follows
BATCH_ROWS = 1 << 18
BLOCK_BYTES = 1 << 24  # of CSV
NUMBER = r"^\s*[-+]?([0-9]{1,30}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?\s*$"
OTHER_MARKS = (";", "\t", "|")
SUFFIXES = (".csv", ".parquet", ".arrow", ".feather", ".ipc")


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with a pair of files, and counts what the user allowed to drop."""

    told: list[Problem] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    dropped: int = 0
    unread: set[str] = field(default_factory=set)  # files of which nothing is known

    def add(self, where: str, found: str, wanted: str, fix: str) -> None:
        """Note one fault."""
        self.told.append(Problem(where, found, wanted, fix))

    def take(self, path: str, kind: str, rows: npt.NDArray[Any]) -> list[int]:
        """Count faults of a kind and choose those that are still told one by one."""
        before = self.counts.get((path, kind), 0)
        self.counts[path, kind] = before + len(rows)
        return [int(row) for row in rows[: max(0, MOST_TOLD - before)]]

    def problems(self) -> tuple[Problem, ...]:
        """List every fault; of many of one kind the first and a count."""
        more = [
            Problem(path, f"{count - MOST_TOLD} more of the kind: {kind}", "none", "as above")
            for (path, kind), count in self.counts.items()
            if count > MOST_TOLD
        ]
        return (*self.told, *more)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file by our names of the columns; `first` is the number of the first row."""

    path: str
    columns: Mapping[str, Any]
    rows: int
    first: int
    skipped: list[int]
    lined: bool

    def place(self, row: int, key: str) -> str:
        """Name file, line and column of a cell."""
        return f"{self.path}:{self.number(row)} {key}"

    def number(self, row: int) -> int:
        """Number a row as its file does: the line of a text, else the row of a table from 1."""
        line = self.first + row + (2 if self.lined else 1)
        for gone in self.skipped:
            line += gone <= line
        return line

    def numbers(self) -> Longs:
        """Number all rows as their file does."""
        if not self.skipped:
            return np.arange(self.rows, dtype=np.int64) + self.number(0)
        return np.array([self.number(row) for row in range(self.rows)], np.int64)


def open_batches(
    path: str,
    wanted: tuple[tuple[str, ...], tuple[str, ...]],
    names: Mapping[str, str],
    faults: Faults,
) -> Iterator[Batch]:
    """Open a file and give its rows batch by batch.

    Parameters
    ----------
    path : the file.
    wanted : columns it must have, and columns it may have.
    names : our name of a column to the file's, where they differ.

    Raises
    ------
    InputError
        It is no file of a known kind.
    """
    import pyarrow as pa

    file = Path(path)
    if file.suffix.lower() not in SUFFIXES or not file.is_file() or file.is_symlink():
        found = "no file" if not file.is_file() else f"a file {file.suffix or 'without suffix'}"
        kinds = ", ".join(SUFFIXES)
        raise InputError([Problem(path, found, f"a plain file: {kinds}", "name such a file")])
    skipped: list[int] = []
    try:
        header, batches = _open(file, skipped)
        if not _check_header(path, header, wanted, names, faults):
            faults.unread.add(path)
            return
        keys = {key: names.get(key, key) for key in (*wanted[0], *wanted[1])}
        first = 0
        for table in batches:
            columns = {k: table.column(header.index(v)) for k, v in keys.items() if v in header}
            lined = file.suffix.lower() == ".csv"
            yield Batch(path, columns, table.num_rows, first, skipped, lined)
            first += table.num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        text = str(error).splitlines()[0][:200]
        faults.unread.add(path)
        faults.add(path, f"a file that breaks off or is damaged ({text})",
                   "a whole file; CSV in UTF-8", "restore the file, or save it as UTF-8")  # fmt: skip
    for line in skipped[:MOST_TOLD]:
        faults.add(f"{path}:{line}", "a row of another length", "cells as in the header",
                   "complete the row, or put quotes around commas")  # fmt: skip
    if len(skipped) > MOST_TOLD:
        found = f"{len(skipped) - MOST_TOLD} more rows of another length"
        faults.add(path, found, "cells as in the header", "as above")


def _open(file: Path, skipped: list[int]) -> tuple[list[str], Iterator[Any]]:
    """Open a file by its suffix: names of its columns and its batches."""
    import pyarrow as pa

    suffix = file.suffix.lower()
    if suffix == ".csv":
        return _open_csv(file, skipped)
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        stored = pq.ParquetFile(file)
        return list(stored.schema_arrow.names), stored.iter_batches(batch_size=BATCH_ROWS)
    source = pa.memory_map(str(file))
    try:
        opened = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        source.seek(0)
        stream = pa.ipc.open_stream(source)
        return list(stream.schema.names), iter(stream)
    batches = (opened.get_batch(k) for k in range(opened.num_record_batches))
    return list(opened.schema.names), batches


def _open_csv(file: Path, skipped: list[int]) -> tuple[list[str], Iterator[Any]]:
    """Open CSV with every cell as text: our own reader says which number is wrong."""
    import pyarrow as pa
    from pyarrow import csv

    def skip(row: Any) -> str:  # noqa: ANN401 - a row as the library describes it
        skipped.append(int(row.number) if row.number is not None else 0)
        return "skip"

    read = csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES)
    parse = csv.ParseOptions(newlines_in_values=False, invalid_row_handler=skip)
    with file.open("rb") as stream:
        line = stream.readline(BLOCK_BYTES)
    text = line.decode("utf-8-sig")
    header = next(iter(_split(text)), [])
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.large_string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=[""],
    )
    if not header:
        return [], iter(())
    return header, iter(csv.open_csv(file, read, parse, convert))


def _split(line: str) -> Iterator[list[str]]:
    import csv

    yield from csv.reader([line])


def _check_header(
    path: str,
    header: list[str],
    wanted: tuple[tuple[str, ...], tuple[str, ...]],
    names: Mapping[str, str],
    faults: Faults,
) -> bool:
    """Note columns that are missing or given twice; say whether the rows can be read."""
    must = [names.get(key, key) for key in wanted[0]]
    used = {names.get(key, key) for key in (*wanted[0], *wanted[1])}
    missing = [name for name in must if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1 and name in used})
    other = next((mark for mark in OTHER_MARKS if len(header) == 1 and mark in header[0]), None)
    if missing and other is not None:
        found = f"cells between {other!r}"
        faults.add(f"{path}:1", found, "cells between commas", "save it with commas between cells")
        return False
    for name in missing:
        fix = "add it, or name the file's own with `--column OURS=THEIRS`"
        faults.add(f"{path}:1", f"no column {name!r}", f"the columns {', '.join(must)}", fix)
    for name in twice:
        faults.add(f"{path}:1", f"column {name!r} twice", "each column once", "remove one")
    return not missing and not twice


def read_texts(batch: Batch, key: str, faults: Faults, *, may_miss: bool) -> Texts:
    """Read a column of ids or names; empty cells are missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if key not in batch.columns:
        return pa.nulls(batch.rows, pa.large_string())
    column = batch.columns[key]
    try:
        texts = pc.utf8_trim_whitespace(column.cast(pa.large_string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        found = f"cells that are no text ({str(error)[:80]})"
        raise DataError(
            [Problem(f"{batch.path} {key}", found, "text", "save it as text")]
        ) from error
    texts = pc.if_else(pc.equal(texts, ""), None, texts)
    if not may_miss:
        empty = np.flatnonzero(pc.is_null(texts).to_numpy(zero_copy_only=False))
        for row in faults.take(batch.path, f"empty {key}", empty):
            faults.add(batch.place(row, key), "nothing", "an id or a name", "fill in the cell")
    return texts


def _holds_numbers(kind: Any) -> bool:  # noqa: ANN401 - a type of the library
    from pyarrow import types

    known = (types.is_integer, types.is_floating, types.is_decimal, types.is_null)
    return any(fits(kind) for fits in known)


def read_numbers(batch: Batch, key: str, faults: Faults, *, may_miss: bool) -> Floats:
    """Read a column of amounts above 0; missing is NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if key not in batch.columns:
        return np.full(batch.rows, np.nan)
    column = batch.columns[key]
    wrong = np.zeros(batch.rows, dtype=np.bool_)
    kind = column.type
    if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
        column, kind = pc.cast(column, pa.large_string()), pa.large_string()
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if not text and not _holds_numbers(kind):
        # truth, days and lists would turn into numbers nobody wrote, or break off
        faults.add(f"{batch.path} {key}", f"a column of {kind}", "numbers", "save it as numbers")
        return np.full(batch.rows, np.nan)
    if text:
        texts = pc.utf8_trim_whitespace(column)
        fits = pc.fill_null(pc.match_substring_regex(texts, NUMBER), True)
        wrong = ~fits.to_numpy(zero_copy_only=False)
        column = pc.if_else(fits, texts, None)
    values: Floats = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    missing = np.isnan(values) & ~wrong
    rows: list[tuple[str, Longs, str, str]] = [
        ("no number", np.flatnonzero(wrong), "a number without separators", "correct the cell"),
        ("not finite", np.flatnonzero(np.isinf(values)), "a finite number", "correct the cell"),
        (
            "not above 0",
            np.flatnonzero(values <= 0),
            "above 0",
            "correct the cell, or leave the row out",
        ),
    ]
    if not may_miss:
        rows.append(("nothing", np.flatnonzero(missing), "a number", "fill in the cell"))
    for kind, faulty, wanted, fix in rows:
        for row in faults.take(batch.path, f"{key} {kind}", faulty):
            found = "nothing" if kind == "nothing" else repr(batch.columns[key][row].as_py())
            faults.add(batch.place(row, key), found, wanted, fix)
    return values
