"""The report in headless Chromium: one A4, label on every page, nothing clipped, no request."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from keian.core import Names
from keian.report import brief
from keian.review.policy import name_letter
from tests.unit.report.sample_release import released
from tests.unit.report.sample_review import sample_review

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PDFTOTEXT = shutil.which("pdftotext")
PT_PER_MM = 72 / 25.4
FOOT_MM = 12
A4_MM = (210, 297)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils is not installed"),
]


def chromium(profile, *arguments):
    quiet = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    command = [CHROMIUM, *quiet, f"--user-data-dir={profile}", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


class Printed:
    """A printed report: words of each page with their boxes, in mm."""

    def __init__(self, folder, html):
        page, pdf = folder / "report.html", folder / "report.pdf"
        page.write_text(html, encoding="utf-8")
        chromium(
            folder / "profile", "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri()
        )
        boxes = subprocess.run(
            [PDFTOTEXT, "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode("utf-8")
        self.pages = [self._read(part) for part in boxes.split("<page ")[1:]]

    @staticmethod
    def _read(part):
        size = re.match(r'width="([\d.]+)" height="([\d.]+)"', part)
        words = re.findall(
            r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
            part,
        )
        scaled = [(*(float(v) / PT_PER_MM for v in word[:4]), word[4]) for word in words]
        return tuple(float(v) / PT_PER_MM for v in size.groups()), scaled

    def text(self, number):
        return " ".join(word[4] for word in self.pages[number][1])


def lengthen(review):
    """The same review with names half as long again: other fonts and other data run wider."""

    def longer(names):
        return Names(en=f"{names.en} and the like of it", ja=f"{names.ja}およびその類似品目")

    scenario = review.scenarios[0]
    outs = tuple(replace(out, names=longer(out.names)) for out in scenario.runs_out)
    curves = tuple(replace(curve, names=longer(curve.names)) for curve in scenario.curves)
    headlines = tuple(
        replace(
            headline,
            facts={k: longer(v) if isinstance(v, Names) else v for k, v in headline.facts.items()},
        )
        for headline in review.headlines
    )
    scenario = replace(scenario, runs_out=outs, curves=curves, names=longer(scenario.names))
    return replace(review, headlines=headlines, scenarios=(scenario, *review.scenarios[1:]))


def multiply(review):
    """The same review with twelve scenarios, thirty measures and a long list of shocks."""
    measures = tuple(
        replace(review.measures[k % 8], id=f"m{k}", letter=name_letter(k)) for k in range(30)
    )
    scenarios = []
    for k in range(12):
        scenario = review.scenarios[k % 4]
        key = scenario.id if k < 4 else f"{scenario.id}{k}"
        own = {e.measure: e for e in scenario.effects}
        found = [(m, own.get(review.measures[i % 8].id)) for i, m in enumerate(measures)]
        partners = {e.measure: measures[i % 8].id for i, e in enumerate(scenario.effects)}
        scenarios.append(
            replace(
                scenario,
                id=key,
                effects=tuple(
                    replace(e, measure=m.id, scenario=key, partner=partners.get(e.partner or ""))
                    for m, e in found
                    if e is not None
                ),
                partial=scenario.partial * 9,
                windows=tuple(
                    (Names(en=f"shock number {i}", ja=f"衝撃{i}"), 10.0 * i, 10.0 * i + 30)
                    for i in range(9)
                ),
                interactions=(),
            )
        )
    return replace(review, measures=measures, scenarios=tuple(scenarios), scenario_interactions=())


MADE = {"": lambda review: review, "long": lengthen, "many": multiply}


@pytest.fixture(scope="module", params=[f"{lang} {made}" for made in MADE for lang in ("en", "ja")])
def printed(request, tmp_path_factory):
    lang, made = request.param.split(" ")
    review = MADE[made](sample_review())
    folder = tmp_path_factory.mktemp("printed")
    return lang, Printed(folder, brief(released(review), lang=lang))


def test_first_page_fills_exactly_one_a4(printed):
    lang, report = printed
    (width, height), words = report.pages[0]
    assert (round(width), round(height)) == A4_MM
    curves_unit = "Days of cover" if lang == "en" else "在庫日数"
    assert curves_unit in report.text(0)
    contents = "In this review" if lang == "en" else "この点検の内容"
    assert contents in report.text(1)
    lowest = max(word[3] for word in words if word[3] < height - FOOT_MM - 5)
    assert lowest < height - FOOT_MM - 5, "the cover keeps room for wider fonts"


def test_label_and_page_number_are_on_every_page(printed):
    _, report = printed
    for number, (_, words) in enumerate(report.pages):
        tops = [word for word in words if word[4] == "TLP:AMBER"]
        assert len(tops) == 2, f"page {number + 1}: once above, once below"
        assert tops[0][1] < 40
        assert tops[1][1] > 250
        assert f"{number + 1} / {len(report.pages)}" in report.text(number)


def test_no_word_leaves_the_sheet(printed):
    _, report = printed
    for number, ((width, height), words) in enumerate(report.pages):
        for left, top, right, bottom, word in words:
            assert left >= 10, (number, word)
            assert right <= width - 9, (number, word)
            assert 0 <= top < bottom <= height, (number, word)


LEAKY = b'<!DOCTYPE html><title>x</title><img src="http://elsewhere.example/pixel.png">'


@pytest.fixture
def visits(tmp_path):
    """Open a page with every host name led to one server; tell which paths were asked for."""
    pages = {}
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_address[1]

    def visit(body):
        pages["/page.html"] = body
        asked.clear()
        chromium(
            tmp_path / "profile",
            "--disable-features=NetworkTimeServiceQuerying",
            f"--host-resolver-rules=MAP * 127.0.0.1:{port}",
            f"--screenshot={tmp_path / 'page.png'}",
            f"http://127.0.0.1:{port}/page.html",
        )
        return list(asked)

    yield visit
    server.shutdown()
    server.server_close()
    thread.join()


def test_page_asks_nobody_for_anything(visits):
    assert "/pixel.png" in visits(LEAKY), "the trap must catch a page that asks"
    assert visits(brief(released(sample_review())).encode("utf-8")) == ["/page.html"]
