"""Published shares and concentrations of Japan's raw-material trade, on the shipped panel.

Source: CEPII BACI (HS92) as pinned in sources.yaml; expected figures were computed apart from the
build, by value, with an HHI on the 0-1 scale (check case C12b and C12c). Tolerance 1e-4.
"""

from pathlib import Path

import pandas as pd
import pytest

import keian

TRADE = Path(keian.__file__).parent / "economy" / "data" / "japan" / "trade"
TOLERANCE = 1e-4
GULF = ("SAU", "ARE", "KWT", "QAT", "IRQ", "BHR", "IRN")


@pytest.fixture(scope="module")
def imports() -> pd.DataFrame:
    return read_panel("imports_jpn", "exporter")


@pytest.fixture(scope="module")
def exports() -> pd.DataFrame:
    return read_panel("exports_jpn", "importer")


@pytest.fixture(scope="module")
def world() -> pd.DataFrame:
    return read_panel("world_exports", "exporter")


def read_panel(name: str, partner: str) -> pd.DataFrame:
    frame = pd.read_parquet(TRADE / f"{name}.parquet")
    return frame.astype({"product": str, partner: str, "value_kusd": float, "quantity_t": float})


def select(panel: pd.DataFrame, product: str, year: int) -> pd.DataFrame:
    return panel[(panel["product"] == product) & (panel["year"] == year)]


def calc_hhi(values: pd.Series) -> float:
    return float(((values / values.sum()) ** 2).sum())


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("282520", (0.7841, "CHN", 0.8802, 1151.0, 0.6187)),
        ("283691", (0.3582, "CHL", 0.4860, 1089.2, 0.6796)),
        ("250410", (0.8100, "CHN", 0.8989, 95.8, 0.3135)),
        ("280530", (0.4636, "CHN", 0.5892, 588.2, 0.2800)),
        ("284690", (0.5151, "CHN", 0.6786, 436.8, 0.1713)),
        ("720293", (0.6477, "BRA", 0.7758, 169.1, 0.5397)),
        ("810110", (0.8181, "CHN", 0.9016, 23.9, 0.1670)),
        ("270900", (0.3212, "SAU", 0.4017, 99187.7, 0.0713)),
        ("271111", (0.2471, "AUS", 0.4504, 61412.5, 0.1278)),
    ],
)
def test_import_concentration_2022(imports, world, product, expected):
    hhi, top, top_share, musd, world_hhi = expected
    bought = select(imports, product, 2022).set_index("exporter")["value_kusd"]
    assert calc_hhi(bought) == pytest.approx(hhi, abs=TOLERANCE)
    assert bought.idxmax() == top
    assert bought.max() / bought.sum() == pytest.approx(top_share, abs=TOLERANCE)
    assert bought.sum() / 1e3 == pytest.approx(musd, abs=0.06)
    sold = select(world, product, 2022)["value_kusd"]
    assert calc_hhi(sold) == pytest.approx(world_hhi, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("product", "year", "share"),
    [
        ("270900", 2019, 0.8743),
        ("270900", 2022, 0.9375),
        ("270900", 2023, 0.9419),
        ("271111", 2019, 0.1386),
        ("271111", 2022, 0.0814),
        ("271111", 2023, 0.0652),
    ],
)
def test_gulf_share_of_value(imports, product, year, share):
    bought = select(imports, product, year)
    gulf = bought[bought["exporter"].isin(GULF)]["value_kusd"].sum()
    assert gulf / bought["value_kusd"].sum() == pytest.approx(share, abs=TOLERANCE)


def test_gulf_share_of_lng_tonnes_2023(imports):
    bought = select(imports, "271111", 2023)
    gulf = bought[bought["exporter"].isin(GULF)]["quantity_t"].sum()
    assert gulf / bought["quantity_t"].sum() == pytest.approx(0.0572, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("product", "share"),
    [("280480", 0.3213), ("284610", 0.3010), ("280490", 0.1372), ("810310", 0.1175)],
)
def test_japan_share_of_world_exports_2022(world, product, share):
    sold = select(world, product, 2022).set_index("exporter")["value_kusd"]
    assert sold["JPN"] / sold.sum() == pytest.approx(share, abs=TOLERANCE)


def list_flagged(imports, exports, world, year: int) -> set[str]:
    flagged = set()
    for product in set(imports[imports["year"] == year]["product"]):
        bought = select(imports, product, year)["value_kusd"]
        sold = select(exports, product, year)["value_kusd"].sum()
        concentrated = calc_hhi(bought) > 0.4
        scarce = calc_hhi(select(world, product, year)["value_kusd"]) > 0.4
        if concentrated and scarce and (sold == 0 or bought.sum() / sold > 1):
            flagged.add(product)
    return flagged


def test_dependence_flags_of_one_year_and_of_two_in_three(imports, exports, world):
    flags = {year: list_flagged(imports, exports, world, year) for year in (2020, 2021, 2022)}
    assert flags[2022] == {
        "251910", "252890", "260600", "282520", "711039", "720293", "811211",
    }  # fmt: skip
    every = set.union(*flags.values())
    stable = {p for p in every if sum(p in flagged for flagged in flags.values()) > 1}
    assert stable == {
        "252890", "270220", "282520", "283691", "711039", "720293", "811211",
    }  # fmt: skip


def test_high_concentration_means_a_majority_partner(imports):
    for _, bought in imports.groupby(["product", "year"])["value_kusd"]:
        if calc_hhi(bought) >= 0.5:
            assert bought.max() / bought.sum() >= 0.5


def test_crops_into_japan_2022():
    crops = pd.read_csv(TRADE / "crops_jpn.csv")
    into = crops[crops["importer"] == "JPN"]
    tonnes = into.groupby("crop")["tonnes"].sum() / 1e6
    assert tonnes["wheat"] == pytest.approx(5.23, abs=0.005)
    assert tonnes["maize"] == pytest.approx(15.60, abs=0.005)
    assert tonnes["soya_beans"] == pytest.approx(3.77, abs=0.005)
    assert tonnes["rice"] == pytest.approx(0.63, abs=0.005)
    wheat = into[into["crop"] == "wheat"].set_index("exporter")["tonnes"]
    assert (wheat / wheat.sum())[["USA", "CAN", "AUS"]].tolist() == pytest.approx(
        [0.410, 0.349, 0.240], abs=6e-4
    )
