"""How much of what a strategy asks for is done: the definition is data, the undone are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document
from keian.registers.entry import Entry
from keian.registers.forms_policy import Progress as Stage
from keian.registers.shelf import Shelf

DEFINITION = Path(__file__).parent / "data" / "rules" / "progress.yaml"


class Definition(BaseModel):
    """Which stages count as done, partly done and undone, who says so and why."""

    model_config = DOCUMENT

    names: Names
    done: tuple[Stage, ...]
    partly: tuple[Stage, ...]
    undone: tuple[Stage, ...]
    author: str
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Records that a document asks for, by how far they are; shares of all of them."""

    document: Entry
    done: tuple[Entry, ...]
    partly: tuple[Entry, ...]
    undone: tuple[Entry, ...]

    @property
    def count(self) -> int:
        """Number of records the document asks for."""
        return len(self.done) + len(self.partly) + len(self.undone)

    @property
    def done_share(self) -> float:
        """Share of the records that is done, 0 to 1; partly done does not count."""
        return len(self.done) / self.count


@cache
def load_definition() -> Definition:
    """Load the definition of done."""
    return load_document(DEFINITION, Definition)


def measure_progress(shelf: Shelf) -> tuple[Progress, ...]:
    """Measure the progress of every document that asks for a policy record."""
    asked = _find_asked(shelf)
    definition = load_definition()
    return tuple(
        Progress(
            shelf.find(name)[-1],
            *(
                tuple(e for e in entries if e.text("progress") in stages)
                for stages in (definition.done, definition.partly, definition.undone)
            ),
        )
        for name, entries in asked.items()
    )


def find_document(shelf: Shelf, asking: str) -> str | None:
    """Find the document of a chapter, or the document itself."""
    home = shelf.homes.get(asking)
    if home == "chapters":
        return shelf.find(asking)[-1].text("document")
    return asking if home == "documents" else None


def _find_asked(shelf: Shelf) -> Mapping[str, list[Entry]]:
    asked: dict[str, list[Entry]] = {}
    for policy in shelf["policies"].entries:
        names = {find_document(shelf, asking) for asking in policy.ids("asked_by")}
        for name in sorted(name for name in names if name is not None):
            asked.setdefault(name, []).append(policy)
    return asked
