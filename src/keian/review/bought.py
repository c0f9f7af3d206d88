"""Days a measure buys for a need, and the draws that say so."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from keian.core import Figure
from keian.review.describe import Setting
from keian.review.nouns import BoughtDraws
from keian.review.play import Summary
from keian.review.stats import HIGH, LOW, make_figure
from keian.review.study import Study, list_switches
from keian.scenario.draws import MODE_DRAW
from keian.scenario.nouns import Measure


def calc_bought(now: Summary, before: Summary, need: str, horizon: float) -> float:
    """Calculate the days a measure buys for a need, censored at the horizon.

    0 where the need falls in neither run; minus what it loses where it falls only with it.
    """
    return min(now.first[need], horizon) - min(before.first[need], horizon)


def measure_bought(setting: Setting, study: Study, measure: Measure, need: str) -> Figure:
    """Measure the days bought; the band is over the draws in which the need falls at all.

    In the other draws there is nothing to buy: their zeros would say nothing of the measure.
    """
    horizon = float(study.scenario.horizon_days)
    now = study.at("measure", measure.id, MODE_DRAW).summary
    figure = make_figure(
        calc_bought(now, study.base(), need, horizon),
        [calc_bought(*pair, need, horizon) for pair in _list_fallen(study, measure, need)],
        unit="days",
        label=setting.label,
        trace=f"{setting.run_id}/{study.scenario.id}/{measure.id}/days_bought",
        variants=[
            calc_bought(with_it, without, need, horizon)
            for with_it, without in _list_variants(study, measure)
        ],
    )
    return replace(figure, censored=">=") if _is_held(now, study.base(), need) else figure


def count_bought(study: Study, measure: Measure, need: str) -> BoughtDraws | None:
    """Count the draws behind the band; None where the measure was not played in the draws."""
    if not _list_draws(study, measure):
        return None
    horizon = float(study.scenario.horizon_days)
    fallen = _list_fallen(study, measure, need)
    values = [calc_bought(*pair, need, horizon) for pair in fallen]
    held = [v for v, pair in zip(values, fallen, strict=True) if _is_held(*pair, need)]
    return BoughtDraws(
        fell=len(fallen),
        kept=len(held),
        at_least=(_is_open(values, held, LOW), _is_open(values, held, HIGH)),
    )


def find_day_with(setting: Setting, study: Study, measure: Measure, need: str) -> Figure:
    """Find the day a need falls with the measure, over all draws and played variants."""
    return make_figure(
        study.at("measure", measure.id, MODE_DRAW).summary.first[need],
        [now.first[need] for now, _ in _list_draws(study, measure)],
        unit="day",
        label=setting.label,
        trace=f"{setting.run_id}/{study.scenario.id}/{measure.id}/first_below",
        variants=[now.first[need] for now, _ in _list_variants(study, measure)],
        limit=float(study.scenario.horizon_days),
    )


def _list_draws(study: Study, measure: Measure) -> list[tuple[Summary, Summary]]:
    """Each draw with the measure and without it."""
    return [
        (study.at("measure", measure.id, d).summary, study.base(d))
        for d in study.numbers()
        if study.has("measure", measure.id, d)
    ]


def _list_fallen(study: Study, measure: Measure, need: str) -> list[tuple[Summary, Summary]]:
    """The draws in which a need falls, with the measure or without: harm counts too."""
    return [
        pair
        for pair in _list_draws(study, measure)
        if any(np.isfinite(run.first[need]) for run in pair)
    ]


def _list_variants(study: Study, measure: Measure) -> list[tuple[Summary, Summary]]:
    keys = [(s.kappa, s.criticality, s.phi) for s in list_switches()]
    return [
        (study.at("now", measure.id, *k).summary, study.at("variant", *k).summary)
        for k in keys
        if study.has("now", measure.id, *k)
    ]


def _is_held(now: Summary, before: Summary, need: str) -> bool:
    """Whether a need that falls stays above its floor with the measure, to the horizon."""
    return bool(np.isfinite(before.first[need]) and not np.isfinite(now.first[need]))


def _is_open(values: list[float], held: list[float], quantile: float) -> bool:
    """Whether a quantile would rise if the run went on: a held draw stands at it or below."""
    if not held:
        return False
    place = math.ceil((len(values) - 1) * quantile)
    return min(held) <= sorted(values)[place]
