"""Reads tables and checks every cell against the schema; all faults come together."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from keian.core.digest import digest_bytes
from keian.core.errors import DataError, Problem
from keian.core.label import CLEAR, Label
from keian.core.table import Column, Table, load_schema
from keian.core.text_read import decode_utf8, read_bytes
from keian.core.validation_words import show_value
from keian.core.yaml_events import DAY

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 200_000_000
PURE = "1"  # the unit of pure numbers, not shown
MOST_TOLD = 20  # faults told per column; the count of the others follows
LARGEST_EXACT = 2**53
WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
NUMBER = re.compile(r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
WANTED = MappingProxyType(
    {
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "date": "a day, YYYY-MM-DD",
        "str": "text",
    }
)
Cell = str | int | float | bool | date | None
Fault = tuple[int, str, str, str]  # row, found, wanted, fix


def read_table(
    path: Path | str,
    schema_path: Path | str,
    *,
    sources: Iterable[str] = (),
    label: Label = CLEAR,
    name: str | None = None,
) -> Table:
    """Read a table from CSV or Parquet and check it.

    An empty cell is missing; nothing else is. Numbers have no thousands separators.

    Parameters
    ----------
    path : `.csv` (UTF-8) or `.parquet`.
    schema_path : CSV with column, dtype, unit, missing, min, max, description.
    sources : ids of the sources.
    label : who may see it.
    name : name of the table; by default that of the file.

    Raises
    ------
    DataError
        The table breaks its schema; all faults with file and line.
    InputError
        The file cannot be read.
    """
    import pandas as pd

    schema = load_schema(schema_path)
    raw = read_bytes(path, most_bytes=MOST_BYTES)
    if Path(path).suffix == ".parquet":
        cells, lines, problems = _split_parquet(raw, schema, str(path))
    else:
        cells, lines, problems = _split_csv(decode_utf8(raw, str(path)), schema, str(path))
    columns: dict[str, pd.Series[Any]] = {}
    for column in schema:
        if column.name in cells:
            values, faults = _read_cells(column, cells[column.name])
            problems += _tell(column, faults, lines, str(path))
            columns[column.name] = _lock(column, values)
    if problems:
        raise DataError(problems)
    frame = pd.DataFrame(columns, copy=False)
    return Table(name or Path(path).stem, frame, schema, tuple(sources), label, digest_bytes(raw))


def _split_csv(
    text: str, schema: Sequence[Column], path: str
) -> tuple[dict[str, list[Cell]], list[int], list[Problem]]:
    """Split CSV text into columns of words, with the line of each row."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    header: list[str] = []
    try:
        header = next(reader, [])
        problems += _check_header(header, schema, path)
        line = reader.line_num + 1
        for row in reader:
            if len(row) == len(header):
                rows.append(row)
                lines.append(line)
            elif row:
                found, wanted = f"{len(row)} cells", f"{len(header)} cells as in the header"
                fix = "complete the row, or restore the file if it was cut"
                problems.append(Problem(f"{path}:{line}", found, wanted, fix))
            line = reader.line_num + 1
    except csv.Error as error:
        fix = "close the quotes, or restore the file if it was cut"
        problems.append(Problem(f"{path}:{reader.line_num}", f"broken CSV ({error})", "CSV", fix))
    known = {column.name for column in schema}
    cells: dict[str, list[Cell]] = {
        title: [row[place] or None for row in rows]
        for place, title in enumerate(header)
        if title in known
    }
    return cells, lines, problems


def _split_parquet(
    raw: bytes, schema: Sequence[Column], path: str
) -> tuple[dict[str, list[Cell]], list[int], list[Problem]]:
    """Take a Parquet file apart; the line of a row is its number from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        arrow = pq.read_table(BytesIO(raw))
    except (pa.ArrowInvalid, OSError) as error:
        problem = Problem(path, f"no Parquet ({error})", "a whole Parquet file", "restore the file")
        raise DataError([problem]) from error
    problems = _check_header(arrow.column_names, schema, path)
    known = {column.name for column in schema}
    cells = {n: arrow.column(n).to_pylist() for n in arrow.column_names if n in known}
    return cells, list(range(1, arrow.num_rows + 1)), problems


def _check_header(header: Sequence[str], schema: Sequence[Column], path: str) -> list[Problem]:
    wanted = [column.name for column in schema]
    listed = ", ".join(wanted)
    where = f"{path}:1"
    return [
        *(
            Problem(where, f"no column {name!r}", f"the columns {listed}", "add the column")
            for name in wanted
            if name not in header
        ),
        *(
            Problem(where, f"the unknown column {name!r}", f"the columns {listed}", "remove it")
            for name in header
            if name not in wanted
        ),
        *(
            Problem(where, f"column {name!r} twice", "each column once", "remove one")
            for name in sorted({n for n in header if list(header).count(n) > 1})
        ),
    ]


def _read_cells(column: Column, cells: Sequence[Cell]) -> tuple[list[Cell], list[Fault]]:
    """Read the words of a column as its dtype; missing or faulty cells become None."""
    read = READERS[column.dtype]
    wanted = WANTED[column.dtype]
    values: list[Cell] = []
    faults: list[Fault] = []
    for row, cell in enumerate(cells):
        value = None if cell is None else read(cell)
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            value = None
            if not column.may_miss:
                faults.append((row, "nothing", wanted, "fill in the cell"))
        elif value is None:
            faults.append((row, show_value(cell), wanted, f"write {wanted}"))
        elif isinstance(value, int | float) and not column.low <= value <= column.high:
            unit = "" if column.unit == PURE else f" {column.unit}"
            ends = f"{column.low:g} to {column.high:g}{unit}"
            faults.append((row, f"{value}", ends, "check number and unit"))
        values.append(value)
    return values, faults


def _tell(
    column: Column, faults: Sequence[Fault], lines: Sequence[int], path: str
) -> list[Problem]:
    told = [
        Problem(f"{path}:{lines[row]} {column.name}", *words) for row, *words in faults[:MOST_TOLD]
    ]
    if len(faults) > MOST_TOLD:
        more = f"{len(faults) - MOST_TOLD} more faults of this column"
        told.append(Problem(f"{path} {column.name}", more, "none", "correct them the same way"))
    return told


def _lock(column: Column, values: list[Cell]) -> pd.Series[Any]:
    """Make a read-only column."""
    import pandas as pd

    array: npt.NDArray[Any]
    if column.dtype == "float" or (column.dtype == "int" and column.may_miss):
        array = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    elif column.dtype == "int":
        array = np.array([0 if v is None else v for v in values], dtype=np.int64)
    elif column.dtype == "date":
        array = np.array(values, dtype="datetime64[s]")
    elif column.dtype == "bool" and not column.may_miss:
        array = np.array(values, dtype=np.bool_)
    else:
        array = np.empty(len(values), dtype=object)
        array[:] = values
    array.setflags(write=False)
    kind = object if array.dtype == object else None
    return pd.Series(array, dtype=kind, copy=False)


def _read_whole(cell: Cell) -> int | None:
    if isinstance(cell, str):
        return int(cell) if WHOLE.fullmatch(cell) else None
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell // 1:
        return None
    return int(cell) if abs(cell) <= LARGEST_EXACT or isinstance(cell, int) else None


def _read_number(cell: Cell) -> float | None:
    if isinstance(cell, str):
        value = float(cell) if NUMBER.fullmatch(cell) else math.nan
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell)
    else:
        return None
    return value if math.isfinite(value) else None


def _read_bool(cell: Cell) -> bool | None:
    if isinstance(cell, bool):
        return cell
    return {"true": True, "false": False}.get(cell) if isinstance(cell, str) else None


def _read_date(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    try:
        # Python also takes 20200131 and 2020-W05-5; one form is enough to check.
        return date.fromisoformat(cell) if isinstance(cell, str) and DAY.fullmatch(cell) else None
    except ValueError:
        return None


def _read_word(cell: Cell) -> str | None:
    return cell if isinstance(cell, str) else None


READERS: Mapping[str, Callable[[Cell], Cell]] = MappingProxyType(
    {
        "int": _read_whole,
        "float": _read_number,
        "bool": _read_bool,
        "date": _read_date,
        "str": _read_word,
    }
)
