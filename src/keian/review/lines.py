"""Assumptions first, then sources: every origin of a number that the review shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from pydantic import BaseModel

from keian.core import Figure, Names, Source, Triple
from keian.economy import Economy
from keian.economy.nouns import Good, GoodUse, Route, Service
from keian.review.nouns import AssumptionLine, Driver, ScenarioReview
from keian.review.ranges import Quality, list_ranges, tell_range, tell_single
from keian.scenario.nouns import Measure, Scenario

USER = "user-"  # ids of the sources that an import gives to changed figures
MOST_PLACES = 6


def walk_documents(thing: object, place: str) -> Iterator[tuple[str, str, Triple | None]]:
    """Walk a document and yield (source id, where it is used, the value with its range)."""
    if isinstance(thing, Triple):
        for source in thing.sources:
            yield source, place, thing
        return
    if isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            value = getattr(thing, name)
            if name == "sources":
                for source in value:
                    yield source, place, None
            elif isinstance(value, BaseModel | tuple):
                yield from walk_documents(value, f"{place}.{name}")
    elif isinstance(thing, tuple):
        for item in thing:
            key = getattr(item, "id", getattr(item, "origin", getattr(item, "unit", "")))
            yield from walk_documents(item, f"{place}.{key}" if key else place)


def walk_replaced(thing: object, place: str) -> Iterator[tuple[str, str]]:
    """Walk a document and yield (source id, where a user's own figure stands in place of it).

    An import puts the user's source before those that the figure had. Where only some numbers of a
    row changed, the others still rest on the old source; the place names the numbers that changed.
    """
    if isinstance(thing, Triple):
        yield from _list_replaced(thing.sources, place)
    elif isinstance(thing, BaseModel):
        changed = [
            name
            for name in type(thing).model_fields
            if isinstance(value := getattr(thing, name), Triple)
            and any(source.startswith(USER) for source in value.sources)
        ]
        where = [f"{place}.{name}" for name in changed] or [place]
        for one in where:
            yield from _list_replaced(getattr(thing, "sources", ()) or (), one)
        for name in type(thing).model_fields:
            yield from walk_replaced(getattr(thing, name), f"{place}.{name}")
    elif isinstance(thing, tuple):
        for item in thing:
            key = getattr(item, "id", getattr(item, "origin", getattr(item, "unit", "")))
            yield from walk_replaced(item, f"{place}.{key}" if key else place)


def _list_replaced(sources: tuple[str, ...], place: str) -> Iterator[tuple[str, str]]:
    if any(source.startswith(USER) for source in sources):
        yield from ((source, place) for source in sources if not source.startswith(USER))


def walk_figures(thing: object) -> Iterator[Figure]:
    """Walk a review and yield every figure in it."""
    if isinstance(thing, Figure):
        yield thing
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from walk_figures(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for item in thing:
            yield from walk_figures(item)
    elif isinstance(thing, Mapping):
        for item in thing.values():
            yield from walk_figures(item)


def _place(document: Good | GoodUse | Service | Route) -> str:
    return f"{document.good}.{document.unit}" if isinstance(document, GoodUse) else document.id


def _collect(
    economy: Economy, scenarios: Iterable[Scenario], measures: Iterable[Measure]
) -> dict[str, list[tuple[str, Triple | None]]]:
    used: dict[str, list[tuple[str, Triple | None]]] = {}
    documents: list[tuple[object, str]] = [(g, g.id) for g in economy.goods]
    documents += [(u, f"{u.good}.{u.unit}") for u in economy.uses]
    documents += [(s, s.id) for s in economy.services]
    documents += [(r, r.id) for r in economy.routes]
    documents += [(s, s.id) for s in scenarios]
    documents += [(m, m.id) for m in measures]
    for document, place in documents:
        for source, where, triple in walk_documents(document, place):
            used.setdefault(source, []).append((where, triple))
    for parameter, source in economy.assumptions.items():
        used.setdefault(source, []).append((f"table.{parameter}", None))
    return used


def _collect_replaced(economy: Economy) -> dict[str, list[str]]:
    """Places where a user's own figure stands, by the source that it replaces there."""
    replaced: dict[str, list[str]] = {}
    documents: tuple[Good | GoodUse | Service | Route, ...] = (
        *economy.goods, *economy.uses, *economy.services, *economy.routes,
    )  # fmt: skip
    for document in documents:
        for name, place in walk_replaced(document, _place(document)):
            replaced.setdefault(name, []).append(place)
    return replaced


def _collect_drivers(reviews: Iterable[ScenarioReview]) -> dict[str, Driver]:
    """The strongest inputs by their sources."""
    drivers: dict[str, Driver] = {}
    for review in reviews:
        for driver in review.drivers:
            for name in driver.sources:
                drivers.setdefault(name, driver)
    return drivers


def list_lines(
    economy: Economy,
    scenarios: tuple[Scenario, ...],
    measures: tuple[Measure, ...],
    known: Mapping[str, Source],
    reviews: tuple[ScenarioReview, ...],
    others: Iterable[object] = (),
) -> tuple[AssumptionLine, ...]:
    """List every source in use: assumptions A1, A2 ..., then sources S1, S2 ...

    An assumption says what it moves where it stands behind one of the strongest inputs. `others`
    are parts of the review beside the scenarios whose figures have sources too.
    """
    used = _collect(economy, scenarios, measures)
    for figure in walk_figures((reviews, tuple(others))):
        for name in figure.sources:
            used.setdefault(name, [])
    for review in reviews:
        for comparison in review.comparisons:
            used.setdefault(comparison.source, []).append((review.id, None))
    ranges = list_ranges(economy, scenarios, measures)
    replaced = _collect_replaced(economy)
    drivers = _collect_drivers(reviews)
    found = [known[name] for name in used if name in known]
    assumed = [s for s in found if s.kind == "assumption"]
    assumed.sort(key=lambda s: (s.id not in drivers, s.id))
    other = sorted((s for s in found if s.kind != "assumption"), key=lambda s: s.id)
    lines = []
    for letter, group in (("A", assumed), ("S", other)):
        for k, source in enumerate(group, start=1):
            moved: Names | None = drivers[source.id].names if source.id in drivers else None
            places, rows = used[source.id], ranges.get(source.id, [])
            quality: Quality | None = None
            words = tell_single(rows)
            if source.kind == "assumption":
                told = tell_range(source.id, rows)
                quality, words = told.quality, told.words
            elif source.kind == "calibration" and rows:  # stands beside the assumptions
                words = tell_range(source.id, rows).words
            lines.append(
                AssumptionLine(
                    source=source,
                    mark=f"{letter}{k}",
                    used_for=tuple(dict.fromkeys(where for where, _ in places))[:MOST_PLACES],
                    range_text=words,
                    range_quality=quality,
                    moves=moved,
                    replaced_for=tuple(dict.fromkeys(replaced.get(source.id, ())))[:MOST_PLACES],
                )
            )
    return tuple(lines)
