"""Checks what rows of documents must add up to, and who stands for whom, at the row and column.

Loading an economy checks the same; here a person is told where in the sheets it is, together with
every other fault of the workbook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keian.economy.check import SHARE_TOLERANCE, USE_TOLERANCE
from keian.economy.overlays import HOKKAIDO
from keian.sheets.cells import Fault
from keian.sheets.contents import Cells
from keian.sheets.parse import Parsed
from keian.sheets.places import Findings

MOST_ADDED = 6  # shares of a sum that are written out
FEWEST_IN_A_BLOCK = 2
SUM_OF_ONE = "shares that sum to 1"


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows of a sheet with their places; those that have a fault already are left out."""

    sheet: str
    rows: tuple[tuple[int, Cells], ...]
    whole: bool

    def group(self, key: str) -> dict[str, list[tuple[int, Cells]]]:
        """Group the rows by a column."""
        groups: dict[str, list[tuple[int, Cells]]] = defaultdict(list)
        for place, cells in self.rows:
            groups[str(cells.get(key))].append((place, cells))
        return dict(groups)


class Totals:
    """Checks of one import: what was read and where the findings go."""

    def __init__(self, parsed: Parsed, findings: Findings) -> None:
        self.parsed, self.findings = parsed, findings

    def take(self, sheet: str) -> Placed:
        """Take the rows of a sheet; not whole where a row has a fault or the sheet is missing."""
        rows = self.parsed.contents.rows.get(sheet, [])
        faulty = self.parsed.faulty.get(sheet, [set() for _ in rows])
        kept = tuple((n, cells) for n, cells in enumerate(rows) if not faulty[n])
        lost = sheet in self.parsed.broken or sheet not in self.parsed.files
        return Placed(sheet, kept, not lost and len(kept) == len(rows))

    def tell(self, sheet: str, place: int, key: str, fault: Fault) -> None:
        """Tell a fault at a cell."""
        number = self.parsed.numbers[sheet][place]
        self.findings.add(
            self.parsed.show(sheet, number, key), fault, self.parsed.show_column(sheet, key)
        )

    def call(self, sheet: str, key: str) -> str:
        """Call a column as the person sees it, with its sheet."""
        return f"{self.parsed.call_column(sheet, key)} ({self.parsed.call_sheet(sheet)})"


def check_totals(parsed: Parsed, findings: Findings, others: Mapping[str, str]) -> None:
    """Check what goods, uses, cables, workforce and areas must add up to.

    Parameters
    ----------
    parsed
        What was read.
    findings
        Takes the faults.
    others
        Tier of goods that stand elsewhere, by id.
    """
    totals = Totals(parsed, findings)
    _check_supplies(totals)
    _check_uses(totals)
    _check_made_from(totals, others)
    _check_landings(totals)
    _check_contracts(totals)
    _check_twice(totals, "workforce", "units")
    _check_twice(totals, "areas", "prefectures")
    _check_area_shares(totals)
    _check_blocks(totals)
    _check_missing(totals)


def _read_mode(cells: Cells, key: str) -> float | None:
    """Read the middle of a figure; of an even range, the middle of its ends."""
    mode = cells.get(f"{key}.mode")
    if mode is None and cells.get(f"{key}.dist") == "uniform":
        low, high = cells.get(f"{key}.low"), cells.get(f"{key}.high")
        return None if low is None or high is None else (low + high) / 2
    return mode


def _add_up(rows: list[tuple[int, Cells]], key: str) -> tuple[float, str] | None:
    """Add up a share over rows: the sum and how it comes about; None where one is missing."""
    shares = [_read_mode(cells, key) for _, cells in rows]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        return None
    told = " + ".join(f"{share:.6g}" for share in known[:MOST_ADDED])
    if len(known) == 1:
        return known[0], told
    more = " + ..." if len(known) > MOST_ADDED else ""
    return sum(known), f"{told}{more} = {sum(known):.6g}"


def _check_supplies(totals: Totals) -> None:
    """Check that the shares of a good's lines sum to one; lines of imports share what is left."""
    supplies = totals.take("supplies")
    if not supplies.whole:
        return
    for good, rows in supplies.group("good").items():
        if any(cells.get("of") == "imports" for _, cells in rows):
            continue
        added = _add_up(rows, "share")
        if added and abs(added[0] - 1.0) > SHARE_TOLERANCE:
            found = f"shares of {good}: {added[1]}"
            fault = Fault(found, SUM_OF_ONE, "change one of its lines")
            totals.tell("supplies", rows[-1][0], "share.mode", fault)


def _check_uses(totals: Totals) -> None:
    """Check that uses make up all use of a good, and that a modelled good has one."""
    goods, uses = totals.take("goods"), totals.take("uses")
    if not (goods.whole and uses.whole):
        return
    by_good = uses.group("good")
    for place, cells in goods.rows:
        good, rows = str(cells.get("id")), by_good.get(str(cells.get("id")), [])
        rest = _read_mode(cells, "uses_not_modelled_share") or 0.0
        added = _add_up(rows, "use_share")
        if cells.get("tier") == "modelled" and not rows:
            fix = f"add a row to the sheet {totals.parsed.call_sheet('uses')}"
            fault = Fault(f"no use of {good}", "a use, since the tier is modelled", fix)
            totals.tell("goods", place, "tier", fault)
        elif rows and added and abs(added[0] + rest - 1.0) > USE_TOLERANCE:
            named = totals.call("goods", "uses_not_modelled_share.mode")
            found = f"shares of {good}: {added[1]}, and {rest:.6g} under {named}"
            fault = Fault(found, SUM_OF_ONE, "change one of them")
            totals.tell("uses", rows[-1][0], "use_share.mode", fault)
        high = cells.get("uses_not_modelled_share.high") or rest
        if high > 0 and cells.get("uses_not_modelled.en") is None:
            fault = Fault("uses not modelled, of nobody", "who they are", "name them")
            totals.tell("goods", place, "uses_not_modelled.en", fault)


def _check_made_from(totals: Totals, others: Mapping[str, str]) -> None:
    """Find goods made from themselves over some steps, and modelled ones of an illustrative one."""
    goods = totals.take("goods")
    above = {str(cells.get("id")): cells.get("made_from") for _, cells in goods.rows}
    tiers = {**others, **{str(cells.get("id")): cells.get("tier") for _, cells in goods.rows}}
    for place, cells in goods.rows:
        own, parent = str(cells.get("id")), cells.get("made_from")
        step = parent
        passed = [own]
        while step is not None and step not in passed:
            passed.append(step)
            step = above.get(step)
        if step == own:
            found = f"a circle: {' < '.join((*passed, own))}"
            fault = Fault(found, "a chain", "break the circle")
            totals.tell("goods", place, "made_from", fault)
        elif cells.get("tier") == "modelled" and tiers.get(parent or "") == "illustrative":
            found = f"made from {parent}, which is illustrative"
            fix = "make both of one tier, or clear the cell"
            totals.tell("goods", place, "made_from", Fault(found, "a modelled good", fix))


def _check_landings(totals: Totals) -> None:
    """Check that the landings of a cable carry all its capacity."""
    landings, cables = totals.take("landings"), totals.take("cables")
    if not landings.whole:
        return
    by_cable = landings.group("cable")
    for cable, rows in by_cable.items():
        added = _add_up(rows, "capacity_share")
        if added and abs(added[0] - 1.0) > SHARE_TOLERANCE:
            fault = Fault(f"shares of {cable}: {added[1]}", SUM_OF_ONE, "change one of its lines")
            totals.tell("landings", rows[-1][0], "capacity_share.mode", fault)
    for place, cells in cables.rows if cables.whole else ():
        if str(cells.get("id")) not in by_cable:
            fix = f"add a row to the sheet {totals.parsed.call_sheet('landings')}"
            fault = Fault(f"no landing of {cells.get('id')}", SUM_OF_ONE, fix)
            totals.tell("cables", place, "id", fault)


def _check_contracts(totals: Totals) -> None:
    """Check that both kinds of contract make up all employees of a line, or that neither is given."""
    for place, cells in totals.take("workforce").rows:
        shares = [_read_mode(cells, key) for key in ("regular_share", "non_regular_share")]
        known = [share for share in shares if share is not None]
        if len(known) == 1:
            fault = Fault("one share of contracts", "both or none", "write both, or clear both")
            key = "non_regular_share.mode" if shares[1] is None else "regular_share.mode"
            totals.tell("workforce", place, key, fault)
        elif known and abs(sum(known) - 1.0) > SHARE_TOLERANCE:
            found = (
                f"shares of {cells.get('id')}: {known[0]:.6g} + {known[1]:.6g} = {sum(known):.6g}"
            )
            fault = Fault(found, SUM_OF_ONE, "change one of them")
            totals.tell("workforce", place, "non_regular_share.mode", fault)


def _check_twice(totals: Totals, sheet: str, key: str) -> None:
    """Find what two rows list though only one may."""
    first: dict[str, int] = {}
    for place, cells in totals.take(sheet).rows:
        listed: Any = cells.get(key)
        for name in listed if isinstance(listed, tuple) else ():
            if name in first and first[name] != place:
                row = totals.parsed.numbers[sheet][first[name]]
                fault = Fault(f"{name!r} as in row {row}", "each in one row", "correct the list")
                totals.tell(sheet, place, key, fault)
            first.setdefault(name, place)


def _check_area_shares(totals: Totals) -> None:
    """Check that areas share out no more than all of a unit."""
    shares = totals.take("area_shares")
    for unit, rows in shares.group("unit_id").items():
        added = _add_up(rows, "share")
        if added and added[0] > 1.0 + SHARE_TOLERANCE:
            found = f"shares of {unit}: {added[1]}"
            fault = Fault(found, "shares that sum to at most 1", "change one of them")
            totals.tell("area_shares", rows[-1][0], "share.mode", fault)


def _check_blocks(totals: Totals) -> None:
    """Find areas of one prefecture where no regional table says what is there."""
    if totals.parsed.contents.values.get("parameters", {}).get("regional_table"):
        return
    for place, cells in totals.take("areas").rows:
        listed = cells.get("prefectures") or ()
        if len(listed) < FEWEST_IN_A_BLOCK and tuple(listed) != (HOKKAIDO,):
            fix = "join it with its neighbours"
            fault = Fault("one prefecture", "a block of prefectures", fix)
            totals.tell("areas", place, "prefectures", fault)


def _check_missing(totals: Totals) -> None:
    """Check that a good that is only listed says what is missing."""
    listed, gaps = totals.take("registered"), totals.take("registered_missing")
    if not gaps.whole:
        return
    named = gaps.group("registered")
    for place, cells in listed.rows:
        if str(cells.get("id")) not in named:
            fix = f"add a row to the sheet {totals.parsed.call_sheet('registered_missing')}"
            fault = Fault(f"nothing missing of {cells.get('id')}", "what is not known", fix)
            totals.tell("registered", place, "id", fault)
