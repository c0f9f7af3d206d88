"""What a published table is worth, in figures with the worst cases, and what makes it unfit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keian.core import Names, Problem
from keian.economy.check import calc_spectral_radius
from keian.official.nouns import (
    INVENTORIES,
    SET_APART,
    Floats,
    OfficialTable,
    calc_row_sum,
    find_output,
)

TOLD_SHARE = 1e-3  # a residual above it is listed
WORST_SHARE = 1e-2  # a unit's residual above it is no rounding ...
LEAST_PART = 1e-5  # ... unless it is that small against all output: tables are rounded to millions
ALL_SHARE = 5e-3  # all residuals together over all output
GREATEST_SHARE = 0.95  # one input taking more than this share of output is implausible
LISTED = 5
TINY = 1e-9  # relative; below it a difference is arithmetic


@dataclass(frozen=True, slots=True)
class Case:
    """One of the worst cases: where, and how much in money or as a share of output."""

    where: str
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    check : id of the check; words stand in data/words.yaml.
    count : cells or units found; None = it could not be checked, for want of published figures.
    value : their sum, absolute, money of the table.
    worst : the greatest, at most five.
    """

    check: str
    count: int | None
    value: float
    worst: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """Verdict on a published table.

    row_residual, column_residual : sum of absolute residuals over all output; NaN = not published.
    spectral_radius : of A; below 1 in any productive economy.
    """

    kind: str
    year: int
    unit: str
    units: int
    regions: int
    sectors: int
    output: float
    row_residual: float
    column_residual: float
    spectral_radius: float
    findings: tuple[Finding, ...]
    notes: tuple[Names, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing makes the table unfit."""
        return not self.problems

    def find(self, check: str) -> Finding:
        """Give what a check found."""
        return next(finding for finding in self.findings if finding.check == check)


def check_table(table: OfficialTable) -> TableVerdict:
    """Judge a table: balance, negative cells, zero outputs, implausible shares, inventories.

    Source
    ------
    United Nations (2018), Handbook on Supply and Use Tables and Input-Output Tables: output
    equals the sum of a row of uses and the sum of a column of inputs and value added.
    """
    x = find_output(table)
    row = np.where(np.isnan(table.x), np.nan, calc_row_sum(table) - table.x)
    column = table.Z.sum(axis=0) + table.v - table.x
    added = np.where(np.isnan(table.v), x - table.Z.sum(axis=0), table.v)
    share = _divide(table.Z, x)
    findings = (
        _find_residuals("row_balance", table, row, x),
        _find_residuals("column_balance", table, column, x),
        _find_cells("negative_flows", table, table.Z < 0, table.Z, x),
        *_find_finals(table, x),
        _find_units("no_output", table, x == 0, x, x),
        _find_units("negative_output", table, x < 0, x, x),
        _find_units("value_added_low", table, added < -TINY * np.abs(x), added, x),
        _find_units("value_added_high", table, added > x * (1 + TINY), added, x),
        _find_cells("great_input", table, share > GREATEST_SHARE, table.Z, x),
        _find_imports(table, x),
    )
    radius = calc_spectral_radius(np.maximum(share, 0.0))
    total = float(np.maximum(x, 0.0).sum())
    return TableVerdict(
        kind=table.origin.kind,
        year=table.year,
        unit=table.unit,
        units=len(table.rows),
        regions=len(table.regions),
        sectors=len(table.sectors),
        output=total,
        row_residual=_sum_share(row, total),
        column_residual=_sum_share(column, total),
        spectral_radius=radius,
        findings=findings,
        notes=table.origin.notes,
        problems=(
            *_refuse_residuals(table, "row", row, x),
            *_refuse_residuals(table, "column", column, x),
            *_refuse_other(table, x, radius),
        ),
    )


def _divide(Z: Floats, x: Floats) -> Floats:
    """Divide flows by the output of the buyer; 0 where there is none."""
    share: Floats = np.divide(Z, x, out=np.zeros_like(Z), where=x > 0)
    return share


def _sum_share(residual: Floats, total: float) -> float:
    if np.isnan(residual).all() or total <= 0:
        return float("nan")
    return float(np.nansum(np.abs(residual)) / total)


def _find_residuals(check: str, table: OfficialTable, residual: Floats, x: Floats) -> Finding:
    """Find units whose account does not close."""
    if np.isnan(residual).all():
        return Finding(check, None, float("nan"), ())
    off = np.abs(np.nan_to_num(residual)) > TOLD_SHARE * np.abs(x)
    return _find_units(check, table, off, np.nan_to_num(residual), x)


def _find_units(
    check: str, table: OfficialTable, found: np.typing.NDArray[np.bool_], value: Floats, x: Floats
) -> Finding:
    """List units, the greatest first."""
    at = np.flatnonzero(found)
    order = at[np.argsort(-np.abs(value[at]), kind="stable")][:LISTED]
    units = table.units
    worst = tuple(Case(units[i], float(value[i]), _share(value[i], x[i])) for i in order)
    return Finding(check, len(at), float(np.abs(value[at]).sum()), worst)


def _share(value: float, x: float) -> float:
    return float(value / x) if x > 0 else float("nan")


def _find_cells(
    check: str, table: OfficialTable, found: np.typing.NDArray[np.bool_], value: Floats, x: Floats
) -> Finding:
    """List cells of the flows, the greatest first; shares are of the buyer's output."""
    rows, columns = np.nonzero(found)
    size = np.abs(value[rows, columns])
    order = np.argsort(-size, kind="stable")[:LISTED]
    units = table.units
    worst = tuple(
        Case(f"{units[i]} -> {units[j]}", float(value[i, j]), _share(value[i, j], x[j]))
        for i, j in zip(rows[order], columns[order], strict=True)
    )
    return Finding(check, len(rows), float(size.sum()), worst)


def _find_finals(table: OfficialTable, x: Floats) -> tuple[Finding, ...]:
    """List negative cells of final demand, and what is set apart."""
    return (
        _find_final("negative_final", table, ~table.of_kind(*SET_APART), x, below=True),
        _find_final("negative_inventories", table, table.of_kind(INVENTORIES), x, below=True),
        _find_final("set_apart", table, table.of_kind(*SET_APART), x, below=False),
    )


def _find_final(
    check: str,
    table: OfficialTable,
    columns: np.typing.NDArray[np.bool_],
    x: Floats,
    *,
    below: bool,
) -> Finding:
    """List cells of columns of final demand; shares are of the seller's output."""
    held = np.where(columns, table.Y, 0.0)
    rows, at = np.nonzero(held < 0 if below else held)
    size = np.abs(held[rows, at])
    order = np.argsort(-size, kind="stable")[:LISTED]
    units = table.units
    worst = tuple(
        Case(
            f"{units[i]} -> {table.finals[j].region} {table.finals[j].name}",
            float(held[i, j]),
            _share(held[i, j], x[i]),
        )
        for i, j in zip(rows[order], at[order], strict=True)
    )
    return Finding(check, len(rows), float(size.sum()), worst)


def _find_imports(table: OfficialTable, x: Floats) -> Finding:
    """List rows whose imports exceed what the country uses of the product."""
    if not table.partners:
        return Finding("great_imports", None, float("nan"), ())
    imports = table.imports.sum(axis=1)
    over = imports - calc_domestic_use(table)
    return _find_units("great_imports", table, over > TINY * np.abs(x), np.maximum(over, 0.0), x)


def calc_domestic_use(table: OfficialTable) -> Floats:
    """Sum what is used at home of each row: flows and final demand but exports; (n,) money."""
    kept = ~table.of_kind("exports", *SET_APART)
    use: Floats = table.Z.sum(axis=1) + table.Y[:, kept].sum(axis=1)
    return use


def _refuse_residuals(
    table: OfficialTable, which: str, residual: Floats, x: Floats
) -> list[Problem]:
    """List accounts so far from closing that no rounding explains it."""
    if np.isnan(residual).all():
        return []
    total = float(np.maximum(x, 0.0).sum())
    size = np.abs(np.nan_to_num(residual))
    bad = np.flatnonzero((size > WORST_SHARE * np.abs(x)) & (size > LEAST_PART * total))
    wanted = f"a {which} that closes within {WORST_SHARE:.0%} of output"
    fix = "take the table as published, whole; say which file if it was"
    problems = [
        Problem(
            f"{table.units[i]} {which}",
            f"a residual of {residual[i]:,.0f} {table.unit} ({size[i] / abs(x[i]):.1%} of output)"
            if x[i]
            else f"a residual of {residual[i]:,.0f} {table.unit} without output",
            wanted,
            fix,
        )
        for i in bad[np.argsort(-size[bad])][:LISTED]
    ]
    if len(bad) > LISTED:
        found = f"{len(bad) - LISTED} more units of this kind"
        problems.append(Problem(f"{which}s", found, wanted, fix))
    share = float(size.sum()) / total if total > 0 else 0.0
    if share > ALL_SHARE:
        found, wanted = f"residuals of {share:.1%} of all output", f"at most {ALL_SHARE:.1%}"
        problems.append(Problem(f"{which}s of the table", found, wanted, fix))
    return problems


def _refuse_other(table: OfficialTable, x: Floats, radius: float) -> list[Problem]:
    """List what no economy can have."""
    problems = [
        Problem(table.units[i], f"output {x[i]:,.0f}", "0 or more", "take the table as published")
        for i in np.flatnonzero(x < 0)[:LISTED]
    ]
    if radius >= 1.0:
        found, wanted = f"{radius:.3f}", "below 1: each unit makes more than it uses up"
        fix = "take the table as published; check its unit"
        problems.append(Problem("spectral radius of A", found, wanted, fix))
    if not x.sum() > 0:
        problems.append(Problem("output", "none", "some", "take the table as published"))
    return problems
