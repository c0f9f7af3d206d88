"""Candidates: verdicts on shipped goods, what turns them, what may not be said."""

from dataclasses import replace

import pytest

from keian.core import ClearanceError, Triple
from keian.exposure.candidates import OUTCOMES, find_candidates, judge_subject
from keian.exposure.designation_tests import load_designation_tests
from keian.exposure.evidence import calc_exposed_share, gather_necessity
from keian.share import Viewer, release
from tests.unit.exposure.shipped import BEFORE_DESIGNATIONS, open_shipped


@pytest.fixture(scope="module")
def dossier():
    return open_shipped()


@pytest.fixture(scope="module")
def found(dossier):
    return find_candidates(dossier)


@pytest.fixture(scope="module")
def rows(found):
    return {row.id: row for row in found.rows}


def verdicts(row):
    return {judged.test: judged.verdict for judged in row.judged}


def test_the_requirements_are_four_and_every_limit_has_a_source():
    tests = load_designation_tests()
    assert [t.id for t in tests.tests] == ["importance", "dependence", "risk", "necessity"]
    assert all(t.sources for t in tests.tests)
    assert all(getattr(tests.limits, name).sources for name in type(tests.limits).model_fields)


def test_crude_oil_is_secured_by_another_act(rows):
    row = rows["crude_oil"]
    assert verdicts(row)["necessity"] == "not_met"
    assert verdicts(row)["dependence"] == "met"  # by the strait, not by one country
    assert verdicts(row)["importance"] == "met"
    # how soon the oil of a shut strait is replaced is recorded nowhere
    assert verdicts(row)["risk"] == "cannot_say"
    assert "no_replacement" in row.judged[2].gaps
    assert row.outcome == "not_now"


def test_wheat_has_a_public_stock_of_unrecorded_basis(rows):
    assert verdicts(rows["wheat"])["necessity"] == "cannot_say"
    assert "basis_unknown" in rows["wheat"].judged[3].gaps
    assert rows["wheat"].outcome == "not_now"


def test_gallium_meets_all_but_the_risk_that_nobody_can_judge(rows):
    row = rows["gallium"]
    assert {k for k, v in verdicts(row).items() if v == "met"} == {
        "importance", "dependence", "necessity",
    }  # fmt: skip
    assert "no_replacement" in row.judged[2].gaps
    assert row.outcome == "designated_open"
    assert not row.judged[0].firm
    assert row.judged[1].firm


def test_a_designation_taken_away_makes_a_candidate(rows):
    before = {row.id: row for row in find_candidates(open_shipped(BEFORE_DESIGNATIONS)).rows}
    for name, row in rows.items():
        assert before[name].designation is None
        assert [j.verdict for j in before[name].judged] == [j.verdict for j in row.judged]
        if row.outcome == "stands":
            assert before[name].outcome == "candidate"


def test_no_unknown_requirement_counts_as_met(found):
    for row in found.rows:
        if any(judged.verdict == "cannot_say" for judged in row.judged):
            assert row.outcome not in {"candidate", "stands"}
        for judged in row.judged:
            if judged.verdict == "cannot_say":
                assert judged.gaps


def test_illustrative_goods_stand_apart_and_are_never_firm(found):
    apart = [row.tier == "illustrative" for row in found.rows]
    assert apart == sorted(apart)
    for row in found.rows:
        if row.tier == "illustrative":
            assert not row.firm_count
            assert row.outcome not in {"candidate", "no_longer"}


def test_the_list_is_ordered_by_outcome(found):
    places = [OUTCOMES.index(row.outcome) for row in found.rows if row.tier != "illustrative"]
    assert places == sorted(places)


def test_another_limit_turns_the_verdicts_that_were_not_firm(dossier):
    gallium = next(s for s in dossier.subjects if s.id == "gallium")
    strict = Triple(low=0.002, mode=0.002, high=0.002, sources=("a-importance-share",))
    tests = dossier.tests
    limits = tests.limits.model_copy(update={"exposed_output_share": strict})
    turned = replace(dossier, tests=tests.model_copy(update={"limits": limits}))
    assert judge_subject(dossier, gallium).judged[0].verdict == "met"
    assert judge_subject(turned, gallium).judged[0].verdict == "not_met"


def test_the_share_of_output_that_stops_is_that_of_plain_sums(dossier):
    economy = dossier.economy
    good = next(g for g in economy.goods if g.id == "tungsten")
    lost = total = 0.0
    for unit, output in zip(economy.units, economy.x.tolist(), strict=True):
        if unit.startswith("JPN."):
            total += output
        for use in economy.uses:
            if use.good == "tungsten" and use.unit == unit:
                lost += use.exposed_share.mode * output
    assert calc_exposed_share(dossier, good)[1] == pytest.approx(lost / total)


def test_stocks_that_nobody_published_leave_doubt(dossier):
    coal = next(s for s in dossier.subjects if s.id == "coking_coal")
    assert gather_necessity(dossier, coal).doubt


def test_evidence_without_a_limit_never_decides(found):
    shown = [f for row in found.rows for j in row.judged for f in j.found if f.limit is None]
    assert shown
    assert not any(f.decides or f.is_met or f.is_firmly_met for f in shown)


def test_every_source_is_found(found):
    cited = {s for row in found.rows for j in row.judged for f in j.found for s in f.sources}
    assert cited <= set(found.sources)
    assert not any("that the user loaded" in s.title for s in found.sources.values())


def test_the_list_is_refused_to_a_viewer_below_the_floor(found):
    with pytest.raises(ClearanceError):
        release(found, Viewer("TLP:GREEN"))
