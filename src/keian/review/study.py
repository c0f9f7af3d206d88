"""What is played for one scenario, in two stages, and where its results stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Literal

import numpy as np

from keian.crisis.rules import Switches
from keian.crisis.run import Run, draw_input
from keian.crisis.simulate import Outcome
from keian.review.inputs import Input
from keian.review.needs import Need
from keian.review.parameters import Parameters
from keian.review.play import Job, Played, Summary, Tag
from keian.scenario.draws import MODE_DRAW
from keian.scenario.nouns import Measure, Scenario

KAPPAS = (1.0, 2.0, float("inf"))
Criticality = Literal["rated", "all"]
CRITICALITIES: tuple[Criticality, ...] = ("rated", "all")
PHIS = (1.0, 3.0, 5.0, 10.0)
FEWEST_DRAWS = 3  # a rank correlation needs at least these


def list_switches() -> list[Switches]:
    """List the structural variants: fills x criticality x origin exposure."""
    return [Switches(k, c, p) for k, c, p in product(KAPPAS, CRITICALITIES, PHIS)]


BACK = 0.98  # share of normal value added in the last week from which a run has come back
STUCK = 0.90  # and below which it has not


@dataclass(frozen=True, slots=True)
class Study:
    """One scenario with everything that was played for it."""

    scenario: Scenario
    measures: tuple[Measure, ...]
    needs: tuple[Need, ...]
    draws: int
    played: Mapping[Tag, Played]
    asked: tuple[Need, ...] = ()  # illustrative goods that run: played along, never ranked

    def at(self, *tag: str | float) -> Played:
        """Find a result by its tag."""
        return self.played[(self.scenario.id, *tag)]

    def has(self, *tag: str | float) -> bool:
        """Tell whether something was played."""
        return (self.scenario.id, *tag) in self.played

    def mode(self) -> Outcome:
        """Return the mode run without measures."""
        outcome = self.at("base", MODE_DRAW).outcome
        if outcome is None:
            raise LookupError("the mode run is always kept")
        return outcome

    def base(self, draw: int = MODE_DRAW) -> Summary:
        """Return the summary of a run without measures."""
        return self.at("base", draw).summary

    def numbers(self) -> range:
        """Number the draws, without the mode run."""
        return range(self.draws)

    def count_draws(self, measure: Measure) -> int:
        """Count the draws that were played with a measure."""
        return sum(self.has("measure", measure.id, d) for d in self.numbers())


def _tag(scenario: Scenario, *rest: str | float) -> Tag:
    return (scenario.id, *rest)


def plan_first(scenario: Scenario, measures: Sequence[Measure], draws: int) -> list[Job]:
    """Plan the base draws, the structural variants and one mode run for each measure."""
    base = Run(scenario)
    numbers = [MODE_DRAW, *range(draws)]
    jobs = [Job(_tag(scenario, "base", d), replace(base, draw=d), keep=True) for d in numbers]
    for s in list_switches():
        tag = _tag(scenario, "variant", s.kappa, s.criticality, s.phi)
        jobs.append(Job(tag, replace(base, switches=s)))
    by_id = {m.id: m for m in measures}
    for m in measures:
        run = replace(base, measures=(m,))
        jobs.append(Job(_tag(scenario, "measure", m.id, MODE_DRAW), run, keep=True))
        if not m.prepared_before:
            late = replace(run, wait_days=((m.id, 1.0),))
            jobs.append(Job(_tag(scenario, "wait", m.id, 1), late))
        partners = [by_id[r.measure] for r in m.requires if r.measure in by_id]
        if partners:
            both = replace(base, measures=(m, *partners))
            jobs.append(Job(_tag(scenario, "partner", m.id), both))
    return jobs


def list_returning(study: Study) -> list[Switches]:
    """List the variants that come back where the mode run does.

    Near empty stocks equal shares for all (kappa 1) leave an economy whose inputs are all critical
    where it is (crisis model 2.6): such a run shows the limit of the rule, not an estimate, and does
    not belong in a band of losses. Where the mode run itself ends short, nothing is left out.
    """
    if study.base().last_week < BACK:
        return list_switches()
    return [s for s in list_switches() if _read_variant(study, s).last_week >= STUCK]


def _read_variant(study: Study, s: Switches) -> Summary:
    return study.at("variant", s.kappa, s.criticality, s.phi).summary


def differs(study: Study, a: Summary, b: Summary, parameters: Parameters, year: float) -> bool:
    """Tell whether two runs differ by more than the least that counts, in what is ranked."""
    moved = any(
        abs(min(a.first[k], 1e9) - min(b.first[k], 1e9)) >= parameters.least_days
        for k in (need.id for need in study.needs)
    )
    lost = abs(a.value_added - b.value_added) >= parameters.least_loss_share * year
    return moved or lost


def rank_measures(study: Study, parameters: Parameters, year: float) -> list[Measure]:
    """Rank the measures that change anything in the mode run, best first."""
    base = study.base()
    binding = find_binding(study)
    scored = []
    for m in study.measures:
        now = study.at("measure", m.id, MODE_DRAW).summary
        if not differs(study, base, now, parameters, year):
            continue
        days = 0.0
        if binding is not None:
            horizon = study.scenario.horizon_days
            days = min(now.first[binding], horizon) - base.first[binding]
        scored.append((-days, now.value_added, m.id, m))
    return [m for *_, m in sorted(scored, key=lambda row: row[:3])][: parameters.best_measures]


def helps(study: Study, measure: Measure) -> bool:
    """Tell whether a measure buys days of the binding need, or saves value added, in the mode run."""
    base, now = study.base(), study.at("measure", measure.id, MODE_DRAW).summary
    binding = find_binding(study)
    later = binding is not None and now.first[binding] > base.first[binding]
    return later or now.value_added < base.value_added


def find_binding(study: Study) -> str | None:
    """Find the vital need that falls below its floor first in the mode run; None = none does."""
    first = study.base().first
    fallen = [(first[n.id], k, n.id) for k, n in enumerate(study.needs) if n.vital]
    day, _, name = min(fallen)
    return name if np.isfinite(day) else None


def rank_inputs(study: Study, inputs: Sequence[Input], count: int) -> list[Input]:
    """Choose the inputs to play one at a time.

    Those of the shocks first, then those that go most strongly with the day of the binding need,
    or with the loss, by rank over the draws; with few draws that is a weak guide, so more are
    played than shown.
    """
    if study.draws < FEWEST_DRAWS:
        return []
    binding = find_binding(study)
    horizon = study.scenario.horizon_days
    losses = np.array([study.base(d).value_added for d in study.numbers()])
    target = losses
    if binding is not None:
        days = np.array([min(study.base(d).first[binding], horizon) for d in study.numbers()])
        target = days if np.ptp(days) > 0 else losses
    if np.ptp(target) == 0:
        return []
    rank = np.argsort(np.argsort(target))
    strength = []
    for k, item in enumerate(inputs):
        values = np.array(
            [draw_input(study.at("base", d).run, item.key, item.triple) for d in study.numbers()]
        )
        own = np.argsort(np.argsort(values))
        strength.append((-abs(float(np.corrcoef(own, rank)[0, 1])), k))
    shocks = {k for k, item in enumerate(inputs) if item.shock}
    strength.sort(key=lambda row: (row[1] not in shocks, row[0]))
    return [inputs[k] for _, k in strength[:count]]


def count_some(draws: int, parameters: Parameters) -> int:
    """Count the draws of a measure that no headline rests on."""
    share = round(draws * parameters.other_draws_share)
    return min(draws, max(parameters.fewest_draws, share))


def plan_second(
    study: Study,
    ranked: Sequence[Measure],
    inputs: Sequence[Input],
    parameters: Parameters,
    *,
    first_page: bool,
) -> list[Job]:
    """Plan the draws of the measures that matter, waits, pairs and the strongest inputs.

    The scenario of the first page also gets its headlines in all structural variants.
    """
    scenario, base = study.scenario, Run(study.scenario)
    jobs: list[Job] = []
    costly = find_costly_wait(study, ranked)
    for m in ranked:
        run = replace(base, measures=(m,))
        # headlines rest on the best measure, and on the one whose waiting costs most
        whole = m is ranked[0] or m is costly
        some = study.draws if whole else count_some(study.draws, parameters)
        jobs += [Job(_tag(scenario, "measure", m.id, d), replace(run, draw=d)) for d in range(some)]
        if not m.prepared_before:
            jobs += [
                Job(_tag(scenario, "wait", m.id, w), replace(run, wait_days=((m.id, float(w)),)))
                for w in parameters.wait_days
                if w != 1  # played first, to see whose waiting costs most
            ]
    jobs += [
        Job(_tag(scenario, "pair", a.id, b.id), replace(base, measures=(a, b)))
        for a, b in combinations(ranked, 2)
    ]
    for item in inputs:
        jobs += [
            Job(_tag(scenario, "driver", item.key, q), replace(base, pinned=((item.key, q),)))
            for q in parameters.driver_quantiles
        ]
    return jobs + (_plan_headlines(study, ranked) if first_page else [])


def _plan_headlines(study: Study, ranked: Sequence[Measure]) -> list[Job]:
    """The best measure and the costliest wait in all variants, and that wait in all draws."""
    scenario = study.scenario
    jobs: list[Job] = []
    costly = find_costly_wait(study, ranked)
    chosen = {m.id: m for m in (*ranked[:1], *([costly] if costly else []))}
    for m in chosen.values():
        jobs += _plan_variants(study, m)
    if costly is not None:
        late = Run(scenario, measures=(costly,), wait_days=((costly.id, 1.0),))
        jobs += [
            Job(_tag(scenario, "late_draw", costly.id, d), replace(late, draw=d))
            for d in study.numbers()
        ]
        for s in list_switches():
            tag = _tag(scenario, "late", costly.id, s.kappa, s.criticality, s.phi)
            jobs.append(Job(tag, replace(late, switches=s)))
    return jobs


def find_costly_wait(study: Study, ranked: Sequence[Measure]) -> Measure | None:
    """Find the measure that helps and whose waiting one day costs most value added, mode run."""

    def cost(m: Measure) -> float:
        late = study.at("wait", m.id, 1).summary.value_added
        return late - study.at("measure", m.id, MODE_DRAW).summary.value_added

    waiting = [m for m in ranked if study.has("wait", m.id, 1) and helps(study, m)]
    return max(waiting, key=cost) if waiting else None


def _plan_variants(study: Study, measure: Measure) -> list[Job]:
    """One measure in all structural variants."""
    run = Run(study.scenario, measures=(measure,))
    return [
        Job(
            _tag(study.scenario, "now", measure.id, s.kappa, s.criticality, s.phi),
            replace(run, switches=s),
        )
        for s in list_switches()
    ]
