"""Says where in a spreadsheet something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from keian.core import Problem
from keian.sheets.cells import Fault
from keian.sheets.xlsx_read import name_column

MOST_TOLD = 20  # faults told of one column; the count of the others follows


def show_place(file: str, sheet: str, row: int, title: str = "", column: int = 0) -> str:
    """Write where a cell is; columns are counted from 1.

    Examples
    --------
    >>> show_place("a.xlsx", "pools", 12, "Stock in days: most likely", 11)
    'a.xlsx, sheet pools, row 12, column Stock in days: most likely (K12)'
    """
    text = f"{file}, sheet {sheet}, row {row}"
    return f"{text}, column {title} ({name_column(column)}{row})" if column else text


@dataclass(slots=True)
class Findings:
    """Problems of one import, a limited number of each column."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, where: str, fault: Fault, column: str = "") -> None:
        """Add a fault; `column` names what the limit counts."""
        count = self.counts.get(column, 0) + 1
        self.counts[column] = count
        if not column or count <= MOST_TOLD:
            self.problems.append(Problem(where, fault.found, fault.wanted, fault.fix))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems as they are."""
        self.problems.extend(problems)

    def list_all(self) -> tuple[Problem, ...]:
        """List what was found, with a line for each column that has more."""
        more = [
            Problem(
                column,
                f"{count - MOST_TOLD} more faults of this column",
                "none",
                "correct them the same way",
            )
            for column, count in self.counts.items()
            if column and count > MOST_TOLD
        ]
        return (*self.problems, *more)
