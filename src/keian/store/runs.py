"""Writes, reads and lists runs: a run folder is there whole or not at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from keian.core import DataError, InputError, Label, Problem, digest_file, is_plain_name
from keian.store.layout import (
    MANIFEST,
    PART,
    list_run_folders,
    refuse_links,
    sync_file,
    sync_folder,
)
from keian.store.ledger import RunRow, insert_run, open_ledger, read_rows
from keian.store.manifest import Manifest, StoredFile, calc_run_digest, write_manifest
from keian.store.verify import RUN_AGAIN, verify_run
from keian.store.workspace import Workspace

Content = bytes | Path | Callable[[Path], object]
PREFIX = re.compile(r"[0-9a-f]{4,64}")
SHORT = 12  # digits of a digest that people are shown
MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A finished run whose files are as it wrote them."""

    digest: str
    path: Path
    manifest: Manifest

    @property
    def label(self) -> Label:
        """Label of everything in it."""
        return self.manifest.label

    def file(self, name: str) -> Path:
        """Find a file of the run.

        Raises
        ------
        InputError
            The run has no such file.
        """
        names = [file.name for file in self.manifest.files]
        if name not in names:
            wanted = f"one of {', '.join(names)}"
            problem = Problem(f"run {self.digest[:SHORT]}", f"no file {name!r}", wanted, "name one")
            raise InputError([problem])
        return self.path / name


def write_run(workspace: Workspace, manifest: Manifest, files: Mapping[str, Content]) -> RunFolder:
    """Write a run folder and enter it in the ledger.

    The folder is filled under another name and renamed when it is complete, so an interruption
    leaves earlier runs as they were and nothing half-written under a run's name. A run that is
    already there, whole, is kept; a damaged one is set aside.

    Parameters
    ----------
    workspace : where.
    manifest : what the run was made from; its `files` are filled in here.
    files : content by file name: bytes, a file to copy, or a function that writes to a path.

    Returns
    -------
    RunFolder
        The run as it lies there now.

    Raises
    ------
    InputError
        A file name is not plain.
    """
    _refuse_names(files)
    digest = calc_run_digest(manifest)
    target = workspace.runs / digest
    refuse_links(workspace.root, target)
    part = workspace.runs / f"{PART}{digest[:SHORT]}-{uuid4().hex[:8]}"
    part.mkdir()
    try:
        stored = tuple(_write_file(part, name, files[name]) for name in sorted(files))
        manifest = manifest.model_copy(update={"files": stored})
        text = write_manifest(manifest)
        _write_file(part, MANIFEST, text.encode("utf-8"))
        sync_folder(part)
        _put_in_place(workspace, part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    sync_folder(workspace.runs)
    kept, entries = verify_run(workspace.root, target)
    with open_ledger(workspace.ledger) as ledger:
        insert_run(ledger, digest, kept, entries)
    return RunFolder(digest, target, kept)


def read_run(workspace: Workspace, digest_prefix: str) -> RunFolder:
    """Read a run and check that its files are as it wrote them.

    Parameters
    ----------
    workspace : where.
    digest_prefix : first digits of the run's digest, four at least.

    Raises
    ------
    InputError
        No run, or more than one, begins so.
    DataError
        A file of the run is cut, changed or missing; all of it.
    """
    folder = _find_folder(workspace, digest_prefix)
    manifest, files = verify_run(workspace.root, folder)
    with open_ledger(workspace.ledger) as ledger:
        rows = read_rows(ledger, folder.name)
    entered = {file.name: file.sha256 for row in rows for file in row.files}
    changed = [file.name for file in files if entered.get(file.name, file.sha256) != file.sha256]
    if changed:
        raise DataError(
            Problem(str(folder / name), "a changed file", "as entered in the ledger", RUN_AGAIN)
            for name in changed
        )
    return RunFolder(folder.name, folder, manifest)


def list_runs(workspace: Workspace) -> tuple[RunRow, ...]:
    """List the runs of the ledger whose folders are there, newest first."""
    there = {folder.name for folder in list_run_folders(workspace.runs)}
    with open_ledger(workspace.ledger) as ledger:
        return tuple(row for row in read_rows(ledger) if row.digest in there)


def _refuse_names(files: Mapping[str, Content]) -> None:
    folded = [name.casefold() for name in files]
    problems = [
        Problem("run", f"the file name {name!r}", "a plain name of its own", "rename the file")
        for name in files
        if not is_plain_name(name)
        or name.casefold() == MANIFEST
        or folded.count(name.casefold()) > 1
    ]
    if problems:
        raise InputError(problems)


def _write_file(folder: Path, name: str, content: Content) -> StoredFile:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, Path):
        refuse_links(content.parent, content)
        shutil.copyfile(content, path)
    else:
        content(path)
    sync_file(path)
    return StoredFile(name=name, sha256=digest_file(path), size_bytes=path.stat().st_size)


def _put_in_place(workspace: Workspace, part: Path, target: Path) -> None:
    if target.exists():
        try:
            verify_run(workspace.root, target)
        except DataError:
            aside = f".damaged-{target.name[:SHORT]}-{uuid4().hex[:8]}"
            target.rename(target.with_name(aside))
        else:
            return
    try:
        part.rename(target)
    except OSError:
        # Another process finished the same run in between; `write_run` checks what it left.
        if not target.is_dir():
            raise


def _find_folder(workspace: Workspace, digest_prefix: str) -> Path:
    prefix = digest_prefix.strip().lower()
    folders = list_run_folders(workspace.runs)
    found = [f for f in folders if PREFIX.fullmatch(prefix) and f.name.startswith(prefix)]
    if len(found) == 1:
        return found[0]
    told = found or folders
    listed = ", ".join(folder.name[:SHORT] for folder in told[:MOST_LISTED]) or "none yet"
    listed += ", ..." if len(told) > MOST_LISTED else ""
    what = f"{len(found)} runs that begin so" if found else "no such run"
    fix = "write more digits" if found else "see `keian runs`"
    wanted = f"the first 4 or more digits of one run: {listed}"
    raise InputError([Problem(f"run {digest_prefix!r}", what, wanted, fix)])
