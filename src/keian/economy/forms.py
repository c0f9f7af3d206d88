"""Document forms of the room: what people write in the folder of an economy.

A form may say less than the noun it becomes: shares can come from the trade panel, days from a
physical stock and a daily use, sailing days and passages from the country of origin.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from keian.core import CLEAR, DOCUMENT, Names, Triple, load_levels
from keian.economy.nouns import Area, CablePool, Id, Known, RepairPool, ServiceNeed, Tier, Workforce

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]


class Span(BaseModel):
    """Ends that other published figures give to a share computed from the panel."""

    model_config = DOCUMENT

    low: Share
    high: Share
    sources: tuple[Id, ...]


class PanelForm(BaseModel):
    """Shares by country computed from the shipped trade panel or crop table.

    `top` countries stand on their own, the others are added up as "rest". The shares fill what
    the written supply lines leave. What flies takes `air_days` from everywhere and no passage.
    """

    model_config = DOCUMENT

    hs92: tuple[str, ...] = ()
    crop: str | None = None
    year: int
    weight: Literal["tonnes", "value"]
    top: Annotated[int, Field(ge=1, le=20)]
    cargo: Id = "any"
    air_days: Triple | None = None
    home_made_by: Id | None = None
    grade: Literal["A", "B", "C"] | None = None
    spans: dict[Id, Span] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if bool(self.hs92) == bool(self.crop):
            msg = "give either hs92 or crop"
            raise ValueError(msg)
        return self


class PassageForm(BaseModel):
    """Share of a cargo that passes a route; the place comes from the distances unless given."""

    model_config = DOCUMENT

    route: Id
    share: Triple
    position_days: float | None = None


class SupplyForm(BaseModel):
    """One written supply line; `of: imports` scales its share to what home supply leaves."""

    model_config = DOCUMENT

    origin: Id
    share: Triple
    of: Literal["supply", "imports"] = "supply"
    cargo: Id = "any"
    lag_days: Triple | None = None
    routes: tuple[PassageForm, ...] | None = None
    made_by: Id | None = None
    grade: Literal["A", "B", "C"] | None = None
    sources: tuple[Id, ...]


class QuantityForm(BaseModel):
    """A stock in physical units and the use per day that turns it into days."""

    model_config = DOCUMENT

    stock: Positive
    factor: Positive = 1.0
    part: Annotated[float, Field(gt=0, le=1)] = 1.0
    per_day: Triple
    sources: tuple[Id, ...]

    def calc_days(self) -> Triple:
        """Calculate days: the greatest daily use gives the low end."""
        amount = self.stock * self.factor * self.part
        use = self.per_day
        return Triple(
            low=amount / use.high,
            mode=amount / use.mode,
            high=amount / use.low,
            sources=self.sources,
        )


class PoolForm(BaseModel):
    """A stock, in days or as a physical quantity."""

    model_config = DOCUMENT

    id: Id
    names: Names
    owner: Literal["state", "private", "joint", "users"]
    form: str | None = None
    quantity_days: Triple | None = None
    quantity: QuantityForm | None = None
    usable_share: Triple
    draw_limit: Triple
    automatic: bool = False
    legal_basis: Id | None = None
    sources: tuple[Id, ...]

    @model_validator(mode="after")
    def _one_quantity(self) -> Self:
        if (self.quantity_days is None) == (self.quantity is None):
            msg = "give either quantity_days or quantity"
            raise ValueError(msg)
        return self


class GoodForm(BaseModel):
    """A critical good as written; see `keian.economy.nouns.Good` for the meaning."""

    model_config = DOCUMENT

    id: Id
    names: Names
    tier: Tier
    vital: bool = False
    parent_product: Id
    hs92: tuple[str, ...] = ()
    unit: str
    floor_days: Triple
    stretch_days: Triple
    catch_up_share: Triple
    supplies: tuple[SupplyForm, ...] = ()
    panel: PanelForm | None = None
    ways: dict[Id, tuple[PassageForm, ...]] = Field(default_factory=dict)
    pools: tuple[PoolForm, ...] = ()
    pool_set: Id | None = None
    uses_not_modelled_share: Triple = Triple(low=0, mode=0, high=0)
    uses_not_modelled: Names | None = None
    made_from: Id | None = None
    designated: Id | None = None
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class ImportsForm(BaseModel):
    """Imports in the shipped trade panel, by tonnes: the `top` countries and the rest."""

    model_config = DOCUMENT

    hs92: tuple[str, ...]
    year: int
    top: Annotated[int, Field(ge=1, le=20)]


class RegisteredForm(BaseModel):
    """A good that is listed and not quantified; `imports` gives the shares of its imports."""

    model_config = DOCUMENT

    id: Id
    names: Names
    designated: Id | None = None
    hs: tuple[str, ...] = ()
    imports: ImportsForm | None = None
    known: tuple[Known, ...] = ()
    covered_by: tuple[Id, ...] = ()
    missing: tuple[Names, ...] = ()
    note: Names | None = None
    sources: tuple[Id, ...] = ()


class GoodFile(BaseModel):
    """A file of goods; `pool_sets` are stocks that several goods share in kind."""

    model_config = DOCUMENT

    pool_sets: dict[Id, tuple[PoolForm, ...]] = Field(default_factory=dict)
    goods: tuple[GoodForm, ...] = ()
    registered: tuple[RegisteredForm, ...] = ()


class RatingForm(BaseModel):
    """A rating that replaces the survey's for one use, with its reason."""

    model_config = DOCUMENT

    value: Share
    source: Id
    why: str


class UseForm(BaseModel):
    """One line of uses.yaml: the users of a good for one and the same reason."""

    model_config = DOCUMENT

    good: Id
    units: tuple[Id, ...]
    rating: RatingForm | None = None
    output_share: Triple
    use_share: Triple
    carries_parent: Share = 0.0
    cover_days: Triple
    floor_share: Triple = Triple(low=0, mode=0, high=0)
    group: Id = "general"
    substitute_days: Triple | None = None
    substitute_share: Triple | None = None
    why: str
    sources: tuple[Id, ...]


class UseFile(BaseModel):
    """The file of uses."""

    model_config = DOCUMENT

    uses: tuple[UseForm, ...]


class FloorByRating(BaseModel):
    """Output possible without a service, by the rating of the provider's product."""

    model_config = DOCUMENT

    critical: Triple
    important: Triple
    other: Triple


class ServiceDefaults(BaseModel):
    """What holds for every unit of the region that is not listed."""

    model_config = DOCUMENT

    tier: Literal[1, 2, 3] = 2
    backup_days: Triple
    floor_by_rating: FloorByRating


class ServiceUseForm(BaseModel):
    """Units that depend on a service in the same way; without a floor the rating decides."""

    model_config = DOCUMENT

    units: tuple[Id, ...]
    tier: Literal[1, 2, 3]
    backup_days: Triple
    floor: Triple | None = None
    why: str


class ServiceForm(BaseModel):
    """An essential service as written."""

    model_config = DOCUMENT

    id: Id
    names: Names
    tier: Literal["modelled", "illustrative", "registered"] = "modelled"
    sector: Id | None = None
    provider: Id | None
    outage_unit: Id | None = None
    parent_industry: Id | None = None
    parent_share: Triple | None = None
    floor_level: Triple
    vital: bool = True
    defaults: ServiceDefaults | None = None
    uses: tuple[ServiceUseForm, ...]
    carries_trade_share: Triple | None = None
    missing: tuple[str, ...] = ()
    note: str | None = None
    sources: tuple[Id, ...]


class ServiceFile(BaseModel):
    """A file of essential services."""

    model_config = DOCUMENT

    services: tuple[ServiceForm, ...]


class RestorationForm(BaseModel):
    """One point of a restoration curve; points of one service and id make a curve."""

    model_config = DOCUMENT

    service: Id
    id: Id
    event: Names
    kind: Literal["observed", "expected"]
    day: Annotated[float, Field(ge=0)]
    share: Share
    note: str | None = None
    sources: tuple[Id, ...]


class OverlayFile(BaseModel):
    """A file of what is laid over the table and shown: curves, dependence, cables, people, areas."""

    model_config = DOCUMENT

    restoration: tuple[RestorationForm, ...] = ()
    service_needs: tuple[ServiceNeed, ...] = ()  # in place of dependence.csv
    cables: tuple[CablePool, ...] = ()
    workforce: tuple[Workforce, ...] = ()
    areas: tuple[Area, ...] = ()
    repair_pools: tuple[RepairPool, ...] = ()


class FlowForm(BaseModel):
    """Flows of the table that pass a route; `*` = from every other region."""

    model_config = DOCUMENT

    origins: tuple[Id, ...] | Literal["*"]
    destination: Id
    products: tuple[Id, ...] | Literal["goods"]
    share: Triple
    position_days: float | Literal["arrival"]
    both_ways: bool = False
    sources: tuple[Id, ...]


class RouteForm(BaseModel):
    """A route as written."""

    model_config = DOCUMENT

    id: Id
    names: Names
    kind: Literal["strait", "canal", "cape", "ports"]
    detour_days: Triple | None
    detour_by: tuple[str, ...] = ()  # alternatives: routes joined by "+", or open-sea
    fleet_spare_share: Triple = Triple(low=0, mode=0, high=0)
    yard_days: Triple
    flows: tuple[FlowForm, ...]
    note: str | None = None
    sources: tuple[Id, ...]


class RouteFile(BaseModel):
    """A file of routes."""

    model_config = DOCUMENT

    routes: tuple[RouteForm, ...]


class WayForm(BaseModel):
    """Passages on the way home, for several countries."""

    model_config = DOCUMENT

    countries: tuple[Id, ...]
    routes: tuple[PassageForm, ...]
    why: str
    sources: tuple[Id, ...]


class WayFile(BaseModel):
    """The file of ways."""

    model_config = DOCUMENT

    ways: tuple[WayForm, ...]


class Sourced(BaseModel):
    """A single figure with its source."""

    model_config = DOCUMENT

    value: float
    source: Id


class ByProduct(BaseModel):
    """One value for several products."""

    model_config = DOCUMENT

    products: tuple[Id, ...]
    value: float
    source: Id
    why: str


class CoverRule(BaseModel):
    """Days of cover that replace the survey's for one product at some units."""

    model_config = DOCUMENT

    product: Id
    units: tuple[Id, ...]
    days: Positive
    source: Id
    why: str


class CoverForm(BaseModel):
    """Days of input cover: the survey's, never below the least."""

    model_config = DOCUMENT

    least_days: Sourced
    least_lag_share: Sourced
    least_goods_share: Sourced  # floor of the share of goods in output when days are converted
    held_products: tuple[Id, ...]  # what users hold: goods, not services
    source: Id
    rules: tuple[CoverRule, ...] = ()


class SeaForm(BaseModel):
    """Products that move by sea."""

    model_config = DOCUMENT

    products: tuple[Id, ...]
    source: Id


class Parameters(BaseModel):
    """Parameters of the world table that no statistic gives."""

    model_config = DOCUMENT

    title: Names
    year: int
    currency: str
    home: Id
    yen_per_usd: Sourced
    knots: dict[Id, Triple]
    rest_lag_days: Triple
    lag_source: Id
    cover: CoverForm
    vital_share: tuple[ByProduct, ...]
    reroute_share: tuple[ByProduct, ...]
    reroute_days: tuple[ByProduct, ...]
    reroute_days_default: Sourced
    moves_by_sea: SeaForm
    regional_table: Id | None = None  # source of a table by area; null = none is loaded
    label: str = CLEAR.level  # level of the Traffic Light Protocol of all that the folder holds

    @field_validator("label")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level not in load_levels():
            msg = f"no level {level!r}; one of {', '.join(load_levels())}"
            raise ValueError(msg)
        return level
