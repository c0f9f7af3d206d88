"""Rules of the day that are switches or parameters: read from the data file, never typed in code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from keian.core import DOCUMENT, load_document

Allocation = Literal["fill", "level", "classes"]
ALLOCATIONS: tuple[Allocation, ...] = ("fill", "level", "classes")  # by the code of the arrays
DATA = Path(__file__).parent / "data"


class Rules(BaseModel):
    """Parameters of the crisis model; `crisis/data/rules.yaml` gives the reason for each."""

    model_config = DOCUMENT

    days_per_year: float
    tau_days: float  # speed of restocking
    smooth_days: float  # smoothing of expected demand
    sigma_share: float  # surge headroom
    floor_cover_days: float  # least cover in the table
    lag_per_cover: float  # least cover = lag / this
    vital_maker_share: float  # share of vital users in a product that puts its makers first
    least_input_share: float  # inputs below this share of output never limit
    queue_rate_share: float  # what a reopened passage clears a day on top, share of normal
    notice_days: float  # how long a shortage lasts before users of goods save
    producers_least_share: float  # least fill of producers, share of the fill of vital users
    restock_days: float  # speed at which users of goods fill up again
    cover_scale_low: float  # range of the scale on the table's covers
    cover_scale_high: float


def load_rules() -> Rules:
    """Load the shipped parameters."""
    return load_document(DATA / "rules.yaml", Rules)


@dataclass(frozen=True, slots=True)
class Switches:
    """Structural switches of one run: the published models differ by these.

    kappa : 1, 2 or inf; how much a short supplier favours producers over ordinary final users.
    allocation : how a short supplier shares out what vital users leave: "fill" by kappa, "level" to
        equal relative shortage from below, "classes" by priority class. The last two ignore
        kappa, and under "level" an economy may never come back (method page, recovery).
    criticality : "rated" or "all" inputs critical.
    phi : 1, 3, 5 or 10; how much more than its share a lost origin matters.
    new_links : whoever misses something looks among the suppliers of competitors too.
    """

    kappa: float = 2.0
    criticality: Literal["rated", "all"] = "rated"
    phi: float = 1.0
    allocation: Allocation = "fill"
    new_links: bool = False
