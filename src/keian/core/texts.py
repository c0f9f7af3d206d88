"""Japanese of the English texts of the shipped data: titles, notes, reasons, what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, RootModel

from keian.core.documents import DOCUMENT, Names
from keian.core.errors import ModelError
from keian.core.yaml_read import load_document

TEXTS = Path(__file__).parent / "data" / "texts"
TEMPLATES = Path(__file__).parent / "data" / "text_templates.yaml"
PLACE = re.compile(r"\\\{([a-z_]+)\\\}")


class _Pair(BaseModel):
    """One text and its Japanese."""

    model_config = DOCUMENT

    en: str
    ja: str


class _Pairs(RootModel[tuple[_Pair, ...]]):
    """A file of the catalogue."""


def tell_text(text: str, lang: Literal["en", "ja"]) -> str:
    """Tell a text of the data in a language.

    A text that the program made, such as the title of an import's source, is told by its template. A
    text that the catalogue does not hold, as one that a user wrote, stays as it was written.

    Examples
    --------
    >>> tell_text("Can be put off.", "ja"), tell_text("Own words.", "ja")
    ('後回しにできる。', 'Own words.')
    """
    if lang == "en":
        return text
    return load_texts().get(text) or _fill_template(text) or text


def _fill_template(text: str) -> str | None:
    """Translate a text that the program made from a template; None where it made none such."""
    for pattern, ja in _load_templates():
        if found := pattern.fullmatch(text):
            return ja.format(**found.groupdict())
    return None


@cache
def _load_templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Load the texts with places, `{file}`, as patterns."""
    made = []
    for pair in load_document(TEMPLATES, _Pairs).root:
        words = re.escape(pair.en)
        pattern = PLACE.sub(lambda place: f"(?P<{place.group(1)}>.+)", words)
        made.append((re.compile(pattern, re.DOTALL), pair.ja))
    return tuple(made)


def name_text(text: str) -> Names:
    """Give a text of the data in both languages.

    Examples
    --------
    >>> name_text("Can be put off.").ja
    '後回しにできる。'
    """
    return Names(en=text, ja=tell_text(text, "ja"))


@cache
def load_texts() -> Mapping[str, str]:
    """Load the catalogue: Japanese by the exact English text.

    Raises
    ------
    ModelError
        A text stands twice.
    """
    texts: dict[str, str] = {}
    for path in sorted(TEXTS.glob("*.yaml")):
        for pair in load_document(path, _Pairs).root:
            if pair.en in texts:
                raise ModelError(f"{path.name}: {pair.en!r} stands twice; fix: remove one")
            texts[pair.en] = pair.ja
    return MappingProxyType(texts)
