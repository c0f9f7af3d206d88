from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import keian.report
from keian.core import AMBER_STRICT, RED, ClearanceError, ModelError, Names, Source
from keian.report import brief
from keian.report.numbers import format_sig
from keian.report.page import build_first_page
from keian.report.setting import build_setting
from keian.report.words import MESSAGES
from keian.review.nouns import AssumptionLine
from keian.share import Viewer, release
from tests.unit.report.pages import numbers_in, parse
from tests.unit.report.sample_release import released
from tests.unit.report.sample_review import sample_review

LANGS = ("en", "ja")
ATTACK = '<script>alert("x")</script>\'"><img src=x onerror=y>'


@cache
def _html(lang: str) -> str:
    return brief(released(sample_review()), lang=lang)


@cache
def _page(lang: str):
    return parse(_html(lang))


@pytest.mark.parametrize("lang", LANGS)
class TestPage:
    def test_asks_for_nothing_outside_itself(self, lang):
        html, page = _html(lang), _page(lang)
        assert not page.find("script")
        assert not page.find("link")
        assert not page.find("img")
        assert "@import" not in html
        assert set(re.findall(r"url\(([^)]*)\)", html)) <= {"#hatch", "#hatch-harm", "#tip"}
        hrefs = [e.attrs["href"] for e in page.find("a")]
        outside = [h for h in hrefs if not h.startswith("#")]
        assert outside == ["https://example.org/sample"], "only a source may be linked"
        policy = next(e for e in page.find("meta") if "http-equiv" in e.attrs)
        assert policy.attrs["content"].startswith("default-src 'none'")

    def test_every_link_inside_leads_somewhere(self, lang):
        page = _page(lang)
        ids = [e.attrs["id"] for e in page.walk() if "id" in e.attrs]
        assert len(ids) == len(set(ids))
        for link in page.find("a") + page.find("use"):
            href = link.attrs["href"]
            assert not href.startswith("#") or href[1:] in ids, href

    def test_every_figure_has_a_heading_and_a_table(self, lang):
        for figure in _page(lang).find("figure"):
            heading = figure.attrs["aria-labelledby"]
            assert any(e.attrs.get("id") == heading for e in figure.walk())
            assert figure.find("table") or "gapline" in str([e.attrs for e in figure.walk()])
            if figure.find("svg") and not figure.find("table"):
                pytest.fail(f"{heading}: a chart without its table")

    def test_tables_name_their_columns_and_rows(self, lang):
        for table in _page(lang).find("table"):
            assert table.find("caption")
            assert all(cell.attrs.get("scope") in ("col", "row") for cell in table.find("th"))
            columns = len(table.find("thead")[0].find("th"))
            for row in table.find("tbody")[0].find("tr"):
                assert len(row.find("th") + row.find("td")) == columns

    def test_drawings_have_a_role_and_words(self, lang):
        for svg in _page(lang).find("svg"):
            if svg.attrs.get("aria-hidden") != "true":
                assert svg.attrs["role"] in ("img", "group")
                assert svg.attrs["aria-label"]

    def test_headings_descend_one_step_at_a_time(self, lang):
        levels = [int(e.tag[1]) for e in _page(lang).walk() if re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels))

    def test_language_is_declared(self, lang):
        page = _page(lang)
        assert page.find("html")[0].attrs["lang"] == lang
        brand = next(e for e in page.walk() if e.attrs.get("class") == "brand")
        assert brand.attrs["lang"] == "ja"

    def test_five_questions_are_answered_with_bands_and_confidence(self, lang):
        answers = next(e for e in _page(lang).walk() if e.attrs.get("class") == "five")
        items = [e for e in answers.children if not isinstance(e, str)]
        assert len(items) == 5
        text = answers.text()
        assert ("33–52 in 80% of draws" if lang == "en" else "33–52日目（試行の80%）") in text
        assert ("24–71 in all variants" if lang == "en" else "24–71日目（モデル構造）") in text

    def test_colours_come_from_variables(self, lang):
        html = _html(lang)
        style = html[html.index("<style>") : html.index("</style>")]
        tokens = [m.span() for m in re.finditer(r":root \{.*?\}", style, re.DOTALL)]
        boxes = [m.span() for m in re.finditer(r"@page \{.*?\n\}", style, re.DOTALL)]
        for found in re.finditer(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|rgba?\(", style):
            assert any(a <= found.start() < b for a, b in tokens + boxes), found.group()
        body = html[html.index("</style>") :]
        assert not re.search(r'(fill|stroke|color)[=:]\s*"?#[0-9a-fA-F]', body)

    def test_numbers_come_from_the_review(self, lang):
        """No number is printed that is neither in the review nor in the catalogue."""
        shown = numbers_in(_page(lang).find("main")[0].text())
        assert not shown - _allowed_numbers()


@cache
def _allowed_numbers() -> frozenset[str]:
    allowed = numbers_in(" ".join(path.read_text("utf-8") for path in MESSAGES.glob("*.yaml")))
    allowed |= {str(n) for n in range(1, 54)}  # weeks, scenario numbers
    for value in set(_walk(sample_review())):
        allowed |= _ways_to_write(value)
    return frozenset(allowed)


def _walk(thing):
    if isinstance(thing, Names | str):
        yield thing if isinstance(thing, str) else f"{thing.en} {thing.ja}"
    elif isinstance(thing, int | float):
        yield thing
    elif is_dataclass(thing):
        for f in fields(thing):
            yield from _walk(getattr(thing, f.name))
    elif hasattr(thing, "model_dump"):
        yield from _walk(thing.model_dump(mode="json"))
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from (*_walk(key), *_walk(value))
    elif isinstance(thing, tuple | list | frozenset):
        for item in thing:
            yield from _walk(item)


def _ways_to_write(value) -> set[str]:
    if isinstance(value, str):
        return numbers_in(value) | {str(int(n)) for n in re.findall(r"\d+", value)}
    texts = set()
    for factor in (1, 100, 10, 0.001, 0.01):
        texts |= {format_sig(value * factor, like=like) for like in (None, 1.23, 12.3, 0.123)}
        texts |= {format_sig(value * factor, digits=3), f"{value * factor:.0f}"}
    texts |= {format_sig(100 - value), f"{100 - value:.0f}"}
    return numbers_in(" ".join(texts))


def test_only_the_first_page_is_cover_and_the_sample_never_ships():
    assert _html("en").count('class="sheet p1"') == 1
    for path in Path(keian.report.__file__).parent.rglob("*"):
        if path.suffix in (".py", ".yaml", ".j2"):
            assert "SAMPLE" not in path.read_text(encoding="utf-8")


def test_label_is_on_the_banner_and_on_every_page():
    html = _html("en")
    assert '<p class="tlp">TLP:AMBER</p>' in html
    assert html.count(r'content: "TLP\3a AMBER"') == 2
    assert "--tlp: #FFC000" in html
    strict = brief(released(sample_review(label=AMBER_STRICT)))
    assert '<p class="tlp">TLP:AMBER+STRICT</p>' in strict
    assert strict.count(r'content: "TLP\3a AMBER\2b STRICT"') == 2
    assert "--tlp: #FF2B2B" in brief(released(sample_review(label=RED)))


def test_names_cannot_bring_markup_or_styles():
    review = sample_review()
    bad = Names(en=ATTACK, ja=ATTACK)
    measures = tuple(replace(m, names=bad, legal_basis=bad, decider=bad) for m in review.measures)
    scenario = review.scenarios[0]
    outs = tuple(replace(out, names=bad, cause=bad) for out in scenario.runs_out)
    curves = tuple(replace(curve, names=bad) for curve in scenario.curves)
    steps = tuple(replace(step, names=bad, link=bad) for step in scenario.chain)
    scenario = replace(
        scenario, names=bad, story=bad, runs_out=outs, curves=curves, chain=steps, partial=(bad,)
    )
    line = review.lines[0]
    source = line.source.model_copy(update={"title": ATTACK, "note": ATTACK, "publisher": ATTACK})
    review = replace(
        review,
        economy=Names(en='"} body { background: red', ja="</style><script>"),
        vintage=bad,
        scenarios=(scenario, *review.scenarios[1:]),
        measures=measures,
        lines=(replace(line, source=source, range_text=bad), *review.lines[1:]),
    )
    for lang in LANGS:
        html = brief(released(review), lang=lang)
        page = parse(html)
        assert not page.find("script")
        assert not page.find("img")
        assert not [e for e in page.walk() if any(a.startswith("on") for a in e.attrs)]
        style = html[html.index("<style>") : html.index("</style>")]
        assert "background: red" not in style


def test_addresses_of_sources_are_links_only_to_the_web():
    review = sample_review()
    line = review.lines[3]
    source = line.source.model_copy(update={"url": "javascript:alert(1)"})
    review = replace(review, lines=(replace(line, source=source),))
    page = parse(brief(released(review)))
    assert not [e for e in page.find("a") if e.attrs["href"].startswith("javascript")]


def test_figure_without_draws_says_mode_run():
    review = sample_review()
    first = review.headlines[0]
    bare = replace(first.figure, quantiles=(), low=None, high=None, structural=None)
    review = replace(review, headlines=(replace(first, figure=bare), *review.headlines[1:]))
    html = brief(released(review))
    assert "mode run, no draws" in html
    assert "model variants not run" in html


def test_unknown_rule_of_a_headline_is_refused_with_the_repair():
    review = sample_review()
    odd = replace(review.headlines[0], rule="how_long.by_magic")
    review = replace(review, headlines=(odd, *review.headlines[1:]))
    with pytest.raises(ModelError, match=r"messages/headlines\.yaml"):
        brief(released(review))


def test_empty_figures_keep_their_place_and_say_why():
    review = sample_review()
    bare = replace(
        review.scenarios[0],
        curves=(),
        services=(),
        chain=(),
        other_chains=(),
        comparisons=(),
        variants=(),
        drivers=(),
        asks=(),
        interactions=(),
        runs_out=(),
        effects=(),
        binding=None,
    )
    review = replace(review, scenarios=(bare,), scenario_interactions=())
    full = len([f for f in _page("en").find("figure") if "s-hormuz" in str(f.attrs)])
    page = parse(brief(released(review)))
    kept = [f for f in page.find("figure") if "s-hormuz" in str(f.attrs)]
    assert len(kept) == full
    assert "To fill this: stocks by owner" in page.text()
    assert "not run" in page.text()


def test_harm_is_signed_and_hatched():
    page = _page("en")
    bars = [e for e in page.walk() if e.attrs.get("class") == "loss" and e.tag == "i"]
    assert bars
    text = page.text()
    assert "−6" in text
    assert "Why harm: H: demand stays high, so stocks burn faster." in text


def test_missing_cost_and_unverified_law_have_badges():
    text = _page("en").text()
    assert "cost not sourced" in text
    assert "date of force unverified" in text
    assert "what if the law existed" in text


def test_withheld_parts_are_counted_and_an_empty_review_is_refused():
    review = sample_review()
    secret = replace(review.scenarios[0], label=RED)
    rest = review.scenarios[1:]
    seen = release(replace(review, scenarios=(secret, *rest)), Viewer("TLP:AMBER"))
    html = brief(seen)
    assert "Withheld from this reader: 1." in html
    assert "Hormuz closed for 90 days" not in html
    with pytest.raises(ClearanceError):
        brief(released(replace(review, scenarios=())))


def test_one_scenario_alone_is_a_report_too():
    review = sample_review()
    single = replace(review, scenarios=review.scenarios[:1], measures=(), scenario_interactions=())
    assert len(parse(brief(released(single), lang="ja")).find("figure")) > 10


def test_tokens_reach_the_contrast_they_promise():
    html = _html("en")
    style = html[html.index("<style>") : html.index("</style>")]
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in
                   re.findall(r":root \{(.*?)\}", style, re.DOTALL))  # fmt: skip
    for tokens in (light, dark):
        for name in ("ink", "ink-2", "ours", "harm"):
            assert _contrast(tokens[name], tokens["paper"]) >= 4.5, name
        assert _contrast(tokens["line"], tokens["paper"]) >= 3
        assert _contrast(tokens["on-h4"], tokens["h4"]) >= 4.5
        for step in ("h1", "h2", "h3"):
            assert _contrast(tokens["ink"], tokens[step]) >= 4.5, step


def _contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_source_of_the_user_stands_first_among_the_marks_of_an_answer(lang):
    """The page shows three marks of each answer; the user's own is never cut off."""
    review = sample_review()
    own = Source(
        id="user-stock-2026-11-23", title="Figures supplied by the user", kind="assumption"
    )
    line = AssumptionLine(own, "A99", ("crude",), None, None)
    first = review.headlines[0]
    sources = ("floors", "stocks", "saving", "measures", own.id)
    told = replace(first, figure=replace(first.figure, sources=sources))
    changed = replace(review, lines=(*review.lines, line), headlines=(told, *review.headlines[1:]))
    page = build_first_page(build_setting(changed, lang))
    assert page.answers[0].marks[0].mark == "A99"
    assert len(page.answers[0].marks) == len(sources)
    assert "A99" in page.run  # the page says at its head that figures of the user stand in it
    assert "A99" not in build_first_page(build_setting(review, lang)).run


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_restraint_stands_on_page_one_with_its_band_and_cost_and_only_where_there_is_some(lang):
    review = sample_review()
    out = next(o for o in review.scenarios[0].runs_out if o.restraint is not None)
    first = review.headlines[0]
    facts = {
        "restraint": out.restraint.share,
        "restraint_day": out.restraint.from_day,
        "restraint_lost": out.restraint.lost,
    }
    held = replace(first, facts={**first.facts, **facts})
    pages = [
        build_first_page(build_setting(replace(review, headlines=(h, *review.headlines[1:])), lang))
        for h in (first, held)
    ]
    assert pages[0].answers[0].held == ""
    told = pages[1].answers[0].held
    assert "12%" in told
    assert "8–15" in told
    assert ("¥310 bn (180–520)" if lang == "en" else "3,100億円") in told
