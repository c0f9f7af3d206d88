"""The shipped tables of the room exposure are those of the pinned wheel; C11 on World Mining Data.

World Mining Data may not be shipped, so its concentrations are checked from the wheel only. The
expected figures divide by the total that the tables print; for rare earths it is 0.6 % below the
sum of the countries, so the concentration is put on that total before it is compared.
"""

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import keian
from keian.exposure.concentration import calc_concentration
from tools.build_exposure.__main__ import main

SHIPPED = Path(keian.__file__).parent / "exposure" / "data" / "trade"


@pytest.fixture
def wheel():
    path = os.environ.get("KEIAN_TRADE_WHEEL")
    if not path:
        pytest.skip("set KEIAN_TRADE_WHEEL to the pinned wheel (docs/data/japan.md)")
    return Path(path)


@pytest.mark.data
def test_building_again_gives_the_shipped_tables(wheel, raw_data, tmp_path):
    import pandas as pd

    assert main(["--wheel", str(wheel), "--raw", str(raw_data), "--out", str(tmp_path)]) == 0
    names = sorted(path.name for path in SHIPPED.iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        read = pd.read_parquet if name.endswith(".parquet") else pd.read_csv
        assert read(tmp_path / name).equals(read(SHIPPED / name)), name


@pytest.mark.data
@pytest.mark.parametrize(
    ("sheet", "hhi"),
    [
        ("Gallium", 0.9679),
        ("Germanium", 0.8764),
        ("Niobium (Nb2O5)", 0.8693),
        ("Tungsten (W)", 0.6007),
        ("Rare Earths (REO)", 0.5283),
        ("Cobalt", 0.4929),
        ("Lithium (Li2O)", 0.3198),
        ("Copper", 0.1037),
    ],
)
def test_concentration_of_world_mine_production_2022(wheel, tmp_path, sheet, hhi):
    with zipfile.ZipFile(wheel) as archive:
        path = archive.extract("geopolrisk/lib/world_mining_data.db", tmp_path)
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute(f'SELECT Country_ISO, "2022" FROM "{sheet}"').fetchall()  # noqa: S608 - names of this file
    amounts = np.array([float(tonnes or 0) for name, tonnes in rows if name != "DELETE"])
    found = calc_concentration(
        np.zeros(len(amounts), dtype=int), np.arange(len(amounts)), amounts, 1
    )
    (printed,) = (float(tonnes) for name, tonnes in rows if name == "DELETE")
    assert amounts.sum() == pytest.approx(printed, rel=0.01)
    assert found.hhi[0] * (amounts.sum() / printed) ** 2 == pytest.approx(hhi, abs=1e-4)
