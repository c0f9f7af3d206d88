"""Which levers exist against a case or for a good under threat, by element of national power."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Literal, get_args

from keian.registers.entry import Entry
from keian.registers.gaps import find_shipped, map_levers
from keian.registers.shelf import Shelf

Way = Literal["named", "wider", "general"]
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class Option:
    """A policy record as an answer: its element of power, legal basis, levers and measures.

    `way` tells why it is one: `named` by the case or by a record's judgement; `wider`, it answers
    the challenge that the case belongs to; `general`, it rests on the law by which the good or
    service is designated and is meant for none of them in particular.
    """

    element: str
    policy: Entry
    laws: tuple[Entry, ...]
    measures: tuple[str, ...]
    shipped: tuple[str, ...]
    way: Way


def list_options(shelf: Shelf, name: str) -> tuple[Option, ...]:
    """List the options for a case (`case.dual-use-2026`) or what is designated, by element of power.

    Raises
    ------
    InputError
        Nothing has this id.
    """
    about = _find_about(shelf, name)
    judged = {e.text("of"): e for e in shelf["judgements"].entries}
    named = {key for key, e in judged.items() if key in about or about & set(e.ids("goods"))}
    wider = {
        policy
        for aim in shelf["aims"].entries
        if name in aim.ids("cases")
        for policy in aim.ids("measures")
        if policy in judged and _fits(judged[policy], about)
    }
    ways: dict[str, Way] = dict.fromkeys(_find_general(shelf, name, judged), "general")
    ways.update(dict.fromkeys(wider, "wider"))
    ways.update(dict.fromkeys(named, "named"))
    found = [
        option
        for policy, way in sorted(ways.items())
        if policy in judged
        for option in _list_of(shelf, policy, judged[policy], way)
    ]
    return tuple(sorted(found, key=lambda o: (o.element, WAYS.index(o.way), o.policy.id)))


def _find_about(shelf: Shelf, name: str) -> set[str]:
    """Find the ids that something is about: itself, what a case names, their parts, its whole."""
    about = {entry for found in shelf.find(name) for entry in found.ids("entries")} | {name}
    about |= {e.id for _, e in shelf.entries() if e.part_of in about}
    return about | {whole for whole in (e.part_of for e in shelf.find(name)) if whole}


def _fits(judged: Entry, about: Set[str]) -> bool:
    """Tell whether a record is meant for no good in particular, or for one of those asked about."""
    goods = set(judged.ids("goods"))
    return not goods or bool(goods & about)


def _find_general(shelf: Shelf, name: str, judged: Mapping[str, Entry]) -> Iterator[str]:
    """Find the records on the law of designation of a good or service that name none of them."""
    home = shelf.homes.get(name)
    laws = {
        p.text("substantive") for p in shelf["pillars"].entries if p.text("designations") == home
    }
    for policy in shelf["policies"].entries:
        meant = judged.get(policy.id)
        if laws & set(policy.ids("laws")) and meant is not None and not meant.ids("goods"):
            yield policy.id


def _list_of(shelf: Shelf, policy: str, judged: Entry, way: Way) -> Iterator[Option]:
    entry = shelf.find(policy)[-1]
    ties = map_levers(shelf).get(policy, ())
    for element in judged.ids("elements"):
        yield Option(
            element,
            entry,
            tuple(shelf.find(law)[-1] for law in entry.ids("laws")),
            tuple(m for tie in ties for m in tie.ids("measures")),
            find_shipped(ties, shelf),
            way,
        )
