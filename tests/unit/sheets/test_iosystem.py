"""Tables that pymrio parsed become economies."""

import warnings

import numpy as np
import pandas as pd
import pytest

from keian.core import InputError, KeianWarning
from keian.economy import check_economy
from keian.sheets import export_economy, import_economy, read_iosystem, write_iosystem
from tests.sheet_economy import make_table


@pytest.fixture
def table():
    return make_table()


def test_flows_and_final_demand_stand_where_they_stood(table):
    economy = read_iosystem(table, home="JPN", year=2020, by_sea=("c2",))
    assert economy.units == ("JPN.c2", "JPN.c8", "JPN.c17e", "ROW.c2", "ROW.c8", "ROW.c17e")
    assert np.array_equal(economy.Z, table.Z.to_numpy())
    assert (economy.home, economy.year, economy.currency) == ("JPN", 2020, "MEUR")
    row = table.Y.to_numpy().reshape(6, 2, 5)
    assert np.allclose(economy.Y[:, :, 0], row[:, :, 0], rtol=1e-15)
    assert np.allclose(economy.Y[:, :, 3], row[:, :, 3] + row[:, :, 4], rtol=1e-15)
    assert economy.moves_by_sea.tolist() == [True, False, False]
    verdict = check_economy(economy)
    assert verdict.ok
    assert verdict.balance_residual < 1e-12
    assert verdict.spectral_radius < 1


def test_what_the_table_does_not_say_is_an_assumption(table):
    economy = read_iosystem(table, home="JPN", year=2020)
    assert {source.kind for source in economy.sources.values()} == {"assumption"}
    assert set(economy.assumptions.values()) <= set(economy.sources)
    assert (economy.criticality == 1).all()


def test_long_and_foreign_names_get_ids(table):
    names = [
        "Cultivation of paddy rice (with a name that never seems to come to its end)",
        "石油",
        "石炭",
    ]
    index = pd.MultiIndex.from_product([["JP", "WA 中"], names])
    table.Z.index = table.Z.columns = table.Y.index = index
    table.Y.columns = pd.MultiIndex.from_product([["JP", "WA 中"], list("abcde")])
    economy = read_iosystem(table, home="JP", year=2020)
    assert economy.units[:3] == ("JP.Cultivation_of_paddy_rice_with_a_name_th", "JP.s2", "JP.s3")
    assert economy.unit_names["JP.s2"].ja == "JP: 石油"


def test_output_that_is_no_sum_is_told(table):
    table.x.iloc[0] *= 1.1
    with pytest.warns(KeianWarning, match="output of 1 units"):
        read_iosystem(table, home="JPN", year=2020)


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda t: setattr(t, "Z", t.Z.iloc[:, :-1]), "a square table"),
        (lambda t: setattr(t, "Y", t.Y.iloc[:-1]), "a square table"),
        (lambda t: t.Z.iloc.__setitem__((0, 0), np.nan), "numbers only"),
        (lambda t: delattr(t, "Y"), "no attribute|as pymrio parses"),
        (lambda t: setattr(t, "Z", t.Z.reset_index(drop=True)), "as pymrio parses"),
    ],
)
def test_what_is_no_table_is_told(table, spoil, match):
    spoil(table)
    with pytest.raises(InputError, match=match):
        read_iosystem(table, home="JPN", year=2020)


def test_unknown_names_are_told_together(table):
    with pytest.raises(InputError) as caught:
        read_iosystem(table, home="JAPAN", year=2020, by_sea=("c99",))
    assert [problem.found for problem in caught.value.problems] == ["'JAPAN'", "'c99'"]


def test_its_spreadsheets_come_back(table, tmp_path):
    folder = write_iosystem(table, tmp_path / "io", home="JPN", year=2020)
    (path,) = export_economy(tmp_path / "sheets", folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = import_economy(path, tmp_path / "back")
    assert made.changed == ()
