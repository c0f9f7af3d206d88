"""Digests and random streams against another program: GNU coreutils 9.1, `sha256sum`, `b2sum -l 64`.

A change here changes the futures of every scenario and the name of every stored run. Reproduce with
`printf '7\\0hormuz-90d.closure.loss\\0000' | b2sum -l 64` (the last digit is the draw) and
`printf '{"a":"原油","b":[1,0.1,null,true]}' | sha256sum`. Exact.
"""

import pytest

from keian.core import calc_uniform, digest_bytes, digest_json

STREAMS = [
    (7, "hormuz-90d.closure.loss", 0, 0xCD24F617F40C7E5A),
    (7, "hormuz-90d.closure.loss", 1, 0x29A127BA4D81A28F),
    (7, "hormuz-90d.closure.loss", 2, 0x56B2B2694A45FB84),
    (2**31, "原油", 10**6, 0x037F9505E72C4B96),
]


@pytest.mark.parametrize(("seed", "key", "draw", "digest"), STREAMS)
def test_streams(seed, key, draw, digest):
    """The highest 52 bits, in the middle of their step."""
    assert calc_uniform(seed, key, [draw])[0] == ((digest >> 12) + 0.5) / 2**52


def test_canonical_json():
    digest = "63a9f446694120c92400aed5ec9436e28c2ffe73af1593c347ab17ad15767ff7"
    assert digest_json({"b": (1.0, 0.1, None, True), "a": "原油"}) == digest


def test_sha256_of_fips_180():
    """FIPS 180-4, example of the one-block message `abc`."""
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_bytes(b"abc") == digest
