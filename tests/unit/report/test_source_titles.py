"""Titles of sources stand in the language of the output."""

from __future__ import annotations

import pytest

from keian.core import Source
from keian.report.exposure_tables import list_sources
from keian.report.words import Lang, load_words

TITLE = "Judgement of keian's authors"


@pytest.mark.parametrize(("lang", "shown"), [("en", TITLE), ("ja", "keianの作成者の判断")])
def test_the_sheet_of_sources_tells_titles_in_its_language(lang: Lang, shown: str) -> None:
    source = Source(id="s", title=TITLE, kind="assumption")
    (row,) = list_sources({"s": source}, load_words(lang)).rows
    assert row[1] == shown
