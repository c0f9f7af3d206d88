"""Checks that output is the sum of its uses, at the unit where it is not."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from keian.economy.check import BALANCE_TOLERANCE
from keian.sheets.cells import Fault
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings

TABLES = ("flows", "final_demand")


def check_accounts(parsed: Parsed, findings: Findings) -> None:
    """Check x = Z1 + Y1 unit by unit.

    Where a sheet is missing or a cell of it has a fault, its sums mean nothing and are not checked.
    """
    contents = parsed.contents
    there = all(name in contents.matrices for name in TABLES) and "units" in contents.frames
    if not there or parsed.spoilt.union(parsed.broken).intersection((*TABLES, "units")):
        return
    sold: dict[str, float] = defaultdict(float)
    for name in TABLES:
        matrix = contents.matrices[name]
        for unit, total in zip(matrix.rows, matrix.values.sum(axis=1), strict=True):
            sold[unit] += float(total)
    units = contents.frames["units"]
    output = units["x_musd"].to_numpy(dtype=np.float64)
    flows, final = (parsed.call_sheet(name) for name in TABLES)
    for row, (unit, x) in enumerate(zip(units["id"], output, strict=True)):
        if np.isfinite(x) and abs(x - sold[unit]) > BALANCE_TOLERANCE * max(
            abs(x), abs(sold[unit])
        ):
            where = parsed.show("units", parsed.numbers["units"][row], "x_musd")
            found = f"output {x:.12g} of {unit}"
            wanted = f"{sold[unit]:.12g}, what its rows of {flows} and {final} sum to"
            fault = Fault(found, wanted, f"change the output, or {flows} and {final}")
            findings.add(where, fault, parsed.show_column("units", "x_musd"))
