"""Sets in tables what the registers answer about a day, a change, a date due, an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from keian.cli.listing import Answer, Listing, list_rows, load_register_words
from keian.cli.register_cells import name_field, tell_place, tell_value
from keian.cli.set import load_cli_words
from keian.core import AMBER, CLEAR, InputError, Problem, tell_text, to_plain
from keian.core.digest import Plain
from keian.registers import Entry, InForce, Shelf
from keian.registers.awaited import list_awaited, list_known, name_awaited
from keian.registers.bodies import tell_bodies
from keian.registers.changes import list_changes, list_steps
from keian.registers.counting import add_months, find_last_day
from keian.registers.due import (
    Due,
    Reading,
    group_due,
    list_due,
    list_readings,
    list_unconfirmed,
    list_undated,
    list_unnamed,
    sort_due,
)
from keian.registers.lineage import list_mentions
from keian.registers.pillars import find_full_operation, find_pillars
from keian.registers.timeline import list_events
from keian.registers.working_days import find_working_day, write_japanese
from keian.scenario.words import Lang, choose

COUNTED_FROM: Mapping[str, str] = MappingProxyType(
    {"next_step": "value.next", "in_force_by": "value.within_months"}
)
SHOWN_FIELDS = (
    "status", "in_force_from", "in_force_to", "certain_from", "published_on", "known_from",
    "confirmed_on", "confirmed_by", "part_of", "reason", "note",
)  # fmt: skip


def tell_name(entry: Entry, lang: Lang) -> str:
    """Tell the name of an entry; one that was written from memory says so."""
    return choose(entry.names, lang) + _mark(entry, "names", lang)


def tell_field(entry: Entry, key: str, lang: Lang) -> str:
    """Tell a field of the value; one that was written from memory says so."""
    return tell_value((entry.value or {}).get(key), lang, key) + _mark(entry, f"value.{key}", lang)


def _mark(entry: Entry, field: str, lang: Lang) -> str:
    if field not in entry.unverified:
        return ""
    return f" ({load_register_words().say('unverified', lang)})"


def tell_day(entry: Entry, lang: Lang) -> str:
    """Tell since when an entry holds; an uncertain day says so."""
    words = load_register_words()
    doubted = {"in_force_from", "certain_from"} & set(entry.unverified)
    doubt = f" ({words.say('unverified', lang)})" if doubted else ""
    if entry.in_force_from is not None:
        return entry.in_force_from.isoformat() + doubt
    if entry.certain_from is not None:
        return words.say("by_at_latest", lang, day=entry.certain_from.isoformat()) + doubt
    return "-"


def tell_progress(policy: Entry, lang: Lang) -> str:
    """Tell how far a policy record is."""
    return load_register_words().say(f"progress_{policy.text('progress')}", lang)


def tell_sources(entry: Entry, lang: Lang) -> str:
    """Tell the sources of an entry with the place in each."""
    return "; ".join(
        f"{name} {tell_place(entry.places.get(name, ''), lang)}".rstrip() for name in entry.sources
    )


def describe_entry(entry: Entry) -> Plain:
    """Describe an entry as plain data, without its label, which the answer carries."""
    plain = to_plain(entry)
    plain.pop("label")
    return plain


def show_day(
    shelf: Shelf, on: date, known: date | None, lang: Lang, only: Sequence[str] = ()
) -> Answer:
    """Answer what holds on a day: pillars and counts, and the entries of the registers named."""
    words = load_register_words()
    state = shelf.at(on, known)
    title = words.say("at_title", lang, day=on.isoformat())
    if known is not None:
        title += words.say("as_known", lang, day=known.isoformat())
    listings = [_list_pillars(shelf, on, known, lang), _list_counts(shelf, state, lang)]
    for name in only:
        listings += _list_register(state[name], on, lang)
    plain = {
        "on": on.isoformat(),
        "known": known.isoformat() if known else None,
        "pillars": [
            {
                "id": p.entry.id,
                "state": p.state,
                "in_force_from": to_plain(p.in_force_from),
                "operating_from": to_plain(p.operating_from),
            }
            for p in find_pillars(shelf, on, known)
        ],
        "full_operation_from": to_plain(find_full_operation(shelf, known)),
        "counts": {name: len(held) for name, held in state.items()},
        "registers": {name: [describe_entry(e) for e in state[name]] for name in only},
        "awaited": {
            name: [e.id for e in list_awaited(shelf[name], on, known)] for name in shelf.registers
        },
    }
    return Answer(title, plain, tuple(listings), shelf.label)


def show_changes(shelf: Shelf, first: date, second: date, known: date | None, lang: Lang) -> Answer:
    """Answer what changed between two days, with the reason of each change."""
    words = load_register_words()
    changes, steps = (
        list_changes(shelf, first, second, known),
        list_steps(shelf, first, second, known),
    )
    title = words.say("diff_title", lang, first=first.isoformat(), second=second.isoformat())
    rows = [
        (
            choose(shelf[c.register].names, lang), words.say(c.kind, lang), c.entry.id,
            tell_name(c.entry, lang), c.day.isoformat() if c.day else "-",
            tell_text(c.reason or "", lang), tell_sources(c.entry, lang),
        )
        for c in changes
    ]  # fmt: skip
    columns = ("register", "change", "id", "name", "day", "reason", "sources")
    counted = words.say("changes", lang, count=len(rows))
    listings = [list_rows(words, lang, counted, columns, rows)]
    if steps:
        moved = [
            (
                tell_name(s.pillar, lang),
                f"{words.say(f'state_{s.before}', lang)} → {words.say(f'state_{s.after}', lang)}",
            )
            for s in steps
        ]
        listings.insert(
            0, list_rows(words, lang, words.say("steps", lang), ("pillar", "state"), moved)
        )
    plain = {
        "first": first.isoformat(),
        "second": second.isoformat(),
        "pillars": [{"id": s.pillar.id, "before": s.before, "after": s.after} for s in steps],
        "changes": [
            {
                "register": c.register,
                "kind": c.kind,
                "day": to_plain(c.day),
                "reason": c.reason,
                "entry": describe_entry(c.entry),
                "before": describe_entry(c.before) if c.before else None,
            }
            for c in changes
        ],
    }
    return Answer(title, plain, tuple(listings), shelf.label)


def show_due(
    shelf: Shelf, today: date, until: date | None, lang: Lang, own: Sequence[Due] = ()
) -> Answer:
    """Answer what falls due, overdue first.

    Parameters
    ----------
    own : what falls due of the workspace itself: findings, ends of change sets.
    """
    words = load_register_words()
    found = sort_due((*list_due(shelf, today), *own), until)
    undated = list_undated(shelf)
    columns = ("day", "kind", "id", "name", "what", "reading", "owner", "sources")
    listings = []
    for key, part in sort_states(found).items():
        groups = group_due(part)
        if not groups and key == "due_unknown":
            continue
        rows = [_set_due(due, lang) for due in part if due.kind != "confirmation"]
        rows += _set_confirmations([due for due in part if due.kind == "confirmation"], lang)
        listing = list_rows(words, lang, words.say(key, lang, count=len(groups)), columns, rows)
        note = words.say("due_readings", lang, rows=len(part)) if len(part) > len(groups) else ""
        listings.append(replace(listing, note=note))
    rows = [
        (e.id, tell_name(e, lang), tell_text(e.note or "", lang), tell_sources(e, lang))
        for e in undated
    ]
    listings.append(
        list_rows(
            words, lang, words.say("undated", lang), ("id", "name", "reason", "sources"), rows
        )
    )
    never, everything = len(list_unconfirmed(shelf)), sum(1 for _ in shelf.entries())
    unnamed = len(list_unnamed(shelf))
    named = sum(e.confirmed_by is not None for _, e in shelf.entries())
    note = words.say("unconfirmed", lang, named=named, read=unnamed, count=never, all=everything)
    listings[-1] = Listing(listings[-1].title, listings[-1].columns, listings[-1].rows, note)
    plain = {
        "today": today.isoformat(),
        "due": [
            {
                "on": d.on.isoformat(), "working_day": find_working_day(d.on).isoformat(),
                "kind": d.kind, "overdue": d.overdue, "unknown": d.unknown, "id": d.entry.id,
                "register": d.register, "what": d.what.en,
                "reading": d.reading.en if d.reading else None, "owner": d.owner,
            }
            for d in found
        ],
        "undated": [e.id for e in undated],
        "never_confirmed": never,
        "read_without_a_name": unnamed,
        "confirmed_by_name": named,
    }  # fmt: skip
    title = words.say("due_title", lang, day=today.isoformat())
    # A finding says where a review found something wanting.
    label = shelf.label.join(AMBER) if own else shelf.label
    return Answer(title, plain, tuple(listings), label)


def sort_states(found: Sequence[Due]) -> dict[str, list[Due]]:
    """Sort what falls due: overdue; due with a result nobody looked for or found; due later."""
    return {
        "overdue": [due for due in found if due.overdue],
        "due_unknown": [due for due in found if due.unknown is not None],
        "coming": [due for due in found if not due.overdue and due.unknown is None],
    }


def show_period(start: date, days: int | None, months: int | None, lang: Lang) -> Answer:
    """Answer when a period ends that is counted from and including a day.

    Raises
    ------
    InputError
        Not exactly one length is given, or the period ends after the calendar does.
    """
    words = load_register_words()
    if (days is None) == (months is None):
        fix = "`--days 30` or `--months 4`"
        found = "neither" if days is None else "both"
        raise InputError([Problem("--days, --months", found, "one of the two", fix)])
    try:
        last = find_last_day(start, days=days or 0, months=months or 0)
        after = last + timedelta(days=1) if months is None else add_months(start, months)
        working = find_working_day(last)
    except (OverflowError, ValueError) as error:
        problem = Problem("--days, --months", str(error), "a day of the calendar", "shorten it")
        raise InputError([problem]) from error
    found_days = (
        ("count_start", start), ("count_last", last), ("count_working", working),
        ("count_after", after),
    )  # fmt: skip
    rows = [(words.say(key, lang), day.isoformat(), write_japanese(day)) for key, day in found_days]
    length = words.say("count_days" if months is None else "count_months", lang, n=days or months)
    title = words.say("count_title", lang, day=start.isoformat(), length=length)
    listing = list_rows(words, lang, title, ("what", "day", "era"), rows)
    plain = {key.removeprefix("count_"): day.isoformat() for key, day in found_days}
    return Answer(title, plain, (listing,), CLEAR)


def show_timeline(shelf: Shelf, first: date | None, last: date | None, lang: Lang) -> Answer:
    """Answer what happened or is planned, in order of time."""
    words = load_register_words()
    events = list_events(shelf, first, last)
    rows = [
        (
            e.on.isoformat(), words.say(f"event_{e.kind}", lang), e.entry.id,
            tell_name(e.entry, lang) + (f": {tell_text(e.what, lang)}" if e.what else ""), tell_sources(e.entry, lang),
        )
        for e in events
    ]  # fmt: skip
    title = words.say("timeline_title", lang)
    plain = {
        "events": [
            {
                "on": e.on.isoformat(), "kind": e.kind, "register": e.register, "id": e.entry.id,
                "what": e.what, "certain": e.certain,
            }
            for e in events
        ]
    }  # fmt: skip
    listing = list_rows(words, lang, title, ("day", "kind", "id", "what", "sources"), rows)
    return Answer(title, plain, (listing,), shelf.label)


def show_entry(shelf: Shelf, entry_id: str, lang: Lang) -> Answer:
    """Answer everything that is known of an id: all entries in time, sources, who names it."""
    words = load_register_words()
    entries = shelf.find(entry_id)
    mentions = list_mentions(shelf, entry_id)
    title = f"{tell_name(entries[-1], lang)} ({entry_id}) - {choose(shelf[shelf.homes[entry_id]].names, lang)}"
    listings = [
        list_rows(words, lang, tell_day(e, lang), ("field", "value"), _set_fields(e, lang))
        for e in entries
    ]
    readings = list_readings(entries[-1]) if shelf.homes[entry_id] == "reviews" else ()
    if readings:
        listings.append(_list_readings(readings, lang))
    if shelf.homes[entry_id] == "designations":
        listings.append(_list_plans(shelf, entry_id, lang))
    cited = dict.fromkeys(name for e in entries for name in e.sources)
    rows = [
        (
            name, shelf.sources[name].grade or "",
            load_cli_words().say(f"source_{shelf.sources[name].kind}", lang),
            tell_text(shelf.sources[name].title, lang), shelf.sources[name].url or "",
        )
        for name in cited
    ]  # fmt: skip
    columns = ("id", "grade", "kind", "title", "where")
    listings.append(list_rows(words, lang, words.say("source_list", lang), columns, rows))
    named = [(choose(shelf[n].names, lang), e.id, tell_name(e, lang)) for n, e in mentions]
    listings.append(
        list_rows(words, lang, words.say("mentions", lang), ("register", "id", "name"), named)
    )
    plain = {
        "id": entry_id,
        "register": shelf.homes[entry_id],
        "due": {r.reading: r.due.isoformat() for r in readings},
        "entries": [describe_entry(e) for e in entries],
        "sources": {name: to_plain(shelf.sources[name]) for name in cited},
        "named_by": [{"register": n, "id": e.id} for n, e in mentions],
    }
    return Answer(title, plain, tuple(listings), shelf.label)


def show_found(shelf: Shelf, text: str, lang: Lang) -> Answer:
    """Answer which entries a text finds."""
    words = load_register_words()
    found = shelf.search(text)
    rows = [
        (
            e.id,
            tell_name(e, lang),
            choose(shelf[name].names, lang),
            tell_day(e, lang),
            words.say(f"status_{e.status}", lang),
        )
        for name, e in found
    ]
    title = words.say("found_title", lang, text=text, count=len(rows))
    columns = ("id", "name", "register", "since", "status")
    plain = {"text": text, "found": [{"register": n, "id": e.id} for n, e in found]}
    return Answer(title, plain, (list_rows(words, lang, title, columns, rows),), shelf.label)


def _list_plans(shelf: Shelf, good: str, lang: Lang) -> Listing:
    """List the records that are judged to serve a good, with their steps, money and next step."""
    words = load_register_words()
    names = [e.text("of") for e in shelf["judgements"].entries if good in e.ids("goods")]
    rows = [
        (
            policy.id, tell_name(policy, lang), tell_progress(policy, lang),
            tell_field(policy, "budget", lang), tell_field(policy, "dates", lang),
            tell_field(policy, "next", lang), tell_sources(policy, lang),
        )
        for policy in (shelf.find(name)[-1] for name in names)
    ]  # fmt: skip
    title = words.say("plans_and_money", lang, count=len(rows))
    columns = ("id", "name", "status", "budget", "steps_told", "next_told", "sources")
    return list_rows(words, lang, title, columns, rows)


def _list_readings(readings: Sequence[Reading], lang: Lang) -> Listing:
    words = load_register_words()
    rows = [
        (
            r.due.isoformat(),
            tell_text(r.reading, lang),
            r.trigger.isoformat(),
            tell_text(r.said_by, lang),
        )
        for r in readings
    ]
    columns = ("day", "reading", "since", "where")
    return list_rows(words, lang, words.say("readings", lang), columns, rows)


def _list_pillars(shelf: Shelf, on: date, known: date | None, lang: Lang) -> Listing:
    words = load_register_words()
    rows = [
        (
            tell_name(p.entry, lang), words.say(f"state_{p.state}", lang),
            to_plain(p.in_force_from) or "-", to_plain(p.operating_from) or "-",
            tell_place(p.entry.text("articles"), lang),
        )
        for p in find_pillars(shelf, on, known)
    ]  # fmt: skip
    columns = ("pillar", "state", "in_force_from", "operating_from", "articles")
    listing = list_rows(words, lang, words.say("pillars", lang), columns, rows)
    full = find_full_operation(shelf, known)
    note = "" if full is None else words.say("full_operation", lang, day=full.isoformat())
    return Listing(listing.title, listing.columns, listing.rows, note)


def _list_counts(shelf: Shelf, state: dict[str, InForce], lang: Lang) -> Listing:
    words = load_register_words()
    rows = [
        (
            choose(shelf[name].names, lang), str(len(held)),
            str(sum(e.part_of is not None for e in held)),
            str(len(list_awaited(shelf[name], held.on, held.known))),
            str(len(list_known(shelf[name], held.known))),
        )
        for name, held in state.items()
    ]  # fmt: skip
    columns = ("register", "holds", "parts", "awaited", "entries")
    listing = list_rows(words, lang, words.say("counts", lang), columns, rows)
    return Listing(listing.title, listing.columns, listing.rows, words.say("counts_note", lang))


def _list_register(held: InForce, on: date, lang: Lang) -> list[Listing]:
    words = load_register_words()
    register = held.register
    name = choose(register.names, lang)
    columns = ("id", "name", "since", "sources")
    rows = [(e.id, tell_name(e, lang), tell_day(e, lang), tell_sources(e, lang)) for e in held]
    title = words.say("listed", lang, name=name, day=on.isoformat(), count=len(rows))
    awaited = list_awaited(register, on, held.known)
    waiting = [
        (
            e.id,
            tell_name(e, lang),
            f"{words.say(f'status_{name_awaited(e)}', lang)}, {tell_day(e, lang)}",
            tell_sources(e, lang),
        )
        for e in awaited
    ]
    listings = [list_rows(words, lang, title, columns, rows)]
    if waiting:
        later = words.say("awaited_title", lang, name=name)
        listings.append(list_rows(words, lang, later, columns, waiting))
    return listings


def _set_due(due: Due, lang: Lang) -> tuple[str, ...]:
    words = load_register_words()
    return (
        _tell_due_day(due.on, lang), words.say(f"due_{due.kind}", lang), due.entry.id,
        tell_name(due.entry, lang), choose(due.what, lang) + _tell_doubt(due, lang),
        choose(due.reading, lang) if due.reading else "",
        tell_bodies(due.owner or "", lang), tell_sources(due.entry, lang),
    )  # fmt: skip


def _set_confirmations(found: Sequence[Due], lang: Lang) -> list[tuple[str, ...]]:
    """Set the confirmations of one day in one row: nobody reads a hundred rows that say the same."""
    words, rows = load_register_words(), []
    for day in dict.fromkeys(due.on for due in found):
        group = [due for due in found if due.on == day]
        if len(group) == 1:
            rows.append(_set_due(group[0], lang))
            continue
        told = words.say("due_together", lang, count=len(group))
        first = group[0]
        rows.append(
            (
                _tell_due_day(day, lang), words.say("due_confirmation", lang), "-", told,
                choose(first.what, lang), choose(first.reading, lang) if first.reading else "",
                "", "",
            )
        )  # fmt: skip
    return rows


def _tell_doubt(due: Due, lang: Lang) -> str:
    """Tell whether what a day was counted from is unverified."""
    words = load_register_words()
    told = "" if due.unknown is None else tell_text(due.unknown, lang)
    told = told and f"; {words.say('result_unknown', lang, said=told)}"
    if COUNTED_FROM.get(due.kind) not in due.entry.unverified:
        return told
    return f"{told} ({words.say('unverified', lang)})"


def _tell_due_day(on: date, lang: Lang) -> str:
    """Tell a day, in Japanese with its era, and the next working day where it is a holiday."""
    told = f"{on.isoformat()} ({write_japanese(on)})" if lang == "ja" else on.isoformat()
    working = find_working_day(on)
    return told if working == on else f"{told} → {working.isoformat()}"


def _set_fields(entry: Entry, lang: Lang) -> list[tuple[str, str]]:
    unverified = load_register_words().say("unverified", lang)
    fields = [(name, getattr(entry, name)) for name in SHOWN_FIELDS]
    fields += [(f"value.{name}", value) for name, value in (entry.value or {}).items()]
    fields.append(("sources", tell_sources(entry, lang)))
    return [
        (
            name_field(name, lang) + (f" ({unverified})" if name in entry.unverified else ""),
            tell_value(value, lang, name.removeprefix("value.")),
        )
        for name, value in fields
        if value is not None or name.startswith("value.")
    ]
