"""Says what is wrong with a workbook in its language.

Messages are made in English; the catalogue `data/messages.yaml` holds each with its places, its
Japanese, and where the English of a document is no English for a sheet, other English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import BaseModel, Field

from keian.core import DOCUMENT, Problem, load_document
from keian.sheets.headers import DATA, load_words

PLACE = re.compile(r"\\{([a-z_]+)\\}")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")  # what a person wrote, shown as it is
JOINED = " or "
UNTITLED = "without title"


class Message(BaseModel):
    """One message."""

    model_config = DOCUMENT

    is_: Annotated[str, Field(min_length=1, alias="is")]
    ja: Annotated[str, Field(min_length=1)]
    en: str | None = None


class MessageFile(BaseModel):
    """The file of messages."""

    model_config = DOCUMENT

    wheres: tuple[Message, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A message to compare with: the longer its own words, the sooner."""

    words: re.Pattern[str]
    message: Message
    length: int


@cache
def load_messages() -> MessageFile:
    """Load the catalogue."""
    return load_document(DATA / "messages.yaml", MessageFile)


@cache
def _list_patterns(part: str) -> tuple[Pattern, ...]:
    patterns = []
    for message in getattr(load_messages(), part):
        words = PLACE.sub(r"(?P<\1>.+?)", re.escape(message.is_))
        own = len(re.sub(r"\{[a-z_]+\}", "", message.is_))
        patterns.append(Pattern(re.compile(words, re.DOTALL), message, own))
    return tuple(sorted(patterns, key=lambda pattern: -pattern.length))


def tell_problem(problem: Problem, lang: str) -> Problem:
    """Tell a problem in a language.

    Examples
    --------
    >>> told = tell_problem(
    ...     Problem("a.csv, sheet 備蓄, row 2", "nothing", "a number", "remove one"), "ja"
    ... )
    >>> told.where, told.found
    ('a.csv、シート「備蓄」、2行目', '空欄')
    """
    parts = (problem.found, problem.wanted, problem.fix)
    return Problem(_say("wheres", problem.where, lang), *(tell_words(part, lang) for part in parts))


def tell_problems(problems: Iterable[Problem], lang: str) -> list[Problem]:
    """Tell problems in a language, each once."""
    return list(dict.fromkeys(tell_problem(problem, lang) for problem in problems))


def tell_words(text: str, lang: str) -> str:
    """Tell a message in a language; what the catalogue does not hold stays as it is."""
    said = _find("messages", text, lang)
    if said is None and JOINED in text:
        parts = [_find("messages", part, lang) or part for part in text.split(JOINED)]
        said = ("、または" if lang == "ja" else JOINED).join(parts)
    return text if said is None else said


def _say(part: str, text: str, lang: str) -> str:
    said = _find(part, text, lang)
    return text if said is None else said


def _find(part: str, text: str, lang: str) -> str | None:
    """Find a message among the patterns and fill its places."""
    if QUOTED.fullmatch(text):
        return text
    for pattern in _list_patterns(part):
        found = pattern.words.fullmatch(text)
        if found:
            form = pattern.message.ja if lang == "ja" else pattern.message.en
            places = found.groupdict()
            if lang == "ja" and "choices" in places:
                places["choices"] = _name_choices(places["choices"])
            if lang == "ja" and places.get("column") == UNTITLED:
                places["column"] = "題名なし"
            return text if form is None else form.format(**places)
    return None


def _name_choices(listed: str) -> str:
    """Name choices in Japanese beside the words themselves."""
    names = {value: word for word, value in load_words().values.items() if not word.isascii()}
    words = (word.strip() for word in listed.split(","))
    return "、".join(f"{word}（{names[word]}）" if word in names else word for word in words)
