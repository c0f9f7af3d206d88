"""How numbers are written: two significant digits, true minus, en dash, units of each language."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from keian.core import Figure, read_yaml
from keian.report.words import Lang

UNITS_FILE = Path(__file__).parent / "units.yaml"
MINUS = "\u2212"
DASH = "\u2013"
MISSING = "\u2013"
PER_YEAR = " per year"
RESULT_DIGITS = 2
INPUT_DIGITS = 3
HUNDRED = 100.0
THOUSAND = 1000.0

UnitKind = Literal[
    "day", "days", "share", "percent", "points", "yen", "dollar", "count", "rate", "other"
]


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How a unit is printed: its kind and the factor to the unit of that kind."""

    kind: UnitKind
    factor: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number formats of one language; days at or beyond the horizon get a plus sign."""

    lang: Lang
    horizon_days: int | None = None

    def value(self, figure: Figure | None, *, short: bool = False, sign: bool = False) -> str:
        """Value of the mode run with its unit: 'day 41', '18 days', '62%', '¥28 bn'.

        Parameters
        ----------
        figure : Figure or None
            None or a figure without value prints as a dash.
        short : bool
            Chart form: '18 d' instead of '18 days'.
        sign : bool
            Print + before gains.
        """
        if figure is None or figure.value is None or math.isnan(figure.value):
            return MISSING
        text = self.scalar(figure.value, figure.unit, short=short, digits=calc_digits(figure))
        if figure.censored == ">=" and read_unit(figure.unit).kind != "day":
            text = self._at_least(figure.value, figure, short=short)
        elif figure.censored == "<=":
            text = text + " 以下" if self.lang == "ja" else "up to " + text
        gain = (
            sign
            and figure.value > 0
            and not figure.censored
            and any(c in text for c in "123456789")
        )
        return "+" + text if gain else text

    def scalar(
        self, value: float, unit: str, *, short: bool = False, digits: int = RESULT_DIGITS
    ) -> str:
        """One number with its unit."""
        rule = read_unit(unit)
        scaled = float(value * rule.factor)
        if rule.kind in ("yen", "dollar"):
            text = self._money(scaled, rule.kind, digits)
            return self._per_year(text) if unit.endswith(PER_YEAR) else text
        if rule.kind == "day":
            return self._day(scaled)
        whole = (
            rule.kind == "days"
            or (rule.kind in _PERCENT and abs(scaled) >= HUNDRED)
            or (rule.kind == "count" and scaled.is_integer())
        )
        text = format_sig(scaled, whole=whole, digits=digits)
        if rule.kind in _PERCENT and abs(scaled) < LEAST_PERCENT:
            text = "0"
        return self._with_unit(text, rule.kind, unit, one=text.lstrip(MINUS) == "1", short=short)

    def band(self, figure: Figure | None, share: float = 0.8, *, unit: bool = False) -> str | None:
        """Range that holds `share` of the draws, such as '33–52'; None without draws."""
        pair = find_band(figure, share) if figure is not None else None
        if pair is None or figure is None:
            return None
        return self.range(*pair, figure, unit=unit)

    def structural(self, figure: Figure | None, *, unit: bool = False) -> str | None:
        """Range over all model variants; None where they were not run."""
        if figure is None or figure.structural is None:
            return None
        return self.range(*figure.structural, figure, unit=unit)

    def range(
        self,
        low: float,
        high: float,
        figure: Figure,
        *,
        unit: bool = False,
        at_least: tuple[bool, bool] = (False, False),
    ) -> str:
        """Two ends with an en dash, or in words when one is negative; + where one is a bound."""
        rule = read_unit(figure.unit)
        if rule.kind in ("yen", "dollar"):
            return self._money_range(low * rule.factor, high * rule.factor, rule.kind)
        ends = [
            self._end(x * rule.factor, figure, rule) + "+" * bound
            for x, bound in zip((low, high), at_least, strict=True)
        ]
        text = self.join_range(*ends)
        if not unit or (self.lang == "en" and rule.kind == "day"):
            return text
        return self._with_unit(text, rule.kind, figure.unit, one=False, short=False)

    def join_range(self, low: str, high: str) -> str:
        """'33–52'; '−9 to −3' where a minus sign would meet the dash."""
        if MINUS in low + high:
            return f"{low}から{high}" if self.lang == "ja" else f"{low} to {high}"
        return low if low == high else f"{low}{DASH}{high}"

    def brief(self, figure: Figure | None, *, short: bool = True, sign: bool = False) -> str:
        """Value and 80 % range in one: '18 d (12–25)'; 'mode run' is said once by the chart."""
        text = self.value(figure, short=short, sign=sign)
        pair = find_band(figure, 0.8) if figure is not None else None
        if figure is None or pair is None or text == MISSING:
            return text
        rule = read_unit(figure.unit)
        if rule.kind in ("yen", "dollar") and figure.value is not None:
            band = self._money_band(pair, figure.value * rule.factor, rule)
        else:
            band = self.range(*pair, figure)
        return f"{text}（{band}）" if self.lang == "ja" else f"{text} ({band})"

    def share(self, figure: Figure | None, *, band: bool = False) -> str:
        """A figure known to be a share, also where its unit is the pure number 1."""
        if figure is not None and read_unit(figure.unit).kind == "count":
            figure = replace(figure, unit="share")
        return self.brief(figure) if band else self.value(figure)

    def swing(self, figure: Figure) -> str:
        """How far an input moves a result; shares move by points."""
        rule = read_unit(figure.unit)
        if figure.value is None or rule.kind not in _PERCENT:
            return self.value(figure)
        return self.scalar(abs(figure.value) * rule.factor, "points")

    def day_or_later(self, day: float) -> str:
        """A day as a bare number, with a plus sign at or beyond the horizon."""
        beyond = self.horizon_days is not None and round(day) >= self.horizon_days
        return format_sig(day, whole=True) + ("+" if beyond else "")

    def _per_year(self, text: str) -> str:
        return f"年{text}" if self.lang == "ja" else f"{text} a year"

    def _day(self, day: float) -> str:
        text = self.day_or_later(day)
        return f"{text}日目" if self.lang == "ja" else f"day {text}"

    def _at_least(self, value: float, figure: Figure, *, short: bool) -> str:
        rule = read_unit(figure.unit)
        text = format_sig(value * rule.factor, whole=rule.kind == "days")
        if self.lang == "ja" and not short:
            return self._with_unit(text, rule.kind, figure.unit, one=False, short=short) + "以上"
        return self._with_unit(text + "+", rule.kind, figure.unit, one=False, short=short)

    def _end(self, value: float, figure: Figure, rule: UnitRule) -> str:
        if rule.kind == "day":
            return self.day_or_later(value)
        if rule.kind == "days":
            return format_sig(value, whole=True)
        if rule.kind in _PERCENT and abs(value) >= HUNDRED:
            return format_sig(value, whole=True)
        like = None if figure.value is None else figure.value * rule.factor
        return format_sig(value, like=like, digits=calc_digits(figure))

    def _with_unit(self, text: str, kind: UnitKind, unit: str, *, one: bool, short: bool) -> str:
        if kind in _PERCENT:
            return f"{text}%"
        if kind == "days":
            days = " d" if short else " day" if one else " days"
            return f"{text}日" if self.lang == "ja" else text + days
        if kind == "points":
            return f"{text}ポイント" if self.lang == "ja" else f"{text} pts"
        if kind == "rate":
            return f"1ドル{text}円" if self.lang == "ja" else f"¥{text} per US dollar"
        if kind == "day":
            return f"{text}日目" if self.lang == "ja" else f"day {text}"
        return text if kind == "count" else f"{text} {unit}"

    def _money(self, millions: float, kind: UnitKind, digits: int = RESULT_DIGITS) -> str:
        if abs(millions) < _LEAST_MILLIONS:
            millions = 0.0
        scale, word = self._money_scale(abs(millions))
        text = format_sig(abs(millions) / scale, digits=digits)
        minus = MINUS if millions < 0 else ""
        if self.lang == "ja":
            return f"{minus}{text}{word}{'円' if kind == 'yen' else 'ドル'}"
        return f"{minus}{'¥' if kind == 'yen' else '$'}{text} {word}"

    def _money_range(self, low: float, high: float, kind: UnitKind) -> str:
        low, high = (0.0 if abs(x) < _LEAST_MILLIONS else x for x in (low, high))
        top_scale, word = self._money_scale(max(abs(low), abs(high)))
        ends = [format_sig(x / top_scale) for x in (low, high)]
        if self.lang == "ja":
            return self.join_range(*ends) + word + ("円" if kind == "yen" else "ドル")
        return f"{'¥' if kind == 'yen' else '$'}{self.join_range(*ends)} {word}"

    def _money_band(self, pair: tuple[float, float], value: float, rule: UnitRule) -> str:
        """Range in the scale of the value before it, so that the unit need not be repeated."""
        if self.lang == "ja":
            return self._money_range(pair[0] * rule.factor, pair[1] * rule.factor, rule.kind)
        scale, _ = self._money_scale(abs(value))
        ends = [
            "0"
            if abs(x * rule.factor) < _LEAST_MILLIONS
            else format_sig(x * rule.factor / scale, like=value / scale)
            for x in pair
        ]
        return self.join_range(*ends)

    def _money_scale(self, millions: float) -> tuple[float, str]:
        """Scale of an amount in millions: m, bn, tn; in Japanese 100万, 億 and 兆."""
        steps = _MONEY_JA if self.lang == "ja" else _MONEY_EN
        for scale, word in steps:
            if float(f"{millions / scale:.{RESULT_DIGITS}g}") >= 1:
                return scale, word
        return steps[-1]


_LEAST_MILLIONS = 0.005  # a few thousand yen: rounding, no result
LEAST_PERCENT = 0.0005  # below this nobody can support a share
_ROUNDING = 1e-7  # smaller than any result the model can support
_PERCENT = ("share", "percent")
_MONEY_EN = ((1e6, "tn"), (1e3, "bn"), (1.0, "m"))
_MONEY_JA = ((1e6, "兆"), (1e2, "億"), (1e-2, "万"))


def format_sig(
    value: float, *, like: float | None = None, digits: int = RESULT_DIGITS, whole: bool = False
) -> str:
    """Write a number with `digits` significant digits and a true minus.

    Parameters
    ----------
    value : float
        The number.
    like : float, optional
        A number whose decimals are the most this one may show (ends of a range).
    digits : int
        Significant digits; 3 only where the input has them.
    whole : bool
        Days: always a whole number.

    Examples
    --------
    >>> format_sig(-2.14), format_sig(1234.0), format_sig(0.4, like=2.1), format_sig(33.4)
    ('−2.1', '1,200', '0.4', '33')
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞"
    if abs(value) < _ROUNDING:
        return "0"
    decimals = 0 if whole else _calc_decimals(value, digits)
    if like is not None and like != 0 and not whole:
        decimals = min(decimals, max(_calc_decimals(like, digits), _calc_decimals(value, 1)))
    rounded = round(value, decimals)
    text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    if digits > RESULT_DIGITS and "." in text:
        text = text.rstrip("0").rstrip(".")
    return MINUS + text if rounded < 0 else text


def find_day(figure: Figure) -> float | None:
    """Day of the mode run; None where the thing does not happen within the horizon."""
    return None if figure.censored == ">=" else figure.value


def calc_digits(figure: Figure) -> int:
    """Significant digits: two, and three only where an input has no more than these three."""
    if figure.kind == "result" or figure.value is None:
        return RESULT_DIGITS
    three = float(f"{figure.value:.{INPUT_DIGITS}g}")
    exact = math.isclose(three, figure.value, rel_tol=_SAME)
    return INPUT_DIGITS if exact or read_unit(figure.unit).kind == "rate" else RESULT_DIGITS


def find_band(figure: Figure, share: float) -> tuple[float, float] | None:
    """Quantiles that enclose `share` of the draws, or None."""
    tail = (1 - share) / 2
    found = {}
    for quantile, value in figure.quantiles:
        for end in (tail, 1 - tail):
            if abs(quantile - end) < _SAME:
                found[end] = value
    ends = [found.get(tail), found.get(1 - tail)]
    if ends[0] is None or ends[1] is None or any(math.isnan(x) for x in ends if x is not None):
        return None
    return ends[0], ends[1]


def is_outside(figure: Figure) -> bool:
    """Whether the mode run lies outside the range that holds 80 % of the draws."""
    pair = find_band(figure, 0.8)
    return pair is not None and figure.value is not None and not pair[0] <= figure.value <= pair[1]


_SAME = 1e-6


def read_unit(unit: str) -> UnitRule:
    """Rule of a unit; an unknown unit is printed after the number as it stands."""
    base = unit.strip().lower().removesuffix(PER_YEAR)
    return _read_units().get(base, UnitRule("other", 1.0))


@cache
def _read_units() -> dict[str, UnitRule]:
    rows = cast("tuple[dict[str, Any], ...]", read_yaml(UNITS_FILE).data)
    return {
        alias.lower(): UnitRule(row["kind"], float(row["factor"]))
        for row in rows
        for alias in row["names"]
    }


def _calc_decimals(value: float, digits: int) -> int:
    if value == 0:
        return 0
    rounded = float(f"{value:.{digits}g}")
    magnitude = math.floor(math.log10(abs(rounded)))
    decimals = digits - 1 - magnitude
    return decimals if abs(rounded) < THOUSAND else min(decimals, 0)
