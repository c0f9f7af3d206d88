"""Which policy records work in which phase and aspect of a crisis, as judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from keian.registers.entry import Entry
from keian.registers.forms_policy import Aspect, Phase
from keian.registers.shelf import Shelf

PHASES: tuple[Phase, ...] = get_args(Phase)
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)


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
