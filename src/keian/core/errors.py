"""What can go wrong, in one shape: every message ends with the repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what a person wrote or a table holds.

    Attributes
    ----------
    where : `file:line key`, as near as it is known.
    found : what stands there.
    wanted : what should stand there.
    fix : what to do about it.

    Examples
    --------
    >>> print(Problem("s.yaml:4 seed", "'x'", "a whole number", "write a number"))
    s.yaml:4 seed: found 'x', wanted a whole number; fix: write a number
    """

    where: str
    found: str
    wanted: str
    fix: str

    def __str__(self) -> str:
        """Write the problem on one line."""
        return f"{self.where}: found {self.found}, wanted {self.wanted}; fix: {self.fix}"


class KeianError(Exception):
    """Everything keian raises on purpose."""


class _ProblemsError(KeianError, ValueError):
    """Carries every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem], *, lang: Literal["en", "ja"] = "en") -> None:
        self.problems = tuple(problems)
        self.lang: Literal["en", "ja"] = lang  # of the words of the problems
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Write one line per problem."""
        return "\n".join(str(problem) for problem in self.problems)


class InputError(_ProblemsError):
    """What a person wrote is wrong; `.problems` lists all of it."""


class DataError(_ProblemsError):
    """A table or a stored file breaks its schema, digest or identity; `.problems` lists all."""


class NotInForce(KeianError, LookupError):  # noqa: N818 - the name says what holds, as lawyers say it
    """No rule or designation holds on that date; `.nearest` tells which comes nearest in time."""

    def __init__(self, message: str, *, nearest: str = "none") -> None:
        self.nearest = nearest
        super().__init__(message)


class ClearanceError(KeianError, PermissionError):
    """The viewer may not see it; `.reason` names no value above the viewer's label."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ModelError(KeianError, RuntimeError):
    """An invariant broke while running; `.day` and `.where` say when and at what."""

    def __init__(self, message: str, *, day: int | None = None, where: str | None = None) -> None:
        self.day = day
        self.where = where
        super().__init__(message)


class KeianWarning(UserWarning):
    """An assumption was taken; it is also stored in the manifest."""
