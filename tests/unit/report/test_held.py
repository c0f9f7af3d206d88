"""What is held to the end, what reserves stay shut, and which ends are only lower bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keian.report.bought import say_bought_band, say_waited
from keian.report.cards import build_card
from keian.report.figures.cover import choose_curves
from keian.report.figures.runs_out import choose_rows, draw_runs_out
from keian.report.figures.wait import draw_wait
from keian.report.matrix import MOST_COLUMNS, build_days_matrix
from keian.report.page import build_answer, say_title
from keian.report.setting import build_setting
from keian.review.nouns import BoughtDraws, Headline
from tests.unit.report.sample_review import THINGS, figure, names, sample_review

RELEASE = names("Release of state crude", "国家備蓄原油の放出")


def held_review():
    """The sample, whose first measure holds hospital services (down on day 41) to day 365."""
    review = sample_review()
    first = review.scenarios[0]
    effect = next(e for e in first.effects if e.measure == "release")
    bought = replace(effect.days_bought, value=324.0, censored=">=")
    held = replace(
        effect,
        days_bought=bought,
        bought_draws=BoughtDraws(fell=31, kept=28, at_least=(False, True)),
        wait_curve=((0, 324.0), (10, 324.0), (30, 12.0)),
    )
    effects = tuple(held if e is effect else e for e in first.effects)
    return replace(review, scenarios=(replace(first, effects=effects), *review.scenarios[1:]))


def set_up(lang="en", review=None):
    return build_setting(review or held_review(), lang)


def shut(scenario):
    outs = tuple(replace(o, shut=(THINGS["crude"],)) for o in scenario.runs_out)
    return replace(scenario, runs_out=outs)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "hospital services below the floor from day 41 if no reserve is released"),
        ("ja", "備蓄を放出しない場合、病院の機能は41日目に下限を割る"),
    ],
)
def test_the_title_says_that_reserves_stay_shut(lang, title):
    setting = set_up(lang)
    hormuz = setting.scenarios["hormuz"]
    assert say_title(setting, shut(hormuz)).endswith(title)
    assert "reserve" not in say_title(setting, hormuz)
    assert "備蓄" not in say_title(setting, hormuz)


def test_the_title_names_what_falls_where_nothing_vital_does():
    setting = set_up()
    title = say_title(setting, setting.scenarios["ban"])
    assert "heavy rare earths" in title
    assert "from day 83; nothing vital that is modelled by day 365" in title


def test_the_strip_says_that_reserves_stay_shut():
    setting = set_up()
    hormuz = setting.scenarios["hormuz"]
    assert "reserves shut" in draw_runs_out(setting, shut(hormuz), key="k").unit
    assert "reserves" not in draw_runs_out(setting, hormuz, key="k").unit


def test_a_short_strip_counts_what_it_leaves_out():
    setting = set_up()
    hormuz = setting.scenarios["hormuz"]
    chart = draw_runs_out(setting, hormuz, key="k", most=4)
    falling = [o for o in hormuz.runs_out if not o.day.censored]
    assert chart.title.endswith(f"; {len(falling) - 3} more by day 365")
    assert f"{len(falling) - 4} more in the scenario’s section." in chart.note


def answer_held(lang="en", **facts):
    setting = set_up(lang)
    known = {"measure": RELEASE, "need": THINGS["hospital"], "decide_by": figure(5, "day")}
    day = figure(365, "day", (365, 365), wide=(365, 365), censored=">=")
    headline = Headline("what_can_we_do", "what_can_we_do.holds", day, known | facts,
                        sample_review().headlines[2].confidence)  # fmt: skip
    return build_answer(setting, setting.scenarios["hormuz"], headline)


def test_a_need_that_is_held_shows_the_end_of_the_run_and_no_days():
    answer = answer_held(fell=figure(31, "count"), kept=figure(28, "count"))
    assert answer.number == "day 365+"
    assert answer.bands == (
        "365+ in 80% of draws",
        "not reached by model variants",
        "28 of 31 that fall are held",
    )
    assert answer.say == (
        "Release of state crude, decided by day 5: "
        "hospital services above the floor to the end, day 365."
    )
    assert "計算期間の末（365日目）まで下限を保つ" in answer_held("ja").say


def test_a_cost_is_a_positive_number_like_its_band():
    setting = set_up()
    answer = build_answer(setting, setting.scenarios["hormuz"], setting.review.headlines[3])
    assert (answer.number, answer.bands[0]) == ("2.1%", "1.1–3.5 in 80% of draws")
    assert answer.loss


def test_ends_that_are_lower_bounds_keep_their_plus():
    setting = set_up()
    hormuz = setting.scenarios["hormuz"]
    effect = next(e for e in hormuz.effects if e.measure == "release")
    assert say_bought_band(setting.numbers(hormuz), effect) == "12–25+"
    assert say_waited(setting, effect, 324.0) == "324+"
    assert say_waited(setting, effect, 12.0) == "12"


def test_tables_and_cards_say_to_the_end():
    setting = set_up()
    matrix = build_days_matrix(setting)
    cell = matrix.rows[0].cells[0]
    assert (cell.text, cell.band) == ("to the end", "12–25+")
    assert matrix.title.startswith("Held above the floor to the end of the run: Release state")
    card = build_card(setting, setting.measures["release"])
    bought = card.terms[0].words
    assert bought.startswith("Held above the floor to the end of the run, day 365 (12–25+ days)")
    assert "31 of 40 draws fall, 28 of them held to the end" in bought
    assert card.table.rows[0].cells[0] == "to the end (12–25+)"


def test_waiting_shows_bounds_and_says_where_it_holds():
    setting = set_up()
    hormuz = setting.scenarios["hormuz"]
    rows = {row[0]: row[1:] for row in draw_wait(setting, hormuz, key="k").grid.rows}
    assert "324+" in rows["Release state crude"]
    effects = tuple(
        replace(e, wait_curve=((0, 324.0), (30, 324.0))) if e.measure == "release" else e
        for e in hormuz.effects
    )
    chart = draw_wait(setting, replace(hormuz, effects=effects), key="k")
    assert chart.title == "Release state crude: holds to the end even after 30 days of waiting"


def changed(**fields):
    """The sample's first measure in its worst scenario, with other results."""
    review = sample_review()
    first = review.scenarios[0]
    effects = tuple(replace(e, **fields) if e.measure == "release" else e for e in first.effects)
    return replace(review, scenarios=(replace(first, effects=effects), *review.scenarios[1:]))


@pytest.mark.parametrize(
    ("cost", "words", "is_loss"),
    [
        (2.1, "Costs 2.1% of a day’s value added: ¥28 bn", True),
        (-2.1, "Saves 2.1% of a day’s value added: ¥28 bn", False),
        (1e-6, "Costs nothing the model can see", False),
    ],
)
def test_a_wait_costs_saves_or_changes_nothing(cost, words, is_loss):
    money = figure(28 if cost > 0 else -28, "billion yen")
    setting = set_up(review=changed(wait_cost=figure(cost, "% of one day"), wait_cost_yen=money))
    card = build_card(setting, setting.measures["release"])
    term = next(t for t in card.terms if t.term == "A day’s wait")
    assert (term.words, term.loss) == (words, is_loss)


@pytest.mark.parametrize(
    ("curve", "title"),
    [
        (((0, 9.0), (30, 3.0)), "Even 30 days later it still helps"),
        (((0, 9.0), (30, 0.0)), "After 30 days of waiting it comes too late"),
        (((0, -5.0), (30, -5.0)), "It buys no days, whenever it is decided"),
    ],
)
def test_a_measure_that_buys_no_day_never_still_helps(curve, title):
    setting = set_up(review=changed(wait_curve=curve))
    card = build_card(setting, setting.measures["release"])
    assert card.charts[1].title == title


def test_waits_that_change_nothing_are_not_drawn():
    review = changed(wait_curve=((0, 0.0), (30, 0.0)))
    setting = set_up(review=review)
    names_drawn = {row[0] for row in draw_wait(setting, review.scenarios[0], key="k").grid.rows}
    assert names_drawn
    assert "Release state crude" not in names_drawn
    assert len(build_card(setting, setting.measures["release"]).charts) == 1


def test_curves_of_the_first_page_show_no_shortage_the_strip_leaves_out():
    setting = set_up()
    hormuz = setting.scenarios["hormuz"]
    rows = choose_rows(hormuz.runs_out, 2)
    curves = choose_curves(hormuz, 4, rows)
    crossed = {c.id for c in curves if c.crossing_day is not None}
    assert crossed
    assert crossed <= {out.id for out in rows}


def test_a_measure_that_hurts_another_need_only_is_not_said_to_bring_its_own_nearer():
    harm = figure(7, "days", (3, 9))
    setting = set_up(review=changed(harm=names("naphtha sooner", "ナフサが早い"), harm_figure=harm))
    title = build_days_matrix(setting).title
    assert "Subsidise fuel prices brings the floor nearer" in title


def test_without_draws_nothing_speaks_of_them():
    review = sample_review()
    scenarios = tuple(replace(s, draws=0) for s in review.scenarios)
    setting = set_up(review=replace(review, draws=0, scenarios=scenarios))
    card = build_card(setting, setting.measures["release"])
    assert not any("draws" in term.words for term in card.terms)


def test_a_matrix_of_many_scenarios_stands_in_several_tables():
    setting = set_up()
    review = setting.review
    many = tuple(replace(s, id=f"{s.id}{k}") for k in range(3) for s in review.scenarios)
    matrix = build_days_matrix(set_up(review=replace(review, scenarios=many)))
    assert len(many) > 2 * MOST_COLUMNS
    shown = [i for b in matrix.blocks for i in range(b.start, b.stop)]
    assert shown == list(range(len(many)))
    assert max(b.stop - b.start for b in matrix.blocks) == MOST_COLUMNS
