"""A card in sections: what the terminal, the page and the workbook show of one good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from keian.core import Names, Triple, tell_text
from keian.exposure.card import Card, Cover
from keian.exposure.power_view import Loss
from keian.exposure.trade_view import ExportPlace, Flag, TradeView
from keian.report.numbers import DASH, MINUS
from keian.report.words import Words

SMALL = 0.01
LARGE = 10.0
MOST_CHOKES = 6
PER_MILLION = 1000.0  # thousand dollars in a million


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a card: a title, a table of text, and how to read it."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def say_findings(card: Card, words: Words) -> tuple[str, ...]:
    """Say in sentences what the figures of a card come to."""
    return (
        say_designation(card, words),
        *_say_supply(card, words),
        *_say_survival(card, words),
        *_say_doubts(card, words),
    )


def say_designation(card: Card, words: Words) -> str:
    """Say whether the good is designated on the card's day."""
    if card.designation is None:
        return words.say("card.not_designated", on=card.on.isoformat())
    since = card.designation.since
    return words.say(
        "card.designated",
        name=words.name(card.designation.names),
        since=since.isoformat() if since else words.say("card.dash"),
    )


def _say_supply(card: Card, words: Words) -> Iterator[str]:
    foreign = [s for s in card.shares if s.origin not in {card.country, "rest"}]
    if card.cover is not None and card.cover.lost is not None and card.cover.lost_share:
        mine = [s for s in foreign if s.origin == card.cover.lost]
        name = words.name(mine[0].names)
        share = show_ends(
            sum(s.share.low for s in mine),
            card.cover.lost_share,
            sum(s.share.high for s in mine),
            show_share,
        )
        home = show_share(card.home_share or 0.0)
        yield words.say("card.say_supply", top=name, share=share, home=home)
        return
    if foreign:
        first = foreign[0]
        key = "card.say_imports" if card.home_share is None else "card.say_supply"
        yield words.say(
            key,
            top=words.name(first.names),
            share=show_triple(first.share, show_share),
            home=show_share(card.home_share or 0.0),
        )


def _say_survival(card: Card, words: Words) -> Iterator[str]:
    cover = card.cover
    if cover is None or cover.survive is None or cover.lost_names is None:
        return
    choke = next((c for c in card.chokes if c.node == cover.lost and c.second is None), None)
    by = "unknown" if choke is None else choke.replaced_by
    days = None if choke is None else choke.replacement_days
    replaced = words.say(
        f"card.say_replaced.{by}", days=None if days is None else show_number(days)
    )
    yield words.say(
        "card.say_survive",
        top=words.name(cover.lost_names),
        days=show_number(cover.survive),
        range=_show_range(cover.survive_low, cover.survive_high),
        replaced=replaced,
    )


def _say_doubts(card: Card, words: Words) -> Iterator[str]:
    for view in card.trade:
        name = f"{words.name(view.names)} {view.product}"
        if view.disagree not in {None, "none"}:
            parts = [words.say(f"exposure.code.{c}") for c in str(view.disagree).split()]
            yield words.say("card.say_disagree", what=words.join(parts), product=name)
        if view.hub is not None:
            yield words.say("card.say_hub", hub=words.name(view.hub), product=name)


def build_sections(card: Card, words: Words) -> tuple[Section, ...]:
    """Build the sections of a card; a part without figures is told among what is missing."""
    parts = (
        _list_shares(card, words),
        *(part for view in card.trade for part in _list_trade(view, words)),
        _list_exports(card, words),
        _list_power(card, words),
        _list_world(card, words),
        _list_origins(card, words),
        _list_cover(card, words),
        _list_uses(card, words),
        _list_chokes(card, words),
        _list_through(card, words),
        _list_stress(card, words),
        _list_technologies(card, words),
        _list_missing(card, words),
        _list_sources(card, words),
    )
    return tuple(part for part in parts if part.rows)


def _make(
    key: str, title: str, columns: str, rows: Iterable[Sequence[str]], words: Words, note: str = ""
) -> Section:
    heads = tuple(words.say(f"card.col.{column}") for column in columns.split())
    return Section(key, title, heads, tuple(tuple(row) for row in rows), note)


def _list_shares(card: Card, words: Words) -> Section:
    rows = [
        (
            words.name(share.names),
            show_triple(share.share, show_share),
            share.grade or "–",
            ", ".join(share.sources),
        )
        for share in card.shares
    ]
    title = "card.sourced_imports" if card.tier == "registered" else "card.sourced"
    return _make("shares", words.say(title), "origin share grade cited", rows, words)


def _list_trade(view: TradeView, words: Words) -> Iterator[Section]:
    rows = [
        (words.name(s.names), show_known(s.value_share), show_known(s.quantity_share))
        for s in view.suppliers
    ]
    title = words.say(
        "card.trade", name=words.name(view.names), code=view.product, year=str(view.year)
    )
    yield _make("trade", title, "origin by_value by_tonnes", rows, words, say_trade(view, words))
    flags = {(flag.criterion, flag.basis): flag for flag in view.flags}
    verdicts = [
        (
            words.name(flag.names),
            *_tell_flag(flag, words),
            *_tell_flag(flags[flag.criterion, "quantity"], words),
        )
        for flag in view.flags
        if flag.basis == "value"
    ]
    yield _make(
        "flags",
        words.say("card.flags", name=words.name(view.names)),
        "criterion value_verdict value_margin value_years value_stable "
        "tonnes_verdict tonnes_margin tonnes_years tonnes_stable",
        verdicts,
        words,
        words.say("card.flags_note"),
    )


def say_trade(view: TradeView, words: Words) -> str:
    """Say the size of imports, their concentration on both bases and the rank."""
    value, tonnes = view.imports_kusd, view.imports_t
    return words.say(
        "card.trade_note",
        value=words.say("card.value_unknown")
        if value is None
        else words.say("card.kusd", value=show_number(value / PER_MILLION)),
        tonnes=words.say("card.tonnes_unknown")
        if tonnes is None
        else words.say("card.tonnes", value=show_number(tonnes)),
        hhi_value=_show_ratio(view.hhi_value),
        hhi_quantity=_show_ratio(view.hhi_quantity),
        rank=None if view.rank is None else f"{view.rank:g}",
        count=str(view.products_count),
        range=_show_range(view.rank_low, view.rank_high),
    )


def _tell_flag(flag: Flag, words: Words) -> tuple[str, str, str, str]:
    if flag.verdict is None:
        verdict = words.say("exposure.unknown")
    else:
        verdict = words.say("exposure.yes" if flag.verdict else "exposure.not")
    years = words.say(
        "card.of", count=str(flag.years_flagged_count), seen=str(flag.years_seen_count)
    )
    stable = "unknown" if flag.stable is None else "yes" if flag.stable else "no"
    return (
        verdict,
        "–" if flag.margin is None else _sign(flag.margin),
        years if flag.years_seen_count else words.say("card.dash"),
        words.say(f"card.stable.{stable}"),
    )


def _list_exports(card: Card, words: Words) -> Section:
    rows = []
    for view in card.trade:
        by = {place.basis: place for place in view.exports}
        if any(place.exporters_count for place in view.exports):
            value, tonnes = by["value"], by["quantity"]
            rows.append(
                (
                    f"{words.name(view.names)} ({view.product})",
                    show_known(value.share),
                    _show_place(value, words),
                    show_known(tonnes.share),
                    _show_place(tonnes, words),
                )
            )
    note = words.say("card.exports_note", country=words.name(card.country_names))
    columns = "heading by_value rank_value by_tonnes rank_tonnes"
    return _make("exports", words.say("card.exports"), columns, rows, words, note)


def _list_power(card: Card, words: Words) -> Section:
    rows = [
        (
            f"{words.name(pair.product_names)} ({pair.product})",
            words.say("card.hub", name=words.name(pair.names))
            if pair.is_hub
            else words.name(pair.names),
            show_known(pair.share_of_home),
            _show_loss(pair.loss_to_home),
            show_known(pair.share_of_it),
            _show_loss(pair.loss_to_it),
            "–" if pair.net_leverage is None else _show_signed(pair.net_leverage),
        )
        for pair in card.pairs
    ]
    note = words.say("card.power_note", country=words.name(card.country_names))
    columns = "heading partner share_of_home loss_to_home share_of_it loss_to_it net_leverage"
    title = words.say("card.power", year=str(card.power_year))
    return _make("power", title, columns, rows, words, note)


def _list_world(card: Card, words: Words) -> Section:
    rows = [
        (
            f"{words.name(place.product_names)} ({place.product})",
            _show_loss(place.loss),
            show_known(place.hub_share),
            _show_ratio(place.rca),
            _show_ratio(place.nearness),
            "–" if place.nearness_rank is None else str(place.nearness_rank),
        )
        for place in card.world
    ]
    note = words.say("card.world_note", country=words.name(card.country_names))
    columns = "heading loss_to_world hub_share rca nearness nearness_rank"
    title = words.say("card.world", year=str(card.power_year))
    return _make("world", title, columns, rows, words, note)


def _list_origins(card: Card, words: Words) -> Section:
    rows = [
        (words.name(one.names), show_triple(one.share, show_share), _show_loss(one.loss))
        for one in card.origins
    ]
    note = words.say("card.origins_note")
    return _make(
        "origins", words.say("card.origins"), "origin share loss_to_home", rows, words, note
    )


def _show_loss(loss: Loss | None) -> str:
    if loss is None:
        return "–"
    return show_ends(loss.low, loss.mode, loss.high, _show_points)


def _show_points(value: float) -> str:
    return f"{value:.3f}"


def _show_signed(value: float) -> str:
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{abs(value):.3f}"


def _show_place(place: ExportPlace, words: Words) -> str:
    if not place.exporters_count:
        return "–"
    if place.rank is None:
        return words.say("card.no_rank")
    return words.say("card.rank", rank=str(place.rank), count=str(place.exporters_count))


def _list_cover(card: Card, words: Words) -> Section:
    rows = [
        (
            words.name(stock.names),
            words.say(f"card.owner.{stock.owner}"),
            show_triple(stock.quantity_days, show_number),
            show_number(stock.usable_days),
            stock.legal_basis or "–",
            ", ".join(stock.sources),
        )
        for stock in (card.cover.stocks if card.cover else ())
    ]
    if card.cover is not None:
        users = show_number(card.cover.users_days)
        cited = ", ".join(card.cover.users_sources)
        rows.append((words.say("card.owner.users"), "", users, users, "–", cited))
    note = say_cover(card.cover, words) if card.cover else ""
    columns = "stock owner days usable basis cited"
    return _make("cover", words.say("card.cover"), columns, rows, words, note)


def say_cover(cover: Cover, words: Words) -> str:
    """Say the days of cover with their range."""
    return words.say(
        "card.cover_note",
        days=show_number(cover.mode),
        range=_show_range(cover.low, cover.high) or "–",
        users=show_number(cover.users_days),
        assumed=show_number(cover.assumed_days) if cover.assumed_days else None,
    )


def _list_uses(card: Card, words: Words) -> Section:
    rows = []
    for use in card.uses:
        restored = "–"
        if use.substitute_days is not None and use.substitute_share is not None:
            days = show_triple(use.substitute_days, show_number)
            restored = f"{days}; {show_triple(use.substitute_share, show_share)}"
        rows.append(
            (
                words.name(use.names),
                show_triple(use.use_share, show_share),
                show_triple(use.exposed_share, show_share),
                show_triple(use.own_stock_days, show_number),
                restored,
                ", ".join(use.sources),
            )
        )
    columns = "user use_share exposed own_stock substitute cited"
    return _make("uses", words.say("card.uses"), columns, rows, words)


def _list_chokes(card: Card, words: Words) -> Section:
    rows = []
    for choke in card.chokes[:MOST_CHOKES]:
        name = words.name(choke.names)
        if choke.second_names is not None:
            name = words.say("card.both", first=name, second=words.name(choke.second_names))
        loss = show_ends(
            choke.loss_share_low, choke.loss_share, choke.loss_share_high, show_share
        )  # fmt: skip
        replaced = words.say("exposure.code.none")
        if choke.replaced_by != "none" and choke.replacement_days is not None:
            by = words.say(f"exposure.code.{choke.replaced_by}")
            replaced = f"{show_number(choke.replacement_days)} ({by})"
        survive = "–" if choke.survive_days is None else show_number(choke.survive_days)
        rows.append((name, loss, survive, replaced, words.say(f"card.grade.{choke.grade}")))
    columns = "lost loss survive replaced is_choke"
    note = words.say("card.chokes_note", share=show_share(0.1))
    return _make("chokes", words.say("card.chokes"), columns, rows, words, note)


def _list_through(card: Card, words: Words) -> Section:
    rows = []
    for row in card.through:
        name = words.name(row.names)
        rows.append(
            (
                words.say("card.makes", name=name) if row.makes else name,
                show_share(row.face),
                show_share(row.look_through),
                _show_ratio(row.hidden_ratio),
            )
        )
    year = str(card.through[0].year) if card.through else "–"
    note = words.say("card.through_note", year=year)
    columns = "industry face look_through hidden"
    return _make("through", words.say("card.through"), columns, rows, words, note)


def _list_stress(card: Card, words: Words) -> Section:
    rows = [
        (
            f"{words.name(test.names)} ({test.scenario})",
            show_ends(test.low, test.mode, test.high, show_share),
            test.command,
        )
        for test in card.stress
    ]
    note = words.say("card.stress_note")
    return _make("stress", words.say("card.stress"), "scenario loss command", rows, words, note)


def _list_technologies(card: Card, words: Words) -> Section:
    rows = [
        (
            words.name(link.names),
            words.say(f"technologies.how.{link.how}"),
            f"keian exposure technology {link.technology}",
        )
        for link in card.technologies
    ]
    note = words.say("card.technologies_note")
    columns = "technology how command"
    return _make("technologies", words.say("card.technologies"), columns, rows, words, note)


def _list_missing(card: Card, words: Words) -> Section:
    gaps: list[str] = [words.say(f"card.gap.{gap}") for gap in dict.fromkeys(card.gaps)]
    texts: list[Names] = [*card.missing, *([card.note] if card.note else [])]
    rows = [(gap,) for gap in gaps] + [(words.name(text),) for text in texts]
    return _make("missing", words.say("card.missing"), "gap", rows, words)


def _list_sources(card: Card, words: Words) -> Section:
    rows = [
        (
            f"{tell_text(source.title, words.lang)} [{name}]",
            words.say(f"card.kind.{source.kind}"),
            source.grade or "–",
            str(source.vintage or source.published or "–"),
        )
        for name, source in card.sources.items()
    ]
    columns = "source kind grade vintage"
    return _make("sources", words.say("card.sources"), columns, rows, words)


def show_share(value: float) -> str:
    """Write a share in percent: two digits, one more under one percent.

    Examples
    --------
    >>> show_share(0.675), show_share(0.0042), show_share(0)
    ('68%', '0.42%', '0%')
    """
    if value == 0:
        return "0%"
    return f"{value:.0%}" if abs(value) >= SMALL else f"{100 * value:.2g}%"


def show_known(value: float | None) -> str:
    """Write a share, or a dash where it is missing."""
    return "–" if value is None else show_share(value)


def show_number(value: float) -> str:
    """Write a number of days, tonnes or dollars.

    Examples
    --------
    >>> show_number(204.4), show_number(0.3), show_number(5229454.1)
    ('204', '0.3', '5,229,454')
    """
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.2g}"


def show_triple(triple: Triple, show: Callable[[float], str]) -> str:
    """Write a value with its range in brackets."""
    return show_ends(triple.low, triple.mode, triple.high, show)


def show_ends(low: float, mode: float, high: float, show: Callable[[float], str]) -> str:
    """Write a value with its range in brackets, where it has one.

    Examples
    --------
    >>> show_ends(0.6, 0.675, 0.75, show_share)
    '68% (60–75%)'
    """
    shown = show(mode)
    least, most = show(low), show(high)
    if least == most:
        return shown
    if most.endswith("%"):  # the sign once, at the end
        least = least.removesuffix("%")
    return f"{shown} ({least}{DASH}{most})"


def _show_range(low: float | None, high: float | None) -> str | None:
    if low is None and high is None:
        return None
    ends = ("–" if end is None else show_number(end) for end in (low, high))
    return DASH.join(ends)


def _show_ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _sign(value: float) -> str:
    sign = "+" if value > 0 else MINUS
    return f"{sign}{abs(value):.0%}"
