"""Runs are there whole or not at all, and are given out only as they were written."""

import os
import shutil
import sys

import pytest

from keian.core import GREEN, DataError, InputError
from keian.store import list_runs, open_workspace, read_run, write_run
from keian.store import runs as runs_module
from tests.unit.store.stored import list_tree, make_files, make_manifest

links = pytest.mark.skipif(sys.platform == "win32", reason="needs the right to make links")


@pytest.fixture
def workspace(tmp_path):
    return open_workspace(tmp_path / "ws")


@pytest.fixture
def run(workspace):
    return write_run(workspace, make_manifest(), make_files())


def test_run_is_read_back_as_it_was_written(workspace, run):
    again = read_run(workspace, run.digest[:4])
    assert again == run
    assert again.file("scenario.yaml").read_bytes() == b"id: tiny\n"
    assert {path.name for path in run.path.iterdir()} == {
        "manifest.json", "scenario.yaml", "loss.parquet",
    }  # fmt: skip
    assert run.label == make_manifest().label
    with pytest.raises(InputError, match=r"one of loss\.parquet, scenario\.yaml"):
        run.file("manifest.jsn")


def test_nothing_is_written_outside_the_workspace(tmp_path, run):
    assert {path.name for path in tmp_path.iterdir()} == {"ws"}
    assert {p.name for p in (tmp_path / "ws").iterdir()} - {"ledger.sqlite-wal", "ledger.sqlite-shm"} == {
        "runs", "ledger.sqlite",
    }  # fmt: skip


def test_ledger_lists_runs_with_label_and_digests(workspace, run):
    other = write_run(workspace, make_manifest(label=GREEN), {})
    rows = {row.digest: row for row in list_runs(workspace)}
    assert rows.keys() == {run.digest, other.digest}
    row = rows[run.digest]
    assert (row.kind, row.status, row.label) == ("simulate", "finished", run.label)
    assert row.keian_version == run.manifest.versions["keian"]
    assert [f.name for f in row.files] == ["loss.parquet", "manifest.json", "scenario.yaml"]
    assert rows[other.digest].label == GREEN


def test_newest_run_comes_first(workspace):
    days = ("2026-11-21", "2026-11-23", "2026-11-22")
    for draws, day in enumerate(days):
        made = make_manifest(draws=draws).model_copy(update={"created": f"{day}T00:00:00+00:00"})
        write_run(workspace, made, {})
    assert [row.created[:10] for row in list_runs(workspace)] == sorted(days, reverse=True)


def test_same_run_again_keeps_the_first(workspace, run):
    before = list_tree(workspace.root)
    again = write_run(workspace, make_manifest(), {"scenario.yaml": b"other"})
    assert again == run
    assert list_tree(workspace.root) == before
    assert len(list_runs(workspace)) == 1


def test_a_file_may_be_copied_in(workspace, tmp_path):
    (tmp_path / "mine.nc").write_bytes(b"CDF")
    run = write_run(workspace, make_manifest(), {"series.nc": tmp_path / "mine.nc"})
    assert run.file("series.nc").read_bytes() == b"CDF"
    assert (tmp_path / "mine.nc").exists()


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        ("loss.parquet", lambda p: p.write_bytes(p.read_bytes()[:-1]), "a cut file of 16 bytes"),
        ("loss.parquet", lambda p: p.write_bytes(b"PAR1 figures PAR2"), "a changed file"),
        ("loss.parquet", lambda p: p.write_bytes(p.read_bytes() + b"."), "a changed file"),
        ("loss.parquet", lambda p: p.unlink(), "no file"),
        ("more.parquet", lambda p: p.write_bytes(b""), "a file the run did not write"),
        ("manifest.json", lambda p: p.write_bytes(p.read_bytes()[:-40]), "JSON"),
        ("manifest.json", lambda p: p.unlink(), "no such file"),
        ("manifest.json", lambda p: p.write_bytes("原油".encode("cp932")), "not UTF-8"),
        (
            "manifest.json",
            lambda p: p.write_text(p.read_text().replace('"draws": 4', '"draws": 9')),
            "a changed manifest",
        ),
        (
            "manifest.json",
            lambda p: p.write_text(p.read_text().replace('"keian",', '"other",')),
            "a changed file",
        ),
    ],
)
def test_a_run_that_was_cut_or_changed_is_not_given_out(workspace, run, name, change, found):
    change(run.path / name)
    with pytest.raises(DataError) as refused:
        read_run(workspace, run.digest)
    (problem,) = refused.value.problems
    assert found in problem.found
    assert name in problem.where
    assert problem.fix


def test_all_damage_of_a_run_is_told_at_once(workspace, run):
    run.file("loss.parquet").write_bytes(b"")
    run.file("scenario.yaml").unlink()
    (run.path / "x").write_bytes(b"")
    with pytest.raises(DataError) as refused:
        read_run(workspace, run.digest)
    assert len(refused.value.problems) == 3


def test_what_desktops_leave_behind_is_no_damage(workspace, run):
    (run.path / ".DS_Store").write_bytes(b"x")
    assert read_run(workspace, run.digest) == run


@links
def test_a_file_replaced_by_a_link_is_refused(workspace, run, tmp_path):
    copy = tmp_path / "copy"
    shutil.copyfile(run.file("loss.parquet"), copy)
    run.file("loss.parquet").unlink()
    (run.path / "loss.parquet").symlink_to(copy)
    with pytest.raises(DataError, match="symbolic link"):
        read_run(workspace, run.digest)


@links
def test_a_run_folder_that_is_a_link_is_no_run(workspace, run, tmp_path):
    run.path.rename(tmp_path / "moved")
    run.path.symlink_to(tmp_path / "moved")
    with pytest.raises(InputError, match="no such run"):
        read_run(workspace, run.digest)
    with pytest.raises(InputError, match="symbolic link"):
        write_run(workspace, make_manifest(), make_files())


def test_a_damaged_run_is_set_aside_when_it_is_made_again(workspace, run):
    run.file("loss.parquet").write_bytes(b"cut")
    again = write_run(workspace, make_manifest(), make_files())
    assert read_run(workspace, run.digest) == again
    (aside,) = workspace.runs.glob(".damaged-*")
    assert (aside / "loss.parquet").read_bytes() == b"cut"


@pytest.mark.parametrize("prefix", ["", "abc", "zzzz", "../..", "%", "*", "a" * 65, "ABCDEF_"])
def test_a_prefix_that_names_no_run_is_refused(workspace, run, prefix):
    with pytest.raises(InputError, match="no such run"):
        read_run(workspace, prefix)


def test_prefix_may_be_written_large(workspace, run):
    assert read_run(workspace, f" {run.digest[:8].upper()}") == run


def test_a_prefix_of_two_runs_is_refused(workspace, run):
    twin = run.path.with_name(run.digest[:10] + "0" * 54)
    shutil.copytree(run.path, twin)
    with pytest.raises(InputError, match="2 runs that begin so"):
        read_run(workspace, run.digest[:6])


@pytest.mark.parametrize(
    "names",
    [["../x"], ["/x"], ["a/b"], ["manifest.json"], ["Manifest.JSON"], ["nul"], [".x"], ["a", "A"]],
    ids=str,
)
def test_file_names_that_are_not_plain_are_refused_before_anything_is_written(workspace, names):
    with pytest.raises(InputError):
        write_run(workspace, make_manifest(), dict.fromkeys(names, b""))
    assert list_tree(workspace.root) == {}


class Crash(BaseException):
    """The process dies here."""


def crash(*args, **kwargs):
    raise Crash


def crash_in_writer(path):
    path.write_bytes(b"half")
    raise KeyboardInterrupt


def test_an_interrupted_writer_leaves_nothing(workspace, run):
    before = list_tree(workspace.root)
    with pytest.raises(KeyboardInterrupt):
        write_run(workspace, make_manifest(draws=9), {"a": b"1", "b": crash_in_writer})
    assert list_tree(workspace.root) == before
    assert [row.digest for row in list_runs(workspace)] == [run.digest]


@pytest.mark.parametrize("step", ["_write_file", "sync_folder", "_put_in_place", "insert_run"])
def test_death_at_any_step_leaves_earlier_runs_and_no_half_run(workspace, run, step, monkeypatch):
    before = list_tree(workspace.root)
    monkeypatch.setattr(runs_module, step, crash)
    # A killed process does not clean up either.
    monkeypatch.setattr(shutil, "rmtree", lambda *args, **kwargs: None)
    with pytest.raises(Crash):
        write_run(workspace, make_manifest(draws=9), make_files())
    monkeypatch.undo()
    after = open_workspace(workspace.root)
    assert before.items() <= list_tree(after.root).items()
    assert read_run(after, run.digest) == run
    for row in list_runs(after):
        assert read_run(after, row.digest).manifest.draws in {4, 9}
    # The run can be made again, whatever was left behind.
    made = write_run(after, make_manifest(draws=9), make_files())
    assert read_run(after, made.digest) == made
    assert len(list_runs(after)) == 2


def test_a_run_that_missed_the_ledger_is_entered_on_opening(workspace, monkeypatch):
    monkeypatch.setattr(runs_module, "insert_run", crash)
    with pytest.raises(Crash):
        write_run(workspace, make_manifest(), make_files())
    monkeypatch.undo()
    assert list_runs(workspace) == ()
    (row,) = list_runs(open_workspace(workspace.root))
    assert len(row.files) == 3


def test_two_processes_may_finish_the_same_run(workspace, monkeypatch):
    """Between the look and the rename another process puts the same run there."""
    first = write_run(workspace, make_manifest(), make_files())
    aside = first.path.with_name("aside")
    first.path.rename(aside)
    real = runs_module._put_in_place

    def race(where, part, target):
        exists = type(target).exists
        monkeypatch.setattr(type(target), "exists", lambda self: self != target and exists(self))
        shutil.copytree(aside, target)
        real(where, part, target)

    monkeypatch.setattr(runs_module, "_put_in_place", race)
    assert write_run(workspace, make_manifest(), make_files()) == first
    assert not list(workspace.runs.glob(".part-*"))


def test_a_full_disk_is_an_error_of_the_system_and_leaves_nothing(workspace, monkeypatch):
    def full(handle):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_run(workspace, make_manifest(), make_files())
    assert list_tree(workspace.root) == {}
