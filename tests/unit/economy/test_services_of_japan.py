"""The services of Japan against the law's register, and what is shown without acting."""

import re
from datetime import date, timedelta

import pytest

from keian.core import InputError
from keian.economy import check_economy
from keian.economy.nouns import Area
from keian.economy.overlays import check_areas, load_overlays
from keian.registers import load_register
from tests.architecture.tree import PACKAGE

TODAY = date(2026, 11, 22)
ROOMS_OF_RESULTS = ("crisis", "review", "report", "scenario")


@pytest.fixture(scope="module")
def register():
    return load_register("essential_services")


def test_every_service_in_force_is_in_the_economy_and_no_other_acts(japan, register):
    held = {entry.id for entry in register.at(TODAY)}
    assert {service.sector for service in japan.services} == held
    pending = set(register.ids()) - held
    assert {service.sector for service in japan.registered_services} == pending


def test_the_count_follows_the_dates_of_the_register(register):
    first: dict[str, date] = {}  # of a service that changed later, such as its ministry
    for entry in register.entries:
        if entry.in_force_from is not None:
            first[entry.id] = min(entry.in_force_from, first.get(entry.id, entry.in_force_from))
    starts = sorted(set(first.values()))
    counts = [len(register.at(day)) for day in starts]
    assert counts == sorted(set(counts)), "each day of force adds a service"
    ports = register.find("ports")[0].in_force_from
    assert ports == date(2025, 4, 1)
    assert len(register.at(ports)) == len(register.at(ports - timedelta(days=1))) + 1
    assert not register.find("medical-care")[0].holds(TODAY)


def test_the_numbers_of_the_law_are_one_to_all(register):
    numbers = {(entry.id, entry.value["number"]) for entry in register.entries}
    assert sorted(n for _, n in numbers) == list(range(1, len(register.ids()) + 1))


def test_a_service_has_a_provider_or_says_of_which_industry_it_is_a_share(japan):
    for service in (*japan.services, *japan.registered_services):
        assert service.provider or service.parent_industry, service.id
        assert service.missing, f"{service.id}: nothing is fully known"


def test_levels_follow_a_unit_only_where_the_tier_says_so(japan):
    follows = {s.id for s in japan.services if s.provider is not None}
    assert follows == {"electricity", "gas", "water", "telecommunications"}
    assert all(s.tier == "illustrative" for s in japan.services if s.outage_unit is not None)


def test_every_pair_of_services_is_judged_once(japan):
    ids = {service.id for service in japan.services}
    pairs = [(need.user, need.supplier) for need in japan.service_needs]
    assert len(pairs) == len(set(pairs)) == len(ids) ** 2
    assert {name for pair in pairs for name in pair} == ids


def test_a_pair_that_acts_is_a_line_of_its_supplier_and_one_that_does_not_is_none(japan):
    services = {service.id: service for service in japan.services}
    for need in japan.service_needs:
        unit = services[need.user].provider or services[need.user].outage_unit
        lines = [use for use in services[need.supplier].uses if use.unit == unit]
        if unit is None:
            assert not need.acts
        elif need.acts:
            assert [line.floor for line in lines] == [need.floor], (need.user, need.supplier)
        else:
            assert not lines, (need.user, need.supplier)


def test_restoration_curves_rise(japan):
    curves = [curve for service in japan.services for curve in service.restoration]
    assert {s.id for s in japan.services if s.restoration} == {
        "electricity", "gas", "water", "telecommunications",
    }  # fmt: skip
    for curve in curves:
        days = [point.day for point in curve.points]
        shares = [point.share for point in curve.points]
        assert days == sorted(set(days)), curve.id
        assert shares == sorted(shares), curve.id
        assert shares[-1] > 0.95, curve.id


def test_the_verdict_says_what_does_not_act(japan):
    verdict = check_economy(japan)
    assert verdict.ok
    told = " ".join(names.en for names in verdict.not_acting)
    for word in ("parent shares", "pairs", "registered"):
        assert word in told
    assert any(line.startswith("shown, not acting in a run:") for line in verdict.lines())
    assert verdict.regional_table is None
    assert any("no regional table" in line for line in verdict.lines())
    told_in_japanese = verdict.lines("ja")
    assert len(told_in_japanese) == len(verdict.lines())
    words = re.sub(r"\([A-Z.,a-z0-9 ]*\)", "", " ".join(told_in_japanese))
    assert re.findall(r"[A-Za-z]{4,} [A-Za-z]{2,}", words) == []


def test_no_room_of_results_reads_what_is_only_shown():
    """When one of these begins to act, the verdict must stop calling it shown."""
    words = ("regional_table",)
    readers = [
        (path.name, word)
        for room in ROOMS_OF_RESULTS
        for path in (PACKAGE / room).glob("**/*.py")
        for word in words
        if f"economy{word}" in path.read_text(encoding="utf-8")
        or f"route{word}" in path.read_text(encoding="utf-8")
        or f"service{word}" in path.read_text(encoding="utf-8")
    ]
    assert not readers, readers


def test_an_area_of_one_prefecture_needs_a_regional_table():
    names = {"en": "Tokyo", "ja": "東京都"}
    tokyo = Area(id="tokyo", names=names, prefectures=("JP-13",), shares=(), sources=("s",))
    (problem,) = check_areas((tokyo,), None)
    assert "one prefecture" in str(problem)
    assert not check_areas((tokyo,), "a-regional-table")


def test_areas_cover_every_prefecture_once_and_share_out_whole_industries(japan):
    codes = [code for area in japan.areas for code in area.prefectures]
    assert sorted(codes) == [f"JP-{number:02d}" for number in range(1, 48)]
    totals = {}
    for area in japan.areas:
        for part in area.shares:
            totals[part.unit_id] = totals.get(part.unit_id, 0.0) + part.share.mode
    assert all(total == pytest.approx(1.0) for total in totals.values()), totals


def test_every_unit_with_output_has_one_line_of_workforce(japan):
    home = {
        unit for unit, masked in zip(japan.units, japan.masked, strict=True)
        if unit.startswith("JPN.") and not masked
    }  # fmt: skip
    lined = [unit for line in japan.workforce for unit in line.units]
    assert sorted(lined) == sorted(home)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("areas: [{id: a, names: {en: A, ja: 甲}, prefectures: [JP-13], shares: [], sources: [s]}]", "one prefecture"),
        ("workforce: [{id: w, names: {en: W, ja: 人}, units: [JPN.c1], regular_share: 0.5, non_regular_share: null, minimum_crew: 0.5, sources: [s]}]", "both or none"),
        ("workforce: [{id: w, names: {en: W, ja: 人}, units: [JPN.c1], regular_share: 0.5, non_regular_share: 0.2, minimum_crew: 0.5, sources: [s]}]", "sum to 1"),
        ("cables: [{id: c, names: {en: C, ja: 線}, service: t, international_share: 0.5, other_means_share: 0, repair_ships: 1, repair_days: 9, landings: [], sources: [s]}]", "sum to 1"),
    ],
)  # fmt: skip
def test_overlays_that_do_not_add_up_are_refused(tmp_path, text, word):
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=word):
        load_overlays(tmp_path)
