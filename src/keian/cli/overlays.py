"""Shows what is laid over the table: cables, people, areas, teams that repair."""

from __future__ import annotations

from rich.console import Console

from keian.cli.set import add_row, load_cli_words, start_table
from keian.core import Triple, tell_text
from keian.economy import Economy
from keian.economy.nouns import CablePool, RepairPool, Workforce
from keian.scenario.words import Lang, choose, show_days, show_share


def show_overlays(console: Console, economy: Economy, lang: Lang) -> None:
    """Show cables, workforce, areas and repair pools of an economy, each headed by when it acts."""
    for pool in economy.cables:
        show_cables(console, pool, economy, lang)
    if economy.workforce:
        _show_workforce(console, economy.workforce, lang)
    if economy.areas:
        _show_areas(console, economy, lang)
    if economy.repair_pools:
        _show_repair_pools(console, economy.repair_pools, lang)


def show_cables(console: Console, pool: CablePool, economy: Economy, lang: Lang) -> None:
    """Show the landings of a pool of submarine cables and the ships that mend it."""
    words = load_cli_words()
    text = words.say(
        "cables_of", lang, name=choose(pool.names, lang), ships=pool.repair_ships,
        days=show_days(pool.repair_days, lang),
    )  # fmt: skip
    table = start_table(words, lang, ("name", "area", "capacity", "note", "sources"), text)
    areas = {area.id: area.names for area in economy.areas}
    for landing in pool.landings:
        name = f"{choose(landing.names, lang)} ({landing.id})"
        share = _share(landing.capacity_share, lang)
        sources = ", ".join(landing.sources)
        area = choose(areas[landing.area], lang) if landing.area in areas else landing.area
        add_row(table, (name, area, share, tell_text(landing.note or "", lang), sources))
    console.print(table)


def _show_workforce(console: Console, workforce: tuple[Workforce, ...], lang: Lang) -> None:
    words = load_cli_words()
    columns = ("name", "regular", "non_regular", "crew", "lacking", "sources")
    table = start_table(words, lang, columns, words.say("workforce", lang))
    for line in workforce:
        add_row(
            table,
            (
                f"{choose(line.names, lang)} ({line.id})",
                _share(line.regular_share, lang),
                _share(line.non_regular_share, lang),
                _share(line.minimum_crew, lang),
                ", ".join(tell_text(gap, lang) for gap in line.missing),
                ", ".join(line.sources),
            ),
        )
    console.print(table)


def _name_industry(unit: str, economy: Economy, lang: Lang) -> str:
    """Name a unit by its product alone: areas lie in one country."""
    names = economy.product_names.get(unit.partition(".")[2])
    return unit if names is None else choose(names, lang)


def _show_areas(console: Console, economy: Economy, lang: Lang) -> None:
    words, areas = load_cli_words(), economy.areas
    comma = words.say("lookup_comma", lang)
    columns = ("name", "prefectures", "shares", "sources")
    table = start_table(words, lang, columns, words.say("areas", lang))
    for area in areas:
        shares = comma.join(
            f"{_name_industry(part.unit_id, economy, lang)} {part.share.mode:.0%}"
            for part in area.shares
        )
        name = f"{choose(area.names, lang)} ({area.id})"
        add_row(table, (name, str(len(area.prefectures)), shares, ", ".join(area.sources)))
    console.print(table)


def _show_repair_pools(console: Console, pools: tuple[RepairPool, ...], lang: Lang) -> None:
    words = load_cli_words()
    columns = ("name", "teams", "lacking", "note", "sources")
    table = start_table(words, lang, columns, words.say("repair_pools", lang))
    for pool in pools:
        name = f"{choose(pool.names, lang)} ({pool.id})"
        lacking = ", ".join(tell_text(gap, lang) for gap in pool.missing)
        sources = ", ".join(pool.sources)
        add_row(
            table,
            (name, show_days(pool.teams, lang), lacking, tell_text(pool.note or "", lang), sources),
        )
    console.print(table)


def _share(share: Triple | None, lang: Lang) -> str:
    """Write a share, or that it is missing."""
    if share is None:
        return load_cli_words().say("missing", lang)
    return show_share(share.low, share.mode, share.high, lang)
