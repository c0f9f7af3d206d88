"""Reads Japanese input-output tables: the national one, prefectures' own, METI's between regions.

They share one layout, whatever the number of sectors: the line of names holds 内生部門計 (total of
industries), the line above it codes; in tables between regions two more lines above name the
region. Left of the flows the same, column by column. Right of the industries come final demand,
exports and, negative, imports that the flows hold (competitive imports); below them value added.
Totals are found by their names and left out. An empty cell or a dash is zero, as publishers print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from keian.core import InputError, Names, Problem
from keian.official.categories import find_final_kind
from keian.official.digests import describe_files
from keian.official.grid import Faults, Grid, read_grid, read_numbers
from keian.official.kinds import describe_misfit, find_kind
from keian.official.nouns import EXPORTS, Final, Floats, OfficialTable
from keian.official.square import make_square
from keian.official.words import say_both
from keian.official.years import agree_year

INDUSTRIES_END = "内生部門計"
HEAD = 12
TOTAL = re.compile(r"計$|生産額$|合計")
OUTPUT = re.compile(r"生産額$")
FINAL_TOTAL = re.compile(r"内最終需要計$")
VALUE_TOTAL = re.compile(r"粗付加価値部門計$")
MINUS = re.compile(r"控除")
MARGIN = re.compile(r"マージン|運賃")  # columns beside the account, in tables with both prices
ALL_REGIONS = re.compile(r"(?:地域|全国|都道府県)?(?:合計|計)$")
FROM_HOME, FROM_ABROAD, FROM_BOTH = "ROJ", "ROW", "OUT"
UNIT = re.compile(r"単位[:はが]?\s*[(（]?\s*(10億円|十億円|100万円|百万円|億円|千円|万円)")
MILLION_YEN = MappingProxyType({
    "10億円": 1e3, "十億円": 1e3, "100万円": 1.0, "百万円": 1.0, "億円": 100.0, "千円": 1e-3, "万円": 1e-2,
})  # fmt: skip
ALL = "all regions"
SHEETS = MappingProxyType({"japan": None, "japan-regions": r"取引額.*MTX|取引"})
HOME = "JPN"


@dataclass(frozen=True, slots=True)
class Head:
    """One row or column: its place, region, code and name."""

    at: int
    region: str
    region_name: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows and columns by what they are.

    output : columns of output; made : rows of it, where no column holds it.
    """

    industries: tuple[Head, ...]
    buyers: tuple[Head, ...]
    finals: tuple[Head, ...]
    imports: tuple[Head, ...]
    output: tuple[Head, ...]
    made: tuple[Head, ...]
    value: tuple[Head, ...]
    titles: tuple[str, ...]


def read_japan(path: Path, kind: str, year: int | None = None) -> OfficialTable:
    """Read a Japanese table of transactions (取引基本表, 取引額表).

    Parameters
    ----------
    path
        Workbook as downloaded.
    kind
        `japan`, or `japan-regions` for a table between regions.
    year
        Year that it must be of; as its title says if left out.

    Raises
    ------
    InputError
        Everything that is wrong, with its cell.
    """
    grid = read_grid(path, SHEETS[kind])
    faults = Faults()
    layout = _find_layout(grid, kind, path, faults)
    found = agree_year(path, (*layout.titles, grid.sheet), year, faults)
    factor = _find_unit(grid, layout.titles, faults)
    faults.refuse()
    blocks, notes = _read_blocks(grid, layout, faults)
    faults.refuse()
    return _assemble(path, kind, found, layout, [block * factor for block in blocks], notes)


def clean(text: str) -> str:
    """Bring a name to one form: full-width letters and spaces are a matter of print.

    Examples
    --------
    >>> clean("（控除） 輸 入 計"), clean("内生部門計　")
    ('(控除)輸入計', '内生部門計')
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _find_layout(grid: Grid, kind: str, path: Path, faults: Faults) -> Layout:
    """Find the line and the column of names, and sort rows and columns."""
    line = next(
        (r for r in range(min(HEAD, len(grid.rows))) if _holds_end(grid.text(r, c) for c in range(grid.width))),
        None,
    )  # fmt: skip
    column = next(
        (c for c in range(HEAD) if _holds_end(grid.text(r, c) for r in range(len(grid.rows)))), None
    )
    if line is None or column is None:
        which = "line" if line is None else "column"
        found = f"no {INDUSTRIES_END} in the first {HEAD} {which}s"
        wanted = "a table of transactions with names of sectors above and left"
        fix = f"take 取引基本表 as published, whole; {describe_misfit(kind, path)}"
        raise InputError([Problem(grid.place(), found, wanted, fix)])
    regional = kind == "japan-regions"
    right = _list_heads(grid, [(line, c) for c in range(column + 1, grid.width)], (1, 0), regional)
    below = _list_heads(
        grid, [(r, column) for r in range(line + 1, len(grid.rows))], (0, 1), regional
    )
    buyers, finals, imports, output = _sort_columns(right)
    industries, value, made = _sort_rows(below)
    for what, heads in (("industries", industries), ("final demand", finals)):
        if not heads:
            fix = "take the workbook as published, whole"
            faults.add(Problem(grid.place(line), f"no {what}", "some", fix))
    for head in finals:
        if find_final_kind(head.name) is None:
            wanted = "a kind of final demand (消費支出, 固定資本形成, 在庫純増, 輸出 ...)"
            fix = "take the workbook as published"
            faults.add(Problem(grid.place(line, head.at), repr(head.name), wanted, fix))
    top = line - (3 if regional else 1)
    titles = [clean(grid.text(r, c)) for r in range(max(top, 1)) for c in range(grid.width)]
    kept = tuple(title for title in titles if title)
    return Layout(industries, buyers, finals, imports, output, made, value, kept)


def _holds_end(texts: Iterable[str]) -> bool:
    return any(clean(text) == INDUSTRIES_END for text in texts)


def _list_heads(
    grid: Grid, cells: list[tuple[int, int]], step: tuple[int, int], regional: bool
) -> list[Head]:
    """List rows or columns that have a name; `step` leads from the name to the next outer head."""
    down, right = step
    heads = []
    digits = _count_digits(grid, cells, step)
    for row, column in cells:
        name = clean(grid.text(row, column))
        outer = [clean(grid.text(row - k * down, column - k * right)) for k in (1, 2, 3)]
        if isinstance(grid.cell(row - down, column - right), int | float):
            outer[0] = outer[0].zfill(digits)
        at = row if right else column
        if not name:
            continue
        if not regional:
            heads.append(Head(at, HOME, "", outer[0].removesuffix("P"), name))
        elif not ALL_REGIONS.fullmatch(outer[1]):
            heads.append(Head(at, f"R{outer[2]}", outer[1], outer[0], name))
        elif OUTPUT.search(name):  # the only sum over regions that is needed
            heads.append(Head(at, ALL, outer[1], outer[0], name))
    return heads


def _count_digits(grid: Grid, cells: list[tuple[int, int]], step: tuple[int, int]) -> int:
    """Count the digits of the longest code of an industry: codes kept as numbers lose their zeros."""
    down, right = step
    digits = 0
    for row, column in cells:
        if clean(grid.text(row, column)) == INDUSTRIES_END:
            break
        digits = max(digits, len(grid.text(row - down, column - right)))
    return digits


def _sort_columns(
    heads: list[Head],
) -> tuple[tuple[Head, ...], tuple[Head, ...], tuple[Head, ...], tuple[Head, ...]]:
    """Sort columns into industries, final demand with exports, imports, and output."""
    buyers, after = _split(heads)
    imports = _prefer_parts([h for h in after if MINUS.search(h.name)])
    after = [h for h in after if not MINUS.search(h.name) and not MARGIN.search(h.name)]
    exports = _prefer_parts([h for h in after if find_final_kind(h.name) == EXPORTS])
    home = [h for h in after if find_final_kind(h.name) != EXPORTS]
    finals = [h for h in home if not TOTAL.search(h.name)]
    if not finals:
        finals = [h for h in home if FINAL_TOTAL.search(h.name)]
    return tuple(buyers), (*finals, *exports), tuple(imports), _find_output(heads)


def _find_output(heads: list[Head]) -> tuple[Head, ...]:
    """Find output region by region, else the one for all regions."""
    found = [h for h in heads if OUTPUT.search(h.name)]
    return tuple([h for h in found if h.region != ALL] or found)


def _prefer_parts(heads: list[Head]) -> list[Head]:
    """Leave totals out where their parts stand beside them."""
    parts = [h for h in heads if not TOTAL.search(h.name)]
    return parts or heads


def _sort_rows(
    heads: list[Head],
) -> tuple[tuple[Head, ...], tuple[Head, ...], tuple[Head, ...]]:
    """Sort rows into industries, value added and output."""
    industries, after = _split(heads)
    parts = [h for h in after if not TOTAL.search(h.name)]
    whole = [h for h in after if VALUE_TOTAL.search(h.name)]
    return tuple(industries), tuple(whole or parts), _find_output(heads)


def _split(heads: list[Head]) -> tuple[list[Head], list[Head]]:
    """Split at the total of the industries, region by region."""
    ended: set[str] = set()
    before, after = [], []
    for head in (h for h in heads if h.region != ALL):
        if head.name == INDUSTRIES_END:
            ended.add(head.region)
        elif head.region in ended:
            after.append(head)
        else:
            before.append(head)
    return before, after


def _find_unit(grid: Grid, titles: Sequence[str], faults: Faults) -> float:
    """Find the unit of money; returns million yen per unit."""
    found = next((UNIT.search(title) for title in titles if UNIT.search(title)), None)
    if found is None:
        wanted = "the unit above the table, e.g. (単位：百万円)"
        fix = "write it into the first line as the publisher says it"
        faults.add(Problem(grid.place(0), "no unit of money", wanted, fix))
        return 1.0
    return MILLION_YEN[found[1]]


def _read_blocks(grid: Grid, layout: Layout, faults: Faults) -> tuple[list[Floats], list[Names]]:
    """Read flows, final demand, imports, output and value added."""
    rows = [h.at for h in layout.industries]
    wanted = [
        (rows, [h.at for h in layout.buyers]),
        (rows, [h.at for h in layout.finals]),
        (rows, [h.at for h in layout.imports]),
        (rows, [h.at for h in layout.output]),
        ([h.at for h in layout.value], [h.at for h in layout.buyers]),
        ([] if layout.output else [h.at for h in layout.made], [h.at for h in layout.buyers]),
    ]
    blocks, blanks = [], 0
    for down, across in wanted:
        block, empty = read_numbers(grid, down, across, faults, blank_zero=True)
        blocks.append(block)
        blanks += empty
    notes = [say_both("note_blank", count=f"{blanks:,}")] if blanks else []
    return blocks, notes


def _assemble(
    path: Path, kind: str, year: int, layout: Layout, blocks: list[Floats], notes: list[Names]
) -> OfficialTable:
    """Put the blocks together on one list of sectors."""
    flows, final, minus, output, value, made = blocks
    square = make_square(
        path.name, [(h.region, h.code, h.name) for h in layout.industries],
        [(h.region, h.code, h.name) for h in layout.buyers],
    )  # fmt: skip
    down, across = square.down, square.across
    partners, imports = _sort_imports(layout.imports, minus)
    regions = {h.region: h.region_name for h in layout.industries}
    return OfficialTable(
        origin=describe_files(kind, path, (path,), [*notes, *square.notes]),
        year=year,
        unit=find_kind(kind).unit,
        rows=square.rows,
        region_names={r: _name_region(r, name) for r, name in regions.items()},
        sector_names=square.names,
        Z=down @ flows @ across,
        finals=tuple(_name_final(h) for h in layout.finals),
        Y=down @ final,
        x=down @ output.sum(axis=1) if output.size else _sum_rows(made, across),
        v=_sum_rows(value, across),
        partners=partners,
        imports=down @ imports,
    )


def _sum_rows(block: Floats, across: Floats) -> Floats:
    """Sum rows and bring them to the sectors; NaN where there is no row."""
    if not block.size:
        return np.full(across.shape[1], np.nan)
    summed: Floats = block.sum(axis=0) @ across
    return summed


def _name_region(region: str, name: str) -> Names:
    return Names(en="Japan", ja="日本") if region == HOME else Names(en=name, ja=name)


def _name_final(head: Head) -> Final:
    """Name a column; exports are demand of the partner that they go to."""
    kind = find_final_kind(head.name) or ""
    region = _find_partner(head.name) if kind == EXPORTS else head.region
    return Final(region, head.name, kind)


def _find_partner(name: str) -> str:
    """Find where imports come from or exports go, by what they are called."""
    if "移輸" in name or "輸移" in name:
        return FROM_BOTH
    return FROM_HOME if "移" in name else FROM_ABROAD


def _sort_imports(heads: Sequence[Head], minus: Floats) -> tuple[tuple[str, ...], Floats]:
    """Sum imports by partner, positive; duties and taxes on imports go with them."""
    partners = tuple(dict.fromkeys(_find_partner(h.name) for h in heads))
    summed = np.zeros((minus.shape[0], len(partners)))
    for at, head in enumerate(heads):
        summed[:, partners.index(_find_partner(head.name))] += minus[:, at]
    sign = -1.0 if summed.sum() < 0 else 1.0
    return partners, sign * summed
