"""Look-through on the shipped table: shares, what hides, cuts with and without replacement."""

import pytest

from keian.core import DataError, read_table
from keian.economy import load_economy
from keian.exposure.look_through import ALL, FOREIGN, look_through
from keian.exposure.world_links import factorise
from tests.architecture.tree import PACKAGE


@pytest.fixture(scope="module")
def japan():
    return load_economy()


@pytest.fixture(scope="module")
def looked(japan):
    return look_through(japan)


def test_shares_of_all_origins_sum_to_one(looked):
    single = looked.reliance[looked.reliance["region"] != FOREIGN]
    for column in ("face", "look_through", "sales_face", "sales_look_through"):
        sums = single.dropna(subset=column).groupby("unit")[column].sum()
        assert sums.to_numpy() == pytest.approx(1)


def test_more_comes_from_abroad_than_meets_the_eye(looked):
    whole = looked.reliance[looked.reliance["unit"] == ALL].set_index("region")
    assert whole.loc[FOREIGN, "look_through"] > 1.5 * whole.loc[FOREIGN, "face"]
    assert whole.loc["CHN", "hidden_ratio"] == pytest.approx(
        whole.loc["CHN", "look_through"] / whole.loc["CHN", "face"]
    )


def test_replacement_takes_loss_away_and_none_is_an_upper_bound(japan, looked):
    half = look_through(japan, replacement_share=0.5).regions.set_index("region")
    none = looked.regions.set_index("region").loc[half.index]
    assert (half["lost_musd"] < none["lost_musd"]).all()
    assert (none["lost_musd"] >= none["cut_musd"]).all()


def test_paths_are_counted_through_third_regions_only(looked):
    passages = looked.passages
    assert not (passages["through"] == passages["origin"]).any()
    assert not (passages["through"] == "JPN").any()
    assert (passages["transits"] >= 0).all()


@pytest.mark.parametrize(
    ("name", "schema"),
    [("reliance", "reliance"), ("linkages", "linkages"), ("regions", "region_cuts"), ("passages", "transits")],
)  # fmt: skip
def test_the_tables_keep_their_schema(looked, tmp_path, name, schema):
    path = tmp_path / f"{name}.parquet"
    getattr(looked, name).to_parquet(path)
    checked = read_table(path, PACKAGE / "exposure" / "schema" / f"{schema}.csv")
    assert len(checked.frame) == len(getattr(looked, name))


def test_a_table_of_another_shape_is_refused(japan):
    with pytest.raises(DataError, match="shape"):
        factorise(japan.Z, japan.x[:-1])
