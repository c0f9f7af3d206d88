"""Reads the viewer from the command line; every table and report is released to one."""

from __future__ import annotations

from keian.core import InputError, Problem
from keian.share import Viewer

GROUPS = "REL "  # as a label writes the groups it may be released to


def parse_viewer(text: str) -> Viewer:
    """Read a viewer from words such as `TLP:AMBER`, `amber` or `TLP:RED//CRYPTO//REL JPN, USA`.

    Raises
    ------
    InputError
        No such level.

    Examples
    --------
    >>> parse_viewer("amber").level
    'TLP:AMBER'
    """
    level, *rest = (part.strip() for part in text.split("//"))
    level = level.upper() if level.upper().startswith("TLP:") else f"TLP:{level.upper()}"
    groups = {
        name.strip()
        for part in rest
        if part.startswith(GROUPS)
        for name in part.removeprefix(GROUPS).split(",")
    }
    compartments = frozenset(part for part in rest if part and not part.startswith(GROUPS))
    try:
        return Viewer(level, compartments, frozenset(groups))
    except InputError as error:
        problems = error.problems
    raise InputError(Problem("--viewer", repr(text), p.wanted, p.fix) for p in problems)
