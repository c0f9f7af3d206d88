"""Which year a table is of: what the file says and what was asked must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from keian.core import Problem
from keian.official.grid import Faults

YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
ERA = re.compile(r"(昭和|平成|令和)\s*([0-9０-９]{1,2}|元)\s*年")
ERA_STARTS = MappingProxyType(
    {"昭和": 1925, "平成": 1988, "令和": 2018}
)  # the year before the first
SHORT = re.compile(r"(?i)^wiot([0-9]{2})(?![0-9])")
FIRST_SHORT = 90  # wiot95 is of 1995, wiot11 of 2011


def list_years(text: str) -> list[int]:
    """List the years that a text names.

    Examples
    --------
    >>> list_years("令和２年（2020年）産業連関表"), list_years("wiot11_row_apr12.xlsx")
    ([2020, 2020], [2011])
    """
    eras = [
        ERA_STARTS[era] + (1 if number == "元" else int(number))
        for era, number in ERA.findall(text)
    ]
    short = SHORT.search(text)
    two = int(short[1]) if short else None
    told = [] if two is None else [two + (1900 if two >= FIRST_SHORT else 2000)]
    return [*told, *eras, *(int(year) for year in YEAR.findall(text))]


def agree_year(path: Path, titles: Iterable[str], asked: int | None, faults: Faults) -> int:
    """Find the year in the titles, else in the file's name, and compare it with what was asked.

    Returns
    -------
    The year; 0 with a problem where none is told.
    """
    told = [year for title in titles for year in list_years(title)]
    # A release names its own year first: ICIO2023_2019.csv is of 2019.
    named = list_years(path.name)[-1:]
    years = told or named
    if asked is None and not years:
        fix = "say it: --year YYYY"
        faults.add(Problem(path.name, "no year in the title or the name", "the year", fix))
        return 0
    if asked is not None and years and asked not in years:
        found = ", ".join(str(year) for year in dict.fromkeys(years))
        fix = f"take the file of {asked}, or leave --year out"
        faults.add(Problem(path.name, f"a table of {found}", f"the year {asked}", fix))
    return asked if asked is not None else years[0]
