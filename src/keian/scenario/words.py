"""The words of `keian explain`, and how it writes shares and days."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, Triple, load_document

Lang = Literal["en", "ja"]
WORDS = Path(__file__).parent / "data" / "words.yaml"
SMALL_SHARE = 0.1  # shares below it are written with one decimal place more


class Words(BaseModel):
    """Sentences and units in both languages."""

    model_config = DOCUMENT

    units: dict[str, Names]
    messages: dict[str, Names]

    def say(self, key: str, lang: Lang, **facts: object) -> str:
        """Fill a sentence with facts."""
        return choose(self.messages[key], lang).format(**facts)


def load_words() -> Words:
    """Load the sentences and units."""
    return load_document(WORDS, Words)


def load_units() -> tuple[str, ...]:
    """List the units that documents may use."""
    return tuple(load_words().units)


def choose(names: Names, lang: Lang) -> str:
    """Choose the name in a language."""
    return names.ja if lang == "ja" else names.en


def show_share(low: float, mode: float, high: float, lang: Lang) -> str:
    """Write a share with its range: `90 % (50-97 %)`.

    Examples
    --------
    >>> show_share(0.5, 0.9, 0.97, "en")
    '90 % (50-97 %)'
    >>> show_share(0.02, 0.02, 0.02, "ja")
    '2%'
    """
    sign = "%" if lang == "ja" else " %"
    digits = 1 if abs(mode) < SMALL_SHARE else 0
    values = [_trim(100 * value, digits) for value in (low, mode, high)]
    return _show_range(values, sign, lang)


def show_days(triple: Triple, lang: Lang) -> str:
    """Write a number of days with its range: `3 (2-7)`.

    Examples
    --------
    >>> from keian.core import Triple
    >>> show_days(Triple(low=2, mode=3, high=7), "en")
    '3 (2-7)'
    """
    values = [
        _trim(value, 1 if abs(value) >= 1 else 2)
        for value in (triple.low, triple.mode, triple.high)
    ]
    return _show_range(values, "", lang)


def show_amount(triple: Triple, lang: Lang) -> str:
    """Write an amount with its range, without a unit."""
    values = [f"{value:g}" for value in (triple.low, triple.mode, triple.high)]
    return _show_range(values, "", lang)


def _trim(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _show_range(values: list[str], sign: str, lang: Lang) -> str:
    low, mode, high = values
    if low == high:
        return f"{mode}{sign}"
    if lang == "ja":
        return f"{mode}{sign}（{low}〜{high}{sign}）"
    return f"{mode}{sign} ({low}-{high}{sign})"
