"""Joins policy records with the measures that a run can play: what stands at the end of the chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keian.registers.lineage import Lineage
from keian.scenario import Measure


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """A policy record's chain with the measure documents, by id, that carry its effect."""

    lineage: Lineage
    effects: tuple[Measure, ...]
    absent: tuple[str, ...]


def join_effects(lineage: Lineage, measures: Mapping[str, Measure]) -> ChainEnd:
    """Join a chain with the measures of the library; names without a document are kept apart."""
    return ChainEnd(
        lineage,
        tuple(measures[name] for name in lineage.shipped if name in measures),
        tuple(name for name in lineage.shipped if name not in measures),
    )
