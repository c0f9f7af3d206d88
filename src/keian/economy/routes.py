"""Routes: expand written flows of straits and port groups to origin and destination pairs."""

from __future__ import annotations

from pathlib import Path

from keian.core import InputError, Problem, load_document
from keian.economy.forms import FlowForm, RouteFile, RouteForm
from keian.economy.nouns import IntArray, Route, RouteFlow

WAYS = "ways.yaml"
OPEN_SEA = "open-sea"


def load_routes(
    folder: Path, regions: tuple[str, ...], products: tuple[str, ...], lag_days: IntArray
) -> tuple[Route, ...]:
    """Load every file of routes in a folder.

    Parameters
    ----------
    lag_days : (R, R) int, days, origin by destination

    Raises
    ------
    InputError
        A region or product is unknown, or a passage lies beyond the destination; all at once.
    """
    problems: list[Problem] = []
    routes: list[Route] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == WAYS:
            continue
        for form in load_document(path, RouteFile).routes:
            where = f"{folder.name}/{path.name}: {form.id}"
            found = _check_form(form, regions, products, where)
            problems += found
            if not found:
                routes.append(expand_route(form, regions, lag_days))
    if problems:
        raise InputError(problems)
    return tuple(routes)


def expand_route(form: RouteForm, regions: tuple[str, ...], lag_days: IntArray) -> Route:
    """Expand one written route."""
    flows = [flow for line in form.flows for flow in _expand_flow(line, regions, lag_days)]
    return Route(
        id=form.id,
        names=form.names,
        kind=form.kind,
        detour_days=form.detour_days,
        detour_by=tuple(_split_way(way) for way in form.detour_by),
        fleet_spare_share=form.fleet_spare_share,
        yard_days=form.yard_days,
        flows=tuple(flows),
        note=form.note,
        sources=form.sources,
    )


def _split_way(way: str) -> tuple[str, ...]:
    """Split one way of a detour into the routes it passes; open sea passes none."""
    return () if way == OPEN_SEA else tuple(way.split("+"))


def _expand_flow(form: FlowForm, regions: tuple[str, ...], lag_days: IntArray) -> list[RouteFlow]:
    """Give one flow per origin; a place beyond the days on the way is the arrival."""
    others = tuple(region for region in regions if region != form.destination)
    end = regions.index(form.destination)
    flows: list[RouteFlow] = []
    for origin in others if form.origins == "*" else form.origins:
        lag = float(lag_days[regions.index(origin), end])
        place = lag if form.position_days == "arrival" else min(form.position_days, lag)
        flows.append(
            RouteFlow(
                origin=origin,
                destination=form.destination,
                products=form.products,
                share=form.share,
                position_days=place,
                both_ways=form.both_ways,
                sources=form.sources,
            )
        )
    return flows


def _check_form(
    form: RouteForm, regions: tuple[str, ...], products: tuple[str, ...], where: str
) -> list[Problem]:
    """List what is wrong with one route."""
    problems: list[Problem] = []
    for number, flow in enumerate(form.flows):
        named = [flow.destination, *(() if flow.origins == "*" else flow.origins)]
        unknown = [region for region in named if region not in regions]
        if flow.products != "goods":
            unknown += [product for product in flow.products if product not in products]
        problems += [
            Problem(
                where=f"{where}.flows[{number}]",
                found=name,
                wanted="a region of table/regions.csv or a product of table/industries.csv",
                fix="correct the id",
            )
            for name in unknown
        ]
    return problems
