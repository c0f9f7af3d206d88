"""Choke points: both conditions, detours, two nodes together, time to survive."""

import math

import pytest

from keian.core import InputError, read_table
from keian.economy import load_economy
from keian.exposure.choke_network import add_network
from keian.exposure.choke_points import (
    calc_loss,
    find_choke_points,
    grade_cut,
    has_detour,
    list_nodes,
)
from keian.exposure.flows_store import load_world_flows
from keian.exposure.survival import Replacement, calc_survival_days
from tests.architecture.tree import PACKAGE


@pytest.fixture(scope="module")
def japan():
    return load_economy()


@pytest.fixture(scope="module")
def points(japan):
    return find_choke_points(japan, least_share=0.1)


def find_good(economy, name):
    return next(good for good in economy.goods if good.id == name)


def find_row(points, good, node, second=None):
    table = points.table
    rows = table[(table["good"] == good) & (table["node"] == node)]
    rows = rows[rows["second"].isna()] if second is None else rows[rows["second"] == second]
    (row,) = rows.to_dict("records")
    return row


@pytest.mark.parametrize(
    ("cover", "lost", "days"), [(254, 0.737, 344.6), (254, 0.93, 273.1), (21, 0.0572, 367.1)]
)
def test_time_to_survive_is_cover_over_the_share_lost(cover, lost, days):
    """Published stock arithmetic of a closed strait (check case C13)."""
    assert calc_survival_days(cover, lost) == pytest.approx(days, abs=0.05)


def test_a_strait_without_a_way_round_cuts_and_one_with_a_way_round_does_not(japan, points):
    assert find_row(points, "crude_oil", "hormuz")["loss_share"] > 0.7
    alone = points.table[(points.table["node"] == "malacca") & points.table["second"].isna()]
    assert alone.empty


def test_two_passages_that_are_each_other_s_way_round_cut_together(japan, points):
    row = find_row(points, "crude_oil", "lombok-sunda", "malacca")
    assert row["loss_share"] > 0.7
    malacca = next(route for route in japan.routes if route.id == "malacca")
    assert has_detour(malacca, {"malacca"})
    assert not has_detour(malacca, {"malacca", "lombok-sunda"})


def test_the_loss_of_a_country_is_its_share_of_supply(japan):
    good = find_good(japan, "wheat")
    share = sum(line.share.mode for line in good.supplies if line.origin == "USA")
    total = sum(line.share.mode for line in good.supplies)
    loss = calc_loss(japan, good, (("country", "USA"),), "mode")
    assert loss.share == pytest.approx(share / total)
    assert loss.survive_days == pytest.approx(loss.cover_days / loss.share)


def test_two_countries_lose_the_sum(japan):
    good = find_good(japan, "wheat")
    cuts = [(("country", "USA"),), (("country", "CAN"),), (("country", "USA"), ("country", "CAN"))]
    one, two, both = (calc_loss(japan, good, cut, "mode").share for cut in cuts)
    assert both == pytest.approx(one + two)


def test_passages_of_one_line_are_not_counted_twice(japan):
    good = find_good(japan, "crude_oil")
    far = calc_loss(japan, good, (("strait", "hormuz"), ("country", "SAU")), "mode").share
    alone = calc_loss(japan, good, (("country", "SAU"),), "mode").share
    strait = calc_loss(japan, good, (("strait", "hormuz"),), "mode").share
    assert max(alone, strait) < far < alone + strait


def test_the_gravest_reading_is_never_milder_than_the_mode(japan):
    for good in japan.goods:
        for node in list_nodes(japan, good):
            low, mode, high = (calc_loss(japan, good, (node,), c) for c in ("low", "mode", "high"))
            assert low.share <= mode.share + 1e-9 <= high.share + 2e-9
            assert low.cover_days >= mode.cover_days >= high.cover_days


def test_both_conditions_are_needed(japan):
    good = find_good(japan, "gallium")
    loss = calc_loss(japan, good, (("country", "CHN"),), "mode")
    from dataclasses import replace

    late = replace(loss, replacement=Replacement(loss.survive_days + 1, "substitute"))
    assert late.is_choke(0.1)
    assert late.is_choke(loss.share) is False
    soon = replace(loss, replacement=Replacement(loss.survive_days, "substitute"))
    assert soon.is_choke(0.1) is False
    assert grade_cut({"low": soon, "mode": late, "high": late}, 0.1) == "mode"


def test_what_nobody_knows_is_no_verdict(japan):
    from dataclasses import replace

    loss = calc_loss(japan, find_good(japan, "gallium"), (("country", "CHN"),), "mode")
    unknown = replace(loss, replacement=Replacement(None, "none"))
    assert unknown.is_choke(0.1) is None
    assert grade_cut({"low": unknown, "mode": unknown, "high": unknown}, 0.1) == "open"
    assert replace(loss, survive_days=None, cover_days=None).is_choke(0.1) is None


def test_port_groups_lose_what_open_ones_do_not_take_on(japan, points):
    good = find_good(japan, "gallium")
    groups = {r.id: r for r in japan.routes if r.kind == "ports"}
    abroad = sum(s.share.mode for s in good.supplies if s.origin != "JPN")
    total = sum(s.share.mode for s in good.supplies)
    share = groups["tokyo_bay"].flows[0].share.mode
    spare = groups["ise_bay"].fleet_spare_share.mode
    expected = (share - (1 - share) * spare) * abroad / total
    loss = calc_loss(japan, good, (("ports", "tokyo_bay"),), "mode")
    assert loss.share == pytest.approx(expected)
    assert "ports" in set(points.table["kind"])


def test_pairs_stand_only_where_they_say_more_than_each_alone(points):
    table = points.table
    order = ["no", "worst", "open", "mode", "firm"]
    alone = {
        (row["good"], row["node"]): row for row in table[table["second"].isna()].to_dict("records")
    }
    for row in table[table["second"].notna()].to_dict("records"):
        both = [alone.get((row["good"], row[key])) for key in ("node", "second")]
        graver = all(
            one is None or order.index(row["grade"]) > order.index(one["grade"]) for one in both
        )
        losses = sum(one["loss_share"] for one in both if one)
        assert graver or row["loss_share"] > losses


def test_the_world_s_network_stands_beside_countries_and_the_schema_holds(japan, points, tmp_path):
    found = add_network(points, japan, load_world_flows(2022), 2022)
    row = find_row(found, "tungsten", "CHN")
    assert row["strength_rank"] == 1
    assert row["network_loss_share"] == pytest.approx(0.9016, abs=1e-3)
    assert math.isnan(find_row(found, "crude_oil", "hormuz")["strength_rank"])
    path = tmp_path / "choke_points.parquet"
    found.table.to_parquet(path)
    schema = PACKAGE / "exposure" / "schema" / "choke_points.csv"
    assert len(read_table(path, schema).frame) == len(found.table)


def test_what_ranks_weak_points_is_amber_at_least(points):
    assert str(points.label) == "TLP:AMBER"


def test_a_year_without_networks_is_refused():
    with pytest.raises(InputError, match="one of 2020"):
        load_world_flows(1999)
