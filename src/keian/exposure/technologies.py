"""Technologies: the fields of pillar 3 with goods, shares, ranks, holders, substitutes and grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal, Self

from keian.core import Label, Labelled, Names, Source, Triple
from keian.economy import Economy
from keian.exposure.citations import load_known_sources
from keian.exposure.subjects import SubjectTier
from keian.exposure.technology_documents import (
    ROUNDING,
    Additions,
    ExpertGrade,
    Holder,
    How,
    Market,
    Projects,
    Remark,
    TechnologyRecord,
    TechnologySubstitute,
    list_cited,
    load_technology_document,
)
from keian.registers import Entry, Register, load_register
from keian.share import raise_to_floor

REGISTER = "technology_fields"
TechnologyGap = Literal[
    "no_goods", "no_home_share", "no_rank", "no_holders", "no_substitutes", "no_grade"
]


@dataclass(frozen=True, slots=True)
class LinkedGood:
    """A good that embodies a technology, or that it needs."""

    good: str
    names: Names
    tier: SubjectTier
    how: How


@dataclass(frozen=True, slots=True)
class MarketView:
    """A market with home's share of it; the rank only where unlisted countries cannot change it."""

    market: Market
    home_share: Triple | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Technology:
    """One field: what sources give of it, and what is missing."""

    id: str
    number: int
    names: Names
    goods: tuple[LinkedGood, ...]
    markets: tuple[MarketView, ...]
    holders: tuple[Holder, ...]
    substitutes: tuple[TechnologySubstitute, ...]
    grades: tuple[ExpertGrade, ...]
    gaps: tuple[TechnologyGap, ...]
    cited: tuple[str, ...]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """A technology is one piece."""
        return {}

    def without(self, names: Collection[str]) -> Self:
        """Return the technology itself: it has no parts to take out."""
        if names:
            raise KeyError(f"a technology has no part {min(names)!r}")
        return self


@dataclass(frozen=True, slots=True)
class Vision:
    """A vision of research or its fund, as the register has it; None = it gives no such number."""

    id: str
    names: Names
    kind: str
    technologies_count: int | None
    technologies_total: int | None
    amount_bn_jpy: float | None


@dataclass(frozen=True, slots=True)
class Technologies:
    """All fields on one day, the programme beside them, and how many lack what.

    named_count : technologies of the visions that a source names.   gaps : fields by what they lack.
    """

    home: str
    on: date
    technologies: tuple[Technology, ...]
    visions: tuple[Vision, ...]
    projects: Projects
    named_count: int
    remarks: tuple[Remark, ...]
    gaps: Mapping[TechnologyGap, int]
    country_names: Mapping[str, Names]
    sources: Mapping[str, Source]
    label: Label

    def parts(self) -> Mapping[str, Labelled]:
        """Give the technologies by id."""
        return {technology.id: technology for technology in self.technologies}

    def without(self, names: Collection[str]) -> Self:
        """Take technologies out."""
        left = tuple(t for t in self.technologies if t.id not in set(names))
        return replace(self, technologies=left, gaps=count_gaps(left))


@cache
def load_fields() -> Register:
    """Load the register of fields, visions and their fund."""
    return load_register(REGISTER)


def find_known_sources() -> dict[str, Source]:
    """Find every source that a technology may cite: of the register, the economy and this room."""
    return {**load_fields().sources, **load_known_sources()}


def list_technologies(economy: Economy, on: date, added: Additions | None = None) -> Technologies:
    """List the fields in force on a day, with what is known of each.

    Parameters
    ----------
    economy : its goods are what technologies are linked with.
    added : a user's own additions, already checked.
    """
    document, held = load_technology_document(), load_fields().at(on)
    mine = () if added is None else added.technologies
    known = find_known_sources() | {s.id: s for s in (() if added is None else added.sources)}
    label = raise_to_floor(load_fields().label)
    if added is not None:
        label = label.join(Label(added.label))
    entries = {entry.id: entry for entry in held}
    merged = {
        record.id: merge_records(record, [own for own in mine if own.id == record.id])
        for record in document.technologies
    }
    listed = tuple(
        _describe(entries[key], record, economy, label, document.goods_source)
        for key, record in merged.items()
        if key in entries
    )
    visions = tuple(
        _read_vision(entries[key]) for key in document.programme.entries if key in entries
    )
    cited = [s for technology in listed for s in technology.cited]
    cited += [
        s for key in document.programme.entries if key in entries for s in entries[key].sources
    ]
    cited += document.programme.projects.sources
    cited += [s for remark in document.remarks for s in remark.sources]
    return Technologies(
        home=economy.home,
        on=on,
        technologies=listed,
        visions=visions,
        projects=document.programme.projects,
        named_count=document.programme.named,
        remarks=document.remarks,
        gaps=count_gaps(listed),
        country_names=_name_countries(listed, economy),
        sources={name: known[name] for name in dict.fromkeys(cited)},
        label=label,
    )


def _name_countries(listed: Iterable[Technology], economy: Economy) -> dict[str, Names]:
    """Name the countries of markets and holders; one that nobody knows keeps its code."""
    codes = [p.country for t in listed for view in t.markets for p in view.market.parts]
    codes += [h.country for t in listed for h in t.holders if h.country is not None]
    known = economy.country_names
    return {code: known.get(code, Names(en=code, ja=code)) for code in dict.fromkeys(codes)}


def merge_records(shipped: TechnologyRecord, own: Iterable[TechnologyRecord]) -> TechnologyRecord:
    """Merge a user's records with the shipped one: everything of both, the shipped first."""
    records = (shipped, *own)
    return shipped.model_copy(
        update={
            key: tuple(dict.fromkeys(item for record in records for item in getattr(record, key)))
            for key in ("goods", "markets", "holders", "substitutes", "grades")
        }
    )


def _describe(
    entry: Entry, record: TechnologyRecord, economy: Economy, label: Label, goods_source: str
) -> Technology:
    goods = tuple(_link_goods(record, economy))
    markets = tuple(view_market(market, economy.home) for market in record.markets)
    technology = Technology(
        id=entry.id,
        number=int(str((entry.value or {})["number"])),
        names=entry.names,
        goods=goods,
        markets=markets,
        holders=record.holders,
        substitutes=record.substitutes,
        grades=tuple(sorted(record.grades, key=lambda grade: grade.on, reverse=True)),
        gaps=(),
        cited=tuple(
            dict.fromkeys(
                (*entry.sources, *((goods_source,) if goods else ()), *list_cited(record))
            )
        ),
        label=label,
    )
    return _tell_gaps(technology)


def _tell_gaps(technology: Technology) -> Technology:
    told: Mapping[TechnologyGap, bool] = {
        "no_goods": not technology.goods,
        "no_home_share": all(view.home_share is None for view in technology.markets),
        "no_rank": all(view.rank is None for view in technology.markets),
        "no_holders": not technology.holders,
        "no_substitutes": not technology.substitutes,
        "no_grade": not technology.grades,
    }
    return replace(technology, gaps=tuple(gap for gap, missing in told.items() if missing))


def _link_goods(record: TechnologyRecord, economy: Economy) -> Iterator[LinkedGood]:
    """Link goods of the economy; one that another economy does not have is left out."""
    held: dict[str, tuple[Names, SubjectTier]] = {
        good.id: (good.names, good.tier) for good in (*economy.goods, *economy.aside)
    }
    held |= {good.id: (good.names, "registered") for good in economy.registered}
    for link in record.goods:
        if link.good in held:
            names, tier = held[link.good]
            yield LinkedGood(link.good, names, tier, link.how)


def view_market(market: Market, home: str) -> MarketView:
    """View a market from home: its share and its rank, where home sells in it."""
    if market.basis == "home_imports":
        return MarketView(market, None, None)
    shares = {part.country: part.share for part in market.parts}
    return MarketView(market, shares.get(home), calc_rank(shares, home))


def calc_rank(shares: Mapping[str, Triple], home: str) -> int | None:
    """Calculate home's rank in a market of which some countries are listed.

    Returns
    -------
    int or None
        None unless the rank is the same at every reading of the ranges and whatever part of the
        rest any country that is not listed holds.

    Examples
    --------
    >>> two = {"CHN": Triple.model_validate(0.4), "JPN": Triple.model_validate(0.35)}
    >>> calc_rank(two, "JPN"), calc_rank(two, "USA")
    (2, None)
    """
    mine = shares.get(home)
    if mine is None:
        return None
    others = [share for country, share in shares.items() if country != home]
    above = sum(share.low > mine.high for share in others)
    below = sum(share.high < mine.low for share in others)
    rest = 1.0 - mine.low - sum(share.low for share in others)
    settled = above + below == len(others) and rest < mine.low - ROUNDING
    return 1 + above if settled else None


def count_gaps(technologies: Sequence[Technology]) -> Mapping[TechnologyGap, int]:
    """Count how many technologies lack what, in the order of the gaps of a page."""
    found = Counter(gap for technology in technologies for gap in technology.gaps)
    order: tuple[TechnologyGap, ...] = (
        "no_goods", "no_home_share", "no_rank", "no_holders", "no_substitutes", "no_grade",
    )  # fmt: skip
    return {gap: found[gap] for gap in order}


def _read_vision(entry: Entry) -> Vision:
    value = entry.value or {}

    def read(key: str) -> int | None:
        held = value.get(key)
        return None if held is None else int(str(held))

    amount = value.get("amount_bn_jpy")
    return Vision(
        entry.id, entry.names, str(value["kind"]), read("technologies"), read("technologies_total"),
        None if amount is None else float(str(amount)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TechnologyLink:
    """A technology that a good embodies, or that needs it."""

    technology: str
    names: Names
    how: How


def list_links(good: str, on: date) -> tuple[TechnologyLink, ...]:
    """List the technologies of a good among the fields in force on a day."""
    names = {entry.id: entry.names for entry in load_fields().at(on)}
    return tuple(
        TechnologyLink(record.id, names[record.id], link.how)
        for record in load_technology_document().technologies
        if record.id in names
        for link in record.goods
        if link.good == good
    )
