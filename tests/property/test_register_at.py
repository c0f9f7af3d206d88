"""On every date a register gives one entry for an id, the one whose period holds, or none."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keian.core import CLEAR, Names
from keian.registers.entry import ENTERING, STATUSES, Entry
from keian.registers.periods import check_periods
from keian.registers.register import Register

FIRST = date(2000, 1, 1)
SPAN = 4000  # days


def make_entry(start, end, *, value=True, known=None, status="in_force"):
    return Entry(
        id="rule",
        names=Names(en="Rule", ja="規則"),
        value={"kind": "act"} if value else None,
        in_force_from=start,
        in_force_to=end,
        certain_from=None,
        published_on=None,
        known_from=known,
        confirmed_on=None,
        status=status,
        sources=("s-a",),
        label=CLEAR,
    )


@st.composite
def draw_periods(draw):
    """Cut a stretch of days into periods, some of them gaps, the last one open or closed."""
    cuts = sorted(draw(st.sets(st.integers(0, SPAN), min_size=2, max_size=8)))
    gaps = draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    days = [FIRST + timedelta(days=cut) for cut in cuts]
    entries = [
        make_entry(start, end, value=not gap)
        for start, end, gap in zip(days[:-1], days[1:], gaps, strict=False)
    ]
    if draw(st.booleans()):
        entries.append(make_entry(days[-1], None))
    return tuple(entries)


def make_register(entries):
    return Register("test", Names(en="Test", ja="試験"), tuple(entries), {}, CLEAR)


days = st.integers(-100, SPAN + 100).map(lambda n: FIRST + timedelta(days=n))


@given(draw_periods(), days)
def test_at_most_one_entry_holds_and_it_is_the_right_one(entries, on):
    register = make_register(entries)
    assert not check_periods(entries, "test")
    held = list(register.at(on))
    wanted = [
        e
        for e in entries
        if e.value is not None
        and e.in_force_from <= on
        and (e.in_force_to is None or on < e.in_force_to)
    ]
    assert held == wanted
    assert len(held) <= 1


@given(draw_periods(), days, days)
def test_knowing_later_never_takes_away_what_held(entries, on, known):
    """An end set by a change nobody knew of does not count."""
    dated = [make_entry(e.in_force_from, e.in_force_to, known=e.in_force_from) for e in entries]
    register = make_register(dated)
    held = list(register.at(on, known))
    known_entries = [e for e in dated if e.known_from <= known]
    latest = known_entries[-1] if known_entries else None
    end = latest.in_force_to if latest and latest is dated[-1] else None
    wanted = bool(latest) and dated[0].in_force_from <= on and (end is None or on < end)
    assert bool(held) == wanted
    assert all(e.known_from <= known for e in held)


@given(draw_periods(), days, st.sampled_from(STATUSES))
def test_only_what_is_in_force_or_transitional_enters_unless_asked(entries, on, status):
    dressed = [make_entry(e.in_force_from, e.in_force_to, status=status) for e in entries]
    register = make_register(dressed)
    everything = list(register.at(on, statuses=STATUSES))
    assert list(register.at(on)) == (everything if status in ENTERING else [])
