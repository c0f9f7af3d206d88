"""Assumptions first, then sources: every origin of a number that the review shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from pydantic import BaseModel

from keian.core import Figure, Names, Source, Triple
from keian.economy import Economy
from keian.review.nouns import AssumptionLine, Driver, ScenarioReview
from keian.scenario.nouns import Measure, Scenario


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


def _range_text(places: list[tuple[str, Triple | None]]) -> str | None:
    """The range of an assumption, where it stands behind one value only."""
    values = {(t.low, t.mode, t.high) for _, t in places if t is not None}
    if len(values) != 1:
        return None
    low, mode, high = values.pop()
    return f"{mode:g}" if low == high else f"{mode:g} ({low:g}–{high:g})"


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
    drivers: dict[str, Driver] = {}
    for review in reviews:
        for driver in review.drivers:
            for name in driver.sources:
                drivers.setdefault(name, driver)
    found = [known[name] for name in used if name in known]
    assumed = [s for s in found if s.kind == "assumption"]
    assumed.sort(key=lambda s: (s.id not in drivers, s.id))
    other = sorted((s for s in found if s.kind != "assumption"), key=lambda s: s.id)
    lines = []
    for letter, group in (("A", assumed), ("S", other)):
        for k, source in enumerate(group, start=1):
            moved: Names | None = drivers[source.id].names if source.id in drivers else None
            places = used[source.id]
            lines.append(
                AssumptionLine(
                    source=source,
                    mark=f"{letter}{k}",
                    used_for=tuple(dict.fromkeys(where for where, _ in places))[:6],
                    range_text=_range_text(places),
                    moves=moved,
                )
            )
    return tuple(lines)
