"""Walks over the uncertain values of a document."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from keian.core import Triple

Key = tuple[str | int, ...]


def walk_triples(document: BaseModel, key: Key = ()) -> Iterator[tuple[Key, Triple]]:
    """Yield every value that a document states, with its key; defaults are left out.

    Examples
    --------
    >>> from keian.scenario.load import load_scenario
    >>> scenario = load_scenario("hormuz-90d")
    >>> next(key for key, _ in walk_triples(scenario) if key[-1] == "loss")
    ('shocks', 0, 'loss')
    """
    for name in type(document).model_fields:
        if name in document.model_fields_set:
            yield from _walk(getattr(document, name), (*key, name))


def _walk(value: object, key: Key) -> Iterator[tuple[Key, Triple]]:
    if isinstance(value, Triple):
        yield key, value
    elif isinstance(value, BaseModel):
        yield from walk_triples(value, key)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(item, (*key, index))
