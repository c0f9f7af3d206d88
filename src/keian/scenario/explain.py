"""The timeline of a scenario and its measures, told before any run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from keian.core import Label, Names, Triple, join_labels
from keian.economy.nouns import Economy
from keian.registers import Registers
from keian.scenario.acting import add_made_from, can_act, find_touched
from keian.scenario.check import Reading
from keian.scenario.evidence import (
    MOSTLY,
    calc_judgement_share,
    is_mostly_judgement,
    list_assumptions,
    list_recorded,
)
from keian.scenario.nouns import DecisionDelay, Measure, RecordedShock, Scenario, Shock
from keian.scenario.reach import Hit, calc_reach
from keian.scenario.tell_measure import tell_measure
from keian.scenario.words import Lang, Words, choose, load_words, show_amount, show_days, show_share

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
    measures : all are told; those that meet nothing here say so.
    registers : dated law, asked as known on day 0.
    lang : language of the sentences.
    reading : sources of the documents; by default the shipped ones.

    Returns
    -------
    Explanation
        Events in the order of their days at the mode.
    """
    reading = reading or Reading()
    words = load_words()
    sources = {**economy.sources, **reading.sources}
    touched = find_touched(scenario, economy)
    events = [
        event
        for shock in scenario.shocks
        if not isinstance(shock, RecordedShock)
        for event in _tell_shock(shock, scenario, economy, words, lang)
    ]
    for measure in measures:
        told = tell_measure(measure, scenario, economy, registers, words=words, lang=lang)
        idle = () if can_act(measure, touched) else (words.say("idle", lang),)
        events.append(
            TimelineEvent(
                day=told.day,
                kind="measure",
                id=measure.id,
                title=told.title,
                details=(*idle, *told.details),
                badges=(*told.badges, *idle),
                sources=measure.sources,
            )
        )
    documents: tuple[Scenario | Measure, ...] = (scenario, *measures)
    assumed = {s.id: s for d in documents for s in list_assumptions(d, sources)}
    return Explanation(
        scenario=scenario.id,
        lang=lang,
        head=_tell_head(scenario, economy, words, lang, calc_judgement_share(scenario, sources)),
        partial=bool(list_recorded(scenario)),
        mostly_judgement=is_mostly_judgement(scenario, sources),
        events=tuple(sorted(events, key=lambda e: (e.day[1], e.kind, e.id))),
        recorded=tuple(_tell_recorded(s, words, lang) for s in list_recorded(scenario)),
        assumptions=tuple(
            words.say("assumption", lang, id=s.id, title=s.title) for s in assumed.values()
        ),
        label=join_labels(economy.label, registers.acts.label),
    )


def write_lines(explanation: Explanation) -> tuple[str, ...]:
    """Write an explanation as plain lines of text."""
    words, lang = load_words(), explanation.lang
    lines = [*explanation.head, "", words.say("events", lang)]
    for event in explanation.events:
        day = show_days(_make_triple(event.day), lang)
        lines.append(f"  {words.say('day', lang, days=day)}: {event.title}")
        lines += [f"      {detail}" for detail in event.details]
    for key, texts in (
        ("not_modelled", explanation.recorded),
        ("assumptions", explanation.assumptions),
    ):
        if texts:
            lines += ["", words.say(key, lang), *(f"  {text}" for text in texts)]
    return tuple(lines)


def _make_triple(values: tuple[float, float, float]) -> Triple:
    low, mode, high = values
    return Triple(low=low, mode=mode, high=high)


def _tell_head(
    scenario: Scenario, economy: Economy, words: Words, lang: Lang, judgement: float
) -> tuple[str, ...]:
    lines = [
        words.say(
            "head",
            lang,
            name=choose(scenario.names, lang),
            as_of=scenario.as_of.isoformat(),
            days=scenario.horizon_days,
            economy=choose(economy.title, lang),
        )
    ]
    if scenario.story is not None:
        lines.append(choose(scenario.story, lang))
    if scenario.combination is not None:
        lines.append(words.say("parts", lang, parts=", ".join(scenario.combination.scenarios)))
    if recorded := list_recorded(scenario):
        what = "; ".join(s.what for s in recorded)
        lines.append(words.say("partial", lang, count=len(recorded), what=what))
    if judgement > MOSTLY:
        lines.append(words.say("judgement", lang, share=show_share(*(judgement,) * 3, lang)))
    return tuple(lines)


def _tell_shock(
    shock: Shock, scenario: Scenario, economy: Economy, words: Words, lang: Lang
) -> list[TimelineEvent]:
    start, length = shock.start_day, shock.duration_days
    details = [words.say("lasts", lang, days=show_days(length, lang))]
    if shock.recovery_half_days.high > 0:
        half = show_days(shock.recovery_half_days, lang)
        details.append(words.say("recovers", lang, days=half))
    else:
        details.append(words.say("at_once", lang))
    if shock.known_from_day is not None:
        known = show_days(shock.known_from_day, lang)
        details.append(words.say("known", lang, days=known))
    hits = calc_reach(shock, economy)
    details += _tell_hits(hits, words, lang)
    details += _tell_followers(hits, economy, words, lang)
    title = _tell_title(shock, economy, words, lang)
    events = [
        TimelineEvent(
            day=(start.low, start.mode, start.high),
            kind="shock",
            id=shock.id,
            title=title,
            details=tuple(details),
            badges=(),
            sources=shock.sources,
        )
    ]
    if start.mode + length.mode < scenario.horizon_days:
        name = choose(_name_target(shock, economy), lang)
        events.append(
            TimelineEvent(
                day=(start.low + length.low, start.mode + length.mode, start.high + length.high),
                kind="end",
                id=shock.id,
                title=words.say("ends", lang, name=f"{shock.id} ({name})"),
                details=(),
                badges=(),
                sources=shock.sources,
            )
        )
    return events


def _tell_title(shock: Shock, economy: Economy, words: Words, lang: Lang) -> str:
    name = choose(_name_target(shock, economy), lang)
    if isinstance(shock, DecisionDelay):
        names = words.say("all_measures", lang) if shock.measures == "all" else name
        return words.say(shock.kind, lang, name=names, days=show_days(shock.days, lang))
    size = getattr(shock, "loss", None) or getattr(shock, "change", None)
    loss = show_share(size.low, size.mode, size.high, lang) if size is not None else ""
    return words.say(shock.kind, lang, name=name, loss=loss)


def _name_target(shock: Shock, economy: Economy) -> Names:
    target = next(
        (
            getattr(shock, field)
            for field in ("route", "service", "pool", "origin", "region")
            if hasattr(shock, field)
        ),
        shock.id,
    )
    known = {
        **economy.region_names,
        **economy.country_names,
        **{r.id: r.names for r in economy.routes},
        **{s.id: s.names for s in economy.services},
        **{p.id: p.names for g in economy.goods for p in g.pools},
    }
    return known.get(target, Names(en=target, ja=target))


def _tell_hits(hits: tuple[Hit, ...], words: Words, lang: Lang) -> list[str]:
    units = [hit for hit in hits if hit.kind == "unit"]
    lines = []
    for hit in hits:
        if hit.kind == "unit" and len(units) > MOST_UNITS:
            continue
        share = show_share(*_order_range(hit), lang)
        name = choose(hit.names, lang)
        if hit.detour_days is None:
            lines.append(words.say(f"hit_{hit.kind}", lang, name=name, share=share))
        else:
            days = f"{hit.detour_days:g}"
            lines.append(words.say("detour", lang, name=name, share=share, days=days))
    if len(units) > MOST_UNITS:
        share = show_share(*_order_range(units[0]), lang)
        lines.append(words.say("hit_units", lang, count=len(units), share=share))
    return lines


def _order_range(hit: Hit) -> tuple[float, float, float]:
    """Show a rise of demand as a positive share."""
    if hit.kind == "demand":
        return -hit.low, -hit.mode, -hit.high
    return hit.low, hit.mode, hit.high


def _tell_followers(hits: tuple[Hit, ...], economy: Economy, words: Words, lang: Lang) -> list[str]:
    direct = {hit.id for hit in hits if hit.kind == "good" and hit.detour_days is None}
    names = {g.id: g.names for g in economy.goods}
    return [
        words.say(
            "follows",
            lang,
            name=choose(good.names, lang),
            good=choose(names[good.made_from], lang),
        )
        for good in economy.goods
        if good.id in add_made_from(direct, economy)
        and good.tier != "registered"
        and good.made_from in names
    ]


def _tell_recorded(shock: RecordedShock, words: Words, lang: Lang) -> str:
    unit = words.units.get(shock.unit)
    return words.say(
        "recorded",
        lang,
        what=shock.what,
        value=show_amount(shock.value, lang),
        unit=choose(unit, lang) if unit else shock.unit,
    )
