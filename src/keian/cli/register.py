"""The commands of `keian register`: law, designations and measures on a day, their dates and gaps.

Heavy libraries are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from keian.cli.options import AsJson, InLang, Lang, SheetFormat, ViewerLabel, command

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


def read_day(day: datetime | None) -> date | None:
    """Read the day of an option; None = not given."""
    return None if day is None else day.date()


def find_today() -> date:
    """Find the day of today where the user is."""
    return datetime.now().astimezone().date()


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
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_show import show_day

    shelf = open_shelf(find_today(), until=read_day(known))
    names = shelf.choose(register or ())
    answer = show_day(shelf, day.date(), read_day(known), lang.value, names)
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
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_show import show_changes

    shelf = open_shelf(find_today(), until=read_day(known))
    answer = show_changes(shelf, first.date(), second.date(), read_day(known), lang.value)
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

    A confirmation falls due a year after a person last confirmed an entry. Open findings and the
    sunsets of change sets in the workspace stand among them.
    """
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf, recall_sunsets
    from keian.cli.register_show import show_due

    shelf, today = open_shelf(find_today()), read_day(on) or find_today()
    own = recall_sunsets(today)
    if ics is not None:
        from keian.registers.calendar_export import write_calendar
        from keian.registers.due import list_due, sort_due

        found = sort_due((*list_due(shelf, today), *own), read_day(until))
        ics.write_bytes(write_calendar(found, today, lang.value))
    answer = show_due(shelf, today, read_day(until), lang.value, own)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "count",
    "keian register count 2024-05-17 --days 30",
    "keian register count 2024-10-31 --months 4 --lang ja",
)
def call_count(
    start: Day,
    days: Annotated[
        int | None, typer.Option("--days", min=1, metavar="N", help="Length in days.")
    ] = None,
    months: Annotated[
        int | None, typer.Option("--months", min=1, metavar="N", help="Length in months.")
    ] = None,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Count a period as the Act does, its first day included: last day, era, next working day.

    Also the corresponding day, by which review clauses count. Give --days or --months.
    """
    from keian.cli.listing import finish
    from keian.cli.register_show import show_period

    finish(
        show_period(start.date(), days, months, lang.value), lang.value, as_json=as_json, html=None
    )


@command(
    register_app,
    "lineage",
    "keian register lineage H-04",
    "keian register lineage oil-stock-release --lang ja",
    "keian register lineage M06 --json",
    "keian register lineage H-61 --run d080",
)
def call_lineage(
    measure: Annotated[
        str,
        typer.Argument(
            metavar="MEASURE", help="A policy record (H-04), a catalogue or shipped measure."
        ),
    ],
    run: Annotated[
        str | None,
        typer.Option(
            metavar="RUN", help="Effects of this stored review. Default: the newest that played it."
        ),
    ] = None,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show what a measure hangs on: document, law, provision, record, lever, effect, review.

    Effects are those of stored reviews (`keian review`), each with its run; then the next review.
    """
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_gaps import show_lineage
    from keian.cli.register_runs import find_stored
    from keian.cli.viewer import parse_viewer
    from keian.scenario import load_measures

    measures, reader = {m.id: m for m in load_measures()}, parse_viewer(viewer)
    answer = show_lineage(
        open_shelf(find_today()), measure, measures, lang.value,
        lambda names: find_stored(names, reader, run),
    )  # fmt: skip
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
    """Show what is missing: aims, goods, phases without a measure; records without owner or review.

    Beside each gap stands the finding that answers it: its owner and next day, or what closed it.
    """
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf, recall_kept
    from keian.cli.register_gaps import show_gaps, show_nulls

    shelf = open_shelf(find_today())
    today = read_day(on) or find_today()
    kept = recall_kept(today)
    answer = show_nulls(shelf, lang.value) if data else show_gaps(shelf, today, lang.value, kept)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "skeleton",
    "keian register skeleton --html review.html",
    "keian register skeleton --on 2026-10-01 --lang ja --html review.ja.html",
    "keian register skeleton --review report --html review.html",
)
def call_skeleton(
    on: Today = None,
    lang: InLang = Lang.en,
    html: Html = None,
    review: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|DIR", help="review.json of a review, or its folder: effects come from it."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the skeleton of the comprehensive review: asked, done, effect, gaps, overdue, findings.

    Nothing is played; `keian review --comprehensive` plays and writes it in one step. What the reviewer must judge stays blank; every line names its entry and source.
    """
    from keian.cli.listing import finish
    from keian.cli.register_effects import read_review
    from keian.cli.register_files import open_shelf, recall_kept
    from keian.cli.register_report import show_skeleton
    from keian.scenario import load_measures

    measures, today = {m.id: m for m in load_measures()}, read_day(on) or find_today()
    answer = show_skeleton(
        open_shelf(find_today()),
        today,
        measures,
        lang.value,
        None if review is None else read_review(review),
        findings=recall_kept(today),
    )
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
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_report import show_options
    from keian.scenario import load_measures

    measures = {m.id: m for m in load_measures()}
    finish(
        show_options(open_shelf(find_today()), name, measures, lang.value),
        lang.value,
        as_json=as_json,
        html=html,
    )


@command(
    register_app,
    "agenda",
    "keian register agenda",
    "keian register agenda --matter xi --lang ja",
)
def call_agenda(
    matter: Annotated[
        str | None,
        typer.Option("--matter", metavar="ITEM", help="Item of article 2(1), as xi. Default: all."),
    ] = None,
    on: Today = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show the agenda of the National Security Council by matter of its Act: who sits, what came.

    Papers, decisions and follow-ups as far as they were read. Own items come by `keian register apply`.
    """
    from keian.cli.listing import finish
    from keian.cli.register_agenda import show_agenda
    from keian.cli.register_files import open_shelf

    answer = show_agenda(open_shelf(find_today()), read_day(on) or find_today(), matter, lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "progress",
    "keian register progress",
    "keian register progress --at 2022-12-16 --at 2024-05-17 --at 2026-01-01",
    "keian register progress --since 2023-01-01 --step 12 --lang ja --html progress.html",
)
def call_progress(
    at: Annotated[
        list[datetime] | None,
        typer.Option("--at", formats=[DAY], metavar="DATE", help="As of this day; repeat."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=[DAY], metavar="DATE", help="From this day to today."),
    ] = None,
    step: Annotated[
        int, typer.Option("--step", min=1, metavar="MONTHS", help="Months between days of --since.")
    ] = 12,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Show how much of what each strategy asks for is done, by the definition shown, and the undone.

    With days: the share on each, derived from the dates of the entries, and which records moved.
    """
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_progress import list_days, show_history, show_progress

    today = find_today()
    shelf = open_shelf(today)
    days = list_days([day.date() for day in at or ()], read_day(since), step, today)
    answer = (
        show_history(shelf, days, lang.value) if days else show_progress(shelf, lang.value, today)
    )
    finish(answer, lang.value, as_json=as_json, html=html)


@command(register_app, "coverage", "keian register coverage", "keian register coverage --lang ja")
def call_coverage(lang: InLang = Lang.en, html: Html = None, as_json: AsJson = False) -> None:
    """Show how many records are judged to work in each phase and aspect of a crisis."""
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_gaps import show_coverage

    finish(
        show_coverage(open_shelf(find_today()), lang.value), lang.value, as_json=as_json, html=html
    )


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
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_show import show_timeline

    answer = show_timeline(open_shelf(find_today()), read_day(first), read_day(last), lang.value)
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
    from keian.cli.listing import finish
    from keian.cli.register_changes import join_touching
    from keian.cli.register_files import open_shelf
    from keian.cli.register_show import show_entry

    answer = show_entry(open_shelf(find_today()), name, lang.value)
    finish(join_touching(answer, name, lang.value), lang.value, as_json=as_json, html=html)


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
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_show import show_found

    finish(
        show_found(open_shelf(find_today()), " ".join(text), lang.value),
        lang.value,
        as_json=as_json,
        html=html,
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
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf
    from keian.cli.register_gaps import show_check
    from keian.registers import load_shelf

    shelf = open_shelf(find_today()) if folder is None else load_shelf(folder)
    answer = show_check(shelf, read_day(on) or find_today(), lang.value)
    finish(answer, lang.value, as_json=as_json, html=None)


@command(
    register_app,
    "export",
    "keian register export sheets",
    "keian register export sheets --format csv",
)
def call_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into.")],
    file_format: Annotated[
        SheetFormat, typer.Option("--format", help="One workbook, or one CSV file a register.")
    ] = SheetFormat.xlsx,
    as_json: AsJson = False,
) -> None:
    """Write every register with its sources as spreadsheets."""
    from keian.cli.register_files import export_registers, open_shelf

    export_registers(open_shelf(find_today()), folder, file_format.value, as_json=as_json)


@command(
    register_app,
    "law",
    "keian register law 504AC0000000043.xml",
    'keian register law 504AC0000000043.xml --provision "art. 52(3)"',
    "keian register law 504AC0000000043.xml --source l-espa",
)
def call_law(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XML of the e-Gov law search.")],
    provision: Annotated[
        str | None,
        typer.Option("--provision", metavar="PLACE", help="Show one provision: art. 52(3)."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="ID", help="Check what entries cite from this source."),
    ] = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Read a law as published and list its provisions, or check that what entries cite is there.

    Provisions are named as entries cite them: art. 52(3), art. 2(1)(xi), suppl. art. 4.
    """
    from keian.cli.listing import finish
    from keian.cli.register_files import open_shelf, show_law

    shelf = open_shelf(find_today())
    answer = show_law(shelf, file, provision, source, lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)
