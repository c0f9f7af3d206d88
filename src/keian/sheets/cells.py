"""Reads single cells as people and spreadsheet programs write them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from keian.core.validation_words import show_value
from keian.sheets.flatten import Head, Kind

LARGEST = 1e18
PURE = "1"  # the unit of pure numbers, not shown
LARGEST_EXACT = 2**53
# Signs that statistics print before negative numbers.
MINUS = MappingProxyType({ord("△"): "-", ord("▲"): "-", ord("−"): "-"})
NUMBER = re.compile(r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
LIST_BREAKS = re.compile(r"[;；,、\n]+")
TRUE = frozenset({"true", "yes", "1", "はい", "○", "〇", "真"})
FALSE = frozenset({"false", "no", "0", "いいえ", "×", "偽"})
# What people write where a figure is missing; only an empty cell says so.
DASHES = frozenset({"-", "--", "…", "...", "―", "—", "n/a", "na", "#n/a", "nan", "null", "none",
                    "x", "***", "不明", "欠測", "なし"})  # fmt: skip
WANTED: MappingProxyType[Kind, str] = MappingProxyType(
    {
        "text": "text",
        "id": "an id",
        "number": "a number",
        "whole": "a whole number",
        "bool": "true or false",
        "date": "a day, YYYY-MM-DD",
        "list": "ids with ; between them",
        "texts": "texts with | between them",
    }
)


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that holds no plain value: an error, a formula never calculated, a broken number."""

    found: str
    fix: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell."""

    found: str
    wanted: str
    fix: str


def fold(text: str) -> str:
    """Fold full-width forms and drop spaces around; for ids, words and numbers."""
    return unicodedata.normalize("NFKC", text).strip()


def is_empty(cell: object) -> bool:
    """Tell whether a cell holds nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_cell(cell: object, head: Head) -> Any:  # noqa: ANN401 - a plain value, or a `Fault`
    """Read a cell as its column says; what cannot be read comes back as a `Fault`."""
    wanted = WANTED[head.kind]
    if isinstance(cell, Odd):
        return Fault(cell.found, wanted, cell.fix)
    if is_empty(cell):
        return Fault("nothing", wanted, "fill in the cell") if head.needed else None
    if head.kind in {"number", "whole"}:
        value = _read_amount(cell, head)
        return value if isinstance(value, Fault) else check_range(value, head)
    if head.kind == "bool":
        return _read_bool(cell)
    if head.kind == "date":
        return _read_day(cell)
    return _read_words(cell, head)


def check_range(value: Any, head: Head) -> Any:  # noqa: ANN401 - the value, or a `Fault`
    """Check a number against the ends of its column."""
    low = -math.inf if head.low is None else head.low
    high = math.inf if head.high is None else head.high
    if isinstance(value, str) or low <= value <= high:
        return value
    ends = f"at least {low:g}" if high == math.inf else f"{low:g} to {high:g}"
    unit = "" if head.unit in ("", PURE) else f" {head.unit}"
    return Fault(f"{value:g}", f"{ends}{unit}", "check number and unit")


def _read_amount(cell: object, head: Head) -> Any:  # noqa: ANN401 - a number, a word or a `Fault`
    """Read a number, or a word that may stand in its place."""
    if isinstance(cell, str) and fold(cell) in head.words:
        return fold(cell)
    value = read_number(cell)
    if isinstance(value, Fault):
        return value
    if head.kind == "whole":
        if value != math.floor(value):
            return Fault(f"{value:g}", "a whole number", "write a whole number")
        return int(value)
    return float(value)


def read_number(cell: object) -> float | int | Fault:
    """Read a number: full-width digits, thousands separators and printed minus signs too."""
    wanted = WANTED["number"]
    if isinstance(cell, bool):
        return Fault(show_value(cell), wanted, "write a number")
    if isinstance(cell, date):
        fix = "format the column as number and write the figure again"
        return Fault(show_value(cell), wanted, fix)
    if isinstance(cell, int | float):
        if math.isfinite(cell) and abs(cell) <= LARGEST:
            return cell
        return Fault(f"{cell:g}", "a finite number up to 1e18", "check number and unit")
    text = fold(str(cell)).translate(MINUS)
    if GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value) and abs(value) <= LARGEST:
            return value
        return Fault(text, "a finite number up to 1e18", "check number and unit")
    return Fault(show_value(cell), wanted, _advise(text))


def _advise(text: str) -> str:
    """Say how to mend what is no number."""
    if text.lower() in DASHES:
        return "leave the cell empty where a figure is missing"
    if text.endswith("%"):
        return "write a share, e.g. 0.35 for 35 %"
    if re.match(r"[-+]?[0-9]", text) and re.search(r"[^0-9.,eE+-]", text):
        return "write the number alone; the sheet `columns` names the unit"
    if "," in text:
        return "write a point before decimals, commas only between thousands"
    return "write a number, or leave the cell empty where it is missing"


def _read_bool(cell: object) -> bool | Fault:
    """Read true or false."""
    if isinstance(cell, bool):
        return cell
    text = fold(str(cell)).lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    return Fault(show_value(cell), WANTED["bool"], "write true or false")


def _read_day(cell: object) -> str | Fault:
    """Read a day as ISO text."""
    if isinstance(cell, date):
        return cell.isoformat()
    found = DAY.fullmatch(fold(str(cell)))
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        pass  # the fault below says what stands there
    return Fault(show_value(cell), WANTED["date"], "write a day, e.g. 2026-11-22")


def _read_words(cell: object, head: Head) -> Any:  # noqa: ANN401 - text, a list or a `Fault`
    """Read text, an id, or a list of them."""
    if isinstance(cell, bool):
        return Fault(show_value(cell), WANTED[head.kind], "format the cell as text")
    if isinstance(cell, date):
        text = cell.isoformat()
    elif isinstance(cell, int | float):
        exact = float(cell).is_integer() and abs(cell) < LARGEST_EXACT
        text = str(int(cell)) if exact else repr(cell)
    else:
        text = str(cell)
    if head.kind == "text":
        return text
    if head.kind == "texts":
        return tuple(part.strip() for part in text.split("|") if part.strip())
    if head.kind == "id":
        return _choose(fold(text), head.words)
    if fold(text) in head.words:
        return fold(text)
    return tuple(fold(part) for part in LIST_BREAKS.split(fold(text)) if part.strip())


def _load_synonyms() -> Mapping[str, str]:
    from keian.sheets.headers import load_synonyms  # it reads the sheets, which read cells

    return load_synonyms()


def _choose(word: str, words: tuple[str, ...]) -> str | Fault:
    """Check a word against those that are allowed; any where none are named."""
    if not words or word in words:
        return word
    same = next((each for each in words if each.casefold() == word.casefold()), None)
    if same is not None:
        return same
    known = _load_synonyms().get(word.casefold())
    if known in words:
        return str(known)
    near = get_close_matches(word, words, n=1)
    fix = f"did you mean {near[0]!r}?" if near else "choose one of them"
    return Fault(repr(word), f"one of {', '.join(words)}", fix)
