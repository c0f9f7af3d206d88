"""Words and tables of the command line: plain text in every cell, as wide as it needs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from keian.core import CLEAR, Label, load_document
from keian.scenario.words import Lang, Words

WORDS = Path(__file__).parent / "words.yaml"


@cache
def load_cli_words() -> Words:
    """Load the words around what the rooms say."""
    return load_document(WORDS, Words)


def start_table(words: Words, lang: Lang, columns: Sequence[str], title: str = "") -> Table:
    """Begin a table with the headings named in the catalogue."""
    table = Table(title=title or None, title_justify="left", show_lines=False, pad_edge=False)
    for column in columns:
        table.add_column(words.say(column, lang), overflow="fold")
    return table


def add_row(table: Table, cells: Iterable[str]) -> None:
    """Add a row of plain text: names are data, so no markup of theirs is obeyed."""
    table.add_row(*(Text(cell) for cell in cells))


def print_label(console: Console, label: Label) -> None:
    """Print the label of what follows at its head; what everybody may see bears none."""
    if label != CLEAR:
        print_text(console, str(label))


def print_text(console: Console, text: str) -> None:
    """Print a line of plain text."""
    console.print(Text(text), soft_wrap=True)


def make_console() -> Console:
    """Open stdout; a pipe is as wide as the widest table needs, so that no cell is cut."""
    return Console() if sys.stdout.isatty() else Console(width=200)
