"""Nouns of the room scenario: what people write about a crisis and about measures against it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from keian.core import DOCUMENT, Names, Triple

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$")]
UnitPattern = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}(\.\*)?$")
]  # or REGION.*
ZERO = Triple(low=0, mode=0, high=0)


class _ShockFields(BaseModel):
    """Fields that every shock has: when it starts, how long it lasts, how it fades, who says so."""

    model_config = DOCUMENT

    id: Id  # twice the same = two periods of one shock, which must not overlap
    start_day: Triple = ZERO  # days after day 0
    duration_days: Triple  # days of full loss
    recovery_half_days: Triple = ZERO  # after the end the loss halves in this time; 0 = at once
    known_from_day: Triple | None = None  # users see it coming from this day; null = when it starts
    note: str | None = None
    sources: tuple[Id, ...]  # ids in sources.yaml; a value may name its own


class SourceCut(_ShockFields):
    """An origin stops selling: acts on table flows and, unless `goods: keep`, on goods."""

    kind: Literal["source_cut"]
    origin: Id  # region of the table, or ISO3 country (goods only, and table flows by its share)
    destination: Id = "JPN"  # region of the table
    products: tuple[Id, ...] | Literal["all", "none"] = "none"  # of the table
    goods: tuple[Id, ...] | Literal["all", "keep"] = "all"  # critical goods; keep = none
    loss: Triple  # share of normal deliveries, 0 to 1


class RouteClosure(_ShockFields):
    """A passage closes wholly or in part: acts on flows and goods that pass it."""

    kind: Literal["route_closure"]
    route: Id
    loss: Triple  # share of the traffic, 0 to 1


class Repair(BaseModel):
    """Work that ends a loss, done by teams that all incidents share, first come first served.

    With it `duration_days` is the time before teams can begin; what is lost then falls with the work.
    """

    model_config = DOCUMENT

    pool: Id  # repair pool of the economy
    work_team_days: Triple  # days that one team needs for all of it
    most_teams: Triple | None = None  # teams that can work on it at once; null = no limit


class BuildPart(BaseModel):
    """A product that rebuilding buys, with its share of the cost."""

    model_config = DOCUMENT

    product: Id  # of the table
    share: float = Field(gt=0, le=1)


class Rebuild(BaseModel):
    """What is destroyed is bought again from those who make it, and comes back as they deliver.

    With it `duration_days` is the time before building begins. The purchases compete with all other
    final demand of the region.
    """

    model_config = DOCUMENT

    capital_years: Triple  # capital of the units, in years of their value added
    build_days: Triple  # least time in which all of it can be built
    products: tuple[BuildPart, ...] = Field(min_length=1)  # shares sum to 1


class CapacityLoss(_ShockFields):
    """Units lose productive capital."""

    kind: Literal["capacity_loss"]
    units: tuple[UnitPattern, ...]  # unit ids, or REGION.* for a whole region
    area: Id | None = None  # only the part of the units that stands there; null = all of them
    loss: Triple  # share of productive capital, 0 to 1
    repair: Repair | None = None  # teams mend it; null = it comes back by itself
    rebuild: Rebuild | None = None  # it must be bought again; null = it comes back by itself


class ServiceOutage(_ShockFields):
    """An essential service fails directly (attack, fault), on top of what its inputs do."""

    kind: Literal["service_outage"]
    service: Id
    loss: Triple  # share of the service out of order, 0 to 1
    repair: Repair | None = None  # null = it comes back by itself
    restoration: Id | None = None  # id of a published curve of the service by which it comes back


class CableCut(_ShockFields):
    """Submarine cables are cut at some landings: acts on the service they carry to the world."""

    kind: Literal["cable_cut"]
    cables: Id  # pool of cables of the economy
    landings: tuple[Id, ...] | Literal["all"]
    loss: Triple  # share of the capacity of these landings, 0 to 1
    repair: Repair | None = None  # ships that mend it; null = it comes back by itself


class WorkforceLoss(_ShockFields):
    """Part of the workforce is absent; below its minimum crew a unit stops."""

    kind: Literal["workforce_loss"]
    units: tuple[UnitPattern, ...]
    area: Id | None = None  # only the part of the units that stands there; null = all of them
    contract: Literal["all", "regular", "non_regular"] = "all"  # whose contracts
    loss: Triple  # share of that staff absent, 0 to 1


class DemandSurge(_ShockFields):
    """Final demand for a product, or use of a good, rises (`change` > 0) or falls (< 0)."""

    kind: Literal["demand_surge"]
    region: Id = "JPN"
    products: tuple[Id, ...] = ()
    goods: tuple[Id, ...] = ()
    change: Triple  # share of normal demand, -1 or more


class StockLoss(_ShockFields):
    """Part of a stock pool is lost on the start day."""

    kind: Literal["stock_loss"]
    pool: Id
    loss: Triple  # share of what is in the pool, 0 to 1


class DecisionDelay(_ShockFields):
    """Government decides later: adds to the delay of measures."""

    kind: Literal["decision_delay"]
    measures: tuple[Id, ...] | Literal["all"] = "all"
    days: Triple  # added to the day of decision


class RecordedShock(_ShockFields):
    """Price, finance and tariff shocks: recorded, not modelled; they mark the scenario partial."""

    kind: Literal["price_change", "finance_shock", "tariff"]
    what: str
    names: Names | None = None  # `what` for readers of either language
    value: Triple
    unit: str  # one of the units in scenario/data/words.yaml


ActingShock = (  # what acts on a run by itself, for a time
    SourceCut
    | RouteClosure
    | CapacityLoss
    | ServiceOutage
    | CableCut
    | WorkforceLoss
    | DemandSurge
    | StockLoss
)
Shock = Annotated[ActingShock | DecisionDelay | RecordedShock, Field(discriminator="kind")]


class Combination(BaseModel):
    """`base` scenarios played together; `then_days` shifts each by that many days."""

    model_config = DOCUMENT

    scenarios: tuple[Id, ...]  # files beside this one, or shipped
    then_days: tuple[Triple, ...] = ()  # one shift for each, empty = all on day 0


class Scenario(BaseModel):
    """A crisis as data: complete, so that the same file and data give the same result."""

    model_config = DOCUMENT

    id: Id
    names: Names
    economy: Id = "japan"
    as_of: date  # day 0; chooses the law and the facts known that day
    horizon_days: int = Field(ge=1, le=3650)  # days played
    seed: int = Field(ge=0, le=2**31)  # of the draws; the same in all parts of a combination
    shocks: tuple[Shock, ...] = ()
    combination: Combination | None = None
    story: Names | None = None  # two sentences for the reader
    doubt: Names | None = None  # what a reader who knows the field would doubt most
    anchors: tuple[Id, ...] = ()  # published estimates to show beside the result
    label: str = "TLP:GREEN"  # a level of the Traffic Light Protocol
    sources: tuple[Id, ...] = ()


class ReleaseStock(BaseModel):
    """Stock pools that wait for a decision are opened to users."""

    model_config = DOCUMENT

    kind: Literal["release_stock"]
    pools: tuple[Id, ...]  # that do not feed users by themselves
    draw_limit: Triple | None = None  # null = the pool's own limit


class RestrainDemand(BaseModel):
    """Users give up part of their normal use of goods; a negative share raises it."""

    model_config = DOCUMENT

    kind: Literal["restrain_demand"]
    goods: tuple[Id, ...] = ()
    share: Triple  # share of normal use given up at full effect; negative = use rises
    output_loss_share: Triple = ZERO  # share of restrained use that costs output all the same


class OpenRoute(BaseModel):
    """Part of the traffic that a closure stopped moves again."""

    model_config = DOCUMENT

    kind: Literal["open_route"]
    route: Id
    share: Triple  # share of the closed traffic that moves again at full effect


class AddSupply(BaseModel):
    """Other countries send a good on top of what is left of normal supply."""

    model_config = DOCUMENT

    kind: Literal["add_supply"]
    good: Id  # critical good
    origins: tuple[Id, ...]  # whom we ask: ISO3 codes
    share: Triple  # share of normal national use added at full effect
    agreements: tuple[Id, ...] = ()  # entries of the register of acts


class RestoreSource(BaseModel):
    """Part of the cut of an origin is lifted."""

    model_config = DOCUMENT

    kind: Literal["restore_source"]
    origin: Id
    goods: tuple[Id, ...] | Literal["all"]
    share: Triple  # share of the cut that is lifted at full effect


class HardenService(BaseModel):
    """Outages of services are avoided in part, bridged by backup, or repaired sooner."""

    model_config = DOCUMENT

    kind: Literal["harden_service"]
    services: tuple[Id, ...]
    cables: tuple[
        Id, ...
    ] = ()  # pools of cables whose cuts it softens too: its share of what is lost
    outage_share: Triple = ZERO  # share of the direct outage avoided
    backup_days: Triple = ZERO  # added backup of users
    faster_share: Triple = ZERO  # share by which the recovery half time shortens


class QualifySubstitute(BaseModel):
    """Users qualify a substitute for a good sooner."""

    model_config = DOCUMENT

    kind: Literal["qualify_substitute"]
    goods: tuple[Id, ...]
    faster_share: Triple  # share by which the qualification delay shortens


class AddTeams(BaseModel):
    """More teams for repairs, from elsewhere or trained before."""

    model_config = DOCUMENT

    kind: Literal["add_teams"]
    pool: Id  # repair pool of the economy
    teams: Triple  # added at full effect


Lever = Annotated[
    ReleaseStock
    | RestrainDemand
    | OpenRoute
    | AddSupply
    | RestoreSource
    | HardenService
    | QualifySubstitute
    | AddTeams,
    Field(discriminator="kind"),
]


class EffectCurve(BaseModel):
    """0 until decision + delay + lead; linear over ramp; plateau (null = for good); half-life decay."""

    model_config = DOCUMENT

    lead_days: Triple  # from decision to first effect
    ramp_days: Triple = ZERO  # from first to full effect
    plateau_days: Triple | None = None  # at full effect; null = for good
    decay_half_days: Triple | None = None  # half-life after the plateau; null = gone at once
    exhausts: Id | None = None  # pool whose emptiness ends the effect at once


class LegalBasis(BaseModel):
    """What the measure rests on; `missing_law` runs only as a what-if."""

    model_config = DOCUMENT

    kind: Literal["act", "order", "treaty", "contract", "guidance", "none_needed", "missing_law"]
    entry: Id | None = None  # entry of the register of acts
    locator: str | None = None  # article


class Requirement(BaseModel):
    """The measure works only to `without` (share of its effect) unless `measure` is in force too."""

    model_config = DOCUMENT

    measure: Id
    without: Triple = ZERO
    why: str
    names: Names | None = None  # `why` for readers of either language


class Cost(BaseModel):
    """An amount with its unit and what it pays for."""

    model_config = DOCUMENT

    amount: Triple
    unit: str
    what: str
    names: Names | None = None  # `what` for readers of either language
    sources: tuple[Id, ...]


class Measure(BaseModel):
    """A policy measure: pure data, one lever, its effect curve, and who decides by which law."""

    model_config = DOCUMENT

    id: Id
    names: Names
    group: Literal[
        "stocks", "demand", "transport", "supply", "infrastructure", "people", "diplomacy"
    ]
    lever: Lever
    effect: EffectCurve
    decision_day: Triple = ZERO  # day of decision counted from the start of the crisis
    requires: tuple[Requirement, ...] = ()
    prepared_before: bool = False  # in place before day 0 (hardening): effect from day 0
    cost: Cost | None = None  # null is shown as "cost not sourced"
    decider: Names  # who decides
    legal_basis: LegalBasis
    limit: Names  # what is known to stop it, in words, from the literature
    evidence: Literal["A", "B", "C", "D"]  # A official, B press or think tank, C judgement, D none
    catalogue: str | None = None  # id in the catalogue of measures, e.g. M01
    note: str | None = None
    sources: tuple[Id, ...]
