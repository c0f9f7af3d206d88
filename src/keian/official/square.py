"""Brings a table whose rows are finer than its columns to one list of sectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keian.core import InputError, Names, Problem
from keian.official.nouns import Floats
from keian.official.words import say_both

DIGITS = 4  # of a basic code, 0111-011 as row and 0111-01 as column: both are of 0111
MOST_TOLD = 5
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Square:
    """One list of sectors for rows and columns.

    down : (n, rows) float, adds rows up. across : (columns, n) float, adds columns up.
    """

    rows: tuple[tuple[str, str], ...]
    names: dict[str, Names]
    down: Floats
    across: Floats
    notes: tuple[Names, ...]


def make_square(file: str, sellers: Sequence[Key], buyers: Sequence[Key]) -> Square:
    """Match rows and columns by region and code, else by the first four digits of the code.

    Parameters
    ----------
    sellers, buyers
        Region, code and name of each row and column.

    Raises
    ------
    InputError
        Rows and columns are not of the same sectors either way; the table may be cut. Scrap has a
        row and no column in a basic table: then the column is empty, and the verdict shows whether
        its output is nothing too.
    """
    by_code = [_code(keys) for keys in (sellers, buyers)]
    if sorted(by_code[0]) == sorted(by_code[1]) and len(set(by_code[0])) == len(by_code[0]):
        return _join(sellers, *by_code, notes=())
    short = [[(region, code[:DIGITS]) for region, code in codes] for codes in by_code]
    problems = _tell_odd(file, "rows", short[1], short[0])
    whole = all(len(code) > DIGITS for _, code in (*by_code[0], *by_code[1]))
    if not whole:
        problems += _tell_odd(file, "columns", short[0], short[1])
    if problems:
        raise InputError(problems)
    count = len(set(short[0]))
    notes = [
        say_both(
            "note_square", rows=len(sellers), columns=len(buyers), sectors=count, digits=DIGITS
        )
    ]
    alone = [key for key in dict.fromkeys(short[0]) if key not in set(short[1])]
    if alone:
        codes = ", ".join(code for _, code in alone)
        notes.append(say_both("note_alone", count=len(alone), codes=codes))
    return _join(sellers, *short, notes=tuple(notes))


def _code(keys: Sequence[Key]) -> list[tuple[str, str]]:
    """List region and code; the name stands in where there is no code."""
    return [(region, code or name) for region, code, name in keys]


def _tell_odd(
    file: str, which: str, wanted: Sequence[tuple[str, str]], held: Sequence[tuple[str, str]]
) -> list[Problem]:
    """Tell sectors that stand on one side only."""
    missing = [key for key in dict.fromkeys(wanted) if key not in set(held)]
    if not missing:
        return []
    told = ", ".join(".".join(key) for key in missing[:MOST_TOLD])
    found = f"no {which} of {len(missing)} sectors: {told}"
    wanted_ = f"{which} of all {len(set(wanted))} sectors"
    fix = "download the table again: it may be cut; or take one of fewer sectors"
    return [Problem(file, found, wanted_, fix)]


def _join(
    sellers: Sequence[Key],
    down: Sequence[tuple[str, str]],
    across: Sequence[tuple[str, str]],
    *,
    notes: tuple[Names, ...],
) -> Square:
    """Make the matrices that add up."""
    keys = list(dict.fromkeys(down))
    place = {key: at for at, key in enumerate(keys)}
    adds = np.zeros((len(keys), len(down)))
    adds[[place[key] for key in down], np.arange(len(down))] = 1.0
    takes = np.zeros((len(across), len(keys)))
    takes[np.arange(len(across)), [place[key] for key in across]] = 1.0
    names: dict[str, Names] = {}
    for (_, code), (_, _, name) in zip(down, sellers, strict=True):
        names.setdefault(_make_id(code), Names(en=name, ja=name))
    rows = tuple((region, _make_id(code)) for region, code in keys)
    return Square(rows, names, adds, takes, notes)


def _make_id(code: str) -> str:
    """Make a code that cannot be taken for a number: 01 is no 1.

    Examples
    --------
    >>> _make_id("0111"), _make_id("A01")
    ('s0111', 'A01')
    """
    return f"s{code}" if code[:1].isdigit() else code
