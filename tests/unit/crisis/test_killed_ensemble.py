"""An ensemble whose process is killed again and again, at random moments, until it is done."""

import os
import random
import signal
import subprocess
import sys
import time
from multiprocessing import get_context

import pytest

from keian.store import find_unfinished, list_unfinished, open_workspace
from tests.architecture.tree import ROOT
from tests.small_ensemble import begin, play_in_child, play_shortly, read_files

SECONDS = 0.02  # of a batch
LONGEST_S = 120.0  # a child that takes longer hangs
MANY = 20_000  # draws that take far longer than a busy machine needs to notice two parts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def start_forked(folder, draws, _executor):
    """Start a child from a fresh fork server: it needs no second for its imports."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["keian.crisis.ensemble", "keian.cli.run"])
    child = context.Process(target=play_in_child, args=(str(folder), draws, "serial", SECONDS))
    child.start()
    return child.pid, lambda: (child.join(LONGEST_S), child.exitcode)[1]


def start_command(folder, draws, executor):
    """Start a child as a command of its own, which starts workers of its own."""
    words = [sys.executable, "-m", "tests.small_ensemble", str(folder), str(draws), executor]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    child = subprocess.Popen(
        [*words, str(SECONDS)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    return child.pid, lambda: child.wait(LONGEST_S)


def read_parts(folder):
    """Every finished batch: its file's identity changes when it is written again."""
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.glob("unfinished/*/parts/runs-*")
    }


def kill_until_done(start, folder, draws, executor, *, kills, longest_wait):
    """Kill a child so many times at random moments, then let one finish; count the kills."""
    rng = random.Random(4)  # noqa: S311 - moments to kill at, no secrets
    begun = folder.parent / "begun"
    killed, kept = 0, {}
    while True:
        begun.unlink(missing_ok=True)
        pid, wait = start(folder, draws, executor)
        limit = time.monotonic() + LONGEST_S
        while not begun.exists() and time.monotonic() < limit:
            time.sleep(0.002)
        if killed == kills:
            assert wait() == 0
            return killed, len(kept)
        time.sleep(rng.uniform(0.0, longest_wait))
        os.kill(pid, signal.SIGKILL)
        if wait() == 0:
            return killed, len(kept)
        killed += 1
        there = read_parts(folder)
        again = {name for name in kept if name in there and there[name] != kept[name]}
        assert not again, "finished batches were played again"
        assert len(kept) <= len(there), "finished batches are gone"
        kept = there


def check_killed(start, tmp_path, executor, *, draws, kills, startup=0.0, least=0.8):
    quiet = tmp_path / "quiet" / "w"
    quiet.parent.mkdir()
    began = time.monotonic()
    whole = play_shortly(quiet, draws, "serial", SECONDS)
    took = time.monotonic() - began
    folder = tmp_path / "killed" / "w"
    folder.parent.mkdir()
    killed, kept = kill_until_done(
        start, folder, draws, executor, kills=kills, longest_wait=startup + 1.5 * took / kills
    )
    assert killed >= least * kills, "the ensemble was over too soon to be killed that often"
    assert kept > 0
    workspace = open_workspace(folder)
    assert list_unfinished(workspace) == ()
    assert read_files(workspace.runs / whole.digest) == read_files(whole.path)


@pytest.fixture(autouse=True)
def _own_length_of_batches(monkeypatch):
    from keian.crisis.ensemble import batches

    monkeypatch.setattr(batches, "LEAST_SECONDS", SECONDS)


def test_an_ensemble_killed_six_times_ends_with_the_same_bytes(tmp_path):
    check_killed(start_forked, tmp_path, "serial", draws=600, kills=6)


@pytest.mark.slow
def test_an_ensemble_killed_fifty_times_ends_with_the_same_bytes(tmp_path):
    check_killed(start_forked, tmp_path, "serial", draws=3000, kills=50)


@pytest.mark.slow
def test_a_pool_of_processes_killed_ten_times_ends_with_the_same_bytes(tmp_path):
    # workers take a second or two to start, each time
    check_killed(start_command, tmp_path, "processes", draws=3000, kills=10, startup=4.0, least=0.5)


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path):
    folder = tmp_path / "w"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.small_ensemble", str(folder), str(MANY), "processes", "0.02"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"},
        stderr=subprocess.DEVNULL,
    )
    limit = time.monotonic() + LONGEST_S
    while len(read_parts(folder)) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    assert child.wait(LONGEST_S) != 0
    (run,) = list_unfinished(open_workspace(folder))
    assert 0 < run.done_count < run.total_count
    assert not run.playing
    assert begin(open_workspace(folder), MANY).digest == run.digest
    assert find_unfinished(open_workspace(folder), run.digest[:6]).done_count == run.done_count
