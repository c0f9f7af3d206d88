"""The day since which records made before it are to be looked at again: the world they were made for changed."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, load_document

FILE = Path(__file__).parent / "data" / "rules" / "turn.yaml"


class Turn(BaseModel):
    """The day, what changed on it, who says so and why."""

    model_config = DOCUMENT

    on: date
    names: Names
    author: str
    why: Names


@cache
def load_turn() -> Turn:
    """Load the day on which the world changed for which earlier records were made."""
    return load_document(FILE, Turn)
