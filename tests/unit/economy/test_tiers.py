"""Tiers of goods: every designated good stands in one, and only what was asked for runs."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

import keian
from keian.core import InputError, KeianWarning, Triple
from keian.crisis import compile_economy, load_rules
from keian.economy import check_economy, economy_digest, load_economy, set_aside
from keian.economy.check import check_tiers
from keian.registers import load_registers
from keian.review.evaluate import tell_tiers

SHIPPED = Path(keian.__file__).parent / "economy" / "data" / "japan"
ON = date(2026, 11, 22)
LEAST_MODELLED = 25


@pytest.fixture(scope="module")
def everything():
    return load_economy("japan", illustrative=True)


@pytest.fixture(scope="module")
def law():
    return load_registers().designations.at(ON)


def list_all(economy):
    return (*economy.goods, *economy.aside, *economy.registered)


def test_every_designated_good_stands_in_a_tier(japan, law):
    wholes = [entry.id for entry in law if entry.part_of is None]
    parts = [entry.id for entry in law if entry.part_of is not None]
    assert (len(wholes), len(parts)) == (16, 36)
    named = {good.designated for good in list_all(japan)}
    covered = named | {str(name).split(".")[0] for name in named if name}
    assert set(parts) - named == set()
    assert set(wholes) - covered == set()


def test_no_good_names_a_designation_that_is_not_in_force(japan, law):
    named = {good.designated for good in list_all(japan)} - {None}
    assert named <= {entry.id for entry in law}


def test_a_designated_good_that_is_only_listed_has_the_name_of_the_order(japan, law):
    minerals = [g for g in japan.registered if str(g.designated).startswith("critical-minerals.")]
    assert minerals
    for good in minerals:
        assert good.names == law.find(good.designated).names


@pytest.mark.parametrize(
    "name",
    [
        "crude_oil", "petroleum_products", "naphtha", "lng", "thermal_coal", "coking_coal",
        "lpg", "enriched_uranium", "wheat", "maize", "soybeans", "rice", "feed", "urea",
        "ammonium_phosphate", "potash",
    ],
)  # fmt: skip
def test_fuels_grains_and_fertilisers_are_there(japan, name):
    assert name in {good.id for good in list_all(japan)}


def test_only_modelled_goods_run_unless_asked(japan, everything):
    assert {good.tier for good in japan.goods} == {"modelled"}
    assert len(japan.goods) >= LEAST_MODELLED
    assert {good.tier for good in everything.goods} == {"modelled", "illustrative"}
    assert {good.id for good in japan.aside} == {
        good.id for good in everything.goods if good.tier == "illustrative"
    }
    aside = {good.id for good in japan.aside}
    assert not aside & {use.good for use in japan.uses}
    assert aside <= {use.good for use in everything.uses}
    assert everything.aside == ()


def test_what_is_aside_or_registered_reaches_no_array_and_no_digest(japan, everything, bend):
    index = compile_economy(japan, load_rules()).index
    assert set(index.good) == {good.id for good in japan.goods}
    assert not {g.id for g in japan.registered} & set(
        compile_economy(everything, load_rules()).index.good
    )
    assert economy_digest(bend(japan, aside=(), registered=())) == japan.digest
    assert everything.digest != japan.digest
    assert economy_digest(set_aside(everything)) == japan.digest


def test_goods_of_both_tiers_that_run_are_sound(everything):
    verdict = check_economy(everything, on=ON)
    assert verdict.ok, verdict.lines()
    counts = verdict.goods_by_tier
    assert counts["modelled"] >= LEAST_MODELLED
    assert list(counts) == ["modelled", "illustrative", "registered"]
    assert all(counts.values())


def test_counts_are_the_same_whether_illustrative_goods_run_or_not(japan, everything):
    assert (
        check_economy(japan, on=ON).goods_by_tier == check_economy(everything, on=ON).goods_by_tier
    )


def test_foreign_lines_of_modelled_goods_cite_a_published_figure(japan):
    bare = [
        (good.id, line.origin)
        for good in japan.goods
        for line in good.supplies
        if line.origin != japan.home
        and not any(japan.sources[name].kind == "published" for name in line.sources)
    ]
    assert not bare, bare


def test_illustrative_goods_rest_on_a_named_assumption(everything):
    for good in everything.goods:
        if good.tier == "illustrative":
            uses = [use for use in everything.uses if use.good == good.id]
            cited = {name for use in uses for name in use.sources}
            assert any(everything.sources[name].kind == "assumption" for name in cited), good.id


def test_a_listed_good_says_what_is_missing_in_both_languages(japan):
    for good in japan.registered:
        assert good.missing
        assert all(gap.en and gap.ja for gap in good.missing)
        if good.imports:
            assert sum(origin.share for origin in good.imports) == pytest.approx(1), good.id


def edit(folder, change):
    path = folder / "goods" / "illustrative.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data["goods"])
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def own(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "own")
    return tmp_path / "own"


def test_an_illustrative_good_is_checked_even_while_it_stands_aside(own):
    edit(own, lambda goods: goods[0].update(parent_product="c99"))
    with pytest.raises(InputError, match="c99"):
        load_economy(own)


def test_an_id_that_stands_for_two_goods_is_refused(own):
    path = own / "goods" / "registered.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("- id: chromium", "- id: gallium", 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_economy(own)
    assert "2 goods of this id" in str(error.value)


def test_a_registered_good_with_figures_of_a_run_is_refused(own):
    edit(own, lambda goods: goods[0].update(tier="registered"))
    with pytest.raises(InputError, match="registered"):
        load_economy(own)


def test_a_modelled_good_is_not_made_from_an_illustrative_one(japan, bend):
    lpg = next(good for good in japan.aside if good.id == "lpg")
    naphtha = next(good for good in japan.goods if good.id == "naphtha")
    bent = bend(japan, goods=(naphtha.model_copy(update={"made_from": lpg.id}),))
    assert [problem.where for problem in check_tiers(bent)] == ["goods: naphtha"]


def test_the_review_tells_the_tiers_and_warns_of_illustrative_goods(japan, everything):
    (quiet,), (loud,) = tell_tiers(japan), tell_tiers(everything)
    assert f"{len(japan.aside)} illustrative, which run only when asked and did not" in quiet.en
    assert f"{len(japan.aside)} illustrative goods ran" in loud.en
    assert str(len(japan.registered)) in loud.ja


def test_what_flies_passes_no_strait(japan):
    palladium = next(good for good in japan.goods if good.id == "palladium")
    assert all(line.routes == () and line.lag_days.mode < 5 for line in palladium.supplies)
    assert isinstance(palladium.supplies[0].lag_days, Triple)


def test_asking_for_illustrative_goods_is_noted():
    from keian.cli.inputs import Named, load_asked

    with pytest.warns(KeianWarning, match="illustrative goods run too"):
        assert load_asked(Named(illustrative=True)).aside == ()
