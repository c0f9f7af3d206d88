"""Turns a world table that pymrio has parsed into an economy.

This file does not import pymrio: it takes any object with the tables `Z`, `Y`, `x` and `unit` of the
same make, so what licence its parser has is the user's choice. Works for OECD ICIO, WIOD and
EXIOBASE 3; what a table does not say stands in the economy as a labelled assumption.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from keian.core import InputError, KeianWarning, Problem, read_yaml
from keian.economy import Economy, load_economy
from keian.economy.nouns import FloatArray
from keian.economy.world_table import FINALS
from keian.sheets.contents import Contents, Matrix
from keian.sheets.folder import replace_folder, write_folder
from keian.sheets.headers import DATA
from keian.sheets.layout import list_sheets

if TYPE_CHECKING:
    import pandas as pd

LONGEST_ID = 40
ROUNDING = 1e-3  # relative; published output differs from the sum of its row by rounding
NOT_IN_ID = re.compile(r"[^A-Za-z0-9]+")
# Which final demand a category is; what none names is investment, with changes of stocks.
KINDS = (
    ("npish_consumption", re.compile(r"npish|non-?profit", re.IGNORECASE)),
    ("government", re.compile(r"gov|ggfc", re.IGNORECASE)),
    ("hh_consumption", re.compile(r"hous|hfce|^c37|^hh|direct purchases", re.IGNORECASE)),
)
INVESTMENT = "gfcf"


class IOSystem(Protocol):
    """What an object of pymrio offers, as far as keian reads it."""

    @property
    def Z(self) -> pd.DataFrame:  # noqa: N802 - the symbol of the textbooks, as pymrio names it
        """Flows, (n, n)."""

    @property
    def Y(self) -> pd.DataFrame:  # noqa: N802 - the symbol of the textbooks, as pymrio names it
        """Final demand, (n, k)."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Regions and sectors of a table and the ids they get."""

    regions: dict[str, str]
    sectors: dict[str, str]
    rows: tuple[tuple[str, str], ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Ids of the units in the order of the table."""
        return tuple(f"{self.regions[r]}.{self.sectors[s]}" for r, s in self.rows)


def read_iosystem(
    io: IOSystem, *, home: str, year: int, name: str = "iosystem", by_sea: Sequence[str] = ()
) -> Economy:
    """Read a table that pymrio has parsed as an economy without goods, services and routes.

    Every input counts as critical (Leontief), every user holds ten days of each input and every
    way between regions takes ten days: labelled assumptions, to be replaced in the spreadsheets.

    Parameters
    ----------
    io
        Object with `Z` (n, n), `Y` (n, k) and, if known, `unit`; rows and columns carry region and
        sector, columns of `Y` region and category.
    home
        Region the review is about, as the table names it.
    year
        Year of the table.
    name
        Name of the economy.
    by_sea
        Sectors whose products move by sea, as the table names them.

    Returns
    -------
    The economy; its output is the sum of its rows, x = Z1 + Y1.

    Raises
    ------
    InputError
        The object is no such table, or home and sectors are not in it.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = write_iosystem(io, Path(place) / name, home=home, year=year, by_sea=by_sea)
        return load_economy(folder)


def write_iosystem(
    io: IOSystem, folder: Path, *, home: str, year: int, by_sea: Sequence[str] = ()
) -> Path:
    """Write a table that pymrio has parsed as the folder of an economy; see `read_iosystem`."""
    contents = make_contents(io, home=home, year=year, by_sea=by_sea)
    with replace_folder(folder, replace=False) as part:
        write_folder(contents, part)
    return folder


def make_contents(io: IOSystem, *, home: str, year: int, by_sea: Sequence[str] = ()) -> Contents:
    """Make what the sheets of an economy hold of a parsed table; see `read_iosystem`."""
    axes = _read_axes(io, home, by_sea)
    Z = np.asarray(io.Z, dtype=np.float64)
    Y = _sum_finals(io, axes)
    x = Z.sum(axis=1) + Y.sum(axis=1)
    _compare_output(io, x)
    contents = Contents()
    finals = tuple(f"{region}.{kind}" for region in axes.regions.values() for kind in FINALS)
    contents.matrices["flows"] = Matrix(axes.units, axes.units, Z)
    contents.matrices["final_demand"] = Matrix(axes.units, finals, Y)
    _fill_frames(contents, axes, x, x - Z.sum(axis=0))
    _fill_documents(contents, axes, (home, year, _name_currency(io)), by_sea)
    return contents


def _read_axes(io: IOSystem, home: str, by_sea: Sequence[str]) -> Axes:
    """Read regions and sectors, and check that the table is square."""
    wanted = "an object with tables Z and Y as pymrio parses them"
    fix = "parse the table with pymrio and pass what it returns"
    try:
        rows = _pair(io.Z.index)
        columns = _pair(io.Z.columns)
        finals = {str(parts[0]) for parts in map(tuple, io.Y.columns)}
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError([Problem("io", f"{type(io).__name__} ({error})", wanted, fix)]) from None
    axes = Axes(_give_ids(r for r, _ in rows), _give_ids(s for _, s in rows), rows)
    problems = []
    if rows != columns or len(io.Y) != len(rows):
        problems.append(Problem("io.Z", "other columns than rows", "a square table", fix))
    if not finals <= set(axes.regions):
        found = f"final demand of {sorted(finals - set(axes.regions))}"
        problems.append(Problem("io.Y", found, "regions of io.Z", "group regions of both alike"))
    for what, names, known in (("home", (home,), axes.regions), ("by_sea", by_sea, axes.sectors)):
        problems += [
            Problem(what, repr(n), f"one of {', '.join(list(known)[:10])} ...", "correct the name")
            for n in names
            if n not in known
        ]
    if not (np.isfinite(io.Z.to_numpy()).all() and np.isfinite(io.Y.to_numpy()).all()):
        problems.append(Problem("io", "missing cells", "numbers only", "fill or drop them first"))
    if problems:
        raise InputError(problems)
    return axes


def _pair(index: pd.Index[Any]) -> tuple[tuple[str, str], ...]:
    """Read labels of region and sector."""
    return tuple((str(label[0]), str(label[1])) for label in map(tuple, index))


def _give_ids(names: Iterable[str]) -> dict[str, str]:
    """Give each name a short id of its own."""
    ids: dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        stem = NOT_IN_ID.sub("_", plain).strip("_")[:LONGEST_ID].strip("_")
        stem = stem or f"s{len(ids) + 1}"
        taken = set(ids.values())
        number = 2
        found = stem
        while found in taken:
            found, number = f"{stem}_{number}", number + 1
        ids[name] = found
    return ids


def _sum_finals(io: IOSystem, axes: Axes) -> FloatArray:
    """Sum categories of final demand into the four kinds of keian.

    Returns
    -------
    (n, R * 4) float, money per year, region by region.
    """
    summed = np.zeros((len(axes.rows), len(axes.regions) * len(FINALS)))
    place = {region: at for at, region in enumerate(axes.regions)}
    values = np.asarray(io.Y, dtype=np.float64)
    for at, column in enumerate(io.Y.columns):
        category = " ".join(str(part) for part in column[1:])
        kind = next((kind for kind, pattern in KINDS if pattern.search(category)), INVESTMENT)
        summed[:, place[str(column[0])] * len(FINALS) + FINALS.index(kind)] += values[:, at]
    return summed


def _compare_output(io: IOSystem, x: FloatArray) -> None:
    """Warn where published output is not the sum of its row."""
    given = getattr(io, "x", None)
    if given is None:
        return
    held = np.asarray(given, dtype=np.float64).reshape(-1)
    off = np.abs(held - x) > ROUNDING * np.maximum(np.abs(x), 1.0)
    if held.shape == x.shape and off.any():
        text = f"output of {int(off.sum())} units is not the sum of its row; the sum is used"
        warnings.warn(text, KeianWarning, stacklevel=4)


def _name_currency(io: IOSystem) -> str:
    """Name the money of the table."""
    unit = getattr(io, "unit", None)
    if unit is None:
        return "M"
    return NOT_IN_ID.sub("", str(np.asarray(unit).reshape(-1)[0])) or "M"


def _fill_frames(contents: Contents, axes: Axes, x: FloatArray, added: FloatArray) -> None:
    """Fill the tables."""
    import pandas as pd

    assumed = _read_assumed()
    regions, sectors = axes.regions, axes.sectors
    frames = contents.frames
    for sheet in list_sheets():
        if sheet.shape == "frame":
            empty = {h.key: pd.Series([], dtype=object) for h in sheet.heads}
            frames[sheet.id] = pd.DataFrame(empty)
    ids, names = list(regions.values()), list(regions)
    frames["regions"] = pd.DataFrame(
        {"id": ids, "name_en": names, "name_ja": names, "members": names}
    )
    sector_ids, sector_names = list(sectors.values()), list(sectors)
    frames["industries"] = pd.DataFrame(
        {"id": sector_ids, "parent": None, "name_en": sector_names, "name_ja": sector_names}
    )
    titles = [f"{region}: {sector}" for region, sector in axes.rows]
    frames["units"] = pd.DataFrame(
        {
            "id": axes.units,
            "region": [regions[r] for r, _ in axes.rows],
            "industry": [sectors[s] for _, s in axes.rows],
            "product": [sectors[s] for _, s in axes.rows],
            "name_en": titles,
            "name_ja": titles,
            "masked": (x <= 0).astype(int),
            "x_musd": x,
            "value_added_musd": added,
        }
    )
    pairs = [(a, b) for a in sector_ids for b in sector_ids]
    frames["criticality"] = pd.DataFrame(
        {
            "product": [a for a, _ in pairs],
            "industry": [b for _, b in pairs],
            "rating": assumed["rating"],
        }
    )
    frames["inventory_days"] = pd.DataFrame(
        {
            "industry": sector_ids,
            "input_inventory_days": assumed["cover_days"],
            "all_inventory_days": assumed["cover_days"],
            "members": sector_names,
        }
    )
    ways = [(a, b) for a in ids for b in ids if a != b]
    frames["region_lags"] = pd.DataFrame(
        {
            "origin": [a for a, _ in ways],
            "destination": [b for _, b in ways],
            "km": 0.0,
            "days": assumed["lag_days"],
            "by_land": 0,
            "lag_days": int(assumed["lag_days"]),
        }
    )
    frames["countries"] = pd.DataFrame(
        {"code": None, "iso3": ids, "name_en": names, "name_ja": names, "region": ids, "note": None}
    )


def _read_assumed() -> dict[str, Any]:
    """Read what stands for figures that the table does not have."""
    data: dict[str, Any] = read_yaml(DATA / "iosystem.yaml").data
    return data


def _fill_documents(
    contents: Contents, axes: Axes, facts: tuple[str, int, str], by_sea: Sequence[str]
) -> None:
    """Fill parameters and sources; goods, services and routes stay empty."""
    assumed = _read_assumed()
    home, year, currency = facts
    sectors = tuple(axes.sectors.values())
    values = dict(assumed["parameters"])
    values |= {"title.en": home, "title.ja": home, "year": year, "currency": currency}
    values |= {"home": axes.regions[home], "cover.held_products": sectors}
    values["moves_by_sea.products"] = tuple(axes.sectors[name] for name in by_sea)
    contents.values["parameters"] = values
    for name in ("vital_share", "reroute_share", "reroute_days"):
        row = {"products": sectors, "value": assumed[name], "source": "a-io", "why": assumed["why"]}
        contents.rows[name] = [row]
    contents.rows["speeds"] = [
        {"cargo": "any", "knots.mode": assumed["knots"], "knots.sources": ("a-io",)}
    ]
    contents.rows["cover_rules"] = []
    contents.rows["sources"] = [dict(row) for row in assumed["sources"]]
