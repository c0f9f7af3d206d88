"""What differs between runs before anything happens: drawn stocks, shares, exposures, switches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from keian.core import Triple
from keian.crisis._arrays import Drawn, F, Static
from keian.crisis.new_links import link_competitors
from keian.crisis.rules import ALLOCATIONS, Rules, Switches
from keian.crisis.table_arrays import Index, list_other_uses
from keian.economy.nouns import Economy
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


def _draw_row(run: Run, pairs: Iterable[tuple[str, Triple]]) -> F:
    return np.array([draw_input(run, key, triple) for key, triple in pairs], np.float64)


def _draw_lines(run: Run, economy: Economy) -> dict[str, object]:
    """Shares of the supply lines, summing to 1 for each good, and days on the water."""
    lines = [(g, s) for g in economy.goods for s in g.supplies]
    share = _draw_row(run, ((f"{g.id}.{s.origin}.share", s.share) for g, s in lines))
    lag = _draw_row(run, ((f"{g.id}.{s.origin}.lag_days", s.lag_days) for g, s in lines))
    share = np.maximum(share, 0.0)
    start = 0
    for good in economy.goods:
        own = slice(start, start + len(good.supplies))
        share[own] /= share[own].sum()
        start = own.stop
    return {"line_share": share, "line_lag": np.rint(lag).astype(np.int32)}


def _draw_uses(run: Run, economy: Economy) -> dict[str, object]:
    """Exposures, weights and own stocks of the users of goods; households stop no unit."""
    pairs = [(f"{u.good}.{u.unit}", u) for u in economy.uses]
    others = list_other_uses(economy)
    shares = [(f"{n}.use_share", u.use_share) for n, u in pairs]
    shares += [(f"{g.id}.uses_not_modelled_share", g.uses_not_modelled_share) for g in others]
    weight = _draw_row(run, shares)
    good = np.array([*(u.good for u in economy.uses), *(g.id for g in others)])
    for name in set(good):
        rows = good == name
        weight[rows] /= weight[rows].sum()
    none = np.zeros(len(others))

    def draw(field: str) -> F:
        return _draw_row(run, ((f"{n}.{field}", getattr(u, field)) for n, u in pairs))

    return {
        "use_exposed": np.concatenate([draw("exposed_share"), none]),
        "use_weight": weight,
        "use_cover": np.concatenate([draw("cover_days"), none]),
        "use_floor": np.concatenate([draw("floor_share"), none]),
    }


def _draw_services(run: Run, economy: Economy, index: Index) -> dict[str, object]:
    """Floors and backups of the users of services; many units share one figure."""
    floors, backups = [], []
    known: dict[str, tuple[float, float]] = {}
    for v, _, k in index.service_rows:
        service, use = economy.services[v], economy.services[v].uses[k]
        key = f"{service.id}.{use.unit}"
        if key not in known:
            known[key] = (
                draw_input(run, f"{key}.floor", use.floor),
                draw_input(run, f"{key}.backup_days", use.backup_days),
            )
        floors.append(known[key][0])
        backups.append(known[key][1])
    return {"service_floor": np.array(floors, float), "service_backup": np.array(backups, float)}


def _draw_goods(run: Run, economy: Economy, rules: Rules) -> dict[str, object]:
    """Stocks of the pools, and how fast users stretch, importers catch up."""
    goods = economy.goods
    pools = [p for g in goods for p in g.pools]
    quantity = _draw_row(run, ((f"{p.id}.quantity_days", p.quantity_days) for p in pools))
    usable = _draw_row(run, ((f"{p.id}.usable_share", p.usable_share) for p in pools))
    return {
        "catch_up": _draw_row(run, ((f"{g.id}.catch_up_share", g.catch_up_share) for g in goods)),
        "stretch": _draw_row(run, ((f"{g.id}.stretch_days", g.stretch_days) for g in goods)),
        "restock": np.full(len(goods), rules.restock_days),
        "pool_start": quantity * usable,
        "pool_auto": np.array([p.automatic for p in pools], np.int8),
    }


def draw_pool_limits(run: Run, economy: Economy) -> F:
    """Draw the greatest daily draw of each pool, (Q,) days of use per day."""
    pools = [p for g in economy.goods for p in g.pools]
    return _draw_row(run, ((f"{p.id}.draw_limit", p.draw_limit) for p in pools))


def draw_run(economy: Economy, index: Index, st: Static, run: Run, rules: Rules) -> Drawn:
    """Draw everything that a run fixes before its first day.

    Parameters
    ----------
    economy : the economy that `index` and `st` were made from.
    index : where things are in the arrays.
    st : the arrays.
    run : the future to play.
    rules : parameters of the model.
    """
    scale = Triple(low=rules.cover_scale_low, mode=1.0, high=rules.cover_scale_high)
    all_critical = run.switches.criticality == "all"
    beta = st.beta_all if all_critical else st.beta_rated
    n = st.x0.size
    bought = st.b[:, :n]
    fields: dict[str, object] = {
        "kappa": float(run.switches.kappa),
        "producers_least": float(rules.producers_least_share),
        "allocation": ALLOCATIONS.index(run.switches.allocation),
        "phi": float(run.switches.phi),
        "new_links": int(run.switches.new_links),
        "again_t": link_competitors(st) if run.switches.new_links else st.s_t,
        "sigma": float(rules.sigma_share),
        "beta": beta,
        "keep": 1.0 - beta,
        "reach": beta * np.divide(st.x0, bought, out=np.zeros_like(bought), where=bought > 0),
        "held": st.cover[:, :n] * draw_input(run, "table.cover_scale", scale) + 1.0,
    }
    fields |= _draw_lines(run, economy) | _draw_uses(run, economy)
    fields |= _draw_services(run, economy, index) | _draw_goods(run, economy, rules)
    return Drawn(**fields)  # type: ignore[arg-type]  # one dict of arrays
