"""Writes a published table as the folder of an economy."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keian.core import InputError, Names, Problem, digest_bytes, is_plain_name
from keian.official.kinds import find_kind
from keian.official.nouns import SET_APART, OfficialTable
from keian.official.settle import part_imports, set_apart, transfer_negatives
from keian.official.verdict import TableVerdict
from keian.official.words import say_both
from keian.sheets.contents import Contents
from keian.sheets.folder import replace_folder, write_folder, write_manifest
from keian.sheets.imports import check_folder
from keian.sheets.iosystem import make_contents

DOLLARS, YEN = "MUSD", "MJPY"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What economy to make of a table.

    home : region that the review is about, as the table codes it.
    name : name of the economy and of its folder.
    by_sea : sectors whose products move by sea, as the table codes them.
    per_usd : money of the table per US dollar, mean of its year, e.g. 79.81 yen; None for dollars.
    yen_per_usd : for figures in yen; that of a table in yen is `per_usd`.
    """

    home: str
    name: str
    by_sea: tuple[str, ...] = ()
    per_usd: float | None = None
    yen_per_usd: float | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """An economy written: folder, digest, and what was assumed on the way."""

    folder: Path
    digest: str
    assumed: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class _Frames:
    """A table as labelled frames, as `keian.sheets.iosystem` takes them."""

    Z: Any
    Y: Any
    unit: Any


def write_official(
    table: OfficialTable, verdict: TableVerdict, out: Path, wanted: Wanted
) -> Written:
    """Write a table as an economy that a review and `keian simulate` can use.

    Without goods, services and routes: every input counts as critical, covers and times on the way
    are labelled assumptions, to be replaced in the spreadsheets.

    Raises
    ------
    InputError
        The table is unfit, or home, name or sectors are wrong; nothing is written then.
    """
    _check_wanted(table, verdict, wanted)
    settled = _convert(part_imports(transfer_negatives(set_apart(table))), wanted)
    contents = make_contents(
        _label(settled), home=wanted.home, year=table.year, by_sea=wanted.by_sea
    )
    _name(contents, settled)
    _set_rate(contents, table, wanted)
    assumed = _cite(contents, table, verdict)
    with replace_folder(out / wanted.name, replace=wanted.replace) as folder:
        write_folder(contents, folder)
        digest = check_folder(folder, wanted.name)
        write_manifest(folder / "manifest.json", _describe(table, assumed))
    return Written(out / wanted.name, digest, assumed)


def _check_wanted(table: OfficialTable, verdict: TableVerdict, wanted: Wanted) -> None:
    """List everything that keeps the table from becoming an economy."""
    problems = list(verdict.problems)
    if not is_plain_name(wanted.name):
        told = "a folder name of letters, digits and . _ -"
        problems.append(Problem("--name", repr(wanted.name), told, "give another"))
    regions, sectors = set(table.regions), set(table.sectors)
    named = [("--home", wanted.home, regions), *(("--by-sea", s, sectors) for s in wanted.by_sea)]
    for option, found, known in named:
        if found not in known:
            told = f"one of {', '.join(sorted(known)[:60])}"
            problems.append(Problem(option, repr(found), told, "write it as the table codes it"))
    problems += _check_rates(table, wanted)
    if problems:
        raise InputError(problems)


def _check_rates(table: OfficialTable, wanted: Wanted) -> list[Problem]:
    """List rates of exchange that are missing or no rates; reports are in dollars and yen."""
    told = "money of the table per US dollar, mean of its year"
    problems = []
    if table.unit != DOLLARS and wanted.per_usd is None:
        fix = f"add --per-usd RATE, for {table.year}"
        problems.append(Problem("--per-usd", f"none, and a table in {table.unit}", told, fix))
    if table.unit == DOLLARS and wanted.per_usd is not None:
        fix = "leave it out"
        problems.append(Problem("--per-usd", "a rate for a table in dollars", "none", fix))
    for option, rate in (("--per-usd", wanted.per_usd), ("--yen-per-usd", wanted.yen_per_usd)):
        if rate is not None and not 0 < rate < np.inf:
            problems.append(Problem(option, f"{rate:g}", "a number above 0", "correct it"))
    return problems


def _convert(table: OfficialTable, wanted: Wanted) -> OfficialTable:
    """Bring a table into million dollars."""
    if wanted.per_usd is None:
        return table
    Z, Y = table.Z / wanted.per_usd, table.Y / wanted.per_usd
    return dataclasses.replace(table, unit=DOLLARS, Z=Z, Y=Y, x=Z.sum(axis=1) + Y.sum(axis=1))


def _set_rate(contents: Contents, table: OfficialTable, wanted: Wanted) -> None:
    """Set the rate for figures in yen; without one, a yen a dollar stands in."""
    rate = wanted.per_usd if table.unit == YEN else wanted.yen_per_usd
    if rate is None:
        return
    contents.values["parameters"] |= {
        "yen_per_usd.value": float(rate), "yen_per_usd.source": "a-exchange-rate",
    }  # fmt: skip
    contents.rows["sources"].append({
        "id": "a-exchange-rate",
        "title": f"Rate of exchange, {rate:g} yen per US dollar",
        "kind": "assumption",
        "note": f"Given by the user when the table of {table.year} was read.",
    })  # fmt: skip


def _label(table: OfficialTable) -> _Frames:
    """Label a table with region and sector."""
    import pandas as pd

    rows = pd.MultiIndex.from_tuples(table.rows)
    columns = pd.MultiIndex.from_tuples([(final.region, final.kind) for final in table.finals])
    unit = pd.DataFrame({"unit": [table.unit] * len(rows)}, index=rows)
    return _Frames(pd.DataFrame(table.Z, rows, rows), pd.DataFrame(table.Y, rows, columns), unit)


def _name(contents: Contents, table: OfficialTable) -> None:
    """Give regions, industries and units the names of the table, in place of its codes."""
    frames = contents.frames
    regions = [table.region_names[r] for r in table.regions]
    sectors = [table.sector_names[s] for s in table.sectors]
    frames["regions"] = frames["regions"].assign(
        name_en=[name.en for name in regions], name_ja=[name.ja for name in regions]
    )
    frames["countries"] = frames["countries"].assign(
        name_en=[name.en for name in regions], name_ja=[name.ja for name in regions]
    )
    frames["industries"] = frames["industries"].assign(
        name_en=[name.en for name in sectors], name_ja=[name.ja for name in sectors]
    )
    pairs = [(table.region_names[r], table.sector_names[s]) for r, s in table.rows]
    frames["units"] = frames["units"].assign(
        name_en=[f"{r.en}: {s.en}" for r, s in pairs], name_ja=[f"{r.ja}：{s.ja}" for r, s in pairs]
    )


def _cite(contents: Contents, table: OfficialTable, verdict: TableVerdict) -> tuple[Names, ...]:
    """Add the table and what was assumed on the way to the sources; returns the assumptions."""
    kind = find_kind(table.origin.kind)
    digests = "".join(f"{name}:{digest}\n" for name, digest in table.origin.sha256)
    files = ", ".join(name for name, _ in table.origin.sha256)
    shown: dict[str, Any] = {
        "id": f"{table.origin.kind}-{table.year}",
        "title": f"{kind.title}, {table.year}",
        "publisher": kind.publisher,
        "url": kind.url,
        "locator": files[:200],
        "licence": kind.licence,
        "grade": "A" if kind.publisher else "C",
        "kind": "published",
        "vintage": str(table.year),
        "sha256": table.origin.sha256[0][1]
        if len(table.origin.sha256) == 1
        else digest_bytes(digests.encode()),
        "note": " ".join(note.en for note in table.origin.notes) or None,
    }
    assumed = list(_list_assumed(table, verdict))
    contents.rows["sources"] += [{k: v for k, v in shown.items() if v is not None}]
    contents.rows["sources"] += [
        {"id": key, "title": title.en, "kind": "assumption", "note": note.en}
        for key, title, note in assumed
    ]
    return tuple(
        Names(en=f"{title.en}: {note.en}", ja=f"{title.ja}：{note.ja}")
        for _, title, note in assumed
    )


def _list_assumed(table: OfficialTable, verdict: TableVerdict) -> list[tuple[str, Names, Names]]:
    """List what was assumed: id, title, how far it reaches."""
    told: list[tuple[str, Names, Names]] = []
    apart, negative = verdict.find("set_apart"), verdict.find("negative_flows")
    output = verdict.output

    def add(key: str, **facts: object) -> None:
        source = f"a-{key.replace('_', '-')}"
        told.append((source, say_both(f"{key}_title"), say_both(f"{key}_note", **facts)))

    if apart.count:
        moved = np.abs(table.Y[:, table.of_kind(*SET_APART)].sum(axis=1)).sum()
        add("set_apart", count=f"{apart.count:,}", share=f"{moved / output:.2%}")
    if negative.count:
        share = f"{negative.value / output:.3%}"
        add("negative_flows", count=f"{negative.count:,}", share=share)
    if table.partners:
        add("import_proportion", count=verdict.find("great_imports").count or 0)
    return told


def _describe(table: OfficialTable, assumed: tuple[Names, ...]) -> dict[str, object]:
    """Describe where an economy came from."""
    return {
        "what": "an economy read from a published input-output table",
        "kind": table.origin.kind,
        "year": table.year,
        "sha256": dict(table.origin.sha256),
        "notes": [note.en for note in table.origin.notes],
        "assumed": [line.en for line in assumed],
    }
