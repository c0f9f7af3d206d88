"""Every column says what it means, in both languages."""

import csv

import openpyxl

from keian.sheets import export_economy, write_template
from keian.sheets.layout import list_sheets
from keian.sheets.meanings import find_meaning, load_meanings, tell_meaning


def test_every_column_has_a_meaning_in_both_languages():
    for sheet in list_sheets():
        for head in sheet.heads:
            english, japanese = (tell_meaning(sheet, head, lang) for lang in ("en", "ja"))
            assert english.strip(), (sheet.id, head.key)
            assert any(ord(letter) > 0x3000 for letter in japanese), (sheet.id, head.key)
            assert "{" not in english + japanese, (sheet.id, head.key)


def test_no_meaning_stands_for_nothing():
    used = {find_meaning(sheet, head) for sheet in list_sheets() for head in sheet.heads}
    assert {field for field, _ in used} == set(load_meanings().fields)
    assert {part for _, part in used if part} == set(load_meanings().parts)


def test_a_range_and_its_parts_are_told_apart():
    pools = next(sheet for sheet in list_sheets() if sheet.id == "pools")
    told = {
        part: tell_meaning(pools, pools.find_head(f"usable_share.{part}"), "ja")
        for part in ("low", "mode", "high", "dist", "sources", "note")
    }
    assert len(set(told.values())) == len(told)
    assert all(text.startswith("備蓄のうち使える割合") for text in told.values())


def test_the_sheet_of_columns_has_no_empty_meaning(tmp_path):
    export_economy(tmp_path, "japan", file_format="csv", lang="ja")
    with (tmp_path / "columns.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][-1] == "意味"
    assert all(row[-1].strip() for row in rows)
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", lang="ja"), read_only=True)
    for row in book["列" if "列" in book.sheetnames else book.sheetnames[1]].iter_rows(
        values_only=True
    ):
        assert row[-1]
