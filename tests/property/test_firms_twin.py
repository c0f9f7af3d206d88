"""The firm-day kernel and its slow readable twin give the same days."""

import numpy as np
import pytest

from keian.crisis.firm_arrays import (
    compile_firms,
    compile_shocks,
    make_firm_state,
    make_firm_work,
)
from keian.crisis.firm_rules import FirmShock, FirmTraits, load_firm_rules
from keian.crisis.firms import FirmRun, make_firm_record, run_firm_days, simulate_firms
from tests.firm_networks import draw_network
from tests.naive_firms import Economy

DAYS = 60
WORLDS = range(8)


def draw_traits(rng, products, rules):
    stocked = rng.random(products) < 0.8
    return FirmTraits(
        cover_days=rng.uniform(0.0 if rules.orders == "expected" else 1.0, 12.0, products),
        vital_share=rng.choice([0.0, 0.3], products),
        criticality=rng.choice([0.0, 0.5, 1.0], (products, products), p=[0.2, 0.2, 0.6]),
        stocked=stocked if rules.orders == "expected" else np.ones(products, dtype=bool),
        value_added=rng.uniform(0.2, 0.6, products),
        priority=np.ones(products, dtype=np.uint8),
        sources=(),
    )


def draw_shocks(rng, network):
    names = network.ids.to_pylist()
    some = [names[k] for k in rng.choice(len(names), 6, replace=False)]
    return [
        FirmShock("capacity", 0.7, 3, 15, firms=tuple(some)),
        FirmShock("capacity", 0.4, 10, 22, half_life_days=4.0, regions=("r1",)),
        FirmShock("final_demand", 0.5, 8, 30, products=("p0", "p2")),
        FirmShock("capacity", 1.0, 5, 9, products=("p1",), part=0.4, seed=3),
    ]


CASES = [
    ("plain", {"kappa": 1.0}),
    ("plain", {"kappa": 2.0}),
    ("plain", {"kappa": float("inf")}),
    ("level", {}),
    ("classes", {}),
    ("inoue-todo", {}),
    ("inoue-todo", {"allocation": "fill", "kappa": 1.0}),
]


@pytest.mark.parametrize(("preset", "changed"), CASES)
@pytest.mark.parametrize("seed", WORLDS)
def test_kernel_and_twin_agree(preset, changed, seed):
    rng = np.random.default_rng(seed)
    rules = load_firm_rules(preset).model_copy(update=changed)
    network = draw_network(seed)
    traits = draw_traits(rng, len(network.products), rules)
    shocks = draw_shocks(rng, network)
    classes = rng.integers(0, 3, network.firm_count).astype(np.uint8)
    st = compile_firms(
        network, rules, traits, dtype=np.float64, blocks=1 + seed % 3, classes=classes
    )
    fx = compile_shocks(network, shocks, DAYS)
    hits = [fx.firm[fx.start[k] : fx.start[k + 1]].tolist() for k in range(len(shocks))]
    twin = Economy(network, rules, traits, shocks, hits, classes.tolist())
    state, work = make_firm_state(st), make_firm_work(st)
    watch = np.arange(network.firm_count, dtype=np.int32)
    record = make_firm_record(st, DAYS, watch)
    run_firm_days(DAYS, st, fx, state, work, record)
    for t in range(DAYS):
        day = twin.day(t)
        scale = np.array(twin.x0)
        assert record.firms[t, :, 0] * scale == pytest.approx(day["output"], rel=1e-9, abs=1e-9)
        assert record.firms[t, :, 1] * scale == pytest.approx(day["demand"], rel=1e-9, abs=1e-9)
        cells = record.cells[t].sum(axis=0)
        assert cells[2] == pytest.approx(sum(day["final_want"]), rel=1e-9)
        assert cells[3] == pytest.approx(sum(day["final_got"]), rel=1e-9, abs=1e-9)
        assert cells[5] == pytest.approx(sum(day["vital_got"]), rel=1e-9, abs=1e-9)
        sent = sum(day["output"]) - sum(day["final_got"])
        assert day["came"] == pytest.approx(sent, rel=1e-9)  # the twin loses nothing either
    lost = 1 - record.cells[:, :, 0].sum(axis=1) / np.sum(twin.x0)
    assert lost.max() > 0.05  # a world in which nothing happens would prove nothing


def test_single_precision_stays_near_double():
    network = draw_network(5, firms=400, links=1800)
    shocks = [FirmShock("capacity", 0.6, 3, 25, regions=("r1",))]
    rules = load_firm_rules()
    both = [
        simulate_firms(network, shocks, rules, 90, run=FirmRun(precision=p))
        for p in ("double", "single")
    ]
    total = both[0].total("output")
    assert total.min() < 0.9 * total[0]
    assert both[1].total("output") == pytest.approx(total, rel=1e-5)
