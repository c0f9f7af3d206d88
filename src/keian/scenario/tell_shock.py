"""Tells what one shock does: when, how long, what it hits and by how much at the mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keian.economy.nouns import Economy
from keian.scenario.acting import add_made_from
from keian.scenario.nouns import (
    CableCut,
    DecisionDelay,
    DemandSurge,
    Rebuild,
    RecordedShock,
    Repair,
    Scenario,
    Shock,
    SourceCut,
)
from keian.scenario.parts import find_curve
from keian.scenario.reach import Hit, calc_reach
from keian.scenario.teller import Teller
from keian.scenario.words import show_share

MOST_UNITS = 4  # more units than this are told as a number of industries


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happens on a day: what, with what effect, on what basis.

    `day` is (low, mode, high); `badges` are short warnings such as "date of force unverified".
    """

    day: tuple[float, float, float]
    kind: Literal["shock", "end", "measure"]
    id: str
    title: str
    details: tuple[str, ...]
    badges: tuple[str, ...]
    sources: tuple[str, ...]


def tell_shock(
    shock: Shock, scenario: Scenario, economy: Economy, teller: Teller
) -> tuple[TimelineEvent, ...]:
    """Tell the start of a shock and, where it lies before the horizon, the end of its full loss."""
    start, length = shock.start_day, shock.duration_days
    hits = calc_reach(shock, economy)
    details = (
        *_tell_part(shock, teller),
        *_tell_course(shock, economy, teller),
        *_tell_hits(hits, economy.home, teller),
        *_tell_followers(hits, economy, teller),
    )
    begin = TimelineEvent(
        day=(start.low, start.mode, start.high),
        kind="shock",
        id=shock.id,
        title=_tell_title(shock, teller),
        details=details,
        badges=(),
        sources=shock.sources,
    )
    # when it ends depends on the teams, or on those who build
    mended = any(
        getattr(shock, name, None) is not None for name in ("repair", "rebuild", "restoration")
    )
    if mended or start.mode + length.mode >= scenario.horizon_days:
        return (begin,)
    end = TimelineEvent(
        day=(start.low + length.low, start.mode + length.mode, start.high + length.high),
        kind="end",
        id=shock.id,
        title=teller.say("ends", name=_name_target(shock, teller)),
        details=(),
        badges=(),
        sources=shock.sources,
    )
    return begin, end


def tell_recorded(shock: RecordedShock, teller: Teller) -> str:
    """Tell a shock that is recorded, not modelled."""
    what = teller.choose(shock.names, shock.what)
    return teller.say("recorded", what=what, **teller.amount(shock.value, shock.unit))


def _tell_part(shock: Shock, teller: Teller) -> list[str]:
    """Tell which part of units a loss of plant or staff strikes, where not all of them."""
    area, contract = getattr(shock, "area", None), getattr(shock, "contract", "all")
    lines = [] if area is None else [teller.say("in_area", name=teller.name(area))]
    return lines if contract == "all" else [*lines, teller.say(f"contract_{contract}")]


def _tell_course(shock: Shock, economy: Economy, teller: Teller) -> list[str]:
    repair = getattr(shock, "repair", None)
    if isinstance(repair, Repair):
        lines = [
            teller.say(
                "repaired",
                pool=teller.name(repair.pool),
                days=teller.days(shock.duration_days),
                work=teller.days(repair.work_team_days),
            )
        ]
        return lines + _tell_known(shock, teller)
    rebuild = getattr(shock, "rebuild", None)
    if isinstance(rebuild, Rebuild):
        lines = [
            teller.say(
                "rebuilt",
                days=teller.days(shock.duration_days),
                least=teller.days(rebuild.build_days),
                years=teller.days(rebuild.capital_years),
                names=teller.name(*(part.product for part in rebuild.products)),
            )
        ]
        return lines + _tell_known(shock, teller)
    curve = find_curve(shock, economy)
    if curve is not None:
        event = teller.choose(curve.event)
        lines = [teller.say("by_curve", event=event, days=teller.days(shock.duration_days))]
        return lines + _tell_known(shock, teller)
    lines = [teller.say("lasts", days=teller.days(shock.duration_days))]
    if shock.recovery_half_days.high > 0:
        lines.append(teller.say("recovers", days=teller.days(shock.recovery_half_days)))
    else:
        lines.append(teller.say("at_once"))
    return lines + _tell_known(shock, teller)


def _tell_known(shock: Shock, teller: Teller) -> list[str]:
    if shock.known_from_day is None:
        return []
    return [teller.say("known", days=teller.days(shock.known_from_day))]


def _tell_title(shock: Shock, teller: Teller) -> str:
    name = _name_target(shock, teller)
    if isinstance(shock, DecisionDelay):
        return teller.say(shock.kind, name=name, days=teller.days(shock.days))
    if isinstance(shock, DemandSurge):
        return teller.say(shock.kind, name=name, loss=teller.share(shock.change))
    if isinstance(shock, RecordedShock):
        return tell_recorded(shock, teller)
    return teller.say(shock.kind, name=name, loss=teller.share(shock.loss))


def _name_target(shock: Shock, teller: Teller) -> str:
    """Name what a shock strikes: a route, a service, a pool, units, or a country and its goods."""
    if isinstance(shock, SourceCut):
        listed = [
            name
            for names in (shock.goods, shock.products)
            if not isinstance(names, str)
            for name in names
        ]
        what = teller.name(*listed) if listed else teller.say("everything")
        return teller.say("from", name=teller.name(shock.origin), what=what)
    if isinstance(shock, DecisionDelay):
        every = shock.measures == "all"
        return teller.say("all_measures") if every else teller.name(*shock.measures)
    if isinstance(shock, DemandSurge):
        return teller.name(*shock.products, *shock.goods)
    if isinstance(shock, CableCut) and shock.landings != "all":
        return teller.name(*shock.landings)
    fields = ("route", "service", "cables", "pool")
    target = next((getattr(shock, f) for f in fields if hasattr(shock, f)), None)
    return shock.id if target is None else teller.name(target)


def _tell_hits(hits: tuple[Hit, ...], home: str, teller: Teller) -> list[str]:
    """Tell each hit; many units and the flows of other countries are told as a number."""
    units = [hit for hit in hits if hit.kind == "unit"]
    abroad = [hit for hit in hits if hit.kind == "flow" and f">{home}" not in hit.id]
    told = [
        hit
        for hit in hits
        if hit not in abroad and not (hit.kind == "unit" and len(units) > MOST_UNITS)
    ]
    lines = [_tell_hit(hit, teller) for hit in told]
    if len(units) > MOST_UNITS:
        share = _show(units[0], teller)
        lines.append(teller.say("hit_units", count=len(units), share=share))
    if abroad:
        lines.append(teller.say("hit_flows", count=len(abroad)))
    return lines


def _tell_hit(hit: Hit, teller: Teller) -> str:
    name = teller.choose(hit.names)
    if hit.detour_days is None:
        return teller.say(f"hit_{hit.kind}", name=name, share=_show(hit, teller))
    return teller.say("detour", name=name, share=_show(hit, teller), days=f"{hit.detour_days:g}")


def _show(hit: Hit, teller: Teller) -> str:
    """Write the share of a hit; a rise of demand is positive."""
    sign = -1 if hit.kind == "demand" else 1
    return show_share(sign * hit.low, sign * hit.mode, sign * hit.high, teller.lang)


def _tell_followers(hits: tuple[Hit, ...], economy: Economy, teller: Teller) -> list[str]:
    direct = {hit.id for hit in hits if hit.kind == "good" and hit.detour_days is None}
    followers = add_made_from(direct, economy)
    return [
        teller.say("follows", name=teller.name(good.id), good=teller.name(good.made_from))
        for good in economy.goods
        if good.id in followers and good.made_from in followers
    ]
