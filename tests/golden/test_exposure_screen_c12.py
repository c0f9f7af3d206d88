"""Published import concentration and flags of GeoDep's tests on the shipped panel (check case C12).

Source: CEPII BACI (HS92) as pinned; expected figures were computed apart from keian. Tolerance 1e-4.
"""

from dataclasses import replace

import pytest

from keian.core import load_document
from keian.exposure import load_criteria, load_panel, screen
from keian.exposure.criteria import DATA, Criteria
from keian.exposure.measures import measure


@pytest.fixture(scope="module")
def panel():
    return load_panel(load_criteria())


@pytest.fixture(scope="module")
def unscreened(panel):
    """Screen of 2022 without the floor for tiny values, as the published flags are."""
    criteria = load_document(DATA / "criteria.yaml", Criteria)
    floor = criteria.noise_floor_kusd.model_copy(update={"value": 0.0})
    return screen(panel, criteria.model_copy(update={"noise_floor_kusd": floor}), year=2022)


@pytest.mark.parametrize(
    ("product", "hhi", "top", "share", "musd", "world"),
    [
        ("282520", 0.7841, "CHN", 0.8802, 1151.0, 0.6187),
        ("283691", 0.3582, "CHL", 0.4860, 1089.2, 0.6796),
        ("250410", 0.8100, "CHN", 0.8989, 95.8, 0.3135),
        ("280530", 0.4636, "CHN", 0.5892, 588.2, 0.2800),
        ("284690", 0.5151, "CHN", 0.6786, 436.8, 0.1713),
        ("720293", 0.6477, "BRA", 0.7758, 169.1, 0.5397),
        ("810110", 0.8181, "CHN", 0.9016, 23.9, 0.1670),
        ("270900", 0.3212, "SAU", 0.4017, 99187.7, 0.0713),
        ("271111", 0.2471, "AUS", 0.4504, 61412.5, 0.1278),
    ],
)
def test_import_concentration_2022(unscreened, product, hhi, top, share, musd, world):
    row = unscreened.table.set_index("product").loc[product]
    assert row["hhi_value"] == pytest.approx(hhi, abs=1e-4)
    assert row["top_value"] == top
    assert row["top_share_value"] == pytest.approx(share, abs=1e-4)
    assert row["imports_kusd"] / 1e3 == pytest.approx(musd, abs=0.06)
    assert row["world_hhi"] == pytest.approx(world, abs=1e-4)


def list_met(found, column):
    verdicts = found.verdicts
    mine = verdicts[(verdicts["criterion"] == "geodep") & (verdicts["basis"] == "value")]
    return set(mine.loc[mine[column] == 1, "product"])


def test_geodep_flags_of_one_year_and_of_two_in_three_are_not_the_same(unscreened):
    assert list_met(unscreened, "met") == {
        "251910", "252890", "260600", "282520", "711039", "720293", "811211",
    }  # fmt: skip
    assert list_met(unscreened, "lasting") == {
        "252890", "270220", "282520", "283691", "711039", "720293", "811211",
    }  # fmt: skip


def test_the_floor_takes_the_flag_of_a_product_of_tiny_value(panel):
    found = screen(panel, load_criteria(), year=2022)
    assert "811211" not in list_met(found, "met") | list_met(found, "lasting")
    assert found.table.set_index("product").loc["811211", "noise"]


@pytest.mark.parametrize(
    ("product", "share"),
    [("280480", 0.3213), ("284610", 0.3010), ("280490", 0.1372), ("810310", 0.1175)],
)
def test_share_of_world_exports_2022(unscreened, product, share):
    row = unscreened.table.set_index("product").loc[product]
    assert row["export_share"] == pytest.approx(share, abs=1e-4)


def test_high_concentration_means_a_majority_supplier_in_every_year(panel):
    for basis in ("value", "quantity"):
        found = measure(panel, basis).by_name
        high = found["import_hhi"] >= 0.5
        assert high.any()
        assert (found["import_top_share"][high] >= 0.5).all()


def test_the_order_of_rows_does_not_matter(panel):
    from keian.exposure.panel import Side

    def turn(side):
        return Side(*(getattr(side, name)[::-1] for name in Side.__slots__))

    turned = replace(
        panel, imports=turn(panel.imports), exports=turn(panel.exports), world=turn(panel.world)
    )
    ours, theirs = (screen(p, load_criteria()).table for p in (panel, turned))
    assert ours["product"].tolist() == theirs["product"].tolist()
    assert ours["hhi_value"].tolist() == pytest.approx(theirs["hhi_value"].tolist(), nan_ok=True)
