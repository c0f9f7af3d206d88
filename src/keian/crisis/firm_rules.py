"""Rules, traits and shocks of the firm day: what a run is asked, before it is turned into arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from keian.core import DOCUMENT, InputError, Problem, Source, load_document

DATA = Path(__file__).parent / "data"
Floats = npt.NDArray[np.float64]


class FirmRules(BaseModel):
    """Switches and parameters of the firm day; `crisis/data/firm_rules.yaml` holds the shipped ones.

    `orders: realised` lets orders follow today's output, as the published firm studies do; a stop
    then never heals where stocks are short (docs/method/firms.md).
    """

    model_config = DOCUMENT

    allocation: Literal["fill", "level", "classes"]
    orders: Literal["expected", "realised"]
    kappa: float
    tau_days: float
    smooth_days: float
    headroom_share: float
    cover_days: float
    vital_share: float
    least_input_share: float
    days_per_year: float
    sources: tuple[str, ...]


class _Shipped(BaseModel):
    """The data file: sources, the plain rules, and what each preset changes."""

    model_config = DOCUMENT

    sources: tuple[Source, ...]
    plain: FirmRules
    presets: Mapping[str, Mapping[str, Any]]


def load_firm_rules(preset: str = "plain") -> FirmRules:
    """Load shipped rules: plain, level, classes or inoue-todo.

    Raises
    ------
    InputError
        No such preset.
    """
    shipped = load_document(DATA / "firm_rules.yaml", _Shipped)
    if preset not in shipped.presets:
        known = ", ".join(shipped.presets)
        raise InputError([Problem("rules", repr(preset), f"one of {known}", "choose one")])
    changed = {**shipped.plain.model_dump(), **shipped.presets[preset]}
    return FirmRules.model_validate(changed)


@dataclass(frozen=True, slots=True, eq=False)
class FirmTraits:
    """What is known by industry and not by firm; P products in the order of the network.

    cover_days : (P,) days of input stock beyond the working day.   vital_share : (P,) share of final
    demand that is vital.   criticality : (P, P) product by the client's product, 1, 0.5 or 0.
    stocked : (P,) whether a product can be stocked; an essential service cannot.
    value_added : (P,) value added per output, NaN = not known.
    priority : (P,) class of the clients that make it under `allocation: classes`: 0 first, 2 last.
    """

    cover_days: Floats
    vital_share: Floats
    criticality: Floats
    stocked: npt.NDArray[np.bool_]
    value_added: Floats
    priority: npt.NDArray[np.uint8]
    sources: tuple[str, ...]


def assume_traits(products: int, rules: FirmRules) -> FirmTraits:
    """Make traits of the rules alone: every input critical, value added not known."""
    return FirmTraits(
        cover_days=np.full(products, rules.cover_days),
        vital_share=np.full(products, rules.vital_share),
        criticality=np.ones((products, products)),
        stocked=np.ones(products, dtype=np.bool_),
        value_added=np.full(products, np.nan),
        priority=np.ones(products, dtype=np.uint8),
        sources=rules.sources,
    )


@dataclass(frozen=True, slots=True)
class FirmShock:
    """A loss of capacity or of final demand at some firms.

    Attributes
    ----------
    kind : capacity or final_demand.
    share : share lost, 0 to 1.
    start_day, end_day : the end is excluded; beyond the horizon = it lasts.
    half_life_days : after the end half of the loss remains after so many days; 0 = none remains.
    firms, products, regions : ids; a firm is hit when it fits all that are named. Nothing named = all.
    part : share of the fitting firms that is hit, drawn by seed.
    """

    kind: Literal["capacity", "final_demand"]
    share: float
    start_day: int
    end_day: int
    half_life_days: float = 0.0
    firms: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    part: float = 1.0
    seed: int = 0
    source: str = "what-if"


def calc_course(shock: FirmShock, days: int) -> Floats:
    """Calculate the share of full force by day (2.1).

    Returns
    -------
    (T,) float, 0 to 1.

    Examples
    --------
    >>> calc_course(FirmShock("capacity", 0.5, 1, 3, half_life_days=1.0), 5).tolist()
    [0.0, 1.0, 1.0, 0.5, 0.25]
    """
    day = np.arange(days)
    course = ((day >= shock.start_day) & (day < shock.end_day)).astype(np.float64)
    if shock.half_life_days > 0:
        after = day >= shock.end_day
        course[after] = 0.5 ** ((day[after] - shock.end_day + 1) / shock.half_life_days)
    return course
