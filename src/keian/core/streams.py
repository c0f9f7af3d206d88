"""Random numbers without state: the same (seed, key, draw) gives the same number everywhere."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

DIGEST_BYTES = 8
# 52 bits and a half step keep every number inside (0, 1) and exact in double precision.
DROPPED_BITS = 12
STEPS = 2.0**52
HALF_STEP = 0.5


def draw_uniform(seed: int, key: str, draw: int) -> float:
    """Calculate one number of `calc_uniform`, without the cost of an array.

    Examples
    --------
    >>> draw_uniform(7, "loss", 3) == float(calc_uniform(7, "loss", [3])[0])
    True
    """
    digest = hashlib.blake2b(f"{seed}\0{key}\0{draw}".encode(), digest_size=DIGEST_BYTES).digest()
    return ((int.from_bytes(digest, "big") >> DROPPED_BITS) + HALF_STEP) / STEPS


def calc_uniform(seed: int, key: str, draws: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Calculate uniform random numbers keyed by seed, uncertainty and draw.

    The key never holds a digest, a portfolio or a horizon, so that the same futures meet every
    portfolio. The caller handles the mode run (draw -1).

    Parameters
    ----------
    seed : seed of the scenario.
    key : name of the stream.
    draws : (k,) int, numbers of the draws.

    Returns
    -------
    (k,) float
        Above 0 and below 1.

    Examples
    --------
    >>> one = calc_uniform(7, "loss", [3])
    >>> bool(one[0] == calc_uniform(7, "loss", [1, 2, 3])[2])
    True
    """
    numbers = np.atleast_1d(np.asarray(draws, dtype=np.int64))
    start = hashlib.blake2b(f"{seed}\0{key}\0".encode(), digest_size=DIGEST_BYTES)
    values = np.empty(numbers.size, dtype=np.float64)
    for place, draw in enumerate(numbers.ravel().tolist()):
        stream = start.copy()
        stream.update(str(draw).encode())
        bits = int.from_bytes(stream.digest(), "big") >> DROPPED_BITS
        values[place] = (bits + HALF_STEP) / STEPS
    return values.reshape(numbers.shape)
