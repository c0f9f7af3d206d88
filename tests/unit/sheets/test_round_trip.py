"""What goes out comes back: every bit of the small economy, and of the shipped one."""

from dataclasses import replace

import numpy as np
import pytest

from keian.economy import economy_digest, load_economy, set_aside
from keian.sheets import export_economy, import_economy
from keian.sheets.layout import list_sheets


def assert_same(before, after):
    assert after.digest == economy_digest(replace(before, name=after.name))
    for name in (
        "goods",
        "aside",
        "uses",
        "registered",
        "services",
        "routes",
        "sources",
        "assumptions",
        "title",
    ):
        assert getattr(after, name) == getattr(before, name), name
    for name in ("region_names", "product_names", "unit_names", "country_names"):
        assert getattr(after, name) == getattr(before, name), name
    assert np.array_equal(before.Z, after.Z)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_small_economy_comes_back_exactly(small, tmp_path, file_format, lang):
    files = export_economy(tmp_path / "sheets", small, file_format=file_format, lang=lang)
    given = files[0] if file_format == "xlsx" else tmp_path / "sheets"
    made = import_economy(given, tmp_path / "back")
    after = load_economy(made.folder)
    assert made.changed == ()
    assert made.digest == after.digest
    assert_same(load_economy(small), after)


@pytest.mark.slow
@pytest.mark.parametrize(("file_format", "lang"), [("csv", "en"), ("xlsx", "ja")])
def test_the_shipped_economy_comes_back_exactly(tmp_path, file_format, lang):
    files = export_economy(tmp_path / "sheets", "japan", file_format=file_format, lang=lang)
    given = files[0] if file_format == "xlsx" else tmp_path / "sheets"
    made = import_economy(given, tmp_path / "back")
    japan = load_economy("japan")
    assert made.digest == japan.digest
    assert_same(japan, load_economy(made.folder))


def test_a_second_trip_is_the_first(small, as_csv, tmp_path):
    made = import_economy(as_csv, tmp_path / "one")
    export_economy(tmp_path / "again", made.folder, file_format="csv")
    for file in sorted(as_csv.glob("*.csv")):
        again = tmp_path / "again" / file.name
        if file.stem not in {"about", "supply_routes", "baseline"}:
            assert again.read_bytes() == file.read_bytes(), file.name
    assert import_economy(tmp_path / "again", tmp_path / "two").digest == made.digest


def test_every_sheet_of_the_layout_is_written_and_described(as_csv):
    names = {file.stem for file in as_csv.glob("*.csv")}
    assert names == {sheet.id for sheet in list_sheets()} | {"columns"}
    described = (as_csv / "columns.csv").read_text(encoding="utf-8-sig")
    for sheet in list_sheets():
        for head in sheet.heads:
            assert f",{head.key}," in described, head.key


def test_an_export_does_not_write_over_what_a_person_may_have_edited(small, as_csv):
    with pytest.raises(ValueError, match="a file of an earlier export"):
        export_economy(as_csv, small, file_format="csv")


@pytest.mark.slow
def test_a_plain_save_by_another_program_changes_nothing(tmp_path):
    """Programs write fewer digits than a double holds: the sheet `baseline` keeps the last ones."""
    import openpyxl

    (path,) = export_economy(tmp_path / "sheets", "japan", file_format="xlsx", lang="ja")
    book = openpyxl.load_workbook(path)
    book.save(tmp_path / "saved.xlsx")
    made = import_economy(tmp_path / "saved.xlsx", tmp_path / "back")
    assert made.changed == ()
    assert made.digest == economy_digest(set_aside(load_economy("japan")))
