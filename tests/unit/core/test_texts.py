"""Every text of the shipped data stands in the catalogue of Japanese, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import keian
from keian.core import read_yaml, tell_text
from keian.core.texts import load_texts

ROOT = Path(keian.__file__).parent
FOLDERS = ("economy/data", "scenario/data", "review/data")
KINDS = ("missing", "why", "title", "note")
COMPLETE = KINDS  # kinds of which no text may lack its Japanese


def _list_texts(data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        rating = data.get("rating")
        if isinstance(rating, dict) and "why" in rating:
            yield "why", f"{data['why']} {rating['why']}."
        else:
            for kind in KINDS:
                found = data.get(kind)
                for text in (found,) if isinstance(found, str) else found or ():
                    if (
                        not isinstance(found, dict)
                        and isinstance(text, str)
                        and text.isascii()
                        and len(text) > 1
                    ):
                        yield kind, text
        for key, part in data.items():
            if key != "rating":
                yield from _list_texts(part)
    elif isinstance(data, (tuple, list)):
        for part in data:
            yield from _list_texts(part)


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.yaml"))]
    return [pair for path in paths for pair in _list_texts(read_yaml(path).data)]


@pytest.mark.parametrize("kind", COMPLETE)
def test_every_shipped_text_of_a_complete_kind_has_its_japanese(
    texts: list[tuple[str, str]], kind: str
) -> None:
    wanted = {text for of, text in texts if of == kind}
    assert wanted
    assert sorted(wanted - load_texts().keys()) == []


def test_no_entry_is_stale(texts: list[tuple[str, str]]) -> None:
    assert sorted(load_texts().keys() - {text for _, text in texts}) == []


def test_a_text_of_a_user_stays_as_written() -> None:
    assert tell_text("Own words.", "ja") == "Own words."
    assert tell_text("stock of flour", "ja") == "小麦粉の在庫"
    assert tell_text("stock of flour", "en") == "stock of flour"
