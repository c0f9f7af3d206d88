"""What a measure does: days bought, its first limit, harm, waiting, partners, pairs."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from keian.crisis.run import Run
from keian.crisis.simulate import simulate_runs
from keian.review.effects import (
    calc_bought,
    calc_wait,
    choose_need,
    describe_effect,
    describe_interactions,
    find_harm,
    find_limit,
    scale_figure,
)
from keian.review.play import Job
from keian.review.stats import make_figure
from keian.review.study import find_binding, find_costly_wait, rank_measures
from tests.crises import make_measure
from tests.unit.review.played import (
    AMBER,
    CLOSURE,
    DAYS,
    RULES,
    build_world,
    hand_study,
    list_measures,
    need,
    plain_world,
    play_more,
    review_closure,
    set_up,
    study,
    summary,
)
from tests.worlds import make_scenario, make_world

NEVER = math.inf
RELEASE = {"kind": "release_stock", "pools": ["reserve"]}


def close(measures, *, days=DAYS, world=None):
    """Play a closed strait with measures, first stage."""
    return study(world or plain_world(), make_scenario(CLOSURE, days=days), *measures)


def limit_of(measure, **more):
    setting, played = close((measure,), **more)
    return find_limit(setting, played, measure, choose_need(played, measure, RULES), RULES)


@pytest.mark.parametrize(
    ("before", "now", "bought"),
    [(30, 50, 20), (30, NEVER, 70), (NEVER, NEVER, 0), (NEVER, 40, -60), (50, 30, -20)],
)
def test_days_bought_are_with_minus_without_cut_at_the_horizon(before, now, bought):
    assert calc_bought(summary(ore=now), summary(ore=before), "ore", 100.0) == bought


def effects(draws=3):
    return {e.measure: e for e in review_closure(draws).review.scenarios[0].effects}


def test_bought_to_the_horizon_is_at_least_so_much():
    measure = make_measure({"kind": "open_route", "route": "strait", "share": 1})
    setting, played = close((measure,))
    told = describe_effect(setting, played, measure, (), RULES)
    assert told.need == "ore"
    assert told.days_bought.censored == ">="
    assert told.days_bought.value == DAYS - played.base().first["ore"]


def test_bought_within_the_horizon_is_not_censored():
    measure = make_measure(RELEASE)
    setting, played = close((measure,))
    told = describe_effect(setting, played, measure, (), RULES)
    assert 0 < told.days_bought.value < DAYS
    assert not told.days_bought.censored


def test_a_need_that_never_falls_leaves_no_days_to_buy():
    measure = make_measure(RELEASE)
    setting, played = study(make_world(0), make_scenario(days=20), measure)
    told = describe_effect(setting, played, measure, (), RULES)
    assert told.need is None
    assert told.days_bought is None
    assert told.loss_avoided.value == pytest.approx(0, abs=1e-9)


def test_loss_avoided_is_loss_without_minus_loss_with():
    setting, played = close(list_measures())
    for measure in played.measures:
        now = played.at("measure", measure.id, -1).summary.value_added
        lost = played.base().value_added - now
        told = describe_effect(setting, played, measure, (), RULES)
        assert told.loss_avoided.unit == "% of one year"
        assert told.loss_avoided.value == pytest.approx(100 * lost / setting.year())
        assert told.loss_avoided_yen.value == pytest.approx(lost * 100.0 / 1000.0)


def test_the_judged_need_is_the_binding_one_where_the_measure_moves_it():
    needs = (need("a", vital=False), need("b"))
    base, moved_both = summary(a=10, b=20), summary(a=15, b=25)
    measure = make_measure(RELEASE)
    more = {("measure", "m", -1): moved_both}
    assert choose_need(hand_study(needs, base, more=more), measure, RULES) == "b"
    more = {("measure", "m", -1): summary(a=15, b=20)}
    assert choose_need(hand_study(needs, base, more=more), measure, RULES) == "a"
    more = {("measure", "m", -1): base}
    assert choose_need(hand_study(needs, base, more=more), measure, RULES) == "b"


def test_the_binding_need_is_the_earliest_vital_one():
    needs = (need("a", vital=False), need("b"), need("c"))
    assert find_binding(hand_study(needs, summary(a=5, b=30, c=20))) == "c"
    assert find_binding(hand_study(needs, summary(a=5, b=NEVER, c=NEVER))) is None


def test_a_pool_that_empties_is_the_first_limit():
    measure = make_measure(RELEASE | {"draw_limit": 5.0})
    words, day = limit_of(measure)
    assert words.en == "reserve is empty"
    setting, played = close((measure,))
    left = played.at("measure", "m", -1).outcome.pool[:, setting.compiled.index.pool["reserve"]]
    assert left[int(day)] <= RULES.empty_days < left[int(day) - 1]


@pytest.mark.parametrize("measure", [RELEASE, RELEASE | {"draw_limit": 0.05}])
def test_the_draw_limit_of_the_measure_counts_or_else_that_of_the_pool(measure):
    words, day = limit_of(make_measure(measure))
    assert words.en == "daily draw limit of reserve"
    assert day > 0


def test_a_measure_that_comes_after_the_floor_is_limited_by_its_lead_time():
    late = make_measure(RELEASE, lead_days=60)
    words, day = limit_of(late)
    _, played = close((late,))
    assert words.en.startswith("lead time")
    assert day == played.base().first["ore"]


def test_an_effect_that_ends_is_limited_by_its_length():
    words, day = limit_of(
        make_measure({"kind": "open_route", "route": "strait", "share": 1}, plateau_days=12)
    )
    assert words.en == "its effect runs out"
    assert day == 12


def test_a_measure_too_small_is_limited_by_its_size():
    words, day = limit_of(
        make_measure({"kind": "add_supply", "good": "ore", "origins": ["CHN"], "share": 0.01})
    )
    assert words.en.startswith("its size")
    assert day > 0


def test_without_a_limit_the_words_say_so_and_no_day_is_given():
    words, day = limit_of(make_measure({"kind": "open_route", "route": "strait", "share": 1}))
    assert words.en == "none within the run"
    assert day is None


def test_a_measure_that_needs_a_partner_says_so():
    told = effects()["escort"]
    assert not told.works_alone
    assert told.partner == "cover"
    assert told.first_limit.en == "needs cover"
    assert told.no_effect.en == "It does nothing without cover."
    assert told.days_bought.value == 0 < told.with_partner.value
    assert all(e.works_alone and e.partner is None for k, e in effects().items() if k != "escort")


def test_a_partner_that_is_not_in_the_review_is_named_all_the_same():
    escort = next(m for m in list_measures() if m.id == "escort")
    setting, played = close((escort,))
    told = describe_effect(setting, played, escort, (), RULES)
    assert not told.works_alone
    assert told.partner == "cover"
    assert told.first_limit.en == "needs cover"
    assert told.with_partner is None


def test_a_measure_that_touches_nothing_leaves_every_draw_bit_for_bit():
    harden = next(m for m in list_measures() if m.id == "harden")
    scenario, setting = make_scenario(CLOSURE, days=DAYS), set_up(build_world())
    draws = (-1, *range(7))

    def play_all(*measures):
        runs = [Run(scenario, measures, d) for d in draws]
        return [o for _, o in sorted(simulate_runs(setting.compiled, runs), key=lambda r: r[0])]

    base, now = play_all(), play_all(harden)
    assert len({o.value_added.sum() for o in base}) == len(draws), "draws must differ"
    for one, other in zip(base, now, strict=True):
        for field in ("value_added", "cover", "level", "final_got", "pool", "cause"):
            assert np.array_equal(getattr(one, field), getattr(other, field))


def test_a_measure_that_touches_nothing_is_said_to_do_so():
    told = effects()["harden"]
    assert told.no_effect.en == "It acts on nothing that this crisis touches."
    assert told.loss_avoided.value == pytest.approx(0, abs=1e-12)
    assert told.days_bought.value == 0
    assert told.harm is None
    assert told.wait_cost is None


def test_a_measure_beyond_the_best_is_not_said_to_act_on_nothing():
    few = RULES.model_copy(update={"best_measures": 1})
    setting, played = close(list_measures())
    ranked = rank_measures(played, few, setting.year())
    assert len(ranked) == 1
    for measure in played.measures:
        told = describe_effect(setting, played, measure, ranked, few)
        assert (told.no_effect is None) == (measure.id not in {"harden", "escort"}), measure.id


def test_harm_names_what_runs_out_sooner():
    told = effects()["subsidy"]
    assert told.harm.en.startswith("ore: sooner below the floor")
    assert told.harm_figure.unit == "days"
    assert told.harm_figure.value < 0
    assert told.days_bought.value == told.harm_figure.value
    assert told.harm_figure.high <= 0
    assert told.loss_avoided.value < 0


def test_harm_by_loss_is_positive_and_says_why():
    cut = make_measure(
        {"kind": "restrain_demand", "goods": ["metal"], "share": 0.5, "output_loss_share": 1}
    )
    setting, played = close((cut,))
    words, figure = find_harm(setting, played, cut, RULES)
    assert "use is cut by order" in words.en
    more = played.at("measure", "m", -1).summary.value_added - played.base().value_added
    assert figure.value == pytest.approx(100 * more / setting.year())
    assert figure.value > 0


def test_harm_by_a_measure_that_cuts_no_use_does_not_blame_a_cut():
    measure = make_measure(RELEASE)
    more = {("measure", "m", -1): summary(500.0, ore=10)}
    setting, _ = close(())
    played = hand_study((need("ore"),), summary(0.0, ore=10), measures=(measure,), more=more)
    words, figure = find_harm(setting, played, measure, RULES)
    assert "use is cut" not in words.en
    assert figure.value > 0


def test_a_day_s_wait_is_the_loss_a_day_later_minus_the_loss_now():
    setting, played = close(list_measures())
    for measure in played.measures:
        late = play_more(
            setting, played,
            Job(
                ("test", "again"),
                Run(
                    played.scenario,
                    (measure.model_copy(update={"decision_day": measure.decision_day.model_copy(
                        update=dict.fromkeys(("low", "mode", "high"), 1.0))}),),
                ),
            ),
        )  # fmt: skip
        lost = late.at("again").summary.value_added
        lost -= played.at("measure", measure.id, -1).summary.value_added
        figure = calc_wait(setting, played, measure)
        assert figure.unit == "% of one day"
        assert figure.value == pytest.approx(100 * lost / setting.base.value_added, abs=1e-12)


def test_waiting_costs_and_buys_less_the_longer_it_lasts():
    told = effects()["cover"]
    assert told.wait_cost.value > 0
    assert told.wait_cost_yen.value > 0
    assert [w for w, _ in told.wait_curve] == [0, *RULES.wait_days]
    assert told.wait_curve[0][1] == told.days_bought.value
    assert all(a[1] >= b[1] for a, b in pairwise(told.wait_curve))


def test_what_is_prepared_before_cannot_wait():
    ready = make_measure(
        {"kind": "open_route", "route": "strait", "share": 0.5}, prepared_before=True
    )
    setting, played = close((ready,))
    assert calc_wait(setting, played, ready) is None
    assert find_costly_wait(played, (ready,)) is None


def test_the_costliest_wait_is_found():
    needs, (a, b) = (need("ore"),), (make_measure(RELEASE, name=k) for k in "ab")
    more = {
        ("measure", "a", -1): summary(10.0, ore=5), ("wait", "a", 1): summary(12.0, ore=5),
        ("measure", "b", -1): summary(50.0, ore=5), ("wait", "b", 1): summary(51.0, ore=5),
    }  # fmt: skip
    assert find_costly_wait(hand_study(needs, summary(60.0, ore=5), more=more), (a, b)).id == "a"


def test_interaction_is_what_both_avoid_minus_what_each_avoids():
    measures = [make_measure(RELEASE, name=k) for k in "ab"]
    setting, _ = close(())
    scale = setting.year() / 100
    more = {
        ("measure", "a", -1): summary(70 * scale), ("measure", "b", -1): summary(80 * scale),
        ("pair", "a", "b"): summary(60 * scale),
    }  # fmt: skip
    (made,) = describe_interactions(
        setting, hand_study((), summary(100 * scale), more=more), measures
    )
    assert made.together.value == pytest.approx(40)
    assert made.sum_alone.value == pytest.approx(50)
    assert made.interaction.value == pytest.approx(-10)
    assert made.reading.en == "together less than the sum of each"
    more[("pair", "a", "b")] = summary(20 * scale)
    (made,) = describe_interactions(
        setting, hand_study((), summary(100 * scale), more=more), measures
    )
    assert made.interaction.value == pytest.approx(30)
    assert made.reading.en == "stronger together than apart"


def test_ranking_puts_days_of_the_binding_need_before_loss():
    measures = [make_measure(RELEASE, name=k) for k in "abcd"]
    more = {
        ("measure", "a", -1): summary(50.0, ore=10),
        ("measure", "b", -1): summary(90.0, ore=30),
        ("measure", "c", -1): summary(100.0, ore=10),
        ("measure", "d", -1): summary(100.0, ore=NEVER),
    }
    played = hand_study((need("ore"),), summary(100.0, ore=10), measures=measures, more=more)
    assert [m.id for m in rank_measures(played, RULES, 1e5)] == ["d", "b", "a"]
    two = RULES.model_copy(update={"best_measures": 2})
    assert [m.id for m in rank_measures(played, two, 1e5)] == ["d", "b"]


def test_the_best_measure_has_its_band_over_the_model_variants():
    review = review_closure().review
    best = next(e for e in effects().values() if e.best_in_share is not None)
    assert best.loss_avoided.structural is not None
    assert best.days_bought.structural is not None
    assert review.headlines[2].figure.structural is not None


def test_scaling_keeps_bands_and_censoring():
    figure = make_figure(
        1.0, [1.0, 2.0], unit="a", label=AMBER, trace="t", variants=[0.5, 3.0], limit=1.0
    )
    made = scale_figure(figure, 2.0, "b")
    assert (made.value, made.unit, made.censored) == (2.0, "b", ">=")
    assert made.structural == (1.0, 2.0)
    assert made.quantiles == tuple((q, 2 * x) for q, x in figure.quantiles)
    assert replace(made, unit="a").low == 2 * figure.low
