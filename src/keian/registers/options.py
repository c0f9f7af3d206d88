"""Which levers exist against a case or for a good under threat, by element of national power."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keian.registers.entry import Entry
from keian.registers.gaps import find_shipped, map_levers
from keian.registers.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Option:
    """A policy record as an answer: its element of power, legal basis, levers and measures.

    `named` tells whether the case or a record's judgement names it; else it answers the challenge
    that the case belongs to.
    """

    element: str
    policy: Entry
    laws: tuple[Entry, ...]
    measures: tuple[str, ...]
    shipped: tuple[str, ...]
    named: bool


def list_options(shelf: Shelf, name: str) -> tuple[Option, ...]:
    """List the options for a case (`case.dual-use-2026`) or a designated good, by element of power.

    Raises
    ------
    InputError
        Nothing has this id.
    """
    about = {entry for found in shelf.find(name) for entry in found.ids("entries")} | {name}
    about |= {part for part in (e.part_of for e in shelf.find(name)) if part}
    judged = {e.text("of"): e for e in shelf["judgements"].entries}
    named = {key for key, e in judged.items() if key in about or about & set(e.ids("goods"))}
    wider = {
        policy
        for aim in shelf["aims"].entries
        if name in aim.ids("cases")
        for policy in aim.ids("measures")
    }
    found = [
        option
        for policy in sorted((named | wider) & set(judged))
        for option in _list_of(shelf, policy, judged[policy], named=policy in named)
    ]
    return tuple(sorted(found, key=lambda o: (o.element, not o.named, o.policy.id)))


def _list_of(shelf: Shelf, policy: str, judged: Entry, *, named: bool) -> Iterator[Option]:
    entry = shelf.find(policy)[-1]
    ties = map_levers(shelf).get(policy, ())
    for element in judged.ids("elements"):
        yield Option(
            element,
            entry,
            tuple(shelf.find(law)[-1] for law in entry.ids("laws")),
            tuple(m for tie in ties for m in tie.ids("measures")),
            find_shipped(ties, shelf),
            named,
        )
