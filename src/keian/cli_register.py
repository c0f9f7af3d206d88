"""The commands of `keian register`: law, designations and measures on a day, their dates and gaps.

Heavy libraries are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from keian.cli_options import AsJson, InLang, Lang, command

register_app = typer.Typer(
    help="Law, designations, policy records: what holds on a day, what falls due, what is missing.",
    no_args_is_help=True,
)
DAY = "%Y-%m-%d"
Day = Annotated[
    datetime, typer.Argument(formats=[DAY], metavar="DATE", help="The day asked about.")
]
Known = Annotated[
    datetime | None,
    typer.Option("--known", formats=[DAY], metavar="DATE", help="Only what was known on this day."),
]
Today = Annotated[
    datetime | None,
    typer.Option("--on", formats=[DAY], metavar="DATE", help="Seen from this day. Default: today."),
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write the answer as an HTML page.")
]


@command(
    register_app,
    "at",
    "keian register at 2025-03-31",
    "keian register at 2025-03-31 --register designations --register essential_services",
    "keian register at 2026-01-01 --known 2025-06-30 --json",
)
def call_at(
    day: Day,
    known: Known = None,
    register: Annotated[
        list[str] | None,
        typer.Option(
            "--register", metavar="NAME|all", help="List its entries too; repeat for more."
        ),
    ] = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show what holds on a day: the pillars, counts by register, and entries of those named.

    Only what is in force or transitional counts; what is enacted, planned or expected is shown apart.
    """
    from keian.cli_listing import finish
    from keian.cli_register_show import show_day
    from keian.registers import load_shelf

    shelf = load_shelf()
    names = shelf.choose(register or ())
    answer = show_day(shelf, day.date(), _read_day(known), lang.value, names)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "diff",
    "keian register diff 2025-12-23 2025-12-24",
    "keian register diff 2024-01-01 2025-01-01 --lang ja --html changes.html",
)
def call_diff(
    first: Day,
    second: Day,
    known: Known = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show what was added, changed or ended between two days, with the reason of each."""
    from keian.cli_listing import finish
    from keian.cli_register_show import show_changes
    from keian.registers import load_shelf

    answer = show_changes(load_shelf(), first.date(), second.date(), _read_day(known), lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "due",
    "keian register due",
    "keian register due --until 2027-06-30 --ics due.ics",
)
def call_due(
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=[DAY], metavar="DATE", help="Leave out what is due later."),
    ] = None,
    on: Today = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write the days as a calendar.")
    ] = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show what falls due, overdue first: reviews by every reading, next steps, limits, confirmations.

    A confirmation falls due a year after a person last confirmed an entry.
    """
    from keian.cli_listing import finish
    from keian.cli_register_show import show_due
    from keian.registers import load_shelf

    shelf, today = load_shelf(), _read_day(on) or _find_today()
    if ics is not None:
        from keian.registers.calendar_export import write_calendar
        from keian.registers.due import list_due

        ics.write_bytes(write_calendar(list_due(shelf, today, _read_day(until)), today))
    answer = show_due(shelf, today, _read_day(until), lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "lineage",
    "keian register lineage H-04",
    "keian register lineage oil-stock-release --lang ja",
    "keian register lineage M06 --json",
)
def call_lineage(
    measure: Annotated[
        str,
        typer.Argument(
            metavar="MEASURE", help="A policy record (H-04), a catalogue or shipped measure."
        ),
    ],
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show what a measure hangs on: document, law, provision, record, lever, effect, review."""
    from keian.cli_listing import finish
    from keian.cli_register_gaps import show_lineage
    from keian.registers import load_shelf
    from keian.scenario import load_measures

    measures = {m.id: m for m in load_measures()}
    answer = show_lineage(load_shelf(), measure, measures, lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "gaps",
    "keian register gaps",
    "keian register gaps --data",
    "keian register gaps --html gaps.html --lang ja",
)
def call_gaps(
    data: Annotated[
        bool, typer.Option("--data", help="Count fields without a value instead.")
    ] = False,
    on: Today = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show what is missing: aims, goods, phases without a measure; records without owner or review."""
    from keian.cli_listing import finish
    from keian.cli_register_gaps import show_gaps, show_nulls
    from keian.registers import load_shelf

    shelf = load_shelf()
    today = _read_day(on) or _find_today()
    answer = show_nulls(shelf, lang.value) if data else show_gaps(shelf, today, lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "skeleton",
    "keian register skeleton --html review.html",
    "keian register skeleton --on 2026-10-01 --lang ja --html review.ja.html",
)
def call_skeleton(
    on: Today = None, lang: InLang = Lang.en, html: Html = None, as_json: AsJson = False
) -> None:
    """Write the skeleton of the comprehensive review: asked, done, effect, gaps, overdue, findings.

    Nothing is played. What the reviewer must judge stays blank; every line names its entry and source.
    """
    from keian.cli_listing import finish
    from keian.cli_register_report import show_skeleton
    from keian.registers import load_shelf
    from keian.scenario import load_measures

    measures = {m.id: m for m in load_measures()}
    answer = show_skeleton(load_shelf(), _read_day(on) or _find_today(), measures, lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "options",
    "keian register options case.dual-use-2026",
    "keian register options critical-minerals.gallium --lang ja",
)
def call_options(
    name: Annotated[str, typer.Argument(metavar="ID", help="A case, or a designated good.")],
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show which levers exist against a case or for a good: by element of power, law and lead time."""
    from keian.cli_listing import finish
    from keian.cli_register_report import show_options
    from keian.registers import load_shelf
    from keian.scenario import load_measures

    measures = {m.id: m for m in load_measures()}
    finish(
        show_options(load_shelf(), name, measures, lang.value),
        lang.value,
        as_json=as_json,
        html=html,
    )


@command(register_app, "progress", "keian register progress", "keian register progress --json")
def call_progress(lang: InLang = Lang.en, html: Html = None, as_json: AsJson = False) -> None:
    """Show how much of what each strategy asks for is done, by the definition shown, and the undone."""
    from keian.cli_listing import finish
    from keian.cli_register_gaps import show_progress
    from keian.registers import load_shelf

    finish(show_progress(load_shelf(), lang.value), lang.value, as_json=as_json, html=html)


@command(register_app, "coverage", "keian register coverage", "keian register coverage --lang ja")
def call_coverage(lang: InLang = Lang.en, html: Html = None, as_json: AsJson = False) -> None:
    """Show how many records are judged to work in each phase and aspect of a crisis."""
    from keian.cli_listing import finish
    from keian.cli_register_gaps import show_coverage
    from keian.registers import load_shelf

    finish(show_coverage(load_shelf(), lang.value), lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "timeline",
    "keian register timeline",
    "keian register timeline --from 2024-01-01 --to 2024-12-31 --lang ja",
)
def call_timeline(
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=[DAY], metavar="DATE", help="First day."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], metavar="DATE", help="Last day.")
    ] = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that has a day, in order: passed, published, in force, met, ended."""
    from keian.cli_listing import finish
    from keian.cli_register_show import show_timeline
    from keian.registers import load_shelf

    answer = show_timeline(load_shelf(), _read_day(first), _read_day(last), lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "show",
    "keian register show espa",
    "keian register show critical-minerals --lang ja",
)
def call_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of an entry.")],
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that is known of one entry: its periods, fields, sources, and who names it."""
    from keian.cli_listing import finish
    from keian.cli_register_show import show_entry
    from keian.registers import load_shelf

    finish(show_entry(load_shelf(), name, lang.value), lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "search",
    "keian register search fertilizer",
    "keian register search 肥料",
)
def call_search(
    text: Annotated[list[str], typer.Argument(metavar="WORDS", help="Words in either language.")],
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Find entries by words of their ids, names and aliases, in English or Japanese."""
    from keian.cli_listing import finish
    from keian.cli_register_show import show_found
    from keian.registers import load_shelf

    finish(
        show_found(load_shelf(), " ".join(text), lang.value), lang.value, as_json=as_json, html=html
    )


@command(
    register_app, "check", "keian register check", "keian register check --folder my-registers"
)
def call_check(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="DIR", help="Registers to check. Default: the shipped."),
    ] = None,
    on: Today = None,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Check every register: values, periods, ids that are named, sources; all problems at once.

    Ends with exit code 2 if anything is wrong. Says which confirmations are older than a year.
    """
    from keian.cli_listing import finish
    from keian.cli_register_gaps import show_check
    from keian.registers import load_shelf

    shelf = load_shelf() if folder is None else load_shelf(folder)
    answer = show_check(shelf, _read_day(on) or _find_today(), lang.value)
    finish(answer, lang.value, as_json=as_json, html=None)


def _read_day(day: datetime | None) -> date | None:
    return None if day is None else day.date()


def _find_today() -> date:
    return datetime.now().astimezone().date()
