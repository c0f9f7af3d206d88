"""What a published input-output table holds, as read and before anything is settled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from keian.core import Names

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# What a column of final demand is. The first four are those of an economy.
HOUSEHOLDS, NONPROFITS, GOVERNMENT, INVESTMENT = (
    "hh_consumption", "npish_consumption", "government", "gfcf",
)  # fmt: skip
INVENTORIES, EXPORTS, DISCREPANCY = "inventories", "exports", "discrepancy"
# Recorded and left out of demand and output, as in the shipped economy: they order nothing.
SET_APART = (INVENTORIES, DISCREPANCY)


@dataclass(frozen=True, slots=True)
class Final:
    """A column of final demand: whose, its name as published, what it is."""

    region: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Files that a table was read from.

    sha256 : digest by file name.
    notes : what reading had to decide, for people; an empty cell read as zero is such a thing.
    """

    kind: str
    path: Path
    sha256: tuple[tuple[str, str], ...]
    notes: tuple[Names, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """A published input-output table.

    Row = seller, column = buyer; money of one year. A national table whose flows hold imports
    (competitive imports) has them in `imports`, positive, as partners name them; a world table has
    none.

    Attributes
    ----------
    origin : files it was read from.
    year : year it describes.
    unit : money of one unit, e.g. `MUSD`.
    rows : (n,) region and sector of each unit, codes as published.
    region_names, sector_names : names by code.
    Z : (n, n) float, flows.
    finals : (k,) columns of final demand.
    Y : (n, k) float, final demand.
    x : (n,) float, output as published; NaN = not published.
    v : (n,) float, value added with taxes and margins as published; NaN = not published.
    partners : (p,) where imports come from, e.g. `ROW`.
    imports : (n, p) float, imports that the row holds; no column where Z tells origins.
    """

    origin: Origin
    year: int
    unit: str
    rows: tuple[tuple[str, str], ...]
    region_names: dict[str, Names]
    sector_names: dict[str, Names]
    Z: Floats
    finals: tuple[Final, ...]
    Y: Floats
    x: Floats
    v: Floats
    partners: tuple[str, ...]
    imports: Floats

    @property
    def units(self) -> tuple[str, ...]:
        """Region and sector of each unit, joined by a dot."""
        return tuple(f"{region}.{sector}" for region, sector in self.rows)

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions in the order of the table."""
        return tuple(dict.fromkeys(region for region, _ in self.rows))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors in the order of the table."""
        return tuple(dict.fromkeys(sector for _, sector in self.rows))

    def of_kind(self, *kinds: str) -> Bools:
        """Tell which columns of final demand are of these kinds; (k,) bool."""
        return np.array([final.kind in kinds for final in self.finals], dtype=np.bool_)


def calc_row_sum(table: OfficialTable) -> Floats:
    """Sum each row: flows and final demand less imports; (n,) money."""
    total: Floats = table.Z.sum(axis=1) + table.Y.sum(axis=1) - table.imports.sum(axis=1)
    return total


def find_output(table: OfficialTable) -> Floats:
    """Find output as published, else the sum of the row; (n,) money."""
    return np.where(np.isnan(table.x), calc_row_sum(table), table.x)
