from __future__ import annotations

import math
from dataclasses import replace

import pytest

from keian.report.numbers import Numbers, format_sig
from tests.unit.report.sample_review import figure

EN = Numbers("en", 365)
JA = Numbers("ja", 365)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-2.14, "−2.1"),
        (33.4, "33"),
        (1234, "1,200"),
        (0.0344, "0.034"),
        (0.996, "1.0"),
        (99.96, "100"),
        (math.nan, "–"),
        (-0.0, "0"),
    ],
)
def test_results_have_two_significant_digits(value, text):
    assert format_sig(value) == text


def test_inputs_may_have_three_digits_without_idle_zeros():
    assert format_sig(79.84, digits=3) == "79.8"
    assert format_sig(5.0, digits=3) == "5"


@pytest.mark.parametrize(
    ("value", "unit", "english", "japanese"),
    [
        (41, "day", "day 41", "41日目"),
        (18, "days", "18 days", "18日"),
        (1, "days", "1 day", "1日"),
        (0.62, "share", "62%", "62%"),
        (-2.14, "%", "−2.1%", "−2.1%"),
        (104.2, "% of normal", "104%", "104%"),
        (28.3, "billion yen", "¥28 bn", "280億円"),
        (9300, "billion yen", "¥9.3 tn", "9.3兆円"),
        (0.034, "billion yen", "¥34 m", "3,400万円"),
        (111e3, "MUSD", "$110 bn", "1,100億ドル"),
        (3, "points", "3.0 pts", "3.0ポイント"),
        (-18, "days", "−18 days", "−18日"),
    ],
)
def test_units_are_written_in_the_way_of_each_language(value, unit, english, japanese):
    assert EN.value(figure(value, unit)) == english
    assert JA.value(figure(value, unit)) == japanese


def test_missing_is_a_dash_and_never_zero():
    assert EN.value(None) == "–"
    assert EN.value(figure(None, "days")) == "–"
    assert EN.band(figure(5, "days")) is None


def test_ranges_use_an_en_dash_or_words_beside_minus_signs():
    assert EN.band(figure(41, "day", (33, 52))) == "33–52"
    assert EN.band(figure(-6, "days", (-9, -3))) == "−9 to −3"
    assert JA.band(figure(-6, "days", (-9, -3))) == "−9から−3"
    assert JA.band(figure(41, "day", (33, 52)), unit=True) == "33–52日目"


def test_days_at_the_horizon_carry_a_plus_sign():
    assert EN.band(figure(104, "day", (91, 365))) == "91–365+"


def test_ends_of_a_range_show_no_more_decimals_than_its_value():
    assert EN.brief(figure(2.1, "%", (0.4, 34.7))) == "2.1% (0.4–35)"
    assert EN.brief(figure(2.1, "%", (0.04, 3.5))) == "2.1% (0.04–3.5)"


def test_money_in_brackets_repeats_no_unit_in_english():
    yen = figure(28.3, "billion yen", (15.2, 47))
    assert EN.brief(yen) == "¥28 bn (15–47)"
    assert JA.brief(yen) == "280億円（150–470億円）"


def test_structural_band_stands_beside_the_draws():
    wide = figure(41, "day", (33, 52), wide=(24, 71))
    assert EN.structural(wide) == "24–71"
    assert EN.structural(figure(41, "day", (33, 52))) is None


def test_censored_lengths_say_so():
    assert EN.value(figure(300, "days", censored=">=")) == "300+ days"
    assert EN.value(figure(3, "%", censored="<=")) == "up to 3.0%"


def test_pure_numbers_known_to_be_shares_print_as_percent():
    assert EN.share(replace(figure(0.4, "share"), unit="1")) == "40%"


def test_swing_of_a_percentage_is_in_points():
    assert EN.swing(figure(1.4, "% of one day")) == "1.4 pts"
    assert EN.swing(figure(9, "days")) == "9 days"


def test_an_end_that_is_a_lower_bound_carries_a_plus_sign():
    days = figure(12, "days", (7, 250))
    assert EN.range(7, 250, days, at_least=(False, True)) == "7–250+"
    assert JA.range(7, 250, days, at_least=(True, True), unit=True) == "7+–250+日"


def test_rounding_noise_is_no_result():
    assert EN.value(figure(4e-14, "%")) == "0%"
    assert EN.value(figure(4e-12, "billion yen")) == "¥0 m"


def test_unknown_units_stand_after_the_number_and_yearly_money_says_so():
    assert EN.value(figure(7, "ships")) == "7.0 ships"
    assert EN.value(figure(128, "billion JPY per year", kind="input")) == "¥128 bn a year"
    assert JA.value(figure(128, "billion JPY per year", kind="input")) == "年1,280億円"
