"""Finds the stored review that last played a measure: the last link of its chain but one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from keian.cli.register_effects import PlayedReview, read_review
from keian.core import CLEAR, Label, join_labels
from keian.share import Viewer, verdict
from keian.store import find_workspace, list_runs, open_workspace, read_run
from keian.store.layout import MANIFEST, RUNS
from keian.store.manifest import Manifest, parse_manifest

KINDS = frozenset({"review", "simulate"})
FILE = "review.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """By measure, the newest stored review that played it; how many a viewer may not see."""

    reviews: Mapping[str, PlayedReview]
    withheld_count: int

    @property
    def label(self) -> Label:
        """Join of the labels of the reviews."""
        return join_labels(CLEAR, *(review.label for review in self.reviews.values()))


NOTHING = Stored(MappingProxyType({}), 0)


def find_stored(names: Sequence[str], viewer: Viewer, run: str | None = None) -> Stored:
    """Find for each measure the newest stored review that played it and that a viewer may see.

    Parameters
    ----------
    names : ids of measure documents.
    run : first digits of the only run to look into; None = all of the workspace.

    Raises
    ------
    InputError
        No run begins so.
    DataError
        A file of a run is not as the run wrote it.
    """
    if run is None and not (find_workspace() / RUNS).is_dir():
        return NOTHING
    workspace = open_workspace(create=False)
    digests = [row.digest for row in list_runs(workspace)]
    if run is not None:
        digests = [read_run(workspace, run).digest]
    found: dict[str, PlayedReview] = {}
    withheld = 0
    for digest in digests:
        path = workspace.runs / digest / MANIFEST
        manifest = parse_manifest(path.read_text(encoding="utf-8"), str(path))
        wanted = _choose(manifest, [name for name in names if name not in found])
        if not wanted:
            continue
        if not verdict(viewer, manifest.label).permitted:
            withheld += 1
            continue
        played = read_review(read_run(workspace, digest).file(FILE), digest)
        found |= dict.fromkeys(wanted, played)
    return Stored(MappingProxyType(found), withheld)


def _choose(manifest: Manifest, names: Sequence[str]) -> list[str]:
    if manifest.kind not in KINDS:
        return []
    played = {measure.id for measure in manifest.measures}
    return [name for name in names if name in played]
