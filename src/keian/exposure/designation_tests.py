"""The four requirements of a designation under the Act, with the limits that they are read by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, Triple, load_document

DATA = Path(__file__).parent / "data"
TestId = Literal["importance", "dependence", "risk", "necessity"]


class DesignationTest(BaseModel):
    """One requirement: what it asks, and where that is read."""

    model_config = DOCUMENT

    id: TestId
    names: Names
    asks: Names
    sources: tuple[str, ...]


class Limits(BaseModel):
    """Numbers that figures are compared with; shares, 0 to 1."""

    model_config = DOCUMENT

    exposed_output_share: Triple  # of home output that stops without the good
    supplier_share: Triple  # of supply, from one country abroad
    passage_share: Triple  # of supply, through one strait or canal
    choke_loss_share: Triple  # of supply, above which a node can be a choke point
    world_top_share: Triple  # of world exports, from one country


class OtherSystems(BaseModel):
    """Acts other than the Act that already secure a good."""

    model_config = DOCUMENT

    acts: tuple[str, ...]
    source: str


class DesignationTests(BaseModel):
    """The four requirements and everything that they are read by."""

    model_config = DOCUMENT

    tests: tuple[DesignationTest, ...]
    limits: Limits
    other_systems: OtherSystems
    crops: Mapping[str, tuple[str, ...]]  # headings of the crops of the shipped panel

    def list_sources(self) -> tuple[str, ...]:
        """List what the requirements and limits cite, each once."""
        limits = (getattr(self.limits, name) for name in type(self.limits).model_fields)
        cited = [s for test in self.tests for s in test.sources]
        cited += [s for limit in limits for s in limit.sources]
        return tuple(dict.fromkeys([*cited, self.other_systems.source]))


@cache
def load_designation_tests() -> DesignationTests:
    """Load the requirements with their limits."""
    return load_document(DATA / "designation_tests.yaml", DesignationTests)
