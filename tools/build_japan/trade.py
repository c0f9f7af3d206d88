"""Build Japan's trade panel and the world's exports from the flows read."""

import csv
import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tools.build_japan.baci import Flow
from tools.build_japan.raw import OWN, read_rows
from tools.build_japan.write import write_rows

JAPAN = 392
DECIMALS = 3
UNRELEASED = (2023, 2024)
COMPRESSION_LEVEL = 19

Key = tuple[int, int, str]
Cell = tuple[float, float | None, float]


def read_countries() -> dict[int, str]:
    """Read keian's own map from numeric country codes to ISO 3166 alpha-3 codes."""
    rows = read_rows(OWN / "countries.csv")
    return {int(row["code"]): row["iso3"] for row in rows if row["code"]}


def sum_flows(flows: Iterable[Flow], partner: Callable[[Flow], int]) -> dict[Key, Cell]:
    """Sum flows by product, year and partner.

    A sum keeps the quantity that is known and says how much value has none, so that a
    missing quantity never counts as zero; with no known quantity the sum has none.

    Returns
    -------
    (value in thousand USD, tonnes or None, thousand USD without a quantity) by
    (product, year, partner ISO code).
    """
    codes = read_countries()
    sums: dict[Key, Cell] = {}
    for flow in flows:
        key = (flow.product, flow.year, codes[partner(flow)])
        value, quantity, bare = sums.get(key, (0.0, None, 0.0))
        if flow.quantity_t is None:
            bare += flow.value_kusd
        else:
            quantity = (quantity or 0.0) + flow.quantity_t
        sums[key] = (value + flow.value_kusd, quantity, bare)
    return sums


def write_panel(
    path: Path, sums: dict[Key, Cell], partner: str, what: str, *, number: pa.DataType
) -> None:
    """Write one panel as compressed Parquet, sorted by product, year and partner.

    Parameters
    ----------
    path
        File to write.
    sums
        The summed flows.
    partner
        Name of the partner column.
    what
        What the panel holds, for its metadata.
    number
        Type of the figures: 64 bits where the source's digits must survive, 32 bits
        (relative error below 1e-7) where the file would grow too large.
    """
    keys = sorted(sums)
    columns = {
        "year": pa.array([key[1] for key in keys], pa.int16()),
        "product": pa.array([f"{key[0]:06d}" for key in keys]).dictionary_encode(),
        partner: pa.array([key[2] for key in keys]).dictionary_encode(),
        "value_kusd": _make_column((sums[key][0] for key in keys), number),
        "quantity_t": _make_column((sums[key][1] for key in keys), number),
        "value_without_quantity_kusd": _make_column((sums[key][2] for key in keys), number),
    }
    notes = {
        "what": what,
        "source": "baci-hs92",
        "units": "value_kusd: thousand USD of the year; quantity_t: metric tonnes, null = unknown",
        "release": f"unknown; the years {UNRELEASED[0]}-{UNRELEASED[1]} are marked release unknown",
    }
    table = pa.table(columns).replace_schema_metadata({"keian": json.dumps(notes)})
    numbers = ["value_kusd", "quantity_t", "value_without_quantity_kusd"]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=["product", partner, "year"],
        column_encoding=dict.fromkeys(numbers, "BYTE_STREAM_SPLIT"),
    )


def write_trade(flows: tuple[Flow, ...], raw: Path, out: Path) -> None:
    """Write the three panels, the products and the countries."""
    out.mkdir(parents=True, exist_ok=True)
    imports = sum_flows((f for f in flows if f.importer == JAPAN), lambda f: f.exporter)
    exports = sum_flows((f for f in flows if f.exporter == JAPAN), lambda f: f.importer)
    world = sum_flows(flows, lambda f: f.exporter)
    exact = pa.float64()
    for name, sums, partner, what, number in (
        ("imports_jpn", imports, "exporter", "imports of Japan by exporter", exact),
        ("exports_jpn", exports, "importer", "exports of Japan by importer", exact),
        ("world_exports", world, "exporter", "exports to all countries", pa.float32()),
    ):
        write_panel(out / f"{name}.parquet", sums, partner, what, number=number)
    write_products({flow.product for flow in flows}, raw, out)
    columns = ("code", "iso3", "name_en", "name_ja", "region", "note")
    rows = read_rows(OWN / "countries.csv")
    write_rows(out / "countries.csv", columns, [[row[c] for c in columns] for row in rows])


def write_products(codes: set[int], raw: Path, out: Path) -> None:
    """Write the products: own short names, and today's official text where codes match."""
    with gzip.open(raw / "hs-codes" / "harmonized-system.csv.gz", "rt", encoding="utf-8") as text:
        official = {row["hscode"]: row["description"] for row in csv.DictReader(text)}
    rows = read_rows(OWN / "products.csv")
    if {int(row["hs92"]) for row in rows} != codes:
        raise ValueError("own/products.csv and the flows do not list the same products")
    write_rows(
        out / "products.csv",
        ("hs92", "name_en", "name_ja", "hs_text"),
        [(r["hs92"], r["name_en"], r["name_ja"], official.get(r["hs92"])) for r in rows],
    )


def _make_column(values: Iterable[float | None], number: pa.DataType) -> pa.Array:
    """Make a float column at the precision of the source."""
    rounded = [None if value is None else round(value, DECIMALS) for value in values]
    return pa.array(rounded, number)
