"""Checks an ICIO file of OECD line by line before it is parsed: labels, lengths, cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np

from keian.core import InputError, Problem
from keian.official.grid import Faults, read_number
from keian.official.kinds import describe_misfit
from keian.sheets.xlsx_read import MOST_UNPACKED_BYTES

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NOT_SOLD = frozenset({"VA", "TLS", "OUT", "OUTPUT"})  # rows that are no industry
NOT_BOUGHT = frozenset({"OUT", "TOTAL"})
NOT_SOLD_PARTS = ("VALU", "TAX")
FINALS = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "DIRP", "NPS", "P33", "DISC", "FD")


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


def check_icio(path: Path, faults: Faults) -> dict[str, float]:
    """Check labels and cells of an ICIO file; returns output by unit where the file gives it."""
    output: dict[str, float] = {}
    sellers: list[str] = []
    parts: list[str] = []
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
                    continue
                parts.append(cells[0])
                if cells[0] in {"OUT", "OUTPUT"}:
                    pairs = zip(head[1:], cells[1:], strict=False)
                    output = {name: read_number(cell) or 0.0 for name, cell in pairs}
    except (OSError, UnicodeDecodeError, BadZipFile, csv.Error, EOFError) as error:
        fix = "download it again: the download may have broken off"
        faults.add(Problem(path.name, f"a broken file ({error})", "a .csv file", fix))
        return {}
    buyers = [name for name in head[1:] if not _is_final(name)]
    finals = [name for name in head[1:] if _is_final(name)]
    _check_labels(path, sellers, buyers, faults)
    _check_once(path, {"row": parts, "column": finals}, faults)
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
        if not NUMBER.fullmatch(cell.strip()):
            where, fix = f"{path.name}:{number} {cells[0]}, {name}", "take the file as published"
            found = repr(cell[:30]) if cell else "nothing"
            faults.add(Problem(where, found, "a number", fix), of=f"cells of {path.name}")


def _check_once(path: Path, labels: Mapping[str, list[str]], faults: Faults) -> None:
    """Check that value added and final demand stand once, and that there is final demand."""
    for which, names in labels.items():
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            fix = "take the file as published"
            found = f"{which} {', '.join(twice[:3])} twice"
            faults.add(Problem(path.name, found, "each once", fix))
    if not any(name not in NOT_BOUGHT for name in labels["column"]):
        fix = "download it again: it may be cut"
        faults.add(Problem(f"{path.name}:1", "no final demand", "its columns", fix))


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
