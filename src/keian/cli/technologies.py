"""keian exposure technologies and technology: the fields of pillar 3 and the card of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from keian.cli.errors import write_json, write_line
from keian.cli.exposure import Shown
from keian.cli.exposure_card import Looked, load_dossier, print_section
from keian.cli.set import make_console, print_text
from keian.cli.viewer import parse_viewer
from keian.core import to_plain
from keian.economy import load_economy
from keian.exposure.technologies import (
    Technologies,
    find_known_sources,
    list_technologies,
    load_fields,
)
from keian.exposure.technology_card import TechnologyCard, find_technologies, write_technology
from keian.exposure.technology_documents import load_additions
from keian.report.technology_parts import (
    build_technology,
    list_rows,
    name_technology,
    say_programme,
)
from keian.report.words import Words, load_words
from keian.share import release


def show_technologies(shown: Shown, looked: Looked, *, added: Path | None) -> None:
    """List the fields with what is known of each, and count what is missing.

    Raises
    ------
    InputError
        The file of additions is wrong.
    ClearanceError
        The viewer may not see weak points.
    """
    listed = release(open_list(looked, added), parse_viewer(shown.viewer)).value
    words = load_words(shown.lang)
    if shown.as_json:
        write_json({**_describe(listed), "label": str(listed.label)})
        return
    console = make_console()
    for number, line in enumerate(say_programme(listed, words)):
        print_text(console, line if number else f"{listed.label}  {line}")
    print_section(list_rows(listed, words), shown.lang)


def show_technology(
    shown: Shown, looked: Looked, *, names: Sequence[str], added: Path | None
) -> None:
    """Show the cards of technologies.

    Raises
    ------
    InputError
        A name stands for no technology, or the file of additions is wrong.
    ClearanceError
        The viewer may not see weak points.
    """
    listed = open_list(looked, added)
    wanted = find_technologies(names, listed)
    dossier = load_dossier(looked, pairs=False)
    viewer, words = parse_viewer(shown.viewer), load_words(shown.lang)
    cards = [
        release(write_technology(dossier, technology, listed), viewer).value
        for technology in wanted
    ]
    if shown.as_json:
        write_json({"cards": [{**_describe(card), "label": str(card.label)} for card in cards]})
        return
    for card in cards:
        _print_card(card, words, shown)


def open_list(looked: Looked, added: Path | None) -> Technologies:
    """Open the list of technologies on a day, with a user's additions if there are any."""
    on = looked.as_of or date.today()  # noqa: DTZ011 - the law in force needs no time zone
    ids = frozenset(entry.id for entry in load_fields().entries)
    own = None if added is None else load_additions(added, find_known_sources(), ids)
    return list_technologies(load_economy(looked.economy), on, own)


def _describe(thing: Technologies | TechnologyCard) -> dict[str, object]:
    plain = to_plain(thing)
    return plain if isinstance(plain, dict) else {}


def _print_card(card: TechnologyCard, words: Words, shown: Shown) -> None:
    technology = card.technology
    title = name_technology(technology.names, technology.number, words)
    print_text(make_console(), f"{card.label}  {title} ({technology.id})")
    for section in build_technology(card, words):
        print_section(section, shown.lang)
    write_line("")
