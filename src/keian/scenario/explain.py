"""The timeline of a scenario and its measures, told before any run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keian.core import Label, Triple, join_labels, tell_text
from keian.economy.nouns import Economy
from keian.registers import Registers
from keian.scenario.acting import can_act, find_touched
from keian.scenario.check import Reading
from keian.scenario.evidence import (
    MOSTLY,
    calc_judgement_share,
    is_mostly_judgement,
    list_assumptions,
    list_recorded,
)
from keian.scenario.nouns import Measure, RecordedShock, Scenario
from keian.scenario.tell_measure import tell_measure
from keian.scenario.tell_shock import TimelineEvent, tell_recorded, tell_shock
from keian.scenario.teller import Teller, make_teller
from keian.scenario.words import Lang, load_words, show_days, show_share


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a scenario does, in one language; no run was needed."""

    scenario: str
    lang: Lang
    head: tuple[str, ...]
    partial: bool
    mostly_judgement: bool
    events: tuple[TimelineEvent, ...]
    recorded: tuple[str, ...]
    assumptions: tuple[str, ...]
    idle: tuple[str, ...]  # ids of measures that meet nothing here
    foot: tuple[str, ...]
    label: Label


def explain(
    scenario: Scenario,
    measures: Sequence[Measure],
    economy: Economy,
    registers: Registers,
    *,
    lang: Lang = "en",
    reading: Reading | None = None,
) -> Explanation:
    """Explain what stops when, what it hits, and which measure acts on which legal basis.

    Parameters
    ----------
    scenario : with its combination resolved.
    measures : those that can act are told, the others named at the end.
    registers : dated law, asked as known on day 0.
    lang : language of the sentences.
    reading : sources of the documents; by default the shipped ones.

    Returns
    -------
    Explanation
        Events in the order of their days at the mode.
    """
    reading = reading or Reading()
    sources = {**economy.sources, **reading.sources}
    teller = make_teller(economy, measures, lang)
    touched = find_touched(scenario, economy)
    acting = [m for m in measures if can_act(m, touched)]
    events = [
        event
        for shock in scenario.shocks
        if not isinstance(shock, RecordedShock)
        for event in tell_shock(shock, scenario, economy, teller)
    ]
    events += [tell_measure(m, scenario, registers, teller) for m in acting]
    documents: tuple[Scenario | Measure, ...] = (scenario, *acting)
    assumed = {s.id: s for d in documents for s in list_assumptions(d, sources)}
    idle = tuple(m.id for m in measures if m not in acting)
    return Explanation(
        scenario=scenario.id,
        lang=lang,
        head=_tell_head(scenario, economy, teller, calc_judgement_share(scenario, sources)),
        partial=bool(list_recorded(scenario)),
        mostly_judgement=is_mostly_judgement(scenario, sources),
        events=tuple(sorted(events, key=lambda e: (e.day[1], e.kind, e.id))),
        recorded=tuple(tell_recorded(s, teller) for s in list_recorded(scenario)),
        assumptions=tuple(
            teller.say("assumption", id=s.id, title=tell_text(s.title, lang))
            for s in assumed.values()
        ),
        idle=idle,
        foot=(teller.say("idle", names=teller.name(*idle)),) if idle else (),
        label=join_labels(Label(scenario.label), economy.label, registers.acts.label),
    )


def write_lines(explanation: Explanation) -> tuple[str, ...]:
    """Write an explanation as plain lines of text."""
    words, lang = load_words(), explanation.lang
    lines = [*explanation.head, "", words.say("events", lang)]
    for event in explanation.events:
        low, mode, high = event.day
        day = show_days(Triple(low=low, mode=mode, high=high), lang)
        lines.append(f"  {words.say('day', lang, days=day)}: {event.title}")
        lines += [f"      {detail}" for detail in event.details]
    for key, texts in (
        ("not_modelled", explanation.recorded),
        ("assumptions", explanation.assumptions),
    ):
        if texts:
            lines += ["", words.say(key, lang), *(f"  {text}" for text in texts)]
    if explanation.foot:
        lines += ["", *explanation.foot]
    return tuple(lines)


def _tell_head(
    scenario: Scenario, economy: Economy, teller: Teller, judgement: float
) -> tuple[str, ...]:
    lines = [
        teller.say(
            "head",
            name=teller.choose(scenario.names),
            as_of=scenario.as_of.isoformat(),
            days=scenario.horizon_days,
            economy=teller.choose(economy.title),
        )
    ]
    if scenario.story is not None:
        lines.append(teller.choose(scenario.story))
    if scenario.doubt is not None:
        lines.append(teller.say("doubt", what=teller.choose(scenario.doubt)))
    if scenario.combination is not None:
        lines.append(teller.say("parts", parts=teller.join(scenario.combination.scenarios)))
    if recorded := list_recorded(scenario):
        what = teller.join([teller.choose(s.names, s.what) for s in recorded])
        lines.append(teller.say("partial", what=what))
    if judgement > MOSTLY:
        share = show_share(judgement, judgement, judgement, teller.lang)
        lines.append(teller.say("judgement", share=share))
    return tuple(lines)
