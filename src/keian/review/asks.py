"""Whom do we ask: who decides, which countries have spare supply, which agreements cover it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keian.core import Figure, Names
from keian.economy import Good
from keian.registers import Registers
from keian.review.describe import Setting
from keian.review.inputs import find_touched_goods
from keian.review.nouns import Ask
from keian.review.stats import make_input
from keian.review.study import Study, helps
from keian.review.words import join_names, say
from keian.scenario import nouns as n


def find_asked_good(setting: Setting, study: Study, need: str | None) -> Good | None:
    """Find the imported good behind a need: itself, or what it is made from, if it is touched."""
    goods = {g.id: g for g in setting.compiled.economy.goods}
    touched = find_touched_goods(setting.compiled.economy, study.mode())
    first = study.base().first
    fallen = [x.id for x in study.needs if np.isfinite(first[x.id]) and x.id in touched]
    name = need if need in goods else min(fallen, key=lambda k: first[k], default=None)
    while name is not None:
        good = goods[name]
        if good.made_from is None or good.made_from not in touched:
            return good
        name = good.made_from
    return None


def _gap(setting: Setting, study: Study, good: Good) -> float:
    """Greatest share of normal supply that is missing in the mode run."""
    h = setting.compiled.index.good[good.id]
    return max(0.0, 1.0 - float(study.mode().inflow[:, h].min()))


def _spare(setting: Setting, study: Study, good: Good, gap: float) -> list[Ask]:
    """Countries that still sell: what they could add if they sold as much more as stocks refill."""
    economy = setting.compiled.economy
    cut = {s.origin for s in study.scenario.shocks if isinstance(s, n.SourceCut)}
    closed = {s.route for s in study.scenario.shocks if isinstance(s, n.RouteClosure)}
    total = sum(s.share.mode for s in good.supplies)
    found = []
    for supply in good.supplies:
        region = economy.country_region.get(supply.origin, supply.origin)
        reached = {supply.origin, region} & cut or {r.route for r in supply.routes} & closed
        if supply.origin in (economy.home, "rest") or reached or gap <= 0:
            continue
        extra = good.catch_up_share
        share = supply.share.mode / total / gap
        figure = make_input(
            share * extra.mode, unit="share", label=setting.label, assumption=True,
            sources=(*supply.sources, *extra.sources), trace=f"asks.{good.id}.{supply.origin}",
            band=(share * extra.low, share * extra.high),
        )  # fmt: skip
        name = economy.country_names.get(supply.origin, Names(en=supply.origin, ja=supply.origin))
        found.append(
            Ask("country", name, say("ask.spare", good=good.names), figure, figure.sources)
        )
    return sorted(found, key=lambda a: -(a.share.value or 0.0) if a.share else 0.0)


def _partners(
    setting: Setting, study: Study, good: Good, gap: float, registers: Registers
) -> list[Ask]:
    """Partners and agreements that a measure of the review names for this good."""
    economy = setting.compiled.economy
    found: list[Ask] = []
    for measure in study.measures:
        lever = measure.lever
        if not isinstance(lever, n.AddSupply) or lever.good != good.id or gap <= 0:
            continue
        names = [economy.country_names.get(o, Names(en=o, ja=o)) for o in lever.origins]
        share = lever.share
        figure = make_input(
            min(1.0, share.mode / gap), unit="share", label=setting.label, assumption=True,
            sources=share.sources or measure.sources, trace=f"measures.{measure.id}.lever.share",
            band=(min(1.0, share.low / gap), min(1.0, share.high / gap)),
        )  # fmt: skip
        # one row for the group: the figure is theirs together
        what = say("ask.spare", good=good.names)
        found.append(Ask("country", join_names(names), what, figure, measure.sources))
        for agreement in lever.agreements:
            entries = registers.acts.find(agreement)
            title = entries[0].names if entries else Names(en=agreement, ja=agreement)
            what = say("ask.agreement", good=good.names)
            found.append(Ask("agreement", title, what, None, measure.sources))
    return found


def _asked(setting: Setting, study: Study, good: Good) -> set[str]:
    """Names of the countries that a measure of the review already asks for this good."""
    names = setting.compiled.economy.country_names
    return {
        names[o].en if o in names else o
        for m in study.measures
        if isinstance(m.lever, n.AddSupply) and m.lever.good == good.id
        for o in m.lever.origins
    }


def list_asks(
    setting: Setting,
    study: Study,
    need: str | None,
    ranked: Sequence[n.Measure],
    registers: Registers,
) -> tuple[Ask, ...]:
    """List whom to ask: deciders of the measures that work, partners, countries that still sell."""
    asks: list[Ask] = []
    for measure in ranked:
        if helps(study, measure):
            what = say("ask.decides", measure=measure.names)
            asks.append(Ask("decider", measure.decider, what, None, measure.sources))
    good = find_asked_good(setting, study, need)
    if good is not None:
        gap = _gap(setting, study, good)
        partners = _partners(setting, study, good, gap, registers)
        asks += partners
        asks += [
            a
            for a in _spare(setting, study, good, gap)
            if a.names.en not in _asked(setting, study, good)
        ]
    return tuple(asks)


def sum_shares(asks: Sequence[Ask]) -> Figure | None:
    """Sum what countries could spare, as a share of the gap, at most all of it."""
    figures = [a.share for a in asks if a.kind == "country" and a.share is not None]
    if not figures:
        return None

    def total(name: str) -> float:
        return min(1.0, sum(getattr(f, name) or 0.0 for f in figures))

    return Figure(
        value=total("value"),
        low=total("low"),
        high=total("high"),
        quantiles=(),
        unit="share",
        kind="assumption",
        sources=tuple(dict.fromkeys(s for f in figures for s in f.sources)),
        label=figures[0].label,
        trace="asks.share",
        structural=None,
        censored="",
    )
