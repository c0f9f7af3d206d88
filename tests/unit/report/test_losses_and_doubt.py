"""A gain is told as a limit of the table, and a scenario is read with its doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keian.core import Names
from keian.report.scenario_part import build_scenario_part
from keian.report.setting import build_setting
from tests.unit.report.sample_review import sample_review


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "No loss can be shown"), ("ja", "損失を示せない")]
)
def test_a_gain_is_no_loss_below_nought(lang, words):
    review = sample_review()
    scenario = review.scenarios[0]
    losses = tuple(
        replace(x, share_of_year=replace(x.share_of_year, value=-0.2)) for x in scenario.losses
    )
    part = build_scenario_part(build_setting(review, lang), replace(scenario, losses=losses))
    assert part.losses.title.startswith(words)
    plain = build_scenario_part(build_setting(review, lang), scenario)
    assert not plain.losses.title.startswith(words)


def test_the_doubt_stands_in_the_part_of_the_scenario():
    review = sample_review()
    doubted = replace(
        review.scenarios[0], doubt=Names(en="Who counts this?", ja="誰が数えるのか。")
    )
    for lang, words in (
        ("en", "Read with this doubt: Who counts this?"),
        ("ja", "留意点：誰が数えるのか。"),
    ):
        assert build_scenario_part(build_setting(review, lang), doubted).doubt == words
    assert build_scenario_part(build_setting(review, "en"), review.scenarios[0]).doubt == ""
