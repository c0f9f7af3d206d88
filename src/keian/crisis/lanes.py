"""What differs between runs before anything happens: drawn stocks, shares, exposures, switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import LANES, F, Lanes
from keian.crisis.rules import Rules, Switches
from keian.crisis.table_arrays import list_service_uses
from keian.economy.nouns import Economy, Good
from keian.scenario.draws import MODE_DRAW, draw_value
from keian.scenario.nouns import Measure, Scenario


@dataclass(frozen=True, slots=True)
class Run:
    """One future: a scenario, the measures taken, a draw, the switches, and who decides late."""

    scenario: Scenario
    measures: tuple[Measure, ...] = ()
    draw: int = MODE_DRAW
    switches: Switches = field(default_factory=Switches)
    wait_days: tuple[tuple[str, float], ...] = ()  # measure id, days decided later
    pinned: tuple[tuple[str, float], ...] = ()  # uncertain key, quantile it is held at


def draw_input(run: Run, key: str, triple: Triple) -> float:
    """Draw one uncertain input of a run; a pinned key takes its quantile instead."""
    for name, quantile in run.pinned:
        if name == key:
            return float(triple.quantile(quantile))
    return draw_value(triple, seed=run.scenario.seed, key=key, draw=run.draw)


def _draw_all(runs: Sequence[Run], key: str, triple: Triple) -> F:
    return np.array([draw_input(r, key, triple) for r in runs])


def _rows(rows: list[F], dtype: type = np.float64) -> F:
    return np.ascontiguousarray(np.stack(rows) if rows else np.zeros((0, LANES)), dtype=dtype)


def _draw_lines(runs: Sequence[Run], goods: Sequence[Good]) -> tuple[F, F]:
    """Shares of the supply lines, summing to 1 for each good, and days on the water."""
    shares: list[F] = []
    lags: list[F] = []
    for good in goods:
        part = np.stack(
            [_draw_all(runs, f"{good.id}.{s.origin}.share", s.share) for s in good.supplies]
        )
        shares.extend(np.maximum(part, 0.0) / np.maximum(part, 0.0).sum(axis=0))
        lags.extend(
            _draw_all(runs, f"{good.id}.{s.origin}.lag_days", s.lag_days) for s in good.supplies
        )
    return _rows(shares), _rows(lags)


def _draw_uses(runs: Sequence[Run], economy: Economy) -> dict[str, F]:
    """Exposures, weights and own stocks of the users of goods."""
    names = [f"{u.good}.{u.unit}" for u in economy.uses]
    pairs = list(zip(names, economy.uses, strict=True))
    weight = _rows([_draw_all(runs, f"{n}.use_share", u.use_share) for n, u in pairs])
    good = np.array([u.good for u in economy.uses])
    for name in set(good):
        rows = good == name
        weight[rows] /= weight[rows].sum(axis=0)
    return {
        "use_exposed": _rows(
            [_draw_all(runs, f"{n}.exposed_share", u.exposed_share) for n, u in pairs]
        ),
        "use_weight": weight,
        "use_cover": _rows([_draw_all(runs, f"{n}.cover_days", u.cover_days) for n, u in pairs]),
        "use_floor": _rows([_draw_all(runs, f"{n}.floor_share", u.floor_share) for n, u in pairs]),
    }


def _draw_services(runs: Sequence[Run], economy: Economy) -> dict[str, F]:
    """Floors and backups of the users of services."""
    floors, backups = [], []
    for v, _, k in list_service_uses(economy):
        service, use = economy.services[v], economy.services[v].uses[k]
        key = f"{service.id}.{use.unit}"
        floors.append(_draw_all(runs, f"{key}.floor", use.floor))
        backups.append(_draw_all(runs, f"{key}.backup_days", use.backup_days))
    return {"service_floor": _rows(floors), "service_backup": _rows(backups)}


def draw_pool_limits(runs: Sequence[Run], economy: Economy) -> F:
    """Draw the greatest daily draw of each pool, (Q, B) days of use per day."""
    pools = [p for g in economy.goods for p in g.pools]
    return _rows([_draw_all(runs, f"{p.id}.draw_limit", p.draw_limit) for p in pools])


def make_lanes(
    economy: Economy, runs: Sequence[Run], rules: Rules, up: dict[int, F], yard: F
) -> Lanes:
    """Draw everything that a run fixes before its first day.

    Parameters
    ----------
    runs : exactly LANES runs.
    up : days from the origin to the passage, by supply line that an event touches.
    yard : (C, B) float, days of normal flow that may queue at a passage.
    """
    goods = economy.goods
    pools = [p for g in goods for p in g.pools]
    share, lag = _draw_lines(runs, goods)
    lag_days = np.rint(lag)
    line_up = np.zeros_like(lag_days)
    for c, days in up.items():
        line_up[c] = np.minimum(np.rint(days), lag_days[c])
    quantity = _rows(
        [
            _draw_all(runs, f"{p.id}.quantity_days", p.quantity_days)
            * _draw_all(runs, f"{p.id}.usable_share", p.usable_share)
            for p in pools
        ]
    )
    scale = Triple(low=rules.cover_scale_low, mode=1.0, high=rules.cover_scale_high)
    fields: dict[str, object] = {
        "kappa": np.array([r.switches.kappa for r in runs], np.float64),
        "critical_all": np.array([float(r.switches.criticality == "all") for r in runs]),
        "phi": np.array([r.switches.phi for r in runs], np.float64),
        "sigma": np.full(LANES, rules.sigma_share),
        "cover_scale": _draw_all(runs, "table.cover_scale", scale),
        "line_share": share,
        "line_up": line_up.astype(np.int32),
        "line_down": (lag_days - line_up).astype(np.int32),
        "line_yard": yard,
        "catch_up": _rows(
            [_draw_all(runs, f"{g.id}.catch_up_share", g.catch_up_share) for g in goods]
        ),
        "stretch": _rows([_draw_all(runs, f"{g.id}.stretch_days", g.stretch_days) for g in goods]),
        "restock": np.full((len(goods), LANES), rules.restock_days),
        "pool_start": quantity,
        "pool_auto": np.array([p.automatic for p in pools], np.int8),
    }
    fields |= _draw_uses(runs, economy) | _draw_services(runs, economy)
    return Lanes(**fields)  # type: ignore[arg-type]  # one dict of arrays
