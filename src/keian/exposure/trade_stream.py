"""Streams large CSV files column by column, so that a full year needs little memory."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from keian.core import InputError, Problem
from keian.core.path_guard import refuse_link

BLOCK_BYTES = 16 * 1024 * 1024
MOST_PROBLEMS = 20
NOTHING = ("", "NA", "NULL", "null")
WIDEST = 20
NULLS = (*NOTHING, *("NA".rjust(width) for width in range(3, WIDEST)))  # BACI pads its cells


def stream_csv(path: Path, kinds: Mapping[str, str], *, encoding: str = "utf-8") -> Iterator[Any]:
    """Stream record batches of some columns of a CSV file.

    Parameters
    ----------
    kinds : by column: "int32", "float64" or "string". Other columns are skipped.

    Raises
    ------
    InputError
        Columns are missing, rows are broken, cells are no finite numbers: with file and line.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    refuse_link(path)
    _check_header(path, tuple(kinds), encoding)
    types = {name: getattr(pa, kind)() for name, kind in kinds.items()}
    try:
        reader = arrow.open_csv(
            path,
            read_options=arrow.ReadOptions(block_size=BLOCK_BYTES, encoding=encoding),
            convert_options=arrow.ConvertOptions(
                column_types=types, include_columns=list(kinds), null_values=list(NULLS)
            ),
        )
        rows = 0
        for batch in reader:
            rows += batch.num_rows
            if any(batch[name].null_count for name, kind in kinds.items() if kind == "int32"):
                raise InputError(find_faults(path, kinds, encoding, "an empty code"))
            if any(_has_infinite(batch[name]) for name, kind in kinds.items() if kind == "float64"):
                raise InputError(find_faults(path, kinds, encoding, "an infinite number"))
            yield batch
    except pa.ArrowInvalid as error:
        raise InputError(find_faults(path, kinds, encoding, str(error))) from error
    if not rows:
        fix = "fetch the file again"
        raise InputError([Problem(str(path), "no row", "at least one flow", fix)])


def _has_infinite(column: Any) -> bool:  # noqa: ANN401 - pyarrow ships no types
    """Tell whether a column holds what no amount can be; a number that is missing is none of it."""
    return bool(np.isinf(column.to_numpy(zero_copy_only=False)).any())


def _check_header(path: Path, wanted: Sequence[str], encoding: str) -> None:
    try:
        with path.open(encoding=encoding, newline="") as stream:
            header = [name.lstrip("\ufeff") for name in next(csv.reader(stream), [])]
    except (OSError, UnicodeDecodeError) as error:
        fix = "give a CSV file; name its encoding"
        raise InputError(
            [Problem(str(path), str(error), f"a text file in {encoding}", fix)]
        ) from error
    fix = (
        "give the file as published: docs/method/exposure.md, section Trade files, has the layouts"
    )
    problems = [
        Problem(f"{path}:1", f"no column {name!r}", f"the columns {', '.join(wanted)}", fix)
        for name in wanted
        if name not in header
    ]
    if problems:
        raise InputError(problems)


def find_faults(path: Path, kinds: Mapping[str, str], encoding: str, said: str) -> list[Problem]:
    """Find broken rows and cells with their line: the slow way, for a file that did not read."""
    problems: list[Problem] = []
    with path.open(encoding=encoding, newline="", errors="replace") as stream:
        reader = csv.reader(stream)
        header = [name.lstrip("\ufeff") for name in next(reader, [])]
        places = {name: header.index(name) for name in kinds}
        for row in reader:
            problems += _check_row(f"{path}:{reader.line_num}", row, header, places, kinds)
            if len(problems) >= MOST_PROBLEMS:
                break
    fix = "mend the file or fetch it again"
    return problems[:MOST_PROBLEMS] or [Problem(str(path), said, "a readable CSV file", fix)]


def _check_row(
    where: str,
    row: Sequence[str],
    header: Sequence[str],
    places: Mapping[str, int],
    kinds: Mapping[str, str],
) -> list[Problem]:
    if len(row) != len(header):
        fix = "complete the row, or fetch the file again if it was cut"
        return [Problem(where, f"{len(row)} cells", f"{len(header)} as in the header", fix)]
    return [
        Problem(f"{where} {name}", repr(row[place]), "a finite number", "write a number, or NA")
        for name, place in places.items()
        if kinds[name] != "string" and not _is_number(row[place].strip(), kinds[name])
    ]


def _is_number(text: str, kind: str) -> bool:
    if text in NOTHING:
        return kind == "float64"
    try:
        number = float(text) if kind == "float64" else int(text)
    except ValueError:
        return False
    return math.isfinite(number) or math.isnan(number)


def read_codes(texts: Any, where: str) -> npt.NDArray[np.int32]:  # noqa: ANN401 - a column of text
    """Read a column of codes written as text, with or without a leading apostrophe.

    Raises
    ------
    InputError
        Codes that are no whole numbers, each of them once.
    """
    different, place = np.unique(
        np.array([str(text) for text in texts.tolist()]), return_inverse=True
    )
    cleaned = [text.strip().strip("'") for text in different.tolist()]
    wrong = [text for text in cleaned if not (text.isascii() and text.isdigit())]
    if wrong:
        fix = "correct the code, or take the row out"
        raise InputError(
            Problem(where, repr(text), "digits", fix) for text in wrong[:MOST_PROBLEMS]
        )
    return np.array([int(text) for text in cleaned], dtype=np.int32)[place]
