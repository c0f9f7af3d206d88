"""Readers of official layouts: units, codes, and everything odd listed with its count."""

import math

import numpy as np
import pytest

from keian.core import AMBER, InputError
from keian.exposure.flows_join import join_flows
from keian.exposure.flows_store import read_flows, write_flows
from keian.exposure.trade_files import (
    load_flow_files,
    read_baci,
    read_comtrade,
    read_customs_japan,
    read_faostat,
)

BACI = """t,i,j,k,v,q
2022,156,392,280530,100.5,2.5
2022,704,392,280530,50,           NA
2022,156,410,010121,7,1
2022,156,392,280530,9.5,0.5
2022,36,36,270900,3,3
2022,643,392,270900,-4,1
2022,999,392,270900,8,2
2022,490,392,854231,20,1
"""


def list_rows(flows):
    names = (
        (flows.exporter, flows.countries),
        (flows.importer, flows.countries),
        (flows.product, flows.products),
    )
    texts = [[axis[at] for at in places.tolist()] for places, axis in names]
    return {
        key: (value, quantity)
        for *key_parts, value, quantity in zip(
            flows.year.tolist(), *texts, flows.value_kusd.tolist(), flows.quantity_t.tolist(), strict=True
        )
        for key in [tuple(key_parts)]
    }  # fmt: skip


def tell(flows):
    return {remark.kind: (remark.count, remark.value_kusd, remark.kept) for remark in flows.remarks}


@pytest.fixture
def baci(tmp_path):
    path = tmp_path / "baci.csv"
    path.write_text(BACI, encoding="utf-8")
    return read_baci(path)


def test_baci_rows_keep_value_tonnes_and_missing_tonnes(baci):
    rows = list_rows(baci)
    assert rows[2022, "CHN", "KOR", "010121"] == (7, 1)
    value, tonnes = rows[2022, "VNM", "JPN", "280530"]
    assert value == 50
    assert math.isnan(tonnes)
    assert rows[2022, "TWN", "JPN", "854231"] == (20, 1)


def test_everything_odd_is_listed_with_rows_and_value(baci):
    told = tell(baci)
    assert told["negative"] == (1, -4, False)
    assert told["self_trade"] == (1, 3, False)
    assert told["duplicate"] == (2, 110, True)
    assert told["unknown_country"] == (1, 8, True)
    assert told["missing_quantity"] == (1, 50, True)
    assert list_rows(baci)[2022, "CHN", "JPN", "280530"] == (110, 3)
    assert list_rows(baci)[2022, "?999", "JPN", "270900"] == (8, 2)


def test_no_value_is_lost_between_file_and_table(baci):
    written = 100.5 + 50 + 7 + 9.5 + 3 - 4 + 8 + 20
    aside = sum(r.value_kusd for r in baci.remarks if not r.kept)
    assert baci.value_kusd.sum() + aside == pytest.approx(written)


def test_flows_come_back_from_parquet_as_they_were(baci, tmp_path):
    write_flows(baci, tmp_path / "f.parquet")
    again = read_flows(tmp_path / "f.parquet")
    ours, theirs = list_rows(baci), list_rows(again)
    assert ours.keys() == theirs.keys()
    for key, (value, tonnes) in ours.items():
        assert theirs[key] == pytest.approx((value, tonnes), nan_ok=True)
    assert (again.nomenclature, again.provisional) == ("HS92", frozenset())


def test_the_label_travels_through_the_stored_file(tmp_path):
    path = tmp_path / "baci.csv"
    path.write_text(BACI, encoding="utf-8")
    write_flows(read_baci(path, label=AMBER), tmp_path / "f.parquet")
    assert read_flows(tmp_path / "f.parquet").label == AMBER


def test_broken_cells_come_together_with_their_lines(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("t,i,j,k,v,q\n2022,156,392,280530,x,1\n2022,156,392\n2022,,392,1,1,1\n")
    with pytest.raises(InputError) as caught:
        read_baci(path)
    places = [problem.where for problem in caught.value.problems]
    assert places == [f"{path}:2 v", f"{path}:3", f"{path}:4 i"]


def test_another_layout_names_every_missing_column(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("year,from,to\n2022,1,2\n")
    with pytest.raises(InputError) as caught:
        read_baci(path)
    assert len(caught.value.problems) == 6


def test_two_files_of_one_year_are_refused(baci):
    with pytest.raises(InputError, match="in two files"):
        join_flows([baci, baci])


def test_provisional_years_are_those_of_the_criteria_and_later_ones(tmp_path):
    paths = []
    for year in (2021, 2022, 2024, 2031):
        path = tmp_path / f"{year}.csv"
        path.write_text(BACI.replace("2022,", f"{year},"), encoding="utf-8")
        paths.append(path)
    flows = load_flow_files(paths)
    assert flows.provisional == {2024, 2031}
    assert np.unique(flows.year).tolist() == [2021, 2022, 2024, 2031]
    assert load_flow_files(paths[:2]).provisional == frozenset()


COMTRADE = """refYear,reporterCode,partnerCode,flowCode,classificationCode,cmdCode,netWgt,primaryValue
2023,392,0,M,H6,280530,9000,500000
2023,392,156,M,H6,280530,4000,300000
2023,392,704,M,H6,280530,0,200000
2023,392,156,M,H6,2805,4000,300000
2023,392,842,X,H6,280530,10,1000
"""


def test_comtrade_totals_and_other_levels_are_set_aside(tmp_path):
    path = tmp_path / "comtrade.csv"
    path.write_text(COMTRADE)
    flows = read_comtrade(path)
    rows = list_rows(flows)
    assert rows[2023, "CHN", "JPN", "280530"] == (300, 4)
    assert math.isnan(rows[2023, "VNM", "JPN", "280530"][1])
    assert len(rows) == 2
    assert tell(flows)["other_flow"] == (1, 1, False)
    assert tell(flows)["total"] == (1, 500, False)
    assert tell(flows)["other_level"] == (1, 300, False)
    assert flows.nomenclature == "HS22"
    sold = list_rows(read_comtrade(path, flow="X"))
    assert list(sold) == [(2023, "JPN", "USA", "280530")]


CUSTOMS = (
    "Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year,Value-Jan\n"
    "2,2023,'280530190',105,,KG,0,2500,131500,1\n"
    "2,2023,'280530290',105,,KG,0,500,26300,1\n"
    "2,2023,'854231900',106,NO,,70,0,1315,1\n"
    "1,2023,'280530190',304,,MT,0,3,263,1\n"
)


def test_customs_headings_become_six_digits_and_weights_tonnes(tmp_path):
    path = tmp_path / "customs.csv"
    path.write_text(CUSTOMS)
    codes = {105: "CHN", 304: "USA"}
    flows = read_customs_japan(path, country_codes=codes, yen_per_usd=131.5)
    rows = list_rows(flows)
    assert rows[2023, "CHN", "JPN", "280530"] == pytest.approx((1200, 3))
    assert rows[2023, "JPN", "USA", "280530"] == pytest.approx((2, 3))
    assert math.isnan(rows[2023, "?106", "JPN", "854231"][1])
    assert tell(flows)["odd_unit"][0] == 1
    assert tell(flows)["unknown_country"][0] == 1


FAOSTAT = """Reporter Country Code (M49),Reporter Countries,Partner Country Code (M49),Partner Countries,Item Code,Item,Element Code,Element,Year,Unit,Value,Flag
'392,Japan,'840,United States of America,15,Wheat,5610,Import quantity,2022,t,2145224,A
'392,Japan,'840,United States of America,15,Wheat,5622,Import value,2022,1000 USD,900000,A
'392,Japan,'124,Canada,15,Wheat,5610,Import quantity,2022,t,1823000,A
'392,Japan,'840,United States of America,15,Wheat,5910,Export quantity,2022,t,5,A
"""


def test_faostat_joins_tonnes_and_value_of_a_flow(tmp_path):
    path = tmp_path / "faostat.csv"
    path.write_text(FAOSTAT)
    flows = read_faostat(path)
    rows = list_rows(flows)
    assert rows[2022, "USA", "JPN", "15"] == (900000, 2145224)
    assert rows[2022, "CAN", "JPN", "15"][1] == 1823000
    assert len(rows) == 2
    assert tell(flows)["other_flow"][0] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("t,i,j,k,v,q\n", "no row"), ("t,i,j,k,v,q\n2022,,392,1,1,1\n", "''"), ("", "no column")],
)
def test_an_empty_file_and_an_empty_code_are_refused(tmp_path, text, said):
    path = tmp_path / "baci.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        read_baci(path)


def test_a_heading_of_letters_is_refused_by_name(tmp_path):
    path = tmp_path / "customs.csv"
    path.write_text(CUSTOMS.replace("854231900", "85423190X"))
    with pytest.raises(InputError, match="85423190X"):
        read_customs_japan(path, country_codes={105: "CHN"}, yen_per_usd=131.5)


def test_a_missing_value_stays_missing_and_is_counted(tmp_path):
    path = tmp_path / "baci.csv"
    path.write_text("t,i,j,k,v,q\n2022,156,392,280530,NA,3\n2022,704,392,280530,10,1\n")
    flows = read_baci(path)
    assert tell(flows)["missing_value"][0] == 1
    assert math.isnan(list_rows(flows)[2022, "CHN", "JPN", "280530"][0])


def test_codes_that_the_edition_does_not_have_are_listed(tmp_path):
    path = tmp_path / "comtrade.csv"
    path.write_text(COMTRADE.replace("H6,280530,4000,300000", "H6,854140,4000,300000"))
    told = {r.kind: r for r in read_comtrade(path).remarks}
    assert told["unknown_product"].examples == ("854140",)
    assert (told["unknown_product"].count, told["unknown_product"].value_kusd) == (1, 300)
    assert "unchecked_product" not in told


def test_of_an_edition_without_a_list_wrong_chapters_are_unknown_and_the_rest_unchecked(tmp_path):
    path = tmp_path / "baci.csv"
    path.write_text(
        "t,i,j,k,v,q\n2022,156,392,770110,5,1\n2022,156,392,854140,6,1\n2022,156,392,280530,7,1\n"
    )
    told = {r.kind: (r.count, r.examples) for r in read_baci(path).remarks}
    assert told["unknown_product"] == (1, ("770110",))
    assert told["unchecked_product"] == (1, ("854140",))


def test_a_file_of_several_editions_is_refused(tmp_path):
    path = tmp_path / "comtrade.csv"
    path.write_text(COMTRADE.replace("704,M,H6", "704,M,H5"))
    with pytest.raises(InputError, match="HS17, HS22"):
        read_comtrade(path)


@pytest.mark.parametrize("text", ["inf", "-inf", "Infinity"])
@pytest.mark.parametrize("column", ["v", "q"])
def test_an_infinite_amount_is_refused_with_its_line(tmp_path, text, column):
    path = tmp_path / "bad.csv"
    cells = {"v": "1", "q": "1"} | {column: text}
    path.write_text(
        f"t,i,j,k,v,q\n2022,156,392,280530,1,1\n2022,704,392,1,{cells['v']},{cells['q']}\n"
    )
    with pytest.raises(InputError) as caught:
        read_baci(path)
    assert [p.where for p in caught.value.problems] == [f"{path}:3 {column}"]
    assert caught.value.problems[0].wanted == "a finite number"


def test_what_has_no_value_is_told_without_one_and_duplicates_as_added_up(tmp_path):
    path = tmp_path / "baci.csv"
    path.write_text(BACI + "2022,76,392,280530,NA,3\n")
    told = {r.kind: r for r in read_baci(path).remarks}
    assert math.isnan(told["missing_value"].value_kusd)
    assert told["duplicate"].fate == "added up"
