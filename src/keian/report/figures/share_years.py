"""The first supplier's share of imports by year, value and tonnes, as small multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from keian.exposure.trade_view import TradeView
from keian.report.card_parts import show_known
from keian.report.setting import PAGE_PX, Chart, Grid
from keian.report.svg import dot, drawing, join, path, polyline, rect, shorten, text
from keian.report.words import Words

PANEL_PX, GAP_PX, TALL_PX = 388.0, 24.0, 148.0
PLOT_TOP, PLOT_PX, LEFT_PX, RIGHT_PX = 26.0, 92.0, 30.0, 76.0
HALF = 0.5
ACROSS = 2
APART_PX = 13.0


def draw_years(
    views: Sequence[TradeView], provisional: frozenset[int], words: Words, *, key: str
) -> Chart:
    """Draw one panel a product: value as a line, tonnes dashed, the limit of one half."""
    rows = -(-len(views) // ACROSS)
    body = [
        _draw_panel(view, provisional, words, PanelAt(place)) for place, view in enumerate(views)
    ]
    title = words.say(
        "atlas.years_title", turned=str(sum(_turned(v) for v in views)), count=str(len(views))
    )
    return Chart(
        id=key,
        title=title,
        unit=words.say("atlas.years_unit"),
        svg=drawing(PAGE_PX, TALL_PX * rows, join(body), title),
        grid=_build_grid(views, words),
        note=words.say("atlas.years_note"),
    )


def _turned(view: TradeView) -> bool:
    """Whether the share by value lay on both sides of one half."""
    shares = [] if view.series is None else [s for s in view.series.value_share if s is not None]
    return bool(shares) and min(shares) < HALF <= max(shares)


class PanelAt:
    """Where a panel stands: its left and top, and the place of a year and a share in it."""

    __slots__ = ("left", "top")

    def __init__(self, place: int) -> None:
        self.left = (place % ACROSS) * (PANEL_PX + GAP_PX)
        self.top = (place // ACROSS) * TALL_PX

    def x(self, year: int, years: Sequence[int]) -> float:
        """Place of a year."""
        wide = PANEL_PX - LEFT_PX - RIGHT_PX
        return self.left + LEFT_PX + wide * (year - years[0]) / max(years[-1] - years[0], 1)

    def y(self, share: float) -> float:
        """Place of a share."""
        return self.top + PLOT_TOP + PLOT_PX * (1 - share)


def _draw_panel(view: TradeView, provisional: frozenset[int], words: Words, at: PanelAt) -> Markup:
    series = view.series
    if series is None:
        return Markup("")
    years = series.years
    name = f"{words.name(view.names)}: {words.name(series.names)}"
    right = at.left + PANEL_PX - RIGHT_PX
    parts = [text(at.left, at.top + 14, shorten(name, PANEL_PX, 13.0), "n b")]
    shaded = sorted(year for year in provisional if years[0] <= year <= years[-1])
    if shaded:
        start = at.x(shaded[0], years) - 4
        parts.append(rect(start, at.y(1), right + 4 - start, PLOT_PX, "shade"))
    for share in (0.0, 1.0):
        parts.append(path(f"M{at.left + LEFT_PX:g} {at.y(share):g}H{right:g}", "gridline"))
        parts.append(text(at.left + LEFT_PX - 5, at.y(share) + 4, f"{share:.0%}", "q e"))
    parts.append(path(f"M{at.left + LEFT_PX:g} {at.y(HALF):g}H{right:g}", "floor"))
    parts.append(text(at.left + LEFT_PX - 5, at.y(HALF) + 4, "50%", "q e"))
    parts += [
        text(at.x(year, years), at.y(0) + 16, str(year), "q m") for year in (years[0], years[-1])
    ]
    parts += _draw_lines(view, words, at)
    return join(parts)


def _draw_lines(view: TradeView, words: Words, at: PanelAt) -> list[Markup]:
    series = view.series
    if series is None:
        return []
    parts: list[Markup] = []
    ends: dict[str, float] = {}
    for basis, shares in (("quantity", series.quantity_share), ("value", series.value_share)):
        for run in cut_runs(series.years, shares):
            points = [(at.x(year, series.years), at.y(share)) for year, share in run]
            if basis == "value":
                parts.append(path(polyline(points), "ours-line"))
            else:
                parts.append(path(polyline(points), "rule", stroke_dasharray="3 2"))
        last = next((s for s in reversed(shares) if s is not None), None)
        if last is not None:
            ends[basis] = last
    right = at.left + PANEL_PX - RIGHT_PX + 6
    for basis, y in place_ends({basis: at.y(share) for basis, share in ends.items()}).items():
        said = f"{words.say(f'exposure.code.{basis}')} {show_known(ends[basis])}"
        parts.append(text(right, y + 4, said, "b" if basis == "value" else "q"))
    chosen = dict(zip(series.years, series.value_share, strict=True)).get(view.year)
    if chosen is not None:
        parts.append(dot(at.x(view.year, series.years), at.y(chosen), 4))
    return parts


def place_ends(wanted: Mapping[str, float]) -> dict[str, float]:
    """Place the words at the ends of two lines so far apart that both can be read.

    Examples
    --------
    >>> place_ends({"value": 10.0, "quantity": 12.0})
    {'value': 4.5, 'quantity': 17.5}
    """
    order = sorted(wanted, key=lambda basis: wanted[basis])
    if len(order) < ACROSS or wanted[order[-1]] - wanted[order[0]] >= APART_PX:
        return dict(wanted)
    middle = sum(wanted.values()) / len(wanted)
    return {order[0]: middle - APART_PX / 2, order[-1]: middle + APART_PX / 2}


def cut_runs(years: Sequence[int], shares: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Cut a series at its missing years, so that no line crosses a gap.

    Examples
    --------
    >>> cut_runs((1, 2, 3, 4), (0.5, None, 0.2, 0.1))
    [[(1, 0.5)], [(3, 0.2), (4, 0.1)]]
    """
    runs: list[list[tuple[int, float]]] = [[]]
    for year, share in zip(years, shares, strict=True):
        if share is None:
            runs.append([])
        else:
            runs[-1].append((year, share))
    return [run for run in runs if run]


def _build_grid(views: Sequence[TradeView], words: Words) -> Grid:
    years = views[0].series.years if views and views[0].series else ()
    rows = []
    for view in views:
        series = view.series
        if series is None:
            continue
        name = f"{words.name(view.names)}: {words.name(series.names)}"
        for basis, shares in (("value", series.value_share), ("quantity", series.quantity_share)):
            shown = tuple(show_known(share) for share in shares)
            rows.append((f"{name}, {words.say(f'exposure.code.{basis}')}", *shown))
    head = (words.say("atlas.col.product"), *(str(year) for year in years))
    return Grid(words.say("atlas.years_name"), head, tuple(rows))
