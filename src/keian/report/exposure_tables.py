"""Exposure tables of a released screen, look-through or list of choke points: CSV and XLSX."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from keian.core import Names, Source, tell_text
from keian.exposure.choke_points import ChokePoints
from keian.exposure.citations import find_sources
from keian.exposure.criteria import Criteria, load_criteria
from keian.exposure.flows import Remark
from keian.exposure.look_through import ALL, FOREIGN, LookThrough
from keian.exposure.power import Power
from keian.exposure.power_products import PowerOfProducts
from keian.exposure.screen import Screen
from keian.report.words import Lang, Words, load_words
from keian.report.workbook_sheet import Book
from keian.share import Released
from keian.sheets.csv_files import write_csv

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["xlsx", "csv"]
CODED = frozenset(
    {"basis", "basis_of_share", "disagree", "kind", "second_kind", "replaced_by", "grade", "tier"}
)
TOLD = frozenset({"verdict", "met", "lasting", "stable", "agree"})  # 1, 0 or missing


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it is written: name, titles of the columns, rows of cells."""

    key: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything of one released thing: notes above, sheets, sources, the year it is about."""

    subject: str
    year: int
    label: str
    notes: tuple[str, ...]
    sheets: tuple[Sheet, ...]


def tell_screen(released: Released[Screen], lang: Lang) -> Tables:
    """Tell a screen: products, verdicts, criteria, sources."""
    screen, words = released.value, load_words(lang)
    head = words.say(
        "exposure.screen_head",
        importer=words.name(screen.panel.country_names[screen.importer]),
        year=str(screen.year),
        nomenclature=screen.panel.nomenclature,
        count=str(len(screen.table)),
    )
    notes = [words.say("exposure.read_me", floor=f"{screen.criteria.noise_floor_kusd.value:g}")]
    if screen.provisional:
        notes.append(words.say("exposure.provisional", year=str(screen.year)))
    notes += say_remarks(screen.panel.remarks, words)
    notes += [
        words.say("exposure.lacking", name=words.name(s.names), lacking=words.name(s.lacking))
        for s in screen.criteria.scores
    ]
    sheets = (
        make_sheet("products", screen.table, screen.panel.country_names, words),
        _list_matrix(screen, words),
        *_list_goods(screen, words),
        make_sheet(
            "verdicts", screen.verdicts, {c.id: c.names for c in screen.criteria.criteria}, words
        ),
        _list_criteria(screen.criteria, words),
        list_sources(find_sources(screen.sources), words),
    )
    return Tables(head, screen.year, str(screen.label), tuple(notes), sheets)


def say_remarks(remarks: Iterable[Remark], words: Words) -> tuple[str, ...]:
    """Say what the readers met in the user's files and what became of it."""
    return tuple(
        words.say(
            "exposure.remark",
            what=words.say(f"exposure.remark.{remark.kind}"),
            count=f"{remark.count:,}",
            value=None if math.isnan(remark.value_kusd) else f"{remark.value_kusd:,.0f}",
            examples=", ".join(remark.examples) or None,
        )
        for remark in remarks
    )


def tell_choke_points(
    released: Released[ChokePoints], names: Mapping[str, Names], year: int, lang: Lang
) -> Tables:
    """Tell choke points: cuts by good, sources."""
    points, words = released.value, load_words(lang)
    head = words.say(
        "exposure.choke_head", share=f"{points.least_share:.0%}", count=str(len(points.table))
    )
    sheets = (
        make_sheet("choke_points", points.table, names, words),
        list_sources(find_sources(points.sources), words),
    )
    return Tables(head, year, str(points.label), (words.say("exposure.choke_note"),), sheets)


def tell_look_through(released: Released[LookThrough], lang: Lang) -> Tables:
    """Tell a look-through: reliance, linkages, cuts, passages, sources."""
    looked, words = released.value, load_words(lang)
    frame = looked.reliance
    whole = frame[(frame["unit"] == ALL) & (frame["region"] == FOREIGN)].iloc[0]
    year = str(looked.year)
    head = words.say(
        "exposure.look_head",
        year=year,
        face=f"{whole['face']:.1%}",
        through=f"{whole['look_through']:.1%}",
    )
    sheets = (
        *(
            make_sheet(key, getattr(looked, key), looked.names, words)
            for key in ("reliance", "linkages", "regions", "passages")
        ),
        list_sources(find_sources(looked.sources), words),
    )
    notes = (words.say("exposure.look_note", year=year),)
    return Tables(head, looked.year, str(looked.label), notes, sheets)


def tell_power(released: Released[Power], lang: Lang) -> Tables:
    """Tell cut-off losses between home and other regions, sources."""
    power, words = released.value, load_words(lang)
    allies = ", ".join(words.name(power.names[ally]) for ally in power.allies)
    head = words.say(
        "exposure.power_head", home=words.name(power.names[power.home]), year=str(power.year)
    )
    notes = [words.say("exposure.power_note")]
    if allies:
        notes.append(words.say("exposure.power_allies", allies=allies))
    sheets = (
        make_sheet("power", power.table, power.names, words),
        list_sources(find_sources(power.sources), words),
    )
    return Tables(head, power.year, str(power.label), tuple(notes), sheets)


def tell_power_products(
    released: Released[PowerOfProducts], lang: Lang, *, table_year: int | None = None
) -> Tables:
    """Tell cut-off losses product by product: pairs, bundles, what the world loses, sources.

    table_year : year of the table that was asked for output.
    """
    power, words = released.value, load_words(lang)
    home, year = words.name(power.names[power.home]), str(power.year)
    notes = [words.say("exposure.power_products_note", count=str(len(power.products)))]
    if power.provisional:
        notes.append(words.say("exposure.provisional", year=year))
    if power.allies:
        notes.append(
            words.say("exposure.power_allies", allies=_name_all(power, power.allies, words))
        )
    if power.hubs:
        notes.append(words.say("exposure.power_hubs", hubs=_name_all(power, power.hubs, words)))
    if table_year not in {None, power.year}:
        notes.append(words.say("exposure.power_no_output", table=str(table_year), year=year))
    sheets = (
        make_sheet("power_pairs", power.pairs, power.names, words),
        make_sheet("power_bundles", power.bundles, power.names, words),
        make_sheet("power_products", power.products, power.names, words),
        *(
            ()
            if power.goods is None
            else (make_sheet("power_goods", power.goods, power.names, words),)
        ),
        list_sources(find_sources(power.sources), words),
    )
    head = words.say("exposure.power_products_head", home=home, year=year)
    return Tables(head, power.year, str(power.label), tuple(notes), sheets)


def _name_all(power: PowerOfProducts, codes: Iterable[str], words: Words) -> str:
    return words.join([words.name(power.names.get(c, Names(en=c, ja=c))) for c in codes])


def make_sheet(key: str, frame: pd.DataFrame, names: Mapping[str, Names], words: Words) -> Sheet:
    """Make a sheet of a frame: ids of known things become names, codes become words."""
    columns = tuple(str(name) for name in frame.columns)
    cells = [
        [_tell(column, value, names, words) for value in frame[column].tolist()]
        for column in columns
    ]
    return Sheet(key, columns, tuple(zip(*cells, strict=True)))


NAMED = frozenset(
    {
        "top_value", "top_quantity", "top_supplier", "hub", "world_top", "criterion", "node",
        "second", "unit", "region", "origin", "through", "partner",
        "heading",
    }
)  # fmt: skip


def _tell(column: str, value: Any, names: Mapping[str, Names], words: Words) -> Any:  # noqa: ANN401 - cells hold text and numbers
    """Turn one cell into what people read; missing stays missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return words.say("exposure.unknown") if column in TOLD else None
    if column in TOLD:
        return words.say("exposure.yes" if value == 1 else "exposure.not")
    if column in CODED:
        return ", ".join(words.say(f"exposure.code.{code}") for code in str(value).split())
    if column in NAMED:
        return words.name(names[value]) if value in names else value
    if isinstance(value, bool):
        return words.say("exposure.yes" if value else "exposure.not")
    return value


def _list_matrix(screen: Screen, words: Words) -> Sheet:
    """List products by criteria: the verdict by value, and where it changed in five years."""
    mine = screen.verdicts[screen.verdicts["basis"] == "value"]
    columns = (mine[name].tolist() for name in ("product", "criterion", "verdict", "stable"))
    cells = {
        (code, key): (verdict, stable) for code, key, verdict, stable in zip(*columns, strict=True)
    }
    ids = tuple(c.id for c in screen.criteria.criteria)
    name = "name_ja" if words.lang == "ja" else "name_en"
    rows = tuple(
        (code, text, *(_mark(*cells[code, key], words) for key in ids))
        for code, text in zip(screen.table["product"], screen.table[name], strict=True)
    )
    return Sheet("matrix", ("product", "name", *(f"criterion:{key}" for key in ids)), rows)


def _mark(verdict: float, stable: float, words: Words) -> str:
    if math.isnan(verdict):
        return words.say("exposure.unknown")
    said = words.say("exposure.yes" if verdict == 1 else "exposure.not")
    return words.say("exposure.changed", verdict=said) if stable == 0 else said


def _list_goods(screen: Screen, words: Words) -> tuple[Sheet, ...]:
    """List the critical goods, where they were screened too."""
    if screen.goods is None:
        return ()
    return (make_sheet("goods", screen.goods, screen.panel.country_names, words),)


def _list_criteria(criteria: Criteria, words: Words) -> Sheet:
    rows = tuple(
        (
            words.name(c.names),
            c.authors,
            "; ".join(
                f"{t.measure} {'>' if t.at_least is None else '>='} {t.limit:g}" for t in c.tests
            ),
            words.name(c.single_country),
            ", ".join(c.sources),
        )
        for c in criteria.criteria
    )
    return Sheet("criteria", ("criterion", "authors", "tests", "single_country", "cited"), rows)


def list_sources(sources: Mapping[str, Source], words: Words) -> Sheet:
    """List sources as a sheet, titles in the language of `words`."""
    columns = (
        "id", "title", "publisher", "published", "source_kind", "source_grade", "licence", "url",
    )  # fmt: skip
    rows = tuple(
        (
            name, tell_text(s.title, words.lang), tell_text(s.publisher or "", words.lang) or None,
            s.vintage or s.published, words.say(f"card.kind.{s.kind}"),
            s.grade, s.licence, s.url,
        )
        for name, s in sources.items()
    )  # fmt: skip
    return Sheet("sources", columns, rows)


def title_columns(columns: Iterable[str], words: Words) -> list[str]:
    """Name columns in a language."""
    names = {f"criterion:{c.id}": c.names for c in load_criteria().criteria}
    return [
        words.name(names[column]) if column in names else words.say(f"exposure.col.{column}")
        for column in columns
    ]


def write_tables(
    tables: Tables, folder: Path, name: str, file_format: Format, lang: Lang
) -> tuple[Path, ...]:
    """Write tables as one workbook, or as one CSV file a sheet with the label in its name.

    Returns
    -------
    The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = load_words(lang)
    if file_format == "xlsx":
        return (_write_book(tables, folder / f"{name}.xlsx", words),)
    paths = []
    for sheet in tables.sheets:
        path = folder / f"{name}-{sheet.key}.csv"
        titles = [*title_columns(sheet.columns, words), tables.label]
        # The label travels with the file as the title of a last, empty column.
        write_csv(path, titles, ([*row, ""] for row in sheet.rows))
        paths.append(path)
    return tuple(paths)


def _write_book(tables: Tables, path: Path, words: Words) -> Path:
    made = datetime(
        tables.year, 12, 31, tzinfo=UTC
    )  # the year of the figures: same input, same bytes
    with Book(path, tables.label, tables.subject, made) as book:
        for place, sheet in enumerate(tables.sheets):
            part = book.add_sheet(
                words.say(f"exposure.{sheet.key}"), title_columns(sheet.columns, words)
            )
            for note in (tables.subject, *tables.notes) if place == 0 else ():
                part.add_note(note)
            part.start_table(title_columns(sheet.columns, words))
            for row in sheet.rows:
                part.add_row(_plain(row))
    return path


def _plain(row: Sequence[Any]) -> list[Any]:
    return [str(cell) if isinstance(cell, bool) else cell for cell in row]
