"""keian exposure card: everything known of one good, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.text import Text

from keian.cli.errors import write_json, write_line
from keian.cli.exposure import (
    Shown,
    find_world_flows,
    list_remarks,
    load_joined_panel,
    name_all_countries,
)
from keian.cli.goods import find_goods
from keian.cli.set import load_cli_words, make_console, print_text, start_table
from keian.cli.viewer import parse_viewer
from keian.core import InputError, Problem, to_plain
from keian.economy import Economy, load_economy
from keian.exposure import Panel, load_criteria, screen
from keian.exposure.card import Card, Cards, StressTest
from keian.exposure.card_writing import write_cards
from keian.exposure.dossier import Dossier, open_dossier
from keian.exposure.flows import Flows
from keian.exposure.flows_join import select_year
from keian.exposure.governance import load_governance
from keian.exposure.panel import load_product_names
from keian.exposure.power_products import PowerOfProducts, weigh_products
from keian.exposure.screen import find_year
from keian.exposure.subjects import Subject
from keian.registers import load_registers
from keian.report.card_parts import Section, build_sections, say_findings
from keian.report.exposure_tables import say_remarks
from keian.report.words import Lang, Words, load_words
from keian.scenario import load_scenarios
from keian.scenario.reach import Hit, calc_reach
from keian.share import release


@dataclass(frozen=True, slots=True)
class Looked:
    """What a card or a list of candidates is written from: trade of a year, law of a day.

    trade : own files that join the shipped panel.
    """

    year: int | None = None
    as_of: date | None = None
    economy: str = "japan"
    trade: tuple[Path, ...] = ()


def load_dossier(looked: Looked, *, pairs: bool = True) -> Dossier:
    """Load the shipped panel, screen it, and open the dossier of an economy.

    Raises
    ------
    InputError
        The panel does not hold the year, or nobody ships the economy.
    """
    economy = load_economy(looked.economy)
    criteria = load_criteria()
    panel, own = load_joined_panel(looked.trade)
    year = find_year(panel, looked.year)
    found = screen(panel, criteria, year=year, governance=load_governance())
    on = looked.as_of or date.today()  # noqa: DTZ011 - the law in force needs no time zone
    law = load_registers().designations.at(on)
    return open_dossier(
        economy,
        found,
        law,
        stress=find_stress(economy),
        pairs=pairs,
        power=weigh_year(panel, year, own),
    )


def weigh_year(panel: Panel, year: int, own: Flows | None) -> PowerOfProducts | None:
    """Weigh power by product in a year; None where nobody has its flows between all countries."""
    flows = find_world_flows(panel, year, own)
    if flows is None:
        return None
    names = {**load_product_names(), **name_all_countries()}
    return weigh_products(select_year(flows, year), panel.importer, names, load_criteria())


def find_stress(economy: Economy) -> Mapping[str, Sequence[StressTest]]:
    """Find the shipped scenarios that touch each good, the heaviest first."""
    tests: dict[str, list[StressTest]] = {}
    for scenario in load_scenarios():
        heaviest: dict[str, Hit] = {}
        for shock in scenario.shocks:
            for hit in calc_reach(shock, economy):
                if hit.kind == "good" and hit.mode > 0:
                    known = heaviest.get(hit.id)
                    heaviest[hit.id] = hit if known is None or hit.mode > known.mode else known
        for good, hit in heaviest.items():
            tests.setdefault(good, []).append(
                StressTest(
                    scenario.id, scenario.names, hit.low, hit.mode, hit.high,
                    f"keian review --scenario {scenario.id}",
                )
            )  # fmt: skip
    return {
        good: sorted(found, key=lambda test: (-test.mode, test.scenario))
        for good, found in tests.items()
    }


def find_subjects(dossier: Dossier, names: Sequence[str], lang: Lang = "en") -> tuple[Subject, ...]:
    """Find what names stand for: goods by id, designation or word, products by heading.

    Raises
    ------
    InputError
        No good and no heading of the panel has a name; all such names together.
    """
    found: dict[str, Subject] = {}
    problems: list[Problem] = []
    by_id = {subject.id: subject for subject in dossier.subjects}
    for name in names:
        held = [s for s in dossier.subjects if name in s.codes]
        if held:
            found |= {subject.id: subject for subject in held}
            continue
        try:
            goods = find_goods(name, dossier.economy, dossier.law, lang)
        except InputError as error:
            problems.extend(error.problems)
            continue
        found |= {good.id: by_id[good.id] for good in goods}
    if problems:
        raise InputError(problems, lang=lang)
    return tuple(found.values())


def show_cards(shown: Shown, looked: Looked, *, goods: Sequence[str]) -> None:
    """Show the cards of goods.

    Raises
    ------
    InputError
        No good has a name.
    ClearanceError
        The viewer may not see weak points.
    """
    dossier = load_dossier(looked)
    cards = write_cards(dossier, find_subjects(dossier, goods, shown.lang))
    released = release(cards, parse_viewer(shown.viewer))
    words = load_words(shown.lang)
    remarks = dossier.found.panel.remarks
    if shown.as_json:
        write_json({**describe_cards(released.value), "remarks": list_remarks(remarks)})
    else:
        for line in say_remarks(remarks, words):
            print_text(make_console(), line)
        for card in released.value.cards:
            print_card(card, words, shown.lang)


def describe_cards(cards: Cards) -> dict[str, object]:
    """Describe cards as plain data with the sources they cite."""
    return {
        "label": str(cards.label),
        "cards": [{**_describe(card), "label": str(card.label)} for card in cards.cards],
    }


def _describe(card: Card) -> dict[str, object]:
    plain = to_plain(card)
    return plain if isinstance(plain, dict) else {}


def print_card(card: Card, words: Words, lang: Lang) -> None:
    """Print one card: sentences first, then its sections."""
    console = make_console()
    tier = words.say(f"card.tier.{card.tier}")
    print_text(console, f"{card.label}  {words.name(card.names)} ({card.id}, {tier})")
    for line in say_findings(card, words):
        print_text(console, f"  {line}")
    for section in build_sections(card, words):
        print_section(section, lang)
    write_line("")


def print_section(section: Section, lang: Lang) -> None:
    """Print one section: its title, how to read it, its rows."""
    console = make_console()
    print_text(console, f"\n{section.title}")
    if section.note:
        print_text(console, section.note)
    if len(section.columns) == 1:
        for row in section.rows:
            print_text(console, f"  - {row[0]}")
        return
    table = start_table(load_cli_words(), lang, ())
    for column in section.columns:
        table.add_column(column, overflow="fold")
    for row in section.rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
