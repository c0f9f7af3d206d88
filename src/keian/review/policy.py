"""Measures as policy: who decides, by which law with which badge, at what cost."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Literal

from keian.core import Figure, Label, Names
from keian.core.texts import name_text
from keian.registers import Registers
from keian.review.nouns import MeasureReview
from keian.review.stats import make_input
from keian.review.words import say
from keian.scenario.law import find_legal_status
from keian.scenario.nouns import Measure, Scenario


def _name_law(measure: Measure, registers: Registers) -> Names:
    basis = measure.legal_basis
    if basis.kind in ("none_needed", "guidance", "contract") and basis.entry is None:
        return say(f"legal.{basis.kind}")
    if basis.kind == "missing_law":
        return say("legal.missing")
    entries = registers.acts.find(basis.entry) if basis.entry else ()
    law = entries[0].names if entries else Names(en=str(basis.entry), ja=str(basis.entry))
    if basis.locator:
        return say("legal.article", law=law, locator=name_text(basis.locator))
    return say("legal", law=law)


def _badge(
    measure: Measure, scenario: Scenario, registers: Registers, *, what_if: bool
) -> Literal["confirmed", "unverified", "what_if", "none_needed"]:
    status = find_legal_status(measure, scenario, registers.acts, what_if_law=what_if)
    badge = str(status.badge)
    if badge not in ("confirmed", "unverified", "what_if", "none_needed"):
        raise LookupError(f"no badge {badge!r}")
    return badge  # type: ignore[return-value]  # checked above


def _cost(measure: Measure, label: Label) -> Figure | None:
    cost = measure.cost
    if cost is None:
        return None
    band = None if cost.amount.fixed else (cost.amount.low, cost.amount.high)
    return make_input(
        cost.amount.mode, unit=cost.unit, label=label, sources=cost.sources, band=band,
        trace=f"measures.{measure.id}.cost",
    )  # fmt: skip


def name_letter(place: int) -> str:
    """Name a place in a list as spreadsheets name columns, so that no letter stands twice.

    Examples
    --------
    >>> [name_letter(k) for k in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    before, last = divmod(place, len(ascii_uppercase))
    return (name_letter(before - 1) if before else "") + ascii_uppercase[last]


def describe_measure(
    measure: Measure,
    place: int,
    scenario: Scenario,
    registers: Registers,
    *,
    label: Label,
    what_if: bool,
) -> MeasureReview:
    """Describe a measure as policy.

    Parameters
    ----------
    place : its number in the list, which gives its letter in charts.
    scenario : on whose day 0 the law is looked up.
    """
    lead = measure.effect.lead_days
    return MeasureReview(
        id=measure.id,
        letter=name_letter(place),
        names=measure.names,
        group=measure.group,
        decider=measure.decider,
        legal_basis=_name_law(measure, registers),
        legal_badge=_badge(measure, scenario, registers, what_if=what_if),
        cost=_cost(measure, label),
        lead_days=make_input(
            lead.mode, unit="days", label=label, sources=lead.sources or measure.sources,
            trace=f"measures.{measure.id}.effect.lead_days",
            band=None if lead.fixed else (lead.low, lead.high),
        ),
        limit=measure.limit,
        evidence=measure.evidence,
        sources=measure.sources,
    )  # fmt: skip
