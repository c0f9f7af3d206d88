# size: the door: one short function a command, its options and its help
"""The command `keian`: reads the command line, calls the rooms, shows what comes back.

Heavy libraries are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from keian import __version__
from keian.cli.errors import (
    DATA,
    INPUT,
    OK,
    describe_error,
    show_refusal,
    write_json,
    write_line,
)
from keian.cli.options import AsJson, InLang, Lang, SheetFormat, ViewerLabel, command
from keian.cli.register_own import register_app

if TYPE_CHECKING:
    from keian.cli.inputs import Named


class ReportLang(StrEnum):
    """Languages of a report."""

    en = "en"
    ja = "ja"
    both = "both"


class GoodTier(StrEnum):
    """How far a good is quantified."""

    modelled = "modelled"
    illustrative = "illustrative"
    registered = "registered"


class TradeFile(StrEnum):
    """Layouts of trade files."""

    baci = "baci"
    comtrade = "comtrade"
    customs_japan = "customs-japan"
    faostat = "faostat"


class OfficialKind(StrEnum):
    """Published input-output tables."""

    wiod2013 = "wiod2013"
    wiod2016 = "wiod2016"
    adb_mrio = "adb-mrio"
    oecd_icio = "oecd-icio"
    exiobase3 = "exiobase3"
    japan = "japan"
    japan_regions = "japan-regions"
    arrays = "arrays"


class ExecutorKind(StrEnum):
    """Where batches of an ensemble are played."""

    serial = "serial"
    processes = "processes"
    dask = "dask"


class AllocationKind(StrEnum):
    """Rules by which a short supplier shares out what vital users leave."""

    fill = "fill"
    level = "level"
    classes = "classes"


class Door(TyperGroup):
    """Turns every error of every command into one shape and one exit code."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - the signature of typer's own
        """Run a command and leave with its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        wanted = [word for word in given if word != "--debug"]
        as_json = "--json" in given
        try:
            code = super().main(
                wanted, *rest, **{**options, "standalone_mode": False, "obj": as_json}
            )
        except Exception as error:
            if "--debug" in given:
                raise
            code = refuse(error, as_json=as_json)
        sys.exit(code or OK)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the signature of typer's own
        """Run the command; an interruption says so, as every other end does."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise typer.Exit(refuse(error, as_json=ctx.obj)) from error


class Exposure(TyperGroup):
    """`keian exposure GOOD` is `keian exposure card GOOD`."""

    other_words = "card"  # the command that words naming no command are given to

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - the signature of typer's own
        """Take a word that is no command for the name of a good."""
        known = not args or args[0].startswith("-") or args[0] in self.list_commands(ctx)
        return super().resolve_command(ctx, args if known else [self.other_words, *args])


def refuse(error: BaseException, *, as_json: bool) -> int:
    """Show why there is no result, and return the exit code that says so."""
    refusal = describe_error(error)
    show_refusal(refusal, as_json=as_json)
    return refusal.exit_code


app = typer.Typer(cls=Door, add_completion=False, pretty_exceptions_enable=False)
economy_app = typer.Typer(help="What an economy holds.", no_args_is_help=True)
app.add_typer(economy_app, name="economy")
network_app = typer.Typer(help="Networks of firms.", no_args_is_help=True)
app.add_typer(network_app, name="network")
exposure_app = typer.Typer(
    cls=Exposure, help="What a country depends on.", invoke_without_command=True
)
app.add_typer(exposure_app, name="exposure")
app.add_typer(register_app, name="register")


EconomyName = Annotated[
    str, typer.Argument(metavar="ECONOMY", help="Name of a shipped economy, or its folder.")
]
ScenarioName = Annotated[
    str, typer.Argument(metavar="FILE|ID", help="A scenario: a YAML file, or a shipped id.")
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="FILE|ID|all",
        help="Only this scenario; repeat for more. all = every shipped one.",
    ),
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="FILE|ID", help="Only this measure; repeat for more."),
]
Draws = Annotated[
    int,
    typer.Option(
        min=1, max=100_000, metavar="N", help="Futures drawn from the ranges, for each run."
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DATE",
        help="Day 0 of every scenario; chooses the law in force. Default: as each file says.",
    ),
]
InReportLang = Annotated[ReportLang, typer.Option("--lang", help="Language of the report.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the files. Default: the run's in the workspace."
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=1024,
        metavar="N",
        help="Worker threads; results are the same for any. Default: all cores.",
    ),
]
WhatIfLaw = Annotated[
    bool, typer.Option("--what-if-law", help="Let measures run for which no law exists, marked so.")
]
Illustrative = Annotated[
    bool,
    typer.Option("--illustrative", help="Let illustrative goods run too; they enter no ranking."),
]
Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="Folder of runs. Default: KEIAN_WORKSPACE, else keian-workspace here.",
    ),
]
AllocationRule = Annotated[
    AllocationKind,
    typer.Option(
        "--allocation",
        help="How a short supplier shares out: by fill, to one level, or class by class.",
    ),
]
Executor = Annotated[
    ExecutorKind,
    typer.Option(
        "--executor",
        help="Where batches are played; results are the same. dask needs the extra cluster.",
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT", help="Scheduler of a dask cluster. Default: one of this machine."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=10_000, metavar="N", help="Batches at once. Default: all cores."),
]
BatchSeconds = Annotated[
    float,
    typer.Option(metavar="S", help="Length of a batch, 2 to 20: the most a kill can lose."),
]
MemoryLimit = Annotated[
    float | None,
    typer.Option(
        "--memory-limit",
        min=0.001,
        metavar="GB",
        help="Memory that may be used. Default: what is free.",
    ),
]


@app.callback(invoke_without_command=True)
def keian(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[  # noqa: ARG001 - taken out of the command line by Door, named here for the help
        bool, typer.Option("--debug", help="Show the traceback of a failure; works anywhere.")
    ] = False,
) -> None:
    """What a country depends on, what a crisis breaks first, and what each measure buys."""
    if version:
        write_line(f"keian {__version__}")
    elif ctx.invoked_subcommand is None:
        write_line(ctx.get_help())


@command(
    app,
    "review",
    "keian review",
    "keian review --lang ja --out report",
    "keian review --scenario hormuz-90d --measure oil-stock-release --draws 100",
    "keian review --scenario all --draws 20",
    "keian review japan --as-of 2026-04-01 --json",
    "keian review --comprehensive --out report",
)
def call_review(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    economy: EconomyName = "japan",
    scenario: Scenarios = None,
    measure: Measures = None,
    draws: Draws = 40,
    as_of: AsOf = None,
    lang: InReportLang = ReportLang.en,
    out: Out = None,
    threads: Threads = None,
    viewer: ViewerLabel = "TLP:AMBER",
    what_if_law: WhatIfLaw = False,
    illustrative: Illustrative = False,
    comprehensive: Annotated[
        bool,
        typer.Option(
            "--comprehensive",
            help="Also write the review of every policy record: asked, done, effect, gaps, overdue.",
        ),
    ] = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Play every crisis with every measure and write the report.

    Answers five questions: how long do we last, what runs out first, what can we still do, what
    does a day's wait cost, and whom do we ask. Without options: Japan, the
    scenarios of the default set, all measures that the law of the day allows.
    """
    from keian.cli.inputs import Asked, expand_all
    from keian.cli.run import finish, run_review

    named = name_inputs(
        economy, expand_all(scenario), measure, as_of,
        what_if_law=what_if_law, illustrative=illustrative,
    )  # fmt: skip
    asked = Asked(
        named=named,
        draws=draws,
        threads=threads,
        viewer=viewer,
        lang=lang.value,
        out=out,
        workspace=workspace,
        comprehensive=comprehensive,
    )
    finish(run_review(asked), asked, as_json=as_json)


@command(
    app,
    "simulate",
    "keian simulate hormuz-90d",
    "keian simulate my-crisis.yaml --measure oil-stock-release --draws 200",
)
def call_simulate(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    scenario: ScenarioName,
    measure: Measures = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    draws: Draws = 40,
    as_of: AsOf = None,
    lang: InReportLang = ReportLang.en,
    out: Out = None,
    threads: Threads = None,
    viewer: ViewerLabel = "TLP:AMBER",
    what_if_law: WhatIfLaw = False,
    illustrative: Illustrative = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Play one scenario, with the measures named and no others.

    Prints what runs out first and writes the same files as a review.
    """
    from keian.cli.inputs import Asked
    from keian.cli.run import finish, run_review

    named = name_inputs(
        economy,
        [scenario],
        measure or [],
        as_of,
        what_if_law=what_if_law,
        illustrative=illustrative,
    )
    asked = Asked(
        named=named,
        kind="simulate",
        draws=draws,
        threads=threads,
        viewer=viewer,
        lang=lang.value,
        out=out,
        workspace=workspace,
    )
    finish(run_review(asked), asked, as_json=as_json, tables=True)


@command(
    app,
    "ensemble",
    "keian ensemble hormuz-90d",
    "keian ensemble my-crisis.yaml --draws 10000 --workers 4",
    "keian ensemble hormuz-90d --measure oil-stock-release --executor dask --address 10.0.0.5:8786",
)
def call_ensemble(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    scenario: ScenarioName,
    measure: Measures = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    draws: Annotated[
        int, typer.Option(min=1, max=10_000_000, metavar="N", help="Futures drawn from the ranges.")
    ] = 1000,
    as_of: AsOf = None,
    executor: Executor = ExecutorKind.processes,
    workers: Workers = None,
    address: Address = None,
    allocation: AllocationRule = AllocationKind.fill,
    new_links: Annotated[
        bool,
        typer.Option("--new-links", help="Who misses something asks suppliers of competitors too."),
    ] = False,
    batch_seconds: BatchSeconds = 5.0,
    memory_limit: MemoryLimit = None,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    what_if_law: WhatIfLaw = False,
    illustrative: Illustrative = False,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Play many draws of one scenario and write quantiles by variable and day.

    Finished batches are kept at once: stop it when you like and go on with keian resume, or call
    the same again. The measures named act, and no others.
    """
    from keian.cli.ensemble import Means, finish, run_ensemble
    from keian.cli.inputs import Asked

    named = name_inputs(
        economy,
        [scenario],
        measure or [],
        as_of,
        what_if_law=what_if_law,
        illustrative=illustrative,
    )
    asked = Asked(
        named=named, kind="ensemble", draws=draws, viewer=viewer, lang=lang.value,
        workspace=workspace, allocation=allocation.value, new_links=new_links,
    )  # fmt: skip
    means = Means(executor.value, workers, address, batch_seconds, memory_limit)
    finish(lambda: run_ensemble(asked, means), lang.value, as_json=as_json)


@command(
    app, "resume", "keian resume 3fa9c1d2", "keian resume 3fa9c1d2 --workers 2 --batch-seconds 10"
)
def call_resume(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    run: Annotated[str, typer.Argument(metavar="RUN", help="First letters of a run's digest.")],
    executor: Executor = ExecutorKind.processes,
    workers: Workers = None,
    address: Address = None,
    batch_seconds: BatchSeconds = 5.0,
    memory_limit: MemoryLimit = None,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Go on with an ensemble that was stopped or killed; nothing finished is played again.

    keian runs lists what is unfinished. Another executor or length of batches changes no result.
    """
    from keian.cli.ensemble import Means, finish, resume_ensemble

    means = Means(executor.value, workers, address, batch_seconds, memory_limit)
    finish(lambda: resume_ensemble(run, workspace, viewer, means), lang.value, as_json=as_json)


@command(
    app,
    "explain",
    "keian explain hormuz-90d",
    "keian explain my-crisis.yaml --measure oil-stock-release --lang ja",
)
def call_explain(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    scenario: ScenarioName,
    measure: Measures = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    as_of: AsOf = None,
    illustrative: Illustrative = False,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Tell the timeline of a scenario before any run; nothing is played or written.

    What stops when, what it hits, which measure acts on which legal basis, what is assumed.
    """
    from keian.cli.inputs import load_inputs
    from keian.cli.tables import show_timeline
    from keian.core import to_plain
    from keian.scenario import explain

    named = name_inputs(
        economy, [scenario], measure, as_of, what_if_law=True, illustrative=illustrative
    )
    inputs = load_inputs(named)
    explanation = explain(
        inputs.scenarios[0],
        inputs.measures,
        inputs.economy,
        inputs.registers,
        lang=lang.value,
        reading=inputs.reading,
    )
    if as_json:
        write_json(to_plain(explanation))
    else:
        show_timeline(explanation)


@command(
    app,
    "why",
    "keian why c33 --scenario hormuz-365d --day 150",
    "keian why electricity --scenario cyber-ports-telecom-power --day 0 --lang ja",
)
def call_why(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="Id of a service, a good or an industry.")
    ],
    scenario: Annotated[str, typer.Option(help="Id of a shipped scenario, or a file.")],
    day: Annotated[int, typer.Option(help="Day of the run, from 0.", min=0)],
    measure: Measures = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    depth: Annotated[int, typer.Option(help="Steps followed at most.", min=1, max=20)] = 6,
    least: Annotated[
        float, typer.Option(help="Share below which a cause is counted among others.", min=0, max=1)
    ] = 0.1,
    viewer: ViewerLabel = "TLP:AMBER",
    illustrative: Illustrative = False,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Say why something falls short on a day: every cause behind it, with its share.

    Plays the mode run once and follows what bound each industry, service and good back to the
    shock. Nothing is written.
    """
    from keian.cli.inputs import load_inputs
    from keian.cli.viewer import parse_viewer
    from keian.cli.why import show_why

    named = name_inputs(
        economy, [scenario], measure or [], None, what_if_law=True, illustrative=illustrative
    )
    show_why(
        load_inputs(named), what, day,
        depth=depth, least=least, viewer=parse_viewer(viewer), lang=lang.value, as_json=as_json,
    )  # fmt: skip


@command(app, "scenarios", "keian scenarios", "keian scenarios lng-winter --lang ja")
def call_scenarios(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="FILE|ID", help="One scenario. Default: a list of the shipped."),
    ] = None,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """List the shipped scenarios, or say what one holds, from which sources, and what is missing.

    Nothing is played. Those marked as default are played by a review without --scenario.
    """
    from keian.cli.library import show_scenario, show_scenarios

    if scenario is None:
        show_scenarios(lang.value, as_json=as_json)
    else:
        show_scenario(scenario, lang.value, as_json=as_json)


@command(app, "measures", "keian measures", "keian measures naval-escort --json")
def call_measures(
    measure: Annotated[
        str | None,
        typer.Argument(metavar="FILE|ID", help="One measure. Default: a list of the shipped."),
    ] = None,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """List the shipped measures, or say what one does, on which basis, and what is missing.

    Missing: a cost that was not sourced, a date of force that was not verified, a law.
    """
    from keian.cli.library import show_measure, show_measures

    if measure is None:
        show_measures(lang.value, as_json=as_json)
    else:
        show_measure(measure, lang.value, as_json=as_json)


@command(app, "replay", "keian replay 3fa9c1d2", "keian replay 3fa9c1d2 --json")
def call_replay(
    run: Annotated[str, typer.Argument(metavar="RUN", help="First letters of a run's digest.")],
    threads: Threads = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Play a stored run again and say how equal the results are.

    Same bits, equal to 1e-9 relative, or different: then by how much and where. Says first which
    inputs and versions have changed since.
    """
    from keian.cli.replay import finish, replay

    finish(replay(run, workspace, threads), as_json=as_json)


@command(app, "runs", "keian runs", "keian runs --workspace shared-runs --json")
def call_runs(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """List the runs of a workspace: unfinished ones with how far they are, then the stored ones."""
    from keian.cli.runs import show_runs

    show_runs(workspace, as_json=as_json)


@command(app, "doctor", "keian doctor", "keian doctor --json")
def call_doctor(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Look whether this machine, this installation and the shipped tables are fit.

    Every line says ok, warn or fail, and how to mend what is not fit.
    """
    from keian.cli.doctor import examine
    from keian.store import find_workspace

    findings = []
    for finding in examine(find_workspace(workspace)):
        findings.append(finding)
        if not as_json:
            write_line(f"{finding.level:4}  {finding.what}: {finding.found}")
            if finding.fix and finding.level != "ok":
                write_line(f"      fix: {finding.fix}")
    if as_json:
        write_json({"findings": [asdict(finding) for finding in findings]})
    failed = {finding.about for finding in findings if finding.level == "fail"}
    raise typer.Exit((DATA if "data" in failed else INPUT) if failed else OK)


@command(economy_app, "show", "keian economy show", "keian economy show japan --lang ja")
def call_economy_show(
    economy: EconomyName = "japan", lang: InLang = Lang.en, as_json: AsJson = False
) -> None:
    """Show what an economy holds: the verdict on its table, goods by tier, services, routes.

    Every line names its sources; those cited are listed at the end with their grades.
    """
    from keian.cli.tables import describe_economy, show_economy
    from keian.economy import check_economy, load_economy

    loaded = load_economy(economy, illustrative=True)
    verdict = check_economy(loaded)
    if as_json:
        write_json(describe_economy(loaded, verdict))
    else:
        show_economy(loaded, verdict, lang.value)
    raise typer.Exit(OK if verdict.ok else DATA)


@command(
    economy_app,
    "export",
    "keian economy export sheets",
    "keian economy export sheets --format csv --lang ja",
)
def call_economy_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write into.")],
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    file_format: Annotated[
        SheetFormat, typer.Option("--format", help="One workbook, or one CSV file a sheet.")
    ] = SheetFormat.xlsx,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Write every table of an economy as spreadsheets, to be edited and imported again.

    With a sheet that names the unit of every column and a sheet of sources.
    """
    from keian.cli.sheets import export

    export(folder, economy, (file_format.value, lang.value), as_json=as_json)


@command(
    economy_app,
    "import",
    "keian economy import sheets/japan.xlsx --out mine",
    "keian economy import sheets --out mine --replace",
    "keian economy import my-parts.xlsx --out mine --economy japan",
)
def call_economy_import(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    path: Annotated[
        Path, typer.Argument(metavar="FILE|DIR", help="A workbook, or a folder of CSV files.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder that takes the economy's own.")
    ],
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Name of the economy and its folder. Default: as it was exported."
        ),
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Economy that a filled template adds its goods to.")
    ] = "japan",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an economy that is already there.")
    ] = False,
    label: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="Who may see it, such as TLP:GREEN. Default: as it was, TLP:AMBER at least where anything is changed or added.",
        ),
    ] = None,
    lang: Annotated[
        Lang | None, typer.Option("--lang", help="Language of messages. Default: the workbook's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read edited spreadsheets back as an economy that a review can use.

    Reports everything that is wrong with sheet, row and column; then nothing is written. A figure
    that was changed without its source gets a source of its own, an assumption named after the file.
    """
    from keian.cli.sheets import import_sheets

    names = (name, economy, None if lang is None else lang.value)
    import_sheets(path, out, names, label=label, replace=replace, as_json=as_json)


@command(
    economy_app,
    "read",
    "keian economy read wiod2016 WIOT2014_Nov16_ROW.xlsb",
    "keian economy read oecd-icio ICIO2023_2011.csv --home JPN --out mine --yen-per-usd 79.81",
    "keian economy read japan table.xlsx --year 2011 --out mine --per-usd 79.81",
)
def call_economy_read(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    kind: Annotated[OfficialKind, typer.Argument(metavar="KIND", help="What table it is.")],
    path: Annotated[
        Path, typer.Argument(metavar="FILE|DIR", help="The table as the publisher gives it out.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder that takes the economy's own. Default: none made."
        ),
    ] = None,
    home: Annotated[
        str | None,
        typer.Option(metavar="REGION", help="Region the review is about, as the table codes it."),
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YYYY", help="Year it must be of. Default: as it says.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the economy. Default: KIND-YEAR.")
    ] = None,
    by_sea: Annotated[
        list[str] | None,
        typer.Option(
            "--by-sea", metavar="SECTOR", help="Sector whose products move by sea; repeat for more."
        ),
    ] = None,
    per_usd: Annotated[
        float | None,
        typer.Option("--per-usd", metavar="RATE", help="Money of the table per US dollar."),
    ] = None,
    yen_per_usd: Annotated[
        float | None,
        typer.Option(
            "--yen-per-usd", metavar="RATE", help="Yen per US dollar, for figures in yen."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace an economy that is already there.")
    ] = False,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Read a published input-output table, say what it is worth, and make an economy of it.

    The verdict: whether rows and columns balance, negative cells, units without output,
    implausible shares. An unfit table is not written. Kinds: wiod2013, wiod2016, adb-mrio,
    oecd-icio, exiobase3, japan, japan-regions, arrays.
    """
    from keian.cli.official import Reading, read_table

    asked = Reading(
        kind.value, path, year, out, home, name, tuple(by_sea or ()), per_usd, yen_per_usd, replace
    )
    fit = read_table(asked, lang.value, as_json=as_json)
    raise typer.Exit(OK if fit else DATA)


@command(
    economy_app,
    "template",
    "keian economy template my-parts.xlsx",
    "keian economy template my-parts.xlsx --lang ja",
)
def call_economy_template(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Workbook to write, .xlsx.")],
    economy: Annotated[str, typer.Option(help="Economy the goods will be added to.")] = "japan",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Write a workbook in which a company fills in its own goods, suppliers and stocks.

    The import adds them to an economy in the tier `illustrative`.
    """
    from keian.cli.sheets import make_template

    make_template(path, economy, lang.value, as_json=as_json)


@command(
    app,
    "goods",
    "keian goods",
    "keian goods gallium",
    "keian goods レアアース --lang ja",
    "keian goods --tier registered --json",
)
def call_goods(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Id of a good or a designation, or words of its name."),
    ] = None,
    tier: Annotated[
        GoodTier | None, typer.Option("--tier", help="Only goods of this tier.")
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """List critical goods by tier, or look one up: designation, origins, stocks, users, gaps.

    Modelled goods run always, illustrative ones when asked, registered ones never.
    """
    from keian.cli.goods import show_goods
    from keian.economy import load_economy
    from keian.registers import load_registers

    show_goods(
        load_economy(economy, illustrative=True),
        load_registers(),
        name=name,
        tier=tier.value if tier else None,
        lang=lang.value,
        as_json=as_json,
    )


@command(
    app,
    "services",
    "keian services",
    "keian services electricity --lang ja",
    "keian services --as-of 2025-03-31 --json",
)
def call_services(
    service: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="One service in full: its id, or a word of its name."),
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of the law. Default: today."),
    ] = None,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Show the essential services: in force or not, in which tier, from which source.

    What provides each, whom it serves first, what it needs of the others, how it came back after
    earthquakes, and what is missing.
    """
    from keian.cli.essential_services import (
        describe_services,
        find_known,
        list_known,
        show_service,
        show_services,
    )
    from keian.economy import load_economy
    from keian.registers import load_register

    loaded, register = load_economy(economy), load_register("essential_services")
    on = (as_of or datetime.now().astimezone()).date()
    known = list_known(loaded, register, on)
    chosen = known if service is None else find_known(known, service, lang.value)
    if as_json:
        write_json(describe_services(loaded, chosen, on))
    elif service is None or len(chosen) > 1:
        show_services(loaded, chosen, on, lang.value)
    else:
        show_service(loaded, chosen[0], lang.value)


@command(
    app, "routes", "keian routes", "keian routes ホルムズ --lang ja", "keian routes suez --json"
)
def call_routes(
    route: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="One route in full: its id, or a part of its name."),
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """List straits, canals and port groups, or say what passes one and which scenarios close it.

    What passes: critical goods by origin, and flows of the table.
    """
    from keian.cli.routes import show_routes
    from keian.economy import load_economy

    show_routes(load_economy(economy), route, lang.value, as_json=as_json)


Network = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a network, named by its digest.")
]


@command(
    network_app,
    "generate",
    "keian network generate --out networks --firms 20000 --links 90000 --seed 1",
)
def call_network_generate(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that takes the network's own.")],
    economy: Annotated[str, typer.Option(help="Economy whose table it follows.")] = "japan",
    firms: Annotated[int, typer.Option(metavar="N", help="Number of firms.")] = 20_000,
    links: Annotated[
        int, typer.Option(metavar="N", help="Links asked for; repeats drop.")
    ] = 90_000,
    regions: Annotated[int, typer.Option(min=1, metavar="N", help="Number of regions.")] = 8,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed of all draws.")] = 1,
    suppliers_exponent: Annotated[
        float, typer.Option(metavar="X", help="Tail exponent of suppliers per firm.")
    ] = 2.35,
    clients_exponent: Annotated[
        float, typer.Option(metavar="X", help="Tail exponent of clients per firm.")
    ] = 2.35,
    as_json: AsJson = False,
) -> None:
    """Draw a synthetic national network that follows an economy's table.

    What industries sell to each other is the table's, cell by cell; which firm sells to which is
    drawn. Such a network shows how shocks spread, never which real firm is hit.
    """
    from keian.cli.network import make_synthetic
    from keian.network.generate import Shape

    shape = Shape(firms, links, suppliers_exponent, clients_exponent)
    make_synthetic(out, economy, shape, (regions, seed), as_json=as_json)


@command(
    network_app,
    "import",
    "keian network import firms.csv links.csv --out networks --currency MJPY --source 'Own list'",
    "keian network import firms.parquet links.parquet --out networks --column sales=uriage",
)
def call_network_import(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    firms: Annotated[Path, typer.Argument(metavar="FIRMS", help="List of firms.")],
    links: Annotated[Path, typer.Argument(metavar="LINKS", help="List of links.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that takes the network's own.")],
    name: Annotated[str, typer.Option(help="Name of the network.")] = "own",
    currency: Annotated[str, typer.Option(help="Money of the lists, as MJPY.")] = "MJPY",
    year: Annotated[int | None, typer.Option(help="Year of the figures.")] = None,
    source: Annotated[str, typer.Option(help="Who says so; without it: an assumption.")] = "",
    label: Annotated[str, typer.Option(help="Who may see it.")] = "TLP:AMBER",
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="OURS=THEIRS", help="The file's name of a column; repeat for more."),
    ] = None,
    repair: Annotated[
        list[str] | None,
        typer.Option(help="drop-unknown, drop-self-links, merge-duplicates; repeat for more."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read an own list of firms and links: CSV, Parquet or Arrow.

    Everything that is wrong is told at once, with file and line; then nothing is written. Repairs
    are made only when asked for, and stay with the network.
    """
    from keian.cli.network import Own, import_lists

    own = Own(name, currency, year, source, label)
    import_lists((firms, links, out), own, column or (), repair or (), as_json=as_json)


@command(network_app, "check", "keian network check networks/3fa9c1d2 --verify")
def call_network_check(
    network: Network,
    verify: Annotated[
        bool, typer.Option("--verify", help="Also calculate the digest of every byte.")
    ] = False,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Judge a network: counts, degrees, components, coverage, and all that is wrong with it."""
    from keian.cli.network import show_check

    fit = show_check(network, viewer, lang.value, verify=verify, as_json=as_json)
    raise typer.Exit(OK if fit else DATA)


@command(
    network_app,
    "simulate",
    "keian network simulate networks/3fa9c1d2 --shock capacity=0.5,from=3,to=30,region=R1",
    "keian network simulate networks/3fa9c1d2 --scenario hormuz-90d --measure oil-stock-release",
)
def call_network_simulate(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    network: Network,
    shock: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SHOCK",
            help="capacity=SHARE or final_demand=SHARE, from=DAY, to=DAY, half_life=DAYS, region=, "
            "product=, firm=, part=SHARE; repeat for more.",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(help="Play this scenario, with the firms in place of their industries."),
    ] = None,
    measure: Measures = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=36500,
            metavar="N",
            help="Days played: 180 unless said otherwise; a scenario has its own.",
        ),
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(
            help="plain, level, classes or inoue-todo. Default: plain, beside a scenario classes."
        ),
    ] = None,
    precision: Annotated[str, typer.Option(help="single or double.")] = "single",
    economy: Annotated[
        str | None,
        typer.Option(
            help="Economy that gives covers, criticality and value added; japan beside a scenario."
        ),
    ] = None,
    watch: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Firm recorded in full; repeat.")
    ] = None,
    threads: Threads = None,
    viewer: ViewerLabel = "TLP:AMBER",
    out: Out = None,
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Play shocks through a network of firms, day by day, alone or inside a scenario.

    Beside a scenario firms stand for the industries they are named after, and imports, critical
    goods and services act on them. Writes aggregates by industry, region and day, and the firms
    watched, when --out is given.
    """
    from keian.cli.network import DAYS, Play, play

    asked = Play(
        shocks=tuple(shock or ()), rules=rules or ("classes" if scenario else "plain"), days=days or DAYS, precision=precision, threads=threads or 2,
        watch=tuple(watch or ()), economy=economy, viewer=viewer, out=out,
    )  # fmt: skip
    if scenario is None:
        if measure:
            raise typer.BadParameter("a measure acts in a scenario: name one with --scenario")
        play(network, asked, lang.value, as_json=as_json)
        return
    from keian.cli.inputs import load_inputs
    from keian.cli.refined import play_refined

    named = name_inputs(economy or "japan", [scenario], measure or [], None, what_if_law=True)
    play_refined(network, asked, days, load_inputs(named), lang.value, as_json=as_json)


Top = Annotated[int, typer.Option(min=1, metavar="N", help="Rows shown on the terminal.")]
TablesOut = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write every row and column there as files."),
]
TablesFormat = Annotated[
    SheetFormat, typer.Option("--format", help="One workbook, or one CSV file a table.")
]


OwnTrade = Annotated[
    list[Path] | None,
    typer.Option(
        "--trade",
        metavar="FILE",
        help="Own trade figures that join the shipped panel: as for --flows; repeat for more.",
    ),
]
LawOn = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="DATE", help="Designations in force on it. Default: today."
    ),
]


@exposure_app.callback()
def call_exposure(
    ctx: typer.Context,
    top: Top = 40,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """What a country depends on: alone, the ranked table; with the name of a good, its card."""
    if ctx.invoked_subcommand is None:
        from keian.cli.exposure import Shown, show_screen

        shown = Shown(lang.value, viewer, top, None, SheetFormat.xlsx.value, as_json)
        show_screen(shown, importer="JPN", year=None, flows=[])


@command(
    exposure_app,
    "card",
    "keian exposure card gallium",
    "keian exposure card wheat --lang ja",
    "keian exposure wheat --as-of 2025-03-01 --year 2021 --json",
)
def call_exposure_card(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    goods: Annotated[
        list[str],
        typer.Argument(metavar="GOOD", help="Id or name of a good, or a customs heading."),
    ],
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year of the trade figures.")
    ] = None,
    as_of: LawOn = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    trade: OwnTrade = None,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Show the card of a good: dependence by value and tonnes, cover, choke points, stress tests.

    What the figures come to stands first, then each part with its sources; what is missing is
    said and never shown as zero.
    """
    from keian.cli.exposure import Shown
    from keian.cli.exposure_card import Looked, show_cards

    shown = Shown(lang.value, viewer, 1, None, SheetFormat.xlsx.value, as_json)
    looked = Looked(year, as_of.date() if as_of else None, economy, tuple(trade or ()))
    show_cards(shown, looked, goods=goods)


@command(
    exposure_app,
    "screen",
    "keian exposure screen",
    "keian exposure screen --year 2021 --lang ja --out tables",
    "keian exposure screen --importer KOR --format csv --out tables",
    "keian exposure screen --flows baci-2022.parquet --importer JPN --json",
    "keian exposure screen --trade baci-2025.parquet --year 2025",
)
def call_exposure_screen(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    importer: Annotated[
        str, typer.Option(metavar="ISO3", help="Country whose imports are screened.")
    ] = "JPN",
    year: Annotated[
        int | None,
        typer.Option(metavar="YEAR", help="Default: the last year that is not provisional."),
    ] = None,
    flows: Annotated[
        list[Path] | None,
        typer.Option(
            "--flows",
            metavar="FILE",
            help="Own flows, one file a year or more: Parquet of `keian exposure read`, or BACI.",
        ),
    ] = None,
    trade: OwnTrade = None,
    top: Top = 40,
    out: TablesOut = None,
    file_format: TablesFormat = SheetFormat.xlsx,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Screen every product that a country imports: concentration by value and by tonnes.

    Each published criterion under its own name, with the distance to its limit, how many years it
    was met, and where value and tonnes tell different stories.
    """
    from keian.cli.exposure import Shown, show_screen

    shown = Shown(lang.value, viewer, top, out, file_format.value, as_json)
    show_screen(shown, importer=importer, year=year, flows=flows or [], trade=trade or [])


@command(
    exposure_app,
    "report",
    "keian exposure report --out exposure",
    "keian exposure report --lang both --as-of 2025-03-01 --out exposure",
)
def call_exposure_report(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the files.")],
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year of the trade figures.")
    ] = None,
    as_of: LawOn = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    trade: OwnTrade = None,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InReportLang = ReportLang.en,
    as_json: AsJson = False,
) -> None:
    """Write the page of exposure: candidates, heat map, treemap, years, a card of every good.

    Beside the page stand a workbook and the same as JSON; all carry the label.
    """
    from keian.cli.exposure_card import Looked
    from keian.cli.exposure_report import write_report
    from keian.report.words import LANGS

    looked = Looked(year, as_of.date() if as_of else None, economy, tuple(trade or ()))
    langs = tuple(each for each in LANGS if lang.value in {each, "both"})
    write_report(looked, out, viewer=viewer, langs=langs, as_json=as_json)


@command(
    app,
    "candidates",
    "keian candidates",
    "keian candidates --as-of 2025-03-01 --lang ja",
    "keian candidates --all --out tables",
)
def call_candidates(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year of the trade figures.")
    ] = None,
    as_of: LawOn = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show goods too whose designation the figures bear out.")
    ] = False,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    trade: OwnTrade = None,
    top: Top = 40,
    out: TablesOut = None,
    file_format: TablesFormat = SheetFormat.xlsx,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Hold goods against the four requirements of a designation under the Act of 2022.

    Shows goods that meet all four and are not designated, and designated ones that fall short on
    the figures; each requirement with its evidence and gaps. Without a figure it reads
    "cannot say" and never counts as met.
    """
    from keian.cli.candidates import show_candidates
    from keian.cli.exposure import Shown
    from keian.cli.exposure_card import Looked

    shown = Shown(lang.value, viewer, top, out, file_format.value, as_json)
    looked = Looked(year, as_of.date() if as_of else None, economy, tuple(trade or ()))
    show_candidates(shown, looked, every=every)


@command(
    exposure_app,
    "choke-points",
    "keian exposure choke-points",
    "keian exposure choke-points --good gallium --good wheat --lang ja",
    "keian exposure choke-points --least-share 0.2 --out tables",
)
def call_exposure_choke_points(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    good: Annotated[
        list[str] | None,
        typer.Option("--good", metavar="ID", help="Only this good; repeat for more."),
    ] = None,
    least_share: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="SHARE", help="Loss above which a node can choke."),
    ] = 0.1,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year of the world's trade networks.")
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    top: Top = 40,
    out: TablesOut = None,
    file_format: TablesFormat = SheetFormat.xlsx,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Find suppliers and passages whose loss outlasts the stocks, one alone and two together.

    A choke point cuts more than a share of supply and is replaced later than stocks are gone.
    Three centralities of the world's trade stand beside it; none decides.
    """
    from keian.cli.exposure import Shown, show_choke_points

    shown = Shown(lang.value, viewer, top, out, file_format.value, as_json)
    show_choke_points(shown, economy=economy, goods=good or [], least_share=least_share, year=year)


@command(
    exposure_app,
    "look-through",
    "keian exposure look-through",
    "keian exposure look-through --industry JPN.c15 --lang ja",
    "keian exposure look-through --replacement-share 0.5 --out tables",
)
def call_exposure_look_through(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    industry: Annotated[
        str | None,
        typer.Option(metavar="UNIT", help="One industry, such as JPN.c15. Default: all together."),
    ] = None,
    replacement_share: Annotated[
        float,
        typer.Option(
            min=0, max=1, metavar="SHARE", help="Share of a cut that other makers take over."
        ),
    ] = 0.0,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    top: Top = 40,
    out: TablesOut = None,
    file_format: TablesFormat = SheetFormat.xlsx,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Tell what industries rest on abroad: direct inputs, and looked through the whole chain.

    With the ratio of the two, linkages, what a region's absence costs, and which third countries
    the paths pass.
    """
    from keian.cli.exposure import Shown, show_look_through

    shown = Shown(lang.value, viewer, top, out, file_format.value, as_json)
    show_look_through(
        shown, economy=economy, industry=industry, replacement_share=replacement_share
    )


@command(
    exposure_app,
    "power",
    "keian exposure power",
    "keian exposure power --with USA --with KOR --lang ja",
    "keian exposure power --by-product --with USA --year 2022",
    "keian exposure power --json",
)
def call_exposure_power(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    allies: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="REGION", help="A region that acts together with home."),
    ] = None,
    by_product: Annotated[
        bool, typer.Option("--by-product", help="Product by product, from trade between countries.")
    ] = False,
    importer: Annotated[str, typer.Option(metavar="ISO3", help="Home, with --by-product.")] = "JPN",
    year: Annotated[
        int | None,
        typer.Option(help="Year of the flows, with --by-product. Default: last settled."),
    ] = None,
    flows: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Own flows by keian exposure read, with --by-product."),
    ] = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    top: Top = 40,
    out: TablesOut = None,
    file_format: TablesFormat = SheetFormat.xlsx,
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Weigh what withheld inputs cost others and home, both in log points of output.

    With a band for the elasticities, and what acting together with other regions adds. Product by
    product the loss is one of the import bundle, with home's share and rank in world exports.
    """
    from keian.cli.exposure import Shown
    from keian.cli.exposure_power import show_power, show_power_products

    shown = Shown(lang.value, viewer, top, out, file_format.value, as_json)
    if by_product:
        show_power_products(
            shown,
            importer=importer,
            year=year,
            flows=flows or [],
            allies=allies or [],
            economy=economy,
        )
        return
    if importer != "JPN" or year is not None or flows:
        raise typer.BadParameter("--importer, --year and --flows go with --by-product")
    show_power(shown, economy=economy, allies=allies or [])


TechnologyAdd = Annotated[
    Path | None,
    typer.Option(
        "--add", metavar="FILE", help="Own grades, shares, holders and substitutes, as YAML."
    ),
]


@command(
    exposure_app,
    "technologies",
    "keian exposure technologies",
    "keian exposure technologies --lang ja --as-of 2023-01-01",
    "keian exposure technologies --add grades.yaml --json",
)
def call_exposure_technologies(
    add: TechnologyAdd = None,
    as_of: LawOn = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """List the fields of advanced critical technology and what sources give of each.

    Goods that embody them, home's shares and ranks, holders, substitutes, grades of experts; what no
    source gives is missing and counted.
    """
    from keian.cli.exposure import Shown
    from keian.cli.exposure_card import Looked
    from keian.cli.technologies import show_technologies

    shown = Shown(lang.value, viewer, 1, None, SheetFormat.xlsx.value, as_json)
    show_technologies(shown, Looked(None, as_of.date() if as_of else None, economy), added=add)


@command(
    exposure_app,
    "technology",
    "keian exposure technology semiconductors",
    "keian exposure technology 8 12 --lang ja",
    "keian exposure technology robotics --add grades.yaml --json",
)
def call_exposure_technology(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    names: Annotated[
        list[str],
        typer.Argument(metavar="TECHNOLOGY", help="Id, number or name of a technology."),
    ],
    add: TechnologyAdd = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Year of the trade figures.")
    ] = None,
    as_of: LawOn = None,
    economy: Annotated[
        str, typer.Option(help="Name of a shipped economy, or its folder.")
    ] = "japan",
    viewer: ViewerLabel = "TLP:AMBER",
    lang: InLang = Lang.en,
    as_json: AsJson = False,
) -> None:
    """Show the card of a technology: goods with their suppliers and export ranks, markets, holders.

    A rank stands only where countries that no source lists cannot change it.
    """
    from keian.cli.exposure import Shown
    from keian.cli.exposure_card import Looked
    from keian.cli.technologies import show_technology

    shown = Shown(lang.value, viewer, 1, None, SheetFormat.xlsx.value, as_json)
    looked = Looked(year, as_of.date() if as_of else None, economy)
    show_technology(shown, looked, names=names, added=add)


@command(
    exposure_app,
    "read",
    "keian exposure read BACI_HS92_Y2022.csv --to baci-2022.parquet",
    "keian exposure read trade.csv --kind comtrade --to korea.parquet",
    "keian exposure read customs.csv --kind customs-japan --to jp.parquet --countries codes.csv --yen-rate 131.5",
)
def call_exposure_read(  # noqa: PLR0913, PLR0917 - each argument is an option of the command
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Trade file as published.")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="Parquet file to write.")],
    kind: Annotated[
        TradeFile, typer.Option("--kind", help="Whose layout the file has.")
    ] = TradeFile.baci,
    nomenclature: Annotated[
        str, typer.Option(metavar="NAME", help="Edition of the headings in a BACI file.")
    ] = "HS92",
    correspondence: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Turn headings into another edition: CSV with the columns from, to, share.",
        ),
    ] = None,
    edition: Annotated[
        str, typer.Option(metavar="NAME", help="Edition that --correspondence leads to.")
    ] = "HS92",
    countries: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Customs' own country numbers: CSV with the columns code, iso3."
        ),
    ] = None,
    yen_rate: Annotated[
        float | None,
        typer.Option(min=1, metavar="YEN", help="Yen for a dollar, mean of the customs' year."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a trade file of any size once, check it, and store it for screening.

    Negative values and a country's trade with itself are set aside, rows that stand twice added up,
    unknown codes and missing quantities kept: all are listed with counts and values.
    """
    from keian.cli.exposure_read import Wanted, read_trade

    wanted = Wanted(
        path, to, kind.value, nomenclature, countries, yen_rate, correspondence, edition
    )
    read_trade(wanted, as_json=as_json)


def name_inputs(
    economy: str,
    scenarios: list[str] | None,
    measures: list[str] | None,
    as_of: datetime | None,
    *,
    what_if_law: bool,
    illustrative: bool = False,
) -> Named:
    """Gather what the command line names; without names: the default of the shipped."""
    from keian.cli.inputs import Named
    from keian.cli.lookup import put_ids

    return Named(
        economy=economy,
        scenarios=None if scenarios is None else put_ids(scenarios, "scenarios", "scenario"),
        measures=None if measures is None else put_ids(measures, "measures", "measure"),
        as_of=as_of.date() if as_of else None,
        what_if_law=what_if_law,
        illustrative=illustrative,
    )


def main() -> None:
    """Run the command line of this process."""
    app(prog_name="keian")
