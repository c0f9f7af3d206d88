"""An outage that comes back along a published curve."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.core import Triple
from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.cast import calc_restored
from keian.crisis.compile import compile_run
from keian.economy import load_economy
from keian.registers import load_registers
from keian.scenario import check, load_measures
from keian.scenario.load import load_scenario

DAYS = 60


@pytest.fixture(scope="module")
def compiled():
    return compile_economy(load_economy("japan"), load_rules())


@pytest.fixture(scope="module")
def outage():
    """The cyber campaign with one outage only: electricity, which comes back as in 2011."""
    scenario = load_scenario("cyber-ports-telecom-power")
    zero = Triple(low=0, mode=0, high=0)
    half = Triple(low=0.5, mode=0.5, high=0.5)
    power = next(s for s in scenario.shocks if s.id == "power").model_copy(
        update={
            "duration_days": zero,
            "recovery_half_days": zero,
            "loss": half,
            "restoration": "tohoku-2011",
        }
    )
    return scenario.model_copy(update={"shocks": (power,), "horizon_days": DAYS})


def read(compiled, scenario, measures=()):
    fx = compile_run(compiled, Run(scenario, tuple(measures)), DAYS)[1]
    return fx.outage[fx.outage_service.tolist().index(compiled.index.service["electricity"])]


def test_electricity_comes_back_as_in_2011(compiled, outage):
    """10.8 % on the day, 52.2 % a day later, 78.8 % after three, 98.6 % after seven."""
    lost = read(compiled, outage)
    assert lost[0] == pytest.approx(0.5 * (0.892 + 0.478) / 2)
    assert lost[1] == pytest.approx(0.5 * (0.478 + 0.345) / 2)
    assert lost[6] == pytest.approx(0.5 * (0.0635 + 0.014) / 2)
    assert np.all(lost[7:] == 0.0)


def test_help_makes_the_curve_shorter(compiled, outage):
    plan = [m for m in load_measures() if m.id == "joint-exercises"]
    assert read(compiled, outage, plan).sum() == pytest.approx(0.9 * read(compiled, outage).sum())


def test_an_unknown_curve_is_told_and_a_second_way_back_refused(compiled, outage):
    def change(**fields):
        (power,) = outage.shocks
        return outage.model_copy(update={"shocks": (power.model_copy(update=fields),)})

    registers = load_registers()
    assert not check(outage, [], compiled.economy, registers)
    (first,) = check(change(restoration="kobe-1996"), [], compiled.economy, registers)
    assert (first.wanted, first.fix) == (
        "a published curve of this service", "did you mean 'kobe-1995'?"
    )  # fmt: skip
    week = Triple(low=7, mode=7, high=7)
    (first,) = check(change(recovery_half_days=week), [], compiled.economy, registers)
    assert first.found == "recovery_half_days and restoration"


days = st.lists(st.floats(0.0, 80.0), min_size=1, max_size=5, unique=True)


@given(days, st.floats(0.0, 20.0), st.floats(0.5, 3.0))
def test_the_area_under_a_curve_is_kept_whatever_the_clock(rise, start, pace):
    points = [(d, (k + 1) / len(rise)) for k, d in enumerate(sorted(rise))]
    left = calc_restored(300, start=start, points=points, pace=pace)
    knots = [(0.0, 0.0), *points] if points[0][0] > 0 else points
    area = sum((b[0] - a[0]) * (1 - (a[1] + b[1]) / 2) for a, b in itertools.pairwise(knots))
    assert left.sum() * pace == pytest.approx(area, abs=1e-9)
    assert np.all((left >= 0.0) & (left <= 1.0 + 1e-12))
    assert np.all(left[: int(start)] == 0.0)
