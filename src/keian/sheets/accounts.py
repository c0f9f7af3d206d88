"""Checks what must add up, at the row where it does not."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from keian.economy.check import BALANCE_TOLERANCE, SHARE_TOLERANCE
from keian.sheets.cells import Fault
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings


def check_accounts(parsed: Parsed, findings: Findings) -> None:
    """Check that output is the sum of its uses and that shares of supply sum to one.

    Where a sheet is missing or a cell of it has a fault, its sums mean nothing and are not checked.
    """
    contents = parsed.contents
    tables = ("flows", "final_demand")
    there = all(name in contents.matrices for name in tables) and "units" in contents.frames
    if there and not parsed.spoilt.union(parsed.broken).intersection((*tables, "units")):
        _check_output(parsed, findings)
    told = parsed.show_sheet("supplies")
    if not any(problem.where.startswith(told) for problem in findings.problems):
        _check_shares(parsed, findings)


def _check_output(parsed: Parsed, findings: Findings) -> None:
    """Check x = Z1 + Y1 unit by unit."""
    contents = parsed.contents
    sold: dict[str, float] = defaultdict(float)
    for name in ("flows", "final_demand"):
        matrix = contents.matrices[name]
        for unit, total in zip(matrix.rows, matrix.values.sum(axis=1), strict=True):
            sold[unit] += float(total)
    units = contents.frames["units"]
    output = units["x_musd"].to_numpy(dtype=np.float64)
    for row, (unit, x) in enumerate(zip(units["id"], output, strict=True)):
        if np.isfinite(x) and abs(x - sold[unit]) > BALANCE_TOLERANCE * max(
            abs(x), abs(sold[unit])
        ):
            where = parsed.show("units", parsed.numbers["units"][row], "x_musd")
            found = f"output {x:.12g} of {unit}"
            wanted = f"{sold[unit]:.12g}, what its rows of flows and final demand sum to"
            fault = Fault(found, wanted, "change the output, or the flows and final demand")
            findings.add(where, fault, "sheet units (balance)")


def _check_shares(parsed: Parsed, findings: Findings) -> None:
    """Check that the shares of a good's lines sum to one; lines of imports share what is left."""
    lines: dict[str, list[int]] = defaultdict(list)
    rows = parsed.contents.rows.get("supplies", [])
    for row, cells in enumerate(rows):
        lines[str(cells["good"])].append(row)
    for good, places in lines.items():
        if any(rows[row].get("of") == "imports" for row in places):
            continue
        modes = [rows[row].get("share.mode") for row in places]
        shares = [mode for mode in modes if mode is not None]
        if len(shares) == len(modes) and abs(sum(shares) - 1.0) > SHARE_TOLERANCE:
            where = parsed.show("supplies", parsed.numbers["supplies"][places[-1]], "share.mode")
            found = f"shares of {good} that sum to {sum(shares):.6g}"
            findings.add(where, Fault(found, "shares that sum to 1", "change one of its lines"))
