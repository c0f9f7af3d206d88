"""Arrays of one's own with their lists."""

import numpy as np
import pytest

from keian.core import InputError
from keian.official import check_table, read_official
from tests.official_tables import REGIONS, SECTORS, make_world, write_csv

WORLD = make_world(2)
KINDS = ("hh_consumption", "npish_consumption", "government", "gfcf", "inventories")


def write(folder, name="table_2011.npz", **changes):
    write_csv(folder / "countries.csv", [["country"], *([r] for r in REGIONS)])
    write_csv(
        folder / "industries.csv",
        [["code", "name"], *([f"c{k}", s] for k, s in enumerate(SECTORS))],
    )
    write_csv(folder / "final_demand.csv", [["code"], *([k] for k in KINDS)])
    arrays = {"Z": WORLD.Z, "Y": WORLD.Y, "x": WORLD.x, **changes}
    np.savez(folder / name, **{key: array for key, array in arrays.items() if array is not None})
    return folder / name


def read_broken(path, year=None):
    with pytest.raises(InputError) as caught:
        read_official("arrays", path, year)
    return [str(problem) for problem in caught.value.problems]


def test_arrays_are_read_with_their_lists(tmp_path):
    table = read_official("arrays", write(tmp_path))
    assert np.array_equal(table.Z, WORLD.Z)
    assert table.units[:2] == ("AUS.c0", "AUS.c1")
    assert table.sector_names["c1"].en == "Mining and quarrying"
    assert table.year == 2011
    assert [digest[0] for digest in table.origin.sha256] == [
        "table_2011.npz", "countries.csv", "industries.csv", "final_demand.csv",
    ]  # fmt: skip
    assert check_table(table).ok


def test_shapes_and_missing_cells_are_told_together(tmp_path):
    Z = WORLD.Z.copy()
    Z[0, 0] = np.nan
    told = read_broken(write(tmp_path, Z=Z, x=WORLD.x[:-1]))
    assert "table_2011.npz Z: found 1 cells that are no finite number" in told[0]
    assert "table_2011.npz x: found shape (11,), wanted shape (12,)" in told[1]


def test_missing_arrays_lists_and_year_are_told_together(tmp_path):
    path = write(tmp_path, name="table.npz", Y=None)
    (tmp_path / "countries.csv").unlink()
    told = read_broken(path)
    assert [line.split(": found ")[1].split(",")[0] for line in told] == [
        "no array Y", "no file", "no year in the title or the name",
    ]  # fmt: skip


def test_cut_and_pickled_arrays_are_refused(tmp_path):
    path = write(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "a broken file" in read_broken(path)[0]
    assert "a broken file (Object arrays" in read_broken(write(tmp_path, Z=np.array([{}])))[0]


def test_final_demand_of_an_unknown_kind_is_told(tmp_path):
    path = write(tmp_path)
    write_csv(tmp_path / "final_demand.csv", [["code"], *([k] for k in (*KINDS[:4], "etc"))])
    assert "'etc', wanted one of hh_consumption" in read_broken(path)[0]
