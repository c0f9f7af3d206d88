"""What users know of a shortage: when they save, when restraint makes sense, substitutes (2.4, 2.9)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keian.crisis._arrays import F
from keian.crisis.cast import Cast, draw_loss
from keian.crisis.forcing import Factors
from keian.crisis.run import draw_input
from keian.scenario import nouns as n
from keian.scenario.draws import key_shock

NOT_SHORT = 0.99  # inflow, share of normal, from which nobody is asked to use less
LEAST_WAIT_DAYS = 1e-9


def cut_by_day(cast: Cast, origin: str, good: str) -> F:
    """Share of a good from an origin that source cuts take, by day; also where no line is."""
    left = np.ones(cast.days)
    region = cast.economy.country_region.get(origin, origin)
    for shock in cast.run.scenario.shocks:
        if not isinstance(shock, n.SourceCut) or shock.goods == "keep":
            continue
        named = shock.goods == "all" or good in shock.goods
        mine = shock.origin in (origin, region) and shock.destination == cast.economy.home
        if named and mine:
            eased = cast.eased.get(f"source.{shock.origin}", np.zeros(cast.days))
            back = np.maximum(eased, cast.eased.get(f"source.{shock.origin}.{good}", 0.0))
            left *= 1.0 - draw_loss(cast, shock, shock.loss, "loss") * (1.0 - back)
    return np.asarray(1.0 - left, np.float64)


def find_short(cast: Cast, f: Factors, good: str) -> F:
    """1 on days when restraint of a good makes sense, else 0.

    From the first day on which shocks cut its supply, or that of what it is made from, or raise
    its use, until stocks have had time to fill after the last.
    """
    short = np.zeros(cast.days, bool)
    goods = {g.id: g for g in cast.economy.goods}
    name: str | None = good
    while name in goods:
        short |= _is_struck(cast, f, name)
        name = goods[name].made_from
    if not short.any():
        return short.astype(np.float64)
    first = int(np.argmax(short))
    last = cast.days - 1 - int(np.argmax(short[::-1]))
    refill = int(np.ceil(cast.dr.restock[cast.index.good[good]]))
    day = np.arange(cast.days)
    return ((day >= first) & (day <= last + refill)).astype(np.float64)


def _is_struck(cast: Cast, f: Factors, good: str) -> npt.NDArray[np.bool_]:
    """Days on which shocks cut a good's lines by more than a hundredth, or raise its use."""
    come, h = np.zeros(cast.days), cast.index.good[good]
    for c, (name, _) in enumerate(cast.index.lines):
        if name == good:
            left = f.line_source.get(c, np.ones(cast.days)).copy()
            for passage in f.straits.get(c, {}).values():
                left *= passage.open
            maker = int(cast.st.line_unit[c])
            left *= f.capital.get(maker, 1.0) * f.work.get(maker, 1.0)
            come += cast.dr.line_share[c] * left
    return (come < NOT_SHORT) | (f.good_need.get(h, np.ones(cast.days)) > 1.0 / NOT_SHORT)


def see_shortages(cast: Cast, f: Factors) -> None:
    """What users believe still comes: less only once a shortage has lasted some days (2.4)."""
    for c, (good, _) in enumerate(cast.index.lines):
        come = f.line_source.get(c)
        for passage in f.straits.get(c, {}).values():
            come = passage.open if come is None else come * passage.open
        if come is not None and (come != 1.0).any():
            f.line_seen[c] = believe(come, _count_notice(cast, good))


def believe(come: F, notice: int) -> F:
    """The most that came on any of the last days: bad news is believed late, good news at once.

    Examples
    --------
    >>> believe(np.array([1.0, 0.4, 0.4, 0.4, 0.9]), 2)
    array([1. , 1. , 1. , 0.4, 0.9])
    """
    before = np.concatenate([np.ones(notice), come])
    window = np.lib.stride_tricks.sliding_window_view(before, notice + 1)
    return np.asarray(window.max(axis=1), np.float64)


def _count_notice(cast: Cast, good: str) -> int:
    """Days from the start of a shortage until users save: fewer where it was announced."""
    notice = cast.rules.notice_days
    days = [max(0.0, known + notice - start) for known, start in _list_known(cast, good)]
    return round(min(days, default=notice))


def _first_known(cast: Cast, good: str) -> float | None:
    """Day from which users of a good know that it is short; None = no shock touches it."""
    return min((known for known, _ in _list_known(cast, good)), default=None)


def _list_known(cast: Cast, good: str) -> list[tuple[float, float]]:
    """When each shock on a good is known, and when it starts, days."""
    found: list[tuple[float, float]] = []
    routes = {
        r.route for g in cast.economy.goods if g.id == good for s in g.supplies for r in s.routes
    }
    origins = {s.origin for g in cast.economy.goods if g.id == good for s in g.supplies}
    origins |= {cast.economy.country_region.get(o, o) for o in origins}
    for shock in cast.run.scenario.shocks:
        hit = isinstance(shock, n.RouteClosure) and shock.route in routes
        hit |= (
            isinstance(shock, n.SourceCut)
            and shock.destination == cast.economy.home
            and (shock.goods == "all" or good in shock.goods)
            and shock.origin in origins
        )
        if hit:
            scenario = cast.run.scenario
            start = draw_input(cast.run, key_shock(scenario, shock, "start_day"), shock.start_day)
            known = start
            if shock.known_from_day is not None:
                key = key_shock(scenario, shock, "known_from_day")
                known = draw_input(cast.run, key, shock.known_from_day)
            found.append((known, start))
    return found


def qualify_substitutes(cast: Cast, f: Factors) -> None:
    """Substitutes qualify a delay after the shortage is known (2.9)."""
    day = np.arange(cast.days, dtype=np.float64)
    for e, use in enumerate(cast.economy.uses):
        if use.substitute_days is None or use.substitute_share is None:
            continue
        known = _first_known(cast, use.good)
        if known is None:
            continue
        key = f"{use.good}.{use.unit}"
        wait = draw_input(cast.run, f"{key}.substitute_days", use.substitute_days)
        share = draw_input(cast.run, f"{key}.substitute_share", use.substitute_share)
        sooner = cast.eased.get(f"qualify.{use.good}", np.zeros(cast.days))
        # tests go faster while help is there: neither before it is decided, nor after it ends
        left = np.maximum(wait * (1.0 - sooner), LEAST_WAIT_DAYS)
        tested = np.clip(day + 1.0 - known, 0.0, 1.0) / left
        done = np.concatenate([[0.0], np.cumsum(tested)[:-1]])
        ready = (day >= known) & (done >= 1.0 - LEAST_WAIT_DAYS)
        f.series(f.use_factor, e)[:] *= np.where(ready, 1.0 - share, 1.0)
