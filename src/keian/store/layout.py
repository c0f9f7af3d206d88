"""Where things lie in a workspace, and how they get there: flushed first, then renamed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from keian.core import find_inside

RUNS = "runs"
UNFINISHED = "unfinished"
PARTS = "parts"  # folder of finished batches in an unfinished run
LEDGER = "ledger.sqlite"
MANIFEST = "manifest.json"
PART = ".part-"  # beginning of the name of a folder that is still being written
LOCK = "lock.sqlite"
DIGEST = re.compile(r"[0-9a-f]{64}")


def list_run_folders(runs: Path) -> tuple[Path, ...]:
    """List the folders of runs, by digest."""
    if not runs.is_dir():
        return ()
    found = (p for p in runs.iterdir() if DIGEST.fullmatch(p.name) and not p.is_symlink())
    return tuple(sorted(p for p in found if p.is_dir()))


def list_run_files(folder: Path) -> tuple[str, ...]:
    """List what lies in a run folder, without what desktops leave behind (`.DS_Store`)."""
    return tuple(sorted(p.name for p in folder.iterdir() if not p.name.startswith(".")))


def refuse_links(root: Path, *paths: Path) -> None:
    """Refuse symbolic links below a folder.

    Raises
    ------
    InputError
        One of the paths passes a symbolic link.
    """
    for path in paths:
        find_inside(root, path)


def sync_file(path: Path) -> None:
    """Flush a file to the disk: a rename must not reach it before the content does."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    if os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
