"""Confirmations: who looked again on which day and found that an entry still holds.

They are kept beside the registers, in a file of the user's own, so that shipped data stay as they
are and every confirmation keeps its author.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel

from keian.core import DOCUMENT, InputError, Problem, load_document
from keian.registers.entry import Entry
from keian.registers.shelf import Shelf, build_shelf

FILE = "confirmations.yaml"


class Confirmation(BaseModel):
    """A person confirms that the latest entry of an id still holds."""

    model_config = DOCUMENT

    id: str
    on: date
    by: str
    note: str | None = None


class Confirmations(BaseModel):
    """A file of confirmations, oldest first."""

    model_config = DOCUMENT

    confirmations: tuple[Confirmation, ...]


def read_confirmations(path: Path) -> tuple[Confirmation, ...]:
    """Read a file of confirmations; none if there is no file.

    Raises
    ------
    InputError
        The file is wrong; all of it.
    """
    return load_document(path, Confirmations).confirmations if path.exists() else ()


def check_confirmations(
    shelf: Shelf, confirmations: Sequence[Confirmation], today: date, where: str
) -> tuple[Problem, ...]:
    """Check that ids exist, days are not in the future, and somebody signs."""
    problems = []
    for number, each in enumerate(confirmations):
        place = f"{where} confirmations[{number}]"
        if each.id not in shelf.index:
            fix = "correct the id, or remove the confirmation"
            problems.append(Problem(f"{place}.id", repr(each.id), "the id of an entry", fix))
        if each.on > today:
            fix = "give the day on which it was looked at"
            problems.append(Problem(f"{place}.on", f"{each.on}", "a day that has come", fix))
        if not each.by.strip():
            problems.append(Problem(f"{place}.by", "no name", "who confirms", "write a name"))
    return tuple(problems)


def confirm(shelf: Shelf, path: Path, confirmation: Confirmation, today: date) -> None:
    """Add a confirmation to a file; the file is replaced in one step.

    Raises
    ------
    InputError
        The confirmation, or one already in the file, cannot be.
    """
    everything = (*read_confirmations(path), confirmation)
    problems = check_confirmations(shelf, everything, today, str(path))
    if problems:
        raise InputError(problems)
    plain = [each.model_dump(exclude_none=True) for each in everything]
    text = yaml.safe_dump({"confirmations": plain}, allow_unicode=True, sort_keys=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def apply_confirmations(shelf: Shelf, confirmations: Sequence[Confirmation]) -> Shelf:
    """Set day and name of the latest entry of each confirmed id; later ones count."""
    latest: dict[str, Confirmation] = {}
    for each in confirmations:
        before = latest.get(each.id)
        if before is None or each.on >= before.on:
            latest[each.id] = each
    if not latest:
        return shelf
    last = {name: entries[-1] for name, entries in shelf.index.items() if name in latest}
    registers = {
        name: replace(
            register,
            entries=tuple(
                _set_day(entry, latest[entry.id]) if last.get(entry.id) is entry else entry
                for entry in register.entries
            ),
        )
        for name, register in shelf.registers.items()
    }
    return build_shelf(registers, shelf.sources)


def _set_day(entry: Entry, by: Confirmation) -> Entry:
    if entry.confirmed_on is not None and entry.confirmed_on > by.on:
        return entry
    return replace(entry, confirmed_on=by.on, confirmed_by=by.by)
