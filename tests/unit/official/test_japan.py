"""Japanese tables: one layout for the nation, prefectures and METI's regions."""

import dataclasses

import numpy as np
import pytest

from keian.core import InputError
from keian.official import check_table, read_official
from keian.official.settle import set_apart, transfer_negatives
from tests.official_tables import (
    ABROAD,
    MINUS,
    R,
    S,
    list_national_rows,
    list_regional_rows,
    make_national,
    make_world,
    write_rows,
)

NATION = make_national()


def read_broken(path, kind="japan", year=None):
    with pytest.raises(InputError) as caught:
        read_official(kind, path, year)
    return [str(problem) for problem in caught.value.problems]


def write(tmp_path, change=None, **options):
    rows = list_national_rows(NATION, **options)
    if change is not None:
        rows = change(rows) or rows
    return write_rows(tmp_path / "table.xlsx", rows, "取引基本表")


def test_the_national_table_is_read_with_imports_apart(tmp_path):
    table = read_official("japan", write(tmp_path))
    assert np.array_equal(table.Z, NATION.Z)
    assert np.array_equal(table.x, NATION.x)
    assert np.array_equal(table.v, NATION.v)
    assert np.array_equal(table.imports, NATION.M.sum(axis=1, keepdims=True))
    assert (table.partners, table.unit, table.year) == (("ROW",), "MJPY", 2015)
    assert table.units == ("JPN.s01", "JPN.s06", "JPN.s11", "JPN.s51")
    assert table.sector_names["s11"].ja == "時計"
    kinds = [final.kind for final in table.finals]
    wanted = ["hh_consumption"] * 2 + ["government", "gfcf", "inventories"] + ["exports"] * 2
    assert kinds == wanted
    (note,) = table.origin.notes
    assert note.en == "1 empty cells and dashes were read as zero."
    assert check_table(table).ok


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("（単位：百万円）", 1.0), ("(単位 : 10億円)", 1000.0), ("単位：千円", 0.001)],
)
def test_the_unit_above_the_table_counts(tmp_path, unit, factor):
    table = read_official("japan", write(tmp_path, unit=unit))
    assert np.allclose(table.x, NATION.x * factor, rtol=1e-12)


def test_totals_stand_in_where_their_parts_are_not_published(tmp_path):
    def drop(rows):
        keep = [k for k, name in enumerate(rows[2]) if name not in {*ABROAD, *MINUS}]
        return [[row[k] for k in keep if k < len(row)] for row in rows]

    table = read_official("japan", write(tmp_path, drop))
    assert np.array_equal(table.imports[:, 0], NATION.M.sum(axis=1))
    assert [final.name for final in table.finals if final.kind == "exports"] == ["輸出計"]
    assert check_table(table).row_residual == 0


def test_basic_codes_are_added_up_to_their_first_four_digits(tmp_path):
    def refine(rows):
        split = [
            ["0111-011", "米", *rows[3][2:]],
            ["0111-012P", "稲わら", *([0.0] * len(rows[3][2:]))],
        ]
        for at, code in ((2, "0111-01"), (3, "0611-01"), (4, "1111-01"), (5, "5111-01")):
            rows[1][at] = code
        for at, code in ((4, "0611-011"), (5, "1111-011"), (6, "5111-011")):
            rows[at][0] = code
        return [*rows[:3], *split, *rows[4:]]

    def rename(rows):
        for at, code in ((4, "0611-011"), (5, "1111-011"), (6, "5111-011")):
            rows[at][0] = code
        return refine(rows)

    table = read_official("japan", write(tmp_path, rename))
    assert table.sectors == ("s0111", "s0611", "s1111", "s5111")
    assert np.array_equal(table.Z, NATION.Z)
    assert "5 rows and 4 columns were added up to 4 sectors" in table.origin.notes[-1].en
    assert check_table(table).ok


def test_a_prefecture_imports_from_abroad_and_from_the_rest_of_japan(tmp_path):
    def rename(rows):
        swap = {
            "（控除）輸入（普通貿易）": "（控除）移入",
            "輸出（直接購入）": "移出",
            "（控除）輸入計": "（控除）移輸入計",
        }
        rows[2] = [swap.get(name, name) for name in rows[2]]

    table = read_official("japan", write(tmp_path, rename))
    assert table.partners == ("ROJ", "ROW")
    assert np.array_equal(table.imports[:, 0], NATION.M[:, 0])
    assert [final.region for final in table.finals if final.kind == "exports"] == ["ROW", "ROJ"]


def test_everything_wrong_is_told_together(tmp_path):
    def spoil(rows):
        rows[3][4], rows[5][3] = "x", "1.2.3"
        rows[4][8] = "…"

    told = read_broken(write(tmp_path, spoil))
    assert [line.split(": found ")[0] for line in told] == [
        "table.xlsx, sheet 取引基本表, E4", "table.xlsx, sheet 取引基本表, D6", "table.xlsx, sheet 取引基本表, I5",
    ]  # fmt: skip


def test_year_and_unit_that_are_not_told_are_asked_for(tmp_path):
    told = read_broken(write(tmp_path, unit="", title="取引基本表"))
    assert any("--year YYYY" in line for line in told)
    assert any("no unit of money" in line for line in told)
    told = read_broken(write(tmp_path), year=2020)
    assert "found a table of 2015, wanted the year 2020" in told[0]


def test_a_missing_sector_is_told(tmp_path):
    told = read_broken(write(tmp_path, lambda rows: [*rows[:4], *rows[5:]]))
    assert "no rows of 1 sectors: JPN.06" in told[0]


def test_a_sheet_that_is_no_table_is_told(tmp_path):
    path = write_rows(tmp_path / "x.xlsx", [["部門", "計"], ["1", 2]])
    assert "no 内生部門計" in read_broken(path)[0]
    assert "wanted a sheet named like" in read_broken(path, "japan-regions")[0]


def test_the_table_between_regions_is_read_block_by_block(tmp_path):
    world = make_world(5)
    exports, imports = np.arange(R * S) + 5.0, np.arange(R * S)[::-1] * 3.0
    rows, x, v = list_regional_rows(world, exports, imports)
    table = read_official(
        "japan-regions", write_rows(tmp_path / "r.xlsx", rows, "取引額(12部門MTX)")
    )
    assert np.array_equal(table.Z, world.Z)
    assert np.array_equal(table.imports[:, 0], imports)
    assert np.array_equal(table.x, x)
    assert np.array_equal(table.v, v)
    assert table.regions == ("R1", "R2", "R3")
    assert table.region_names["R1"].ja == "北海道"
    assert table.year == 2005
    assert check_table(table).ok


def test_an_unbalanced_table_is_read_and_judged_unfit(tmp_path):
    def spoil(rows):
        rows[3][2] += 200.0

    verdict = check_table(read_official("japan", write(tmp_path, spoil)))
    assert [problem.where for problem in verdict.problems][:2] == [
        "JPN.s01 row",
        "rows of the table",
    ]
    assert "residual of 200 MJPY" in verdict.problems[0].found
    assert not dataclasses.replace(verdict, problems=()).problems


def test_codes_kept_as_numbers_get_their_zeros_back(tmp_path):
    def spoil(rows):
        for at in range(2, 6):
            rows[1][at] = int(rows[1][at])

    table = read_official("japan", write(tmp_path, spoil))
    assert table.units == ("JPN.s01", "JPN.s06", "JPN.s11", "JPN.s51")
    assert np.array_equal(table.Z, NATION.Z)


def test_scrap_has_a_row_and_no_column(tmp_path):
    """Steel (06) throws scrap off, services (51) buy it; the row sums to no output, as published."""
    scrap = make_national()
    scrap.Z[0] = [0.0, -8.0, 0.0, 8.0]  # the first sector becomes the scrap
    for block in (scrap.Y, scrap.E, scrap.M):
        block[0] = 0.0
    scrap.Z[:, 0] = 0.0
    rows = list_national_rows(scrap)
    rows = [[cell for at, cell in enumerate(row) if at != 2] for row in rows]
    rows[1][2:5] = ["0611-01", "1111-01", "5111-01"]
    for at, code in zip(
        range(3, 7), ("2612-011P", "0611-011", "1111-011", "5111-011"), strict=True
    ):
        rows[at][0] = code
    table = read_official("japan", write_rows(tmp_path / "t.xlsx", rows))
    assert table.sectors == ("s2612", "s0611", "s1111", "s5111")
    assert table.origin.notes[-1].en == "1 sectors have a row and no column, as scrap has: 2612."
    verdict = check_table(table)
    assert verdict.ok
    assert verdict.find("negative_flows").count == 1
    settled = transfer_negatives(set_apart(table))
    assert settled.Z[1, 0] == 8.0  # steel sells it
    assert settled.x[0] == 8.0
    assert settled.Z[0, 3] == 8.0


def test_a_missing_column_with_output_is_unfit(tmp_path):
    def refine(rows):
        rows = [[cell for at, cell in enumerate(row) if at != 2] for row in rows]
        rows[1][2:5] = ["0611-01", "1111-01", "5111-01"]
        for at, code in zip(
            range(3, 7), ("0111-011", "0611-011", "1111-011", "5111-011"), strict=True
        ):
            rows[at][0] = code
        return rows

    verdict = check_table(read_official("japan", write(tmp_path, refine)))
    assert "JPN.s0111 column" in [problem.where for problem in verdict.problems]


def test_final_demand_that_no_word_names_is_told(tmp_path):
    def spoil(rows):
        rows[2][8] = "その他"

    assert "'その他', wanted a kind of final demand" in read_broken(write(tmp_path, spoil))[0]
