"""Where things lie in a workspace."""

from __future__ import annotations

import re
from pathlib import Path

from keian.core import find_inside

RUNS = "runs"
LEDGER = "ledger.sqlite"
MANIFEST = "manifest.json"
PART = ".part-"  # beginning of the name of a folder that is still being written
DIGEST = re.compile(r"[0-9a-f]{64}")


def list_run_folders(runs: Path) -> tuple[Path, ...]:
    """List the folders of finished runs, by digest."""
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
