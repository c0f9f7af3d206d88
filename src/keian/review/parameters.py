"""Rules of the review that are judgements: read from the data file, never typed in code."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from keian.core import DOCUMENT, Triple, load_document

DATA = Path(__file__).parent / "data"


class Parameters(BaseModel):
    """Thresholds and plan of a review; `review/data/parameters.yaml` gives the reasons."""

    model_config = DOCUMENT

    vital_floor_share: Triple
    depends_swing_share: float
    depends_swing_days: float
    spread_share: float
    fewest_draws: int
    driver_errors: float
    order_holds_share: float
    wait_days: tuple[int, ...]
    driver_count: int
    driver_shown: int
    driver_quantiles: tuple[float, float]
    best_measures: int
    other_draws_share: float
    least_days: float
    least_loss_share: float
    empty_days: float


def load_parameters() -> Parameters:
    """Load the shipped rules."""
    return load_document(DATA / "parameters.yaml", Parameters)
