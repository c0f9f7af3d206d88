"""Words of the review in both languages, from one catalogue; numbers never stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from keian.core import Names, read_yaml

CATALOGUE = Path(__file__).parent / "data" / "words.yaml"


@cache
def _load() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(dict(read_yaml(CATALOGUE).data))


def say(key: str, **parts: Names | str) -> Names:
    """Make a phrase from the catalogue.

    Parameters
    ----------
    key : of `review/data/words.yaml`.
    parts : names that fill the phrase, in both languages.

    Raises
    ------
    KeyError
        No such phrase.
    """
    phrase = _load()[key]

    def fill(language: str) -> str:
        words = {k: v if isinstance(v, str) else getattr(v, language) for k, v in parts.items()}
        return phrase[language].format(**words)

    return Names(en=fill("en"), ja=fill("ja"))


def has(key: str) -> bool:
    """Whether the catalogue has a phrase."""
    return key in _load()


def join_names(names: list[Names]) -> Names:
    """Join names to a list: "a, b and c"; Japanese with 、."""
    if not names:
        return say("none")
    english = [n.en for n in names]
    text = english[0] if len(english) == 1 else ", ".join(english[:-1]) + " and " + english[-1]
    return Names(en=text, ja="、".join(n.ja for n in names))
