"""In Japanese, every field of every register, every body, place and fixed value is told in Japanese."""

import re
from typing import get_args

import pytest
from pydantic import BaseModel

from keian.cli.register_cells import load_field_words, name_field, tell_place, tell_value
from keian.cli.register_show import show_entry
from keian.registers import load_shelf
from keian.registers.bodies import FIELDS, list_ministers, split_bodies
from keian.registers.load import FORMS

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def list_fields(form):
    for name, field in form.model_fields.items():
        yield name
        yield from list_parts(field.annotation)


def list_parts(annotation):
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from list_fields(part)
        elif part is not annotation:
            yield from list_parts(part)


def list_words(annotation):
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        else:
            yield from list_words(part)


@pytest.fixture(scope="module")
def shelf():
    return load_shelf()


def test_every_field_has_a_japanese_name():
    fields = {name for form in FORMS.values() for name in list_fields(form)} - {"en", "ja"}
    assert {name for name in fields if not JAPANESE.search(name_field(name, "ja"))} == set()


def test_every_value_that_a_form_fixes_has_its_japanese():
    known = {"TLP", "not looked for", "not found"}  # a name; told by the catalogue of texts
    wanted = {
        word
        for form in FORMS.values()
        for field in form.model_fields.values()
        for word in list_words(field.annotation)
        if "JPY" not in word and "USD" not in word
    }
    assert wanted - known - set(load_field_words().values) == set()


def test_every_place_and_every_body_is_told(shelf):
    for _, entry in shelf.entries():
        for place in (*entry.places.values(), entry.text("articles"), entry.text("required_by")):
            assert not re.search(r"arts?\b|paragraph|suppl", tell_place(place, "ja")), place
        for key in FIELDS:
            if entry.text(key):
                assert JAPANESE.search(tell_value(entry.text(key), "ja", key))


def test_money_is_counted_as_it_is_written():
    money = {"amount": 1035.8, "unit": "bn JPY", "what": "supplementary budget", "year": "FY2023"}
    assert tell_value([money], "ja", "budget") == "10,358億円（補正予算、2023年度）"
    assert tell_value({**money, "amount": 70, "unit": "bn USD"}, "ja").startswith("700億ドル")


@pytest.mark.parametrize("name", ["H-01", "espa-order", "water", "review.espa", "fertiliser"])
def test_an_entry_shows_no_english_but_ids(shelf, name):
    ids = {e.id for _, e in shelf.entries()} | set(shelf.sources)
    rows = show_entry(shelf, name, "ja").listings[0].rows
    for field, told in rows:
        assert JAPANESE.search(field), field
        bare = re.split(r"[、;\s：（）]+", told)
        english = [w for w in bare if re.fullmatch(r"[A-Za-z][a-z]{2,}", w) and w not in ids]
        assert english == [], (field, told)


def test_bodies_are_split_into_those_that_are_known():
    assert set(split_bodies("MOF and METI")) <= list_ministers()
