"""Variants that do not come back stand in no band of losses, and nothing else drops out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keian.review.describe import describe_losses, describe_variants
from keian.review.study import list_returning, list_switches
from tests.unit.review.played import hand_study, need, set_up, summary
from tests.worlds import make_world


def made_study(*, base=1.0, stuck=0.3, loss=90.0):
    """All variants lose 10 and come back, but for kappa 1 with every input critical."""
    more = {}
    for s in list_switches():
        bad = s.kappa == 1.0 and s.criticality == "all"
        found = replace(summary(loss if bad else 10.0, ore=5.0), last_week=stuck if bad else 1.0)
        more["variant", s.kappa, s.criticality, s.phi] = found
    mode = replace(summary(11.0, ore=5.0), last_week=base)
    return hand_study((need("ore"),), mode, draws=(mode, mode), more=more)


def test_a_variant_that_does_not_come_back_stands_in_no_band_of_losses():
    setting, study = set_up(make_world(0)), made_study()
    assert len(list_returning(study)) == 20
    money = next(x for x in describe_losses(setting, study) if x.kind == "value_added").money
    assert money.structural == (10.0, 10.0)
    told = describe_variants(setting, study, "ore")
    assert [v.returns for v in told].count(False) == 4
    assert max(v.value_added_share for v in told) == pytest.approx(9000.0 / setting.year())


@pytest.mark.parametrize(("base", "stuck"), [(0.97, 0.3), (1.0, 0.9), (1.0, 0.95)])
def test_where_the_mode_run_ends_short_too_or_a_variant_is_nearly_back_all_count(base, stuck):
    assert list_returning(made_study(base=base, stuck=stuck)) == list_switches()
