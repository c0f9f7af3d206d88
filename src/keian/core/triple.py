"""Uncertain values as people write them: a number, three numbers, or ends and a distribution."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal, overload

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, model_validator

from keian.core.documents import DOCUMENT
from keian.core.validation_words import RefusedValueError

Dist = Literal["triangular", "uniform", "lognormal", "fixed"]
FloatArray = npt.NDArray[np.float64]

LARGEST = 1e15  # nothing keian counts is larger: world output is about 1.5e14 dollars a year
LIST_LENGTH = 3
# A lognormal is cut where this share lies below `low` and above `high`, and z is its quantile.
CUT_SHARE = 0.05
CUT_Z = 1.6448536269514722
SAME = 1e-9  # relative; a stated mode of a lognormal must be its own
FORMS = "a number, [low, mode, high], or a mapping with low, mode and high"
LONGEST_VALUE = 60


class Triple(BaseModel):
    """An uncertain value: ends, mode and how it is spread between them.

    A bare number is fixed; `[low, mode, high]` or `{low, mode, high}` is triangular with low and
    high as ends; `{value, source}` is fixed and sourced; `{dist: uniform, low, high}` needs no
    mode (the mode run takes the middle); `{dist: lognormal, low, high}` is the lognormal with 5 %
    below `low` and 5 % above `high`, cut there, so that no draw ever leaves the ends.

    Examples
    --------
    >>> Triple.model_validate([1, 2, 4]).quantile(0.0)
    1.0
    >>> Triple.model_validate(3).fixed
    True
    """

    model_config = DOCUMENT
    # Keys a person may write; `load_document` names them when it meets an unknown one.
    written_keys: ClassVar[tuple[str, ...]] = (
        "low", "mode", "high", "value", "dist", "source", "sources", "note",
    )  # fmt: skip

    low: float
    mode: float
    high: float
    dist: Dist = "triangular"
    sources: tuple[str, ...] = ()
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_forms(cls, written: object) -> object:
        if isinstance(written, cls):
            return written
        if isinstance(written, dict):
            return _read_mapping(dict(written))
        if isinstance(written, list | tuple):
            if len(written) != LIST_LENGTH:
                raise RefusedValueError(f"{len(written)} items", FORMS, "write three numbers")
            return _close({}, *written)
        return _close({}, written, written, written)

    @property
    def fixed(self) -> bool:
        """Whether there is only one value."""
        return self.low == self.high

    @overload
    def quantile(self, u: float) -> float: ...

    @overload
    def quantile(self, u: FloatArray) -> FloatArray: ...

    def quantile(self, u: float | FloatArray) -> float | FloatArray:
        """Calculate the inverse of the distribution function.

        Parameters
        ----------
        u : (k,) float or float, from 0 to 1.

        Returns
        -------
        (k,) float or float, from `low` to `high`.
        """
        if isinstance(u, float | int) and self.dist != "lognormal":
            return self._find_one(u)
        share = np.asarray(u, dtype=np.float64)
        if self.fixed:
            values = np.full(share.shape, self.low)
        elif self.dist == "uniform":
            values = self.low + share * (self.high - self.low)
        elif self.dist == "lognormal":
            values = _calc_lognormal(self.low, self.high, share)
        else:
            values = _calc_triangular(self.low, self.mode, self.high, share)
        values = np.clip(values, self.low, self.high)
        return float(values) if share.ndim == 0 else values

    def _find_one(self, u: float) -> float:
        """Do for one number what the arrays of `quantile` do, without their cost per call.

        Sums and square roots round alike here and in numpy, so a draw alone and the same draw
        among others agree to the last bit. `exp` need not: the lognormal stays with the arrays.
        """
        low, high = self.low, self.high
        share, width = float(u), high - low
        if width == 0:
            return low
        if self.dist == "uniform":
            value = low + share * width
        elif share * width < self.mode - low:
            value = low + math.sqrt(share * width * (self.mode - low))
        else:
            value = high - math.sqrt((1 - share) * width * (high - self.mode))
        return min(max(value, low), high)


def _calc_triangular(low: float, mode: float, high: float, u: FloatArray) -> FloatArray:
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u * (high - low) < mode - low, rising, falling)


def _calc_lognormal(low: float, high: float, u: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    middle, spread = _fit_lognormal(low, high)
    inner = CUT_SHARE + u * (1 - 2 * CUT_SHARE)
    return np.asarray(np.exp(middle + spread * ndtri(inner)), dtype=np.float64)


def _fit_lognormal(low: float, high: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm."""
    middle = (math.log(low) + math.log(high)) / 2
    return middle, (math.log(high) - math.log(low)) / (2 * CUT_Z)


def _read_mapping(written: dict[str, Any]) -> dict[str, Any]:
    """Bring a mapping into the form low, mode, high, dist and the rest."""
    _read_sources(written)
    if "value" in written:
        if written.keys() & {"low", "mode", "high"}:
            raise RefusedValueError("value beside low, mode or high", FORMS, "rename value to mode")
        value = written.pop("value")
        return _close(written, value, value, value)
    needed = ["low", "high"]
    if written.get("dist") not in ("uniform", "lognormal"):
        needed.insert(1, "mode")
    missing = [key for key in needed if key not in written]
    if missing:
        raise RefusedValueError(
            f"no {' and no '.join(missing)}", FORMS, f"add {' and '.join(missing)}"
        )
    low, high = _read_number(written.pop("low")), _read_number(written.pop("high"))
    mode = written.pop("mode", None)
    if mode is None:
        mode = _find_mode(str(written.get("dist")), low, high)
    return _close(written, low, mode, high)


def _read_sources(written: dict[str, Any]) -> None:
    if "source" in written:
        if "sources" in written:
            raise RefusedValueError(
                "both source and sources", "one of them", "keep sources as a list"
            )
        source = written.pop("source")
        written["sources"] = source if isinstance(source, list | tuple) else (source,)
    if isinstance(written.get("sources"), list):
        written["sources"] = tuple(written["sources"])


def _find_mode(dist: str, low: float, high: float) -> float:
    """Find the mode that goes with two ends; the uniform has none and gives its middle."""
    if dist != "lognormal" or low == high:
        return (low + high) / 2
    if not 0 < low <= high:
        raise RefusedValueError(
            f"lognormal from {low} to {high}",
            "ends above zero, low first",
            "correct the ends, or use another dist",
        )
    middle, spread = _fit_lognormal(low, high)
    return math.exp(middle - spread**2)


def _close(rest: dict[str, Any], low: object, mode: object, high: object) -> dict[str, Any]:
    """Check the numbers and put them with the rest of the keys."""
    low, mode, high = _read_number(low), _read_number(mode), _read_number(high)
    if not low <= mode <= high:
        found = f"low {low:g}, mode {mode:g}, high {high:g}"
        raise RefusedValueError(found, "low <= mode <= high", "put the three numbers in order")
    dist = rest.get("dist", "triangular")
    if low == high and dist in ("triangular", "uniform", "lognormal"):
        dist = "fixed"
    elif low != high and dist == "fixed":
        found = f"dist fixed from {low:g} to {high:g}"
        raise RefusedValueError(found, "one value", "write `value`, or drop dist")
    elif dist == "lognormal":
        own = _find_mode(dist, low, high)
        if not math.isclose(mode, own, rel_tol=SAME):
            found = f"mode {mode:g}"
            raise RefusedValueError(
                found, f"the mode of this lognormal, {own:.6g}", "leave mode out"
            )
    return {**rest, "low": low, "mode": mode, "high": high, "dist": dist}


def _read_number(written: object) -> float:
    if isinstance(written, bool) or not isinstance(written, int | float | np.number):
        raise RefusedValueError(_show(written), FORMS, "write a number without quotes or unit")
    # The size is checked first: Python's whole numbers may be too large for any float.
    if not -LARGEST <= written <= LARGEST:
        raise RefusedValueError(
            _show(written), "a finite number up to 1e15", "check number and unit"
        )
    return float(written)


def _show(value: object) -> str:
    return "nothing" if value is None else repr(value)[:LONGEST_VALUE]
