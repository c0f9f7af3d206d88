"""keian exposure read: a trade file into Parquet, with everything that was met listed."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from keian.cli.errors import write_json, write_line
from keian.cli.exposure import list_remarks
from keian.core import InputError, Problem
from keian.exposure.correspondence import convert_flows, read_correspondence
from keian.exposure.flows import Flows
from keian.exposure.flows_store import write_flows
from keian.exposure.trade_files import (
    read_baci,
    read_comtrade,
    read_customs_japan,
    read_faostat,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read and where to put it; `countries` and `yen_rate` are for the customs' files."""

    path: Path
    to: Path
    kind: str
    nomenclature: str
    countries: Path | None
    yen_rate: float | None
    correspondence: Path | None = None
    edition: str = "HS92"


def read_trade(wanted: Wanted, *, as_json: bool) -> None:
    """Read a trade file, store it and tell what was met.

    Raises
    ------
    InputError
        The file cannot be read, or an option it needs is missing.
    """
    flows = open_file(wanted)
    if wanted.correspondence is not None:
        table = read_correspondence(wanted.correspondence)
        flows = convert_flows(flows, table, wanted.edition, path=wanted.correspondence)
    write_flows(flows, wanted.to)
    if as_json:
        write_json(describe_flows(flows, wanted.to))
        return
    years = f"{int(flows.year.min())}-{int(flows.year.max())}" if len(flows) else "-"
    write_line(
        f"{wanted.to}: {len(flows):,} flows, {len(flows.countries)} countries, "
        f"{len(flows.products)} products, {years}, {flows.nomenclature}"
    )
    for remark in flows.remarks:
        unknown = math.isnan(remark.value_kusd)
        value = "value unknown" if unknown else f"{remark.value_kusd:,.0f} thousand USD"
        examples = f" ({', '.join(remark.examples)})" if remark.examples else ""
        write_line(f"  {remark.kind}: {remark.count:,} rows, {value}, {remark.fate}{examples}")


def describe_flows(flows: Flows, path: Path) -> dict[str, object]:
    """Describe what was read as plain data."""
    return {
        "file": str(path),
        "flows": len(flows),
        "countries": list(flows.countries),
        "products_count": len(flows.products),
        "years": sorted({int(year) for year in set(flows.year.tolist())}),
        "nomenclature": flows.nomenclature,
        "provisional": sorted(flows.provisional),
        "digest": flows.digest,
        "remarks": list_remarks(flows.remarks),
    }


def open_file(wanted: Wanted) -> Flows:
    """Open a file with the reader of its kind."""
    if wanted.kind == "comtrade":
        return read_comtrade(wanted.path)
    if wanted.kind == "faostat":
        return read_faostat(wanted.path)
    if wanted.kind == "baci":
        return read_baci(wanted.path, nomenclature=wanted.nomenclature)
    missing = [
        Problem(name, "nothing", what, f"add {name}")
        for name, what, given in (
            ("--countries", "a CSV of the customs' country numbers", wanted.countries),
            ("--yen-rate", "the mean rate of the year", wanted.yen_rate),
        )
        if given is None
    ]
    if missing or wanted.countries is None or wanted.yen_rate is None:
        raise InputError(missing)
    return read_customs_japan(
        wanted.path,
        country_codes=read_codes(wanted.countries),
        yen_per_usd=wanted.yen_rate,
    )


def read_codes(path: Path) -> dict[int, str]:
    """Read a list of country numbers: CSV with the columns code and iso3."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wrong = [
        Problem(f"{path}:{line}", str(row), "a number and an ISO 3166 code", "correct the row")
        for line, row in enumerate(rows, 2)
        if not (row.get("code") or "").strip().isdigit() or not row.get("iso3")
    ]
    if wrong or not rows:
        nothing = [Problem(str(path), "no row", "the columns code, iso3", "fill in the list")]
        raise InputError(wrong or nothing)
    return {int(row["code"]): row["iso3"].strip() for row in rows}
