"""Build the crop tables: Japan's trade, the world's exports, production."""

import csv
import gzip
from collections import defaultdict
from pathlib import Path

from tools.build_japan.raw import OWN, read_assumptions, read_rows
from tools.build_japan.write import write_rows

FOLDER = "faostat-crops-2022"
HOME = "JPN"
HOME_NAME = "Japan"
WORLD = "WORLD"
RICE = "rice"
# The preprocessed file names Micronesia twice; both spellings mean the same country.
ALIASES = {"Micronesia, Fed. Sts..1": "FSM"}


def read_country_names() -> dict[str, str]:
    """Map the country names of the crop files to ISO 3166 alpha-3 codes."""
    rows = read_rows(OWN / "countries.csv")
    return ALIASES | {row["faostat"] or row["name_en"]: row["iso3"] for row in rows}


def write_crops(raw: Path, out: Path) -> None:
    """Write Japan's crop trade, the world's crop exports and crop production.

    Raises
    ------
    ValueError
        If a country of the raw files is not in keian's own country table.
    """
    names = read_country_names()
    with gzip.open(raw / FOLDER / "trade.csv.gz", "rt", encoding="utf-8") as text:
        flows = list(csv.DictReader(text))
    unknown = {row[side] for row in flows for side in ("exporter", "importer")} - set(names)
    if unknown:
        raise ValueError(f"countries missing in own/countries.csv: {sorted(unknown)}")
    exports: dict[tuple[str, str], float] = defaultdict(float)
    home = []
    for row in flows:
        exporter, importer, tonnes = names[row["exporter"]], names[row["importer"]], row["tonnes"]
        exports[row["crop"], exporter] += float(tonnes)
        if HOME in (exporter, importer):
            home.append((row["crop"], exporter, importer, float(tonnes)))
    write_rows(out / "crops_jpn.csv", ("crop", "exporter", "importer", "tonnes"), sorted(home))
    write_rows(
        out / "crops_world_exports.csv",
        ("crop", "exporter", "tonnes"),
        [(crop, exporter, tonnes) for (crop, exporter), tonnes in sorted(exports.items())],
    )
    _write_production(raw, out)


def _write_production(raw: Path, out: Path) -> None:
    """Write what Japan and the world produce, and rice also as milled rice.

    Rice production is paddy while rice is traded milled: the last column brings it to
    the form that is traded, by a labelled assumption.
    """
    milled = read_assumptions()["rice_milled_share"]
    rows = read_rows(raw / FOLDER / "production.csv")
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        sums[row["crop"], WORLD] += float(row["tonnes"])
        if row["country"] == HOME_NAME:
            sums[row["crop"], HOME] += float(row["tonnes"])
    write_rows(
        out / "crops_production.csv",
        ("crop", "country", "form", "tonnes", "traded_form_tonnes"),
        [
            (
                crop,
                country,
                "paddy" if crop == RICE else "grain",
                tonnes,
                tonnes * milled if crop == RICE else tonnes,
            )
            for (crop, country), tonnes in sorted(sums.items())
        ],
    )
