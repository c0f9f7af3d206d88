"""The comprehensive review: a run of its own, on frozen registers, whose every claim can be followed."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

import keian.cli.replay
import keian.cli.run
from keian.cli import app
from keian.cli.comprehensive import pin, survey
from keian.cli.inputs import Inputs
from keian.cli.register_effects import PlayedReview, tell_effects
from keian.cli.register_glance import MOST, sort_played
from keian.cli.register_report import STRUCTURAL, digest_registers, show_skeleton
from keian.cli.register_show import show_day, tell_field
from keian.core import CLEAR
from keian.registers import Register, Registers, load_shelf
from keian.registers.findings import Finding, recall_findings
from keian.registers.hindsight import ANALYSIS, freeze
from keian.report import set_listings
from keian.report.plain import describe_review
from keian.review import Evaluation
from keian.scenario import load_measures
from keian.scenario.check import Reading
from keian.scenario.load import load_scenario_sources
from tests.unit.report.sample_review import names, sample_review
from tests.unit.scenario.tiny import (
    make_closure,
    make_economy,
    make_measure,
    make_scenario,
    make_sources,
)

NOTHING = Register("none", names("none", "なし"), (), {}, CLEAR)
DAY = date(2026, 11, 22)
EARLY = date(2024, 1, 1)


def write_review(released, folder, **_options):
    plain = describe_review(released.value)
    for name in ("report.html", "report.ja.html", "report.xlsx", "report.ja.xlsx"):
        (folder / name).write_text(name)
    (folder / "review.json").write_text(json.dumps(plain), encoding="utf-8")


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    """A workspace in which an invented evaluation stands in place of the model."""
    inputs = Inputs(
        economy=make_economy(),
        scenarios=(make_scenario(make_closure()),),
        measures=(make_measure(id="oil-stock-release"),),
        registers=Registers(NOTHING, NOTHING),
        reading=Reading(sources={**load_scenario_sources(), **make_sources()}),
    )
    monkeypatch.setattr(keian.cli.run, "write_report", write_review)
    monkeypatch.setattr(keian.cli.run, "load_inputs", lambda _named: inputs)
    review = sample_review()
    first = review.scenarios[0]
    effects = (replace(first.effects[0], measure="oil-stock-release"), *first.effects[1:])
    review = replace(review, scenarios=(replace(first, effects=effects), *review.scenarios[1:]))
    monkeypatch.setattr(keian.cli.run, "evaluate", lambda *_, **__: Evaluation(review, {}))
    monkeypatch.setattr(keian.cli.replay, "load_asked", lambda *_, **__: inputs.economy)
    monkeypatch.setattr(keian.cli.replay, "load_registers", lambda: inputs.registers)
    monkeypatch.setattr(keian.cli.replay, "check_inputs", lambda *_, **__: None)
    monkeypatch.setenv("KEIAN_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path / "workspace"


def call(*words):
    return CliRunner().invoke(app, list(words))


def ask(*words):
    answer = call(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def write_finding(workspace, **fields):
    made = {
        "id": "no-plan", "what": "No plan", "about": [], "owner": "METI",
        "opened_on": "2020-01-01", "next_on": "2020-06-01", **fields,
    }  # fmt: skip
    workspace.mkdir(exist_ok=True)
    text = json.dumps({"findings": [made]})  # JSON is YAML, with days as text
    text = re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", text)
    (workspace / "findings.yaml").write_text(text)


def test_it_is_a_run_of_its_own_beside_the_plain_review(workspace):
    plain = ask("review")["run"]
    made = ask("review", "--comprehensive")
    assert made["run"] != plain
    assert {"comprehensive.html", "comprehensive.xlsx", "comprehensive.json"} <= set(made["files"])


def test_the_run_it_cites_is_the_one_that_replay_knows(workspace):
    made = ask("review", "--comprehensive")
    data = json.loads((Path(made["folder"]) / "comprehensive.json").read_text(encoding="utf-8"))
    assert data["run"] == made["run"]
    assert call("replay", data["run"]).exit_code == 0


def test_replay_sees_the_same_entries_and_says_which_have_changed(workspace):
    run = ask("review", "--comprehensive")["run"]
    again = ask("replay", run)
    assert (again["equality"], again["changes"]) == ("same", [])
    write_finding(workspace)
    changed = call("replay", run, "--json")
    told = json.loads(changed.stdout)
    assert changed.exit_code == 3
    assert [change["what"] for change in told["changes"]] == ["findings"]
    assert all(d["where"].startswith("comprehensive.json") for d in told["differences"])


def test_a_viewer_below_the_floor_gets_nothing(workspace, tmp_path):
    answer = call("review", "--comprehensive", "--viewer", "green", "--out", str(tmp_path / "out"))
    assert answer.exit_code == 4
    assert not (tmp_path / "out").exists()


def test_a_confirmation_of_a_later_day_is_not_seen(workspace):
    shelf = load_shelf()
    name = next(e.id for e in shelf["lanes"].entries if e.confirmed_on is None and e.value)
    workspace.mkdir()
    kept = f"confirmations: [{{id: {name}, on: 2026-11-20, by: A}}]"
    (workspace / "confirmations.yaml").write_text(kept)
    for day, same in ((date(2026, 11, 19), True), (DAY, False)):
        bare = digest_registers(shelf, day)["lanes"]
        assert (pin(survey(day, None))["register_lanes_sha256"] == bare) is same


def test_every_register_is_frozen_but_what_keian_judges_itself():
    shelf = load_shelf()
    seen = freeze(shelf, EARLY)
    left = {
        name
        for name, register in seen.registers.items()
        if any(e.known_from is not None and e.known_from > EARLY for e in register.entries)
    }
    assert left == ANALYSIS
    assert len(seen["designations"].entries) < len(shelf["designations"].entries)


def test_a_changed_lever_changes_the_digest_also_of_an_earlier_day():
    shelf = load_shelf()
    levers = shelf["levers"]
    other = replace(levers, entries=levers.entries[1:])
    changed = replace(shelf, registers={**shelf.registers, "levers": other})
    first, second = digest_registers(shelf, EARLY), digest_registers(changed, EARLY)
    assert {name for name in first if first[name] != second[name]} == {"levers"}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("day", [EARLY, DAY])
def test_every_link_of_the_page_leads_somewhere(lang, day):
    measures = {measure.id: measure for measure in load_measures()}
    answer = show_skeleton(load_shelf(), day, measures, lang)
    page = set_listings(answer.title, answer.listings, answer.label, lang=lang)
    places = re.findall(r' id="([^"]+)"', page)
    pointed = set(re.findall(r'href="#([^"]+)"', page))
    assert len(places) == len(set(places))
    assert pointed <= set(places)
    assert any(name.startswith("H-") for name in pointed)


def test_a_link_is_made_of_ids_alone_and_text_stays_text():
    listing = show_skeleton(load_shelf(), DAY, {}, "en").listings[0]
    rows = (("a-1", "<b>a-1</b> a-12"), ("b-2", "javascript:a-1"))
    page = set_listings("t", [replace(listing, rows=rows, note="")], CLEAR)
    assert '&lt;b&gt;<a href="#a-1">a-1</a>&lt;/b&gt; a-12' in page
    assert 'href="javascript' not in page


def test_a_record_without_a_lever_says_why():
    answer = show_skeleton(load_shelf(), DAY, {}, "en")
    told = {row["policy"]: row["not_modelled"] for row in answer.plain["effects"]}
    assert all(
        why is None or why.startswith(("not modelled: ", "no measure")) for why in told.values()
    )
    untied = next(e for e in load_shelf()["levers"].entries if e.text("not_modelled"))
    assert told[untied.text("of")] == f"not modelled: {untied.text('not_modelled')}"


def test_the_head_counts_what_the_parts_list():
    shelf = load_shelf()
    finding = Finding(
        id="late", what="w", about=(), owner="o", opened_on=EARLY, next_on=date(2024, 2, 1)
    )
    answer = show_skeleton(shelf, DAY, {}, "en", findings=(finding,))
    head = {row[0]: row for row in answer.listings[0].rows}
    held = sum(1 for _ in shelf["policies"].at(DAY))
    assert head["Policy records in force on the day, of all"][1].startswith(f"{held}/")
    overdue = [each for each in answer.plain["due"]["due"] if each["overdue"]]
    assert head["Overdue on the day"][1] == str(len({each["id"] for each in overdue}))
    assert head["Findings recorded: open, of all"][1:] == ("1/1", "overdue: late")
    due = answer.plain["due"]["due"]
    unknown = [each for each in due if each["unknown"]]
    later = [each for each in due if not each["overdue"] and not each["unknown"]]
    assert len({(e["id"], e["kind"], e["what"]) for e in later}) == int(
        head["Due later, the next"][1]
    )
    assert len(due) == len(overdue) + len(unknown) + len(later)


def test_the_workbook_bears_the_label_on_every_sheet(workspace):
    made = ask("review", "--comprehensive")
    book = openpyxl.load_workbook(Path(made["folder"]) / "comprehensive.xlsx")
    assert {sheet["A1"].value for sheet in book} == {made["label"]}
    assert book.worksheets[0]["A2"].value.startswith("1. At a glance")


def test_findings_are_recalled_as_they_stood():
    found = Finding(
        id="a", what="w", about=(), owner="o", opened_on=date(2026, 1, 1), next_on=date(2026, 2, 1),
        steps=({"on": date(2026, 2, 1), "what": "s", "by": "b", "next_on": date(2026, 9, 1)},),
        closed_on=date(2026, 5, 1), evidence="e", by="b",
    )  # fmt: skip
    assert recall_findings([found], date(2025, 12, 31)) == ()
    assert recall_findings([found], date(2026, 5, 1)) == (found,)
    (april,) = recall_findings([found], date(2026, 4, 1))
    assert (april.closed_on, april.look_on) == (None, date(2026, 9, 1))
    (january,) = recall_findings([found], date(2026, 1, 15))
    assert january.look_on == date(2026, 2, 1)


def test_lineage_ends_in_the_effect_of_a_stored_review(workspace):
    chain = ask("register", "lineage", "H-61")["chains"][0]
    assert chain["runs"]["oil-stock-release"] is None
    run = ask("review")["run"]
    answer = ask("register", "lineage", "H-61")
    chain = answer["chains"][0]
    assert answer["label"] == "TLP:AMBER"
    assert chain["runs"]["oil-stock-release"] == run
    assert {effect["run"] for effect in chain["played"]} == {run}
    assert chain["reviews"]
    shown = call("register", "lineage", "H-61").stdout
    assert run[:12] in shown


def test_lineage_withholds_a_review_from_a_lower_viewer(workspace):
    ask("review")
    answer = ask("register", "lineage", "H-61", "--viewer", "green")
    assert (answer["withheld_count"], answer["label"]) == (1, "TLP:CLEAR")
    assert answer["chains"][0]["played"] == []


def test_a_finding_is_followed_and_looked_at_on_the_new_day(workspace):
    write_finding(workspace)
    assert ask("register", "findings")["findings"][0]["state"] == "finding_overdue"
    assert (
        call(
            "register", "follow", "no-plan", "Asked", "--next", "2099-01-01", "--by", "A"
        ).exit_code
        == 0
    )
    found = ask("register", "findings")["findings"][0]
    assert found["state"] == "finding_open"
    assert found["steps"][0]["what"] == "Asked"
    refused = call(
        "register", "follow", "no-plan", " ", "--next", "2000-01-01", "--by", " ", "--json"
    )
    assert len(json.loads(refused.stdout)["error"]["problems"]) == 3


def test_a_change_that_outlived_its_sunset_is_overdue(workspace):
    write_finding(workspace, next_on="2099-01-01", fast_track=True, sunset="2020-03-01")
    assert ask("register", "findings")["findings"][0]["state"] == "finding_overdue"


def test_what_a_person_keeps_first_makes_a_workspace_that_a_review_takes(workspace):
    found = ("find", "no-plan", "No plan", "--owner", "METI", "--next", "2099-01-01")
    assert call("register", *found).exit_code == 0
    assert ask("register", "lineage", "H-61")["withheld_count"] == 0
    ask("review")


def test_a_workspace_of_kept_files_alone_is_one_and_other_files_make_none(workspace):
    write_finding(workspace)
    assert ask("register", "lineage", "H-61")["withheld_count"] == 0
    ask("review")
    (workspace.parent / "other").mkdir()
    for name in ("findings.yaml", "thesis.doc"):
        (workspace.parent / "other" / name).write_text("")
    answer = call("review", "--workspace", str(workspace.parent / "other"))
    assert answer.exit_code == 2
    assert not (workspace.parent / "other" / "runs").exists()


def test_what_was_recorded_after_the_day_is_told_not_passed_over(workspace):
    write_finding(workspace, opened_on="2999-01-01", next_on="2999-06-01")
    answer = call("review", "--comprehensive", "--json")
    assert answer.exit_code == 0, answer.output
    assert "1 findings and 0 change sets made later are left out" in answer.stderr
    data = json.loads(
        (Path(json.loads(answer.stdout)["folder"]) / "comprehensive.json").read_text()
    )
    assert data["findings"] == []


def test_a_change_set_is_seen_by_the_review_and_by_replay(workspace, tmp_path):
    run = ask("review", "--comprehensive")["run"]
    file = tmp_path / "mine.yaml"
    file.write_text(
        "id: mine\non: 2020-01-01\nauthor: A\nreason: read\n"
        "changes: [{do: correct, id: H-01, to: {value: {lead: METI}}, sources: [l-espa]}]\n"
    )
    ask("register", "apply", str(file))
    told = json.loads(call("replay", run, "--json").stdout)
    assert [change["what"] for change in told["changes"]] == ["register_policies"]
    again = ask("review", "--comprehensive")["run"]
    assert again != run
    assert ask("replay", again)["equality"] == "same"


def play(**effects):
    """Make a played review of invented effects: days and loss by measure."""
    return PlayedReview(
        "0" * 64, DAY.isoformat(), CLEAR, {"s": {"names": {"en": "S", "ja": "S"}}},
        {
            name.replace("_", "-"): (
                {
                    "measure": name.replace("_", "-"), "scenario": "s",
                    "days_bought": None if days is None else {"value": days, "censored": None},
                    "loss_avoided": {"value": loss, "low": None, "high": None},
                    "first_limit": {"en": "l", "ja": "l"},
                },
            )
            for name, (days, loss) in effects.items()
        },
    )  # fmt: skip


def test_what_is_not_in_force_carries_no_effect():
    played = play(equipment_screening=(None, 0.5), second_source_approval=(230.0, 0.1))
    answer = show_skeleton(load_shelf(), DAY, {m.id: m for m in load_measures()}, "en", played)
    told = {row["policy"]: row for row in answer.plain["effects"]}
    assert told["H-19"]["held"]
    assert told["H-19"]["played"]
    for policy in ("H-21", "H-22"):  # enacted and a draft, behind the same lever
        assert told[policy]["measures"] == ["equipment-screening"]
        assert not told[policy]["held"]
        assert not told[policy]["played"]
    undated = play(strategic_buffer_lng=(9.0, 0.1))
    answer = show_skeleton(load_shelf(), DAY, {m.id: m for m in load_measures()}, "en", undated)
    buffer = next(row for row in answer.plain["effects"] if row["policy"] == "H-12")
    assert buffer["played"]  # in force; only its day was not read
    assert not buffer["held"]
    assert not told["H-08"]["played"]  # a plant of ingredients approves no second source
    rows = next(x for x in answer.listings if "Effect" in x.title).rows
    assert "not in force on the day" in next(row for row in rows if row[0] == "H-21")[4]
    assert "not in force on the day" not in next(row for row in rows if row[0] == "H-12")[4]


def test_a_loss_that_grows_is_no_effect_that_helps():
    played = play(antibiotic_triage=(None, -0.0099), oil_stock_release=(3.0, 0.0))
    found = sort_played(load_shelf(), DAY, played)
    assert "H-09" in found.worse
    assert "H-09" not in found.moving
    assert "H-61" in found.moving
    told = tell_effects(played, ["antibiotic-triage"], "en")
    assert "for the worse" in told


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_chapter_asked_stands_with_its_source_and_its_doubt(lang):
    shelf = load_shelf()
    answer = show_skeleton(shelf, DAY, {m.id: m for m in load_measures()}, lang)
    rows = answer.listings[2].rows
    doubt = "unverified" if lang == "en" else "未確認"
    for chapter in shelf["chapters"].entries:
        if chapter.text("document") not in {"nss-2013", "ndpg-2018", "nss-2022"}:
            continue
        row = next(r for r in rows if r[1] == tell_field(chapter, "number", lang))
        assert all(name in row[4] for name in chapter.sources)
        assert (doubt in row[2]) == ("names" in chapter.unverified)
    loose = [r for r in rows if "IV.6" in r[1]]
    assert len(loose) == 1
    assert "H-" not in loose[0][3]


def test_limit_and_lead_name_their_sources_and_the_list_of_sources_holds_them():
    answer = show_skeleton(load_shelf(), DAY, {m.id: m for m in load_measures()}, "en")
    effects = next(x for x in answer.listings if "Effect" in x.title)
    row = next(r for r in effects.rows if r[0] == "H-19")
    assert "[evidence " in row[5]
    listed = {r[0] for r in answer.listings[-1].rows}
    named = {
        source
        for line in effects.rows
        for told in re.findall(
            r"\[evidence .; ([^\]]+)\]|\(\S+\) \[([^\]]+)\]", f"{line[5]} {line[6]}"
        )
        for part in told
        for source in part.split(", ")
        if source and source != "-"
    }
    assert len(named) > 20
    assert named <= listed


def test_what_is_from_memory_is_marked_where_it_is_shown():
    shelf = load_shelf()
    assert "names" in shelf.find("patent-21")[-1].unverified
    assert not shelf.find("patent-14")[-1].unverified  # field 1, read in the notice
    held = shelf["patent_classes"].at(DAY)
    assert (len(held), sum(e.part_of is None for e in held)) == (48, 47)
    rows = show_day(shelf, DAY, None, "en", ["patent_classes"]).listings[-1].rows
    assert all("(unverified)" in name for key, name, *_ in rows if key != "patent-14")


def test_the_head_names_few_ids_and_counts_the_rest():
    head = show_skeleton(load_shelf(), DAY, {}, "en", play(oil_stock_release=(3.0, 0.1))).listings[
        0
    ]
    assert all(len(re.findall(r"\bH-\d+\b", row[2])) <= MOST for row in head.rows)
    assert any("more" in row[2] for row in head.rows)


def test_an_address_alone_in_a_cell_is_a_link_and_nothing_else_is():
    listing = replace(
        show_skeleton(load_shelf(), DAY, {}, "en").listings[0],
        rows=(("a-1", "https://laws.e-gov.go.jp/law/504AC0000000043"), ("b-2", 'https://x" y')),
        note="",
    )
    page = set_listings("t", [listing], CLEAR)
    address = "https://laws.e-gov.go.jp/law/504AC0000000043"
    assert f'<a href="{address}">{address}</a>' in page
    assert page.count('href="http') == 1


def test_gaps_of_single_records_are_one_table_of_ids():
    shelf = load_shelf()
    answer = show_skeleton(shelf, DAY, {}, "en")
    table = next(x for x in answer.listings if "single records" in x.title)
    told = {name for row in table.rows for name in row[2].split(", ")}
    wanted = {
        name
        for gap in answer.plain["gaps"]
        if gap["kind"] not in STRUCTURAL
        for name in gap["about"]
    }
    assert told == wanted
