"""Working days of Japanese authorities, and years as Japan counts them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import jpholiday
from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document

ERAS = Path(__file__).parent / "data" / "rules" / "eras.yaml"
SATURDAY = 5
# Act on Holidays of Administrative Organs art. 1(1)(iii): 29 December to 3 January.
YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))


class Era(BaseModel):
    """An era with its first day."""

    model_config = DOCUMENT

    names: Names
    begins: date


class Eras(BaseModel):
    """The eras as written in the data file, oldest first."""

    model_config = DOCUMENT

    source: str
    eras: tuple[Era, ...]


@cache
def load_eras() -> tuple[Era, ...]:
    """Load the eras, oldest first."""
    return load_document(ERAS, Eras).eras


def is_working_day(day: date) -> bool:
    """Tell whether authorities work on a day.

    Source: Act on Holidays of Administrative Organs (Act 91 of 1988) art. 1.

    Examples
    --------
    >>> is_working_day(date(2026, 11, 23)), is_working_day(date(2026, 12, 29))
    (False, False)
    """
    weekend = day.weekday() >= SATURDAY
    return not (weekend or (day.month, day.day) in YEAR_END or jpholiday.is_holiday(day))


def find_working_day(day: date) -> date:
    """Find the day itself or the next on which authorities work: when a period ends on a holiday.

    Source: Act on Holidays of Administrative Organs (Act 91 of 1988) art. 2.

    Examples
    --------
    >>> find_working_day(date(2026, 12, 31))
    datetime.date(2027, 1, 4)
    """
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def write_japanese(day: date) -> str:
    """Write a day in the year of its era; days before the first era listed as in the West.

    Examples
    --------
    >>> write_japanese(date(2025, 3, 31)), write_japanese(date(2019, 5, 1))
    ('令和7年3月31日', '令和元年5月1日')
    """
    era = next((era for era in reversed(load_eras()) if era.begins <= day), None)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    year = day.year - era.begins.year + 1
    return f"{era.names.ja}{'元' if year == 1 else year}年{day.month}月{day.day}日"
