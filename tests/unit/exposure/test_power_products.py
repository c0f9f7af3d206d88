"""Power by product: both directions in one unit, coalitions, what is missing."""

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.core import CLEAR, InputError
from keian.economy import load_economy
from keian.exposure.criteria import load_criteria
from keian.exposure.flows import Flows
from keian.exposure.flows_store import load_world_flows
from keian.exposure.power import calc_cutoff_loss, load_elasticities
from keian.exposure.power_bundles import find_outputs
from keian.exposure.power_goods import add_good_power
from keian.exposure.power_products import take_year, weigh_products

SIGMA = load_elasticities().goods.mode
# exporter, importer, product, thousand USD
ROWS = [
    ("CHN", "JPN", "a", 9000), ("USA", "JPN", "a", 1000), ("JPN", "CHN", "b", 4000), ("USA", "CHN", "b", 4000),
    ("JPN", "USA", "b", 100), ("CHN", "USA", "b", 900), ("CHN", "JPN", "b", 50), ("KOR", "CHN", "b", 2000),
]  # fmt: skip
COUNTRIES = ("CHN", "JPN", "KOR", "USA")


def make_flows(rows=ROWS, years=None):
    products = ("a", "b")
    at = {name: k for k, name in enumerate(COUNTRIES)}
    return Flows(
        year=np.array(years or [2022] * len(rows), np.int16),
        exporter=np.array([at[i] for i, *_ in rows], np.int32),
        importer=np.array([at[j] for _, j, *_ in rows], np.int32),
        product=np.array([products.index(p) for *_, p, _ in rows], np.int32),
        value_kusd=np.array([v for *_, v in rows], float),
        quantity_t=np.full(len(rows), np.nan),
        countries=COUNTRIES, products=products, nomenclature="HS92", provisional=frozenset(),
        remarks=(), sources=("baci-hs92",), label=CLEAR, digest="made",
    )  # fmt: skip


def weigh(rows=ROWS, home="JPN", **options):
    return weigh_products(make_flows(rows), home, {}, load_criteria(), **options)


def lose(share):
    return float(calc_cutoff_loss(np.array(share), np.array(SIGMA)))


def test_both_directions_stand_in_one_unit():
    power = weigh()
    pairs = power.pairs.set_index(["product", "partner"])
    hit = pairs.loc["a", "CHN"]
    assert hit["share_of_home"] == pytest.approx(0.9)
    assert hit["loss_to_home"] == pytest.approx(lose(0.9))
    assert hit["loss_to_home_low"] < hit["loss_to_home"] < hit["loss_to_home_high"]
    back = pairs.loc["b", "CHN"]
    assert back["loss_to_it"] == pytest.approx(lose(0.4))
    # home buys 50 thousand of b: under the noise floor, so no verdict, not nought
    assert math.isnan(back["loss_to_home"])
    assert math.isnan(back["net_leverage"])
    assert pairs.loc["b", "USA"]["loss_to_it"] == pytest.approx(lose(0.1))


def test_from_the_other_side_the_losses_change_places():
    mine, its = weigh(home="JPN").pairs, weigh(home="CHN").pairs
    one = mine.set_index(["product", "partner"]).loc["b", "CHN"]
    other = its.set_index(["product", "partner"]).loc["b", "JPN"]
    assert one["loss_to_it"] == pytest.approx(other["loss_to_home"])


def test_the_world_loses_what_home_and_its_allies_hold_of_what_others_buy():
    products = weigh(allies=["KOR"]).products.set_index("product")
    b = products.loc["b"]
    assert b["loss_to_world"] == pytest.approx(lose(4100 / 11000))
    assert b["coalition_loss"] == pytest.approx(lose(6100 / 11000))
    apart = lose(4100 / 11000) + lose(2000 / 11000)
    assert b["coalition_premium"] == pytest.approx(lose(6100 / 11000) / apart)
    assert b["coalition_premium"] > 1
    assert b["world_rank"] == 1
    assert math.isnan(products.loc["a", "world_rank"])
    assert products.loc["a", "loss_to_world"] == 0
    assert math.isnan(weigh().products["coalition_loss"].max())


def test_allies_sum_their_shares_before_the_logarithm_for_each_partner():
    pairs = weigh(allies=["KOR"]).pairs.set_index(["product", "partner"])
    china = pairs.loc["b", "CHN"]
    assert china["coalition_loss"] == pytest.approx(lose(0.6))
    assert china["coalition_premium"] == pytest.approx(lose(0.6) / (lose(0.4) + lose(0.2)))
    # an ally is no target, and without allies there is no coalition
    assert (
        weigh(allies=["CHN"]).pairs.set_index("partner").loc["CHN", "coalition_loss"].isna().all()
    )
    assert weigh().pairs["coalition_loss"].isna().all()


def test_a_bundle_weighs_losses_by_spending():
    rows = [*ROWS, ("JPN", "CHN", "a", 3000), ("KOR", "CHN", "a", 27000)]
    bundle = weigh(rows, allies=["KOR"]).bundles.set_index("partner").loc["CHN"]
    wanted = 0.25 * lose(0.4) + 0.75 * lose(0.1)  # 10 and 30 of 40 million spent
    assert bundle["loss_to_it"] == pytest.approx(wanted)
    assert bundle["loss_to_it_low"] < wanted < bundle["loss_to_it_high"]
    assert bundle["net_leverage"] == pytest.approx(wanted - bundle["loss_to_home"])
    # japan buys 10 million of a, and b only under the floor: all that is known is a
    assert bundle["loss_to_home"] == pytest.approx(lose(0.9))
    assert bundle["coalition_loss"] == pytest.approx(
        0.25 * lose(0.6) + 0.75 * lose(0.99)
    )  # counts as 0.99 at most
    apart = wanted + 0.25 * lose(0.2) + 0.75 * lose(0.9)
    assert bundle["coalition_premium"] == pytest.approx(bundle["coalition_loss"] / apart)
    assert math.isnan(bundle["output_loss_to_it"])


def test_the_bundle_of_the_check_case_in_output():
    rows = [("JPN", "CHN", "a", 9000), ("KOR", "CHN", "a", 1000)]
    output = {"CHN": 10 / 0.03}  # the bundle is 3 % of output
    found = weigh(rows, output_musd=output).bundles.set_index("partner").loc["CHN"]
    assert found["output_loss_to_it"] == pytest.approx(0.03 * lose(0.9))
    assert found["output_loss_to_it"] * (SIGMA - 1) == pytest.approx(0.069078, abs=1e-6)
    assert math.isnan(found["output_loss_to_home"])


def test_output_of_another_year_gives_no_cost_share():
    economy = load_economy("japan")
    assert find_outputs(economy, economy.year + 1) == {}
    known = find_outputs(economy, economy.year)
    assert known["JPN"] == pytest.approx(economy.x[economy.unit_region == 0].sum())
    assert not {"EUR", "ROW"} & set(known)


def test_spending_under_the_floor_is_left_out_and_counted():
    rows = [*ROWS, ("USA", "CHN", "a", 5)]
    bundle = weigh(rows).bundles.set_index("partner").loc["CHN"]
    assert bundle["known_share"] == pytest.approx(10000 / 10005)
    assert bundle["loss_to_it"] == pytest.approx(lose(0.4))


def test_nearness_is_told_within_the_flows():
    rows = [
        ("JPN", "USA", "a", 5000), ("JPN", "USA", "b", 4000), ("CHN", "USA", "a", 4000),
        ("CHN", "USA", "b", 5000), ("KOR", "USA", "a", 90), ("KOR", "USA", "b", 10),
    ]  # fmt: skip
    products = weigh(rows, home="KOR").products.set_index("product")
    assert products.loc["a", "rca_within"] > 1 > products.loc["b", "rca_within"]
    # korea's sales of a lie under the floor, so it has no advantage that counts
    assert products.loc["a", "nearness_within"] == 0
    assert products.loc["b", "nearness_rank"] == 2
    assert products.loc["b", "hub_share"] == 0


def test_order_of_rows_does_not_matter():
    again = weigh(ROWS[::-1])
    assert again.pairs.equals(weigh().pairs)
    assert again.products.equals(weigh().products)


def test_several_years_and_unknown_countries_are_refused_together():
    flows = make_flows(years=[2021] * 4 + [2022] * 4)
    with pytest.raises(InputError) as refused:
        weigh_products(flows, "QQQ", {}, load_criteria(), allies=["ZZZ"])
    assert len(refused.value.problems) == 3
    assert set(take_year(flows, 2021).year.tolist()) == {2021}


def test_the_shipped_flows_show_what_japan_holds_and_lacks():
    power = weigh_products(load_world_flows(2022), "JPN", {}, load_criteria(), allies=["USA"])
    shares = power.pairs[["share_of_home", "share_of_it"]].stack().dropna()
    assert shares.between(0, 1).all()
    products = power.products.dropna(subset=["coalition_premium"])
    assert len(products) > 20
    assert (products["coalition_premium"] >= 1 - 1e-9).all()


@pytest.mark.parametrize(("lang", "said"), [("en", "import bundle"), ("ja", "輸入財の束")])
def test_at_the_command_line(lang, said):
    call = ["exposure", "power", "--by-product", "--year", "2022", "--with", "USA"]
    shown = CliRunner().invoke(app, [*call, "--lang", lang, "--top", "5"])
    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout
    plain = json.loads(CliRunner().invoke(app, [*call, "--json"]).stdout)
    assert plain["year"] == 2022
    assert {"product", "loss_to_home", "net_leverage"} <= set(plain["pairs"][0])
    assert {"partner", "loss_to_it", "coalition_premium"} <= set(plain["bundles"][0])
    assert plain["hubs"] == ["HKG", "SGP", "NLD", "BEL"]
    assert all(row["output_loss_to_it"] is None for row in plain["bundles"])
    assert {row["good"] for row in plain["goods"]} >= {"gallium", "wheat"}
    assert plain["sources"]


def test_options_of_the_other_table_are_refused():
    refused = CliRunner().invoke(app, ["exposure", "power", "--year", "2022"])
    assert refused.exit_code == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_hold_every_table(tmp_path, kind):
    call = ["exposure", "power", "--by-product", "--out", str(tmp_path), "--format", kind]
    shown = CliRunner().invoke(app, call)
    assert shown.exit_code == 0, shown.output
    written = {path.name for path in tmp_path.iterdir()}
    tables = ("power_pairs", "power_bundles", "power_products", "power_goods", "sources")
    csv = {f"power-products-{name}.csv" for name in tables}
    assert written == (csv if kind == "csv" else {"power-products.xlsx"})


def test_a_provisional_year_says_so():
    shown = CliRunner().invoke(
        app, ["exposure", "power", "--by-product", "--year", "2024", "--top", "1"]
    )
    assert shown.exit_code == 0, shown.output
    assert "2024 is provisional" in " ".join(shown.stdout.split())


def test_goods_stand_beside_products_with_tiers_apart():
    economy = load_economy("japan")
    power = add_good_power(weigh(), economy)
    goods = power.goods
    gallium = goods[(goods["good"] == "gallium") & (goods["origin"] == "CHN")].iloc[0]
    assert gallium["loss_to_home"] == pytest.approx(lose(0.675))
    assert set(gallium["cited"].split(", ")) <= set(power.sources)
    assert not set(goods["origin"]) & {"JPN", "rest"}
    tiers = goods["tier"].tolist()
    assert tiers == sorted(tiers, key=["modelled", "registered", "illustrative"].index)
    modelled = goods[goods["tier"] == "modelled"]["loss_to_home"]
    assert modelled.is_monotonic_decreasing
    assert (goods["loss_to_home_low"] <= goods["loss_to_home"]).all()
    assert (goods["loss_to_home"] <= goods["loss_to_home_high"]).all()


def test_another_home_has_no_goods_of_japan():
    plain = CliRunner().invoke(
        app, ["exposure", "power", "--by-product", "--importer", "KOR", "--json"]
    )
    assert plain.exit_code == 0, plain.output
    found = json.loads(plain.stdout)
    assert (found["home"], found["goods"]) == ("KOR", [])
