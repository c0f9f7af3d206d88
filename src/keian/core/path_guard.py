"""Paths from people: they stay in their folder and lead to plain files."""

from __future__ import annotations

import os
import re
from pathlib import Path

from keian.core.errors import InputError, Problem

# Letters, digits and . _ - only: such a name means the same on every file system.
PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,119}")
# Windows opens a device instead of a file of this name, whatever its suffix.
DEVICE_NAME = re.compile(r"^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def find_inside(root: Path | str, path: Path | str) -> Path:
    """Find a path below a folder without leaving it and without following a symbolic link.

    Parameters
    ----------
    root : the folder; it may itself lie behind a symbolic link.
    path : relative to `root`, or absolute and below it. It need not exist.

    Returns
    -------
    Path
        The path below `root`, free of `..`.

    Raises
    ------
    InputError
        The path leaves the folder, passes a symbolic link, or holds a NUL character.
    """
    _refuse_nul(path)
    top = Path(os.path.abspath(root))  # noqa: PTH100 - Path.resolve would follow the links we refuse
    full = Path(os.path.abspath(top / path))  # noqa: PTH100 - the same
    if not full.is_relative_to(top):
        raise InputError([_describe_escape(path, top)])
    step = top
    for part in full.relative_to(top).parts:
        step /= part
        if step.is_symlink():
            raise InputError([_describe_link(step)])
    return full


def refuse_link(path: Path | str) -> Path:
    """Return a path as given unless it is itself a symbolic link.

    Raises
    ------
    InputError
        It is a symbolic link, or holds a NUL character.
    """
    _refuse_nul(path)
    if Path(path).is_symlink():
        raise InputError([_describe_link(Path(path))])
    return Path(path)


def is_plain_name(name: str) -> bool:
    """Tell whether a name is safe as the name of one file on every system.

    Examples
    --------
    >>> [is_plain_name(n) for n in ("loss.parquet", "../x", "a/b", "nul.txt", "x.")]
    [True, False, False, False, False]
    """
    return bool(PLAIN_NAME.fullmatch(name)) and not DEVICE_NAME.match(name) and name[-1] != "."


def _refuse_nul(path: Path | str) -> None:
    if "\0" in str(path):
        problem = Problem(
            where=repr(str(path)),
            found="a NUL character in a path",
            wanted="the path of a file",
            fix="remove the character",
        )
        raise InputError([problem])


def _describe_escape(path: Path | str, top: Path) -> Problem:
    return Problem(
        where=str(path),
        found="a path that leaves its folder",
        wanted=f"a path below {top.name}/",
        fix="move the file into the folder and name it from there",
    )


def _describe_link(path: Path) -> Problem:
    return Problem(
        where=str(path),
        found="a symbolic link",
        wanted="a plain file or folder",
        fix="copy what it points to into its place",
    )
