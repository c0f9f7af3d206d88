"""The review as tables, one row per thing, units in columns beside the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from keian.core import Figure, Names
from keian.review.nouns import Curve, MeasureEffect, Restraint, Review, RunOut, ScenarioReview

Row = dict[str, Any]
QUANTILES = (0.025, 0.1, 0.25, 0.75, 0.9, 0.975)
DAYS_PER_WEEK = 7


def build_tables(review: Review) -> dict[str, pd.DataFrame]:
    """Tables by name: what runs out, effects, waiting, losses, curves, variants, sources.

    Goods asked for stand in a table of their own, where any ran.
    """
    makers: dict[str, Callable[[ScenarioReview], Iterable[Row]]] = {
        "runs_out": _list_runs_out,
        "effects": _list_effects,
        "waiting": _list_waits,
        "losses": _list_losses,
        "curves": _list_curves,
        "variants": _list_variants,
    }
    tables = {
        name: pd.DataFrame([row for s in review.scenarios for row in make(s)])
        for name, make in makers.items()
    }
    asked = [row for s in review.scenarios for row in _list_asked(s)]
    if asked:
        tables["asked"] = pd.DataFrame(asked)
    tables["sources"] = pd.DataFrame(
        [
            {
                "mark": line.mark,
                **line.source.model_dump(mode="json"),
                "range": None if line.range_text is None else line.range_text.en,
                "range_ja": None if line.range_text is None else line.range_text.ja,
                "range_quality": line.range_quality,
            }
            for line in review.lines
        ]
    )
    return tables


def spread(name: str, figure: Figure | None) -> Row:
    """Columns of a figure: mode, quantiles, structural band, unit, censoring, sources, trace."""
    if figure is None:
        figure_row: Row = {f"{name}_mode": None, f"{name}_unit": None}
        return figure_row
    quantiles = {round(q, 4): value for q, value in figure.quantiles}
    low, high = figure.structural or (None, None)
    return {
        f"{name}_mode": figure.value,
        f"{name}_low": figure.low,
        f"{name}_high": figure.high,
        **{f"{name}_q{q * 1000:04.0f}": quantiles.get(q) for q in QUANTILES},
        f"{name}_variants_low": low,
        f"{name}_variants_high": high,
        f"{name}_unit": figure.unit,
        f"{name}_censored": figure.censored,
        f"{name}_sources": " ".join(figure.sources),
        f"{name}_trace": figure.trace,
    }


def _name(names: Names | None, prefix: str = "name") -> Row:
    return {
        f"{prefix}_en": None if names is None else names.en,
        f"{prefix}_ja": None if names is None else names.ja,
    }


def _list_runs_out(scenario: ScenarioReview) -> Iterable[Row]:
    for out in scenario.runs_out:
        yield {**_spread_run_out(scenario, out), "binding": out.id == scenario.binding}


def _spread_run_out(scenario: ScenarioReview, out: RunOut) -> Row:
    stocks = {bar.owner: bar.days.value for bar in out.stocks}
    return {
        "scenario": scenario.id,
        "id": out.id,
        "kind": out.kind,
        **_name(out.names),
        "vital": out.vital,
        **spread("day", out.day),
        **spread("floor", out.floor),
        **spread("below_share", out.below_share),
        **spread("lowest", out.lowest),
        **{f"stock_{o}_days": stocks.get(o) for o in ("state", "private", "joint", "users")},
        **_name(out.cause, "cause"),
        **_spread_restraint(out.restraint),
    }


def _list_asked(scenario: ScenarioReview) -> Iterable[Row]:
    """Goods asked for: a row for the good, each user, each origin and each measure that moves it."""
    for good in scenario.asked:
        out = _spread_run_out(scenario, good.run_out)
        yield {**out, "row": "good", "sources": " ".join(good.sources)}
        key = {"scenario": scenario.id, "id": out["id"]}
        for user in good.users:
            yield {
                **key, "row": "user", "of": user.id, **_name(user.names, "of"),
                **spread("exposed", user.exposed), **spread("stock", user.stock),
                **spread("bound_from", user.bound_from), **spread("of_lowest", user.lowest),
            }  # fmt: skip
        for line in good.origins:
            yield {
                **key, "row": "origin", "of": line.id, **_name(line.names, "of"),
                **spread("share", line.share), **spread("of_lowest", line.lowest),
            }  # fmt: skip
        for measure, days in good.bought:
            yield {**key, "row": "measure", "of": measure, **spread("bought", days)}


def _spread_restraint(held: Restraint | None) -> Row:
    """Columns of the restraint that holds a good up; empty where its users take what they do."""
    return {
        **spread("restraint", None if held is None else held.share),
        **spread("restraint_from_day", None if held is None else held.from_day),
        **spread("restraint_lost", None if held is None else held.lost),
        **spread("restraint_lost_share", None if held is None else held.lost_share),
    }


def _list_effects(scenario: ScenarioReview) -> Iterable[Row]:
    for effect in scenario.effects:
        yield {
            "scenario": scenario.id,
            "measure": effect.measure,
            "need": effect.need,
            "draws": effect.draws,
            **spread("days_bought", effect.days_bought),
            **_count_draws(effect),
            **spread("day_with", effect.day_with),
            **spread("loss_avoided", effect.loss_avoided),
            **spread("loss_avoided_yen", effect.loss_avoided_yen),
            **spread("wait_cost", effect.wait_cost),
            **spread("wait_cost_yen", effect.wait_cost_yen),
            **_name(effect.first_limit, "first_limit"),
            **spread("first_limit_day", effect.first_limit_day),
            **_name(effect.harm, "harm"),
            **spread("harm", effect.harm_figure),
            "works_alone": effect.works_alone,
            "partner": effect.partner,
            **spread("with_partner", effect.with_partner),
            **_name(effect.no_effect, "no_effect"),
            **spread("best_in_share", effect.best_in_share),
        }


def _count_draws(effect: MeasureEffect) -> Row:
    """Draws behind the band of the days bought, and whether its ends are only lower bounds."""
    rests = effect.bought_draws
    low, high = (None, None) if rests is None else rests.at_least
    return {
        "days_bought_draws_fell": None if rests is None else rests.fell,
        "days_bought_draws_held": None if rests is None else rests.kept,
        "days_bought_low_at_least": low,
        "days_bought_high_at_least": high,
    }


def _list_waits(scenario: ScenarioReview) -> Iterable[Row]:
    for effect in scenario.effects:
        for waited, bought in effect.wait_curve:
            yield {
                "scenario": scenario.id,
                "measure": effect.measure,
                "wait_days": waited,
                "days_bought": bought,
            }


def _list_losses(scenario: ScenarioReview) -> Iterable[Row]:
    for loss in scenario.losses:
        yield {
            "scenario": scenario.id,
            "kind": loss.kind,
            **spread("share_of_year", loss.share_of_year),
            **spread("money", loss.money),
            **spread("yen", loss.yen),
            **spread("worst_day", loss.worst_day),
        }


def _list_curves(scenario: ScenarioReview) -> Iterable[Row]:
    for curve in scenario.curves:
        yield from _list_curve(scenario, "cover", curve)
    for good in scenario.asked:
        yield from _list_curve(scenario, "cover_asked", good.curve)
    yield from _list_curve(scenario, "value_added", scenario.value_added)
    for effect in scenario.effects:
        if effect.series is not None:
            yield from _list_curve(scenario, f"effect:{effect.measure}", effect.series)
    for service in scenario.services:
        for week, level in enumerate(service.weeks):
            yield {
                "scenario": scenario.id,
                "kind": "service_week",
                "id": service.id,
                "unit": "share",
                "day": week * DAYS_PER_WEEK,
                "mode": level,
                "q0100": _at(service.low, week),
                "q0900": _at(service.high, week),
                "floor": service.floor,
            }

    for aside in scenario.not_played:
        for week, level in enumerate(aside.weeks):
            yield {
                "scenario": scenario.id,
                "kind": "industry_week",  # of a service that was not played: shown only
                "id": aside.id,
                "unit": "share",
                "day": week * DAYS_PER_WEEK,
                "mode": level,
                "floor": aside.floor,
            }


def _list_curve(scenario: ScenarioReview, kind: str, curve: Curve) -> Iterable[Row]:
    for i, day in enumerate(curve.days):
        yield {
            "scenario": scenario.id,
            "kind": kind,
            "id": curve.id,
            "unit": curve.unit,
            "day": day,
            "mode": curve.mode[i],
            **{f"q{q * 1000:04.0f}": _at(curve.bands.get(q, ()), i) for q in QUANTILES},
            "floor": curve.floor,
        }


def _list_variants(scenario: ScenarioReview) -> Iterable[Row]:
    for v in scenario.variants:
        yield {
            "scenario": scenario.id,
            "kappa": v.kappa,
            "criticality": v.criticality,
            "phi": v.phi,
            "binding_day": v.binding_day,
            "value_added_loss_percent_of_year": v.value_added_share,
            "first_out": v.first_out,
            "returns": v.returns,
        }


def _at(values: tuple[float, ...], i: int) -> float | None:
    return values[i] if i < len(values) else None
