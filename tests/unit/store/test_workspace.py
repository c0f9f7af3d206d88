"""The workspace: found in one order, opened carefully, put in order after a crash."""

import os
import sqlite3
import sys
import time
from contextlib import closing

import pytest

from keian.core import DataError, InputError
from keian.store import find_workspace, list_runs, open_workspace, read_run, write_run
from keian.store import ledger as ledger_module
from keian.store.ledger import open_ledger
from tests.unit.store.stored import list_tree, make_files, make_manifest

links = pytest.mark.skipif(sys.platform == "win32", reason="needs the right to make links")


def test_named_folder_goes_before_the_variable_and_that_before_the_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KEIAN_WORKSPACE", raising=False)
    assert find_workspace() == tmp_path / "keian-workspace"
    monkeypatch.setenv("KEIAN_WORKSPACE", "from-variable")
    assert find_workspace() == tmp_path / "from-variable"
    assert find_workspace("named") == tmp_path / "named"
    monkeypatch.setenv("KEIAN_WORKSPACE", "")
    assert find_workspace() == tmp_path / "keian-workspace"
    assert list(tmp_path.iterdir()) == []


def test_opening_again_changes_nothing(tmp_path):
    first = open_workspace(tmp_path / "deep" / "ws")
    write_run(first, make_manifest(), make_files())
    before = list_tree(first.root)
    again = open_workspace(first.root)
    assert again == first
    assert list_tree(again.root) == before


def test_reading_commands_make_no_workspace(tmp_path):
    with pytest.raises(InputError, match="no workspace"):
        open_workspace(tmp_path / "ws", create=False)
    assert list(tmp_path.iterdir()) == []
    open_workspace(tmp_path / "ws")
    open_workspace(tmp_path / "ws", create=False)


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"x")
    with pytest.raises(InputError, match="a folder with other files"):
        open_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_is_no_workspace(tmp_path):
    (tmp_path / "ws").write_bytes(b"x")
    with pytest.raises(InputError, match="found a file"):
        open_workspace(tmp_path / "ws")


def test_hidden_files_do_not_matter(tmp_path):
    (tmp_path / ".git").mkdir()
    assert open_workspace(tmp_path).runs.is_dir()


@links
@pytest.mark.parametrize("name", ["runs", "ledger.sqlite"])
def test_links_in_the_workspace_are_refused(tmp_path, name):
    (tmp_path / "ws").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ws" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="a symbolic link"):
        open_workspace(tmp_path / "ws")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_half_written_folders_go_when_they_are_old(tmp_path):
    workspace = open_workspace(tmp_path / "ws")
    old, young = (workspace.runs / f".part-{name}" for name in ("old", "young"))
    for part in (old, young):
        part.mkdir()
        (part / "loss.parquet").write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    open_workspace(workspace.root)
    assert not old.exists()
    assert young.exists()
    assert list_runs(workspace) == ()


def test_a_lost_ledger_is_made_anew_from_the_folders(tmp_path):
    workspace = open_workspace(tmp_path / "ws")
    made = [write_run(workspace, make_manifest(draws=n), make_files()) for n in (1, 2)]
    rows = list_runs(workspace)
    workspace.ledger.unlink()
    assert list_runs(open_workspace(workspace.root)) == rows
    assert {row.digest for row in rows} == {run.digest for run in made}


def test_a_damaged_folder_does_not_enter_the_ledger(tmp_path):
    workspace = open_workspace(tmp_path / "ws")
    run = write_run(workspace, make_manifest(), make_files())
    workspace.ledger.unlink()
    run.file("loss.parquet").write_bytes(b"")
    again = open_workspace(workspace.root)
    assert list_runs(again) == ()
    with pytest.raises(DataError, match="a cut file"):
        read_run(again, run.digest)


def test_a_deleted_run_is_no_longer_listed(tmp_path):
    workspace = open_workspace(tmp_path / "ws")
    run = write_run(workspace, make_manifest(), {})
    (run.path / "manifest.json").unlink()
    run.path.rmdir()
    assert list_runs(workspace) == ()


@pytest.mark.parametrize(
    "raw", [b"no database at all, only text", b"SQLite format 3\0" + b"\xff" * 600]
)
def test_a_damaged_ledger_is_told_with_its_repair(tmp_path, raw):
    workspace = open_workspace(tmp_path / "ws")
    run = write_run(workspace, make_manifest(), make_files())
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (workspace.root / name).unlink(missing_ok=True)
    workspace.ledger.write_bytes(raw)
    with pytest.raises(DataError) as refused:
        open_workspace(workspace.root)
    assert "rebuilt from the run folders" in refused.value.problems[0].fix
    workspace.ledger.rename(tmp_path / "damaged.sqlite")
    assert [row.digest for row in list_runs(open_workspace(workspace.root))] == [run.digest]


def test_a_ledger_of_a_newer_keian_is_refused_and_left_alone(tmp_path):
    workspace = open_workspace(tmp_path / "ws")
    with closing(sqlite3.connect(workspace.ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DataError, match="schema version 99"):
        open_workspace(workspace.root)
    with closing(sqlite3.connect(workspace.ledger)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)


def test_ledger_waits_in_wal_mode_and_says_when_it_is_locked(tmp_path, monkeypatch):
    workspace = open_workspace(tmp_path / "ws")
    monkeypatch.setattr(ledger_module, "WAIT_SECONDS", 0.01)
    with closing(sqlite3.connect(workspace.ledger, isolation_level=None)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.execute("BEGIN IMMEDIATE")
        assert list_runs(workspace) == ()
        with pytest.raises(DataError, match="wait for the other keian"):
            write_run(workspace, make_manifest(), {})
        other.execute("ROLLBACK")
    assert len(list_runs(open_workspace(workspace.root))) == 1


def test_a_migration_is_made_wholly_or_not_at_all(tmp_path, monkeypatch):
    broken = (*ledger_module.MIGRATIONS, ("CREATE TABLE more (x)", "no statement"))
    workspace = open_workspace(tmp_path / "ws")
    monkeypatch.setattr(ledger_module, "MIGRATIONS", broken)
    with pytest.raises(DataError):
        open_workspace(workspace.root)
    monkeypatch.undo()
    with open_ledger(workspace.ledger) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(broken) - 1,)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "more" not in tables
