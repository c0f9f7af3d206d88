"""Numbers and texts survive a workbook and a CSV file to the last bit."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from keian.sheets.cells import read_cell
from keian.sheets.csv_files import CsvSheet, write_csv
from keian.sheets.flatten import Head
from keian.sheets.xlsx_read import XlsxBook
from keian.sheets.xlsx_write import WorkbookWriter

NUMBER, TEXT = Head("x", "number"), Head("x", "text")
AMOUNTS = st.floats(-1e15, 1e15, allow_nan=False).map(lambda x: x + 0.0)
# What XML and CSV can hold; a carriage return alone is a line's end to both.
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n")
WORDS = st.text(LETTERS, min_size=1, max_size=30).filter(str.strip)


def read_back(rows, numbers):
    head = NUMBER if numbers else TEXT
    return [read_cell(row[0], head) for _, row in list(rows)[1:]]


def through_workbook(cells, *, numbers):
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.xlsx"
        with WorkbookWriter(path) as writer:
            writer.write_sheet("a", ["x"], [[cell] for cell in cells])
        book = XlsxBook(path)
        try:
            return read_back(book.sheets[0].read_rows(), numbers)
        finally:
            book.close()


def through_csv(cells, *, numbers):
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.csv"
        write_csv(path, ["x"], [[cell] for cell in cells])
        return read_back(CsvSheet("a", "a.csv", path).read_rows(), numbers)


@settings(max_examples=40)
@given(st.lists(AMOUNTS, min_size=1, max_size=40))
def test_every_number_comes_back_exactly(cells):
    assert through_workbook(cells, numbers=True) == cells
    assert through_csv(cells, numbers=True) == cells


@settings(max_examples=40)
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_every_text_comes_back_exactly(cells):
    assert through_workbook(cells, numbers=False) == cells
    assert through_csv(cells, numbers=False) == cells
