"""Criticality of inputs and days of input stock for keian's industries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.build_japan.raw import OWN, read_rows
from tools.build_japan.write import write_rows

CRITICAL = 1.0
IMPORTANT = 0.5
DAYS_PER_MONTH = 30.4
FOLDER = "critical-inputs"
STOCKS = {
    "inputs": "ratio_input_inv_go_monthly",
    "all": "ratio_all_inv_go_monthly",
}

Ratings = dict[tuple[str, str], float | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One rating that a named rule changed."""

    product: str
    industry: str
    before: float
    after: float
    rule: str
    why: str


def read_members(raw: Path) -> dict[str, tuple[str, ...]]:
    """List the fine industries of the analysts that make up each industry of keian."""
    members: dict[str, list[str]] = {}
    for row in read_rows(raw / FOLDER / "wiod55_to_wiod35.csv"):
        members.setdefault(row["wiod2013"], []).append(row["wiod2016"])
    for row in read_rows(OWN / "parts_wiod55.csv"):
        members.setdefault(row["part"], []).append(row["wiod2016"])
    return {industry: tuple(names) for industry, names in members.items()}


def read_ratings(raw: Path) -> Ratings:
    """Read the analysts' ratings, input by using industry; blanks stay missing."""
    ratings: Ratings = {}
    for row in read_rows(raw / FOLDER / "ihs_critical_inputs_wiod55.csv"):
        seller = row.pop("")
        for user, cell in row.items():
            ratings[seller, user] = float(cell) if cell else None
    return ratings


def calc_criticality(
    ratings: Ratings, members: Mapping[str, tuple[str, ...]]
) -> tuple[Ratings, list[Change]]:
    """Bring the ratings to keian's industries and apply the reviewed rules.

    A merged cell takes the largest rating inside it, so that no bottleneck is averaged
    away; a cell without any rating stays missing.

    Returns
    -------
    ratings by (input product, using industry), and the list of changes with reasons.
    """
    merged: Ratings = {}
    for product, sellers in members.items():
        for industry, users in members.items():
            merged[product, industry] = _find_largest(ratings, sellers, users)
    changes = [
        *_limit_minor_members(ratings, members, merged),
        *_apply_rules(merged),
    ]
    for change in changes:
        merged[change.product, change.industry] = change.after
    return merged, changes


def calc_inventory_days(
    raw: Path, members: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[float | None, ...]]:
    """Turn stocks in months of output into days: all stocks, and input stocks.

    Returns
    -------
    (inputs, all) days by using industry: the plain mean over its known fine industries.
    """
    months: dict[str, list[tuple[str, float]]] = {}
    for row in read_rows(raw / FOLDER / "inventory_to_output_wiod55.csv"):
        for kind, column in STOCKS.items():
            if row[column]:
                months.setdefault(kind, []).append((row["wiod_code"], float(row[column])))
    return {
        industry: tuple(_average_days(months[kind], names) for kind in STOCKS)
        for industry, names in members.items()
    }


def _average_days(months: list[tuple[str, float]], members: tuple[str, ...]) -> float | None:
    """Average the known months of some industries, in days; None if none is known."""
    known = [value for name, value in months if name in members]
    return sum(known) / len(known) * DAYS_PER_MONTH if known else None


def _find_largest(
    ratings: Ratings, sellers: tuple[str, ...], users: tuple[str, ...]
) -> float | None:
    """Return the largest known rating over the members, None if none is known."""
    cells = (ratings.get((seller, user)) for seller in sellers for user in users)
    return max((cell for cell in cells if cell is not None), default=None)


def _limit_minor_members(
    ratings: Ratings, members: Mapping[str, tuple[str, ...]], merged: Ratings
) -> list[Change]:
    """Hold merged users at `important` where only a minor member is rated critical."""
    changes = []
    for row in read_rows(OWN / "main_members.csv"):
        industry = row["industry"]
        main = tuple(row["main_members"].split())
        for product, sellers in members.items():
            before = merged[product, industry]
            rated = _find_largest(ratings, sellers, main)
            if before == CRITICAL and product != industry and (rated or 0) < IMPORTANT:
                changes.append(
                    Change(product, industry, before, IMPORTANT, "minor-member", row["why"])
                )
    return changes


def _apply_rules(merged: Ratings) -> list[Change]:
    """Lower the ratings that the reviewed rules name."""
    changes = []
    for row in read_rows(OWN / "criticality_rules.csv"):
        after = float(row["to"])
        for product in row["inputs"].split():
            for industry in row["users"].split():
                before = merged[product, industry]
                if before is not None and before > after:
                    changes.append(
                        Change(product, industry, before, after, row["rule"], row["why"])
                    )
    return changes


def write_criticality(raw: Path, out: Path) -> None:
    """Write ratings, the changes made to them, and days of input stock."""
    members = read_members(raw)
    ratings, changes = calc_criticality(read_ratings(raw), members)
    order = [row["id"] for row in read_rows(OWN / "industries.csv")]
    write_rows(
        out / "criticality.csv",
        ("product", "industry", "rating"),
        [(p, i, ratings[p, i]) for p in order for i in order],
    )
    write_rows(
        out / "criticality_changes.csv",
        ("product", "industry", "before", "after", "rule", "why"),
        [(c.product, c.industry, c.before, c.after, c.rule, c.why) for c in changes],
    )
    days = calc_inventory_days(raw, members)
    write_rows(
        out / "inventory_days.csv",
        ("industry", "input_inventory_days", "all_inventory_days", "members"),
        [(industry, *days[industry], " ".join(members[industry])) for industry in order],
    )
