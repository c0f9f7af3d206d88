"""Where a figure comes from. An assumption is a Source too, and is shown as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from keian.core.documents import DOCUMENT
from keian.core.errors import InputError, Problem
from keian.core.yaml_events import DAY
from keian.core.yaml_read import describe_place, read_yaml, validate


def _write_date(written: object) -> object:
    """Turn a day or a year into the text that people wrote; sources are dated as precisely as known."""
    if isinstance(written, date):
        return written.isoformat()
    if isinstance(written, int) and not isinstance(written, bool):
        return str(written)
    return written


def _read_day(written: object) -> object:
    if isinstance(written, str) and DAY.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            return written
    return written


WrittenDate = Annotated[str, BeforeValidator(_write_date)]


class Source(BaseModel):
    """A publication, a proposal, an assumption or a calibration that a number rests on.

    `grade`: A official or primary, B press or think tank, C secondary. `published` and `vintage`
    are as precise as known (`2013`, `2013-11`, `2013-11-04`).
    """

    model_config = DOCUMENT

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$")
    title: str
    publisher: str | None = None
    # A report makes a link of it, so nothing but the web may stand here.
    url: str | None = Field(default=None, pattern=r"^https?://[^\s\"'<>]+$")
    locator: str | None = None
    published: WrittenDate | None = None
    retrieved: Annotated[date | None, BeforeValidator(_read_day)] = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    licence: str | None = None
    grade: Literal["A", "B", "C"] | None = None
    kind: Literal["published", "proposal", "assumption", "calibration"]
    note: str | None = None
    vintage: WrittenDate | None = None


def load_sources(path: Path | str, *, root: Path | str | None = None) -> dict[str, Source]:
    """Load a YAML list of sources.

    Parameters
    ----------
    path : the file.
    root : folder that the path may not leave; None = any folder.

    Returns
    -------
    dict
        Sources by id, in the order of the file.

    Raises
    ------
    InputError
        The file is wrong or an id stands twice; all problems with file and line.
    """
    document = read_yaml(path, root=root)
    if not isinstance(document.data, tuple):
        where = describe_place(document.path, document.lines, ())
        problem = Problem(where, "no list", "a list of sources", "begin each source with `- id:`")
        raise InputError([problem])
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for place, item in enumerate(document.data):
        source, faults = validate(item, Source, document.lines, document.path, at=(place,))
        problems += faults
        if source is None:
            continue
        if source.id in sources:
            where = describe_place(document.path, document.lines, (place, "id"))
            found = f"source {source.id!r} a second time"
            problems.append(Problem(where, found, "each id once", "rename or merge the two"))
        sources.setdefault(source.id, source)
    if problems:
        raise InputError(problems)
    return sources
