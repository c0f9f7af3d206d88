"""Nouns of the room review: what a review says, as figures; the report only sets them in type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Self

from keian.core import AMBER, Figure, Label, Labelled, Names, Source, join_labels

Question = Literal["how_long", "runs_out_first", "what_can_we_do", "days_wait", "whom_to_ask"]
NeedKind = Literal["good", "service", "vital_demand"]
StepKind = Literal["shock", "route", "source", "good", "unit", "service", "final", "stock"]


@dataclass(frozen=True, slots=True)
class Driver:
    """An uncertain input and how far its range moves a headline (low-to-high swing)."""

    key: str
    names: Names
    swing: Figure  # in the unit of the headline it moves
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far a headline may be trusted, by rule.

    robust: swing of the strongest input and the structural band are small and the order holds;
    depends: one input (`driver`) moves it; illustrative: more than half its inputs are assumptions
    or the variants disagree on whether it happens at all.
    """

    level: Literal["robust", "depends", "illustrative"]
    driver: Driver | None
    order_holds_share: (
        Figure | None
    )  # share of draws in which the first thing to run out is the same
    why: Names


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the five questions with its answer; `facts` fill the sentence named by `rule`."""

    question: Question
    rule: str  # key of the message catalogue that makes the sentence
    figure: Figure | None  # None = no answer; `rule` then says why in words
    facts: Mapping[str, Figure | Names | str]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class StockBar:
    """Stock of a good held by one kind of owner, in days of normal national use."""

    owner: Literal["state", "private", "joint", "users"]
    days: Figure


@dataclass(frozen=True, slots=True)
class Restraint:
    """How far users of a good already use less before it falls below its floor (or to the end).

    In draws where they do not, the share and the loss are those of no restraint: nought.
    """

    share: Figure  # % of normal use not used, mean from the first such day to the fall
    from_day: Figure  # first day on which they use less
    lost: Figure  # value added lost until the fall, billion yen of the table's year
    lost_share: Figure  # the same, % of one year


@dataclass(frozen=True, slots=True)
class RunOut:
    """When a good, service or vital need first falls below its floor, without new measures.

    `day.value` is the mode run (None = not within the horizon), `day.quantiles` the draws
    (2.5, 10, 25, 75, 90, 97.5 %), `day.structural` the model variants; beyond the horizon a
    value equals the horizon and `censored` is ">=".
    """

    id: str
    kind: NeedKind
    names: Names
    vital: bool
    floor: Figure
    day: Figure
    below_share: Figure  # share of draws in which it falls below the floor at all
    lowest: Figure  # lowest cover (days) or level (share) in the mode run
    stocks: tuple[StockBar, ...]
    cause: Names  # in words: what bound it
    shut: tuple[Names, ...] = ()  # reserves behind it that this run leaves shut
    restraint: Restraint | None = None  # None = users of it take what they normally take


@dataclass(frozen=True, slots=True)
class Curve:
    """A series by day with bands of the draws. `bands[q]` has one value per entry of `days`."""

    id: str
    names: Names
    unit: str
    days: tuple[int, ...]
    mode: tuple[float, ...]
    bands: Mapping[float, tuple[float, ...]]  # quantile (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
    floor: float | None
    crossing_day: int | None
    sources: tuple[str, ...]
    reference: float | None = None  # normal level


@dataclass(frozen=True, slots=True)
class ServiceWeeks:
    """Level of a service or vital demand by week in the mode run, share of normal."""

    id: str
    names: Names
    vital: bool
    floor: float
    weeks: tuple[float, ...]  # lowest level in each week
    low: tuple[float, ...]  # 10 % of draws
    high: tuple[float, ...]  # 90 % of draws


@dataclass(frozen=True, slots=True)
class ServiceAside:
    """A service that a run does not play: the output of its industry stands beside, shown only."""

    id: str
    names: Names
    vital: bool
    floor: float  # of the service, share of normal
    industry: str  # unit that provides it, or that it is a share of
    industry_names: Names
    weeks: tuple[
        float, ...
    ]  # lowest output of the industry in each week of the mode run, share of normal
    short: float = (
        1.0  # lowest output on a day when more was asked; 1 where only demand was missing
    )

    @property
    def is_doubtful(self) -> bool:
        """Whether the industry, short of what is asked of it, makes less than the floor."""
        return self.short < self.floor


@dataclass(frozen=True, slots=True)
class GoodUser:
    """A user of a good: what it holds, how far it depends, what the mode run does to it."""

    id: str
    names: Names
    stock: Figure  # days of its own normal use
    exposed: Figure  # share of its output that stops without the good
    bound_from: Figure  # first day on which nothing binds it more than the good; None = never
    lowest: Figure  # lowest output, whatever binds it, % of normal


@dataclass(frozen=True, slots=True)
class GoodOrigin:
    """A line of supply of a good: its share in normal times and its lowest flow."""

    id: str
    names: Names
    share: Figure  # share of supply
    lowest: Figure  # % of normal, mode run


@dataclass(frozen=True, slots=True)
class AskedGood:
    """An illustrative good that ran because somebody asked; it stands in no ranking."""

    run_out: RunOut
    curve: Curve
    users: tuple[GoodUser, ...]
    origins: tuple[GoodOrigin, ...]
    bought: tuple[tuple[str, Figure], ...]  # measure, days it moves the day in the mode run
    sources: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of loss over the horizon; kinds are never added to each other."""

    kind: Literal["value_added", "output", "unmet_final", "unmet_vital"]
    share_of_year: Figure  # % of one year's baseline
    money: Figure  # MUSD of the table's year
    yen: Figure  # billion yen of the table's year
    worst_day: Figure  # greatest daily shortfall, % of baseline


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of the chain of causes, from the shock to what people feel."""

    day: Figure
    id: str
    kind: StepKind
    names: Names
    change: Figure  # % of normal
    link: Names  # how it reaches the next step, in words
    link_share: Figure | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A published estimate beside ours; never an equality."""

    anchor: str
    names: Names  # who, when
    what: Names  # what it counts and for which shock
    low: float
    high: float
    unit: str
    loss: Literal["value_added", "output", "at_risk", "other"]
    differs: Names  # how its shock or unit differs from ours
    source: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The mode run under one setting of the structural switches."""

    kappa: float
    criticality: Literal["rated", "all"]
    phi: float
    binding_day: int | None
    value_added_share: float
    first_out: str | None
    returns: bool = True  # comes back to normal where the mode run does; else in no band of losses


@dataclass(frozen=True, slots=True)
class BoughtDraws:
    """What the band of the days bought rests on: the draws in which the need falls at all."""

    fell: int  # draws in which it falls, with the measure or without
    kept: int  # those of them in which it stays above its floor with the measure
    at_least: tuple[bool, bool]  # whether the low and the high end are only lower bounds


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """What one measure does in one scenario.

    `days_bought` refers to `need` (the binding need, or, where that never falls or the measure
    does not touch it, the first good or service on the list that it moves).
    """

    measure: str
    scenario: str
    need: str | None
    days_bought: Figure | None  # None = nothing to buy (nothing falls below a floor)
    loss_avoided: Figure  # value added, % of one year's baseline
    loss_avoided_yen: Figure
    first_limit: Names
    first_limit_day: Figure | None
    harm: Names | None  # what gets worse, with its cause
    harm_figure: Figure | None
    wait_cost: Figure | None  # loss per day of waiting, % of one day's value added
    wait_cost_yen: Figure | None
    wait_curve: tuple[tuple[int, float], ...]  # (days of waiting, days bought)
    works_alone: bool
    partner: str | None
    with_partner: Figure | None
    no_effect: Names | None  # why it does nothing here
    best_in_share: Figure | None  # share of draws in which it is the best measure
    series: Curve | None  # its effect by day (share of the gap filled, pool left ...)
    draws: int = 0  # draws behind every band of it
    bought_draws: BoughtDraws | None = None  # None = no draws
    day_with: Figure | None = None  # day the need falls with it, over all draws


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two measures, or two scenarios, together against the sum of each alone."""

    a: str
    b: str
    together: Figure
    sum_alone: Figure
    interaction: Figure
    reading: Names
    scenario: str = ""  # in which both were played together


@dataclass(frozen=True, slots=True)
class MeasureReview:
    """A measure as policy: who decides, by which law, at what cost, with which badges."""

    id: str
    letter: str  # A, B, C ... for charts
    names: Names
    group: str
    decider: Names
    legal_basis: Names
    legal_badge: Literal["confirmed", "unverified", "what_if", "none_needed"]
    cost: Figure | None  # None = cost not sourced
    lead_days: Figure
    limit: Names
    evidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody to ask: a decider, a country with spare supply, an agreement."""

    kind: Literal["decider", "country", "agreement"]
    names: Names
    what: Names
    share: Figure | None  # share of the gap it could fill
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioReview:
    """Everything the review says about one scenario."""

    id: str
    names: Names
    story: Names
    partial: tuple[Names, ...]  # recorded, not modelled
    judgement_share: float
    horizon_days: int
    draws: int
    seed: int  # from which all draws of it follow
    windows: tuple[tuple[Names, float, float], ...]  # shock, first day, last day (mode)
    runs_out: tuple[RunOut, ...]  # sorted by day
    binding: str | None  # id in runs_out of the binding need
    curves: tuple[Curve, ...]  # cover of goods, days
    services: tuple[ServiceWeeks, ...]
    value_added: Curve
    losses: tuple[Loss, ...]
    chain: tuple[ChainStep, ...]
    other_chains: tuple[tuple[ChainStep, ...], ...]
    comparisons: tuple[Comparison, ...]
    variants: tuple[Variant, ...]
    drivers: tuple[Driver, ...]
    effects: tuple[MeasureEffect, ...]
    interactions: tuple[Interaction, ...]
    asks: tuple[Ask, ...]
    label: Label = AMBER  # a ranking of weak points is never below this
    not_played: tuple[ServiceAside, ...] = ()
    doubt: Names | None = None
    asked: tuple[AskedGood, ...] = ()  # in the order of the economy: unranked

    def parts(self) -> Mapping[str, Labelled]:
        """A scenario review is shown whole or not at all."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a scenario review has no part {min(names)!r}")
        return self


@dataclass(frozen=True, slots=True)
class AssumptionLine:
    """A source as the report lists it; assumptions first, with range and what they move."""

    source: Source
    mark: str  # A1, A2 ... or S1, S2 ...
    used_for: tuple[str, ...]
    range_text: Names | None  # of an assumption always: its figures, or that it has no range
    moves: Names | None
    replaced_for: tuple[str, ...] = ()  # figures the user put another in place of
    range_quality: Literal["range", "value", "rule", "unset"] | None = None  # None = no assumption


@dataclass(frozen=True, slots=True)
class Review:
    """A review of an economy: headlines, scenarios, measures, sources; label = join of inputs."""

    economy: Names
    economy_id: str
    table_year: int
    vintage: Names  # table year, trade year, stocks date, law date in one line
    as_of: str  # ISO date
    draws: int
    worst: str  # scenario id behind the first page
    headlines: tuple[Headline, ...]
    scenarios: tuple[ScenarioReview, ...]
    measures: tuple[MeasureReview, ...]
    scenario_interactions: tuple[Interaction, ...]
    lines: tuple[AssumptionLine, ...]
    verdict: tuple[Names, ...]  # of the table
    warnings: tuple[Names, ...]
    yen_per_usd: Figure
    label: Label
    run_id: str
    versions: Mapping[str, str]
    economy_digest: str = ""  # of what was played, as an import and a manifest tell it

    def parts(self) -> Mapping[str, Labelled]:
        """Scenario reviews by id, so that `share` can filter them."""
        return {s.id: s for s in self.scenarios}

    def without(self, names: Collection[str]) -> Self:
        """Copy it without some scenarios; headlines of a scenario taken out go with it."""
        unknown = set(names) - {s.id for s in self.scenarios}
        if unknown:
            raise KeyError(f"a review has no part {min(unknown)!r}")
        left = tuple(s for s in self.scenarios if s.id not in names)
        gone = self.worst in names
        return replace(
            self,
            scenarios=left,
            headlines=() if gone else self.headlines,
            worst=(left[0].id if left else "") if gone else self.worst,
            scenario_interactions=tuple(
                i for i in self.scenario_interactions if not {i.a, i.b, i.scenario} & set(names)
            ),
            label=join_labels(AMBER, *(s.label for s in left)) if left else self.label,
        )
