"""Counts periods as Japanese law counts them (Civil Code arts 139-143), and where its years begin."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

FISCAL_START = (
    4,
    1,
)  # month and day on which the fiscal year of Japan begins (Public Finance Act art. 11)
FISCAL_START = (4, 1)  # month and day on which the fiscal year of Japan begins
MONTHS_A_YEAR = 12


def add_months(start: date, months: int) -> date:
    """Find the day that corresponds to a day some months later; the last day where there is none.

    Source: Civil Code art. 143(2): a period of months ends before the corresponding day, and on
    the last day of the month that has no such day.

    Examples
    --------
    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    >>> add_months(date(2022, 8, 1), 36)
    datetime.date(2025, 8, 1)
    """
    year, month = divmod(start.year * MONTHS_A_YEAR + start.month - 1 + months, MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def find_last_day(start: date, *, days: int = 0, months: int = 0) -> date:
    """Find the last day of a period that is counted from and including a day.

    The Economic Security Promotion Act counts its waiting periods from the day of acceptance
    itself (arts 52(3), 52(4)), so a period of 30 days ends on the 29th day after it.

    Parameters
    ----------
    start : first day, counted.
    days, months : length of the period; give one of them.

    Examples
    --------
    >>> find_last_day(date(2024, 5, 17), days=30)
    datetime.date(2024, 6, 15)
    >>> find_last_day(date(2024, 10, 31), months=4)
    datetime.date(2025, 2, 28)
    >>> find_last_day(date(2024, 5, 17), months=4)
    datetime.date(2024, 9, 16)
    """
    if days:
        return start + timedelta(days=days - 1)
    after = add_months(start, months)
    # Without a corresponding day the period ends on the last day of the month itself.
    return after if after.day < start.day else after - timedelta(days=1)
