"""The world input-output table as published, and its inventory rule."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.build_japan.raw import read_rows

Array = npt.NDArray[np.float64]

HOME = "JPN"
INVENTORIES = "inventories"


@dataclass(frozen=True, slots=True)
class World:
    """A world table whose inventory changes stand apart from final demand.

    Attributes
    ----------
    regions : (r,) region ids
    finals : (f,) final demand categories kept, without inventories
    region : (n,) region of each unit
    industry : (n,) industry of each unit
    Z : (n, n) float, MUSD/year; row sells to column
    Y : (n, r f) float, MUSD/year, region-major
    inventory : (n, r) float, MUSD/year; recorded, not part of output
    source_x : (n,) float, MUSD/year; output as published
    """

    regions: tuple[str, ...]
    finals: tuple[str, ...]
    region: tuple[str, ...]
    industry: tuple[str, ...]
    Z: Array
    Y: Array
    inventory: Array
    source_x: Array

    @property
    def x(self) -> Array:
        """Output: row sum of intermediate and remaining final demand, MUSD/year."""
        return np.asarray(self.Z.sum(axis=1) + self.Y.sum(axis=1))

    @property
    def v(self) -> Array:
        """Value added: output less intermediate inputs, MUSD/year."""
        return np.asarray(self.x - self.Z.sum(axis=0))

    @property
    def ids(self) -> tuple[str, ...]:
        """Unit ids, region and industry joined by a dot."""
        return tuple(f"{r}.{i}" for r, i in zip(self.region, self.industry, strict=True))


def read_world(raw: Path) -> World:
    """Read the 15-region table of 2011 and set its inventory changes apart.

    Parameters
    ----------
    raw
        Folder of the raw files.
    """
    folder = raw / "wiod2013"
    regions = tuple(row["region"] for row in read_rows(folder / "regions_r15.csv"))
    industries = tuple(row["code"] for row in read_rows(folder / "industries.csv"))
    categories = [row["code"] for row in read_rows(folder / "final_demand.csv")]
    stock = categories.index(INVENTORIES)
    with np.load(folder / "wiot_2011_r15.npz", allow_pickle=False) as arrays:
        flows = {name: arrays[name].astype(np.float64) for name in ("Z", "Y", "x")}
    units = len(regions) * len(industries)
    final = flows["Y"].reshape(units, len(regions), len(categories))
    kept = [index for index in range(len(categories)) if index != stock]
    return World(
        regions=regions,
        finals=tuple(categories[index] for index in kept),
        region=tuple(region for region in regions for _ in industries),
        industry=tuple(industry for _ in regions for industry in industries),
        Z=flows["Z"],
        Y=final[:, :, kept].reshape(units, len(regions) * len(kept)),
        inventory=final[:, :, stock],
        source_x=flows["x"],
    )
