"""The first page: label, title, five answers, what runs out first, cover curves, on one A4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keian.core import Figure, ModelError, Names
from keian.report.figures.cover import draw_cover
from keian.report.figures.runs_out import calc_rows_px, choose_rows, draw_runs_out
from keian.report.numbers import Numbers, find_day
from keian.report.setting import (
    PAGE_PX,
    Chart,
    Mark,
    Setting,
    end_sentence,
    start_sentence,
)
from keian.report.svg import wrap
from keian.review.lines import USER
from keian.review.nouns import Headline, ScenarioReview

# One A4 sheet is 272 mm high inside its margins, and 800 units are 186 mm wide.
SHEET_PX = 272 / 186 * PAGE_PX
NOUNS = ("need", "first", "second", "third", "good", "release", "held_by")
INSIDE = (  # a measure named inside the sentence
    ("measure", "what_can_we_do.saves"),
    ("measure", "what_can_we_do.saves_only"),
    ("measure", "whom_to_ask.decider"),
)
KEPT_FREE_PX = 15 / 186 * PAGE_PX  # other fonts run wider
MOST_ROWS = 8
FEWEST_ROWS = 3
MOST_PARTS = 4  # of what is not modelled; the scenario's section lists all
COVER_CURVES = 4
_SAY_PX, _SAY_WIDTH, _SAY_LINE = 15.0, 368.0, 20.3
_CONF_PX, _CONF_WIDTH, _CONF_LINE = 12.0, 208.0, 16.8
_NUMBER_PX = 31.0
_ANSWER_PAD_PX = 13.0
_TITLE_PX, _TITLE_PX_JA, _TITLE_LINE = 24.0, 23.0, 29.0
_SMALL_PX, _SMALL_LINE = 12.0, 17.4
_CAPTION_PX, _CAPTION_LINE = 16.0, 20.8
_FIXED_PX = 440.0  # banner, kicker, captions, heads and axes of both charts, sources


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the five answers, ready to print."""

    question: str
    number: str
    loss: bool
    bands: tuple[str, ...]
    say: str
    held: str  # by how much users already use less before that day, and what it costs
    marks: tuple[Mark, ...]
    level: str
    confidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Everything on the first page."""

    kicker: str
    title: str
    title_parts: tuple[str, ...]
    vintage: str
    run: str
    answers: tuple[Answer, ...]
    runs_out: Chart
    cover: Chart


def build_first_page(setting: Setting) -> FirstPage:
    """Set the first page from the review's headlines and its worst scenario."""
    review = setting.review
    worst = setting.scenarios.get(review.worst) or review.scenarios[0]
    answers = tuple(build_answer(setting, worst, headline) for headline in review.headlines)
    title = say_title(setting, worst)
    run = _say_run(setting, worst)
    vintage = end_sentence(setting, setting.name(review.vintage))
    charts = _draw_charts(setting, worst, answers, (title, f"{vintage} {run}"))
    return FirstPage(
        kicker=setting.say(
            "page.kicker",
            economy=setting.name(review.economy),
            date=say_date(setting, review.as_of),
        ),
        title=title,
        title_parts=split_title(title),
        vintage=vintage,
        run=run,
        answers=answers,
        runs_out=charts[0],
        cover=charts[1],
    )


def build_answer(setting: Setting, scenario: ScenarioReview, headline: Headline) -> Answer:
    """Number, bands, sentence and confidence of one headline."""
    numbers = setting.numbers(scenario)
    confidence = headline.confidence
    figure = headline.figure
    cost = headline.question == "days_wait" and (0.0 if figure is None else figure.value or 0.0) > 0
    return Answer(
        question=setting.say(f"question.{headline.question}"),
        number=numbers.value(figure),
        loss=cost,
        bands=say_bands(setting, numbers, figure, count_stuck(scenario))
        + _say_rests(setting, numbers, headline),
        say=say_headline(setting, numbers, headline),
        held=say_held(setting, numbers, headline),
        marks=_cite_first(setting, figure),
        level=confidence.level,
        confidence=setting.say(f"confidence.{confidence.level}"),
        reason=_say_confidence(setting, numbers, headline),
    )


def _cite_first(setting: Setting, figure: Figure | None) -> tuple[Mark, ...]:
    """Marks of an answer, those of figures the user put in first: the page shows only a few."""
    sources = () if figure is None else figure.sources
    own = setting.cite(tuple(name for name in sources if name.startswith(USER)))
    return own + tuple(mark for mark in setting.cite(sources) if mark not in own)


def say_headline(setting: Setting, numbers: Numbers, headline: Headline) -> str:
    """Sentence of a headline, made by its rule from its facts."""
    if headline.rule not in setting.words:
        raise ModelError(
            f"headline {headline.question}: found rule {headline.rule!r}, which the message "
            "catalogue does not have; fix: use a rule of messages/headlines.yaml or add it there"
        )
    facts = {
        key: say_fact(setting, numbers, fact, noun=key in NOUNS or (key, headline.rule) in INSIDE)
        for key, fact in headline.facts.items()
    }
    facts["year"] = str(setting.review.table_year)
    if numbers.horizon_days:
        facts["horizon"] = setting.say("axis.day", day=str(numbers.horizon_days))
    return start_sentence(setting.say(headline.rule, **facts))


def say_held(setting: Setting, numbers: Numbers, headline: Headline) -> str:
    """Say what restraint holds the answer up, with its band and its cost; empty where none does."""
    share, day, lost = (
        headline.facts.get(key) for key in ("restraint", "restraint_day", "restraint_lost")
    )
    if not isinstance(share, Figure) or not isinstance(day, Figure) or not isinstance(lost, Figure):
        return ""
    if not share.value:
        return ""
    good = headline.facts.get("need")
    return setting.say(
        "held.never" if headline.rule.endswith(".never") else "held.before",
        good=setting.noun(good) if isinstance(good, Names) else None,
        share=numbers.brief(share),
        day=numbers.value(day),
        lost=numbers.brief(lost, short=False),
    )


def say_fact(
    setting: Setting, numbers: Numbers, fact: Figure | Names | str, *, noun: bool = False
) -> str | None:
    """A fact as text: money with its range, other figures as their value."""
    if isinstance(fact, Figure):
        if fact.value is None:
            return None
        money = "yen" in fact.unit or "USD" in fact.unit or "JPY" in fact.unit
        return numbers.brief(fact, short=False) if money else numbers.value(fact)
    if isinstance(fact, str):
        return fact
    return setting.noun(fact) if noun else setting.name(fact)


def count_stuck(scenario: ScenarioReview) -> tuple[int, int]:
    """How many model variants do not come back where the mode run does, and how many there are."""
    return sum(not v.returns for v in scenario.variants), len(scenario.variants)


def say_bands(
    setting: Setting, numbers: Numbers, figure: Figure | None, stuck: tuple[int, int] = (0, 0)
) -> tuple[str, ...]:
    """Band of the draws, then the structural band; says so where one is missing."""
    if figure is None:
        return (setting.say("band.none"),)
    draws = numbers.band(figure, unit=setting.lang == "ja")
    if figure.kind != "result":
        first = setting.say("band.draws", band=draws) if draws else None
        if first is None and figure.low is not None and figure.high is not None:
            ends = numbers.range(figure.low, figure.high, figure, unit=setting.lang == "ja")
            first = setting.say("band.input_range", band=ends)
        return tuple(part for part in (first, setting.say("band.count")) if part)
    return (
        setting.say("band.draws", band=draws) if draws else setting.say("band.mode_run"),
        _say_variants(setting, numbers, figure, stuck),
    )


def _say_variants(
    setting: Setting, numbers: Numbers, figure: Figure, stuck: tuple[int, int]
) -> str:
    """Band of the variants; where all give one value they do not reach it.

    Bands of losses leave out the variants that do not come back, and say so.
    """
    wide = figure.structural
    if wide is None:
        return setting.say("band.no_variants")
    if wide[0] == wide[1]:
        return setting.say("band.untouched")
    band = numbers.range(*wide, figure, unit=setting.lang == "ja")
    if stuck[0] and "%" in figure.unit:
        back, count = str(stuck[1] - stuck[0]), str(stuck[1])
        return setting.say("band.variants_back", band=band, back=back, count=count)
    return setting.say("band.variants", band=band)


def _say_rests(setting: Setting, numbers: Numbers, headline: Headline) -> tuple[str, ...]:
    """How many draws the band of days bought rests on, or how many of them are held."""
    fell, kept = headline.facts.get("fell"), headline.facts.get("kept")
    if not isinstance(fell, Figure) or not isinstance(kept, Figure):
        return ()
    facts = {
        "fell": numbers.value(fell), "kept": numbers.value(kept), "draws": str(setting.review.draws)
    }  # fmt: skip
    key = "band.kept" if headline.rule == "what_can_we_do.holds" else "band.fell"
    return (setting.say(key, **facts),)


def say_title(setting: Setting, scenario: ScenarioReview) -> str:
    """The worst headline as a sentence, with its day."""
    name = setting.name(scenario.names)
    binding = next((o for o in scenario.runs_out if o.id == scenario.binding), None)
    first = binding if binding is not None and find_day(binding.day) is not None else None
    rule = "title.day" if first is not None else "title.not_vital"
    if first is None:
        fallen = [o for o in scenario.runs_out if find_day(o.day) is not None]
        first = min(fallen, key=lambda o: o.day.value or 0.0, default=None)
    horizon = setting.say("axis.day", day=str(scenario.horizon_days))
    if first is None:
        return setting.say("title.never", scenario=name, horizon=horizon)
    return setting.say(
        rule,
        scenario=name,
        need=setting.noun(first.names),
        day=setting.numbers(scenario).scalar(find_day(first.day) or 0.0, "day"),
        unless=setting.say("title.unless") if first.shut else None,
        horizon=horizon,
    )


def say_date(setting: Setting, iso: str) -> str:
    """A date as people write it: 1 April 2027; 2027年4月1日."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    if setting.lang == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def find_decide_by(headlines: tuple[Headline, ...]) -> Figure | None:
    """Day by which the best measure has to be decided, where a headline names it."""
    for headline in headlines:
        fact = headline.facts.get("decide_by")
        if isinstance(fact, Figure):
            return fact
    return None


def _say_confidence(setting: Setting, numbers: Numbers, headline: Headline) -> str:
    confidence = headline.confidence
    driver = confidence.driver
    if confidence.level == "depends" and driver is not None:
        return setting.say(
            "confidence.driver",
            driver=setting.name(driver.names),
            swing=numbers.swing(driver.swing),
        )
    why = setting.name(confidence.why)
    share = confidence.order_holds_share
    if headline.question == "runs_out_first" and share is not None:
        why += " " * (setting.lang == "en") + setting.say(
            "confidence.order", share=numbers.share(share)
        )
    return why


def say_runs(setting: Setting, draws: int) -> str:
    """How many draws stand behind the numbers, or that there were none."""
    return setting.say("runs.draws", draws=str(draws)) if draws else setting.say("runs.mode")


def _say_run(setting: Setting, worst: ScenarioReview) -> str:
    review = setting.review
    several = len(review.scenarios) > 1
    parts = [setting.name(p) for p in worst.partial]
    if len(parts) > MOST_PARTS:
        more = setting.say("cover.rest", count=str(len(parts) - MOST_PARTS))
        parts = [*parts[:MOST_PARTS], more]
    partial = setting.words.join(parts)
    own = [line.mark for line in review.lines if line.source.id.startswith(USER)]
    return setting.say(
        "page.run_words",
        runs=say_runs(setting, review.draws),
        horizon=str(worst.horizon_days),
        count=str(len(review.scenarios)) if several else None,
        partial=partial,
        withheld=str(setting.withheld_count) if setting.withheld_count else None,
        own=setting.words.join(own) if own else None,
    )


def _draw_charts(
    setting: Setting, worst: ScenarioReview, answers: tuple[Answer, ...], head: tuple[str, str]
) -> tuple[Chart, Chart]:
    """Both charts, with as many rows of the strip as still leave the page on one A4."""
    title_px = _TITLE_PX_JA if setting.lang == "ja" else _TITLE_PX
    used = _FIXED_PX + sum(_answer_px(answer) for answer in answers)
    used += _count_lines(split_title(head[0]), title_px) * _TITLE_LINE
    used += len(wrap(head[1], PAGE_PX, _SMALL_PX)) * _SMALL_LINE
    decide_by = find_decide_by(setting.review.headlines)
    free = SHEET_PX - KEPT_FREE_PX - used

    def draw(most: int) -> tuple[Chart, Chart, float]:
        rows = choose_rows(worst.runs_out, most)
        strip = draw_runs_out(setting, worst, key="f-first", most=most, decide_by=decide_by)
        cover = draw_cover(
            setting, worst, key="f-cover", most=COVER_CURVES, beside=rows, decide_by=decide_by
        )
        extra = _extra_px(setting, strip) + _extra_px(setting, cover)
        return strip, cover, calc_rows_px(setting, rows) + extra

    for most in range(MOST_ROWS, FEWEST_ROWS, -1):
        strip, cover, height = draw(most)
        if height <= free:
            return strip, cover
    return draw(FEWEST_ROWS)[:2]


def split_title(title: str) -> tuple[str, ...]:
    """Parts of a Japanese title that a line should not break: the scenario and the finding."""
    scenario, colon, finding = title.partition("：")
    return (scenario + colon, finding) if finding else (title,)


def _count_lines(parts: tuple[str, ...], size: float) -> int:
    """Lines of a title: one where it fits, else each part begins a line."""
    whole = len(wrap("".join(parts), PAGE_PX, size, bold=True))
    if whole == 1:
        return 1
    return sum(len(wrap(part, PAGE_PX, size, bold=True)) for part in parts)


def _extra_px(setting: Setting, chart: Chart) -> float:
    """Height of the lines of a chart's words beyond the one each that every chart has."""
    cited = ", ".join(mark.mark for mark in chart.marks)
    foot = f"{chart.note} {setting.say('page.sources')} {cited}"
    lines = len(wrap(chart.title, PAGE_PX, _CAPTION_PX, bold=True)) - 1
    small = sum(max(0, len(wrap(words, PAGE_PX, _SMALL_PX)) - 1) for words in (chart.unit, foot))
    return lines * _CAPTION_LINE + small * _SMALL_LINE


def _answer_px(answer: Answer) -> float:
    marks = " ".join(mark.mark for mark in answer.marks)
    said = len(wrap(answer.say + marks, _SAY_WIDTH, _SAY_PX)) * _SAY_LINE + _CONF_LINE
    if answer.held:
        said += len(wrap(answer.held, _SAY_WIDTH, _CONF_PX)) * _CONF_LINE
    reason = (1 + len(wrap(answer.reason, _CONF_WIDTH, _CONF_PX))) * _CONF_LINE
    number = _NUMBER_PX + len(answer.bands) * _CONF_LINE
    return max(said, reason, number) + _ANSWER_PAD_PX
