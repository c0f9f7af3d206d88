"""Mutual dependence of the essential services, read from the table that tools/build_services writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keian.core import InputError, Problem, Triple
from keian.economy.frames import read_frame
from keian.economy.nouns import Service, ServiceNeed, ServiceUse

if TYPE_CHECKING:
    import pandas as pd

DEPENDENCE = "dependence.csv"


def read_needs(folder: Path) -> tuple[ServiceNeed, ...]:
    """Read dependence.csv of a folder of services; a folder without it has none.

    Raises
    ------
    DataError
        Cells break the schema.
    """
    if not (folder / DEPENDENCE).is_file():
        return ()
    frame = read_frame(folder / DEPENDENCE)
    return tuple(_read_need(row) for _, row in frame.iterrows())


def give_uses(
    needs: tuple[ServiceNeed, ...], providers: dict[str, str], service: str
) -> list[ServiceUse]:
    """Give the uses of a service by the units that provide others: the lines that act."""
    return [
        ServiceUse(
            unit=providers[need.user],
            floor=need.floor,
            backup_days=need.backup_days,
            tier=need.tier,
            sources=need.sources,
        )
        for need in needs
        if need.supplier == service and need.acts and need.user in providers
    ]


def check_needs(
    needs: tuple[ServiceNeed, ...], services: tuple[Service, ...], folder: Path
) -> None:
    """Check that every pair names services of the folder, once.

    Raises
    ------
    InputError
        Pairs that are unknown or stand twice; all at once.
    """
    known = {service.id for service in services}
    where = f"{folder.name}/{DEPENDENCE}"
    fix = "run tools/build_services again"
    pairs = [(need.user, need.supplier) for need in needs]
    problems = [
        Problem(where, name, "a service of the folder", fix)
        for name in sorted({name for pair in pairs for name in pair} - known)
    ]
    problems += [
        Problem(where, f"{user} and {supplier} twice", "one line a pair", fix)
        for user, supplier in sorted({pair for pair in pairs if pairs.count(pair) > 1})
    ]
    if problems:
        raise InputError(problems)


def _read_need(row: pd.Series) -> ServiceNeed:
    """Read one line."""
    sources = tuple(str(row["sources"]).split())
    rating = float(row["rating"])
    return ServiceNeed(
        user=row["user"],
        supplier=row["supplier"],
        coefficient=row["coefficient"],
        rating=rating if rating == rating else None,  # noqa: PLR0124 - nan is not itself
        basis=row["basis"],
        tier=row["tier"],
        floor=_read_triple(row, "floor", sources),
        backup_days=_read_triple(row, "backup_days", sources),
        acts=bool(row["acts"]),
        why=row["why"],
        sources=sources,
    )


def _read_triple(row: pd.Series, name: str, sources: tuple[str, ...]) -> Triple:
    """Read the three columns of a range."""
    low, mode, high = (float(row[f"{name}_{end}"]) for end in ("low", "mode", "high"))
    return Triple(low=low, mode=mode, high=high, sources=sources)
