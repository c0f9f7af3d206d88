"""Firms inside the world: the turns of both models against a slow twin, and what must hold."""

import bisect
import math
from dataclasses import replace

import numpy as np
import pytest

from keian.core import InputError
from keian.crisis.compile import compile_economy, compile_run
from keian.crisis.firm_arrays import compile_shocks
from keian.crisis.firm_economy import make_industry_table, make_traits
from keian.crisis.firm_rules import FirmShock, load_firm_rules
from keian.crisis.firms import CAUSES, FirmRun
from keian.crisis.refined import find_level, match_units, simulate_refined
from keian.crisis.rules import load_rules
from keian.crisis.run import Run
from keian.crisis.simulate import home_units, simulate_run
from keian.network import generate_network
from keian.network.generate import Shape
from tests import naive, naive_firms
from tests.crises import draw_run
from tests.firm_networks import draw_network
from tests.worlds import make_scenario, make_world

DAYS = 40
SMALL = 1e-6


def make_pair(seed, firms=60):
    """An invented world, and firms drawn from its home flows."""
    economy = make_world(seed, regions=3, products=4)
    table = make_industry_table(economy, 2)
    return economy, generate_network(table, Shape(firms=firms, links=4 * firms), seed)


class SlowPair:
    """Both slow twins, and their turns in plain loops."""

    def __init__(self, compiled, run, network, rules, shocks):
        self.st = compiled.static
        dr, fx = compile_run(compiled, run, DAYS)
        self.world = naive.Twin(self.st, dr, fx)
        traits = make_traits(compiled.economy, network, rules, rated=self.st.beta_rated)
        found = compile_shocks(network, shocks, DAYS)
        hits = [
            found.firm[found.start[k] : found.start[k + 1]].tolist() for k in range(len(shocks))
        ]
        self.firms = naive_firms.Economy(network, rules, traits, shocks, hits)
        names = list(compiled.economy.units)
        self.unit_of = [names.index(network.products[p]) for p in network.product]
        self.units = sorted(set(self.unit_of))
        self.demand = dict.fromkeys(self.units, 1.0)

    def members(self, i):
        return [f for f, unit in enumerate(self.unit_of) if unit == i]

    def level(self, i, able, most):
        members = self.members(i)
        left = most * sum(self.firms.x0[f] for f in members)
        if sum(self.firms.x0[f] * able[f] for f in members) <= left:
            return math.inf
        steps = sorted(able[f] for f in members)
        makes = [sum(self.firms.x0[f] * min(able[f], s) for f in members) for s in steps]
        k = bisect.bisect_left(makes, left)
        below, made = (steps[k - 1], makes[k - 1]) if k else (0.0, 0.0)
        return below + (left - made) / sum(self.firms.x0[f] for f in members if able[f] > below)

    def day(self, t):
        capital, _ = self.firms.factors(t)
        limit = self.firms.limits(capital)
        x0, room = self.firms.x0, self.firms.room
        share = [limit[f] / x0[f] for f in range(self.firms.n)]
        can = {}
        for i in self.units:
            own = self.members(i)
            made = sum(x0[f] * min(share[f], capital[f]) for f in own)
            can[i] = min(1.0, made / sum(x0[f] for f in own))
        lowered, outside = self.world.factor["capital"], {}
        for i in self.units:
            lowered[i] = 1.0
        self.world.begin(t)
        own = {i: lowered[i] for i in self.units}
        for i in self.units:
            lowered[i] = min(own[i], can[i])
        self.world.look(t)
        for i in self.units:
            lowered[i] = own[i]
            outside[i] = self.world.limit(i, t)[1] / float(self.st.x0[i])
            lowered[i] = min(own[i], can[i])
        able = [min(share[f], capital[f] * room[f]) for f in range(self.firms.n)]
        levels = {i: self.level(i, able, outside[i]) for i in self.units}
        self.firms.held = [levels[i] for i in self.unit_of]
        self.firms.outside_demand = [self.demand[i] for i in self.unit_of]
        made = self.firms.day(t)
        day = self.world.act(t)
        for i in self.units:
            p, inside, normal = int(self.st.unit_product[i]), 0.0, 0.0
            for j in self.units:
                part = self.world.share.get((p, j, i), 0.0)
                inside += part * self.world.asked.get((p, j), 0.0)
                normal += part * float(self.st.b[p, j])
            asked = max(0.0, self.world.demand1[i] - inside)
            self.demand[i] = asked / (float(self.st.x0[i]) - normal)
        return day, made, can, outside, levels


def hit_firms(network):
    """A shock that leaves some firms of every industry less."""
    names = network.ids.to_pylist()
    return (
        FirmShock("capacity", 0.6, 5, 20, firms=tuple(names[::4])),
        FirmShock("final_demand", 0.3, 12, 25, firms=tuple(names[1::5])),
    )


@pytest.mark.parametrize("seed", range(4))
def test_turns_are_those_of_the_slow_twins(seed):
    economy, network = make_pair(seed, firms=24)
    compiled = compile_economy(economy, load_rules())
    run = draw_run(np.random.default_rng(seed), economy, DAYS)
    rules, shocks = load_firm_rules("plain"), hit_firms(network)
    how = FirmRun(precision="double")
    found = simulate_refined(compiled, run, network, rules, shocks=shocks, firm_run=how)
    slow = SlowPair(compiled, run, network, rules, shocks)
    home = home_units(compiled)
    order = [found.refinement.units.index(economy.units[i]) for i in slow.units]
    for t in range(DAYS):
        day, made, can, outside, levels = slow.day(t)
        x0 = compiled.static.x0
        assert found.able[t][order] == pytest.approx([can[i] for i in slow.units], rel=1e-9)
        assert found.outside[t][order] == pytest.approx([outside[i] for i in slow.units], rel=1e-8)
        assert found.level[t][order] == pytest.approx([levels[i] for i in slow.units], rel=1e-8)
        # units are recorded in single precision
        assert found.world.unit[t] == pytest.approx(np.array(day.output)[home] / x0[home], rel=1e-6)
        cells = found.firms.cells[t, :, 0].sum()
        assert cells == pytest.approx(sum(made["output"]), rel=1e-9)


def test_without_an_event_both_rest():
    economy, network = make_pair(1)
    compiled = compile_economy(economy, load_rules())
    run = Run(make_scenario(days=DAYS))
    found = simulate_refined(compiled, run, network, load_firm_rules("plain"))
    alone = simulate_run(compiled, run, home_units(compiled))
    assert np.array_equal(found.world.unit, alone.unit, equal_nan=True)
    assert (found.able == 1.0).all()
    assert (found.demand == 1.0).all()
    assert found.firms.total("output") == pytest.approx(found.firms.baseline.sum(), rel=1e-6)


def lose(world, units, loss=0.5):
    """A capacity loss of some units from day 3 on."""
    return make_scenario(
        {
            "kind": "capacity_loss",
            "units": units,
            "loss": loss,
            "start_day": 3,
            "duration_days": 30,
        },
        days=DAYS,
    )


def test_a_loss_abroad_reaches_firms_and_a_loss_of_firms_reaches_abroad():
    economy, network = make_pair(2)
    compiled, rules = compile_economy(economy, load_rules()), load_firm_rules("plain")
    away = [u for u in economy.units if not u.startswith("JPN")]
    found = simulate_refined(compiled, Run(lose(economy, away)), network, rules)
    assert found.firms.total("output")[-10:].mean() < 0.99 * found.firms.baseline.sum()
    # firms together make no more than the world leaves their unit
    for k, product in enumerate(found.refinement.units):
        cells = [c for c, name in enumerate(found.firms.cell_product) if name == product]
        made = found.firms.cells[:, cells, 0].sum(axis=1) / found.firms.baseline[cells].sum()
        assert (made <= found.outside[:, k] + 1e-5).all()
    hit = (FirmShock("capacity", 0.7, 3, 33),)
    quiet = Run(make_scenario(days=DAYS))
    found = simulate_refined(compiled, quiet, network, rules, shocks=hit)
    alone = simulate_run(compiled, quiet, home_units(compiled))
    assert alone.world_unmet.max() < SMALL
    assert found.world.world_unmet[4:30].min() > SMALL
    abroad = [k for k, r in enumerate(economy.regions) if r != "JPN"]
    # who buys from others abroad makes them busier: what falls is what they get from home
    assert np.abs(found.world.output[:, abroad] - alone.output[:, abroad]).max() > SMALL


def test_firms_of_a_provider_take_the_service_with_them():
    economy, network = make_pair(3)
    power = next(s for s in economy.services if s.provider)
    compiled, rules = compile_economy(economy, load_rules()), load_firm_rules("plain")
    hit = (FirmShock("capacity", 0.8, 2, 20, products=(str(power.provider),)),)
    found = simulate_refined(compiled, Run(make_scenario(days=DAYS)), network, rules, shocks=hit)
    at = [s.id for s in economy.services].index(power.id)
    assert found.world.level[5:15, at].max() < 0.5
    others = [k for k, u in enumerate(found.refinement.units) if u != power.provider]
    assert found.outside[5:20][:, others].min() < 0.9


def test_a_network_that_covers_half_a_unit_moves_half_of_it():
    economy, network = make_pair(4)
    half = replace(network, sales=network.sales * 0.5, value=network.value * 0.5)
    match = match_units(economy, half)
    assert match.covered == pytest.approx(0.5)
    other = replace(network, currency="EUR")
    assert match_units(economy, other).covered == pytest.approx(1.0)
    compiled, rules = compile_economy(economy, load_rules()), load_firm_rules("plain")
    hit = (FirmShock("capacity", 1.0, 0, DAYS),)
    run = Run(make_scenario(days=DAYS))
    found = simulate_refined(compiled, run, half, rules, shocks=hit)
    assert found.able[0] == pytest.approx(0.0)
    assert found.world.unit[0].min() >= 0.5 - 1e-6


def test_threads_change_no_bit_and_watched_firms_name_the_world():
    economy, network = make_pair(5)
    compiled, rules = compile_economy(economy, load_rules()), load_firm_rules("level")
    ids = tuple(network.ids.to_pylist())
    run = Run(lose(economy, [u for u in economy.units if not u.startswith("JPN")], loss=1.0))
    one, two = (
        simulate_refined(
            compiled, run, network, rules,
            firm_run=FirmRun(blocks=2, threads=threads, watch=ids),
        )
        for threads in (1, 2)
    )  # fmt: skip
    assert np.array_equal(one.firms.cells, two.firms.cells)
    assert np.array_equal(one.world.unit, two.world.unit, equal_nan=True)
    causes = {CAUSES[int(c)] for c in np.unique(one.firms.firms[:, :, 6])}
    assert "outside" in causes


def test_a_network_of_other_products_is_refused():
    economy, _ = make_pair(6)
    with pytest.raises(InputError, match="ids of home units"):
        match_units(economy, draw_network(1))


@pytest.mark.parametrize("seed", range(20))
def test_a_level_shares_out_what_there_is(seed):
    rng = np.random.default_rng(seed)
    x0, able = rng.uniform(1, 9, 30), rng.uniform(0, 1.1, 30)
    most = float(rng.uniform(0, 1.0))
    level = find_level(x0, able, most)
    made = float(x0 @ np.minimum(able, level))
    assert made == pytest.approx(min(most * x0.sum(), x0 @ able))
