"""A review as plain data for JSON: every figure with unit, band, sources, label and trace."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from keian.core import Label
from keian.report.page import build_first_page
from keian.report.setting import Setting, build_setting
from keian.report.words import LANGS
from keian.review.nouns import Review

Plain = Any  # dicts, lists, text, numbers, bool and None: what JSON holds
SCHEMA = "keian.review/1"


def describe_review(review: Review) -> dict[str, Plain]:
    """Reduce a review to dicts, lists, text and numbers, with its sentences in both languages."""
    return {
        "schema": SCHEMA,
        "label_text": str(review.label),
        "run_id": review.run_id,
        "answers": {lang: _describe_answers(build_setting(review, lang)) for lang in LANGS},
        "review": describe(review),
    }


def write_json(review: Review) -> str:
    """JSON text of a review; missing values are null, an unlimited switch is the text 'inf'."""
    return json.dumps(describe_review(review), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def describe(thing: object) -> Plain:
    """Plain form of anything a review holds."""
    if thing is None or isinstance(thing, bool | int | str):
        return thing
    if isinstance(thing, float):
        return _describe_number(thing)
    if isinstance(thing, Label):
        groups = None if thing.releasable_to is None else sorted(thing.releasable_to)
        return {
            "level": thing.level,
            "compartments": sorted(thing.compartments),
            "releasable_to": groups,
        }
    if isinstance(thing, BaseModel):
        return thing.model_dump(mode="json")
    if is_dataclass(thing):
        return {f.name: describe(getattr(thing, f.name)) for f in fields(thing)}
    return _describe_collection(thing)


def _describe_collection(thing: object) -> Plain:
    if isinstance(thing, Mapping):
        return {_describe_key(key): describe(value) for key, value in thing.items()}
    if isinstance(thing, set | frozenset):
        return sorted(describe(item) for item in thing)
    if isinstance(thing, tuple | list):
        return [describe(item) for item in thing]
    if isinstance(thing, date | PurePath):
        return str(thing)
    raise TypeError(f"a review holds {type(thing).__name__}, which has no plain form")


def _describe_number(number: float) -> float | str | None:
    if math.isnan(number):
        return None
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return number


def _describe_key(key: object) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)


def _describe_answers(setting: Setting) -> list[dict[str, Plain]]:
    page = build_first_page(setting)
    return [
        {
            "question": answer.question,
            "number": answer.number,
            "bands": list(answer.bands),
            "answer": answer.say,
            "held_up_by": answer.held or None,
            "confidence": answer.confidence,
            "reason": answer.reason,
        }
        for answer in page.answers
    ]
