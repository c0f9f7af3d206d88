"""Identities of the shipped world table, read straight from its files."""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import keian

DATA = Path(keian.__file__).parent / "economy" / "data" / "japan"
TABLE = DATA / "table"
IDENTITY = 1e-9
SOURCE_TOTAL_MUSD = 11_333_409
PARTS = {"c17": ("c17e", "c17g", "c17w"), "c23": ("c23r", "c23o"), "c27": ("c27p", "c27t")}


@pytest.fixture(scope="module")
def flows() -> dict[str, np.ndarray]:
    with np.load(TABLE / "flows.npz", allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def read_rows(name: str) -> list[dict[str, str]]:
    with (TABLE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def find_units(flows, *ids: str) -> list[int]:
    order = flows["units"].tolist()
    return [order.index(unit) for unit in ids]


def test_output_is_the_row_sum(flows):
    rows = flows["Z"].sum(axis=1) + flows["Y"].sum(axis=1)
    np.testing.assert_allclose(rows, flows["x"], rtol=IDENTITY)


def test_value_added_is_output_less_inputs(flows):
    added = flows["x"] - flows["Z"].sum(axis=0)
    np.testing.assert_allclose(added, flows["v"], rtol=IDENTITY, atol=1e-6)


def test_nothing_is_negative_but_changes_of_stocks(flows):
    assert flows["Z"].min() >= 0
    assert flows["Y"].min() >= 0
    assert (flows["v"][flows["x"] > 0] > 0).all()
    assert flows["inventory"].min() < 0


def test_built_and_recorded_parts_return_the_published_output(flows):
    # The source rounded its flows to whole millions: a row misses by at most 1,574 MUSD.
    rest = flows["x"] + flows["inventory"].sum(axis=1) - flows["source_x"]
    assert np.abs(rest).max() < 1600
    assert abs(rest.sum()) < 5e-4 * flows["source_x"].sum()


def test_splits_leave_japans_totals(flows):
    at = [i for i, unit in enumerate(flows["units"]) if unit.startswith("JPN.")]
    assert flows["source_x"][at].sum() == pytest.approx(SOURCE_TOTAL_MUSD, rel=IDENTITY)


@pytest.mark.parametrize(("whole", "parts"), PARTS.items())
def test_parts_add_up_to_whole_millions_cell_by_cell(flows, whole, parts):
    # Every published cell is a whole number, so the sum over the parts must be one again.
    at = find_units(flows, *(f"JPN.{part}" for part in parts))
    others = [i for i, unit in enumerate(flows["units"]) if not unit.startswith("JPN.c")]
    for block in (flows["Z"][at][:, others].sum(axis=0), flows["Z"][others][:, at].sum(axis=1)):
        np.testing.assert_allclose(block, np.round(block), atol=1e-9)
    final = flows["Y"][at].sum(axis=0)
    np.testing.assert_allclose(final, np.round(final), atol=1e-9)
    own = flows["Z"][np.ix_(at, at)].sum()
    assert own == pytest.approx(round(own), abs=1e-9)
    assert f"JPN.{whole}" not in flows["units"]
    assert f"CHN.{whole}" in flows["units"]


def test_units_file_agrees_with_the_arrays(flows):
    rows = read_rows("units.csv")
    assert [row["id"] for row in rows] == flows["units"].tolist()
    np.testing.assert_allclose([float(row["x_musd"]) for row in rows], flows["x"], rtol=IDENTITY)
    for row, output, added in zip(rows, flows["x"], flows["v"], strict=True):
        assert row["masked"] == str(int(output == 0))
        if output:
            assert float(row["v_share"]) == pytest.approx(added / output, rel=IDENTITY)
        else:
            assert row["v_share"] == ""
        assert row["name_en"]
        assert row["name_ja"]


def test_masked_units_have_no_flows(flows):
    idle = flows["x"] == 0
    assert idle.sum() == 9
    assert flows["Z"][idle].sum() == flows["Z"][:, idle].sum() == flows["Y"][idle].sum() == 0


def test_fuels_go_to_electricity_and_gas_not_to_water(flows):
    power, gas, water = find_units(flows, "JPN.c17e", "JPN.c17g", "JPN.c17w")
    mining = [i for i, unit in enumerate(flows["units"]) if unit.endswith(".c2")]
    bought = flows["Z"][mining].sum(axis=0)
    assert bought[water] == 0
    assert bought[power] / (bought[power] + bought[gas]) == pytest.approx(0.749, abs=0.001)


def test_largest_deviations_are_listed(flows):
    listed = {row["unit"] for row in read_rows("deviations.csv")}
    moved = np.abs(flows["x"] - flows["source_x"])
    assert set(flows["units"][np.argsort(-moved)[:10]]) <= listed


def test_criticality_covers_every_pair_with_known_steps():
    industries = [row["id"] for row in read_rows("industries.csv")]
    ratings = {
        (row["product"], row["industry"]): row["rating"] for row in read_rows("criticality.csv")
    }
    assert set(ratings) == {(p, i) for p in industries for i in industries}
    assert set(ratings.values()) <= {"1", "0.5", "0", ""}
    missing = {pair for pair, rating in ratings.items() if not rating}
    assert missing == {("c11", "c8")} | {(product, "c35") for product in industries}
    assert ratings["c27t", "c28"] == "1"
    assert ratings["c27p", "c28"] == "0.5"
    assert ratings["c22", "c15"] == "0"


def test_each_changed_rating_has_its_reason_and_is_applied():
    ratings = {
        (row["product"], row["industry"]): row["rating"] for row in read_rows("criticality.csv")
    }
    for row in read_rows("criticality_changes.csv"):
        assert row["why"]
        assert float(row["after"]) < float(row["before"])
        assert ratings[row["product"], row["industry"]] == row["after"]


def test_manifest_pins_what_is_shipped():
    manifest = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    shipped = {
        f"{folder}/{path.name}"
        for folder in ("table", "trade")
        for path in (DATA / folder).iterdir()
    }
    assert set(manifest["outputs"]) == shipped
    for name, pins in manifest["outputs"].items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == pins["sha256"]
