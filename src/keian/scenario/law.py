"""Whether the law lets a measure run on the days on which it would work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import Literal

from keian.core import NotInForce
from keian.registers import Entry, Register
from keian.scenario.nouns import Measure, Scenario

Badge = Literal["confirmed", "unverified", "what_if", "none_needed"]
NEEDS_ENTRY = frozenset({"act", "order", "treaty"})


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """On what a measure rests in one scenario, from decision to end of effect.

    `badge` is `unverified` where the day of force was not confirmed, `what_if` where no such law
    exists and the measure runs only as if it did, `none_needed` where nothing must be in force.
    """

    measure: str
    badge: Badge
    entry: Entry | None
    first_day: date
    last_day: date


def find_legal_status(
    measure: Measure, scenario: Scenario, acts: Register, *, what_if_law: bool = False
) -> LegalStatus:
    """Find the legal basis of a measure and check that it is in force on every day needed.

    Parameters
    ----------
    acts : register of acts and orders, asked as known on day 0 of the scenario.
    what_if_law : let measures for which no law exists run, marked `what_if`.

    Raises
    ------
    NotInForce
        The basis is not in force on some day from decision to end of effect, is not in the
        register, or does not exist; `.nearest` says what is nearest.
    """
    basis = measure.legal_basis
    first, last = calc_effect_days(measure, scenario)
    if basis.kind == "missing_law":
        if not what_if_law:
            raise NotInForce(
                f"{measure.id}: no law gives this power; run it as a what-if to see its effect",
                nearest=_name_nearest(basis.entry, acts),
            )
        return LegalStatus(measure.id, "what_if", None, first, last)
    if basis.entry is None:
        if basis.kind in NEEDS_ENTRY:
            raise NotInForce(
                f"{measure.id}: legal basis of kind {basis.kind} names no entry of the register",
                nearest="none named",
            )
        return LegalStatus(measure.id, "none_needed", None, first, last)
    entry = _find_throughout(acts, basis.entry, (first, last), known=scenario.as_of)
    badge: Badge = "confirmed" if entry.date_confirmed else "unverified"
    return LegalStatus(measure.id, badge, entry, first, last)


def calc_effect_days(measure: Measure, scenario: Scenario) -> tuple[date, date]:
    """Calculate the first and last day on which the legal basis is needed, within the horizon.

    The widest span counts: earliest decision, longest lead, ramp and plateau. A measure for good
    needs its basis to the horizon; so does one that fades, since a half-life has no last day.
    """
    earliest = max(0, floor(measure.decision_day.low))
    last = scenario.horizon_days - 1
    curve = measure.effect
    if curve.plateau_days is not None and curve.decay_half_days is None:
        lengths = (measure.decision_day, curve.lead_days, curve.ramp_days, curve.plateau_days)
        last = min(last, ceil(sum(length.high for length in lengths)))
    first = 0 if measure.prepared_before else min(earliest, last)
    return (
        scenario.as_of + timedelta(days=first),
        scenario.as_of + timedelta(days=max(first, last)),
    )


def _find_throughout(
    acts: Register, entry_id: str, span: tuple[date, date], *, known: date
) -> Entry:
    """Find the entry on the first day; changes inside the span are looked up too."""
    first, last = span
    starts = {e.start for e in acts.find(entry_id) if e.start and first < e.start <= last}
    ends = {
        e.in_force_to
        for e in acts.find(entry_id)
        if e.in_force_to and first < e.in_force_to <= last
    }
    days = sorted({first, last, *starts, *ends})
    found = [acts.at(day, known).find(entry_id) for day in days]
    unconfirmed = [e for e in found if not e.date_confirmed]
    return unconfirmed[0] if unconfirmed else found[0]


def _name_nearest(entry_id: str | None, acts: Register) -> str:
    entries = acts.find(entry_id) if entry_id else ()
    return entries[0].names.en if entries else "no such act"
