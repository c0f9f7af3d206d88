"""From measures to daily factors: each lever is turned by its effect curve."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import F
from keian.crisis.cast import Cast
from keian.crisis.forcing import Factors
from keian.crisis.run import Run, draw_input
from keian.crisis.shortages import cut_by_day, find_short
from keian.scenario import nouns as n
from keian.scenario.draws import key_measure, key_shock
from keian.scenario.effect import calc_effect_curve
from keian.scenario.nouns import Measure


def draw_delay(run: Run, measure: Measure) -> float:
    """Days by which the decision is late: shocks of kind decision_delay, and waiting."""
    late = sum(days for name, days in run.wait_days if name == measure.id)
    for shock in run.scenario.shocks:
        if isinstance(shock, n.DecisionDelay) and (
            shock.measures == "all" or measure.id in shock.measures
        ):
            late += draw_input(run, key_shock(run.scenario, shock, "days"), shock.days)
    return late


def draw_effect(run: Run, measure: Measure, days: int) -> F:
    """Draw the effect curve of a measure, (T,) share of its full effect.

    A measure prepared before the crisis works from day 0.
    """

    def draw(name: str, triple: Triple) -> float:
        return draw_input(run, key_measure(measure, name), triple)

    effect = measure.effect
    start = 0.0
    if not measure.prepared_before:
        start = draw("decision_day", measure.decision_day) + draw_delay(run, measure)
        start += draw("effect.lead_days", effect.lead_days)
    return calc_effect_curve(
        start_day=start,
        ramp_days=draw("effect.ramp_days", effect.ramp_days),
        plateau_days=(
            None
            if effect.plateau_days is None
            else draw("effect.plateau_days", effect.plateau_days)
        ),
        decay_half_days=(
            None
            if effect.decay_half_days is None
            else draw("effect.decay_half_days", effect.decay_half_days)
        ),
        days=days,
    )


def draw_curves(run: Run, days: int) -> dict[str, F]:
    """Draw the curves of a run's measures; a measure that needs another works only beside it."""
    alone = {m.id: draw_effect(run, m, days) for m in run.measures}
    curves = dict(alone)
    for measure in run.measures:
        for need in measure.requires:
            without = draw_input(
                run, key_measure(measure, f"requires.{need.measure}"), need.without
            )
            partner = np.minimum(1.0, alone.get(need.measure, np.zeros(days)))
            curves[measure.id] = curves[measure.id] * (without + (1.0 - without) * partner)
    return curves


def _share(run: Run, measure: Measure, name: str, triple: Triple) -> float:
    return draw_input(run, key_measure(measure, f"lever.{name}"), triple)


def ease_shocks(run: Run, curves: dict[str, F], days: int) -> dict[str, F]:
    """What measures give back of the shocks themselves, (T,) by key.

    Keys: `route.ID`, `source.ORIGIN`, `source.ORIGIN.GOOD`, `outage.SERVICE`, `faster.SERVICE`,
    `qualify.GOOD`. Two measures on one key leave the product of what each leaves.
    """
    eased: dict[str, F] = {}

    def give(key: str, share: F) -> None:
        eased[key] = 1.0 - (1.0 - eased.get(key, np.zeros(days))) * (1.0 - share)

    for measure in run.measures:
        curve, lever = curves[measure.id], measure.lever
        match lever:
            case n.OpenRoute():
                give(f"route.{lever.route}", _share(run, measure, "share", lever.share) * curve)
            case n.RestoreSource():
                back = _share(run, measure, "share", lever.share) * curve
                for key in _source_keys(lever):
                    give(key, back)
            case n.HardenService():
                outage = _share(run, measure, "outage_share", lever.outage_share) * curve
                faster = _share(run, measure, "faster_share", lever.faster_share) * curve
                for key, share in _harden_keys(lever, outage, faster):
                    give(key, share)
            case n.QualifySubstitute():
                sooner = _share(run, measure, "faster_share", lever.faster_share) * curve
                for good in lever.goods:
                    give(f"qualify.{good}", sooner)
            case _:
                pass
    return eased


def add_teams(run: Run, curves: dict[str, F]) -> dict[str, F]:
    """Teams that measures add to repair pools, (T,) by pool."""
    added: dict[str, F] = {}
    for measure in run.measures:
        if isinstance(measure.lever, n.AddTeams):
            pool, more = measure.lever.pool, _share(run, measure, "teams", measure.lever.teams)
            added[pool] = added.get(pool, 0.0) + more * curves[measure.id]
    return added


def _harden_keys(lever: n.HardenService, outage: F, faster: F) -> Iterator[tuple[str, F]]:
    """What hardening eases: outages of services and their repair, cuts of the cables it names."""
    for service in lever.services:
        yield f"outage.{service}", outage
        yield f"faster.{service}", faster
    for pool in lever.cables:
        yield f"cables.{pool}", outage


def _source_keys(lever: n.RestoreSource) -> list[str]:
    """Which cuts a restored source eases: of all goods and flows, or of single goods."""
    if lever.goods == "all":
        return [f"source.{lever.origin}"]
    return [f"source.{lever.origin}.{good}" for good in lever.goods]


def apply_measures(cast: Cast, f: Factors, curves: dict[str, F], limits: F) -> None:
    """Set the factors of the levers that act beside the shocks: stocks, use, supply, backups."""
    restrained = {
        good
        for measure in cast.run.measures
        if isinstance(measure.lever, n.RestrainDemand)
        for good in measure.lever.goods
    }
    short = {good: find_short(cast, f, good) for good in restrained}  # before measures change use
    for measure in cast.run.measures:
        curve = curves[measure.id]
        match measure.lever:
            case n.ReleaseStock():
                _release(cast, f, measure, measure.lever, (curve, limits))
            case n.RestrainDemand():
                _restrain(cast, f, measure, measure.lever, (curve, short))
            case n.AddSupply():
                share = _share(cast.run, measure, "share", measure.lever.share)
                good = cast.index.good[measure.lever.good]
                reached = _reach_origins(cast, f, measure.lever)
                f.series(f.good_extra, good, 0.0)[:] += share * curve * reached
            case n.HardenService():
                _back_up(cast, f, measure, measure.lever, curve)
            case _:
                pass


def _reach_origins(cast: Cast, f: Factors, lever: n.AddSupply) -> F | float:
    """Share of an added supply that its origins can send: a cut or closed origin adds nothing.

    Origins from which nothing comes in normal times have no line: theirs comes as far as the ports
    of home are open and nobody cuts them off.
    """
    open_ = []
    known = set()
    for c, (good, origin) in enumerate(cast.index.lines):
        if good == lever.good and origin in lever.origins:
            left = f.line_source.get(c, np.ones(cast.days)).copy()
            for passage in f.straits.get(c, {}).values():
                left *= passage.open
            open_.append(left)
            known.add(origin)
    others = [origin for origin in lever.origins if origin not in known]
    open_ += [f.entry * (1.0 - cut_by_day(cast, origin, lever.good)) for origin in others]
    return np.asarray(np.mean(open_, axis=0), np.float64) if open_ else 1.0


def _release(
    cast: Cast, f: Factors, measure: Measure, lever: n.ReleaseStock, how: tuple[F, F]
) -> None:
    curve, limits = how
    for pool in lever.pools:
        k = cast.index.pool[pool]
        most = limits[k]
        if lever.draw_limit is not None:
            most = _share(cast.run, measure, "draw_limit", lever.draw_limit)
        draw = f.series(f.pool_draw, k, 0.0)
        draw[:] = np.maximum(draw, most * curve)


def _restrain(
    cast: Cast, f: Factors, measure: Measure, lever: n.RestrainDemand, how: tuple[F, dict[str, F]]
) -> None:
    curve, short = how
    share = _share(cast.run, measure, "share", lever.share)
    side = _share(cast.run, measure, "output_loss_share", lever.output_loss_share)
    for good in lever.goods:
        h = cast.index.good[good]
        now = curve * short[good]
        f.series(f.good_need, h)[:] *= 1.0 - share * now
        f.series(f.good_side, h, 0.0)[:] += max(0.0, share) * side * now


def _back_up(cast: Cast, f: Factors, measure: Measure, lever: n.HardenService, curve: F) -> None:
    days = _share(cast.run, measure, "backup_days", lever.backup_days)
    if days <= 0.0:
        return
    for d, (service, _) in enumerate(cast.index.service_uses):
        if service in lever.services:
            f.series(f.backup, d, 0.0)[:] += days * curve
