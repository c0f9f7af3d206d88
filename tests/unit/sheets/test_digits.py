"""Last digits: what other programs drop comes back, what a person changed stays."""

import csv

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.economy import economy_digest, load_economy, set_aside
from keian.sheets import export_economy, import_economy
from keian.sheets.digits import Line, list_leaps, put_back, read_digits, write_digits

AMOUNTS = st.floats(min_value=1e-30, max_value=1e18) | st.floats(min_value=-1e6, max_value=-1e-9)


def make_line(values):
    values = np.array(values, dtype=np.float64)
    rng = np.random.default_rng(len(values))
    return Line("row", values, np.ones(len(values)), rng.permutation(len(values)))


def keep(values):
    return read_digits([text for _, text in write_digits(make_line(values))], len(values))


@given(st.lists(AMOUNTS, min_size=1, max_size=40), st.sampled_from(["%.15g", "%.16g", "%.17g"]))
def test_dropped_digits_come_back(values, form):
    kept = keep(values)
    written = make_line([float(form % value) for value in values])
    assert put_back(written, kept).tolist() == values


def test_long_lines_go_out_in_pieces_that_a_cell_can_hold():
    values = np.random.default_rng(1).lognormal(size=20_001)
    line = make_line(values)
    pieces = list(write_digits(line))
    assert [name for name, _ in pieces] == ["digits.1", "digits.2", "digits.3"]
    assert max(len(text) for _, text in pieces) < 32_767
    kept = read_digits([text for _, text in pieces], 20_001)
    written = make_line([float(f"{value:.15g}") for value in values])
    assert (put_back(written, kept) == values).all()


def test_a_changed_figure_missing_and_nought_stay_as_they_are():
    kept = keep([0.1234567890123456, 0.0, np.nan, 7.5])
    now = put_back(make_line([0.1234567891, 3.0, 2.0, 7.5]), kept)
    assert now.tolist() == [0.1234567891, 3.0, 2.0, 7.5]
    again = put_back(make_line([0.0, 0.0, np.nan, 7.5]), kept)
    assert again[[0, 1, 3]].tolist() == [0.0, 0.0, 7.5]
    assert np.isnan(again[2])


def test_digits_of_another_table_are_not_taken():
    (_, text) = next(write_digits(make_line([0.1, 0.2])))
    assert read_digits([text], 3) is None
    assert read_digits(["~no base 64"], 2) is None


def test_leaps_are_told_by_cell():
    kept = keep([2.0, 3.0, 0.0, np.nan, -4.0])
    line = make_line([41.0, 0.14, 9.0, 1e9, -79.0])
    assert list_leaps(line, kept, 20.0) == [0, 1]


@pytest.mark.parametrize("digits", [15, 16])
def test_a_plain_save_with_fewer_digits_keeps_the_digest(small, as_xlsx, tmp_path, digits):
    book = openpyxl.load_workbook(as_xlsx)
    moved = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, float):
                    fewer = float(f"{cell.value:.{digits}g}")
                    moved += fewer != cell.value
                    cell.value = fewer
    book.save(tmp_path / "small.xlsx")
    book.close()
    assert moved > 20  # else the test would show nothing
    made = import_economy(tmp_path / "small.xlsx", tmp_path / "back")
    assert made.changed == ()
    assert made.digest == economy_digest(set_aside(load_economy(small)))


def test_rows_in_another_order_keep_their_digits(small, tmp_path):
    export_economy(tmp_path / "sheets", small, file_format="csv")
    for name in ("region_lags", "inventory_days", "criticality"):
        path = tmp_path / "sheets" / f"{name}.csv"
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = csv.reader(stream)
        rows = [[shorten(cell) for cell in row] for row in reversed(rows)]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])
    made = import_economy(tmp_path / "sheets", tmp_path / "back")
    assert made.changed == ()
    assert made.digest == economy_digest(set_aside(load_economy(small)))


def shorten(cell):
    try:
        return f"{float(cell):.15g}"
    except ValueError:
        return cell
