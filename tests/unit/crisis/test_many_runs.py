"""Many runs over threads: each is itself, whoever is played beside it."""

import numpy as np

from keian.crisis import Run, compile_economy, load_rules
from keian.crisis.simulate import home_units, simulate_run, simulate_runs
from tests.crises import mask_unit
from tests.worlds import make_scenario, make_world


def make_runs(*names, days=10):
    plain = make_scenario(days=days)
    return [Run(plain.model_copy(update={"id": name})) for name in names]


def test_two_scenarios_with_one_name_do_not_share_a_horizon():
    compiled = compile_economy(make_world(0), load_rules())
    runs = [*make_runs("a", days=10), *make_runs("a", days=20)]
    lengths = {k: o.output.shape[0] for k, o in simulate_runs(compiled, runs, threads=1)}
    assert lengths == {0: 10, 1: 20}


def test_no_runs_give_nothing():
    assert list(simulate_runs(compile_economy(make_world(0), load_rules()), [])) == []


def test_a_run_is_the_same_alone_and_among_others():
    compiled = compile_economy(make_world(0), load_rules())
    runs = make_runs("a", "b", "c")
    for k, outcome in simulate_runs(compiled, runs, threads=2):
        assert outcome.run == runs[k]
        assert outcome.unit.shape == (10, len(compiled.economy.products))
        alone = simulate_run(compiled, runs[k], home_units(compiled))
        assert np.array_equal(alone.output, outcome.output)


def test_a_unit_that_does_not_exist_has_no_series():
    compiled = compile_economy(mask_unit(make_world(0), 2), load_rules())
    units = np.arange(compiled.static.x0.size)
    found = simulate_run(compiled, make_runs("a")[0], units)
    assert np.isnan(found.unit[:, 2]).all()
    assert np.isfinite(np.delete(found.unit, 2, axis=1)).all()


def test_home_units_are_the_units_of_the_home_region_that_exist():
    compiled = compile_economy(mask_unit(make_world(0), 2), load_rules())
    assert home_units(compiled).tolist() == [0, 1, 3]


def test_progress_counts_every_run_once():
    compiled = compile_economy(make_world(0), load_rules())
    seen = []
    runs = make_runs(*("a" * 10))
    done = list(simulate_runs(compiled, runs, threads=2, progress=seen.append))
    assert sum(seen) == len(done) == len(runs)
