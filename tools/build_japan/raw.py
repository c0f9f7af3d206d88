"""The raw files the build reads: pinned by sha256, each with its public route."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OWN = HERE / "own"


class RawFileError(Exception):
    """One or more raw files are missing or differ from the pinned version."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One pinned raw file."""

    path: str
    sha256: str
    source: str
    route: str


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a small CSV into a list of rows, every cell as text."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def digest_file(path: Path) -> str:
    """Return the sha256 of a file as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_pins() -> tuple[RawFile, ...]:
    """Read the list of pinned raw files that stands beside this module."""
    return tuple(RawFile(**row) for row in read_rows(HERE / "raw_files.csv"))


def check_raw_files(raw: Path, pins: tuple[RawFile, ...]) -> None:
    """Compare every raw file with its pin and report all faults together.

    Parameters
    ----------
    raw
        Folder that holds the raw files under the relative paths of the pins.
    pins
        The pinned files.

    Raises
    ------
    RawFileError
        If a file is missing or its sha256 differs; the message lists every one of
        them with the sha256 wanted and the public route to the file.
    """
    faults = []
    for pin in pins:
        path = raw / pin.path
        if not path.is_file():
            found = "missing"
        else:
            digest = digest_file(path)
            if digest == pin.sha256:
                continue
            found = f"sha256 {digest}"
        faults.append(
            f"{path}: found {found}, wanted sha256 {pin.sha256};\n    public route: {pin.route}"
        )
    if faults:
        count = len(faults)
        raise RawFileError(
            f"{count} of {len(pins)} raw files cannot be used:\n  " + "\n  ".join(faults)
        )


def read_assumptions() -> dict[str, float]:
    """Read the mode of each assumption used by the build, by its id."""
    return {row["id"]: float(row["value"]) for row in read_rows(HERE / "assumptions.csv")}


def read_published() -> dict[str, float]:
    """Read the single published figures used by the build, by their id."""
    return {row["id"]: float(row["value"]) for row in read_rows(HERE / "published.csv")}
