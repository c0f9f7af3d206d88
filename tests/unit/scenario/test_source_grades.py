"""What a source says of itself: who published it, its grade, and the evidence that rests on it."""

from pathlib import Path
from urllib.parse import urlparse

import pytest

import keian
from keian.core import load_sources
from keian.economy import load_economy
from keian.scenario import load_measures
from keian.scenario.load import load_scenario_sources

ROOT = Path(keian.__file__).parent
FILES = (
    "economy/data/japan/sources.yaml",
    "economy/data/japan/sources_goods.yaml",
    "economy/data/japan/sources_services.yaml",
    "scenario/data/sources.yaml",
    "review/data/sources.yaml",
    "exposure/data/sources.yaml",
)
OFFICIAL = (".go.jp", ".lg.jp", ".gov", ".nat.gov.tw", "europa.eu", "un.org", "fao.org", "worldbank.org")  # fmt: skip
# First publishers of their own work: papers by their number, institutes, the maker of a data set.
FIRST = {"doi.org", "www.cepii.fr", "www.dir.co.jp", "www.tsr-net.co.jp", "www.ifw-kiel.de", "repository.tno.nl", "alic.go.jp"}  # fmt: skip
# Sources whose publisher is not known, by file: blogs, mirrors and quotes without a name.
UNKNOWN = {
    "economy/data/japan/sources_goods.yaml": 29,
    "economy/data/japan/sources_services.yaml": 22,
    "exposure/data/sources.yaml": 6,
}


def _list(file):
    return load_sources(ROOT / file).values()


@pytest.mark.parametrize("file", FILES)
def test_only_a_page_of_an_official_body_or_the_first_publisher_has_grade_a(file):
    hosts = {
        source.id: host
        for source in _list(file)
        if source.grade == "A" and (host := urlparse(source.url or "").netloc)
    }
    wrong = {
        name: host
        for name, host in hosts.items()
        if host not in FIRST and not host.endswith(OFFICIAL)
    }
    assert wrong == {}


@pytest.mark.parametrize("file", FILES)
def test_sources_without_a_known_publisher_do_not_grow_in_number(file):
    missing = [s.id for s in _list(file) if s.kind == "published" and s.publisher is None]
    assert len(missing) == UNKNOWN.get(file, 0), missing


def test_the_evidence_of_a_measure_is_never_better_than_the_best_source_it_rests_on():
    known = {**load_economy().sources, **load_scenario_sources()}
    better = {}
    for measure in load_measures():
        grades = [
            known[name].grade or "C" for name in measure.sources
        ]  # an assumption is judgement
        if measure.evidence < min(grades):
            better[measure.id] = (measure.evidence, grades)
    assert better == {}
