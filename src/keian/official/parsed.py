"""Reads OECD ICIO and EXIOBASE 3 through pymrio, after a look at what it would pass over.

pymrio takes an empty cell for zero and looks into no row that is short; a file cut in its download
would pass. So the labels and every cell of an ICIO file are checked first, with their lines. Its
loader opens whatever an EXIOBASE folder names, pickled objects too; only plain tables are let in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from keian.core import InputError, Names, Problem
from keian.core.path_guard import refuse_link
from keian.official.categories import find_final_kind
from keian.official.digests import describe_files
from keian.official.exiobase import check_exiobase, load_core
from keian.official.grid import Faults, read_number
from keian.official.icio import check_icio
from keian.official.kinds import find_kind
from keian.official.nouns import DISCREPANCY, Final, Floats, OfficialTable
from keian.official.years import agree_year

Parsed = Any  # objects of pymrio, which has no types


def read_parsed(path: Path, kind: str, year: int | None = None) -> OfficialTable:
    """Read a table with pymrio.

    Parameters
    ----------
    path
        ICIO: the .csv file of a year, or an archive of that one file. EXIOBASE: archive or folder.
    kind
        `oecd-icio` or `exiobase3`.
    year
        Year that it must be of; as the name says if left out.

    Raises
    ------
    InputError
        pymrio is not there, or everything that is wrong with the file.
    """
    refuse_link(path)
    faults = Faults()
    found = agree_year(path, (path.stem,) if kind == "exiobase3" else (), year, faults)
    parser = _import_parser(path, faults)
    output: dict[str, float] = {}
    if kind == "oecd-icio":
        output = check_icio(path, faults)
        faults.refuse()
        parsed = _parse_icio(parser, path)
        files = [path]
    else:
        folder, files, wanted = check_exiobase(path, faults)
        faults.refuse()
        parsed = load_core(parser, path, folder, wanted)
    return _take(parsed, kind, path, found, files, output)


def _parse_icio(parser: Parsed, path: Path) -> Parsed:
    """Parse a checked ICIO file."""
    try:
        return parser.parse_oecd(path)
    except (ValueError, KeyError, IndexError) as error:
        found = f"a table that pymrio cannot parse ({type(error).__name__}: {error})"
        fix = "download it again; or report the release that it is of"
        raise InputError([Problem(path.name, found, "an ICIO file", fix)]) from None


def _import_parser(path: Path, faults: Faults) -> Parsed:
    """Import pymrio; without it, say how to get it."""
    try:
        import pymrio
    except ImportError:
        fix = "install the extra: pip install 'keian[io]'"
        faults.add(Problem(path.name, "no pymrio to parse it", "pymrio 0.6 or newer", fix))
        return None
    return pymrio


def _take(
    parsed: Parsed,
    kind: str,
    path: Path,
    year: int,
    files: list[Path],
    output: dict[str, float],
) -> OfficialTable:
    """Take flows and final demand from what pymrio parsed."""
    rows = tuple((str(r), str(s)) for r, s in (tuple(label)[:2] for label in parsed.Z.index))
    Z, Y = _to_numbers(path, "Z", parsed.Z), _to_numbers(path, "Y", parsed.Y)
    problems = _check_parsed(path, parsed, Z, Y)
    if problems:
        raise InputError(problems)
    regions = tuple(dict.fromkeys(region for region, _ in rows))
    finals = tuple(_name_final(tuple(label), regions) for label in parsed.Y.columns)
    unnamed = sorted({final.name for final in finals if not final.kind})
    if unnamed:
        wanted = "consumption, capital formation, inventories"
        fix = "take the file as published"
        raise InputError([Problem(f"{path.name} Y", name, wanted, fix) for name in unnamed])
    n = len(rows)
    return OfficialTable(
        origin=describe_files(kind, path, files),
        year=year,
        unit=find_kind(kind).unit,
        rows=rows,
        region_names={r: Names(en=r, ja=r) for r in regions},
        sector_names={s: Names(en=s, ja=s) for _, s in rows},
        Z=Z,
        finals=finals,
        Y=Y,
        x=_find_output(parsed, rows, output),
        v=_find_value_added(parsed, n),
        partners=(),
        imports=np.zeros((n, 0)),
    )


def _to_numbers(path: Path, name: str, frame: Parsed) -> Floats:
    """Take the cells of a parsed frame; text among them is told with its labels."""
    try:
        return np.asarray(frame, dtype=np.float64)
    except ValueError:
        faults = Faults()
        for row, cells in zip(frame.index, frame.itertuples(index=False), strict=True):
            for column, cell in zip(frame.columns, cells, strict=True):
                if read_number(cell) is None:
                    where = f"{path.name} {name}, {' '.join(map(str, row))}, {' '.join(map(str, column))}"
                    fix = "take the table as published"
                    problem = Problem(where, repr(str(cell)[:30]), "a number", fix)
                    faults.add(problem, of=f"cells of {path.name}")
        faults.refuse()
        raise


def _check_parsed(path: Path, parsed: Parsed, Z: Floats, Y: Floats) -> list[Problem]:
    """List what keeps parsed frames from being a table."""
    fix = "take the table as published, whole"
    problems = []
    if Z.shape[0] != Z.shape[1] or list(parsed.Z.index) != list(parsed.Z.columns):
        found = f"{Z.shape[0]} rows and {Z.shape[1]} columns"
        problems.append(Problem(f"{path.name} Z", found, "the same units on both sides", fix))
    if len(Y) != len(Z):
        problems.append(Problem(f"{path.name} Y", f"{len(Y)} rows", f"{len(Z)}, as Z", fix))
    for name, values in (("Z", Z), ("Y", Y)):
        bad = int((~np.isfinite(values)).sum())
        if bad:
            found = f"{bad} cells that are no number"
            problems.append(Problem(f"{path.name} {name}", found, "numbers only", fix))
    return problems


def _name_final(label: tuple[Any, ...], regions: tuple[str, ...]) -> Final:
    """Name a column of final demand; one of no region is a discrepancy."""
    region, name = str(label[0]), " ".join(str(part) for part in label[1:])
    if region not in regions:
        return Final(regions[0], f"{region} {name}", DISCREPANCY)
    return Final(region, name, find_final_kind(name) or "")


def _find_output(
    parsed: Parsed,
    rows: tuple[tuple[str, str], ...],
    output: dict[str, float],
) -> Floats:
    """Find published output: of EXIOBASE x, of ICIO the last row; NaN where there is none."""
    held = getattr(parsed, "x", None)
    if held is not None:
        return np.asarray(held, dtype=np.float64).reshape(-1)
    summed = dict.fromkeys(rows, 0.0)
    for label, value in output.items():
        region, _, sector = label.partition("_")
        # Parts of China and Mexico stand apart in the file, and pymrio adds them up.
        home = {"CN": "CHN", "MX": "MEX"}.get(region[:2], "") if region[2:].isdigit() else region
        if (home, sector) in summed:
            summed[home, sector] += value
    if not any(summed.values()):
        return np.full(len(rows), np.nan)
    return np.array([summed[row] for row in rows])


def _find_value_added(parsed: Parsed, n: int) -> Floats:
    """Sum value added and taxes as published; NaN where pymrio holds none."""
    factors = getattr(parsed, "factor_inputs", None)
    if factors is None:
        return np.full(n, np.nan)
    added: Floats = np.asarray(factors.F, dtype=np.float64).sum(axis=0)
    return added
