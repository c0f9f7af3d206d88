"""Power by product: both directions in one unit, coalitions, what is missing."""

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.core import CLEAR, InputError
from keian.exposure.criteria import load_criteria
from keian.exposure.flows import Flows
from keian.exposure.flows_store import load_world_flows
from keian.exposure.power import calc_cutoff_loss, load_elasticities
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
    assert plain["sources"]


def test_options_of_the_other_table_are_refused():
    refused = CliRunner().invoke(app, ["exposure", "power", "--year", "2022"])
    assert refused.exit_code == 2
