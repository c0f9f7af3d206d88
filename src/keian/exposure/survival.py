"""Time to survive: how long stocks last when a part of supply is cut, and what could replace it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from keian.core import Triple
from keian.economy import Economy, Good
from keian.economy.nouns import GoodUse, Supply

End = Literal["low", "mode", "high"]
ENDS: tuple[End, ...] = ("low", "mode", "high")
By = Literal["others", "substitute", "none"]


@dataclass(frozen=True, slots=True)
class Cover:
    """Days of normal use in stock: public and private pools as far as usable, and users' own."""

    pools_days: float
    users_days: float

    @property
    def days(self) -> float:
        """All of it."""
        return self.pools_days + self.users_days


@dataclass(frozen=True, slots=True)
class Replacement:
    """How soon a lost share can be made good: days, and by what; None = nothing is known of it."""

    days: float | None
    by: By


def take(value: Triple | None, end: End) -> float:
    """Take one end of a range; nothing is 0."""
    return 0.0 if value is None else float(getattr(value, end))


def calc_cover(good: Good, uses: Sequence[GoodUse], end: End) -> Cover:
    """Calculate the days of cover of a good.

    Stocks of users count by the share of national use they serve. Daily limits of drawing and the
    legal conditions of a release are left to the crisis runs, so this is the longest it can last.
    """
    pools = sum(take(p.quantity_days, end) * take(p.usable_share, end) for p in good.pools)
    weight = sum(use.use_share.mode for use in uses)
    own = sum(use.use_share.mode * take(use.cover_days, end) for use in uses)
    return Cover(pools, own / weight if weight > 0 else 0.0)


def is_cover_known(good: Good, uses: Sequence[GoodUse]) -> bool:
    """Tell whether anything is known of a good's stocks: a pool, or what a user holds.

    A user's stock of nought counts only if a source says so; where nobody's stock is known,
    the days of cover are missing and not nought.
    """
    stated = any(use.cover_days.sources or use.cover_days.high > 0 for use in uses)
    return bool(good.pools) or stated


def calc_survival_days(cover_days: float, lost_share: float) -> float:
    """Calculate the time to survive, S / (D (1 - a)): days of cover over the share lost.

    Source
    ------
    Simchi-Levi et al. 2015, with a the share of supply that still arrives.

    Examples
    --------
    >>> round(calc_survival_days(254, 0.737), 1)
    344.6
    >>> calc_survival_days(254, 0.0)
    inf
    """
    return cover_days / lost_share if lost_share > 0 else math.inf


def calc_replacement(
    good: Good,
    uses: Sequence[GoodUse],
    left: Sequence[tuple[Supply, float]],
    end: End,
    *,
    others: bool = True,
) -> Replacement:
    """Calculate how soon what is lost can be replaced.

    Other suppliers count if, each sending as much more as imports can exceed normal (the good's
    catch-up share), they fill the gap together; then the longest of their ways decides. Else substitutes of
    the users, if with them the gap is filled; then the slowest qualification decides.

    Parameters
    ----------
    left : supplies that still arrive, each with its share of normal national supply.
    end : which end of every range to take; days are taken at the same end.
    others : whether other suppliers can send more; through ports that are shut they cannot.
    """
    arriving = sum(share for _, share in left)
    lost = 1.0 - arriving
    extra = take(good.catch_up_share, end) * arriving if others else 0.0
    if extra >= lost:
        days = max((take(line.lag_days, end) for line, share in left if share > 0), default=0.0)
        return Replacement(days, "others")
    known = [use for use in uses if use.substitute_days is not None and use.substitute_share]
    restored = sum(take(use.use_share, end) * take(use.substitute_share, end) for use in known)
    if known and extra + restored >= lost:
        return Replacement(max(take(use.substitute_days, end) for use in known), "substitute")
    return Replacement(None, "none")


def list_uses(economy: Economy, good: Good) -> tuple[GoodUse, ...]:
    """List the users of a good."""
    return tuple(use for use in economy.uses if use.good == good.id)
