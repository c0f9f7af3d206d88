"""Random numbers depend on seed, key and draw only."""

import hashlib

import numpy as np
import pytest
from scipy.stats import kstest

from keian.core import calc_uniform


def test_number_is_the_digest_of_seed_key_and_draw():
    digest = hashlib.blake2b(b"7\0closure.loss\0" + b"3", digest_size=8).digest()
    expected = int.from_bytes(digest, "big") / 2**64
    assert calc_uniform(7, "closure.loss", [3])[0] == pytest.approx(expected, abs=2**-52)


def test_one_draw_alone_equals_the_same_draw_among_others():
    together = calc_uniform(1, "a", np.arange(50))
    alone = np.concatenate([calc_uniform(1, "a", d) for d in reversed(range(50))])[::-1]
    assert together.tolist() == alone.tolist()


def test_shape_is_kept():
    draws = np.arange(6).reshape(2, 3)
    assert calc_uniform(1, "a", draws).tolist() == [
        calc_uniform(1, "a", row).tolist() for row in draws
    ]
    assert calc_uniform(1, "a", []).shape == (0,)


def test_neighbours_do_not_share_numbers():
    streams = [(1, "a", 11), (11, "a", 1), (1, "a1", 1), (1, "a", 1), (1, "b", 1), (1, "あ", 1)]
    numbers = {float(calc_uniform(seed, key, draw)[0]) for seed, key, draw in streams}
    assert len(numbers) == len(streams)


def test_numbers_are_uniform_and_unrelated_between_keys():
    draws = np.arange(2000)
    one, other = calc_uniform(5, "one", draws), calc_uniform(5, "other", draws)
    assert one.min() > 0
    assert one.max() < 1
    assert kstest(one, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
