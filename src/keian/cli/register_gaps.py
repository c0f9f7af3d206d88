"""Sets in tables what the registers lack, how far strategies are, and what a measure hangs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from keian.cli.listing import Answer, Listing, list_rows, load_register_words
from keian.cli.register_answers import describe_answered, tell_answers, tell_gap, tell_place
from keian.cli.register_cells import tell_value
from keian.cli.register_effects import list_plain, tell_effects
from keian.cli.register_runs import NOTHING, Stored
from keian.cli.register_show import tell_day, tell_name, tell_sources
from keian.core import AMBER, Source, tell_text, to_plain
from keian.exposure.citations import load_known_sources
from keian.registers import Entry, Shelf
from keian.registers.answers import list_gone, match_gaps
from keian.registers.counting import MONTHS_A_YEAR, add_months
from keian.registers.coverage import (
    ASPECTS,
    PHASES,
    build_coverage,
    group_elements,
    group_levels,
)
from keian.registers.due import list_passed, list_readings
from keian.registers.findings import Finding, name_state
from keian.registers.gaps import count_nulls, list_gaps
from keian.registers.lineage import Lineage, trace
from keian.review.compare import load_review_sources
from keian.review.lineage import ChainEnd, join_effects
from keian.scenario import Measure
from keian.scenario.load import load_scenario_sources
from keian.scenario.words import Lang, choose, show_days


def find_nothing(_names: tuple[str, ...]) -> Stored:
    """Find no stored review: nobody asked for one."""
    return NOTHING


def show_gaps(
    shelf: Shelf,
    on: date,
    lang: Lang,
    findings: Sequence[Finding] = (),
    *,
    kinds: Set[str] | None = None,
) -> Answer:
    """Answer what is missing, kind by kind, each gap with the findings that answer it.

    Parameters
    ----------
    findings : those recorded, as they stood on the day.
    kinds : of gaps to list; None = all. The plain data hold all of them.
    """
    words = load_register_words()
    gaps = list_gaps(shelf, on)
    answered = match_gaps(gaps, findings, on)
    listings = []
    for kind in dict.fromkeys(gap.kind for gap in gaps if kinds is None or gap.kind in kinds):
        rows = [
            (
                tell_place(each.gap), _name_all(shelf, each.gap.about, lang),
                tell_gap(each.gap, lang), tell_answers(each, on, lang),
            )
            for each in answered
            if each.gap.kind == kind
        ]  # fmt: skip
        title = f"{words.say(f'gap_{kind}', lang)}: {len(rows)}"
        columns = ("id", "name", "what", "finding")
        note = words.say("gap_key", lang, kind=kind)
        listings.append(replace(list_rows(words, lang, title, columns, rows), note=note))
    gone = list_gone(gaps, findings)
    if gone:
        lost = [(f.id, key, words.say(f"finding_{name_state(f, on)}", lang)) for f, key in gone]
        title = words.say("gaps_gone", lang, count=len(lost))
        listings.append(list_rows(words, lang, title, ("id", "gap", "status"), lost))
    plain = {
        "on": on.isoformat(),
        "gaps": [describe_answered(each, on) for each in answered],
        "gone": [{"finding": f.id, "gap": key, "state": name_state(f, on)} for f, key in gone],
    }
    title = words.say("gaps_title", lang, day=on.isoformat())
    # What nothing protects helps whoever looks for it: the floor of all such lists.
    return Answer(title, plain, tuple(listings), shelf.label.join(AMBER))


def show_nulls(shelf: Shelf, lang: Lang) -> Answer:
    """Answer which fields have no value, counted by register, and which sources no publisher."""
    words = load_register_words()
    counts = count_nulls(shelf)
    rows = [
        (choose(shelf[c.register].names, lang), c.field, str(c.missing), str(c.entries))
        for c in counts
    ]
    title = words.say("data_title", lang)
    listing = list_rows(words, lang, title, ("register", "field", "missing", "entries"), rows)
    total, everything = sum(c.missing for c in counts), sum(1 for _ in shelf.entries())
    note = words.say("data_note", lang, count=total, entries=everything)
    nameless = list_nameless(shelf)
    plain = {
        "missing": total, "entries": everything, "counts": to_plain(counts),
        "sources_without_publisher": [source.id for source in nameless],
    }  # fmt: skip
    listings = (
        Listing(title, listing.columns, listing.rows, note), _list_nameless(nameless, lang),
    )  # fmt: skip
    return Answer(title, plain, listings, shelf.label)


def list_nameless(shelf: Shelf) -> tuple[Source, ...]:
    """List the published sources of all shipped data whose publisher is not known, by id."""
    known = {
        **load_known_sources(), **load_scenario_sources(), **load_review_sources(), **shelf.sources,
    }  # fmt: skip
    nameless = [s for s in known.values() if s.kind == "published" and s.publisher is None]
    return tuple(sorted(nameless, key=lambda source: source.id))


def _list_nameless(nameless: Sequence[Source], lang: Lang) -> Listing:
    words = load_register_words()
    rows = [(s.id, tell_text(s.title, lang), s.grade or "–") for s in nameless]
    title = words.say("nameless_title", lang, count=len(rows))
    listing = list_rows(words, lang, title, ("id", "title", "grade"), rows)
    return replace(listing, note=words.say("nameless_note", lang))


def show_coverage(shelf: Shelf, lang: Lang) -> Answer:
    """Answer in which phases and aspects measures are judged to work."""
    words = load_register_words()
    cells = {(c.phase, c.aspect): c.policies for c in build_coverage(shelf)}
    rows = [
        (words.say(f"phase_{phase}", lang), *(str(len(cells[phase, a])) for a in ASPECTS))
        for phase in PHASES
    ]
    title = words.say("coverage_title", lang)
    table = list_rows(words, lang, title, ("phase", *ASPECTS), rows)
    plain = {
        "cells": [
            {"phase": phase, "aspect": aspect, "policies": list(policies)}
            for (phase, aspect), policies in cells.items()
        ]
    }
    listing = Listing(table.title, table.columns, table.rows, words.say("coverage_note", lang))
    levels, elements = group_levels(shelf), group_elements(shelf)
    plain |= {"levels": to_plain(levels), "elements": to_plain(elements)}
    named = {words.say(f"integration_{key}", lang): found for key, found in levels.items()}
    powers = {tell_name(shelf.find(key)[-1], lang): found for key, found in elements.items()}
    more = (_list_groups("integration", named, lang), _list_groups("element", powers, lang))
    return Answer(title, plain, (listing, *more), shelf.label)


def _list_groups(column: str, groups: Mapping[str, Sequence[str]], lang: Lang) -> Listing:
    words = load_register_words()
    rows = [(name, str(len(found)), ", ".join(found)) for name, found in groups.items()]
    title = words.say(f"coverage_{column}", lang)
    return list_rows(words, lang, title, (column, "count", "id"), rows)


def show_lineage(
    shelf: Shelf,
    name: str,
    measures: Mapping[str, Measure],
    lang: Lang,
    find: Callable[[tuple[str, ...]], Stored] = find_nothing,
) -> Answer:
    """Answer what a measure hangs on: document, law, provision, record, lever, effect, review.

    Parameters
    ----------
    find : finds the stored reviews that played measures, by their ids.
    """
    words = load_register_words()
    ends = [join_effects(lineage, measures) for lineage in trace(shelf, name)]
    stored = find(tuple(dict.fromkeys(m.id for end in ends for m in end.effects)))
    listings = tuple(
        list_rows(
            words,
            lang,
            f"{tell_name(end.lineage.policy, lang)} ({end.lineage.policy.id})",
            ("step", "id", "what", "since", "sources"),
            _set_chain(end, stored, lang),
        )
        for end in ends
    )
    title = words.say("lineage_title", lang, name=name)
    if not ends:
        listings = (Listing(title, (), (), words.say("lineage_none", lang, name=name)),)
    if stored.withheld_count:
        note = words.say("runs_withheld", lang, count=stored.withheld_count)
        note = f"{listings[-1].note} {note}".strip()
        listings = (*listings[:-1], replace(listings[-1], note=note))
    plain = {
        "name": name,
        "chains": [_describe(end, stored) for end in ends],
        "withheld_count": stored.withheld_count,
    }
    return Answer(title, plain, listings, shelf.label.join(stored.label))


def show_check(shelf: Shelf, today: date, lang: Lang) -> Answer:
    """Answer that the registers are sound, and which confirmations and sources have grown idle."""
    words = load_register_words()
    entries = [e for _, e in shelf.entries()]
    stale = [
        e
        for e in entries
        if e.confirmed_on is not None and add_months(e.confirmed_on, MONTHS_A_YEAR) < today
    ]
    cited = {name for e in entries for name in e.sources}
    unused = [name for name in shelf.sources if name not in cited]
    old = [(e.id, tell_name(e, lang), str(e.confirmed_on), tell_sources(e, lang)) for e in stale]
    columns = ("id", "name", "day", "sources")
    passed = list_passed(shelf, today)
    late = [(e.id, tell_name(e, lang), day.isoformat(), tell_sources(e, lang)) for e, day in passed]
    listings = (
        list_rows(words, lang, words.say("stale_title", lang, count=len(stale)), columns, old),
        list_rows(words, lang, words.say("passed_title", lang, count=len(late)), columns, late),
        list_rows(
            words,
            lang,
            words.say("unused_title", lang, count=len(unused)),
            ("id", "title"),
            [(name, tell_text(shelf.sources[name].title, lang)) for name in unused],
        ),
    )
    title = words.say(
        "check_title",
        lang,
        entries=len(entries),
        registers=len(shelf.registers),
        sources=len(shelf.sources),
    )
    plain = {
        "entries": len(entries),
        "registers": len(shelf.registers),
        "sources": len(shelf.sources),
        "stale": [e.id for e in stale],
        "passed": [e.id for e, _ in passed],
        "unused_sources": unused,
    }
    return Answer(title, plain, listings, shelf.label)


def _name_all(shelf: Shelf, ids: tuple[str, ...], lang: Lang) -> str:
    return " / ".join(tell_name(shelf.find(name)[-1], lang) for name in ids)


def _set_chain(end: ChainEnd, stored: Stored, lang: Lang) -> list[tuple[str, ...]]:
    line = end.lineage
    words = load_register_words()
    groups = (
        ("document", line.documents),
        ("chapter", line.chapters),
        ("law", line.laws),
        ("provision", line.provisions),
        ("record", (line.policy,)),
        ("measure", line.measures),
    )
    rows: list[tuple[str, ...]] = [
        (
            words.say(f"link_{key}", lang), e.id, tell_name(e, lang), tell_day(e, lang),
            tell_sources(e, lang),
        )
        for key, entries in groups
        for e in entries
    ]  # fmt: skip
    at = len(rows) - len(line.measures)
    rows[at:at] = [_set_lever(lever, lang) for lever in line.levers]
    for measure in end.effects:
        rows += [_set_effect(measure, lang), *_set_played(measure, stored, lang)]
    if not end.effects:
        rows.append((words.say("link_effect", lang), "-", words.say("no_effect", lang), "", ""))
    rows += [_set_review(review, lang) for review in line.reviews]
    rows += _set_next(line.policy, lang)
    if not line.reviews:
        rows.append(
            (words.say("link_review", lang), "-", words.say("never_reviewed", lang), "", "")
        )
    return rows


def _set_lever(lever: Entry, lang: Lang) -> tuple[str, ...]:
    words = load_register_words()
    why = tell_text(lever.text("not_modelled"), lang)
    said = words.say("not_modelled", lang, why=why) if why else tell_text(lever.text("why"), lang)
    author = f"{lever.text('author')} {lever.text('on')}"
    return (words.say("link_lever", lang), lever.id, said, author, tell_sources(lever, lang))


def _set_effect(measure: Measure, lang: Lang) -> tuple[str, ...]:
    words = load_register_words()
    said = words.say(
        "effect_of",
        lang,
        lead=show_days(measure.effect.lead_days, lang),
        grade=measure.evidence,
        limit=choose(measure.limit, lang),
    )
    name = f"{choose(measure.names, lang)}: {said}"
    return (words.say("link_effect", lang), measure.id, name, "", ", ".join(measure.sources))


def _set_played(measure: Measure, stored: Stored, lang: Lang) -> Iterator[tuple[str, ...]]:
    """Set what the newest stored review found of a measure, a row a scenario in which it counts."""
    words, played = load_register_words(), stored.reviews.get(measure.id)
    link = words.say("link_run", lang)
    if played is None:
        yield (link, "-", words.say("never_played", lang, name=measure.id), "", "")
        return
    for line in tell_effects(played, [measure.id], lang).splitlines():
        yield (link, played.short, line, played.day, f"keian replay {played.short}")


def _set_next(policy: Entry, lang: Lang) -> Iterator[tuple[str, ...]]:
    step = (policy.value or {}).get("next")
    if step is not None:
        words = load_register_words()
        day = tell_value(step.get("on") or step.get("by"))
        yield (
            words.say("link_next", lang),
            policy.id,
            tell_text(step["what"], lang),
            day,
            tell_sources(policy, lang),
        )


def _set_review(review: Entry, lang: Lang) -> tuple[str, ...]:
    words = load_register_words()
    days = ", ".join(
        f"{r.due.isoformat()} ({tell_text(r.reading, lang)})" for r in list_readings(review)
    )
    said = words.say("review_due", lang, days=days) if days else tell_text(review.note or "", lang)
    done = (review.value or {}).get("result_on")
    if done is not None:
        result = tell_text(review.text("result"), lang)
        said += "; " + words.say("review_done", lang, day=done, result=result)
    return (
        words.say("link_review", lang),
        review.id,
        f"{tell_name(review, lang)}: {said}",
        "",
        tell_sources(review, lang),
    )


def _describe(end: ChainEnd, stored: Stored) -> dict[str, object]:
    line: Lineage = end.lineage
    played = {m.id: stored.reviews.get(m.id) for m in end.effects}
    return {
        "policy": line.policy.id,
        "documents": [e.id for e in line.documents],
        "chapters": [e.id for e in line.chapters],
        "laws": [e.id for e in line.laws],
        "provisions": [e.id for e in line.provisions],
        "levers": [{"id": e.id, "measures": list(e.ids("measures"))} for e in line.levers],
        "measures": [e.id for e in line.measures],
        "effects": [m.id for m in end.effects],
        "played": [
            effect
            for name, review in played.items()
            if review is not None
            for effect in list_plain(review, [name])
        ],
        "runs": {name: None if review is None else review.run for name, review in played.items()},
        "next": to_plain((line.policy.value or {}).get("next")),
        "reviews": [
            {"id": e.id, "due": {r.reading: r.due.isoformat() for r in list_readings(e)}}
            for e in line.reviews
        ],
    }
