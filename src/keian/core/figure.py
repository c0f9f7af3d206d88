"""The only thing a report prints as a number."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, get_args

from keian.core.errors import DataError, Problem
from keian.core.label import Label, Labelled

Kind = Literal["input", "result", "assumption", "calibration"]
Censored = Literal["", ">=", "<="]


class _Unstated:
    """Marks a field that the caller must state although an earlier field may be left out."""


_UNSTATED: Final[Any] = _Unstated()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its band, unit, kind, origin and label.

    Attributes
    ----------
    value : the number of the mode run or the source; None = missing, and it stays missing.
    low, high : band of the draws or of the source, None = none given.
    quantiles : pairs of (share of draws, value), shares rising.
    unit : unit of all numbers here; `1` for a pure number.
    kind : what sort of number it is.
    sources : ids of its sources.
    label : who may see it.
    trace : key in a document, or run id and variable.
    structural : band over the variants of the model.
    censored : `>=` if the true value may lie beyond the horizon, `<=` if before the first day.
    """

    value: float | None
    low: float | None
    high: float | None
    quantiles: tuple[tuple[float, float], ...] = ()
    unit: str = _UNSTATED
    kind: Kind = _UNSTATED
    sources: tuple[str, ...] = ()
    label: Label = _UNSTATED
    trace: str = _UNSTATED
    structural: tuple[float, float] | None = None
    censored: Censored = ""

    def __post_init__(self) -> None:
        """Refuse what could not be shown truthfully."""
        unstated = [
            n for n in ("unit", "kind", "label", "trace") if isinstance(getattr(self, n), _Unstated)
        ]
        problems = [self._describe("nothing", f"a stated {name}", name) for name in unstated]
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is None:
                continue
            if math.isfinite(number):
                # numpy scalars would print and serialise unlike plain numbers
                object.__setattr__(self, name, float(number))
            else:
                problems.append(self._describe(f"{name} {number}", "a finite number or None", name))
        problems += self._check_bands()
        if not unstated and (self.kind not in get_args(Kind) or not self.unit):
            problems.append(self._describe(f"{self.kind!r} in {self.unit!r}", "kind, unit", "kind"))
        if self.censored not in get_args(Censored):
            problems.append(self._describe(repr(self.censored), "'', '>=' or '<='", "censored"))
        if problems:
            raise DataError(problems)

    def parts(self) -> Mapping[str, Labelled]:
        """A figure is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the figure itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a figure has no part {min(names)!r}")
        return self

    def _check_bands(self) -> list[Problem]:
        problems = []
        if self.low is not None and self.high is not None and self.low > self.high:
            problems.append(self._describe(f"{self.low} > {self.high}", "low <= high", "low"))
        shares = [share for share, _ in self.quantiles]
        numbers = [number for _, number in self.quantiles]
        if shares != sorted(shares) or numbers != sorted(numbers):
            problems.append(self._describe("quantiles out of order", "rising pairs", "quantiles"))
        if not all(map(math.isfinite, (*shares, *numbers, *(self.structural or ())))):
            problems.append(self._describe("a number not finite", "finite bands", "quantiles"))
        if self.structural is not None and self.structural[0] > self.structural[1]:
            problems.append(self._describe(str(self.structural), "low <= high", "structural"))
        return problems

    def _describe(self, found: str, wanted: str, name: str) -> Problem:
        stated = not isinstance(self.trace, _Unstated) and self.trace
        return Problem(
            self.trace if stated else "figure",
            found,
            wanted,
            f"correct {name} where the figure is made",
        )
