"""Parts of units: what of them stands in an area, and who works there on which contract."""

from __future__ import annotations

from keian.core import Triple
from keian.economy.nouns import Economy, Workforce


def list_area_units(economy: Economy, area: str) -> dict[str, Triple]:
    """List the units with a known share of output in an area, with that share."""
    return {part.unit_id: part.share for a in economy.areas if a.id == area for part in a.shares}


def find_workforce(economy: Economy, unit: str) -> Workforce | None:
    """Find the line of the workforce table that a unit belongs to; None = nothing is known."""
    return next((line for line in economy.workforce if unit in line.units), None)


def has_contracts(economy: Economy, unit: str) -> bool:
    """Tell whether the shares of regular and other staff of a unit are known."""
    line = find_workforce(economy, unit)
    return line is not None and line.regular_share is not None
