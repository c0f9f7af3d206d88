"""Labels form a lattice: the join is the least label that covers both, in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from keian.core import CLEAR, Label, join_labels, load_levels

NAMES = ("energy", "health", "port")
names = st.frozensets(st.sampled_from(NAMES))
labels = st.builds(Label, st.sampled_from(sorted(load_levels())), names, st.none() | names)


@given(labels, labels, labels)
def test_join_does_not_depend_on_order_or_grouping(a, b, c):
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(a) == a
    assert join_labels(a, b, c) == join_labels(c, a, b, a)


@given(labels, labels)
def test_join_covers_both(a, b):
    assert a.join(b).covers(a)
    assert a.join(b).covers(b)


@given(labels, labels, labels)
def test_join_is_the_least_that_covers_both(a, b, c):
    assert c.covers(a.join(b)) == (c.covers(a) and c.covers(b))


@given(labels, labels, labels)
def test_covering_is_an_order(a, b, c):
    assert a.covers(a)
    if a.covers(b) and b.covers(a):
        assert a == b
    if a.covers(b) and b.covers(c):
        assert a.covers(c)


@given(labels, labels)
def test_covering_is_what_the_join_leaves_unchanged(a, b):
    assert a.covers(b) == (a.join(b) == a)


@given(labels)
def test_clear_is_the_bottom(a):
    assert a.covers(CLEAR)
    assert join_labels(a) == a
    assert join_labels() == CLEAR


@given(labels, labels, names, names)
def test_who_may_see_the_join_may_see_both(a, b, held, groups):
    """The rule of viewing, told from the definition: every compartment, and one of the groups."""

    def may_see(label, level):
        reached = label.releasable_to is None or bool(label.releasable_to & groups)
        return label.order <= level and label.compartments <= held and reached

    for level in range(len(load_levels())):
        if may_see(a.join(b), level):
            assert may_see(a, level)
            assert may_see(b, level)
