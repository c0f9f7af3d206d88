"""Japan's table of 2011 with 13 sectors: published figures in the layout of the workbook.

The file at hand is long names by codes; the sheet is built from it here, as the publisher lays it
out. So figures are real and the layout is made.
"""

import csv

import numpy as np
import pytest

from keian.economy import check_economy, load_economy
from keian.official import Wanted, check_table, read_official, write_official
from tests.official_tables import write_rows

NAMES = {
    "71": "家計外消費支出（列）", "72": "民間消費支出", "73": "一般政府消費支出", "74": "国内総固定資本形成",
    "76": "在庫純増", "77": "調整項", "81": "輸出計", "84": "（控除）輸入", "85": "（控除）関税",
    "86": "（控除）輸入品商品税",
}  # fmt: skip
N = 13


def list_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *lines = csv.reader(stream)
    labels = [label.partition("/")[2].split("_", 1) for label in head[1:]]
    values = np.array([[float(cell or 0) for cell in line[1:]] for line in lines])
    sellers = [line[0].partition("/")[2].split("_", 1) for line in lines]
    output = values[:, :N].sum(axis=0)
    codes = [code for code, _ in labels[:N]] + ["70"] + [code for code, _ in labels[N:]] + ["97"]
    names = [name for _, name in labels[:N]] + ["内生部門計"]
    names += [NAMES[code] for code, _ in labels[N:]] + ["国内生産額"]
    rows = [
        ["平成23年（2011年）産業連関表", None, "（単位：100万円）"],
        [None, None, *codes],
        [None, None, *names],
    ]
    for at, (code, name) in enumerate(sellers):
        cells = values[at].tolist()
        made = [output[at]] if at < N else []
        rows.append([code, name, *cells[:N], sum(cells[:N]), *(cells[N:] if at < N else []), *made])
        if at == N - 1:
            rows.append(["70", "内生部門計", *values[:N, :N].sum(axis=0).tolist()])
    return rows, output


@pytest.mark.data
def test_the_table_of_2011_balances_and_can_be_an_economy(raw_data, tmp_path):
    rows, output = list_rows(raw_data / "japan-io-2011" / "iotable_13sector_2011_wider.csv")
    table = read_official("japan", write_rows(tmp_path / "table.xlsx", rows, "13部門"))
    verdict = check_table(table)
    assert verdict.ok
    assert verdict.row_residual == verdict.column_residual == 0  # both exact as published
    assert verdict.output == pytest.approx(939.7e6, rel=1e-4)  # million yen
    assert np.array_equal(table.x, output)
    assert verdict.find("great_imports").count == 0
    assert (
        verdict.find("negative_final").worst[0].where.startswith("JPN.s05 -> JPN 一般政府消費支出")
    )
    made = write_official(table, verdict, tmp_path, Wanted("JPN", "nation", per_usd=79.81))
    economy = load_economy(made.folder)
    assert check_economy(economy).ok
    mining = economy.units.index("ROW.s02")
    # 21,672,797 million yen of imports, with duties and taxes on them, at 79.81 yen a dollar.
    assert economy.x[mining] == pytest.approx((21672797 + 7 + 1636792) / 79.81, rel=1e-9)
