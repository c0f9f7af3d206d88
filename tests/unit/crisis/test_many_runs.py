"""Many runs over threads: each is itself, whoever is played beside it."""

from dataclasses import replace

import numpy as np

from keian.crisis import Run, Switches, compile_economy, load_rules, simulate
from keian.crisis._kernels import run_days
from keian.crisis.same import Memory
from keian.crisis.simulate import Outcome, home_units, simulate_run, simulate_runs
from tests.crises import make_measure, mask_unit
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


def count_played(monkeypatch):
    """Count the runs that the kernel plays."""
    played = []

    def play(*arguments):
        played.append(arguments[0])
        return run_days(*arguments)

    monkeypatch.setattr(simulate, "run_days", play)
    return played


def test_runs_of_the_same_inputs_are_played_once(monkeypatch):
    compiled = compile_economy(make_world(0), load_rules())
    idle = make_measure({"kind": "open_route", "route": "strait", "share": 0.3}, name="idle")
    surge = {"kind": "demand_surge", "region": "JPN", "products": ["p1"], "change": 0.1}
    first = Run(make_scenario(surge, days=20))
    other = Run(make_scenario(surge | {"change": 0.2}, days=20))
    runs = [
        first,
        replace(first, measures=(idle,)),
        other,
        replace(first, switches=Switches(phi=9.0)),
    ]
    alone = [simulate_run(compiled, run, home_units(compiled)) for run in runs]
    played = count_played(monkeypatch)
    found = dict(simulate_runs(compiled, runs, threads=1))
    assert len(played) == 2  # the two sizes of the surge
    for k, run in enumerate(runs):
        assert found[k].run == run
        for series in (f for f in Outcome.__slots__ if f != "run"):
            assert np.array_equal(
                getattr(found[k], series), getattr(alone[k], series), equal_nan=True
            ), series
    assert not np.array_equal(found[0].output, found[2].output)


def test_exposure_to_origins_counts_where_an_origin_can_be_lost(monkeypatch):
    compiled = compile_economy(make_world(0), load_rules())
    cut = {
        "kind": "source_cut",
        "origin": "CHN",
        "products": "all",
        "loss": 0.5,
        "duration_days": 10,
    }
    run = Run(make_scenario(cut, days=20))
    played = count_played(monkeypatch)
    both = [run, replace(run, switches=Switches(phi=9.0))]
    assert len(list(simulate_runs(compiled, both, threads=1))) == len(played) == 2


def test_what_is_kept_is_bounded_and_the_oldest_goes_first():
    memory = Memory[int](2)
    for number, key in enumerate((b"a", b"b")):
        memory.keep(key, number)
    assert memory.find(b"a") == 0  # used last now
    memory.keep(b"c", 2)
    assert [memory.find(key) for key in (b"a", b"b", b"c")] == [0, None, 2]


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
