"""Shows the routes: detours, ships to spare, what passes them, which scenarios close them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

from keian.cli.errors import write_json
from keian.cli.lookup import call, find_all
from keian.cli.set import (
    add_row,
    load_cli_words,
    make_console,
    print_label,
    print_text,
    start_table,
)
from keian.core import tell_text, to_plain
from keian.core.digest import Plain
from keian.economy import Economy
from keian.economy.nouns import Route, RouteFlow
from keian.scenario import load_scenarios
from keian.scenario.nouns import RouteClosure, Scenario
from keian.scenario.words import Lang, choose, show_days, show_share

INDENT = "  "


def show_routes(economy: Economy, name: str | None, lang: Lang, *, as_json: bool) -> None:
    """List the routes of an economy, or those that a name stands for; a single one in full.

    Raises
    ------
    InputError
        No route has this name.
    """
    routes = economy.routes
    if name is not None:
        called = [call(route.id, route.names) for route in routes]
        found = find_all(name, called, lang, command="keian routes")
        routes = tuple(route for route in routes if route.id in found)
    if as_json:
        write_json(
            {
                "economy": economy.name,
                "label": str(economy.label),
                "routes": [describe_route(r, economy) for r in routes],
            }
        )
        return
    console = make_console()
    print_label(console, economy.label)
    if name is None or len(routes) > 1:
        console.print(set_routes(routes, economy, lang))
        return
    for line in tell_route(routes[0], economy, lang):
        print_text(console, line)


def describe_route(route: Route, economy: Economy) -> dict[str, Plain]:
    """Describe a route as plain data, with its goods, its scenarios and the sources it cites."""
    return {
        **to_plain(route),
        "goods": [good for good, _, _ in _list_supplies(route, economy)],
        "closed_in": [scenario.id for scenario in list_closing(route)],
        "cited": {key: to_plain(economy.sources[key]) for key in route.sources},
    }


def list_closing(route: Route) -> list[Scenario]:
    """List the shipped scenarios that close a route wholly or in part."""
    return [
        scenario
        for scenario in load_scenarios()
        if any(isinstance(s, RouteClosure) and s.route == route.id for s in scenario.shocks)
    ]


def set_routes(routes: Sequence[Route], economy: Economy, lang: Lang) -> Table:
    """Set routes in a table."""
    words = load_cli_words()
    columns = ("name", "kind", "detour", "detour_by", "spare_ships", "flows", "sources")
    table = start_table(words, lang, columns, words.say("routes", lang))
    for route in routes:
        add_row(
            table,
            (
                f"{choose(route.names, lang)} ({route.id})",
                words.say(f"kind_{route.kind}", lang),
                _tell_detour(route, lang),
                "\n".join(_list_ways(route, economy, lang)),
                _tell_spare(route, lang),
                str(len(route.flows)),
                ", ".join(route.sources),
            ),
        )
    return table


def tell_route(route: Route, economy: Economy, lang: Lang) -> Iterable[str]:
    """Tell all that is known of one route, line by line."""
    words = load_cli_words()
    yield f"{choose(route.names, lang)} ({route.id})"
    yield f"{INDENT}{words.say('kind', lang)}: {words.say(f'kind_{route.kind}', lang)}"
    yield f"{INDENT}{words.say('detour', lang)}: {_tell_detour(route, lang)}"
    if route.detour_days is not None:
        ways = "; ".join(_list_ways(route, economy, lang))
        yield f"{INDENT}{words.say('detour_by', lang)}: {ways}"
        yield f"{INDENT}{words.say('spare_ships', lang)}: {_tell_spare(route, lang)}"
    if route.note:
        yield INDENT + tell_text(route.note, lang)
    parts = {
        "route_goods": [
            _tell_good(*each, economy, lang) for each in _list_supplies(route, economy)
        ],
        "flows": [_tell_flow(flow, economy, lang) for flow in route.flows],
        "closed_in": [f"{choose(s.names, lang)} ({s.id})" for s in list_closing(route)],
        "sources": [
            f"{key}: {tell_text(economy.sources[key].title, lang)}" for key in route.sources
        ],
    }
    for key, lines in parts.items():
        yield f"{INDENT}{words.say(key, lang)}:"
        yield from (2 * INDENT + line for line in lines or [words.say("none", lang)])


def _list_supplies(route: Route, economy: Economy) -> list[tuple[str, str, float]]:
    """List the goods that pass a route: good, origin, share of national supply that passes."""
    return [
        (good.id, supply.origin, supply.share.mode * passing.share.mode)
        for good in economy.goods
        for supply in good.supplies
        for passing in supply.routes
        if passing.route == route.id and supply.share.mode * passing.share.mode > 0
    ]


def _tell_good(good: str, origin: str, share: float, economy: Economy, lang: Lang) -> str:
    names = next(each.names for each in economy.goods if each.id == good)
    of = _name_country(origin, economy, lang)
    shown = show_share(share, share, share, lang)
    return load_cli_words().say(
        "route_good", lang, good=choose(names, lang), origin=of, share=shown
    )


def _tell_flow(flow: RouteFlow, economy: Economy, lang: Lang) -> str:
    words = load_cli_words()
    comma = words.say("lookup_comma", lang)
    products = (
        words.say("all_goods", lang)
        if flow.products == "goods"
        else comma.join(choose(economy.product_names[key], lang) for key in flow.products)
    )
    key = "route_both" if flow.both_ways else "route_one"
    return words.say(
        key,
        lang,
        origin=_name_country(flow.origin, economy, lang),
        destination=_name_country(flow.destination, economy, lang),
        products=products,
        share=show_share(flow.share.low, flow.share.mode, flow.share.high, lang),
    )


def _name_country(key: str, economy: Economy, lang: Lang) -> str:
    if key == "rest":
        return load_cli_words().say("rest", lang)
    names = economy.region_names.get(key) or economy.country_names.get(key)
    return key if names is None else choose(names, lang)


def _list_ways(route: Route, economy: Economy, lang: Lang) -> list[str]:
    """List the detours, each by the names of the routes that it passes."""
    words, names = load_cli_words(), {each.id: each.names for each in economy.routes}
    comma = words.say("lookup_comma", lang)
    return [
        comma.join(choose(names[key], lang) if key in names else key for key in way)
        or words.say("open_sea", lang)
        for way in route.detour_by
    ]


def _tell_detour(route: Route, lang: Lang) -> str:
    if route.detour_days is None:
        return load_cli_words().say("no_detour", lang)
    return show_days(route.detour_days, lang)


def _tell_spare(route: Route, lang: Lang) -> str:
    spare = route.fleet_spare_share
    if route.detour_days is None:
        return ""
    return show_share(spare.low, spare.mode, spare.high, lang)
