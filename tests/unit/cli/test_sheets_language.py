"""Spreadsheets at the command line: the language of every answer, and a template up to its review."""

import json

import openpyxl
import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.sheets import export_economy, write_template
from tests.sheet_economy import write_economy

OURS = "購買台帳2026年9月"


def call(*words):
    return CliRunner().invoke(app, [*map(str, words)])


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write_economy(tmp_path_factory.mktemp("economy") / "small")


def edit(path, sheet, row, title, value):
    book = openpyxl.load_workbook(path)
    cells = book[sheet]
    header = [cell.value for cell in cells[1]]
    cells.cell(row, 1 + header.index(title)).value = value
    book.save(path)
    book.close()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (None, ["問題1件", "small.xlsx、シート「備蓄」、2行目、列「放出の上限・最頻」", "現状：'many'", "本来：数値"]),
        ("en", ["1 problem (input)", "small.xlsx, sheet 備蓄, row 2, column", "found:  'many'", "wanted: a number"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_the_language_of_the_workbook_or_the_one_asked(
    small, tmp_path, lang, said
):
    (path,) = export_economy(tmp_path / "out", small, lang="ja")
    edit(path, "備蓄", 2, "放出の上限・最頻", "many")
    asked = () if lang is None else ("--lang", lang)
    result = call("economy", "import", path, "--out", tmp_path / "mine", *asked)
    assert result.exit_code == 2
    for words in said:
        assert words in result.output


def test_a_change_is_told_in_the_language_of_the_workbook(small, tmp_path):
    (path,) = export_economy(tmp_path / "out", small, lang="ja")
    edit(path, "備蓄", 2, "備蓄量・在庫量", 13.72 * 25)
    result = call("economy", "import", path, "--out", tmp_path / "mine")
    assert result.exit_code == 0, result.output
    assert "変更（出典は利用者）：備蓄 oil/tanks: 備蓄量・在庫量 13.72 -> 343" in result.output
    assert "20倍を超える変更（13.72 → 343）" in result.output


def test_doubts_stand_in_the_json(small, tmp_path):
    (path,) = export_economy(tmp_path / "out", small)
    edit(path, "goods", 2, "Name: English", "o" * 90)
    result = call("economy", "import", path, "--out", tmp_path / "mine", "--json")
    (line,) = (line for line in result.output.splitlines() if line.startswith("{"))
    (doubt,) = json.loads(line)["doubts"]
    assert doubt["where"] == "small.xlsx, sheet goods, row 2, column Name: English (B2)"
    assert doubt["found"] == "a name of 90 letters"


def test_what_stands_in_the_way_of_an_export_is_told_in_the_language_asked(small, tmp_path):
    words = ("economy", "export", tmp_path, "--economy", small, "--lang", "ja")
    assert call(*words).exit_code == 0
    result = call(*words)
    assert result.exit_code == 2
    assert "以前に書き出したファイル" in result.output


@pytest.mark.slow
def test_a_review_of_a_filled_template_shows_the_source_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("KEIAN_WORKSPACE", str(tmp_path / "workspace"))
    path = write_template(tmp_path / "my-parts.xlsx", lang="ja")
    words = {
        "example_part": "valve",
        "my-figures": "our-books",
        "社内の調達・在庫記録": OURS,
        "どの記録か、何日現在かをここに記入する。": "倉庫台帳",
        "誰が何を基に見積もったかをここに記入する。": "調達部の見積り",
    }
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row):
            if isinstance(cell.value, str):
                cell.value = words.get(cell.value, cell.value)
    book.save(path)
    book.close()
    edit(path, "出典", 2, "時点", "2026-09-30")
    made = call(
        "economy", "import", path, "--out", tmp_path / "mine", "--label", "TLP:AMBER+STRICT"
    )
    assert made.exit_code == 0, made.output
    assert "取扱区分 TLP:AMBER+STRICT" in made.output
    digest = made.output.split("経済 ")[1][:12]
    result = call(
        "review", tmp_path / "mine" / "japan", "--scenario", "china-imports-80",
        "--measure", "second-source-approval", "--draws", 2, "--illustrative", "--lang", "ja",
        "--out", tmp_path / "report", "--viewer", "TLP:AMBER+STRICT",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert OURS in (tmp_path / "report" / "report.ja.html").read_text(encoding="utf-8")
    review = json.loads((tmp_path / "report" / "review.json").read_text(encoding="utf-8"))
    assert OURS in json.dumps(review, ensure_ascii=False)
    assert review["label_text"] == "TLP:AMBER+STRICT"
    assert review["review"]["economy_digest"].startswith(digest)
    assert digest in (tmp_path / "report" / "report.ja.html").read_text(encoding="utf-8")
    assert "valve" in {good["run_out"]["id"] for good in review["review"]["scenarios"][0]["asked"]}
    (manifest,) = (tmp_path / "workspace").rglob("manifest.json")
    assert digest in manifest.read_text(encoding="utf-8")
    assert review["run_id"] == manifest.parent.name  # what a reader types after `keian replay`


def test_who_may_not_see_it_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("KEIAN_WORKSPACE", str(tmp_path / "workspace"))
    folder = write_economy(tmp_path / "small")
    text = (folder / "parameters.yaml").read_text(encoding="utf-8")
    (folder / "parameters.yaml").write_text(f"{text}\nlabel: TLP:RED\n", encoding="utf-8")
    shown = call("goods", "--economy", folder)
    assert shown.output.startswith("TLP:RED")
    assert json.loads(call("goods", "--economy", folder, "--json").output)["label"] == "TLP:RED"
