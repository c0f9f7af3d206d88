import json

import numpy as np
import pytest
import xarray as xr

from keian.cli.compare import compare_folders, compare_values


def write_runs(tmp_path, old, new):
    for name, values in (("old", old), ("new", new)):
        (tmp_path / name).mkdir()
        data = xr.Dataset({"level": (("draw", "day"), values)}, attrs={"label": "TLP:AMBER"})
        data.to_netcdf(tmp_path / name / "run.nc", engine="h5netcdf", group="hormuz")
    return tmp_path / "old", tmp_path / "new"


def test_the_same_values_are_the_same_bits(tmp_path):
    values = np.array([[1.0, np.nan, -0.0], [3.0, 4.0, np.inf]])
    equality = compare_folders(*write_runs(tmp_path, values, values.copy()), ["run.nc"])
    assert equality.level == "same"
    assert equality.differences == ()
    assert equality.values_count >= 6


@pytest.mark.parametrize(("factor", "level"), [(1 + 1e-12, "close"), (1 + 1e-6, "differs")])
def test_the_greatest_difference_is_found_with_its_place(tmp_path, factor, level):
    old = np.ones((2, 3))
    new = old.copy()
    new[1, 2] *= factor
    equality = compare_folders(*write_runs(tmp_path, old, new), ["run.nc"])
    assert equality.level == level
    assert equality.differences[0].where == "run.nc hormuz/level[1, 2]"
    assert equality.differences[0].greatest == pytest.approx(factor - 1, rel=1e-3)


def test_a_gap_on_one_side_differs_whatever_the_numbers(tmp_path):
    old, new = np.ones((1, 2)), np.array([[1.0, np.nan]])
    equality = compare_folders(*write_runs(tmp_path, old, new), ["run.nc"])
    assert equality.level == "differs"
    assert equality.differences[0].where.endswith("[0, 1]")


def test_a_sign_of_zero_is_close_and_not_the_same_bits():
    assert compare_values("x", np.array([0.0]), np.array([-0.0])).level == "close"


def test_a_missing_file_and_a_changed_text_differ(tmp_path):
    for name, text in (("old", "crude"), ("new", "naphtha")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_text(json.dumps({"first": [text, 1]}))
    (tmp_path / "old" / "b.json").write_text("{}")
    equality = compare_folders(tmp_path / "old", tmp_path / "new", ["a.json", "b.json"])
    assert [d.where for d in equality.differences] == ["a.json first[0]", "b.json"]
    assert equality.differences[0].found == '"naphtha"'
    assert equality.differences[0].wanted == '"crude"'


def test_arrays_of_other_shape_or_type_differ():
    assert compare_values("x", np.zeros(2), np.zeros(3)).level == "differs"
    assert compare_values("x", np.zeros(2), np.zeros(2, dtype=np.float32)).level == "differs"
