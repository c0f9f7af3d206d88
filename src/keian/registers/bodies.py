"""Ministries and other bodies that registers name, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document

FILE = Path(__file__).parent / "data" / "rules" / "bodies.yaml"
FIELDS = ("minister", "lead", "owner")  # fields that only ministers may stand in
SHOWN = (*FIELDS, "host", "issuer", "partners")  # fields whose bodies are told in words
SEVERAL = re.compile(r", | and ")


class Bodies(BaseModel):
    """Bodies by the name that registers write: who may lead, and who else is named."""

    model_config = DOCUMENT

    ministers: Mapping[str, Names]
    others: Mapping[str, Names]


@cache
def load_bodies() -> Mapping[str, Names]:
    """Load the names of all bodies."""
    read = load_document(FILE, Bodies)
    return MappingProxyType({**read.others, **read.ministers})


@cache
def list_ministers() -> frozenset[str]:
    """List the names that may stand as minister, lead or owner."""
    return frozenset(load_document(FILE, Bodies).ministers)


def split_bodies(text: str) -> tuple[str, ...]:
    """Split a field that names several bodies.

    Examples
    --------
    >>> split_bodies("MOF and METI"), split_bodies("CAO, JPO")
    (('MOF', 'METI'), ('CAO', 'JPO'))
    """
    return tuple(SEVERAL.split(text))


def tell_bodies(text: str, lang: Literal["en", "ja"]) -> str:
    """Tell the bodies of a field in a language; a name that nobody lists stays as written.

    Examples
    --------
    >>> tell_bodies("MOF and METI", "ja"), tell_bodies("MOF and METI", "en")
    ('財務省・経済産業省', 'MOF and METI')
    """
    if lang == "en" or not text:
        return text
    known = load_bodies()
    whole = known.get(text)
    if whole is not None:
        return whole.ja
    return "・".join(known[part].ja if part in known else part for part in split_bodies(text))
