"""Imports by value as a treemap: area is money, tint is the first supplier's share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from keian.exposure.atlas import Spot
from keian.report.card_parts import show_known, show_number
from keian.report.setting import PAGE_PX, Chart, Grid
from keian.report.svg import drawing, fit, join, rect, text
from keian.report.words import Words

HEIGHT_PX = 380.0
TINTS = ((0.75, "heat-4"), (0.5, "heat-3"), (0.4, "heat-2"), (0.25, "heat-1"))
PLAIN = "shade"
DARK = "heat-4"
LEAST_NAME_PX = (52.0, 34.0)  # a smaller box carries no name; the table has it
LINE_PX = 14.0
LEAST_LINE_PX = 66.0  # code and share stand on one line from this width on
PER_MILLION = 1000.0
PER_BILLION = 1e6


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the map."""

    left: float
    top: float
    width: float
    height: float


def draw_trade(spots: Sequence[Spot], words: Words, year: int, *, key: str) -> Chart:
    """Draw the treemap; products without a value are in the table only."""
    priced = sorted(
        (s for s in spots if s.imports_kusd), key=lambda s: (-(s.imports_kusd or 0.0), s.product)
    )
    total = sum(s.imports_kusd or 0.0 for s in priced)
    boxes = lay_boxes([s.imports_kusd or 0.0 for s in priced], PAGE_PX, HEIGHT_PX)
    half = sum(s.imports_kusd or 0.0 for s in priced if (s.top_share or 0.0) >= TINTS[1][0])
    title = words.say(
        "atlas.trade_title",
        share=show_known(half / total if total else None),
        total=show_number(total / PER_BILLION),
        year=str(year),
    )
    body = [_draw_box(s, box, words) for s, box in zip(priced, boxes, strict=True)]
    return Chart(
        id=key,
        title=title,
        unit=words.say("atlas.trade_unit"),
        svg=drawing(PAGE_PX, HEIGHT_PX, join(body), title),
        grid=_build_grid(priced, words),
        note=words.say("atlas.trade_note", left=str(len(spots) - len(priced))),
    )


def lay_boxes(amounts: Sequence[float], width: float, height: float) -> list[Box]:
    """Lay rectangles of given areas into one, each as near to a square as it can be.

    Parameters
    ----------
    amounts : positive, the greatest first.

    Returns
    -------
    list of Box
        In the order of the amounts; areas are in proportion and fill the whole.

    Source
    ------
    Bruls, Huizing, van Wijk 2000, Squarified treemaps.

    Examples
    --------
    >>> [round(box.width * box.height) for box in lay_boxes([3, 1], 2, 2)]
    [3, 1]
    """
    scale = width * height / sum(amounts) if amounts else 0.0
    areas = [amount * scale for amount in amounts]
    boxes: list[Box] = []
    free = Box(0.0, 0.0, width, height)
    start = 0
    while start < len(areas):
        side = min(free.width, free.height)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(
            areas[start:end], side
        ):
            end += 1
        placed, free = _lay_row(areas[start:end], free)
        boxes += placed
        start = end
    return boxes


def _worst(row: Sequence[float], side: float) -> float:
    """Worst ratio of sides in a row laid along `side`."""
    whole = sum(row)
    return max(side**2 * max(row) / whole**2, whole**2 / (side**2 * min(row)))


def _lay_row(row: Sequence[float], free: Box) -> tuple[list[Box], Box]:
    """Lay a row along the shorter side and return it with what is left."""
    upright = free.width >= free.height
    side = free.height if upright else free.width
    depth = sum(row) / side if side > 0 else 0.0
    boxes, at = [], 0.0
    for area in row:
        length = area / depth if depth > 0 else 0.0
        if upright:
            boxes.append(Box(free.left, free.top + at, depth, length))
        else:
            boxes.append(Box(free.left + at, free.top, length, depth))
        at += length
    if upright:
        return boxes, Box(free.left + depth, free.top, max(free.width - depth, 0.0), free.height)
    return boxes, Box(free.left, free.top + depth, free.width, max(free.height - depth, 0.0))


def _draw_box(spot: Spot, box: Box, words: Words) -> Markup:
    share = spot.top_share or 0.0
    tint = next((name for least, name in TINTS if share >= least), PLAIN)
    on = "on-dark" if tint == DARK else ""
    parts = [rect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1, tint)]
    wide, high = LEAST_NAME_PX
    if box.width >= wide and box.height >= high:
        top = (spot.top or "", show_known(spot.top_share))
        ends = [" ".join(top)] if box.width >= LEAST_LINE_PX else list(top)
        most = int(box.height / LINE_PX) - len(ends)
        names = fit(words.name(spot.names), box.width - 10, most=most) if most > 0 else []
        for place, line in enumerate((*names, *ends)):
            parts.append(text(box.left + 6, box.top + 15 + LINE_PX * place, line, on))
    return join(parts)


def _build_grid(priced: Sequence[Spot], words: Words) -> Grid:
    rows = tuple(
        (
            f"{words.name(s.names)} ({s.product})",
            show_number((s.imports_kusd or 0.0) / PER_MILLION),
            s.top or "–",
            show_known(s.top_share),
            words.say("exposure.yes" if s.disagree else "exposure.not"),
        )
        for s in priced
    )
    head = ("product", "imports_musd", "top_value", "top_share", "disagree")
    return Grid(
        words.say("atlas.trade_name"), tuple(words.say(f"atlas.col.{n}") for n in head), rows
    )
