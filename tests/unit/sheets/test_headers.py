"""Words of sheets and columns: every one there, no two alike in a sheet."""

import pytest

from keian.sheets.headers import (
    find_sheet,
    find_unit,
    load_words,
    name_head,
    name_heads,
    name_sheet,
    normalise,
)
from keian.sheets.layout import find_reference, list_sheets

SHEETS = list_sheets()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_titles_of_a_sheet_lead_back_to_their_columns(sheet, lang):
    names = name_heads(sheet.heads)
    for head in sheet.heads:
        title = name_head(head.key, lang)
        assert names[normalise(title)] == head, title
        assert names[normalise(head.key.upper())] == head
    titles = [normalise(name_head(head.key, lang)) for head in sheet.heads]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_a_sheet_is_found_by_each_of_its_names(sheet):
    for name in (sheet.id, name_sheet(sheet.id, "en"), name_sheet(sheet.id, "ja")):
        assert find_sheet(name).id == sheet.id
        assert find_sheet(f" {name.upper()} ").id == sheet.id
        assert len(name) <= 31  # what a workbook allows


def test_every_word_is_used():
    parts = {part for sheet in SHEETS for head in sheet.heads for part in head.key.split(".")}
    described = {
        "sheet",
        "head",
        "key",
        "value",
        "unit",
        "kind",
        "needed",
        "words",
        "refers",
        "about",
    }
    assert set(load_words().parts) == parts | described
    assert set(load_words().sheets) == {sheet.id for sheet in SHEETS} | {"columns"}


def test_every_reference_leads_to_a_column():
    columns = {f"{sheet.id}.{head.key}" for sheet in SHEETS for head in sheet.heads}
    for sheet in SHEETS:
        for head in sheet.heads:
            target = find_reference(sheet.id, head)
            assert target is None or target in columns, (sheet.id, head.key, target)


def test_days_and_shares_have_units():
    for sheet in SHEETS:
        for head in sheet.heads:
            if head.kind == "number" and ("_days" in head.key or "share" in head.key):
                assert find_unit(head), (sheet.id, head.key)
