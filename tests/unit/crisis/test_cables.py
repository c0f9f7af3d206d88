"""A cut of submarine cables: what is left, what goes elsewhere, who mends it, and who cannot help."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.core import InputError, Triple
from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.cables import calc_cable_outage
from keian.crisis.compile import compile_run
from keian.crisis.simulate import simulate_runs
from keian.economy import load_economy
from keian.economy.overlays import check_cables
from keian.registers import load_registers
from keian.scenario import check, load_measures
from keian.scenario.acting import can_act, find_touched
from keian.scenario.load import load_scenario, load_scenarios

DAYS = 150


@pytest.fixture(scope="module")
def compiled():
    return compile_economy(load_economy("japan"), load_rules())


@pytest.fixture(scope="module")
def cut():
    return load_scenario("cables-cut")


def outage(compiled, scenario, measures=()):
    fx = compile_run(compiled, Run(scenario, tuple(measures)), DAYS)[1]
    place = fx.outage_service.tolist().index(compiled.index.service["telecommunications"])
    return fx.outage[place]


def change(scenario, **fields):
    shocks = tuple(
        s.model_copy(update=fields) if s.kind == "cable_cut" else s for s in scenario.shocks
    )
    return scenario.model_copy(update={"shocks": shocks})


def named(*ids):
    return [m for m in load_measures() if m.id in ids]


def test_the_mode_run_by_hand(compiled, cut):
    """0.55 and 0.30 of all cables, six tenths of each cut; 0.6 of the capacity is in use."""
    lost = outage(compiled, cut)
    first = 0.4 * (1 - min(1, (1 - 0.55 * 0.6) / 0.6 + 0.01))
    both = 0.4 * (1 - ((1 - 0.55 * 0.6 - 0.30 * 0.6) / 0.6 + 0.01))
    assert lost[0] == pytest.approx(first, abs=1e-12)  # the rest still carries the busy hour
    assert lost[2:10] == pytest.approx(both)
    # four ships do 200 team-days off Boso in 50 days, then turn to Shima
    assert np.all(np.diff(lost[10:]) <= 1e-12)
    assert lost[DAYS - 1] == 0.0


def test_one_coast_alone_goes_unnoticed(compiled, cut):
    only = cut.model_copy(update={"shocks": tuple(s for s in cut.shocks if s.id == "shima")})
    assert outage(compiled, only).max() == 0.0


def test_all_cables_cut_leave_what_satellites_carry(compiled, cut):
    whole = change(cut, landings="all", loss=Triple(low=1, mode=1, high=1), repair=None)
    assert outage(compiled, whole)[3] == pytest.approx(0.4 * (1 - 0.01))


def test_ships_help_and_guards_against_intruders_do_not(compiled, cut):
    alone = outage(compiled, cut).sum()
    guards = named("manual-fallback", "responder-pool", "active-cyber-defence")
    assert outage(compiled, cut, guards).sum() == pytest.approx(alone)
    ships = outage(compiled, cut, named("cable-ship-reserve")).sum()
    satellites = outage(compiled, cut, named("satellite-fallback")).sum()
    assert ships < alone
    assert satellites == pytest.approx(0.99 * alone)


def test_which_measures_can_act_on_a_cut(compiled, cut):
    touched = find_touched(cut, compiled.economy)
    acting = {m.id for m in load_measures() if can_act(m, touched)}
    assert acting == {"cable-ship-reserve", "satellite-fallback"}


def test_a_cut_costs_output_through_the_service(compiled, cut):
    ((_, outcome),) = simulate_runs(compiled, [Run(cut)])
    v = compiled.index.service["telecommunications"]
    assert outcome.level[5, v] < 0.95
    assert outcome.level[5, v] <= 1.0 - outage(compiled, cut)[5] + 1e-12


def test_unknown_cables_and_landings_are_told_with_the_nearest(tmp_path, compiled, cut):
    wrong = change(cut, landings=("boso-ibaragi",))
    (first, *_) = check(wrong, [], compiled.economy, load_registers())
    assert (first.found, first.fix) == ("'boso-ibaragi'", "did you mean 'boso-ibaraki'?")
    wrong = change(cut, cables="cables")
    (first, *_) = check(wrong, [], compiled.economy, load_registers())
    assert first.found == "'cables'"
    assert "international-cables" in first.fix
    broken = tmp_path / "x.yaml"
    broken.write_text("id: x\nshocks: [{id: a, kind: cable_cut, cables: b}]\n", encoding="utf-8")
    with pytest.raises(InputError, match="landings"):
        load_scenarios([str(broken)])


def test_a_landing_named_twice_is_refused(compiled, cut):
    twice = change(cut, landings=("shima", "shima"))
    problems = check(twice, [], compiled.economy, load_registers())
    assert {(p.found, p.wanted) for p in problems} == {("'shima' 2 times", "each landing once")}


def test_cables_of_which_nothing_is_used_are_refused(compiled):
    (pool,) = compiled.economy.cables
    idle = pool.model_copy(update={"used_share": Triple(low=0, mode=0.5, high=1)})
    (problem,) = check_cables((idle,), compiled.economy.areas)
    assert (problem.where, problem.found) == ("overlays: international-cables.used_share", "0")


shares = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6)


@given(shares, st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.2), st.floats(0.1, 1.0))
def test_a_larger_cut_never_costs_less(share, left, abroad, other, used):
    share = np.array(share)
    series = np.tile(np.linspace(left, 1.0, 5), (share.size, 1))
    lost = calc_cable_outage(series, share, abroad=abroad, other=other, used=used)
    assert np.all(np.diff(lost) <= 1e-12)
    assert np.all((lost >= 0.0) & (lost <= abroad))
    assert lost[-1] == pytest.approx(0.0, abs=1e-12)
