"""Every text of the shipped data stands in the catalogue of Japanese, and nothing else does."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import keian
from keian.core import read_yaml, tell_text
from keian.core.texts import load_texts

ROOT = Path(keian.__file__).parent
KINDS = ("missing", "why", "title", "note")
# Registers hold more texts that people are shown.
REGISTER_KINDS = (
    *KINDS, "not_modelled", "reason", "what", "result", "clause", "reading", "said_by",
    "proposal_says", "law_says", "rule", "task", "effect", "response", "instrument", "business",
    "threshold", "facility", "condition", "secrecy", "subject", "treaty_note", "result_unknown", "not_played", "not_observed",
)  # fmt: skip
FOLDERS = {
    "economy/data/**/*.yaml": KINDS,
    "scenario/data/**/*.yaml": KINDS,
    "review/data/**/*.yaml": KINDS,
    "exposure/data/**/*.yaml": KINDS,
    "sheets/data/**/*.yaml": KINDS,
    "crisis/data/**/*.yaml": KINDS,
    "core/data/*.yaml": KINDS,
    "registers/data/**/*.yaml": REGISTER_KINDS,
    "scenario/data/measures/*.yaml": ("locator",),
    "economy/data/**/sources*.yaml": ("publisher",),
    "scenario/data/sources.yaml": ("publisher",),
    "review/data/sources.yaml": ("publisher",),
    "exposure/data/sources.yaml": ("publisher",),
    "registers/data/sources.yaml": ("publisher",),
    "registers/data/acts.yaml": ("number",),
    "registers/data/designations.yaml": ("target", "scope"),
}
DEPENDENCE = (
    ROOT / "economy/data/japan/essential_services/dependence.csv"
)  # reasons that people are shown
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
# A title that names a Japanese publication and goes on in English.
MIXED = re.compile(r"\b(by|via|in|of|the|sectors|summary)\b")
FIGURE = re.compile(r"-?[\d.]+(t|\uff05)(\uff08[\d-]+\uff09)?")  # the same in both languages
# Names of sites, papers and authors are the same in both languages; a body is told in Japanese.
SAME_NAME = re.compile(
    r"[\w.-]+\.\w+(; [\w.-]+\.\w+)*|keian|tradevae|gCaptain|zakzak|[A-Z][\w.]*([,]? [A-Z][\w.]*)*"
)
BODY = re.compile(
    r"\b(Ministry|Office|Agency|Government|Bank|Commission|Institute|Division|Council)\b"
)
# Titles of publications in English that have no Japanese name: a title is a proper name.
ALLOWED = {
    (
        "Progress in Economic Security Policies and Further Strengthening of National Security Policy "
        "Integration Amid the Acceleration of 'Securitization'"
    ),
}


def _list_texts(data: Any, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        rating = data.get("rating")
        if isinstance(rating, dict) and "why" in rating:
            yield "why", f"{data['why']} {rating['why']}."
        else:
            for kind in kinds:
                found = data.get(kind)
                for text in (found,) if isinstance(found, str) else found or ():
                    if (
                        not isinstance(found, dict)
                        and isinstance(text, str)
                        and (not JAPANESE.search(text) or MIXED.search(text))
                        and len(text) > 1
                    ):
                        yield kind, text
        for key, part in data.items():
            if key != "rating":
                yield from _list_texts(part, kinds)
    elif isinstance(data, (tuple, list)):
        for part in data:
            yield from _list_texts(part, kinds)


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    written = [
        pair
        for folder, kinds in FOLDERS.items()
        for path in sorted(ROOT.glob(folder))
        for pair in _list_texts(read_yaml(path).data, kinds)
    ]
    with DEPENDENCE.open(encoding="utf-8", newline="") as rows:
        return [*written, *(("why", row["why"]) for row in csv.DictReader(rows))]


@pytest.mark.parametrize("kind", [*REGISTER_KINDS, "number", "target", "scope", "locator"])
def test_every_shipped_text_has_its_japanese(texts: list[tuple[str, str]], kind: str) -> None:
    wanted = {text for of, text in texts if of == kind}
    assert wanted
    assert sorted(wanted - load_texts().keys() - ALLOWED) == []


def test_every_publisher_that_is_a_body_or_a_phrase_has_its_japanese(texts) -> None:
    wanted = {text for of, text in texts if of == "publisher"} - load_texts().keys()
    assert [text for text in sorted(wanted) if not SAME_NAME.fullmatch(text)] == []
    assert [text for text in sorted(wanted) if BODY.search(text)] == []


def test_what_is_allowed_to_stay_english_is_shipped_and_has_no_japanese(
    texts: list[tuple[str, str]],
) -> None:
    assert sorted(ALLOWED - {text for _, text in texts}) == []
    assert sorted(ALLOWED & load_texts().keys()) == []


def test_every_translation_is_japanese() -> None:
    english = [
        text
        for text, japanese in load_texts().items()
        if not JAPANESE.search(japanese) and not FIGURE.fullmatch(japanese)
    ]
    assert english == []


def test_no_entry_is_stale(texts: list[tuple[str, str]]) -> None:
    assert sorted(load_texts().keys() - {text for _, text in texts}) == []


def test_a_text_of_a_user_stays_as_written() -> None:
    assert tell_text("Own words.", "ja") == "Own words."
    assert tell_text("stock of flour", "ja") == "小麦粉の在庫"
    assert tell_text("stock of flour", "en") == "stock of flour"
