"""Evaluate an economy's security: play scenarios and measures, and put the answers in figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from platform import python_version
from typing import Protocol

import numpy as np
import xarray as xr

from keian.core import AMBER, Figure, InputError, Label, Names, Source, digest_json, join_labels
from keian.crisis import collect, compile_economy, load_rules
from keian.crisis.baseline import calc_baseline
from keian.crisis.compile import Compiled
from keian.economy import Economy, check_economy
from keian.registers import Registers
from keian.review.asked import describe_asked
from keian.review.asks import list_asks
from keian.review.chain import Traced, name_need_cause, trace_mode, trace_need
from keian.review.compare import check_anchors, list_comparisons, load_anchors, load_review_sources
from keian.review.describe import (
    Setting,
    describe_asides,
    describe_losses,
    describe_need,
    describe_variants,
    describe_weeks,
    draw_curve,
    draw_value_added,
    moves,
)
from keian.review.drivers import list_drivers
from keian.review.effects import describe_effect, describe_interactions
from keian.review.headlines import Answering, answer_all
from keian.review.inputs import Input, list_inputs, name_shock
from keian.review.lines import list_lines
from keian.review.needs import Need, choose_needs, list_asked, list_needs
from keian.review.nouns import ChainStep, Interaction, Review, RunOut, ScenarioReview
from keian.review.parameters import Parameters, load_parameters
from keian.review.play import Played, Tag, play
from keian.review.policy import describe_measure
from keian.review.restraint import describe_restraint
from keian.review.stats import make_figure, make_input
from keian.review.study import (
    Study,
    find_binding,
    plan_first,
    plan_second,
    rank_inputs,
    rank_measures,
)
from keian.review.words import say
from keian.scenario.draws import MODE_DRAW
from keian.scenario.evidence import calc_judgement_share, list_recorded
from keian.scenario.load import load_scenario_sources
from keian.scenario.nouns import DecisionDelay, Measure, RecordedShock, Scenario, StockLoss

OTHER_CHAINS = 2
YEN_SOURCE = "yen-rate-2011"  # of the shipped economy
FADED_SHARE = 0.05  # of a shock's loss; once no more is left, its window ends
Chain = tuple[ChainStep, ...]


class Progress(Protocol):
    """What a review tells while it works."""

    def start(self, stage: Names, total_runs: int) -> None:
        """Begin a stage of so many runs."""

    def advance(self, runs: int) -> None:
        """Tell that so many more runs are done."""

    def note(self, text: str) -> None:
        """Tell something that stays."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to review: an economy, scenarios, measures, the law, and how much to play."""

    economy: Economy
    scenarios: tuple[Scenario, ...]
    measures: tuple[Measure, ...]
    registers: Registers
    draws: int = 40
    as_of: date | None = None
    threads: int = 2
    what_if_law: bool = False
    sources: Mapping[str, Source] = field(default_factory=dict)  # of documents not shipped


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A review and the series behind it, by scenario."""

    review: Review
    datasets: Mapping[str, xr.Dataset]
    left_out: tuple[str, ...] = ()  # scenarios not finished when the person interrupted


@dataclass(frozen=True, slots=True)
class Silent:
    """Progress that nobody watches."""

    def start(self, stage: Names, total_runs: int) -> None:
        """Say nothing."""

    def advance(self, runs: int) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


def evaluate(request: Request, *, progress: Progress | None = None) -> Evaluation:
    """Evaluate scenarios and measures on an economy.

    Parameters
    ----------
    request : documents that passed `keian.scenario.check`.
    progress : told of every stage and run.

    Returns
    -------
    Evaluation whose review is labelled with the join of its inputs, at least TLP:AMBER.

    Raises
    ------
    InputError
        A scenario names a published estimate that nobody holds.
    ModelError
        A balance of the model did not close.
    NotInForce
        A measure's law is not in force when it acts.

    Examples
    --------
    >>> from keian.economy import load_economy
    >>> from keian.registers import load_registers
    >>> from keian.scenario import load_measures, load_scenarios
    >>> request = Request(load_economy(), load_scenarios(["minerals-ban"]), (), load_registers(), 0)
    >>> evaluate(request).review.worst
    'minerals-ban'
    """
    unknown = [p for scenario in request.scenarios for p in check_anchors(scenario)]
    if unknown:
        raise InputError(unknown)
    tell = progress or Silent()
    parameters = load_parameters()
    compiled = compile_economy(request.economy, load_rules())
    needs = list_needs(request.economy, parameters)
    asked = list_asked(request.economy)
    setting = _set_up(request, compiled, parameters)
    studies = _play_all(request, compiled, needs, asked, parameters, tell)
    done = {s.scenario.id for s in studies}
    left_out = tuple(s.id for s in request.scenarios if s.id not in done)
    reviews = tuple(_describe(request, setting, s, parameters) for s in studies)
    review = _assemble(request, setting, studies, reviews, parameters)
    datasets = {s.scenario.id: _collect(compiled, s, setting.label) for s in studies}
    return Evaluation(review, datasets, left_out)


def _set_up(request: Request, compiled: Compiled, parameters: Parameters) -> Setting:
    labels = [Label(s.label, frozenset(), None) for s in request.scenarios]
    label = join_labels(AMBER, request.economy.label, *labels)
    run_id = identify(request, compiled, parameters)
    return Setting(compiled, calc_baseline(compiled), label, run_id)


def identify(request: Request, compiled: Compiled, parameters: Parameters) -> str:
    """Identify a review by everything that can change what it says; threads cannot."""
    registers = request.registers
    return digest_json(
        {
            "economy": (request.economy.digest, request.economy.label),
            "scenarios": request.scenarios,
            "measures": request.measures,
            "draws": request.draws,
            "as_of": request.as_of,
            "what_if_law": request.what_if_law,
            "registers": (registers.acts.entries, registers.designations.entries),
            "rules": compiled.rules.model_dump(mode="json"),
            "parameters": parameters,
            "sources": request.sources,
            "anchors": load_anchors(),
        }
    )


def _play_all(
    request: Request,
    compiled: Compiled,
    needs: tuple[Need, ...],
    asked: tuple[Need, ...],
    parameters: Parameters,
    tell: Progress,
) -> list[Study]:
    """Play both stages; the second needs what the first shows and goes scenario by scenario.

    An interruption keeps the scenarios that are complete; with none complete it goes on.
    """
    played: dict[Tag, Played] = {}
    jobs = [j for s in request.scenarios for j in plan_first(s, request.measures, request.draws)]
    tell.start(say("stage.first"), len(jobs))
    played |= play(compiled, (*needs, *asked), jobs, threads=request.threads, progress=tell.advance)
    economy = compiled.economy
    studies = [
        Study(s, request.measures, choose_needs(needs, economy, s), request.draws, played, asked)
        for s in request.scenarios
    ]
    base = calc_baseline(compiled)
    year = base.value_added * compiled.rules.days_per_year
    worst = find_worst(studies)
    order = sorted(studies, key=lambda s: s is not worst)
    plans = [
        plan_second(
            study,
            rank_measures(study, parameters, year),
            _inputs(compiled, study, parameters),
            parameters,
            first_page=study is worst,
        )
        for study in order
    ]
    tell.start(say("stage.second"), sum(map(len, plans)))
    done: list[Study] = []
    try:
        for study, jobs in zip(order, plans, strict=True):
            played |= play(
                compiled, (*needs, *asked), jobs, threads=request.threads, progress=tell.advance
            )
            done.append(study)
    except KeyboardInterrupt:
        if not done:
            raise
        tell.note("interrupted: " + ", ".join(s.scenario.id for s in done) + " kept")
    return [s for s in studies if s in done]


def _inputs(compiled: Compiled, study: Study, parameters: Parameters) -> list[Input]:
    everything = list_inputs(compiled, study.scenario, study.needs, study.mode())
    return rank_inputs(study, everything, parameters.driver_count)


def _describe(
    request: Request, setting: Setting, study: Study, parameters: Parameters
) -> ScenarioReview:
    scenario = study.scenario
    ranked = rank_measures(study, parameters, setting.year())
    binding = find_binding(study)
    traced = trace_mode(setting, scenario)
    rows = sorted(
        (_run_out(setting, study, traced, need) for need in study.needs),
        key=lambda r: (bool(r.day.censored), r.day.value or 0.0, r.id),
    )
    sources = {**load_scenario_sources(), **request.sources}
    moved = [n for n in study.needs if moves(study, n)]
    inputs = _inputs(setting.compiled, study, parameters)
    listed = _choose_rows(rows, {n.id for n in moved}, binding)
    return ScenarioReview(
        id=scenario.id,
        names=scenario.names,
        story=scenario.story or scenario.names,
        partial=tuple(
            say("partial.recorded", what=s.names or Names(en=s.what, ja=s.what))
            for s in list_recorded(scenario)
        ),
        judgement_share=calc_judgement_share(scenario, sources),
        horizon_days=scenario.horizon_days,
        draws=request.draws,
        seed=scenario.seed,
        windows=list_windows(setting, scenario),
        runs_out=listed,
        binding=binding,
        curves=tuple(
            draw_curve(study, n)
            for r in listed
            for n in study.needs
            if n.kind == "good" and n.id == r.id
        ),
        services=tuple(describe_weeks(study, n) for n in study.needs if n.kind != "good"),
        value_added=draw_value_added(setting, study),
        losses=describe_losses(setting, study),
        chain=_chain(traced, study, binding),
        other_chains=_other_chains(traced, study, binding),
        comparisons=list_comparisons(scenario),
        variants=describe_variants(setting, study, binding),
        drivers=list_drivers(setting, study, inputs, parameters),
        effects=tuple(
            describe_effect(setting, study, m, ranked, parameters) for m in study.measures
        ),
        interactions=describe_interactions(setting, study, ranked),
        asks=list_asks(setting, study, binding, ranked, request.registers),
        label=setting.label,
        not_played=tuple(describe_asides(setting, study)),
        doubt=scenario.doubt,
        asked=tuple(
            describe_asked(setting, study, traced, need, parameters) for need in study.asked
        ),
    )


def _choose_rows(
    rows: Sequence[RunOut], moved: set[str], binding: str | None
) -> tuple[RunOut, ...]:
    """What falls below its floor, in the mode run or in a draw, and what is vital and moves."""

    def shown(row: RunOut) -> bool:
        falls = not row.day.censored or (row.below_share.value or 0.0) > 0
        return falls or row.id == binding or (row.vital and row.id in moved)

    return tuple(r for r in rows if shown(r))


def _run_out(setting: Setting, study: Study, traced: Traced, need: Need) -> RunOut:
    first = study.base().first[need.id]
    cause = say("cause.not_below")
    if np.isfinite(first):
        cause = name_need_cause(traced, need, int(first))
    row = describe_need(setting, study, need, cause)
    return replace(row, restraint=describe_restraint(setting, study, need))


def list_windows(setting: Setting, scenario: Scenario) -> tuple[tuple[Names, float, float], ...]:
    """List the periods of the shocks in the mode run: full loss and its fading, to the horizon."""
    found = []
    for shock in scenario.shocks:
        if isinstance(shock, RecordedShock | DecisionDelay):
            continue
        start = shock.start_day.mode
        end = start + shock.duration_days.mode
        end += shock.recovery_half_days.mode * math.log2(1.0 / FADED_SHARE)
        if isinstance(shock, StockLoss):
            end = start  # gone on one day
        found.append(
            (
                name_shock(setting.compiled.economy, shock),
                start,
                min(end, float(scenario.horizon_days)),
            )
        )
    return tuple(found)


def _chain(traced: Traced, study: Study, target: str | None) -> Chain:
    need = next((n for n in study.needs if n.id == target), None)
    if need is None:
        need = _first_fallen(study)
    if need is None:
        return ()
    return trace_need(traced, need, int(study.base().first[need.id]))


def _first_fallen(study: Study) -> Need | None:
    first = study.base().first
    fallen = [n for n in study.needs if np.isfinite(first[n.id])]
    return min(fallen, key=lambda n: first[n.id]) if fallen else None


def _other_chains(traced: Traced, study: Study, target: str | None) -> tuple[Chain, ...]:
    first = study.base().first
    rest = [n for n in study.needs if np.isfinite(first[n.id]) and n.id != target]
    rest.sort(key=lambda n: first[n.id])
    return tuple(trace_need(traced, n, int(first[n.id])) for n in rest[:OTHER_CHAINS])


def find_worst(studies: Sequence[Study]) -> Study:
    """The scenario of the first page: the one that loses most value added in the mode run."""
    return max(studies, key=lambda study: study.base().value_added)


def _assemble(
    request: Request,
    setting: Setting,
    studies: Sequence[Study],
    reviews: tuple[ScenarioReview, ...],
    parameters: Parameters,
) -> Review:
    economy = request.economy
    worst = find_worst(studies)
    answering = Answering(
        setting,
        worst,
        next(r for r in reviews if r.id == worst.scenario.id),
        rank_measures(worst, parameters, setting.year()),
        _inputs(setting.compiled, worst, parameters),
        parameters,
    )
    sources = {
        **economy.sources,
        **load_scenario_sources(),
        **load_review_sources(),
        **request.sources,
    }
    as_of = request.as_of or worst.scenario.as_of
    headlines = answer_all(answering)
    rate = make_input(
        economy.yen_per_usd, unit="yen per USD", label=setting.label, trace="yen_per_usd",
        sources=tuple(s for s in (YEN_SOURCE,) if s in economy.sources),
    )  # fmt: skip
    return Review(
        economy=economy.title,
        economy_id=economy.name,
        table_year=economy.year,
        vintage=say("vintage", table=str(economy.year), trade=_trade_year(economy)),
        as_of=as_of.isoformat(),
        draws=request.draws,
        worst=worst.scenario.id,
        headlines=headlines,
        scenarios=reviews,
        measures=tuple(
            describe_measure(
                m, k, worst.scenario, request.registers,
                label=setting.label, what_if=request.what_if_law,
            )
            for k, m in enumerate(request.measures)
        ),
        scenario_interactions=_scenario_interactions(setting, studies),
        lines=list_lines(
            economy, request.scenarios, request.measures, sources, reviews, (headlines, rate)
        ),
        verdict=tell_verdict(economy),
        warnings=(say("warning.table_age", table=str(economy.year)), *tell_tiers(economy)),
        yen_per_usd=rate,
        label=setting.label,
        run_id=setting.run_id,
        versions=_versions(),
        economy_digest=economy.digest,
    )  # fmt: skip


def tell_tiers(economy: Economy) -> tuple[Names, ...]:
    """Tell how many goods of each tier there are, and what it means if illustrative ones ran."""
    ran = sum(good.tier == "illustrative" for good in economy.goods)
    modelled, listed = str(len(economy.goods) - ran), str(len(economy.registered))
    if ran:
        words = say(
            "warning.tiers_illustrative",
            illustrative=str(ran),
            modelled=modelled,
            registered=listed,
        )
    else:
        words = say(
            "warning.tiers",
            illustrative=str(len(economy.aside)),
            modelled=modelled,
            registered=listed,
        )
    return (words,)


def _trade_year(economy: Economy) -> str:
    vintages = [s.vintage for s in economy.sources.values() if s.id.startswith("baci")]
    return str(vintages[0]) if vintages and vintages[0] else "–"


def _versions() -> dict[str, str]:
    names = ("keian", "numpy", "numba", "scipy", "pandas", "xarray")
    return {"python": python_version(), **{n: version(n) for n in names}}


def tell_verdict(economy: Economy) -> tuple[Names, ...]:
    """Tell what the table of an economy is worth, line by line in both languages."""
    verdict = check_economy(economy)
    both = zip(verdict.lines("en"), verdict.lines("ja"), strict=True)
    return tuple(Names(en=en, ja=ja) for en, ja in both)


def _scenario_interactions(setting: Setting, studies: Sequence[Study]) -> tuple[Interaction, ...]:
    """Loss of two scenarios at once against the sum of each, where both were played too."""
    by_id = {s.scenario.id: s for s in studies}
    found = []
    for study in studies:
        combination = study.scenario.combination
        if combination is None:
            continue
        match [by_id.get(name) for name in combination.scenarios]:
            case [Study() as a, Study() as b]:
                found.append(_interact(setting, study, a, b))
            case _:
                pass
    return tuple(found)


def _interact(setting: Setting, both: Study, a: Study, b: Study) -> Interaction:
    year = setting.year()

    def figure(get: Callable[[int], float], key: str) -> Figure:
        trace = f"{setting.run_id}/{both.scenario.id}/{key}"
        return make_figure(
            get(MODE_DRAW), [get(d) for d in both.numbers()],
            unit="% of one year", label=setting.label, trace=trace,
        )  # fmt: skip

    def together(d: int) -> float:
        return 100.0 * both.base(d).value_added / year

    def alone(d: int) -> float:
        return 100.0 * (a.base(d).value_added + b.base(d).value_added) / year

    gap = together(MODE_DRAW) - alone(MODE_DRAW)
    word = "reading.same"
    if abs(gap) > 0.01 * max(alone(MODE_DRAW), 1e-9):
        word = "reading.worse_more" if gap > 0 else "reading.worse_less"
    return Interaction(
        a.scenario.id,
        b.scenario.id,
        figure(together, "together"),
        figure(alone, "alone"),
        figure(lambda d: together(d) - alone(d), "interaction"),
        say(word),
        both.scenario.id,
    )


def _collect(compiled: Compiled, study: Study, label: Label) -> xr.Dataset:
    kept = [study.at("base", d).outcome for d in (MODE_DRAW, *study.numbers())]
    return collect(compiled, [o for o in kept if o is not None], label)
