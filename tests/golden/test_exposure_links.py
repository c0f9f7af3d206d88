"""Textbook tables through the factorised links: linkages, extraction, look-through, pass-through.

Sources: Miller and Blair, Input-Output Analysis, chapter 2 table (check case C1, tolerance 1e-3);
QuantEcon lecture-python-intro, input_output (C3, 1e-9); three-node world confirmed by enumeration
of paths (C17, 1e-5).
"""

import numpy as np
import pytest

from keian.exposure.extraction import calc_cut, calc_each_extraction, calc_extraction
from keian.exposure.world_links import (
    calc_backward,
    calc_forward,
    calc_pass_through,
    calc_reliance,
    factorise,
    solve,
    solve_transposed,
)

C17 = np.array([[0.20, 0.05, 0.10], [0.10, 0.30, 0.05], [0.05, 0.10, 0.25]])


@pytest.fixture
def blair():
    return factorise(np.array([[150.0, 500], [200, 100]]), np.array([1000.0, 2000]))


def test_output_for_a_new_final_demand(blair):
    assert solve(blair, np.array([600.0, 1500])) == pytest.approx([1247.5248, 1841.5842], abs=1e-3)


def test_backward_and_forward_linkages(blair):
    assert calc_backward(blair) == pytest.approx([1.518152, 1.452145], abs=1e-6)
    assert calc_forward(blair) == pytest.approx([1.914191, 1.254125], abs=1e-6)


@pytest.mark.parametrize(
    ("sector", "total", "others"), [(0, 1210.5263, 210.5263), (1, 2588.2353, 588.2353)]
)
def test_hypothetical_extraction(blair, sector, total, others):
    lost = calc_extraction(blair, np.array([sector]))
    assert lost.sum() == pytest.approx(total, abs=1e-3)
    assert lost[1 - sector] == pytest.approx(others, abs=1e-3)
    assert calc_each_extraction(blair, np.array([sector]))[0] == pytest.approx(total, abs=1e-3)


def test_the_lecture_s_production_frontier():
    A, d = np.array([[0.1, 40], [0.01, 0]]), np.array([50.0, 2])
    x = np.linalg.solve(np.eye(2) - A, d)
    links = factorise(A * x, x)
    assert solve(links, d) == pytest.approx([260, 4.6], abs=1e-9)
    assert solve(links, np.eye(2)) == pytest.approx(np.array([[2, 80], [0.02, 1.8]]), abs=1e-9)
    assert solve_transposed(links, np.array([4.0, 100])) == pytest.approx([10, 500], abs=1e-9)


def test_look_through_of_the_three_node_world():
    links = factorise(C17, np.ones(3))
    found = calc_reliance(links, np.arange(3), 3, np.array([0]))
    assert 1 - found.face[0, 0] == pytest.approx(0.428571, abs=1e-5)
    assert 1 - found.look_through[0, 0] == pytest.approx(0.521554, abs=1e-5)
    through = solve_transposed(links, np.eye(3)[1])[0]
    assert through == pytest.approx(0.190126, abs=1e-5)
    assert through / C17[1, 0] == pytest.approx(1.9013, abs=1e-4)


def test_pass_through_frequency_of_the_three_node_world():
    links = factorise(C17, np.ones(3))
    sets = {str(node): np.arange(3) == node for node in range(3)}
    weight, visits = calc_pass_through(links, np.eye(3)[0], sets)
    assert weight[2] == pytest.approx(0.110396, abs=1e-5)
    found = [visits[str(node)][2] for node in range(3)]
    assert found == pytest.approx([1.275682, 0.348564, 1.361546], abs=1e-5)


def test_pass_through_frequency_by_adding_up_paths_edge_by_edge():
    weight, visits = np.eye(3)[2], np.zeros((3, 3))  # by last node; visits by last node, node
    visits[2, 2] = 1.0
    total, seen = 0.0, np.zeros(3)
    for _ in range(13):  # paths of up to 12 edges
        total, seen = total + weight[0], seen + visits[0]
        visits = C17.T @ visits + np.diag(C17.T @ weight)
        weight = C17.T @ weight
    assert seen / total == pytest.approx([1.275593, 0.348374, 1.361416], abs=1e-5)


def test_a_cut_that_is_wholly_replaced_moves_output_and_keeps_the_sum_of_inputs():
    Z = C17 * 100
    x = np.full(3, 100.0)
    links = factorise(Z, x)
    lost = calc_cut(
        links, np.array([1]), np.array([0]), np.zeros(3, dtype=int), replacement_share=1.0
    )
    changed = C17.copy()
    changed[[0, 2], 0] += changed[1, 0] * changed[[0, 2], 0] / changed[[0, 2], 0].sum()
    changed[1, 0] = 0
    after = np.linalg.solve(np.eye(3) - changed, links.f)
    assert lost == pytest.approx(x - after, abs=1e-9)
    assert changed[:, 0].sum() == pytest.approx(C17[:, 0].sum())
