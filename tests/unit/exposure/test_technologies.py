"""Technologies: what sources give, what is missing and counted, grades of experts, bad files."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from keian.cli import app
from keian.core import ClearanceError, InputError, Triple
from keian.economy import load_economy
from keian.exposure.card_writing import write_cards
from keian.exposure.technologies import (
    calc_rank,
    count_gaps,
    find_known_sources,
    list_links,
    list_technologies,
    load_fields,
)
from keian.exposure.technology_card import find_technologies, write_technology
from keian.exposure.technology_documents import load_additions, load_technology_document
from keian.report.technology_parts import build_technology, say_programme
from keian.report.words import load_words
from keian.share import Viewer, release
from tests.unit.exposure.shipped import AFTER_DECEMBER_2025, BEFORE_DESIGNATIONS, open_shipped

IDS = frozenset(entry.id for entry in load_fields().entries)
OWN = """
label: "TLP:RED"
sources:
  - {id: own-survey, title: Survey of an institute, kind: published, grade: B}
technologies:
  - id: technology.quantum
    grades:
      - {author: A. Expert, on: 2026-03-01, superiority: 3, indispensability: 2, note: lasers}
      - {author: B. Expert, on: 2026-05-01, superiority: 4}
    markets:
      - what: {en: Dilution refrigerators, ja: 希釈冷凍機}
        basis: world_market
        year: "2025"
        parts: [{country: JPN, share: {value: 0.2, sources: [own-survey]}}]
    substitutes:
      - {what: {en: Classical computing, ja: 古典計算機}, sources: [own-survey]}
"""
BAD = """
technologies:
  - id: technology.alchemy
    grades: [{author: A, on: 2026-03-01}]
  - id: technology.quantum
    holders: [{names: {en: X, ja: X}, what: {en: Y, ja: Y}, year: "2025", sources: [nobody]}]
"""


@pytest.fixture(scope="module")
def economy():
    return load_economy("japan")


@pytest.fixture(scope="module")
def listed(economy):
    return list_technologies(economy, AFTER_DECEMBER_2025)


def share(value, high=None):
    return Triple(low=value, mode=value, high=value if high is None else high)


def test_every_field_of_the_guideline_is_listed_once(listed):
    fields = [e for e in load_fields().entries if (e.value or {})["kind"] == "field"]
    assert [t.number for t in listed.technologies] == list(range(1, 21))
    assert {t.id for t in listed.technologies} == {entry.id for entry in fields}


def test_nothing_is_known_before_the_guideline(economy):
    before = list_technologies(economy, BEFORE_DESIGNATIONS)
    assert before.technologies == ()
    assert before.visions == ()
    assert list_links("gallium", BEFORE_DESIGNATIONS) == ()


def test_what_is_missing_is_counted_and_never_guessed(listed):
    assert listed.gaps == count_gaps(listed.technologies)
    assert listed.gaps["no_grade"] == len(listed.technologies)
    assert listed.named_count == 0
    assert max(v.technologies_total or 0 for v in listed.visions) == 50
    for technology in listed.technologies:
        assert ("no_goods" in technology.gaps) == (not technology.goods)
        known = any(view.home_share is not None for view in technology.markets)
        assert ("no_home_share" in technology.gaps) == (not known)
    empty = next(t for t in listed.technologies if t.id == "technology.hypersonics")
    assert len(empty.gaps) == 6
    fewer = listed.without(["technology.hypersonics"])
    assert fewer.gaps["no_grade"] == len(listed.technologies) - 1


@pytest.mark.parametrize(("lang", "told"), [("en", "500 billion yen"), ("ja", "5,000億円")])
def test_the_fund_is_told_in_the_counting_of_the_language(listed, lang, told):
    assert any(told in line for line in say_programme(listed, load_words(lang)))


def test_every_figure_and_link_leads_to_a_source(listed):
    known = find_known_sources()
    for technology in listed.technologies:
        assert set(technology.cited) <= set(listed.sources)
        for view in technology.markets:
            assert all(part.share.sources for part in view.market.parts)
    assert set(listed.sources) <= set(known)
    assert listed.sources["a-technology-goods"].kind == "assumption"
    closed = [s.id for s in listed.sources.values() if "nc" in (s.licence or "").lower().split("-")]
    assert closed == []  # nothing under a licence that forbids commercial use


def test_every_good_that_is_linked_is_a_good_of_the_model(economy):
    goods = {g.id for g in (*economy.goods, *economy.aside, *economy.registered)}
    linked = {g.good for t in load_technology_document().technologies for g in t.goods}
    assert linked <= goods
    assert len(linked) > 15


def test_the_rank_of_vehicle_batteries_is_that_of_the_sourced_shares(listed):
    energy = next(t for t in listed.technologies if t.id == "technology.energy")
    cells = {v.market.year: v for v in energy.markets if "vehicles" in v.market.what.en}
    assert (cells["2015"].home_share.mode, cells["2015"].rank) == (0.52, 1)
    assert (cells["2020"].home_share.mode, cells["2020"].rank) == (0.21, 3)


@pytest.mark.parametrize(
    ("shares", "rank"),
    [
        ({"JPN": share(0.52)}, 1),
        ({"JPN": share(0.5)}, None),  # one other could hold as much
        ({"JPN": share(0.35)}, None),
        ({"CHN": share(0.37), "KOR": share(0.36), "JPN": share(0.21)}, 3),
        ({"CHN": share(0.3, 0.6), "JPN": share(0.4)}, None),  # the ranges overlap
        ({"CHN": share(0.8), "JPN": share(0.1)}, None),
        ({"CHN": share(0.9)}, None),
    ],
)
def test_a_rank_stands_only_where_nobody_unlisted_can_change_it(shares, rank):
    assert calc_rank(shares, "JPN") == rank


def test_imports_of_home_give_no_rank_of_home(listed):
    views = [v for t in listed.technologies for v in t.markets]
    bought = [v for v in views if v.market.basis == "home_imports"]
    assert bought
    assert all(v.rank is None and v.home_share is None for v in bought)


def test_own_grades_stand_beside_the_shipped_record(tmp_path, economy):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    added = load_additions(path, find_known_sources(), IDS)
    found = list_technologies(economy, AFTER_DECEMBER_2025, added)
    quantum = next(t for t in found.technologies if t.id == "technology.quantum")
    assert [grade.author for grade in quantum.grades] == ["B. Expert", "A. Expert"]
    assert quantum.grades[0].indispensability is None
    assert quantum.markets[0].home_share.mode == 0.2
    assert set(quantum.gaps) == {"no_goods", "no_rank", "no_holders"}
    assert found.gaps["no_grade"] == 19
    assert "own-survey" in found.sources
    assert str(found.label) == "TLP:RED"
    with pytest.raises(ClearanceError):
        release(found, Viewer("TLP:AMBER"))


def test_a_wrong_file_is_refused_with_every_problem(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(BAD, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_additions(path, find_known_sources(), IDS)
    assert {p.found for p in refused.value.problems} == {"'technology.alchemy'", "'nobody'"}


@pytest.mark.parametrize(
    ("grade", "told"),
    [
        ("{on: 2026-03-01, superiority: 3}", "author"),
        ("{author: A, superiority: 3}", "on"),
        ("{author: A, on: 2026-03-01, superiority: 6}", "superiority"),
    ],
)
def test_a_grade_needs_author_day_and_a_place_on_the_scale(tmp_path, grade, told):
    path = tmp_path / "bad.yaml"
    path.write_text(
        f"technologies:\n  - id: technology.ai\n    grades: [{grade}]\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        load_additions(path, find_known_sources(), IDS)
    assert told in str(refused.value)


JPN, CHN = (
    "country: JPN, share: {value: 0.7, sources: [s]}",
    "country: CHN, share: {value: 0.6, sources: [s]}",
)


@pytest.mark.parametrize(
    ("basis", "parts", "told"),
    [
        ("world_market", [JPN, CHN], "no more than 1 in all"),
        ("world_market", [JPN, JPN], "each country once"),
        ("world_market", ["country: JPN, share: 0.2"], "a share with its sources"),
        ("world_market", ["country: JPN, share: {value: 1.2, sources: [s]}"], "shares from 0 to 1"),
        ("partner_imports", [JPN], "an importer with basis partner_imports"),
        ("world_market", [JPN], None),
    ],
)
def test_shares_that_cannot_be_are_refused(tmp_path, basis, parts, told):
    path = tmp_path / "own.yaml"
    listed = ", ".join(f"{{{part}}}" for part in parts)
    path.write_text(
        "sources: [{id: s, title: S, kind: published}]\ntechnologies:\n  - id: technology.ai\n"
        f'    markets: [{{what: {{en: a, ja: a}}, year: "2025", basis: {basis}, parts: [{listed}]}}]\n',
        encoding="utf-8",
    )
    if told is None:
        assert load_additions(path, find_known_sources(), IDS).technologies[0].markets
        return
    with pytest.raises(InputError) as refused:
        load_additions(path, find_known_sources(), IDS)
    assert told in str(refused.value)


def test_the_card_shows_what_the_cards_of_its_goods_show(listed):
    dossier = open_shipped()
    (technology,) = find_technologies(["semiconductors"], listed)
    card = write_technology(dossier, technology, listed)
    figures = {good.link.good: good for good in card.goods}
    cards = {c.id: c for c in write_cards(dossier).cards}
    gallium = figures["gallium"]
    assert gallium.top_share == cards["gallium"].shares[0].share
    assert gallium.survive_days == cards["gallium"].cover.survive
    assert gallium.exports == ()
    place = figures["fluorspar"].exports[0]
    assert place.rank == cards["fluorspar"].trade[0].exports[0].rank
    assert str(card.label) == "TLP:AMBER"
    for lang in ("en", "ja"):
        keys = [section.key for section in build_technology(card, load_words(lang))]
        assert keys == ["goods", "markets", "missing", "sources"]


def test_cards_of_goods_point_at_their_technologies():
    cards = {c.id: c for c in write_cards(open_shipped()).cards}
    links = {link.technology: link.how for link in cards["semiconductors"].technologies}
    assert links["technology.semiconductors"] == "embodies"
    assert links["technology.robotics"] == "needs"
    assert "a-technology-goods" in cards["semiconductors"].sources
    assert cards["wheat"].technologies == ()
    assert "a-technology-goods" not in cards["wheat"].sources


@pytest.mark.parametrize("name", ["technology.robotics", "robotics", "8", "Robot", "ロボット工学"])
def test_a_technology_is_found_by_id_number_and_name(listed, name):
    assert [t.id for t in find_technologies([name], listed)] == ["technology.robotics"]


def test_all_unknown_names_are_refused_together(listed):
    with pytest.raises(InputError) as refused:
        find_technologies(["alchemy", "8", "21"], listed)
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Without a sourced holder"), ("ja", "保有者の出典なし")]
)
def test_the_list_at_the_command_line(lang, said):
    shown = CliRunner().invoke(app, ["exposure", "technologies", "--lang", lang])
    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout
    plain = json.loads(CliRunner().invoke(app, ["exposure", "technologies", "--json"]).stdout)
    assert len(plain["technologies"]) == 20
    assert plain["gaps"]["no_substitutes"] == 20
    assert plain["label"] == "TLP:AMBER"


def test_a_card_at_the_command_line_with_own_grades(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    call = ["exposure", "technology", "quantum", "--add", str(path)]
    refused = CliRunner().invoke(app, call)
    assert refused.exit_code == 4
    shown = CliRunner().invoke(app, [*call, "--viewer", "TLP:RED"])
    assert shown.exit_code == 0, shown.output
    assert "B. Expert" in shown.stdout
    plain = json.loads(CliRunner().invoke(app, [*call, "--viewer", "TLP:RED", "--json"]).stdout)
    grade = plain["cards"][0]["technology"]["grades"][0]
    assert (grade["author"], grade["on"]) == ("B. Expert", date(2026, 5, 1).isoformat())
