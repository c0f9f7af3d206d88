"""Periods as the law counts them, on month ends and leap years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.registers.counting import add_months, find_last_day

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2022, 8, 1), 36, date(2025, 8, 1)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2025, 5, 23), 30, date(2027, 11, 23)),
    ],
)
def test_corresponding_day(start, months, day):
    assert add_months(start, months) == day


@pytest.mark.parametrize(
    ("start", "length", "last"),
    [
        (date(2024, 5, 17), {"days": 30}, date(2024, 6, 15)),
        (date(2024, 2, 1), {"days": 30}, date(2024, 3, 1)),
        (date(2023, 2, 1), {"days": 30}, date(2023, 3, 2)),
        (date(2024, 5, 17), {"months": 4}, date(2024, 9, 16)),
        (date(2024, 10, 31), {"months": 4}, date(2025, 2, 28)),
        (date(2023, 10, 30), {"months": 4}, date(2024, 2, 29)),
        (date(2024, 4, 1), {"months": 4}, date(2024, 7, 31)),
    ],
)
def test_last_day_of_a_period_counted_from_the_day_itself(start, length, last):
    assert find_last_day(start, **length) == last


@given(days, st.integers(1, 600))
def test_months_never_leave_their_month(start, months):
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end + timedelta(days=1)).month != end.month


@given(days, st.integers(1, 600))
def test_a_period_of_days_holds_as_many_days(start, count):
    assert (find_last_day(start, days=count) - start).days + 1 == count
