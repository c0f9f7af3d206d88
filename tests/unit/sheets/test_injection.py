"""No text of an economy becomes a formula in an exported file."""

import csv
import io
import shutil
import zipfile

import openpyxl
import pytest
import yaml

from keian.economy import load_economy
from keian.sheets import export_economy, import_economy
from keian.sheets.folder import write_yaml

RISKY = ('=HYPERLINK("http://x")', "+1", "-1+1", "@SUM(A1)", "'=1", "\t=1")


@pytest.fixture
def loaded_with_formulas(small, tmp_path):
    """The small economy with a note that begins like a formula, one good a kind."""
    shutil.copytree(small, tmp_path / "small")
    path = tmp_path / "small" / "goods" / "goods.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    good = data["goods"][0]
    for number, text in enumerate(RISKY):
        data["goods"].append({**good, "id": f"g{number}", "tier": "illustrative", "note": text})
    write_yaml(path, data)
    return tmp_path / "small"


def test_csv_cells_are_quoted_and_come_back(loaded_with_formulas, tmp_path):
    export_economy(tmp_path / "csv", loaded_with_formulas, file_format="csv")
    for file in (tmp_path / "csv").glob("*.csv"):
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")):
            for cell in row:
                risky = cell.startswith(("=", "+", "@", "\t", "-"))
                assert not risky or cell.replace(".", "").replace("e", "").replace("-", "").isdigit(), (file.name, cell)  # fmt: skip
    made = import_economy(tmp_path / "csv", tmp_path / "back")
    after, before = (
        load_economy(f, illustrative=True) for f in (made.folder, loaded_with_formulas)
    )
    assert after.goods == before.goods


def test_workbook_cells_are_text_and_come_back(loaded_with_formulas, tmp_path):
    (path,) = export_economy(tmp_path / "xlsx", loaded_with_formulas)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name), name
    book = openpyxl.load_workbook(path)
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    book.close()
    made = import_economy(path, tmp_path / "back")
    after, before = (
        load_economy(f, illustrative=True) for f in (made.folder, loaded_with_formulas)
    )
    assert after.goods == before.goods
