"""A whole review of the invented world: figures, labels, bands, identity, interruption."""

import json
from dataclasses import asdict, fields, is_dataclass, replace

import pytest

from keian.core import AMBER, RED, ClearanceError, Figure, Names
from keian.review.evaluate import Request, evaluate
from keian.review.lines import walk_figures
from keian.share import Viewer, release
from tests.unit.review.played import (
    CLOSURE,
    DAYS,
    REGISTERS,
    RULES,
    build_world,
    list_measures,
    review_closure,
)
from tests.worlds import make_scenario, shrink

PARTS = {"id": "cut", "kind": "source_cut", "origin": "CHN", "loss": 0.8, "duration_days": 40}


def named(scenario, key, **more):
    return scenario.model_copy(update={"id": key} | more)


def review_three(economy=None, draws=2):
    """Two scenarios and both at once, as a combination of the two."""
    first = named(make_scenario(CLOSURE, days=60), "first")
    second = named(make_scenario(PARTS, days=60), "second")
    both = named(
        make_scenario(CLOSURE | {"id": "first.s0"}, PARTS | {"id": "second.cut"}, days=60), "both"
    )
    joined = type(both).model_validate(
        both.model_dump(mode="json") | {"combination": {"scenarios": ["first", "second"]}}
    )
    return evaluate(
        Request(economy or build_world(), (first, second, joined), (), REGISTERS, draws)
    )


@pytest.mark.parametrize("draws", [0, 3])
def test_every_figure_has_unit_trace_and_a_label_no_lower_than_amber(draws):
    found = list(walk_figures(review_closure(draws).review))
    assert len(found) > 80
    for figure in found:
        assert isinstance(figure, Figure)
        assert figure.unit
        assert figure.trace
        assert figure.label.join(AMBER) == figure.label


def walk_names(thing):
    if isinstance(thing, Names):
        yield thing
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from walk_names(getattr(thing, field.name))
    elif isinstance(thing, dict):
        yield from walk_names(tuple(thing.values()))
    elif isinstance(thing, tuple | list):
        for item in thing:
            yield from walk_names(item)


def test_everything_named_has_both_languages():
    for words in walk_names(review_closure(3).review):
        assert words.en.strip()
        assert words.ja.strip()


def test_with_draws_there_is_a_band_and_without_there_is_none():
    with_band, bare = review_closure(3).review, review_closure(0).review
    assert (with_band.draws, bare.draws) == (3, 0)
    for mine, theirs in zip(with_band.scenarios[0].losses, bare.scenarios[0].losses, strict=True):
        assert mine.share_of_year.low < mine.share_of_year.high
        assert theirs.share_of_year.low is None
        assert mine.share_of_year.value == pytest.approx(theirs.share_of_year.value, rel=1e-9)
        assert theirs.share_of_year.structural == pytest.approx(mine.share_of_year.structural)
    assert bare.scenarios[0].drivers == ()
    assert with_band.scenarios[0].drivers
    for row in (*with_band.scenarios[0].runs_out, *bare.scenarios[0].runs_out):
        assert row.day.structural is not None


def test_the_four_losses_keep_their_units_and_are_never_added():
    losses = review_closure(3).review.scenarios[0].losses
    assert [x.kind for x in losses] == ["value_added", "output", "unmet_final", "unmet_vital"]
    for loss in losses:
        units = (loss.share_of_year.unit, loss.money.unit, loss.yen.unit, loss.worst_day.unit)
        assert units == ("% of one year", "MUSD", "billion yen", "% of one day")
        assert loss.yen.value == pytest.approx(loss.money.value * 100.0 / 1000.0)
        assert 0 <= loss.worst_day.value <= 100
    curve = review_closure(3).review.scenarios[0].value_added
    assert losses[0].worst_day.value == pytest.approx(100 * (1 - min(curve.mode)))


def test_what_runs_out_is_sorted_by_day_and_the_curves_agree():
    scenario = review_closure(3).review.scenarios[0]
    days = [(bool(r.day.censored), r.day.value) for r in scenario.runs_out]
    assert days == sorted(days)
    rows = {r.id: r for r in scenario.runs_out}
    assert rows["ore"].cause.en == "closure of strait"
    for curve in scenario.curves:
        assert len(curve.mode) == DAYS == len(curve.days)
        row = rows[curve.id]
        if curve.crossing_day is not None:
            assert curve.crossing_day == row.day.value
            assert curve.mode[curve.crossing_day] < curve.floor
            assert curve.mode[curve.crossing_day - 1] >= curve.floor
        assert row.lowest.value == pytest.approx(min(curve.mode))


def test_variants_cover_the_structural_switches():
    scenario = review_closure(3).review.scenarios[0]
    found = {(v.kappa, v.criticality, v.phi) for v in scenario.variants}
    assert len(found) == len(scenario.variants) == 3 * 2 * 4
    shares = [v.value_added_share for v in scenario.variants]
    assert scenario.losses[0].share_of_year.structural == pytest.approx((min(shares), max(shares)))
    default = next(
        v for v in scenario.variants
        if (v.kappa, v.criticality, v.phi) == (2.0, "rated", 1.0)
    )  # fmt: skip
    assert default.first_out is not None


def test_threads_do_not_change_a_number():
    one, two = review_closure(3, 1).review, review_closure(3, 2).review
    plain = [json.dumps(asdict(r.scenarios[0]), default=str, sort_keys=True) for r in (one, two)]
    assert plain[0] == plain[1]
    assert one.run_id == two.run_id


def test_two_scenarios_at_once_are_compared_with_the_sum_of_each():
    review = review_three().review
    (made,) = review.scenario_interactions
    lost = {s.id: s.losses[0].share_of_year.value for s in review.scenarios}
    assert (made.a, made.b, made.scenario) == ("first", "second", "both")
    assert made.together.value == pytest.approx(lost["both"])
    assert made.sum_alone.value == pytest.approx(lost["first"] + lost["second"])
    assert made.interaction.value == pytest.approx(lost["both"] - lost["first"] - lost["second"])
    worse = made.interaction.value > 0
    assert ("worse" in made.reading.en) == worse


def test_the_first_page_is_about_the_costliest_scenario():
    review = review_three().review
    lost = {s.id: s.losses[0].money.value for s in review.scenarios}
    assert review.worst == max(lost, key=lost.get)


def test_a_public_review_is_amber_and_a_viewer_below_is_refused_with_the_reason():
    review = review_closure(0).review
    assert review.label == AMBER
    with pytest.raises(ClearanceError, match="AMBER"):
        release(review, Viewer("TLP:GREEN"))
    assert release(review, Viewer("TLP:AMBER")).value == review
    assert release(review, Viewer("TLP:AMBER")).withheld_count == 0


def test_a_review_is_as_restricted_as_its_inputs():
    review = review_three(shrink(build_world(), label=RED), draws=0).review
    assert review.label == RED
    assert {f.label for f in walk_figures(review)} == {RED}
    with pytest.raises(ClearanceError, match="RED"):
        release(review, Viewer())
    assert review.without([s.id for s in review.scenarios]).label == RED


def test_scenarios_can_be_taken_out_with_what_is_said_about_them():
    review = review_three(draws=0).review
    assert set(review.parts()) == {"first", "second", "both"}
    without = review.without([review.worst])
    assert review.worst not in without.parts()
    assert without.headlines == ()
    assert without.worst in without.parts()
    for name in ("first", "second", "both"):
        assert review.without([name]).scenario_interactions == ()
    with pytest.raises(KeyError):
        review.without(["unknown"])
    with pytest.raises(KeyError):
        review.scenarios[0].without(["x"])
    assert review.without([]) == review


def test_a_scenario_above_the_viewer_is_withheld():
    review = review_three(draws=0).review
    secret = replace(review.scenarios[0], label=RED)
    mixed = replace(review, scenarios=(secret, *review.scenarios[1:]))
    seen = release(mixed, Viewer())
    assert seen.withheld_count == 1
    assert secret.id not in seen.value.parts()


def test_the_same_request_has_the_same_run_id_and_another_one_has_not():
    review = review_closure(0).review
    assert review.run_id == review_closure(0, 1).review.run_id
    assert review.run_id != review_closure(3).review.run_id
    assert review.run_id != review_three(draws=0).review.run_id


class Stopper:
    """Interrupts after some runs of the second stage."""

    def __init__(self, after):
        self.after, self.stage, self.notes = after, 0, []

    def start(self, *_):
        self.stage += 1
        self.done = 0

    def advance(self, runs):
        self.done += runs
        if self.stage == 2 and self.done > self.after:
            raise KeyboardInterrupt

    def note(self, text):
        self.notes.append(text)


def request_two():
    scenarios = [
        named(make_scenario(CLOSURE, days=40), "first"),
        named(make_scenario(PARTS, days=40), "second"),
    ]
    return Request(build_world(), tuple(scenarios), list_measures(), REGISTERS, 3)


def count_second():
    counts = []

    class Counter(Stopper):
        def start(self, *given):
            super().start(*given)
            counts.append(given[1])

    whole = evaluate(request_two(), progress=Counter(float("inf")))
    return counts[1], whole


def test_an_interruption_keeps_scenarios_that_are_complete():
    total, whole = count_second()
    stopper = Stopper(total - 8)
    kept = evaluate(request_two(), progress=stopper)
    assert len(kept.review.scenarios) == 1
    assert kept.left_out == tuple(s.id for s in whole.review.scenarios if s.id != kept.review.worst)
    assert stopper.notes
    same = next(s for s in whole.review.scenarios if s.id == kept.review.worst)
    assert kept.review.scenarios[0].losses == same.losses
    with pytest.raises(KeyboardInterrupt):
        evaluate(request_two(), progress=Stopper(0))


def test_the_days_waited_are_those_of_the_rules():
    effects = review_closure(3).review.scenarios[0].effects
    waited = {tuple(w for w, _ in e.wait_curve) for e in effects if e.wait_curve}
    assert waited == {(0, *RULES.wait_days)}
