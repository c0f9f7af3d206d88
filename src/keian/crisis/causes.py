"""What bound a unit on a day, as names instead of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keian.crisis._arrays import CAPITAL, DEMAND, GOOD, INPUT, NONE, ORIGIN, SERVICE, WORKFORCE
from keian.crisis.compile import Compiled

CauseKind = Literal["none", "demand", "capital", "workforce", "service", "input", "origin", "good"]

KINDS: tuple[tuple[int, CauseKind], ...] = (
    (NONE, "none"),
    (DEMAND, "demand"),
    (CAPITAL, "capital"),
    (WORKFORCE, "workforce"),
    (SERVICE, "service"),
    (INPUT, "input"),
    (ORIGIN, "origin"),
    (GOOD, "good"),
)


@dataclass(frozen=True, slots=True)
class Cause:
    """A binding cause: its kind and the id of the service, product or good behind it."""

    kind: CauseKind
    id: str | None


def name_cause(compiled: Compiled, code: int, index: int) -> Cause:
    """Name a recorded cause.

    Parameters
    ----------
    code, index : int, from `Outcome.cause` and `Outcome.cause_index`.
    """
    kind = dict(KINDS)[int(code)]
    economy = compiled.economy
    match kind:
        case "service":
            return Cause(kind, economy.services[index].id)
        case "input" | "origin":
            return Cause(kind, economy.products[index])
        case "good":
            return Cause(kind, economy.uses[index].good)
        case _:
            return Cause(kind, None)
