"""`keian register` answers people, programs and browsers alike."""

import csv
import json

import openpyxl
import pytest
from typer.testing import CliRunner

from keian.cli import app

LAW = """<Law><LawNum>令和四年法律第九百九十九号</LawNum><LawBody><LawTitle>試しの法律</LawTitle>
<MainProvision><Article Num="1"><ArticleTitle>第一条</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>試すことを目的とする。</Sentence></ParagraphSentence></Paragraph></Article>
</MainProvision></LawBody></Law>"""


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("KEIAN_WORKSPACE", str(tmp_path / "workspace"))


def run(*words):
    answer = CliRunner().invoke(app, ["register", *words], catch_exceptions=False)
    return answer.exit_code, answer.stdout


def ask(*words):
    code, text = run(*words, "--json")
    assert code == 0, text
    return json.loads(text)


def test_at_a_day():
    answer = ask("at", "2025-03-31", "--register", "essential_services")
    assert [p["state"] for p in answer["pillars"]] == ["operating"] * 4
    assert answer["full_operation_from"] == "2024-05-17"
    assert answer["counts"]["essential_services"] == 14
    assert len(answer["registers"]["essential_services"]) == 14


def test_diff_names_reasons():
    answer = ask("diff", "2025-12-23", "2025-12-24")
    goods = [c for c in answer["changes"] if c["register"] == "designations"]
    assert len(goods) == 6
    assert all(change["reason"] for change in goods)


def test_due_writes_a_calendar(tmp_path):
    file = tmp_path / "due.ics"
    answer = ask("due", "--on", "2026-11-23", "--until", "2027-12-31", "--ics", str(file))
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")
    first = answer["due"][0]
    assert (first["id"], first["overdue"]) == ("review.iesi-yearly", False)
    assert first["unknown"] == "not found"  # past its day, but nobody found the report
    assert "review.espa-2026" in answer["undated"]


def test_lineage_ends_at_the_effect():
    (chain,) = ask("lineage", "H-04")["chains"]
    assert "nss-2022" in chain["documents"]
    assert chain["effects"] == ["rare-metal-release", "allied-mine-offtake"]
    assert chain["reviews"]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("gaps",), "gaps"),
        (("gaps", "--data"), "counts"),
        (("progress",), "documents"),
        (("coverage",), "cells"),
        (("timeline", "--from", "2024-05-01", "--to", "2024-05-31"), "events"),
        (("search", "fertilizer"), "found"),
        (("show", "espa"), "entries"),
        (("check",), "entries"),
        (("options", "case.dual-use-2026"), "options"),
        (("skeleton",), "effects"),
    ],
    ids=" ".join,
)
def test_each_question_is_answered_in_both_languages(words, key):
    assert ask(*words)[key]
    english, japanese = run(*words)[1], run(*words, "--lang", "ja")[1]
    assert english
    assert japanese
    assert english != japanese


def test_sources_without_a_known_publisher_are_counted_with_the_gaps_of_the_data():
    nameless = ask("gaps", "--data")["sources_without_publisher"]
    assert "oil_stock_national_days" in nameless
    assert not {"advanced_chips_taiwan", "s-tsr-taiwan", "l-espa"} & set(nameless)
    assert f"whose publisher is not known: {len(nameless)}" in run("gaps", "--data")[1]
    assert (
        f"発行者の分からない公表資料：{len(nameless)}件" in run("gaps", "--data", "--lang", "ja")[1]
    )


def test_a_page_stands_alone_and_escapes(tmp_path):
    file = tmp_path / "at.html"
    code, _ = run("at", "2026-01-01", "--register", "all", "--html", str(file), "--lang", "ja")
    page = file.read_text(encoding="utf-8")
    assert code == 0
    assert "TLP:CLEAR" in page
    assert "Content-Security-Policy" in page
    assert "<script" not in page
    assert "特定重要物資" in page


def test_the_skeleton_of_a_day_knows_no_later_record(tmp_path):
    before = {e["policy"] for e in ask("skeleton", "--on", "2023-06-30")["effects"]}
    after = {e["policy"] for e in ask("skeleton", "--on", "2026-11-23")["effects"]}
    assert "H-50" not in before
    assert "H-50" in after
    file = tmp_path / "skeleton.html"
    run("skeleton", "--on", "2026-11-23", "--html", str(file))
    page = file.read_text(encoding="utf-8")
    for line in ("H-75", "review.dpb", "intensive", "lesson.6", "l-espa"):
        assert line in page, line


def test_what_is_not_there_is_refused_with_the_nearest():
    code, text = run("show", "espa-portz", "--json")
    assert code == 2
    assert "espa-ports" in json.loads(text)["error"]["problems"][0]["fix"]
    code, text = run("at", "2026-01-01", "--register", "designation", "--json")
    assert code == 2
    assert "designations" in json.loads(text)["error"]["problems"][0]["fix"]


def test_a_confirmation_is_kept_and_falls_due_a_year_later():
    assert ask("show", "sdf-act")["entries"][0]["confirmed_on"] is None
    code, _ = run("confirm", "sdf-act", "--on", "2026-11-01", "--by", "A. Officer")
    assert code == 0
    entry = ask("show", "sdf-act")["entries"][0]
    assert (entry["confirmed_on"], entry["confirmed_by"]) == ("2026-11-01", "A. Officer")
    told = ask("due", "--on", "2026-11-23")
    assert told["confirmed_by_name"] == 1  # what keian's authors read bears no name
    assert told["read_without_a_name"] > 100
    due = ask("due", "--on", "2027-11-02")["due"]
    assert ("2027-11-01", "sdf-act") in {(d["on"], d["id"]) for d in due if d["overdue"]}


def test_a_confirmation_of_nothing_or_of_tomorrow_is_refused_and_not_kept():
    code, text = run("confirm", "no-such-act", "--on", "2999-01-01", "--by", " ", "--json")
    assert code == 2
    problems = json.loads(text)["error"]["problems"]
    assert [p["wanted"] for p in problems] == [
        "the id of an entry", "a day that has come", "who confirms",
    ]  # fmt: skip
    assert ask("due", "--on", "2026-11-23")["never_confirmed"] > 0


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_registers_go_out_as_sheets(file_format, tmp_path):
    folder = tmp_path / "sheets"
    assert run("export", str(folder), "--format", file_format)[0] == 0
    if file_format == "xlsx":
        book = openpyxl.load_workbook(folder / "registers.xlsx")
        rows = list(book["policies"].values)
        book.close()
    else:
        with (folder / "policies.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    assert len(rows) == 81
    assert rows[1][0] == "H-01"
    assert "l-espa arts 6-48" in rows[1][-2]


def test_what_lists_gaps_is_not_clear():
    assert ask("gaps")["label"] == "TLP:AMBER"
    assert ask("skeleton")["label"] == "TLP:AMBER"
    assert ask("at", "2026-01-01")["label"] == "TLP:CLEAR"


def test_a_day_due_on_a_holiday_names_the_next_working_day():
    due = ask("due", "--on", "2026-11-23", "--until", "2027-01-12")["due"]
    assert {d["on"]: d["working_day"] for d in due}["2026-12-31"] == "2027-01-04"
    assert "令和8年12月31日" in run("due", "--on", "2026-11-23", "--lang", "ja")[1]


def test_a_law_without_what_entries_cite_is_refused(tmp_path):
    path = tmp_path / "law.xml"
    path.write_text(LAW, encoding="utf-8")
    assert ask("law", str(path), "--provision", "art. 1")["text"] == "試すことを目的とする。"
    code, text = run("law", str(path), "--source", "l-espa", "--json")
    assert code == 2
    places = {p["where"] for p in json.loads(text)["error"]["problems"]}
    assert "pillar-goods" in places


def test_a_good_shows_plans_and_money_of_its_records_and_an_act_its_votes():
    text = run("show", "semiconductors")[1]
    assert "437.6 bn JPY" in text
    assert "H-03" in text
    told = run("show", "espa", "--lang", "ja")[1]
    assert "立憲民主党" in told
    assert "反対" in told


def test_another_law_than_the_source_is_told_as_that_and_not_as_missing_articles(tmp_path):
    path = tmp_path / "law.xml"
    told = LAW.replace("<Law>", '<Law Era="Reiwa" Year="4" LawType="Act" Num="999">')
    path.write_text(told, encoding="utf-8")
    code, text = run("law", str(path), "--source", "l-espa", "--json")
    (problem,) = json.loads(text)["error"]["problems"]
    assert code == 2
    assert "504AC0000000043" in problem["wanted"]
    assert "九百九十九号" in problem["found"]


def test_the_later_day_first_is_refused_with_the_order_that_works():
    code, text = run("diff", "2026-01-01", "2024-01-01", "--json")
    assert code == 2
    assert "diff 2024-01-01 2026-01-01" in json.loads(text)["error"]["problems"][0]["fix"]


def test_a_measure_without_a_record_has_an_empty_lineage():
    assert ask("lineage", "M10")["chains"] == []
    assert "M10" in run("lineage", "M10")[1]
    assert run("lineage", "M99")[0] == 2


FOUND = ("find", "no-plan", "No plan", "--about", "ventilators", "--owner", "MHLW")


def test_a_finding_is_recorded_followed_and_closed_with_evidence():
    assert run(*FOUND, "--next", "2099-03-31")[0] == 0
    (kept,) = ask("findings")["findings"]
    assert (kept["state"], kept["about"]) == ("finding_open", ["ventilators"])
    assert ask("findings", "--on", "2099-04-01")["findings"][0]["state"] == "finding_overdue"
    code, text = run("close", "no-plan", "--evidence", " ", "--by", "A", "--json")
    assert code == 2
    assert "answered" in json.loads(text)["error"]["problems"][0]["wanted"]
    assert run("close", "no-plan", "--evidence", "plan of 1 February", "--by", "A")[0] == 0
    assert ask("findings")["findings"][0]["state"] == "finding_closed"
    assert run("close", "no-plan", "--evidence", "again", "--by", "A")[0] == 2


def test_a_fast_track_change_needs_the_day_on_which_it_ends():
    fast = (*FOUND, "--next", "2099-03-31", "--fast-track")
    code, text = run(*fast, "--json")
    assert code == 2
    assert "fast-track" in json.loads(text)["error"]["problems"][0]["wanted"]
    assert run(*fast, "--sunset", "2099-06-30")[0] == 0
    code, text = run("find", "no-plan", "x", "--owner", "", "--next", "1999-01-01", "--json")
    assert code == 2
    assert len(json.loads(text)["error"]["problems"]) == 3


def test_an_id_with_blanks_is_refused_as_any_other_input():
    code, text = run("find", "No Plan", "x", "--owner", "A", "--next", "2099-01-01", "--json")
    assert code == 2
    assert json.loads(text)["error"]["problems"][0]["where"] == "command line id"


def test_the_state_of_the_registers_is_pinned_by_what_one_could_know():
    early, late = ask("skeleton", "--on", "2024-01-01"), ask("skeleton", "--on", "2026-11-23")
    assert early["snapshot"] == ask("skeleton", "--on", "2024-01-01")["snapshot"]
    assert early["snapshot"]["designations"] != late["snapshot"]["designations"]
    # The pillars were confirmed in 2026 and only then.
    assert early["snapshot"]["pillars"] != late["snapshot"]["pillars"]
    day_after = ask("skeleton", "--on", "2024-01-02")["snapshot"]
    assert early["snapshot"]["pillars"] == day_after["pillars"]


EFFECT = {
    "measure": "oil-stock-release", "scenario": "crisis", "first_limit": {"en": "stock is empty", "ja": "枯渇"},
    "days_bought": {"value": 12.0, "censored": ">="},
    "loss_avoided": {"value": 1.25, "low": 1.0, "high": 1.5},
}  # fmt: skip


def write_review(path, *effects):
    """A review's file with effects that are made up."""
    label = {"level": "TLP:AMBER", "compartments": [], "releasable_to": None}
    scenario = {"id": "crisis", "names": {"en": "A crisis", "ja": "危機"}, "effects": list(effects)}
    review = {"as_of": "2026-11-22", "label": label, "scenarios": [scenario]}
    plain = {"schema": "keian.review/1", "run_id": "abc" * 20, "review": review}
    path.write_text(json.dumps(plain), encoding="utf-8")


def test_the_comprehensive_review_names_effects_with_their_run(tmp_path):
    idle = EFFECT | {
        "measure": "rare-metal-release", "days_bought": None,
        "loss_avoided": {"value": 0.0, "low": None, "high": None},
    }  # fmt: skip
    write_review(tmp_path / "review.json", EFFECT, idle)
    found = ask("skeleton", "--on", "2026-11-22", "--review", str(tmp_path))
    assert found["run"] == "abc" * 20
    assert found["label"] == "TLP:AMBER"
    played = [row for policy in found["effects"] for row in policy["played"]]
    assert {row["measure"] for row in played} == {"oil-stock-release"}
    assert played[0]["days_bought"]["value"] == 12.0
    page = tmp_path / "page.html"
    run("skeleton", "--on", "2026-11-22", "--review", str(tmp_path), "--html", str(page))
    text = page.read_text(encoding="utf-8")
    told = "oil-stock-release in A crisis: +12 or more days; loss avoided 1.2 (1-1.5) % of a year"
    assert told in text
    assert "stops at: stock is empty [run abcabcabcabc]" in text
    assert (
        "rare-metal-release: played in 1 scenarios, changes no day and no loss that counts" in text
    )


@pytest.mark.parametrize("content", [None, "no json", '{"schema": "other"}'])
def test_what_is_no_review_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "review.json").write_text(content, encoding="utf-8")
    answer = CliRunner().invoke(app, ["register", "skeleton", "--review", str(tmp_path)])
    assert answer.exit_code == 2
    assert "review.json as `keian review` writes it" in " ".join(answer.output.split())


def test_a_gap_shows_its_finding_with_owner_and_next_day_and_what_closed_it():
    key = "empty_cell:recovery.finance"
    run("find", "no-money", "Nothing pays", "--gap", key, "--owner", "MOF", "--next", "2099-03-31")
    found = {gap["key"]: gap for gap in ask("gaps")["gaps"]}
    (answer,) = found[key]["findings"]
    assert found[key]["state"] == "open"
    assert (answer["owner"], answer["next_on"]) == ("MOF", "2099-03-31")
    assert found["empty_cell:recovery.diplomacy"]["state"] == "unanswered"
    _, text = run("skeleton")
    assert "no-money: open, MOF, next 2099-03-31" in text
    run("close", "no-money", "--evidence", "Budget of 2027", "--by", "A. Officer")
    again = {gap["key"]: gap for gap in ask("gaps")["gaps"]}[key]
    assert (again["state"], again["findings"][0]["evidence"]) == ("closed", "Budget of 2027")
    before = {gap["key"]: gap for gap in ask("gaps", "--on", "2026-01-01")["gaps"]}[key]
    assert before["findings"] == []


def test_a_gap_that_nobody_finds_is_refused_with_the_nearest():
    words = (
        "x",
        "No",
        "--gap",
        "empty_cell:recovery.financ",
        "--owner",
        "A",
        "--next",
        "2099-01-01",
    )
    code, text = run("find", *words, "--json")
    assert code == 2
    assert "empty_cell:recovery.finance" in text


def test_progress_of_several_days_is_derived_from_dates():
    answer = ask("progress", "--at", "2024-05-16", "--at", "2026-11-23")
    first, last = ({p["id"]: p for p in day["documents"]}["nss-2022"] for day in answer["days"])
    assert first["asked"] == last["asked"]
    assert first["done_share"] < first["highest_share"] < last["done_share"]
    assert "H-20" in first["undone"]
    assert "H-20" in last["done"]
    assert answer["recorded"]["on"] == "2026-11-22"
    _, text = run("progress", "--since", "2024-01-01", "--step", "6", "--lang", "ja")
    assert "2024-07-01" in text
    assert "未実施 → 実施済み" in text


def test_a_history_of_days_to_come_or_too_many_is_refused():
    code, text = run("progress", "--at", "2999-01-01", "--json")
    assert (code, "2999-01-01" in text) == (2, True)
    code, _ = run("progress", "--since", "1990-01-01", "--step", "1", "--json")
    assert code == 2


def test_an_earlier_review_knows_no_later_result_or_step():
    early = ask("skeleton", "--on", "2024-05-16")
    assert not any(d["kind"] == "next_step" for d in early["due"]["due"])
    assert any(d["id"] == "review.espa" for d in early["due"]["due"])
    _, text = run("skeleton", "--on", "2024-05-16")
    assert "done 2026-06-17" not in text  # sources stay those of today, results do not


CHANGES = """id: new-day
on: 2026-11-20
author: A. Officer
reason: The day was read
sources: [{id: u-decision, title: Cabinet decision, grade: A, kind: published}]
changes:
  - {do: correct, id: H-03, to: {in_force_from: 2022-11-11}, sources: [u-decision]}
"""


def test_a_change_set_is_tried_then_kept_then_seen_everywhere(tmp_path):
    file, kept = tmp_path / "mine.yaml", tmp_path / "workspace" / "changes" / "new-day.yaml"
    file.write_text(CHANGES)
    tried = ask("apply", str(file), "--check")
    told = run("apply", str(file), "--check", "--lang", "ja")[1]
    assert "designations" not in told  # a register is told by its name
    assert "policies" not in told
    assert (tried["file"], kept.exists()) == (None, False)
    assert [d["field"] for d in tried["differences"]] == ["in_force_from"]
    made = ask("apply", str(file))
    assert made["file"] == str(kept)
    assert kept.read_text() == CHANGES
    assert ask("show", "H-03")["entries"][-1]["in_force_from"] == "2022-11-11"
    assert ask("show", "H-03")["change_sets"] == ["new-day"]
    assert not any(g["about"] == ["H-03"] for g in ask("gaps")["gaps"] if g["kind"] == "no_day")
    (told,) = ask("changes")["sets"]
    assert (told["id"], told["state"], told["author"]) == ("new-day", "acts", "A. Officer")
    assert ask("changes", "new-day")["differences"] == tried["differences"]
    _, text = run("changes", "new-day", "--lang", "ja")
    assert "変更セット" in text
    # What was known before the change does not have it.
    held = ask("at", "2026-11-22", "--known", "2026-11-19", "--register", "policies")
    assert "H-03" not in {e["id"] for e in held["registers"]["policies"]}
    held = ask("at", "2026-11-22", "--known", "2026-11-21", "--register", "policies")
    assert "H-03" in {e["id"] for e in held["registers"]["policies"]}


def test_a_wrong_change_set_leaves_nothing_behind(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(CHANGES + "  - {do: close, id: H-999, in_force_to: 2026-11-21, sources: [x]}\n")
    code, text = run("apply", str(file), "--json")
    assert (code, "H-999" in text) == (2, True)
    assert not (tmp_path / "workspace").exists()
    assert run("changes", "nothing", "--json")[0] == 2


def test_findings_and_sunsets_fall_due(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(CHANGES.replace("reason:", "fast_track: true\nsunset: 2099-05-01\nreason:", 1))
    run("apply", str(file))
    run("find", "no-plan", "No plan", "--owner", "A", "--next", "2099-06-01")
    calendar = tmp_path / "due.ics"
    answer = ask("due", "--ics", str(calendar))
    assert ("2099-05-01", "sunset", "new-day") in {
        (d["on"], d["kind"], d["id"]) for d in answer["due"]
    }
    assert ("2099-06-01", "finding", "no-plan") in {
        (d["on"], d["kind"], d["id"]) for d in answer["due"]
    }
    assert answer["label"] == "TLP:AMBER"
    assert b"20990601" in calendar.read_bytes()
    early = ask("due", "--until", "2099-05-01")
    assert not any(d["id"] == "no-plan" for d in early["due"])


def test_the_agenda_of_the_council_and_an_item_of_ones_own(tmp_path):
    answer = ask("agenda", "--matter", "xi")
    (heading,) = answer["matters"]
    assert heading["matter"]["value"]["members"] == ["MOFA", "MOD", "CCS"]
    assert {item["id"] for item in heading["items"]} == {"agenda.nss-2013", "agenda.nss-2022"}
    file = tmp_path / "mine.yaml"
    text = CHANGES[: CHANGES.index("changes:")]
    file.write_text(text + AGENDA)
    ask("apply", str(file))
    (heading,) = ask("agenda", "--matter", "xi")["matters"]
    assert "agenda.minerals" in {item["id"] for item in heading["items"]}
    _, shown = run("agenda", "--lang", "ja")
    assert "備蓄の放出" in shown
    assert "1か月後に報告" in shown
    assert run("agenda", "--matter", "xx", "--json")[0] == 2


AGENDA = """changes:
  - do: add
    into: agenda
    entry:
      id: agenda.minerals
      names: {en: Minerals, ja: 鉱物}
      value:
        matter: nsc.xi
        matter_why: Economic policy for national security
        on: 2026-11-19
        papers: [{what: {en: Picture of stocks, ja: 備蓄の状況}, public: false, label: TLP:AMBER}]
        decision: {en: Release of the stock, ja: 備蓄の放出}
        follow_ups: [{what: {en: Report in a month, ja: 1か月後に報告}, state: open}]
      status: in_force
      in_force_from: 2026-11-19
    sources: [u-decision]
"""


EVALUATION = """changes:
  - do: add
    into: evaluations
    entry:
      id: eval.H-04
      names: {en: Critical minerals, ja: 重要鉱物}
      value:
        of: H-04
        author: A. Reviewer
        on: 2026-11-20
        comprehensive: {met: partly, why: Two ministries only}
        effective: {met: cannot_tell, why: No run of ferro-alloys}
        intensive: {met: no, why: One budget}
        next: {on: 2099-11-20, what: Evaluate again}
      status: in_force
      in_force_from: 2026-11-20
    sources: [u-decision]
"""


def test_a_verdict_needs_all_three_criteria_and_shows_in_the_review(tmp_path):
    file, head = tmp_path / "mine.yaml", CHANGES[: CHANGES.index("changes:")]
    file.write_text(
        head + EVALUATION.replace("        intensive: {met: no, why: One budget}\n", "")
    )
    code, text = run("apply", str(file), "--json")
    assert (code, "intensive" in text) == (2, True)
    file.write_text(head + EVALUATION)
    ask("apply", str(file))
    code, text = run("skeleton", "--lang", "ja")
    assert "満たさない" in text
    assert any(d["on"] == "2099-11-20" for d in ask("due")["due"])
    assert "1/80" in text


def test_options_for_a_good_that_no_record_names_are_those_of_its_law():
    options = ask("options", "ventilators")["options"]
    assert {(o["policy"], o["way"]) for o in options} == {("H-01", "general"), ("H-17", "general")}
    gallium = {
        o["policy"]: o["way"] for o in ask("options", "critical-minerals.gallium")["options"]
    }
    assert (gallium["H-04"], gallium["H-01"]) == ("named", "general")
    assert "H-41" in {o["policy"] for o in ask("options", "case.china-pattern")["options"]}


def test_a_period_counts_its_first_day():
    counted = ask("count", "2024-05-17", "--days", "30")
    assert (counted["last"], counted["working"]) == ("2024-06-15", "2024-06-17")
    counted = ask("count", "2024-10-31", "--months", "4")
    assert (counted["last"], counted["after"]) == ("2025-02-28", "2025-02-28")
    assert "令和7年2月28日" in run("count", "2024-10-31", "--months", "4", "--lang", "ja")[1]


@pytest.mark.parametrize("words", [(), ("--days", "3", "--months", "1"), ("--days", "99999999")])
def test_a_period_without_one_length_in_the_calendar_is_refused(words):
    assert run("count", "2024-10-31", *words, "--json")[0] == 2


def test_a_limit_from_a_secondary_source_alone_is_unverified():
    _, text = run("due", "--on", "2026-11-23", "--until", "2027-12-31")
    assert text.count("(unverified)") == 3
    kinds = {tuple(g["about"]) for g in ask("gaps")["gaps"] if g["kind"] == "unverified"}
    assert ("H-21",) in kinds


def test_the_counts_of_a_day_and_the_list_below_them_agree():
    """What is counted as enacted, planned or expected is what the page lists, also as known before."""
    for on, known in (("2025-03-31", None), ("2026-12-01", "2025-03-01")):
        asked = ("at", on, *(("--known", known) if known else ()))
        awaited = ask(*asked)["awaited"]
        text = run(*asked, "--register", "policies", "--register", "essential_services")[1]
        row = next(line for line in text.splitlines() if "Policy records  " in line)
        assert int(row.split("│")[4]) == len(awaited["policies"])
        below = text.split("Policy records: not in force on this day")[1]
        assert all(name in below for name in awaited["policies"])
    assert ask("at", "2025-03-31")["awaited"]["essential_services"] == ["ports"]
