"""What every part of the command line shares: languages, JSON, and commands with examples.

Imports nothing heavy: it is loaded with `keian --help`.
"""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from textwrap import shorten
from typing import Annotated, TypeVar

import typer

from keian.cli.errors import write_line

LONGEST_NOTE = 300  # letters; a run's manifest keeps the whole note
C = TypeVar("C", bound=Callable[..., None])


class Lang(StrEnum):
    """Languages of what is shown."""

    en = "en"
    ja = "ja"


class SheetFormat(StrEnum):
    """Formats of spreadsheets."""

    xlsx = "xlsx"
    csv = "csv"


InLang = Annotated[Lang, typer.Option("--lang", help="Language of what is shown.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, errors too.")]
ViewerLabel = Annotated[
    str, typer.Option("--viewer", metavar="LABEL", help="Highest label the reader may see.")
]


def show_warning(message: Warning | str, *_place: object, **_file: object) -> None:
    """Show a warning as a line on stderr, without the place in the code; a list is cut."""
    write_line(f"note: {shorten(str(message), LONGEST_NOTE, placeholder=' ...')}", sys.stderr)


def command(group: typer.Typer, name: str, *examples: str) -> Callable[[C], C]:
    """Make a function a command whose help ends with examples and whose warnings are notes."""

    def register(function: C) -> C:
        @wraps(function)
        def call(*arguments: object, **options: object) -> None:
            from keian.core import KeianWarning

            with warnings.catch_warnings():
                warnings.simplefilter("always", KeianWarning)
                warnings.showwarning = show_warning
                function(*arguments, **options)

        lines = "\n".join(f"    {example}" for example in examples)
        paragraphs = (inspect.getdoc(function) or "").split("\n\n")
        said = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
        text = f"{said}\n\nExamples:\n\n\b\n{lines}"
        group.command(name, help=text)(call)
        return function

    return register
