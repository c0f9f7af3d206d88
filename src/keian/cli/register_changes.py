"""Change sets at the command line: tried as a whole, kept in one step, listed and shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from keian.cli.errors import write_json, write_line
from keian.cli.listing import Answer, Listing, finish, list_rows, load_register_words
from keian.cli.register_cells import name_field, tell_value
from keian.cli.register_show import tell_name, tell_sources
from keian.core import CLEAR, InputError, Label, Problem, join_labels, tell_text, to_plain
from keian.core.digest import Plain
from keian.registers import Entry, Shelf, load_shelf
from keian.registers.change_sets import (
    FOLDER,
    ReadSet,
    keep_change_set,
    list_acting,
    read_change_set,
    read_change_sets,
)
from keian.registers.set_diff import Difference, compare_shelves, find_touching
from keian.scenario.words import Lang, choose
from keian.store import find_workspace, open_workspace


def apply_change_set(
    file: Path, today: date, lang: Lang, *, only_check: bool, as_json: bool
) -> None:
    """Try a change set on the registers of the workspace, show what it changes, and keep it.

    Raises
    ------
    InputError
        The set, or the registers with it, are wrong: all problems; nothing is kept.
    """
    read = read_change_set(file)
    kept = read_change_sets(find_workspace() / FOLDER)
    before = load_shelf(sets=list_acting(kept, today))
    after = load_shelf(sets=(*list_acting(kept, today), read))
    answer = _show_set(read, compare_shelves(before, after), after, lang)
    path = None
    if not only_check:
        path = keep_change_set(open_workspace().root / FOLDER, read, today)
    if as_json:
        write_json(
            {
                **answer.plain,
                "file": None if path is None else str(path),
                "label": str(answer.label),
            }
        )
        return
    finish(answer, lang, as_json=False, html=None)
    words = load_register_words()
    write_line(
        words.say("set_tried", lang) if path is None else words.say("set_kept", lang, file=path)
    )


def show_change_sets(today: date, name: str | None, lang: Lang) -> Answer:
    """Answer which change sets the workspace has; with an id, what that one changes.

    Raises
    ------
    InputError
        No set has the id.
    """
    kept = read_change_sets(find_workspace() / FOLDER)
    if name is not None:
        return _show_one(kept, name, lang)
    words = load_register_words()
    rows = [
        (
            read.made.id, read.made.on.isoformat(), words.say(f"set_{_name_state(read, today)}", lang),
            read.made.author, read.made.reason, _tell_counts(read, lang),
            read.made.sunset.isoformat() if read.made.sunset else "-",
        )
        for read in kept
    ]  # fmt: skip
    title = words.say("sets_title", lang, count=len(rows))
    columns = ("id", "day", "status", "author", "reason", "changes", "sunset")
    listing = list_rows(words, lang, title, columns, rows)
    plain = {
        "sets": [{**_describe(read), "state": _name_state(read, today)} for read in kept],
        "folder": str(find_workspace() / FOLDER),
    }
    label = join_labels(CLEAR, *(Label(read.made.label) for read in kept))
    return Answer(title, plain, (listing,), label)


def join_touching(answer: Answer, entry_id: str, lang: Lang) -> Answer:
    """Join to what is known of an entry the change sets of the workspace that touch it."""
    words = load_register_words()
    found = find_touching(read_change_sets(find_workspace() / FOLDER), entry_id)
    if not found:
        return answer
    rows = [(r.made.id, r.made.on.isoformat(), r.made.author, r.made.reason) for r in found]
    columns = ("id", "day", "author", "reason")
    title = words.say("sets_title", lang, count=len(rows))
    listings = (*answer.listings, list_rows(words, lang, title, columns, rows))
    plain = {**answer.plain, "change_sets": [read.made.id for read in found]}
    return replace(answer, plain=plain, listings=listings)


def _show_one(kept: Sequence[ReadSet], name: str, lang: Lang) -> Answer:
    chosen = next((read for read in kept if read.made.id == name), None)
    if chosen is None:
        names = ", ".join(read.made.id for read in kept) or "none is kept"
        problem = Problem("ID", repr(name), f"a change set: {names}", "`keian register changes`")
        raise InputError([problem])
    # Those made by the day of the set that came before it.
    before = list_acting(kept[: kept.index(chosen)], chosen.made.on)
    first, second = load_shelf(sets=before), load_shelf(sets=(*before, chosen))
    return _show_set(chosen, compare_shelves(first, second), second, lang)


def _show_set(read: ReadSet, differences: Sequence[Difference], shelf: Shelf, lang: Lang) -> Answer:
    words, made = load_register_words(), read.made
    rows = [
        (
            choose(shelf[each.register].names, lang), each.entry.id, tell_name(each.entry, lang),
            name_field(each.field, lang) if each.field else words.say("added", lang),
            *_tell_values(each, lang), tell_text(each.entry.reason or "", lang), tell_sources(each.entry, lang),
        )
        for each in differences
    ]  # fmt: skip
    columns = ("register", "id", "name", "field", "before", "after", "reason", "sources")
    title = words.say(
        "set_title", lang, id=made.id, day=made.on, author=made.author, reason=made.reason
    )
    listing = list_rows(words, lang, title, columns, rows)
    if made.sunset is not None:
        note = words.say("set_sunset", lang, day=made.sunset.isoformat())
        listing = Listing(listing.title, listing.columns, listing.rows, note)
    plain = {
        **_describe(read),
        "differences": [
            {
                "register": each.register,
                "id": each.entry.id,
                "field": each.field or None,
                "before": to_plain(each.before),
                "after": None if isinstance(each.after, Entry) else to_plain(each.after),
                "sources": list(each.entry.sources),
            }
            for each in differences
        ],
    }
    return Answer(title, plain, (listing,), Label(made.label))


def _tell_values(each: Difference, lang: Lang) -> tuple[str, str]:
    if isinstance(each.after, Entry):
        return "-", tell_value(each.after.value, lang)
    key = each.field.removeprefix("value.")
    return tell_value(each.before, lang, key), tell_value(each.after, lang, key)


def _tell_counts(read: ReadSet, lang: Lang) -> str:
    words, tally = load_register_words(), Counter(change.do for change in read.made.changes)
    return ", ".join(f"{words.say(f'do_{do}', lang)} {count}" for do, count in tally.items())


def _name_state(read: ReadSet, today: date) -> str:
    return "acts" if read.made.acts(today) else "ended"


def _describe(read: ReadSet) -> Plain:
    made = read.made
    return {
        "id": made.id,
        "on": made.on.isoformat(),
        "author": made.author,
        "reason": made.reason,
        "fast_track": made.fast_track,
        "sunset": made.sunset.isoformat() if made.sunset else None,
        "changes": [{"do": c.do, "id": c.id or (c.entry or {}).get("id")} for c in made.changes],
    }
