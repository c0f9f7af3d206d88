"""Sets in tables the agenda of the National Security Council, by matter of its Act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from keian.cli.listing import Answer, Listing, list_rows, load_register_words
from keian.cli.register_show import describe_entry, tell_day, tell_sources
from keian.core.digest import Plain
from keian.registers import Entry, Shelf
from keian.registers.agenda import Heading, list_agenda, list_open
from keian.registers.entry import Value
from keian.scenario.words import Lang, choose


def show_agenda(shelf: Shelf, on: date, matter: str | None, lang: Lang) -> Answer:
    """Answer what the council deliberates on by law, what came before it, and what is still open."""
    words = load_register_words()
    headings = list_agenda(shelf, on, matter)
    opened = list_open(headings)
    rows = [
        (
            choose(o.item.names, lang), o.follow_up["what"][lang],
            words.say(f"follow_{o.follow_up['state']}", lang),
            ", ".join(o.follow_up.get("entries", ())), tell_sources(o.item, lang),
        )
        for o in opened
    ]  # fmt: skip
    columns = ("name", "what", "status", "id", "sources")
    title = words.say("follow_title", lang, count=len(rows))
    listings = (
        _list_matters(headings, lang),
        _list_items(headings, lang),
        list_rows(words, lang, title, columns, rows),
    )
    plain = {
        "on": on.isoformat(),
        "matters": [
            {
                "matter": None if h.matter is None else describe_entry(h.matter),
                "items": [describe_entry(item) for item in h.items],
            }
            for h in headings
        ],
        "open": [{"item": o.item.id, **_describe(o.follow_up)} for o in opened],
    }
    return Answer(words.say("agenda_title", lang, day=on.isoformat()), plain, listings, shelf.label)


def _list_matters(headings: tuple[Heading, ...], lang: Lang) -> Listing:
    words = load_register_words()
    rows = [
        (
            h.matter.text("item"), choose(h.matter.names, lang), _tell_members(h.matter, lang),
            words.say(f"referral_{h.matter.text('referral')}", lang),
            words.say("yes" if (h.matter.value or {})["urgent"] else "no", lang),
            words.say("yes" if (h.matter.value or {})["committee"] else "no", lang),
            str(len(h.items)), tell_sources(h.matter, lang),
        )
        for h in headings
        if h.matter is not None
    ]  # fmt: skip
    columns = ("matter", "name", "members", "referral", "urgent", "committee", "count", "sources")
    listing = list_rows(words, lang, words.say("matters_title", lang), columns, rows)
    return replace(listing, note=words.say("matters_note", lang))


def _list_items(headings: tuple[Heading, ...], lang: Lang) -> Listing:
    words = load_register_words()
    rows = [
        (
            _tell_matter(h, item, lang), item.id, choose(item.names, lang),
            _tell_day(item, lang),
            "\n".join(_tell_paper(row, lang) for row in item.rows("papers")) or "-",
            _tell_decision(item, lang),
            ", ".join(item.ids("attendees")) or words.say("not_read", lang),
            "\n".join(_tell_follow_up(row, lang) for row in item.rows("follow_ups")) or "-",
            tell_sources(item, lang),
        )
        for h in headings
        for item in h.items
    ]  # fmt: skip
    columns = (
        "matter", "id", "name", "day", "papers", "decision", "attendees", "follow_ups", "sources",
    )  # fmt: skip
    title = words.say("agenda_items", lang, count=len(rows))
    return replace(
        list_rows(words, lang, title, columns, rows), note=words.say("agenda_note", lang)
    )


def _tell_matter(heading: Heading, item: Entry, lang: Lang) -> str:
    words = load_register_words()
    if heading.matter is None:
        return words.say("not_read", lang)
    author = item.text("matter_by")
    number = heading.matter.text("item")
    return words.say("judged_by", lang, what=number, author=author) if author else number


def _tell_members(matter: Entry, lang: Lang) -> str:
    words = load_register_words()
    return ", ".join(
        words.say(f"member_{name}", lang) for name in ("chair", *matter.ids("members"))
    )


def _tell_day(item: Entry, lang: Lang) -> str:
    on = (item.value or {}).get("on")
    return tell_day(item, lang) if on is None else on.isoformat()


def _tell_follow_up(row: Mapping[str, Value], lang: Lang) -> str:
    state = load_register_words().say(f"follow_{row['state']}", lang)
    return f"{row['what'][lang]}: {state}"


def _tell_decision(item: Entry, lang: Lang) -> str:
    decision = (item.value or {}).get("decision")
    return load_register_words().say("not_read", lang) if decision is None else decision[lang]


def _tell_paper(row: Mapping[str, Value], lang: Lang) -> str:
    """Tell a paper with its entry, and whether it is public; a label that it bears comes first."""
    words, public = load_register_words(), row.get("public")
    known = "not_read" if public is None else "public" if public else "not_public"
    place = f" ({row['entry']})" if row.get("entry") else ""
    return f"{row['what'][lang]}{place} [{row.get('label') or words.say(known, lang)}]"


def _describe(row: Mapping[str, Value]) -> Plain:
    return {
        "what": dict(row["what"]),
        "state": row["state"],
        "entries": list(row.get("entries", ())),
    }
