"""The fast cascade equals its slow twin on random networks, whatever the number of threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from keian.core import InputError
from keian.exposure.systemic_risk import calc_esri
from tests import naive_exposure as naive

SECTORS = 3
TOLERANCE = 1e-10


def draw(seed, n):
    rng = np.random.default_rng(seed)
    W = np.where(rng.random((n, n)) < 0.25, rng.lognormal(0, 1, (n, n)), 0.0)
    np.fill_diagonal(W, 0.0)
    sector = rng.integers(0, SECTORS, n)
    essential = rng.choice([0, 1, 1, 2], (SECTORS, SECTORS))
    revenue = W.sum(axis=1) * rng.uniform(1.2, 3.0, n) + 0.5
    return W, sector, essential, revenue


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), n=st.integers(2, 12), replaced=st.booleans(),
    epsilon=st.sampled_from([1e-2, 1e-6, 1e-10]),
)  # fmt: skip
def test_the_cascade_is_its_twin(seed, n, replaced, epsilon):
    W, sector, essential, revenue = draw(seed, n)
    market = sector if replaced else None
    found = calc_esri(
        sparse.csr_array(W), sector, essential, revenue=revenue, market=market, epsilon=epsilon
    )
    wanted = naive.rank_risk(
        W.tolist(), sector.tolist(), essential.tolist(), revenue.tolist(),
        revenue=revenue.tolist(), market=None if market is None else market.tolist(),
        epsilon=epsilon,
    )  # fmt: skip
    for mine, twin in zip((found.downstream, found.upstream, found.both), wanted, strict=True):
        assert mine == pytest.approx(twin, abs=TOLERANCE)


def test_threads_change_no_bit():
    W, sector, essential, revenue = draw(5, 300)
    runs = [
        calc_esri(W, sector, essential, revenue=revenue, market=sector, epsilon=1e-6, threads=t)
        for t in (1, 2, 3, 7)
    ]
    for run in runs[1:]:
        for name in ("downstream", "upstream", "both"):
            assert np.array_equal(getattr(run, name), getattr(runs[0], name))


def test_a_read_only_network_is_taken_and_left_as_it_was():
    W, sector, essential, revenue = draw(3, 30)
    links = sparse.csc_array(W)
    links.data[0] = 0.0
    for array in (links.data, links.indices, links.indptr):
        array.flags.writeable = False
    found = calc_esri(links, sector, essential, revenue=revenue)
    again = calc_esri(links.toarray(), sector, essential, revenue=revenue)
    assert np.array_equal(found.both, again.both)
    assert links.nnz == np.count_nonzero(W)


def test_every_problem_is_told_at_once():
    W = np.array([[1.0, -2.0], [np.nan, 0.0]])
    with pytest.raises(InputError) as caught:
        calc_esri(
            W, np.array([0, 7]), np.array([[3]]), revenue=np.ones(3), weights=-np.ones(2),
            epsilon=-1.0,
        )  # fmt: skip
    assert [problem.where for problem in caught.value.problems] == [
        "W", "W", "essential", "sector", "revenue", "weights", "epsilon",
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        calc_esri(np.ones((2, 3)), np.zeros(2, int), np.ones((1, 2)))
    assert [problem.where for problem in caught.value.problems] == ["W", "essential"]
    sold = np.array([[0.0, 2.0], [0.0, 0.0]])
    with pytest.raises(InputError, match="more to firms than their revenue"):
        calc_esri(sold, np.zeros(2, int), np.ones((1, 1)), revenue=np.ones(2))
