"""What is missing and what falls due is told in Japanese too."""

from __future__ import annotations

import re
from datetime import date

import pytest

from keian.registers import Shelf, load_shelf
from keian.registers.due import list_due
from keian.registers.gaps import list_gaps

TODAY = date(2026, 11, 23)
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
IDS_ONLY = {"empty_cell", "unverified"}  # a cell is named by its words, a field by its key


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return load_shelf()


def test_what_is_missing_is_told_in_japanese(shelf: Shelf) -> None:
    told = [gap.detail.ja for gap in list_gaps(shelf, TODAY) if gap.kind not in IDS_ONLY]
    assert told
    assert [text for text in told if not JAPANESE.search(text)] == []


def test_what_falls_due_is_told_in_japanese(shelf: Shelf) -> None:
    due = list_due(shelf, TODAY)
    told = [each.what.ja for each in due] + [each.reading.ja for each in due if each.reading]
    assert len({each.kind for each in due}) > 2
    assert [text for text in told if not JAPANESE.search(text)] == []


def test_a_review_names_the_trigger_that_its_day_was_counted_from(shelf: Shelf) -> None:
    found = [d for d in list_due(shelf, TODAY) if d.kind == "review"]
    (due,) = [d for d in found if d.entry.id == "review.iesi-yearly"]
    assert due.reading is not None
    assert due.reading.en == "enforcement 2025-05-16 (the Act)"
    assert due.reading.ja == "施行 2025-05-16（法律）"
