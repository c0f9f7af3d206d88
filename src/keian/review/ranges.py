"""The ranges of assumptions: which figures rest on each, how wide they are, in which unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel

from keian.core import DOCUMENT, Names, Triple, load_document
from keian.crisis.rules import load_rules
from keian.economy import Economy
from keian.review.parameters import load_parameters
from keian.review.words import has, join_names, say
from keian.scenario.nouns import Measure, Scenario

RANGES_SHOWN = 3
STATED = Path(__file__).parent / "data" / "assumptions.yaml"
OWN_UNIT = ("value", "amount")  # fields whose record names the unit beside them
UNITS = MappingProxyType({"teams": "teams", "most_teams": "teams", "work_team_days": "team_days", "capital_years": "years", "draw_limit": "days_a_day"})  # fmt: skip
COUNTED_IN_TENS = ("billion",)  # Japanese counts money in hundreds of millions
Quality = Literal["range", "value", "rule", "unset"]


class StatedRange(BaseModel):
    """A number that an assumption puts into the table, where no document keeps its range."""

    model_config = DOCUMENT

    names: Names
    low: float
    mode: float
    high: float


class Stated(BaseModel):
    """Assumptions that are rules or choices, and ranges that only a build step knows."""

    model_config = DOCUMENT

    rules: tuple[str, ...]
    alternatives: dict[str, Names]  # of a rule: what else is played
    shares: dict[str, tuple[StatedRange, ...]]


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure that rests on a source: what it is, its ends and mode, its unit."""

    names: Names
    triple: Triple
    unit: str  # days, share, teams ... or the unit that the record itself names
    direct: bool  # the figure itself names the source; else the record around it does


@dataclass(frozen=True, slots=True)
class RangeWords:
    """What the report says of the range of an assumption."""

    quality: Quality
    words: Names


@cache
def load_stated() -> Stated:
    """Load what is a rule, and the ranges that no document keeps."""
    return load_document(STATED, Stated)


class _Walk:
    """Walk documents and collect their figures by source; places are told by names."""

    def __init__(self, economy: Economy) -> None:
        self.found: dict[str, list[Ranged]] = {}
        self.names = {**economy.country_names, **economy.region_names, **economy.unit_names}
        self.names |= {route.id: route.names for route in economy.routes}
        self.names |= {good.id: good.names for good in economy.goods}
        self.names |= {service.id: service.names for service in economy.services}
        landings = [landing for pool in economy.cables for landing in pool.landings]
        self.names |= {landing.id: landing.names for landing in landings}
        self.names["rest"] = say("range.rest")

    def name_record(self, thing: BaseModel, above: Names | None) -> Names | None:
        """Name a record by its own names, or by the country, unit or route it is about."""
        own = getattr(thing, "names", None)
        if not isinstance(own, Names):
            own = self._name_struck(thing)
        if own is None:
            keys = ("good", "unit", "origin", "route", "unit_id", "service", "id", "measure")
            parts = [
                self.names.get(key, Names(en=key, ja=key))
                for name in keys
                if name in type(thing).model_fields
                and isinstance(key := getattr(thing, name), str)
                and not (name == "unit" and "amount" in type(thing).model_fields)
            ]
            if not parts:
                return above
            # Its own id tells a record only where it says nothing of what it is about.
            parts = parts[:2] if len(parts) == 1 or hasattr(thing, "good") else parts[:1]
            own = Names(en=", ".join(p.en for p in parts), ja="・".join(p.ja for p in parts))
        if above is None:
            return own
        return Names(en=f"{above.en}, {own.en}", ja=f"{above.ja}・{own.ja}")

    def _name_struck(self, thing: BaseModel) -> Names | None:
        """Name a shock by the coasts or goods it strikes; its id is no name."""
        for field in ("landings", "goods") if hasattr(thing, "id") else ():
            struck = getattr(thing, field, ())
            named = [self.names[key] for key in struck if key in self.names]
            if named and not isinstance(struck, str) and not hasattr(thing, "origin"):
                return join_names(named)
        return None

    def walk(self, thing: object, above: Names | None, sources: tuple[str, ...]) -> None:
        """Walk a record; a figure without sources of its own rests on those around it."""
        if isinstance(thing, tuple):
            for item in thing:
                self.walk(item, above, sources)
        if not isinstance(thing, BaseModel) or isinstance(thing, Names):
            return
        named = self.name_record(thing, above)
        sources = getattr(thing, "sources", ()) or sources
        for name, field in type(thing).model_fields.items():
            value = getattr(thing, name)
            if isinstance(value, Triple):
                if value != field.default and named is not None:
                    self._add(thing, name, value, named, sources)
            else:
                self.walk(value, named, sources)

    def _add(
        self, thing: BaseModel, name: str, triple: Triple, named: Names, sources: tuple[str, ...]
    ) -> None:
        unit = getattr(thing, "unit", "") if name in OWN_UNIT else _find_unit(name)
        title = say("input.good", good=named, field=say(f"field.{name}"))
        row = Ranged(title, triple, unit, direct=bool(triple.sources))
        for source in triple.sources or sources:
            self.found.setdefault(source, []).append(row)


def _find_unit(name: str) -> str:
    if name in UNITS:
        return UNITS[name]
    return "days" if name.endswith(("_days", "_day")) or name == "days" else "share"


def list_ranges(
    economy: Economy, scenarios: Iterable[Scenario], measures: Iterable[Measure]
) -> dict[str, list[Ranged]]:
    """List the figures that rest on each source, by its id, in the order of the documents."""
    walk = _Walk(economy)
    documents: tuple[BaseModel, ...] = (
        *economy.goods, *economy.uses, *economy.services, *economy.routes, *economy.cables,
        *economy.repair_pools, *economy.workforce, *economy.areas, *scenarios, *measures,
    )  # fmt: skip
    for document in documents:
        walk.walk(document, None, ())
    for source, shares in load_stated().shares.items():
        for share in shares:
            triple = Triple(low=share.low, mode=share.mode, high=share.high)
            row = Ranged(share.names, triple, "share", direct=True)
            walk.found.setdefault(source, []).append(row)
    floor = load_parameters().vital_floor_share
    for source in floor.sources:
        row = Ranged(say("range.vital_floor"), floor, "share", direct=True)
        walk.found.setdefault(source, []).append(row)
    scale = economy.assumptions.get("cover_days")
    if scale is not None:
        rules = load_rules()
        triple = Triple(low=rules.cover_scale_low, mode=1.0, high=rules.cover_scale_high)
        row = Ranged(say("input.cover"), triple, "times", direct=True)
        walk.found.setdefault(scale, []).append(row)
    return walk.found


def tell_range(source: str, rows: list[Ranged]) -> RangeWords:
    """Tell the range of an assumption: its figures, that it is a rule, or that nobody set a range.

    Figures that name the assumption themselves go before those that only stand in a record that
    does; figures with a range go before single values.
    """
    stated = load_stated()
    if source in stated.alternatives:
        return RangeWords("rule", say("range.rule_else", what=stated.alternatives[source]))
    if source in stated.rules:
        return RangeWords("rule", say("range.rule"))
    direct = [row for row in rows if row.direct] or rows
    values: dict[tuple[float, float, float, str], Ranged] = {}
    for row in sorted(direct, key=lambda row: row.triple.fixed):
        triple = row.triple
        values.setdefault((triple.low, triple.mode, triple.high, row.unit), row)
    if not values:
        return RangeWords("unset", say("range.unset"))
    shown = list(values.values())
    told = [_tell(row) for row in shown[:RANGES_SHOWN]]
    words = Names(en="; ".join(t.en for t in told), ja="、".join(t.ja for t in told))
    left = len({(row.names.en, row.triple.mode) for row in direct}) - len(told)
    if left:
        words = say("range.more", shown=words, count=str(left))
    if all(row.triple.fixed for row in shown):
        return RangeWords("value", say("range.value", shown=words))
    return RangeWords("range", words)


def tell_single(rows: list[Ranged]) -> Names | None:
    """Tell the value of a source that stands behind one value only; None = several or none."""
    direct = [row for row in rows if row.direct]
    if len({(r.triple.low, r.triple.mode, r.triple.high, r.unit) for r in direct}) != 1:
        return None
    return _tell(direct[0])


def _tell(row: Ranged) -> Names:
    """Tell one figure: its name, mode and ends with the unit."""
    triple, unit = row.triple, row.unit
    factor = 100.0 if unit == "share" else 1.0
    in_tens = 10.0 if unit.startswith(COUNTED_IN_TENS) else 1.0
    low, mode, high = (
        Names(en=f"{factor * v:.4g}", ja=f"{factor * in_tens * v:.4g}")
        for v in (triple.low, triple.mode, triple.high)
    )
    phrase = say("unit.day") if unit == "days" and mode.en == "1" else _name_unit(unit)
    key = "range.fixed" if triple.fixed else "range.triple"
    apart = Names(en=f" {phrase.en}", ja=phrase.ja)  # English sets a unit off by a space
    return say(key, name=row.names, low=low, mode=mode, high=high, unit=apart)


def _name_unit(unit: str) -> Names:
    """Name a unit as it stands after a number; one that a record brings and nobody named stays."""
    key = "unit." + unit.replace(" ", "_")
    return say(key) if has(key) else Names(en=unit, ja=f" {unit}")
