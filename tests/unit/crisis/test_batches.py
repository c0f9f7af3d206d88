"""Runs are played LANES at a time; runs of one batch share a scenario."""

import numpy as np
import pytest

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis._arrays import LANES
from keian.crisis.compile import compile_runs
from keian.crisis.simulate import home_units, list_batches, simulate_batch, simulate_runs
from tests.crises import mask_unit
from tests.worlds import make_scenario, make_world


def make_runs(*names, days=10):
    plain = make_scenario(days=days)
    return [Run(plain.model_copy(update={"id": name})) for name in names]


def test_every_run_is_in_one_batch_and_batches_hold_one_scenario():
    runs = make_runs(*("a" * 11 + "b" * 3 + "a" * 2))
    batches = list_batches(runs)
    assert sorted(k for batch in batches for k in batch) == list(range(len(runs)))
    assert all(len(batch) <= LANES for batch in batches)
    assert all(len({runs[k].scenario.id for k in batch}) == 1 for batch in batches)
    assert [len(batch) for batch in batches] == [8, 5, 3]


def test_no_runs_make_no_batches():
    assert list_batches([]) == []


def test_batches_do_not_depend_on_anything_but_the_runs():
    runs = make_runs(*"cabcab")
    assert list_batches(runs) == list_batches(list(runs))
    assert list_batches(runs) == [[1, 4], [2, 5], [0, 3]]


def test_two_scenarios_with_one_name_do_not_share_a_horizon():
    compiled = compile_economy(make_world(0), load_rules())
    runs = [*make_runs("a", days=10), *make_runs("a", days=20)]
    lengths = {k: o.output.shape[0] for k, o in simulate_runs(compiled, runs, threads=1)}
    assert lengths == {0: 10, 1: 20}


def test_a_batch_of_the_wrong_size_is_refused():
    compiled = compile_economy(make_world(0), load_rules())
    with pytest.raises(ValueError, match=f"holds {LANES} runs, found 2"):
        compile_runs(compiled, make_runs("a", "b"), 10)


def test_a_short_batch_is_filled_up_and_gives_only_its_own_runs():
    compiled = compile_economy(make_world(0), load_rules())
    runs = make_runs("a", "a", "a")
    found = simulate_batch(compiled, runs, 10, home_units(compiled))
    assert [o.run for o in found] == runs
    assert found[0].unit.shape == (10, len(compiled.economy.products))
    assert np.array_equal(found[0].output, found[2].output)


def test_home_units_are_the_units_of_the_home_region_that_exist():
    compiled = compile_economy(mask_unit(make_world(0), 2), load_rules())
    assert home_units(compiled).tolist() == [0, 1, 3]


def test_progress_counts_every_run_once():
    compiled = compile_economy(make_world(0), load_rules())
    seen = []
    runs = make_runs(*("a" * 10))
    done = list(simulate_runs(compiled, runs, threads=2, progress=seen.append))
    assert sum(seen) == len(done) == len(runs)
