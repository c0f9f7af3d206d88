"""Published screens of dependence: each criterion with the tests its authors give it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
from pydantic import BaseModel

from keian.core import DOCUMENT, Names, Source, load_document, load_sources
from keian.economy.nouns import FloatArray

DATA = Path(__file__).parent / "data"
Measure = Literal[
    "import_hhi", "import_top_share", "world_export_hhi", "world_top_share",
    "import_export_ratio", "import_trade_share", "import_reliance",
]  # fmt: skip


class Threshold(BaseModel):
    """One test of a criterion: a measure `above` a number, or `at_least` a number."""

    model_config = DOCUMENT

    measure: Measure
    above: float | None = None
    at_least: float | None = None

    @property
    def limit(self) -> float:
        """The number compared with."""
        return float(self.above if self.at_least is None else self.at_least)  # type: ignore[arg-type] # one of the two is given


class Criterion(BaseModel):
    """A screen under its own name; met if every test holds.

    `lasting`: the authors ask it to hold in two of three years; for the others keian shows that
    beside the verdict of the year.
    """

    model_config = DOCUMENT

    id: str
    names: Names
    authors: str
    tests: tuple[Threshold, ...]
    lasting: bool
    single_country: Names
    sources: tuple[str, ...]


class Score(BaseModel):
    """A number shown beside the criteria, with what it lacks."""

    model_config = DOCUMENT

    id: str
    names: Names
    lacking: Names
    sources: tuple[str, ...]


class Setting(BaseModel):
    """One number with its source."""

    model_config = DOCUMENT

    value: float
    source: str


class Years(BaseModel):
    """Some years with a source."""

    model_config = DOCUMENT

    years: tuple[int, ...]
    source: str

    def find(self, years: Iterable[int]) -> frozenset[int]:
        """Find which of some years are among these, or later than all of them."""
        return frozenset(y for y in years if y in self.years or y > max(self.years))


class Hubs(BaseModel):
    """Countries that pass goods on."""

    model_config = DOCUMENT

    countries: tuple[str, ...]
    source: str


class Window(BaseModel):
    """Years looked at for stability: `least` of `years`; `long` for the count of flags."""

    model_config = DOCUMENT

    years: int
    least: int
    long: int
    sources: tuple[str, ...]


class RankDraws(BaseModel):
    """Draws behind an interval of ranks, and its ends."""

    model_config = DOCUMENT

    draws: int
    low: float
    high: float
    source: str


class Criteria(BaseModel):
    """Every criterion and the settings they share."""

    model_config = DOCUMENT

    noise_floor_kusd: Setting
    quantity_known_share: Setting
    provisional_years: Years
    hubs: Hubs
    window: Window
    rank_draws: RankDraws
    criteria: tuple[Criterion, ...]
    scores: tuple[Score, ...]


@cache
def load_criteria() -> Criteria:
    """Load the shipped criteria."""
    return load_document(DATA / "criteria.yaml", Criteria)


@cache
def load_exposure_sources() -> Mapping[str, Source]:
    """Load the sources behind criteria, settings and tables, by id."""
    return MappingProxyType(load_sources(DATA / "sources.yaml"))


def calc_margin(criterion: Criterion, measures: Mapping[str, FloatArray]) -> FloatArray:
    """Calculate how far each cell is above the criterion's nearest limit, as a share of the limit.

    The least margin of the tests decides, so a positive margin says how much the weakest test may
    fall before the flag goes, and a negative one how much the worst test must rise. A test whose
    measure is missing hides the margin unless another test fails already.

    Parameters
    ----------
    measures : arrays of one shape by measure.

    Returns
    -------
    (…) float
        NaN = not known.
    """
    margins = np.stack([(measures[t.measure] - t.limit) / t.limit for t in criterion.tests])
    known = np.where(np.isnan(margins), np.inf, margins).min(axis=0)
    return np.where(np.isnan(margins).any(axis=0) & (known >= 0), np.nan, known)


def judge(criterion: Criterion, measures: Mapping[str, FloatArray]) -> FloatArray:
    """Judge each cell: 1 met, 0 not met, NaN not known (three-valued and).

    Examples
    --------
    >>> meti = next(c for c in load_criteria().criteria if c.id == "meti")
    >>> judge(meti, {"import_hhi": np.array([0.5, 0.49, np.nan])}).tolist()
    [1.0, 0.0, nan]
    """
    met = np.ones(measures[criterion.tests[0].measure].shape)
    for test in criterion.tests:
        value = measures[test.measure]
        holds = value >= test.limit if test.above is None else value > test.limit
        one = np.where(np.isnan(value), np.nan, holds.astype(float))
        met = np.where((met == 0) | (one == 0), 0.0, met + one - 1)
    return met


def calc_lasting(met: FloatArray, window: int, least: int) -> FloatArray:
    """Judge whether a flag holds in `least` of the last `window` years: 1, 0 or NaN.

    Parameters
    ----------
    met : (years, products) 1, 0 or NaN; consecutive years, the last row is the year judged.

    Returns
    -------
    (products,) float
        NaN where the known years cannot decide it: fewer than `least` of them are known, or the
        unknown ones could turn the verdict.

    Source
    ------
    Lefebvre and Wibaux 2024, criterion 4 (two of three).

    Examples
    --------
    >>> calc_lasting(np.array([[1.0, 1.0], [0.0, np.nan], [1.0, np.nan]]), 3, 2).tolist()
    [1.0, nan]
    """
    last = met[-window:]
    flagged = np.nansum(last, axis=0)
    unknown = np.isnan(last).sum(axis=0) + window - len(last)
    seen = window - unknown
    verdict = np.where(flagged >= least, 1.0, np.where(flagged + unknown < least, 0.0, np.nan))
    return np.where(seen >= least, verdict, np.nan)
