"""Small invented worlds for tests: random tables that balance, with goods, services and a route."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from keian.core import Label, Names, Source, Triple
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
from keian.scenario.nouns import Scenario

SOURCE = "invented"


def fixed(value: float) -> Triple:
    """A figure without a range."""
    return Triple(low=value, mode=value, high=value)


def name(text: str) -> Names:
    """The same name in both languages."""
    return Names(en=text, ja=text)


def make_table(
    rng: np.random.Generator, regions: int, products: int, *, imports: float = 0.25
) -> tuple[np.ndarray, np.ndarray]:
    """Draw flows Z (n, n) and final demand Y (n, R, 4) with positive value added."""
    n = regions * products
    region = np.repeat(np.arange(regions), products)
    A = rng.gamma(0.7, 1.0, (n, n))
    A *= np.where(region[:, None] == region[None, :], 1.0, imports)
    A *= rng.uniform(0.35, 0.6, n) / A.sum(axis=0)
    Y = rng.gamma(1.0, 100.0, (n, regions, 4))
    Y *= np.where(region[:, None] == np.arange(regions)[None, :], 1.0, imports)[:, :, None]
    x = np.linalg.solve(np.eye(n) - A, Y.sum(axis=(1, 2)))
    return A * x, Y


def make_world(
    seed: int = 0,
    *,
    regions: int = 3,
    products: int = 4,
    cover_days: float | None = None,
    lag_days: int | None = None,
    service: bool = True,
    goods: bool = True,
    criticality: float | None = None,
    reroute: float = 1.0,
) -> Economy:
    """Make a random economy; the last product is a service product when `service` is set."""
    rng = np.random.default_rng(seed)
    Z, Y = make_table(rng, regions, products)
    x = Z.sum(axis=1) + Y.sum(axis=(1, 2))
    n = x.size
    names = tuple(["JPN", "CHN", "ROW", "USA", "EUR"][:regions])
    items = tuple(f"p{k}" for k in range(products))
    units = tuple(f"{r}.{p}" for r in names for p in items)
    rated = rng.choice([0.0, 0.5, 1.0], (products, n), p=[0.3, 0.2, 0.5])
    if criticality is not None:
        rated[:] = criticality
    lags = rng.choice([3, 10, 20], (regions, regions)) if lag_days is None else lag_days
    lags = np.full((regions, regions), lags) if np.ndim(lags) == 0 else lags
    lags = np.where(np.eye(regions) > 0, 0, lags).astype(np.int32)
    cover = rng.uniform(2, 40, (products, n)) if cover_days is None else cover_days
    moves = np.ones(products, bool)
    moves[-1] = False
    return Economy(
        name="small",
        title=name("Small world"),
        year=2000,
        currency="MUSD",
        yen_per_usd=100.0,
        home="JPN",
        regions=names,
        region_names={r: name(r) for r in names},
        products=items,
        product_names={p: name(p) for p in items},
        units=units,
        unit_names={u: name(u) for u in units},
        unit_region=np.repeat(np.arange(regions), products).astype(np.int32),
        unit_product=np.tile(np.arange(products), regions).astype(np.int32),
        masked=np.zeros(n, bool),
        Z=Z,
        Y=Y,
        x=x,
        v=1.0 - Z.sum(axis=0) / x,
        criticality=rated,
        cover_days=np.broadcast_to(np.asarray(cover, float), (products, n)).copy(),
        lag_days=lags,
        vital_share=rng.uniform(0, 0.5, products),
        moves_by_sea=moves,
        reroute_share=np.where(moves, reroute, 0.0),
        reroute_days=np.full(products, 7.0),
        goods=make_goods() if goods else (),
        uses=make_uses() if goods else (),
        services=make_services(items) if service else (),
        routes=make_routes(names),
        country_region={"CHN": "CHN", "SAU": "ROW"},
        country_names={"CHN": name("CHN"), "SAU": name("SAU")},
        sources={SOURCE: Source(id=SOURCE, title="invented for a test", kind="assumption")},
        assumptions={},
        label=Label("TLP:CLEAR", frozenset(), None),
        digest=f"world-{seed}",
    )


def make_goods() -> tuple[Good, ...]:
    """Two goods: ore from two countries, and metal made at home from it."""
    tank = Pool(
        id="tank",
        names=name("tank"),
        owner="private",
        quantity_days=fixed(5),
        usable_share=fixed(1),
        draw_limit=fixed(1),
        automatic=True,
        sources=(SOURCE,),
    )
    reserve = Pool(
        id="reserve",
        names=name("reserve"),
        owner="state",
        quantity_days=fixed(20),
        usable_share=fixed(0.9),
        draw_limit=fixed(0.5),
        sources=(SOURCE,),
    )
    passed = RouteShare(route="strait", share=fixed(1), position_days=2)
    ore = Good(
        id="ore",
        names=name("ore"),
        tier="modelled",
        parent_product="p0",
        unit="t",
        floor_days=fixed(2),
        stretch_days=fixed(60),
        catch_up_share=fixed(0.2),
        supplies=(
            Supply(
                origin="SAU",
                share=fixed(0.7),
                lag_days=fixed(10),
                routes=(passed,),
                sources=(SOURCE,),
            ),
            Supply(origin="CHN", share=fixed(0.3), lag_days=fixed(3), sources=(SOURCE,)),
        ),
        pools=(tank, reserve),
        sources=(SOURCE,),
    )
    metal = Good(
        id="metal",
        names=name("metal"),
        tier="modelled",
        parent_product="p1",
        unit="t",
        vital=True,
        floor_days=fixed(1),
        stretch_days=fixed(60),
        catch_up_share=fixed(0.2),
        supplies=(
            Supply(origin="JPN", share=fixed(0.6), made_by="JPN.p1", sources=(SOURCE,)),
            Supply(origin="CHN", share=fixed(0.4), lag_days=fixed(3), sources=(SOURCE,)),
        ),
        made_from="ore",
        sources=(SOURCE,),
    )
    return ore, metal


def make_uses() -> tuple[GoodUse, ...]:
    """The home metal maker uses ore; two home units use metal."""
    return (
        GoodUse(
            good="ore",
            unit="JPN.p1",
            exposed_share=fixed(0.8),
            use_share=fixed(1),
            carries_parent=1.0,
            cover_days=fixed(6),
            why="test",
            sources=(SOURCE,),
        ),
        GoodUse(
            good="metal",
            unit="JPN.p0",
            exposed_share=fixed(0.3),
            use_share=fixed(0.4),
            cover_days=fixed(4),
            floor_share=fixed(0.1),
            why="test",
            sources=(SOURCE,),
        ),
        GoodUse(
            good="metal",
            unit="JPN.p2",
            exposed_share=fixed(0.5),
            use_share=fixed(0.6),
            cover_days=fixed(8),
            why="test",
            sources=(SOURCE,),
        ),
    )


def make_services(items: tuple[str, ...]) -> tuple[Service, ...]:
    """One service, provided by the last home unit; vital users are served first."""
    return (
        Service(
            id="power",
            names=name("power"),
            provider=f"JPN.{items[-1]}",
            floor_level=fixed(0.8),
            uses=(
                ServiceUse(
                    unit="*", floor=fixed(0.2), backup_days=fixed(1), tier=2, sources=(SOURCE,)
                ),
                ServiceUse(
                    unit="JPN.p0", floor=fixed(0.5), backup_days=fixed(3), tier=1, sources=(SOURCE,)
                ),
            ),
            sources=(SOURCE,),
        ),
    )


def make_routes(names: tuple[str, ...]) -> tuple[Route, ...]:
    """One strait on the way from the last region to the home region."""
    flow = RouteFlow(
        origin=names[-1],
        destination="JPN",
        products="goods",
        share=fixed(0.9),
        position_days=2,
        sources=(SOURCE,),
    )
    return (
        Route(
            id="strait",
            names=name("strait"),
            kind="strait",
            detour_days=None,
            yard_days=fixed(7),
            flows=(flow,),
            sources=(SOURCE,),
        ),
    )


def make_scenario(*shocks: dict[str, object], days: int = 100, seed: int = 1) -> Scenario:
    """Make a scenario of shocks written as in a file; missing fields get plain values."""
    full = [
        {"id": f"s{k}", "start_day": 0, "duration_days": 10, "sources": [SOURCE]} | shock
        for k, shock in enumerate(shocks)
    ]
    return Scenario.model_validate(
        {
            "id": "test",
            "names": {"en": "test", "ja": "test"},
            "economy": "small",
            "as_of": date(2026, 1, 1),
            "horizon_days": days,
            "seed": seed,
            "shocks": full,
        }
    )


def shrink(economy: Economy, **changes: object) -> Economy:
    """Change fields of a world."""
    return replace(economy, **changes)
