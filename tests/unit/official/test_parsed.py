"""OECD ICIO and EXIOBASE 3: what pymrio parses, and what it would have passed over."""

import sys

import numpy as np
import pytest

from keian.core import InputError
from keian.official import check_table, read_official
from tests.official_tables import R, S, list_icio_rows, make_world, write_csv, write_exiobase

WORLD = make_world(11)
pytestmark = pytest.mark.io


def read_broken(kind, path, year=None):
    with pytest.raises(InputError) as caught:
        read_official(kind, path, year)
    return [str(problem) for problem in caught.value.problems]


def test_icio_is_read_with_output_and_value_added(tmp_path):
    table = read_official(
        "oecd-icio", write_csv(tmp_path / "ICIO2023_2011.csv", list_icio_rows(WORLD))
    )
    # Sectors happen to stand in the order of the alphabet, into which pymrio brings them.
    assert np.array_equal(table.Z, WORLD.Z)
    assert np.allclose(table.x, WORLD.x, rtol=1e-12)
    assert np.allclose(table.v, WORLD.v, rtol=1e-12)
    assert np.isclose(table.Y.sum(), WORLD.Y.sum())
    verdict = check_table(table)
    assert verdict.ok
    assert table.year == 2011
    assert verdict.find("negative_inventories").count == int((WORLD.Y < 0).sum())


def test_parts_of_china_are_one_and_the_account_still_closes(tmp_path):
    """AUS and ROW become CN1 and CN2, as in the file; CHN holds final demand and empty industries."""
    sectors, finals = ("A01", "B05", "C28", "S96"), ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")
    names = [f"{r}_{s}" for r in ("CN1", "JPN", "CN2") for s in sectors]
    empty = [f"CHN_{s}" for s in sectors]
    wide = WORLD.Y.reshape(R * S, R, len(finals))
    Y = np.hstack([wide[:, 0] + wide[:, 2], wide[:, 1]])
    columns = [f"{r}_{f}" for r in ("CHN", "JPN") for f in finals]
    rows = [["V1", *empty, *names, *columns, "OUT"]]
    rows += [[name, *np.zeros(len(rows[0]) - 1).tolist()] for name in empty]
    for at, name in enumerate(names):
        rows.append(
            [name, *([0.0] * S), *WORLD.Z[at].tolist(), *Y[at].tolist(), float(WORLD.x[at])]
        )
    rest = [0.0] * (len(columns) + 1)
    rows += [
        ["VA", *([0.0] * S), *WORLD.v.tolist(), *rest],
        ["OUT", *([0.0] * S), *WORLD.x.tolist(), *rest],
    ]
    table = read_official("oecd-icio", write_csv(tmp_path / "ICIO2023_2011.csv", rows))
    assert table.regions == ("CHN", "JPN")
    assert np.isclose(table.Z.sum(), WORLD.Z.sum())
    x = WORLD.x.reshape(R, S)
    assert np.allclose(table.x, np.concatenate([x[0] + x[2], x[1]]))
    verdict = check_table(table)
    assert max(verdict.row_residual, verdict.column_residual) < 1e-12


def test_a_cut_icio_file_is_told_with_its_lines(tmp_path):
    path = write_csv(tmp_path / "ICIO2023_2011.csv", list_icio_rows(WORLD))
    text = path.read_text("utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    told = read_broken("oecd-icio", path)
    assert any("ICIO2023_2011.csv:8: found" in line and "cells, wanted" in line for line in told)
    assert any("no row of" in line for line in told)


def test_cells_of_icio_that_are_no_number_are_told(tmp_path):
    rows = list_icio_rows(WORLD)
    rows[1][1], rows[3][4] = "", "x"
    told = read_broken("oecd-icio", write_csv(tmp_path / "ICIO2023_2011.csv", rows))
    assert "ICIO2023_2011.csv:2 AUS_A01, AUS_A01: found nothing, wanted a number" in told[0]
    assert "ICIO2023_2011.csv:4 AUS_C28, AUS_S96: found 'x'" in told[1]


def test_another_file_is_no_icio(tmp_path):
    path = write_csv(tmp_path / "ICIO2023_2011.csv", [["a", "b"], ["c", "1"]])
    assert any("wanted labels REGION_INDUSTRY" in line for line in read_broken("oecd-icio", path))


def test_another_year_of_icio_is_told_and_the_release_is_no_year(tmp_path):
    path = write_csv(tmp_path / "ICIO2023_2011.csv", list_icio_rows(WORLD))
    (told,) = read_broken("oecd-icio", path, year=2023)
    assert "found a table of 2011, wanted the year 2023" in told


@pytest.mark.parametrize("tables", [("A", "Z", "x"), ("A", "x"), ("Z",)])
def test_exiobase_is_read_from_flows_or_coefficients(tmp_path, tables):
    table = read_official("exiobase3", write_exiobase(tmp_path / "IOT_2011_pxp.zip", WORLD, tables))
    assert np.allclose(table.Z, WORLD.Z, rtol=1e-9)
    assert np.allclose(table.Y, WORLD.Y)
    assert (table.unit, table.year, len(table.rows)) == ("MEUR", 2011, R * S)
    assert check_table(table).ok


def test_exiobase_unpacked_is_the_same(tmp_path):
    write_exiobase(tmp_path / "IOT_2011_pxp.zip", WORLD)
    assert np.allclose(read_official("exiobase3", tmp_path / "IOT_2011_pxp").Z, WORLD.Z)


def test_pickled_tables_and_paths_outside_are_refused(tmp_path):
    def spoil(folder, parameters):
        parameters["files"]["Z"]["name"] = "Z.pkl"
        parameters["files"]["Y"]["name"] = "../Y.txt"

    told = read_broken(
        "exiobase3", write_exiobase(tmp_path / "IOT_2011_ixi.zip", WORLD, spoil=spoil)
    )
    assert len(told) == 2
    assert all("wanted a .txt or .parquet file beside it" in line for line in told)


def test_missing_tables_and_cut_archives_are_told(tmp_path):
    def spoil(folder, parameters):
        del parameters["files"]["Y"]
        (folder / "Z.txt").unlink()

    told = read_broken(
        "exiobase3", write_exiobase(tmp_path / "IOT_2011_ixi.zip", WORLD, spoil=spoil)
    )
    assert any("no table Y" in line for line in told)
    assert any("no file IOT_2011_ixi/Z.txt" in line for line in told)
    cut = tmp_path / "IOT_2010_ixi.zip"
    cut.write_bytes((tmp_path / "IOT_2011_ixi.zip").read_bytes()[:-40])
    assert "broken archive" in read_broken("exiobase3", cut)[0]


def test_text_in_an_exiobase_table_is_told(tmp_path):
    def spoil(folder, parameters):
        lines = (folder / "Z.txt").read_text("utf-8").splitlines()
        cells = lines[-1].split("\t")
        lines[-1] = "\t".join([*cells[:-1], "n.a."])
        (folder / "Z.txt").write_text("\n".join(lines), encoding="utf-8")

    path = write_exiobase(tmp_path / "IOT_2011_ixi.zip", WORLD, spoil=spoil)
    (told,) = read_broken("exiobase3", path)
    assert "IOT_2011_ixi.zip Z, ROW Services, ROW Services: found 'n" in told


@pytest.mark.parametrize("kind", ["oecd-icio", "exiobase3"])
def test_without_pymrio_it_says_what_to_install(tmp_path, monkeypatch, kind):
    if kind == "exiobase3":
        path = write_exiobase(tmp_path / "IOT_2011_pxp.zip", WORLD)
    else:
        path = write_csv(tmp_path / "ICIO2023_2011.csv", list_icio_rows(WORLD))
    monkeypatch.setitem(sys.modules, "pymrio", None)
    (told,) = read_broken(kind, path)
    assert "pip install 'keian[io]'" in told
