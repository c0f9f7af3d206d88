"""Sets the skeleton of the comprehensive review, and the options against a case or for a good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from keian.cli.listing import Answer, Listing, list_rows, load_register_words
from keian.cli.register_answers import tell_answers, tell_gap, tell_place
from keian.cli.register_cells import tell_value
from keian.cli.register_effects import PlayedReview, list_plain, tell_effects
from keian.cli.register_gaps import show_coverage, show_gaps
from keian.cli.register_glance import ASKING, list_glance, list_kept, tell_criteria, tell_reason
from keian.cli.register_progress import show_progress
from keian.cli.register_show import (
    show_due,
    tell_day,
    tell_field,
    tell_name,
    tell_progress,
    tell_sources,
)
from keian.cli.set import load_cli_words
from keian.core import digest_json, tell_text, to_plain
from keian.exposure.citations import load_known_sources
from keian.registers import Entry, InForce, Shelf
from keian.registers.answers import Answer as State
from keian.registers.answers import Answered, match_gaps
from keian.registers.bodies import tell_bodies
from keian.registers.entry import ENTERING
from keian.registers.findings import Finding, recall_findings
from keian.registers.gaps import find_shipped, list_gaps, map_levers
from keian.registers.hindsight import freeze
from keian.registers.options import list_options
from keian.registers.progress import find_document
from keian.scenario import Measure
from keian.scenario.load import load_scenario_sources
from keian.scenario.words import Lang, choose, show_days

EXPECTED = ("scheduled", "expected", "proposed")
STRUCTURAL = frozenset(
    {
        "aim_without_measure", "good_without_measure", "chapter_without_measure",
        "risk_without_pillar", "empty_cell", "overlap",
    }
)  # fmt: skip
SHORT = 12  # digits of a digest that people compare


def show_skeleton(
    shelf: Shelf,
    on: date,
    measures: Mapping[str, Measure],
    lang: Lang,
    played: PlayedReview | None = None,
    *,
    findings: Sequence[Finding] = (),
) -> Answer:
    """Answer with the comprehensive review, as of a day.

    Scope; what was asked and is done; effect and limit of each measure; gaps; what is overdue;
    findings to be written. Nothing is played here: effects are those of `played`, where it is given.
    """
    words = load_register_words()
    seen = freeze(shelf, on)
    snapshot = digest_registers(shelf, on)
    known = recall_findings(findings, on)
    parts = (
        show_progress(seen, lang), show_coverage(seen, lang), show_gaps(seen, on, lang, known),
        show_due(seen, on, None, lang),
    )  # fmt: skip
    asked = tuple(
        each for each in match_gaps(list_gaps(seen, on), known, on) if each.gap.kind in STRUCTURAL
    )
    kept = (list_kept(known, on, lang),) if known else ()
    listings = (
        list_glance(seen, on, played, known, asked, lang),
        _list_scope(seen, on, snapshot, lang),
        _list_asked(seen, lang),
        *parts[0].listings,
        _list_effects(seen, on, measures, lang, played),
        *parts[1].listings,
        *_list_gaps(seen, on, known, lang),
        *parts[3].listings,
        _list_differences(seen, lang),
        *kept,
        _list_findings(asked, seen, on, lang),
        _list_sources(seen, measures, lang),
    )
    numbered = tuple(
        replace(each, title=f"{n}. {each.title}") for n, each in enumerate(listings, 1)
    )
    title = words.say("skeleton_title", lang, day=on.isoformat())
    held = seen["policies"].at(on)
    plain = {
        "on": on.isoformat(),
        "snapshot": snapshot,
        "progress": parts[0].plain,
        "coverage": parts[1].plain,
        "gaps": parts[2].plain["gaps"],
        "due": parts[3].plain,
        "effects": [
            {
                "policy": e.id,
                "measures": list(shipped),
                "not_modelled": None if shipped else tell_reason(e, seen, "en"),
                "held": e.id in held,
                "played": list_plain(played, shipped) if played and _acts(e, held) else [],
            }
            for e in seen["policies"].entries
            for shipped in (find_shipped(map_levers(seen).get(e.id, ()), seen),)
        ],
        "findings": [to_plain(finding) for finding in known],
        "run": None if played is None else played.run,
    }
    label = parts[2].label if played is None else parts[2].label.join(played.label)
    return Answer(title, plain, numbered, label)


def show_options(shelf: Shelf, name: str, measures: Mapping[str, Measure], lang: Lang) -> Answer:
    """Answer which levers exist against a case or for a good, by element of national power."""
    words = load_register_words()
    options = list_options(shelf, name)
    rows = [
        (
            tell_name(shelf.find(o.element)[-1], lang), o.policy.id,
            tell_name(o.policy, lang), words.say(o.way, lang),
            "; ".join(tell_name(law, lang) for law in o.laws) or "-",
            tell_progress(o.policy, lang), _tell_lead(o.shipped, measures, lang),
            tell_sources(o.policy, lang),
        )
        for o in options
    ]  # fmt: skip
    target = tell_name(shelf.find(name)[-1], lang)
    title = words.say("options_title", lang, name=target)
    columns = ("element", "id", "name", "why", "law", "status", "lead", "sources")
    plain = {
        "about": name,
        "options": [
            {
                "element": o.element,
                "policy": o.policy.id,
                "way": o.way,
                "named": o.way == "named",
                "laws": [law.id for law in o.laws],
                "measures": list(o.measures),
                "shipped": list(o.shipped),
            }
            for o in options
        ],
    }
    listing = list_rows(words, lang, title, columns, rows)
    if not rows:
        listing = replace(listing, note=words.say("no_option", lang))
    return Answer(title, plain, (listing,), shelf.label)


def digest_registers(shelf: Shelf, on: date) -> dict[str, str]:
    """Digest what a review of a day sees of each register, so that it can be redone."""
    return {
        name: digest_json(register.entries)
        for name, register in freeze(shelf, on).registers.items()
    }


def _list_scope(shelf: Shelf, on: date, snapshot: Mapping[str, str], lang: Lang) -> Listing:
    words = load_register_words()
    held = shelf["policies"].at(on)
    waiting = [e for e in shelf["policies"].entries if e.status in EXPECTED]
    undated = [e for e in shelf["policies"].entries if e.start is None and e.status not in EXPECTED]
    rows = [
        (words.say("scope_held", lang), str(len(held)), ""),
        (words.say("scope_waiting", lang), str(len(waiting)), ", ".join(e.id for e in waiting)),
        (words.say("scope_undated", lang), str(len(undated)), ", ".join(e.id for e in undated)),
    ]
    title = words.say("scope_title", lang)
    listing = list_rows(words, lang, title, ("what", "entries", "id"), rows)
    state = digest_json(dict(snapshot))[:SHORT]
    return replace(listing, note=words.say("scope_note", lang, state=state))


def _list_asked(shelf: Shelf, lang: Lang) -> Listing:
    words = load_register_words()
    rows = []
    for chapter in shelf["chapters"].entries:
        if chapter.text("document") not in ASKING:
            continue
        asking = [p for p in shelf["policies"].entries if chapter.id in p.ids("asked_by")]
        document = shelf.find(find_document(shelf, chapter.id) or chapter.id)[-1]
        told = ", ".join(f"{p.id} {tell_progress(p, lang)}" for p in asking)
        rows.append(
            (
                tell_name(document, lang), tell_field(chapter, "number", lang),
                tell_name(chapter, lang), told or words.say("asked_none", lang),
                tell_sources(chapter, lang),
            )
        )  # fmt: skip
    title = words.say("asked_title", lang)
    columns = ("document", "where", "name", "done", "sources")
    listing = list_rows(words, lang, title, columns, rows)
    return replace(listing, note=words.say("asked_note", lang))


def _list_effects(
    shelf: Shelf, on: date, measures: Mapping[str, Measure], lang: Lang, played: PlayedReview | None
) -> Listing:
    """List each record with the effect of its lever; only what is in force on the day has one."""
    words = load_register_words()
    levers, held = map_levers(shelf), shelf["policies"].at(on)
    rows = []
    for policy in shelf["policies"].entries:
        names = find_shipped(levers.get(policy.id, ()), shelf)
        shipped = [measures[m] for m in names if m in measures]
        if not shipped:
            effect = tell_reason(policy, shelf, lang)
        elif not _acts(policy, held):
            effect = words.say("effect_not_held", lang, names=", ".join(m.id for m in shipped))
        else:
            effect = _tell_played([m.id for m in shipped], lang, played)
        rows.append(
            (
                policy.id, tell_name(policy, lang), tell_progress(policy, lang), tell_day(policy, lang),
                effect,
                "\n".join(_tell_limit(m, lang) for m in shipped) or "-",
                tell_criteria(policy, shelf, names, measures, lang), tell_sources(policy, lang),
            )
        )  # fmt: skip
    columns = ("id", "name", "status", "since", "effect", "limit", "criteria", "sources")
    listing = list_rows(words, lang, words.say("effects_title", lang), columns, rows)
    note = words.say("effects_note", lang)
    if played is not None:
        note = words.say(
            "played_note", lang, run=played.run[:SHORT], day=played.day, count=len(played.scenarios)
        )
    return replace(listing, note=note)


def _acts(policy: Entry, held: InForce) -> bool:
    """Tell whether the lever of a record counts: it holds, or is in force by a day nobody read."""
    return policy.id in held or (policy.start is None and policy.status in ENTERING)


def _tell_limit(measure: Measure, lang: Lang) -> str:
    """Tell what is known to stop a measure, with the grade of its evidence and its sources."""
    words = load_register_words()
    said = words.say(
        "limit_of", lang, grade=measure.evidence, sources=", ".join(measure.sources) or "-"
    )
    return f"{choose(measure.limit, lang)} {said}"


def _tell_played(names: list[str], lang: Lang, played: PlayedReview | None) -> str:
    """Name measure documents, with what they do where a review was played."""
    return "\n".join(names) if played is None else tell_effects(played, names, lang)


def _list_differences(shelf: Shelf, lang: Lang) -> Listing:
    words = load_register_words()
    rows = [
        (
            tell_name(e, lang),
            tell_text(e.text("proposal_says"), lang), tell_text(e.text("law_says"), lang),
            tell_value(e.ids("entries")), tell_sources(e, lang),
        )
        for e in shelf["discrepancies"].entries
    ]  # fmt: skip
    columns = ("name", "proposal", "law", "id", "sources")
    return list_rows(words, lang, words.say("differences_title", lang), columns, rows)


def _list_findings(asked: Sequence[Answered], shelf: Shelf, on: date, lang: Lang) -> Listing:
    """List the gaps that somebody must answer, those that nobody answers first.

    Owner and next day are those of the open finding; else the owner of the record, if it has one.
    """
    words = load_register_words()
    order: tuple[State, ...] = ("unanswered", "overdue", "open", "closed")
    rows = [
        (
            words.say(f"gap_{each.gap.kind}", lang), tell_place(each.gap),
            tell_gap(each.gap, lang), _tell_owner(each, shelf, lang), _tell_next(each, lang),
            tell_answers(each, on, lang),
        )
        for each in sorted(asked, key=lambda each: order.index(each.state))
    ]  # fmt: skip
    columns = ("kind", "id", "what", "owner", "day", "finding")
    listing = list_rows(words, lang, words.say("findings_title", lang), columns, rows)
    return replace(listing, note=words.say("findings_note", lang))


def _tell_owner(each: Answered, shelf: Shelf, lang: Lang) -> str:
    owners = [f.owner for f in each.findings if f.closed_on is None]
    owners = owners or [_find_owner(shelf.find(name)[-1]) for name in each.gap.about]
    return ", ".join(dict.fromkeys(tell_bodies(o, lang) for o in owners if o)) or "-"


def _tell_next(each: Answered, lang: Lang) -> str:
    """Tell the next day of looking at a gap: of its open finding, none if closed, else to be set."""
    days = [f.look_on for f in each.findings if f.closed_on is None]
    if days:
        return min(days).isoformat()
    return "-" if each.findings else load_register_words().say("to_be_set", lang)


def _list_sources(shelf: Shelf, measures: Mapping[str, Measure], lang: Lang) -> Listing:
    """List every source that the tables above cite, so that each line can be followed."""
    words = load_register_words()
    cited = dict.fromkeys(
        name
        for register in ("policies", "reviews", "discrepancies", "chapters")
        for entry in shelf[register].entries
        for name in entry.sources
    )
    for measure in _list_shipped(shelf, measures):
        cited |= dict.fromkeys((*measure.sources, *measure.effect.lead_days.sources))
    known = {**load_known_sources(), **load_scenario_sources(), **shelf.sources}
    rows = [
        (
            s.id, s.grade or "", load_cli_words().say(f"source_{s.kind}", lang), tell_text(s.title, lang),
            tell_text(s.publisher or "", lang), s.url or "",
        )
        for s in (known[name] for name in sorted(cited) if name in known)
    ]  # fmt: skip
    columns = ("id", "grade", "kind", "title", "publisher", "where")
    return list_rows(words, lang, words.say("source_list", lang), columns, rows)


def _list_gaps(
    shelf: Shelf, on: date, findings: Sequence[Finding], lang: Lang
) -> tuple[Listing, ...]:
    """List the gaps of aims, goods and phases in full; of what single records lack, their ids."""
    words = load_register_words()
    gaps = list_gaps(shelf, on)
    lacking = dict[str, list[str]]()
    for gap in gaps:
        if gap.kind not in STRUCTURAL:
            lacking.setdefault(gap.kind, []).extend(gap.about)
    rows = [
        (words.say(f"gap_{kind}", lang), str(len(ids)), ", ".join(ids))
        for kind, ids in lacking.items()
    ]
    title = words.say("gaps_by_record", lang)
    listing = list_rows(words, lang, title, ("what", "count", "id"), rows)
    whole = show_gaps(shelf, on, lang, findings, kinds=STRUCTURAL).listings
    return (*whole, replace(listing, note=words.say("gaps_by_record_note", lang)))


def _list_shipped(shelf: Shelf, measures: Mapping[str, Measure]) -> Iterator[Measure]:
    """List the measure documents that stand behind the records."""
    levers = map_levers(shelf)
    for policy in shelf["policies"].entries:
        for name in find_shipped(levers.get(policy.id, ()), shelf):
            if name in measures:
                yield measures[name]


def _find_owner(entry: Entry) -> str:
    return entry.text("lead") or entry.text("minister")


def _tell_lead(shipped: tuple[str, ...], measures: Mapping[str, Measure], lang: Lang) -> str:
    return (
        "\n".join(
            f"{choose(measures[name].names, lang)} ({name}): "
            f"{show_days(measures[name].effect.lead_days, lang)}"
            for name in shipped
            if name in measures
        )
        or "-"
    )
