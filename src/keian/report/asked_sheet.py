"""The workbook's sheet of goods asked for: beside the rankings, never in them."""

from __future__ import annotations

from keian.report.asked_part import list_bound, say_bought, say_cause, say_origins
from keian.report.setting import Setting
from keian.report.workbook_cells import HIGH, LOW, cite, find_quantile, list_variants
from keian.report.workbook_sheet import Book

COLUMNS = (
    "scenario", "name", "asked_floor", "day", "open", "low", "high", "variants_low",
    "variants_high", "below_share", "cause", "asked_bound", "asked_origins", "asked_bought", "cited",
)  # fmt: skip
CURVES_BELOW = 3  # empty rows between the table and the curves


def write_asked(book: Book, setting: Setting) -> None:
    """Write when each good asked for falls below its floor, then its cover by day.

    Nothing where none ran: an empty sheet would say that some were looked at.
    """
    found = [(s, good) for s in setting.review.scenarios for good in s.asked]
    if not found:
        return
    titles = [setting.say(f"workbook.col.{name}") for name in COLUMNS]
    part = book.add_sheet(setting.say("workbook.asked"), titles)
    part.add_note(setting.say("asked.unit"))
    for scenario, good in found:
        numbers = setting.numbers(scenario)
        out = good.run_out
        part.add_row(
            [
                setting.name(scenario.names), setting.name(out.names), out.floor.value,
                out.day.value, out.day.censored, find_quantile(out.day, LOW),
                find_quantile(out.day, HIGH), *list_variants(out.day), out.below_share.value,
                say_cause(setting, out), list_bound(setting, numbers, good),
                say_origins(setting, numbers, good), say_bought(setting, numbers, good),
                cite(setting, good.sources),
            ]
        )  # fmt: skip
    held = [dict(zip(good.curve.days, good.curve.mode, strict=True)) for _, good in found]
    names = [f"{setting.name(g.run_out.names)} ({setting.name(s.names)})" for s, g in found]
    part.start_table([setting.say("workbook.col.curve_day"), *names], gap=CURVES_BELOW)
    for day in sorted({day for levels in held for day in levels}):
        part.add_row([day, *(levels.get(day) for levels in held)])
    part.add_lines(setting.say("workbook.chart.cover"), across=0, count=len(names))
