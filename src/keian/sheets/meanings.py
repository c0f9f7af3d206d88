"""What the columns of the sheets mean, in English and Japanese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document
from keian.sheets.flatten import TRIPLE_PARTS, Head
from keian.sheets.headers import DATA
from keian.sheets.layout import Sheet

PARTS = frozenset({part for part, _ in TRIPLE_PARTS} | {"source", "value"})


class Meanings(BaseModel):
    """The file of meanings."""

    model_config = DOCUMENT

    parts: Mapping[str, Names]
    fields: Mapping[str, Names]
    matrix: Names


@cache
def load_meanings() -> Meanings:
    """Load what the columns mean."""
    return load_document(DATA / "meanings.yaml", Meanings)


def tell_meaning(sheet: Sheet, head: Head, lang: str) -> str:
    """Tell what a column means: in English as its schema says it, else as the file of meanings does.

    Raises
    ------
    KeyError
        Nobody wrote what the column means; a test asks for every one.

    Examples
    --------
    >>> from keian.sheets.layout import list_sheets
    >>> pools = next(sheet for sheet in list_sheets() if sheet.id == "pools")
    >>> tell_meaning(pools, pools.find_head("usable_share.mode"), "en")
    'Share of the stock that can be used: the most likely value'
    """
    if lang == "en" and head.about:
        return head.about
    field, part = find_meaning(sheet, head)
    about = str(getattr(load_meanings().fields[field], lang))
    if not part:
        return about
    return str(getattr(load_meanings().parts[part], lang)).format(about=about)


def find_meaning(sheet: Sheet, head: Head) -> tuple[str, str]:
    """Find the field of the file under which the meaning of a column stands, and its part."""
    fields = load_meanings().fields
    for field in _list_names(sheet.id, head.key):
        if field in fields:
            return field, ""
    parent, _, part = head.key.rpartition(".")
    if parent and part in PARTS:
        for field in _list_names(sheet.id, parent):
            if field in fields:
                return field, part
    raise KeyError(f"{sheet.id}: {head.key}")


def _list_names(sheet: str, key: str) -> Iterator[str]:
    """List the names of a column in the file, from the one that is most its own."""
    yield f"{sheet}.{key}"
    yield key
    parts = key.split(".")
    if parts[-1] in PARTS:
        return  # low, mode and others mean nothing without their field
    for start in range(1, len(parts)):
        yield f"{sheet}." + ".".join(parts[start:])
        yield ".".join(parts[start:])
