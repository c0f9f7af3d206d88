"""keian exposure power: what withheld inputs cost, between home and every other region."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keian.cli.errors import write_json
from keian.cli.exposure import (
    Shown,
    list_records,
    name_all_countries,
    show_rows,
    show_tables,
    write_out,
)
from keian.cli.set import make_console, print_text
from keian.cli.viewer import parse_viewer
from keian.core import InputError, Problem, to_plain
from keian.core.digest import Plain
from keian.economy import load_economy
from keian.exposure.citations import find_sources
from keian.exposure.criteria import load_criteria
from keian.exposure.flows import Flows
from keian.exposure.flows_store import list_flow_years, load_world_flows
from keian.exposure.panel import load_product_names
from keian.exposure.power import load_elasticities, weigh_power
from keian.exposure.power_bundles import find_outputs
from keian.exposure.power_goods import add_good_power
from keian.exposure.power_products import PowerOfProducts, take_year, weigh_products
from keian.report.exposure_tables import Sheet, tell_power, tell_power_products
from keian.report.words import Lang, load_words
from keian.share import release

UNSHOWN = frozenset(
    {
        "product", "loss_to_home_low", "loss_to_home_high", "loss_to_it_low", "loss_to_it_high",
        "loss_to_world_low", "loss_to_world_high", "known_share", "good", "cited", "share_low",
        "share_high",
    }
)  # fmt: skip


def show_power(shown: Shown, *, economy: str, allies: Sequence[str]) -> None:
    """Weigh power between home and others and show it, most leverage first.

    Raises
    ------
    InputError
        An ally is no region of the table.
    """
    power = weigh_power(load_economy(economy), allies)
    released = release(power, parse_viewer(shown.viewer))
    tables = tell_power(released, shown.lang)
    found = released.value
    if shown.as_json:
        write_json(
            {
                "home": found.home,
                "year": found.year,
                "label": str(found.label),
                "allies": list(found.allies),
                "elasticities": to_plain(load_elasticities()),
                "power": list_records(found.table),
                "sources": {n: to_plain(s) for n, s in find_sources(found.sources).items()},
            }
        )
    elif shown.out is None:
        sheet = tables.sheets[0]
        rows = [[_write(cell) for cell in row] for row in sheet.rows]
        show_tables(tables, rows, sheet.columns, shown)
    write_out(tables, "power", shown)


def show_power_products(
    shown: Shown,
    *,
    importer: str,
    year: int | None,
    flows: Sequence[Path],
    allies: Sequence[str],
    economy: str = "japan",
) -> None:
    """Weigh power product by product and show it, what hurts home most first.

    Raises
    ------
    InputError
        A country or the year is not there, or a file cannot be read.
    ClearanceError
        The viewer may not see a ranking of weak points.
    """
    world = open_flows(year, flows)
    table = load_economy(economy)
    power = weigh_products(
        world,
        importer,
        {**load_product_names(), **name_all_countries()},
        load_criteria(),
        allies=allies,
        output_musd=find_outputs(table, int(world.year[0])),
    )
    if importer == table.home:
        power = add_good_power(power, table)
    released = release(power, parse_viewer(shown.viewer))
    tables = tell_power_products(released, shown.lang, table_year=table.year)
    if shown.as_json:
        write_json(describe_products(released.value))
    elif shown.out is None:
        pairs, bundles, products = tables.sheets[:3]
        show_tables(tables, *_pick_known(pairs, shown.lang), shown)
        show_rows(*_pick_known(bundles, shown.lang), shown, "power_bundles_head")
        print_text(make_console(), load_words(shown.lang).say("exposure.power_bundles_note"))
        show_rows(*_pick_known(products, shown.lang), shown, "power_world_head")
        for sheet in tables.sheets[3:-1]:  # the goods, where home's economy stands beside
            show_rows(*_pick_known(sheet, shown.lang), shown, "power_goods_head")
    write_out(tables, "power-products", shown)


def describe_products(found: PowerOfProducts) -> dict[str, Plain]:
    """Describe power by product as plain data with the elasticities and sources."""
    return {
        "home": found.home,
        "year": found.year,
        "provisional": found.provisional,
        "label": str(found.label),
        "allies": list(found.allies),
        "hubs": list(found.hubs),
        "elasticities": to_plain(load_elasticities()),
        "pairs": list_records(found.pairs),
        "bundles": list_records(found.bundles),
        "products": list_records(found.products),
        "goods": [] if found.goods is None else list_records(found.goods),
        "sources": {n: to_plain(s) for n, s in find_sources(found.sources).items()},
    }


def _pick_known(sheet: Sheet, lang: Lang) -> tuple[list[list[Any]], list[str]]:
    """Pick what a terminal shows: the product by name, and columns where anything is known."""
    other = "name_en" if lang == "ja" else "name_ja"
    places = [
        at
        for at, name in enumerate(sheet.columns)
        if name not in {*UNSHOWN, other} and any(row[at] is not None for row in sheet.rows)
    ]
    columns = [sheet.columns[at] for at in places]
    rows = [
        [_write(row[at], name) for at, name in zip(places, columns, strict=True)]
        for row in sheet.rows
    ]
    return rows, columns


def open_flows(year: int | None, files: Sequence[Path]) -> Flows:
    """Open flows between all countries of one year: the shipped ones, or files of the user's own."""
    years = list_flow_years()
    provisional = frozenset(load_criteria().provisional_years.years)
    if not files:
        settled = [y for y in years if y not in provisional]
        return load_world_flows(year if year is not None else settled[-1], provisional)
    from keian.exposure.trade_files import load_flow_files

    flows = load_flow_files(files)
    held = sorted(set(flows.year.tolist()))
    chosen = held[-1] if year is None else year
    if chosen not in held:
        wanted = f"one of {', '.join(map(str, held))}"
        raise InputError([Problem("--year", str(chosen), wanted, "choose one of them")])
    return take_year(flows, chosen)


def _write(cell: Any, column: str = "") -> Any:  # noqa: ANN401 - cells hold text and numbers
    if not isinstance(cell, float):
        return cell
    return f"{cell:.0f}" if column.endswith("_rank") else f"{cell:.4f}"
