"""keian candidates: goods held against the four requirements of a designation under the Act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from keian.cli.errors import write_json
from keian.cli.exposure import Shown, list_remarks, write_out
from keian.cli.exposure_card import Looked, load_dossier
from keian.cli.set import load_cli_words, make_console, print_text, start_table
from keian.cli.viewer import parse_viewer
from keian.core import Names, to_plain
from keian.exposure.atlas import name_things
from keian.exposure.candidates import OUTCOMES, Candidate, find_candidates
from keian.report.candidate_tables import TESTS, say_notes, say_verdict, tell_candidates
from keian.report.words import Words, load_words
from keian.share import release

SETTLED = frozenset({"stands", "not_now"})


def show_candidates(shown: Shown, looked: Looked, *, every: bool) -> None:
    """Show the goods whose designation the figures question, or all of them.

    Raises
    ------
    ClearanceError
        The viewer may not see a ranking of weak points.
    """
    dossier = load_dossier(looked, pairs=False)
    released = release(find_candidates(dossier), parse_viewer(shown.viewer))
    names, words = name_things(dossier), load_words(shown.lang)
    tables = tell_candidates(released, names, shown.lang)
    if shown.as_json:
        plain = to_plain(released.value)
        remarks = list_remarks(released.value.remarks)
        write_json({**plain, "remarks": remarks} if isinstance(plain, dict) else plain)
    elif shown.out is None:
        console = make_console()
        print_text(console, f"{tables.label}  {tables.subject}")
        found = released.value
        counts = Counter(row.outcome for row in found.rows)
        for outcome in OUTCOMES:
            said = words.say(f"candidates.outcome.{outcome}")
            print_text(
                console,
                "  " + words.say("candidates.count", outcome=said, count=str(counts[outcome])),
            )
        rows = [row for row in found.rows if every or row.outcome not in SETTLED]
        _print_rows([row for row in rows if row.tier != "illustrative"], names, words, shown)
        apart = [row for row in rows if row.tier == "illustrative"]
        if apart:
            print_text(console, words.say("candidates.apart"))
            _print_rows(apart, names, words, shown)
        for note in say_notes(found, words):
            print_text(console, note)
    write_out(tables, "candidates", shown)


def _print_rows(
    rows: Sequence[Candidate], names: dict[str, Names], words: Words, shown: Shown
) -> None:
    console = make_console()
    table = start_table(load_cli_words(), shown.lang, ())
    for column in ("good", "outcome", *TESTS):
        table.add_column(words.say(f"exposure.col.{column}"), overflow="fold")
    for row in rows[: shown.top]:
        cells = (
            f"{words.name(row.names)} ({row.id})",
            words.say(f"candidates.outcome.{row.outcome}"),
            *(say_verdict(judged, names, words) for judged in row.judged),
        )
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    if len(rows) > shown.top:
        print_text(console, f"… +{len(rows) - shown.top}")
