"""Lists critical goods by tier and looks one up: what is known, from which source, what is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from rich.console import Console

from keian.cli.errors import write_json
from keian.cli.lookup import call, find_all, list_found
from keian.cli.set import (
    add_row,
    load_cli_words,
    make_console,
    print_label,
    print_text,
    start_table,
)
from keian.cli.tables import (
    list_good_sources,
    name_origin,
    tell_known,
    tell_origins,
    tell_stocks,
    tell_users,
)
from keian.core import Source, tell_text, to_plain
from keian.core.digest import Plain
from keian.economy import Economy, Good, RegisteredGood
from keian.registers import Entry, InForce, Registers
from keian.registers.lookup import Called
from keian.scenario.words import SMALL_SHARE, Lang, choose, show_days, show_share

Listed = Good | RegisteredGood
TIERS = ("modelled", "illustrative", "registered")
RUNS = MappingProxyType(
    {"modelled": "runs_always", "illustrative": "runs_asked", "registered": "runs_never"}
)


def show_goods(
    economy: Economy,
    registers: Registers,
    *,
    name: str | None,
    tier: str | None,
    lang: Lang,
    as_json: bool,
) -> None:
    """Show all goods, those of a tier, or the one that a name stands for; several are listed.

    Parameters
    ----------
    economy : loaded with its illustrative goods.
    name : id of a good or of a designation, or a word of its name in either language.

    Raises
    ------
    InputError
        No good has this name.
    """
    law = registers.designations.at(date.today())  # noqa: DTZ011 - the law in force needs no time zone
    goods = list_goods(economy) if name is None else find_goods(name, economy, law, lang)
    if tier is not None:
        goods = tuple(good for good in goods if find_tier(good) == tier)
    if as_json:
        write_json(
            {
                "economy": economy.name,
                "label": str(economy.label),
                "counts": {t: sum(find_tier(g) == t for g in goods) for t in TIERS},
                "goods": [describe_good(good, economy, law) for good in goods],
            }
        )
        return
    console = make_console()
    print_label(console, economy.label)
    if name is None:
        for each in TIERS:
            _print_tier(console, [g for g in goods if find_tier(g) == each], economy, law, lang)
        return
    if len(goods) > 1:
        list_found([call_good(good, law) for good in goods], "keian goods", lang)
        return
    for good in goods:
        for line in tell_good(good, economy, law, lang):
            print_text(console, line)


def list_goods(economy: Economy) -> tuple[Listed, ...]:
    """List the goods of every tier: modelled, illustrative, registered."""
    goods = (*economy.goods, *economy.aside)
    return (*sorted(goods, key=lambda good: TIERS.index(good.tier)), *economy.registered)


def find_tier(good: Listed) -> str:
    """Find the tier of a good."""
    return good.tier if isinstance(good, Good) else "registered"


def find_goods(name: str, economy: Economy, law: InForce, lang: Lang) -> tuple[Listed, ...]:
    """Find the goods that a name stands for: an id, a designation with its parts, or a name.

    Raises
    ------
    InputError
        No good has this name; the nearest are offered.
    """
    goods = list_goods(economy)
    found = find_all(name, [call_good(g, law) for g in goods], lang, command="keian goods")
    return tuple(good for good in goods if good.id in found)


def call_good(good: Listed, law: InForce) -> Called:
    """Say what a good is called: its names, and those of its designation and of the whole of it."""
    entry, more = find_designation(good, law), []
    while entry is not None:
        more += [entry.id, entry.names.en, entry.names.ja, *entry.aliases]
        entry = None if entry.part_of is None else law.find(entry.part_of)
    return call(good.id, good.names, *more)


def find_designation(good: Listed, law: InForce) -> Entry | None:
    """Find the entry that designates a good, if it is in force."""
    return next((entry for entry in law if entry.id == good.designated), None)


def describe_good(good: Listed, economy: Economy, law: InForce) -> dict[str, Plain]:
    """Describe a good as plain data with its designation, its uses and the sources it cites."""
    entry = find_designation(good, law)
    sources: Mapping[str, Source] = {**economy.sources, **law.register.sources}
    cited = (*list_cited(good, economy), *(entry.sources if entry else ()))
    return {
        **to_plain(good),
        "tier": find_tier(good),
        "designation": None if entry is None else to_plain(entry),
        "uses": [to_plain(use) for use in economy.uses if use.good == good.id],
        "sources": {name: to_plain(sources[name]) for name in dict.fromkeys(cited)},
    }


def list_cited(good: Listed, economy: Economy) -> tuple[str, ...]:
    """List the sources of a good and of its uses, each once."""
    own = list_good_sources(good) if isinstance(good, Good) else good.sources
    uses = (use for use in economy.uses if use.good == good.id)
    return tuple(dict.fromkeys((*own, *(name for use in uses for name in use.sources))))


def tell_good(good: Listed, economy: Economy, law: InForce, lang: Lang) -> Iterable[str]:
    """Tell all that is known of one good, line by line, and what is missing."""
    words = load_cli_words()
    tier = find_tier(good)
    yield f"{choose(good.names, lang)} ({good.id})"
    yield _indent(
        words.say("good_tier", lang, tier=words.say(f"tier_{tier}", lang))
        + f" – {words.say(RUNS[tier], lang)}"
    )
    yield _indent(f"{words.say('designation', lang)}: {tell_designation(good, law, lang)}")
    codes = good.hs92 if isinstance(good, Good) else good.hs
    if codes:
        yield _indent(f"{words.say('hs', lang)}: {', '.join(codes)}")
    if isinstance(good, Good):
        yield from _tell_figures(good, economy, lang)
        gaps: Sequence[str] = [tell_text(gap, lang) for gap in good.missing]
        note = None if good.note is None else tell_text(good.note, lang)
    else:
        yield from _section("known", tell_known(good, economy, lang), lang)
        gaps = [choose(gap, lang) for gap in good.missing]
        note = None if good.note is None else choose(good.note, lang)
    yield from _section("missing_head", gaps, lang)
    if note:
        yield from _section("note", [note], lang)
    yield from _section("sources", _tell_sources(good, economy, law, lang), lang)


def tell_designation(good: Listed, law: InForce, lang: Lang) -> str:
    """Tell by which law and from which day a good is designated."""
    words = load_cli_words()
    entry = find_designation(good, law)
    if entry is None:
        return words.say("not_designated", lang)
    whole = entry if entry.part_of is None else law.find(entry.part_of)
    item = words.say(
        "item_of", lang, number=str((whole.value or {})["number"]), name=choose(whole.names, lang)
    )
    name = item if whole is entry else f"{item}: {choose(entry.names, lang)}"
    first = min(law.register.find(entry.id), key=_start)
    key = "since" if first.in_force_from else "since_latest"
    since = words.say(key, lang, day=str(first.start))
    minister = str((entry.value or {}).get("minister", ""))
    return words.say("designated_as", lang, name=name, law=since, minister=minister)


def _start(entry: Entry) -> date:
    return entry.start or date.max


def _tell_figures(good: Good, economy: Economy, lang: Lang) -> Iterable[str]:
    words = load_cli_words()
    origins = []
    for supply in good.supplies:
        share = show_share(supply.share.low, supply.share.mode, supply.share.high, lang)
        days = words.say("days_on_way", lang, days=show_days(supply.lag_days, lang))
        grade = words.say("grade_of", lang, grade=supply.grade or "–")
        sources = ", ".join(supply.sources)
        name = name_origin(supply.origin, economy, lang)
        origins.append(f"{name} {share}, {days}, {grade} [{sources}]")
    if _is_rounded([supply.share.mode for supply in good.supplies]):
        origins.append(words.say("shares_rounded", lang))
    yield from _section("origins_head", origins, lang)
    yield from _section("stocks_head", tell_stocks(good, economy, lang, cited=True), lang)
    users = []
    for use in (u for u in economy.uses if u.good == good.id):
        exposed, part = use.exposed_share, use.use_share
        stops = show_share(exposed.low, exposed.mode, exposed.high, lang)
        takes = show_share(part.low, part.mode, part.high, lang)
        unit = choose(economy.unit_names[use.unit], lang)
        users.append(
            f"{unit} {stops}, {takes}: {tell_text(use.why, lang)} [{', '.join(use.sources)}]"
        )
    if good.uses_not_modelled is not None:
        users.append(tell_users(good, len(users), lang).split("\n")[-1])
    yield from _section("users_head", users, lang)


def _is_rounded(shares: Sequence[float]) -> bool:
    """Whether shares that sum to one do not do so as shown.

    Examples
    --------
    >>> _is_rounded([0.03, 0.675, 0.295]), _is_rounded([0.25, 0.75]), _is_rounded([0.3])
    (True, False, False)
    """
    shown = sum(round(100 * share, 1 if share < SMALL_SHARE else 0) for share in shares)
    return math.isclose(sum(shares), 1.0) and not math.isclose(shown, 100.0)


def _tell_sources(good: Listed, economy: Economy, law: InForce, lang: Lang) -> Iterable[str]:
    words = load_cli_words()
    entry = find_designation(good, law)
    of_law = law.register.sources
    named = [(key, economy.sources[key]) for key in list_cited(good, economy)]
    named += [(key, of_law[key]) for key in (entry.sources if entry else ())]
    for key, source in named:
        grade = words.say("grade_of", lang, grade=source.grade) if source.grade else ""
        kind = words.say("assumption", lang) if source.kind == "assumption" else grade
        when = source.vintage or str(source.published or "")
        yield ", ".join(
            part for part in (f"{key}: {tell_text(source.title, lang)}", kind, when) if part
        )


def _section(head: str, lines: Iterable[str], lang: Lang) -> Iterable[str]:
    found = list(lines)
    if found:
        yield _indent(f"{load_cli_words().say(head, lang)}:")
        yield from (_indent(_indent(line)) for line in found)


def _indent(line: str) -> str:
    return f"  {line}"


def _print_tier(
    console: Console, goods: Sequence[Listed], economy: Economy, law: InForce, lang: Lang
) -> None:
    if not goods:
        return
    words = load_cli_words()
    tier = words.say(f"tier_{find_tier(goods[0])}", lang)
    title = f"{words.say('goods_tier', lang, tier=tier)}: {len(goods)}"
    quantified = isinstance(goods[0], Good)
    middle = ("origins", "stocks", "users") if quantified else ("known",)
    table = start_table(words, lang, ("name", "designation", *middle, "missing"), title)
    for good in goods:
        name = f"{choose(good.names, lang)} ({good.id})"
        designation = tell_designation(good, law, lang)
        if isinstance(good, Good):
            count = sum(use.good == good.id for use in economy.uses)
            cells: tuple[str, ...] = (
                tell_origins(good, economy, lang),
                "\n".join(tell_stocks(good, economy, lang)),
                tell_users(good, count, lang),
                "\n".join(tell_text(gap, lang) for gap in good.missing),
            )
        else:
            known = "\n".join(tell_known(good, economy, lang)) or words.say("none", lang)
            cells = (known, "\n".join(choose(gap, lang) for gap in good.missing))
        add_row(table, (name, designation, *cells))
    console.print(table)
