"""What the sheets of an economy hold, between its folder and the spreadsheet; read from a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from keian.core import Triple, load_document
from keian.economy import Economy, load_economy
from keian.economy.distances import load_ways
from keian.economy.forms import (
    GoodFile,
    GoodForm,
    OverlayFile,
    Parameters,
    PoolForm,
    RegisteredForm,
    RouteFile,
    ServiceFile,
    UseFile,
    WayFile,
)
from keian.economy.frames import read_frame
from keian.economy.load import find_economy
from keian.economy.nouns import FloatArray, Supply
from keian.economy.world_table import FINALS
from keian.sheets.flatten import Cell, Head, flatten, show_part
from keian.sheets.layout import Sheet, list_sheets

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import BaseModel

Cells = dict[str, Any]
GOOD_SHEETS = (
    "goods", "supplies", "supply_routes", "pools", "uses", "registered", "registered_known",
    "registered_missing",
)  # fmt: skip
OVERLAYS = (
    "service_needs", "restoration", "cables", "landings", "workforce", "areas", "area_shares", "repair_pools",
)  # fmt: skip
BY_PRODUCT = ("vital_share", "reroute_share", "reroute_days")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units down, columns across; money of the table per year."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray


@dataclass(slots=True)
class Contents:
    """What the sheets hold, by sheet.

    Attributes
    ----------
    rows : sheets of documents: the cells of each row by column.
    values : sheets that hold one document downwards.
    frames : tables.
    matrices : flows and final demand.
    """

    rows: dict[str, list[Cells]] = field(default_factory=dict)
    values: dict[str, Cells] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)


def read_contents(name_or_path: str | Path) -> tuple[Economy, Contents]:
    """Read an economy and what its sheets hold.

    Parameters
    ----------
    name_or_path
        Name of a shipped economy, or its folder.

    Raises
    ------
    InputError
        Unknown name, or documents that break their form.
    DataError
        Tables that do not fit together.
    """
    economy = load_economy(name_or_path, illustrative=True)
    folder = find_economy(name_or_path)
    sheets = {sheet.id: sheet for sheet in list_sheets()}
    contents = Contents()
    _read_frames(contents, folder, economy)
    parameters = load_document(folder / "parameters.yaml", Parameters)
    _read_parameters(contents, parameters, sheets)
    _read_goods(contents, folder, economy, sheets)
    for use in load_document(folder / "goods" / "uses.yaml", UseFile).uses:
        _add(contents, sheets["uses"], use)
    _read_services(contents, folder, sheets)
    _read_overlays(contents, folder, economy, sheets)
    _read_routes(contents, folder, parameters, sheets)
    for source in economy.sources.values():
        _add(contents, sheets["sources"], source)
    contents.rows["sources"].sort(key=lambda cells: str(cells["id"]))
    return economy, contents


def _add(contents: Contents, sheet: Sheet, document: BaseModel, **own: Cell) -> Cells:
    """Add a document as a row; a row that is told apart by its line gets the next number."""
    rows = contents.rows.setdefault(sheet.id, [])
    cells: Cells = flatten(document, sheet.heads)
    cells.update(own)
    if sheet.keys and sheet.keys[-1] == "line" and cells.get("line") is None:
        parents = [own.get(parent) for parent in sheet.parents]
        same = (row for row in rows if [row.get(p) for p in sheet.parents] == parents)
        cells["line"] = str(1 + sum(1 for _ in same))
    rows.append(cells)
    return cells


def _read_frames(contents: Contents, folder: Path, economy: Economy) -> None:
    """Read the tables; units get value added in money."""
    for sheet in list_sheets():
        if sheet.shape == "frame":
            frame = read_frame(folder / sheet.file, sheet.schema)
            contents.frames[sheet.id] = frame
    with np.load(folder / "table" / "flows.npz", allow_pickle=False) as archive:
        added = archive["v"].astype(np.float64)
    units = contents.frames["units"].drop(columns="v_share")
    contents.frames["units"] = units.assign(x_musd=economy.x, value_added_musd=added)
    finals = tuple(f"{region}.{kind}" for region in economy.regions for kind in FINALS)
    flat = economy.Y.reshape(len(economy.units), len(finals))
    contents.matrices["flows"] = Matrix(economy.units, economy.units, economy.Z)
    contents.matrices["final_demand"] = Matrix(economy.units, finals, flat)


def _read_parameters(contents: Contents, form: Parameters, sheets: dict[str, Sheet]) -> None:
    """Read the parameters and the lists they hold."""
    contents.values["parameters"] = flatten(form, sheets["parameters"].heads)
    contents.rows["speeds"] = [
        {"cargo": cargo, **_show_triple("knots", speed)} for cargo, speed in form.knots.items()
    ]
    for name in BY_PRODUCT:
        contents.rows[name] = []
        for line in getattr(form, name):
            _add(contents, sheets[name], line)
    contents.rows["cover_rules"] = []
    for rule in form.cover.rules:
        _add(contents, sheets["cover_rules"], rule)


def _show_triple(key: str, triple: Triple) -> Cells:
    """Give the cells of a triple that stands alone."""
    cells: Cells = {}
    for part in ("low", "mode", "high", "dist", "note"):
        cells[f"{key}.{part}"] = show_part(triple, part)
    cells[f"{key}.sources"] = "; ".join(triple.sources) or None
    return cells


def _read_goods(
    contents: Contents, folder: Path, economy: Economy, sheets: dict[str, Sheet]
) -> None:
    """Read the goods: lines of supply as they came out, stocks as they are written."""
    by_id = {good.id: good for good in economy.goods}
    for name in GOOD_SHEETS:
        contents.rows[name] = []
    for path in sorted((folder / "goods").glob("*.yaml")):
        if path.name == "uses.yaml":
            continue
        file = load_document(path, GoodFile)
        for form in file.goods:
            _add(contents, sheets["goods"], form)
            for supply in by_id[form.id].supplies:
                _add_supply(contents, sheets, form, supply)
            for pool in _list_pools(form, file):
                _add(contents, sheets["pools"], pool, good=form.id)
        for listed in file.registered:
            _add_registered(contents, sheets, listed)


def _add_registered(contents: Contents, sheets: dict[str, Sheet], form: RegisteredForm) -> None:
    """Add a good that is listed only, what is known of it and what is missing."""
    _add(contents, sheets["registered"], form)
    for fact in form.known:
        _add(contents, sheets["registered_known"], fact, registered=form.id)
    for gap in form.missing:
        _add(contents, sheets["registered_missing"], gap, registered=form.id)


def _add_supply(
    contents: Contents, sheets: dict[str, Sheet], form: GoodForm, supply: Supply
) -> None:
    """Add a line of supply and the routes it passes."""
    row = _add(contents, sheets["supplies"], supply, good=form.id, passages="listed")
    for passage in supply.routes:
        _add(contents, sheets["supply_routes"], passage, good=form.id, line=row["line"])


def _list_pools(form: GoodForm, file: GoodFile) -> tuple[PoolForm, ...]:
    """List the stocks of a good, those of its set under the good's name."""
    shared = file.pool_sets[form.pool_set] if form.pool_set else ()
    named = (pool.model_copy(update={"id": f"{form.id}.{pool.id}"}) for pool in shared)
    return (*form.pools, *named)


def _read_services(contents: Contents, folder: Path, sheets: dict[str, Sheet]) -> None:
    """Read the essential services and who uses them."""
    contents.rows |= {"services": [], "service_users": []}
    for path in sorted((folder / "essential_services").glob("*.yaml")):
        for form in load_document(path, ServiceFile).services:
            _add(contents, sheets["services"], form)
            for use in form.uses:
                _add(contents, sheets["service_users"], use, service=form.id)


def _read_overlays(
    contents: Contents, folder: Path, economy: Economy, sheets: dict[str, Sheet]
) -> None:
    """Read what is laid over the table: dependence, curves, cables, people and areas."""
    contents.rows |= {name: [] for name in OVERLAYS}
    for need in economy.service_needs:
        _add(contents, sheets["service_needs"], need)
    for path in sorted((folder / "overlays").glob("*.yaml")):
        for point in load_document(path, OverlayFile).restoration:
            _add(contents, sheets["restoration"], point)
    for pool in economy.cables:
        _add(contents, sheets["cables"], pool)
        for landing in pool.landings:
            _add(contents, sheets["landings"], landing, cable=pool.id)
    for line in economy.workforce:
        _add(contents, sheets["workforce"], line)
    for area in economy.areas:
        _add(contents, sheets["areas"], area)
        for part in area.shares:
            _add(contents, sheets["area_shares"], part, area=area.id)
    for team in economy.repair_pools:
        _add(contents, sheets["repair_pools"], team)


def _read_routes(
    contents: Contents, folder: Path, parameters: Parameters, sheets: dict[str, Sheet]
) -> None:
    """Read the routes, their flows and the usual ways of countries."""
    contents.rows |= {"routes": [], "route_flows": [], "ways": [], "way_routes": []}
    for path in sorted((folder / "routes").glob("*.yaml")):
        if path.name == "ways.yaml":
            continue
        for form in load_document(path, RouteFile).routes:
            _add(contents, sheets["routes"], form)
            for flow in form.flows:
                _add(contents, sheets["route_flows"], flow, route=form.id)
    load_ways(folder / "routes", parameters.knots)
    ways = load_document(folder / "routes" / "ways.yaml", WayFile).ways
    for number, way in enumerate(ways, 1):
        _add(contents, sheets["ways"], way, way=str(number))
        for passage in way.routes:
            _add(contents, sheets["way_routes"], passage, way=str(number))


def list_heads_of(sheet: Sheet, contents: Contents) -> tuple[Head, ...]:
    """List the columns of a sheet as it is written."""
    if sheet.shape == "values":
        return (Head("key", "id", needed=True), Head("value", "text"))
    if sheet.shape == "matrix":
        across = contents.matrices[sheet.id].columns
        return (*sheet.heads, *(Head(name, "number", needed=True) for name in across))
    return sheet.heads
