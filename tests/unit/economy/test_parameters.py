"""Arrays of parameters: cover with its least, values by product, marks."""

import numpy as np
import pytest

from keian.core import InputError
from keian.economy.forms import ByProduct, CoverForm, CoverRule, Sourced
from keian.economy.parameters import calc_cover, mark_products, spread_by_product

LAGS = np.array([[0, 20], [20, 0]], dtype=np.int32)


def make_cover(rules=()):
    return CoverForm(
        least_days=Sourced(value=2, source="a"),
        least_lag_share=Sourced(value=0.25, source="a"),
        least_goods_share=Sourced(value=0.1, source="a"),
        held_products=("c2", "c8"),
        source="a",
        rules=rules,
    )


def test_stock_in_days_of_output_lasts_longer_by_output_over_purchases_of_goods(small_table):
    cover = calc_cover(small_table, make_cover(), LAGS)
    bought = small_table.Z[:, 1][[0, 1, 3, 4]].sum()  # mining and refining, power is not held
    assert cover[0, 1] == pytest.approx(20.0 * small_table.x[1] / bought)


def test_a_user_of_few_goods_is_credited_with_ten_times_its_days_at_most(small_table):
    assert calc_cover(small_table, make_cover(), LAGS)[0, 0] == pytest.approx(2.5 / 0.1)


def test_services_have_the_least_cover_whatever_goods_their_user_holds(small_table):
    assert calc_cover(small_table, make_cover(), LAGS)[2].tolist() == [2.0] * 6


def test_cover_never_falls_below_a_quarter_of_the_way(small_table):
    small_table.inventory_days[1] = 0.1
    cover = calc_cover(small_table, make_cover(), LAGS)
    assert cover[0, 1] == pytest.approx(0.25 * 18)  # 90 of 100 from abroad, 20 days away
    assert cover[1, 1] == 2.0


def test_a_rule_replaces_the_stock_of_single_units(small_table):
    rule = CoverRule(product="c2", units=("ROW.c8",), days=90, source="a", why="stocks")
    cover = calc_cover(small_table, make_cover((rule,)), LAGS)
    assert cover[0, 4] == 90
    assert cover[1, 4] == calc_cover(small_table, make_cover(), LAGS)[1, 4] != 90


def test_values_spread_over_products_with_a_default():
    line = ByProduct(products=("c2",), value=0.7, source="a", why="w")
    values = spread_by_product((line,), ("c1", "c2"), 0.1)
    assert values.tolist() == [0.1, 0.7]
    assert not values.flags.writeable


def test_a_product_that_stands_twice_is_refused():
    line = ByProduct(products=("c2",), value=0.7, source="a", why="w")
    with pytest.raises(InputError, match="twice"):
        spread_by_product((line, line), ("c2",), 0.0)


def test_marks():
    assert mark_products(("c1", "c18"), ("c1",)).tolist() == [True, False]


def test_the_shipped_cover_keeps_its_least(japan):
    assert japan.cover_days.min() >= 2
    car_makers = japan.cover_days[japan.products.index("c12"), japan.units.index("JPN.c15")]
    assert 58 < car_makers < 120  # the survey's 58 days of output


def test_the_days_on_the_way_fall_into_at_most_five_classes(japan):
    assert len(set(japan.lag_days.ravel().tolist())) <= 5
    assert np.diag(japan.lag_days).tolist() == [0] * len(japan.regions)
