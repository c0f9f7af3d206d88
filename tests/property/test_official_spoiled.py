"""Whatever stands in a file: it is read and judged, or refused with problems; never another end."""

import shutil
import warnings
from random import Random

import numpy as np
import pytest

from keian.core import DataError, InputError
from keian.official import Wanted, check_table, read_official, write_official
from tests.official_tables import (
    R,
    S,
    list_icio_rows,
    list_national_rows,
    list_regional_rows,
    list_wiod_rows,
    make_national,
    make_world,
    write_csv,
    write_exiobase,
    write_rows,
    write_wiod,
)

WORLD = make_world()
NAMES = {
    "wiod2013": "wiot11_row_apr12.xlsx",
    "wiod2016": "WIOT2011_Nov16_ROW.xlsx",
    "adb-mrio": "ADB-MRIO-2011.xlsx",
    "japan": "table-2011.xlsx",
    "japan-regions": "regions-2011.xlsx",
    "oecd-icio": "ICIO2023_2011.csv",
}
JUNK = (
    None, "", "x", "内生部門計", "c1", "TOT", "JPN", "1,2", "１２", "-", -5, 1e300, "計", "輸出", "VA", "TAX",
    "（控除）輸入", 0, True, "国内生産額",
)  # fmt: skip


def list_rows(kind):
    if kind == "japan":
        return list_national_rows(make_national(), title="産業連関表")
    if kind == "japan-regions":
        rows = list_regional_rows(WORLD, np.arange(R * S) + 5.0, np.arange(R * S) * 3.0)[0]
        rows[0] = ["地域間産業連関表"]
        return rows
    return list_icio_rows(WORLD) if kind == "oecd-icio" else list_wiod_rows(WORLD, kind)


def spoil(rows, draw):
    """Drop, cut or repeat rows and columns, or write something else into a cell."""
    act = draw.random()
    if not rows:
        return rows
    at = draw.randrange(len(rows))
    if act < 0.25:
        return rows[:at] + rows[at + 1 :]
    if act < 0.4:
        column = draw.randrange(1 + max(map(len, rows)))
        return [row[:column] + row[column + 1 :] for row in rows]
    if act < 0.5:
        return rows[: at + 1]
    if act < 0.6:
        return [*rows[:at], list(rows[draw.randrange(len(rows))]), *rows[at:]]
    if act < 0.65:
        return [row[: draw.randrange(1, 30)] for row in rows]
    if rows[at]:
        rows[at][draw.randrange(len(rows[at]))] = draw.choice(JUNK)
    return rows


def end_well(kind, path, out):
    """Read, judge and, where it is fit, write; returns how it ended."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            table = read_official(kind, path, 2011)
            verdict = check_table(table)
            if not verdict.ok:
                return "unfit"
            rate = None if table.unit == "MUSD" else 100.0
            shutil.rmtree(out, ignore_errors=True)
            write_official(table, verdict, out, Wanted(table.regions[0], "m", per_usd=rate))
        except (InputError, DataError) as error:
            told = error.problems
        else:
            return "fit"
    assert told
    assert all(problem.found and problem.wanted and problem.fix for problem in told)
    return "refused"


def play(tmp_path, seed, count):
    draw = Random(seed)  # noqa: S311 - spoils files, keeps no secret
    ends = []
    for _ in range(count):
        kind = draw.choice(list(NAMES))
        rows = [list(row) for row in list_rows(kind)]
        for _ in range(draw.randint(1, 4)):
            rows = spoil(rows, draw)
        write = write_csv if kind == "oecd-icio" else write_rows
        sheet = ("取引額(12部門MTX)",) if kind == "japan-regions" else ()
        ends.append(end_well(kind, write(tmp_path / NAMES[kind], rows, *sheet), tmp_path / "o"))
    return ends


@pytest.mark.io
def test_spoiled_tables_are_read_or_refused(tmp_path):
    ends = play(tmp_path, 1, 60)
    assert {"fit", "refused"} <= set(ends)


@pytest.mark.io
@pytest.mark.slow
def test_many_spoiled_tables_are_read_or_refused(tmp_path):
    ends = play(tmp_path, 2, 400)
    assert {"fit", "unfit", "refused"} == set(ends)


@pytest.mark.io
def test_files_cut_anywhere_are_refused(tmp_path):
    draw = Random(3)  # noqa: S311 - as above
    whole = {
        "wiod2013": write_wiod(tmp_path, WORLD, "wiod2013"),
        "exiobase3": write_exiobase(tmp_path / "IOT_2011_pxp.zip", WORLD),
        "oecd-icio": write_csv(tmp_path / "ICIO2023_2011.csv", list_icio_rows(WORLD)),
    }
    for kind, path in whole.items():
        content = path.read_bytes()
        for _ in range(12):
            path.write_bytes(content[: draw.randrange(len(content) - 40)])
            assert end_well(kind, path, tmp_path / "o") == "refused"
