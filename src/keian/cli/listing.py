"""Tables that a command shows on the screen, as JSON, or writes as an HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.table import Table

from keian.cli.errors import write_json, write_line
from keian.cli.set import add_row, make_console, print_text
from keian.core import CLEAR, Label, load_document
from keian.core.digest import Plain
from keian.scenario.words import Lang, Words

WORDS = Path(__file__).parent / "register_words.yaml"


@dataclass(frozen=True, slots=True)
class Listing:
    """A titled table of plain text; `note` says how to read it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: as plain data for programs, as listings for people."""

    title: str
    plain: Plain
    listings: tuple[Listing, ...]
    label: Label


@cache
def load_register_words() -> Words:
    """Load the words around what the registers say."""
    return load_document(WORDS, Words)


def list_rows(
    words: Words, lang: Lang, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> Listing:
    """Make a listing whose headings stand in the catalogue."""
    head = tuple(words.say(f"col_{column}", lang) for column in columns)
    return Listing(title, head, tuple(tuple(row) for row in rows))


def finish(answer: Answer, lang: Lang, *, as_json: bool, html: Path | None) -> None:
    """Show an answer, print it as JSON, or write it as a page."""
    if html is not None:
        from keian.report import set_listings

        html.write_text(
            set_listings(answer.title, answer.listings, answer.label, lang=lang), encoding="utf-8"
        )
    if as_json:
        write_json({**answer.plain, "label": str(answer.label)})
    elif html is not None:
        write_line(str(html))
    else:
        _show(answer)


def _show(answer: Answer) -> None:
    console = make_console()
    print_text(console, answer.title)
    if answer.label != CLEAR:
        print_text(console, str(answer.label))
    for listing in answer.listings:
        print_text(console, "")
        if listing.rows:
            table = Table(title=listing.title, title_justify="left", pad_edge=False)
            for column in listing.columns:
                table.add_column(column, overflow="fold")
            for row in listing.rows:
                add_row(table, row)
            console.print(table)
        else:
            print_text(console, listing.title)
        if listing.note:
            print_text(console, listing.note)
