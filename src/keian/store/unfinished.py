"""Runs that were begun and not finished: each finished batch is kept as soon as it is there."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from keian.core import DataError, InputError, Problem, digest_file, read_text
from keian.store.layout import (
    DIGEST,
    LOCK,
    MANIFEST,
    PART,
    PARTS,
    list_run_folders,
    refuse_links,
    sync_file,
    sync_folder,
)
from keian.store.ledger import (
    BatchRow,
    delete_batch,
    delete_batches,
    insert_batch,
    open_ledger,
    read_batches,
)
from keian.store.manifest import (
    Manifest,
    StoredFile,
    calc_run_digest,
    parse_manifest,
    write_manifest,
)
from keian.store.workspace import Workspace

# first run (0 = the mode run, then draw 0, 1, ...) and number of runs
BATCH_NAME = re.compile(r"runs-(\d{9})-(\d{6})\.parquet")
PREFIX = re.compile(r"[0-9a-f]{4,64}")
SHORT = 12  # digits of a digest that people are shown


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that was begun: its folder holds what it needs to go on from anywhere.

    done_count, total_count : runs finished and asked for, the mode run among them.
    playing : a process is at it now.
    """

    digest: str
    path: Path
    manifest: Manifest
    done_count: int
    playing: bool

    @property
    def total_count(self) -> int:
        """Runs asked for: the mode run and the draws."""
        return self.manifest.draws + 1

    @property
    def parts(self) -> Path:
        """Folder of the finished batches."""
        return self.path / PARTS


def name_batch(first: int, count: int) -> str:
    """Name the file of a batch.

    Examples
    --------
    >>> name_batch(-1, 8)
    'runs-000000000-000008.parquet'
    """
    return f"runs-{first + 1:09d}-{count:06d}.parquet"


def parse_batch_name(name: str) -> tuple[int, int] | None:
    """Read the first draw and the number of runs from the name of a batch's file.

    Examples
    --------
    >>> parse_batch_name("runs-000000000-000008.parquet")
    (-1, 8)
    """
    found = BATCH_NAME.fullmatch(name)
    return (int(found[1]) - 1, int(found[2])) if found else None


def begin_run(
    workspace: Workspace, manifest: Manifest, fill: Callable[[Path], object]
) -> Unfinished:
    """Begin a run, or find it as it was left.

    Parameters
    ----------
    workspace : where.
    manifest : what the run is made from; its digest names the folder.
    fill : writes what the run needs into the folder it is given; called only for a new run.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    digest = calc_run_digest(manifest)
    target = workspace.unfinished / digest
    refuse_links(workspace.root, workspace.unfinished, target)
    if not target.exists():
        part = workspace.unfinished / f"{PART}{digest[:SHORT]}-{uuid4().hex[:8]}"
        part.mkdir(parents=True)
        try:
            fill(part)
            (part / PARTS).mkdir()
            (part / MANIFEST).write_text(write_manifest(manifest), encoding="utf-8")
            _sync_tree(part)
            _rename(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        sync_folder(workspace.unfinished)
    return _describe(workspace, target)


def list_unfinished(workspace: Workspace) -> tuple[Unfinished, ...]:
    """List the runs that were begun and not finished, newest first.

    One whose manifest is damaged is left out; naming it says what is wrong.
    """
    finished = {folder.name for folder in list_run_folders(workspace.runs)}
    found = []
    for folder in list_run_folders(workspace.unfinished):
        if folder.name in finished:
            continue
        try:
            found.append(_describe(workspace, folder))
        except DataError:
            continue
    return tuple(sorted(found, key=lambda run: run.manifest.created, reverse=True))


def find_unfinished(workspace: Workspace, digest_prefix: str) -> Unfinished:
    """Find the one unfinished run whose digest begins so.

    Raises
    ------
    InputError
        None or several do.
    DataError
        Its manifest is damaged.
    """
    prefix = digest_prefix.strip().lower()
    folders = list_run_folders(workspace.unfinished)
    found = [f for f in folders if PREFIX.fullmatch(prefix) and f.name.startswith(prefix)]
    if len(found) == 1:
        return _describe(workspace, found[0])
    listed = ", ".join(folder.name[:SHORT] for folder in found or folders) or "none"
    what = f"{len(found)} unfinished runs that begin so" if found else "no such unfinished run"
    fix = "write more digits" if found else "see `keian runs`; a finished run needs no resuming"
    wanted = f"the first 4 or more digits of one unfinished run: {listed}"
    raise InputError([Problem(f"run {digest_prefix!r}", what, wanted, fix)])


@contextmanager
def claim_run(run: Unfinished) -> Iterator[None]:
    """Keep a run to this process while it plays; a killed process gives its claim up.

    Raises
    ------
    InputError
        Another process is at it.
    """
    with closing(_open_lock(run.path)) as lock:
        if not _try_lock(lock):
            found = "another keian is playing it"
            fix = "wait for it; `keian runs` tells how far it is"
            raise InputError([Problem(f"run {run.digest[:SHORT]}", found, "a free run", fix)])
        yield


def write_batch(parts: Path, first: int, count: int, write: Callable[[Path], object]) -> StoredFile:
    """Write the file of a finished batch: flushed, then renamed, so it is there whole or not.

    Called where the batch was played; the ledger is kept by the process that asked for it.
    """
    name = name_batch(first, count)
    made = parts / f"{PART}{uuid4().hex}"
    try:
        write(made)
        sync_file(made)
        file = StoredFile(name=name, sha256=digest_file(made), size_bytes=made.stat().st_size)
        made.replace(parts / name)
    finally:
        made.unlink(missing_ok=True)
    sync_folder(parts)
    return file


def enter_batch(workspace: Workspace, run: Unfinished, batch: BatchRow) -> None:
    """Enter a finished batch in the ledger."""
    with open_ledger(workspace.ledger) as ledger:
        insert_batch(ledger, run.digest, batch)


def recover_batches(
    workspace: Workspace, run: Unfinished, is_whole: Callable[[Path, int, int], bool]
) -> tuple[tuple[BatchRow, ...], tuple[str, ...]]:
    """Find the batches that are finished, and put in order what a killed process left.

    A file that did not reach the ledger is entered if it is whole. One that is not as the ledger
    says, or not whole, is set aside: its runs are played again.

    Parameters
    ----------
    is_whole : tells whether a file holds the runs (path, first, count).

    Returns
    -------
    tuple
        The finished batches by draw, and the names of files that were set aside or are gone.
    """
    parts = run.parts
    refuse_links(workspace.root, parts)
    for left in parts.glob(f"{PART}*"):
        left.unlink(missing_ok=True)
    with open_ledger(workspace.ledger) as ledger:
        entered = {row.file.name: row for row in read_batches(ledger, run.digest)}
        there = {path.name: path for path in sorted(parts.iterdir())}
        lost = []
        for name in entered.keys() - there.keys():
            delete_batch(ledger, run.digest, name)
            lost.append(name)
        kept: list[BatchRow] = []
        for name, path in there.items():  # names are in the order of draws
            span = parse_batch_name(name)
            if span is None:
                continue
            row = _read_row(path, span, entered.get(name), is_whole)
            # A worker that outlived its run may have finished runs that were cut otherwise since.
            again = bool(kept) and span[0] < kept[-1].first + kept[-1].count
            if row is None or again:
                path.rename(path.with_name(f".damaged-{name}-{uuid4().hex[:8]}"))
                delete_batch(ledger, run.digest, name)
                lost.append(name)
                continue
            if name not in entered:
                insert_batch(ledger, run.digest, row)
            kept.append(row)
    return tuple(kept), tuple(sorted(lost))


def drop_unfinished(workspace: Workspace, digest: str) -> None:
    """Remove what was kept to finish a run."""
    with open_ledger(workspace.ledger) as ledger:
        delete_batches(ledger, digest)
    folder = workspace.unfinished / digest
    if DIGEST.fullmatch(digest) and folder.is_dir() and not folder.is_symlink():
        # Renamed first: what is left after an interruption is swept as any half-written folder.
        gone = folder.with_name(f"{PART}{digest[:SHORT]}-{uuid4().hex[:8]}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _describe(workspace: Workspace, folder: Path) -> Unfinished:
    path = folder / MANIFEST
    fix = "delete the folder and run again"
    try:
        refuse_links(workspace.root, path, folder / PARTS, folder / LOCK)
        manifest = parse_manifest(read_text(path, root=workspace.root), str(path))
    except InputError as error:
        raise DataError(
            Problem(p.where, p.found, "the manifest of the run", fix) for p in error.problems
        ) from None
    if calc_run_digest(manifest) != folder.name:
        found, wanted = "a changed manifest", "as the run wrote it"
        raise DataError([Problem(str(path), found, wanted, fix)])
    spans = (parse_batch_name(entry.name) for entry in (folder / PARTS).iterdir())
    done = sum(span[1] for span in spans if span is not None)
    return Unfinished(folder.name, folder, manifest, done, _is_claimed(folder))


def _read_row(
    path: Path,
    span: tuple[int, int],
    entered: BatchRow | None,
    is_whole: Callable[[Path, int, int], bool],
) -> BatchRow | None:
    """Describe the file of a batch; None = it is not as it was written."""
    if path.is_symlink() or not path.is_file():
        return None
    sha256 = digest_file(path)
    if entered is not None:
        return entered if entered.file.sha256 == sha256 else None
    if not is_whole(path, *span):
        return None
    file = StoredFile(name=path.name, sha256=sha256, size_bytes=path.stat().st_size)
    return BatchRow(span[0], span[1], file)


def _open_lock(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)


def _try_lock(lock: sqlite3.Connection) -> bool:
    """Take the lock; the operating system gives it back when the process ends, however it ends."""
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    return True


def _is_claimed(folder: Path) -> bool:
    if not (folder / LOCK).exists():
        return False
    with closing(_open_lock(folder)) as lock:
        return not _try_lock(lock)


def _rename(part: Path, target: Path) -> None:
    try:
        part.rename(target)
    except OSError:
        # Another process began the same run in between: it wrote the same.
        if not target.is_dir():
            raise


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            sync_file(path)
        else:
            sync_folder(path)
    sync_folder(folder)
