"""Time and peak memory of reading WIOD 2013 whole: verdict, economy, one played scenario.

Run from the repository: `python -m bench.official --raw FOLDER`, where FOLDER holds `wiod2013`. Each
step is a child process; the workbook is the same table, laid out as the release lays it.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
import xlsxwriter

from bench.machine import MEGA, Watch
from bench.review import measure_child

FINALS = (
    ("c37", "Final consumption expenditure by households"),
    ("c38", "Final consumption expenditure by non-profit organisations"),
    ("c39", "Final consumption expenditure by government"),
    ("c41", "Gross fixed capital formation"),
    ("c42", "Changes in inventories and valuables"),
)
SCENARIO = """
id: half
names: {en: Half of electrical machinery stops, ja: 電気機械の半分が止まる}
economy: whole
as_of: 2026-11-22
horizon_days: 60
seed: 1
shocks:
  - {id: half, kind: capacity_loss, units: [JPN.c14], start_day: 5, duration_days: 20, loss: 0.5, sources: [a-half]}
"""
SOURCES = "- {id: a-half, title: A made-up shock, kind: assumption}\n"


def main() -> None:
    """Read, judge, write and play the whole table, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder that holds wiod2013")
    raw = parser.parse_args().raw / "wiod2013"
    watch = Watch()
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        book = write_workbook(raw, top / "wiot11_row_apr12.xlsx")
        (top / "half.yaml").write_text(SCENARIO, encoding="utf-8")
        (top / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        keian = [sys.executable, "-m", "keian"]
        read = [*keian, "economy", "read", "arrays", str(raw / "wiot_2011.npz")]
        into = ["--home", "JPN", "--out", str(top), "--name", "whole"]
        played = [
            *keian, "simulate", str(top / "half.yaml"), "--economy", str(top / "whole"), "--draws", "4",
            "--workspace", str(top / "space"),
        ]  # fmt: skip
        steps = (
            ("verdict on the arrays", read),
            ("the same and the economy", [*read, *into]),
            ("verdict on the workbook", [*keian, "economy", "read", "wiod2013", str(book)]),
            ("60 days, 4 draws, empty compiler cache", played),
            ("60 days, 4 draws, filled cache", played),
        )
        print(f"workbook {book.stat().st_size / MEGA:.0f} MB")
        for name, command in steps:
            log = top / "log.txt"
            cost = measure_child(command, top / "cache", log)
            print(f"{name}: {cost.tell()}")
            if cost.code:
                print(log.read_text(encoding="utf-8"))
                sys.exit(cost.code)
    print(watch.tell())


def write_workbook(raw: Path, path: Path) -> Path:
    """Write the table of 2011 as the workbook of its release."""
    with np.load(raw / "wiot_2011.npz", allow_pickle=False) as arrays:
        Z, Y, x = (arrays[name].astype(np.float64) for name in ("Z", "Y", "x"))
    countries, industries = (read_list(raw / f"{n}.csv") for n in ("countries", "industries"))
    units = [(i[0], i[1], c[0], i[0]) for c in countries for i in industries]
    across = [*units, *((code, name, c[0], code) for c in countries for code, name in FINALS)]
    across.append(("TOT", "Total output", "TOT", "TOT"))
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("WIOT_2011")
        sheet.write(0, 0, "Intercountry Input-Output Table for 2011")
        for line in range(4):
            sheet.write_row(line + 2, 4, [head[line] for head in across])
        for at, unit in enumerate(units):
            sheet.write_row(at + 6, 0, [*unit, *Z[at].tolist(), *Y[at].tolist(), float(x[at])])
        added = ["VA", "Value added at basic prices", "TOT", "r64", *(x - Z.sum(axis=0)).tolist()]
        sheet.write_row(len(units) + 6, 0, added)
    return path


def read_list(path: Path) -> list[list[str]]:
    """Read the lines below the head of a list."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


if __name__ == "__main__":
    main()
