"""The shelf of all registers: what holds on a day, what points where, what nobody read."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from keian.core import InputError
from keian.registers import load_shelf
from keian.registers.coverage import build_coverage
from keian.registers.gaps import map_levers
from keian.registers.pillars import find_full_operation, find_pillars
from keian.scenario import load_measures, load_scenarios

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "register_days.yaml").read_text(encoding="utf-8")
)["cases"]
LETTERS = {"not_in_force": "n", "partly_in_force": "p", "in_force": "f", "operating": "o"}


@pytest.fixture(scope="module")
def shelf():
    return load_shelf()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sets_of_a_day_come_from_dates(case, shelf):
    on, known = case["day"], case.get("known")
    state = shelf.at(on, known)
    goods = list(state["designations"])
    assert "".join(LETTERS[p.state] for p in find_pillars(shelf, on, known)) == case["pillars"]
    assert sum(e.part_of is None for e in goods) == case["goods"]
    assert sum(e.part_of == "critical-minerals" for e in goods) == case["minerals"]
    assert len(state["essential_services"]) == case["sectors"]
    assert {e.id for e in state["pillars"]} == {
        p.entry.id for p in find_pillars(shelf, on, known) if p.state in {"in_force", "operating"}
    }


def test_full_operation_is_derived_from_the_last_stage(shelf):
    assert find_full_operation(shelf) == date(2024, 5, 17)
    assert find_full_operation(shelf, known=date(2023, 4, 27)) is None


def test_a_pillar_does_not_operate_without_its_guideline(shelf):
    day = date(2022, 9, 29)
    states = {p.entry.id: p.state for p in find_pillars(shelf, day)}
    assert states["pillar-goods"] == "in_force"


def test_every_challenge_trend_and_lesson_is_played_and_seen_or_says_why_not(shelf):
    scenarios = {scenario.id for scenario in load_scenarios()}
    for aim in shelf["aims"].entries:
        if aim.text("kind") in {"challenge", "trend", "lesson"}:
            assert bool(aim.ids("scenarios")) != bool(aim.text("not_played")), aim.id
            assert bool(aim.rows("observations")) != bool(aim.text("not_observed")), aim.id
            assert set(aim.ids("scenarios")) <= scenarios
            assert all(row["source"] in aim.sources for row in aim.rows("observations")), aim.id


def test_water_changes_its_ministry_on_the_first_of_april_2024(shelf):
    def ask(day):
        return shelf["essential_services"].at(day).find("water").text("minister")

    assert ask(date(2024, 1, 1)) == ask(date(2024, 3, 31)) == "MHLW"
    assert ask(date(2024, 4, 1)) == "MLIT"


def test_the_orders_of_pillar_2_hold_when_it_operates(shelf):
    held = shelf["acts"].at(date(2024, 5, 17))
    for ministry in ("meti", "mlit", "mic", "fsa"):
        assert f"espa-infra-{ministry}-order" in held
    assert "espa-infra-mic-order" in shelf["acts"].at(date(2023, 11, 17))
    assert "espa-infra-mic-order" not in shelf["acts"].at(date(2023, 11, 16))
    assert "sds-act" in shelf["acts"].at(date(2014, 12, 10))
    assert "sds-act" not in shelf["acts"].at(date(2014, 12, 9))


def test_every_entry_has_a_source_with_a_grade(shelf):
    bare = [
        entry.id
        for _, entry in shelf.entries()
        for name in entry.sources
        if shelf.sources[name].grade is None
    ]
    assert not bare


def test_what_was_written_from_memory_is_marked(shelf):
    silent = [
        entry.id
        for _, entry in shelf.entries()
        if entry.sources == ("memory",) and not entry.unverified
    ]
    assert not silent


def test_marked_fields_exist(shelf):
    wrong = [
        (entry.id, name)
        for _, entry in shelf.entries()
        for name in entry.unverified
        if not hasattr(entry, name) and name.removeprefix("value.") not in (entry.value or {})
    ]
    assert not wrong


def test_eighty_records_each_with_lever_and_judgement(shelf):
    ids = [entry.id for entry in shelf["policies"].entries]
    assert ids == [f"H-{number:02d}" for number in range(1, 81)]
    judged = [entry.text("of") for entry in shelf["judgements"].entries]
    assert sorted(judged) == ids
    levers = map_levers(shelf)
    for name in ids:
        (lever,) = levers[name]
        assert bool(lever.ids("measures")) != bool(lever.text("not_modelled"))
        assert lever.text("author")
        assert lever.text("why")


def test_the_catalogue_names_the_measures_that_carry_its_ids(shelf):
    shipped = {}
    for measure in load_measures():
        if measure.catalogue:
            shipped.setdefault(measure.catalogue, []).append(measure.id)
    listed = {e.id: sorted(e.ids("shipped")) for e in shelf["catalogue"].entries}
    assert {key: names for key, names in listed.items() if names} == {
        key: sorted(names) for key, names in shipped.items()
    }


def test_aims_name_scenarios_that_are_shipped(shelf):
    shipped = {scenario.id for scenario in load_scenarios()}
    named = {name for aim in shelf["aims"].entries for name in aim.ids("scenarios")}
    assert named <= shipped


def test_counts_of_the_proposal(shelf):
    kinds = [entry.text("kind") for entry in shelf["aims"].entries]
    assert [kinds.count(k) for k in ("challenge", "trend", "lesson")] == [6, 7, 7]
    areas = shelf["areas"].entries
    by_2013 = [e for e in areas if "nss-2013" in e.ids("guided_by")]
    by_2022 = [e for e in areas if e.text("kind") == "area" and "nss-2022" in e.ids("guided_by")]
    assert (len(by_2013), len(by_2022)) == (5, 10)
    items = {e.value["item"] for e in shelf["patent_classes"].entries}
    assert items == set(range(1, 48))
    fields = {
        (e.value["field"], e.value["additional_requirement"])
        for e in shelf["patent_classes"].entries
    }
    assert len({field for field, _ in fields}) == 25
    assert sum(needed for _, needed in fields) == 10
    assert sum(e.text("kind") == "field" for e in shelf["technology_fields"].entries) == 20


def test_documents_succeed_each_other_without_a_gap(shelf):
    documents = shelf["documents"]
    for entry in documents.entries:
        replaced = entry.text("replaces")
        if replaced and entry.start is not None:
            assert documents.find(replaced)[-1].in_force_to == entry.start, entry.id


def test_the_matrix_has_every_phase_and_aspect(shelf):
    cells = build_coverage(shelf)
    assert len(cells) == 6 * 7
    assert any(not cell.policies for cell in cells)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fertilizer", "fertiliser"),
        ("肥料", "H-10"),
        ("fertilizer", "H-10"),
        ("ひりょう", "fertiliser"),
    ],
)
def test_search_finds_in_both_languages(text, found, shelf):
    assert found in {entry.id for _, entry in shelf.search(text)}


def test_a_synonym_is_found_as_a_word_of_its_own_only(shelf):
    found = {entry.id for _, entry in shelf.search("港湾")}
    assert "H-20" in found
    assert "railway" not in found
    assert "H-35" not in found  # export


def test_an_unknown_id_offers_the_nearest(shelf):
    with pytest.raises(InputError) as error:
        shelf.find("espa-portz")
    assert "espa-ports" in error.value.problems[0].fix


POLICY = """
id: policies
names: {en: Records, ja: 記録}
entries:
  - id: H-01
    names: {en: One, ja: 一}
    value: {lead: CAO, instrument: an act, laws: [no-such-act], progress: running, asked_by: []}
    status: in_force
    in_force_from: 2024-02-30
    sources: [s-a]
  - id: H-02
    names: {en: Two, ja: 二}
    value: {lead: CAO, instrument: an act, laws: [no-such-act], progress: done, asked_by: []}
    status: in_force
    in_force_from: 2024-02-01
    in_force_to: 2024-01-01
    sources: [s-b]
  - id: H-03
    names: {en: Three, ja: 三}
    value: {lead: CAO, instrument: an act, progress: done, asked_by: [], owner: x}
    status: in_force
    in_force_from: 2024-02-01
    sources: [s-a]
"""
SOURCES = "- {id: s-a, title: A gazette, kind: published, grade: A}\n"


def test_all_problems_of_all_files_come_together_with_file_and_line(tmp_path):
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "policies.yaml").write_text(POLICY, encoding="utf-8")
    levers = "id: levers\nnames: {en: Levers, ja: 手段}\nentries: []\n"
    (tmp_path / "levers.yaml").write_text(levers, encoding="utf-8")
    acts = "id: acts\nnames: {en: Acts, ja: 法}\nentries:\n  - id: H-02\n    id: H-02\n"
    (tmp_path / "acts.yaml").write_text(acts, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_shelf(tmp_path)
    told = {(Path(p.where.split(":")[0]).name, p.found) for p in error.value.problems}
    lines = {p.where.split(":")[1].split(" ")[0] for p in error.value.problems}
    assert ("policies.yaml", "2024-02-30") in told
    assert ("acts.yaml", "the key 'id' again (first on line 4)") in told
    assert {"5", "7", "9"} <= lines
    found = " ".join(p.found for p in error.value.problems)
    for mistake in ("running", "no-such-act", "in_force_to 2024-01-01", "'s-b'", "'owner'"):
        assert mistake in found, mistake
    assert any(p.where.startswith(str(tmp_path / "acts.yaml")) for p in error.value.problems)
