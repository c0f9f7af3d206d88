"""Checks of values alone: ranges, lengths of time, periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from types import MappingProxyType

from pydantic import BaseModel

from keian.core import Problem, Triple, YamlDoc, describe_place
from keian.scenario.nouns import (
    CableCut,
    CapacityLoss,
    Measure,
    Rebuild,
    RecordedShock,
    RestrainDemand,
    Scenario,
)
from keian.scenario.triples import Key, walk_triples

Range = tuple[float, float]
SHARE: Range = (0.0, 1.0)
SIGNED_SHARE: Range = (-1.0, 1.0)
CHANGE: Range = (-1.0, inf)
LENGTH: Range = (0.0, inf)
ANY: Range = (-inf, inf)
RANGES: Mapping[str, Range] = MappingProxyType(
    {
        "loss": SHARE,
        "share": SHARE,
        "output_loss_share": SHARE,
        "outage_share": SHARE,
        "faster_share": SHARE,
        "without": SHARE,
        "change": CHANGE,
        "start_day": LENGTH,
        "duration_days": LENGTH,
        "recovery_half_days": LENGTH,
        "days": LENGTH,
        "then_days": LENGTH,
        "draw_limit": LENGTH,
        "backup_days": LENGTH,
        "lead_days": LENGTH,
        "ramp_days": LENGTH,
        "plateau_days": LENGTH,
        "decay_half_days": LENGTH,
        "decision_day": LENGTH,
        "amount": LENGTH,
        "work_team_days": LENGTH,
        "most_teams": LENGTH,
        "teams": LENGTH,
        "capital_years": LENGTH,
        "build_days": LENGTH,
        "known_from_day": ANY,
        "value": ANY,
    }
)
SUM_TOLERANCE = 1e-6
PERCENT = 100.0  # a share above one and up to this was probably written in per cent


@dataclass(frozen=True, slots=True)
class Place:
    """The document that is being checked, and where it was written if that is known."""

    document: str
    written: YamlDoc | None = None

    def where(self, key: Key) -> str:
        """Write where a key stands: `file:line key`, or the document's id where no file is known."""
        if self.written is None:
            return describe_place(self.document, {}, key)
        return describe_place(self.written.path, self.written.lines, key)


def check_ranges(document: BaseModel, place: Place) -> Iterator[Problem]:
    """Check that every value lies in the range of its kind."""
    for key, triple in walk_triples(document):
        name = next(part for part in reversed(key) if isinstance(part, str))
        limits = RANGES.get(name, ANY)
        if name == "share" and isinstance(getattr(document, "lever", None), RestrainDemand):
            limits = SIGNED_SHARE
        if triple.low < limits[0] or triple.high > limits[1]:
            yield _describe_range(name, triple, limits, place.where(key))


def _describe_range(name: str, triple: Triple, limits: Range, where: str) -> Problem:
    worst = triple.high if triple.high > limits[1] else triple.low
    if limits == LENGTH:
        return Problem(
            where=where,
            found=f"{worst:g}",
            wanted="not negative",
            fix=f"correct {name}; times count from day 0 of the run",
        )
    per_cent = limits[1] == 1.0 and 1.0 < worst <= PERCENT
    return Problem(
        where=where,
        found=f"{worst:g}",
        wanted=f"a share from {limits[0]:g} to {limits[1]:g}",
        fix=f"write {worst / PERCENT:g} for {worst:g} %" if per_cent else f"correct {name}",
    )


def check_shock_times(scenario: Scenario, place: Place) -> Iterator[Problem]:
    """Check that shocks last, start before the horizon, and that periods of one id part."""
    periods: dict[str, list[tuple[float, float, int]]] = {}
    for index, shock in enumerate(scenario.shocks):
        start = shock.start_day.mode
        if start >= scenario.horizon_days:
            yield Problem(
                where=place.where(("shocks", index, "start_day")),
                found=f"start on day {start:g}, horizon {scenario.horizon_days} days",
                wanted="a start before the horizon",
                fix="lengthen horizon_days or start the shock earlier",
            )
        curve = getattr(shock, "restoration", None)  # it says by itself how long
        if shock.duration_days.high == 0 and curve is None and not isinstance(shock, RecordedShock):
            yield Problem(
                where=place.where(("shocks", index, "duration_days")),
                found="0 days",
                wanted="a duration above zero",
                fix="give a duration, or leave the shock out",
            )
        periods.setdefault(shock.id, []).append((start, start + shock.duration_days.mode, index))
    for name, spans in periods.items():
        yield from _check_overlap(name, sorted(spans), place)


def check_landings(scenario: Scenario, place: Place) -> Iterator[Problem]:
    """Find landings that a cut names twice: it would strike them twice over."""
    for index, shock in enumerate(scenario.shocks):
        if not isinstance(shock, CableCut) or shock.landings == "all":
            continue
        for name, count in Counter(shock.landings).items():
            if count > 1:
                yield Problem(
                    where=place.where(("shocks", index, "landings")),
                    found=f"{name!r} {count} times",
                    wanted="each landing once",
                    fix="name it once; a second cut of it is a shock of its own",
                )


def check_repairs(scenario: Scenario, place: Place) -> Iterator[Problem]:
    """Check that a loss comes back in one way: by itself, by teams, or by being bought again."""
    for index, shock in enumerate(scenario.shocks):
        ways = [
            name
            for name in ("repair", "rebuild", "restoration")
            if getattr(shock, name, None) is not None
        ]
        if shock.recovery_half_days.high > 0:
            ways.insert(0, "recovery_half_days")
        if len(ways) > 1:
            yield Problem(
                where=place.where(("shocks", index, ways[0])),
                found=" and ".join(ways),
                wanted="one way back",
                fix="keep one of them",
            )
        if isinstance(shock, CapacityLoss) and shock.rebuild is not None:
            yield from _check_rebuild(shock.rebuild, ("shocks", index, "rebuild"), place)


def _check_rebuild(rebuild: Rebuild, key: Key, place: Place) -> Iterator[Problem]:
    total = sum(part.share for part in rebuild.products)
    if abs(total - 1.0) > SUM_TOLERANCE:
        yield Problem(
            where=place.where((*key, "products")),
            found=f"shares that sum to {total:.6g}",
            wanted="shares of the cost that sum to 1",
            fix="correct the shares",
        )
    names = [part.product for part in rebuild.products]
    if len(set(names)) < len(names):
        yield Problem(
            where=place.where((*key, "products")),
            found=", ".join(names),
            wanted="each product once",
            fix="add up the shares of a product",
        )
    for name in ("capital_years", "build_days"):
        if getattr(rebuild, name).low <= 0:
            yield Problem(
                where=place.where((*key, name)),
                found=f"{getattr(rebuild, name).low:g}",
                wanted="more than nothing",
                fix=f"give {name}; building takes money and time",
            )


def _check_overlap(
    name: str, spans: list[tuple[float, float, int]], place: Place
) -> Iterator[Problem]:
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            yield Problem(
                where=place.where(("shocks", later[2], "start_day")),
                found=f"{name!r} starts on day {later[0]:g}, its period before ends on {earlier[1]:g}",
                wanted="periods of one shock that follow each other",
                fix="start it later, or give the second shock an id of its own",
            )


def check_measure_times(measure: Measure, scenario: Scenario, place: Place) -> Iterator[Problem]:
    """Check that a measure is decided before the horizon."""
    day = measure.decision_day.mode
    if day >= scenario.horizon_days:
        yield Problem(
            where=place.where(("decision_day",)),
            found=f"decision on day {day:g}, horizon of {scenario.id} {scenario.horizon_days} days",
            wanted="a decision before the horizon",
            fix="decide earlier or lengthen horizon_days",
        )
