"""How far an answer may be trusted: one rule at a time, on results made up by hand."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from keian.core import AMBER, Triple
from keian.review.describe import list_shut
from keian.review.drivers import list_drivers
from keian.review.evaluate import Request, evaluate
from keian.review.headlines import (
    Answering,
    answer_can_do,
    answer_first,
    answer_how_long,
    answer_wait,
    answer_whom,
    find_driver_of_day,
    find_driver_of_draws,
    judge,
    weigh_evidence,
)
from keian.review.inputs import Input
from keian.review.nouns import Driver
from keian.review.stats import make_figure
from tests.crises import make_measure
from tests.unit.review.played import (
    CLOSURE,
    DAYS,
    REGISTERS,
    RULES,
    hand_study,
    name,
    need,
    plain_world,
    review_closure,
    set_up,
    study,
    summary,
)
from tests.worlds import make_scenario, shrink

NEVER = math.inf
HORIZON = 100


def figure(value, draws=(), *, unit="day", variants=()):
    return make_figure(
        value, draws, unit=unit, label=AMBER, trace="t", variants=variants, limit=HORIZON
    )


def driver(swing, unit="days"):
    return Driver("k", name("stock"), make_figure(swing, [], unit=unit, label=AMBER, trace="t"), ())


ANY_DRAWS = RULES.model_copy(update={"fewest_draws": 0})


def answering(*, judgement=0.0, draws=(), base=None, measures=(), more=None, rules=ANY_DRAWS):
    """Everything an answer is made from, with a review that has these doubts."""
    base = base or summary(ore=50.0, metal=80.0)
    review = replace(review_closure(0).review.scenarios[0], judgement_share=judgement)
    needs = (need("ore"), need("metal"))
    study = hand_study(needs, base, draws=draws, measures=measures, more=more, days=HORIZON)
    return Answering(set_up(plain_world()), study, review, measures, (), rules)


@cache
def review_vital(*levers):
    """A closed strait that cuts off a vital good, and measures against it."""
    world = plain_world()
    goods = tuple(g.model_copy(update={"vital": g.id == "ore"}) for g in world.goods)
    measures = tuple(make_measure(dict(lever), name=dict(lever)["kind"]) for lever in levers)
    scenario = make_scenario(CLOSURE, days=DAYS)
    request = Request(shrink(world, goods=goods), (scenario,), measures, REGISTERS, 3, threads=2)
    return evaluate(request).review


OPENED = (("kind", "open_route"), ("route", "strait"), ("share", 1))
RELEASED = (("kind", "release_stock"), ("pools", ("reserve",)))


def level(found, fig, moved=None):
    made = judge(found, fig, moved)
    return made.level, made.why.en


SAME = [summary(ore=50.0, metal=80.0)] * 5
SWAPPED = [summary(ore=80.0, metal=50.0)] * 5


def test_robust_where_nothing_moves_it():
    steady = figure(50.0, [49, 51], variants=[48, 52])
    assert level(answering(draws=SAME), steady, driver(1.0))[0] == "robust"


ENOUGH = RULES.fewest_draws


@pytest.mark.parametrize(("count", "expected"), [(1, False), (ENOUGH - 1, False), (ENOUGH, True)])
def test_few_draws_are_never_robust(count, expected):
    """A band of a handful of draws is no support, however narrow."""
    found = answering(draws=SAME[:1] * count, rules=RULES)
    made = judge(found, figure(50.0, [49, 51]), driver(1.0))
    assert (made.level == "robust") is expected
    assert (made.why.en == "Too few draws to tell.") is not expected


@pytest.mark.parametrize(("value", "expected"), [(52.0, "illustrative"), (50.0, "robust")])
def test_a_mode_run_outside_most_draws_is_never_robust(value, expected):
    made = judge(answering(draws=SAME), figure(value, [49, 49.5, 50, 50.5, 51]), driver(1.0))
    assert made.level == expected
    assert (made.why.en == "The mode run lies outside most draws.") == (expected != "robust")


def test_without_draws_the_words_speak_of_none():
    made = judge(answering(), figure(50.0))
    assert (made.level, made.why.en) == (
        "illustrative",
        "No draws were played: one run says little.",
    )


@pytest.mark.parametrize(
    ("variants", "words"),
    [
        ([48, 52], "Same answer across draws and variants."),
        ([50, 50], "draws; model variants do not act on it."),
        ([], "model variants were not run"),
    ],
)
def test_variants_are_named_as_support_only_where_they_act(variants, words):
    made = judge(answering(draws=SAME), figure(50.0, [49, 51], variants=variants))
    assert made.level == "robust"
    assert words in made.why.en


def test_a_band_over_few_of_the_draws_is_never_robust():
    made = judge(answering(draws=SAME * 9, rules=RULES), figure(50.0, [49, 51]), draws=ENOUGH - 1)
    assert made.why.en == "Too few draws to tell."


def test_no_figure_is_illustrative_and_says_nothing_of_spare_supply():
    made = level(answering(draws=SAME), None)
    assert made == ("illustrative", "There is no figure to judge.")


def test_variants_that_disagree_whether_it_happens_are_illustrative():
    made = level(answering(draws=SAME), figure(50.0, [49, 51], variants=[50, NEVER]))
    assert made == ("illustrative", "Model variants disagree on whether it happens.")


def test_variants_that_all_stay_above_do_not_disagree():
    made = level(answering(draws=SAME), figure(NEVER, [NEVER] * 2, variants=[NEVER] * 2))
    assert made[0] == "robust"


def test_variants_far_apart_are_never_robust():
    made = level(answering(draws=SAME), figure(50.0, [49, 51], variants=[10, 90]))
    assert made == ("illustrative", "Model variants lie far apart.")


@pytest.mark.parametrize(("swing", "expected"), [(12.0, "robust"), (13.0, "depends")])
def test_one_input_that_moves_it_by_a_quarter_is_named(swing, expected):
    """A quarter of day 50 is 12.5 days."""
    made = judge(answering(draws=SAME), figure(50.0, [49, 51]), driver(swing))
    assert made.level == expected
    assert made.driver.key == "k"


@pytest.mark.parametrize(("swing", "expected"), [(6.9, "robust"), (7.1, "depends")])
def test_a_swing_of_a_week_counts_however_early_the_day(swing, expected):
    assert judge(answering(draws=SAME), figure(10.0, [9, 11]), driver(swing)).level == expected


@pytest.mark.parametrize(("swing", "expected"), [(0.2, "robust"), (0.3, "depends")])
def test_a_share_moved_by_a_quarter_of_itself_depends(swing, expected):
    lost, moved = figure(1.0, unit="% of one year"), driver(swing, "% of one year")
    assert judge(answering(draws=SAME), lost, moved).level == expected


@pytest.mark.parametrize("moved", [None, driver(1.0)])
def test_mostly_judgement_is_illustrative_whatever_the_drivers(moved):
    found = answering(draws=SAME, judgement=0.51)
    assert level(found, figure(50.0, [49, 51]), moved) == (
        "illustrative",
        "Most inputs of this scenario are judgement.",
    )
    assert judge(answering(draws=SAME, judgement=0.5), figure(50.0)).level == "robust"


@pytest.mark.parametrize(("same", "expected"), [(4, "robust"), (3, "depends")])
def test_the_order_must_hold_in_four_draws_of_five(same, expected):
    found = answering(draws=SAME[:same] + SWAPPED[: 5 - same])
    made = judge(found, figure(50.0, [49, 51]))
    assert made.level == expected
    assert made.order_holds_share.value == same / 5


def test_nothing_that_falls_is_an_order_too():
    quiet, falls = summary(ore=NEVER, metal=NEVER), summary(ore=40.0, metal=NEVER)
    found = answering(base=quiet, draws=[quiet, falls, falls])
    made = judge(found, figure(NEVER))
    assert made.order_holds_share.value == pytest.approx(1 / 3)
    assert made.level == "depends"


def test_draws_that_disagree_whether_it_happens_are_not_robust():
    made = level(answering(draws=SAME), figure(90.0, [85, 90, 95, NEVER, NEVER]))
    assert made == ("illustrative", "Draws disagree on whether it happens.")


def test_draws_far_apart_are_not_robust():
    spread = figure(50.0, [20, 30, 50, 70, 80])
    assert level(answering(draws=SAME), spread)[0] == "illustrative"
    assert level(answering(draws=SAME), spread, driver(1.0))[0] == "depends"


def drawn_with(*swings):
    """Inputs that a day, or a loss, moves with from end to end of their ranges."""
    inputs, more = [], {}
    for k, (low, high) in enumerate(swings):
        inputs.append(Input(f"k{k}", Triple(low=0.0, mode=0.5, high=1.0), name(f"k{k}"), ()))
        for q, end in zip(RULES.driver_quantiles, (low, high), strict=True):
            more["driver", f"k{k}", q] = end
    return inputs, more


def test_an_input_at_one_end_of_which_nothing_falls_moves_the_day_by_at_least_so_much():
    inputs, more = drawn_with((summary(ore=40.0), summary(ore=NEVER)))
    found = replace(answering(draws=SAME, more=more), inputs=inputs)
    swing = find_driver_of_day(found, "ore").swing
    assert (swing.value, swing.censored) == (60.0, ">=")


def test_drivers_of_the_loss_are_listed_where_none_moves_the_day():
    """What falls at once falls at once whatever the inputs; they still move the loss."""
    inputs, more = drawn_with((summary(3.0, ore=0.0), summary(8.0, ore=0.0)))
    found = answering(base=summary(5.0, ore=0.0, metal=NEVER), draws=SAME, more=more)
    listed = list_drivers(found.setting, found.study, inputs, RULES)
    assert [d.swing.unit for d in listed] == ["% of one year"]
    assert listed[0].swing.value == pytest.approx(500.0 / found.setting.year())


def test_a_swing_whose_end_never_falls_is_told_as_at_least():
    """With the larger stock the need holds to the horizon: the swing is that to the horizon."""
    inputs, more = drawn_with((summary(3.0, ore=4.0), summary(8.0, ore=NEVER)))
    found = answering(base=summary(5.0, ore=6.0, metal=NEVER), draws=SAME, more=more)
    first = list_drivers(found.setting, found.study, inputs, RULES)[0].swing
    horizon = float(found.study.scenario.horizon_days)
    assert (first.unit, first.value, first.censored) == ("days", horizon - 4.0, ">=")


def test_an_input_that_goes_with_a_result_by_chance_is_not_named():
    """Runs made by hand all draw the same value, so that they stand in the order of the draws."""
    inputs, more = drawn_with((summary(3.0, ore=0.0), summary(8.0, ore=0.0)))
    found = replace(answering(draws=SAME * 6, more=more), inputs=inputs)
    chance = dict(enumerate(np.random.default_rng(3).random(30)))
    assert find_driver_of_draws(found, chance, "days") is None
    moved = {d: float(d) for d in range(30)}
    assert find_driver_of_draws(found, moved, "days").key == "k0"


def test_without_draws_there_is_no_share_of_draws():
    assert judge(answering(), figure(50.0)).order_holds_share is None


RELEASE = {"kind": "release_stock", "pools": ["reserve"]}


def test_a_measure_that_only_harms_is_no_answer_to_what_can_we_do():
    harm = make_measure(RELEASE, name="release")
    more = {("measure", "release", -1): summary(99.0, ore=40.0, metal=80.0)}
    found = answering(measures=(harm,), more=more)
    assert answer_can_do(found).rule == "what_can_we_do.none"


def test_a_measure_that_holds_says_so_and_counts_no_days_to_the_horizon():
    """The days from the fall to the end of the run are a property of the run."""
    answer = review_vital(OPENED).headlines[2]
    assert answer.rule == "what_can_we_do.holds"
    assert (answer.figure.unit, answer.figure.censored) == ("day", ">=")
    assert "days" not in answer.facts
    assert (answer.facts["kept"].value, answer.facts["fell"].value) == (3, 3)


def test_where_nothing_buys_days_the_floor_that_falls_is_named():
    review = review_closure(0).review.scenarios[0]
    measure = make_measure(RELEASE, name="release")
    more = {("measure", "release", -1): summary(-5.0, ore=50.0, metal=80.0)}
    found = answering(measures=(measure,), more=more)
    effect = replace(review.effects[0], days_bought=figure(0.0, unit="days"))
    changed = replace(review, effects=(effect,), binding=review.runs_out[0].id)
    found = replace(found, review=changed)
    answer = answer_can_do(found)
    assert answer.rule == "what_can_we_do.saves_only"
    assert answer.facts["need"] == review.runs_out[0].names


def test_reserves_that_stay_shut_are_said_with_what_their_release_does():
    review = review_vital(RELEASED)
    first, second = review.headlines[:2]
    assert first.facts["unless"].en == "if no reserve is released"
    assert second.facts["unless"].ja == "備蓄を放出しない場合"
    effect = review.scenarios[0].effects[0]
    assert first.facts["release"] == review.measures[0].names
    assert first.facts["release_day"].value == first.figure.value + effect.days_bought.value
    assert "release" not in review_vital(OPENED).headlines[0].facts


def test_a_reserve_is_named_only_behind_what_fell_before():
    """A service that is out at once does not wait for a reserve of anything."""
    outage = {"kind": "service_outage", "service": "power", "loss": 0.9, "duration_days": 10}
    for shocks, named in (((outage,), False), ((CLOSURE,), True)):
        setting, played = study(plain_world(), make_scenario(*shocks, days=DAYS))
        goods = [n for n in played.needs if n.id in ("ore", "power")]
        first = played.base().first
        fallen = min(goods, key=lambda n: first[n.id])
        assert fallen.id == ("ore" if named else "power")
        assert bool(list_shut(setting, played, fallen)) is named


def test_a_world_without_reserves_speaks_of_none():
    setting, played = study(plain_world(), make_scenario(CLOSURE, days=DAYS))
    review = review_closure(0).review.scenarios[0]
    bare = tuple(replace(r, shut=()) for r in review.runs_out)
    found = Answering(setting, played, replace(review, runs_out=bare), (), (), RULES)
    assert "unless" not in answer_how_long(found).facts
    assert "unless" not in answer_first(found).facts


def test_what_falls_later_than_the_three_named_is_counted():
    review = review_closure(0).review.scenarios[0]
    row = next(r for r in review.runs_out if not r.day.censored)
    found = answering()
    for count, more in ((3, None), (5, 2.0)):
        shown = replace(found, review=replace(review, runs_out=(row,) * count))
        facts = answer_first(shown).facts
        assert (facts["more"].value if "more" in facts else None) == more


def test_waiting_that_costs_nothing_says_so():
    measure = make_measure(RELEASE, name="harden")
    same = summary(-5.0, ore=50.0, metal=80.0)
    more = {("measure", "harden", -1): same, ("wait", "harden", 1): same}
    made = answer_wait(answering(measures=(measure,), more=more))
    assert made.rule == "days_wait.none"
    assert answer_wait(answering()).rule == "days_wait.no_answer"
    assert answer_wait(answering()).figure is None


def test_a_measure_that_harms_never_answers_what_a_wait_costs():
    """Waiting with it saves: that is no cost of waiting, and the least of two harms no advice."""
    harm = make_measure(RELEASE, name="harm")
    more = {
        ("measure", "harm", -1): summary(9.0, ore=50.0, metal=80.0),
        ("wait", "harm", 1): summary(8.0, ore=50.0, metal=80.0),
    }
    made = answer_wait(answering(measures=(harm,), more=more))
    assert made.rule == "days_wait.no_answer"
    assert made.figure is None


def test_what_helps_but_must_stand_before_the_crisis_has_no_wait():
    ready = make_measure(RELEASE, name="ready")
    more = {("measure", "ready", -1): summary(-5.0, ore=50.0, metal=80.0)}
    made = answer_wait(answering(measures=(ready,), more=more))
    assert made.facts["why"].en == "what helps here must stand before the crisis"


def test_where_nothing_falls_the_answer_is_still_a_day():
    quiet, falls = summary(ore=NEVER, metal=NEVER), summary(ore=40.0, metal=NEVER)
    found = answering(base=quiet, draws=[quiet] * 8 + [falls] * 2)
    calm = replace(found.review, binding=None, runs_out=())
    answer = answer_how_long(replace(found, review=calm))
    assert answer.rule == "how_long.never"
    assert (answer.figure.value, answer.figure.censored) == (HORIZON, ">=")
    assert (answer.figure.low, answer.figure.high) == (40.0, HORIZON)


def test_nobody_to_ask_is_said():
    found = answering()
    nobody = replace(found, review=replace(found.review, asks=()))
    assert answer_whom(nobody).rule == "whom_to_ask.no_answer"


def test_the_five_questions_stand_in_order():
    assert [h.question for h in review_closure().review.headlines] == [
        "how_long", "runs_out_first", "what_can_we_do", "days_wait", "whom_to_ask",
    ]  # fmt: skip


@pytest.mark.parametrize(("evidence", "level"), [("B", "robust"), ("C", "illustrative")])
def test_what_rests_on_a_measure_that_nobody_has_measured_is_never_robust(evidence, level):
    lever = {"kind": "open_route", "route": "strait", "share": 0.5}
    measure = make_measure(lever).model_copy(update={"evidence": evidence})
    a = answering(draws=SAME, measures=(measure,))
    found = weigh_evidence(a, "m", judge(a, figure(50.0, [49, 51])))
    assert found.level == level
