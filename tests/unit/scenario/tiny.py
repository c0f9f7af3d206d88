"""A tiny economy: two regions, three products, three goods, two services, two routes."""

from datetime import date

import numpy as np

from keian.core import CLEAR, Names, Source, Triple
from keian.economy.nouns import (
    Economy,
    Good,
    GoodUse,
    Pool,
    Route,
    RouteFlow,
    RouteShare,
    Service,
    ServiceUse,
    Supply,
)
from keian.scenario.nouns import Measure, Scenario

AS_OF = date(2026, 11, 22)


def fix(value):
    return Triple(low=value, mode=value, high=value, sources=("a-tiny",))


def spread(low, mode, high, *sources):
    return Triple(low=low, mode=mode, high=high, sources=sources or ("a-tiny",))


def name(text):
    return Names(en=text, ja=f"{text}（日）")


def make_pool(pool_id, *, automatic=False):
    return Pool(
        id=pool_id,
        names=name(pool_id),
        owner="state",
        quantity_days=fix(10),
        usable_share=fix(1),
        draw_limit=fix(1),
        automatic=automatic,
        sources=("a-tiny",),
    )


def make_good(good_id, supplies, *, pools=(), made_from=None, tier="modelled"):
    return Good(
        id=good_id,
        names=name(good_id),
        tier=tier,
        parent_product="c2",
        unit="t",
        floor_days=fix(2),
        stretch_days=fix(60),
        catch_up_share=fix(0.1),
        supplies=supplies,
        pools=pools,
        made_from=made_from,
        sources=("a-tiny",),
    )


def make_goods():
    gulf = (RouteShare(route="hormuz", share=fix(0.9)),)
    return (
        make_good(
            "crude",
            (
                Supply(origin="SAU", share=fix(0.8), routes=gulf, sources=("a-tiny",)),
                Supply(origin="USA", share=fix(0.2), sources=("a-tiny",)),
            ),
            pools=(make_pool("state_crude"), make_pool("tanks", automatic=True)),
        ),
        make_good(
            "fuel",
            (Supply(origin="JPN", share=fix(1), made_by="JPN.c8", sources=("a-tiny",)),),
            made_from="crude",
        ),
        make_good(
            "metal",
            (
                Supply(origin="CHN", share=fix(0.7), sources=("a-tiny",)),
                Supply(
                    origin="rest",
                    share=fix(0.3),
                    routes=(RouteShare(route="malacca", share=fix(0.5)),),
                    sources=("a-tiny",),
                ),
            ),
        ),
    )


def make_routes():
    return (
        Route(
            id="hormuz",
            names=name("Hormuz"),
            kind="strait",
            detour_days=None,
            yard_days=fix(7),
            flows=(
                RouteFlow(
                    origin="ROW",
                    destination="JPN",
                    products=("c2",),
                    share=fix(0.5),
                    position_days=1,
                    sources=("a-tiny",),
                ),
            ),
            sources=("a-tiny",),
        ),
        Route(
            id="malacca",
            names=name("Malacca"),
            kind="strait",
            detour_days=fix(2),
            yard_days=fix(7),
            flows=(),
            sources=("a-tiny",),
        ),
    )


def make_services():
    use = ServiceUse(unit="*", floor=fix(0.5), backup_days=fix(0), sources=("a-tiny",))
    return tuple(
        Service(
            id=service,
            names=name(service),
            provider=None,
            floor_level=fix(0.9),
            uses=(use,),
            sources=("a-tiny",),
        )
        for service in ("ports", "phones")
    )


def make_economy():
    """JPN buys 4 of c2 at home and 6 abroad; every number is round so that shares are exact."""
    regions, products = ("JPN", "ROW"), ("c2", "c8", "c14")
    units = tuple(f"{r}.{p}" for r in regions for p in products)
    Z = np.zeros((6, 6))
    Y = np.zeros((6, 2, 4))
    Z[0, 1], Z[3, 1] = 4.0, 6.0
    Y[1, 0, 0], Y[2, 0, 0], Y[4, 1, 0], Y[5, 1, 0] = 20.0, 30.0, 40.0, 50.0
    return Economy(
        name="tiny",
        title=name("Tiny"),
        year=2011,
        currency="MUSD",
        yen_per_usd=80.0,
        home="JPN",
        regions=regions,
        region_names={r: name(r) for r in regions},
        products=products,
        product_names={p: name(p) for p in products},
        units=units,
        unit_names={u: name(u) for u in units},
        unit_region=np.array([0, 0, 0, 1, 1, 1], dtype=np.int32),
        unit_product=np.array([0, 1, 2, 0, 1, 2], dtype=np.int32),
        masked=np.zeros(6, dtype=bool),
        Z=Z,
        Y=Y,
        x=Z.sum(axis=1) + Y.sum(axis=(1, 2)),
        v=np.full(6, 0.5),
        criticality=np.ones((3, 6)),
        cover_days=np.ones((3, 6)),
        lag_days=np.zeros((2, 2), dtype=np.int32),
        vital_share=np.full(3, 0.5),
        moves_by_sea=np.array([True, True, True]),
        reroute_share=np.ones(3),
        reroute_days=np.full(3, 7.0),
        goods=make_goods(),
        uses=(
            GoodUse(
                good="metal",
                unit="JPN.c14",
                exposed_share=fix(0.5),
                use_share=fix(1),
                cover_days=fix(5),
                substitute_days=fix(90),
                substitute_share=fix(0.5),
                why="tiny",
                sources=("a-tiny",),
            ),
        ),
        services=make_services(),
        routes=make_routes(),
        country_region={"SAU": "ROW", "USA": "ROW", "CHN": "ROW"},
        country_names={
            "SAU": name("Saudi Arabia"),
            "USA": name("United States"),
            "CHN": name("China"),
        },
        sources=make_sources(),
        assumptions={},
        label=CLEAR,
        digest="0" * 64,
    )


def make_sources():
    return {
        "s-tiny": Source(id="s-tiny", title="A tiny paper", kind="published", grade="A"),
        "a-tiny": Source(id="a-tiny", title="A tiny assumption", kind="assumption"),
    }


def make_scenario(*shocks, **fields):
    data = {
        "id": "tiny-crisis",
        "names": {"en": "Tiny crisis", "ja": "小さな危機"},
        "economy": "tiny",
        "as_of": AS_OF,
        "horizon_days": 100,
        "seed": 7,
        "shocks": shocks or (make_closure(),),
    }
    return Scenario.model_validate(data | fields)


def make_closure(**fields):
    return {
        "id": "closure",
        "kind": "route_closure",
        "route": "hormuz",
        "start_day": [2, 3, 7],
        "duration_days": 30,
        "loss": {"low": 0.5, "mode": 0.9, "high": 1.0, "source": "s-tiny"},
        "sources": ["s-tiny"],
    } | fields


def make_measure(**fields):
    data = {
        "id": "release",
        "names": {"en": "Release", "ja": "放出"},
        "group": "stocks",
        "lever": {"kind": "release_stock", "pools": ["state_crude"]},
        "effect": {"lead_days": [3, 7, 14]},
        "decider": {"en": "Minister", "ja": "大臣"},
        "legal_basis": {"kind": "act", "entry": "oil-stockpiling-act", "locator": "art. 31"},
        "limit": {"en": "Tanks run dry.", "ja": "タンクが空になる。"},
        "evidence": "B",
        "sources": ["a-tiny"],
    }
    return Measure.model_validate(data | fields)
