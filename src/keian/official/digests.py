"""Where a table was read from, with digests of the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keian.core import Names, digest_file
from keian.official.nouns import Origin


def describe_files(
    kind: str, path: Path, files: Sequence[Path], notes: Sequence[Names] = ()
) -> Origin:
    """Describe the files of a table."""
    digests = tuple((file.name, digest_file(file)) for file in files)
    return Origin(kind, path, digests, tuple(notes))
