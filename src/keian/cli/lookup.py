"""Finds what a person names at the command line: goods, services, scenarios, measures, routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from keian.cli.set import load_cli_words, make_console, print_text
from keian.core import InputError, Names, Problem
from keian.economy import Economy
from keian.registers import load_register
from keian.registers.lookup import Called, find_near, look_up
from keian.scenario import load_measures, load_scenarios
from keian.scenario.load import SUFFIXES, list_shipped
from keian.scenario.words import Lang

MOST_LISTED = 12
Kind = Literal["scenarios", "measures"]


def call(key: str, names: Names, *more: str) -> Called:
    """Say what a thing is called: first its names, then whatever else finds it."""
    return Called(key, (names.en, names.ja, *more))


def find_all(
    text: str, called: Sequence[Called], lang: Lang, *, command: str, where: str = "ID"
) -> tuple[str, ...]:
    """Find the ids of everything that a text names.

    Parameters
    ----------
    command : that lists them all.
    where : the argument of the command.

    Raises
    ------
    InputError
        Nothing has the name; what is near is offered, if anything is.
    """
    found = look_up(text, called)
    if found:
        return found
    words = load_cli_words()
    near = [one for key in find_near(text, called) for one in called if one.id == key]
    fix = words.say("lookup_list", lang, command=f"`{command}`")
    if near:
        fix = words.say("lookup_near", lang, names=_join(near, lang))
    raise InputError([Problem(where, repr(text), words.say("lookup_wanted", lang), fix)], lang=lang)


def find_one(
    text: str, called: Sequence[Called], lang: Lang, *, command: str, where: str = "ID"
) -> str:
    """Find the id of the one thing that a text names.

    Raises
    ------
    InputError
        Nothing has the name, or several things have it; those are listed.
    """
    found = find_all(text, called, lang, command=command, where=where)
    if len(found) == 1:
        return found[0]
    words = load_cli_words()
    several = _join([one for one in called if one.id in found], lang)
    fix = words.say("lookup_choose", lang, names=several)
    raise InputError([Problem(where, repr(text), words.say("lookup_one", lang), fix)], lang=lang)


def find_documents(name: str, kind: Kind, lang: Lang) -> tuple[str, ...]:
    """Find the shipped scenarios or measures that a text names; a file is left as it is.

    Raises
    ------
    InputError
        Nothing has the name.
    """
    if is_given(name, kind):
        return (name,)
    return find_all(name, call_shipped(kind), lang, command=f"keian {kind}")


def put_ids(names: Sequence[str], kind: Kind, where: str) -> tuple[str, ...]:
    """Put ids for names of shipped scenarios or measures; what nothing is called stays as it is.

    Told in Japanese if a name is not plain ASCII, for the commands that run have no one language.

    Raises
    ------
    InputError
        Several things have a name; all such names together.
    """
    found: list[str] = []
    problems: list[Problem] = []
    lang: Lang = "en" if all(name.isascii() for name in names) else "ja"
    for name in names:
        called = () if is_given(name, kind) else call_shipped(kind)
        if not look_up(name, called):
            found.append(name)
            continue
        try:
            found.append(find_one(name, called, lang, command=f"keian {kind}", where=where))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems, lang=lang)
    return tuple(found)


def is_given(name: str, kind: Kind) -> bool:
    """Tell whether a name is an id of what is shipped, or a file."""
    shipped: tuple[str, ...] = getattr(list_shipped(), kind)
    return name in shipped or Path(name).suffix in SUFFIXES or Path(name).is_file()


def call_shipped(kind: Kind) -> tuple[Called, ...]:
    """Say what every shipped scenario or measure is called."""
    documents = load_scenarios() if kind == "scenarios" else load_measures()
    return tuple(call(document.id, document.names) for document in documents)


def call_targets(economy: Economy) -> tuple[Called, ...]:
    """Say what the services, goods and home industries are called whose shortage can be explained."""
    register = load_register("essential_services")
    called = []
    for service in (*economy.services, *economy.registered_services):
        entries = () if service.sector is None else register.find(service.sector)
        more = [text for entry in entries for text in (entry.names.en, entry.names.ja)]
        called.append(call(service.id, service.names, *more))
    called += [call(good.id, good.names) for good in economy.goods]
    home = ((f"{economy.home}.{product}", product) for product in economy.products)
    called += [call(unit, economy.product_names[key], key) for unit, key in home]
    return tuple(called)


def list_found(found: Iterable[Called], command: str, lang: Lang) -> None:
    """List what has a name that several things have, and say how to open one."""
    rows, words, console = list(found), load_cli_words(), make_console()
    print_text(console, words.say("lookup_several", lang, count=len(rows)))
    for one in rows:
        print_text(console, f"  {_show(one, lang)}")
    print_text(console, words.say("lookup_open", lang, command=f"`{command} ID`"))


def _join(several: Sequence[Called], lang: Lang) -> str:
    shown = [_show(one, lang) for one in several[:MOST_LISTED]]
    rest = len(several) - MOST_LISTED
    return (
        load_cli_words()
        .say("lookup_comma", lang)
        .join(shown + ([f"… +{rest}"] if rest > 0 else []))
    )


def _show(one: Called, lang: Lang) -> str:
    return f"{one.calls[1 if lang == 'ja' else 0]} ({one.id})"
