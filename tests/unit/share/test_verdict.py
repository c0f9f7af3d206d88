"""Who may see a label, and what the refusal gives away."""

import pytest

from keian.core import AMBER, AMBER_STRICT, CLEAR, GREEN, RED, InputError, Label
from keian.share import RANKING_FLOOR, Verdict, Viewer, raise_to_floor, verdict

ALL = (CLEAR, GREEN, AMBER, AMBER_STRICT, RED)
SECRET = "operation-kite"  # noqa: S105 - the name of a compartment that must not leak


@pytest.mark.parametrize("label", ALL, ids=str)
@pytest.mark.parametrize("level", ALL, ids=str)
def test_a_viewer_sees_his_level_and_below(level, label):
    assert verdict(Viewer(level.level), label).permitted == (label.order <= level.order)


@pytest.mark.parametrize(
    ("viewer", "permitted"),
    [
        (Viewer("TLP:RED"), False),
        (Viewer("TLP:RED", {"a"}), False),
        (Viewer("TLP:GREEN", {"a", "b"}), False),
        (Viewer("TLP:AMBER", {"a", "b"}), True),
        (Viewer("TLP:AMBER", {"a", "b", "c"}), True),
    ],
    # a set has no order, so that its text is another in another process
    ids=["no compartment", "one of two", "too low", "both", "more than both"],
)
def test_every_compartment_is_needed(viewer, permitted):
    assert verdict(viewer, Label("TLP:AMBER", {"a", "b"})).permitted == permitted


@pytest.mark.parametrize(
    ("groups", "releasable_to", "permitted"),
    [
        ((), None, True),
        ((), {"JPN"}, False),
        ({"JPN"}, {"JPN", "AUS"}, True),
        ({"USA"}, {"JPN", "AUS"}, False),
        ({"JPN"}, (), False),
    ],
)
def test_one_group_is_enough_and_an_empty_list_means_nobody(groups, releasable_to, permitted):
    label = Label("TLP:CLEAR", (), releasable_to)
    assert verdict(Viewer("TLP:RED", (), groups), label).permitted == permitted


@pytest.mark.parametrize(
    "label",
    [
        Label("TLP:CLEAR", {SECRET}),
        Label("TLP:CLEAR", (), {SECRET}),
        Label("TLP:RED", {SECRET}, {SECRET}),
    ],
    ids=["compartment", "group", "all"],
)
def test_a_refusal_names_no_compartment_and_no_group(label):
    judged = verdict(Viewer("TLP:GREEN"), label)
    assert not judged.permitted
    assert SECRET not in judged.reason
    assert judged.reason


def test_refusal_by_level_names_both_levels():
    reason = verdict(Viewer("TLP:GREEN"), RED).reason
    assert "TLP:RED" in reason
    assert "TLP:GREEN" in reason


def test_permission_has_a_reason_too():
    expected = Verdict(permitted=True, reason="the viewer may see up to TLP:AMBER")
    assert verdict(Viewer(), GREEN) == expected


def test_viewer_of_a_laptop_sees_amber_and_no_more():
    assert verdict(Viewer(), AMBER).permitted
    assert not verdict(Viewer(), AMBER_STRICT).permitted


def test_unknown_level_of_a_viewer_is_refused():
    with pytest.raises(InputError, match="did you mean 'TLP:GREEN'"):
        Viewer("TLP:GREN")


@pytest.mark.parametrize("label", ALL, ids=str)
def test_a_ranking_is_never_below_its_floor(label):
    raised = raise_to_floor(label)
    assert raised.covers(RANKING_FLOOR)
    assert raised.covers(label)
    assert raised == (label if label.order >= AMBER.order else AMBER)
    assert not verdict(Viewer("TLP:GREEN"), raised).permitted
