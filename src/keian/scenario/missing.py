"""What a scenario or a measure does not have: said in words, so that nobody takes it for nought."""

from __future__ import annotations

from collections.abc import Mapping

from keian.core import Source
from keian.registers import Register
from keian.registers.entry import Entry
from keian.scenario.evidence import calc_judgement_share, list_recorded, rests_on_judgement
from keian.scenario.nouns import Measure, Scenario
from keian.scenario.teller import Teller
from keian.scenario.words import show_share


def find_entry(measure: Measure, acts: Register) -> Entry | None:
    """Find the latest entry that the basis of a measure names; None = it names none."""
    name = measure.legal_basis.entry
    found = () if name is None else acts.find(name)
    return found[-1] if found else None


def list_gaps_of_scenario(
    scenario: Scenario, sources: Mapping[str, Source], teller: Teller
) -> tuple[str, ...]:
    """List what a scenario does not model or source, one sentence each."""
    gaps = [
        teller.say("missing_recorded", what=teller.choose(shock.names, shock.what))
        for shock in list_recorded(scenario)
    ]
    judged = calc_judgement_share(scenario, sources)
    if judged > 0:
        share = show_share(judged, judged, judged, teller.lang)
        gaps.append(teller.say("missing_judgement", share=share))
    if not scenario.anchors:
        gaps.append(teller.say("missing_estimate"))
    return tuple(gaps)


def list_gaps_of_measure(measure: Measure, acts: Register, teller: Teller) -> tuple[str, ...]:
    """List what nobody sourced or verified about a measure, one sentence each."""
    basis, entry = measure.legal_basis, find_entry(measure, acts)
    gaps = []
    if measure.cost is None:
        gaps.append(teller.say("no_cost"))
    if basis.kind == "missing_law":
        gaps.append(teller.say("missing_law"))
    elif entry is not None and not entry.date_confirmed:
        gaps.append(teller.say("missing_date", name=teller.choose(entry.names)))
    elif entry is None and basis.kind != "none_needed":
        gaps.append(teller.say("missing_entry", basis=teller.say(f"basis_{basis.kind}")))
    if rests_on_judgement(measure):
        gaps.append(teller.say("missing_effect", grade=measure.evidence))
    return tuple(gaps)
