"""What moves a result most: the day of the binding need, else the loss."""

import pytest

from keian.core import Names, Triple
from keian.review.drivers import list_drivers
from keian.review.inputs import Input
from tests.unit.review.played import RULES, build_world, hand_study, need, set_up, summary

LOW, HIGH = RULES.driver_quantiles


def drive(base, ends):
    """Play two inputs by hand; `ends` are the summaries at both ends of each."""
    items = tuple(
        Input(f"test.{k}", Triple(low=0, mode=1, high=2), Names(en=k, ja=k), ("a",)) for k in ends
    )
    more = {
        ("driver", f"test.{k}", q): s
        for k, pair in ends.items()
        for q, s in zip((LOW, HIGH), pair, strict=True)
    }
    study = hand_study([need("ports")], base, more=more)
    return list_drivers(set_up(build_world()), study, items, RULES)


def test_the_day_is_measured_where_an_input_moves_it():
    ends = {
        "loss": (summary(5, ports=9), summary(50, ports=9)),
        "stock": (summary(5, ports=4), summary(6, ports=12)),
    }
    (driver,) = drive(summary(5, ports=9), ends)
    assert (driver.key, driver.swing.value, driver.swing.unit) == ("test.stock", 8, "days")


def test_the_loss_is_measured_where_the_need_falls_on_one_day_whatever_is_true():
    ends = {
        "loss": (summary(5, ports=0), summary(50, ports=0)),
        "stock": (summary(5, ports=0), summary(6, ports=0)),
    }
    drivers = drive(summary(5, ports=0), ends)
    assert [d.key for d in drivers] == ["test.loss", "test.stock"]
    assert {d.swing.unit for d in drivers} == {"% of one year"}
    assert drivers[0].swing.value == pytest.approx(45 * drivers[1].swing.value)


def test_nothing_is_named_where_nothing_moves():
    same = summary(5, ports=0)
    assert drive(same, {"loss": (same, same)}) == ()


def test_no_more_are_named_than_shown():
    ends = {str(k): (summary(5, ports=0), summary(6.0 + k, ports=0)) for k in range(9)}
    assert len(drive(summary(5, ports=0), ends)) == RULES.driver_shown
