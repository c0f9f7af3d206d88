"""Every figure of the shipped economy has a source, every assumption a reason."""

import pytest
from pydantic import BaseModel

from keian.core import Triple
from keian.economy import load_economy

SHARE_ALIKE = ("by-sa", "share-alike", "sharealike", "exiobase", "gpl", "by-nc", "noncommercial")
SHORTEST_REASON = 20


@pytest.fixture(scope="module")
def japan():
    return load_economy("japan", illustrative=True)


def list_triples(part, where):
    """Give every triple with its place and the sources of the document around it."""
    if isinstance(part, Triple):
        yield where, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from list_triples(getattr(part, name), f"{where}.{name}")
    elif isinstance(part, tuple):
        for number, value in enumerate(part):
            yield from list_triples(value, f"{where}[{number}]")


def list_documents(economy):
    for key in (
        "goods", "uses", "services", "routes",
        "registered_services", "service_needs", "cables", "workforce", "areas",
    ):  # fmt: skip
        for number, document in enumerate(getattr(economy, key)):
            yield f"{key}[{getattr(document, 'id', number)}]", document


def test_every_range_names_its_sources_and_they_exist(japan):
    bare = [
        where
        for place, document in list_documents(japan)
        for where, triple in list_triples(document, place)
        if not triple.fixed and not triple.sources
    ]
    assert not bare, bare
    lost = [
        (where, source)
        for place, document in list_documents(japan)
        for where, triple in list_triples(document, place)
        for source in triple.sources
        if source not in japan.sources
    ]
    assert not lost, lost


def test_every_document_names_its_sources(japan):
    silent = [place for place, document in list_documents(japan) if not document.sources]
    assert not silent, silent


def test_every_parameter_names_the_assumption_behind_it(japan):
    assert set(japan.assumptions) >= {"cover_days", "lag_days", "vital_share", "criticality"}
    assert set(japan.assumptions.values()) <= set(japan.sources)


def test_assumptions_give_their_reason_and_published_figures_their_grade(japan):
    for key, source in japan.sources.items():
        if source.kind == "assumption" and key.startswith("a-"):
            assert source.note or source.locator, key
        if source.kind == "published":
            assert source.grade in {"A", "B", "C"}, key
            assert source.vintage or source.published, key


def test_no_shipped_default_rests_on_a_licence_that_binds_what_is_made_from_it(japan):
    bound = {
        key: source.licence
        for key, source in japan.sources.items()
        for word in SHARE_ALIKE
        if word in f"{source.licence} {source.title}".lower()
    }
    assert not bound, bound


def test_every_use_says_why(japan):
    short = [use for use in japan.uses if len(use.why) < SHORTEST_REASON]
    assert not short, [(use.good, use.unit) for use in short]


def test_every_source_of_goods_is_used(japan):
    used = {source for _, document in list_documents(japan) for source in document.sources}
    used |= {
        source
        for place, document in list_documents(japan)
        for _, triple in list_triples(document, place)
        for source in triple.sources
    }
    parts = [part for good in japan.goods for part in (*good.supplies, *good.pools)]
    parts += [flow for route in japan.routes for flow in route.flows]
    parts += [use for service in japan.services for use in service.uses]
    parts += [p for s in japan.services for curve in s.restoration for p in curve.points]
    parts += [landing for pool in japan.cables for landing in pool.landings]
    used |= {source for part in parts for source in part.sources}
    used |= {source for good in japan.registered for source in good.sources}
    idle = {key for key in japan.sources if "_" in key} - used
    assert not idle, idle


def test_goods_say_what_is_missing(japan):
    silent = [good.id for good in japan.goods if not good.pools and not good.missing]
    silent += [good.id for good in japan.goods if good.tier == "illustrative" and not good.missing]
    assert not silent, silent
