"""The page of exposure: what it prints, that nothing is invented, that the label travels."""

import json
import re
import zipfile

import pytest

from keian.core import ClearanceError
from keian.exposure.atlas import draw_atlas, find_series
from keian.report.atlas_files import write_atlas
from keian.report.atlas_page import set_atlas
from keian.report.card_parts import build_sections, say_findings
from keian.report.figures.autonomy_map import find_column, find_row
from keian.report.words import load_words
from keian.share import Viewer, release
from tests.unit.exposure.shipped import open_shipped


@pytest.fixture(scope="module")
def atlas():
    return draw_atlas(open_shipped())


@pytest.fixture(scope="module")
def released(atlas):
    return release(atlas, Viewer())


@pytest.fixture(scope="module")
def page(released):
    return set_atlas(released)


def test_the_page_asks_for_nothing_from_outside(page):
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#|https?://)', page)
    assert not re.search(r"<(?:img|link|iframe)", page)
    assert "default-src 'none'" in page


def test_every_link_to_a_source_or_card_arrives(page):
    ids = set(re.findall(r' id="([^"]+)"', page))
    linked = set(re.findall(r'href="#([^"]+)"', page))
    assert linked <= ids
    assert len(ids) == len(re.findall(r' id="([^"]+)"', page))


def test_the_label_stands_on_page_workbook_and_data(released, tmp_path):
    files = {path.name: path for path in write_atlas(released, tmp_path, langs=("en", "ja"))}
    assert sorted(files) == [
        "exposure.html", "exposure.ja.html", "exposure.ja.xlsx", "exposure.json", "exposure.xlsx",
    ]  # fmt: skip
    for name in ("exposure.html", "exposure.ja.html"):
        assert '<p class="tlp">TLP:AMBER</p>' in files[name].read_text(encoding="utf-8")
    data = json.loads(files["exposure.json"].read_text(encoding="utf-8"))
    assert data["label"] == "TLP:AMBER"
    assert "NaN" not in files["exposure.json"].read_text(encoding="utf-8")
    with zipfile.ZipFile(files["exposure.xlsx"]) as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        assert all(b"TLP:AMBER" in book.read(name) for name in sheets)
        names = re.findall(rb'<sheet name="([^"]+)"', book.read("xl/workbook.xml"))
    assert names[:3] == [b"Candidates", b"Evidence", b"Profiles"]


def test_the_page_is_refused_to_a_viewer_below_the_floor(atlas):
    with pytest.raises(ClearanceError):
        release(atlas, Viewer("TLP:GREEN"))


def test_the_cells_of_the_map_hold_every_known_product_once(atlas, page):
    known = [s for s in atlas.spots if find_row(s) is not None and find_column(s) is not None]
    dependent = sum(s.top_share >= 0.5 for s in known)
    assert f"{dependent} of {len(known)} products rest on one country" in page
    assert len({s.product for s in atlas.spots}) == len(atlas.spots) == len(atlas.found.table)


def test_the_counts_in_the_title_are_those_of_the_list(atlas, page):
    outcomes = [row.outcome for row in atlas.candidates.rows]
    title = re.search(r'<h1 id="title">([^<]+)</h1>', page).group(1)
    assert title.startswith(f"{outcomes.count('candidate')} goods meet all four")
    assert f"{outcomes.count('no_longer')} designated ones" in title


def test_the_panels_of_years_are_the_most_dependent_first(atlas):
    views = find_series(atlas.cards, 8)
    shares = [view.suppliers[0].value_share for view in views]
    assert shares == sorted(shares, reverse=True)
    assert len(views) == 8


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_card_can_be_told_in_both_languages(atlas, lang):
    words = load_words(lang)
    for card in atlas.cards:
        assert say_findings(card, words)
        keys = [section.key for section in build_sections(card, words)]
        assert "missing" in keys
        assert "sources" in keys
        for section in build_sections(card, words):
            assert all(len(row) == len(section.columns) for row in section.rows)


def test_the_sentences_on_gallium_say_its_figures(atlas):
    gallium = next(card for card in atlas.cards if card.id == "gallium")
    said = say_findings(gallium, load_words("en"))
    assert "China delivers 68% (60–75%) of national supply; 3% is made at home." in said
    assert any("Without China stocks last 204 days" in line for line in said)
