"""Flows to Parquet and back: a full year is read from its CSV once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from keian.core import CLEAR, InputError, Label, Problem, digest_file
from keian.economy.nouns import IntArray
from keian.exposure.flows import Flows

HERE = Path(__file__).parent
COLUMNS = ("year", "exporter", "importer", "product", "value_kusd", "quantity_t")


def list_flow_years(folder: Path = HERE / "data/trade") -> tuple[int, ...]:
    """List the years whose flows between all countries are shipped."""
    return tuple(sorted(int(path.stem.split("_")[1]) for path in folder.glob("flows_*.parquet")))


def load_world_flows(year: int, provisional: frozenset[int] = frozenset()) -> Flows:
    """Load the shipped flows between all countries in one year (74 raw materials).

    Raises
    ------
    InputError
        The year is not shipped.
    """
    path = HERE / f"data/trade/flows_{year}.parquet"
    if not path.is_file():
        wanted = f"one of {', '.join(map(str, list_flow_years()))}"
        raise InputError([Problem("year", str(year), wanted, "choose one of them")])
    return read_flows(path, provisional=provisional & {year})


def read_flows(path: Path, *, provisional: frozenset[int] = frozenset()) -> Flows:
    """Read flows that keian wrote.

    Raises
    ------
    InputError
        The file is no Parquet file with these columns, or an amount is infinite.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=list(COLUMNS), read_dictionary=list(COLUMNS[1:4]))
    except (pa.ArrowInvalid, KeyError) as error:
        wanted = f"Parquet with the columns {', '.join(COLUMNS)}"
        raise InputError([Problem(str(path), str(error), wanted, "convert it again")]) from error
    _refuse_infinite(table, path)
    coded = {name: _decode(table[name]) for name in COLUMNS[1:4]}
    countries = tuple(sorted({*coded["exporter"][1], *coded["importer"][1]}))
    products = tuple(sorted(coded["product"][1]))
    notes = json.loads((table.schema.metadata or {}).get(b"keian", b"{}"))
    return Flows(
        year=table["year"].to_numpy().astype(np.int16),
        exporter=_place(*coded["exporter"], countries),
        importer=_place(*coded["importer"], countries),
        product=_place(*coded["product"], products),
        value_kusd=table["value_kusd"].to_numpy().astype(np.float64),
        quantity_t=table["quantity_t"].to_numpy().astype(np.float64),
        countries=countries,
        products=products,
        nomenclature=str(notes.get("nomenclature", "HS")),
        provisional=provisional | frozenset(notes.get("provisional", ())),
        remarks=(),
        sources=(str(notes.get("source", path.name)),),
        label=Label(str(notes.get("label", CLEAR.level))),
        digest=digest_file(path),
    )


def write_flows(flows: Flows, path: Path) -> None:
    """Write flows as compressed Parquet, with nomenclature, label and provisional years."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def code(places: IntArray, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - pyarrow ships no types
        return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(names))

    columns = {
        "year": pa.array(flows.year),
        "exporter": code(flows.exporter, flows.countries),
        "importer": code(flows.importer, flows.countries),
        "product": code(flows.product, flows.products),
        "value_kusd": pa.array(flows.value_kusd),
        "quantity_t": pa.array(flows.quantity_t),
    }
    notes = {
        "nomenclature": flows.nomenclature,
        "provisional": sorted(flows.provisional),
        "source": flows.sources[0],
        "label": flows.label.level,
    }
    table = pa.table(columns).replace_schema_metadata({"keian": json.dumps(notes)})
    pq.write_table(table, path, compression="zstd")


def _refuse_infinite(table: Any, path: Path) -> None:  # noqa: ANN401 - pyarrow ships no types
    """Refuse amounts that no flow can have."""
    problems = []
    for name in COLUMNS[4:]:
        rows = np.flatnonzero(np.isinf(table[name].to_numpy().astype(np.float64)))
        if len(rows):
            found = f"{len(rows)} infinite"
            fix = "correct them, or read the published file again"
            problems.append(
                Problem(f"{path} row {rows[0] + 1} {name}", found, "finite numbers", fix)
            )
    if problems:
        raise InputError(problems)


def _decode(column: Any) -> tuple[IntArray, list[str]]:  # noqa: ANN401 - pyarrow ships no types
    """Take a dictionary column apart: places and names."""
    whole = column.unify_dictionaries().combine_chunks()
    return whole.indices.to_numpy(zero_copy_only=False), whole.dictionary.to_pylist()


def _place(places: IntArray, names: list[str], ordered: tuple[str, ...]) -> IntArray:
    """Turn places in one list into places in another."""
    where = {name: at for at, name in enumerate(ordered)}
    turned = np.array([where[name] for name in names], dtype=np.int32)
    return turned[places]
