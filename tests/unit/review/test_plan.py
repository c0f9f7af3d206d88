"""What the second stage plays: all draws for what a headline rests on, fewer for the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keian.review.play import Summary
from keian.review.study import count_some, plan_second
from keian.scenario.draws import MODE_DRAW
from tests.crises import make_measure
from tests.unit.review.played import RULES, hand_study, need

RELEASE = {"kind": "release_stock", "pools": ["reserve"]}


def lose(value: float) -> Summary:
    return Summary({"ore": 150.0}, {"ore": 0.0}, value, *[0.0] * 7)


def test_headline_measures_are_played_in_all_draws_and_the_others_in_some():
    measures = [make_measure(RELEASE, name=name) for name in ("best", "slow", "costly")]
    loss = {"best": 1.0, "slow": 2.0, "costly": 3.0}
    late = {"best": 1.1, "slow": 2.1, "costly": 9.0}
    more = {("measure", m, MODE_DRAW): lose(x) for m, x in loss.items()}
    more |= {("wait", m, 1): lose(x) for m, x in late.items()}
    study = hand_study((need("ore", vital=True),), lose(10.0), measures=measures, more=more)
    study = replace(study, draws=60)
    jobs = plan_second(study, measures, (), RULES, first_page=False)
    draws = {name: {j.tag[-1] for j in jobs if j.tag[1:3] == ("measure", name)} for name in loss}
    assert draws == {"best": set(range(60)), "slow": set(range(30)), "costly": set(range(60))}


@pytest.mark.parametrize(("asked", "played"), [(0, 0), (8, 8), (20, 18), (40, 20), (100, 50)])
def test_other_measures_are_played_in_half_of_the_draws_but_enough_for_a_band(asked, played):
    assert count_some(asked, RULES) == played
