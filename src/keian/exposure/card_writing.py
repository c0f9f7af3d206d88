"""Writes the card of a good from a dossier."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from keian.core import Names, Triple, tell_text
from keian.economy import Economy, Good
from keian.exposure.card import (
    Card,
    Cards,
    Choke,
    Cover,
    Designation,
    Gap,
    SourcedShare,
    Stock,
    Through,
    Use,
)
from keian.exposure.dossier import Dossier, cite
from keian.exposure.goods_screen import REST, sum_origins
from keian.exposure.look_through import FOREIGN
from keian.exposure.power_view import list_origins, view_pairs, view_world
from keian.exposure.subjects import Subject
from keian.exposure.survival import (
    ENDS,
    calc_cover,
    calc_survival_days,
    is_cover_known,
    list_uses,
)
from keian.exposure.technologies import list_links
from keian.exposure.technology_documents import load_technology_document
from keian.exposure.trade_view import know, view_trade

OTHERS = Names(en="countries not listed", ja="その他の国")
LEAST_YEARS = 2  # a verdict on stability needs as many
ASSUMED = "a-"  # ids of assumptions begin so
POWER_SOURCES = ("clayton-maggiori-schreger", "a-substitution-elasticity", "a-greatest-share")
LEAST_LOSS = 0.005  # a node that takes less of supply stands on no card


def write_cards(dossier: Dossier, subjects: Sequence[Subject] = ()) -> Cards:
    """Write the cards of subjects; of all goods of every tier if none is named."""
    chosen = subjects or [s for s in dossier.subjects if s.tier != "product"]
    return Cards(tuple(write_card(dossier, subject) for subject in chosen), dossier.label)


def write_card(dossier: Dossier, subject: Subject) -> Card:
    """Write the card of one subject."""
    economy, good = dossier.economy, subject.good
    trade = tuple(
        view
        for code in subject.products
        if (view := view_trade(dossier.found, code)) is not None
    )  # fmt: skip
    shares = list_shares(dossier, subject)
    cover = None if good is None else tell_cover(economy, good)
    uses = tuple(_list_uses(economy, good))
    stress = tuple(dossier.stress.get(subject.id, ()))
    designation = find_designation(dossier, subject.designated)
    power = dossier.power
    card = Card(
        id=subject.id,
        names=subject.names,
        tier=subject.tier,
        country=dossier.found.importer,
        country_names=dossier.found.panel.country_names[dossier.found.importer],
        year=dossier.found.year,
        on=dossier.law.on,
        designation=designation,
        codes=subject.codes,
        trade=trade,
        shares=shares,
        home_share=sum(s.share.mode for s in shares if s.origin == economy.home) if good else None,
        power_year=None if power is None else power.year,
        pairs=tuple(p for c in subject.products for p in view_pairs(power, c)) if power else (),
        world=tuple(w for c in subject.products if (w := view_world(power, c))) if power else (),
        origins=tuple(list_origins(shares, economy.home, REST)),
        through=tuple(_list_through(dossier, good)),
        cover=cover,
        uses=uses,
        chokes=tuple(list_chokes(dossier, subject.id)),
        stress=stress,
        technologies=list_links(subject.id, dossier.law.on),
        gaps=(),
        missing=list_missing(subject),
        note=_find_note(subject),
        sources={},
        label=dossier.label.join(economy.label),
    )
    return replace(
        card, gaps=tuple(find_gaps(card)), sources=cite(dossier, list_cited(dossier, subject, card))
    )


def find_designation(dossier: Dossier, entry_id: str | None) -> Designation | None:
    """Find the designation of a good on the dossier's day."""
    entry = next((e for e in dossier.law if e.id == entry_id), None)
    if entry is None:
        return None
    return Designation(entry.id, entry.names, entry.in_force_from, tuple(entry.sources))


def list_shares(dossier: Dossier, subject: Subject) -> tuple[SourcedShare, ...]:
    """List the sourced shares of supply, the greatest first; a registered good's are of imports."""
    names = dossier.economy.country_names

    def name(origin: str) -> Names:
        return names.get(origin) or (OTHERS if origin == REST else Names(en=origin, ja=origin))

    if subject.registered is not None:
        cited = subject.registered.sources
        return tuple(
            SourcedShare(o.country, name(o.country), _fix(o.share), None, cited)
            for o in sorted(subject.registered.imports, key=lambda o: (-o.share, o.country))
        )
    lines = () if subject.good is None else subject.good.supplies
    return tuple(
        SourcedShare(
            line.origin, name(line.origin), line.share, line.grade,
            tuple(dict.fromkeys((*line.sources, *line.share.sources))),
        )
        for line in sorted(lines, key=lambda line: (-line.share.mode, line.origin))
        if line.share.high > 0
    )  # fmt: skip


def _fix(value: float) -> Triple:
    return Triple(low=value, mode=value, high=value)


def tell_cover(economy: Economy, good: Good) -> Cover | None:
    """Tell days of cover over the share lost with the first foreign supplier.

    Returns
    -------
    Cover or None
        None where neither a pool nor a user's own stock is known: that is not zero days.
    """
    uses = list_uses(economy, good)
    if not is_cover_known(good, uses):
        return None
    days = {end: calc_cover(good, uses, end) for end in ENDS}
    total = sum(line.share.mode for line in good.supplies)
    foreign = {
        name: share
        for name, share in sum_origins(good.supplies, total).items()
        if name not in {economy.home, REST} and share > 0
    }
    lost = max(sorted(foreign), key=lambda name: foreign[name], default=None)
    mine = [line.share for line in good.supplies if line.origin == lost]
    most = min(1.0, sum(share.high for share in mine) / total) if mine else 0.0
    least = sum(share.low for share in mine) / total if mine else 0.0
    stocks = tuple(_list_stocks(good))
    cited = tuple(dict.fromkeys(s for use in uses for s in use.cover_days.sources))
    own = days["mode"].users_days
    assumed = sum(stock.usable_days for stock in stocks if stock.assumed)
    return Cover(
        stocks=stocks,
        users_days=own,
        users_sources=cited,
        assumed_days=assumed + (own if is_assumed(cited) else 0.0),
        low=days["low"].days,
        mode=days["mode"].days,
        high=days["high"].days,
        lost=lost,
        lost_names=None if lost is None else economy.country_names.get(lost),
        lost_share=None if lost is None else foreign[lost],
        survive_low=_finite(calc_survival_days(days["low"].days, most)),
        survive=_finite(calc_survival_days(days["mode"].days, foreign[lost])) if lost else None,
        survive_high=_finite(calc_survival_days(days["high"].days, least)),
    )


def is_assumed(cited: Collection[str]) -> bool:
    """Tell whether nothing but assumptions stands behind a figure."""
    return all(name.startswith(ASSUMED) for name in cited)


def _list_stocks(good: Good) -> Iterator[Stock]:
    for pool in good.pools:
        cited = tuple(dict.fromkeys((*pool.sources, *pool.quantity_days.sources)))
        yield Stock(
            id=pool.id,
            names=pool.names,
            owner=pool.owner,
            quantity_days=pool.quantity_days,
            usable_days=pool.quantity_days.mode * pool.usable_share.mode,
            legal_basis=pool.legal_basis,
            assumed=is_assumed(cited),
            sources=cited,
        )


def _list_uses(economy: Economy, good: Good | None) -> Iterator[Use]:
    for use in () if good is None else list_uses(economy, good):
        cited = (*use.sources, *use.use_share.sources, *use.exposed_share.sources)
        yield Use(
            unit=use.unit,
            names=economy.unit_names[use.unit],
            use_share=use.use_share,
            exposed_share=use.exposed_share,
            own_stock_days=use.cover_days,
            substitute_days=use.substitute_days,
            substitute_share=use.substitute_share,
            why=use.why,
            sources=tuple(dict.fromkeys(cited)),
        )


def _list_through(dossier: Dossier, good: Good | None) -> Iterator[Through]:
    """List the reliance of the industry that makes such products at home, then of the users."""
    if good is None:
        return
    economy, looked = dossier.economy, dossier.looked
    abroad = looked.reliance[looked.reliance["region"] == FOREIGN]
    rows = {str(row["unit"]): row for row in abroad.to_dict("records")}
    maker = f"{economy.home}.{good.parent_product}"
    users = dict.fromkeys(use.unit for use in list_uses(economy, good))
    for unit in dict.fromkeys((maker, *users)):
        if unit in rows:
            yield Through(
                unit=unit,
                names=economy.unit_names[unit],
                makes=unit == maker,
                face=float(rows[unit]["face"]),
                look_through=float(rows[unit]["look_through"]),
                hidden_ratio=know(rows[unit]["hidden_ratio"]),
                year=looked.year,
            )


def list_chokes(dossier: Dossier, good: str) -> Iterator[Choke]:
    """List the nodes, and pairs of nodes, whose loss is judged for a good, the gravest first."""
    frame = dossier.points.table
    economy = dossier.economy
    names = {**economy.country_names, **{route.id: route.names for route in economy.routes}}
    for row in frame[frame["good"] == good].to_dict("records"):
        second = row["second"] if isinstance(row["second"], str) else None
        if float(row["loss_share"]) < LEAST_LOSS and row["grade"] == "no":
            continue
        yield Choke(
            kind=row["kind"],
            node=row["node"],
            names=names[row["node"]],
            second=second,
            second_names=None if second is None else names[second],
            loss_share=float(row["loss_share"]),
            loss_share_low=float(row["loss_share_low"]),
            loss_share_high=float(row["loss_share_high"]),
            survive_days=know(row["survive_days"]),
            replacement_days=know(row["replacement_days"]),
            replaced_by=row["replaced_by"],
            grade=row["grade"],
        )


def find_gaps(card: Card) -> Iterator[Gap]:
    """Find what a card cannot tell, so that an empty part is read as unknown."""
    views = card.trade
    stable = (any(f.years_seen_count >= LEAST_YEARS for f in view.flags) for view in views)
    told: dict[Gap, bool] = {
        "no_trade": not views,
        "no_value": any(view.imports_kusd is None for view in views),
        "no_tonnes": any(view.imports_t is None for view in views),
        "one_year": not all(stable),
        "no_shares": not card.shares,
        "no_stocks": card.cover is None,
        "no_uses": not card.uses,
        "no_substitutes": bool(card.uses) and all(u.substitute_days is None for u in card.uses),
        "broad_table": bool(card.through),
        "no_exports": not any(p.exporters_count for view in views for p in view.exports),
        "no_stress": not card.stress,
        "no_power": not card.pairs,
    }
    return (gap for gap, missing in told.items() if missing)


def list_missing(subject: Subject) -> tuple[Names, ...]:
    """List what the tables of the good say is missing."""
    if subject.registered is not None:
        return subject.registered.missing
    gaps = () if subject.good is None else subject.good.missing
    return tuple(Names(en=gap, ja=tell_text(gap, "ja")) for gap in gaps)


def _find_note(subject: Subject) -> Names | None:
    if subject.registered is not None:
        return subject.registered.note
    if subject.good is None or subject.good.note is None:
        return None
    return Names(en=subject.good.note, ja=tell_text(subject.good.note, "ja"))


def list_cited(dossier: Dossier, subject: Subject, card: Card) -> tuple[str, ...]:
    """List every source behind a card, each once, in the order of the card."""
    cited: list[str] = []
    if card.trade:
        cited += dossier.found.panel.sources
        cited += [s for c in dossier.found.criteria.criteria for s in c.sources]
    thing = subject.good or subject.registered
    cited += () if thing is None else thing.sources
    rows: Iterable[Any] = (*card.shares, *(card.cover.stocks if card.cover else ()), *card.uses)
    cited += [name for row in rows for name in row.sources]
    if dossier.power is not None and (card.pairs or card.world):
        cited += dossier.power.sources
    if card.origins:
        cited += POWER_SOURCES
    if card.technologies:
        cited.append(load_technology_document().goods_source)
    if card.through:
        cited += dossier.looked.sources
    if card.chokes:
        cited += ["a-choke-share"]
        used = {name for choke in card.chokes for name in (choke.node, choke.second)}
        cited += [s for r in dossier.economy.routes if r.id in used for s in r.sources]
    cited += card.cover.users_sources if card.cover else ()
    cited += card.designation.sources if card.designation else ()
    return tuple(dict.fromkeys(cited))


def _finite(days: float) -> float | None:
    return days if math.isfinite(days) else None
