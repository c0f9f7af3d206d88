"""Japanese of the English texts of the shipped data: titles, notes, reasons, what is missing."""

from __future__ import annotations

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


class _Pair(BaseModel):
    """One text and its Japanese."""

    model_config = DOCUMENT

    en: str
    ja: str


class _Pairs(RootModel[tuple[_Pair, ...]]):
    """A file of the catalogue."""


def tell_text(text: str, lang: Literal["en", "ja"]) -> str:
    """Tell a text of the data in a language.

    A text that the catalogue does not hold, as one that a user wrote, stays as it was written.

    Examples
    --------
    >>> tell_text("Can be put off.", "ja"), tell_text("Own words.", "ja")
    ('後回しにできる。', 'Own words.')
    """
    return text if lang == "en" else load_texts().get(text, text)


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
