"""One scenario in full: charts, losses, whom to ask, measures together."""

from __future__ import annotations

from dataclasses import dataclass

from keian.core import Figure
from keian.report.asked_part import AskedPart, build_asked
from keian.report.figures.chain import draw_chain
from keian.report.figures.cover import draw_cover
from keian.report.figures.days_axis import say_windows
from keian.report.figures.drivers import draw_drivers
from keian.report.figures.estimates import draw_estimates
from keian.report.figures.heat import draw_heat
from keian.report.figures.runs_out import draw_runs_out
from keian.report.figures.structure import draw_structure
from keian.report.figures.value_added import draw_value_added
from keian.report.figures.wait import draw_wait
from keian.report.numbers import LEAST_PERCENT, MISSING, Numbers, format_sig, is_outside
from keian.report.page import count_stuck, say_runs, say_title
from keian.report.setting import Chart, Setting, end_sentence, start_sentence
from keian.report.text_table import Row, TextTable
from keian.review.nouns import Ask, Interaction, Loss, ScenarioReview, ServiceAside

CURVES_SHOWN = 8
ASKS_SHOWN = 8
ASK_ORDER = ("decider", "country", "agreement")


@dataclass(frozen=True, slots=True)
class ScenarioPart:
    """Everything a scenario's section prints."""

    id: str
    title: str
    finding: str
    story: str
    facts: str
    doubt: str
    caution: str
    badges: tuple[str, ...]
    losses: TextTable
    charts: tuple[Chart, ...]
    asks: TextTable
    together: TextTable
    asked: AskedPart


def build_scenario_part(setting: Setting, scenario: ScenarioReview) -> ScenarioPart:
    """Set one scenario's section; every figure keeps its place even when it is empty."""
    key = f"s-{scenario.id}"
    charts = (
        draw_runs_out(setting, scenario, key=f"{key}-first"),
        draw_heat(setting, scenario, key=f"{key}-heat"),
        draw_cover(setting, scenario, key=f"{key}-cover", most=CURVES_SHOWN),
        draw_chain(setting, scenario, key=f"{key}-chain"),
        draw_value_added(setting, scenario, key=f"{key}-value"),
        draw_estimates(setting, scenario, key=f"{key}-estimates"),
        draw_structure(setting, scenario, key=f"{key}-structure"),
        draw_drivers(setting, scenario, key=f"{key}-drivers"),
        draw_wait(setting, scenario, key=f"{key}-wait"),
    )
    numbers = setting.numbers(scenario)
    return ScenarioPart(
        id=key,
        title=setting.name(scenario.names),
        finding=say_title(setting, scenario),
        story=setting.name(scenario.story),
        facts=_say_facts(setting, scenario),
        doubt=say_doubt(setting, scenario),
        caution=say_caution(setting, scenario.not_played),
        badges=_say_badges(setting, numbers, scenario),
        losses=build_losses(
            setting,
            numbers,
            scenario.losses,
            f"{key}-losses",
            draws=scenario.draws,
            stuck=count_stuck(scenario),
        ),
        charts=charts,
        asks=_build_asks(setting, numbers, scenario, f"{key}-asks"),
        together=build_together(
            setting,
            numbers,
            scenario.interactions,
            f"{key}-together",
            {m.id: f"{m.letter} {setting.name(m.names)}" for m in setting.review.measures},
        ),
        asked=build_asked(setting, scenario, f"{key}-asked"),
    )


def build_losses(
    setting: Setting, numbers: Numbers, losses: tuple[Loss, ...], key: str,
    *, draws: int, stuck: tuple[int, int] = (0, 0),
) -> TextTable:  # fmt: skip
    """Kinds of loss, never added: % of a year first, then money, with the rate named.

    `stuck` : model variants that do not come back and stand in no band, and all of them.
    """
    rows = tuple(
        Row(
            setting.say(f"loss.{loss.kind}"),
            (
                numbers.value(loss.share_of_year),
                _say_band(setting, numbers, loss.share_of_year),
                numbers.structural(loss.share_of_year) or MISSING,
                numbers.brief(loss.yen),
                numbers.brief(loss.money),
                numbers.brief(loss.worst_day),
            ),
            setting.cite(loss.share_of_year),
            setting.say(f"loss.{loss.kind}.counts"),
        )
        for loss in losses
    )
    review = setting.review
    value_added = next((loss for loss in losses if loss.kind == "value_added"), None)
    title = setting.say("losses.title_none")
    if value_added is not None and (value_added.share_of_year.value or 0.0) < -LEAST_PERCENT:
        title = _say_gain(setting, numbers, value_added)
    elif value_added is not None and value_added.share_of_year.value is not None:
        title = setting.say(
            "losses.title",
            share=numbers.value(value_added.share_of_year),
            yen=numbers.value(value_added.yen),
        )
    keys = ("loss", "share_of_year", "b80", "variants", "yen", "dollar", "worst_day")
    return TextTable(
        key,
        start_sentence(title),
        setting.say(
            "losses.unit",
            year=str(review.table_year),
            rate=numbers.value(review.yen_per_usd),
            runs=say_runs(setting, draws),
            stuck=None if not stuck[0] else setting.say("losses.stuck", some=str(stuck[0])),
        ),
        tuple(setting.say(f"col.{k}") for k in keys),
        rows,
        setting.say("losses.empty"),
    )


def say_gain(setting: Setting, scenario: ScenarioReview) -> str:
    """Say that value added gains, so that no loss can be shown; empty where there is a loss."""
    loss = next((x for x in scenario.losses if x.kind == "value_added"), None)
    if loss is None or (loss.share_of_year.value or 0.0) >= -LEAST_PERCENT:
        return ""
    return _say_gain(setting, setting.numbers(scenario), loss)


def _say_gain(setting: Setting, numbers: Numbers, loss: Loss) -> str:
    return setting.say("losses.title_gain", share=numbers.value(loss.share_of_year))


def say_doubt(setting: Setting, scenario: ScenarioReview) -> str:
    """Say what a reader who knows the field would doubt most; empty where nobody wrote it."""
    if scenario.doubt is None:
        return ""
    return setting.say("part.doubt", what=setting.name(scenario.doubt))


def say_caution(setting: Setting, asides: tuple[ServiceAside, ...]) -> str:
    """Say which services, not modelled, have an industry below their floor; empty where none."""
    doubtful = [
        setting.say(
            "part.caution_one", service=setting.noun(aside.names),
            level=format_sig(aside.short * 100, whole=True),
            floor=format_sig(aside.floor * 100, whole=True),
        )
        for aside in sorted(asides, key=lambda a: (a.short - a.floor, a.id)) if aside.is_doubtful
    ]  # fmt: skip
    if not doubtful:
        return ""
    return setting.say("part.caution", list=setting.words.join(doubtful))


def _say_band(setting: Setting, numbers: Numbers, figure: Figure) -> str:
    """80 % range of the draws, and that the mode run lies outside it where it does."""
    band = numbers.band(figure)
    if band is None:
        return setting.say("band.mode_short")
    if not is_outside(figure):
        return band
    return setting.say("band.with_outside", band=band, outside=setting.say("band.outside"))


def build_together(
    setting: Setting,
    numbers: Numbers,
    interactions: tuple[Interaction, ...],
    key: str,
    names: dict[str, str],
) -> TextTable:
    """Pairs: together, the sum of each alone, the difference, in words."""
    rows = tuple(
        Row(
            f"{names.get(i.a, i.a)} + {names.get(i.b, i.b)}",
            (
                numbers.brief(i.together),
                numbers.brief(i.sum_alone),
                numbers.brief(i.interaction, sign=True),
                setting.name(i.reading),
            ),
            setting.cite(i.interaction),
        )
        for i in sorted(interactions, key=lambda i: -abs(i.interaction.value or 0.0))
    )
    title = setting.say("together.title_none")
    if rows:
        title = setting.say("together.title", pair=rows[0].name, value=rows[0].cells[2])
    keys = ("pair", "together", "sum_alone", "interaction", "reading")
    return TextTable(
        key,
        title,
        setting.say("together.unit"),
        tuple(setting.say(f"col.{k}") for k in keys),
        rows,
        setting.say("together.empty"),
    )


def _build_asks(
    setting: Setting, numbers: Numbers, scenario: ScenarioReview, key: str
) -> TextTable:
    rows = tuple(
        Row(
            setting.name(ask.names),
            (
                setting.say(f"ask.{ask.kind}"),
                setting.name(ask.what),
                numbers.share(ask.share, band=True),
            ),
            setting.cite(ask.share, ask.sources),
        )
        for ask in sorted(scenario.asks, key=_rank_ask)
    )
    best = max(
        (a for a in scenario.asks if a.share is not None and a.share.value is not None),
        key=lambda a: a.share.value or 0.0 if a.share else 0.0,
        default=None,
    )
    title = setting.say("ask.title_none")
    if best is not None:
        title = setting.say(
            "ask.title", who=setting.name(best.names), share=numbers.share(best.share)
        )
    keys = ("who", "role", "what_for", "share_of_gap")
    return TextTable(
        key,
        start_sentence(title),
        setting.say("ask.unit"),
        tuple(setting.say(f"col.{k}") for k in keys),
        rows[:ASKS_SHOWN],
        setting.say("ask.empty"),
        rows[ASKS_SHOWN:],
    )


def _rank_ask(ask: Ask) -> tuple[int, float, str]:
    """Deciders, then who could fill most of the gap, then agreements."""
    share = ask.share.value if ask.share is not None else None
    return (ASK_ORDER.index(ask.kind), -(share or 0.0), ask.names.en)


def _say_facts(setting: Setting, scenario: ScenarioReview) -> str:
    return end_sentence(
        setting,
        setting.say(
            "scenario.facts",
            runs=say_runs(setting, scenario.draws),
            horizon=str(scenario.horizon_days),
            windows=say_windows(setting, scenario) or None,
        ),
    )


def _say_badges(setting: Setting, numbers: Numbers, scenario: ScenarioReview) -> tuple[str, ...]:
    badges = [setting.say("badge.partial", what=setting.name(p)) for p in scenario.partial]
    if scenario.judgement_share > 0:
        share = Figure(
            scenario.judgement_share, None, None, unit="share", kind="input", sources=(),
            label=setting.review.label, trace=scenario.id,
        )  # fmt: skip
        badges.append(setting.say("badge.judgement", share=numbers.value(share)))
    return tuple(badges)
