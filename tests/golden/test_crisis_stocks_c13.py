"""Stock arithmetic of a closed strait, day by day (check case C13).

Time to survive is S / (1 - a - r): days of stock over what is left of use after other supply and
restraint. Sources of the figures: Japan's stocks of 146 + 101 + 7 days of use (METI, petroleum
stockpiles, 2026); 73.7 % and 93 % of crude through the Strait of Hormuz; a collective release of
400 mb against 20 mb/d less a 35 % bypass (IEA, 2026); liquefied gas 21 days, 5.72 % from the Gulf.
The kernel counts whole days: the first short day is the one after the last full day.
"""

import math

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.economy.nouns import Good, GoodUse, Pool, RouteShare, Supply
from tests.crises import make_measure, play
from tests.worlds import SOURCE, fixed, make_scenario, make_world, name, shrink

OIL_DAYS = (146.0, 101.0, 7.0)  # state, private, joint with producers
DAYS = 600


def make_oil_world(stocks, lost, *, tanks=False):
    """One good, of which `lost` passes the strait; no user stretches what is left."""
    supplies = (
        Supply(
            origin="SAU",
            share=fixed(lost),
            routes=(RouteShare(route="strait", share=fixed(1)),),
            sources=(SOURCE,),
        ),
        Supply(origin="CHN", share=fixed(1.0 - lost), sources=(SOURCE,)),
    )
    pools = tuple(
        Pool(
            id=f"pool{k}", names=name("pool"), owner="state", quantity_days=fixed(days),
            usable_share=fixed(1), draw_limit=fixed(1), automatic=tanks or k > 0, sources=(SOURCE,),
        )
        for k, days in enumerate(stocks)
    )  # fmt: skip
    oil = Good(
        id="oil", names=name("oil"), tier="modelled", parent_product="p0", unit="kL",
        floor_days=fixed(0), stretch_days=fixed(1), catch_up_share=fixed(0), supplies=supplies,
        pools=pools, sources=(SOURCE,),
    )  # fmt: skip
    use = GoodUse(
        good="oil", unit="JPN.p0", exposed_share=fixed(1), use_share=fixed(1), carries_parent=1.0,
        cover_days=fixed(0), why="test", sources=(SOURCE,),
    )  # fmt: skip
    world = make_world(0, service=False, goods=False, cover_days=90.0, criticality=0.0)
    routes = tuple(r.model_copy(update={"yard_days": fixed(0), "flows": ()}) for r in world.routes)
    return shrink(world, goods=(oil,), uses=(use,), routes=routes)


def count_days(stocks, lost, *measures, days=DAYS, tanks=False):
    """Days until users can no longer use what they need."""
    compiled = compile_economy(make_oil_world(stocks, lost, tanks=tanks), load_rules())
    closure = {"kind": "route_closure", "route": "strait", "loss": 1, "duration_days": 2.0 * days}
    release = make_measure({"kind": "release_stock", "pools": ["pool0"]}, name="release")
    run = Run(make_scenario(closure, days=days), (release, *measures))
    _, record = play(compiled, [run], days)
    short = np.flatnonzero(record.avail[:, 0, 0] < 1.0 - 1e-9)
    used = sum(stocks) - record.pool[:, :, 0].sum(axis=1)
    return int(short[0]), used


@pytest.mark.parametrize(
    ("stocks", "lost", "expected"),
    [
        (OIL_DAYS, 0.737, 344.6),
        (OIL_DAYS, 0.93, 273.1),
        ((400.0 / 20.0,), 1.0 - 0.35, 30.8),
        ((21.0,), 0.0572, 367.1),
    ],
)
def test_time_to_survive_is_stock_over_what_is_missing(stocks, lost, expected):
    days, used = count_days(stocks, lost)
    assert expected == pytest.approx(sum(stocks) / lost, abs=0.05)
    assert days == math.floor(expected) + 1
    assert used[99 if days > 100 else 9] == pytest.approx(lost * (100 if days > 100 else 10))


def test_the_three_stocks_are_254_days():
    assert sum(OIL_DAYS) == 254


def test_other_supply_and_restraint_stretch_the_stock():
    a, r = 0.1, 0.08
    more = make_measure(
        {"kind": "add_supply", "good": "oil", "origins": ["CHN"], "share": a}, name="more"
    )
    less = make_measure({"kind": "restrain_demand", "goods": ["oil"], "share": r}, name="less")
    # tanks that want to be filled again keep imports at their most while use is restrained
    days, _ = count_days(OIL_DAYS, 0.737, more, less, tanks=True)
    assert days == math.floor(sum(OIL_DAYS) / (0.737 - a - r)) + 1


def test_gas_outlasts_crude_in_a_closure_by_volume():
    crude, _ = count_days(OIL_DAYS, 0.737)
    gas, _ = count_days((21.0,), 0.0572)
    assert gas > crude
