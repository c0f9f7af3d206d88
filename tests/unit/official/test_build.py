"""Published tables become economies: what is kept, converted, cited and refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from keian.core import InputError
from keian.economy import check_economy, load_economy
from keian.official import Wanted, check_table, read_official, write_official
from tests.official_tables import (
    list_national_rows,
    make_national,
    make_world,
    write_rows,
    write_wiod,
)

WORLD, NATION = make_world(), make_national()


@pytest.fixture
def world_table(tmp_path):
    return read_official("wiod2013", write_wiod(tmp_path, WORLD, "wiod2013"))


@pytest.fixture
def national_table(tmp_path):
    return read_official("japan", write_rows(tmp_path / "t.xlsx", list_national_rows(NATION)))


def write(table, out, **wanted):
    return write_official(table, check_table(table), out, Wanted(**{"name": "mine", **wanted}))


def test_a_world_table_is_an_economy_with_its_source(world_table, tmp_path):
    made = write(world_table, tmp_path / "out", home="JPN", by_sea=("c2",), yen_per_usd=79.81)
    economy = load_economy(made.folder)
    assert np.array_equal(economy.Z, WORLD.Z)
    inventories = WORLD.Y[:, 4::5].sum(axis=1)
    assert np.allclose(economy.x, WORLD.x - inventories, rtol=1e-12)
    assert (economy.home, economy.year, economy.currency) == ("JPN", 2011, "MUSD")
    assert economy.yen_per_usd == 79.81
    assert economy.moves_by_sea.tolist() == [False, True, False, False]
    assert economy.unit_names["JPN.c2"].en == "JPN: Mining and quarrying"
    source = economy.sources["wiod2013-2011"]
    assert (source.kind, source.vintage) == ("published", "2011")
    assert economy.sources["a-set-apart"].kind == "assumption"
    assert check_economy(economy).ok
    assert made.digest
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["sha256"] == {"wiot11_row_apr12.xlsx": source.sha256}
    assert manifest["assumed"] == [line.en for line in made.assumed]


def test_a_national_table_gets_units_abroad_and_dollars(national_table, tmp_path):
    made = write(national_table, tmp_path / "out", home="JPN", per_usd=120.0)
    economy = load_economy(made.folder)
    assert economy.regions == ("JPN", "ROW")
    assert economy.yen_per_usd == 120.0
    home = economy.x[:4]
    assert np.allclose(home, (NATION.x - NATION.Y[:, 4]) / 120.0)
    imports = economy.Z[4:].sum() + economy.Y[4:].sum()
    assert np.isclose(imports, NATION.M.sum() / 120.0)
    exports = economy.Y[:4, 1].sum()
    assert np.isclose(exports, NATION.E.sum() / 120.0)
    assert any("same share of a product from abroad" in line.en for line in made.assumed)


def test_wrong_wishes_are_told_together_and_nothing_is_written(national_table, tmp_path):
    with pytest.raises(InputError) as caught:
        write(national_table, tmp_path / "out", home="JP", name="a/b", by_sea=("c9",))
    where = [problem.where for problem in caught.value.problems]
    assert where == ["--name", "--home", "--by-sea", "--per-usd"]
    assert not (tmp_path / "out").exists()


def test_a_rate_for_dollars_and_a_rate_below_zero_are_refused(world_table, tmp_path):
    with pytest.raises(InputError) as caught:
        write(world_table, tmp_path / "out", home="JPN", per_usd=-1.0, yen_per_usd=0.0)
    where = [problem.where for problem in caught.value.problems]
    assert where == ["--per-usd", "--per-usd", "--yen-per-usd"]


def test_an_unfit_table_is_not_written(tmp_path):
    def spoil(rows):
        rows[6][4] += 5000.0

    table = read_official("wiod2013", write_wiod(tmp_path, WORLD, "wiod2013", change=spoil))
    with pytest.raises(InputError) as caught:
        write(table, tmp_path / "out", home="JPN")
    assert "AUS.c1 row" in [problem.where for problem in caught.value.problems]
    assert not (tmp_path / "out").exists()


def test_what_stands_there_is_replaced_only_when_asked(world_table, tmp_path):
    first = write(world_table, tmp_path / "out", home="JPN")
    with pytest.raises(InputError, match="--replace"):
        write(world_table, tmp_path / "out", home="JPN")
    again = write(world_table, tmp_path / "out", home="JPN", replace=True)
    assert again.digest == first.digest
    assert [path.name for path in Path(tmp_path / "out").iterdir()] == ["mine"]
