"""Tells what one measure does in a scenario: lever, days, law, cost, limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from keian.core import NotInForce, Triple, tell_text
from keian.registers import Registers
from keian.scenario.law import find_legal_status
from keian.scenario.nouns import (
    AddSupply,
    AddTeams,
    DecisionDelay,
    HardenService,
    Measure,
    OpenRoute,
    QualifySubstitute,
    ReleaseStock,
    RestoreSource,
    RestrainDemand,
    Scenario,
)
from keian.scenario.tell_shock import TimelineEvent
from keian.scenario.teller import Teller

WARNED = frozenset({"unverified", "what_if"})


def tell_measure(
    measure: Measure, scenario: Scenario, registers: Registers, teller: Teller
) -> TimelineEvent:
    """Tell what a measure does, from when, on which basis, at what cost and with what limit."""
    day = _calc_decision(measure, scenario)
    basis, badges = _tell_law(measure, scenario, registers, teller)
    needs = [
        teller.say(
            "needs",
            share=teller.share(need.without),
            name=teller.name(need.measure),
            why=teller.choose(need.names, need.why),
        )
        for need in measure.requires
    ]
    return TimelineEvent(
        day=(day.low, day.mode, day.high),
        kind="measure",
        id=measure.id,
        title=teller.say(
            "prepared" if measure.prepared_before else "measure",
            name=teller.choose(measure.names),
            decider=teller.choose(measure.decider),
        ),
        details=(
            LEVERS[type(measure.lever).__name__](measure.lever, teller),
            _tell_curve(measure, day, teller),
            *needs,
            basis,
            _tell_cost(measure, teller),
            teller.say("limit", limit=teller.choose(measure.limit)),
        ),
        badges=badges,
        sources=measure.sources,
    )


def _calc_decision(measure: Measure, scenario: Scenario) -> Triple:
    if measure.prepared_before:
        return Triple(low=0, mode=0, high=0)
    delays = [
        s.days
        for s in scenario.shocks
        if isinstance(s, DecisionDelay) and (s.measures == "all" or measure.id in s.measures)
    ]
    return _add(measure.decision_day, *delays)


def _add(*times: Triple) -> Triple:
    return Triple(
        low=sum(t.low for t in times),
        mode=sum(t.mode for t in times),
        high=sum(t.high for t in times),
    )


def _tell_curve(measure: Measure, day: Triple, teller: Teller) -> str:
    curve = measure.effect
    starts = _add(day, curve.lead_days)
    full = _add(starts, curve.ramp_days)
    parts = [teller.say("starts", start=teller.days(starts), full=teller.days(full))]
    if curve.plateau_days is None:
        parts.append(teller.say("for_good"))
    else:
        parts.append(teller.say("plateau", days=teller.days(curve.plateau_days)))
    if curve.decay_half_days is not None:
        parts.append(teller.say("decays", days=teller.days(curve.decay_half_days)))
    if curve.exhausts is not None:
        parts.append(teller.say("exhausts", name=teller.name(curve.exhausts)))
    return teller.join(parts)


def _tell_law(
    measure: Measure, scenario: Scenario, registers: Registers, teller: Teller
) -> tuple[str, tuple[str, ...]]:
    try:
        status = find_legal_status(measure, scenario, registers.acts, what_if_law=True)
    except NotInForce as error:
        text = teller.say("not_in_force", why=error)
        return text, (text,)
    basis, entry = measure.legal_basis, status.entry
    badge = teller.say(status.badge, since=entry.start if entry else "")
    told = teller.say(f"basis_{basis.kind}") if entry is None else teller.choose(entry.names)
    if basis.locator:
        told = teller.join([told, tell_text(basis.locator, teller.lang)])
    return teller.say("law", basis=told, badge=badge), (badge,) if status.badge in WARNED else ()


def _tell_cost(measure: Measure, teller: Teller) -> str:
    cost = measure.cost
    if cost is None:
        return teller.say("no_cost")
    what = teller.choose(cost.names, cost.what)
    return teller.say("cost", what=what, **teller.amount(cost.amount, cost.unit))


def _tell_release(lever: ReleaseStock, teller: Teller) -> str:
    return teller.say(lever.kind, names=teller.name(*lever.pools))


def _tell_restraint(lever: RestrainDemand, teller: Teller) -> str:
    names, share = teller.name(*lever.goods), lever.share
    if share.mode >= 0:
        return teller.say(lever.kind, names=names, share=teller.share(share))
    rise = Triple(low=-share.high, mode=-share.mode, high=-share.low)
    return teller.say("raise_demand", names=names, share=teller.share(rise))


def _tell_route(lever: OpenRoute, teller: Teller) -> str:
    return teller.say(lever.kind, names=teller.name(lever.route), share=teller.share(lever.share))


def _tell_supply(lever: AddSupply, teller: Teller) -> str:
    return teller.say(
        lever.kind,
        origins=teller.name(*lever.origins),
        names=teller.name(lever.good),
        share=teller.share(lever.share),
    )


def _tell_restore(lever: RestoreSource, teller: Teller) -> str:
    every = lever.goods == "all"
    return teller.say(
        lever.kind,
        origins=teller.name(lever.origin),
        names=teller.say("everything") if every else teller.name(*lever.goods),
        share=teller.share(lever.share),
    )


def _tell_harden(lever: HardenService, teller: Teller) -> str:
    parts = [
        teller.say(f"harden_{name}", share=teller.share(share))
        for name, share in (("outage", lever.outage_share), ("faster", lever.faster_share))
        if share.high > 0
    ]
    if lever.backup_days.high > 0:
        parts.append(teller.say("harden_backup", days=teller.days(lever.backup_days)))
    names = teller.name(*lever.services, *lever.cables)
    return teller.say(lever.kind, names=names, what=teller.join(parts))


def _tell_substitute(lever: QualifySubstitute, teller: Teller) -> str:
    names = teller.name(*lever.goods)
    return teller.say(lever.kind, names=names, share=teller.share(lever.faster_share))


def _tell_teams(lever: AddTeams, teller: Teller) -> str:
    return teller.say(lever.kind, names=teller.name(lever.pool), teams=teller.days(lever.teams))


# Each lever with the rule that tells what it changes.
LEVERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "ReleaseStock": _tell_release,
        "RestrainDemand": _tell_restraint,
        "OpenRoute": _tell_route,
        "AddSupply": _tell_supply,
        "RestoreSource": _tell_restore,
        "HardenService": _tell_harden,
        "QualifySubstitute": _tell_substitute,
        "AddTeams": _tell_teams,
    }
)
