"""Time and peak memory of spreadsheets out and in, each as a child process.

Run from the repository: `python -m bench.sheets [--units 1900]`. The made-up world table of the
default size gives a workbook of about 50 MB. A child does each step, because a child's peak memory
would otherwise begin with its parent's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.machine import MEGA, Watch
from bench.review import measure_child

SECTORS = 100
TARGET_PEAK_MB = 1000.0
MAKE = """
import sys
from pathlib import Path
from types import SimpleNamespace
import numpy as np
import pandas as pd
from keian.sheets import write_iosystem
regions, sectors = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(7)
names = [f"R{r}" for r in range(regions)], [f"s{s}" for s in range(sectors)]
index = pd.MultiIndex.from_product(names)
finals = pd.MultiIndex.from_product([names[0], ["HFCE", "GGFC", "GFCF"]])
Z = pd.DataFrame(rng.random((len(index), len(index))), index=index, columns=index)
Y = pd.DataFrame(rng.random((len(index), len(finals))) * len(index), index=index, columns=finals)
write_iosystem(SimpleNamespace(Z=Z, Y=Y), Path(sys.argv[3]), home="R0", year=2020)
"""
READ = """
import sys
from pathlib import Path
from keian.sheets.xlsx_read import XlsxBook
book = XlsxBook(Path(sys.argv[1]))
print(sum(len(row) for sheet in book.sheets for _, row in sheet.read_rows()))
"""


def main() -> None:
    """Make a table, write it as a workbook and as CSV, read both back, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1900, help="units of the table")
    units = parser.parse_args().units
    watch = Watch()
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        python = [sys.executable, "-c"]
        keian = [sys.executable, "-m", "keian", "economy"]
        table, book = str(top / "big"), str(top / "xlsx" / "big.xlsx")
        sheets = str(top / "csv")
        given = [str(units // SECTORS), str(SECTORS), table]
        steps = (
            ("make the table", [*python, MAKE, *given]),
            ("export a workbook", [*keian, "export", str(top / "xlsx"), "--economy", table]),
            ("read its cells alone", [*python, READ, book]),
            ("import the workbook", [*keian, "import", book, "--out", str(top / "one" / "big")]),
            ("export CSV", [*keian, "export", sheets, "--economy", table, "--format", "csv"]),
            ("import CSV", [*keian, "import", sheets, "--out", str(top / "two" / "big")]),
        )
        for name, command in steps:
            log = top / "log.txt"
            cost = measure_child(command, top / "cache", log)
            state = "" if cost.peak_mb <= TARGET_PEAK_MB else f", above {TARGET_PEAK_MB:.0f} MB"
            print(f"{name}: {cost.tell()}{state}")
            if cost.code:
                print(log.read_text(encoding="utf-8"))
                sys.exit(cost.code)
        size = Path(book).stat().st_size / MEGA
        csv_size = sum(file.stat().st_size for file in Path(sheets).iterdir()) / MEGA
        print(f"{units // SECTORS * SECTORS} units: workbook {size:.0f} MB, CSV {csv_size:.0f} MB")
    print(watch.tell())


if __name__ == "__main__":
    main()
