"""Reads registers from YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from keian.core import (
    CLEAR,
    DOCUMENT,
    InputError,
    Names,
    Problem,
    Source,
    load_document,
    load_sources,
)
from keian.registers.entry import Entry, Status, Value
from keian.registers.register import Register, check_periods

DATA = Path(__file__).parent / "data"
ASKED = ("acts", "designations")  # what a review asks
SHIPPED = (*ASKED, "essential_services")


class EntryDocument(BaseModel):
    """An entry as written in a file."""

    model_config = DOCUMENT

    id: str
    names: Names
    value: dict[str, Value] | None
    status: Status
    in_force_from: date | None
    in_force_to: date | None = None
    certain_from: date | None = None
    published_on: date | None = None
    known_from: date | None = None
    confirmed_on: date | None = None
    part_of: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...]


class RegisterDocument(BaseModel):
    """A register as written in a file."""

    model_config = DOCUMENT

    id: str
    names: Names
    entries: tuple[EntryDocument, ...]


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers that a review asks."""

    acts: Register
    designations: Register


def load_register(path: Path | str, sources: Path | str | None = None) -> Register:
    """Load a register and check its periods and sources.

    Parameters
    ----------
    path : the register's YAML file, or the name of a shipped register.
    sources : the file of its sources; by default `sources.yaml` beside it.

    Raises
    ------
    InputError
        The file is wrong, periods overlap or leave a gap, or a source is unknown; all of it.
    """
    file = DATA / f"{path}.yaml" if str(path) in SHIPPED else Path(path)
    document = load_document(file, RegisterDocument)
    known = load_sources(Path(sources) if sources else file.with_name("sources.yaml"))
    entries = tuple(_build_entry(e) for e in document.entries)
    problems = (
        *check_periods(entries, str(file)),
        *_check_links(entries, known, str(file)),
    )
    if problems:
        raise InputError(problems)
    ordered = sorted(entries, key=lambda e: (e.id, e.start or date.min))
    return Register(document.id, document.names, tuple(ordered), known, CLEAR)


def load_registers() -> Registers:
    """Load the shipped registers: acts and orders, and designated goods."""
    return Registers(*(load_register(name) for name in ASKED))


def _build_entry(document: EntryDocument) -> Entry:
    fields = dict(document)
    return Entry(**fields, label=CLEAR)


def _check_links(entries: tuple[Entry, ...], known: dict[str, Source], where: str) -> list[Problem]:
    ids = {e.id for e in entries}
    problems = [
        Problem(
            where=f"{where} {entry.id}",
            found=f"source {source!r}",
            wanted="the id of a source in sources.yaml",
            fix="add the source or correct its id",
        )
        for entry in entries
        for source in entry.sources
        if source not in known
    ]
    problems += [
        Problem(
            where=f"{where} {entry.id}",
            found="no source",
            wanted="at least one source",
            fix="name where the entry was read",
        )
        for entry in entries
        if not entry.sources
    ]
    problems += [
        Problem(
            where=f"{where} {entry.id}",
            found=f"part_of {entry.part_of!r}",
            wanted="the id of an entry of this register",
            fix="correct part_of",
        )
        for entry in entries
        if entry.part_of is not None and entry.part_of not in ids
    ]
    return problems
