"""The report as a workbook: answers, what runs out, measures, assumptions, sources; native charts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from keian.core import tell_text
from keian.report.asked_sheet import write_asked
from keian.report.figures.heat import find_lowest
from keian.report.numbers import LEAST_PERCENT, format_sig, is_outside
from keian.report.page import build_first_page
from keian.report.scenario_part import say_caution, say_doubt, say_gain
from keian.report.setting import Setting, build_setting
from keian.report.sources_part import ASSUMED, say_counted, say_note
from keian.report.words import Lang
from keian.report.workbook_cells import HIGH, LOW, cite, find_quantile, list_variants, value
from keian.report.workbook_sheet import Book, Cell, SheetPart
from keian.review.nouns import AssumptionLine, Restraint, Review, ScenarioReview
from keian.share import Released

LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
TABLES_APART = 2  # empty rows
CURVES_BELOW = 3  # empty rows between the table and the curves


def write_workbook(released: Released[Review], path: Path, *, lang: Lang = "en") -> None:
    """Write a released review as a workbook.

    Every sheet carries the label at its head and on paper. Numbers are numbers with their unit in
    the title or beside them; text is text and never a formula.

    Parameters
    ----------
    released : Released[Review]
        What `share.release` let through.
    path : Path
        File to write.
    lang : {"en", "ja"}
        Language of titles and sentences.
    """
    review = released.value
    setting = build_setting(review, lang, withheld_count=released.withheld_count)
    made = datetime.fromisoformat(review.as_of).replace(tzinfo=UTC)
    with Book(path, str(review.label), setting.say("part.sources"), made) as book:
        _write_summary(book, setting)
        for number, scenario in enumerate(review.scenarios, 1):
            _write_scenario(book, setting, scenario, number)
        write_asked(book, setting)
        _write_measures(book, setting)
        _write_losses(book, setting)
        for name, assumed in (("assumptions", True), ("sources", False)):
            part = _start(book, setting, f"workbook.{name}", SOURCE_COLUMNS)
            if assumed:
                part.add_note(say_counted(setting))
            for line in review.lines:
                if (line.source.kind in ASSUMED) is assumed:
                    part.add_row(_list_source(setting, line))
        _write_run(book, setting)


SUMMARY_COLUMNS = ("question", "number", "bands", "say", "held", "confidence", "reason")
RUNS_OUT_COLUMNS = (
    "name", "day", "open", "low", "high", "variants_low", "variants_high", "below_share", "cause",
    "restraint", "restraint_low", "restraint_high", "restraint_from", "restraint_lost",
    "restraint_lost_low", "restraint_lost_high", "cited",
)  # fmt: skip
MEASURE_COLUMNS = (
    "scenario", "measure", "days_bought", "open", "low", "high", "loss_avoided", "wait_cost",
    "limit", "limit_day", "no_effect", "cited",
)  # fmt: skip
LOSS_COLUMNS = ("scenario", "kind", "share", "low", "high", "draws", "outside", "yen")
SERVICE_COLUMNS = (
    "service",
    "status",
    "level",
    "floor",
    "worst_week",
    "industry",
    "industry_output",
    "remark",
)
SOURCE_COLUMNS = (
    "mark", "title", "publisher", "kind", "range", "grade", "vintage", "licence", "moves",
    "used_for", "link", "note",
)  # fmt: skip


def _start(book: Book, setting: Setting, key: str, columns: tuple[str, ...]) -> SheetPart:
    """Start a sheet with its titles."""
    titles = [setting.say(f"workbook.col.{name}") for name in columns]
    return book.add_sheet(setting.say(key), titles)


def _write_summary(book: Book, setting: Setting) -> None:
    """Write the five answers as the first page gives them."""
    page = build_first_page(setting)
    part = _start(book, setting, "workbook.summary", SUMMARY_COLUMNS)
    part.add_note(page.title)
    part.add_note(page.vintage)
    for answer in page.answers:
        bands = "; ".join(answer.bands)
        part.add_row(
            [
                answer.question, answer.number, bands, answer.say, answer.held,
                answer.confidence, answer.reason,
            ]
        )  # fmt: skip


def _write_scenario(book: Book, setting: Setting, scenario: ScenarioReview, number: int) -> None:
    """Write what runs out first in a scenario, and the cover of its goods by day."""
    name = setting.name(scenario.names)
    title = setting.say("workbook.scenario", number=str(number), name=name)
    titles = [setting.say(f"workbook.col.{column}") for column in RUNS_OUT_COLUMNS]
    part = book.add_sheet(title.translate(NOT_IN_SHEET_NAME)[:LONGEST_SHEET_NAME], titles)
    part.add_note(name)
    part.add_note(setting.name(scenario.story))
    if scenario.doubt is not None:
        part.add_note(say_doubt(setting, scenario))
    if caution := say_caution(setting, scenario.not_played):
        part.add_note(caution)
    for out in scenario.runs_out:
        day = out.day
        part.add_row(
            [
                setting.name(out.names), day.value, day.censored, find_quantile(day, LOW),
                find_quantile(day, HIGH), *list_variants(day), out.below_share.value,
                setting.name(out.cause), *_list_restraint(out.restraint), cite(setting, day),
            ]
        )  # fmt: skip
    if scenario.runs_out:
        part.add_bars(setting.say("workbook.chart.runs_out"), names=0, values=1)
    if scenario.services or scenario.not_played:
        _write_services(part, setting, scenario)
    if scenario.curves:
        _write_curves(part, setting, scenario)


def _list_restraint(held: Restraint | None) -> tuple[float | None, ...]:
    """List the restraint that holds a good up: share with band, first day, loss with band."""
    if held is None:
        return (None,) * 7
    return (
        held.share.value, held.share.low, held.share.high, held.from_day.value,
        held.lost.value, held.lost.low, held.lost.high,
    )  # fmt: skip


def _write_services(part: SheetPart, setting: Setting, scenario: ScenarioReview) -> None:
    """Write the lowest level of each service; of one not modelled, its industry, shown only."""
    part.start_table([setting.say(f"workbook.col.{c}") for c in SERVICE_COLUMNS], gap=TABLES_APART)
    for service in scenario.services:
        low = find_lowest(service.weeks)
        known = not math.isnan(low)  # a service of which no week is known has no worst week
        week = service.weeks.index(low) + 1 if known else None
        below = setting.say("workbook.below") if low < service.floor else None
        part.add_row(
            [
                setting.name(service.names), setting.say("workbook.modelled"), 100.0 * low,
                100.0 * service.floor, week, None, None, below,
            ]
        )  # fmt: skip
    for aside in scenario.not_played:
        low = find_lowest(aside.weeks)
        part.add_row(
            [
                setting.name(aside.names), setting.say("workbook.not_modelled"), None,
                100.0 * aside.floor, aside.weeks.index(low) + 1, setting.name(aside.industry_names),
                100.0 * low, setting.say("workbook.doubtful") if aside.is_doubtful else None,
            ]
        )  # fmt: skip


def _write_curves(part: SheetPart, setting: Setting, scenario: ScenarioReview) -> None:
    """Write the cover of each good by day below the table, with a chart."""
    days = sorted({day for curve in scenario.curves for day in curve.days})
    held = [dict(zip(curve.days, curve.mode, strict=True)) for curve in scenario.curves]
    names = [setting.name(curve.names) for curve in scenario.curves]
    part.start_table([setting.say("workbook.col.curve_day"), *names], gap=CURVES_BELOW)
    for day in days:
        part.add_row([day, *(levels.get(day) for levels in held)])
    part.add_lines(setting.say("workbook.chart.cover"), across=0, count=len(names))


def _write_measures(book: Book, setting: Setting) -> None:
    """Write what each measure does in each scenario; the chart shows the scenario of page one."""
    part = _start(book, setting, "workbook.measures", MEASURE_COLUMNS)
    first = last = None
    for scenario in setting.review.scenarios:
        for effect in scenario.effects:
            measure = setting.measures.get(effect.measure)
            bought = effect.days_bought
            row = part.add_row(
                [
                    setting.name(scenario.names),
                    effect.measure if measure is None else setting.name(measure.names),
                    value(bought), "" if bought is None else bought.censored,
                    find_quantile(bought, LOW), find_quantile(bought, HIGH),
                    effect.loss_avoided.value, value(effect.wait_cost),
                    # what does nothing here says why once, in the column for it
                    None if effect.no_effect is not None else setting.name(effect.first_limit),
                    value(effect.first_limit_day),
                    None if effect.no_effect is None else setting.name(effect.no_effect),
                    cite(setting, bought or effect.loss_avoided),
                ]
            )  # fmt: skip
            if scenario.id == setting.review.worst:
                first, last = (row if first is None else first), row
    worst = setting.scenarios.get(setting.review.worst)
    if first is not None and last is not None and worst is not None:
        title = setting.say("workbook.chart.bought", name=setting.name(worst.names))
        part.add_bars(title, names=1, values=2, rows=(first, last))


def _write_losses(book: Book, setting: Setting) -> None:
    """Write the losses of each scenario without measures."""
    part = _start(book, setting, "workbook.losses", LOSS_COLUMNS)
    least = format_sig(LEAST_PERCENT, digits=1)
    part.add_note(setting.say("workbook.losses.note", least=least))
    for scenario in setting.review.scenarios:
        if gain := say_gain(setting, scenario):
            part.add_note(f"{setting.name(scenario.names)}: {gain}")
    for scenario in setting.review.scenarios:
        for loss in scenario.losses:
            share = loss.share_of_year
            part.add_row(
                [
                    setting.name(scenario.names), setting.say(f"workbook.loss.{loss.kind}"),
                    *map(_clear, (share.value, find_quantile(share, LOW), find_quantile(share, HIGH))),
                    scenario.draws, setting.say("band.outside") if is_outside(share) else None,
                    0.0 if _clear(share.value) == 0.0 else loss.yen.value,
                ]
            )  # fmt: skip


def _clear(share: float | None) -> float | None:
    """Show as nought what is round-off, % of a year; data files keep the raw figure."""
    return 0.0 if share is not None and abs(share) < LEAST_PERCENT else share


def _list_source(setting: Setting, line: AssumptionLine) -> list[Cell]:
    """List the cells of a source."""
    source = line.source
    moves = None if line.moves is None else setting.name(line.moves)
    shown = None if line.range_text is None else setting.name(line.range_text)
    publisher = tell_text(source.publisher or "", setting.lang)
    return [
        line.mark, tell_text(source.title, setting.lang), publisher,
        setting.say(f"source.kind.{source.kind}"), shown, source.grade,
        source.vintage or source.published, source.licence, moves, "; ".join(line.used_for),
        source.url, say_note(setting, line) or None,
    ]  # fmt: skip


def _write_run(book: Book, setting: Setting) -> None:
    """Write what the run was made of, so that it can be played again."""
    part = _start(book, setting, "workbook.run", ("key", "value"))
    for row in _list_run(setting):
        part.add_row(list(row))


def _list_run(setting: Setting) -> Iterator[tuple[str, Cell]]:
    review = setting.review
    yield setting.say("run.id"), review.run_id
    yield setting.say("workbook.run.as_of"), review.as_of
    yield setting.say("workbook.run.economy"), review.economy_id
    yield setting.say("run.economy"), review.economy_digest or None
    yield setting.say("run.draws"), review.draws
    for scenario in review.scenarios:
        name = setting.name(scenario.names)
        yield setting.say("workbook.run.seed", scenario=name), scenario.seed
    yield from sorted(review.versions.items())
    for line in review.verdict:
        yield setting.say("workbook.run.verdict"), setting.name(line)
    for line in review.warnings:
        yield setting.say("workbook.run.warning"), setting.name(line)
