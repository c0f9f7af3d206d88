"""Clearance labels: a lattice, so that derived data carry the join of what they came from.

On a laptop labels prevent mistakes; they are no access control.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, Self, runtime_checkable

from pydantic import BaseModel

from keian.core.documents import DOCUMENT, Names
from keian.core.errors import InputError, Problem
from keian.core.source import Source
from keian.core.yaml_read import load_document

LEVELS_FILE = Path(__file__).parent / "data" / "tlp.yaml"


class Level(BaseModel):
    """One level of the lattice, with the sentence and colours of its banner."""

    model_config = DOCUMENT

    id: str
    order: int
    text: Names
    foreground: str
    background: str


class Levels(BaseModel):
    """The levels as written in the data file, with where they come from."""

    model_config = DOCUMENT

    source: Source
    levels: tuple[Level, ...]


@cache
def load_levels() -> Mapping[str, Level]:
    """Load the levels by id, least restricted first (default: TLP 2.0)."""
    document = load_document(LEVELS_FILE, Levels)
    ordered = sorted(document.levels, key=lambda level: level.order)
    return MappingProxyType({level.id: level for level in ordered})


@dataclass(frozen=True, slots=True)
class Label:
    """Who may see a thing: a level, compartments, and the groups it may be released to.

    Attributes
    ----------
    level : id of a level, e.g. `TLP:AMBER`.
    compartments : a viewer needs every one of them.
    releasable_to : groups of which a viewer needs one; None = any.

    Examples
    --------
    >>> str(GREEN.join(AMBER))
    'TLP:AMBER'
    """

    level: str
    compartments: frozenset[str] = frozenset()
    releasable_to: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse unknown levels; accept any collection of names."""
        if self.level not in load_levels():
            raise InputError([_describe_level(self.level)])
        for name in ("compartments", "releasable_to"):
            given = getattr(self, name)
            if isinstance(given, str):
                problem = Problem(
                    name, f"the text {given!r}", "a set of names", f"write {{{given!r}}}"
                )
                raise InputError([problem])
            if given is not None:
                object.__setattr__(self, name, frozenset(given))

    def __str__(self) -> str:
        """Write the label as a banner does: level, compartments, groups."""
        parts = [self.level, *sorted(self.compartments)]
        if self.releasable_to is not None:
            parts.append("REL " + (", ".join(sorted(self.releasable_to)) or "NOBODY"))
        return "//".join(parts)

    @property
    def order(self) -> int:
        """Rank of the level; 0 is the least restricted."""
        return load_levels()[self.level].order

    def join(self, other: Label) -> Label:
        """Calculate the least label that covers both."""
        if self.releasable_to is None:
            groups = other.releasable_to
        elif other.releasable_to is None:
            groups = self.releasable_to
        else:
            groups = self.releasable_to & other.releasable_to
        higher = self if self.order >= other.order else other
        return Label(higher.level, self.compartments | other.compartments, groups)

    def covers(self, other: Label) -> bool:
        """Tell whether this label is at least as restricted as the other in every respect."""
        if other.releasable_to is None:
            narrower = True
        elif self.releasable_to is None:
            narrower = False
        else:
            narrower = self.releasable_to <= other.releasable_to
        return self.order >= other.order and self.compartments >= other.compartments and narrower


CLEAR = Label("TLP:CLEAR")
GREEN = Label("TLP:GREEN")
AMBER = Label("TLP:AMBER")
AMBER_STRICT = Label("TLP:AMBER+STRICT")
RED = Label("TLP:RED")


def join_labels(*labels: Label) -> Label:
    """Calculate the least label that covers all; of none, the least restricted level.

    Examples
    --------
    >>> join_labels(CLEAR, RED, GREEN) == RED
    True
    """
    joined = CLEAR
    for label in labels:
        joined = joined.join(label)
    return joined


@runtime_checkable
class Labelled(Protocol):
    """What `share.release` can filter: a label, named parts, and itself without some of them."""

    @property
    def label(self) -> Label:
        """Join of the labels of everything inside."""
        ...

    def parts(self) -> Mapping[str, Labelled]:
        """Name the parts that may be taken out."""
        ...

    def without(self, names: Collection[str]) -> Self:
        """Copy it without the named parts, with the label of what is left."""
        ...


def _describe_level(level: str) -> Problem:
    known = load_levels()
    near = get_close_matches(str(level).upper(), known, n=1)
    return Problem(
        where="label",
        found=f"level {level!r}",
        wanted=f"one of {', '.join(known)}",
        fix=f"did you mean {near[0]!r}?" if near else "choose one of them",
    )
