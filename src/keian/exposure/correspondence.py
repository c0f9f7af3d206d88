"""Turns flows from one edition of the headings into another by an official correspondence."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from keian.core import InputError, Problem, digest_file, digest_json
from keian.economy.nouns import BoolArray, FloatArray
from keian.exposure.concentration import Places, sum_by, sum_known
from keian.exposure.editions import name_edition
from keian.exposure.flows import Flows, Remark

COLUMNS = ("from", "to")
DIGITS = 6
MOST_PROBLEMS = 20
MOST_EXAMPLES = 5
ROUNDING = 1e-6
Correspondence = Mapping[str, tuple[tuple[str, float], ...]]


def read_correspondence(path: Path) -> Correspondence:
    """Read a correspondence: CSV with the columns from, to and, where a code is split, share.

    Returns
    -------
    by old heading: the new headings with the share of the old one that goes to each; they sum to 1.

    Raises
    ------
    InputError
        Codes that are no six digits, shares that do not sum to 1, codes split without shares; all
        of them with their lines.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            header = reader.fieldnames or ()
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        fix = "give the correspondence as a CSV file"
        raise InputError([Problem(str(path), str(error), "a text file in utf-8", fix)]) from error
    lacking = [name for name in COLUMNS if name not in header]
    if lacking or not rows:
        found = f"no column {', '.join(lacking)}" if lacking else "no row"
        fix = "save the official conversion table with these two columns"
        raise InputError([Problem(f"{path}:1", found, "the columns from, to", fix)])
    problems: list[Problem] = []
    parts: dict[str, dict[str, float]] = {}
    for line, row in rows:
        problems += _check_row(f"{path}:{line}", row)
        given = (row.get("share") or "").strip()
        share = float(given) if _is_share(given) else math.nan
        targets = parts.setdefault(str(row["from"]).strip(), {})
        targets[str(row["to"]).strip()] = share
    problems += [p for code, targets in parts.items() for p in _check_shares(path, code, targets)]
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    return {
        code: tuple((to, 1.0 if len(targets) == 1 else share) for to, share in targets.items())
        for code, targets in parts.items()
    }


def _check_row(where: str, row: Mapping[str, str | None]) -> list[Problem]:
    problems = []
    for name in COLUMNS:
        text = (row.get(name) or "").strip()
        if not (text.isascii() and text.isdigit() and len(text) == DIGITS):
            fix = "write the heading with its leading zero"
            problems.append(Problem(f"{where} {name}", repr(text), "six digits", fix))
    given = (row.get("share") or "").strip()
    if given and not _is_share(given):
        fix = "write the share as a number, or leave the cell empty"
        problems.append(Problem(f"{where} share", repr(given), "a number above 0, at most 1", fix))
    return problems


def _is_share(text: str) -> bool:
    try:
        return 0 < float(text) <= 1
    except ValueError:
        return False


def _check_shares(path: Path, code: str, targets: Mapping[str, float]) -> list[Problem]:
    """Check that the shares of a code that is split sum to one; nobody here guesses them."""
    total = sum(targets.values())
    if len(targets) == 1 or abs(total - 1) <= ROUNDING:
        return []
    found = "no share" if math.isnan(total) else f"shares that sum to {total:g}"
    fix = "add the column share, or take a conversion table, which names one code for each"
    wanted = f"shares of its {len(targets)} codes that sum to 1"
    return [Problem(f"{path} {code}", found, wanted, fix)]


def convert_flows(
    flows: Flows, correspondence: Correspondence, edition: str, *, path: Path
) -> Flows:
    """Turn flows into another edition; codes that come together are added up.

    Codes without a line in the correspondence are set aside and listed: left in, they would be read
    as headings of the new edition.

    Parameters
    ----------
    edition : name of the new edition.   path : the correspondence, named among the sources.
    """
    new = tuple(sorted({to for targets in correspondence.values() for to, _ in targets}))
    place = {code: at for at, code in enumerate(new)}
    parts: list[tuple[int, int, float]] = [
        (at, place[to], share)
        for at, code in enumerate(flows.products)
        for to, share in correspondence.get(code, ())
    ]
    old = np.array([at for at, _, _ in parts], dtype=np.int64)
    starts = np.searchsorted(old, np.arange(len(flows.products) + 1))
    times = np.diff(starts)[flows.product]
    rows = np.repeat(np.arange(len(flows)), times)
    inside = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    chosen = starts[flows.product[rows]] + inside
    product = np.array([to for _, to, _ in parts], dtype=np.int64)[chosen]
    share = np.array([part for _, _, part in parts])[chosen]
    kinds = len(flows.countries)
    year = flows.year[rows].astype(np.int64)
    key = ((year * len(new) + product) * kinds + flows.exporter[rows]) * kinds
    _, first, group = np.unique(key + flows.importer[rows], return_index=True, return_inverse=True)
    at = rows[first]
    aside = times == 0
    return replace(
        flows,
        year=flows.year[at],
        exporter=flows.exporter[at],
        importer=flows.importer[at],
        product=product[first].astype(np.int32),
        value_kusd=_sum(group, flows.value_kusd[rows] * share, len(first)),
        quantity_t=_sum(group, flows.quantity_t[rows] * share, len(first)),
        products=new,
        nomenclature=name_edition(edition),
        remarks=(*flows.remarks, *_list_aside(flows, aside)),
        sources=tuple(dict.fromkeys((*flows.sources, path.name))),
        digest=digest_json([flows.digest, digest_file(path)]),
    )


def _sum(group: Places, amount: FloatArray, count: int) -> FloatArray:
    """Sum a column; where one part is missing the sum is missing too."""
    bare = sum_by(group, np.isnan(amount).astype(float), count)
    return np.where(bare > 0, np.nan, sum_known(group, amount, count))


def _list_aside(flows: Flows, aside: BoolArray) -> tuple[Remark, ...]:
    if not aside.any():
        return ()
    codes = [flows.products[at] for at in np.unique(flows.product[aside])[:MOST_EXAMPLES].tolist()]
    value = float(np.nansum(flows.value_kusd[aside]))
    return (Remark("no_correspondence", int(aside.sum()), value, False, tuple(codes)),)
