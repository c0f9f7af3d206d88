"""Reads text files written by people: UTF-8 only, with an upper size, plain files only."""

from __future__ import annotations

import os
import stat
from difflib import get_close_matches
from pathlib import Path

from keian.core.errors import InputError, Problem
from keian.core.path_guard import find_inside, refuse_link

MOST_BYTES = 4_000_000  # documents are written by hand; the largest shipped one has 0.1 MB
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# The strictest first: Shift_JIS takes most EUC-JP for half-width kana, EUC-JP refuses Shift_JIS.
OTHER_ENCODINGS = (("iso2022_jp", "ISO-2022-JP"), ("euc_jp", "EUC-JP"), ("cp932", "Shift_JIS"))
LONGEST_CHARACTER = 4
ESCAPE = b"\x1b"


def read_text(
    path: Path | str, *, root: Path | str | None = None, most_bytes: int = MOST_BYTES
) -> str:
    """Read a UTF-8 text file.

    Parameters
    ----------
    path : file to read.
    root : folder that the path may not leave; None = any folder.
    most_bytes : upper size, bytes.

    Returns
    -------
    str
        The text; line ends as in the file.

    Raises
    ------
    InputError
        No such file, not a plain file, too large, or not UTF-8.
    """
    return decode_utf8(read_bytes(path, root=root, most_bytes=most_bytes), str(path))


def read_bytes(
    path: Path | str, *, root: Path | str | None = None, most_bytes: int = MOST_BYTES
) -> bytes:
    """Read a plain file of limited size; parameters and faults as `read_text`."""
    file = refuse_link(path) if root is None else find_inside(root, path)
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError([_describe(path, "a folder or device", "a file", "name a file")])
        # The link check above and this opening are two moments; O_NOFOLLOW closes the gap.
        handle = os.open(
            file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(handle, "rb") as stream:
            raw = stream.read(most_bytes + 1)
    except FileNotFoundError:
        raise InputError([_describe_absent(file, path)]) from None
    except OSError as error:
        wanted = "a file that can be read"
        fix = "check the path and its permissions"
        raise InputError([_describe(path, error.strerror or "no file", wanted, fix)]) from error
    if len(raw) > most_bytes:
        size = f"more than {most_bytes:,} bytes"
        raise InputError([_describe(path, size, "a smaller file", "split the file")])
    return raw


def decode_utf8(raw: bytes, path: str) -> str:
    """Decode UTF-8 and say what the bytes look like when they are something else.

    Raises
    ------
    InputError
        The bytes are not UTF-8, begin with a byte order mark, or are cut inside a character.
    """
    try:
        if not raw.startswith((UTF8_BOM, *UTF16_BOMS)) and b"\0" not in raw and ESCAPE not in raw:
            return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start >= len(raw) - LONGEST_CHARACTER:
            found = "a file that ends inside a character"
            fix = "the file is cut: copy or download it again"
            raise InputError([_describe(path, found, "a whole UTF-8 file", fix)]) from error
    found = _name_encoding(raw)
    line = raw[: _find_first_bad(raw)].count(b"\n") + 1
    raise InputError([_describe(f"{path}:{line}", found, "UTF-8", "save the file as UTF-8")])


def _name_encoding(raw: bytes) -> str:
    if raw.startswith(UTF8_BOM):
        return "UTF-8 with a byte order mark"
    if raw.startswith(UTF16_BOMS):
        return "UTF-16"
    if b"\0" in raw:
        return "NUL bytes (UTF-16 without mark, or not a text file)"
    for codec, name in OTHER_ENCODINGS:
        try:
            raw.decode(codec)
        except UnicodeDecodeError:
            continue
        return f"bytes that are not UTF-8 (they read as {name})"
    return "bytes that are not UTF-8"


def _find_first_bad(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return max(raw.find(b"\0"), raw.find(ESCAPE), 0)


def _describe(path: Path | str, found: str, wanted: str, fix: str) -> Problem:
    return Problem(where=str(path), found=found, wanted=wanted, fix=fix)


def _describe_absent(file: Path, path: Path | str) -> Problem:
    names: list[str] = []
    if file.parent.is_dir():
        try:
            names = [other.name for other in file.parent.iterdir()]
        except OSError:
            names = []
    near = get_close_matches(file.name, names, n=1)
    fix = f"did you mean {near[0]!r}?" if near else "check the path"
    return _describe(path, "no such file", "an existing file", fix)
