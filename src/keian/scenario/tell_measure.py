"""Tells what one measure does in a scenario: lever, days, law, cost, limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from keian.core import Names, NotInForce, Triple
from keian.economy.nouns import Economy
from keian.registers import Registers
from keian.scenario.law import find_legal_status
from keian.scenario.nouns import (
    AddSupply,
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
from keian.scenario.words import Lang, Words, choose, show_amount, show_days, show_share


@dataclass(frozen=True, slots=True)
class ToldMeasure:
    """A measure in words; `day` is that of the decision with the delays of the scenario."""

    day: tuple[float, float, float]
    title: str
    details: tuple[str, ...]
    badges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teller:
    """What a sentence needs: the words, the language and the names of the economy."""

    words: Words
    lang: Lang
    names: Mapping[str, Names]

    def say(self, key: str, **facts: object) -> str:
        """Fill a sentence."""
        return self.words.say(key, self.lang, **facts)

    def name(self, ids: Sequence[str]) -> str:
        """Name things in the language."""
        comma = "、" if self.lang == "ja" else ", "
        return comma.join(choose(self.names.get(i, Names(en=i, ja=i)), self.lang) for i in ids)

    def share(self, triple: Triple) -> str:
        """Write a share."""
        return show_share(triple.low, triple.mode, triple.high, self.lang)


def tell_measure(
    measure: Measure,
    scenario: Scenario,
    economy: Economy,
    registers: Registers,
    *,
    words: Words,
    lang: Lang,
) -> ToldMeasure:
    """Tell what a measure does, from when, on which basis, at what cost and with what limit."""
    teller = Teller(words, lang, _collect_names(economy))
    day = _calc_decision(measure, scenario)
    basis, badges = _tell_law(measure, scenario, registers, teller)
    details = [
        LEVERS[type(measure.lever).__name__](measure.lever, teller),
        _tell_curve(measure, day, teller),
        *(
            teller.say(
                "needs", share=teller.share(r.without), name=teller.name([r.measure]), why=r.why
            )
            for r in measure.requires
        ),
        basis,
        _tell_cost(measure, teller),
        teller.say("limit", limit=choose(measure.limit, lang)),
    ]
    title = teller.say(
        "prepared" if measure.prepared_before else "measure",
        name=choose(measure.names, lang),
        decider=choose(measure.decider, lang),
    )
    return ToldMeasure(day, title, tuple(details), badges)


def _collect_names(economy: Economy) -> dict[str, Names]:
    return {
        **economy.region_names,
        **economy.country_names,
        **{r.id: r.names for r in economy.routes},
        **{s.id: s.names for s in economy.services},
        **{g.id: g.names for g in economy.goods},
        **{p.id: p.names for g in economy.goods for p in g.pools},
    }


def _calc_decision(measure: Measure, scenario: Scenario) -> tuple[float, float, float]:
    if measure.prepared_before:
        return 0.0, 0.0, 0.0
    delays = [
        s.days
        for s in scenario.shocks
        if isinstance(s, DecisionDelay) and (s.measures == "all" or measure.id in s.measures)
    ]
    times = (measure.decision_day, *delays)
    return sum(t.low for t in times), sum(t.mode for t in times), sum(t.high for t in times)


def _tell_curve(measure: Measure, day: tuple[float, float, float], teller: Teller) -> str:
    curve = measure.effect
    starts = _add(day, curve.lead_days)
    full = _add(starts, curve.ramp_days)
    parts = [
        teller.say(
            "starts",
            start=show_days(_make(starts), teller.lang),
            full=show_days(_make(full), teller.lang),
        )
    ]
    if curve.plateau_days is None:
        parts.append(teller.say("for_good"))
    else:
        parts.append(teller.say("plateau", days=show_days(curve.plateau_days, teller.lang)))
    if curve.decay_half_days is not None:
        parts.append(teller.say("decays", days=show_days(curve.decay_half_days, teller.lang)))
    if curve.exhausts is not None:
        parts.append(teller.say("exhausts", name=teller.name([curve.exhausts])))
    return ("、" if teller.lang == "ja" else ", ").join(parts)


def _add(times: tuple[float, float, float], more: Triple) -> tuple[float, float, float]:
    return times[0] + more.low, times[1] + more.mode, times[2] + more.high


def _make(times: tuple[float, float, float]) -> Triple:
    return Triple(low=times[0], mode=times[1], high=times[2])


def _tell_law(
    measure: Measure, scenario: Scenario, registers: Registers, teller: Teller
) -> tuple[str, tuple[str, ...]]:
    try:
        status = find_legal_status(measure, scenario, registers.acts, what_if_law=True)
    except NotInForce as error:
        text = teller.say("not_in_force", why=error)
        return text, (text,)
    badge = teller.say(status.badge, since="")
    basis = measure.legal_basis
    if status.entry is None:
        told = teller.say("no_act", kind=basis.kind.replace("_", " "))
    else:
        told = choose(status.entry.names, teller.lang)
        badge = teller.say(status.badge, since=status.entry.start)
    if basis.locator:
        told = f"{told}, {basis.locator}"
    warned = status.badge in {"unverified", "what_if"}
    return teller.say("law", basis=told, badge=badge), (badge,) if warned else ()


def _tell_cost(measure: Measure, teller: Teller) -> str:
    cost = measure.cost
    if cost is None:
        return teller.say("no_cost")
    unit = teller.words.units.get(cost.unit)
    return teller.say(
        "cost",
        amount=show_amount(cost.amount, teller.lang),
        unit=choose(unit, teller.lang) if unit else cost.unit,
        what=cost.what,
    )


def _tell_release(lever: ReleaseStock, teller: Teller) -> str:
    return teller.say("release_stock", names=teller.name(lever.pools))


def _tell_restraint(lever: RestrainDemand, teller: Teller) -> str:
    names = teller.name(lever.goods)
    if lever.share.mode >= 0:
        return teller.say("restrain_demand", names=names, share=teller.share(lever.share))
    rise = Triple(low=-lever.share.high, mode=-lever.share.mode, high=-lever.share.low)
    return teller.say("raise_demand", names=names, share=teller.share(rise))


def _tell_route(lever: OpenRoute, teller: Teller) -> str:
    return teller.say(
        "open_route", names=teller.name([lever.route]), share=teller.share(lever.share)
    )


def _tell_supply(lever: AddSupply, teller: Teller) -> str:
    return teller.say(
        "add_supply",
        origins=teller.name(lever.origins),
        names=teller.name([lever.good]),
        share=teller.share(lever.share),
    )


def _tell_restore(lever: RestoreSource, teller: Teller) -> str:
    goods = [lever.goods] if isinstance(lever.goods, str) else lever.goods
    return teller.say(
        "restore_source",
        origins=teller.name([lever.origin]),
        names=teller.name(goods),
        share=teller.share(lever.share),
    )


def _tell_harden(lever: HardenService, teller: Teller) -> str:
    return teller.say(
        "harden_service",
        names=teller.name(lever.services),
        share=teller.share(lever.outage_share),
        faster=teller.share(lever.faster_share),
        days=show_days(lever.backup_days, teller.lang),
    )


def _tell_substitute(lever: QualifySubstitute, teller: Teller) -> str:
    return teller.say(
        "qualify_substitute",
        names=teller.name(lever.goods),
        share=teller.share(lever.faster_share),
    )


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
    }
)
