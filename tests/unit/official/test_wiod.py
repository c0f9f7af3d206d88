"""Workbooks laid out as WIOD's: three releases, one reader, everything wrong told at once."""

import sys

import numpy as np
import pandas as pd
import pytest

from keian.core import InputError
from keian.official import check_table, read_official
from tests.official_tables import (
    FINALS,
    REGIONS,
    F,
    R,
    S,
    list_wiod_rows,
    make_world,
    write_rows,
    write_wiod,
)

KINDS = ("wiod2013", "wiod2016", "adb-mrio")
WORLD = make_world()


def read_broken(kind, path, year=None):
    with pytest.raises(InputError) as caught:
        read_official(kind, path, year)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("kind", KINDS)
def test_every_release_is_read_as_it_stands(tmp_path, kind):
    table = read_official(kind, write_wiod(tmp_path, WORLD, kind))
    assert np.array_equal(table.Z, WORLD.Z)
    assert np.array_equal(table.Y, WORLD.Y)
    assert np.array_equal(table.x, WORLD.x)
    assert np.allclose(table.v, WORLD.v, rtol=1e-12)
    assert (table.year, table.unit, table.regions) == (2011, "MUSD", REGIONS)
    assert table.sector_names["c2"].en == "Mining and quarrying"
    assert [final.name for final in table.finals[:F]] == list(FINALS)
    kinds = ["hh_consumption", "npish_consumption", "government", "gfcf", "inventories"]
    assert [final.kind for final in table.finals] == kinds * R
    assert check_table(table).ok


@pytest.mark.io
def test_pymrio_parses_the_same_from_the_same_file(tmp_path):
    import pymrio

    # pymrio looks for a last sector c35 and for the USA, as the release has them.
    regions = ("AUS", "JPN", "USA")
    rows = list_wiod_rows(WORLD, "wiod2013", first=36 - S, regions=regions)
    path = write_rows(tmp_path / "wiot11_row_apr12.xlsx", rows)
    # pandas would warn of its own plans; pymrio warns that labour accounts are not there.
    reader = pd.option_context("io.excel.xlsx.reader", "openpyxl")
    with reader, pytest.warns(pymrio.tools.ioparser.ParserWarning, match="not included"):
        theirs = pymrio.parse_wiod(path)
    ours = read_official("wiod2013", path)
    assert np.array_equal(theirs.Z.to_numpy(), ours.Z)
    assert np.array_equal(theirs.Y.to_numpy(), ours.Y)
    assert [region for region, _ in theirs.Z.index] == [region for region, _ in ours.rows]


@pytest.mark.io
def test_a_binary_workbook_is_read_like_the_other(tmp_path):
    path = write_wiod(tmp_path, WORLD, "wiod2016")
    path = path.rename(tmp_path / "WIOT2011_Nov16_ROW.xlsb")  # the library looks at the content
    assert np.array_equal(read_official("wiod2016", path).Z, WORLD.Z)


def test_a_binary_workbook_without_its_library_says_what_to_install(tmp_path, monkeypatch):
    path = write_wiod(tmp_path, WORLD, "wiod2016").rename(tmp_path / "WIOT2011_Nov16_ROW.xlsb")
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    (told,) = read_broken("wiod2016", path)
    assert "keian[io]" in told
    assert "save the workbook as .xlsx" in told


def test_cells_that_are_no_numbers_are_told_together_with_their_place(tmp_path):
    def change(rows):
        rows[6][4], rows[8][7], rows[9][5] = "n.a.", None, "1 2"

    told = read_broken("wiod2013", write_wiod(tmp_path, WORLD, "wiod2013", change=change))
    assert len(told) == 3
    assert "wiot11_row_apr12.xlsx, sheet WIOT_2011, E7: found 'n.a.', wanted a number" in told[0]
    assert "H9: found nothing" in told[1]
    assert "F10: found '1 2'" in told[2]


def test_long_lists_are_cut_with_their_count(tmp_path):
    def change(rows):
        for row in rows[6:18]:
            row[4] = row[5] = row[6] = "?"

    told = read_broken("wiod2013", write_wiod(tmp_path, WORLD, "wiod2013", change=change))
    assert len(told) == 21
    assert "found 16 more of the same" in told[-1]


def test_a_cut_download_is_told(tmp_path):
    path = write_wiod(tmp_path, WORLD, "wiod2013")
    path.write_bytes(path.read_bytes()[:3000])
    (told,) = read_broken("wiod2013", path)
    assert "broken workbook" in told
    assert "download it again" in told


def test_missing_rows_and_columns_are_told_with_their_number(tmp_path):
    def cut(rows):
        return [[*row[:12], *row[13:]] for row in rows[:12]]

    told = read_broken("adb-mrio", write_wiod(tmp_path, WORLD, "adb-mrio", change=cut))
    assert any("no rows of 6 units, the first JPN.c2" in line for line in told)
    assert all("ADB-MRIO-2011-August 2025.xlsx" in line for line in told)


def test_a_sector_without_a_column_is_told(tmp_path):
    def cut(rows):
        return [[*row[:8], *row[9:]] for row in rows]

    told = read_broken("adb-mrio", write_wiod(tmp_path, WORLD, "adb-mrio", change=cut))
    assert "no columns of 1 units, the first JPN.c1" in told[0]


def test_another_year_is_told(tmp_path):
    (told,) = read_broken("wiod2013", write_wiod(tmp_path, WORLD, "wiod2013"), year=2009)
    assert "found a table of 2011, wanted the year 2009" in told


def test_a_file_of_another_kind_is_told_with_its_own(tmp_path):
    path = write_rows(tmp_path / "WIOT2011_Nov16_ROW.xlsx", [["a", "b"], [1, 2]])
    (told,) = read_broken("adb-mrio", path)
    assert "0 columns and 0 rows with a code c1" in told
    assert "keian economy read wiod2016" in told


def test_no_file_and_another_format_are_told(tmp_path):
    assert "nothing there" in read_broken("wiod2013", tmp_path / "none.xlsx")[0]
    assert "found a folder, wanted a file: wiot" in read_broken("wiod2013", tmp_path)[0]
    text = tmp_path / "wiot11.dta"
    text.write_text("x", encoding="utf-8")
    assert "wanted .xlsx, .xlsb, .csv" in read_broken("wiod2013", text)[0]


def test_final_demand_that_no_word_names_is_told(tmp_path):
    def change(rows):
        rows[3][4 + R * S] = "Something else"

    told = read_broken("wiod2013", write_wiod(tmp_path, WORLD, "wiod2013", change=change))
    assert "'Something else', wanted a kind of final demand" in told[0]
