"""Search in names: width, case and kana folded; words of both languages that mean the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel

from keian.core import DOCUMENT, load_document
from keian.registers.entry import Entry

SYNONYMS = Path(__file__).parent / "data" / "rules" / "synonyms.yaml"
KATAKANA_FIRST, KATAKANA_LAST = "ァ", "ヶ"
TO_HIRAGANA = ord("ァ") - ord("ぁ")


class Synonyms(BaseModel):
    """Groups of words that stand for each other in a search."""

    model_config = DOCUMENT

    groups: tuple[tuple[str, ...], ...]


def fold_text(text: str) -> str:
    """Fold width (NFKC), case and kana, so that カリウム, ｶﾘｳﾑ and かりうむ are found alike."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        chr(ord(c) - TO_HIRAGANA) if KATAKANA_FIRST <= c <= KATAKANA_LAST else c for c in folded
    )


@cache
def load_synonyms() -> Mapping[str, tuple[str, ...]]:
    """Load, for each folded word or phrase, all that mean the same, itself included."""
    found: dict[str, list[str]] = {}
    for group in load_document(SYNONYMS, Synonyms).groups:
        folded = [fold_text(word) for word in group]
        for word in folded:
            found.setdefault(word, []).extend(folded)
    return MappingProxyType({word: tuple(dict.fromkeys(all_)) for word, all_ in found.items()})


def search_entries(entries: Sequence[Entry], text: str) -> tuple[Entry, ...]:
    """Find the entries whose id, names or aliases contain every word of a text, or a synonym."""
    words = fold_text(text).split()
    if not words:
        return ()
    synonyms = load_synonyms()
    phrase = " ".join(words)
    found = [
        entry
        for entry in entries
        if _names(fold_entry(entry), phrase, synonyms)
        or all(_names(fold_entry(entry), word, synonyms) for word in words)
    ]
    # `port` is in `export` too: names that have the words as words of their own come first.
    return tuple(sorted(found, key=lambda e: not all(_begins(fold_entry(e), w) for w in words)))


def fold_entry(entry: Entry) -> str:
    """Fold what a search looks at: id, names and aliases."""
    return fold_text(" ".join((entry.id, entry.names.en, entry.names.ja, *entry.aliases)))


def _names(folded: str, word: str, synonyms: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a text has a word somewhere in it, or a synonym as a word of its own."""
    if word in folded:
        return True
    return any(
        # `port`, a synonym, must not be found in `transport`.
        re.search(rf"\b{re.escape(other)}\b", folded) if other.isascii() else other in folded
        for other in synonyms.get(word, ())
    )


def _begins(folded: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", folded) is not None
