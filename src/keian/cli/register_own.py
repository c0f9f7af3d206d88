"""The commands of `keian register` on what a user keeps: confirmations, change sets, findings.

Heavy libraries are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from keian.cli.options import AsJson, InLang, Lang, command
from keian.cli.register import DAY, Html, Today, find_today, read_day, register_app

__all__ = ["register_app"]


@command(
    register_app,
    "confirm",
    'keian register confirm espa --on 2026-11-20 --by "A. Officer"',
)
def call_confirm(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of the entry that was looked at.")],
    on: Annotated[
        datetime, typer.Option("--on", formats=[DAY], metavar="DATE", help="Day of looking.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who looked.")],
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What was looked at.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record that a person looked at an entry and found that it still holds.

    Kept in `confirmations.yaml` of the workspace; a year later it falls due again.
    """
    from keian.cli.register_files import add_confirmation
    from keian.registers.confirm import Confirmation

    made = Confirmation(id=name, on=on.date(), by=by, note=note)
    add_confirmation(made, find_today(), as_json=as_json)


@command(
    register_app,
    "apply",
    "keian register apply my-changes.yaml --check",
    "keian register apply my-changes.yaml",
)
def call_apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A change set: see the how-to.")],
    only_check: Annotated[
        bool, typer.Option("--check", help="Only try it and show what it changes.")
    ] = False,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Add, close or correct entries in the workspace by a dated set with author, reason and sources.

    The set is checked with all registers and kept as a whole or not at all; shipped data stay as
    they are. A fast-track set needs a sunset, on which it ends by itself.
    """
    from keian.cli.register_changes import apply_change_set

    apply_change_set(file, find_today(), lang.value, only_check=only_check, as_json=as_json)


@command(
    register_app,
    "changes",
    "keian register changes",
    "keian register changes 2026-12-goods --lang ja",
)
def call_changes(
    name: Annotated[
        str | None, typer.Argument(metavar="ID", help="A change set: show what it changes.")
    ] = None,
    lang: InLang = Lang.en,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """List the change sets of the workspace, or show one: each field before and after, with sources."""
    from keian.cli.listing import finish
    from keian.cli.register_changes import show_change_sets

    answer = show_change_sets(find_today(), name, lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "findings",
    "keian register findings",
    "keian register findings --on 2027-01-01 --lang ja --html findings.html",
)
def call_findings(
    on: Today = None, lang: InLang = Lang.en, html: Html = None, as_json: AsJson = False
) -> None:
    """List the findings kept in the workspace: open ones first, then those closed with evidence."""
    from keian.cli.listing import finish
    from keian.cli.register_files import show_findings

    answer = show_findings(read_day(on) or find_today(), lang.value)
    finish(answer, lang.value, as_json=as_json, html=html)


@command(
    register_app,
    "find",
    'keian register find no-ventilator-plan "No plan for ventilators" --about ventilators --owner MHLW --next 2027-03-31',
    'keian register find no-recovery-money "No measure pays for recovery" --gap empty_cell:recovery.finance --owner MOF --next 2027-03-31',
)
def call_find(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A short id: small letters and dashes.")
    ],
    what: Annotated[str, typer.Argument(metavar="TEXT", help="What was found.")],
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Who answers it.")],
    next_day: Annotated[
        datetime, typer.Option("--next", formats=[DAY], metavar="DATE", help="Next day of looking.")
    ],
    about: Annotated[
        list[str] | None, typer.Option("--about", metavar="ID", help="Entry it is about; repeat.")
    ] = None,
    gap: Annotated[
        list[str] | None,
        typer.Option(
            "--gap", metavar="KIND:ID", help="Gap it answers, as `gaps` names it; repeat."
        ),
    ] = None,
    sunset: Annotated[
        datetime | None,
        typer.Option("--sunset", formats=[DAY], metavar="DATE", help="End of a fast-track change."),
    ] = None,
    fast_track: Annotated[
        bool, typer.Option("--fast-track", help="Changed at once, reviewed after; needs --sunset.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Record a finding of a review in the workspace: about which entries, whose, until when."""
    from keian.cli.register_files import record_finding

    written = {
        "id": name, "what": what, "about": tuple(about or ()), "gaps": tuple(gap or ()), "owner": owner,
        "opened_on": find_today(), "next_on": next_day.date(), "fast_track": fast_track,
        "sunset": read_day(sunset),
    }  # fmt: skip
    record_finding(written, as_json=as_json)


@command(
    register_app,
    "follow",
    'keian register follow no-ventilator-plan "Ministry asked" --next 2027-06-30 --by "A. Officer"',
)
def call_follow(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of an open finding.")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What was done or found.")],
    next_day: Annotated[
        datetime, typer.Option("--next", formats=[DAY], metavar="DATE", help="Next day of looking.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who followed it.")],
    as_json: AsJson = False,
) -> None:
    """Record what was done about an open finding, and when to look again."""
    from keian.cli.register_files import add_step

    written = {"on": find_today(), "what": what, "by": by, "next_on": next_day.date()}
    add_step(name, written, as_json=as_json)


@command(
    register_app,
    "close",
    'keian register close no-ventilator-plan --evidence "Plan certified on 2027-02-01" --by "A. Officer"',
)
def call_close(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of an open finding.")],
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXT", help="What shows that it was answered.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who closes it.")],
    as_json: AsJson = False,
) -> None:
    """Close a finding with evidence."""
    from keian.cli.register_files import end_finding

    end_finding(name, (find_today(), evidence, by), as_json=as_json)
