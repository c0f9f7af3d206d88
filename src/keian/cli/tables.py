"""Sets what commands show as tables: a timeline, an economy, the runs of a workspace."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from keian.cli.errors import write_line
from keian.cli.overlays import show_overlays
from keian.cli.routes import set_routes
from keian.cli.set import add_row, load_cli_words, make_console, print_text, start_table
from keian.core import Names, Triple, tell_text, to_plain
from keian.core.digest import Plain
from keian.economy import Economy, Good, RegisteredGood, Verdict, economy_digest, set_aside
from keian.economy.nouns import Service, Tier
from keian.exposure.card_writing import is_assumed
from keian.exposure.survival import ENDS, calc_cover, is_cover_known, list_uses
from keian.scenario.explain import Explanation, write_lines
from keian.scenario.words import Lang, choose, show_days, show_share

if TYPE_CHECKING:
    from keian.review.nouns import Review

MOST_ORIGINS = 4


def show_timeline(explanation: Explanation) -> None:
    """Show what happens when: a table on a terminal, plain lines elsewhere."""
    if not sys.stdout.isatty():
        for line in write_lines(explanation):
            write_line(line)
        return
    words, lang = load_cli_words(), explanation.lang
    console = Console()
    for line in explanation.head:
        print_text(console, line)
    table = start_table(words, lang, ("day", "kind", "what", "details", "sources"))
    for event in explanation.events:
        low, mode, high = event.day
        day = f"{mode:g}" if low == high else f"{mode:g} ({low:g}-{high:g})"
        details = "\n".join(dict.fromkeys((*event.badges, *event.details)))
        sources = ", ".join(event.sources)
        add_row(table, (day, words.say(event.kind, lang), event.title, details, sources))
    console.print(table)
    for key, lines in (
        ("not_modelled", explanation.recorded),
        ("assumptions", explanation.assumptions),
    ):
        if lines:
            print_text(console, words.say(key, lang) + ":")
        for line in lines:
            print_text(console, f"  {line}")


def show_results(review: Review, lang: Lang) -> None:
    """Show what runs out first and what is lost, scenario by scenario, as the report sets it."""
    from keian.report.figures.runs_out import draw_runs_out
    from keian.report.page import count_stuck
    from keian.report.scenario_part import build_losses
    from keian.report.setting import build_setting

    setting = build_setting(review, lang)
    console = make_console()
    for scenario in review.scenarios:
        chart = draw_runs_out(setting, scenario, key=f"{scenario.id}-first")
        _print_grid(console, chart.grid.caption, chart.grid.head, chart.grid.rows)
        key = f"{scenario.id}-losses"
        losses = build_losses(
            setting,
            setting.numbers(scenario),
            scenario.losses,
            key,
            draws=scenario.draws,
            stuck=count_stuck(scenario),
        )
        rows = tuple((row.name, *row.cells) for row in losses.rows)
        _print_grid(console, f"{losses.title} ({losses.unit})", losses.head, rows)


def _print_grid(
    console: Console, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    table = Table(title=Text(title), title_justify="left", pad_edge=False)
    for column in head:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        add_row(table, row)
    console.print(table)


def show_economy(economy: Economy, verdict: Verdict, lang: Lang) -> None:
    """Show an economy: verdict on its table, goods by tier, services, routes, cited sources."""
    words = load_cli_words()
    console = make_console()
    print_text(console, f"{choose(economy.title, lang)} · {economy.label}")
    print_text(console, words.say("verdict", lang) + ":")
    for line in verdict.lines(lang):
        print_text(console, f"  {line}")
    for tier in get_args(Tier):
        goods = [good for good in economy.goods if good.tier == tier]
        if goods:
            console.print(_set_goods(goods, economy, tier, lang))
    if economy.registered:
        console.print(_set_registered(economy, lang))
    services = (*economy.services, *economy.registered_services)
    console.print(_set_services(services, economy, lang))
    console.print(set_routes(economy.routes, economy, lang))
    show_overlays(console, economy, lang)
    console.print(_set_sources(economy, lang))


def describe_economy(economy: Economy, verdict: Verdict) -> dict[str, Plain]:
    """Describe an economy as plain data, with every source that a line cites.

    `digest` is that of what runs unless illustrative goods are asked for.
    """
    return {
        "economy": economy.name,
        "title": to_plain(economy.title),
        "year": economy.year,
        "currency": economy.currency,
        "label": str(economy.label),
        "digest": economy_digest(set_aside(economy)),
        "digest_illustrative": economy.digest,
        "verdict": {**to_plain(verdict), "ok": verdict.ok},
        "goods": to_plain(economy.goods),
        "registered": to_plain(economy.registered),
        "services": to_plain(economy.services),
        "registered_services": to_plain(economy.registered_services),
        "service_needs": to_plain(economy.service_needs),
        "routes": to_plain(economy.routes),
        "cables": to_plain(economy.cables),
        "workforce": to_plain(economy.workforce),
        "areas": to_plain(economy.areas),
        "repair_pools": to_plain(economy.repair_pools),
        "regional_table": economy.regional_table,
        "sources": {name: to_plain(economy.sources[name]) for name in list_cited(economy)},
    }


def list_cited(economy: Economy) -> tuple[str, ...]:
    """List the sources that goods of every tier, services and routes cite, each once."""
    cited = (
        *(name for good in economy.goods for name in list_good_sources(good)),
        *(name for good in economy.registered for name in good.sources),
        *(name for service in economy.services for name in service.sources),
        *(name for service in economy.registered_services for name in service.sources),
        *(name for need in economy.service_needs for name in need.sources),
        *(name for route in economy.routes for name in route.sources),
        *(name for pool in economy.cables for name in pool.sources),
        *(name for pool in economy.cables for part in pool.landings for name in part.sources),
        *(name for line in economy.workforce for name in line.sources),
        *(name for area in economy.areas for name in area.sources),
        *(name for team in economy.repair_pools for name in team.sources),
    )
    return tuple(name for name in dict.fromkeys(cited) if name in economy.sources)


def _set_goods(goods: Sequence[Good], economy: Economy, tier: str, lang: Lang) -> Table:
    words = load_cli_words()
    title = words.say("goods_tier", lang, tier=words.say(f"tier_{tier}", lang))
    table = start_table(words, lang, ("name", "origins", "stocks", "users", "sources"), title)
    for good in goods:
        users = [use for use in economy.uses if use.good == good.id]
        add_row(
            table,
            (
                f"{choose(good.names, lang)} ({good.id})",
                tell_origins(good, economy, lang),
                "\n".join(tell_stocks(good, economy, lang)),
                tell_users(good, len(users), lang),
                ", ".join(list_good_sources(good)),
            ),
        )
    return table


def tell_origins(good: Good, economy: Economy, lang: Lang) -> str:
    """Tell the greatest origins of a good with their shares."""
    ordered = sorted(good.supplies, key=lambda supply: -supply.share.mode)
    lines = []
    for supply in ordered[:MOST_ORIGINS]:
        name = name_origin(supply.origin, economy, lang)
        share = show_share(supply.share.low, supply.share.mode, supply.share.high, lang)
        grade = f", {supply.grade}" if supply.grade else ""
        lines.append(f"{name} {share}{grade}")
    rest = len(ordered) - MOST_ORIGINS
    if rest > 0:
        lines.append(f"… +{rest}")
    return "\n".join(lines) or load_cli_words().say("missing", lang)


def name_origin(origin: str, economy: Economy, lang: Lang) -> str:
    """Name a country, or the countries that are not listed."""
    if origin == "rest":
        return load_cli_words().say("rest", lang)
    return choose(economy.country_names.get(origin, _same(origin)), lang)


def tell_users(good: Good, count: int, lang: Lang) -> str:
    """Tell how many users a good has, and who else uses it without being modelled."""
    rest = good.uses_not_modelled_share
    if good.uses_not_modelled is None:
        return str(count)
    share, who = show_share(rest.low, rest.mode, rest.high, lang), good.uses_not_modelled
    left = load_cli_words().say("not_modelled_use", lang, share=share, who=choose(who, lang))
    return f"{count}\n{left}"


def tell_stocks(good: Good, economy: Economy, lang: Lang, *, cited: bool = False) -> list[str]:
    """Tell the stocks of a good in days of use: each pool, then what its users hold themselves.

    A stock that nobody knows is told as such: it runs as nought and is not a known nought.

    Parameters
    ----------
    cited : with the sources of each.
    """

    def cite(names: Sequence[str]) -> str:
        return f" [{', '.join(names)}]" if cited and names else ""

    words, uses = load_cli_words(), list_uses(economy, good)
    colon = words.say("colon", lang)
    lines = [
        f"{choose(pool.names, lang)}{colon}{show_days(pool.quantity_days, lang)}"
        f"{cite(pool.sources)}"
        for pool in good.pools
    ]
    if not is_cover_known(good, uses):
        return [words.say("stock_unknown", lang)]
    if not good.pools:
        lines.append(words.say("pools_unknown", lang))
    of_users = tuple(dict.fromkeys(name for use in uses for name in use.cover_days.sources))
    if of_users:
        low, mode, high = (calc_cover(good, uses, end).users_days for end in ENDS)
        days = show_days(Triple(low=low, mode=mode, high=high), lang)
        key = "users_assumed" if is_assumed(of_users) else "users_hold"
        lines.append(f"{words.say(key, lang)}{colon}{days}{cite(of_users)}")
    return lines


def _set_registered(economy: Economy, lang: Lang) -> Table:
    words = load_cli_words()
    title = words.say("goods_tier", lang, tier=words.say("tier_registered", lang))
    table = start_table(words, lang, ("name", "known", "missing", "sources"), title)
    for good in economy.registered:
        add_row(
            table,
            (
                f"{choose(good.names, lang)} ({good.id})",
                "\n".join(tell_known(good, economy, lang)) or words.say("none", lang),
                "\n".join(choose(gap, lang) for gap in good.missing),
                ", ".join(good.sources),
            ),
        )
    return table


def tell_known(good: RegisteredGood, economy: Economy, lang: Lang) -> tuple[str, ...]:
    """Tell what is known of a good that is listed only: imports, single figures, stand-ins."""
    words = load_cli_words()
    lines = []
    if good.imports:
        shares = ", ".join(
            f"{name_origin(origin.country, economy, lang)} {origin.share:.0%}"
            for origin in good.imports
        )
        year = str(good.imports_year)
        lines.append(words.say("imports_known", lang, year=year, shares=shares))
    lines += [f"{choose(fact.what, lang)}: {fact.value:,g} {fact.unit}" for fact in good.known]
    if good.covered_by:
        names = {other.id: other.names for other in (*economy.goods, *economy.aside)}
        listed = ", ".join(f"{choose(names[key], lang)} ({key})" for key in good.covered_by)
        lines.append(words.say("covered_by", lang, goods=listed))
    return tuple(lines)


def list_good_sources(good: Good) -> tuple[str, ...]:
    """List the sources of a good, of its supplies and of its stocks, each once."""
    rest = good.uses_not_modelled_share.sources
    groups = (
        good.sources,
        rest,
        *(s.sources for s in good.supplies),
        *(p.sources for p in good.pools),
    )
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _set_services(services: Sequence[Service], economy: Economy, lang: Lang) -> Table:
    words = load_cli_words()
    title = words.say("services", lang)
    columns = ("name", "tier", "provider", "floor", "users", "sources")
    table = start_table(words, lang, columns, title)
    for service in services:
        floor = service.floor_level
        provider = service.provider or f"{economy.home}.{service.parent_industry}"
        vital = f", {words.say('vital', lang)}" if service.vital else ""
        add_row(
            table,
            (
                f"{choose(service.names, lang)} ({service.id}{vital})",
                words.say(f"tier_{service.tier}", lang),
                choose(economy.unit_names.get(provider, _same(provider)), lang),
                show_share(floor.low, floor.mode, floor.high, lang),
                str(len(service.uses)),
                ", ".join(service.sources),
            ),
        )
    return table


def _set_sources(economy: Economy, lang: Lang) -> Table:
    words = load_cli_words()
    title = words.say("sources", lang)
    table = start_table(words, lang, ("name", "grade", "kind", "vintage", "title"), title)
    for name in list_cited(economy):
        source = economy.sources[name]
        vintage = source.vintage or str(source.published or "")
        add_row(
            table,
            (
                name,
                source.grade or "",
                words.say(f"source_{source.kind}", lang),
                vintage,
                tell_text(source.title, lang),
            ),
        )
    return table


def _same(text: str) -> Names:
    return Names(en=text or "-", ja=text or "-")
