"""Tells fields of register entries in cells: names of fields, bodies, money, places in a law."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel

from keian.core import DOCUMENT, load_document, tell_text, to_plain
from keian.registers.bodies import SHOWN as BODIES
from keian.registers.bodies import tell_bodies
from keian.scenario.words import Lang

FILE = Path(__file__).parent / "register_fields.yaml"
PLACES = ("articles", "required_by", "places")  # fields that name articles or paragraphs
ARTICLE = re.compile(r"([0-9]+)(?:-([0-9]+))?((?:\([0-9]+\))?)((?:\([ivxlc]+\))?)")
HEADS = (
    (re.compile(r"^supplementary provisions\s*"), "附則"),
    (re.compile(r"^order\s*"), "令"),
)
KIND = re.compile(r"^(arts?\.?|paragraphs?)\s+")
ROMAN = MappingProxyType({"i": 1, "v": 5, "x": 10, "l": 50, "c": 100})
FISCAL = re.compile(r"^FY([0-9]{4})(?:-([0-9]+))?$")
# Yen are counted in 億 in Japanese, dollars too: how many of them one unit holds, and their name.
MONEY = MappingProxyType(
    {"bn JPY": (10, "億円"), "mn JPY": (0.01, "億円"), "bn USD": (10, "億ドル")}
)


class FieldWords(BaseModel):
    """Japanese of fields and of the values that forms fix."""

    model_config = DOCUMENT

    fields: Mapping[str, str]
    values: Mapping[str, str]


@cache
def load_field_words() -> FieldWords:
    """Load the Japanese of fields and their values."""
    return load_document(FILE, FieldWords)


def name_field(name: str, lang: Lang) -> str:
    """Name a field; in English as it stands in the files.

    Examples
    --------
    >>> name_field("value.lead", "ja"), name_field("value.lead", "en")
    ('所管', 'value.lead')
    """
    return (
        name
        if lang == "en"
        else load_field_words().fields.get(name.rsplit(".", maxsplit=1)[-1], name)
    )


def tell_place(place: str, lang: Lang) -> str:
    """Tell where in a law or a text something stands.

    Examples
    --------
    >>> tell_place("arts 2(1)(xi), 5", "ja"), tell_place("supplementary provisions art. 4", "ja")
    ('第2条第1項第11号、第5条', '附則第4条')
    >>> tell_place("arts 6-48", "ja"), tell_place("paragraphs 3 and 4", "ja")
    ('第6条から第48条まで', '第3段落、第4段落')
    """
    if lang == "en" or not place:
        return place
    told = tell_text(place, "ja")
    return told if told != place else "、".join(_tell_part(p) for p in place.split("; "))


def tell_value(value: object, lang: Lang = "en", key: str = "") -> str:
    """Tell a field in one cell: lists joined, rows one a line, null as a dash.

    Parameters
    ----------
    key : the field; it decides how bodies, money and places are told in Japanese.
    """
    plain = to_plain(value)
    if plain is None:
        return "-"
    if isinstance(plain, dict):
        return _tell_row(plain, lang)
    if isinstance(plain, list):
        comma = ", " if lang == "en" else "、"
        mark = "\n" if plain and isinstance(plain[0], dict) else comma
        return mark.join(tell_value(item, lang, key) for item in plain)
    return _tell_one(str(plain), lang, key)


def _tell_one(text: str, lang: Lang, key: str) -> str:
    if lang == "en":
        return text
    if key in BODIES and (told := tell_bodies(text, lang)) != text:
        return told
    if key in PLACES:
        return tell_place(text, lang)
    if fiscal := FISCAL.match(text):
        until = f"〜{fiscal[2]}" if fiscal[2] else ""
        return f"{fiscal[1]}{until}年度"
    told = tell_text(text, "ja")
    return told if told != text else load_field_words().values.get(text, text)


def _tell_row(row: Mapping[str, object], lang: Lang) -> str:
    if set(row) == {"en", "ja"}:
        return f"{row['en']} / {row['ja']}"
    if "amount" in row:
        return _tell_money(row, lang)
    if lang == "en":
        return ", ".join(f"{key} {tell_value(item, lang, key)}" for key, item in row.items())
    return "、".join(
        f"{name_field(key, lang)}：{tell_value(item, lang, key)}"
        for key, item in row.items()
        if item is not None
    )


def _tell_money(row: Mapping[str, object], lang: Lang) -> str:
    if lang == "en":
        said = ", ".join(str(row[key]) for key in ("what", "year") if row.get(key))
        return f"{row['amount']} {row['unit']} ({said})"
    factor, unit = MONEY[str(row["unit"])]
    amount = f"{float(str(row['amount'])) * factor:,.2f}".rstrip("0").rstrip(".")
    year = _tell_one(str(row["year"]), "ja", "year") if row.get("year") else ""
    said = "、".join(part for part in (tell_text(str(row["what"]), "ja"), year) if part)
    return f"{amount}{unit}（{said}）"


def _tell_part(part: str) -> str:
    head = ""
    for pattern, told in HEADS:
        if pattern.match(part):
            head, part = told, pattern.sub("", part)
    kind = KIND.match(part)
    if kind is None:
        return head + part
    unit = "段落" if kind[1].startswith("p") else "条"
    rest = re.split(r", | and ", part[kind.end() :])
    return head + "、".join(_tell_number(each, unit) for each in rest)


def _tell_number(text: str, unit: str) -> str:
    found = ARTICLE.fullmatch(text)
    if found is None:
        return text
    first, last, paragraph, item = found.groups()
    if last:
        return f"第{first}{unit}から第{last}{unit}まで"
    told = f"第{first}{unit}"
    if paragraph:
        told += f"第{paragraph.strip('()')}項"
    return told + (f"第{_read_roman(item.strip('()'))}号" if item else "")


def _read_roman(letters: str) -> int:
    numbers = [ROMAN[letter] for letter in letters]
    return sum(-n if n < max(numbers[place:]) else n for place, n in enumerate(numbers))
