"""Nouns of the room economy: what the world is, before anything happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, Field

from keian.core import DOCUMENT, Label, Names, Source, Triple

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$")]
Tier = Literal["modelled", "illustrative"]


class RouteShare(BaseModel):
    """Share of one supply line that passes a route, and how far along the way the passage lies.

    `position_days` is the time from the origin to the passage: what is already past it arrives.
    """

    model_config = DOCUMENT

    route: Id
    share: Triple
    position_days: float = 0.0


class Supply(BaseModel):
    """One origin of a critical good: a country, or home production by a unit or from another good.

    `share` is the share of national supply in normal times (all lines of a good sum to 1).
    `lag_days` is the time on the water. `made_by` names the unit whose output of the day before
    scales this line; only home lines have it.
    """

    model_config = DOCUMENT

    origin: Id  # ISO 3166 alpha-3 code, "JPN" for home supply, "rest" for countries not listed
    share: Triple
    lag_days: Triple = Triple(low=0, mode=0, high=0)
    routes: tuple[RouteShare, ...] = ()
    made_by: Id | None = None
    grade: Literal["A", "B", "C"] | None = None
    sources: tuple[Id, ...]


class Pool(BaseModel):
    """A stock of a good, in days of normal national use.

    `automatic` pools feed users as soon as supply falls short (commercial tanks); the others wait
    for a measure of kind `release_stock`. `draw_limit` is the greatest daily draw in days of
    national use per day (1 = a whole day's use every day).
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    owner: Literal["state", "private", "joint", "users"]
    quantity_days: Triple
    usable_share: Triple
    draw_limit: Triple
    automatic: bool = False
    form: str | None = None  # what is in it: crude, products, metal ...
    legal_basis: Id | None = None
    sources: tuple[Id, ...]


class GoodUse(BaseModel):
    """One user of a good; `exposed_share` of its output stops without the good.

    exposed share = criticality of the parent input for that user x share of its output using the
    good. `carries_parent` is the share of the user's money flow of the parent product that this
    good stands for: that share no longer limits through the table, because the good does.
    """

    model_config = DOCUMENT

    good: Id
    unit: Id
    exposed_share: Triple
    use_share: Triple  # share of national use of the good that goes to this user
    carries_parent: float = 0.0
    cover_days: Triple  # user's own stock, days of its own normal use
    floor_share: Triple = Triple(low=0, mode=0, high=0)  # least rate while stretching
    group: Id = "general"  # groups do not pool their stocks
    substitute_days: Triple | None = None  # qualification of a substitute, null = none known
    substitute_share: Triple | None = None  # share of the exposed output it restores
    why: str
    sources: tuple[Id, ...]


class Good(BaseModel):
    """A physical good finer than the industries: sources, stocks and (in `GoodUse`) users.

    Tier `modelled` runs always. `illustrative` has the same fields, any of which may be a labelled
    assumption; it runs only when asked and enters no ranking. Shares of its uses and `uses_not_modelled_share` sum to 1: what households and other users
    take that no `GoodUse` names. It draws on the stocks and stops nobody.
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    tier: Tier
    vital: bool = False
    parent_product: Id
    hs92: tuple[str, ...] = ()
    unit: str  # physical unit of published figures, e.g. "t", "kL"
    floor_days: Triple  # days of cover below which the good counts as run out
    stretch_days: Triple  # horizon over which users stretch what is left when they see a closure
    catch_up_share: Triple  # how far imports can exceed normal while stocks are refilled
    supplies: tuple[Supply, ...]
    pools: tuple[Pool, ...] = ()
    uses_not_modelled_share: Triple = Triple(low=0, mode=0, high=0)  # of national use
    uses_not_modelled: Names | None = None  # who they are; null = nobody is left out
    made_from: Id | None = None  # upstream good, for the chain of causes
    designated: Id | None = None  # register entry of the designation
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class Origin(BaseModel):
    """A country's share of the home country's imports, from the trade panel."""

    model_config = DOCUMENT

    country: Id  # ISO 3166 alpha-3 code, "rest" for countries not listed
    share: float


class Known(BaseModel):
    """One published figure about a good that is not quantified."""

    model_config = DOCUMENT

    what: Names
    value: float
    unit: str
    sources: tuple[Id, ...]


class RegisteredGood(BaseModel):
    """A good that is listed and not quantified: designation, codes, what is known, what is missing.

    It never reaches the arrays of a run.
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    designated: Id | None = None  # register entry of the designation
    hs: tuple[str, ...] = ()  # codes of the harmonised system that hold it, as far as known
    imports: tuple[Origin, ...] = ()
    imports_year: int | None = None
    known: tuple[Known, ...] = ()
    covered_by: tuple[Id, ...] = ()  # goods of the economy that stand for a part of it
    missing: tuple[Names, ...]
    note: Names | None = None
    sources: tuple[Id, ...]


class ServiceUse(BaseModel):
    """How one unit (or `*`, all units of the region) depends on a service."""

    model_config = DOCUMENT

    unit: Id | Literal["*"]
    floor: Triple  # share of output possible without the service
    backup_days: Triple  # own backup, days at full need
    tier: Literal[1, 2, 3] = 2  # 1 is served first
    sources: tuple[Id, ...]


class RestorationPoint(BaseModel):
    """Share of the customers cut off that are served again `day` days after the event."""

    model_config = DOCUMENT

    day: Annotated[float, Field(ge=0)]
    share: Annotated[float, Field(ge=0, le=1)]
    sources: tuple[Id, ...]


class Restoration(BaseModel):
    """How a service came back after one event; it acts where an outage names it (2.1e)."""

    model_config = DOCUMENT

    id: Id
    event: Names
    kind: Literal["observed", "expected"]  # expected: an official damage estimate
    points: tuple[RestorationPoint, ...]  # days rise; the last is full or nearly full
    note: str | None = None


class Service(BaseModel):
    """An essential service: provided by a unit, never stocked, never an input limit.

    `modelled`: its level is its unit's output, or it carries all sea trade. `illustrative`: a unit
    or a named share of an industry that acts only when a scenario strikes it. `registered`: listed, never
    in a run.
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    tier: Literal["modelled", "illustrative", "registered"] = "modelled"
    sector: Id | None = None  # entry of the register of essential services
    region: Id = "JPN"
    provider: Id | None  # unit; null = a named share of a parent industry with its own outage only
    outage_unit: Id | None = None  # an outage stops it, though the level does not follow its output
    parent_industry: Id | None = None
    parent_share: Triple | None = None
    floor_level: Triple  # level below which the service counts as failed
    vital: bool = True
    uses: tuple[ServiceUse, ...]
    carries_trade_share: Triple | None = None  # ports: share of sea trade that passes the service
    restoration: tuple[Restoration, ...] = ()  # one acts where an outage names it
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class RouteFlow(BaseModel):
    """A flow of the table that passes a route: products of an origin bound for a destination."""

    model_config = DOCUMENT

    origin: Id
    destination: Id
    products: tuple[Id, ...] | Literal["goods"]  # "goods" = all products that move by sea
    share: Triple
    position_days: float  # days from the origin to the passage
    both_ways: bool = False
    sources: tuple[Id, ...]


class Route(BaseModel):
    """A strait, canal, cape or port group; without a detour a closure cuts what passes it."""

    model_config = DOCUMENT

    id: Id
    names: Names
    kind: Literal["strait", "canal", "cape", "ports"]
    detour_days: Triple | None  # added days by the detour; null = no detour, a closure cuts
    # alternatives, each the routes it passes in turn; an empty one is open sea
    detour_by: tuple[tuple[Id, ...], ...] = ()
    fleet_spare_share: Triple = Triple(low=0, mode=0, high=0)  # idle ships, share of the fleet used
    yard_days: Triple  # goods that queue before orders are refused
    flows: tuple[RouteFlow, ...]
    note: str | None = None
    sources: tuple[Id, ...]


class ServiceNeed(BaseModel):
    """Mutual dependence: what one essential service keeps when another is gone.

    Derived from input coefficients, ratings and keian's expert file; no published matrix of the
    fifteen sectors exists. `acts` where the user has a unit of its own: its line is then among the
    uses of the supplier.
    """

    model_config = DOCUMENT

    user: Id
    supplier: Id
    coefficient: float  # purchases from the supplier over output of the user, year of the table
    rating: float | None  # of the supplier's industry for the user's; null = nobody was asked
    basis: Literal["expert", "rating", "own", "goods", "none"]
    tier: Literal[1, 2, 3]
    floor: Triple  # share of output possible without the supplier
    backup_days: Triple
    acts: bool
    why: str
    sources: tuple[Id, ...]


class Landing(BaseModel):
    """A coast where submarine cables come ashore, with its share of the country's capacity."""

    model_config = DOCUMENT

    id: Id
    names: Names
    area: Id
    capacity_share: Triple
    note: str | None = None
    sources: tuple[Id, ...]


class CablePool(BaseModel):
    """Capacity to the world that a service draws on, and the ships that mend it.

    It acts where a scenario cuts cables (2.1d); the ships that then mend it are a repair pool.
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    service: Id
    international_share: Triple  # of the service's use that needs the world outside
    other_means_share: Triple  # of that, what satellites carry when all cables are cut
    used_share: Triple | None = None  # of the capacity, at the busy hour; null = all of it
    repair_ships: int
    repair_days: Triple  # a fault, one ship, from sailing to splicing
    landings: tuple[Landing, ...]
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class Workforce(BaseModel):
    """People of some industries: contracts where sourced, minimum crew as an assumption.

    They act where a loss of staff names the units. The shares of contracts leave out company
    officers and the self-employed.
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    units: tuple[Id, ...]
    regular_share: Triple | None  # null = missing
    non_regular_share: Triple | None
    minimum_crew: Triple  # share of the usual staff below which output is zero
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class RepairPool(BaseModel):
    """Teams or ships that mend what is broken, shared by all incidents; one works at one place."""

    model_config = DOCUMENT

    id: Id
    names: Names
    teams: Triple  # that can work at the same time
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class AreaShare(BaseModel):
    """Share of one unit's output that stands in an area."""

    model_config = DOCUMENT

    unit_id: Id
    share: Triple


class Area(BaseModel):
    """A part of the country as a target of shocks.

    Areas are blocks of prefectures until a regional table is loaded: no result is given for them.
    """

    model_config = DOCUMENT

    id: Id
    names: Names
    prefectures: tuple[Id, ...]  # ISO 3166-2, e.g. JP-13
    shares: tuple[AreaShare, ...]
    note: str | None = None
    sources: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Economy:
    """A national economy inside a world table, with goods, services and routes laid over it.

    Arrays are read-only. n units, P products, R regions. Money is `currency` per year.

    Z : (n, n) intermediate flows, row sells to column.
    Y : (n, R, 4) final demand by region: households, non-profits, government, investment.
    x : (n,) output, x = Z1 + Y1.   v : (n,) value-added ratio.
    criticality : (P, n) 1 critical, 0.5 important, 0 otherwise.
    cover_days : (P, n) days of input cover n (working day not counted).
    lag_days : (R, R) days on the way, origin by destination.
    vital_share : (P,) share of household and government demand that is vital.
    reroute_share, reroute_days : (P,) mu and Tr of the crisis model.
    goods : what runs; `aside` holds the illustrative goods that were not asked for, `registered`
        what is listed only. Neither of these two is seen by a run.
    """

    name: str
    title: Names
    year: int
    currency: str
    yen_per_usd: float
    home: str
    regions: tuple[str, ...]
    region_names: dict[str, Names]
    products: tuple[str, ...]
    product_names: dict[str, Names]
    units: tuple[str, ...]
    unit_names: dict[str, Names]
    unit_region: IntArray
    unit_product: IntArray
    masked: BoolArray
    Z: FloatArray
    Y: FloatArray
    x: FloatArray
    v: FloatArray
    criticality: FloatArray
    cover_days: FloatArray
    lag_days: IntArray
    vital_share: FloatArray
    moves_by_sea: BoolArray
    reroute_share: FloatArray
    reroute_days: FloatArray
    goods: tuple[Good, ...]
    uses: tuple[GoodUse, ...]
    services: tuple[Service, ...]
    routes: tuple[Route, ...]
    country_region: dict[str, str]
    country_names: dict[str, Names]
    sources: dict[str, Source]
    assumptions: dict[str, str]  # parameter -> id of the assumption source behind it
    label: Label
    digest: str
    aside: tuple[Good, ...] = ()
    registered: tuple[RegisteredGood, ...] = ()
    # what is listed or shown, or acts only where a shock names it
    registered_services: tuple[Service, ...] = ()
    service_needs: tuple[ServiceNeed, ...] = ()
    cables: tuple[CablePool, ...] = ()
    workforce: tuple[Workforce, ...] = ()
    areas: tuple[Area, ...] = ()
    repair_pools: tuple[RepairPool, ...] = ()
    regional_table: str | None = None  # source of a table by area; null = none is loaded
