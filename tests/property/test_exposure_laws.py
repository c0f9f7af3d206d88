"""Laws of concentration, criteria, links and networks on small random worlds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keian.exposure.centrality import calc_betweenness, calc_delivery_losses, observe_delivery
from keian.exposure.concentration import calc_concentration
from keian.exposure.criteria import calc_lasting, calc_margin, judge, load_criteria
from keian.exposure.extraction import calc_each_extraction, calc_extraction
from keian.exposure.ranks import calc_ranks, draw_weights
from keian.exposure.riskiness import calc_clustering
from keian.exposure.world_links import calc_backward, calc_reliance, factorise, solve
from tests.naive_exposure import cluster, concentrate, measure_betweenness

AMOUNTS = st.lists(st.floats(0.001, 1e6), min_size=2, max_size=8)
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 5)),
    st.one_of(st.floats(0, 1e6), st.just(math.nan)),
    max_size=20,
)


def calc_one(amounts):
    zeros = np.zeros(len(amounts), dtype=int)
    return calc_concentration(zeros, np.arange(len(amounts)), np.array(amounts, dtype=float), 1)


@given(ROWS)
def test_concentration_is_that_of_plain_loops(rows):
    lines = [(cell, partner, amount) for (cell, partner), amount in rows.items()]
    cell, partner, amount = (np.array(column) for column in zip(*lines, strict=True)) if lines else (
        np.array([], dtype=int), np.array([], dtype=int), np.array([]),
    )  # fmt: skip
    found = calc_concentration(cell, partner, amount.astype(float), 4)
    expected = concentrate(lines)
    for at in range(4):
        if at not in expected:
            assert math.isnan(found.hhi[at])
            assert found.top[at] == -1
            assert found.count[at] == 0
            continue
        total, hhi, top, share, count = expected[at]
        assert found.total[at] == pytest.approx(total)
        assert found.hhi[at] == pytest.approx(hhi)
        assert found.top_share[at] == pytest.approx(share)
        assert found.count[at] == count
        if np.sum(np.isclose(amount[cell == at], share * total)) == 1:
            assert found.top[at] == top


@given(AMOUNTS)
def test_a_concentration_of_half_means_a_majority_supplier(amounts):
    found = calc_one(amounts)
    assert found.hhi[0] <= found.top_share[0] + 1e-12
    assert 1 / found.count[0] - 1e-12 <= found.hhi[0] <= 1 + 1e-12


@given(AMOUNTS)
def test_merging_two_suppliers_never_lowers_the_concentration(amounts):
    merged = [amounts[0] + amounts[1], *amounts[2:]]
    assert calc_one(merged).hhi[0] >= calc_one(amounts).hhi[0] - 1e-12


@given(AMOUNTS, st.floats(0.001, 1e3))
def test_the_unit_does_not_matter(amounts, factor):
    scaled = calc_one([amount * factor for amount in amounts])
    assert scaled.hhi[0] == pytest.approx(calc_one(amounts).hhi[0])


SEEN = st.sampled_from([0.0, 1.0, math.nan])


@given(st.lists(SEEN, min_size=1, max_size=3))
def test_lasting_holds_however_the_unknown_years_turn_out(years):
    met = np.array(years)[:, None]
    found = calc_lasting(met, 3, 2)[0]
    filled = [math.nan] * (3 - len(years)) + years
    known = [year for year in filled if not math.isnan(year)]
    if len(known) < 2:
        assert math.isnan(found)
        return
    sums = {sum(known) + extra for extra in range(4 - len(known))}
    verdicts = {float(total >= 2) for total in sums}
    assert ({found} == verdicts) if len(verdicts) == 1 else math.isnan(found)


@given(st.dictionaries(
    st.sampled_from(["import_hhi", "world_export_hhi", "import_export_ratio"]),
    st.one_of(st.floats(0, 3), st.just(math.nan)), min_size=3, max_size=3,
))  # fmt: skip
def test_the_margin_has_the_sign_of_the_verdict(values):
    geodep = next(c for c in load_criteria().criteria if c.id == "geodep")
    measures = {name: np.array([value]) for name, value in values.items()}
    met, margin = judge(geodep, measures)[0], calc_margin(geodep, measures)[0]
    limits = {t.measure: t.limit for t in geodep.tests}
    known = {name: value for name, value in values.items() if not math.isnan(value)}
    if any(value <= limits[name] for name, value in known.items()):
        assert met == 0
        assert margin <= 0
    elif len(known) < 3:
        assert math.isnan(met)
        assert math.isnan(margin)
    else:
        assert met == 1
        assert margin > 0


def draw_table(seed, n=6):
    rng = np.random.default_rng(seed)
    Z = rng.exponential(1, (n, n)) * (rng.random((n, n)) < 0.7)
    return Z, Z.sum(axis=1) + Z.sum(axis=0) + rng.exponential(1, n)


@given(st.integers(0, 200))
def test_links_are_those_of_the_plain_inverse(seed):
    Z, x = draw_table(seed)
    A = Z / x
    L = np.linalg.inv(np.eye(6) - A)
    links = factorise(Z, x)
    assert solve(links, links.f) == pytest.approx(x)
    assert calc_backward(links) == pytest.approx(L.sum(axis=0))
    origin = np.array([0, 0, 1, 1, 2, 2])
    found = calc_reliance(links, origin, 3, np.array([1, 4]))
    through = np.stack([(L - np.eye(6))[origin == r].sum(axis=0) for r in range(3)])
    assert found.look_through == pytest.approx((through / through.sum(axis=0))[:, [1, 4]])
    assert found.look_through.sum(axis=0) == pytest.approx(1)


@given(st.integers(0, 200))
def test_extraction_is_that_of_the_smaller_table(seed):
    Z, x = draw_table(seed)
    links = factorise(Z, x)
    rest = np.array([0, 1, 4, 5])
    A = (Z / x)[np.ix_(rest, rest)]
    left = np.linalg.solve(np.eye(4) - A, links.f[rest])
    lost = calc_extraction(links, np.array([2, 3]))
    assert lost[[2, 3]] == pytest.approx(x[[2, 3]])
    assert lost[rest] == pytest.approx(x[rest] - left)
    one = calc_extraction(links, np.array([2])).sum()
    assert calc_each_extraction(links, np.array([2, 3]))[0] == pytest.approx(one)


def test_a_sparse_table_gives_what_a_dense_one_does():
    rng = np.random.default_rng(1)
    Z = rng.exponential(1, (80, 80)) * (rng.random((80, 80)) < 0.03)
    x = Z.sum(axis=1) + Z.sum(axis=0) + 1
    sparse_links = factorise(Z, x)
    assert sparse_links.is_sparse
    L = np.linalg.inv(np.eye(80) - Z / x)
    assert calc_backward(sparse_links) == pytest.approx(L.sum(axis=0))
    assert calc_extraction(sparse_links, np.array([3])).sum() == pytest.approx(
        L.sum(axis=0)[3] / L[3, 3] * x[3]
    )


@given(st.integers(0, 100))
def test_network_measures_are_those_of_plain_loops(seed):
    rng = np.random.default_rng(seed)
    W = rng.random((5, 5)) * (rng.random((5, 5)) < 0.6)
    np.fill_diagonal(W, 0)
    assert calc_clustering(W) == pytest.approx(cluster(W.tolist()))
    assert calc_betweenness(W) == pytest.approx(measure_betweenness(W.tolist()))


@given(st.integers(0, 100))
def test_losing_more_nodes_never_delivers_more(seed):
    rng = np.random.default_rng(seed)
    W = rng.random((6, 6)) * (rng.random((6, 6)) < 0.6)
    np.fill_diagonal(W, 0)
    delivery = observe_delivery(W, 5)
    cuts = [np.array([0]), np.array([1]), np.array([0, 1]), np.arange(5)]
    losses = calc_delivery_losses(delivery, cuts)
    if np.isnan(losses).any():
        assert W[:5, 5].sum() == 0 or delivery.own.sum() == 0 or np.isnan(losses).all()
        return
    assert losses[2] >= max(losses[:2]) - 1e-6
    assert losses[3] == pytest.approx(1)


def test_a_hub_has_nothing_to_pass_on_when_the_origin_is_gone():
    W = np.array([[0.0, 8, 2, 0], [0, 0, 8, 0], [0, 0, 0, 0], [0, 0, 5, 0]])
    losses = calc_delivery_losses(observe_delivery(W, 2), [np.array([0]), np.array([1])])
    assert losses == pytest.approx([10 / 15, 8 / 15], abs=1e-6)


@given(st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=8))
def test_ranks_of_known_scores_sum_as_they_must(scores):
    ranks = calc_ranks(np.array(scores, dtype=float))
    known = [rank for rank in ranks.tolist() if not math.isnan(rank)]
    assert len(known) == sum(not math.isnan(score) for score in scores)
    assert sum(known) == pytest.approx(len(known) * (len(known) + 1) / 2)


def test_weights_of_components_are_spread_over_the_simplex():
    weights = draw_weights(4, 2000)
    assert weights.sum(axis=1) == pytest.approx(np.ones(2000))
    assert weights.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.02)
    assert weights.std(axis=0) == pytest.approx(np.full(4, math.sqrt(3 / 80)), abs=0.02)
