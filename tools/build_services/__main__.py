"""Write dependence.csv: ``python -m tools.build_services [OUT]``.

No published matrix of Japan's fifteen essential services exists. This one is derived, pair by pair:
the coefficient from the input-output table, the rating from the survey of critical inputs, floors
and backup from expert.csv where it names the pair, else from the supplier's floors by rating.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keian.core import Triple
from keian.economy.essential import find_floor, read_forms
from keian.economy.forms import ServiceForm
from keian.economy.frames import read_frame
from keian.economy.nouns import FloatArray
from keian.economy.world_table import WorldTable, load_world_table

DATA = Path(__file__).parents[2] / "src/keian/economy/data/japan"
HOME = "JPN"
LEAST_COEFFICIENT = 0.001  # inputs under 0.1 % of output never limit (docs/method/crisis.md)
ENDS = ("low", "mode", "high")
THROUGH_GOODS = "oil"  # fuels are critical goods, with users of their own
COLUMNS = (
    "user", "supplier", "coefficient", "rating", "basis", "tier",
    "floor_low", "floor_mode", "floor_high",
    "backup_days_low", "backup_days_mode", "backup_days_high", "acts", "why", "sources",
)  # fmt: skip
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What every pair is judged from."""

    table: WorldTable
    A: FloatArray  # (n, n) input coefficients, row sells to column
    ratings: dict[tuple[str, str], float]  # asked ratings only
    expert: dict[tuple[str, str], dict[str, object]]


def load_basis(data: Path) -> Basis:
    """Load the table, the asked ratings and the expert file."""
    table = load_world_table(data / "table")
    A = np.divide(table.Z, table.x, out=np.zeros_like(table.Z), where=table.x > 0)
    frame = read_frame(data / "table/criticality.csv").dropna(subset="rating")
    asked = zip(frame["product"], frame["industry"], frame["rating"], strict=True)
    expert = read_frame(data / "essential_services/expert.csv")
    lines = {(row["user"], row["supplier"]): dict(row) for _, row in expert.iterrows()}
    return Basis(table, A, {(p, i): float(r) for p, i, r in asked}, lines)


def list_rows(data: Path) -> list[Row]:
    """List every pair of services in the economy's order, with itself too."""
    basis = load_basis(data)
    forms = [form for _, form in read_forms(data / "essential_services")]
    forms = [form for form in forms if form.tier != "registered"]
    unknown = {name for pair in basis.expert for name in pair} - {form.id for form in forms}
    if unknown:
        raise SystemExit(f"expert.csv names unknown services: {sorted(unknown)}")
    return [judge_pair(user, supplier, basis) for user in forms for supplier in forms]


def judge_pair(user: ServiceForm, supplier: ServiceForm, basis: Basis) -> Row:
    """Judge what one service keeps without another."""
    coefficient = calc_coefficient(user, supplier, basis)
    rating = basis.ratings.get((_find_industry(supplier), _find_industry(user)))
    head = (user.id, supplier.id, f"{coefficient:.5f}", "" if rating is None else f"{rating:g}")
    acts = int(find_unit(user) is not None and supplier.id != THROUGH_GOODS)
    line = basis.expert.get((user.id, supplier.id))
    if line is not None:
        given = (*_take(line, "floor"), *_take(line, "backup_days"))
        return (*head, "expert", line["tier"], *given, acts, line["why"], line["sources"])
    if supplier.id == THROUGH_GOODS:
        why = "Fuels are critical goods: their users and stocks stand there."
        return (*head, "goods", 2, 1, 1, 1, 0, 0, 0, acts, why, "a-through-goods")
    if user is supplier and user.outage_unit is not None:
        share = user.parent_share or Triple(low=1, mode=1, high=1)
        kept = tuple(f"{1 - end:g}" for end in (share.high, share.mode, share.low))
        why = "An outage stops what the service makes of its unit's output."
        named = " ".join(share.sources) or "a-named-share"
        return (*head, "own", 2, *kept, 0, 0, 0, acts, why, named)
    if supplier.defaults is None or coefficient < LEAST_COEFFICIENT:
        why = "Nothing worth naming is bought, and the expert file does not name the pair."
        return (*head, "none", 2, 1, 1, 1, 0, 0, 0, acts, why, "a-no-dependence")
    unit = find_unit(user) or f"{HOME}.{user.parent_industry}"
    floor = find_floor(supplier, supplier.defaults, basis.table, unit)
    backup = supplier.defaults.backup_days
    why = "By the rating of the supplier's industry for the user's."
    sources = dict.fromkeys((*floor.sources, *backup.sources, "ihs-critical-inputs"))
    return (
        *head, "rating", supplier.defaults.tier, *_show(floor), *_show(backup), acts, why,
        " ".join(sources),
    )  # fmt: skip


def calc_coefficient(user: ServiceForm, supplier: ServiceForm, basis: Basis) -> float:
    """Calculate purchases of the supplier's product, from home and abroad, over the user's output.

    A service that is a share of an industry sells that share of it, and buys as all of it does.
    """
    table = basis.table
    column = table.units.index(find_unit(user) or f"{HOME}.{user.parent_industry}")
    product = table.products.index(_find_industry(supplier))
    bought = float(basis.A[table.unit_product == product, column].sum())
    share = supplier.parent_share.mode if supplier.parent_share is not None else 1.0
    return bought * share


def write_dependence(out: Path, data: Path = DATA) -> None:
    """Write the table into the folder `out`."""
    with (out / "dependence.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(list_rows(data))


def find_unit(form: ServiceForm) -> str | None:
    """Find the unit of its own that a service has; null = it is a share of an industry."""
    return form.provider or form.outage_unit


def _find_industry(form: ServiceForm) -> str:
    """Find the industry that a service is or is part of."""
    unit = find_unit(form) or f"{HOME}.{form.parent_industry}"
    return unit.partition(".")[2]


def _take(line: dict[str, object], name: str) -> tuple[str, ...]:
    """Take the three ends of a range from a line of the expert file."""
    return tuple(f"{line[f'{name}_{end}']:g}" for end in ENDS)


def _show(triple: Triple) -> tuple[str, ...]:
    """Show the three ends of a range."""
    return tuple(f"{getattr(triple, end):g}" for end in ENDS)


if __name__ == "__main__":
    write_dependence(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "essential_services")
