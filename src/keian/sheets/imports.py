"""Reads spreadsheets back into the folder of an economy: one step that succeeds or changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from keian.core import DataError, InputError, Problem, digest_file, is_plain_name
from keian.economy import check_economy, economy_digest, load_economy, set_aside
from keian.economy.load import find_economy
from keian.sheets.accounts import check_accounts
from keian.sheets.additions import add_goods
from keian.sheets.books import Book, open_book
from keian.sheets.described import check_described
from keian.sheets.documents import check_documents
from keian.sheets.doubts import doubt_commas, lack_baseline, list_doubts, warn_of
from keian.sheets.export import Lang
from keian.sheets.folder import replace_folder, write_folder, write_manifest
from keian.sheets.layout import list_sheets
from keian.sheets.messages import tell_problems
from keian.sheets.parse import Parsed, list_missing_sheets, parse_book
from keian.sheets.places import Findings
from keian.sheets.references import check_axes, check_references_between
from keian.sheets.seals import check_baseline, mark_changes
from keian.sheets.totals import check_totals

OPTIONAL = frozenset({"about", "baseline"})


@dataclass(frozen=True, slots=True)
class Read:
    """What an import works on.

    Attributes
    ----------
    book : what is read.
    parsed : what its sheets hold.
    findings : what is wrong.
    lang : language of messages.
    """

    book: Book
    parsed: Parsed
    findings: Findings
    lang: Lang


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made.

    Attributes
    ----------
    folder : folder of the economy.
    digest : digest of the economy as loaded from it.
    changed : figures that differ from the export and got the user's source.
    added : goods that a template added.
    doubts : what was taken as it stands and may be meant otherwise, with its place.
    lang : language of these words.
    noted : words that differ from the export, and rows added and removed.
    """

    folder: Path
    digest: str
    changed: tuple[str, ...]
    added: tuple[str, ...] = ()
    doubts: tuple[Problem, ...] = ()
    lang: Lang = "en"
    noted: tuple[str, ...] = ()


def import_economy(
    path: Path,
    out: Path,
    *,
    name: str | None = None,
    economy: str | Path = "japan",
    replace: bool = False,
    lang: Lang | None = None,
) -> Imported:
    """Import an edited export, or add the goods of a filled template to an economy.

    Parameters
    ----------
    path
        Workbook, or folder of CSV files.
    out
        Folder that takes the folder of the economy.
    name
        Name of the economy and its folder; that of the export if left out, since scenarios name
        the economy they are for.
    economy
        Economy that a template adds to.
    replace
        Whether an economy that is already there may be replaced.
    lang
        Language of messages; that of the workbook if left out.

    Raises
    ------
    InputError
        Everything that is wrong, with sheet, row and column; nothing is written then.
    """
    said: Lang = lang or "en"
    try:
        with open_book(path) as book:
            findings = Findings()
            parsed = parse_book(book, findings)
            said = lang or parsed.lang
            read = Read(book, parsed, findings, said)
            about = parsed.contents.values.get("about", {})
            if about.get("kind") == "additions":
                target = _find_target(out, name or find_economy(economy).name)
                return _import_additions(read, target, economy, replace=replace)
            target = _find_target(out, name or about.get("economy"))
            return _import_whole(read, target, replace=replace)
    except InputError as error:
        raise InputError(tell_problems(error.problems, said), lang=said) from None


def _find_target(out: Path, name: str | None) -> Path:
    """Find the folder to write; its name is the economy's."""
    if name is None or not is_plain_name(name):
        found = "no name of the economy" if name is None else repr(name)
        wanted = "a folder name of letters, digits and . _ -"
        raise InputError([Problem("--name", found, wanted, "give one: --name NAME")])
    return out / name


def _import_whole(read: Read, target: Path, *, replace: bool) -> Imported:
    """Write a whole economy."""
    book, parsed, findings = read.book, read.parsed, read.findings
    wanted = [sheet.id for sheet in list_sheets() if sheet.id not in OPTIONAL]
    findings.extend(list_missing_sheets(parsed, wanted, book.path.name))
    check_references_between(parsed, findings)
    before = len(findings.problems)
    check_axes(parsed, findings)
    if len(findings.problems) > before:
        parsed.spoilt |= {"flows", "final_demand"}
    check_documents(parsed, findings)
    check_totals(parsed, findings, {})
    check_accounts(parsed, findings)
    check_baseline(parsed, findings)
    check_described(book, parsed, findings)
    refuse(findings)
    doubts = [*list_doubts(parsed), *doubt_commas(book)]
    changed, noted = mark_changes(parsed, (book.path, book.day, read.lang), doubts)
    if not parsed.contents.rows.get("baseline"):
        doubts.append(lack_baseline(book.path.name, parsed))
    with replace_folder(target, replace=replace) as folder:
        write_folder(parsed.contents, folder)
        digest = check_folder(folder, target.name, parsed)
        told = warn_of(doubts, read.lang)
        write_manifest(folder / "manifest.json", _describe(book, changed, (), told, noted))
    return Imported(target, digest, changed, (), told, read.lang, noted)


def _import_additions(read: Read, target: Path, economy: str | Path, *, replace: bool) -> Imported:
    """Write an economy with goods added."""
    with replace_folder(target, replace=replace) as folder:
        added = add_goods(read.parsed, read.findings, economy, folder)
        digest = check_folder(folder, target.name, read.parsed)
        told = warn_of(list_doubts(read.parsed), read.lang)
        write_manifest(folder / "manifest.json", _describe(read.book, (), added, told))
    return Imported(target, digest, (), added, told, read.lang)


def refuse(findings: Findings) -> None:
    """Raise everything that was found."""
    problems = findings.list_all()
    if problems:
        raise InputError(problems)


def check_folder(folder: Path, name: str, parsed: Parsed | None = None) -> str:
    """Load what was written and check that its accounts close; the digest of what runs unasked.

    Raises
    ------
    InputError
        The economy does not load, or shares and accounts do not add up.
    """
    try:
        loaded = load_economy(folder, illustrative=True)
    except (InputError, DataError) as error:
        raise InputError(_rename(error.problems, folder, name, parsed)) from None
    verdict = check_economy(loaded)
    if verdict.problems:
        raise InputError(_rename(verdict.problems, folder, name, parsed))
    return economy_digest(dataclasses.replace(set_aside(loaded), name=name))


def _rename(
    problems: Iterable[Problem], folder: Path, name: str, parsed: Parsed | None
) -> list[Problem]:
    """Name the sheet and row where a document has one, else the economy in place of its folder."""
    return [
        Problem(
            (parsed.locate(p.where) if parsed else None)
            or p.where.replace(f"{folder}/", "").replace(folder.name, name),
            p.found,
            p.wanted,
            p.fix,
        )
        for p in problems
    ]


def _describe(
    book: Book,
    changed: tuple[str, ...],
    added: tuple[str, ...],
    doubts: tuple[Problem, ...],
    noted: tuple[str, ...] = (),
) -> dict[str, object]:
    """Describe an import: from which file, what was changed or added, what is doubtful."""
    files = sorted(book.path.glob("*.csv")) if book.path.is_dir() else [book.path]
    return {
        "what": "an economy imported from spreadsheets",
        "from": book.path.name,
        "day": book.day.isoformat(),
        "sha256": {file.name: digest_file(file) for file in files},
        "changed": list(changed),
        "noted": list(noted),
        "added": list(added),
        "doubts": [str(doubt) for doubt in doubts],
    }
