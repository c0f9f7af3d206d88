"""Goods beside the panel: what is not known of their stocks stays missing."""

from dataclasses import replace

import numpy as np
import pytest

from keian.core import Triple
from keian.economy import load_economy
from keian.exposure.card_writing import tell_cover
from keian.exposure.goods_screen import screen_goods
from keian.exposure.survival import is_cover_known


@pytest.fixture(scope="module")
def economy():
    return load_economy("japan")


def test_the_screen_knows_cover_where_the_card_does(economy):
    rows = screen_goods(economy).set_index("good")
    for good in (*economy.goods, *economy.aside):
        card, cell = tell_cover(economy, good), rows.loc[good.id, "cover_days"]
        assert np.isnan(cell) if card is None else cell == pytest.approx(card.mode)
    assert rows["cover_days"].isna().any()


def test_a_good_of_which_no_stock_is_known_has_no_days_instead_of_nought(economy):
    aside = next(g for g in economy.aside if g.id == "nickel_ore")
    row = screen_goods(economy).set_index("good").loc["nickel_ore"]
    assert not aside.pools
    assert np.isnan(row["cover_days"])
    assert np.isnan(row["survive_days"])
    assert row["top_share"] > 0


def test_without_its_pools_and_users_a_good_loses_its_days(economy):
    wheat = next(g for g in economy.goods if g.id == "wheat")
    bare = wheat.model_copy(update={"pools": ()})
    left = tuple(use for use in economy.uses if use.good != "wheat")
    others = tuple(g for g in economy.goods if g.id != "wheat")
    lesser = replace(economy, goods=(*others, bare), uses=left)
    row = screen_goods(lesser).set_index("good").loc["wheat"]
    assert np.isnan(row["cover_days"])
    assert np.isnan(row["survive_days"])


def test_a_stock_of_nought_counts_only_if_a_source_says_so(economy):
    wheat = next(g for g in economy.goods if g.id == "wheat")
    wheat = wheat.model_copy(update={"pools": ()})
    use = next(use for use in economy.uses if use.good == "wheat")
    nought = use.model_copy(update={"cover_days": Triple(low=0, mode=0, high=0)})
    sourced = use.model_copy(
        update={"cover_days": Triple(low=0, mode=0, high=0, sources=("wheat_stock_food",))}
    )
    assert not is_cover_known(wheat, [nought])
    assert is_cover_known(wheat, [sourced])
