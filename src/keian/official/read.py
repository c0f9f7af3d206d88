"""Opens a published table with the reader of its kind."""

from __future__ import annotations

from pathlib import Path

from keian.core import InputError, Problem
from keian.official.arrays import read_arrays
from keian.official.japan import SHEETS, read_japan
from keian.official.kinds import find_kind
from keian.official.nouns import OfficialTable
from keian.official.parsed import read_parsed
from keian.official.wiod import read_wiod

FOLDERS = ("exiobase3",)
PARSED = ("oecd-icio", "exiobase3")


def read_official(kind: str, path: Path, year: int | None = None) -> OfficialTable:
    """Read a published input-output table.

    Parameters
    ----------
    kind
        One of `load_kinds()`.
    path
        File or folder as downloaded.
    year
        Year that it must be of; as it says itself if left out.

    Raises
    ------
    InputError
        Everything that is wrong, with file, sheet and cell.
    """
    find_kind(kind)
    if not path.exists():
        raise InputError(
            [Problem(str(path), "nothing there", "a table", "name a file that is there")]
        )
    if path.is_dir() and kind not in FOLDERS:
        wanted = f"a file: {find_kind(kind).files}"
        raise InputError([Problem(str(path), "a folder", wanted, "name the file in it")])
    if kind == "arrays":
        return read_arrays(path, year)
    if kind in SHEETS:
        return read_japan(path, kind, year)
    if kind in PARSED:
        return read_parsed(path, kind, year)
    return read_wiod(path, kind, year)
