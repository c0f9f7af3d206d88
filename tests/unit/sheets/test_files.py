"""Files that are no tables at all, at the import itself: one error, its place, and nothing written."""

import shutil
import zipfile

import pytest

from keian.core import InputError
from keian.sheets import import_economy

OLD_BINARY = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def read_problems(path, out, lang=None):
    with pytest.raises(InputError) as caught:
        import_economy(path, out, lang=lang)
    assert not out.exists()
    return [(p.where, p.found, p.fix) for p in caught.value.problems]


def spoil_zip(path, how):
    """Damage a workbook: cut off, overwritten in the middle, or no archive."""
    raw = bytearray(path.read_bytes())
    if how == "cut":
        raw = raw[: len(raw) // 2]
    elif how == "overwritten":
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo("xl/worksheets/sheet3.xml")  # the parameters
        start = member.header_offset + 100
        raw[start : start + 200] = b"\xff" * 200
    else:
        raw = b"keian"
    path.write_bytes(raw)


@pytest.mark.parametrize("how", ["cut", "overwritten", "no archive"])
@pytest.mark.parametrize(
    ("lang", "words", "fix"),
    [
        ("en", "a broken workbook (", "save it again as .xlsx, or copy or download it again"),
        ("ja", "壊れたブック（", ".xlsx形式で保存し直すか、コピー・ダウンロードし直す"),
    ],
)
def test_a_corrupt_workbook(as_xlsx, tmp_path, how, lang, words, fix):
    path = tmp_path / "small.xlsx"
    shutil.copy(as_xlsx, path)
    spoil_zip(path, how)
    problems = read_problems(path, tmp_path / "out", lang)
    assert problems[0][0] == "small.xlsx"
    assert problems[0][1].startswith(words)
    assert problems[0][2] == fix


@pytest.mark.parametrize("name", ["old.xls", "renamed.xlsx"])
def test_an_old_binary_workbook(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(OLD_BINARY)
    found = "an old .xls workbook, or one with a password"
    fix = "save it as .xlsx without a password"
    assert read_problems(path, tmp_path / "out") == [(name, found, fix)]


def test_an_old_binary_workbook_in_japanese(tmp_path):
    path = tmp_path / "旧.xls"
    path.write_bytes(OLD_BINARY)
    found = "古い.xls形式、またはパスワード付きのブック"
    fix = "パスワードなしの.xlsx形式で保存する"
    assert read_problems(path, tmp_path / "out", "ja") == [("旧.xls", found, fix)]


def test_broken_shift_jis_is_told_at_its_line(as_csv, tmp_path):
    folder = tmp_path / "sheets"
    shutil.copytree(as_csv, folder)
    path = folder / "pools.csv"
    lines = path.read_text(encoding="utf-8-sig").encode("cp932").splitlines(keepends=True)
    assert "国家備蓄".encode("cp932") in lines[2]
    lines[2] = lines[2].replace("国家".encode("cp932"), b"\x8d\x91\x89\xff\xff")
    path.write_bytes(b"".join(lines))
    found = "bytes that are neither UTF-8 nor Shift_JIS"
    assert read_problems(folder, tmp_path / "out") == [
        ("pools.csv row 3", found, "save the file as `CSV UTF-8`")
    ]


@pytest.mark.parametrize("broken", [b"\x81\xff", b"\xff", b"\xa0", b"\xfd\xfe"])
def test_a_break_beyond_the_first_piece_is_told_at_its_line(tmp_path, broken):
    from keian.sheets.csv_files import PIECE, find_encoding

    path = tmp_path / "long.csv"
    line = "番号,備蓄\r\n".encode("cp932")
    count = 2 * PIECE // len(line)
    path.write_bytes(line * count + b"x," + broken + b"\r\n" + line)
    with pytest.raises(InputError) as caught:
        find_encoding(path)
    assert caught.value.problems[0].where == f"long.csv row {count + 1}"


def test_a_folder_with_the_same_tables_as_csv_and_workbook(as_csv, as_xlsx, tmp_path):
    folder = tmp_path / "sheets"
    shutil.copytree(as_csv, folder)
    shutil.copy(as_xlsx, folder / "small.xlsx")
    (folder / "~$small.xlsx").write_bytes(b"a lock file of an open workbook")
    ((where, found, fix),) = read_problems(folder, tmp_path / "out")
    assert where == "small.xlsx"
    assert found.startswith("tables that stand in CSV files too: この表について, ")
    assert fix == "name the workbook itself, or move it out of the folder"


def test_a_folder_with_another_workbook_is_read(as_csv, tmp_path):
    import openpyxl

    folder = tmp_path / "sheets"
    shutil.copytree(as_csv, folder)
    book = openpyxl.Workbook()
    book.active.title = "memo"
    book.save(folder / "memo.xlsx")
    assert import_economy(folder, tmp_path / "out").changed == ()
