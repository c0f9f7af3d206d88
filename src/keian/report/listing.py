"""A page of tables: what a question to the registers answers, as HTML that stands alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from keian.core import Label, load_levels
from keian.report.words import Lang

TEMPLATES = Path(__file__).parent / "templates"
NOTHING: Mapping[str, str] = MappingProxyType({})
WORD = re.compile(r"([A-Za-z0-9][A-Za-z0-9.\-]*[A-Za-z0-9])")  # keeps what stands between
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")  # a cell that is an address, and nothing else
ID = re.compile(r"(?=.*[0-9\-])[A-Za-z][A-Za-z0-9.\-]*[A-Za-z0-9]")  # no plain word is an id


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
    title: str,
    listings: Sequence[Listing],
    label: Label,
    *,
    lang: Lang = "en",
    links: Mapping[str, str] = NOTHING,
) -> str:
    """Set listings as one HTML page, with the banner of their label.

    Parameters
    ----------
    title : heading of the page.
    listings : tables, in order.
    label : join of the labels of what is listed.
    links : what a word in a cell points at, by word: a page beside, or a place in this page. An
        id that begins a row of a table is pointed at without being named here, and a cell that is
        an address leads there.
    """
    anchors = _find_anchors(listings)
    known = {**{word: f"#{word}" for word in anchors}, **links}

    def split(cell: str) -> list[tuple[str, str | None]]:
        if ADDRESS.fullmatch(cell):
            return [(cell, cell)]
        return [(part, known.get(part)) for part in WORD.split(cell) if part]

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    level = load_levels()[label.level]
    return environment.get_template("listing.html.j2").render(
        title=title, listings=listings, label=str(label), level=level, lang=lang, split=split,
        anchors=anchors,
    )  # fmt: skip


def _find_anchors(listings: Sequence[Listing]) -> dict[str, tuple[int, int]]:
    """Find the ids to point at: of tables whose rows begin with it, the widest tells most."""
    found: dict[str, tuple[int, int]] = {}
    for place, listing in sorted(enumerate(listings), key=lambda pair: len(pair[1].columns)):
        first = [row[0] for row in listing.rows if row]
        if len(set(first)) == len(first):
            found |= {
                word: (place, number) for number, word in enumerate(first) if ID.fullmatch(word)
            }
    return found
