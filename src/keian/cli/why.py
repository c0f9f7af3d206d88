"""Shows why something falls short on a day: a tree of causes with their shares."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from keian.cli.errors import write_json
from keian.cli.inputs import Inputs
from keian.cli.lookup import call_targets, find_one
from keian.cli.set import load_cli_words, make_console, print_text
from keian.core import Figure
from keian.crisis import Run, compile_economy, load_rules
from keian.economy import Economy
from keian.registers.lookup import look_up
from keian.report.plain import describe
from keian.review.why import Explained, Why, explain_shortage
from keian.scenario.words import Lang, choose
from keian.share import Released, Viewer, release

WHOLE = 10.0  # percent from which no decimal is shown


def show_why(  # noqa: PLR0913 - what the person chose, named
    inputs: Inputs, what: str, day: int, *, depth: int, least: float, viewer: Viewer, lang: Lang,
    as_json: bool,
) -> None:  # fmt: skip
    """Play the mode run of one scenario and show what lies behind a shortage.

    Raises
    ------
    InputError
        Nothing is called so, or the day lies outside the run.
    ClearanceError
        The viewer may not see it.
    """
    compiled = compile_economy(inputs.economy, load_rules())
    run = Run(inputs.scenarios[0], measures=inputs.measures)
    target = point_at(inputs.economy, what, lang)
    found = explain_shortage(compiled, run, target, day, depth=depth, least=least)
    released = release(found, viewer)
    if as_json:
        write_json({"label_text": str(released.label), "why": describe(released.value)})
        return
    print_tree(make_console(), released, lang)


def point_at(economy: Economy, what: str, lang: Lang) -> str:
    """Find the id of the service, good or home industry that is meant.

    A service or a good goes before an industry of the same name. An id of something else, and an
    English word that nothing has, stay as they are: the data may tell why it is not apart.

    Raises
    ------
    InputError
        Several things have the name, or nothing has a Japanese one.
    """
    called = call_targets(economy)
    found = look_up(what, called)
    if what in {one.id for one in called} or (not found and what.isascii()):
        return what
    apart = [key for key in found if key not in economy.units]
    if len(apart) == 1:
        return apart[0]
    return find_one(what, called, lang, command="keian economy show", where="WHAT")


def print_tree(console: Console, released: Released[Explained], lang: Lang) -> None:
    """Print an explanation as a tree; each step with its level, its share and its reason."""
    words, explained = load_cli_words(), released.value
    print_text(console, f"{explained.label}  {choose(explained.scenario, lang)}")
    tree = Tree(Text(tell(explained.root, lang)))
    _grow(tree, explained.root, lang)
    console.print(tree)
    print_text(console, words.say("why_note", lang))
    for gap in explained.gaps:
        print_text(console, words.say("why_gap", lang, gap=choose(gap, lang)))


def _grow(tree: Tree, why: Why, lang: Lang) -> None:
    for child in why.children:
        _grow(tree.add(Text(tell(child, lang))), child, lang)


def tell(why: Why, lang: Lang) -> str:
    """Tell one step in a line."""
    words = load_cli_words()
    facts = [f"{_round(why.share)} %" if why.share is not None else "", choose(why.names, lang)]
    if why.level is not None:
        level, day = _round(why.level), str(why.day)
        facts.append(words.say("why_level", lang, level=level, day=day))
    facts.append(f"— {choose(why.reason, lang)}")
    return " ".join(fact for fact in facts if fact)


def _round(figure: Figure) -> str:
    value = figure.value or 0.0
    return f"{value:.1f}" if value < WHOLE else f"{value:.0f}"
