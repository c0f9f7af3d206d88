"""What a run was made from: enough to identify it, to replay it and to notice a change."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, ValidationError

from keian.core import (
    DOCUMENT,
    DataError,
    Label,
    Problem,
    digest_json,
    is_plain_name,
    to_plain,
)

SCHEMA_VERSION: Final = 1
# Libraries whose version can move the last bits of a result.
LIBRARIES = ("keian", "numpy", "numba", "scipy", "pandas")
# What does not change a result, or is made from what does: left out of a run's identity.
NO_IDENTITY = frozenset({"created", "command", "warnings", "assumptions", "files"})

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Option = str | int | float | bool | None


class InputText(BaseModel):
    """A document that went in: its id, file and the digest of its text."""

    model_config = DOCUMENT

    id: str
    file: str
    sha256: Sha256


class StoredFile(BaseModel):
    """A file of a run folder."""

    model_config = DOCUMENT

    name: str
    sha256: Sha256
    size_bytes: int


class Manifest(BaseModel):
    """Plain data about one run; no code, and replaying it loads none.

    Attributes
    ----------
    schema_version : form of this manifest.
    kind : what ran: `review`, `simulate`.
    status : `partial` if it was stopped before the end.
    command : words of the command line, for people.
    created : moment it was written, UTC.
    as_of : day of the law and the facts; None = as each scenario says.
    economy : id and digest of the economy.
    scenarios, measures : documents with the digests of their texts.
    seeds : seed by scenario.
    draws : number of draws; 0 = the mode run alone.
    options : other settings that change a result (structural switches, batch shape).
    versions : keian, libraries, python, platform.
    label : join of the labels of everything that went in.
    warnings : what keian warned of.
    assumptions : ids of the sources of kind assumption that entered.
    files : what lies beside the manifest; filled in by `write_run`.
    """

    model_config = DOCUMENT

    schema_version: Literal[1] = SCHEMA_VERSION
    kind: str
    status: Literal["finished", "partial"] = "finished"
    command: tuple[str, ...]
    created: str
    as_of: date | None
    economy: InputText
    scenarios: tuple[InputText, ...]
    measures: tuple[InputText, ...]
    seeds: dict[str, int]
    draws: int
    options: dict[str, Option]
    versions: dict[str, str]
    label: Label
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]
    files: tuple[StoredFile, ...] = ()


def build_manifest(  # noqa: PLR0913 - one argument per fact of the run, all by name
    kind: str,
    *,
    command: tuple[str, ...],
    as_of: date | None,
    economy: InputText,
    scenarios: tuple[InputText, ...],
    measures: tuple[InputText, ...],
    seeds: Mapping[str, int],
    draws: int,
    label: Label,
    options: Mapping[str, Option] | None = None,
    warnings: tuple[str, ...] = (),
    assumptions: tuple[str, ...] = (),
    status: Literal["finished", "partial"] = "finished",
) -> Manifest:
    """Make a manifest of this moment on this machine; arguments as in `Manifest`."""
    return Manifest(
        kind=kind,
        status=status,
        # Bytes of a command line that are no text become escapes instead of breaking the file.
        command=tuple(word.encode(errors="backslashreplace").decode() for word in command),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        as_of=as_of,
        economy=economy,
        scenarios=scenarios,
        measures=measures,
        seeds=dict(seeds),
        draws=draws,
        options=dict(options or {}),
        versions=read_versions(),
        label=label,
        warnings=warnings,
        assumptions=assumptions,
    )


def read_versions() -> dict[str, str]:
    """Read which versions run: of keian, its numeric libraries, Python and the platform."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    versions["python"] = platform.python_version()
    versions["platform"] = f"{platform.system()}-{platform.machine()}"
    return versions


def calc_run_digest(manifest: Manifest) -> str:
    """Calculate the identity of a run: what went in, its label, and what computed it.

    The label belongs to it, so that a run under another label is another run. Moment, command
    line and result files do not.
    """
    plain = to_plain(manifest)
    return digest_json({key: plain[key] for key in plain if key not in NO_IDENTITY})


def write_manifest(manifest: Manifest) -> str:
    """Write a manifest as JSON text."""
    return json.dumps(to_plain(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def parse_manifest(text: str, where: str) -> Manifest:
    """Read a manifest from JSON text.

    Raises
    ------
    DataError
        The text is no manifest of this version; all of it.
    """
    try:
        manifest = Manifest.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise DataError(
            Problem(
                where=f"{where} {'.'.join(map(str, fault['loc']))}".rstrip(),
                found=fault["msg"],
                wanted=f"a manifest of schema version {SCHEMA_VERSION}",
                fix="restore the run folder, or run again",
            )
            for fault in error.errors(include_url=False, include_input=False)
        ) from None
    strange = [file.name for file in manifest.files if not is_plain_name(file.name)]
    if strange:
        fix = "do not trust this folder: delete it"
        raise DataError(
            [Problem(where, f"the file name {n!r}", "a plain name", fix) for n in strange]
        )
    return manifest
