"""keian exposure: tables on the terminal, as files and as JSON; refusals."""

import csv
import json

import openpyxl
import pytest
from typer.testing import CliRunner

from keian.cli import app


def run(*words):
    return CliRunner().invoke(app, ["exposure", *words])


def test_the_screen_shows_label_year_and_both_bases():
    result = run("screen", "--top", "3")
    assert result.exit_code == 0, result.output
    assert "TLP:AMBER" in result.stdout
    assert "2022" in result.stdout
    assert "HHI by value" in result.stdout.replace("\n", " ")
    assert "No verdict" in result.stdout or "no verdict" in result.stdout


def test_the_screen_speaks_japanese():
    shown = run("screen", "--top", "3", "--lang", "ja").stdout
    assert "日本の輸入依存" in shown
    assert "マグネサイト" in shown


def test_json_holds_every_product_verdict_and_source():
    answer = json.loads(run("screen", "--json").stdout)
    assert answer["label"] == "TLP:AMBER"
    assert answer["year"] == 2022
    cited = {s for criterion in answer["criteria"] for s in criterion["sources"]}
    assert cited <= set(answer["sources"])
    wheat = next(row for row in answer["products"] if row["product"] == "wheat")
    assert wheat["imports_kusd"] is None
    assert {row["criterion"] for row in answer["verdicts"]} >= {"geodep", "meti", "cabinet_office"}


@pytest.mark.parametrize("command", ["screen", "choke-points", "look-through"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_files_carry_label_and_sources(tmp_path, command, lang):
    folder = tmp_path / "out"
    assert run(command, "--out", str(folder), "--lang", lang).exit_code == 0
    book = openpyxl.load_workbook(folder / f"{command}.xlsx")
    assert all(sheet["A1"].value == "TLP:AMBER" for sheet in book)
    assert book.sheetnames[-1] == {"en": "Sources", "ja": "出典"}[lang]
    assert run(command, "--out", str(folder), "--lang", lang, "--format", "csv").exit_code == 0
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert next(csv.reader(stream))[-1] == "TLP:AMBER"


def test_the_matrix_says_which_verdicts_changed(tmp_path):
    assert run("screen", "--out", str(tmp_path)).exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "screen.xlsx")["Matrix"]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    place = [cell.value for cell in sheet[2]].index("CEPII GeoDep")
    assert rows["720293"][place] == "yes"
    assert rows["282520"][place] == "yes (changed in 5 years)"
    assert rows["wheat"][place] == "?"


@pytest.mark.parametrize("command", ["screen", "choke-points", "look-through"])
def test_a_viewer_below_amber_sees_nothing(tmp_path, command):
    result = run(command, "--viewer", "green", "--out", str(tmp_path / "out"))
    assert result.exit_code == 4
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("screen", "--importer", "ZZZ"),
        ("screen", "--year", "1900"),
        ("choke-points", "--good", "nonsense"),
        ("look-through", "--industry", "JPN.nonsense"),
        ("read", "absent.csv", "--to", "x.parquet"),
    ],
)
def test_bad_input_ends_with_2(words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_another_country_is_screened_from_the_world_s_flows():
    answer = json.loads(run("screen", "--importer", "KOR", "--json").stdout)
    assert (answer["importer"], answer["year"]) == ("KOR", 2022)


def test_a_file_is_read_listed_and_screened(tmp_path):
    raw, stored = tmp_path / "b.csv", tmp_path / "b.parquet"
    raw.write_text(
        "t,i,j,k,v,q\n2022,156,392,280530,900,3\n2022,999,392,280530,100,NA\n2022,36,36,280530,1,1\n"
    )
    told = run("read", str(raw), "--to", str(stored))
    assert told.exit_code == 0, told.output
    assert "unknown_country: 1 rows, 100 thousand USD, kept (?999)" in told.stdout
    assert "self_trade: 1 rows, 1 thousand USD, set aside (AUS)" in told.stdout
    answer = json.loads(run("screen", "--flows", str(stored), "--json").stdout)
    (row,) = answer["products"]
    assert (row["top_value"], row["top_share_value"]) == ("CHN", 0.9)
    assert not answer["provisional"]  # 2022 is settled, though the last year loaded


def test_customs_files_need_their_numbers_and_a_rate(tmp_path):
    raw = tmp_path / "c.csv"
    raw.write_text("x\n")
    result = run("read", str(raw), "--to", str(tmp_path / "c.parquet"), "--kind", "customs-japan")
    assert result.exit_code == 2
    assert "--countries" in result.stderr
    assert "--yen-rate" in result.stderr
