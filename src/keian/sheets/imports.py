"""Reads spreadsheets back into the folder of an economy: one step that succeeds or changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from keian.core import (
    AMBER,
    CLEAR,
    DataError,
    InputError,
    Label,
    Problem,
    digest_file,
    is_plain_name,
    join_labels,
    read_yaml,
)
from keian.economy import check_economy, economy_digest, load_economy, set_aside
from keian.economy.load import find_economy
from keian.sheets.accounts import check_accounts
from keian.sheets.additions import add_goods
from keian.sheets.books import Book, open_book
from keian.sheets.described import check_described
from keian.sheets.documents import check_documents
from keian.sheets.doubts import doubt_commas, lack_baseline, list_doubts, warn_of
from keian.sheets.export import Lang
from keian.sheets.folder import replace_folder, write_folder, write_manifest, write_yaml
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
    digest : digest of the economy as the next review plays it: with its illustrative goods where
        some were added, without them otherwise.
    changed : figures that differ from the export and got the user's source.
    added : goods that a template added.
    doubts : what was taken as it stands and may be meant otherwise, with its place.
    lang : language of these words.
    noted : words that differ from the export, and rows added and removed.
    label : who may see what was made; it travels with every result.
    """

    folder: Path
    digest: str
    changed: tuple[str, ...]
    added: tuple[str, ...] = ()
    doubts: tuple[Problem, ...] = ()
    lang: Lang = "en"
    noted: tuple[str, ...] = ()
    label: Label = CLEAR


def import_economy(  # noqa: PLR0913 - each argument is an option of its own
    path: Path,
    out: Path,
    *,
    name: str | None = None,
    economy: str | Path = "japan",
    replace: bool = False,
    lang: Lang | None = None,
    label: str | None = None,
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
    label
        Level of what is made. If left out, that which the sheets or the economy bear, at least
        `TLP:AMBER` where anything in it is the user's own.

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
                return _import_additions(read, target, economy, label, replace=replace)
            target = _find_target(out, name or about.get("economy"))
            return _import_whole(read, target, label, replace=replace)
    except InputError as error:
        raise InputError(tell_problems(error.problems, said), lang=said) from None


def _find_target(out: Path, name: str | None) -> Path:
    """Find the folder to write; its name is the economy's."""
    if name is None or not is_plain_name(name):
        found = "no name of the economy" if name is None else repr(name)
        wanted = "a folder name of letters, digits and . _ -"
        raise InputError([Problem("--name", found, wanted, "give one: --name NAME")])
    return out / name


def choose_label(asked: str | None, held: Label, *, own: bool) -> Label:
    """Choose the label of what is imported: as asked, else as it was, AMBER for a user's own figures.

    Raises
    ------
    InputError
        An unknown level, or one below that of what is imported.
    """
    if asked is None:
        return join_labels(held, AMBER) if own else held
    chosen = Label(asked)
    if chosen.covers(held):
        return chosen
    fix = "ask for that one or a higher one; whoever owns the figures may lower it in their sheet of parameters"
    raise InputError([Problem("--label", f"{asked}, below {held}", f"{held} at least", fix)])


def _import_whole(read: Read, target: Path, label: str | None, *, replace: bool) -> Imported:
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
    parameters = parsed.contents.values["parameters"]
    own = bool(changed or noted or not parsed.contents.rows.get("baseline"))
    chosen = choose_label(label, Label(parameters.get("label") or CLEAR.level), own=own)
    parameters["label"] = chosen.level
    with replace_folder(target, replace=replace) as folder:
        write_folder(parsed.contents, folder)
        digest = check_folder(folder, target.name, parsed)
        told = warn_of(doubts, read.lang)
        document = _describe(book, changed, (), told, noted) | {"label": str(chosen)}
        write_manifest(folder / "manifest.json", document)
    return Imported(target, digest, changed, (), told, read.lang, noted, chosen)


def _import_additions(
    read: Read, target: Path, economy: str | Path, label: str | None, *, replace: bool
) -> Imported:
    """Write an economy with goods added."""
    with replace_folder(target, replace=replace) as folder:
        added = add_goods(read.parsed, read.findings, economy, folder)
        parameters = dict(read_yaml(folder / "parameters.yaml").data)
        chosen = choose_label(label, Label(parameters.get("label", CLEAR.level)), own=True)
        write_yaml(folder / "parameters.yaml", parameters | {"label": chosen.level})
        digest = check_folder(folder, target.name, read.parsed, illustrative=True)
        told = warn_of(list_doubts(read.parsed), read.lang)
        document = _describe(read.book, (), added, told) | {"label": str(chosen)}
        write_manifest(folder / "manifest.json", document)
    return Imported(target, digest, (), added, told, read.lang, label=chosen)


def refuse(findings: Findings) -> None:
    """Raise everything that was found."""
    problems = findings.list_all()
    if problems:
        raise InputError(problems)


def check_folder(
    folder: Path, name: str, parsed: Parsed | None = None, *, illustrative: bool = False
) -> str:
    """Load what was written and check that its accounts close; the digest of what runs.

    Parameters
    ----------
    illustrative : whether the illustrative goods run too.

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
    runs = loaded if illustrative else set_aside(loaded)
    return economy_digest(dataclasses.replace(runs, name=name))


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
