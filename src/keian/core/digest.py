"""Content digests: the identity of inputs, runs and files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

Plain = Any  # dicts, lists, text, numbers, bool and None: what JSON holds
LARGEST_EXACT = 2**53  # above it a float no longer tells neighbouring whole numbers apart


def digest_bytes(raw: bytes) -> str:
    """Return the sha256 of bytes, in hex.

    Examples
    --------
    >>> digest_bytes(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(raw).hexdigest()


def digest_json(thing: object) -> str:
    """Return the sha256 of canonical JSON: sorted keys, no spaces, UTF-8, 1.0 written as 1.

    Parameters
    ----------
    thing : plain data, dates, sets, dataclasses or pydantic models.

    Raises
    ------
    TypeError
        Something in it has no canonical form.
    ValueError
        A number in it is not finite.

    Examples
    --------
    >>> digest_json({"b": 1.0, "a": (2,)}) == digest_json({"a": [2], "b": 1})
    True
    """
    text = json.dumps(
        to_plain(thing),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return digest_bytes(text.encode("utf-8"))


def digest_file(path: Path | str) -> str:
    """Return the sha256 of a file's bytes."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_files(paths: Iterable[Path | str]) -> str:
    """Return one digest of several files: their bytes and their names below the common folder.

    The order of `paths` and the place of the folder do not matter.
    """
    files = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 - a link's own name counts
    if not files:
        return digest_json({})
    top = Path(os.path.commonpath([file.parent for file in files]))
    return digest_json({file.relative_to(top).as_posix(): digest_file(file) for file in files})


def to_plain(thing: object) -> Plain:
    """Reduce frozen nouns to dicts, lists, text and numbers, in one canonical form.

    Raises
    ------
    TypeError
        Something in it has no canonical form.
    """
    if isinstance(thing, float):
        # -0.0 and 1.0 are the same amounts as 0 and 1, so they get the same text.
        return int(thing) if thing.is_integer() and abs(thing) < LARGEST_EXACT else thing
    if thing is None or isinstance(thing, bool | int | str):
        return thing
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, BaseModel):
        return {name: to_plain(getattr(thing, name)) for name in type(thing).model_fields}
    if is_dataclass(thing) and not isinstance(thing, type):
        return {field.name: to_plain(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, Mapping):
        return {_to_key(key): to_plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [to_plain(item) for item in thing]
    if isinstance(thing, set | frozenset):
        return sorted((to_plain(item) for item in thing), key=repr)
    raise TypeError(f"no canonical form for {type(thing).__name__}; fix: make it plain data first")


def _to_key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise TypeError(f"keys must be text, found {type(key).__name__}; fix: write the key as text")
