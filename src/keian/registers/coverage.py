"""Which policy records work in which phase and aspect of a crisis, as judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from keian.registers.entry import Entry
from keian.registers.forms_policy import Aspect, Integration, Phase
from keian.registers.shelf import Shelf

PHASES: tuple[Phase, ...] = get_args(Phase)
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
LEVELS: tuple[Integration, ...] = get_args(Integration)
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Cell:
    """One phase and aspect with the policy records judged to work in it."""

    phase: Phase
    aspect: Aspect
    policies: tuple[str, ...]


def build_coverage(shelf: Shelf) -> tuple[Cell, ...]:
    """Build the matrix of phases and aspects; an empty cell is a gap."""
    judged = list_judged(shelf)
    return tuple(
        Cell(
            phase,
            aspect,
            tuple(
                entry.text("of")
                for entry in judged
                if phase in entry.ids("phases") and aspect in entry.ids("aspects")
            ),
        )
        for phase in PHASES
        for aspect in ASPECTS
    )


def list_judged(shelf: Shelf) -> tuple[Entry, ...]:
    """List the judgements of the records that the shelf holds; on an earlier day there are fewer."""
    known = {policy.id for policy in shelf["policies"].entries}
    return tuple(e for e in shelf["judgements"].entries if e.text("of") in known)


def find_judgements(shelf: Shelf) -> Mapping[str, tuple[str, ...]]:
    """Find, for each policy record, the goals it is judged to serve."""
    return {entry.text("of"): entry.ids("goals") for entry in shelf["judgements"].entries}


def group_levels(shelf: Shelf) -> Mapping[str, tuple[str, ...]]:
    """Group the policy records by the level at which they are joined; `blank` = not judged."""
    judged = {e.text("of"): e.text("integration") or BLANK for e in list_judged(shelf)}
    levels = {e.id: judged.get(e.id, BLANK) for e in shelf["policies"].entries}
    return {
        level: tuple(dict.fromkeys(name for name, of in levels.items() if of == level))
        for level in (*LEVELS, BLANK)
    }


def group_elements(shelf: Shelf) -> Mapping[str, tuple[str, ...]]:
    """Group the policy records by the elements of national power that they are judged to use."""
    judged = list_judged(shelf)
    return {
        area.id: tuple(e.text("of") for e in judged if area.id in e.ids("elements"))
        for area in shelf["areas"].entries
        if area.text("kind") == "element"
    }
