"""Shows the essential services: the law's register beside what the economy knows of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rich.console import Console

from keian.cli.lookup import call, find_all
from keian.cli.overlays import show_cables
from keian.cli.set import (
    add_row,
    load_cli_words,
    make_console,
    print_label,
    print_text,
    start_table,
)
from keian.core import Names, tell_text, to_plain
from keian.core.digest import Plain
from keian.economy import Economy
from keian.economy.nouns import Restoration, Service, ServiceNeed, ServiceUse
from keian.registers import Entry, Register
from keian.scenario.words import Lang, choose, show_days, show_share

HALF = 0.5
MOST_USERS = 12


@dataclass(frozen=True, slots=True)
class Known:
    """One entry of the register with the service of the economy that stands for it, if any."""

    entry: Entry
    in_force: bool
    service: Service | None


def list_known(economy: Economy, register: Register, on: date) -> tuple[Known, ...]:
    """List every entry of the register on a day, in the order of the law, known or not."""
    services = {
        service.sector: service for service in (*economy.services, *economy.registered_services)
    }
    held = register.at(on)
    entries = [_choose_entry(register.find(name), on) for name in register.ids()]
    known = [Known(entry, entry.id in held, services.get(entry.id)) for entry in entries]
    return tuple(sorted(known, key=lambda one: int(str((one.entry.value or {}).get("number", 0)))))


def find_known(known: Sequence[Known], name: str, lang: Lang) -> tuple[Known, ...]:
    """Find the services that a name stands for: an id, or a name in the law or in the economy.

    Raises
    ------
    InputError
        No service has the name.
    """
    called = []
    for one in known:
        entry, service = one.entry, one.service
        more = () if service is None else (service.id, service.names.en, service.names.ja)
        called.append(call(entry.id, entry.names, *entry.aliases, *more))
    found = find_all(name, called, lang, command="keian services")
    return tuple(one for one in known if one.entry.id in found)


def calc_half_day(curve: Restoration) -> float | None:
    """Calculate the day on which half is restored, straight between the points; null = not seen.

    Examples
    --------
    >>> from keian.core import Names
    >>> from keian.economy.nouns import RestorationPoint
    >>> points = [RestorationPoint(day=d, share=s, sources=("x",)) for d, s in ((0, 0.1), (1, 0.9))]
    >>> calc_half_day(
    ...     Restoration(id="e", event=Names(en="e", ja="e"), kind="observed", points=tuple(points))
    ... )
    0.5
    """
    points = curve.points
    for before, after in pairwise(points):
        if before.share <= HALF <= after.share and after.share > before.share:
            part = (HALF - before.share) / (after.share - before.share)
            return before.day + part * (after.day - before.day)
    return points[0].day if points[0].share == HALF else None


def describe_services(economy: Economy, known: Sequence[Known], on: date) -> dict[str, Plain]:
    """Describe services as plain data, with every source that a line cites."""
    cited = {name for one in known if one.service for name in list_sources(one.service, economy)}
    return {
        "economy": economy.name,
        "on": on.isoformat(),
        "in_force": sum(one.in_force for one in known),
        "label": str(economy.label),
        "services": [_describe(one, economy) for one in known],
        "sources": {name: to_plain(economy.sources[name]) for name in sorted(cited)},
    }


def show_services(economy: Economy, known: Sequence[Known], on: date, lang: Lang) -> None:
    """Show every service: in force or not, tier, provider, users, what is missing, sources."""
    words = load_cli_words()
    console = make_console()
    print_label(console, economy.label)
    count = sum(one.in_force for one in known)
    rest = len(known) - count
    print_text(console, words.say("services_on", lang, day=on, count=count, rest=rest))
    columns = ("name", "in_force", "tier", "provider", "floor", "users", "lacking", "sources")
    table = start_table(words, lang, columns)
    for one in known:
        service = one.service
        add_row(
            table,
            (
                f"{choose(one.entry.names, lang)} ({one.entry.id})",
                _tell_force(one, lang),
                words.say("tier_registered" if service is None else f"tier_{service.tier}", lang),
                "" if service is None else tell_provider(service, economy, lang),
                "" if service is None else _share(service, lang),
                "" if service is None else str(len(service.uses)),
                ""
                if service is None
                else "\n".join(tell_text(gap, lang) for gap in service.missing),
                "" if service is None else ", ".join(service.sources),
            ),
        )
    console.print(table)
    print_text(console, words.say("services_note", lang))


def show_service(economy: Economy, one: Known, lang: Lang) -> None:
    """Show one service in full: law, provider, users by tier, dependence, restoration, sources."""
    words = load_cli_words()
    console = make_console()
    print_label(console, economy.label)
    print_text(console, f"{choose(one.entry.names, lang)} ({one.entry.id})")
    print_text(console, f"  {words.say('in_force', lang)}: {_tell_force(one, lang)}")
    service = one.service
    if service is None:
        print_text(console, f"  {words.say('missing', lang)}")
        return
    tier = words.say(f"tier_{service.tier}", lang)
    meaning = words.say(f"tier_{service.tier}_means", lang)
    print_text(console, f"  {words.say('tier', lang)}: {tier} ({meaning})")
    print_text(console, f"  {words.say('provider', lang)}: {tell_provider(service, economy, lang)}")
    print_text(console, f"  {words.say('floor', lang)}: {_share(service, lang)}")
    if service.carries_trade_share is not None:
        trade = service.carries_trade_share
        share = show_share(trade.low, trade.mode, trade.high, lang)
        print_text(console, f"  {words.say('carries_trade', lang)}: {share}")
    if service.note:
        print_text(console, f"  {tell_text(service.note, lang)}")
    _show_users(console, service, economy, lang)
    _show_needs(console, service, economy, lang)
    _show_restoration(console, service, lang)
    for pool in economy.cables:
        if pool.service == service.id:
            show_cables(console, pool, economy, lang)
    lacking = "; ".join(tell_text(gap, lang) for gap in service.missing) or words.say("none", lang)
    print_text(console, f"{words.say('lacking', lang)}: {lacking}")
    _show_sources(console, list_sources(service, economy), economy, lang)


def tell_provider(service: Service, economy: Economy, lang: Lang) -> str:
    """Tell the unit that provides a service, or the share of an industry that it is."""
    unit = service.provider or service.outage_unit
    if unit is not None and (service.parent_share is None or service.parent_share.mode == 1):
        return f"{_name_unit(unit, economy, lang)} ({unit})"
    parent = service.parent_industry or ""
    name = choose(economy.product_names.get(parent, Names(en="-", ja="-")), lang)
    share = service.parent_share
    if share is None:
        return f"{name} ({parent})"
    shown = show_share(share.low, share.mode, share.high, lang)
    return load_cli_words().say("share_of", lang, share=shown, name=f"{name} ({parent})")


def list_sources(service: Service, economy: Economy) -> tuple[str, ...]:
    """List the sources of a service, of its users, dependence, restoration and cables, each once."""
    needs = [n for n in economy.service_needs if service.id in {n.user, n.supplier}]
    groups = (
        service.sources,
        service.floor_level.sources,
        *(use.sources for use in service.uses),
        *(need.sources for need in needs),
        *(point.sources for curve in service.restoration for point in curve.points),
        *(part.sources for p in economy.cables if p.service == service.id for part in p.landings),
    )
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _choose_entry(entries: Sequence[Entry], on: date) -> Entry:
    """Choose the entry of an id that holds on a day, else the first."""
    return next((entry for entry in entries if entry.holds(on)), entries[0])


def _describe(one: Known, economy: Economy) -> dict[str, Plain]:
    """Describe one service as plain data."""
    entry, service = one.entry, one.service
    needs = [] if service is None else [n for n in economy.service_needs if n.user == service.id]
    pools = [] if service is None else [p for p in economy.cables if p.service == service.id]
    return {
        "id": entry.id,
        "names": to_plain(entry.names),
        "in_force": one.in_force,
        "in_force_from": entry.in_force_from.isoformat() if entry.in_force_from else None,
        "status": entry.status,
        "law": to_plain(dict(entry.value or {})),
        "law_sources": list(entry.sources),
        "tier": "registered" if service is None else service.tier,
        "service": to_plain(service),
        "needs": to_plain(needs),
        "half_restored_day": (
            {}
            if service is None
            else {curve.id: calc_half_day(curve) for curve in service.restoration}
        ),
        "cables": to_plain(pools),
    }


def _tell_force(one: Known, lang: Lang) -> str:
    """Tell since when a service is in force, or what stands in the register instead."""
    words = load_cli_words()
    start = one.entry.in_force_from
    if one.in_force:
        return words.say("service_since", lang, day=start or "?")
    if start is None:
        return words.say("enacted", lang)
    return words.say("not_yet", lang, day=start)


def _show_users(console: Console, service: Service, economy: Economy, lang: Lang) -> None:
    """Show who depends on a service, those served first first and the hardest hit before others."""
    if not service.uses:
        return
    words = load_cli_words()
    ordered = sorted(service.uses, key=lambda use: (use.tier, use.floor.mode))
    shown, rest = ordered[:MOST_USERS], len(ordered) - MOST_USERS
    title = words.say("users", lang) + (f" (… +{rest})" if rest > 0 else "")
    columns = ("name", "served", "keeps", "backup", "sources")
    table = start_table(words, lang, columns, title)
    for use in shown:
        add_row(table, _set_user(use, economy, lang))
    console.print(table)
    if is_through_goods(service, economy):
        names = {_name_unit(use.unit, economy, lang) for use in service.uses}
        comma = words.say("lookup_comma", lang)
        print_text(console, words.say("users_by_goods", lang, names=comma.join(sorted(names))))


def is_through_goods(service: Service, economy: Economy) -> bool:
    """Tell whether others depend on a service through critical goods and not on itself."""
    bases = {need.basis for need in economy.service_needs if need.supplier == service.id}
    return "goods" in bases


def _set_user(use: ServiceUse, economy: Economy, lang: Lang) -> tuple[str, ...]:
    floor = use.floor
    return (
        f"{_name_unit(use.unit, economy, lang)} ({use.unit})",
        str(use.tier),
        show_share(floor.low, floor.mode, floor.high, lang),
        show_days(use.backup_days, lang),
        ", ".join(use.sources),
    )


def _show_needs(console: Console, service: Service, economy: Economy, lang: Lang) -> None:
    """Show what a service needs of the others."""
    words = load_cli_words()
    needs = [n for n in economy.service_needs if n.user == service.id and n.basis != "none"]
    if not needs:
        return
    columns = (
        "name",
        "coefficient",
        "rating",
        "dependence_basis",
        "keeps",
        "backup",
        "acts",
        "why",
    )
    table = start_table(words, lang, columns, words.say("service_needs", lang))
    names = {s.id: s.names for s in economy.services}
    for need in needs:
        add_row(table, _set_need(need, names, lang))
    console.print(table)
    print_text(console, words.say("needs_note", lang))


def _set_need(need: ServiceNeed, names: dict[str, Names], lang: Lang) -> tuple[str, ...]:
    words = load_cli_words()
    floor = need.floor
    return (
        f"{choose(names[need.supplier], lang)} ({need.supplier})",
        f"{need.coefficient:.4f}",
        "-" if need.rating is None else f"{need.rating:g}",
        words.say(f"basis_{need.basis}", lang),
        show_share(floor.low, floor.mode, floor.high, lang),
        show_days(need.backup_days, lang),
        words.say("in_run" if need.acts else "shown_only", lang),
        tell_text(need.why, lang),
    )


def _show_restoration(console: Console, service: Service, lang: Lang) -> None:
    """Show how a service came back, event by event."""
    if not service.restoration:
        return
    words = load_cli_words()
    columns = ("event", "kind", "restored", "half", "note", "sources")
    table = start_table(words, lang, columns, words.say("restoration", lang))
    for curve in service.restoration:
        half = calc_half_day(curve)
        points = ", ".join(
            f"{show_share(p.share, p.share, p.share, lang)}: {p.day:g}" for p in curve.points
        )
        sources = ", ".join(dict.fromkeys(name for p in curve.points for name in p.sources))
        add_row(
            table,
            (
                choose(curve.event, lang), words.say(f"curve_{curve.kind}", lang), points,
                "-" if half is None else f"{half:.1f}", tell_text(curve.note or "", lang), sources,
            ),
        )  # fmt: skip
    console.print(table)


def _show_sources(console: Console, cited: Sequence[str], economy: Economy, lang: Lang) -> None:
    """Show the sources cited."""
    words = load_cli_words()
    columns = ("name", "grade", "kind", "vintage", "title")
    table = start_table(words, lang, columns, words.say("sources", lang))
    for name in cited:
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
    console.print(table)


def _name_unit(unit: str, economy: Economy, lang: Lang) -> str:
    """Name a unit by its industry."""
    names = economy.unit_names.get(unit)
    return unit if names is None else choose(names, lang)


def _share(service: Service, lang: Lang) -> str:
    floor = service.floor_level
    return show_share(floor.low, floor.mode, floor.high, lang)
