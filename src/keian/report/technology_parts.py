"""Technologies in sections: the list with what is missing, and the card of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from keian.core import Names, Source, tell_text
from keian.exposure.technologies import MarketView, Technologies, Technology, Vision
from keian.exposure.technology_card import GoodFigures, HeadingPlace, TechnologyCard
from keian.exposure.technology_documents import ExpertGrade, Holder
from keian.report.card_parts import Section, show_number, show_share, show_triple
from keian.report.words import Words

DASH = "–"
OKU_PER_BILLION = 10  # Japanese counts in hundred millions


def say_programme(listed: Technologies, words: Words) -> tuple[str, ...]:
    """Say what is known of the visions, their fund and the projects, and what all fields lack."""
    count = str(len(listed.technologies))
    lines = [words.say("technologies.head", count=count, on=listed.on.isoformat())]
    lines += [_say_vision(vision, words) for vision in listed.visions]
    total = max((v.technologies_total or 0 for v in listed.visions), default=0)
    if total:
        named = str(listed.named_count)
        lines.append(words.say("technologies.named", named=named, total=str(total)))
        made = listed.projects
        lines.append(
            words.say(
                "technologies.projects", count=str(made.count), covered=str(made.technologies),
                by=made.by,
            )
        )  # fmt: skip
    lines += [words.name(remark.text) for remark in listed.remarks]
    lines += [
        words.say(f"technologies.count.{gap}", lacking=str(lacking), count=count)
        for gap, lacking in listed.gaps.items()
    ]
    return tuple(lines)


def _say_vision(vision: Vision, words: Words) -> str:
    name = words.name(vision.names)
    if vision.kind == "fund":
        known = vision.amount_bn_jpy
        scale = OKU_PER_BILLION if words.lang == "ja" else 1
        amount = None if known is None else show_number(scale * known)
        return words.say("technologies.fund", name=name, amount=amount)
    return words.say(
        "technologies.vision", name=name, count=str(vision.technologies_count),
        total=str(vision.technologies_total),
    )  # fmt: skip


def list_rows(listed: Technologies, words: Words) -> Section:
    """List the fields: goods, home's shares, holders, substitutes, grade, how much is missing."""
    rows = [
        (
            str(t.number),
            words.name(t.names),
            _join(words.name(link.names) for link in t.goods if link.how == "embodies"),
            _join(words.name(link.names) for link in t.goods if link.how == "needs"),
            _join(_say_home(view, words) for view in t.markets if view.home_share is not None),
            _join(dict.fromkeys(words.name(holder.names) for holder in t.holders)),
            _join(words.name(other.what) for other in t.substitutes),
            _join(_say_grade(grade, words) for grade in t.grades[:1]),
            str(len(t.gaps)),
        )
        for t in listed.technologies
    ]
    columns = "number name embodies needs home_share holders substitutes grade lacking"
    return _make("list", words.say("technologies.list"), columns, rows, words)


def build_technology(card: TechnologyCard, words: Words) -> tuple[Section, ...]:
    """Build the sections of a technology's card; a part without figures is told as missing."""
    technology = card.technology
    parts = (
        _list_goods(card, words),
        _list_markets(card, words),
        _list_holders(technology.holders, card.country_names, words),
        _make(
            "substitutes", words.say("technologies.substitutes"), "what cited",
            [(words.name(s.what), ", ".join(s.sources)) for s in technology.substitutes], words,
        ),
        _list_grades(technology.grades, words),
        _list_missing(technology, words),
        list_cited(card.sources, words),
    )  # fmt: skip
    return tuple(part for part in parts if part.rows)


def _list_goods(card: TechnologyCard, words: Words) -> Section:
    rows = [
        (
            f"{words.name(good.link.names)} ({good.link.good})",
            words.say(f"technologies.how.{good.link.how}"),
            words.say("exposure.yes" if good.designated else "exposure.not"),
            _say_supplier(good, words),
            DASH if good.survive_days is None else show_number(good.survive_days),
            DASH
            if good.substitutes_known is None
            else words.say("exposure.yes" if good.substitutes_known else "exposure.not"),
            _join(_say_place(place, words) for place in good.exports),
        )
        for good in card.goods
    ]
    columns = "good how designated supplier survive substitute exports"
    note = words.say("technologies.goods_note", year=str(card.year))
    return _make("goods", words.say("technologies.goods"), columns, rows, words, note)


def _say_supplier(good: GoodFigures, words: Words) -> str:
    if good.top is None or good.top_share is None:
        return DASH
    said = f"{words.name(good.top)} {show_triple(good.top_share, show_share)}"
    return words.say("technologies.of_imports", said=said) if good.of_imports else said


def _say_place(place: HeadingPlace, words: Words) -> str:
    share = DASH if place.share is None else show_share(place.share)
    if place.rank is None:
        rank = words.say("card.no_rank")
    else:
        rank = words.say("card.rank", rank=str(place.rank), count=str(place.exporters_count))
    return f"{place.product}: {share}, {rank}"


def _list_markets(card: TechnologyCard, words: Words) -> Section:
    rows = [
        (
            words.name(view.market.what),
            words.say(f"technologies.basis.{view.market.basis}"),
            view.market.year,
            _join(
                f"{words.name(card.country_names[part.country])} {show_triple(part.share, show_share)}"
                for part in view.market.parts
            ),
            DASH if view.rank is None else str(view.rank),
            ", ".join(dict.fromkeys(s for part in view.market.parts for s in part.share.sources)),
        )
        for view in card.technology.markets
    ]
    note = words.say("technologies.markets_note")
    columns = "what basis year shares rank cited"
    return _make("markets", words.say("technologies.markets"), columns, rows, words, note)


def _say_home(view: MarketView, words: Words) -> str:
    share = "" if view.home_share is None else show_triple(view.home_share, show_share)
    return words.say(
        "technologies.home", what=words.name(view.market.what), share=share, year=view.market.year,
        rank=None if view.rank is None else str(view.rank),
    )  # fmt: skip


def _list_holders(
    holders: Sequence[Holder], countries: Mapping[str, Names], words: Words
) -> Section:
    rows = [
        (
            words.name(holder.names),
            DASH if holder.country is None else words.name(countries[holder.country]),
            words.name(holder.what),
            holder.year,
            DASH if holder.share is None else show_triple(holder.share, show_share),
            ", ".join(holder.sources),
        )
        for holder in holders
    ]
    columns = "holder country what year share cited"
    return _make("holders", words.say("technologies.holders"), columns, rows, words)


def _list_grades(grades: Sequence[ExpertGrade], words: Words) -> Section:
    rows = [
        (
            grade.author,
            grade.on.isoformat(),
            DASH if grade.superiority is None else str(grade.superiority),
            DASH if grade.indispensability is None else str(grade.indispensability),
            grade.note or "",
        )
        for grade in grades
    ]
    columns = "author on superiority indispensability note"
    note = words.say("technologies.grades_note")
    return _make("grades", words.say("technologies.grades"), columns, rows, words, note)


def _say_grade(grade: ExpertGrade, words: Words) -> str:
    return words.say(
        "technologies.grade",
        superiority=DASH if grade.superiority is None else str(grade.superiority),
        indispensability=DASH if grade.indispensability is None else str(grade.indispensability),
        author=grade.author,
        on=grade.on.isoformat(),
    )


def _list_missing(technology: Technology, words: Words) -> Section:
    rows = [(words.say(f"technologies.gap.{gap}"),) for gap in technology.gaps]
    return _make("missing", words.say("card.missing"), "gap", rows, words)


def list_cited(sources: Mapping[str, Source], words: Words) -> Section:
    """List sources with their kind, grade and vintage."""
    rows = [
        (
            f"{tell_text(source.title, words.lang)} [{name}]",
            words.say(f"card.kind.{source.kind}"),
            source.grade or DASH,
            str(source.vintage or source.published or DASH),
        )
        for name, source in sources.items()
    ]
    return _make(
        "sources", words.say("card.sources"), "source kind source_grade vintage", rows, words
    )


def _make(
    key: str, title: str, columns: str, rows: Iterable[Sequence[str]], words: Words, note: str = ""
) -> Section:
    heads = tuple(words.say(f"technologies.col.{column}") for column in columns.split())
    return Section(key, title, heads, tuple(tuple(row) for row in rows), note)


def _join(parts: Iterable[str]) -> str:
    return "; ".join(_drop_empty(parts)) or DASH


def _drop_empty(parts: Iterable[str]) -> Iterator[str]:
    return (part for part in parts if part)


def name_technology(names: Names, number: int, words: Words) -> str:
    """Name a technology with its number in the guideline."""
    return words.say("technologies.title", number=str(number), name=words.name(names))
