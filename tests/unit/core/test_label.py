"""Levels are data; a label refuses what it does not know."""

import pytest

from keian.core import (
    AMBER,
    AMBER_STRICT,
    CLEAR,
    GREEN,
    RED,
    Figure,
    InputError,
    Label,
    Labelled,
    load_levels,
)


def test_levels_stand_in_the_order_of_the_protocol():
    assert [label.order for label in (CLEAR, GREEN, AMBER, AMBER_STRICT, RED)] == [0, 1, 2, 3, 4]
    assert list(load_levels()) == [str(x) for x in (CLEAR, GREEN, AMBER, AMBER_STRICT, RED)]


def test_every_level_has_text_in_both_languages_and_colours():
    for level in load_levels().values():
        assert level.text.en
        assert level.text.ja
        assert level.foreground.startswith("#")
        assert level.background.startswith("#")


def test_unknown_level_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'TLP:AMBER'"):
        Label("tlp:ambr")


def test_text_is_no_set_of_names():
    with pytest.raises(InputError, match="a set of names"):
        Label("TLP:RED", "energy")


def test_label_accepts_any_collection_and_stays_hashable():
    assert hash(Label("TLP:RED", ["b", "a"], ())) == hash(Label("TLP:RED", {"a", "b"}, frozenset()))


def test_banner_names_compartments_and_groups():
    label = Label("TLP:RED", {"port", "energy"}, {"JPN", "AUS"})
    assert str(label) == "TLP:RED//energy//port//REL AUS, JPN"
    assert str(Label("TLP:RED", (), ())) == "TLP:RED//REL NOBODY"


def test_nobody_is_more_restricted_than_some_and_some_than_any():
    any_group, one, nobody = (Label("TLP:GREEN", (), to) for to in (None, {"JPN"}, ()))
    assert nobody.covers(one)
    assert one.covers(any_group)
    assert not any_group.covers(one)
    assert not one.covers(nobody)


def test_a_thing_with_label_parts_and_without_is_labelled():
    figure = Figure(1.0, None, None, unit="1", kind="input", label=RED, trace="x")
    assert isinstance(figure, Labelled)
    assert not isinstance("text", Labelled)
