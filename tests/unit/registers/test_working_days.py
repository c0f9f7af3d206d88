"""Working days of authorities and years of eras."""

from datetime import date, timedelta

import pytest

from keian.registers.working_days import find_working_day, is_working_day, write_japanese


@pytest.mark.parametrize(
    ("day", "next_day"),
    [
        (date(2024, 5, 17), date(2024, 5, 17)),
        (date(2024, 5, 3), date(2024, 5, 7)),  # Constitution day to the substitute holiday
        (date(2026, 5, 3), date(2026, 5, 7)),  # a Sunday whose substitute falls after two holidays
        (date(2025, 12, 29), date(2026, 1, 5)),
        (date(2026, 9, 21), date(2026, 9, 24)),  # a day between two holidays is one too
        (date(2027, 3, 21), date(2027, 3, 23)),  # equinox on a Sunday
    ],
)
def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day(day, next_day):
    assert find_working_day(day) == next_day


def test_weekends_are_never_working_days():
    first = date(2024, 1, 1)
    days = [first + timedelta(days=n) for n in range(1500)]
    assert not any(is_working_day(day) for day in days if day.weekday() >= 5)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2022, 5, 18), "令和4年5月18日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1976, 4, 26), "昭和51年4月26日"),
        (date(1867, 12, 31), "1867年12月31日"),
    ],
)
def test_years_of_eras(day, text):
    assert write_japanese(day) == text
