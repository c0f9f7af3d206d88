"""How much of what a strategy asks for is done, today and earlier: the definition is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document
from keian.registers.entry import Entry
from keian.registers.shelf import Shelf
from keian.registers.stages import Stage, choose_entry, find_stage

DEFINITION = Path(__file__).parent / "data" / "rules" / "progress.yaml"


class Definition(BaseModel):
    """Which stages count as done, partly done and undone, who says so and why."""

    model_config = DOCUMENT

    names: Names
    done: tuple[Stage, ...]
    partly: tuple[Stage, ...]
    undone: tuple[Stage, ...]
    undated: tuple[Stage, ...]
    author: str
    on: date
    why: Names


@dataclass(frozen=True, slots=True)
class Progress:
    """Records that a document asks for, by how far they are; shares of all of them.

    Attributes
    ----------
    undated : recorded as in force, with no day read from which they are; on earlier days only.
    """

    document: Entry
    done: tuple[Entry, ...]
    partly: tuple[Entry, ...]
    undone: tuple[Entry, ...]
    undated: tuple[Entry, ...]

    @property
    def count(self) -> int:
        """Number of records the document asks for."""
        return len(self.done) + len(self.partly) + len(self.undone) + len(self.undated)

    @property
    def done_share(self) -> float:
        """Share of the records that is done, 0 to 1; partly done does not count."""
        return len(self.done) / self.count

    @property
    def highest_share(self) -> float:
        """Share done if all records without a day were done by then, 0 to 1."""
        return (len(self.done) + len(self.undated)) / self.count


@cache
def load_definition() -> Definition:
    """Load the definition of done."""
    return load_document(DEFINITION, Definition)


def measure_progress(shelf: Shelf, on: date | None = None) -> tuple[Progress, ...]:
    """Measure the progress of every document that asks for a policy record.

    Parameters
    ----------
    on : day of which the stages are told (`find_stage`); None = as the entries say. What a document
        asks for is what the registers tie to it now, on every day: a share then grows only because
        something was done. Documents that were not published on the day are left out.
    """
    definition = load_definition()
    classes = (definition.done, definition.partly, definition.undone, definition.undated)
    return tuple(
        Progress(
            shelf.find(name)[-1],
            *(tuple(e for e, stage in staged if stage in stages) for stages in classes),
        )
        for name, entries in _find_asked(shelf, on).items()
        for staged in ([(e, _tell_stage(e, on)) for e in entries],)
    )


def list_loose_chapters(shelf: Shelf, document: str) -> tuple[Entry, ...]:
    """List the chapters of a document that no policy record is tied to, nor to a part of them."""
    asked = {name for policy in shelf["policies"].entries for name in policy.ids("asked_by")}
    return tuple(
        chapter
        for chapter in shelf["chapters"].entries
        if chapter.text("document") == document
        and not any(name.startswith(chapter.id) for name in asked)
    )


def find_document(shelf: Shelf, asking: str) -> str | None:
    """Find the document of a chapter, or the document itself."""
    home = shelf.homes.get(asking)
    if home == "chapters":
        return shelf.find(asking)[-1].text("document")
    return asking if home == "documents" else None


def _find_asked(shelf: Shelf, on: date | None) -> Mapping[str, list[Entry]]:
    asked: dict[str, list[Entry]] = {}
    for name in shelf["policies"].ids():
        entries = shelf["policies"].find(name)
        policy = choose_entry(entries, on) if on is not None else entries[-1]
        names = {find_document(shelf, asking) for asking in policy.ids("asked_by")}
        for document in sorted(name for name in names if name is not None):
            if _is_out(shelf, document, on):
                asked.setdefault(document, []).append(policy)
    return asked


def _is_out(shelf: Shelf, document: str, on: date | None) -> bool:
    """Tell whether a document was out on a day; on a frozen shelf, whether it is left there."""
    entries = shelf["documents"].find(document)
    days = [e.known_from for e in entries if e.known_from is not None]
    return bool(entries) and (on is None or not days or min(days) <= on)


def _tell_stage(policy: Entry, on: date | None) -> str:
    return policy.text("progress") if on is None else find_stage(policy, on)
