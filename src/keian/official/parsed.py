"""Reads OECD ICIO and EXIOBASE 3 through pymrio, after a look at what it would pass over.

pymrio takes an empty cell for zero and looks into no row that is short; a file cut in its download
would pass. So the labels and every cell of an ICIO file are checked first, with their lines. Its
loader opens whatever an EXIOBASE folder names, pickled objects too; only plain tables are let in.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from keian.core import InputError, Names, Problem, is_plain_name
from keian.core.path_guard import refuse_link
from keian.official.categories import find_final_kind
from keian.official.digests import describe_files
from keian.official.grid import Faults, read_number
from keian.official.kinds import describe_misfit, find_kind
from keian.official.nouns import DISCREPANCY, Final, Floats, OfficialTable
from keian.official.years import agree_year
from keian.sheets.xlsx_read import MOST_UNPACKED_BYTES

PARAMETERS = "file_parameters.json"
CORE = ("A", "Z", "Y", "x", "unit")
NOT_SOLD = frozenset({"VA", "TLS", "OUT", "OUTPUT"})  # rows of an ICIO file that are no industry
NOT_BOUGHT = frozenset({"OUT", "TOTAL"})
NOT_SOLD_PARTS = ("VALU", "TAX")
Parsed = Any  # objects of pymrio, which has no types
FINALS = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "DIRP", "NPS", "P33", "DISC", "FD")


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
    found = agree_year(path, _list_titles(path) if kind == "exiobase3" else (), year, faults)
    parser = _import_parser(path, faults)
    output: dict[str, float] = {}
    if kind == "oecd-icio":
        output = _check_icio(path, faults)
        faults.refuse()
        parsed = parser.parse_oecd(path)
        files = [path]
    else:
        folder, files, wanted = _check_exiobase(path, faults)
        faults.refuse()
        parsed = _load_core(parser, path, folder, wanted)
    return _take(parsed, kind, path, found, files, output)


def _import_parser(path: Path, faults: Faults) -> Parsed:
    """Import pymrio; without it, say how to get it."""
    try:
        import pymrio
    except ImportError:
        fix = "install the extra: pip install 'keian[io]'"
        faults.add(Problem(path.name, "no pymrio to parse it", "pymrio 0.6 or newer", fix))
        return None
    return pymrio


@contextmanager
def _open_text(path: Path) -> Iterator[io.TextIOBase]:
    """Open a .csv file, or the one in an archive."""
    if path.suffix.lower() != ".zip":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
        return
    with ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.lower().endswith(".csv")]
        if len(names) != 1 or len(archive.namelist()) != 1:
            found = f"{len(names)} tables in the archive"
            fix = "unpack it and name the file of one year"
            raise InputError([Problem(path.name, found, "one", fix)])
        if archive.getinfo(names[0]).file_size > MOST_UNPACKED_BYTES:
            fix = "do not open it; download it again"
            raise InputError([Problem(path.name, "an archive far too large", "a table", fix)])
        with archive.open(names[0]) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
            yield text


def _check_icio(path: Path, faults: Faults) -> dict[str, float]:
    """Check labels and cells of an ICIO file; returns output by unit where the file gives it."""
    output: dict[str, float] = {}
    sellers: list[str] = []
    try:
        with _open_text(path) as stream:
            lines = csv.reader(stream)
            head = next(lines, [])
            for number, cells in enumerate(lines, 2):
                if not cells:
                    continue
                _check_line(path, number, cells, head, faults)
                if not _is_part(cells[0]):
                    sellers.append(cells[0])
                elif cells[0] in {"OUT", "OUTPUT"}:
                    pairs = zip(head[1:], cells[1:], strict=False)
                    output = {name: read_number(cell) or 0.0 for name, cell in pairs}
    except (OSError, UnicodeDecodeError, BadZipFile, csv.Error, EOFError) as error:
        fix = "download it again: the download may have broken off"
        faults.add(Problem(path.name, f"a broken file ({error})", "a .csv file", fix))
        return {}
    buyers = [name for name in head[1:] if not _is_final(name)]
    _check_labels(path, sellers, buyers, faults)
    return output


def _is_part(label: str) -> bool:
    return label in NOT_SOLD or any(part in label for part in NOT_SOLD_PARTS)


def _is_final(label: str) -> bool:
    return label in NOT_BOUGHT or any(part in label.split("_") for part in FINALS)


def _check_line(path: Path, number: int, cells: list[str], head: list[str], faults: Faults) -> None:
    """Check the length of a line and that its cells are numbers."""
    if len(cells) != len(head):
        fix = "download it again: the download may have broken off"
        found, wanted = f"{len(cells)} cells", f"{len(head)}, as in the first line"
        faults.add(Problem(f"{path.name}:{number}", found, wanted, fix), of=f"lines of {path.name}")
        return
    try:
        numbers = np.array(cells[1:], dtype=np.float64)
    except ValueError:
        numbers = np.array([np.nan])
    if np.isfinite(numbers).all():
        return
    for name, cell in zip(head[1:], cells[1:], strict=True):
        if read_number(cell) is None:
            where, fix = f"{path.name}:{number} {cells[0]}, {name}", "take the file as published"
            found = repr(cell[:30]) if cell else "nothing"
            faults.add(Problem(where, found, "a number", fix), of=f"cells of {path.name}")


def _check_labels(path: Path, sellers: list[str], buyers: list[str], faults: Faults) -> None:
    """Check that rows and columns are the same units, named REGION_INDUSTRY."""
    fix = f"download it again: it may be cut; or {describe_misfit('oecd-icio', path)}"
    plain = [name for name in dict.fromkeys((*sellers, *buyers)) if "_" not in name]
    if not buyers or not sellers or len(plain) == len(set(buyers) | set(sellers)):
        wanted = "labels REGION_INDUSTRY, e.g. JPN_C10T12"
        faults.add(Problem(f"{path.name}:1", "no such labels", wanted, fix))
        return
    for name in plain:
        faults.add(
            Problem(path.name, repr(name), "REGION_INDUSTRY", fix), of=f"labels of {path.name}"
        )
    for which, ours, theirs in (("row", sellers, buyers), ("column", buyers, sellers)):
        missing = [name for name in theirs if name not in set(ours)]
        if missing:
            found = f"no {which} of {len(missing)} units, the first {missing[0]}"
            faults.add(Problem(path.name, found, f"a {which} of each unit", fix))
        if len(set(ours)) < len(ours):
            found = f"{len(ours) - len(set(ours))} {which}s twice"
            faults.add(Problem(path.name, found, "each unit once", fix))


def _list_titles(path: Path) -> list[str]:
    """The name of the folder inside an archive tells the year too."""
    return [path.stem]


def _check_exiobase(path: Path, faults: Faults) -> tuple[str, list[Path], list[str]]:
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


def _load_core(parser: Parsed, path: Path, folder: str, wanted: Sequence[str]) -> Parsed:
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
        home = {"CN": "CHN", "MX": "MEX"}.get(region[:2]) if region[2:].isdigit() else region
        if (home, sector) in summed:
            summed[home, sector] += value  # type: ignore[index]
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
