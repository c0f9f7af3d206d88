"""Set a released review in type: one self-contained HTML text, in English or Japanese."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from keian.report.cards import build_card
from keian.report.matrix import build_days_matrix, build_loss_matrix
from keian.report.page import build_first_page, say_date
from keian.report.page_label import build_page_label
from keian.report.scenario_part import (
    ScenarioPart,
    build_scenario_part,
    build_together,
)
from keian.report.setting import Setting, build_setting
from keian.report.sources_part import build_sources_part
from keian.report.text_table import TextTable
from keian.report.words import Lang
from keian.review.nouns import Review
from keian.share import Released

TEMPLATES = Path(__file__).parent / "templates"


def brief(released: Released[Review], *, lang: Lang = "en") -> str:
    """Write the report of a released review as one HTML file that needs nothing else.

    Parameters
    ----------
    released : Released[Review]
        What `share.release` let through.
    lang : {"en", "ja"}
        Language of every sentence, title and number.

    Returns
    -------
    str
        HTML without script, link or request to anywhere.
    """
    review = released.value
    setting = build_setting(review, lang, withheld_count=released.withheld_count)
    cards = tuple(build_card(setting, measure) for measure in review.measures)
    parts = tuple(build_scenario_part(setting, scenario) for scenario in review.scenarios)
    template = load_environment().get_template("report.html.j2")
    return template.render(
        lang=lang,
        say=setting.say,
        source_line=setting.source_line,
        title=setting.say(
            "page.title", economy=setting.name(review.economy), date=say_date(setting, review.as_of)
        ),
        page_label=build_page_label(setting),
        first=build_first_page(setting),
        contents=_list_contents(setting, parts),
        days_matrix=build_days_matrix(setting),
        loss_matrix=build_loss_matrix(setting),
        scenarios_together=_build_scenarios_together(setting),
        scenario_parts=parts,
        cards=cards,
        sources_part=build_sources_part(setting),
    )


def _list_contents(
    setting: Setting, parts: tuple[ScenarioPart, ...]
) -> tuple[tuple[str, str], ...]:
    return (
        ("part-measures", setting.say("part.measures")),
        *((part.id, part.title) for part in parts),
        ("part-cards", setting.say("part.cards")),
        ("sources", setting.say("part.sources")),
    )


def _build_scenarios_together(setting: Setting) -> TextTable:
    review = setting.review
    names = {scenario.id: setting.name(scenario.names) for scenario in review.scenarios}
    numbers = setting.numbers(review.scenarios[0])
    return build_together(
        setting, numbers, review.scenario_interactions, "scenarios-together", names
    )


@cache
def load_environment() -> Environment:
    """Load the templates of the report; what people wrote is always escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
