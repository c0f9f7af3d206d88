"""Loading: the shipped economy, a folder of one's own, and what is wrong with either."""

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import keian
from keian.core import DataError, InputError, KeianWarning
from keian.economy import load_economy

SHIPPED = Path(keian.__file__).parent / "economy" / "data" / "japan"


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(SHIPPED, folder)
    return folder


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_economy_has_what_the_crisis_needs(japan):
    assert japan.home == "JPN"
    assert len(japan.units) == 529
    assert japan.Y.shape == (529, 15, 4)
    assert japan.criticality.shape == japan.cover_days.shape == (len(japan.products), 529)
    assert sum(good.tier == "modelled" for good in japan.goods) >= 25
    assert {s.id for s in japan.services if s.tier == "modelled"} == {
        "electricity", "gas", "water", "telecommunications", "ports",
    }  # fmt: skip
    assert {"hormuz", "malacca", "taiwan_strait"} <= {route.id for route in japan.routes}
    assert japan.country_region["SAU"] == "ROW"
    assert japan.country_names["SAU"].ja == "サウジアラビア"


def test_arrays_are_read_only(japan):
    for name in ("Z", "Y", "x", "v", "criticality", "cover_days", "lag_days", "vital_share"):
        array = getattr(japan, name)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_output_is_what_is_sold_and_value_added_what_is_not_bought(japan):
    np.testing.assert_allclose(japan.x, japan.Z.sum(axis=1) + japan.Y.sum(axis=(1, 2)), rtol=1e-9)
    made = japan.x > 0
    np.testing.assert_allclose(
        (japan.v * japan.x)[made], (japan.x - japan.Z.sum(axis=0))[made], rtol=1e-9
    )


def test_the_sums_of_final_demand_stay_with_their_region(japan):
    # households, non-profits, government, investment of Japan buy mostly at home
    at_home = japan.Y[np.asarray(japan.unit_region) == 0, 0].sum()
    assert at_home > 0.9 * japan.Y[:, 0].sum()


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(InputError, match="japan"):
        load_economy("atlantis")


def test_a_folder_of_ones_own_loads_and_differs_by_digest(own, japan):
    edit(own / "goods" / "food.yaml", "stock: 0.93", "stock: 1.2")
    theirs = load_economy(own)
    assert theirs.name == "own"
    assert theirs.digest != japan.digest


def test_all_faults_of_a_file_come_at_once_with_their_lines(own):
    path = own / "goods" / "food.yaml"
    edit(path, "stretch_days: {low: 120", "stretch_dayz: {low: 120")
    edit(path, "owner: joint", "owner: nobody")
    with pytest.raises(InputError) as error:
        load_economy(own)
    text = str(error.value)
    assert "stretch_dayz" in text
    assert "nobody" in text
    assert "food.yaml:" in text


def test_a_source_that_is_not_listed_is_refused(own):
    edit(own / "goods" / "food.yaml", "source: a-floor-food", "source: a-flour")
    with pytest.raises(InputError, match="a-flour"):
        load_economy(own)


def test_a_table_with_other_units_is_refused(own):
    path = own / "table" / "units.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[2], lines[1], *lines[3:]]), encoding="utf-8")
    with pytest.raises(DataError, match=r"flows\.npz"):
        load_economy(own)


def test_uses_that_leave_a_part_of_a_good_unsaid_are_refused(own):
    edit(own / "goods" / "energy.yaml", "low: 0.25, mode: 0.3558", "low: 0.1, mode: 0.2")
    with pytest.raises(InputError, match="uses_not_modelled_share that sum to 1"):
        load_economy(own)


def test_a_parameter_for_an_unknown_product_is_refused(own):
    edit(own / "parameters.yaml", "products: [c17w]", "products: [c17x]")
    with pytest.raises(InputError, match="c17x"):
        load_economy(own)


def test_a_source_id_in_both_files_is_refused(own):
    path = own / "sources_goods.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "- {id: wiod2013-2011, title: twice, kind: published, grade: A}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="wiod2013-2011"):
        load_economy(own)


def test_an_earlier_date_warns_of_newer_figures():
    with pytest.warns(KeianWarning, match="oil_stock_national_days"):
        load_economy("japan", as_of=date(2025, 6, 30))


def save_flows(folder, **changes):
    path = folder / "table" / "flows.npz"
    with np.load(path) as archive:
        arrays = {key: archive[key] for key in archive.files}
    np.savez(path, **{**arrays, **changes})


def test_a_missing_or_negative_flow_is_refused(own, japan):
    Z = np.array(japan.Z)
    Z[3, 4] = np.nan
    save_flows(own, Z=Z, x=-japan.x)
    with pytest.raises(DataError) as error:
        load_economy(own)
    assert {problem.where for problem in error.value.problems} == {
        "table/flows.npz: Z",
        "table/flows.npz: x",
    }


def test_flows_of_another_size_are_refused(own, japan):
    save_flows(own, Z=japan.Z[:-1])
    with pytest.raises(DataError, match=r"528, 529"):
        load_economy(own)


def test_a_cut_archive_is_refused_without_a_traceback(own):
    path = own / "table" / "flows.npz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DataError, match=r"flows\.npz"):
        load_economy(own)


@pytest.mark.parametrize(
    ("name", "old", "new", "word"),
    [
        ("table/criticality.csv", "c1,c1,1\n", "c1,c1,7\n", "rating"),
        ("table/inventory_days.csv", "c1,19.8", "c1,many", "input_inventory_days"),
        ("routes/distances.csv", ",12362,", ",-3,", "km"),
        ("routes/region_lags.csv", "JPN,KOR,1218,2.0,0,3\n", "", "JPN to KOR"),
        ("table/units.csv", "JPN.c1,JPN,c1", "JPN.c1,JPX,c1", "JPX"),
        ("trade/countries.csv", "iso3", "iso", "iso"),
    ],
)
def test_a_table_that_breaks_its_schema_is_refused_with_the_place(own, name, old, new, word):
    edit(own / name, old, new)
    with pytest.raises(DataError, match=word):
        load_economy(own)


def test_a_lost_file_is_named(own):
    (own / "routes" / "ways.yaml").unlink()
    with pytest.raises(InputError, match=r"ways\.yaml"):
        load_economy(own)
    assert not list(own.glob("**/*.tmp"))


def test_industries_that_nobody_rated_never_limit(japan):
    assert np.isfinite(japan.criticality).all()
    households = [at for at, unit in enumerate(japan.units) if unit.endswith(".c35")]
    assert japan.criticality[:, households].sum() == 0
