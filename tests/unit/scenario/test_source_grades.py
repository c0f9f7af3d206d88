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
    "registers/data/sources.yaml",
)
# Governments, statistical offices and international organisations: a host is one of these or under it.
OFFICIAL = (
    "go.jp",
    "lg.jp",
    "gov",
    "nat.gov.tw",
    "europa.eu",
    "un.org",
    "fao.org",
    "worldbank.org",
)
# First publishers of their own work: papers by their number, institutes, the maker of a data set.
FIRST = {"doi.org", "www.cepii.fr", "www.dir.co.jp", "www.tsr-net.co.jp", "www.ifw-kiel.de", "repository.tno.nl"}  # fmt: skip
# Gazettes and university archives that hold official texts word for word.
ARCHIVES = {"likumi.lv", "jahis.law.nagoya-u.ac.jp", "worldjpn.net"}
# Grade A without an address: the publication of the body itself, told by title and publisher.
NO_ADDRESS = {
    "meti-wp-2024", "geopolrisk-joss", "baldwin-2023", "w-mofa-nss13", "w-kantei-council",
    "w-mod-siryo62", "w-shugiin-constant", "w-shugiin-iesi", "w-kr-act",
}  # fmt: skip
# Sources whose publisher is not known, by file: blogs, mirrors and quotes without a name.
UNKNOWN = {
    "economy/data/japan/sources_goods.yaml": 29,
    "economy/data/japan/sources_services.yaml": 21,
    "exposure/data/sources.yaml": 4,
}


def _list(file):
    return load_sources(ROOT / file).values()


def _is_accepted(host):
    return host in FIRST | ARCHIVES or any(host == o or host.endswith(f".{o}") for o in OFFICIAL)


@pytest.mark.parametrize("file", FILES)
def test_only_a_page_of_an_official_body_or_the_first_publisher_has_grade_a(file):
    best = [source for source in _list(file) if source.grade == "A"]
    hosts = {s.id: urlparse(s.url).netloc for s in best if s.url}
    assert {name: host for name, host in hosts.items() if not _is_accepted(host)} == {}
    assert {s.id for s in best if not s.url} <= NO_ADDRESS


def test_a_host_that_only_ends_like_an_official_one_is_not_accepted():
    assert _is_accepted("www.meti.go.jp")
    assert not _is_accepted("research.nicoxz.com")
    assert not _is_accepted("news-un.org.example.com")
    assert not _is_accepted("moonun.org")


@pytest.mark.parametrize("file", FILES)
def test_sources_without_a_known_publisher_do_not_grow_in_number(file):
    missing = [s.id for s in _list(file) if s.kind == "published" and s.publisher is None]
    assert len(missing) == UNKNOWN.get(file, 0), missing


@pytest.mark.parametrize("file", FILES)
def test_a_page_of_an_unknown_publisher_is_secondary(file):
    unknown = {s.id: s.grade for s in _list(file) if s.kind == "published" and not s.publisher}
    assert {name: grade for name, grade in unknown.items() if grade != "C"} == {}


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


@pytest.mark.parametrize("illustrative", [False, True])
def test_the_grade_of_a_supply_is_never_better_than_the_best_source_it_rests_on(illustrative):
    economy = load_economy(illustrative=illustrative)
    better = {}
    for good in economy.goods:
        for supply in good.supplies:
            grades = [economy.sources[name].grade or "C" for name in supply.sources]
            if supply.grade is not None and supply.grade < min(grades, default="C"):
                better[good.id, supply.origin] = (supply.grade, grades)
    assert better == {}
