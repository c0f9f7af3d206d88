"""Sets in tables how much of what strategies ask for is done, on a day and over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from keian.cli.listing import Answer, Listing, list_rows, load_register_words
from keian.cli.register_show import tell_name, tell_progress, tell_sources
from keian.core import InputError, Problem, to_plain
from keian.core.digest import Plain
from keian.registers import Entry, Shelf
from keian.registers.bodies import tell_bodies
from keian.registers.counting import add_months
from keian.registers.progress import Progress, load_definition, measure_progress
from keian.registers.stages import load_recorded
from keian.scenario.words import Lang, choose

PER_CENT = 100
MOST_DAYS = 60  # columns of a table that people can still read in parts
CLASSES = ("done", "partly", "undone", "undated")


def show_progress(shelf: Shelf, lang: Lang, on: date | None = None) -> Answer:
    """Answer how much of what each document asks for is done, by the definition shown.

    Parameters
    ----------
    on : day of which the stages are told; None = as the entries say, as of a frozen shelf.
    """
    words = load_register_words()
    measured = measure_progress(shelf, on)
    rows = [
        (
            tell_name(p.document, lang), str(p.count), str(len(p.done)), str(len(p.partly)),
            str(len(p.undone)), str(len(p.undated)), _tell_share(p),
        )
        for p in measured
    ]  # fmt: skip
    title = words.say("progress_title", lang)
    columns = ("document", "asked", "done", "partly", "undone", "no_day", "share")
    table = list_rows(words, lang, title, columns, rows)
    rest = {e.id: e for p in measured for e in (*p.partly, *p.undone, *p.undated)}
    undone = [
        (
            e.id,
            tell_name(e, lang),
            tell_progress(e, lang),
            tell_bodies(e.text("lead"), lang),
            tell_sources(e, lang),
        )
        for _, e in sorted(rest.items())
    ]
    later = list_rows(
        words,
        lang,
        words.say("undone_title", lang),
        ("id", "name", "status", "owner", "sources"),
        undone,
    )
    plain = {
        "definition": to_plain(load_definition()),
        "documents": [_describe(p) for p in measured],
    }
    first = Listing(table.title, table.columns, table.rows, _tell_definition(lang))
    return Answer(title, plain, (first, later), shelf.label)


def list_days(at: Sequence[date], since: date | None, step: int, today: date) -> tuple[date, ...]:
    """List the days of a history: those named, and every some months from a first day to today.

    Raises
    ------
    InputError
        A day has not come yet, or there are more than a table can hold.
    """
    days = set(at)
    if since is not None:
        months = 0
        while (day := add_months(since, months)) <= today and len(days) <= MOST_DAYS:
            days.add(day)
            months += step
        days.add(max(today, since))
    problems = [
        Problem("--at, --since", str(day), f"a day that has come by {today}", "correct the day")
        for day in sorted(days)
        if day > today
    ]
    if len(days) > MOST_DAYS:
        found = f"more than {MOST_DAYS} days"
        problems.append(
            Problem("--since", found, f"at most {MOST_DAYS}", "take longer steps: --step 12")
        )
    if problems:
        raise InputError(problems)
    return tuple(sorted(days))


def show_history(shelf: Shelf, days: Sequence[date], lang: Lang) -> Answer:
    """Answer how much of what each document asks for was done on several days, and what moved."""
    words = load_register_words()
    measured = {day: measure_progress(shelf, day) for day in days}
    names = {p.document.id: p.document for found in measured.values() for p in found}
    found = {(day, p.document.id): p for day in days for p in measured[day]}
    rows = [
        (
            tell_name(document, lang),
            str(found[days[-1], name].count),
            *(_tell_cell(found.get((day, name))) for day in days),
        )
        for name, document in sorted(names.items(), key=lambda item: str(item[1].start))
    ]
    title = words.say("history_title", lang)
    head = (words.say("col_document", lang), words.say("col_asked", lang))
    columns = (*head, *(day.isoformat() for day in days))
    note = words.say("history_note", lang, recorded=load_recorded().on)
    table = Listing(title, columns, tuple(rows), f"{_tell_definition(lang)} {note}")
    moved = _list_moves(measured, lang)
    plain = {
        "definition": to_plain(load_definition()),
        "recorded": to_plain(load_recorded()),
        "days": [
            {"on": day.isoformat(), "documents": [_describe(p) for p in measured[day]]}
            for day in days
        ],
    }
    return Answer(title, plain, (table, moved), shelf.label)


def _list_moves(measured: Mapping[date, Sequence[Progress]], lang: Lang) -> Listing:
    """List the records that are counted otherwise on a day than on the one before."""
    words = load_register_words()
    rows = []
    for first, second in pairwise(measured):
        before, after = _sort(measured[first]), _sort(measured[second])
        rows += [
            (
                second.isoformat(), name, tell_name(entry, lang),
                f"{words.say(f'col_{before[name][0]}', lang)} → {words.say(f'col_{kind}', lang)}",
                tell_sources(entry, lang),
            )
            for name, (kind, entry) in sorted(after.items())
            if name in before and before[name][0] != kind
        ]  # fmt: skip
    title = words.say("moved_title", lang, count=len(rows))
    return list_rows(words, lang, title, ("by_day", "id", "name", "change", "sources"), rows)


def _sort(measured: Sequence[Progress]) -> dict[str, tuple[str, Entry]]:
    return {
        entry.id: (kind, entry) for p in measured for kind in CLASSES for entry in getattr(p, kind)
    }


def _tell_cell(progress: Progress | None) -> str:
    if progress is None:
        return "-"
    return f"{_tell_share(progress)} ({len(progress.done)})"


def _tell_share(progress: Progress) -> str:
    low, high = (f"{PER_CENT * x:.0f}" for x in (progress.done_share, progress.highest_share))
    return f"{low} %" if low == high else f"{low}-{high} %"


def _tell_definition(lang: Lang) -> str:
    words, definition = load_register_words(), load_definition()
    return words.say(
        "progress_note",
        lang,
        done=", ".join(words.say(f"progress_{s}", lang) for s in definition.done),
        partly=", ".join(words.say(f"progress_{s}", lang) for s in definition.partly),
        undone=", ".join(words.say(f"progress_{s}", lang) for s in definition.undone),
        why=choose(definition.why, lang),
        author=definition.author,
        on=definition.on,
    )


def _describe(progress: Progress) -> Plain:
    return {
        "id": progress.document.id,
        "asked": progress.count,
        **{kind: [e.id for e in getattr(progress, kind)] for kind in CLASSES},
        "done_share": progress.done_share,
        "highest_share": progress.highest_share,
    }
