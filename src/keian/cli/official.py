"""keian economy read: a published input-output table, its verdict, and an economy made of it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from keian.cli.errors import write_json, write_line
from keian.cli.set import add_row, make_console, print_text
from keian.core import InputError, Problem, to_plain
from keian.official import OfficialTable, TableVerdict, check_table, read_official, write_official
from keian.official.build import Wanted, Written
from keian.official.kinds import find_kind
from keian.official.verdict import Case, Finding
from keian.official.words import Lang, choose, say

COLUMNS = ("check", "count", "size", "worst")
CASES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read and what to make of it; without `out` the verdict is shown and no more."""

    kind: str
    path: Path
    year: int | None
    out: Path | None
    home: str | None
    name: str | None
    by_sea: tuple[str, ...]
    per_usd: float | None
    yen_per_usd: float | None
    replace: bool


def read_table(asked: Reading, lang: Lang, *, as_json: bool) -> bool:
    """Read a table, show what it is worth, write it where asked; returns whether it is fit.

    Raises
    ------
    InputError
        It cannot be read, or it is unfit and was to be written; all problems.
    """
    table = read_official(asked.kind, asked.path, asked.year)
    verdict = check_table(table)
    if asked.out is None:
        written = None
    else:
        if not as_json and not verdict.ok:
            show_verdict(verdict, lang)
        written = write_official(table, verdict, asked.out, _choose(asked, table))
    if as_json:
        write_json(describe(table, verdict, written))
        return verdict.ok
    show_verdict(verdict, lang)
    if written is not None:
        for line in written.assumed:
            write_line(say("assumed", lang, what=choose(line, lang)))
        write_line(f"economy {written.digest[:12]} in {written.folder}")
        write_line(say("bare", lang))
        write_line(f"next: keian simulate FILE --economy {written.folder}")
    return verdict.ok


def _choose(asked: Reading, table: OfficialTable) -> Wanted:
    """Choose home and name where they were not given."""
    regions = table.regions
    if asked.home is None and len(regions) > 1:
        found = f"no home among {len(regions)} regions"
        wanted = f"one of {', '.join(regions)}"
        raise InputError([Problem("--home", found, wanted, "add --home REGION")])
    return Wanted(
        home=asked.home or regions[0],
        name=asked.name or f"{table.origin.kind}-{table.year}",
        by_sea=asked.by_sea,
        per_usd=asked.per_usd,
        yen_per_usd=asked.yen_per_usd,
        replace=asked.replace,
    )


def show_verdict(verdict: TableVerdict, lang: Lang) -> None:
    """Show a verdict as a table."""
    from rich.table import Table

    console = make_console()
    names = find_kind(verdict.kind).names
    name = choose(names, lang)
    print_text(console, say("verdict", lang, name=name, year=verdict.year))
    print_text(console, say(
        "shape", lang, units=f"{verdict.units:,}", regions=verdict.regions, sectors=verdict.sectors,
        unit=verdict.unit,
    ))  # fmt: skip
    for note in verdict.notes:
        print_text(console, choose(note, lang))
    shown = Table(show_lines=False, pad_edge=False)
    for column in COLUMNS:
        shown.add_column(say(column, lang), overflow="fold")
    for finding in verdict.findings:
        add_row(shown, _tell(finding, verdict, lang))
    radius = f"{verdict.spectral_radius:.3f}"
    add_row(shown, (say("spectral_radius", lang), radius, "", ""))
    console.print(shown)
    for problem in verdict.problems:
        write_line(str(problem))
    count = len(verdict.problems)
    print_text(console, say("unfit", lang, count=count) if count else say("fit", lang))


def _tell(finding: Finding, verdict: TableVerdict, lang: Lang) -> tuple[str, str, str, str]:
    """Tell a finding: what, how many, how much, the worst cases."""
    name = say(finding.check, lang)
    if finding.count is None:
        why = "no_imports" if finding.check == "great_imports" else "not_published"
        return name, "-", say(why, lang), ""
    if finding.count == 0:
        return name, "0", "", ""
    share = finding.value / verdict.output if verdict.output > 0 else math.nan
    size = f"{finding.value:,.0f} {verdict.unit}, {say('of_output', lang, share=f'{share:.3%}')}"
    worst = "; ".join(_tell_case(case, verdict.unit) for case in finding.worst[:CASES_SHOWN])
    return name, f"{finding.count:,}", size, worst


def _tell_case(case: Case, unit: str) -> str:
    share = "" if math.isnan(case.share) else f" ({case.share:.1%})"
    return f"{case.where} {case.value:,.0f} {unit}{share}"


def describe(
    table: OfficialTable, verdict: TableVerdict, written: Written | None
) -> dict[str, Any]:
    """Describe a verdict, and what was written, as plain data; NaN is null."""
    told = _drop_nan(asdict(verdict))
    told |= {"ok": verdict.ok, "notes": [to_plain(note) for note in verdict.notes]}
    return {
        "verdict": told,
        "files": dict(table.origin.sha256),
        "economy": None if written is None else str(written.folder),
        "digest": None if written is None else written.digest,
        "assumed": [] if written is None else [to_plain(line) for line in written.assumed],
    }


def _drop_nan(thing: Any) -> Any:  # noqa: ANN401 - plain data
    if isinstance(thing, dict):
        return {key: _drop_nan(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_drop_nan(item) for item in thing]
    return None if isinstance(thing, float) and math.isnan(thing) else thing
