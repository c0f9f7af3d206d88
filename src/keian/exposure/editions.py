"""Editions of the harmonised system: names, years, which codes are known, one turned into another."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from keian.economy.load import find_economy
from keian.economy.nouns import BoolArray, IntArray

HEADINGS = Path(__file__).parent / "data" / "trade" / "headings.parquet"
LISTED = "HS22"  # the edition whose six-digit headings are shipped
# Names of the editions as BACI writes them, by Comtrade's code of a classification.
COMTRADE_EDITIONS = MappingProxyType(
    {
        "H0": "HS92", "H1": "HS96", "H2": "HS02", "H3": "HS07", "H4": "HS12", "H5": "HS17",
        "H6": "HS22",
    }
)  # fmt: skip
# Years from whose 1 January Japan's customs use an edition; before 1996 the first of 1988.
FIRST_YEARS = MappingProxyType(
    {1988: "HS92", 1996: "HS96", 2002: "HS02", 2007: "HS07", 2012: "HS12", 2017: "HS17", 2022: "HS22"}
)  # fmt: skip
CHAPTER = 10_000  # a six-digit heading over this is its chapter
LAST_CHAPTER = 97
RESERVED = 77  # the system has no chapter 77
UNSPECIFIED = 999_999  # what Comtrade writes for trade without a heading


@dataclass(frozen=True, slots=True)
class Codes:
    """What is known of the product codes of a nomenclature.

    listed : codes held here.   whole : True if they are all there are.
    can_be : which codes the nomenclature can have at all; None = nothing is known.
    """

    listed: frozenset[int]
    whole: bool = False
    can_be: Callable[[IntArray], BoolArray] | None = None

    def find_unknown(self, codes: IntArray) -> BoolArray:
        """Find codes that the nomenclature does not have."""
        unlisted = ~np.isin(codes, list(self.listed))
        if self.whole:
            return unlisted
        if self.can_be is None:
            return np.zeros(len(codes), dtype=np.bool_)
        return unlisted & ~self.can_be(codes)

    def find_unchecked(self, codes: IntArray) -> BoolArray:
        """Find codes of which nobody here can say whether they are right."""
        return ~np.isin(codes, list(self.listed)) & ~self.find_unknown(codes)


def name_edition(text: str) -> str:
    """Name an edition as BACI does, whoever wrote it; other words stay as they are.

    Examples
    --------
    >>> name_edition("H6"), name_edition("hs2017"), name_edition("SITC3")
    ('HS22', 'HS17', 'SITC3')
    """
    plain = text.strip().upper()
    long = {f"HS{year}": name for year, name in FIRST_YEARS.items()} | {"HS1992": "HS92"}
    return COMTRADE_EDITIONS.get(plain) or long.get(plain) or (plain if plain[:2] == "HS" else text)


def find_edition(year: int) -> str:
    """Find the edition that Japan's customs use in a year.

    Examples
    --------
    >>> find_edition(2021), find_edition(2022)
    ('HS17', 'HS22')
    """
    begun = [first for first in FIRST_YEARS if first <= year]
    return FIRST_YEARS[max(begun, default=min(FIRST_YEARS))]


def load_codes(edition: str) -> Codes:
    """Load what is known of the headings of an edition.

    All headings of 2022 are shipped. Of other editions only the chapters are known, and headings of
    the shipped panel for that of 1992: the rest is told as unchecked, not as right.
    """
    if edition == LISTED:
        return Codes(_load_listed(), whole=True)
    return Codes(_load_panel_codes() if edition == "HS92" else frozenset(), can_be=has_chapter)


def has_chapter(codes: IntArray) -> BoolArray:
    """Tell which six-digit headings lie in a chapter that the system has."""
    chapter = codes // CHAPTER
    real = (chapter >= 1) & (chapter <= LAST_CHAPTER) & (chapter != RESERVED)
    found: BoolArray = real | (codes == UNSPECIFIED)
    return found


@cache
def _load_listed() -> frozenset[int]:
    import pyarrow.parquet as pq

    return frozenset(int(code) for code in pq.read_table(HEADINGS)["product"].to_pylist())


@cache
def _load_panel_codes() -> frozenset[int]:
    with (find_economy("japan") / "trade" / "products.csv").open(encoding="utf-8") as stream:
        return frozenset(int(row["hs92"]) for row in csv.DictReader(stream))
