"""Every origin of a number has a line, assumptions first; published estimates stand beside."""

import re
from types import SimpleNamespace

import pytest

from keian.core import InputError, Names, Source, Triple
from keian.economy import load_economy
from keian.review.compare import check_anchors, list_comparisons, load_anchors, load_review_sources
from keian.review.evaluate import Request, evaluate
from keian.review.lines import list_lines, walk_documents, walk_figures
from keian.review.parameters import load_parameters
from keian.review.ranges import RANGES_SHOWN, list_ranges, load_stated, tell_range
from keian.review.study import list_switches
from keian.scenario import load_measures, load_scenarios
from keian.scenario.load import load_scenario_sources
from tests.unit.review.played import REGISTERS, build_world, list_measures, review_closure
from tests.worlds import SOURCE, make_scenario, shrink


def test_assumptions_come_first_and_marks_count_up():
    known = {
        "b": Source(id="b", title="b", kind="assumption"),
        "a": Source(id="a", title="a", kind="assumption"),
        "p": Source(id="p", title="p", kind="published"),
        "c": Source(id="c", title="c", kind="calibration"),
        "idle": Source(id="idle", title="idle", kind="published"),
    }
    shock = {"kind": "stock_loss", "pool": "tank"}
    scenario = make_scenario(
        shock | {"loss": {"low": 0.1, "mode": 0.2, "high": 0.3, "source": "b"}, "sources": ["p"]},
        shock | {"id": "z", "loss": 0.5, "sources": ["a", "c"], "pool": "reserve"},
    )
    lines = list_lines(build_world(), (scenario,), (), known, ())
    assert [(line.mark, line.source.id) for line in lines] == [
        ("A1", "a"), ("A2", "b"), ("S1", "c"), ("S2", "p"),
    ]  # fmt: skip
    assert lines[1].range_text.en.endswith(", share lost: 20 % (10–30)")
    assert lines[1].range_text.ja.endswith("（失われる割合）：20％（10〜30）")
    assert lines[1].range_quality == "range"
    assert "share lost: 50 %" in lines[0].range_text.en
    assert lines[0].range_text.en.endswith("no range set")
    assert [line.range_quality for line in lines] == ["value", "range", None, None]


def test_of_many_figures_behind_an_assumption_three_are_shown_and_the_rest_counted():
    known = {SOURCE: Source(id=SOURCE, title="x", kind="assumption")}
    (line,) = list_lines(build_world(), (), list_measures(), known, ())
    assert line.range_text.en.count(";") == RANGES_SHOWN
    assert re.search(r"; and \d+ more$", line.range_text.en)
    assert re.search(r"、ほか\d+件$", line.range_text.ja)
    assert 1 <= len(line.used_for) <= 6


def test_what_moves_a_result_comes_first():
    review = review_closure(3).review
    moved = [line.moves is not None for line in review.lines if line.mark.startswith("A")]
    assert moved == sorted(moved, reverse=True)


@pytest.mark.parametrize("draws", [0, 3])
def test_every_source_in_the_review_has_a_line(draws):
    review = review_closure(draws).review
    marks = [line.mark for line in review.lines]
    assert len(marks) == len(set(marks))
    known = {line.source.id for line in review.lines}
    used = {s for f in walk_figures(review) for s in f.sources}
    used |= {s for r in review.scenarios for d in r.drivers for s in d.sources}
    used |= {s for r in review.scenarios for c in (*r.curves, *r.asks) for s in c.sources}
    used |= {c.source for r in review.scenarios for c in r.comparisons}
    used |= {s for m in review.measures for s in m.sources}
    assert used - known == set()
    assert used


def test_walking_a_document_finds_sources_at_every_depth():
    scenario = make_scenario(
        {"kind": "stock_loss", "pool": "tank", "loss": {"value": 0.2, "source": "deep"}}
    )
    found = {(source, place) for source, place, _ in walk_documents(scenario, "x")}
    assert ("deep", "x.shocks.s0.loss") in found
    assert (SOURCE, "x.shocks.s0") in found
    assert all(isinstance(t, Triple | None) for _, _, t in walk_documents(scenario, "x"))


def test_every_source_of_the_shipped_documents_resolves():
    economy = load_economy()
    known = {**economy.sources, **load_scenario_sources(), **load_review_sources()}
    documents = [*economy.uses, *economy.services, *economy.routes, *load_scenarios()]
    documents += [*load_measures(), *(g for g in economy.goods if g.tier == "modelled")]
    used = {
        source
        for d in documents
        for source, _, _ in walk_documents(d, d.id if hasattr(d, "id") else "")
    }
    used |= set(economy.assumptions.values()) | {"wiod2013-2011", "yen-rate-2011"}
    used |= set(load_parameters().vital_floor_share.sources)
    used |= {s for a in load_anchors().values() for s in a.sources}
    assert used - set(known) == set()


def test_the_same_id_is_the_same_source_in_every_file():
    economy = load_economy()
    parts = [economy.sources, load_scenario_sources(), load_review_sources()]
    for k, one in enumerate(parts):
        for other in parts[k + 1 :]:
            for name in set(one) & set(other):
                assert one[name] == other[name], name


@pytest.mark.parametrize("anchor", load_anchors().values(), ids=lambda a: a.id)
def test_a_published_estimate_says_how_it_differs(anchor):
    assert anchor.low <= anchor.high
    for words in (anchor.names, anchor.what, anchor.differs):
        assert words.en
        assert words.ja
    assert set(anchor.together) <= set(load_anchors())
    assert anchor.sources
    assert set(anchor.sources) <= set(load_review_sources())


def test_estimates_stand_beside_and_are_never_equal_to_ours():
    minerals = next(s for s in load_scenarios() if s.id == "minerals-ban")
    found = list_comparisons(minerals)
    assert [c.anchor for c in found] == ["A3", "A3-dir", "A3-mizuho", "F7"]
    assert len({c.anchor for c in found}) == len(found)
    for comparison in found:
        assert comparison.differs.en
        assert not any("=" in text for text in (comparison.differs.en, comparison.what.en))
    assert {c.unit for c in found} == {"% of one year", "% of rare-earth imports"}


def test_every_estimate_that_a_shipped_scenario_names_is_shown():
    for scenario in load_scenarios():
        assert check_anchors(scenario) == ()
        assert {c.anchor for c in list_comparisons(scenario)} >= set(scenario.anchors)
        assert scenario.anchors, "something published stands beside every crisis"
    cyber = next(s for s in load_scenarios() if s.id == "cyber-ports-telecom")
    assert {c.unit for c in list_comparisons(cyber)} == {"days", "billion USD"}, "no loss in GDP"


def test_an_unknown_estimate_is_refused_with_the_nearest():
    (problem,) = check_anchors(SimpleNamespace(id="mine", anchors=("D4", "D7")))
    assert (problem.where, problem.found) == ("mine anchors[1]", "'D7'")
    assert "D6" in problem.fix
    cut = {"id": "cut", "kind": "source_cut", "origin": "CHN", "loss": 0.8}
    scenario = make_scenario(cut, days=10).model_copy(update={"anchors": ("D7",)})
    with pytest.raises(InputError, match="D7"):
        evaluate(Request(build_world(), (scenario,), (), REGISTERS, 0))


def test_a_source_says_for_which_figure_the_users_own_stands_in_its_place():
    world = build_world()
    own = "user-stock-2026-11-23"
    (first, *rest) = world.goods
    pools = tuple(p.model_copy(update={"sources": (own, "old")}) for p in first.pools)
    changed = shrink(world, goods=(first.model_copy(update={"pools": pools}), *rest))
    known = {
        "old": Source(id="old", title="old", kind="calibration", note="Fitted to 2019."),
        SOURCE: Source(id=SOURCE, title="x", kind="assumption"),
        own: Source(id=own, title="Figures supplied by the user", kind="assumption"),
    }
    lines = {line.source.id: line for line in list_lines(changed, (), (), known, ())}
    assert lines["old"].replaced_for == tuple(f"{first.id}.pools.{p.id}" for p in pools)
    assert lines[own].replaced_for == ()
    assert lines[SOURCE].replaced_for == ()


def test_every_shipped_assumption_tells_figures_with_unit_or_that_it_has_no_range():
    economy, scenarios, measures = load_economy(), load_scenarios(), load_measures()
    known = {**economy.sources, **load_scenario_sources(), **load_review_sources()}
    lines = list_lines(economy, scenarios, measures, known, ())
    assumed = {line.source.id: line for line in lines if line.source.kind == "assumption"}
    unset = {name for name, line in assumed.items() if line.range_quality in ("unset", "value")}
    # Grows only with a number whose range nobody set; the report counts it beside the list.
    assert unset == {"a-region-lags", "a-reroute", "a-vital-share"}
    for name, line in assumed.items():
        for told, no_range in ((line.range_text.en, "no range"), (line.range_text.ja, "幅")):
            if line.range_quality == "range":
                assert re.search(r"[:：] ?-?[\d.e-]+( %|％| ?[a-zぁ-んァ-ヶ一-龯])", told), name
                assert re.search(r"[(（]-?[\d.e-]+[–〜][\d.e-]+[)）]", told), name
            else:
                assert no_range in told, name


def test_every_rule_and_stated_range_belongs_to_an_assumption_and_the_note_says_the_same():
    known = {**load_economy().sources, **load_scenario_sources(), **load_review_sources()}
    stated = load_stated()
    assert {known[name].kind for name in (*stated.rules, *stated.shares)} == {"assumption"}
    for name, rows in stated.shares.items():
        for row in rows:
            if row.low != row.high:
                assert f"{row.mode:g}, range {row.low:g}-{row.high:g}" in known[name].note


def test_a_rule_has_no_range_and_a_number_that_nobody_ranged_says_so():
    ranges = list_ranges(load_economy(), (), ())
    assert tell_range("a-floor-lng", ranges["a-floor-lng"]).words.en == (
        "Liquefied natural gas, floor: 5 days (3–7)"
    )
    assert tell_range("a-coal-heading", []).quality == "rule"
    assert tell_range("a-not-used", []).words.en == "no range set"


def test_a_rule_tells_what_is_played_beside_it_and_both_are_shipped():
    stated = load_stated()
    assert set(stated.alternatives) <= set(stated.rules)
    assert tell_range("a-hormuz-90", []).words == Names(
        en="a rule, no range; also played: 14 and 365 days",
        ja="規則・選択であり幅はない（別案も計算：14日、365日）",
    )
    assert {f"hormuz-{n}d" for n in (14, 90, 365)} <= {s.id for s in load_scenarios()}
    assert {s.criticality for s in list_switches()} == {"rated", "all"}


def test_what_an_assumption_is_about_is_told_by_names_and_units_in_both_languages():
    ranges = list_ranges(load_economy(), load_scenarios(), load_measures())
    told = [tell_range(name, rows).words for name, rows in ranges.items()]
    coasts = tell_range("a-cables-cut", ranges["a-cables-cut"]).words
    assert "Boso peninsula and Ibaraki, share lost: 60 % (30–90)" in coasts.en
    # A Japanese phrase holds no id and no English unit; names of goods may hold LNG or LPG.
    assert [w.ja for w in told if re.search(r"[a-z]{3}", w.ja)] == []
    billions = tell_range("s-critical-mineral-budget", ranges["s-critical-mineral-budget"]).words
    assert "90 billion JPY" in billions.en
    assert "900億円" in billions.ja


def test_figures_that_are_not_shown_are_counted_one_by_one():
    ranges = list_ranges(load_economy(), (), ())
    assert tell_range("a-floor-food", ranges["a-floor-food"]).words.en == (
        "Wheat, floor: 14 days (7–21); Maize, floor: 5 days (3–10); and 2 more"
    )


def test_a_calibration_tells_its_figures_and_is_not_counted_as_an_assumption():
    economy = load_economy()
    lines = {x.source.id: x for x in list_lines(economy, (), (), economy.sources, ())}
    assert "State crude stock, size of the stock: 140.9 days" in lines["k-oil-day"].range_text.en
    assert lines["k-oil-day"].range_quality is None
