"""A gap shows the findings that answer it, and is closed only by evidence."""

from datetime import date

import pytest

from keian.core import InputError
from keian.registers import load_shelf
from keian.registers.answers import list_gone, match_gaps
from keian.registers.findings import Finding, add_finding, check_findings, read_findings
from keian.registers.gaps import Gap, list_gaps

DAY = date(2026, 11, 23)
CELL = Gap("empty_cell", (), "recovery x finance", ("recovery", "finance"))
OWNER = Gap("no_owner", ("H-01",), "")
PAIR = Gap("overlap", ("H-01", "H-02"), "")


def make(**fields):
    return Finding(
        **{
            "id": "one", "what": "Something", "about": (), "owner": "MOF",
            "opened_on": date(2026, 11, 1), "next_on": date(2027, 3, 31), **fields,
        }
    )  # fmt: skip


def tell(gap, *findings):
    (answered,) = match_gaps([gap], findings, DAY)
    return answered.state, [f.id for f in answered.findings]


def test_a_finding_answers_the_gap_it_names_and_no_other():
    named = make(gaps=(CELL.key,), about=("H-01",))
    assert tell(CELL, named) == ("open", ["one"])
    assert tell(OWNER, named) == ("unanswered", [])


def test_a_finding_that_names_no_gap_answers_those_of_all_its_entries():
    assert tell(OWNER, make(about=("H-01",))) == ("open", ["one"])
    assert tell(PAIR, make(about=("H-01",))) == ("unanswered", [])
    assert tell(PAIR, make(about=("H-02", "H-01", "H-03"))) == ("open", ["one"])
    assert tell(CELL, make()) == ("unanswered", [])


def test_the_worst_state_names_the_gap():
    closed = make(id="done", gaps=(CELL.key,), closed_on=DAY, evidence="seen", by="A")
    late = make(id="late", gaps=(CELL.key,), next_on=date(2026, 11, 22))
    still = make(gaps=(CELL.key,))
    assert tell(CELL, closed)[0] == "closed"
    assert tell(CELL, closed, still)[0] == "open"
    assert tell(CELL, closed, still, late)[0] == "overdue"


def test_every_gap_has_a_key_of_its_own():
    keys = [gap.key for gap in list_gaps(load_shelf(), DAY)]
    assert len(keys) == len(set(keys)) > 100
    assert "empty_cell:recovery.finance" in keys


def test_a_gap_that_the_registers_no_longer_show_is_told():
    kept = make(gaps=(CELL.key, "no_owner:H-99"))
    assert list_gone([CELL], [kept]) == ((kept, "no_owner:H-99"),)


def test_keys_are_checked_and_kept(tmp_path):
    shelf, file = load_shelf(), tmp_path / "findings.yaml"
    add_finding(shelf, file, make(gaps=(CELL.key,)))
    assert read_findings(file)[0].gaps == (CELL.key,)
    problems = check_findings(shelf, [make(gaps=("no_such:H-01", "no_owner", "no_owner:"))], "f")
    assert len(problems) == 3
    with pytest.raises(InputError):
        add_finding(shelf, file, make(id="two", gaps=("nothing",)))
