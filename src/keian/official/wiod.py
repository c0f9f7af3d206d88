"""Reads world tables laid out as WIOD lays them: releases 2013 and 2016, and ADB's tables.

Above the flows stand, line below line, the sector's name, its region and its code (c1, c2 ...);
left of them the same, column by column. Sectors come first, then final demand by region, then the
total; below the sectors come a total of inputs, taxes, value added, margins, and output. What
stands around differs by release and is not needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from keian.core import InputError, Names, Problem
from keian.official.categories import find_final_kind
from keian.official.digests import describe_files
from keian.official.grid import Faults, Grid, read_grid, read_numbers
from keian.official.kinds import describe_misfit, find_kind
from keian.official.nouns import Final, Floats, OfficialTable
from keian.official.years import agree_year

SECTOR = re.compile(r"c\d{1,3}")
VALUE_ROW = re.compile(r"(?:r\d{1,3}|trs)", re.IGNORECASE)
# Rows below the sectors that are sums, not parts of what a sector pays.
INPUTS_TOTAL = re.compile(r"intermediate|^II_fob", re.IGNORECASE)
OUTPUT = re.compile(r"output|^total$|^GO$", re.IGNORECASE)
TOTAL = frozenset({"TOT", "TOTAL", ""})
HEAD_ROWS = 15
HEAD_COLUMNS = 8
LEAST_SECTORS = 2
RENAMED = MappingProxyType({"ROM": "ROU"})  # Romania in early WIOD years


@dataclass(frozen=True, slots=True)
class Axes:
    """Where things stand: line of the codes and column of the codes, units, columns, rows."""

    line: int
    column: int
    units: tuple[tuple[str, str], ...]
    unit_rows: tuple[int, ...]
    unit_columns: tuple[int, ...]
    final_columns: tuple[int, ...]
    total_column: int | None
    value_rows: tuple[int, ...]
    output_row: int | None


def read_wiod(path: Path, kind: str, year: int | None = None) -> OfficialTable:
    """Read a workbook laid out as WIOD's.

    Parameters
    ----------
    path
        Workbook of one year.
    kind
        `wiod2013`, `wiod2016` or `adb-mrio`.
    year
        Year that the workbook must be of; as it says itself if left out.

    Raises
    ------
    InputError
        Everything that is wrong, with its cell.
    """
    grid = read_grid(path)
    axes = _find_axes(grid, kind, path)
    faults = Faults()
    found = agree_year(path, [*_list_titles(grid, axes), grid.sheet], year, faults)
    finals = _read_finals(grid, axes, faults)
    block, _ = read_numbers(
        grid, axes.unit_rows, [*axes.unit_columns, *axes.final_columns], faults, blank_zero=False
    )
    added, output = _read_below(grid, axes, faults)
    faults.refuse()
    n = len(axes.units)
    regions = dict.fromkeys(region for region, _ in axes.units)
    return OfficialTable(
        origin=describe_files(kind, path, (path,)),
        year=found,
        unit=find_kind(kind).unit,
        rows=axes.units,
        region_names={region: Names(en=region, ja=region) for region in regions},
        sector_names=_name_sectors(grid, axes),
        Z=block[:, :n],
        finals=finals,
        Y=block[:, n:],
        x=output,
        v=added,
        partners=(),
        imports=np.zeros((n, 0)),
    )


def _find_axes(grid: Grid, kind: str, path: Path) -> Axes:
    """Find the codes, and check that rows and columns are the same units."""
    line, column = _find_codes(grid, kind, path)
    wanted = _list_units(grid, [(line, at) for at in range(column + 1, grid.width)], (-1, 0))
    rows = range(line + 1, len(grid.rows))
    held = _list_units(grid, [(row, column) for row in rows], (0, -1))
    sellers = {unit: row for row, unit in held if row[0] > line}
    codes = {sector for _, (_, sector) in held}
    buyers = [(at[1], unit) for at, unit in wanted if unit[1] in codes]
    units = tuple(unit for _, unit in buyers)
    _check_units(grid, units, [unit for _, unit in held], kind, path)
    if not units:
        found = "codes c1, c2 ... without a region above or beside them"
        told = "name, region and code, line below line"
        raise InputError([Problem(grid.place(line), found, told, describe_misfit(kind, path))])
    sector_columns = tuple(at for at, _ in buyers)
    regions = {region for region, _ in units}
    right = range(max(sector_columns) + 1, grid.width)
    finals = tuple(at for at in right if _read_region(grid, line - 1, at) in regions)
    first = sellers[units[0]][0]
    total = [at for at in right if _is_total(grid, line, at) and grid.cell(first, at) is not None]
    below, output = _find_below(grid, line, column)
    return Axes(
        line=line,
        column=column,
        units=units,
        unit_rows=tuple(sellers[unit][0] for unit in units),
        unit_columns=sector_columns,
        final_columns=finals,
        total_column=total[-1] if total else None,
        value_rows=below,
        output_row=output,
    )


def _is_total(grid: Grid, line: int, column: int) -> bool:
    return grid.text(line - 1, column).upper() in TOTAL


def _find_codes(grid: Grid, kind: str, path: Path) -> tuple[int, int]:
    """Find the line and the column of the codes."""
    lines = [
        sum(bool(SECTOR.fullmatch(grid.text(row, at))) for at in range(grid.width))
        for row in range(min(HEAD_ROWS, len(grid.rows)))
    ]
    columns = [
        sum(bool(SECTOR.fullmatch(grid.text(row, at))) for row in range(len(grid.rows)))
        for at in range(HEAD_COLUMNS)
    ]
    if max(lines, default=0) < LEAST_SECTORS or max(columns) < LEAST_SECTORS:
        found = f"{max(lines, default=0)} columns and {max(columns)} rows with a code c1, c2 ..."
        wanted = f"a table of the kind {kind}, with a line and a column of such codes"
        raise InputError([Problem(grid.place(), found, wanted, describe_misfit(kind, path))])
    # Codes may stand twice, as names too: the inner line and column are those next to the flows.
    return _find_last(lines), _find_last(columns)


def _find_last(counts: list[int]) -> int:
    return len(counts) - 1 - counts[::-1].index(max(counts))


def _list_units(
    grid: Grid, cells: list[tuple[int, int]], step: tuple[int, int]
) -> list[tuple[tuple[int, int], tuple[str, str]]]:
    """List cells that hold a sector's code, with region and code; `step` leads to the region."""
    down, right = step
    return [
        (at, (_read_region(grid, at[0] + down, at[1] + right), grid.text(*at)))
        for at in cells
        if SECTOR.fullmatch(grid.text(*at))
        and _read_region(grid, at[0] + down, at[1] + right).upper() not in TOTAL
    ]


def _read_region(grid: Grid, row: int, column: int) -> str:
    found = grid.text(row, column)
    return RENAMED.get(found, found)


def _check_units(
    grid: Grid,
    wanted: tuple[tuple[str, str], ...],
    held: list[tuple[str, str]],
    kind: str,
    path: Path,
) -> None:
    """Check that every unit stands once as row and once as column."""
    faults = Faults()
    fix = f"download it again, the download may have broken off; or {describe_misfit(kind, path)}"
    for which, ours, theirs in (("rows", held, wanted), ("columns", list(wanted), held)):
        missing = [unit for unit in dict.fromkeys(theirs) if unit not in set(ours)]
        if missing:
            told = ", ".join(".".join(unit) for unit in missing[:3])
            found = f"no {which} of {len(missing)} units, the first {told}"
            faults.add(Problem(grid.place(), found, f"{len(set(theirs))} {which}", fix))
        twice = len(ours) - len(set(ours))
        if twice:
            faults.add(Problem(grid.place(), f"{twice} {which} twice", "each unit once", fix))
    faults.refuse()


def _find_below(grid: Grid, line: int, column: int) -> tuple[tuple[int, ...], int | None]:
    """Find the rows of value added, taxes and margins, and the row of output."""
    parts: list[int] = []
    output: int | None = None
    for row in range(line + 1, len(grid.rows)):
        if not VALUE_ROW.fullmatch(grid.text(row, column)):
            continue
        labels = [grid.text(row, at) for at in range(column)]
        if any(INPUTS_TOTAL.search(label) for label in labels):
            continue
        if any(OUTPUT.search(label) for label in labels):
            output = row
        else:
            parts.append(row)
    return tuple(parts), output


def _read_below(grid: Grid, axes: Axes, faults: Faults) -> tuple[Floats, Floats]:
    """Read value added (all that a sector pays but inputs) and output; NaN where not published."""
    unknown = np.full(len(axes.units), np.nan)
    added = output = unknown
    if axes.value_rows:
        parts, _ = read_numbers(grid, axes.value_rows, axes.unit_columns, faults, blank_zero=False)
        added = parts.sum(axis=0)
    if axes.total_column is not None:
        rows, _ = read_numbers(grid, axes.unit_rows, (axes.total_column,), faults, blank_zero=False)
        output = rows[:, 0]
    elif axes.output_row is not None:
        rows, _ = read_numbers(
            grid, (axes.output_row,), axes.unit_columns, faults, blank_zero=False
        )
        output = rows[0]
    return added, output


def _read_finals(grid: Grid, axes: Axes, faults: Faults) -> tuple[Final, ...]:
    """Read region, name and kind of each column of final demand."""
    finals = []
    for at in axes.final_columns:
        name = grid.text(axes.line - 2, at) or grid.text(axes.line, at)
        kind = find_final_kind(name)
        if kind is None:
            wanted = "a kind of final demand (consumption, capital formation, inventories)"
            fix = "take the file as published"
            faults.add(
                Problem(grid.place(axes.line - 2, at), repr(name), wanted, fix), of=grid.file
            )
        finals.append(Final(_read_region(grid, axes.line - 1, at), name, kind or ""))
    if not finals:
        problem = Problem(grid.place(axes.line), "no final demand", "its columns", "take it whole")
        faults.add(problem)
    return tuple(finals)


def _name_sectors(grid: Grid, axes: Axes) -> dict[str, Names]:
    """Name the sectors as the file does, in its one language."""
    names: dict[str, Names] = {}
    for (_, code), row in zip(axes.units, axes.unit_rows, strict=True):
        name = grid.text(row, axes.column - 2) or code
        names.setdefault(code, Names(en=name, ja=name))
    return names


def _list_titles(grid: Grid, axes: Axes) -> list[str]:
    """List what stands above and left of the flows."""
    return [grid.text(row, at) for row in range(axes.line) for at in range(axes.column + 1)]
