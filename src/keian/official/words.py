"""Words of a verdict in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from keian.core import Names, read_yaml

Lang = Literal["en", "ja"]
WORDS = Path(__file__).parent / "data" / "words.yaml"


@cache
def load_words() -> dict[str, Names]:
    """Load the words by id."""
    return {key: Names.model_validate(names) for key, names in read_yaml(WORDS).data.items()}


def say_both(key: str, **facts: object) -> Names:
    """Fill a sentence with facts, in both languages.

    Examples
    --------
    >>> say_both("unfit", count=2).en
    'unfit: 2 problems'
    """
    return Names(en=say(key, "en", **facts), ja=say(key, "ja", **facts))


def say(key: str, lang: Lang, **facts: object) -> str:
    """Fill a sentence with facts.

    Examples
    --------
    >>> say("unfit", "en", count=2)
    'unfit: 2 problems'
    """
    return choose(load_words()[key], lang).format(**facts)


def choose(names: Names, lang: Lang) -> str:
    """Choose the language."""
    return names.ja if lang == "ja" else names.en
