"""Looks whether this machine, this installation and the shipped tables are fit for a review."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from keian.core import KeianError, digest_file

PACKAGE = Path(__file__).parents[1]
OLDEST = (3, 11)
ENOUGH_DISK_GB = 1.0
ENOUGH_MEMORY_GB = 2.0
GB = 1e9
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)$")
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do unless it is fit.

    `about` tells whose fault a failure is: the machine's or the data's.
    """

    level: Literal["ok", "warn", "fail"]
    what: str
    found: str
    fix: str = ""
    about: Literal["machine", "data"] = "machine"


def examine(workspace: Path) -> Iterator[Finding]:
    """Look at everything, one finding after another; no look ends the others."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _look_at_python,
        _look_at_packages,
        _look_at_cache,
        _look_at_threads,
        _look_at_memory,
        lambda: _look_at_disk(workspace),
        _look_at_tables,
        _look_at_economy,
    )
    for look in looks:
        yield from look()


def _look_at_python() -> Iterator[Finding]:
    running = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST:
        yield Finding("fail", "Python", running, "install Python 3.11 or newer")
        return
    yield Finding("ok", "Python", f"{running} on {sys.platform}")


def _look_at_packages() -> Iterator[Finding]:
    wrong = []
    for line in metadata.requires("keian") or []:
        match = REQUIREMENT.match(line)
        if match is None or "extra ==" in line:
            continue
        name, least = match.groups()
        installed = find_version(name)
        if installed is None:
            wrong.append(f"{name} is not installed")
        elif parse_version(installed) < parse_version(least):
            wrong.append(f"{name} {installed} is older than {least}")
    if wrong:
        fix = "install again: python3 make.py setup, or pip install --upgrade keian"
        yield Finding("fail", "packages", "; ".join(wrong), fix)
        return
    yield Finding("ok", "packages", "all that keian needs are there")
    yield from _compare_with_constraints()


def _compare_with_constraints() -> Iterator[Finding]:
    """Compare with the known-good set, where the project's folder is at hand."""
    constraints = PACKAGE.parents[1] / "constraints.txt"
    if not constraints.is_file():
        return
    needed = {
        match[1].lower()
        for line in metadata.requires("keian") or []
        if (match := REQUIREMENT.match(line))
    }
    other = []
    for line in constraints.read_text(encoding="utf-8").splitlines():
        match = PINNED.match(line.strip())
        if match is None or match[1].lower() not in needed:
            continue
        installed = find_version(match[1])
        if installed is not None and installed != match[2]:
            other.append(f"{match[1]} {installed} instead of {match[2]}")
    if other:
        fix = "the same bits are promised for constraints.txt: python3 make.py setup"
        yield Finding("warn", "known-good set", "; ".join(other), fix)
        return
    yield Finding("ok", "known-good set", "versions are those of constraints.txt")


def find_version(name: str) -> str | None:
    """Return the installed version of a package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def parse_version(text: str) -> tuple[int, ...]:
    """Read the numbers of a version, as far as they are plain.

    Examples
    --------
    >>> parse_version("2.10.1rc1") > parse_version("2.9")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _look_at_cache() -> Iterator[Finding]:
    named = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(named) if named else PACKAGE / "crisis" / "__pycache__"
    kept = len(list(folder.glob("**/_kernels*.nbi"))) if folder.is_dir() else 0
    if not is_writable(folder):
        fix = "set NUMBA_CACHE_DIR to a folder that you may write to"
        found = f"{folder} cannot be written: every first run compiles again"
        yield Finding("warn", "compiled kernels", found, fix)
    elif kept:
        yield Finding("ok", "compiled kernels", f"{kept} kept in {folder}")
    else:
        yield Finding("ok", "compiled kernels", "none yet: the first run takes a minute longer")


def is_writable(folder: Path) -> bool:
    """Tell whether a file can be made in a folder, or in the nearest one above it."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False


def _look_at_threads() -> Iterator[Finding]:
    import numpy as np
    from threadpoolctl import threadpool_info

    pools = [
        f"{pool['internal_api']} {pool['num_threads']}"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    ]
    cores = os.cpu_count() or 1
    found = f"{cores} cores; BLAS of numpy {np.__version__}: {', '.join(pools) or 'unknown'}"
    yield Finding("ok", "threads", f"{found}, held to 1 while runs are played")


def _look_at_memory() -> Iterator[Finding]:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GB
    found = f"{total:.1f} GB"
    if total < ENOUGH_MEMORY_GB:
        yield Finding("warn", "memory", found, "ask for fewer --draws, or use a larger machine")
        return
    yield Finding("ok", "memory", found)


def _look_at_disk(workspace: Path) -> Iterator[Finding]:
    place = workspace.absolute()
    if not is_writable(place):
        fix = "name a folder you may write to: --workspace DIR, or KEIAN_WORKSPACE"
        yield Finding("fail", "workspace", f"{workspace} cannot be written", fix)
        return
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / GB
    found = f"{workspace}, {free:.1f} GB free"
    if free < ENOUGH_DISK_GB:
        yield Finding("warn", "workspace", found, "free some space, or name another --workspace")
        return
    yield Finding("ok", "workspace", found)


def _look_at_tables() -> Iterator[Finding]:
    for manifest in sorted((PACKAGE / "economy" / "data").glob("*/manifest.json")):
        what = f"tables of {manifest.parent.name}"
        outputs = json.loads(manifest.read_text(encoding="utf-8"))["outputs"]
        changed = [
            name
            for name, digests in outputs.items()
            if not (manifest.parent / name).is_file()
            or digest_file(manifest.parent / name) != digests["sha256"]
        ]
        if changed:
            names = ", ".join(changed[:MOST_NAMED])
            found = f"{len(changed)} of {len(outputs)} files differ from manifest.json: {names}"
            fix = "install keian again, or build the tables again with tools/build_japan"
            yield Finding("fail", what, found, fix, "data")
        else:
            yield Finding("ok", what, f"{len(outputs)} files, sha256 as in manifest.json")


def _look_at_economy() -> Iterator[Finding]:
    from keian.economy import check_economy, load_economy

    for folder in sorted((PACKAGE / "economy" / "data").glob("*/parameters.yaml")):
        what = f"economy {folder.parent.name}"
        try:
            verdict = check_economy(load_economy(folder.parent.name, illustrative=True))
        except KeianError as error:
            yield Finding("fail", what, str(error), "install keian again", "data")
            continue
        found = "; ".join(verdict.lines()[: -len(verdict.problems) or None])
        fix = "; ".join(str(problem) for problem in verdict.problems)
        yield Finding("ok" if verdict.ok else "fail", what, found, fix, "data")
