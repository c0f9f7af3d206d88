"""Tables: frames whose columns, units and ranges stand in a schema; label and sources travel along."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, get_args

from keian.core.errors import DataError, Problem
from keian.core.label import Label, Labelled
from keian.core.text_read import read_text

if TYPE_CHECKING:
    import pandas as pd

Dtype = Literal["str", "int", "float", "bool", "date"]
HEADER = ("column", "dtype", "unit", "missing", "min", "max", "description")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds. `low` and `high` are the least and greatest value allowed."""

    name: str
    dtype: Dtype
    unit: str
    may_miss: bool
    low: float
    high: float
    description: str


# No `==`: pandas compares cell by cell; the digest is the identity.
@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A frame as its schema says; cells are read-only, rows stay in the order of the file.

    Attributes
    ----------
    name : name of the file without suffix, unless given.
    frame : one column per column of the schema, in its order. Missing is NaN, NaT or None; whole
        numbers that may miss are float.
    schema : columns with unit and description.
    sources : ids of the sources.
    label : who may see it.
    digest : sha256 of the file.
    """

    name: str
    frame: pd.DataFrame
    schema: tuple[Column, ...]
    sources: tuple[str, ...]
    label: Label
    digest: str

    def parts(self) -> Mapping[str, Labelled]:
        """A table is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the table itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a table has no part {min(names)!r}")
        return self

    def unit(self, column: str) -> str:
        """Name the unit of a column."""
        return next(c.unit for c in self.schema if c.name == column)


def load_schema(path: Path | str) -> tuple[Column, ...]:
    """Load a schema: CSV with column, dtype, unit, missing, min, max, description.

    Raises
    ------
    DataError
        The schema itself is wrong; all of it.
    """
    rows = list(csv.DictReader(StringIO(read_text(path)), strict=True))
    problems: list[Problem] = []
    if not rows or tuple(rows[0]) != HEADER:
        found = ", ".join(map(str, rows[0])) if rows else "no column"
        problem = Problem(f"{path}:1", found, ", ".join(HEADER), "correct the header")
        raise DataError([problem])
    columns = [_read_column(row, f"{path}:{line}", problems) for line, row in enumerate(rows, 2)]
    names = [column.name for column in columns]
    problems += [
        Problem(str(path), f"column {name!r} twice", "each column once", "remove one")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise DataError(problems)
    return tuple(columns)


def _read_column(row: Mapping[str, str | None], where: str, problems: list[Problem]) -> Column:
    """Read one line of a schema; what is wrong goes to `problems`."""
    texts = {key: (row.get(key) or "").strip() for key in HEADER}
    allowed: tuple[tuple[str, Collection[str]], ...] = (
        ("dtype", get_args(Dtype)),
        ("missing", ("yes", "no")),
    )
    for key, choices in allowed:
        if texts[key] not in choices:
            found, wanted = f"{key} {texts[key]!r}", f"one of {', '.join(choices)}"
            problems.append(Problem(where, found, wanted, f"correct {key}"))
    problems += [
        Problem(where, f"no {key}", f"a {key}", f"fill in {key}")
        for key in ("column", "unit", "description")
        if not texts[key]
    ]
    dtype: Dtype = texts["dtype"] if texts["dtype"] in get_args(Dtype) else "str"  # type: ignore[assignment] # checked on this line
    return Column(
        name=texts["column"],
        dtype=dtype,
        unit=texts["unit"],
        may_miss=texts["missing"] == "yes",
        low=_read_end(texts["min"], -math.inf, where, problems),
        high=_read_end(texts["max"], math.inf, where, problems),
        description=texts["description"],
    )


def _read_end(text: str, open_end: float, where: str, problems: list[Problem]) -> float:
    try:
        return float(text) if text else open_end
    except ValueError:
        wanted = "a number, or nothing for no limit"
        problems.append(Problem(where, f"the limit {text!r}", wanted, "correct min or max"))
        return open_end
