"""A table that the report sets as a table."""

from __future__ import annotations

from dataclasses import dataclass

from keian.report.setting import Mark


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a plain table: name, cells, marks of its sources."""

    name: str
    cells: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table set as a table: title, unit line, head, rows."""

    id: str
    title: str
    unit: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    more: tuple[Row, ...] = ()
