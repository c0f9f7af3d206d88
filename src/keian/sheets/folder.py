"""Writes the folder of an economy from what the sheets hold, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from keian.core import InputError, Problem, load_schema, to_plain
from keian.economy.frames import SCHEMAS
from keian.economy.world_table import FINALS
from keian.sheets.contents import BY_PRODUCT, Cells, Contents
from keian.sheets.flatten import unflatten
from keian.sheets.layout import Sheet, list_sheets

if TYPE_CHECKING:
    import pandas as pd

FOLDERS = ("table", "goods", "essential_services", "overlays", "routes", "trade")
NO_SHARE = 0.0


class _Dumper(yaml.SafeDumper):
    """Writes YAML without anchors, which keian's documents refuse."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature of PyYAML's own
        return True


@contextmanager
def replace_folder(target: Path, *, replace: bool) -> Iterator[Path]:
    """Give a folder to fill that takes the place of `target` when nothing fails.

    The folder lies beside its place, is flushed to the disk and moved by one renaming. A failure
    leaves what was there before, and nothing else.

    Raises
    ------
    InputError
        Something stands at the place and `replace` was not asked.
    """
    if target.exists() and not replace:
        fix = "name another folder, or add --replace"
        raise InputError([Problem(str(target), "something is there already", "no folder", fix)])
    if target.exists() and not (target / "parameters.yaml").is_file():
        fix = "name another folder"
        raise InputError(
            [Problem(str(target), "something that is no economy", "the folder of an economy", fix)]
        )
    made = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield part
        _flush(part)
        _swap(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        for folder in made:
            if not any(folder.iterdir()):
                folder.rmdir()


def _swap(part: Path, target: Path) -> None:
    """Move the new folder to its place; the old one comes back if that fails."""
    part.chmod(0o755)
    if not target.exists():
        part.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    target.rename(old / target.name)
    try:
        part.rename(target)
    except OSError:
        (old / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    """Write files and folders through to the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
    if os.name == "posix":
        for path in (folder, *(p for p in folder.rglob("*") if p.is_dir())):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def write_folder(contents: Contents, folder: Path) -> None:
    """Write the folder of an economy.

    Parameters
    ----------
    contents
        What was read from sheets; lists are tuples.
    folder
        Folder to fill.
    """
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for sheet in list_sheets():
        if sheet.shape == "frame":
            _write_frame(contents, sheet, folder)
    _write_flows(contents, folder / "table" / "flows.npz")
    write_yaml(folder / "parameters.yaml", _make_parameters(contents))
    goods = {"goods": make_goods(contents), "registered": _make_registered(contents)}
    write_yaml(folder / "goods" / "goods.yaml", goods)
    write_yaml(folder / "goods" / "uses.yaml", {"uses": make_documents(contents, "uses")})
    services = _nest(contents, "services", "service_users", "service", "uses")
    write_yaml(folder / "essential_services" / "services.yaml", {"services": services})
    write_yaml(folder / "overlays" / "overlays.yaml", _make_overlays(contents))
    routes = _nest(contents, "routes", "route_flows", "route", "flows")
    write_yaml(folder / "routes" / "routes.yaml", {"routes": routes})
    write_yaml(folder / "routes" / "ways.yaml", {"ways": _make_ways(contents)})
    write_yaml(folder / "sources.yaml", make_documents(contents, "sources"))
    write_yaml(folder / "sources_goods.yaml", [])


def _make_overlays(contents: Contents) -> dict[str, Any]:
    """Make the document of what is laid over the table."""
    return {
        "restoration": make_documents(contents, "restoration"),
        "service_needs": make_documents(contents, "service_needs"),
        "cables": _nest(contents, "cables", "landings", "cable", "landings"),
        "workforce": make_documents(contents, "workforce"),
        "areas": _nest(contents, "areas", "area_shares", "area", "shares"),
        "repair_pools": make_documents(contents, "repair_pools"),
    }


def write_yaml(path: Path, thing: object) -> None:
    """Write a document as YAML that comes back exactly."""
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(_to_lists(thing), stream, _Dumper, sort_keys=False, allow_unicode=True, width=120)


def write_manifest(path: Path, thing: Mapping[str, Any]) -> None:
    """Write what an import did, beside what it made."""
    text = json.dumps(to_plain(thing), ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")


def _to_lists(thing: Any) -> Any:  # noqa: ANN401 - plain data
    if isinstance(thing, dict):
        return {key: _to_lists(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_to_lists(item) for item in thing]
    return thing


def make_documents(contents: Contents, name: str) -> list[dict[str, Any]]:
    """Make the documents of a sheet."""
    sheet = _find(name)
    return [_make_one(sheet, cells) for cells in contents.rows.get(name, [])]


def _make_one(sheet: Sheet, cells: Cells) -> dict[str, Any]:
    """Make one document: the columns that are fields of its form."""
    fields = sheet.model.model_fields if sheet.model else {}
    return unflatten(cells, [head for head in sheet.heads if head.key.split(".")[0] in fields])


def _find(name: str) -> Sheet:
    return next(sheet for sheet in list_sheets() if sheet.id == name)


def _nest(
    contents: Contents, outer: str, inner: str, parent: str, field: str
) -> list[dict[str, Any]]:
    """Put the rows of one sheet into the documents of another."""
    sheet = _find(inner)
    documents = make_documents(contents, outer)
    for document in documents:
        rows = [row for row in contents.rows.get(inner, []) if row.get(parent) == document["id"]]
        document[field] = [_make_one(sheet, row) for row in rows]
    return documents


def _make_parameters(contents: Contents) -> dict[str, Any]:
    """Make the document of the parameters with the lists it holds."""
    sheet = _find("parameters")
    document = unflatten(contents.values["parameters"], sheet.heads)
    speeds = (unflatten(row, _find("speeds").heads) for row in contents.rows["speeds"])
    document["knots"] = {speed["cargo"]: speed["knots"] for speed in speeds}
    for name in BY_PRODUCT:
        document[name] = make_documents(contents, name)
    document["cover"]["rules"] = make_documents(contents, "cover_rules")
    return document


def make_goods(contents: Contents) -> list[dict[str, Any]]:
    """Make the documents of the goods with their supplies and stocks."""
    usual = _list_usual(contents)
    pools = _find("pools")
    documents = make_documents(contents, "goods")
    for document in documents:
        rows = (row for row in contents.rows.get("supplies", []) if row["good"] == document["id"])
        document["supplies"] = [_make_supply(contents, row, usual) for row in rows]
        document["pools"] = [
            _make_one(pools, row)
            for row in contents.rows.get("pools", [])
            if row["good"] == document["id"]
        ]
    return documents


def _make_registered(contents: Contents) -> list[dict[str, Any]]:
    """Make the documents of the goods that are listed only."""
    documents = _nest(contents, "registered", "registered_known", "registered", "known")
    gaps = _nest(contents, "registered", "registered_missing", "registered", "missing")
    return [
        document | {"missing": other["missing"]}
        for document, other in zip(documents, gaps, strict=True)
    ]


def _make_supply(
    contents: Contents, row: Cells, usual: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Make a line of supply; a usual passage that is not listed gets the share 0."""
    document = _make_one(_find("supplies"), row)
    if row.get("passages") != "listed":
        return document
    sheet = _find("supply_routes")
    listed = [
        _make_one(sheet, cells)
        for cells in contents.rows.get("supply_routes", [])
        if cells["good"] == row["good"] and cells.get("line") == row.get("line")
    ]
    present = {passage["route"] for passage in listed}
    left_out = [route for route in usual.get(str(row["origin"]), ()) if route not in present]
    if listed:
        # What keian derives from the ways of a country comes back unless something stands for it.
        listed += [{"route": name, "share": NO_SHARE, "position_days": 0.0} for name in left_out]
    document["routes"] = listed
    return document


def _list_usual(contents: Contents) -> dict[str, tuple[str, ...]]:
    """List the usual passages of each country."""
    usual: dict[str, tuple[str, ...]] = {}
    for way in contents.rows.get("ways", []):
        rows = contents.rows.get("way_routes", [])
        routes = tuple(str(row["route"]) for row in rows if row.get("way") == way.get("way"))
        usual |= dict.fromkeys(way["countries"], routes)
    return usual


def _make_ways(contents: Contents) -> list[dict[str, Any]]:
    """Make the usual ways of countries."""
    sheet, inner = _find("ways"), _find("way_routes")
    return [
        _make_one(sheet, way)
        | {
            "routes": [
                _make_one(inner, row)
                for row in contents.rows.get("way_routes", [])
                if row.get("way") == way.get("way")
            ]
        }
        for way in contents.rows.get("ways", [])
    ]


def _write_frame(contents: Contents, sheet: Sheet, folder: Path) -> None:
    """Write a table as its schema says."""
    frame = contents.frames[sheet.id]
    if sheet.id == "units":
        output, added = (frame[key].to_numpy(np.float64) for key in ("x_musd", "value_added_musd"))
        share = np.divide(added, output, out=np.full_like(output, np.nan), where=output > 0)
        frame = frame.assign(v_share=share)
    columns = load_schema(SCHEMAS / f"{sheet.schema}.csv")
    frame = frame[[column.name for column in columns]]
    if sheet.file.endswith(".parquet"):
        frame.to_parquet(folder / sheet.file, index=False)
        return
    lists = [_list_column(frame[c.name], as_int=c.dtype == "int") for c in columns]
    with (folder / sheet.file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        writer.writerows(zip(*lists, strict=True))


def _list_column(column: pd.Series[Any], *, as_int: bool) -> list[Any]:
    """List the cells of a column; missing is empty."""
    cells = column.tolist()
    if as_int:
        return ["" if cell is None or cell != cell else int(cell) for cell in cells]  # noqa: PLR0124 - NaN is not equal to itself
    return ["" if cell is None or cell != cell else cell for cell in cells]  # noqa: PLR0124 - as above


def _write_flows(contents: Contents, path: Path) -> None:
    """Write flows, final demand, output and value added in the order of the units."""
    units = contents.frames["units"]
    ids = [str(cell) for cell in units["id"]]
    regions = [str(cell) for cell in contents.frames["regions"]["id"]]
    finals = [f"{region}.{kind}" for region in regions for kind in FINALS]
    np.savez_compressed(
        path,
        units=np.array(ids),
        regions=np.array(regions),
        finals=np.array(FINALS),
        Z=_order(contents, "flows", ids, ids),
        Y=_order(contents, "final_demand", ids, finals),
        x=units["x_musd"].to_numpy(np.float64),
        v=units["value_added_musd"].to_numpy(np.float64),
    )


def _order(contents: Contents, name: str, rows: list[str], columns: list[str]) -> Any:  # noqa: ANN401 - an array
    """Bring a matrix into the order of the units; as it is where that is its order."""
    matrix = contents.matrices[name]
    if matrix.rows == tuple(rows) and matrix.columns == tuple(columns):
        return matrix.values
    down = {name: at for at, name in enumerate(matrix.rows)}
    across = {name: at for at, name in enumerate(matrix.columns)}
    return matrix.values[np.ix_([down[r] for r in rows], [across[c] for c in columns])]
