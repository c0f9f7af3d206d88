"""What changed, what falls due, what is missing, what a measure hangs on, how far strategies are."""

from datetime import date

import pytest
from icalendar import Calendar

from keian.core import InputError
from keian.registers import load_shelf
from keian.registers.calendar_export import write_calendar
from keian.registers.changes import list_changes, list_steps
from keian.registers.counting import find_last_day
from keian.registers.coverage import group_elements, group_levels
from keian.registers.due import find_limit, group_due, list_due, list_passed, list_readings
from keian.registers.gaps import count_nulls, list_gaps
from keian.registers.hindsight import freeze
from keian.registers.lineage import trace
from keian.registers.options import list_options
from keian.registers.progress import measure_progress
from keian.registers.timeline import list_events

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shelf():
    return load_shelf()


def test_the_change_set_of_december_2025(shelf):
    changes = list_changes(shelf, date(2025, 12, 23), date(2025, 12, 24))
    goods = {(c.kind, c.entry.id) for c in changes if c.register == "designations"}
    assert goods == {
        ("added", "ventilators"),
        ("added", "unmanned-aircraft"),
        ("added", "satellites"),
        ("added", "rocket-parts"),
        ("changed", "ship-parts"),
        ("changed", "electronic-parts"),
    }
    assert all(c.reason for c in changes if c.register == "designations")


def test_what_ends_is_told(shelf):
    changes = list_changes(shelf, date(2022, 12, 15), date(2022, 12, 16))
    told = {(c.kind, c.entry.id) for c in changes}
    assert {("ended", "nss-2013"), ("added", "nss-2022"), ("ended", "ndpg-2018")} <= told


def test_a_day_differs_from_itself_in_nothing(shelf):
    assert not list_changes(shelf, TODAY, TODAY)
    assert not list_steps(shelf, TODAY, TODAY)


def test_the_last_pillar_moves_on_its_day(shelf):
    (step,) = list_steps(shelf, date(2024, 5, 16), date(2024, 5, 17))
    assert (step.pillar.id, step.before, step.after) == (
        "pillar-infrastructure", "partly_in_force", "operating",
    )  # fmt: skip


def test_every_reading_of_the_review_clause(shelf):
    (review,) = shelf.find("review.espa")
    due = {r.reading: r.due for r in list_readings(review)}
    assert due == {
        "enforcement": date(2025, 8, 1),
        "last stage": date(2027, 5, 17),
        "enactment": date(2025, 5, 11),
        "promulgation": date(2025, 5, 18),
    }


def test_triggers_agree_with_the_acts(shelf):
    (review,) = shelf.find("review.espa")
    days = {t["reading"]: t["day"] for t in review.rows("triggers")}
    (espa,) = shelf.find("espa")
    (screening,) = shelf.find("espa-infrastructure-screening")
    assert days["enforcement"] == espa.in_force_from
    assert days["enactment"] == espa.value["passed_on"]
    assert days["promulgation"] == espa.published_on
    assert days["last stage"] == screening.in_force_from


def test_a_review_with_its_result_is_not_due(shelf):
    ids = {due.entry.id for due in list_due(shelf, date(2030, 1, 1)) if due.kind == "review"}
    assert "review.espa" not in ids
    assert "review.dpb" in ids


def test_overdue_comes_first_and_until_cuts(shelf):
    found = list_due(shelf, TODAY)
    flags = [due.overdue for due in found]
    assert flags == sorted(flags, reverse=True)
    assert all(due.overdue == (due.on < TODAY and due.unknown is None) for due in found)
    until = date(2027, 12, 31)
    assert [d for d in found if d.on <= until] == list(list_due(shelf, TODAY, until))


def test_confirmations_fall_due_after_a_year(shelf):
    later = [d for d in list_due(shelf, date(2027, 11, 23)) if d.kind == "confirmation"]
    assert later
    assert all(due.overdue for due in later)
    assert not any(d.overdue for d in list_due(shelf, TODAY) if d.kind == "confirmation")


def test_the_calendar_can_be_read_again(shelf):
    due = list_due(shelf, TODAY, date(2028, 12, 31))
    calendar = Calendar.from_ical(write_calendar(due, TODAY))
    events = list(calendar.walk("VEVENT"))
    own = [d for d in due if d.kind != "confirmation"]
    assert sorted(e["DTSTART"].dt for e in events if "confirmation" not in str(e["UID"])) == sorted(
        d.on for d in own
    )
    assert len({str(e["UID"]) for e in events}) == len(events)


def test_confirmations_of_one_day_are_one_event_that_names_them_all(shelf):
    due = [d for d in list_due(shelf, TODAY) if d.kind == "confirmation"]
    events = list(Calendar.from_ical(write_calendar(due, TODAY, "ja")).walk("VEVENT"))
    assert len(due) > 100 > len(events) > 0
    told = "".join(str(e["DESCRIPTION"]) for e in events)
    assert all(d.entry.id in told for d in due)
    assert any("再確認" in str(e["SUMMARY"]) for e in events)


def test_a_report_that_nobody_looked_for_is_not_overdue(shelf):
    past = {d.entry.id: d for d in list_due(shelf, TODAY) if d.on < TODAY and d.kind == "review"}
    assert past["review.sds-yearly"].unknown == "not looked for"
    assert past["review.iesi-yearly"].unknown == "not found"
    assert not any(d.overdue for d in past.values())
    earlier = {d.entry.id: d for d in list_due(shelf, date(2026, 1, 5))}
    assert earlier["review.sds-yearly"].unknown is None  # its day had not come


def test_what_is_said_to_be_ahead_is_told_once_its_day_has_passed(shelf):
    assert list_passed(shelf, TODAY) == ()
    later = {e.id: day for e, day in list_passed(shelf, date(2028, 1, 1))}
    assert later["fefta-amendment-2026"] == date(2027, 6, 4)


def test_a_review_with_several_readings_is_overdue_once(shelf):
    found = [d for d in list_due(freeze(shelf, date(2025, 12, 1)), date(2025, 12, 1)) if d.overdue]
    assert [(g[0].entry.id, [d.on for d in g]) for g in group_due(found)] == [
        ("review.espa", [date(2025, 5, 11), date(2025, 8, 1)])  # not the reading that nobody holds
    ]


def test_gaps_name_what_nothing_answers(shelf):
    gaps = list_gaps(shelf, TODAY)
    by_kind = {}
    for gap in gaps:
        by_kind.setdefault(gap.kind, []).append(gap)
    assert [g.about for g in by_kind["aim_without_measure"]] == [("lesson.6",)]
    assert [g.about for g in by_kind["risk_without_pillar"]] == [("eu-23.risk-4",)]
    assert ("ventilators",) in [g.about for g in by_kind["good_without_measure"]]
    assert ("semiconductors",) not in [g.about for g in by_kind["good_without_measure"]]
    assert ("H-19",) not in [g.about for g in by_kind["no_treaty_note"]]


def test_a_good_is_a_gap_only_once_it_is_designated(shelf):
    before = {g.about for g in list_gaps(shelf, date(2025, 12, 23))}
    assert ("ventilators",) not in before


def test_overlap_is_single_ministries_on_one_lever(shelf):
    pairs = {g.about for g in list_gaps(shelf, TODAY) if g.kind == "overlap"}
    assert ("H-20", "H-21") in pairs
    assert ("H-19", "H-20") not in pairs  # several ministries together


def test_nulls_are_counted(shelf):
    counts = {(c.register, c.field): c for c in count_nulls(shelf)}
    ports = counts["essential_services", "value.threshold"]
    assert ports.missing == 2  # ports, whose item the copy lacks, and medical care, not set yet
    assert ports.entries == 17  # 16 sectors; water has two periods, with a ministry each


def test_progress_adds_up(shelf):
    for progress in measure_progress(shelf):
        rows = (*progress.done, *progress.partly, *progress.undone)
        assert progress.count == len({e.id for e in rows}) == len(rows)
        assert progress.done_share == len(progress.done) / len(rows)


def test_lineage_from_the_guidelines_of_2018_to_the_lever(shelf):
    (line,) = trace(shelf, "H-62")
    assert [d.id for d in line.documents] == ["ndpg-2018", "nss-2022"]
    assert [e.id for e in line.laws] == ["dpb-act"]
    assert [m.id for m in line.measures] == ["M27"]
    assert "review.dpb" in [r.id for r in line.reviews]


def test_lineage_of_a_shipped_measure_finds_its_records(shelf):
    lines = trace(shelf, "equipment-screening")
    ids = {line.policy.id for line in lines}
    assert {"H-19", "H-20"} <= ids
    screening = next(line for line in lines if line.policy.id == "H-19")
    assert [e.id for e in screening.laws] == ["espa"]
    with pytest.raises(InputError):
        trace(shelf, "no-such-measure")


def test_the_timeline_is_in_order_and_cut(shelf):
    first, last = date(2024, 5, 1), date(2024, 5, 31)
    events = list_events(shelf, first, last)
    days = [event.on for event in events]
    assert days == sorted(days)
    assert first <= days[0] <= days[-1] <= last
    assert ("espa-patents", "in_force") in {(e.entry.id, e.kind) for e in events}


def test_options_for_a_good_come_with_law_and_element(shelf):
    options = list_options(shelf, "critical-minerals.gallium")
    stock = next(o for o in options if o.policy.id == "H-04")
    assert stock.element == "element.economic"
    assert "jogmec-act" in [law.id for law in stock.laws]
    assert "rare-metal-release" in stock.shipped
    assert stock.way == "named"


def test_records_from_before_the_turn_are_listed_to_be_looked_at_again(shelf):
    def find(on):
        return {g.about[0] for g in list_gaps(shelf, on) if g.kind == "earlier_world"}

    assert {"H-61", "H-71"} <= find(TODAY)
    assert "H-01" not in find(TODAY)  # in force since August 2022
    assert find(date(2022, 2, 23)) == set()


def test_chapters_of_the_strategy_whose_records_name_no_law_are_listed(shelf):
    found = {g.about[0] for g in list_gaps(shelf, TODAY) if g.kind == "chapter_without_law"}
    assert "nss22.vi-2-5e" in found  # coercion: a platform and a study
    assert "nss22.vi-2-5a" not in found
    assert all(name.startswith("nss22.") for name in found)


def test_options_against_a_case_leave_out_records_for_other_goods(shelf):
    ways = {o.policy.id: o.way for o in list_options(shelf, "case.dual-use-2026")}
    assert {"H-04", "H-05", "H-06"} <= {name for name, way in ways.items() if way == "named"}
    assert not {"H-02", "H-07", "H-08", "H-10"} & ways.keys()  # chips, batteries, drugs, fertiliser
    assert ways["H-42"] == "wider"  # early warning is for no good in particular
    assert "H-05" not in {o.policy.id for o in list_options(shelf, "critical-minerals.gallium")}
    assert "H-05" in {o.policy.id for o in list_options(shelf, "critical-minerals")}


def test_options_against_a_case_reach_its_challenge(shelf):
    options = list_options(shelf, "case.us-tariffs-2025")
    by_id = {option.policy.id: option.way == "named" for option in options}
    assert by_id["H-49"] is True
    assert by_id["H-41"] is False


def test_levers_without_a_record_are_told(shelf):
    loose = {g.about for g in list_gaps(shelf, TODAY) if g.kind == "lever_without_record"}
    assert ("M30",) in loose
    assert ("M06",) not in loose


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("espa-medical", date(2027, 12, 16)),
        ("medical-care", date(2027, 12, 16)),
        ("fefta-amendment-2026", date(2027, 6, 4)),
        ("cyber-communications-data", date(2027, 11, 22)),
    ],
)
def test_the_outer_limit_of_force_counts_the_day_of_promulgation(name, day, shelf):
    assert find_limit(shelf.find(name)[-1]) == day


def test_stages_of_the_act_kept_the_limits_of_its_supplement(shelf):
    months = {"espa-goods": 9, "espa-infrastructure-designation": 18, "espa-patents": 24}
    for name, within in months.items():
        (entry,) = shelf.find(name)
        assert entry.in_force_from <= find_last_day(entry.published_on, months=within), name


def test_every_record_has_one_level_of_integration_or_none(shelf):
    levels = group_levels(shelf)
    assert set(levels) == {"single", "joint", "nsc", "blank"}
    names = [name for found in levels.values() for name in found]
    assert sorted(names) == sorted(shelf["policies"].ids())
    assert levels["single"]
    assert levels["nsc"]


def test_economic_power_is_among_the_elements_with_most_records(shelf):
    counts = {name: len(found) for name, found in group_elements(shelf).items()}
    assert len(counts) == 5
    assert counts["element.economic"] == max(counts.values())


def test_the_same_area_is_guided_more_strongly_in_2022_than_in_2013(shelf):
    scale = {
        e.id: e.value["strength"]["scale"]
        for e in shelf["chapters"].entries
        if (e.value or {}).get("strength")
    }
    for old, new in (("cyber", "vi-2-4a"), ("maritime", "vi-2-4b"), ("space", "vi-2-4c")):
        before, after = scale[f"nss13.iv-1-{old}"], scale[f"nss22.{new}"]
        assert (before, after) == ("consideration", "directive")
    assert "nss22.vi-2-5" not in scale  # blank is allowed and stays blank
