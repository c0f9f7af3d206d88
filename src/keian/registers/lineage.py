"""The chain a measure hangs on: document, chapter, law, provision, record, lever, review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keian.core import InputError, Problem
from keian.registers.entry import Entry
from keian.registers.gaps import map_levers
from keian.registers.progress import find_document
from keian.registers.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Lineage:
    """A policy record with everything it hangs on, as far as the registers know."""

    policy: Entry
    documents: tuple[Entry, ...]
    chapters: tuple[Entry, ...]
    laws: tuple[Entry, ...]
    provisions: tuple[Entry, ...]
    levers: tuple[Entry, ...]
    measures: tuple[Entry, ...]
    shipped: tuple[str, ...]
    reviews: tuple[Entry, ...]


def trace(shelf: Shelf, name: str) -> tuple[Lineage, ...]:
    """Trace a policy record, or every record behind a measure of the catalogue or of the library.

    Parameters
    ----------
    name : id of a policy record (H-04), of a catalogue measure (M06), or of a shipped measure.

    Raises
    ------
    InputError
        Nothing has this name. A measure of the catalogue that no record stands behind has none.
    """
    policies = tuple(_find_policies(shelf, name))
    known = any(name == e.id or name in e.ids("shipped") for e in shelf["catalogue"].entries)
    if not policies and not known:
        fix = "`keian register search WORDS` finds records"
        wanted = "a policy record, or a measure that one stands behind"
        raise InputError([Problem("MEASURE", repr(name), wanted, fix)])
    return tuple(_trace_one(shelf, policy) for policy in policies)


def _find_policies(shelf: Shelf, name: str) -> Iterator[Entry]:
    if shelf.homes.get(name) == "policies":
        yield shelf.find(name)[-1]
        return
    measures = {
        e.id for e in shelf["catalogue"].entries if name == e.id or name in e.ids("shipped")
    }
    for lever in shelf["levers"].entries:
        if measures & set(lever.ids("measures")):
            yield shelf.find(lever.text("of"))[-1]


def _trace_one(shelf: Shelf, policy: Entry) -> Lineage:
    asked = policy.ids("asked_by")
    chapters = [shelf.find(n)[-1] for n in asked if shelf.homes.get(n) == "chapters"]
    names = dict.fromkeys(find_document(shelf, n) for n in asked)
    documents = [shelf.find(n)[-1] for n in names if n is not None]
    provisions = [shelf.find(n)[-1] for n in policy.ids("laws")]
    laws = dict.fromkeys(_find_root(shelf, entry) for entry in provisions)
    levers = map_levers(shelf).get(policy.id, ())
    measures = [shelf.find(m)[-1] for lever in levers for m in lever.ids("measures")]
    about = {policy.id, *laws, *policy.ids("laws"), *(d.id for d in documents)}
    return Lineage(
        policy=policy,
        documents=tuple(sorted(documents, key=lambda e: (e.start is None, str(e.start)))),
        chapters=tuple(chapters),
        laws=tuple(shelf.find(n)[0] for n in laws),
        provisions=tuple(provisions),
        levers=levers,
        measures=tuple(measures),
        shipped=tuple(dict.fromkeys(s for m in measures for s in m.ids("shipped"))),
        reviews=tuple(r for r in shelf["reviews"].entries if r.text("of") in about),
    )


def _find_root(shelf: Shelf, entry: Entry) -> str:
    """Find the act that a provision is part of or an order is made under."""
    above = entry.part_of or entry.text("made_under")
    return _find_root(shelf, shelf.find(above)[-1]) if above else entry.id


def list_mentions(shelf: Shelf, entry_id: str) -> tuple[tuple[str, Entry], ...]:
    """List the entries that point at an id, with their registers."""
    return tuple(
        (name, entry)
        for name, entry in shelf.entries()
        if entry.id != entry_id and (entry.part_of == entry_id or _points(entry.value, entry_id))
    )


def _points(value: object, entry_id: str) -> bool:
    if isinstance(value, str):
        return value == entry_id
    if isinstance(value, tuple | list):
        return any(_points(item, entry_id) for item in value)
    return hasattr(value, "values") and any(_points(item, entry_id) for item in value.values())
