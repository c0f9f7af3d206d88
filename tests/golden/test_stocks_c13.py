"""Check case C13: stock arithmetic of Japan's oil and gas, and shares that are published.

Source: nippon.com and METI for 146 + 101 + 7 = 254 days (December 2025) and 73.7 to 74 % of crude
through Hormuz (2023); CEPII BACI for the Gulf share of LNG; CSIS for the Taiwan Strait. Time to
survive is stock over what is lost (TTS = S / (1 - a - r)).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import keian
from keian.economy import load_economy

DATA = Path(keian.__file__).parent / "economy" / "data" / "japan"
GULF = {"SAU", "ARE", "KWT", "QAT", "IRQ", "BHR", "IRN"}
LITRES_PER_BARREL = 158.987


@pytest.fixture(scope="module")
def japan():
    return load_economy("japan")


def find_good(economy, good_id):
    return next(good for good in economy.goods if good.id == good_id)


def list_pools(economy, owner):
    goods = [find_good(economy, "crude_oil"), find_good(economy, "petroleum_products")]
    return [pool for good in goods for pool in good.pools if pool.owner == owner]


def calc_via(good, route, end):
    return sum(
        supply.share.mode * getattr(passage.share, end)
        for supply in good.supplies
        for passage in supply.routes
        if passage.route == route
    )


@pytest.mark.parametrize(("owner", "days"), [("state", 146), ("private", 101), ("joint", 7)])
def test_the_volumes_make_the_published_days(japan, owner, days):
    total = sum(pool.quantity_days.mode for pool in list_pools(japan, owner))
    assert total == pytest.approx(days, abs=0.15)


def test_the_pools_make_254_days_and_344_with_the_strait_closed(japan):
    total = sum(
        pool.quantity_days.mode
        for owner in ("state", "private", "joint")
        for pool in list_pools(japan, owner)
    )
    assert total == pytest.approx(254, abs=0.1)
    assert total / 0.737 == pytest.approx(344.6, abs=0.2)
    assert total / 0.93 == pytest.approx(273.1, abs=0.2)


def test_the_low_end_divides_by_what_refineries_took_in_2023(japan):
    million_kl_per_day = 2.5 * LITRES_PER_BARREL / 1000
    state = find_good(japan, "crude_oil").pools[0]
    assert state.quantity_days.low == pytest.approx(41.79 / million_kl_per_day, rel=1e-3)


def test_the_private_duty_is_seventy_days(japan):
    duty = [pool for pool in list_pools(japan, "private") if not pool.automatic]
    assert sum(pool.quantity_days.mode for pool in duty) == pytest.approx(70, abs=0.1)


def test_the_national_share_of_crude_through_hormuz_spans_the_published_figures(japan):
    """Either country's low end alone brings the share to the ministry's 74 %; both go below it."""
    crude = find_good(japan, "crude_oil")
    mode, high = (calc_via(crude, "hormuz", end) for end in ("mode", "high"))
    assert [mode, high] == pytest.approx([0.80, 0.935], abs=0.006)
    for origin in ("SAU", "ARE"):
        line = next(s for s in crude.supplies if s.origin == origin)
        share = next(r.share for r in line.routes if r.route == "hormuz")
        alone = mode - line.share.mode * (share.mode - share.low)
        assert alone == pytest.approx(0.74, abs=0.006)


def test_the_gulf_share_of_lng_2023_is_that_of_the_panel():
    panel = pd.read_parquet(DATA / "trade" / "imports_jpn.parquet")
    lng = panel[(panel["year"] == 2023) & (panel["product"] == "271111")]
    gulf = lng[lng["exporter"].isin(GULF)]
    assert gulf["quantity_t"].sum() / lng["quantity_t"].sum() == pytest.approx(0.0572, abs=5e-5)


def test_gas_outlasts_oil_when_only_the_strait_is_closed(japan):
    lng = find_good(japan, "lng")
    lost = calc_via(lng, "hormuz", "mode")
    assert 0.05 < lost < 0.065
    assert lng.pools[0].quantity_days.mode == 21
    crude = find_good(japan, "crude_oil")
    oil_days = sum(pool.quantity_days.mode for pool in crude.pools)
    assert 21 / lost > oil_days / calc_via(crude, "hormuz", "mode")


def test_no_line_gives_away_more_than_all_of_it(japan):
    for good in japan.goods:
        assert sum(line.share.mode for line in good.supplies) == pytest.approx(1.0), good.id


def test_wheat_stock_in_days_is_the_stock_over_a_years_imports(japan):
    days = find_good(japan, "wheat").pools[0].quantity_days
    assert days.mode == pytest.approx(0.93 / 5.229 * 365, abs=0.1)
    assert days.low == pytest.approx(0.93 / (5.229 + 0.9935) * 365, abs=0.1)
    assert days.high == pytest.approx(2.3 * 365 / 12, abs=0.1)


@pytest.mark.parametrize(
    ("good", "origin", "low", "high"),
    [
        ("crude_oil", "SAU", 0.38, 0.404),
        ("crude_oil", "ARE", 0.373, 0.433),
        ("lng", "AUS", 0.41, 0.43),
        ("wheat", "USA", 0.34, 0.35),  # 41.0 % of imports, 84 % of supply
        ("soybeans", "USA", 0.695, 0.705),  # 74.5 % of imports
        ("maize", "BRA", 0.31, 0.32),
        ("light_rare_earths", "CHN", 0.57, 0.72),
        ("gallium", "CHN", 0.60, 0.75),
        ("graphite", "CHN", 0.846, 0.846),
        ("heavy_rare_earths", "CHN", 0.95, 1.0),
        ("ammonium_phosphate", "CHN", 0.76, 0.90),
    ],
)
def test_shares_lie_where_the_published_figures_lie(japan, good, origin, low, high):
    line = next(s for s in find_good(japan, good).supplies if s.origin == origin)
    assert line.share.low == pytest.approx(low, abs=0.006)
    assert line.share.high == pytest.approx(high, abs=0.006)
    assert line.share.low <= line.share.mode <= line.share.high


def calc_strait_shares(economy, end):
    """Share of Japan's imports and exports of goods by value that passes the Taiwan Strait."""
    sea = np.flatnonzero(economy.moves_by_sea)
    goods = np.isin(economy.unit_product, sea)
    region = np.asarray(economy.unit_region)
    home = economy.regions.index("JPN")
    inward, outward = np.zeros(len(economy.regions)), np.zeros(len(economy.regions))
    for at in range(len(economy.regions)):
        sellers, buyers = goods & (region == at), region == at
        inward[at] = economy.Z[sellers][:, region == home].sum() + economy.Y[sellers, home].sum()
        made = goods & (region == home)
        outward[at] = economy.Z[made][:, buyers].sum() + economy.Y[made, at].sum()
    inward[home] = outward[home] = 0
    strait = next(route for route in economy.routes if route.id == "taiwan_strait")
    share = np.zeros(len(economy.regions))
    for flow in strait.flows:
        if flow.destination == "JPN":
            share[economy.regions.index(flow.origin)] = getattr(flow.share, end)
    return inward @ share / inward.sum(), outward @ share / outward.sum()


def test_the_taiwan_strait_carries_the_published_share_of_trade(japan):
    imports, exports = calc_strait_shares(japan, "mode")
    assert imports == pytest.approx(0.32, abs=0.02)
    assert exports == pytest.approx(0.25, abs=0.03)
