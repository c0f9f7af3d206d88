"""The workspace: the one folder, besides `--out`, that keian writes to."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from keian.core import DataError, InputError, Problem
from keian.store.layout import LEDGER, PART, RUNS, UNFINISHED, list_run_folders, refuse_links
from keian.store.ledger import insert_run, open_ledger, read_digests
from keian.store.verify import verify_run

VARIABLE = "KEIAN_WORKSPACE"
DEFAULT = "keian-workspace"
# A part folder this old belongs to a process that was killed; a younger one may still be written.
STALE_SECONDS = 86_400.0
# What a person keeps in a workspace, maybe before anything is run in it.
KEPT = frozenset({"changes", "confirmations.yaml", "findings.yaml"})


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with `runs/<digest>/` and `ledger.sqlite`. `open_workspace` makes one."""

    root: Path

    @property
    def runs(self) -> Path:
        """Folder of the run folders."""
        return self.root / RUNS

    @property
    def unfinished(self) -> Path:
        """Folder of runs that were begun and not finished; made when one begins."""
        return self.root / UNFINISHED

    @property
    def ledger(self) -> Path:
        """File of the ledger."""
        return self.root / LEDGER


def find_workspace(explicit: Path | str | None = None) -> Path:
    """Find where the workspace is: as named, else `KEIAN_WORKSPACE`, else `./keian-workspace`.

    Nothing is made or opened.
    """
    named = explicit or os.environ.get(VARIABLE) or DEFAULT
    return Path(named).resolve()


def open_workspace(path: Path | str | None = None, *, create: bool = True) -> Workspace:
    """Open a workspace, and make it unless told not to.

    What a killed process left behind is put in order: half-written folders older than a day go,
    and a finished run that did not reach the ledger is entered.

    Parameters
    ----------
    path : its folder; None = as `find_workspace` says.
    create : make it if it is not there; commands that only read pass False.

    Raises
    ------
    InputError
        The place holds something else, a symbolic link lies in it, or it is not there and
        `create` is False.
    DataError
        The ledger is damaged or was written by a newer keian.
    """
    workspace = Workspace(find_workspace(path))
    _refuse_foreign(workspace.root)
    if not create and not workspace.runs.is_dir():
        raise InputError([_describe_absent(workspace.root)])
    refuse_links(workspace.root, workspace.runs, workspace.unfinished, workspace.ledger)
    workspace.runs.mkdir(parents=True, exist_ok=True)
    _sweep(workspace.runs)
    _sweep(workspace.unfinished)
    with open_ledger(workspace.ledger) as ledger:
        known = read_digests(ledger)
        for folder in list_run_folders(workspace.runs):
            if folder.name in known:
                continue
            try:
                manifest, files = verify_run(workspace.root, folder)
            except DataError:
                # Damaged: it stays out of the ledger, and reading it says what is wrong.
                continue
            insert_run(ledger, folder.name, manifest, files)
    return workspace


def _refuse_foreign(root: Path) -> None:
    """Refuse a folder that holds other things: keian would strew its files among them."""
    if not root.exists():
        return
    if not root.is_dir():
        raise InputError([_describe(root, "a file", "a folder")])
    names = {entry.name for entry in root.iterdir() if not entry.name.startswith(".")}
    if not names <= KEPT and not names & {RUNS, LEDGER, UNFINISHED}:
        raise InputError([_describe(root, "a folder with other files", "a workspace of keian")])


def _describe(root: Path, found: str, wanted: str) -> Problem:
    fix = f"name a new or empty folder with --workspace or {VARIABLE}"
    return Problem(str(root), found, wanted, fix)


def _describe_absent(root: Path) -> Problem:
    fix = f"run a review first, or name another folder with --workspace or {VARIABLE}"
    return Problem(str(root), "no workspace", "a workspace of keian", fix)


def _sweep(runs: Path) -> None:
    oldest = time.time() - STALE_SECONDS
    for part in runs.glob(f"{PART}*"):
        try:
            if part.is_dir() and not part.is_symlink() and part.stat().st_mtime < oldest:
                shutil.rmtree(part)
        except OSError:
            # Another process is at it, or it is not ours to remove: it does no harm.
            continue
