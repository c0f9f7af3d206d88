"""Laws of the firm day: rest, conservation, threads, recovery, and what a larger shock does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from keian.core import InputError
from keian.crisis._arrays_firms import LOST_INPUT
from keian.crisis.firm_rules import FirmShock, assume_traits, load_firm_rules
from keian.crisis.firms import FirmRun, simulate_firms
from keian.network.generate import Shape, generate_network
from keian.network.samples import make_two_industries
from tests.firm_networks import draw_network

DOUBLE = FirmRun(precision="double")
PRESETS = ("plain", "level", "classes", "inoue-todo")


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("precision", ["single", "double"])
def test_without_an_event_nothing_happens(preset, precision):
    network = draw_network(1, firms=300, links=1300)
    outcome = simulate_firms(
        network, [], load_firm_rules(preset), 700, run=FirmRun(precision=precision)
    )
    output = outcome.total("output")
    assert (output == output[0]).all()  # not near: the same bits on every day
    assert output[0] == pytest.approx(outcome.baseline.sum(), rel=1e-12)
    assert outcome.total("final_got") == pytest.approx(outcome.total("final_want"), rel=1e-12)


@pytest.mark.parametrize("preset", PRESETS)
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 1.0), days=st.integers(1, 40))
@examples(max_examples=25)
def test_what_firms_send_is_what_firms_get(preset, seed, share, days):
    network = draw_network(seed % 50, firms=30, links=110)
    shocks = [
        FirmShock("capacity", share, 2, 2 + days, part=0.3, seed=seed),
        FirmShock("final_demand", share / 2, 5, 9, half_life_days=3.0),
    ]
    outcome = simulate_firms(network, shocks, load_firm_rules(preset), 70, run=DOUBLE)
    assert outcome.residual.max() < 1e-12
    assert (outcome.total("final_got") <= outcome.total("final_want") * (1 + 1e-12)).all()
    assert (outcome.cells[:, :, 0] >= 0).all()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("precision", ["single", "double"])
def test_a_stop_of_all_firms_from_the_first_day_is_played(preset, precision):
    network = draw_network(3, firms=300, links=1300)
    stop = FirmShock("capacity", 1.0, 0, 5)
    run = FirmRun(precision=precision)
    outcome = simulate_firms(network, [stop], load_firm_rules(preset), 60, run=run)
    assert (
        outcome.total("output")[0] == 0.0
    )  # what is told of a day is told of a normal day's output
    assert outcome.residual.max() < (1e-12 if precision == "double" else 1e-5)
    assert outcome.total("output")[-1] > 0.9 * outcome.baseline.sum()


@pytest.mark.parametrize("preset", PRESETS)
def test_threads_change_no_bit_and_blocks_only_rounding(preset):
    network = generate_network(make_two_industries(), Shape(3000, 14_000), seed=4)
    shocks = [FirmShock("capacity", 0.8, 3, 20, part=0.2)]
    rules = load_firm_rules(preset)

    def play(threads, blocks):
        run = FirmRun(precision="double", threads=threads, blocks=blocks, watch=("000000007",))
        return simulate_firms(network, shocks, rules, 60, run=run)

    alone, together, whole = play(1, 4), play(3, 4), play(1, 1)
    assert np.array_equal(alone.cells, together.cells, equal_nan=True)  # value added is not known
    assert np.array_equal(alone.firms, together.firms, equal_nan=True)
    assert whole.total("output") == pytest.approx(alone.total("output"), rel=1e-9)


@pytest.mark.parametrize("kappa", [1.0, 2.0, float("inf")])
@pytest.mark.parametrize("seed", range(4))
def test_every_firm_comes_back(kappa, seed):
    network = draw_network(seed, firms=80, links=320, known=False)  # headroom of a tenth
    rules = load_firm_rules().model_copy(update={"kappa": kappa})
    shocks = [FirmShock("capacity", 1.0, 5, 45, part=0.2, seed=seed)]
    run = FirmRun(precision="double", watch=tuple(network.ids.to_pylist()))
    outcome = simulate_firms(network, shocks, rules, 645, run=run)
    shares = outcome.firms[:, :, 0]
    assert shares[5:45].min() < 0.1
    if kappa > 1:  # with kappa 1 and empty stocks every level is a steady state
        assert shares[-1].min() > 0.995
        assert shares[-1].max() < 1.005


def test_a_fall_of_demand_causes_no_shortage():
    network = draw_network(3, firms=80, links=320)
    shocks = [FirmShock("final_demand", 0.4, 5, 60)]
    outcome = simulate_firms(network, shocks, load_firm_rules(), 60, run=DOUBLE)
    assert outcome.total("output")[59] < 0.9 * outcome.total("output")[0]
    want, got = outcome.total("final_want"), outcome.total("final_got")
    assert got == pytest.approx(want, rel=1e-9)
    assert outcome.total("lost_input").max() == 0.0


def measure_unmet(network, shocks, **changed):
    rules = load_firm_rules().model_copy(update=changed)
    outcome = simulate_firms(network, shocks, rules, 150, run=DOUBLE)
    return (outcome.total("final_want") - outcome.total("final_got")).sum()


@pytest.mark.parametrize("seed", range(6))
def test_deeper_and_longer_shocks_and_less_stock_cost_more(seed):
    network = draw_network(seed, firms=80, links=320)

    def shock(share, days):
        return [FirmShock("capacity", share, 5, 5 + days, part=0.3, seed=seed)]

    deeper = [measure_unmet(network, shock(share, 30)) for share in (0.2, 0.5, 0.9)]
    longer = [measure_unmet(network, shock(0.6, days)) for days in (5, 20, 60)]
    stock = [measure_unmet(network, shock(0.9, 30), cover_days=n) for n in (40.0, 10.0, 1.0)]
    for rising in (deeper, longer, stock):
        assert rising == sorted(rising)
    assert stock[-1] > stock[0]


def test_cover_outlasts_a_short_stop_of_a_supplier():
    network = draw_network(8, firms=60, links=240)
    rules = load_firm_rules().model_copy(update={"cover_days": 30.0})
    # every maker of p3 stops: others feel it only when their cover is gone
    shock = FirmShock("capacity", 1.0, 5, 60, products=("p3",))
    outcome = simulate_firms(network, [shock], rules, 60, run=DOUBLE)
    lost = outcome.total("lost_input")
    assert lost[:30].max() == pytest.approx(0.0, abs=1e-12)
    assert lost[45:].max() > 0.0


def test_whoever_is_served_first_loses_less():
    network = draw_network(6, firms=200, links=900)
    rules = load_firm_rules("classes").model_copy(update={"cover_days": 2.0})
    shock = FirmShock("capacity", 0.5, 3, 40, products=("p3",))
    lost = []
    for rank in (0, 1, 2):
        traits = assume_traits(4, rules)
        traits.priority[1] = rank
        outcome = simulate_firms(network, [shock], rules, 40, traits=traits, run=DOUBLE)
        cells = [k for k, name in enumerate(outcome.cell_product) if name == "p1"]
        lost.append(outcome.cells[:, cells, LOST_INPUT].sum())
    assert lost[0] < lost[1] < lost[2]


def test_overlapping_shocks_multiply():
    network = draw_network(2)
    rules = load_firm_rules()
    twice = [FirmShock("capacity", 0.6, 3, 20), FirmShock("capacity", 0.6, 3, 20)]
    once = [FirmShock("capacity", 0.84, 3, 20)]
    both = [simulate_firms(network, shocks, rules, 40, run=DOUBLE) for shocks in (twice, once)]
    assert both[0].total("output") == pytest.approx(both[1].total("output"), rel=1e-9)


def test_all_that_is_wrong_with_shocks_comes_together():
    shocks = [
        FirmShock("capacity", 1.5, 3, 2, regions=("nowhere",)),
        FirmShock("capacity", 0.5, 0, 2, firms=("f0", "nobody"), products=("p9",)),
    ]
    with pytest.raises(InputError) as caught:
        simulate_firms(draw_network(1), shocks, load_firm_rules(), 10)
    told = " ".join(str(problem) for problem in caught.value.problems)
    assert len(caught.value.problems) == 5
    for word in ("1.5", "day 3 to 2", "nowhere", "nobody", "p9"):
        assert word in told


def test_rules_without_rest_are_refused():
    rules = load_firm_rules("inoue-todo").model_copy(update={"cover_days": 0.5, "tau_days": 0.0})
    with pytest.raises(InputError) as caught:
        simulate_firms(draw_network(1), [], rules, 10)
    assert len(caught.value.problems) == 2
