"""A page of tables: what a question to the registers answers, as HTML that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from keian.core import Label, load_levels
from keian.report.words import Lang

TEMPLATES = Path(__file__).parent / "templates"


class Listing(Protocol):
    """A titled table of plain text; `note` says how to read it."""

    @property
    def title(self) -> str:
        """Heading of the table."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """Headings of the columns."""
        ...

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Cells, row by row."""
        ...

    @property
    def note(self) -> str:
        """How to read it; empty = nothing to say."""
        ...


def set_listings(
    title: str, listings: Sequence[Listing], label: Label, *, lang: Lang = "en"
) -> str:
    """Set listings as one HTML page, with the banner of their label.

    Parameters
    ----------
    title : heading of the page.
    listings : tables, in order.
    label : join of the labels of what is listed.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    level = load_levels()[label.level]
    return environment.get_template("listing.html.j2").render(
        title=title, listings=listings, label=str(label), level=level, lang=lang
    )
