"""Reads a table given as arrays: for what other programs parsed, and for tables of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np

from keian.core import InputError, Names, Problem
from keian.core.path_guard import refuse_link
from keian.official.categories import find_final_kind
from keian.official.digests import describe_files
from keian.official.grid import Faults, read_grid
from keian.official.kinds import describe_misfit, find_kind
from keian.official.nouns import SET_APART, Final, Floats, OfficialTable
from keian.official.years import agree_year

WANTED = ("Z", "Y", "x")
LISTS = ("countries.csv", "industries.csv", "final_demand.csv")
KINDS = ("hh_consumption", "npish_consumption", "government", "gfcf", "exports", *SET_APART)
MOST_BYTES = 4_000_000_000  # unpacked: a table of some 20,000 units in double precision


def read_arrays(path: Path, year: int | None = None) -> OfficialTable:
    """Read `NAME_YYYY.npz` with `Z` (n, n), `Y` (n, k), `x` (n,), million dollars a year.

    Beside it lie `countries.csv` (column `country`), `industries.csv` (`code,name`) and
    `final_demand.csv` (`code`: hh_consumption, npish_consumption, government, gfcf, inventories).
    Rows go country by country and, in each, industry by industry; columns of `Y` likewise.

    Raises
    ------
    InputError
        Everything that is wrong with the files.
    """
    faults = Faults()
    refuse_link(path)
    flows = _unpack(path, faults)
    lists = [_read_list(path.parent / name, faults) for name in LISTS]
    found = agree_year(path, (), year, faults)
    faults.refuse()
    countries, industries, finals = lists
    rows = tuple((c[0], i[0]) for c in countries for i in industries)
    columns = tuple(Final(c[0], f[0], _find_kind(f[0])) for c in countries for f in finals)
    _check_arrays(path, flows, (len(rows), len(columns)), faults)
    _check_kinds(path, columns, faults)
    faults.refuse()
    n = len(rows)
    return OfficialTable(
        origin=describe_files("arrays", path, (path, *(path.parent / name for name in LISTS))),
        year=found,
        unit=find_kind("arrays").unit,
        rows=rows,
        region_names={c[0]: Names(en=c[-1], ja=c[-1]) for c in countries},
        sector_names={i[0]: Names(en=i[-1], ja=i[-1]) for i in industries},
        Z=flows["Z"],
        finals=columns,
        Y=flows["Y"],
        x=flows["x"],
        v=np.full(n, np.nan),
        partners=(),
        imports=np.zeros((n, 0)),
    )


def _unpack(path: Path, faults: Faults) -> dict[str, Floats]:
    """Unpack the arrays unless they are too large; no pickled object is ever loaded."""
    try:
        with ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_BYTES:
            wanted = f"at most {MOST_BYTES:,} bytes"
            faults.add(Problem(path.name, f"{unpacked:,} bytes unpacked", wanted, "split it"))
            return {}
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            missing = [name for name in WANTED if name not in arrays.files]
            for name in missing:
                fix = describe_misfit("arrays", path)
                faults.add(Problem(path.name, f"no array {name}", ", ".join(WANTED), fix))
            return {n: arrays[n].astype(np.float64) for n in WANTED if n not in missing}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        fix = "make or copy the file again; it may be cut"
        faults.add(Problem(path.name, f"a broken file ({error})", "an .npz file", fix))
        return {}


def _read_list(path: Path, faults: Faults) -> list[list[str]]:
    """Read a list: code and, if there is one, name."""
    try:
        grid = read_grid(path)
    except InputError as error:
        for problem in error.problems:
            faults.add(problem)
        return []
    rows = [[str(cell) for cell in row if cell is not None] for row in grid.rows[1:]]
    rows = [row for row in rows if row]
    codes = [row[0] for row in rows]
    if not rows or len(set(codes)) < len(codes):
        found = f"{len(codes) - len(set(codes))} codes twice" if rows else "no line"
        faults.add(Problem(path.name, found, "each code once", "mend the list"))
    return rows


def _find_kind(name: str) -> str:
    return name if name in KINDS else find_final_kind(name) or ""


def _check_kinds(path: Path, finals: Sequence[Final], faults: Faults) -> None:
    for name in dict.fromkeys(final.name for final in finals if not final.kind):
        wanted = f"one of {', '.join(KINDS)}"
        faults.add(Problem(f"{LISTS[2]} of {path.name}", repr(name), wanted, "rename it"))


def _check_arrays(
    path: Path, flows: dict[str, Floats], size: tuple[int, int], faults: Faults
) -> None:
    """Check shapes, and that every cell is a number."""
    n, k = size
    fix = "bring arrays and lists to one order"
    for name, shape in (("Z", (n, n)), ("Y", (n, k)), ("x", (n,))):
        found = flows[name].shape
        if found != shape:
            faults.add(Problem(f"{path.name} {name}", f"shape {found}", f"shape {shape}", fix))
        bad = int((~np.isfinite(flows[name])).sum())
        if bad:
            told = f"{bad} cells that are no finite number"
            faults.add(Problem(f"{path.name} {name}", told, "numbers only", "fill them in first"))
