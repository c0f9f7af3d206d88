"""By how much users already use less before a good falls, and what that costs."""

from functools import cache

import numpy as np
import pytest

from keian.review.evaluate import Request, evaluate
from keian.review.restraint import describe_restraint, find_restraint
from tests.unit.review.played import CLOSURE, DAYS, REGISTERS, build_world, study, widen
from tests.worlds import SOURCE, fixed, make_scenario, shrink


@cache
def world_that_saves_early():
    """The invented world with a vital good whose users begin to save long before it is gone."""
    world = build_world()
    goods = tuple(
        g.model_copy(update={"stretch_days": widen(fixed(60)), "vital": g.id == "ore"})
        for g in world.goods
    )
    return shrink(world, goods=goods)


def test_restraint_is_counted_from_its_first_day_to_the_day_before_the_fall():
    avail = np.array([1.0, 1.0, 0.8, 0.6, 0.0])
    found = find_restraint(avail, np.array([0.0, 1.0, 2.0, 4.0, 100.0]), until=4)
    assert (found.from_day, found.lost) == (2.0, 7.0)
    assert found.share == pytest.approx(0.3)


def test_less_than_people_would_call_restraint_is_none():
    found = find_restraint(np.full(5, 0.999), np.ones(5), until=5)
    assert (found.from_day, found.share, found.lost) == (np.inf, 0.0, 0.0)


def test_a_good_shows_the_recorded_rate_of_use_and_the_loss_until_its_day():
    """Recomputed here by hand from the recorded series of the mode run and of the draws."""
    setting, played = study(world_that_saves_early(), make_scenario(CLOSURE, days=DAYS), draws=3)
    held = {n.id: describe_restraint(setting, played, n) for n in played.needs}
    shown = [n for n in played.needs if held[n.id] is not None]
    assert shown
    for need in shown:
        kept, shares = held[need.id], []
        for draw in (-1, *played.numbers()):
            run = played.mode() if draw < 0 else played.at("base", draw).outcome
            first = (played.base() if draw < 0 else played.base(draw)).first[need.id]
            until = int(min(first, DAYS))
            missing = [1.0 - float(a) for a in run.avail[:until, need.index]]
            late = next((d for d, m in enumerate(missing) if m > 0.005), None)
            shares.append(0.0 if late is None else 100.0 * sum(missing[late:]) / (until - late))
        assert kept.share.value == pytest.approx(shares[0])
        assert kept.share.unit == "%"
        assert kept.share.low == pytest.approx(float(np.quantile(shares[1:], 0.1)))
        assert kept.share.high == pytest.approx(float(np.quantile(shares[1:], 0.9)))
        assert kept.lost.value >= 0.0


def test_services_and_vital_needs_have_no_restraint():
    setting, played = study(build_world(), make_scenario(CLOSURE, days=DAYS))
    others = [n for n in played.needs if n.kind != "good"]
    assert others
    assert {describe_restraint(setting, played, n) for n in others} == {None}


def test_the_first_answer_carries_the_restraint_of_its_need():
    scenario = make_scenario(CLOSURE, days=DAYS)
    request = Request(world_that_saves_early(), (scenario,), (), REGISTERS, 3, threads=1)
    review = evaluate(request).review
    (row,) = (r for r in review.scenarios[0].runs_out if r.id == "ore")
    facts = review.headlines[0].facts
    assert facts["need"] == row.names
    assert facts["restraint"] is row.restraint.share
    assert facts["restraint_lost"] is row.restraint.lost


def test_the_first_answer_cites_the_stock_of_its_need():
    """Whoever puts in a stock of their own finds its source on page one."""
    world = world_that_saves_early()
    own = "user-stock-2026-11-23"
    goods = tuple(
        g.model_copy(
            update={
                "pools": tuple(p.model_copy(update={"sources": (own, SOURCE)}) for p in g.pools)
            }
        )
        for g in world.goods
    )
    scenario = make_scenario(CLOSURE, days=DAYS)
    request = Request(shrink(world, goods=goods), (scenario,), (), REGISTERS, 0, threads=1)
    figure = evaluate(request).review.headlines[0].figure
    assert own in figure.sources
