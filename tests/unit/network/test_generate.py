"""Synthetic networks: flows of the table, tails as asked, the same bits for the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from keian.core import InputError
from keian.crisis.firm_economy import make_industry_table
from keian.economy import load_economy
from keian.network import check_network, generate_network
from keian.network.generate import Shape
from keian.network.nouns import list_clients
from keian.network.samples import make_two_industries


@pytest.fixture(scope="module")
def japan():
    return make_industry_table(load_economy("japan"), regions=5)


def sum_flows(network):
    P = len(network.products)
    Z = np.zeros((P, P))
    pairs = (network.product[network.supplier], network.product[list_clients(network)])
    np.add.at(Z, pairs, network.value)
    return Z


def test_flows_between_industries_and_outputs_are_the_tables(japan):
    network = generate_network(japan, Shape(4000, 18_000), seed=3)
    assert sum_flows(network) == pytest.approx(japan.Z, rel=1e-9)
    made = np.bincount(network.product, network.sales)
    assert made == pytest.approx(japan.x, rel=1e-9)
    verdict = check_network(network)
    assert verdict.ok
    assert verdict.oversold_count == 0
    assert verdict.links == pytest.approx(18_000, rel=0.1)


def test_tails_follow_the_exponents(japan):
    shape = Shape(40_000, 220_000, supplier_exponent=2.3, client_exponent=2.8)
    verdict = check_network(generate_network(japan, shape, seed=1))
    assert verdict.suppliers.exponent == pytest.approx(2.3, abs=0.2)
    assert verdict.clients.exponent == pytest.approx(2.8, abs=0.3)
    assert verdict.component_share > 0.95


def test_regions_have_their_share_of_firms_and_neighbours_trade_more(japan):
    near = generate_network(japan, Shape(6000, 25_000, local_share=0.9), seed=2)
    far = generate_network(japan, Shape(6000, 25_000, local_share=0.0), seed=2)
    shares = np.bincount(near.region) / near.firm_count
    assert shares == pytest.approx(japan.shares[0], abs=0.02)
    same = [(n.region[n.supplier] == n.region[list_clients(n)]).mean() for n in (near, far)]
    assert same[0] > same[1] + 0.3


def test_the_same_seed_gives_the_same_bits(japan):
    shape = Shape(2000, 8000)
    first, again, other = (generate_network(japan, shape, seed=s).digest for s in (5, 5, 6))
    assert first == again != other


def test_a_synthetic_network_says_that_it_is_one(japan):
    network = generate_network(japan, Shape(500, 2000), seed=5)
    assumed = [source for source in network.sources if source.kind == "assumption"]
    assert {source.id for source in assumed} == {"synthetic-network", "a-regions"}
    assert "seed 5" in (assumed[-1].note or "")


def test_all_that_is_wrong_comes_together():
    table = make_two_industries()
    broken = replace(table, x=np.array([100.0, 0.0]))
    shape = Shape(4, 0, supplier_exponent=1.5, local_share=2.0)
    with pytest.raises(InputError) as caught:
        generate_network(broken, shape, seed=1)
    assert len(caught.value.problems) == 7
