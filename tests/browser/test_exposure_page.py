"""The page of exposure in headless Chromium: nothing runs out of the sheet, on screen and paper."""

from __future__ import annotations

import pytest

from keian.exposure.atlas import draw_atlas
from keian.report.atlas_page import set_atlas
from keian.share import Viewer, release
from tests.browser.test_report_page import A4_MM, CHROMIUM, PDFTOTEXT, Printed
from tests.unit.exposure.shipped import open_shipped

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils is not installed"),
]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_words_stay_on_the_paper_and_every_page_has_the_label(tmp_path, lang):
    released = release(draw_atlas(open_shipped()), Viewer())
    printed = Printed(tmp_path, set_atlas(released, lang=lang))
    assert len(printed.pages) > 2
    for number, (_, words) in enumerate(printed.pages):
        assert "TLP:AMBER" in printed.text(number)
        assert all(left >= 0 and right <= A4_MM[0] for left, _, right, *_ in words)
