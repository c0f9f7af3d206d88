from __future__ import annotations

import re
from pathlib import Path

import pytest

from keian.core import ModelError, read_yaml
from keian.report.words import LANGS, MESSAGES, find_places, load_words

FILES = sorted(MESSAGES.glob("*.yaml"))
ENTRIES = {key: entry for path in FILES for key, entry in read_yaml(path).data.items()}
QUESTIONS = ("how_long", "runs_out_first", "what_can_we_do", "days_wait", "whom_to_ask")
HEADLINES = read_yaml(MESSAGES / "headlines.yaml").data
ANSWER_RULES = [key for key in HEADLINES if key.split(".")[0] in QUESTIONS]


def test_no_key_stands_in_two_files():
    keys = [key for path in FILES for key in read_yaml(path).data]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", ENTRIES)
def test_every_message_is_in_both_languages_with_the_same_facts(key):
    entry = ENTRIES[key]
    assert set(entry) == set(LANGS)
    assert entry["en"].strip()
    assert entry["ja"].strip()
    english, japanese = (find_places(entry[lang]) for lang in LANGS)
    assert english[0] | english[1] == japanese[0] | japanese[1]
    assert english[0] == japanese[0], "a fact is optional in one language only"


def test_english_avoids_signs_that_some_fonts_draw_full_width():
    for key, entry in ENTRIES.items():
        assert not re.search("[±×≤≥]", entry["en"]), key


def test_words_that_say_nothing_are_not_used():
    banned = re.compile(
        r"\b(significant|robustly|leverage|scenario-based|fails?)\b|[κφ]", re.IGNORECASE
    )
    for key, entry in ENTRIES.items():
        assert not banned.search(entry["en"] + entry["ja"]), key


def test_japanese_is_written_in_plain_style():
    for key, entry in ENTRIES.items():
        assert not re.search("です|ます。|ません", entry["ja"]), key


@pytest.mark.parametrize("key", ANSWER_RULES)
def test_answers_stay_short_even_with_every_optional_part(key):
    """Of two parts with the same beginning, such as "With ...", only one is ever said."""
    said = re.sub(r"\[\[ With \{held_by\}[^\]]*\]\]", "", ENTRIES[key]["en"])
    assert len(re.sub(r"\[\[|\]\]", "", said).split()) <= 22


def test_optional_part_goes_when_its_fact_is_missing():
    words = load_words("en")
    assert words.say("how_long.good", need="crude", day="day 9").endswith("on day 9.")
    full = words.say("how_long.good", need="crude", day="day 9", lead="3 days", end="reopening")
    assert full.endswith("on day 9, 3 days before reopening.")


def test_missing_fact_and_unknown_key_are_refused():
    with pytest.raises(ModelError, match="no fact 'day'"):
        load_words("en").say("how_long.good", need="crude")
    with pytest.raises(ModelError, match="no sentence"):
        load_words("en").say("how_long.unheard_of")


def test_lists_are_joined_as_people_write_them():
    assert load_words("en").join(["a", "b", "c"]) == "a, b and c"
    assert load_words("ja").join(["甲", "乙"]) == "甲と乙"


def test_method_page_names_every_rule_of_the_answers():
    page = (Path(__file__).parents[3] / "docs" / "method" / "report.md").read_text("utf-8")
    for rule in ANSWER_RULES:
        question, name = rule.split(".")
        named = f"`{rule}`" in page or (f"`{question}." in page and f"`.{name}`" in page)
        assert named, rule
