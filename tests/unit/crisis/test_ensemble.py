"""Ensembles: the same bytes from anywhere, nothing finished is lost or played again."""

import socket
from contextlib import suppress

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import typeof

from keian.core import DataError, InputError, KeianWarning, Label
from keian.crisis import collect, simulate_runs
from keian.crisis.ensemble import (
    Pace,
    Plan,
    batches,
    make_executor,
    play_ensemble,
    read_statistics,
)
from keian.crisis.ensemble import play as playing
from keian.crisis.ensemble.batches import Span, calc_size, cut_spans, list_gaps
from keian.crisis.ensemble.columns import list_series
from keian.crisis.ensemble.executors import ProcessExecutor, SerialExecutor
from keian.crisis.ensemble.memory import MemoryNeed, estimate_memory, refuse_memory
from keian.crisis.ensemble.plan import check_plan, open_plan, write_plan
from keian.crisis.ensemble.statistics import (
    QUANTILES,
    calc_interval,
    describe_convergence,
    name_quantile,
)
from keian.crisis.ensemble.task import Task, holds_runs, play_task
from keian.crisis.rules import Switches
from keian.crisis.simulate import home_units, simulate_run
from keian.store import claim_run, find_unfinished, list_unfinished, open_workspace
from tests.small_ensemble import DRAWS, begin, make_manifest, make_plan, read_files


class Counting(SerialExecutor):
    """A serial executor that remembers which runs it was asked for, and may stop half-way."""

    def __init__(self, stop_after=None):
        self.asked = []
        self.stop_after = stop_after

    def play(self, tasks):
        for task in tasks:
            if self.stop_after is not None and len(self.asked) >= self.stop_after:
                raise KeyboardInterrupt
            self.asked.append(range(task.first, task.first + task.count))
            yield play_task(task)

    @property
    def runs(self):
        return [draw for span in self.asked for draw in span]


@pytest.fixture
def short(monkeypatch):
    """Batches of a few runs, shorter than people may ask for."""
    monkeypatch.setattr(batches, "LEAST_SECONDS", 1e-6)
    return Pace(batch_seconds=1e-6)


def play_new(folder, executor, pace=None):
    workspace = open_workspace(folder)
    return play_ensemble(workspace, begin(workspace), executor, pace)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The small ensemble, played in one go."""
    return play_new(tmp_path_factory.mktemp("whole") / "w", SerialExecutor())


# --- the plan on disk


def test_a_plan_from_disk_plays_to_the_same_bits(tmp_path):
    plan = make_plan()
    opened = open_plan(tmp_path, write_plan(plan, tmp_path))
    units = home_units(plan.compiled)
    for draw in (-1, 0, 7):
        here = simulate_run(plan.compiled, plan.run(draw), units)
        there = simulate_run(opened.compiled, opened.run(draw), units)
        for name in ("output", "level", "cover", "unit", "cause"):
            assert getattr(here, name).tobytes() == getattr(there, name).tobytes(), (draw, name)


def test_a_plan_from_disk_is_mapped_and_needs_no_other_kernel(tmp_path):
    plan = make_plan()
    static = open_plan(tmp_path, write_plan(plan, tmp_path)).compiled.static
    assert typeof(static) == typeof(plan.compiled.static)
    assert isinstance(static.s_t.base, np.memmap)


def test_a_plan_keeps_switches_that_json_cannot_hold(tmp_path):
    plan = make_plan()
    switched = Plan(
        plan.compiled, plan.scenario, (), Switches(np.inf, "all", 3.0, "level", new_links=True)
    )
    opened = open_plan(tmp_path, write_plan(switched, tmp_path))
    assert opened.switches == switched.switches
    assert opened.scenario == plan.scenario
    assert opened.compiled.rules == plan.compiled.rules


def test_a_changed_plan_is_refused(tmp_path):
    digest = write_plan(make_plan(), tmp_path)
    array = tmp_path / "static.x0.npy"
    raw = bytearray(array.read_bytes())
    raw[-1] ^= 1
    array.write_bytes(raw)
    with pytest.raises(DataError, match=r"static\.x0\.npy"):
        check_plan(tmp_path, digest)
    array.write_bytes(raw[:-8])
    with pytest.raises(DataError, match=r"static\.x0\.npy"):
        open_plan(tmp_path, digest)
    with pytest.raises(DataError, match="another plan"):
        open_plan(tmp_path, "0" * 64)
    with pytest.raises(DataError, match="storage that all of them see"):
        open_plan(tmp_path / "elsewhere", digest)


# --- what is played


def test_the_kept_series_are_those_of_single_runs(whole):
    plan = make_plan()
    outcomes = dict(simulate_runs(plan.compiled, [plan.run(d) for d in range(-1, DRAWS)]))
    data = collect(plan.compiled, [outcomes[k] for k in range(DRAWS + 1)], Label("TLP:CLEAR"))
    table = pq.read_table(whole.file("series.parquet"))
    assert table.column("draw").to_pylist() == list(range(-1, DRAWS))
    for series in list_series(plan.compiled):
        wanted = data[series.variable].values
        wanted = wanted[:, :, series.place] if series.axis else wanted
        found = np.stack(table.column(series.column).to_numpy())
        assert found.tobytes() == np.ascontiguousarray(wanted).tobytes(), series.column


def test_totals_are_sums_over_the_days(whole):
    draws = pd.read_parquet(whole.file("draws.parquet"))
    series = pq.read_table(whole.file("series.parquet"))
    want, got = (
        np.stack(series.column(name).to_numpy()).astype(float)
        for name in ("final_want", "final_got")
    )
    assert draws["unmet_final"].to_numpy() == pytest.approx((want - got).sum(axis=1), abs=1e-4)
    assert draws["unmet_final"].min() > 0
    assert draws["lost_value_added"].std() > 0


def test_every_column_has_its_unit_and_the_file_its_label(whole):
    schema = pq.read_schema(whole.file("series.parquet"))
    assert all(field.metadata[b"unit"] for field in schema)
    for name in ("series", "draws", "totals", "statistics", "convergence"):
        marks = pq.read_schema(whole.file(f"{name}.parquet")).metadata
        assert marks[b"keian.label"] == b"TLP:CLEAR", name
        assert marks[b"keian.run"] == whole.digest.encode(), name
    days = read_statistics(whole).days
    assert all(array.attrs["units"] for array in days.data_vars.values())
    assert days.attrs["label"] == "TLP:CLEAR"


# --- anywhere, in any pieces


def test_the_length_of_batches_changes_no_byte(tmp_path, short, whole):
    counting = Counting()
    assert read_files(play_new(tmp_path / "w", counting, short).path) == read_files(whole.path)
    assert len(counting.asked) > DRAWS / 2


def test_processes_give_the_same_bytes(tmp_path, whole):
    run = play_new(tmp_path / "w", make_executor("processes", workers=2))
    assert read_files(run.path) == read_files(whole.path)
    assert run.digest == whole.digest


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_dask_cluster_gives_the_same_bytes_beside_another(tmp_path, whole):
    """Dask's fixed port may be taken by another cluster: ours asks for a free one."""
    with socket.socket() as other:
        with suppress(OSError):  # then some other program holds it, which serves as well
            other.bind(("127.0.0.1", 8787))
            other.listen()
        run = play_new(tmp_path / "w", make_executor("dask", workers=2))
    assert read_files(run.path) == read_files(whole.path)


@pytest.mark.parametrize("stop", [0, 1, 2, 9])
def test_a_stopped_ensemble_goes_on_and_repeats_nothing(tmp_path, short, whole, stop):
    workspace = open_workspace(tmp_path / "w")
    first = Counting(stop_after=stop)
    with pytest.raises(KeyboardInterrupt):
        play_ensemble(workspace, begin(workspace), first, short)
    (left,) = list_unfinished(workspace)
    assert (left.done_count, left.total_count) == (len(first.runs), DRAWS + 1)
    second = Counting()
    run = play_ensemble(workspace, find_unfinished(workspace, left.digest[:8]), second, short)
    assert sorted(first.runs + second.runs) == list(range(-1, DRAWS))
    assert read_files(run.path) == read_files(whole.path)
    assert list_unfinished(workspace) == ()


def test_a_batch_that_did_not_reach_the_ledger_is_not_played_again(tmp_path, short, whole):
    workspace = open_workspace(tmp_path / "w")
    run = begin(workspace)
    digest = (run.path / playing.PLAN_DIGEST).read_text()
    play_task(Task(str(run.path), digest, -1, 20))
    (run.parts / ".part-left").write_bytes(b"half a file")
    counting = Counting()
    finished = play_ensemble(workspace, run, counting, short)
    assert min(counting.runs) == 19
    assert read_files(finished.path) == read_files(whole.path)


def test_a_worker_that_outlived_its_run_does_no_harm(tmp_path, short, whole):
    workspace = open_workspace(tmp_path / "w")
    run = begin(workspace)
    digest = (run.path / playing.PLAN_DIGEST).read_text()
    for first, count in ((-1, 10), (5, 10)):
        play_task(Task(str(run.path), digest, first, count))
    counting = Counting()
    with pytest.warns(KeianWarning, match="played again"):
        finished = play_ensemble(workspace, run, counting, short)
    assert min(counting.runs) == 9
    assert read_files(finished.path) == read_files(whole.path)


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "foreign"])
def test_a_damaged_batch_is_set_aside_and_played_again(tmp_path, short, whole, harm):
    workspace = open_workspace(tmp_path / "w")
    with pytest.raises(KeyboardInterrupt):
        play_ensemble(workspace, begin(workspace), Counting(stop_after=3), short)
    (run,) = list_unfinished(workspace)
    victim = sorted(run.parts.iterdir())[1]
    raw = victim.read_bytes()
    if harm == "gone":
        victim.unlink()
    elif harm == "foreign":
        # Whole, but of another plan, and the ledger is gone too.
        table = pq.read_table(victim)
        marks = {**table.schema.metadata, b"keian.plan": b"another"}
        pq.write_table(table.replace_schema_metadata(marks), victim)
        workspace.ledger.unlink()
    else:
        victim.write_bytes(
            raw[:-40] if harm == "cut" else raw[:900] + bytes([raw[900] ^ 1]) + raw[901:]
        )
    counting = Counting()
    with pytest.warns(KeianWarning, match=victim.name):
        finished = play_ensemble(workspace, run, counting, short)
    assert counting.runs[0] == 3
    assert read_files(finished.path) == read_files(whole.path)


def test_a_lost_ledger_loses_no_batch(tmp_path, short, whole):
    workspace = open_workspace(tmp_path / "w")
    with pytest.raises(KeyboardInterrupt):
        play_ensemble(workspace, begin(workspace), Counting(stop_after=5), short)
    workspace.ledger.unlink()
    counting, again = Counting(), open_workspace(tmp_path / "w")
    (run,) = list_unfinished(again)
    finished = play_ensemble(again, run, counting, short)
    assert len(counting.runs) == DRAWS + 1 - run.done_count < DRAWS
    assert read_files(finished.path) == read_files(whole.path)


def test_a_run_killed_while_it_finished_plays_no_draw_again(tmp_path, short, whole, monkeypatch):
    workspace = open_workspace(tmp_path / "w")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(playing, "write_statistics", stop)
        with pytest.raises(KeyboardInterrupt):
            play_ensemble(workspace, begin(workspace), SerialExecutor(), short)
    counting = Counting()
    (run,) = list_unfinished(workspace)
    finished = play_ensemble(workspace, run, counting, short)
    assert counting.runs == []
    assert read_files(finished.path) == read_files(whole.path)


def test_a_run_is_played_by_one_process_at_a_time(tmp_path):
    workspace = open_workspace(tmp_path / "w")
    run = begin(workspace)
    with claim_run(run):
        assert list_unfinished(workspace)[0].playing
        with pytest.raises(InputError, match="another keian is playing it"):
            play_ensemble(workspace, run, SerialExecutor())
    assert not list_unfinished(workspace)[0].playing


def test_a_checksum_finds_a_page_that_changed(tmp_path):
    workspace = open_workspace(tmp_path / "w")
    run = begin(workspace)
    digest = (run.path / playing.PLAN_DIGEST).read_text()
    play_task(Task(str(run.path), digest, -1, 20))
    (path,) = run.parts.iterdir()
    assert holds_runs(path, digest, -1, 20)
    assert not holds_runs(path, digest, 0, 20)
    assert not holds_runs(path, "0" * 64, -1, 20)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(raw)
    assert not holds_runs(path, digest, -1, 20)


def test_a_worker_that_was_killed_is_reported_with_the_way_on(tmp_path):
    from multiprocessing import active_children

    workspace = open_workspace(tmp_path / "w")
    run = begin(workspace)
    digest = (run.path / playing.PLAN_DIGEST).read_text()

    def kill_then_ask():
        yield Task(str(run.path), digest, -1, 1)
        for child in active_children():
            child.kill()
        yield Task(str(run.path), digest, 0, 1)

    with ProcessExecutor(1) as executor, pytest.raises(InputError, match="keian resume"):
        list(executor.play(kill_then_ask()))


# --- batches


@given(
    st.lists(st.tuples(st.integers(-1, 80), st.integers(1, 20)), max_size=12),
    st.integers(1, 100),
    st.integers(1, 30),
)
def test_batches_hold_every_missing_run_once(done, draws, size):
    spans = [Span(first, count) for first, count in done]
    there = {draw for s in spans for draw in range(s.first, s.first + s.count)}
    cut = [
        draw
        for s in cut_spans(list_gaps(spans, draws), lambda _left: size)
        for draw in range(s.first, s.first + s.count)
    ]
    assert cut == [draw for draw in range(-1, draws) if draw not in there]


@given(st.integers(1, 10**6), st.floats(1e-5, 100), st.floats(2, 20), st.integers(1, 64))
def test_a_batch_takes_about_as_long_as_asked(left, run_seconds, batch_seconds, workers):
    size = calc_size(left, run_seconds, batch_seconds, workers)
    assert size >= 1
    assert size * run_seconds <= batch_seconds + run_seconds
    if left * run_seconds >= batch_seconds * workers:
        assert size * run_seconds >= batch_seconds - run_seconds


@pytest.mark.parametrize("seconds", [0.0, 1.9, 21.0, float("nan")])
def test_batches_outside_the_bounds_are_refused(tmp_path, seconds):
    with pytest.raises(InputError, match="2 to 20 seconds"):
        play_new(tmp_path / "w", SerialExecutor(), Pace(batch_seconds=seconds))


# --- memory


def test_an_ensemble_that_cannot_fit_is_refused_with_the_figures(tmp_path):
    with pytest.raises(InputError) as refused:
        play_new(tmp_path / "w", SerialExecutor(), Pace(memory_limit=50_000_000))
    (problem,) = refused.value.problems
    assert "GB needed: 1 workers" in problem.found
    assert "at most 0.1 GB, what is allowed" in problem.wanted
    assert "--memory-limit" in problem.fix


def test_the_refusal_says_how_many_workers_would_fit():
    need = MemoryNeed(arrays=10, worker=100, workers=8, statistics=30)
    assert need.total == 840
    refuse_memory(need, 840, asked=False)
    refuse_memory(need, None, asked=False)
    with pytest.raises(InputError, match="--workers 5"):
        refuse_memory(need, 639, asked=False)


def test_memory_grows_with_workers_and_draws():
    plan = make_plan()
    small, many = estimate_memory(plan, 100, 2), estimate_memory(plan, 100, 4)
    assert many.total - small.total == 2 * small.worker
    assert estimate_memory(plan, 10**7, 2).statistics > 5 * small.statistics


# --- statistics


def test_quantiles_are_those_of_the_draws_without_the_mode_run(whole):
    days = read_statistics(whole).days
    series = np.stack(pq.read_table(whole.file("series.parquet")).column("output/JPN").to_numpy())
    found = days["output"].sel(region="JPN")
    for q in QUANTILES:
        wanted = np.quantile(series[1:].astype(float), q, axis=0)
        assert found.sel(statistic=name_quantile(q)).values == pytest.approx(wanted, rel=1e-12)
        half = np.quantile(series[1 : 1 + DRAWS // 2].astype(float), q, axis=0)
        there = found.sel(statistic=f"{name_quantile(q)}_half").values
        assert there == pytest.approx(half, rel=1e-12)
    assert found.sel(statistic="mode_run").values == pytest.approx(series[0].astype(float))
    assert found.sel(statistic="std").values == pytest.approx(
        series[1:].astype(float).std(axis=0, ddof=1), rel=1e-9
    )


def test_the_interval_of_a_quantile_covers_it_as_often_as_it_says():
    rng = np.random.default_rng(1)
    count, tries = 200, 4000
    sample = np.sort(rng.random((tries, count)), axis=1)
    for q in (0.1, 0.5, 0.9):
        low, high = calc_interval(count, q)
        covered = ((sample[:, low] <= q) & (q <= sample[:, high])).mean()
        assert 0.94 <= covered <= 0.99, (q, covered)


def test_too_few_draws_have_no_interval():
    assert calc_interval(50, 0.975) is None
    assert calc_interval(200, 0.975) is not None


def test_convergence_ends_at_all_draws(whole):
    table = describe_convergence(pd.read_parquet(whole.file("draws.parquet")))
    last = table[table["draws"] == DRAWS]
    assert (last["apart_share_of_spread"] == 0).all()
    assert set(table["draws"]) == {DRAWS, DRAWS // 2, DRAWS // 4, DRAWS // 8}
    assert (table[table["draws"] == DRAWS // 8]["apart_share_of_spread"].abs() > 0).any()


def test_one_draw_has_no_spread(tmp_path):
    workspace = open_workspace(tmp_path / "w")
    run = play_ensemble(workspace, begin(workspace, 1), SerialExecutor())
    statistics = read_statistics(run)
    assert statistics.totals["std"].isna().all()
    assert (statistics.totals["draws"] == 1).all()


def test_another_number_of_draws_is_another_run(tmp_path):
    workspace = open_workspace(tmp_path / "w")
    assert begin(workspace, 5).digest != begin(workspace, 6).digest
    assert begin(workspace, 5).manifest == make_manifest(5)
