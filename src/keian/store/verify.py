"""Checks a run folder against its manifest: nothing cut, changed, missing or slipped in."""

from __future__ import annotations

from pathlib import Path

from keian.core import DataError, InputError, Problem, digest_bytes, digest_file, read_text
from keian.store.layout import MANIFEST, list_run_files, refuse_links
from keian.store.manifest import Manifest, StoredFile, calc_run_digest, parse_manifest

RUN_AGAIN = "restore the run folder from a copy, or delete it and run again"


def verify_run(root: Path, folder: Path) -> tuple[Manifest, tuple[StoredFile, ...]]:
    """Read a manifest and check every file of its folder.

    Parameters
    ----------
    root : the workspace.
    folder : the run folder; its name is the run's digest.

    Returns
    -------
    tuple
        The manifest, and all files with their digests, the manifest among them.

    Raises
    ------
    DataError
        Something is cut, changed, missing or too much; all of it.
    """
    path = folder / MANIFEST
    try:
        refuse_links(root, path)
        text = read_text(path, root=root)
    except InputError as error:
        raise DataError(
            Problem(p.where, p.found, "the manifest of the run", RUN_AGAIN) for p in error.problems
        ) from None
    manifest = parse_manifest(text, str(path))
    problems = []
    if calc_run_digest(manifest) != folder.name:
        problems.append(Problem(str(path), "a changed manifest", "as the run wrote it", RUN_AGAIN))
    known = {file.name: file for file in manifest.files}
    for name in list_run_files(folder):
        if name != MANIFEST and name not in known:
            found, fix = "a file the run did not write", "move it elsewhere"
            problems.append(Problem(str(folder / name), found, "the files of the run", fix))
    for file in manifest.files:
        problems += _check_file(root, folder, file)
    if problems:
        raise DataError(problems)
    raw = text.encode("utf-8")
    own = StoredFile(name=MANIFEST, sha256=digest_bytes(raw), size_bytes=len(raw))
    return manifest, (*manifest.files, own)


def _check_file(root: Path, folder: Path, file: StoredFile) -> list[Problem]:
    path = folder / file.name
    wanted = f"{file.size_bytes:,} bytes as the run wrote them"
    try:
        refuse_links(root, path)
    except InputError:
        return [Problem(str(path), "a symbolic link", "a plain file", RUN_AGAIN)]
    if not path.is_file():
        return [Problem(str(path), "no file", wanted, RUN_AGAIN)]
    size = path.stat().st_size
    if size < file.size_bytes:
        return [Problem(str(path), f"a cut file of {size:,} bytes", wanted, RUN_AGAIN)]
    if size > file.size_bytes or digest_file(path) != file.sha256:
        return [Problem(str(path), "a changed file", wanted, RUN_AGAIN)]
    return []
