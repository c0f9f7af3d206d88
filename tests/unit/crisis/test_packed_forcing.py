"""Forcing: neutral where nothing happens, in time where something does."""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.compile import compile_run
from keian.crisis.start import make_state
from tests.crises import open_detour
from tests.worlds import make_scenario, make_world

DAYS = 40


def compile_shocks(*shocks, world=None, days=DAYS):
    compiled = compile_economy(world or make_world(0, lag_days=10), load_rules())
    dr, fx = compile_run(compiled, Run(make_scenario(*shocks, days=days)), days)
    return compiled, dr, fx


def test_without_events_every_factor_is_one_and_every_addition_nought():
    _, _, fx = compile_shocks()
    assert fx.capital.size == fx.work.size == fx.demand.size == fx.outage.size == 0
    assert fx.group_sup.size == 0
    for ones in (fx.line_source, fx.line_open, fx.good_need, fx.use_factor):
        assert (ones == 1.0).all()
    for zeros in (fx.strait_extra, fx.good_extra, fx.good_side, fx.pool_loss):
        assert not zeros.any()
    automatic = [p.automatic for g in make_world(0).goods for p in g.pools]
    assert fx.pool_draw.any(axis=1).tolist() == automatic


def test_a_cut_is_felt_when_what_is_on_the_way_has_arrived():
    cut = {"kind": "source_cut", "origin": "CHN", "products": ["p0"], "goods": "keep", "loss": 1}
    _, _, fx = compile_shocks(cut | {"start_day": 5, "duration_days": 8})
    assert fx.source_open.shape[0] == 1
    source, arrive = fx.source_open[0], fx.source_arrive[0]
    assert np.flatnonzero(source == 0.0).tolist() == list(range(5, 13))
    assert np.flatnonzero(arrive == 0.0).tolist() == list(range(15, 23))


def test_a_closure_is_felt_when_what_has_passed_has_arrived():
    closure = {"kind": "route_closure", "route": "strait", "loss": 1}
    world = make_world(0, lag_days=10)
    _, _, fx = compile_shocks(closure | {"start_day": 5, "duration_days": 8}, world=world)
    position = round(world.routes[0].flows[0].position_days)
    closed = fx.pass_open[0] < 1.0
    assert np.flatnonzero(closed).tolist() == list(range(5, 13))
    felt = fx.pass_arrive[0] < 1.0
    assert np.flatnonzero(felt).tolist() == list(range(5 + 10 - position, 13 + 10 - position))
    assert (fx.pass_up == position).all()


def test_a_delay_longer_than_the_run_is_not_felt():
    cut = {"kind": "source_cut", "origin": "CHN", "products": ["p0"], "goods": "keep", "loss": 1}
    _, _, fx = compile_shocks(cut, world=make_world(0, lag_days=60))
    assert (fx.source_arrive == 1.0).all()


def test_groups_are_listed_by_product_and_destination():
    cut = {
        "kind": "source_cut",
        "origin": "CHN",
        "products": ["p1", "p0"],
        "goods": "keep",
        "loss": 1,
    }
    compiled, _, fx = compile_shocks(cut)
    regions = len(compiled.economy.regions)
    counts = np.diff(fx.group_ptr).reshape(-1, regions)
    assert counts[:, 0].tolist() == [1, 1, 0, 0]
    assert counts.sum() == 2
    assert [compiled.economy.units[i] for i in fx.group_unit] == ["CHN.p0", "CHN.p1"]


def test_the_pipelines_of_day_0_are_full():
    closure = {"kind": "route_closure", "route": "strait", "loss": 1}
    compiled, dr, fx = compile_shocks(closure)
    state = make_state(compiled.static, dr, fx)
    n = compiled.static.x0.size
    moving = (compiled.static.lag_mean * compiled.static.b)[:, :n]
    held = state.ring.sum(axis=0)
    trapped = state.trapped.sum()
    assert trapped > 0
    assert pytest.approx(moving) == state.M
    assert held.sum() + trapped == pytest.approx(moving.sum())


def test_a_detour_adds_its_days_to_the_share_that_takes_it():
    closure = {"kind": "route_closure", "route": "strait", "loss": 1, "duration_days": 5}
    world = open_detour(make_world(0, lag_days=10), 10.0, 1.0)
    _, _, fx = compile_shocks(closure, world=world)
    share = world.routes[0].flows[0].share.mode
    assert (fx.pass_extra[:, :5] == round(share * 10)).all()
    assert not fx.pass_extra[:, 5:].any()
    assert fx.pass_open == pytest.approx(1.0), "ships for the whole detour are there"
