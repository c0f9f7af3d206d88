"""Nothing leaves except as Released, and only `release` makes that."""

import copy
import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.core import AMBER, CLEAR, GREEN, RED, ClearanceError, Figure, Label, load_levels
from keian.share import Released, Viewer, release, verdict
from tests.unit.share.labelled import Note, Notes

SECRET = "the tanks are empty"  # noqa: S105 - a text that must not leak


def note(label, text="text", **inner):
    return Note(text, label, inner)


def test_a_figure_is_released_to_those_who_may_see_it():
    figure = Figure(1.0, None, None, unit="1", kind="result", label=AMBER, trace="x")
    released = release(figure, Viewer())
    assert released.value is figure
    assert (released.label, released.withheld_count) == (AMBER, 0)
    with pytest.raises(ClearanceError):
        release(figure, Viewer("TLP:GREEN"))


def test_parts_above_the_viewer_are_taken_out_and_the_label_falls():
    notes = Notes({"a": note(GREEN), "b": note(RED, SECRET), "c": note(AMBER)})
    released = release(notes, Viewer("TLP:AMBER"))
    assert set(released.value.notes) == {"a", "c"}
    assert released.label == AMBER
    assert released.withheld_count == 1
    assert SECRET not in repr(released)


def test_a_floor_is_not_lowered_by_taking_parts_out():
    notes = Notes({"a": note(GREEN)}, floor=AMBER)
    with pytest.raises(ClearanceError) as refused:
        release(notes, Viewer("TLP:GREEN"))
    assert "TLP:AMBER" in refused.value.reason


def test_refusal_shows_nothing_of_the_thing():
    thing = note(Label("TLP:RED", {"kite"}, {"JPN"}), SECRET)
    with pytest.raises(ClearanceError) as refused:
        release(thing, Viewer())
    for word in (SECRET, "kite", "JPN"):
        assert word not in refused.value.reason


@pytest.mark.parametrize("thing", ["text", 3, None, {"label": AMBER}, [1], object(), Figure])
def test_what_carries_no_label_is_denied(thing):
    with pytest.raises(ClearanceError, match="carries no label"):
        release(thing, Viewer("TLP:RED"))


def test_a_label_that_is_text_is_no_label():
    with pytest.raises(ClearanceError, match="Note carries no label"):
        release(note("TLP:CLEAR"), Viewer("TLP:RED"))


def test_a_part_without_label_denies_the_whole():
    with pytest.raises(ClearanceError, match="str carries no label"):
        release(Note("x", CLEAR, {"a": "loose text"}), Viewer("TLP:RED"))


def test_a_part_that_hides_something_above_its_label_is_taken_out():
    """Labels of people may be wrong; the labels inside are looked at too."""
    mislabelled = note(CLEAR, "cover", inner=note(RED, SECRET))
    released = release(Notes({"a": note(CLEAR), "b": mislabelled}), Viewer("TLP:GREEN"))
    assert set(released.value.notes) == {"a"}


class Leaky(Notes):
    """Says it takes parts out, and does not."""

    label = CLEAR

    def without(self, names):
        return self if names else Notes({})


def test_a_part_that_stays_in_denies_the_whole():
    with pytest.raises(ClearanceError, match="could not be taken out"):
        release(Leaky({"a": note(RED, SECRET)}), Viewer("TLP:GREEN"))


def test_parts_that_contain_each_other_are_refused():
    inner = {}
    ring = Note("ring", CLEAR, inner)
    inner["again"] = ring
    with pytest.raises(ClearanceError, match="contain each other"):
        release(ring, Viewer())


def test_only_release_makes_released():
    with pytest.raises(ClearanceError, match=re.escape("call release()")):
        Released(note(RED), Viewer(), 0, object())
    with pytest.raises(TypeError):
        Released(note(RED), Viewer(), 0)


def test_released_cannot_be_given_another_content():
    released = release(note(CLEAR), Viewer())
    with pytest.raises((ValueError, TypeError)):
        dataclasses.replace(released, value=note(RED))
    with pytest.raises(ClearanceError):
        dataclasses.replace(released, value=note(RED), seal=None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        released.value = note(RED)
    assert copy.copy(released).value is released.value
    assert not hasattr(released, "seal")


labels = st.builds(
    Label,
    st.sampled_from(sorted(load_levels())),
    st.frozensets(st.sampled_from("ab")),
    st.none() | st.frozensets(st.sampled_from("xy")),
)
viewers = st.builds(
    Viewer,
    st.sampled_from(sorted(load_levels())),
    st.frozensets(st.sampled_from("ab")),
    st.frozensets(st.sampled_from("xy")),
)


@given(st.dictionaries(st.sampled_from("pqrs"), labels, max_size=4), viewers)
def test_exactly_what_the_viewer_may_see_is_released(parts, viewer):
    notes = Notes({name: note(label) for name, label in parts.items()})
    seen = {name for name, label in parts.items() if verdict(viewer, label).permitted}
    try:
        released = release(notes, viewer)
    except ClearanceError:
        # The join of the rest may still be out of reach: groups that have no member in common.
        assert not verdict(viewer, notes.without(parts.keys() - seen).label).permitted
    else:
        assert set(released.value.notes) == seen
        assert released.withheld_count == len(parts) - len(seen)
        assert verdict(viewer, released.label).permitted
