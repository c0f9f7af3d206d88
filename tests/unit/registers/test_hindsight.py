"""A review of an earlier day sees what one could know then, and no more."""

import json
import re
from datetime import date, timedelta

import pytest

from keian.core import to_plain
from keian.registers import load_shelf
from keian.registers.due import list_due
from keian.registers.gaps import list_gaps
from keian.registers.hindsight import ANALYSIS, freeze
from keian.registers.progress import measure_progress
from keian.registers.stages import find_stage, load_recorded

DAY = date(2024, 5, 16)
DAYS = (date(2022, 6, 1), date(2023, 1, 1), DAY, date(2025, 4, 1), date(2026, 1, 1))


@pytest.fixture(scope="module")
def shelf():
    return load_shelf()


@pytest.fixture(scope="module")
def seen(shelf):
    return freeze(shelf, DAY)


def stage(shelf, name, day):
    return find_stage(shelf.find(name)[-1], day)


@pytest.mark.parametrize("day", DAYS)
def test_no_result_step_or_confirmation_is_later_than_the_day(shelf, day):
    for name, entry in freeze(shelf, day).entries():
        if name in ANALYSIS:
            continue
        assert entry.confirmed_on is None or entry.confirmed_on <= day
        rows = [row["on"] for key in ("dates", "agreements") for row in entry.rows(key)]
        assert all(on is not None and on <= day for on in rows), entry.id
        done = (entry.value or {}).get("result_on")
        assert done is None or done <= day
        assert (entry.value or {}).get("next") is None


def test_the_review_of_the_act_is_still_to_come(shelf, seen):
    def find_days(registers, day):
        return {
            d.on
            for d in list_due(registers, day)
            if (d.entry.id, d.kind) == ("review.espa", "review")
        }

    assert not find_days(shelf, date(2026, 11, 22))
    days = find_days(seen, DAY)
    assert days == {date(2025, 5, 11), date(2025, 8, 1), date(2027, 5, 17)}


def test_an_end_that_no_law_set_is_not_foreseen(seen):
    assert seen["documents"].find("us-nss-2022")[-1].in_force_to is None
    assert seen["clearance"].find("iesi.transition")[-1].in_force_to == date(2026, 5, 15)


def test_budgets_of_later_years_are_left_out(seen):
    years = {row["year"] for e in seen["policies"].entries for row in e.rows("budget")}
    assert years == {"FY2021-22", "FY2022", "FY2023", "FY2023-27"}


def test_nothing_of_the_day_of_record_changes(shelf):
    recorded = load_recorded().on
    frozen = freeze(shelf, recorded)
    entries = shelf["policies"].entries
    known = [e for e in entries if not e.known_from or e.known_from <= recorded]
    assert list(frozen["policies"].entries) == known


def test_records_that_nobody_knew_fill_no_cell_and_serve_no_aim(shelf, seen):
    known = {e.id for e in seen["policies"].entries}
    assert known < {e.id for e in shelf["policies"].entries}
    empty = {gap.key for gap in list_gaps(shelf, DAY) if gap.kind == "empty_cell"}
    before = {gap.key for gap in list_gaps(freeze(shelf, date(2020, 1, 1)), date(2020, 1, 1))}
    assert empty < before


def test_no_shipped_entry_is_newer_than_the_day_of_record(shelf):
    recorded = load_recorded().on
    for _, entry in shelf.entries():
        assert entry.confirmed_on is None or entry.confirmed_on <= recorded, entry.id


def test_what_was_done_on_a_day_was_known_on_it(shelf):
    for entry in shelf["policies"].entries:
        steps = [row["on"] for row in entry.rows("dates") if row["on"] is not None]
        if steps and entry.known_from is not None:
            assert entry.known_from <= min(steps), entry.id


@pytest.mark.parametrize(
    ("record", "day"),
    [
        ("H-01", "2022-05-11"), ("H-04", "2022-12-20"), ("H-11", "2024-06-21"),
        ("H-15", "2026-06-17"), ("H-19", "2022-05-11"), ("H-20", "2024-05-17"),
        ("H-31", "2022-05-11"), ("H-59", "2004-12-31"), ("H-72", "2026-06-17"),
    ],
)  # fmt: skip
def test_a_record_is_known_with_its_act_and_not_only_from_its_force(shelf, record, day):
    assert shelf.find(record)[-1].known_from == date.fromisoformat(day)


def test_stages_follow_from_dates(shelf):
    assert stage(shelf, "H-20", date(2024, 5, 16)) == "ahead"
    assert stage(shelf, "H-20", date(2025, 3, 31)) == "enacted"  # promulgated 17 May 2024
    assert stage(shelf, "H-20", date(2025, 4, 1)) == "in_force"
    assert stage(shelf, "H-20", date(2026, 11, 23)) == "in_force"
    assert stage(shelf, "H-03", DAY) == "undated"  # in force, no day read
    assert stage(shelf, "H-70", date(2023, 2, 17)) == "undated"  # by 18 February at the latest
    assert stage(shelf, "H-70", date(2023, 2, 18)) == "in_force"
    assert stage(shelf, "H-76", date(2026, 1, 1)) == "under_way"  # panel sits, Act not amended
    assert stage(shelf, "H-76", date(2026, 6, 17)) == "done"
    assert stage(shelf, "H-21", DAY) == "ahead"


def test_shares_of_every_day_add_up_and_only_grow(shelf):
    shares = []
    for day in (*DAYS[1:], load_recorded().on):
        for p in measure_progress(shelf, day):
            parts = (p.done, p.partly, p.undone, p.undated)
            assert p.count == sum(map(len, parts)) == len({e.id for part in parts for e in part})
            assert 0 <= p.done_share <= p.highest_share <= 1
            if p.document.id == "nss-2022":
                shares.append(p.done_share)
    assert shares == sorted(shares)
    assert len(set(shares)) == len(shares)


def test_today_is_as_recorded(shelf):
    today = load_recorded().on + timedelta(days=1)
    for p, q in zip(measure_progress(shelf), measure_progress(shelf, today), strict=True):
        assert (p.done, p.partly, p.undone) == (q.done, q.partly, q.undone)
        assert not q.undated


def test_a_document_that_was_not_out_asks_for_nothing(shelf):
    asking = {p.document.id for p in measure_progress(shelf, date(2022, 12, 15))}
    assert "nss-2022" not in asking
    assert "nss-2013" in asking


def test_no_day_after_the_review_but_those_that_law_sets(seen):
    """Whatever field it stands in, a later day must be a deadline that was set by then."""
    later = set()
    for name, entry in seen.entries():
        if name not in ANALYSIS:
            text = json.dumps(to_plain({**(entry.value or {})}), default=str)
            days = re.findall(r"\d{4}-\d\d-\d\d", text)
            later |= {(entry.id, d) for d in days if d > DAY.isoformat()}
    assert later == {
        ("review.espa", "2024-05-17"),
        ("review.iesi-yearly", "2025-05-16"),  # days of force stand in acts known by then
    }
