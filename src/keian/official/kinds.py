"""Kinds of tables that are read: names, files, publishers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from keian.core import DOCUMENT, InputError, Names, Problem, read_yaml

KINDS_FILE = Path(__file__).parent / "data" / "kinds.yaml"


class Kind(BaseModel):
    """A kind of table."""

    model_config = DOCUMENT

    names: Names
    title: str
    publisher: str | None
    url: str | None
    licence: str | None
    pattern: str
    files: str
    unit: str
    checked: str


@cache
def load_kinds() -> dict[str, Kind]:
    """Load the kinds by id."""
    return {key: Kind.model_validate(kind) for key, kind in read_yaml(KINDS_FILE).data.items()}


def find_kind(kind: str) -> Kind:
    """Find a kind.

    Raises
    ------
    InputError
        There is no such kind.
    """
    kinds = load_kinds()
    if kind not in kinds:
        raise InputError([Problem("KIND", repr(kind), f"one of {', '.join(kinds)}", "name one")])
    return kinds[kind]


def guess_kinds(path: Path) -> tuple[str, ...]:
    """Guess kinds from the name of a file; a pattern that any workbook meets tells nothing.

    Examples
    --------
    >>> guess_kinds(Path("WIOT2014_Nov16_ROW.xlsb"))
    ('wiod2016',)
    >>> guess_kinds(Path("table.xlsx"))
    ()
    """
    told = (key for key, kind in load_kinds().items() if not kind.pattern.startswith(r"\.xlsx"))
    return tuple(key for key in told if re.search(load_kinds()[key].pattern, path.name))


def describe_misfit(kind: str, path: Path) -> str:
    """Say what to do where a file is not laid out as its kind is."""
    others = [other for other in guess_kinds(path) if other != kind]
    if others:
        return f"the name is one of {others[0]}: keian economy read {others[0]} {path.name}"
    return f"download the file that the kind names: {find_kind(kind).files}"
