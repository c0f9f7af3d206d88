"""Parts that shocks strike: of a unit in an area or on a contract, of a service by its cables."""

from __future__ import annotations

from collections.abc import Iterator

from keian.core import Triple
from keian.economy.nouns import Economy, Restoration, Workforce
from keian.scenario.nouns import (
    ActingShock,
    CableCut,
    DecisionDelay,
    RecordedShock,
    Scenario,
    ServiceOutage,
    Shock,
)


def list_area_units(economy: Economy, area: str) -> dict[str, Triple]:
    """List the units with a known share of output in an area, with that share."""
    return {part.unit_id: part.share for a in economy.areas if a.id == area for part in a.shares}


def find_struck_service(shock: Shock, economy: Economy) -> str | None:
    """Find the service that a shock strikes by itself: its outage, or a cut of its cables."""
    if isinstance(shock, ServiceOutage):
        return shock.service
    if isinstance(shock, CableCut):
        return next((p.service for p in economy.cables if p.id == shock.cables), None)
    return None


def find_curve(shock: Shock, economy: Economy) -> Restoration | None:
    """Find the published curve by which an outage comes back; None = it names none."""
    if not isinstance(shock, ServiceOutage) or shock.restoration is None:
        return None
    curves = [c for s in economy.services if s.id == shock.service for c in s.restoration]
    return next((c for c in curves if c.id == shock.restoration), None)


def find_workforce(economy: Economy, unit: str) -> Workforce | None:
    """Find the line of the workforce table that a unit belongs to; None = nothing is known."""
    return next((line for line in economy.workforce if unit in line.units), None)


def has_contracts(economy: Economy, unit: str) -> bool:
    """Tell whether the shares of regular and other staff of a unit are known."""
    line = find_workforce(economy, unit)
    return line is not None and line.regular_share is not None


def list_begun(scenario: Scenario, day: float) -> Iterator[ActingShock]:
    """List the shocks that act and have begun by a day: what is yet to come explains nothing."""
    for shock in scenario.shocks:
        if not isinstance(shock, RecordedShock | DecisionDelay) and shock.start_day.mode <= day:
            yield shock


def weigh_begun(shock: ActingShock, day: float) -> float:
    """Weigh a shock that has begun: its loss times the share of the days to this one it lasted."""
    loss = getattr(shock, "loss", None)
    lasted = min(shock.duration_days.mode, day + 1 - shock.start_day.mode)
    return (1.0 if loss is None else float(loss.mode)) * max(lasted, 0.0) / (day + 1)
