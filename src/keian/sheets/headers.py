"""What sheets and columns are called in English and Japanese, and finding them by any name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from keian.core import DOCUMENT, load_document
from keian.sheets.flatten import Head
from keian.sheets.layout import Sheet, list_sheets

DATA = Path(__file__).parent / "data"
LANGS = ("en", "ja")
SPACES = frozenset("\u200b\ufeff_-・ 　:：[]［］()（）")


class Word(BaseModel):
    """What one part of a path is called, and the unit of its numbers."""

    model_config = DOCUMENT

    en: Annotated[str, Field(min_length=1)]
    ja: Annotated[str, Field(min_length=1)]
    unit: str | None = None


class WordFile(BaseModel):
    """The file of words."""

    model_config = DOCUMENT

    source: str  # title of the source of what a person changed; its Japanese is a template of core
    note: str
    changed: str
    more: str
    row_added: dict[str, str]
    row_removed: dict[str, str]
    row_emptied: dict[str, str]
    sheets: dict[str, Word]
    parts: dict[str, Word]
    values: dict[str, str]  # what the programs and reports call a value -> the value


@dataclass(frozen=True, slots=True)
class Match:
    """A header cell that was understood: its place in the row, counted from 0, and its column."""

    place: int
    title: str
    head: Head


@cache
def load_words() -> WordFile:
    """Load the words of sheets and columns."""
    return load_document(DATA / "words.yaml", WordFile)


def name_sheet(sheet: str, lang: str) -> str:
    """Name a sheet in a language."""
    return str(getattr(load_words().sheets[sheet], lang))


def name_head(key: str, lang: str) -> str:
    """Name a column in a language.

    Examples
    --------
    >>> name_head("floor_days.low", "en"), name_head("floor_days.low", "ja")
    ('Floor of cover: low', '枯渇とみなす日数・最小')
    """
    parts = load_words().parts
    # A field newer than its word is called by its own name; a test asks for the word.
    words = [str(getattr(parts[p], lang)) if p in parts else p for p in key.split(".")]
    return "・".join(words) if lang == "ja" else ": ".join(words)


def find_unit(head: Head) -> str:
    """Find the unit of a column: its own, else that of the last part of its path that has one."""
    if head.unit or head.kind not in {"number", "whole"}:
        return head.unit
    parts = load_words().parts
    units = [parts[part].unit for part in head.key.split(".") if part in parts]
    return next((unit for unit in reversed(units) if unit), "")


def find_sheet(title: str) -> Sheet | None:
    """Find a sheet by its id or its name in any language."""
    return _name_sheets().get(normalise(title))


def suggest_sheet(title: str, others: Iterable[str] = ()) -> str | None:
    """Find the sheet whose name is nearest, called as the other sheets are."""
    names = _name_sheets()
    near = get_close_matches(normalise(title), list(names), n=1)
    return name_like(names[near[0]].id, others) if near else None


def name_like(sheet: str, others: Iterable[str]) -> str:
    """Name a sheet as the others are named: by id, as files are, or in their language."""
    named = list(others)
    ids = {sheet.id for sheet in list_sheets()}
    if any(name in ids and name != name_sheet(name, "en") for name in named):
        return sheet
    return name_sheet(sheet, guess_lang(named))


def guess_lang(titles: Iterable[str]) -> str:
    """Guess the language of titles: Japanese where one of them has a letter outside ASCII.

    Examples
    --------
    >>> guess_lang(["stocks", "備蓄"]), guess_lang(["stocks", "goods"])
    ('ja', 'en')
    """
    return "ja" if any(not title.isascii() for title in titles) else "en"


@cache
def load_synonyms() -> Mapping[str, str]:
    """Load the words that people see for a value, with the value."""
    return {fold_word(word): value for word, value in load_words().values.items()}


def fold_word(word: str) -> str:
    """Fold width and case of a word in a cell."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


@cache
def _name_sheets() -> Mapping[str, Sheet]:
    """Give the sheets by every name they may have."""
    names: dict[str, Sheet] = {}
    for sheet in (*list_sheets(), Sheet("columns", "documents", ())):
        for name in (sheet.id, *(name_sheet(sheet.id, lang) for lang in LANGS)):
            names[normalise(name)] = sheet
    return names


def name_heads(heads: Iterable[Head]) -> dict[str, Head]:
    """Give columns by every title they may have."""
    names: dict[str, Head] = {}
    for head in heads:
        for title in (head.key, *(name_head(head.key, lang) for lang in LANGS)):
            names.setdefault(normalise(title), head)
    return names


def normalise(title: str) -> str:
    """Fold width, case, spaces and punctuation of a title.

    Examples
    --------
    >>> normalise("Ｆｌｏｏｒ days_LOW") == normalise("floor days low")
    True
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter not in SPACES and not letter.isspace())
