"""Read the world table of an economy's folder into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from keian.core import DataError, Names, Problem
from keian.economy.nouns import BoolArray, FloatArray, IntArray

FINALS = ("hh_consumption", "npish_consumption", "government", "gfcf")
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class WorldTable:
    """Units, products and flows; arrays as in `keian.economy.nouns.Economy`."""

    regions: tuple[str, ...]
    region_names: dict[str, Names]
    products: tuple[str, ...]
    product_names: dict[str, Names]
    units: tuple[str, ...]
    unit_names: dict[str, Names]
    industries: tuple[str, ...]
    unit_region: IntArray
    unit_product: IntArray
    masked: BoolArray
    Z: FloatArray
    Y: FloatArray
    x: FloatArray
    v: FloatArray
    criticality: FloatArray
    inventory_days: FloatArray


def load_world_table(folder: Path) -> WorldTable:
    """Read units.csv, regions.csv, industries.csv, flows.npz, criticality.csv, inventory_days.csv.

    Parameters
    ----------
    folder
        Folder `table` of an economy.

    Raises
    ------
    DataError
        The files name different units, regions or final demands.
    """
    units = _read(folder / "units.csv")
    regions = _read(folder / "regions.csv")
    industries = _read(folder / "industries.csv")
    ids = tuple(units["id"])
    region_ids = tuple(regions["id"])
    present = set(units["product"])
    products = tuple(p for p in industries["id"] if p in present)
    with np.load(folder / "flows.npz", allow_pickle=False) as flows:
        _check_axes(folder, flows, ids, region_ids)
        Z, x = flows["Z"].astype(np.float64), flows["x"].astype(np.float64)
        Y = flows["Y"].astype(np.float64).reshape(len(ids), len(region_ids), len(FINALS))
        added = flows["v"].astype(np.float64)
    unit_product = _find(units["product"], products)
    table = WorldTable(
        regions=region_ids,
        region_names=_names(regions),
        products=products,
        product_names={p: n for p, n in _names(industries).items() if p in present},
        units=ids,
        unit_names=_names(units),
        industries=tuple(units["industry"]),
        unit_region=_find(units["region"], region_ids),
        unit_product=unit_product,
        masked=(units["masked"].to_numpy() != 0) | (x <= 0),
        Z=Z,
        Y=Y,
        x=x,
        v=np.divide(added, x, out=np.zeros_like(x), where=x > 0),
        criticality=_rate(folder, products, tuple(units["industry"])),
        inventory_days=_stock(folder, tuple(units["industry"])),
    )
    for array in (table.Z, table.Y, table.x, table.v, table.criticality, table.inventory_days):
        array.setflags(write=False)
    for mask in (table.masked, table.unit_region, table.unit_product):
        mask.setflags(write=False)
    return table


def calc_mean_lag(
    table: WorldTable, unit_product: IntArray, unit_region: IntArray, lag_days: IntArray
) -> FloatArray:
    """Calculate the mean days on the way of each product at each unit.

    Parameters
    ----------
    lag_days : (R, R) int, days, origin by destination

    Returns
    -------
    (P, n) float, days; 0 where a unit does not buy the product.
    """
    days = lag_days[np.ix_(unit_region, unit_region)] * table.Z
    weighted = np.zeros((len(table.products), len(table.units)))
    bought = np.zeros_like(weighted)
    np.add.at(weighted, unit_product, days)
    np.add.at(bought, unit_product, table.Z)
    return np.divide(weighted, bought, out=np.zeros_like(bought), where=bought > 0)


def calc_purchases(table: WorldTable, product: str) -> FloatArray:
    """Calculate what each unit buys of a product from all regions.

    Returns
    -------
    (n,) float, money of the table per year.
    """
    rows = table.unit_product == table.products.index(product)
    bought: FloatArray = table.Z[rows].sum(axis=0)
    return bought


def _read(path: Path) -> pd.DataFrame:
    """Read a CSV whose empty cells are missing and whose ids stay text."""
    return pd.read_csv(path, dtype={"id": str, "parent": str}, keep_default_na=True)


def _check_axes(
    folder: Path, flows: np.lib.npyio.NpzFile, ids: tuple[str, ...], regions: tuple[str, ...]
) -> None:
    """Check that flows.npz has the axes of the tables beside it."""
    wanted = (("units", ids), ("regions", regions), ("finals", FINALS))
    problems = [
        Problem(
            where=f"{folder.name}/flows.npz: {key}",
            found=f"{len(flows[key])} names, first difference in {key}",
            wanted=f"the {len(names)} names of the tables beside it, in their order",
            fix="build the folder again from one set of raw files",
        )
        for key, names in wanted
        if tuple(str(name) for name in flows[key]) != tuple(names)
    ]
    if problems:
        raise DataError(problems)


def _names(frame: pd.DataFrame) -> dict[str, Names]:
    """List names by id."""
    return {
        str(row.id): Names(en=str(row.name_en), ja=str(row.name_ja)) for row in frame.itertuples()
    }


def _find(column: pd.Series[str], names: tuple[str, ...]) -> IntArray:
    """Find the place of each value in `names`."""
    place = {name: at for at, name in enumerate(names)}
    return np.array([place[value] for value in column], dtype=np.int32)


def _rate(folder: Path, products: tuple[str, ...], industries: tuple[str, ...]) -> FloatArray:
    """Spread ratings by product and industry over the units; what is not rated counts 0."""
    frame = pd.read_csv(folder / "criticality.csv")
    rating = {
        (str(row.product), str(row.industry)): float(str(row.rating)) for row in frame.itertuples()
    }
    return np.array(
        [[rating.get((product, industry), 0.0) for industry in industries] for product in products]
    )


def _stock(folder: Path, industries: tuple[str, ...]) -> FloatArray:
    """List days of input stock of each unit."""
    frame = pd.read_csv(folder / "inventory_days.csv")
    days = dict(zip(frame["industry"], frame["input_inventory_days"], strict=True))
    return np.array([float(days[industry]) for industry in industries])
