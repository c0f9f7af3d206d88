"""keian exposure report: the page of a country's exposure, with workbook and data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keian.cli.errors import write_json, write_line
from keian.cli.exposure_card import Looked, load_dossier
from keian.cli.viewer import parse_viewer
from keian.exposure.atlas import draw_atlas
from keian.report.atlas_files import write_atlas
from keian.report.words import Lang
from keian.share import release


def write_report(
    looked: Looked, folder: Path, *, viewer: str, langs: Sequence[Lang], as_json: bool
) -> None:
    """Write page, workbook and data into a folder and say where they are.

    Raises
    ------
    ClearanceError
        The viewer may not see a ranking of weak points.
    """
    released = release(draw_atlas(load_dossier(looked)), parse_viewer(viewer))
    paths = write_atlas(released, folder, langs=langs)
    if as_json:
        write_json({"label": str(released.label), "files": [str(path) for path in paths]})
        return
    for path in paths:
        write_line(str(path))
