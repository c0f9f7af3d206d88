"""What runs out first: one row per good, service or vital need, sorted by day."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from keian.core import Figure
from keian.report.figures.days_axis import (
    DayAxis,
    build_axis,
    draw_axis,
    draw_windows,
    merge_windows,
    say_windows,
)
from keian.report.numbers import Numbers, find_band, find_day, format_sig
from keian.report.setting import PAGE_PX, Chart, Grid, Mark, Setting
from keian.report.svg import (
    CHART_PX,
    NAME_PX,
    dot,
    drawing,
    fit,
    join,
    measure,
    path,
    rect,
    shorten,
    tag,
    text,
)
from keian.review.nouns import RunOut, ScenarioReview

NAME_END = 152.0
FLOOR_END = 196.0
PLOT = (212.0, 536.0)
DAY_AT = 546.0
STOCK_AT = 668.0
HEAD_PX = 42.0
ROW_PX = 26.0
TALL_ROW_PX = 36.0
CLOSE_ROWS = 4
SHORT_WINDOWS = 4  # shaded periods named under a short strip
FOOT_PX = 20.0
TIP_PX = 19.0
_BAR_PX = 9.0
_STRUCTURE_PX = 15.0
OWNERS = MappingProxyType(
    {"state": "own-s", "private": "own-p", "joint": "own-j", "users": "own-u"}
)


@dataclass(frozen=True, slots=True)
class _Row:
    out: RunOut
    top: float
    height: float
    name: list[str]
    marks: tuple[Mark, ...]

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def draw_runs_out(
    setting: Setting,
    scenario: ScenarioReview,
    *,
    key: str,
    most: int | None = None,
    decide_by: Figure | None = None,
) -> Chart:
    """Chart of the days on which things fall below their floors.

    Parameters
    ----------
    setting : Setting
        Language, formats, marks.
    scenario : ScenarioReview
        Whose `runs_out` is drawn.
    key : str
        Id of the figure in the page.
    most : int, optional
        Rows to show; the table behind the chart always has all.
    decide_by : Figure, optional
        Day by which the best measure has to be decided (marked ▼).
    """
    numbers = setting.numbers(scenario)
    shown = choose_rows(scenario.runs_out, most)
    rows = _place_rows(setting, shown)
    bottom = rows[-1].top + rows[-1].height if rows else HEAD_PX
    axis = build_axis(scenario, PLOT, [row.out.day for row in rows])
    stock_scale = _calc_stock_scale(shown)
    body = [
        draw_windows(setting, scenario, axis, top=22.0, bottom=bottom),
        _draw_head(setting),
        draw_axis(setting, axis, top=HEAD_PX, bottom=bottom, decide_by=decide_by),
    ]
    foot = bottom + FOOT_PX
    notes = [
        say_windows(setting, scenario, most and SHORT_WINDOWS)
        if len(merge_windows(scenario)) > 1
        else "",
        _say_rest(setting, scenario, shown, all_rows=most is None),
    ]
    body += [_draw_row(setting, numbers, axis, row, stock_scale, foot) for row in rows]
    return Chart(
        id=key,
        title=say_runs_out(setting, scenario),
        unit=_say_unit(setting, numbers, shown, decide_by),
        svg=drawing(PAGE_PX, foot, join(body), setting.say("runs_out.alt"), group=True),
        grid=_build_grid(setting, numbers, scenario),
        note=" ".join(filter(None, notes)),
        marks=setting.cite(*(row.out.day for row in rows), *(row.out.floor for row in rows)),
    )


def choose_rows(outs: tuple[RunOut, ...], most: int | None) -> tuple[RunOut, ...]:
    """Rows by day: the first `most` with a vital one among them, or all that fall and a few more.

    Without `most`, things that fall in no draw are kept only as far as they come close.
    """
    ordered = sorted(outs, key=_sort_key)
    if most is None:
        falling = [out for out in ordered if _falls(out)]
        close = sorted((o for o in ordered if not _falls(o)), key=_calc_room)
        return tuple(falling + close[:CLOSE_ROWS])
    kept = ordered[:most]
    vital = next((out for out in ordered if out.vital), None)
    if vital is not None and vital not in kept:
        kept[-1] = vital
    return tuple(kept)


def _falls(out: RunOut) -> bool:
    return find_day(out.day) is not None or bool(out.below_share.value)


def _calc_room(out: RunOut) -> float:
    """Lowest level in floors: 1 touches the floor."""
    floor = out.floor.value or 0.0
    lowest = out.lowest.value
    return lowest / floor if lowest is not None and floor > 0 else float("inf")


def _say_rest(
    setting: Setting, scenario: ScenarioReview, shown: tuple[RunOut, ...], *, all_rows: bool
) -> str:
    """Name what is not drawn, so that nothing is dropped in silence.

    A short strip only counts what falls: the rest stands in the scenario's section.
    """
    rest = [out for out in sorted(scenario.runs_out, key=_sort_key) if out not in shown]
    if not all_rows:
        rest = [out for out in rest if find_day(out.day) is not None]
    if not rest:
        return ""
    if any(_falls(out) for out in rest):
        return setting.say("runs_out.more", count=str(len(rest)))
    names = setting.words.join([setting.noun(out.names) for out in rest])
    return setting.say("runs_out.rest", names=names)


def calc_rows_px(setting: Setting, outs: tuple[RunOut, ...]) -> float:
    """Height the rows take, in page units."""
    return sum(_row_px(fit(_row_name(setting, out), NAME_END, NAME_PX)) for out in outs)


def say_runs_out(setting: Setting, scenario: ScenarioReview) -> str:
    """Title by rule: the order in which things fall below their floors."""
    falling = [o for o in sorted(scenario.runs_out, key=_sort_key) if find_day(o.day) is not None]
    parts = [setting.noun(out.names) for out in falling[:3]]
    if not parts:
        return setting.say("runs_out.title_none", horizon=str(scenario.horizon_days))
    keys = ("runs_out.title_one", "runs_out.title_two", "runs_out.title_three")
    facts = dict(zip(("first", "second", "third"), parts, strict=False))
    if len(falling) > len(parts):
        facts |= {"more": str(len(falling) - len(parts)), "horizon": str(scenario.horizon_days)}
    return setting.say(keys[len(parts) - 1], **facts)


def say_day(setting: Setting, numbers: Numbers, out: RunOut) -> tuple[str, str]:
    """Day in bold and what stands beside it: ('day 41', '33–52') or ('', 'not by day 365')."""
    day = find_day(out.day)
    if day is None:
        never = setting.say("runs_out.never", horizon=str(numbers.horizon_days))
        if out.below_share.value:
            never = setting.say("runs_out.some", share=numbers.share(out.below_share))
        return "", never
    return numbers.scalar(day, "day"), numbers.band(out.day) or ""


def _sort_key(out: RunOut) -> tuple[float, float, str]:
    band = find_band(out.day, 0.8)
    never = float("inf")
    day = find_day(out.day)
    return (
        never if day is None else day,
        never if band is None else band[0],
        out.id,
    )


def _row_name(setting: Setting, out: RunOut) -> str:
    return ("◆ " if out.vital else "") + setting.name(out.names)


def _row_px(name: list[str]) -> float:
    return ROW_PX if len(name) == 1 else TALL_ROW_PX


def _place_rows(setting: Setting, outs: tuple[RunOut, ...]) -> list[_Row]:
    top = HEAD_PX
    rows = []
    for out in outs:
        name = fit(_row_name(setting, out), NAME_END, NAME_PX)
        marks = setting.cite(*(bar.days for bar in out.stocks), out.floor, out.day)
        rows.append(_Row(out, top, _row_px(name), name, marks))
        top += _row_px(name)
    return rows


def _calc_stock_scale(outs: tuple[RunOut, ...]) -> float:
    """Page units per day of stock, so that the largest stock fits its column."""
    totals = [sum(bar.days.value or 0.0 for bar in out.stocks) for out in outs]
    largest = max(totals, default=0.0)
    return (PAGE_PX - STOCK_AT - 4) / largest if largest > 0 else 0.0


def _draw_head(setting: Setting) -> Markup:
    """Column heads and the one-line key, drawn as the marks themselves."""
    read = setting.say("runs_out.read")
    start = measure(read) + 10
    middle = start + 37
    parts = [
        text(0, 11, read, "q"),
        rect(start - 8, 0, 90, _STRUCTURE_PX, "variants"),
        path(f"M{start:g} 7.5h74", "l95"),
        rect(start + 14, 3, 46, _BAR_PX, "f80"),
        rect(start + 26, 3, 22, _BAR_PX, "f50"),
        dot(middle, 7.5),
        text(start + 92, 11, setting.say("runs_out.key"), "q"),
    ]
    x = PAGE_PX
    for owner, cls in reversed(tuple(OWNERS.items())):
        label = setting.say(f"owner.{owner}.key")
        x -= measure(label)
        parts.append(text(x, 11, label, "q"))
        x -= 13
        parts.append(rect(x, 3, 9, 8, cls))
        x -= 8
    parts += [
        text(FLOOR_END, 35, setting.say("col.floor"), "q e"),
        text(DAY_AT, 35, setting.say("runs_out.col_day"), "q"),
        text(STOCK_AT, 35, setting.say("runs_out.col_stock"), "q"),
    ]
    return join(parts)


def _draw_row(  # one row is one link, its parts side by side
    setting: Setting, numbers: Numbers, axis: DayAxis, row: _Row, scale: float, foot: float
) -> Markup:
    out = row.out
    base = row.middle + 4.5
    first = base - 7.5 * (len(row.name) - 1)
    day, beside = say_day(setting, numbers, out)
    parts = [
        rect(0, row.top + 1, FLOOR_END + 12, row.height - 2, "hit"),
        path(f"M0 {row.top:g}H{PAGE_PX:g}", "axis" if row.top == HEAD_PX else "gridline"),
        *(
            text(0, first + 14 * i, line, "n b" if out.vital else "n")
            for i, line in enumerate(row.name)
        ),
        text(FLOOR_END, base, numbers.value(out.floor, short=True), "q e"),
        _draw_days(axis, out, row.middle),
        text(DAY_AT, base, day, "b n") if day else Markup(""),
        text(DAY_AT + (measure(day, NAME_PX) + 6 if day else 0), base, beside, "q"),
        _draw_stock(setting, out, row.middle, scale),
        _draw_tip(setting, row, foot),
    ]
    anchor = row.marks[0].anchor if row.marks else "sources"
    cited = " ".join(mark.mark for mark in row.marks)
    label = f"{setting.name(out.names)}: {day} {beside}. {cited}"
    return tag("a", *parts, class_="row", href=f"#{anchor}", aria_label=label)


def _draw_days(axis: DayAxis, out: RunOut, y: float) -> Markup:
    """Model variants behind, draws in three tints, the mode run as a dot."""
    parts: list[Markup] = []
    day = find_day(out.day)
    if out.day.structural is not None and day is not None:
        low, high = (axis.clip(day) for day in out.day.structural)
        parts.append(rect(low, y - _STRUCTURE_PX / 2, high - low, _STRUCTURE_PX, "variants"))
    beyond = day is None or day > axis.last
    for share in (0.95, 0.8, 0.5):
        band = find_band(out.day, share)
        if band is None:
            continue
        beyond = beyond or band[1] > axis.last
        low, high = (axis.clip(day) for day in band)
        if share == 0.95:  # noqa: PLR2004 - the widest band is a line
            parts.append(path(f"M{low:.1f} {y:g}H{high:.1f}", "l95"))
        else:
            parts.append(rect(low, y - 4.5, high - low, _BAR_PX, f"f{share * 100:.0f}"))
    if day is None and not out.below_share.value:
        parts = [path(f"M{axis.start:g} {y:g}H{axis.end:g}", "l95", stroke_dasharray="2 3")]
    if beyond:
        parts.append(path(f"M{axis.end:g} {y - 4:g}l7 4-7 4Z", "ours"))
    if day is not None and day <= axis.last:
        parts.append(dot(axis.at(day), y))
    return join(parts)


def _draw_stock(setting: Setting, out: RunOut, y: float, scale: float) -> Markup:
    words = [
        setting.say(
            "owner.stock", letter=setting.say(f"owner.{bar.owner}.letter"), days=_bare(bar.days)
        )
        for bar in out.stocks
    ]
    if not words:
        none = setting.say("runs_out.no_stock" if out.kind == "good" else "runs_out.not_stocked")
        return text(STOCK_AT, y + 4.5, none, "q")
    parts = [text(STOCK_AT, y + 2, shorten(" · ".join(words), PAGE_PX - STOCK_AT), "q")]
    x = STOCK_AT
    for bar in out.stocks:
        width = (bar.days.value or 0.0) * scale
        parts.append(rect(x, y + 5.5, width, 4, OWNERS[bar.owner]))
        x += width
    return join(parts)


def _bare(figure: Figure) -> str:
    return "–" if figure.value is None else format_sig(figure.value, whole=True)


def _draw_tip(setting: Setting, row: _Row, foot: float) -> Markup:
    """Line at the foot, over the axis and never over data, shown on hover and focus."""
    if not row.marks:
        return Markup("")
    words = f"{setting.name(row.out.names)}: {row.marks[0].tip}. " + setting.say("tip.enter")
    line = shorten(words, PAGE_PX - 12, CHART_PX)
    return tag(
        "g", rect(0, foot - TIP_PX, PAGE_PX, TIP_PX, "ink"), text(6, foot - 5, line), class_="tip"
    )


def _say_unit(
    setting: Setting, numbers: Numbers, shown: tuple[RunOut, ...], decide_by: Figure | None
) -> str:
    shut = any(out.shut for out in shown if find_day(out.day) is not None)
    return setting.say(
        "runs_out.unit",
        day=None if decide_by is None else numbers.value(decide_by),
        unless=setting.say("runs_out.unless") if shut else None,
    )


def _build_grid(setting: Setting, numbers: Numbers, scenario: ScenarioReview) -> Grid:
    head = tuple(
        setting.say(f"col.{key}")
        for key in ("thing", "floor", "mode", "b50", "b80", "b95", "variants", "below", "stock",
                    "cause", "sources")
    )  # fmt: skip
    rows = []
    for out in sorted(scenario.runs_out, key=_sort_key):
        day, beside = say_day(setting, numbers, out)
        stock = setting.words.join_clauses(
            [f"{setting.say(f'owner.{bar.owner}')} {numbers.brief(bar.days)}" for bar in out.stocks]
        )
        marks = setting.cite(*(bar.days for bar in out.stocks), out.floor, out.day)
        rows.append(
            (
                _row_name(setting, out),
                numbers.value(out.floor, short=True),
                day or beside,
                *(numbers.band(out.day, share) or "–" for share in (0.5, 0.8, 0.95)),
                numbers.structural(out.day) or "–",
                numbers.share(out.below_share),
                stock or (setting.say("runs_out.no_stock") if out.kind == "good" else "–"),
                setting.name(out.cause),
                " ".join(mark.mark for mark in marks),
            )
        )
    return Grid(setting.say("runs_out.alt"), head, tuple(rows))
