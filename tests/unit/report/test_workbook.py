"""The report as a workbook, read back with a library keian does not use."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import openpyxl
import pytest

from keian.core import Names
from keian.report.numbers import find_band
from keian.report.words import load_words
from keian.report.workbook import write_workbook
from keian.report.workbook_sheet import round_shown
from tests.unit.report.sample_release import released
from tests.unit.report.sample_review import sample_review


@pytest.fixture(scope="module", params=["en", "ja"])
def workbook(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "report.xlsx"
    write_workbook(released(sample_review()), path, lang=request.param)
    return path, request.param


def read(path):
    book = openpyxl.load_workbook(path)
    cells = {sheet.title: [[c.value for c in row] for row in sheet.iter_rows()] for sheet in book}
    charts = {sheet.title: len(sheet._charts) for sheet in book}
    headers = {sheet.title: sheet.oddHeader.center.text for sheet in book}
    book.close()
    return cells, charts, headers


def test_every_sheet_carries_the_label_on_screen_and_on_paper(workbook):
    cells, _, headers = read(workbook[0])
    assert len(cells) == 6 + len(sample_review().scenarios)
    for name, rows in cells.items():
        assert rows[0][0] == "TLP:AMBER", name
        assert "TLP:AMBER" in headers[name], name


def test_the_summary_holds_the_five_answers(workbook):
    path, lang = workbook
    rows = next(iter(read(path)[0].values()))
    questions = {"en": "How long do we last?", "ja": "どれだけ"}
    answers = [row for row in rows if row[5]]
    assert len(answers) == 1 + 5
    assert answers[1][0].startswith(questions[lang][:4])


def test_what_runs_out_stands_as_numbers_with_missing_left_empty(workbook):
    cells, charts, _ = read(workbook[0])
    name = next(n for n in cells if n.startswith("1 "))
    scenario = sample_review().scenarios[0]
    head = next(at for at, row in enumerate(cells[name]) if row[1] and row[9])
    rows = cells[name][head + 1 : head + 1 + len(scenario.runs_out)]
    assert [row[1] for row in rows] == [out.day.value for out in scenario.runs_out]
    never = next(row for row, out in zip(rows, scenario.runs_out, strict=True) if out.id == "wheat")
    assert never[2] == ">="
    assert never[3] is None
    assert charts[name] == 2


def test_curves_stand_below_with_a_column_each(workbook):
    cells, _, _ = read(workbook[0])
    name = next(n for n in cells if n.startswith("1 "))
    curve = sample_review().scenarios[0].curves[0]
    last = cells[name][-1]
    assert last[0] == curve.days[-1]
    assert last[1] == round(curve.mode[-1], 3)  # what the cell shows


def test_assumptions_and_sources_are_parted_and_complete(workbook):
    cells, _, _ = read(workbook[0])
    names = list(cells)
    lines = sample_review().lines
    assumed = [row for row in cells[names[-3]][2:] if row[0] and row[1]][1:]
    cited = [row for row in cells[names[-2]][2:] if row[0]]
    assert len(assumed) + len(cited) == len(lines)
    assert all(row[0].startswith("A") for row in assumed)


def test_kinds_of_sources_stand_in_the_language_of_the_reader_and_assumptions_are_counted(workbook):
    path, lang = workbook
    cells, _, _ = read(path)
    words = load_words(lang)
    assumed, cited = (cells[name] for name in list(cells)[-3:-1])
    at = next(row for row in cited if row[1] == words.say("workbook.col.title"))
    at = at.index(words.say("workbook.col.kind"))
    kinds = {row[at] for row in (*assumed, *cited) if row[1]} - {words.say("workbook.col.kind")}
    assert kinds == {"en": {"assumption", "published"}, "ja": {"仮定", "公表資料"}}[lang]
    counted = {"en": "3 assumptions: 3 with a range", "ja": "仮定3件のうち、幅のあるもの3件"}
    assert any(str(row[0]).startswith(counted[lang]) for row in assumed)


def test_no_text_becomes_a_formula(tmp_path):
    review = sample_review()
    first = replace(review.scenarios[0], names=Names(en="=1+1/[x]:", ja="+SUM(A1)"))
    write_workbook(released(replace(review, scenarios=(first, *review.scenarios[1:]))), tmp_path / "r.xlsx")  # fmt: skip
    with zipfile.ZipFile(tmp_path / "r.xlsx") as archive:
        sheets = [archive.read(n) for n in archive.namelist() if "worksheets/sheet" in n]
    assert sheets
    assert not [raw for raw in sheets if b"<f>" in raw]


def test_the_same_review_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(released(sample_review()), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_run_sheet_holds_the_seed_of_every_scenario(workbook):
    rows = list(read(workbook[0])[0].values())[-1]
    seeds = {scenario.seed for scenario in sample_review().scenarios}
    assert len(seeds) > 1
    assert seeds <= {row[1] for row in rows if len(row) > 1}


def test_what_holds_a_good_up_stands_beside_its_day(workbook):
    path, lang = workbook
    cells, _, _ = read(path)
    rows = cells[next(n for n in cells if n.startswith("1 "))]
    head = next(row for row in rows if row[1] and row[9])
    at = head.index(load_words(lang).say("workbook.col.restraint"))
    outs = {load_words(lang).name(o.names): o for o in sample_review().scenarios[0].runs_out}
    shown = {row[0]: row[at : at + 7] for row in rows if row[0] in outs and row[2] != ">="}
    held = next(o for o in outs.values() if o.restraint is not None)
    kept = held.restraint
    assert shown[load_words(lang).name(held.names)] == [
        pytest.approx(value, rel=1e-3)
        for figure in (kept.share, kept.from_day, kept.lost)
        for value in (
            (figure.value,) if figure is kept.from_day else (figure.value, figure.low, figure.high)
        )
    ]
    free = next(o for o in outs.values() if o.restraint is None and not o.day.censored)
    assert shown[load_words(lang).name(free.names)] == [None] * 7


def test_losses_say_their_draws_and_where_the_mode_run_lies_outside(tmp_path):
    review = sample_review()
    scenario = review.scenarios[0]
    loss = scenario.losses[0]
    high = find_band(loss.share_of_year, 0.8)[1]
    outside = replace(loss.share_of_year, value=2.0 * high)
    first = replace(scenario, losses=(replace(loss, share_of_year=outside), *scenario.losses[1:]))
    write_workbook(
        released(replace(review, scenarios=(first,), worst=first.id)), tmp_path / "r.xlsx"
    )
    cells, _, _ = read(tmp_path / "r.xlsx")
    rows = [row for row in cells["Losses"] if isinstance(row[2], float | int)]
    assert {row[5] for row in rows} == {scenario.draws}
    assert [row[6] for row in rows] == ["mode run outside it", *[None] * (len(rows) - 1)]


def test_numbers_are_rounded_to_what_the_cell_shows(workbook):
    path, _ = workbook
    numbers = [
        c for rows in read(path)[0].values() for row in rows for c in row if isinstance(c, float)
    ]
    assert numbers
    assert [n for n in numbers if round_shown(n) != n] == []
