"""What is laid over the table beside the services: curves, dependence, cables, people, areas, teams."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from keian.core import InputError, Problem, load_document
from keian.economy.forms import OverlayFile
from keian.economy.nouns import Area, CablePool, RepairPool, Workforce

SHARE_TOLERANCE = 1e-6


def load_overlays(folder: Path, regional_table: str | None = None) -> OverlayFile:
    """Load every file of overlays in a folder, merged; a folder that is not there has none.

    Raises
    ------
    InputError
        Shares do not add up, ids stand twice, or an area pretends to more than is known.
    """
    files = [load_document(path, OverlayFile) for path in sorted(folder.glob("*.yaml"))]
    merged = OverlayFile(
        restoration=tuple(point for file in files for point in file.restoration),
        service_needs=tuple(need for file in files for need in file.service_needs),
        cables=tuple(pool for file in files for pool in file.cables),
        workforce=tuple(line for file in files for line in file.workforce),
        areas=tuple(area for file in files for area in file.areas),
        repair_pools=tuple(pool for file in files for pool in file.repair_pools),
    )
    problems = [
        *check_cables(merged.cables, merged.areas),
        *check_workforce(merged.workforce),
        *check_areas(merged.areas, regional_table),
        *check_repair_pools(merged.repair_pools),
    ]
    if problems:
        raise InputError(problems)
    return merged


def check_cables(cables: tuple[CablePool, ...], areas: tuple[Area, ...]) -> list[Problem]:
    """List pools whose landings do not carry all capacity or lie in an unknown area, and idle ones."""
    known = {area.id for area in areas}
    problems: list[Problem] = []
    for pool in cables:
        where = f"overlays: {pool.id}.landings"
        total = sum(landing.capacity_share.mode for landing in pool.landings)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            wanted, fix = "capacity shares that sum to 1", "correct the shares"
            problems.append(Problem(where, f"{total:.6g}", wanted, fix))
        if pool.used_share is not None and pool.used_share.low <= 0.0:
            where_used, wanted = f"overlays: {pool.id}.used_share", "a share above 0"
            fix = "correct it, or leave it out where all of the capacity is in use"
            problems.append(Problem(where_used, f"{pool.used_share.low:g}", wanted, fix))
        problems += [
            Problem(where, landing.area, "a known area", "add the area or correct its id")
            for landing in pool.landings
            if landing.area not in known
        ]
    return problems


def check_workforce(workforce: tuple[Workforce, ...]) -> list[Problem]:
    """List lines that share a unit, or whose contracts do not make up all employees."""
    counts = Counter(unit for line in workforce for unit in line.units)
    problems = [
        Problem("overlays: workforce", f"{unit} twice", "one line a unit", "merge the lines")
        for unit, count in sorted(counts.items())
        if count > 1
    ]
    for line in workforce:
        where = f"overlays: workforce {line.id}"
        regular, other = line.regular_share, line.non_regular_share
        if (regular is None) != (other is None):
            fix = "write both shares, or null for both"
            problems.append(Problem(where, "one share of contracts", "both or none", fix))
        elif regular is not None and other is not None:
            total = regular.mode + other.mode
            if abs(total - 1.0) > SHARE_TOLERANCE:
                wanted, fix = "shares that sum to 1", "correct the shares"
                problems.append(Problem(where, f"{total:.6g}", wanted, fix))
    return problems


def check_repair_pools(pools: tuple[RepairPool, ...]) -> list[Problem]:
    """List pools that stand twice or have a negative number of teams."""
    counts = Counter(pool.id for pool in pools)
    problems = [
        Problem("overlays: repair pools", f"{name} twice", "one pool an id", "rename one")
        for name, count in sorted(counts.items())
        if count > 1
    ]
    problems += [
        Problem(
            f"overlays: repair pool {pool.id}", f"{pool.teams.low:g} teams", "0 or more", "mend it"
        )
        for pool in pools
        if pool.teams.low < 0
    ]
    return problems


def check_areas(areas: tuple[Area, ...], regional_table: str | None) -> list[Problem]:
    """List areas that overlap, share out more than all of a unit, or stand for one prefecture.

    A single prefecture needs a regional table: assumed shares would pretend to know it.
    """
    problems: list[Problem] = []
    if regional_table is None:
        fix = "join it with its neighbours, or load a regional table and name it in regional_table"
        problems += [
            Problem(f"overlays: area {area.id}", "one prefecture", "a block of prefectures", fix)
            for area in areas
            if len(area.prefectures) < 2 and area.prefectures != (HOKKAIDO,)  # noqa: PLR2004 - a block has two or more
        ]
    counts = Counter(code for area in areas for code in area.prefectures)
    problems += [
        Problem("overlays: areas", f"{code} in {count} areas", "one area", "correct the list")
        for code, count in sorted(counts.items())
        if count > 1
    ]
    totals: Counter[str] = Counter()
    for area in areas:
        for part in area.shares:
            totals[part.unit_id] += part.share.mode  # type: ignore[assignment]  # shares are no whole numbers
    problems += [
        Problem("overlays: areas", f"{unit} {total:.6g}", "shares of at most 1", "correct them")
        for unit, total in sorted(totals.items())
        if total > 1.0 + SHARE_TOLERANCE
    ]
    return problems


HOKKAIDO = "JP-01"  # a block of its own in every regional table
