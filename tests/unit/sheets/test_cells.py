"""Cells as people write them."""

from datetime import date

import pytest

from keian.sheets.cells import Fault, read_cell
from keian.sheets.csv_files import escape, unescape
from keian.sheets.flatten import Head

NUMBER = Head("x", "number")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("１２３．５", 123.5), ("1,234,567.8", 1234567.8), ("１，２３４", 1234.0), ("△5", -5.0),
        ("▲1,000", -1000.0), ("−3", -3.0), ("－3", -3.0), (" 7 ", 7.0), ("1e-3", 0.001), (".5", 0.5),
        (3, 3.0), (2.5, 2.5), ("", None), ("　", None), (None, None), ("+4", 4.0),
    ],
)  # fmt: skip
def test_numbers(cell, value):
    assert read_cell(cell, NUMBER) == value


@pytest.mark.parametrize(
    "cell",
    ["1,5", "1.234,5", "12,34", "5%", "5日", "-", "N/A", "nan", "inf", "1e400", "0x1F", "1_000", "一",
     True, date(2026, 1, 1), "1 2", "5 t", "#N/A", float("nan"), 1e300],
)  # fmt: skip
def test_what_is_no_number(cell):
    assert isinstance(read_cell(cell, NUMBER), Fault)


def test_zero_is_a_number_and_nothing_is_not():
    assert read_cell("0", NUMBER) == 0.0
    assert read_cell("", NUMBER) is None
    assert isinstance(read_cell("", Head("x", "number", needed=True)), Fault)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("bool", "はい", True), ("bool", "FALSE", False), ("bool", "○", True), ("bool", True, True),
        ("date", "2026/3/1", "2026-03-01"), ("date", date(2026, 3, 1), "2026-03-01"),
        ("date", "２０２６年３月１日", "2026-03-01"),
        ("id", "ＪＰＮ．ｃ８", "JPN.c8"), ("id", 270900, "270900"), ("id", 270900.0, "270900"),
        ("list", "a; b；c、d,e", ("a", "b", "c", "d", "e")), ("list", "a\nb", ("a", "b")),
        ("texts", "one, two | three", ("one, two", "three")),
        ("text", " （全角） ", " （全角） "), ("whole", "２", 2), ("whole", 2.0, 2),
    ],
)  # fmt: skip
def test_other_kinds(kind, cell, value):
    assert read_cell(cell, Head("x", kind)) == value


@pytest.mark.parametrize(
    "text", ["=1+1", "+81-3", "-x", "@cmd", "'=1", "'", "'a", "＝1", "\tx", "a=1", ""]
)
def test_text_that_a_program_would_run_comes_back(text):
    kept = escape(text)
    assert not kept.startswith(("=", "+", "-", "@", "\t", "＝"))
    assert unescape(kept) == text
