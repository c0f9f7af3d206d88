"""Whoever misses something asks the suppliers of competitors too, where a run allows it."""

import numpy as np

from keian.crisis import Run, Switches, compile_economy, load_rules
from keian.crisis.compile import compile_run
from keian.crisis.new_links import link_competitors
from tests.crises import cut_links, play
from tests.worlds import make_scenario, make_world, shrink

DAYS = 60
SAME = 1e-12


def make_closed_home():
    """A world in which home buys p0 at home only, and sells it to nobody else."""
    world = make_world(4, service=False, goods=False)
    home, p0 = world.unit_region == 0, world.unit_product == 0
    Z, Y = world.Z.copy(), world.Y.copy()
    Z[np.ix_(p0 & ~home, home)] = 0.0
    Y[p0 & ~home, 0] = 0.0
    x = Z.sum(axis=1) + Y.sum(axis=(1, 2))
    return shrink(world, Z=Z, Y=Y, x=x, v=1.0 - Z.sum(axis=0) / x)


def test_who_has_one_supplier_finds_another_only_where_new_links_are_allowed():
    compiled = compile_economy(make_closed_home(), load_rules())
    cut = {"kind": "capacity_loss", "units": ["JPN.p0"], "loss": 0.2, "duration_days": 50}
    scenario = make_scenario(cut, days=DAYS)
    runs = [Run(scenario, switches=Switches(new_links=new)) for new in (False, True)]
    _, record = play(compiled, runs, DAYS)
    unmet = record.world_unmet.sum(axis=0)
    assert unmet[1] < 0.5 * unmet[0]
    assert record.residual.max() < 1e-9
    abroad = record.output[:, 1:].sum(axis=(0, 1))
    assert abroad[1] > abroad[0] * (1.0 + 1e-4)


def test_shares_of_links_sum_to_one_and_go_to_nobody_who_buys_nothing():
    world = cut_links(np.random.default_rng(2), make_world(5), 0.5)
    st = compile_economy(world, load_rules()).static
    linked = link_competitors(st)
    n_clients = st.b.shape[1]
    for p in range(st.b.shape[0]):
        block = slice(st.s_ptr[p], st.s_ptr[p + 1])
        own, new = st.s_t[block].reshape(-1, n_clients), linked[block].reshape(-1, n_clients)
        buys = st.b[p] > 0
        assert np.abs(new[:, buys].sum(axis=0) - 1.0).max() < SAME
        assert not new[:, ~buys].any()
        assert (new >= 0.5 * own - SAME).all()
        assert ((own == 0) & (new > 0)).any()


def test_off_the_arrays_are_those_of_the_table():
    compiled = compile_economy(make_world(1), load_rules())
    drawn, _ = compile_run(compiled, Run(make_scenario()), DAYS)
    assert drawn.again_t is compiled.static.s_t
