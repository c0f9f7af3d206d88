"""Read the world table of an economy's folder into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt

from keian.core import DataError, Names, Problem
from keian.economy.frames import read_frame
from keian.economy.nouns import BoolArray, FloatArray, IntArray

ARCHIVE = ("units", "regions", "finals", "Z", "Y", "x", "v")
MOST_BYTES = 2_000_000_000  # unpacked: a table of some 10,000 units
FINALS = ("hh_consumption", "npish_consumption", "government", "gfcf")

if TYPE_CHECKING:
    import pandas as pd


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
    units = read_frame(folder / "units.csv")
    regions = read_frame(folder / "regions.csv")
    industries = read_frame(folder / "industries.csv")
    ids = tuple(units["id"])
    region_ids = tuple(regions["id"])
    present = set(units["product"])
    products = tuple(p for p in industries["id"] if p in present)
    flows = _read_flows(folder, ids, region_ids)
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


def _read_flows(
    folder: Path, ids: tuple[str, ...], regions: tuple[str, ...]
) -> dict[str, npt.NDArray[Any]]:
    """Read flows.npz and check its axes, shapes and cells."""
    where = f"{folder.name}/flows.npz"
    try:
        flows = _unpack((folder / "flows.npz").read_bytes())
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        found = f"a file that cannot be read ({type(error).__name__}: {error})"
        fix = "restore or build the file again"
        problem = Problem(where=where, found=found, wanted=f"arrays {', '.join(ARCHIVE)}", fix=fix)
        raise DataError([problem]) from error
    problems = _check_axes(where, flows, ids, regions) or _check_cells(where, flows)
    if problems:
        raise DataError(problems)
    return flows


def _unpack(raw: bytes) -> dict[str, npt.NDArray[Any]]:
    """Unpack the arrays, unless they are too large; from memory, since numpy leaves a broken file open."""
    with ZipFile(BytesIO(raw)) as packed:
        unpacked = sum(entry.file_size for entry in packed.infolist())
    if unpacked > MOST_BYTES:
        msg = f"{unpacked} bytes unpacked, at most {MOST_BYTES} are read"
        raise ValueError(msg)
    with np.load(BytesIO(raw), allow_pickle=False) as archive:
        return {key: archive[key] for key in ARCHIVE}


def _check_axes(
    where: str, flows: dict[str, npt.NDArray[Any]], ids: tuple[str, ...], regions: tuple[str, ...]
) -> list[Problem]:
    """List axes and shapes of flows.npz that are not those of the tables beside it."""
    fix = "build the folder again from one set of raw files"
    wanted = (("units", ids), ("regions", regions), ("finals", FINALS))
    problems = [
        Problem(
            where=f"{where}: {key}",
            found=f"{len(flows[key])} names that differ",
            wanted=f"the {len(names)} names of the tables beside it, in their order",
            fix=fix,
        )
        for key, names in wanted
        if tuple(str(name) for name in flows[key]) != tuple(names)
    ]
    n = len(ids)
    shapes: dict[str, tuple[int, ...]] = {"Z": (n, n), "x": (n,), "v": (n,)}
    shapes["Y"] = (n, len(regions) * len(FINALS))
    return problems + [
        Problem(where=f"{where}: {key}", found=str(flows[key].shape), wanted=str(shape), fix=fix)
        for key, shape in shapes.items()
        if flows[key].shape != shape
    ]


def _check_cells(where: str, flows: dict[str, npt.NDArray[Any]]) -> list[Problem]:
    """List arrays of flows.npz with a missing or infinite cell, or with negative output."""
    fix = "correct the raw table; nothing is repaired silently"
    problems = [
        Problem(where=f"{where}: {key}", found="missing cells", wanted="numbers only", fix=fix)
        for key in ("Z", "Y", "x", "v")
        if not np.isfinite(flows[key]).all()
    ]
    if (flows["x"] < 0).any():
        problems.append(
            Problem(where=f"{where}: x", found="negative output", wanted="x >= 0", fix=fix)
        )
    return problems


def _names(frame: pd.DataFrame) -> dict[str, Names]:
    """List names by id."""
    return {
        str(row.id): Names(en=str(row.name_en), ja=str(row.name_ja)) for row in frame.itertuples()
    }


def _find(column: pd.Series[str], names: tuple[str, ...]) -> IntArray:
    """Find the place of each value in `names`."""
    place = {name: at for at, name in enumerate(names)}
    unknown = sorted(set(column) - set(names))
    if unknown:
        problem = Problem(
            where="table/units.csv",
            found=", ".join(unknown),
            wanted="ids of regions.csv and industries.csv",
            fix="correct the ids",
        )
        raise DataError([problem])
    return np.array([place[value] for value in column], dtype=np.int32)


def _rate(folder: Path, products: tuple[str, ...], industries: tuple[str, ...]) -> FloatArray:
    """Spread ratings by product and industry over the units.

    What nobody rated (private households with staff) counts 0: it never limits output.
    """
    frame = read_frame(folder / "criticality.csv").dropna(subset="rating")
    pairs = zip(frame["product"], frame["industry"], strict=True)
    rating = dict(zip(pairs, frame["rating"].astype(float), strict=True))
    return np.array(
        [[rating.get((product, industry), 0.0) for industry in industries] for product in products]
    )


def _stock(folder: Path, industries: tuple[str, ...]) -> FloatArray:
    """List days of input stock of each unit."""
    frame = read_frame(folder / "inventory_days.csv")
    days = dict(zip(frame["industry"], frame["input_inventory_days"], strict=True))
    missing = sorted(set(industries) - set(days))
    if missing:
        fix = "add a row for each"
        where = f"{folder.name}/inventory_days.csv"
        raise DataError(
            [
                Problem(where=where, found=f"no {m}", wanted="every industry", fix=fix)
                for m in missing
            ]
        )
    return np.array([float(days[industry]) for industry in industries])
