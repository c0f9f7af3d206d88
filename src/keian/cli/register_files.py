"""Registers in and out of files: the shelf with one's own confirmations; spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from keian.cli.errors import write_json, write_line
from keian.cli.listing import Answer, list_rows, load_register_words
from keian.cli.register_cells import tell_value
from keian.cli.register_glance import list_kept
from keian.cli.register_show import tell_sources
from keian.core import AMBER, CLEAR, InputError, Problem, to_plain, validate
from keian.registers import Entry, Register, Shelf, load_shelf
from keian.registers.change_sets import FOLDER, list_acting, read_change_sets
from keian.registers.confirm import (
    FILE,
    Confirmation,
    apply_confirmations,
    check_confirmations,
    confirm,
    read_confirmations,
)
from keian.registers.due import Due
from keian.registers.findings import FILE as FINDINGS
from keian.registers.findings import (
    Finding,
    Step,
    add_finding,
    close_finding,
    follow_finding,
    name_state,
    read_findings,
    recall_findings,
    sort_findings,
)
from keian.registers.gaps import list_gaps
from keian.registers.law_text import check_citations, check_identity, read_law
from keian.registers.load import FORMS
from keian.registers.set_diff import list_sunsets
from keian.scenario.words import Lang
from keian.sheets.csv_files import write_csv
from keian.sheets.xlsx_write import WorkbookWriter, finish_file
from keian.store import find_workspace, open_workspace

DATES = (
    "in_force_from", "in_force_to", "certain_from", "published_on", "known_from", "confirmed_on",
)  # fmt: skip


def open_shelf(today: date, *, workspace: Path | None = None, until: date | None = None) -> Shelf:
    """Load the shipped registers with the change sets and confirmations of the workspace.

    Parameters
    ----------
    today : no confirmation or change set may be later.
    until : leave out what was confirmed or changed after this day; None = take all.

    Raises
    ------
    InputError
        The registers, the change sets or the confirmations are wrong.
    """
    root = find_workspace(workspace)
    sets = read_change_sets(root / FOLDER)
    shelf, path = load_shelf(sets=list_acting(sets, until or today)), root / FILE
    confirmations = read_confirmations(path)
    kept = [each for each in confirmations if until is None or each.on <= until]
    problems = check_confirmations(shelf, kept, today, str(path))
    if problems:
        raise InputError(problems)
    return apply_confirmations(shelf, kept)


def add_confirmation(confirmation: Confirmation, today: date, *, as_json: bool) -> None:
    """Keep a confirmation in the workspace and say where."""
    path = open_workspace().root / FILE
    confirm(_load_laid(today), path, confirmation, today)
    if as_json:
        write_json({"file": str(path), "id": confirmation.id, "on": confirmation.on.isoformat()})
    else:
        write_line(
            f"{confirmation.id}: confirmed on {confirmation.on} by {confirmation.by} ({path})"
        )


def _load_laid(on: date) -> Shelf:
    """Load the registers with the change sets that act on a day."""
    return load_shelf(sets=list_acting(read_change_sets(find_workspace() / FOLDER), on))


def record_finding(written: dict[str, object], *, as_json: bool) -> None:
    """Keep a finding in the workspace and say where.

    Raises
    ------
    InputError
        What was written is no finding, or it cannot be kept; all of it.
    """
    finding, problems = validate(written, Finding, {}, "command line")
    if finding is None:
        raise InputError(problems)
    path, shelf = open_workspace().root / FINDINGS, _load_laid(finding.opened_on)
    unknown = _check_keys(shelf, finding)
    if unknown:
        raise InputError(unknown)
    add_finding(shelf, path, finding)
    _tell_finding(finding.id, "recorded", path, as_json=as_json)


def add_step(name: str, written: dict[str, object], *, as_json: bool) -> None:
    """Keep what was done about a finding of the workspace.

    Raises
    ------
    InputError
        What was written is no step, or no open finding has the id.
    """
    step, problems = validate(written, Step, {}, "command line")
    if step is None:
        raise InputError(problems)
    path = open_workspace().root / FINDINGS
    follow_finding(_load_laid(step.on), path, name, step)
    _tell_finding(name, "followed", path, as_json=as_json)


def end_finding(name: str, closing: tuple[date, str, str], *, as_json: bool) -> None:
    """Close a finding of the workspace with its evidence."""
    path = open_workspace().root / FINDINGS
    close_finding(_load_laid(closing[0]), path, name, closing)
    _tell_finding(name, "closed", path, as_json=as_json)


def _check_keys(shelf: Shelf, finding: Finding) -> list[Problem]:
    """Check that the registers show, on the day of a finding, the gaps that it names."""
    keys = [gap.key for gap in list_gaps(shelf, finding.opened_on)]
    return [
        Problem("--gap", repr(key), "a gap that `keian register gaps` shows", _offer(key, keys))
        for key in finding.gaps
        if key not in keys
    ]


def _offer(key: str, keys: list[str]) -> str:
    near = get_close_matches(key, keys, n=2, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "`keian register gaps`"


def recall_kept(on: date) -> tuple[Finding, ...]:
    """Recall the findings of the workspace as they stood on a day."""
    return recall_findings(read_findings(find_workspace() / FINDINGS), on)


def recall_sunsets(today: date) -> tuple[Due, ...]:
    """Recall what falls due of the workspace itself: open findings, and ends of change sets."""
    sets = read_change_sets(find_workspace() / FOLDER)
    return list_sunsets([read for read in sets if read.made.on <= today], recall_kept(today), today)


def show_findings(today: date, lang: Lang) -> Answer:
    """Answer which findings are open, the overdue first, and which are closed."""
    findings = sort_findings(read_findings(find_workspace() / FINDINGS))
    listing = list_kept(findings, today, lang)
    plain = {
        "findings": [{**to_plain(f), "state": f"finding_{name_state(f, today)}"} for f in findings]
    }
    return Answer(listing.title, plain, (listing,), AMBER)


def _tell_finding(name: str, done: str, path: Path, *, as_json: bool) -> None:
    if as_json:
        write_json({"file": str(path), "id": name, "done": done})
    else:
        write_line(f"{name}: {done} ({path})")


def export_registers(shelf: Shelf, folder: Path, file_format: str, *, as_json: bool) -> None:
    """Write every register as a sheet of one workbook, or as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets = [(name, *set_sheet(register)) for name, register in shelf.registers.items()]
    sheets.append(("sources", *_set_sources(shelf)))
    files = []
    if file_format == "xlsx":
        path = folder / "registers.xlsx"
        with finish_file(path) as part, WorkbookWriter(part) as book:
            for name, header, rows in sheets:
                book.write_sheet(name, header, rows)
        files.append(path)
    else:
        for name, header, rows in sheets:
            path = folder / f"{name}.csv"
            with finish_file(path) as part:
                write_csv(part, header, rows)
            files.append(path)
    if as_json:
        write_json({"files": [str(file) for file in files]})
    else:
        write_line(f"{len(files)} {'files' if len(files) > 1 else 'file'} in {folder}")


def set_sheet(register: Register) -> tuple[tuple[str, ...], list[tuple[str | None, ...]]]:
    """Set a register as rows: ids, names, dates, every field of its form, sources."""
    fields = tuple(FORMS[register.id].model_fields)
    header = (
        "id", "en", "ja", "status", *DATES, "part_of", *fields, "unverified", "reason", "note",
        "sources", "label",
    )  # fmt: skip
    return header, [tuple(_set_row(entry, fields)) for entry in register.entries]


def show_law(
    shelf: Shelf, file: Path, provision: str | None, source: str | None, lang: Lang
) -> Answer:
    """Answer what a law's file holds; with a source, check what entries cite from it first.

    Raises
    ------
    InputError
        The file is no law, has no such provision, or lacks one that an entry cites.
    """
    words, law = load_register_words(), read_law(file)
    if source is not None:
        shelf.refuse_unknown_source(source)
        places = {e.id: e.places[source] for _, e in shelf.entries() if source in e.places}
        address = shelf.sources[source].url
        problems = check_identity(law, address) or check_citations(law, places)
        if problems:
            raise InputError(problems)
    chosen = law.provisions if provision is None else (law.find(provision),)
    rows = [
        (f"{p.id} ({p.amending})" if p.amending else p.id, f"{p.title}{p.caption or ''}", p.text)
        for p in chosen
    ]
    title = f"{law.title} ({law.number}, {law.revision or '-'})"
    listing = list_rows(words, lang, title, ("where", "title", "what"), rows)
    return Answer(title, to_plain(law if provision is None else chosen[0]), (listing,), CLEAR)


def _set_row(entry: Entry, fields: tuple[str, ...]) -> Iterator[str | None]:
    yield from (entry.id, entry.names.en, entry.names.ja, entry.status)
    yield from (_tell(getattr(entry, name)) for name in DATES)
    yield entry.part_of
    yield from (_tell((entry.value or {}).get(name)) for name in fields)
    yield ", ".join(entry.unverified) or None
    yield from (entry.reason, entry.note, tell_sources(entry, "en"), str(entry.label))


def _tell(value: object) -> str | None:
    return None if value is None else tell_value(value)


def _set_sources(shelf: Shelf) -> tuple[tuple[str, ...], list[tuple[str | None, ...]]]:
    header = ("id", "title", "publisher", "url", "locator", "published", "grade", "kind", "licence")
    rows = [
        tuple(_tell(getattr(source, name)) for name in header) for source in shelf.sources.values()
    ]
    return header, rows
