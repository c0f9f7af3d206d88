"""Published estimates beside ours: nearest first by scenario, none as an equality."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from keian.core import DOCUMENT, Names, Problem, Source, load_sources, read_yaml
from keian.review.nouns import Comparison
from keian.scenario.nouns import Scenario

DATA = Path(__file__).parent / "data"
PERCENT_OF_YEAR = "% of one year"
NEAREST = 3  # names offered


class Anchor(BaseModel):
    """A published estimate; `unit` says so where it is no loss in % of a year's GDP."""

    model_config = DOCUMENT

    id: str
    sources: tuple[str, ...]
    names: Names
    what: Names
    low: float
    high: float
    unit: str = PERCENT_OF_YEAR
    loss: Literal["value_added", "output", "at_risk", "other"]
    differs: Names
    evidence: str
    together: tuple[str, ...] = Field(default=(), alias="with")


def load_anchors() -> Mapping[str, Anchor]:
    """Load the published estimates by id."""
    rows = read_yaml(DATA / "anchors.yaml").data
    anchors = [Anchor.model_validate(row) for row in rows]
    return {a.id: a for a in anchors}


def load_review_sources() -> dict[str, Source]:
    """Load the sources of the estimates and of the review's own judgements."""
    return dict(load_sources(DATA / "sources.yaml"))


def check_anchors(scenario: Scenario) -> tuple[Problem, ...]:
    """List the published estimates that a scenario names and nobody holds."""
    anchors = load_anchors()
    return tuple(
        Problem(
            where=f"{scenario.id} anchors[{index}]",
            found=repr(name),
            wanted="a published estimate that keian holds",
            fix="name one of " + ", ".join(get_close_matches(name, anchors, NEAREST, 0) or anchors),
        )
        for index, name in enumerate(scenario.anchors)
        if name not in anchors
    )


def list_comparisons(scenario: Scenario) -> tuple[Comparison, ...]:
    """List the published estimates that a scenario names, and those that stand beside them."""
    anchors = load_anchors()
    wanted: dict[str, None] = {}
    for name in scenario.anchors:
        if name in anchors:
            wanted.update(dict.fromkeys((name, *anchors[name].together)))
    return tuple(
        Comparison(
            anchor=a.id,
            names=a.names,
            what=a.what,
            low=a.low,
            high=a.high,
            unit=a.unit,
            loss=a.loss,
            differs=a.differs,
            source=a.sources[0],
            evidence=a.evidence,
        )
        for a in (anchors[name] for name in wanted)
    )
