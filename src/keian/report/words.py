"""The message catalogue: every sentence and label of a report, in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from keian.core import ModelError, Names, read_yaml

Lang = Literal["en", "ja"]
LANGS: tuple[Lang, ...] = ("en", "ja")
MESSAGES = Path(__file__).parent / "messages"

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]")
_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of one language, made from templates and facts.

    A template holds places `{fact}`; a part in `[[...]]` is left out when one of its facts is
    missing. Facts are formatted text; a fact the template needs and does not get is an error,
    so that no half sentence is ever printed.
    """

    lang: Lang
    messages: Mapping[str, str]

    def __contains__(self, key: object) -> bool:
        """Tell whether the catalogue holds a key."""
        return key in self.messages

    def say(self, key: str, **facts: str | None) -> str:
        """Make the sentence named by `key` from `facts`."""
        if key not in self.messages:
            raise ModelError(f"message catalogue: found no sentence {key!r}; fix: add it in en, ja")
        known = {name: text for name, text in facts.items() if text}
        body = _OPTIONAL.sub(lambda part: _fill_optional(part.group(1), known), self.messages[key])
        missing = [name for name in _PLACE.findall(body) if name not in known]
        if missing:
            raise ModelError(f"message {key!r}: found no fact {missing[0]!r}; fix: supply it")
        return _PLACE.sub(lambda place: known[place.group(1)], body)

    def name(self, names: Names) -> str:
        """Text of a name in this language."""
        return names.ja if self.lang == "ja" else names.en

    def join_clauses(self, parts: list[str]) -> str:
        """List of clauses with figures: in Japanese `と` joins nouns only, so a comma does."""
        return self.messages["list.comma"].join(parts) if self.lang == "ja" else self.join(parts)

    def join(self, parts: list[str]) -> str:
        """List of things as people write it: 'a, b and c'."""
        if len(parts) <= 1:
            return "".join(parts)
        return self.messages["list.comma"].join(parts[:-1]) + self.messages["list.last"] + parts[-1]


def load_words(lang: Lang) -> Words:
    """Load the catalogue of one language."""
    return Words(lang, _read_catalogue()[lang])


def find_places(template: str) -> tuple[frozenset[str], frozenset[str]]:
    """Facts a template needs, and facts it can take."""
    optional = {name for part in _OPTIONAL.findall(template) for name in _PLACE.findall(part)}
    needed = frozenset(_PLACE.findall(_OPTIONAL.sub("", template)))
    return needed, frozenset(optional) - needed


def _fill_optional(part: str, known: Mapping[str, str]) -> str:
    return part if all(name in known for name in _PLACE.findall(part)) else ""


@cache
def _read_catalogue() -> Mapping[Lang, Mapping[str, str]]:
    texts: dict[Lang, dict[str, str]] = {lang: {} for lang in LANGS}
    for path in sorted(MESSAGES.glob("*.yaml")):
        messages = cast("Mapping[str, Mapping[str, str]]", read_yaml(path).data)
        for key, entry in messages.items():
            for lang in LANGS:
                texts[lang][key] = entry[lang]
    return texts
