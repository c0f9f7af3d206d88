"""keian exposure: what the country depends on, as tables on the terminal, CSV, XLSX and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from keian.cli.errors import write_json, write_line
from keian.cli.set import load_cli_words, make_console, print_text, start_table
from keian.cli.viewer import parse_viewer
from keian.core import InputError, Names, Problem, to_plain
from keian.core.digest import Plain
from keian.economy import load_economy
from keian.exposure import Panel, Screen, load_criteria, load_panel, screen, take_panel
from keian.exposure.citations import find_sources
from keian.exposure.flows_store import list_flow_years, load_world_flows
from keian.exposure.goods_screen import add_goods
from keian.exposure.governance import load_governance
from keian.exposure.panel import load_product_names
from keian.exposure.riskiness import calc_riskiness
from keian.exposure.screen import find_year
from keian.report.exposure_tables import (
    Format,
    Sheet,
    Tables,
    tell_choke_points,
    tell_look_through,
    tell_screen,
    title_columns,
    write_tables,
)
from keian.report.words import load_words
from keian.scenario.words import Lang
from keian.share import Released, release

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from keian.exposure.flows import Flows, Remark

SCREEN_COLUMNS = (
    "name", "imports_kusd", "top_value", "top_share_value", "hhi_value", "top_quantity",
    "top_share_quantity", "hhi_quantity", "disagree", "hub", "flags_count", "unstable_count",
    "rank_low", "rank_high",
)  # fmt: skip
GOODS_COLUMNS = (
    "good", "tier", "top_supplier", "top_share", "top_share_low", "top_share_high", "home_share",
    "hhi_low", "hhi_high", "cover_days", "survive_days",
)  # fmt: skip
CHOKE_COLUMNS = (
    "good", "node", "second", "loss_share", "network_loss_share", "survive_days",
    "replacement_days", "replaced_by", "grade", "strength_rank", "betweenness_rank", "katz_rank",
)  # fmt: skip
RELIANCE_COLUMNS = ("unit", "region", "face", "look_through", "hidden_ratio", "sales_look_through")
SHARES = frozenset(
    {
        "top_share_value", "top_share_quantity", "loss_share", "network_loss_share", "face",
        "look_through", "sales_look_through", "top_share", "top_share_low", "top_share_high",
        "home_share",
    }
)  # fmt: skip
RATIOS = frozenset({"hhi_value", "hhi_quantity", "hidden_ratio", "hhi_low", "hhi_high"})


@dataclass(frozen=True, slots=True)
class Shown:
    """How tables are shown: language, rows on the terminal, viewer, folder and format of files."""

    lang: Lang
    viewer: str
    top: int
    out: Path | None
    file_format: Format
    as_json: bool


def show_screen(
    shown: Shown,
    *,
    importer: str,
    year: int | None,
    flows: Sequence[Path],
    trade: Sequence[Path] = (),
) -> None:
    """Screen a country's imports and show them, most concentrated first.

    Raises
    ------
    InputError
        The country or the year is not there, or a file cannot be read.
    ClearanceError
        The viewer may not see a ranking of weak points.
    """
    criteria = load_criteria()
    panel, world = open_panel(importer, year, flows, trade)
    chosen = find_year(panel, year)
    risk = None
    if world is not None and chosen in set(world.year.tolist()):
        risk = calc_riskiness(world, chosen, criteria.rank_draws)
    found = screen(panel, criteria, year=chosen, governance=load_governance(), riskiness=risk)
    if importer == "JPN" and not flows:
        found = add_goods(found, load_economy("japan", illustrative=True))
    released = release(found, parse_viewer(shown.viewer))
    tables = tell_screen(released, shown.lang)
    if shown.as_json:
        write_json(describe_screen(released))
    elif shown.out is None:
        cells = _pick(tables.sheets[0], SCREEN_COLUMNS, shown.lang)
        show_tables(tables, cells, SCREEN_COLUMNS, shown)
        for sheet in tables.sheets:
            if sheet.key == "goods":
                show_rows(
                    _pick(sheet, GOODS_COLUMNS, shown.lang), GOODS_COLUMNS, shown, "goods_head"
                )
    write_out(tables, "screen", shown)


def open_panel(
    importer: str, year: int | None, files: Sequence[Path], trade: Sequence[Path] = ()
) -> tuple[Panel, Flows | None]:
    """Open the panel of a country: Japan's long one, else out of flows between all countries.

    Parameters
    ----------
    files : own flows that stand alone.   trade : own flows that join Japan's panel.

    Raises
    ------
    InputError
        Both are named, or flows are to join the panel of a country that has none.
    """
    if trade and (files or importer != "JPN"):
        found = "--flows too" if files else f"--importer {importer}"
        fix = "use --flows for files that stand alone; only Japan's panel is shipped"
        raise InputError([Problem("--trade", found, "Japan's shipped panel", fix)])
    criteria = load_criteria()
    provisional = frozenset(criteria.provisional_years.years)
    if files:
        from keian.exposure.trade_files import load_flow_files

        flows = load_flow_files(files)
    elif importer == "JPN":
        panel, own = load_joined_panel(trade)
        return panel, find_world_flows(panel, find_year(panel, year), own)
    else:
        from keian.exposure.flows_join import join_flows

        flows = join_flows([load_world_flows(y, provisional) for y in list_flow_years()])
    return take_panel(flows, importer, load_product_names(), name_all_countries()), flows


def load_joined_panel(trade: Sequence[Path]) -> tuple[Panel, Flows | None]:
    """Load the shipped panel, with a user's files joined if any are named, and the user's flows."""
    panel = load_panel(load_criteria())
    if not trade:
        return panel, None
    from keian.exposure.panel_join import join_panel
    from keian.exposure.trade_files import load_flow_files

    own = load_flow_files(trade)
    names = load_product_names()
    files = [path.name for path in trade]
    return join_panel(panel, own, names, name_all_countries(), files), own


def find_world_flows(panel: Panel, year: int, own: Flows | None) -> Flows | None:
    """Find flows between all countries in a year: the user's where they have them, else shipped."""
    if own is not None:
        from keian.exposure.panel_join import find_worldwide

        if year in find_worldwide(own, panel.importer):
            return own
    if year not in list_flow_years():
        return None
    return load_world_flows(year, frozenset(load_criteria().provisional_years.years))


def name_all_countries() -> dict[str, Names]:
    """Name every country of the shipped list."""
    from keian.economy.load import find_economy, read_countries

    return read_countries(find_economy("japan") / "trade" / "countries.csv")[1]


def describe_screen(released: Released[Screen]) -> dict[str, Plain]:
    """Describe a screen as plain data with its criteria, remarks and sources."""
    found = released.value
    return {
        "importer": found.importer,
        "year": found.year,
        "provisional": found.provisional,
        "nomenclature": found.panel.nomenclature,
        "label": str(found.label),
        "digest": found.panel.digest,
        "products": list_records(found.table),
        "verdicts": list_records(found.verdicts),
        "criteria": to_plain(found.criteria.criteria),
        "scores": to_plain(found.criteria.scores),
        "goods": [] if found.goods is None else list_records(found.goods),
        "remarks": list_remarks(found.panel.remarks),
        "sources": {name: to_plain(s) for name, s in find_sources(found.sources).items()},
    }


def list_remarks(remarks: Iterable[Remark]) -> list[dict[str, Plain]]:
    """List what was met in the user's files as plain data."""
    return [
        {
            "kind": remark.kind,
            "count": remark.count,
            "value_kusd": None if math.isnan(remark.value_kusd) else remark.value_kusd,
            "kept": remark.kept,
            "fate": remark.fate,
            "examples": list(remark.examples),
        }
        for remark in remarks
    ]


def list_records(frame: pd.DataFrame) -> list[dict[str, Plain]]:
    """List the rows of a frame as plain data; what is missing is null."""
    columns = [str(name) for name in frame.columns]
    rows = zip(*(frame[name].tolist() for name in columns), strict=True)
    return [{name: _plain(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def _plain(value: Any) -> Plain:  # noqa: ANN401 - cells hold text and numbers
    return None if isinstance(value, float) and math.isnan(value) else value


def show_choke_points(
    shown: Shown, *, economy: str, goods: Sequence[str], least_share: float, year: int | None
) -> None:
    """Find the choke points of goods and show them, the gravest first.

    Raises
    ------
    InputError
        A good is not among those that run.
    """
    from keian.exposure.choke_network import add_network
    from keian.exposure.choke_points import find_choke_points

    loaded = load_economy(economy)
    known = {good.id for good in loaded.goods}
    wrong = [
        Problem("--good", repr(name), "a good that runs", "`keian goods` lists them")
        for name in goods
        if name not in known
    ]
    if wrong:
        raise InputError(wrong)
    settled = [y for y in list_flow_years() if y not in load_criteria().provisional_years.years]
    chosen = year or settled[-1]
    points = find_choke_points(loaded, least_share=least_share, goods=goods)
    points = add_network(points, loaded, load_world_flows(chosen), chosen)
    released = release(points, parse_viewer(shown.viewer))
    names = {**loaded.country_names, **{route.id: route.names for route in loaded.routes}}
    tables = tell_choke_points(released, names, chosen, shown.lang)
    if shown.as_json:
        write_json(
            {
                "economy": loaded.name,
                "label": str(points.label),
                "least_share": least_share,
                "year_of_networks": chosen,
                "choke_points": list_records(points.table),
                "sources": {n: to_plain(s) for n, s in find_sources(points.sources).items()},
            }
        )
    elif shown.out is None:
        cells = _pick(tables.sheets[0], CHOKE_COLUMNS, shown.lang)
        show_tables(tables, cells, CHOKE_COLUMNS, shown)
    write_out(tables, "choke-points", shown)


def show_look_through(
    shown: Shown, *, economy: str, industry: str | None, replacement_share: float
) -> None:
    """Look through the chain of a country's industries and show what they rest on abroad.

    Raises
    ------
    InputError
        No industry of the country has this id.
    """
    from keian.exposure.look_through import ALL, look_through

    loaded = load_economy(economy)
    looked = look_through(loaded, replacement_share=replacement_share)
    unit = industry or ALL
    if unit not in set(looked.reliance["unit"]):
        wanted = f"an industry such as {', '.join(looked.linkages['unit'].tolist()[:5])}"
        raise InputError([Problem("--industry", repr(unit), wanted, "correct it")])
    released = release(looked, parse_viewer(shown.viewer))
    tables = tell_look_through(released, shown.lang)
    if shown.as_json:
        keys = ("reliance", "linkages", "regions", "passages")
        write_json(
            {
                "economy": loaded.name,
                "year": looked.year,
                "label": str(looked.label),
                **{key: list_records(getattr(looked, key)) for key in keys},
                "sources": {n: to_plain(s) for n, s in find_sources(looked.sources).items()},
            }
        )
    elif shown.out is None:
        mine = looked.reliance["unit"] == unit
        cells = _pick(tables.sheets[0], RELIANCE_COLUMNS, shown.lang)
        rows = [row for row, own in zip(cells, mine.tolist(), strict=True) if own]
        show_tables(tables, rows, RELIANCE_COLUMNS, shown)
    write_out(tables, "look-through", shown)


def show_tables(
    tables: Tables, rows: Sequence[Sequence[Any]], columns: Sequence[str], shown: Shown
) -> None:
    """Print the first rows of a table under its head, with label and notes."""
    console = make_console()
    print_text(console, f"{tables.label}  {tables.subject}")
    show_rows(rows, columns, shown)
    for note in tables.notes:
        print_text(console, note)


def show_rows(
    rows: Sequence[Sequence[Any]], columns: Sequence[str], shown: Shown, head: str = ""
) -> None:
    """Print the first rows of a table, with a head of its own if it has one."""
    console: Console = make_console()
    if head:
        print_text(console, load_words(shown.lang).say(f"exposure.{head}"))
    titles = title_columns(columns, load_words(shown.lang))
    table = start_table(load_cli_words(), shown.lang, ())
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows[: shown.top]:
        table.add_row(*(Text(_show(name, cell)) for name, cell in zip(columns, row, strict=True)))
    console.print(table)
    rest = len(rows) - shown.top
    if rest > 0:
        print_text(console, f"… +{rest}")


def write_out(tables: Tables, name: str, shown: Shown) -> None:
    """Write the files that were asked for and say where they are."""
    if shown.out is None:
        return
    for path in write_tables(tables, shown.out, name, shown.file_format, shown.lang):
        if not shown.as_json:
            write_line(str(path))


def _pick(sheet: Sheet, columns: Sequence[str], lang: Lang) -> list[list[Any]]:
    """Pick columns of a sheet; `name` and `good` are the name in the language with the id."""
    place: Mapping[str, int] = {name: at for at, name in enumerate(sheet.columns)}
    picked = []
    for row in sheet.rows:
        cells = []
        for column in columns:
            if column in {"name", "good"}:
                key = row[place["good" if column == "good" else "product"]]
                cells.append(f"{row[place[f'name_{lang}']]} ({key})")
            else:
                cells.append(row[place[column]])
        picked.append(cells)
    return picked


def _show(column: str, cell: Any) -> str:  # noqa: ANN401 - cells hold text and numbers
    """Write a cell for the terminal."""
    if cell is None:
        return ""
    if not isinstance(cell, int | float):
        return str(cell)
    if column in SHARES:
        return f"{cell:.1%}"
    return f"{cell:.3f}" if column in RATIOS else f"{cell:,.0f}"
