"""Choke points: nodes whose loss cuts supply and whose replacement takes longer than stocks last."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal, Self

from keian.core import Label, Labelled
from keian.economy import Economy, Good
from keian.economy.nouns import Route, Supply
from keian.exposure.survival import (
    End,
    Replacement,
    calc_cover,
    calc_replacement,
    calc_survival_days,
    is_cover_known,
    list_uses,
    take,
)
from keian.share import raise_to_floor

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["country", "strait", "canal", "cape", "ports"]
Node = tuple[Kind, str]
REST = "rest"
# How far into the ranges the verdict holds; open = nobody knows how soon the loss is replaced, or
# how long the stocks last, so that nothing can be said.
GRADES = ("no", "worst", "open", "mode", "firm")
PORTS = "ports"
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Loss:
    """What one cut does to one good at one end of its ranges.

    share : of normal national supply lost.   survive_days : until stocks are gone, None = no stock
    is known.   replacement : days until it is replaced, and by what.
    """

    share: float
    survive_days: float | None
    cover_days: float | None
    replacement: Replacement

    def is_choke(self, least_share: float) -> bool | None:
        """Tell whether the loss is large and outlasts the stocks; None = nobody can say."""
        if self.share <= least_share or self.survive_days == math.inf:
            return False
        if self.survive_days is None or self.replacement.days is None:
            return None
        return self.replacement.days > self.survive_days


@dataclass(frozen=True, slots=True, eq=False)
class ChokePoints:
    """Cuts of one node and of two, by good, the gravest first (schema/choke_points.csv)."""

    table: pd.DataFrame
    least_share: float
    sources: tuple[str, ...]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """The table is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the table itself: it has no parts to take out."""
        if names:
            raise KeyError(f"choke points have no part {min(names)!r}")
        return self


def find_choke_points(
    economy: Economy,
    *,
    least_share: float,
    goods: Sequence[str] = (),
    pairs: bool = True,
) -> ChokePoints:
    """Judge every supplier country, strait, canal, cape and port group of every good that runs.

    Pairs stand only where together they are graver than either alone: a choke point that neither
    is, or a loss greater than the sum (a detour that the other node closes).

    Parameters
    ----------
    least_share : loss of national supply above which a node can be a choke point.
    goods : ids; empty = all that run.
    """
    import pandas as pd

    rows = [
        row
        for good in economy.goods
        if not goods or good.id in goods
        for row in _list_rows(economy, good, least_share, pairs=pairs)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["order"] = frame["grade"].map({name: place for place, name in enumerate(GRADES)})
    frame = frame.sort_values(
        ["order", "loss_share", "good", "node", "second"],
        ascending=[False, False, True, True, True],
        na_position="first",
        ignore_index=True,
    ).drop(columns="order")
    cited = [s for good in economy.goods for line in good.supplies for s in line.sources]
    cited += [s for good in economy.goods for pool in good.pools for s in pool.sources]
    cited += [s for route in economy.routes for s in route.sources]
    return ChokePoints(
        table=frame,
        least_share=least_share,
        sources=tuple(dict.fromkeys([*cited, "a-choke-share"])),
        label=raise_to_floor(economy.label),
    )


COLUMNS = (
    "good", "name_en", "name_ja", "kind", "node", "second_kind", "second",
    "loss_share", "loss_share_low", "loss_share_high",
    "cover_days", "survive_days", "survive_days_low", "survive_days_high",
    "replacement_days", "replaced_by", "grade",
)  # fmt: skip


def list_nodes(economy: Economy, good: Good) -> tuple[Node, ...]:
    """List the nodes that the supply of a good hangs on: countries, then passages and ports."""
    found: dict[Node, None] = {}
    for line in good.supplies:
        if line.origin not in {economy.home, REST} and line.share.high > 0:
            found[("country", line.origin)] = None
    for route in economy.routes:
        if any(find_passing(economy, good, line, route, "high") > 0 for line in good.supplies):
            found[(route.kind, route.id)] = None
    return tuple(found)


def find_passing(economy: Economy, good: Good, line: Supply, route: Route, end: End) -> float:
    """Find the share of one supply line that passes a route.

    A line names its straits; port groups stand with the flows of the table.
    """
    named = [take(part.share, end) for part in line.routes if part.route == route.id]
    if named or route.kind != "ports" or line.origin == economy.home:
        return max(named, default=0.0)
    region = economy.country_region.get(line.origin)
    return max(
        (
            take(flow.share, end)
            for flow in route.flows
            if flow.destination == economy.home
            and (flow.origin == region or line.origin == REST)
            and (flow.products == "goods" or good.parent_product in flow.products)
        ),
        default=0.0,
    )


def list_left(
    economy: Economy, good: Good, cut: Collection[Node], end: End
) -> list[tuple[Supply, float]]:
    """List what still arrives on each supply line when nodes are cut, as shares of supply.

    Passages of one line lie in a row, so the worst of them counts and not their sum. A passage with
    a way round is lost only where every way round is closed too.
    """
    total = sum(take(line.share, "mode") for line in good.supplies)
    shut = {name for kind, name in cut if kind != "country"}
    gone = {name for kind, name in cut if kind == "country"}
    closed = [
        r for r in economy.routes if r.id in shut and r.kind != PORTS and not has_detour(r, shut)
    ]
    left = []
    for line in good.supplies:
        share = line.share.mode / total
        lost = max((find_passing(economy, good, line, r, end) for r in closed), default=0.0)
        lost = max(lost, find_lost_at_ports(economy, good, line, shut, end))
        left.append((line, 0.0 if line.origin in gone else share * (1 - lost)))
    return left


def find_lost_at_ports(
    economy: Economy, good: Good, line: Supply, shut: Collection[str], end: End
) -> float:
    """Find the share of a line that shut port groups lose, less what open ones take on.

    As in a crisis run: an open group takes on its spare share beyond its own trade.
    """
    groups = [r for r in economy.routes if r.kind == PORTS]
    if not any(group.id in shut for group in groups):
        return 0.0
    mild: dict[End, End] = {"low": "high", "mode": "mode", "high": "low"}
    passing = {r.id: find_passing(economy, good, line, r, end) for r in groups}
    lost = min(1.0, sum(share for name, share in passing.items() if name in shut))
    usual = {r.id: find_passing(economy, good, line, r, "mode") for r in groups if r.id not in shut}
    open_share = sum(usual.values())
    if open_share <= 0:
        return lost
    spare = sum(
        usual[r.id] * take(r.fleet_spare_share, mild[end]) for r in groups if r.id not in shut
    )
    return max(0.0, lost - (1 - lost) * spare / open_share)


def has_detour(route: Route, shut: Collection[str]) -> bool:
    """Tell whether ships can go round a passage while others are shut."""
    if route.detour_days is None:
        return False
    return not route.detour_by or any(not set(way) & set(shut) for way in route.detour_by)


def calc_loss(economy: Economy, good: Good, cut: Collection[Node], case: End) -> Loss:
    """Calculate what a cut does to a good.

    Parameters
    ----------
    case : "mode", "low" = the mildest reading of every range (least lost, most in stock, quickest
        replaced), "high" = the gravest. Shares of suppliers stay at their mode: they sum to one.
    """
    mild = {"low": "high", "mode": "mode", "high": "low"}
    uses = list_uses(economy, good)
    left = list_left(economy, good, cut, case)
    arriving = sum(share for _, share in left)
    lost = max(0.0, 1.0 - arriving)
    opposite: End = mild[case]  # type: ignore[assignment] # the three ends
    known = is_cover_known(good, uses)
    cover = calc_cover(good, uses, opposite).days if known else None
    if lost <= SAME:
        return Loss(0.0, math.inf, cover, Replacement(0.0, "others"))
    others = not any(kind == PORTS for kind, _ in cut)
    replacement = calc_replacement(
        good, uses, left, opposite if case != "mode" else "mode", others=others
    )
    survive = None if cover is None else calc_survival_days(cover, lost)
    return Loss(lost, survive, cover, replacement)


def grade_cut(losses: Mapping[End, Loss], least_share: float) -> str:
    """Grade a verdict: firm = even at the mildest, mode, worst = at the gravest only, no.

    open = the loss is large, but how soon it is replaced, or how long the stocks last, is not known
    at the mode: what nobody knows is no verdict. At the gravest reading it counts as too late.
    """
    said = {end: loss.is_choke(least_share) for end, loss in losses.items()}
    if said["mode"] is None:
        return "open"
    if said["mode"]:
        return "firm" if said["low"] else "mode"
    return "no" if said["high"] is False else "worst"


def _list_rows(
    economy: Economy, good: Good, least_share: float, *, pairs: bool
) -> Iterator[tuple[object, ...]]:
    nodes = list_nodes(economy, good)
    alone: dict[Node, tuple[float, int]] = {}
    for node in nodes:
        losses = _calc_cases(economy, good, (node,))
        grade = grade_cut(losses, least_share)
        alone[node] = (losses["mode"].share, GRADES.index(grade))
        if losses["high"].share > SAME:
            yield _make_row(good, (node,), losses, grade)
    for pair in combinations(nodes, 2) if pairs else ():
        losses = _calc_cases(economy, good, pair)
        grade = grade_cut(losses, least_share)
        graver = GRADES.index(grade) > max(alone[node][1] for node in pair)
        joint = losses["mode"].share > sum(alone[node][0] for node in pair) + SAME
        if graver or joint:
            yield _make_row(good, pair, losses, grade)


def _calc_cases(economy: Economy, good: Good, cut: Collection[Node]) -> dict[End, Loss]:
    cases: tuple[End, ...] = ("low", "mode", "high")
    return {case: calc_loss(economy, good, cut, case) for case in cases}


def _make_row(
    good: Good, cut: Sequence[Node], losses: Mapping[End, Loss], grade: str
) -> tuple[object, ...]:
    mode = losses["mode"]
    second = cut[1] if len(cut) > 1 else (None, None)
    return (
        good.id, good.names.en, good.names.ja, *cut[0], *second,
        mode.share, losses["low"].share, losses["high"].share,
        mode.cover_days, _finite(mode.survive_days),
        _finite(losses["high"].survive_days), _finite(losses["low"].survive_days),
        _finite(mode.replacement.days), mode.replacement.by, grade,
    )  # fmt: skip


def _finite(days: float | None) -> float | None:
    return days if days is not None and math.isfinite(days) else None
