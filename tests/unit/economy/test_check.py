"""The verdict and the checks that make an economy unfit."""

from datetime import date

import numpy as np
import pytest

from keian.core import Triple
from keian.economy import check_economy, economy_digest
from keian.economy.check import calc_spectral_radius, check_references, check_use_shares, list_newer

ON = date(2026, 11, 22)


def test_the_shipped_economy_is_sound(japan):
    verdict = check_economy(japan, on=ON)
    assert verdict.ok, verdict.lines()
    assert verdict.balance_residual < 1e-9
    assert verdict.negative_count == 0
    assert verdict.year_age == 15
    assert 0.55 < verdict.spectral_radius < 0.68
    assert set(verdict.zero_output) == set(verdict.masked)
    assert "2011" in verdict.lines()[0]


def test_the_spectral_radius_is_the_largest_eigenvalue():
    A = np.array([[0.15, 0.25, 0.1], [0.2, 0.05, 0.3], [0.0, 0.2, 0.1]])
    assert calc_spectral_radius(A) == pytest.approx(np.abs(np.linalg.eigvals(A)).max(), abs=1e-8)
    assert calc_spectral_radius(np.zeros((2, 2))) == 0


def test_an_unbalanced_table_is_unfit(japan, bend):
    x = japan.x.copy()
    x[0] *= 1.5
    verdict = check_economy(bend(japan, x=x), on=ON)
    assert not verdict.ok
    assert any("x = Z1 + Y1" in line for line in verdict.lines())


def bend_good(japan, bend, good_id, **changes):
    goods = tuple(
        good.model_copy(update=changes) if good.id == good_id else good for good in japan.goods
    )
    return bend(japan, goods=goods)


def find_good(japan, good_id):
    return next(good for good in japan.goods if good.id == good_id)


def test_shares_that_do_not_sum_to_one_are_found(japan, bend):
    lines = find_good(japan, "lng").supplies[1:]
    verdict = check_economy(bend_good(japan, bend, "lng", supplies=lines), on=ON)
    assert any("lng.supplies" in problem.where for problem in verdict.problems)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"parent_product": "c99"}, "c99"),
        ({"made_from": "coal_tar"}, "coal_tar"),
        ({"sources": ("nowhere",)}, "nowhere"),
        ({"floor_days": Triple(low=1, mode=1, high=1, sources=("gone",))}, "gone"),
    ],
)
def test_what_ends_nowhere_is_found(japan, bend, change, word):
    problems = check_references(bend_good(japan, bend, "lng", **change))
    assert [problem.found for problem in problems] == [word]


def test_a_use_at_an_unknown_unit_is_found(japan, bend):
    uses = (japan.uses[0].model_copy(update={"unit": "JPN.c88"}), *japan.uses[1:])
    assert [p.found for p in check_references(bend(japan, uses=uses))] == ["JPN.c88"]


def test_a_parent_flow_carried_more_than_once_is_found(japan, bend):
    uses = (
        *japan.uses,
        japan.uses[0].model_copy(update={"use_share": Triple(low=0, mode=0, high=0)}),
    )
    verdict = check_economy(bend(japan, uses=uses), on=ON)
    assert any("carries_parent" in problem.wanted for problem in verdict.problems)


def test_the_part_of_use_that_nobody_models_is_told(japan):
    line = next(x for x in check_economy(japan, on=ON).lines() if x.startswith("use not modelled"))
    assert line.startswith("use not modelled: petroleum_products 36% (households")
    for good in japan.goods:
        if good.tier == "modelled":
            named = sum(u.use_share.mode for u in japan.uses if u.good == good.id)
            assert named + good.uses_not_modelled_share.mode == pytest.approx(1, abs=5e-4), good.id


@pytest.mark.parametrize("share", [0.0, 0.3, 0.4])
def test_uses_that_do_not_make_up_all_use_are_found(japan, bend, share):
    rest = Triple(low=share, mode=share, high=share)
    bent = bend_good(japan, bend, "petroleum_products", uses_not_modelled_share=rest)
    (problem,) = check_use_shares(bent.goods, bent.uses)
    assert problem.where == "goods: petroleum_products"
    assert float(problem.found) == pytest.approx(0.6442 + share, abs=1e-4)
    assert problem in check_economy(bent, on=ON).problems


def test_use_that_is_not_modelled_says_whose_it_is(japan, bend):
    bent = bend_good(japan, bend, "petroleum_products", uses_not_modelled=None)
    assert [p.wanted for p in check_use_shares(bent.goods, bent.uses)] == ["who they are"]


def test_every_mineral_of_the_scheme_cites_that_its_stock_is_no_figure_of_its_own(japan):
    pools = [
        p
        for g in japan.goods
        for p in g.pools
        if p.id.startswith(f"{g.id}.") and "rare_metal" in str(p.sources)
    ]
    assert len(pools) == 2 * len({p.id.split(".")[0] for p in pools}) == 20
    for pool in pools:
        assert "a-one-stock" in pool.sources
        assert "a-one-stock" in pool.quantity_days.sources
    assert japan.sources["a-one-stock"].kind == "assumption"


def test_a_circle_of_goods_is_found(japan, bend):
    verdict = check_economy(bend_good(japan, bend, "crude_oil", made_from="naphtha"), on=ON)
    assert any(problem.found == "a circle" for problem in verdict.problems)


def test_a_modelled_good_without_a_use_is_found(japan, bend):
    uses = tuple(use for use in japan.uses if use.good != "tungsten")
    verdict = check_economy(bend(japan, uses=uses), on=ON)
    assert [problem.where for problem in verdict.problems] == ["goods: tungsten"]


def test_the_digest_sees_arrays_and_documents(japan, bend):
    assert economy_digest(japan) == japan.digest
    x = japan.x.copy()
    x[0] += 1
    assert economy_digest(bend(japan, x=x)) != japan.digest
    assert economy_digest(bend_good(japan, bend, "lng", vital=False)) != japan.digest


def test_figures_newer_than_the_review_are_named(japan):
    newer = list_newer(japan, date(2025, 6, 30))
    assert "oil_stock_national_days" in newer  # December 2025
    assert "crude_share_saudi_2023" not in newer
    assert list_newer(japan, ON) == ()
