"""A small invented world table that balances, written in the layouts of publishers."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import xlsxwriter

REGIONS = ("AUS", "JPN", "ROW")
SECTORS = ("Farming", "Mining and quarrying", "Machines", "Services")
FINALS = (
    "Final consumption expenditure by households",
    "Final consumption expenditure by non-profit organisations serving households (NPISH)",
    "Final consumption expenditure by government",
    "Gross fixed capital formation",
    "Changes in inventories and valuables",
)
R, S, F = len(REGIONS), len(SECTORS), len(FINALS)


@dataclass(frozen=True)
class World:
    """Flows in whole millions; x is the sum of rows, v what is left of columns."""

    Z: np.ndarray
    Y: np.ndarray

    @property
    def x(self):
        return self.Z.sum(axis=1) + self.Y.sum(axis=1)

    @property
    def v(self):
        return self.x - self.Z.sum(axis=0)


def make_world(seed=7):
    draw = np.random.default_rng(seed)
    Z = draw.integers(1, 60, (R * S, R * S)).astype(float)
    Y = draw.integers(20, 300, (R * S, R * F)).astype(float)
    Y[:, F - 1 :: F] = draw.integers(-9, 20, (R * S, R))
    return World(Z, Y)


def write_rows(path, rows, sheet="WIOT_2011"):
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell is not None:
                    page.write(i, j, cell)
    return path


def list_wiod_rows(world, kind, first=1, regions=REGIONS):
    """Rows of a WIOD workbook (2013, 2016) or of ADB's, as cells; sectors begin with code `first`."""
    codes = [f"c{s + first}" for s in range(S)]
    final_codes = {
        "wiod2013": ["c37", "c38", "c39", "c41", "c42"],
        "wiod2016": ["c57", "c58", "c59", "c60", "c61"],
        "adb-mrio": ["F1", "F2", "F3", "F4", "F5"],
    }[kind]
    isic = {"wiod2013": ["AtB", "C", "29", "71t74"], "wiod2016": ["A01", "B", "C28", "M74_M75"]}
    outer = isic.get(kind, [None] * S)
    across = [(outer[s], SECTORS[s], r, codes[s]) for r in regions for s in range(S)]
    across += [(final_codes[f], FINALS[f], r, final_codes[f]) for r in regions for f in range(F)]
    total = {"wiod2013": ("TOT", "Total output", "TOT", "TOT"), "wiod2016": ("GO", "Total output", "TOT", "c62"),
             "adb-mrio": (None, "TOTAL", "ToT", None)}[kind]  # fmt: skip
    titles = {
        "wiod2013": ["Intercountry Input-Output Table for 2011"],
        "wiod2016": ["Intercountry Input-Output Table", "World Input-Output Database, 2011"],
        "adb-mrio": ["Multiregional Input-Output Table 2011", "3 economies, at current prices", "In millions of US$"],
    }[kind]  # fmt: skip
    if kind == "adb-mrio":
        heads = [[None] * 4 + [h[k] for h in (*across, total)] for k in (1, 2, 3)]
        rows = [[title] for title in titles] + [[]] + heads
    elif kind == "wiod2016":
        rows = [[title] for title in titles]
        rows += [[None] * 4 + [h[k] for h in (*across, total)] for k in range(4)]
    else:  # titles and heads share lines: the first four cells of the first column are titles
        heads = [[None] * 4 + [h[k] for h in (*across, total)] for k in range(4)]
        rows = [titles, [], *heads]
        rows[2][0], rows[3][0] = "(industry-by-industry)", "(millions of US$)"
    for i, (region, s) in enumerate((r, s) for r in regions for s in range(S)):
        cells = [*world.Z[i].tolist(), *world.Y[i].tolist(), float(world.x[i])]
        rows.append([outer[s], SECTORS[s], region, codes[s], *cells])
    inputs = [*world.Z.sum(axis=0).tolist(), *world.Y.sum(axis=0).tolist()]
    below = [
        ("II_fob", "Total intermediate consumption", "r60", inputs),
        ("TXSP", "taxes less subsidies on products", "r99", [*(world.v * 0.25).tolist()]),
        ("VA", "Value added at basic prices", "r64", [*(world.v * 0.75).tolist()]),
        ("GO", "Output at basic prices", "r69", [*world.x.tolist()]),
    ]
    rows += [[code, name, "TOT", number, *cells] for code, name, number, cells in below]
    return rows


def write_wiod(folder, world, kind, name=None, change=None):
    names = {
        "wiod2013": "wiot11_row_apr12.xlsx",
        "wiod2016": "WIOT2011_Nov16_ROW.xlsx",
        "adb-mrio": "ADB-MRIO-2011-August 2025.xlsx",
    }
    rows = list_wiod_rows(world, kind)
    if change is not None:
        rows = change(rows) or rows
    return write_rows(folder / (name or names[kind]), rows)


def list_icio_rows(world):
    finals = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")
    sectors = ("A01", "B05", "C28", "S96")
    units = [f"{r}_{s}" for r in REGIONS for s in sectors]
    columns = [f"{r}_{f}" for r in REGIONS for f in finals]
    rows = [["V1", *units, *columns, "OUT"]]
    for unit, z, y, x in zip(units, world.Z, world.Y, world.x, strict=True):
        rows.append([unit, *z.tolist(), *y.tolist(), float(x)])
    rest = [0.0] * (len(columns) + 1)
    rows.append(["TLS", *(world.v * 0.25).tolist(), *rest])
    rows.append(["VA", *(world.v * 0.75).tolist(), *rest])
    rows.append(["OUT", *world.x.tolist(), *rest])
    return rows


def write_csv(path, rows):
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def write_exiobase(path, world, tables=("A", "Z", "Y", "x", "unit"), spoil=None):
    """An archive laid out as EXIOBASE 3 is: saved by pymrio as text, all in one folder."""
    import pandas as pd
    import pymrio

    units = pd.MultiIndex.from_product([REGIONS, SECTORS], names=["region", "sector"])
    finals = pd.MultiIndex.from_product([REGIONS, FINALS], names=["region", "category"])
    system = pymrio.IOSystem(
        Z=pd.DataFrame(world.Z, units, units),
        A=pd.DataFrame(world.Z / world.x, units, units),
        Y=pd.DataFrame(world.Y, units, finals),
        x=pd.DataFrame({"indout": world.x}, units),
        unit=pd.DataFrame({"unit": ["M.EUR"] * len(units)}, units),
    )
    for key in {"A", "Z", "x"} - set(tables):
        setattr(system, key, None)
    folder = path.with_suffix("")
    system.save(folder, table_format="txt")
    if spoil is not None:
        parameters = json.loads((folder / "file_parameters.json").read_text("utf-8"))
        spoil(folder, parameters)
        (folder / "file_parameters.json").write_text(json.dumps(parameters), encoding="utf-8")
    with ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{folder.name}/{file.name}")
    return path


JAPAN_FINALS = (
    "家計外消費支出（列）", "民間消費支出", "一般政府消費支出", "国内総固定資本形成", "在庫純増",
)  # fmt: skip
ABROAD = ("輸出（普通貿易）", "輸出（直接購入）")
MINUS = ("（控除）輸入（普通貿易）", "（控除）関税", "（控除）輸入品商品税")


@dataclass(frozen=True)
class National:
    """A table with competitive imports; M is positive."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    Z: np.ndarray
    Y: np.ndarray
    E: np.ndarray
    M: np.ndarray

    @property
    def x(self):
        return self.Z.sum(axis=1) + self.Y.sum(axis=1) + self.E.sum(axis=1) - self.M.sum(axis=1)

    @property
    def v(self):
        return self.x - self.Z.sum(axis=0)


def make_national(seed=3):
    draw = np.random.default_rng(seed)
    names = ("農林漁業", "鉱業", "時計", "サービス")  # the third ends as totals do
    Z = draw.integers(1, 60, (4, 4)).astype(float)
    Y = draw.integers(20, 90, (4, 5)).astype(float)
    Y[:, 4] = [3.0, -2.0, 0.0, 1.0]
    E = draw.integers(1, 30, (4, 2)).astype(float)
    M = draw.integers(1, 20, (4, 3)).astype(float)
    return National(("01", "06", "11", "51"), names, Z, Y, E, M)


def list_national_rows(
    t, unit="（単位：百万円）", title="平成27年（2015年）産業連関表　取引基本表"
):
    """Rows of 取引基本表: a line of title and unit, a line of codes, a line of names."""
    Zs, Fs, Es, Ms = (b.sum(axis=1) for b in (t.Z, t.Y, t.E, t.M))
    columns = [
        *zip(t.codes, t.names, t.Z.T, strict=True),
        ("70", "内生部門計", Zs),
        *((f"7{k}", name, t.Y[:, k]) for k, name in enumerate(JAPAN_FINALS)),
        ("78", "国内最終需要計", Fs),
        ("79", "国内需要合計", Zs + Fs),
        *((f"80{k}", name, t.E[:, k]) for k, name in enumerate(ABROAD)),
        ("81", "輸出計", Es),
        ("82", "最終需要計", Fs + Es),
        ("83", "需要合計", Zs + Fs + Es),
        *((f"84{k}", name, -t.M[:, k]) for k, name in enumerate(MINUS)),
        ("87", "（控除）輸入計", -Ms),
        ("88", "最終需要部門計", Fs + Es - Ms),
        ("97", "国内生産額", t.x),
    ]
    rows = [[title, None, None, unit], [None, None, *(c[0] for c in columns)]]
    rows.append([None, None, *(c[1] for c in columns)])
    for i, (code, name) in enumerate(zip(t.codes, t.names, strict=True)):
        cells = [float(c[2][i]) for c in columns]
        rows.append([code, name, *(None if cell == 0 else cell for cell in cells)])
    rows.append(["70", "内　生　部　門　計", *t.Z.sum(axis=0).tolist()])
    rows.append(["91", "雇用者所得", *(t.v * 0.5).tolist()])
    rows.append(["92", "営業余剰", *(t.v * 0.5).tolist()])
    rows.append(["96", "粗付加価値部門計", *t.v.tolist()])
    rows.append(["97", "国内生産額", *t.x.tolist()])
    return rows


def list_regional_rows(world, exports, imports):
    """Rows of METI's table between regions: four heads on each side, a block a region."""
    names = ("北海道", "東北", "関東")
    finals = ("民間消費支出", "一般政府消費支出", "国内総固定資本形成", "在庫純増")
    heads, columns = [], []
    for r in range(R):
        for s in range(S):
            heads.append((str(r + 1), names[r], str(s + 1), SECTORS[s]))
            columns.append(world.Z[:, r * S + s])
        heads.append((str(r + 1), names[r], "13", "内生部門計"))
        columns.append(world.Z[:, r * S : (r + 1) * S].sum(axis=1))
        for f, name in enumerate(finals):
            heads.append((str(r + 1), names[r], str(20 + f), name))
            columns.append(world.Y[:, r * F + f + 1])
        heads.append((str(r + 1), names[r], "24", "地域内最終需要計"))
        columns.append(world.Y[:, r * F + 1 : (r + 1) * F].sum(axis=1))
        own = np.repeat(np.arange(R) == r, S)
        for name, values in (("輸出", exports), ("（控除）輸入", -imports)):
            heads.append((str(r + 1), names[r], "25", name))
            columns.append(np.where(own, values, 0.0))
    kept = np.concatenate([np.arange(r * F + 1, (r + 1) * F) for r in range(R)])
    x = world.Z.sum(axis=1) + world.Y[:, kept].sum(axis=1) + exports - imports
    heads.append(("10", "地域計", "33", "地域内生産額"))
    columns.append(x)
    rows = [["平成17年地域間産業連関表"], [None, "（単位：百万円）"]]
    rows += [[None] * 4 + [h[k] for h in heads] for k in range(4)]
    v = x - world.Z.sum(axis=0)
    wide = np.zeros(len(columns))
    at = [k for k, h in enumerate(heads) if h[3] in SECTORS]
    for r in range(R):
        for s in range(S):
            cells = [float(c[r * S + s]) for c in columns]
            rows.append([str(r + 1), names[r], str(s + 1), SECTORS[s], *cells])
        rows.append([str(r + 1), names[r], "13", "内生部門計", *wide.tolist()])
        own = np.repeat(np.arange(R) == r, S)
        wide[at] = np.where(own, v, 0.0)
        rows.append([str(r + 1), names[r], "32", "粗付加価値部門計", *wide.tolist()])
        wide[at] = 0.0
    return rows, x, v
