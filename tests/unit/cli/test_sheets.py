"""Spreadsheets at the command line."""

import json

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.sheets.xlsx_read import XlsxBook
from tests.sheet_economy import write_economy


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write_economy(tmp_path_factory.mktemp("economy") / "small")


def call(*arguments):
    return CliRunner().invoke(app, ["economy", *map(str, arguments)])


def test_out_and_back_in_both_formats(small, tmp_path):
    for file_format in ("csv", "xlsx"):
        place = tmp_path / file_format
        out = call("export", place, "--economy", small, "--format", file_format, "--lang", "ja")
        assert out.exit_code == 0, out.output
        given = place if file_format == "csv" else place / "small.xlsx"
        assert f"keian economy import {given} --out DIR" in out.stdout
        back = call("import", given, "--out", tmp_path, "--name", f"my-{file_format}")
        assert back.exit_code == 0, back.output
        folder = tmp_path / f"my-{file_format}"
        assert f"次：keian review {folder} --lang ja" in back.stdout
        assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["changed"] == []
        assert call("show", folder).exit_code == 0


def test_json_names_what_was_made(small, tmp_path):
    out = json.loads(call("export", tmp_path / "x", "--economy", small, "--json").stdout)
    assert out == {"files": [str(tmp_path / "x" / "small.xlsx")]}
    made = call("import", tmp_path / "x" / "small.xlsx", "--out", tmp_path / "y", "--json")
    assert json.loads(made.stdout)["economy"] == str(tmp_path / "y" / "small")


def test_an_economy_is_only_replaced_when_asked(small, tmp_path):
    call("export", tmp_path / "x", "--economy", small, "--format", "csv")
    call("import", tmp_path / "x", "--out", tmp_path / "mine")
    again = call("import", tmp_path / "x", "--out", tmp_path / "mine")
    assert again.exit_code == 2
    assert "--replace" in again.stderr
    assert call("import", tmp_path / "x", "--out", tmp_path / "mine", "--replace").exit_code == 0
    (tmp_path / "other" / "small").mkdir(parents=True)
    (tmp_path / "other" / "small" / "letter.txt").write_text("dear", encoding="utf-8")
    spared = call("import", tmp_path / "x", "--out", tmp_path / "other", "--replace")
    assert spared.exit_code == 2
    assert (tmp_path / "other" / "small" / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_all_faults_come_with_one_exit_code(small, tmp_path):
    call("export", tmp_path / "x", "--economy", small, "--format", "csv")
    for name in ("pools", "uses"):
        (tmp_path / "x" / f"{name}.csv").unlink()
    result = call("import", tmp_path / "x", "--out", tmp_path / "mine", "--json")
    assert result.exit_code == 2
    assert len(json.loads(result.stdout)["error"]["problems"]) == 2
    assert not (tmp_path / "mine").exists()


def test_the_template_is_a_workbook(tmp_path):
    assert call("template", tmp_path / "t.csv").exit_code == 2
    assert call("template", tmp_path / "t.xlsx", "--lang", "ja").exit_code == 0
    book = XlsxBook(tmp_path / "t.xlsx")
    assert [sheet.name for sheet in book.sheets][:3] == ["この表について", "列の説明", "物資"]
    book.close()
    assert call("template", tmp_path / "t.xlsx").exit_code == 2


def test_a_name_that_is_no_folder_of_its_own_is_refused(small, tmp_path):
    call("export", tmp_path / "x", "--economy", small, "--format", "csv")
    result = call("import", tmp_path / "x", "--out", tmp_path, "--name", "../up")
    assert result.exit_code == 2
    assert not (tmp_path.parent / "up").exists()
