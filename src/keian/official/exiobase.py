"""Opens an EXIOBASE 3 system: only plain tables of the core are let in, satellites stay closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from keian.core import InputError, Problem, is_plain_name
from keian.official.grid import Faults
from keian.official.kinds import describe_misfit

PARAMETERS = "file_parameters.json"
CORE = ("A", "Z", "Y", "x", "unit")
Parsed = Any  # objects of pymrio, which has no types


def check_exiobase(path: Path, faults: Faults) -> tuple[str, list[Path], list[str]]:
    """Find the parameters of an EXIOBASE system and check which files it names.

    Returns
    -------
    Folder inside the archive, the files to digest, and the tables to load: A only without Z.
    """
    try:
        names, read = _list_members(path)
    except (OSError, BadZipFile) as error:
        fix = "download it again: the download may have broken off"
        faults.add(Problem(path.name, f"a broken archive ({error})", "an archive", fix))
        return "", [], []
    roots = [n for n in names if n.rpartition("/")[2] == PARAMETERS]
    root = min(roots, key=lambda n: (n.count("/"), n), default=None)
    if root is None:
        found, wanted = f"no {PARAMETERS}", "the archive of one year, or the folder it makes"
        faults.add(Problem(path.name, found, wanted, describe_misfit("exiobase3", path)))
        return "", [], []
    folder = root.rpartition("/")[0]
    listed = _read_listed(path, root, read, faults)
    for key in ("Y", "unit"):
        if key not in listed:
            fix = "download it again"
            faults.add(Problem(f"{path.name} {root}", f"no table {key}", "A or Z, Y, unit", fix))
    if not {"A", "Z"} & set(listed):
        faults.add(
            Problem(f"{path.name} {root}", "no table A or Z", "one of them", "download it again")
        )
    for key, name in listed.items():
        _check_member(path, key, (folder, name), names, faults)
    files = (
        [path]
        if path.is_file()
        else [path / n for n in (root, *listed.values()) if (path / n).is_file()]
    )
    return folder, files, [key for key in listed if key != "A" or "Z" not in listed]


def _list_members(path: Path) -> tuple[list[str], Callable[[str], bytes]]:
    """List the files of an archive or folder, and give a way to read one."""
    if path.is_dir():
        names = [p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()]
        return names, lambda name: (path / name).read_bytes()
    with ZipFile(path) as archive:
        names = archive.namelist()
        broken = archive.testzip()
        if broken is not None:
            msg = f"{broken} is damaged"
            raise BadZipFile(msg)

    def read(name: str) -> bytes:
        with ZipFile(path) as archive:
            return archive.read(name)

    return names, read


def _read_listed(
    path: Path, root: str, read: Callable[[str], bytes], faults: Faults
) -> dict[str, str]:
    """Read which file holds which table."""
    try:
        files = json.loads(read(root))["files"]
        return {key: str(files[key]["name"]) for key in CORE if key in files}
    except (ValueError, KeyError, TypeError) as error:
        fix = "download it again"
        faults.add(Problem(f"{path.name} {root}", f"no list of files ({error!r})", "one", fix))
        return {}


def _check_member(
    path: Path, key: str, place: tuple[str, str], names: list[str], faults: Faults
) -> None:
    """Check a file that the system names: there, plain, no pickled object."""
    folder, name = place
    full = f"{folder}/{name}" if folder else name
    if not is_plain_name(name) or not name.endswith((".txt", ".parquet")):
        wanted = "a .txt or .parquet file beside it"
        faults.add(
            Problem(f"{path.name} {key}", repr(name), wanted, "do not open it; take the original")
        )
    elif full not in names:
        fix = "download it again, or unpack it whole"
        faults.add(Problem(f"{path.name} {key}", f"no file {full}", "the file", fix))


def load_core(parser: Parsed, path: Path, folder: str, wanted: Sequence[str]) -> Parsed:
    """Load flows, final demand and output only: the satellites are most of the archive."""
    try:
        held = parser.load(path, path_in_arc=folder, subset=[*wanted])
    except (ValueError, KeyError, OSError, BadZipFile) as error:
        found = f"a table that pymrio cannot parse ({type(error).__name__}: {error})"
        fix = "download it again: the download may have broken off"
        raise InputError([Problem(path.name, found, "an EXIOBASE system", fix)]) from None
    if getattr(held, "Z", None) is None:
        if held.x is None:
            fix = "take the archive that holds x.txt too"
            raise InputError([Problem(path.name, "A without Z and x", "Z, or A and x", fix)])
        held.Z = held.A * np.asarray(held.x, dtype=np.float64).reshape(-1)
    return held
