"""The reader of workbooks: compared with openpyxl, and held against hostile files."""

import zipfile
from datetime import date

import openpyxl
import pytest

from keian.core import InputError
from keian.sheets.books import open_book
from keian.sheets.cells import Odd
from keian.sheets.xlsx_read import XlsxBook, name_column
from keian.sheets.xlsx_write import WorkbookWriter

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read_all(path):
    book = XlsxBook(path)
    try:
        return {sheet.name: dict(sheet.read_rows()) for sheet in book.sheets}
    finally:
        book.close()


def spoil(path, member, change):
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[member] = change(parts.get(member, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)


def test_it_reads_what_openpyxl_reads(as_xlsx):
    mine = read_all(as_xlsx)
    theirs = openpyxl.load_workbook(as_xlsx, read_only=True)
    assert list(mine) == theirs.sheetnames
    for sheet in theirs:
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            got = mine[sheet.title].get(number, [])
            wanted = [None if cell == "" else cell for cell in row]  # an empty text is nothing
            while wanted and wanted[-1] is None:
                wanted.pop()
            assert got == wanted, (sheet.title, number)
    theirs.close()


def test_it_reads_what_openpyxl_writes(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    cells = [1, 2.5, -0.1, "text", " blanks ", "=", True, date(2026, 11, 22), "a_x000D_b", "行\n目"]
    for place, cell in enumerate(cells, 1):
        sheet.cell(3, place * 2).value = cell
    sheet["B3"].number_format = "0.00"
    book.save(tmp_path / "a.xlsx")
    row = read_all(tmp_path / "a.xlsx")["Sheet"][3]
    assert row[1::2][:9] == [
        1,
        2.5,
        -0.1,
        "text",
        " blanks ",
        "=",
        True,
        date(2026, 11, 22),
        "a\rb",
    ]
    assert row[19] == "行\n目"
    assert set(row[::2]) == {None}


def test_readings_of_japanese_words_are_no_text(tmp_path):
    path = write_cells(tmp_path, '<c r="A1" t="inlineStr"><is><r><t>東</t></r><r><t>京</t></r>'
                       "<rPh><t>トウキョウ</t></rPh></is></c>")  # fmt: skip
    assert read_all(path)["x"] == {1: ["東京"]}


def write_cells(tmp_path, cells, before="", after=""):
    path = tmp_path / "x.xlsx"
    with WorkbookWriter(path) as writer:
        writer.write_sheet("x", ["a"], [])
    sheet = f'<worksheet {NAMESPACE}>{before}<sheetData><row r="1">{cells}</row></sheetData>{after}</worksheet>'
    spoil(path, "xl/worksheets/sheet1.xml", lambda _: sheet.encode())
    return path


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ('<c r="A1"><f>1+1</f></c>', "a formula without a calculated value"),
        ('<c r="A1"><f>1+1</f><v></v></c>', "a formula without a calculated value"),
        ('<c r="A1" t="e"><v>#REF!</v></c>', "the error #REF!"),
        ('<c r="A1"><v>1e</v></c>', "the broken number '1e'"),
        ('<c r="A1" t="s"><v>99</v></c>', "a text that the workbook does not hold"),
        ('<c r="A1" t="d"><v>someday</v></c>', "the day 'someday'"),
    ],
)
def test_odd_cells_are_told(tmp_path, cells, found):
    (cell,) = read_all(write_cells(tmp_path, cells))["x"][1]
    assert isinstance(cell, Odd)
    assert cell.found == found


def test_a_formula_that_was_calculated_is_its_value(tmp_path):
    path = write_cells(tmp_path, '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>2x</v></c>')  # fmt: skip
    assert read_all(path)["x"] == {1: [2, "2x"]}


@pytest.mark.parametrize("place", ["XFE1", "ZZZ1", "1A", "A99999999", ""])
def test_a_cell_beyond_every_sheet_is_refused(tmp_path, place):
    path = write_cells(tmp_path, f'<c r="{place}"><v>1</v></c>')
    if place:
        with pytest.raises(InputError, match="broken workbook"):
            read_all(path)
    else:
        assert read_all(path)["x"] == {1: [1]}  # the cell after the last


BOMB = b"""<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>"""


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_document_type_is_refused(tmp_path, member):
    path = write_cells(tmp_path, "")
    spoil(path, member, lambda raw: BOMB + raw[raw.find(b"<w") :])
    with pytest.raises(InputError, match="document type"):
        read_all(path)


def test_a_part_that_unpacks_without_end_is_refused_before_it_is(tmp_path):
    path = write_cells(tmp_path, "")
    spoil(path, "xl/worksheets/sheet1.xml", lambda raw: raw + b" " * 20_000_000)
    with pytest.raises(InputError, match="unpacks"):
        XlsxBook(path)


def test_links_to_other_workbooks_are_refused(tmp_path):
    path = write_cells(tmp_path, "")
    spoil(path, "xl/externalLinks/externalLink1.xml", lambda _: b"<x/>")
    with pytest.raises(InputError, match="links to other workbooks"):
        XlsxBook(path)


@pytest.mark.parametrize(
    ("name", "raw", "found"),
    [
        ("a.xlsx", b"", "a broken workbook"),
        ("a.xlsx", b"PK\x03\x04 cut", "a broken workbook"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0" + b"0" * 600,
            "an old .xls workbook, or one with a password",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "an old .xls workbook, or one with a password"),
        ("a.ods", b"PK", "a file .ods"),
        ("a.pdf", b"%PDF", "a file .pdf"),
    ],
)
def test_other_files_are_told_apart(tmp_path, name, raw, found):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=found.replace(".", r"\.")), open_book(tmp_path / name):
        pass


def test_an_archive_that_is_no_workbook_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(InputError, match=r"no part xl/workbook\.xml"):
        XlsxBook(tmp_path / "a.xlsx")


def test_a_symbolic_link_is_not_followed(as_xlsx, tmp_path):
    (tmp_path / "a.xlsx").symlink_to(as_xlsx)
    with pytest.raises(InputError, match="symbolic link"), open_book(tmp_path / "a.xlsx"):
        pass


def test_a_folder_without_csv_is_told(tmp_path):
    with pytest.raises(InputError, match="no CSV file"), open_book(tmp_path):
        pass


def test_columns_have_their_letters():
    assert [name_column(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]  # fmt: skip
