"""The ledger in SQLite: a row per finished run, and per finished batch of an unfinished one.

It is an index; the folders are the truth.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from keian.core import DataError, Label, Problem, to_plain
from keian.store.manifest import Manifest, StoredFile

WAIT_SECONDS = 30.0
# One entry per schema version, each a list of statements; never changed once released.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE run (
            digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
            kind TEXT NOT NULL,
            label TEXT NOT NULL,
            created TEXT NOT NULL,
            keian_version TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('finished', 'partial'))
        )
        """,
        """
        CREATE TABLE run_file (
            digest TEXT NOT NULL REFERENCES run (digest) ON DELETE CASCADE,
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            PRIMARY KEY (digest, name)
        )
        """,
    ),
    (
        """
        CREATE TABLE batch (
            digest TEXT NOT NULL CHECK (length(digest) = 64),
            first INTEGER NOT NULL CHECK (first >= -1),
            count INTEGER NOT NULL CHECK (count > 0),
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            PRIMARY KEY (digest, name)
        )
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One finished run as the ledger knows it."""

    digest: str
    kind: str
    label: Label
    created: str
    keian_version: str
    status: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A finished batch: `count` runs from draw `first` on (-1 = the mode run), and its file."""

    first: int
    count: int
    file: StoredFile


@contextmanager
def open_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger for one piece of work and bring its schema up to date.

    Raises
    ------
    DataError
        The file is damaged, locked for long, or was written by a newer keian.
    """
    try:
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        with closing(connection):
            # Readers never wait for the one who writes, and a crash loses no finished row.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(connection, path)
            yield connection
    except sqlite3.Error as error:
        raise DataError([_describe(error, path)]) from error


@contextmanager
def _write(connection: sqlite3.Connection) -> Iterator[None]:
    """Make one change wholly or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def insert_run(
    connection: sqlite3.Connection, digest: str, manifest: Manifest, files: Sequence[StoredFile]
) -> None:
    """Enter a finished run; entering it again changes nothing but its files' digests."""
    label = json.dumps(to_plain(manifest.label), sort_keys=True)
    version = manifest.versions.get("keian", "unknown")
    row = (digest, manifest.kind, label, manifest.created, version, manifest.status)
    with _write(connection):
        connection.execute("DELETE FROM run WHERE digest = ?", (digest,))
        connection.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)", row)
        connection.executemany(
            "INSERT INTO run_file VALUES (?, ?, ?, ?)",
            [(digest, file.name, file.sha256, file.size_bytes) for file in files],
        )


def read_digests(connection: sqlite3.Connection) -> frozenset[str]:
    """Read which runs are entered."""
    return frozenset(digest for (digest,) in connection.execute("SELECT digest FROM run"))


def read_rows(connection: sqlite3.Connection, digest: str | None = None) -> tuple[RunRow, ...]:
    """Read rows, newest first; of one digest if it is given."""
    files: dict[str, list[StoredFile]] = {}
    for run, name, sha256, size in connection.execute(
        "SELECT digest, name, sha256, size_bytes FROM run_file "
        "WHERE digest = coalesce(?, digest) ORDER BY name",
        (digest,),
    ):
        files.setdefault(run, []).append(StoredFile(name=name, sha256=sha256, size_bytes=size))
    rows = connection.execute(
        "SELECT digest, kind, label, created, keian_version, status FROM run "
        "WHERE digest = coalesce(?, digest) ORDER BY created DESC, digest",
        (digest,),
    )
    return tuple(
        RunRow(run, kind, _read_label(label), created, version, status, tuple(files.get(run, ())))
        for run, kind, label, created, version, status in rows
    )


def insert_batch(connection: sqlite3.Connection, digest: str, batch: BatchRow) -> None:
    """Enter a finished batch; entering it again changes nothing but its file's digest."""
    file = batch.file
    row = (digest, batch.first, batch.count, file.name, file.sha256, file.size_bytes)
    with _write(connection):
        connection.execute("INSERT OR REPLACE INTO batch VALUES (?, ?, ?, ?, ?, ?)", row)


def read_batches(connection: sqlite3.Connection, digest: str) -> tuple[BatchRow, ...]:
    """Read the finished batches of a run, by draw."""
    rows = connection.execute(
        "SELECT first, count, name, sha256, size_bytes FROM batch WHERE digest = ? "
        "ORDER BY first, name",
        (digest,),
    )
    return tuple(
        BatchRow(first, count, StoredFile(name=name, sha256=sha256, size_bytes=size))
        for first, count, name, sha256, size in rows
    )


def delete_batch(connection: sqlite3.Connection, digest: str, name: str) -> None:
    """Strike out a batch whose file is gone or changed."""
    with _write(connection):
        connection.execute("DELETE FROM batch WHERE digest = ? AND name = ?", (digest, name))


def delete_batches(connection: sqlite3.Connection, digest: str) -> None:
    """Strike out the batches of a run: it is finished, or given up."""
    with _write(connection):
        connection.execute("DELETE FROM batch WHERE digest = ?", (digest,))


def _read_label(text: str) -> Label:
    plain = json.loads(text)
    groups = plain["releasable_to"]
    return Label(
        plain["level"],
        frozenset(plain["compartments"]),
        None if groups is None else frozenset(groups),
    )


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found == len(MIGRATIONS):
        return
    if found > len(MIGRATIONS):
        wanted = f"schema version {len(MIGRATIONS)}"
        fix = "update keian, or name another workspace"
        raise DataError([Problem(str(path), f"schema version {found}", wanted, fix)])
    with _write(connection):
        # Another process may have migrated while this one waited for the lock.
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        for statements in MIGRATIONS[found:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _describe(error: sqlite3.Error, path: Path) -> Problem:
    if "locked" in str(error) or "busy" in str(error):
        wanted, fix = "a ledger free to write", "wait for the other keian to finish"
    else:
        wanted = "a ledger"
        fix = "move the file elsewhere and call again: it is rebuilt from the run folders"
    return Problem(str(path), f"a ledger that cannot be used ({error})", wanted, fix)
