"""Autonomy by indispensability: a heat map whose cells print how many products stand in them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from keian.exposure.atlas import Spot
from keian.report.card_parts import show_known, show_number
from keian.report.setting import PAGE_PX, Chart, Grid
from keian.report.svg import drawing, join, path, rect, shorten, text
from keian.report.words import Words

HALF = 0.5
SUPPLIER_EDGES = (0.75, HALF, 0.4, 0.25, 0.0)  # lower ends of the rows, least autonomous first
EXPORT_EDGES = (0.0, 0.01, 0.05, 0.2)  # upper end of a column is the next; the first is nothing
HEAD_PX, ROW_PX, NAME_PX = 40.0, 78.0, 132.0
NAMES_SHOWN = 3
COUNTS = ((10, "heat-4"), (6, "heat-3"), (3, "heat-2"), (1, "heat-1"))
DARK = "heat-4"
STRONG = 0.05  # a share of world exports that counts as a place of one's own


def draw_autonomy(spots: Sequence[Spot], words: Words, *, key: str) -> Chart:
    """Draw the map; products under the noise floor or without shares are in the table only."""
    known = [s for s in spots if find_row(s) is not None and find_column(s) is not None]
    height = HEAD_PX + ROW_PX * len(SUPPLIER_EDGES) + 4
    rows = range(len(SUPPLIER_EDGES))
    body = [_draw_head(words), *(_draw_row(known, row, words) for row in rows)]
    dependent = [s for s in known if (s.top_share or 0.0) >= HALF]
    strong = [s for s in dependent if (s.export_share or 0.0) >= STRONG]
    title = words.say(
        "atlas.map_title",
        dependent=str(len(dependent)),
        count=str(len(known)),
        strong=str(len(strong)),
    )
    return Chart(
        id=key,
        title=title,
        unit=words.say("atlas.map_unit"),
        svg=drawing(PAGE_PX, height, join(body), title),
        grid=_build_grid(spots, words),
        note=words.say("atlas.map_note", left=str(len(spots) - len(known))),
    )


def find_row(spot: Spot) -> int | None:
    """Find the row of a product: 0 = the first supplier holds most."""
    if spot.top_share is None or spot.noise:
        return None
    share = spot.top_share
    return next(at for at, edge in enumerate(SUPPLIER_EDGES) if share >= edge)


def find_column(spot: Spot) -> int | None:
    """Find the column of a product: 0 = exports nothing."""
    if spot.export_share is None:
        return None
    if spot.export_share <= 0:
        return 0
    return sum(spot.export_share >= edge for edge in EXPORT_EDGES)


def _pitch() -> float:
    return (PAGE_PX - NAME_PX) / (len(EXPORT_EDGES) + 1)


def _draw_head(words: Words) -> Markup:
    pitch = _pitch()
    parts = [text(NAME_PX, 12, words.say("atlas.map_columns"), "q")]
    parts += [
        text(NAME_PX + pitch * (at + 0.5), 32, words.say(f"atlas.export.{at}"), "q m")
        for at in range(len(EXPORT_EDGES) + 1)
    ]
    return join(parts)


def _draw_row(spots: Sequence[Spot], row: int, words: Words) -> Markup:
    top, pitch = HEAD_PX + ROW_PX * row, _pitch()
    parts = [
        text(0, top + 20, words.say(f"atlas.supplier.{row}"), "n"),
        path(f"M0 {top - 0.5:g}H{PAGE_PX:g}", "gridline"),
    ]
    if row == 0:
        parts.append(text(0, top + 38, words.say("atlas.least_autonomous"), "q"))
    for column in range(len(EXPORT_EDGES) + 1):
        mine = [s for s in spots if find_row(s) == row and find_column(s) == column]
        parts.append(_draw_cell(mine, NAME_PX + pitch * column, top, words))
    return join(parts)


def _draw_cell(mine: Sequence[Spot], left: float, top: float, words: Words) -> Markup:
    if not mine:
        return text(left + 8, top + 20, "–", "q")
    tint = next(name for least, name in COUNTS if len(mine) >= least)
    on = " on-dark" if tint == DARK else ""
    order = sorted(mine, key=lambda s: -(s.imports_kusd or 0.0))
    parts = [
        rect(left + 1, top + 1, _pitch() - 2, ROW_PX - 2, tint),
        text(left + 8, top + 20, str(len(mine)), f"b h{on}"),
    ]
    for place, spot in enumerate(order[:NAMES_SHOWN]):
        name = shorten(words.name(spot.names), _pitch() - 20)
        parts.append(text(left + 8, top + 36 + 14 * place, name, on.strip()))
    return join(parts)


def _build_grid(spots: Sequence[Spot], words: Words) -> Grid:
    head = ("product", "top_value", "top_share", "export_share", "export_rank", "imports_musd")
    rows = tuple(
        (
            f"{words.name(spot.names)} ({spot.product})",
            spot.top or "–",
            show_known(spot.top_share) + ("" if spot.by_value else words.say("atlas.by_tonnes")),
            show_known(spot.export_share),
            "–" if spot.export_rank is None else str(spot.export_rank),
            "–" if spot.imports_kusd is None else show_number(spot.imports_kusd / 1000),
        )
        for spot in spots
    )
    return Grid(
        words.say("atlas.map_name"), tuple(words.say(f"atlas.col.{name}") for name in head), rows
    )
