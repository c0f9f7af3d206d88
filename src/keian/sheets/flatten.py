"""A document as one row: its fields become columns, and a row becomes a document again.

Columns are named by the path of the field (`floor_days.mode`, `names.ja`). A `Triple` takes six
columns: low, mode, high, dist, sources, note. Nested lists of documents have sheets of their own.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from keian.core import Triple

Cell = str | int | float | bool | date | None
Kind = Literal["text", "id", "number", "whole", "bool", "date", "list", "texts"]
Plain = Any  # dicts, tuples, text and numbers: what a document is made from

TRIPLE_PARTS: tuple[tuple[str, Kind], ...] = (
    ("low", "number"),
    ("mode", "number"),
    ("high", "number"),
    ("dist", "id"),
    ("sources", "list"),
    ("note", "text"),
)
DISTS = ("triangular", "uniform", "lognormal", "fixed")
ID_SEPARATOR = "; "
TEXT_SEPARATOR = " | "
# Text for people: kept letter by letter. All other text is an id or a word and is normalised.
FREE_TEXT = frozenset(
    {"en", "ja", "note", "why", "title", "publisher", "url", "locator", "licence", "form", "unit",
     "published", "vintage"}
)  # fmt: skip
FREE_LISTS = frozenset({"missing"})


@dataclass(frozen=True, slots=True)
class Head:
    """What one column of a sheet holds.

    Attributes
    ----------
    key : path of the field, e.g. `floor_days.mode`.
    kind : how its cells are read; `list` holds ids, `texts` sentences.
    needed : whether an empty cell is a fault.
    nullable : whether an empty cell stands for `null` where the field has no default.
    words : words that may stand in place of a number or a list.
    unit : unit of its numbers.
    low, high : least and greatest value.
    about : what it means.
    """

    key: str
    kind: Kind
    needed: bool = False
    nullable: bool = False
    words: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    about: str = ""

    @property
    def last(self) -> str:
        """Last part of the path."""
        return self.key.rpartition(".")[2]


def list_heads(
    model: type[BaseModel], *, skip: frozenset[str] = frozenset(), prefix: str = ""
) -> tuple[Head, ...]:
    """List the columns of a model.

    Parameters
    ----------
    model
        Form of a document.
    skip
        Fields that have sheets of their own or are left out.
    prefix
        Path of the field that holds the model.
    """
    heads: list[Head] = []
    for name, field in model.model_fields.items():
        key = f"{prefix}{name}"
        if key in skip:
            continue
        kinds, nullable = _split_kind(field.annotation)
        needed = field.is_required() and not nullable
        null = nullable and field.is_required()
        heads += _list_field(key, kinds, skip, needed=needed, null=null)
    return tuple(heads)


def _list_field(
    key: str, kinds: tuple[Any, ...], skip: frozenset[str], *, needed: bool, null: bool
) -> list[Head]:
    """List the columns of one field."""
    first = kinds[0]
    words = tuple(word for kind in kinds for word in _list_words(kind))
    if inspect.isclass(first) and issubclass(first, Triple):
        return [
            # a range may do without a mode
            Head(f"{key}.{part}", kind, nullable=null, words=DISTS if part == "dist" else ())
            for part, kind in TRIPLE_PARTS
        ]
    if inspect.isclass(first) and issubclass(first, BaseModel):
        inner = list_heads(first, skip=skip, prefix=f"{key}.")
        return [
            Head(h.key, h.kind, h.needed and needed, words=h.words, nullable=null) for h in inner
        ]
    if any(get_origin(kind) is tuple for kind in kinds):
        last = key.rpartition(".")[2]
        return [Head(key, "texts" if last in FREE_LISTS else "list", needed, null, words)]
    kind = _name_kind(key, kinds)
    if kind == "id" and not all(get_origin(each) is Literal for each in kinds):
        words = ()  # any id will do
    return [Head(key, kind, needed, null, words)]


def _name_kind(key: str, kinds: tuple[Any, ...]) -> Kind:
    """Name the kind of a plain field."""
    plain = {type(word) for kind in kinds for word in get_args(kind) if get_origin(kind) is Literal}
    plain |= {kind for kind in kinds if inspect.isclass(kind)}
    for kind, name in ((bool, "bool"), (float, "number"), (int, "whole"), (date, "date")):
        if kind in plain:
            return name  # type: ignore[return-value] # the names stand in the tuple above
    return "text" if key.rpartition(".")[2] in FREE_TEXT else "id"


def _split_kind(annotation: object) -> tuple[tuple[Any, ...], bool]:
    """Split a type into the kinds it may be, and whether it may be null."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _split_kind(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        parts = [_split_kind(part) for part in get_args(annotation)]
        kinds = tuple(kind for inner, _ in parts for kind in inner)
        return kinds, any(null for _, null in parts)
    if annotation is type(None):
        return (), True
    return (annotation,), False


def _list_words(kind: object) -> tuple[str, ...]:
    """List the words of a literal type."""
    if get_origin(kind) is not Literal:
        return ()
    return tuple(word for word in get_args(kind) if isinstance(word, str))


def flatten(document: BaseModel, heads: Sequence[Head]) -> dict[str, Cell]:
    """Give the cells of a document by column."""
    return {head.key: _find_cell(document, head) for head in heads}


def _find_cell(document: BaseModel, head: Head) -> Cell:
    """Find the value of one column; what is not there is an empty cell."""
    value: Any = document
    for part in head.key.split("."):
        triple = isinstance(value, Triple)
        value = show_part(value, part) if triple else getattr(value, part, None)
        if value is None:
            return None
    if isinstance(value, tuple):
        separator = TEXT_SEPARATOR if head.kind == "texts" else ID_SEPARATOR
        return separator.join(value) or None
    return value  # type: ignore[no-any-return] # a field of a document is plain


def show_part(triple: Triple, part: str) -> Any:  # noqa: ANN401 - a number, a word or a list of words
    """Give a column of a triple; a single value stands under `mode` alone."""
    if part in {"low", "high"} and triple.fixed:
        return None
    if part == "dist" and triple.dist in {"triangular", "fixed"}:
        return None  # what three numbers, or one, mean anyway
    return getattr(triple, part)


def unflatten(cells: Mapping[str, Any], heads: Sequence[Head]) -> dict[str, Plain]:
    """Make the plain data of a document from the cells of a row; empty cells are left out."""
    data: dict[str, Plain] = {}
    for head in heads:
        value = cells.get(head.key)
        path = head.key.split(".")
        if value is None:
            if head.nullable and len(path) == 1:
                data[head.key] = None
            continue
        inner = data
        for part in path[:-1]:
            held = inner.get(part)
            inner[part] = inner = held if isinstance(held, dict) else {}
        inner[path[-1]] = value
    for name in {h.key.split(".")[0] for h in heads if h.nullable and "." in h.key}:
        data.setdefault(name, None)
    return _close_triples(data, {head.key.rpartition(".")[0] for head in heads})


def _close_triples(data: dict[str, Plain], parents: set[str], prefix: str = "") -> dict[str, Plain]:
    """Write a triple that has a mode alone as a single value."""
    for name, value in data.items():
        if isinstance(value, dict):
            _close_triples(value, parents, f"{prefix}{name}.")
            alone = "mode" in value and not value.keys() & {"low", "high", "value"}
            if alone and f"{prefix}{name}" in parents:
                value["value"] = value.pop("mode")
    return data
