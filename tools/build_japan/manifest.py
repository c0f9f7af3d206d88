"""Write the sources with their pins, and a manifest of everything built."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from tools.build_japan.baci import PACKAGE, WHEEL_SHA256
from tools.build_japan.raw import HERE, OWN, RawFile, digest_file, read_rows
from tools.build_japan.table import Built, list_negatives

FOLDERS = ("table", "trade")


def write_sources(pins: Iterable[RawFile], out: Path) -> None:
    """Write ``sources.yaml``: own texts, plus the sha256 of each raw file.

    A source with several raw files carries the sha256 of the first one listed; the
    others stand in ``manifest.json``. Values and ranges of assumptions join the note.
    """
    digests = {"baci-hs92": WHEEL_SHA256}
    for pin in pins:
        digests.setdefault(pin.source, pin.sha256)
    values: dict[str, list[str]] = {}
    for row in read_rows(HERE / "assumptions.csv"):
        text = f"{row['what']}: {row['value']}, range {row['low']}-{row['high']}"
        values.setdefault(row["source"], []).append(text)
    sources = yaml.safe_load((OWN / "sources.yaml").read_text(encoding="utf-8"))
    for source in sources:
        if source["id"] in digests:
            source["sha256"] = digests[source["id"]]
        if source["id"] in values:
            source["note"] = " ".join([source["note"], "; ".join(values[source["id"]]) + "."])
    text = yaml.safe_dump(sources, allow_unicode=True, sort_keys=False, width=100)
    header = "# Written by tools/build_japan; texts live in tools/build_japan/own/sources.yaml.\n"
    (out / "sources.yaml").write_text(header + text, encoding="utf-8", newline="\n")


def digest_content(path: Path) -> str:
    """Return the sha256 of what a file says, whatever library version wrote it.

    CSV files count byte by byte; arrays and columns count by name, type and values.
    """
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            parts = [
                f"{key}{arrays[key].dtype.str}{arrays[key].shape}".encode() + arrays[key].tobytes()
                for key in sorted(arrays.files)
            ]
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        parts = [frame.to_csv(index=False, lineterminator="\n").encode()]
    else:
        parts = [path.read_bytes()]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def write_manifest(built: Built, pins: Iterable[RawFile], out: Path) -> None:
    """Write ``manifest.json``: inputs, parameters, derived figures, outputs."""
    world = built.world
    assumptions = read_rows(HERE / "assumptions.csv")
    manifest = {
        "what": "keian's tables for Japan, written by tools/build_japan",
        "year": 2011,
        "currency": "MUSD",
        "yen_per_usd": built.yen_per_usd,
        "yen_per_usd_source": "yen-rate-2011",
        "implied_yen_per_usd": built.implied_yen_per_usd,
        "road_market_factor": built.own_account_factor,
        "units": len(world.ids),
        "masked_units": [i for i, x in zip(world.ids, world.x, strict=True) if x == 0],
        "negative_cells_kept": list_negatives(world),
        "assumptions": {row["id"]: float(row["value"]) for row in assumptions},
        "inputs": {pin.path: pin.sha256 for pin in pins} | {f"PyPI {PACKAGE}": WHEEL_SHA256},
        "outputs": {
            str(path.relative_to(out).as_posix()): {
                "sha256": digest_file(path),
                "content_sha256": digest_content(path),
            }
            for folder in FOLDERS
            for path in sorted((out / folder).iterdir())
        },
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
